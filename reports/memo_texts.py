"""Ready texts of a memo that carries papers to the head, by purpose and year; and the form of its number. Pure.

Texts have Arabic digits, which print turns. A person may change every one of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ita_portal.thai import long_date, to_arabic

MEASURES = "มาตรการส่งเสริมคุณธรรมและความโปร่งใส"
ASSESSMENT = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
DISCLOSURE = "แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT)"
LAW = "พระราชบัญญัติประกอบรัฐธรรมนูญว่าด้วยการป้องกันและปราบปรามการทุจริต พ.ศ. 2561"

# Papers by their kinds, in the order in which a memo names them.
PROPOSALS = ("plan", "analysis")
REPORTS = {"half-year": "รอบ 6 เดือน", "full-year": "รอบ 12 เดือน"}

# Ready phrases of an opinion, by the decision that it goes with.
PHRASES: dict[str, tuple[str, ...]] = {
    "forward": (
        "เห็นชอบ",
        "เห็นควรดำเนินการตามเสนอ",
        "เพื่อโปรดพิจารณา",
        "เพื่อโปรดพิจารณาอนุมัติ",
        "ตรวจสอบแล้ว ถูกต้องครบถ้วน เห็นควรอนุมัติ",
        "เพื่อโปรดทราบ",
    ),
    "acknowledge": (
        "ทราบ",
        "ทราบ ดำเนินการต่อไปได้",
        "ทราบ ให้ส่วนงานที่เกี่ยวข้องถือปฏิบัติ",
        "ทราบ ให้เผยแพร่ต่อสาธารณะ",
    ),
    "approve": (
        "อนุมัติ",
        "อนุมัติ ดำเนินการตามเสนอ",
        "อนุมัติ ให้ทุกส่วนงานถือปฏิบัติและรายงานผลตามกำหนด",
        "อนุมัติ ให้เผยแพร่บนเว็บไซต์ของหน่วยงาน",
    ),
    "return": (
        "โปรดแก้ไขตามที่ระบุ แล้วเสนออีกครั้ง",
        "โปรดตรวจสอบคะแนนให้ตรงกับผลที่ประกาศ แล้วเสนออีกครั้ง",
        "โปรดเพิ่มมาตรการให้ครอบคลุมทุกรายการที่ต่ำกว่าเกณฑ์ แล้วเสนออีกครั้ง",
        "โปรดทบทวนผู้รับผิดชอบและระยะเวลาดำเนินการ แล้วเสนออีกครั้ง",
    ),
}


@dataclass(frozen=True)
class MemoFacts:
    """What a memo's ready text tells of.

    organisation: its full name; head: title of the head; be_year: the plan's year N; measured_year: the year of
    the scores; papers: kinds of what is attached ("plan", "analysis", "half-year", "full-year"); plan_item: the item
    of the instrument of N that asks for the plan ("o34"), report_item: the item that asks for the result report, each
    "" where unknown; total ("94.16") and level: of the measured year, "" where unknown; due: the last day to publish.
    """

    organisation: str
    head: str
    be_year: int
    measured_year: int
    papers: tuple[str, ...]
    plan_item: str
    report_item: str
    total: str
    level: str
    weak_count: int
    measure_count: int
    due: date


@dataclass(frozen=True)
class MemoDraft:
    """The ready texts of a memo's fields; paragraphs are separated by line breaks."""

    subject: str
    addressee: str
    background: str
    facts: str
    rules: str
    proposal: str
    closing: str


def ready_text(facts: MemoFacts) -> MemoDraft:
    """Return the ready texts of a memo that carries the papers of `facts`.

    It asks for approval of a plan or an analysis, and brings result reports to knowledge. Raises ValueError where
    there is no paper, or one of an unknown kind.
    """
    if not facts.papers or not set(facts.papers) <= {*PROPOSALS, *REPORTS}:
        raise ValueError(f"no memo carries {facts.papers}")
    proposed, reported = _proposed(facts), _reported(facts)
    return MemoDraft(
        subject=_subject(facts),
        addressee=facts.head,
        background=_paragraphs(_measured(facts) if proposed else "", _running(facts) if reported else ""),
        facts=_paragraphs(_analysed(facts) if proposed else "", _gathered(facts) if reported else ""),
        rules=_numbered(_rules(facts)),
        proposal=_proposal(facts),
        closing="จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ" if proposed else "จึงเรียนมาเพื่อโปรดทราบ",
    )


def revision_background(*, reference: str, dated_on: str, reason: str, background: str) -> str:
    """Return the background of a memo that corrects an approved one: which one, why, and what that one said.

    dated_on: the day of the approved memo in words ("29 มีนาคม 2567").
    """
    former = f"ตามบันทึกข้อความ ที่ {reference} ลงวันที่ {dated_on} ซึ่งได้รับอนุมัติแล้ว นั้น"
    return _paragraphs(f"{former} ขอเสนอฉบับแก้ไข โดยมีเหตุผลดังนี้ {reason}", background)


REVISED = re.compile(r" \(ฉบับแก้ไขครั้งที่ [0-9]+\)$")


def revision_subject(subject: str, revision: int) -> str:
    """Return the subject of a memo that corrects an approved one for the `revision`th time."""
    return f"{REVISED.sub('', subject)} (ฉบับแก้ไขครั้งที่ {revision})"


# --- pieces ---------------------------------------------------------------------------------------------------


def _paragraphs(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _numbered(lines: Iterable[str]) -> str:
    found = [line for line in lines if line]
    return "\n".join(f"{n}. {line}" for n, line in enumerate(found, start=1)) if len(found) > 1 else found[0]


def _fiscal(be_year: int) -> str:
    return f"ประจำปีงบประมาณ พ.ศ. {be_year}"


def _proposed(facts: MemoFacts) -> str:
    """The papers to be approved, by name; "" where there are none."""
    names = {
        "plan": f"{MEASURES} {_fiscal(facts.be_year)}",
        "analysis": f"รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส {_fiscal(facts.measured_year)}",
    }
    return " และ".join(names[kind] for kind in PROPOSALS if kind in facts.papers)


def _rounds(facts: MemoFacts) -> str:
    return " และ".join(name for kind, name in REPORTS.items() if kind in facts.papers)


def _reported(facts: MemoFacts) -> str:
    """The result reports, by name; "" where there are none."""
    rounds = _rounds(facts)
    return f"รายงานผลการดำเนินการตาม{MEASURES} {_fiscal(facts.be_year)} ({rounds})" if rounds else ""


def _subject(facts: MemoFacts) -> str:
    proposed, reported = _proposed(facts), _reported(facts)
    if not proposed:
        return reported
    return f"ขออนุมัติ{proposed}" + (f" และ{reported}" if reported else "")


# --- เรื่องเดิม --------------------------------------------------------------------------------------------------


def _measured(facts: MemoFacts) -> str:
    reached = [
        f"ได้คะแนนรวม {facts.total} คะแนน" if facts.total else "",
        f"มีผลการประเมินอยู่ในระดับ {facts.level}" if facts.level else "",
    ]
    said = " และ".join(part for part in reached if part)
    result = f" โดย{facts.organisation} {said}" if said else ""
    use = (
        f"ใช้ผลดังกล่าวกำหนด{MEASURES} {_fiscal(facts.be_year)}"
        if "plan" in facts.papers
        else "วิเคราะห์ผลดังกล่าวเพื่อใช้ปรับปรุงการดำเนินงาน"
    )
    return (
        f"สำนักงาน ป.ป.ช. ได้ประกาศผล{ASSESSMENT} {_fiscal(facts.measured_year)} แล้ว{result} "
        f"หน่วยงานที่เข้ารับการประเมินต้อง{use} และเผยแพร่บนเว็บไซต์ของหน่วยงาน ภายในวันที่ {long_date(facts.due)}"
    )


def _running(facts: MemoFacts) -> str:
    count = f" จำนวน {facts.measure_count} มาตรการ" if facts.measure_count else ""
    return (
        f"{facts.organisation} ได้กำหนด{MEASURES} {_fiscal(facts.be_year)}{count} "
        "และให้ส่วนงานที่รับผิดชอบติดตามและรายงานผลการดำเนินการเป็นรอบ"
    )


# --- ข้อเท็จจริง --------------------------------------------------------------------------------------------------


def _analysed(facts: MemoFacts) -> str:
    weak = (
        f"พบรายการที่ได้คะแนนต่ำกว่าเกณฑ์ {facts.weak_count} รายการ"
        if facts.weak_count
        else "ไม่พบรายการที่ได้คะแนนต่ำกว่าเกณฑ์"
    )
    analysed = f"{facts.organisation} ได้วิเคราะห์ผลการประเมินปีงบประมาณ พ.ศ. {facts.measured_year} แล้ว {weak}"
    if "plan" in facts.papers and facts.measure_count:
        analysed += (
            f" และได้กำหนดมาตรการสำหรับปีงบประมาณ พ.ศ. {facts.be_year} รวม {facts.measure_count} มาตรการ "
            "พร้อมขั้นตอน ผู้รับผิดชอบ และระยะเวลาดำเนินการ"
        )
    return f"{analysed}\nบัดนี้ ได้จัดทำ{_proposed(facts)} เสร็จเรียบร้อยแล้ว รายละเอียดตามเอกสารแนบ"


def _gathered(facts: MemoFacts) -> str:
    last = "กันยายน" if "full-year" in facts.papers else "มีนาคม"
    return (
        f"ส่วนงานที่รับผิดชอบได้รายงานผลการดำเนินการตามมาตรการ ระหว่างเดือนตุลาคม {facts.be_year - 1} "
        f"ถึงเดือน{last} {facts.be_year} แล้ว "
        f"และได้รวบรวมเป็น{_reported(facts)} รายละเอียดตามเอกสารแนบ"
    )


# --- ระเบียบ/ข้อกฎหมาย -------------------------------------------------------------------------------------------


def _rules(facts: MemoFacts) -> list[str]:
    """The law, and the items that ask for the papers; of an unknown item the instrument alone is named."""
    rules = [LAW]
    if _proposed(facts):
        item = f" ข้อ {facts.plan_item}" if facts.plan_item else ""
        rules.append(
            f"{DISCLOSURE}{item} ของ{ASSESSMENT} {_fiscal(facts.be_year)} "
            "ซึ่งให้หน่วยงานเผยแพร่การวิเคราะห์ผลการประเมินของปีที่ผ่านมาและมาตรการที่กำหนดจากผลนั้น"
        )
    if _reported(facts):
        # Which year's assessment asks for a report has changed over the years: the item alone is named.
        item = f" ข้อ {facts.report_item}" if facts.report_item else ""
        rules.append(f"{DISCLOSURE}{item} ของ{ASSESSMENT} ซึ่งให้หน่วยงานเผยแพร่ผลการดำเนินการตามมาตรการ")
    return rules


# --- ข้อพิจารณา/ข้อเสนอแนะ ----------------------------------------------------------------------------------------


def _proposal(facts: MemoFacts) -> str:
    proposed, reported = _proposed(facts), _reported(facts)
    site = f"เว็บไซต์ของ{facts.organisation}"
    if not proposed:
        return f"เห็นควรรายงานผลการดำเนินการให้{facts.head or 'ผู้บริหาร'}ทราบ และเผยแพร่รายงานบน{site} เพื่อให้ประชาชนตรวจสอบได้"
    asked = [f"อนุมัติ{proposed}"]
    if reported:
        asked.append(f"รับทราบ{reported}")
    if "plan" in facts.papers:
        asked.append("มอบหมายส่วนงานที่รับผิดชอบดำเนินการตามมาตรการ และรายงานผลตามรอบที่กำหนด")
    asked.append(f"ให้เผยแพร่เอกสารบน{site} ภายในวันที่ {long_date(facts.due)}")
    return f"เห็นควรเสนอ{facts.head or 'ผู้บริหาร'}พิจารณา ดังนี้\n{_numbered(asked)}"


# --- ที่ --------------------------------------------------------------------------------------------------------

_REFERENCE = re.compile(r"[ก-ฮ]{2,3} ?[0-9]{5}/[1-9][0-9]*")


def reference_warning(reference: str) -> str:
    """Return a Thai sentence where the ที่ of a memo is not in the usual form, else "" (also for an empty one).

    The usual form is two or three letters, five digits, a stroke and the running number: “นศ 77501/203”, in Thai or
    Arabic digits. Other forms are allowed: this never blocks.
    """
    typed = " ".join(to_arabic(reference).split())
    if not typed or _REFERENCE.fullmatch(typed):
        return ""
    shown = typed if len(typed) <= 60 else f"{typed[:59]}…"
    return (
        f"ที่ “{shown}” ไม่อยู่ในรูปแบบที่ใช้ทั่วไป คือ อักษรย่อ 2 หรือ 3 ตัว รหัส 5 หลัก เครื่องหมายทับ และเลขลำดับ "
        "เช่น นศ 77501/203 หากหน่วยงานใช้รูปแบบอื่น ให้ใช้ต่อไปได้"
    )
