"""The facts of a result: what every live field stands for.

Pure. Labels here are also the names of tokens, so a figure is cited by writing its label in braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from assessments.labels import cell_label
from assessments.levels import Level
from assessments.patterns import highest, lowest, steps_to_next_level, strengths, weaknesses
from assessments.scoring import Figure, Kind, Result, direction
from ita_portal.thai import format_change, format_score

from .tokens import Facts


def label_of(figure: Figure) -> str:
    """Return how a figure is named, Arabic digits: ตัวชี้วัดที่ 7, ตัวชี้วัดย่อยที่ 9.1, e9 ส่วนที่ 2, EIT, คะแนนรวม."""
    return cell_label(figure.kind, figure.key)


def listed(names: Iterable[str]) -> str:
    """Join names as Thai does: "ก", "ก และข", "ก, ข และค"; empty where there are none."""
    *rest, last = [name for name in names if name] or [""]
    if not rest:
        return last
    # A blank keeps codes and names in Latin letters or with numbers from running into the word.
    return f"{', '.join(rest)} และ{'' if _thai_start(last) else ' '}{last}"


def _thai_start(text: str) -> bool:
    return "ก" <= text.lstrip("{")[:1] <= "๛"


def points(value: Decimal) -> str:
    """Return points without needless decimals: 85, 87.50."""
    return str(value.to_integral_value()) if value == value.to_integral_value() else format_score(value)


def facts_of(
    result: Result,
    *,
    organisation: str,
    be_year: int,
    topics: Sequence[tuple[int, str, Sequence[str]]] = (),
    level: Level | None = None,
) -> Facts:
    """Return the values of every token.

    organisation: its full name; be_year: the measured year (B.E.); topics: (number, name, codes of items);
    level: on the scale that the document prints, the result's own where None.
    """
    values: dict[str, str | None] = {
        "หน่วยงาน": _plain(organisation),
        "ปีที่ประเมิน": str(be_year),
        "ปีก่อน": str(be_year - 1),
        "ปีมาตรการ": str(be_year + 1),
        "เกณฑ์": points(result.threshold),
        "จำนวนประเด็น": str(len(topics)) if topics else None,
    }
    for figure in result.figures.values():
        values.update(_figure_facts(figure))
    for tool in result.tools:
        values.update(_tool_facts(tool))
    for number, name, codes in topics:
        values.update(_topic_facts(result, f"ประเด็นที่ {number}", name, codes))
    for figure in result.indicators:
        rank = result.rank(figure)
        values[f"{label_of(figure)}:อันดับ"] = None if rank is None else str(rank)
    values.update(_level_facts(result, level or result.level))
    values.update(_list_facts(result))
    values["ทิศทาง"] = values.get("คะแนนรวม:ทิศทาง")
    return Facts({token: value for token, value in values.items() if value})


def full_hundreds(facts: Facts) -> Facts:
    """Return the facts with every score of 100 written as 100.00, for papers that print it so."""

    def written(token: str, value: str) -> str:
        counts = "จำนวน" in token or token == "เกณฑ์" or token.endswith((":น้ำหนัก", ":อันดับ"))
        if value == "100":
            return value if counts else "100.00"
        return re.sub(r"(?<=[( ])100(?= คะแนน\))", "100.00", value)

    return Facts({token: written(token, value) for token, value in facts.items()})


def _plain(text: str) -> str:
    return " ".join(text.split())


def _figure_facts(figure: Figure) -> dict[str, str | None]:
    label, value, change = label_of(figure), figure.value, figure.change
    score = None if value is None else format_score(value)
    facts = {
        label: score,
        f"{label}:คะแนน": score,
        f"{label}:ชื่อ": _plain(figure.title) or None,
        f"{label}:รหัส": label,
        f"{label}:ปีก่อน": None if figure.previous is None else format_score(figure.previous),
        f"{label}:ขาด": None if value is None else format_score(figure.gap or Decimal(0)),
    }
    if change is not None:
        facts[f"{label}:เปลี่ยน"] = format_change(change)
        facts[f"{label}:ต่าง"] = format_score(abs(change))
        facts[f"{label}:ทิศทาง"] = direction(change)
    return facts


def known_questions(figures: Iterable[Figure]) -> list[Figure]:
    """Return the questions of which at least one score is known."""
    return [f for f in figures if f.kind is Kind.QUESTION and any(c.value is not None for c in f.cells)]


def weak_questions(figures: Iterable[Figure]) -> list[Figure]:
    """Return the questions with a flagged score."""
    return [f for f in figures if f.kind is Kind.QUESTION and any(c.flagged for c in f.cells)]


def _counts(label: str, questions: list[Figure]) -> dict[str, str | None]:
    known = known_questions(questions)
    return {
        f"{label}:จำนวนข้อ": str(len(known)) if known else None,
        f"{label}:จำนวนข้อที่ต่ำกว่าเกณฑ์": str(len(weak_questions(known))) if known else None,
    }


def _tool_facts(tool: Figure) -> dict[str, str | None]:
    label = label_of(tool)
    known = [f for f in tool.children if f.value is not None]
    best, worst = highest(known), lowest(known)
    facts: dict[str, str | None] = {
        f"{label}:น้ำหนัก": points(tool.share * 100),
        f"{label}:จำนวนตัวชี้วัด": str(len(tool.children)) if tool.children else None,
    }
    if known:
        facts |= {
            f"{label}:ตัวชี้วัดสูงสุด": listed(map(_named, best)),
            f"{label}:ตัวชี้วัดต่ำสุด": listed(map(_named, worst)),
            f"{label}:คะแนนสูงสุด": _score(best[0]),
            f"{label}:คะแนนต่ำสุด": _score(worst[0]),
            f"{label}:จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์": str(sum(f.flagged for f in known)),
        }
    return facts | _counts(label, [f for f in tool.walk() if f.part == 0])


def _topic_facts(result: Result, label: str, name: str, codes: Sequence[str]) -> dict[str, str | None]:
    found = [f for code in codes if (f := result.figures.get((code, 0)))]
    return {f"{label}:ชื่อ": _plain(name), f"{label}:รหัส": label, **_counts(label, found)}


def _named(figure: Figure) -> str:
    return _plain(f"{label_of(figure)} {figure.title}")


def _score(figure: Figure) -> str | None:
    return None if figure.value is None else format_score(figure.value)


def _scored(figure: Figure) -> str:
    return f"{_named(figure)} ({_score(figure)} คะแนน)"


def _list_facts(result: Result) -> dict[str, str | None]:
    known = result.ranking
    strong, weak = strengths(result), weaknesses(result)
    compared = [f for f in result.indicators if f.change is not None]
    up = [f for f in compared if f.change is not None and f.change > 0]
    down = [f for f in compared if f.change is not None and f.change < 0]
    facts: dict[str, str | None] = {
        "จำนวนตัวชี้วัดทั้งหมด": str(len(result.indicators)),
        "ตัวชี้วัดที่ไม่มีคะแนน": listed(_named(f) for f in result.indicators if f.value is None),
        "ตัวชี้วัดที่ผ่านเกณฑ์": listed(map(_scored, strong)),
        "ตัวชี้วัดที่ต่ำกว่าเกณฑ์": listed(map(_scored, weak)),
        "ตัวชี้วัดที่เพิ่มขึ้น": listed(map(_moved, up)),
        "ตัวชี้วัดที่ลดลง": listed(map(_moved, down)),
    }
    if known:
        best, worst = highest(known), lowest(known)
        facts |= {
            "จำนวนตัวชี้วัด": str(len(known)),
            "จำนวนตัวชี้วัดที่ผ่านเกณฑ์": str(len(strong)),
            "จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์": str(len(weak)),
            "ตัวชี้วัดสูงสุด": listed(map(_named, best)),
            "ตัวชี้วัดสูงสุด:คะแนน": _score(best[0]),
            "ตัวชี้วัดต่ำสุด": listed(map(_named, worst)),
            "ตัวชี้วัดต่ำสุด:คะแนน": _score(worst[0]),
        }
    if compared:
        facts |= {
            "จำนวนตัวชี้วัดที่เพิ่มขึ้น": str(len(up)),
            "จำนวนตัวชี้วัดที่ลดลง": str(len(down)),
            "จำนวนตัวชี้วัดที่คงเดิม": str(len(compared) - len(up) - len(down)),
        }
    questions = known_questions(result.questions)
    if questions:
        low = weak_questions(questions)
        facts |= {
            "จำนวนข้อที่ต่ำกว่าเกณฑ์": str(len(low)),
            "ข้อที่ต่ำกว่าเกณฑ์": listed(
                f"{label_of(c)} ({_score(c)} คะแนน)" for f in low for c in f.cells if c.flagged
            ),
        }
    return facts


def _moved(figure: Figure) -> str:
    return f"{_named(figure)} ({format_change(figure.change or Decimal(0))})"


def _level_facts(result: Result, level: Level | None) -> dict[str, str | None]:
    if level is None:
        return {}
    ahead = steps_to_next_level(result)
    if ahead is None or result.level is None or level.names != result.level.names:
        return {"ระดับ": level.name, "เหตุผลของระดับ": reason_of(level)}
    lacking = [f"คะแนน {name} อีก {format_score(gap)} คะแนน" for name, gap in ahead.lacking]
    if ahead.total_gap > 0:
        lacking.insert(0, f"คะแนนรวมอีก {format_score(ahead.total_gap)} คะแนน")
    least, each = next((total, each) for name, total, each in result.scale.steps if name == ahead.name)
    return {
        "ระดับ": level.name,
        "เหตุผลของระดับ": reason_of(level, total=least if ahead.total_gap > 0 else None, each=each),
        "ระดับถัดไป": ahead.name,
        "สิ่งที่ขาดสู่ระดับถัดไป": listed(lacking),
    }


def reason_of(level: Level, *, total: Decimal | None = None, each: Decimal | None = None) -> str:
    """Return a level's reason as a clause: "เนื่องจาก EIT ส่วนที่ 2 ได้ 84.38 คะแนน ซึ่งต่ำกว่า 85 คะแนน".

    total, each: what the level above asks of the total and of every component, where that is not reached.
    """
    _, _, why = level.reason.partition("เพราะ")
    clauses = [re.sub(r" = ([0-9.]+)$", r" ได้ \1 คะแนน", part) for part in why.strip().split(", ")]
    reason = listed(re.sub(r"ต่ำกว่า ([0-9.]+)$", r"ต่ำกว่า \1 คะแนน", clause) for clause in clauses)
    below = ""
    if each is not None and " = " in why:
        below = f" ซึ่งต่ำกว่า {points(each)} คะแนน"
    elif total is not None and "ไม่ต่ำกว่า" in why:
        below = f" แต่ยังไม่ถึง {points(total)} คะแนน"
    return f"เนื่องจาก{'' if _thai_start(reason) else ' '}{reason}{below}"
