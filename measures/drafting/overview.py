"""Texts on the whole result: opening, level, tools, comparison, and what frames a document."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.patterns import highest, lowest, strengths, weaknesses
from assessments.scoring import Figure

from .facts import known_questions, listed, weak_questions
from .indicators import change_of
from .subject import (
    Subject,
    by_score,
    code,
    codes,
    flagged_cells,
    is_or_are,
    known_cells,
    named,
    paragraphs,
    questions_of,
    score,
    scored,
    sentences,
    token,
)

ASSESSMENT = "การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"

# So many may share the highest or lowest place and still be named one by one.
MOST_NAMED = 3

ABOUT_TOOLS = {
    "IIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (IIT) ถามบุคลากรของหน่วยงาน",
    "EIT": "แบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (EIT) ถามผู้รับบริการและผู้มาติดต่อ",
    "OIT": "แบบวัดการเปิดเผยข้อมูลสาธารณะ (OIT) ตรวจข้อมูลที่หน่วยงานเผยแพร่บนเว็บไซต์",
}


def opening_text(subject: Subject) -> str:
    """Return the opening of the analysis: total, level, change, what it means, and what follows."""
    result = subject.result
    begin = f"จากผล{ASSESSMENT} ประจำปีงบประมาณ พ.ศ. {{ปีที่ประเมิน}} พบว่า "
    follows = _follows(subject)
    if not any(f.value is not None for f in result.figures.values()):
        return f"{begin}{{หน่วยงาน}}ยังไม่มีคะแนนที่บันทึกไว้ จึงยังวิเคราะห์ผลการประเมินไม่ได้"
    if result.total.value is None:
        known = [tool for tool in result.tools if tool.value is not None]
        scores = listed(f"{code(tool)} ({score(tool)} คะแนน)" for tool in known)
        told = f"{begin}{{หน่วยงาน}}ยังไม่มีคะแนนรวม{f' มีคะแนนเฉพาะ {scores}' if known else ''}"
        return paragraphs(told, sentences(_meaning(subject), follows))
    level = subject.level or result.level
    stands = "" if level is None else " อยู่ในระดับ “{ระดับ}”"
    if level is not None and not level.determined:
        stands = " อยู่ในระดับ “{ระดับ}” โดยยังระบุเป็นระดับเดียวไม่ได้"
    told = f"{begin}{{หน่วยงาน}}ได้คะแนนรวม {{คะแนนรวม}} คะแนน{stands}"
    change = f"โดย{change_of(result.total)}" if result.total.change is not None else ""
    return paragraphs(sentences(told, change), sentences(_meaning(subject), follows))


def _follows(subject: Subject) -> str:
    count = "ใน {จำนวนประเด็น} ประเด็น" if subject.topics else "รายประเด็น"
    return (
        f"{{หน่วยงาน}}จึงวิเคราะห์ผลการประเมิน{count} เพื่อกำหนดมาตรการส่งเสริมคุณธรรมและความโปร่งใส "
        "ประจำปีงบประมาณ พ.ศ. {ปีมาตรการ} ดังต่อไปนี้"
    )


def _meaning(subject: Subject) -> str:
    """Say what the ten indicators show together."""
    result = subject.result
    strong, weak = strengths(result), weaknesses(result)
    known = result.ranking
    if not known:
        return ""
    extremes = _extremes(known)
    every, missing = "ตัวชี้วัดทั้ง", ""
    if len(known) < len(result.indicators):
        every = "ตัวชี้วัดที่มีคะแนนทั้ง"
        missing = "ทั้งนี้ ยังไม่มีคะแนนของ{ตัวชี้วัดที่ไม่มีคะแนน}"
    if not weak:
        count = f"{every} {{จำนวนตัวชี้วัด}} ตัวชี้วัดไม่ต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน"
        items = weak_questions(result.questions)
        also = "แต่ยังมีข้อคำถามที่ต่ำกว่าเกณฑ์ {จำนวนข้อที่ต่ำกว่าเกณฑ์} ข้อ ซึ่งต้องปรับปรุงต่อไป" if items else ""
        return sentences(count, extremes, also, missing)
    if not strong:
        count = f"{every} {{จำนวนตัวชี้วัด}} ตัวชี้วัดต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน"
    else:
        count = (
            "เมื่อเทียบกับเกณฑ์ {เกณฑ์} คะแนน มีตัวชี้วัดที่ผ่านเกณฑ์ {จำนวนตัวชี้วัดที่ผ่านเกณฑ์} ตัวชี้วัด "
            "และต่ำกว่าเกณฑ์ {จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์} ตัวชี้วัด"
        )
    published = [f for f in strong if f.tool == "OIT"]
    perceived = [f for f in weak if f.tool != "OIT"]
    unheard = ""
    if published and perceived and not [f for f in weak if f.tool == "OIT"]:
        unheard = "ภาพรวมจึงเป็นหน่วยงานที่เปิดเผยข้อมูลได้ตามเกณฑ์ แต่ต้องทำให้บุคลากรและประชาชนรับรู้ผลของงานมากขึ้น"
    return sentences(count, extremes, unheard, missing)


def _extremes(known: Sequence[Figure]) -> str:
    """Name the highest and the lowest indicators, where few enough share the place."""
    best, worst = highest(known), lowest(known)
    if len(best) == len(known):
        return ""
    told = []
    if len(best) <= MOST_NAMED:
        told.append("{ตัวชี้วัดสูงสุด} ได้คะแนนสูงสุด {ตัวชี้วัดสูงสุด:คะแนน} คะแนน")
    if len(worst) <= MOST_NAMED:
        told.append("{ตัวชี้วัดต่ำสุด} ได้คะแนนต่ำสุด {ตัวชี้วัดต่ำสุด:คะแนน} คะแนน")
    return f"โดย{' ส่วน'.join(told)}" if told else ""


def level_text(subject: Subject) -> str:
    """Return the sentence on the level with its reason, and what lacks for the next one."""
    level = subject.level or subject.result.level
    if level is None:
        return "{หน่วยงาน}ยังไม่มีคะแนนรวม จึงยังระบุระดับผลการประเมินไม่ได้"
    begin = "{หน่วยงาน}มีผลการประเมินอยู่ในระดับ “{ระดับ}” {เหตุผลของระดับ}"
    if not level.determined:
        begin = "ผลการประเมินของ{หน่วยงาน}อาจอยู่ในระดับ “{ระดับ}” แต่ยังระบุเป็นระดับเดียวไม่ได้ {เหตุผลของระดับ}"
    ahead = ""
    if {"ระดับถัดไป", "สิ่งที่ขาดสู่ระดับถัดไป"} <= set(subject.facts):
        ahead = "หากจะขึ้นสู่ระดับ “{ระดับถัดไป}” ต้องเพิ่ม{สิ่งที่ขาดสู่ระดับถัดไป} เป็นอย่างน้อย"
    return sentences(begin, ahead)


def tool_text(tool_code: str, subject: Subject) -> str:
    """Return the summary of a tool: score, change, indicators, highest and lowest, weak questions."""
    tool = next((t for t in subject.result.tools if t.code == tool_code), None)
    if tool is None:
        return ""
    about = ABOUT_TOOLS.get(tool.code, f"เครื่องมือ {code(tool)}")
    known = [f for f in tool.children if f.value is not None]
    if tool.value is None and not known:
        return f"{about} ปีงบประมาณ พ.ศ. {{ปีที่ประเมิน}} ยังไม่มีคะแนนของ {code(tool)}"
    got = "ยังไม่มีคะแนนรวมของเครื่องมือ"
    if tool.value is not None:
        versus = "ต่ำกว่า" if tool.flagged else "ไม่ต่ำกว่า"
        got = f"{{หน่วยงาน}}ได้ {score(tool)} คะแนน ซึ่ง{versus}เกณฑ์ {{เกณฑ์}} คะแนน"
    return sentences(
        f"{about} {got}",
        change_of(tool),
        _parts(tool),
        _spread(tool, known),
        _items(tool, subject),
    )


def _parts(tool: Figure) -> str:
    parts = [part for part in tool.parts if part.value is not None]
    if len(parts) < 2:
        return ""
    told = f"แยกเป็น {listed(f'{code(p)} ได้ {score(p)} คะแนน' for p in parts)}"
    low = [p for p in parts if p.flagged]
    if low and len(low) < len(parts):
        return f"{told} โดย {listed(map(code, low))} ยังต่ำกว่าเกณฑ์"
    return told


def _spread(tool: Figure, known: list[Figure]) -> str:
    """Say which of a tool's indicators stand highest and lowest, and how many are weak."""
    if not known:
        return ""
    if len(known) == 1:
        return f"มีคะแนนของ{scored(known[0])}"
    weak = [f for f in known if f.flagged]
    best, worst = highest(known), lowest(known)
    every = "ทุกตัวชี้วัด" if len(known) == len(tool.children) else "ตัวชี้วัดที่มีคะแนน"
    told = f"{every}ได้ {score(known[0])} คะแนนเท่ากัน ได้แก่ {listed(map(named, known))}"
    if len(best) < len(known):
        told = f"ตัวชี้วัดที่ได้คะแนนสูงสุดคือ{listed(map(scored, best))} และต่ำสุดคือ{listed(map(scored, worst))}"
    if not weak:
        return told
    return f"{told} มีตัวชี้วัดที่ต่ำกว่าเกณฑ์ {token(tool, 'จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์')} ตัวชี้วัด"


def _items(tool: Figure, subject: Subject) -> str:
    questions = questions_of(tool)
    if not known_questions(questions):
        return ""
    weak = by_score(weak_questions(questions))
    if not weak:
        bottom, cells = lowest(known_cells(questions)), [c for q in questions for c in q.cells]
        none = "ไม่มีข้อใดต่ำกว่าเกณฑ์" if all(c.value is not None for c in cells) else "ข้อที่มีคะแนนไม่ต่ำกว่าเกณฑ์ทุกข้อ"
        if len(bottom) > 3:
            return none
        return f"{none} ข้อที่ได้คะแนนน้อยที่สุดคือ{_blank(subject.cited_all(bottom))}"
    cells = flagged_cells(weak)
    count = f"ข้อที่ต่ำกว่าเกณฑ์มี {token(tool, 'จำนวนข้อที่ต่ำกว่าเกณฑ์')} ข้อ {is_or_are(weak)} "
    if len(weak) <= 3:
        return f"{count}{subject.cited_all(cells)}"
    worst = lowest(cells)
    tail = f"โดยต่ำสุดคือ{_blank(subject.cited_all(worst))}" if len(worst) <= 3 else ""
    return sentences(f"{count}ข้อ {codes(weak)}", tail)


def _blank(text: str) -> str:
    return f" {text}" if text.startswith("{") else text


def comparison_text(subject: Subject) -> str:
    """Return the paragraph on the change from last year; without one, say so."""
    result = subject.result
    compared = [f for f in result.indicators if f.change is not None]
    total = ""
    if result.total.change is not None:
        total = f"คะแนนรวมปีงบประมาณ พ.ศ. {{ปีที่ประเมิน}} เท่ากับ {{คะแนนรวม}} คะแนน โดย{change_of(result.total)}"
    if not compared:
        if total:
            return sentences(total, "ทั้งนี้ ไม่มีคะแนนรายตัวชี้วัดของปีก่อน จึงเปรียบเทียบได้เฉพาะคะแนนรวม")
        return "ไม่มีผลการประเมินของปีงบประมาณ พ.ศ. {ปีก่อน} สำหรับเปรียบเทียบ จึงนำเสนอเฉพาะผลของปีงบประมาณ พ.ศ. {ปีที่ประเมิน}"
    up = [f for f in compared if f.change is not None and f.change > 0]
    down = [f for f in compared if f.change is not None and f.change < 0]
    same = [f for f in compared if not f.change]
    rises = f"ตัวชี้วัดที่คะแนนเพิ่มขึ้นมี {{จำนวนตัวชี้วัดที่เพิ่มขึ้น}} ตัวชี้วัด {is_or_are(up)} {listed(map(_moved, up))}"
    falls = f"ตัวชี้วัดที่คะแนนลดลงมี {{จำนวนตัวชี้วัดที่ลดลง}} ตัวชี้วัด {is_or_are(down)} {listed(map(_moved, down))}"
    steady = f"ส่วนที่คะแนนคงเดิม {is_or_are(same)} {listed(map(named, same))}"
    missing = [f for f in result.indicators if f.change is None]
    gone = f"ทั้งนี้ {listed(map(named, missing))} ไม่มีคะแนนครบทั้งสองปี จึงไม่นำมาเปรียบเทียบ" if missing else ""
    if down:
        advice = (
            "จึงควรหาสาเหตุของตัวชี้วัดที่ลดลงก่อน และรักษาแนวทางที่ทำให้ตัวชี้วัดอื่นดีขึ้น" if up else "จึงควรเร่งหาสาเหตุและแก้ไข"
        )
    else:
        advice = "จึงควรรักษาแนวทางที่ใช้อยู่ต่อไป"
    return paragraphs(
        sentences(total, rises if up else "ไม่มีตัวชี้วัดที่คะแนนเพิ่มขึ้น"),
        sentences(falls if down else "ไม่มีตัวชี้วัดที่คะแนนลดลง", steady if same else "", advice, gone),
    )


def _moved(figure: Figure) -> str:
    return f"{named(figure)} ({token(figure, 'เปลี่ยน')})"


def limitations_text(subject: Subject) -> str:
    """Return starter lines on limitations that follow from the data, one a line; may be empty."""
    result = subject.result
    lines = []
    surveyed = [q for q in result.questions if q.tool != "OIT"]
    if result.questions and not known_questions(surveyed) and result.ranking:
        lines.append("ไม่มีคะแนนรายข้อของแบบสำรวจ จึงวิเคราะห์สาเหตุได้เพียงระดับตัวชี้วัด")
    if any(f.value is None for f in result.indicators) and result.ranking:
        lines.append("ยังไม่มีคะแนนของ{ตัวชี้วัดที่ไม่มีคะแนน} จึงวิเคราะห์ได้ไม่ครบทุกตัวชี้วัด")
    if result.total.previous is None:
        lines.append("ไม่มีผลการประเมินของปีก่อนสำหรับเปรียบเทียบ จึงยังบอกแนวโน้มไม่ได้")
    elif not any(f.change is not None for f in result.questions):
        lines.append("เปรียบเทียบกับปีก่อนเป็นรายข้อไม่ได้ เพราะไม่มีคะแนนรายข้อที่ใช้เทียบกันทั้งสองปี")
    lines.append("คะแนนจากแบบสำรวจสะท้อนการรับรู้ของผู้ตอบ จึงบอกได้ว่าเรื่องใดควรปรับปรุง แต่ยังไม่บอกสาเหตุที่แน่ชัด")
    return "\n".join(lines)


def suggestions_text(subject: Subject) -> str:
    """Return starter lines on what to do about the limitations, one a line; may be empty."""
    result = subject.result
    lines = ["รับฟังความเห็นของบุคลากรและผู้รับบริการเพิ่มเติม เพื่อหาสาเหตุของเรื่องที่ได้คะแนนน้อยก่อนกำหนดรายละเอียดของมาตรการ"]
    if any(f.flagged and f.tool != "OIT" for f in result.flagged):
        lines.append(
            "สื่อสารมาตรการและผลที่เกิดขึ้นแก่บุคลากรและประชาชนเป็นระยะ เพื่อให้รับรู้การเปลี่ยนแปลงก่อนการสำรวจรอบถัดไป"
        )
    if any(f.flagged and f.tool == "OIT" for f in result.flagged):
        lines.append("มอบหมายผู้รับผิดชอบข้อมูลบนเว็บไซต์ทีละรายการ และตรวจความครบถ้วนก่อนถึงรอบประเมิน")
    lines.append("ติดตามผลการดำเนินการตามมาตรการประจำปีงบประมาณ พ.ศ. {ปีมาตรการ} และรายงานผู้บริหารตามรอบที่กำหนด")
    return "\n".join(lines)
