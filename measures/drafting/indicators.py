"""Paragraphs on one indicator: why it is a strength or a weakness, and what should be done."""

from __future__ import annotations

from decimal import Decimal

from assessments.patterns import highest, lowest
from assessments.scoring import Figure

from .facts import known_questions, weak_questions
from .subject import (
    Subject,
    by_score,
    code,
    codes,
    flagged_cells,
    is_or_are,
    known_cells,
    named,
    questions_of,
    score,
    sentences,
    token,
)
from .topics import joined_advice
from .wording import IndicatorWords, indicator_words

# Points: so near to the threshold that a paragraph says so, and so far that it asks for haste.
NEAR = Decimal(5)
FAR = Decimal(15)


def _words(indicator: Figure) -> IndicatorWords:
    found = indicator_words(indicator.title)
    if found is not None:
        return found
    return IndicatorWords(
        indicator.title,
        measures=f"ผลการดำเนินงานด้าน{token(indicator, 'ชื่อ')}"
        if indicator.title.strip()
        else "ผลการดำเนินงานตามแบบประเมิน",
        strong="การดำเนินงานด้านนี้เป็นไปตามที่แบบประเมินคาดหวัง",
        weak="การดำเนินงานด้านนี้ยังไม่ถึงระดับที่แบบประเมินคาดหวัง",
        keep="รักษาแนวปฏิบัติที่ดีไว้และติดตามผลอย่างต่อเนื่อง",
        mend="วิเคราะห์สาเหตุร่วมกับส่วนงานที่เกี่ยวข้อง กำหนดผู้รับผิดชอบและกำหนดเวลาแก้ไข และติดตามผลเป็นรอบ",
    )


def change_of(figure: Figure, *, subjectless: bool = True) -> str:
    """Say the change from last year: "เพิ่มขึ้นจากปีงบประมาณ พ.ศ. … ที่ได้ … คะแนน อยู่ … คะแนน"; empty where unknown."""
    if figure.change is None:
        return ""
    begin = "" if subjectless else "คะแนน"
    before = f"ปีงบประมาณ พ.ศ. {{ปีก่อน}} ซึ่งได้ {token(figure, 'ปีก่อน')} คะแนน"
    if not figure.change:
        return f"{begin}เท่ากับ{before}"
    return f"{begin}{token(figure, 'ทิศทาง')}จาก{before} อยู่ {token(figure, 'ต่าง')} คะแนน"


def _opened(indicator: Figure, words: IndicatorWords, number: int, *, strong: bool) -> str:
    """Open a paragraph in one of three ways, so that ten in a row do not read alike."""
    shows = words.strong if strong else words.weak
    openings = (
        f"{named(indicator)} ได้ {score(indicator)} คะแนน ตัวชี้วัดนี้วัด{words.measures} ผลคะแนนสะท้อนว่า{shows}",
        f"{named(indicator)} ซึ่งวัด{words.measures} ได้ {score(indicator)} คะแนน แสดงว่า{shows}",
        f"{named(indicator)} พิจารณาจาก{words.measures} โดย{{หน่วยงาน}}ได้ {score(indicator)} คะแนน จึงเห็นได้ว่า{shows}",
    )
    return openings[number % len(openings)]


def strength_text(number: int, subject: Subject) -> str:
    """Return the paragraph on a strong indicator; empty for an indicator without a score."""
    indicator = subject.indicator(number)
    if indicator is None or indicator.value is None:
        return ""
    words = _words(indicator)
    place = ""
    top = highest(subject.result.indicators)
    if indicator in top and len(subject.result.ranking) > len(top):
        place = "เป็นตัวชี้วัดที่ได้คะแนนสูงสุด" if len(top) == 1 else "เป็นตัวชี้วัดหนึ่งที่ได้คะแนนสูงสุดร่วมกับตัวชี้วัดอื่น"
    elif indicator.value < indicator.threshold + NEAR:
        place = "อย่างไรก็ดี คะแนนยังอยู่ใกล้เกณฑ์ {เกณฑ์} คะแนน จึงควรเฝ้าระวังมิให้ลดลง"
    weak = by_score(weak_questions(questions_of(indicator)))
    exceptions = ""
    if weak:
        exceptions = f"แต่ยังมีข้อที่ต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน {is_or_are(weak)}{_spaced(subject.cited_all(flagged_cells(weak)))}"
    advice = subject.advice(weak, most=1)
    todo = f"{{หน่วยงาน}}ควร{joined_advice([words.keep, *advice])}"
    change = change_of(indicator, subjectless=False)
    return sentences(_opened(indicator, words, number, strong=True), place, change, exceptions, todo)


def weakness_text(number: int, subject: Subject) -> str:
    """Return the paragraph on a weak indicator; empty for an indicator without a score."""
    indicator = subject.indicator(number)
    if indicator is None or indicator.value is None:
        return ""
    words = _words(indicator)
    gap = indicator.gap or Decimal(0)
    bottom = lowest(subject.result.indicators)
    placed = indicator in bottom and len(subject.result.ranking) > len(bottom)
    distance = ""
    if gap:
        distance = f"ต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน อยู่ {token(indicator, 'ขาด')} คะแนน"
        if placed:
            distance += (
                "และเป็นคะแนนต่ำสุดในบรรดาตัวชี้วัดทั้งหมด" if len(bottom) == 1 else "และเป็นคะแนนต่ำสุดร่วมกับตัวชี้วัดอื่น"
            )
        elif gap <= NEAR:
            distance += "ซึ่งใกล้จะถึงเกณฑ์แล้ว"
        elif gap > FAR:
            distance += "จึงต้องเร่งแก้ไข"
    return sentences(
        _opened(indicator, words, number, strong=False),
        distance,
        change_of(indicator, subjectless=False),
        _weakest(indicator, subject),
    )


def recommend_text(number: int, subject: Subject) -> str:
    """Return the recommendation for an indicator: what to do, drawn from its weakest questions."""
    indicator = subject.indicator(number)
    if indicator is None:
        return ""
    words = _words(indicator)
    weak = by_score(weak_questions(questions_of(indicator)))
    if indicator.tool == "OIT" and weak:
        advice = [words.mend, f"เริ่มจากข้อ {codes(weak)} ซึ่งยังต่ำกว่าเกณฑ์"]
    else:
        advice = subject.advice(weak, most=4) or [words.mend if indicator.flagged else words.keep]
    openings = (
        f"เพื่อยกระดับ{named(indicator)} {{หน่วยงาน}}ควร",
        f"ด้าน{title_of(indicator)} {{หน่วยงาน}}ควร",
        f"{{หน่วยงาน}}ควรพัฒนา{named(indicator)} โดย",
    )
    if indicator.value is not None and not indicator.flagged and not weak:
        openings = (f"เพื่อรักษาผลของ{named(indicator)} {{หน่วยงาน}}ควร",) * 3
    aim = ""
    if indicator.flagged:
        aim = f"และตั้งเป้าให้คะแนนเพิ่มขึ้นอย่างน้อย {token(indicator, 'ขาด')} คะแนนในการประเมินครั้งถัดไป"
    return sentences(f"{openings[number % 3]}{joined_advice(advice)}", aim)


def title_of(indicator: Figure) -> str:
    """Name an indicator by its title, by its number where it has none."""
    return token(indicator, "ชื่อ") if indicator.title.strip() else code(indicator)


def _weakest(indicator: Figure, subject: Subject) -> str:
    questions = questions_of(indicator)
    if not known_questions(questions):
        return "ทั้งนี้ ไม่มีคะแนนรายข้อ จึงควรสอบถามสาเหตุจากผู้เกี่ยวข้องเพิ่มเติม"
    weak = by_score(weak_questions(questions))
    if not weak:
        bottom = lowest(known_cells(questions))
        return f"ข้อที่ได้คะแนนน้อยที่สุด คือ{_spaced(subject.cited_all(bottom, most=3))}"
    lead = "ข้อที่ทำให้คะแนนต่ำ" if len(weak) == 1 else "ข้อที่ทำให้คะแนนต่ำ เรียงจากคะแนนน้อยไปมาก"
    return f"{lead} {is_or_are(weak)}{_spaced(subject.cited_all(flagged_cells(weak)))}"


def _spaced(text: str) -> str:
    """Set a blank before what begins with a code in Latin letters."""
    return f" {text}" if text.startswith("{") else text
