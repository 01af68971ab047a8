"""The analysis of a topic: what was found, where it contradicts itself, and what should be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.patterns import disclosed_not_perceived, inside_high_outside_low, lowest
from assessments.scoring import Figure

from .facts import known_questions, listed, weak_questions
from .subject import (
    Subject,
    Topic,
    by_score,
    code,
    codes,
    flagged_cells,
    indicators_of,
    is_or_are,
    known_cells,
    named,
    paragraphs,
    score,
    scored,
    sentences,
    token,
)
from .wording import TopicWords, topic_words

GENERIC = TopicWords(
    name="",
    lead="",
    high="คะแนน[ทุกข้อ]ไม่ต่ำกว่าเกณฑ์ {เกณฑ์} คะแนน คะแนนน้อยที่สุดคือ[ต่ำสุด]",
    mixed="คะแนนส่วนใหญ่ผ่านเกณฑ์ {เกณฑ์} คะแนน แต่ยังมีข้อที่ต่ำกว่าเกณฑ์ [คือ] [ข้อ]",
    low="คะแนนต่ำกว่าเกณฑ์ {เกณฑ์} คะแนน [สัดส่วน] [คือ] [ข้อ]",
    insight="แสดงว่าการเผยแพร่ข้อมูลยังไม่พอให้ผู้เกี่ยวข้องรับรู้",
    keep="รักษาแนวปฏิบัติที่ดีไว้และติดตามผลอย่างต่อเนื่อง",
    mend="วิเคราะห์สาเหตุร่วมกับส่วนงานที่เกี่ยวข้อง กำหนดผู้รับผิดชอบและกำหนดเวลาแก้ไข และติดตามผลเป็นรอบ",
    goal="เพื่อยกระดับผลการประเมินในประเด็นนี้",
    indicators=(),
)

# Said in turn, so that seven topics in a row do not read alike.
UNPERCEIVED = (
    "เมื่อเทียบกับการเปิดเผยข้อมูลในข้อ [เปิดเผย] ซึ่งได้ [คะแนน] คะแนน การรับรู้ในข้อ [รับรู้] ยังต่ำกว่าเกณฑ์",
    "น่าสังเกตว่าข้อ [เปิดเผย] ซึ่งเป็นการเปิดเผยข้อมูลเรื่องเดียวกันได้ [คะแนน] คะแนน แต่การรับรู้ในข้อ [รับรู้] กลับต่ำกว่าเกณฑ์",
    "ทั้งที่{หน่วยงาน}เปิดเผยข้อมูลตามข้อ [เปิดเผย] จนได้ [คะแนน] คะแนน แต่การรับรู้ในข้อ [รับรู้] ยังไม่ถึงเกณฑ์",
    "ในขณะเดียวกัน การเปิดเผยข้อมูลตามข้อ [เปิดเผย] ได้ [คะแนน] คะแนน ขัดแย้งกับการรับรู้ในข้อ [รับรู้] ที่ต่ำกว่าเกณฑ์",
)
INDICATORS_APART = (
    "ทั้งนี้ [เปิดเผย] ได้ [คะแนน] คะแนน แต่[รับรู้] ยังต่ำกว่าเกณฑ์",
    "ในด้านการเปิดเผยข้อมูล [เปิดเผย] ได้ [คะแนน] คะแนน ต่างจาก[รับรู้] ที่ยังไม่ถึงเกณฑ์",
    "เมื่อ[เปิดเผย] ได้ [คะแนน] คะแนน แต่[รับรู้] กลับต่ำกว่าเกณฑ์",
)
CONTRASTS = (
    "ยิ่งกว่านั้น บุคลากรกับผู้รับบริการยังให้คะแนนเรื่องเดียวกันต่างกัน โดย",
    "อีกทั้งมุมมองจากภายในกับภายนอกยังต่างกัน กล่าวคือ ",
)
ADVICE_LEADS = (
    "ดังนั้น {หน่วยงาน}ควร",
    "{หน่วยงาน}จึงควร",
    "ด้วยเหตุนี้ {หน่วยงาน}ควร",
)


def topic_text(number: int, subject: Subject) -> str:
    """Return the analysis of a topic in two or three paragraphs; empty for a topic that the subject has not."""
    topic = subject.topic(number)
    if topic is None:
        return ""
    words = topic_words(topic.name) or GENERIC
    lead = words.lead or f"ประเด็นนี้พิจารณา{{ประเด็นที่ {number}:ชื่อ}}ของ{{หน่วยงาน}}"
    perception = subject.figures(topic.perception)
    disclosure = subject.figures(topic.disclosure)
    if not known_questions(perception):
        return _from_indicators(topic, words, lead, subject)
    weak = by_score(weak_questions(perception))
    todo = list(weak)
    found = _perceived(perception, weak, words, subject)
    contradictions = sentences(
        _unperceived(topic, words, subject),
        _contrasts(topic, subject),
    )
    missing = weak_questions(disclosure)
    # One sentence on disclosure is enough: the contradiction speaks of it too.
    disclosed = _disclosed(disclosure, subject) if missing or not contradictions else ""
    advice = subject.advice(todo) or ([words.mend] if weak else [])
    if missing:
        advice = [*(advice[:2] or [words.keep]), _publish(missing)]
    return paragraphs(
        sentences(lead, found, _by_part(perception, subject)),
        sentences(disclosed, contradictions),
        _todo(topic, advice or [words.keep], words),
    )


def _todo(topic: Topic, advice: Sequence[str], words: TopicWords) -> str:
    return f"{ADVICE_LEADS[topic.number % len(ADVICE_LEADS)]}{joined_advice(advice)} ทั้งนี้ {words.goal}"


def joined_advice(advice: Sequence[str]) -> str:
    """Join pieces of advice, which are themselves long and may hold lists, so that each stays one."""
    if len(advice) == 1:
        return advice[0]
    first, *middle, last = advice
    return " ".join([first, *(f"ตลอดจน{more}" for more in middle), f"รวมทั้ง{last}"])


def _fill(template: str, slots: Mapping[str, str]) -> str:
    for slot, text in slots.items():
        template = template.replace(f"[{slot}]", text)
    return template


def _perceived(
    questions: Sequence[Figure], weak: Sequence[Figure], words: TopicWords, subject: Subject
) -> str:
    """Say how the survey questions of a topic stand against the threshold."""
    known = known_questions(questions)
    complete = all(c.value is not None for q in questions for c in q.cells)
    every = "ทุกข้อ" if complete else "ทุกข้อที่มีคะแนน"
    if not weak:
        bottom = lowest(known_cells(known))
        if len(bottom) == len(known_cells(known)) > 1:
            cell = bottom[0]
            return f"คะแนน{every}ในประเด็นนี้เท่ากันที่ {score(cell)} คะแนน ไม่ต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน"
        return _fill(words.high, {"ทุกข้อ": every, "ต่ำสุด": subject.cited_all(bottom, most=3)})
    cells = flagged_cells(weak)
    slots = {"คือ": is_or_are(weak), "ข้อ": subject.cited_all(cells)}
    if 2 * len(weak) < len(known):
        return _fill(words.mixed, slots)
    share = "เกินครึ่งหนึ่งของข้อคำถามในประเด็นนี้"
    if len(weak) == len(known):
        share = every
    elif 2 * len(weak) == len(known):
        share = "ครึ่งหนึ่งของข้อคำถามในประเด็นนี้"
    return _fill(words.low, {"สัดส่วน": share, **slots})


def _by_part(questions: Sequence[Figure], subject: Subject) -> str:
    """Say so where all low scores of a survey in two parts lie in one part."""
    cells = [c for q in questions for c in q.cells if c.part]
    if sum(c.flagged for c in cells) < 2:
        return ""
    low = {c.part for c in cells if c.flagged}
    fine = {c.part for c in cells if not c.flagged and c.value is not None} - low
    if len(low) != 1 or len(fine) != 1 or any(c.value is None for c in cells):
        return ""
    tool = subject.result.figures[(cells[0].tool, 0)]
    parts = {part.part: part for part in tool.parts}
    return f"คะแนนที่ต่ำของแบบวัด {code(tool)} อยู่ใน{_part_of(parts[low.pop()])}ทั้งหมด ขณะที่{_part_of(parts[fine.pop()])}ผ่านเกณฑ์ทุกข้อ"


def _part_of(part: Figure) -> str:
    return f" {code(part)} "


def _disclosed(items: Sequence[Figure], subject: Subject) -> str:
    """Say how the disclosure items of a topic stand."""
    known = known_questions(items)
    if not known:
        return ""
    missing = weak_questions(known)
    if not missing:
        full = [f for f in known if f.value == 100]
        if len(full) == len(known):
            each = "ทุกข้อ" if len(known) > 1 else ""
            return f"ด้านการเปิดเผยข้อมูลที่เกี่ยวข้อง ข้อ {codes(known)} ได้ {score(known[0])} คะแนน{each}"
        return f"ด้านการเปิดเผยข้อมูลที่เกี่ยวข้อง ข้อ {codes(known)} ได้คะแนนไม่ต่ำกว่าเกณฑ์"
    if len(missing) == len(known) > 1:
        return f"ด้านการเปิดเผยข้อมูลที่เกี่ยวข้อง ยังต่ำกว่าเกณฑ์ทุกข้อ ได้แก่ {subject.cited_all(missing)}"
    return f"ด้านการเปิดเผยข้อมูลที่เกี่ยวข้อง ยังมีรายการที่ต่ำกว่าเกณฑ์ {is_or_are(missing)} {subject.cited_all(missing)}"


def _publish(missing: Sequence[Figure]) -> str:
    return f"จัดทำและเผยแพร่ข้อมูลตามข้อ {codes(missing)} ให้ครบองค์ประกอบก่อนถึงรอบประเมิน"


def _unperceived(topic: Topic, words: TopicWords, subject: Subject) -> str:
    """Say what of a topic is disclosed in full but not perceived."""
    found = [
        u
        for u in disclosed_not_perceived(subject.result, subject.links)
        if u.question.code in topic.perception
    ]
    if not found:
        return ""
    items = list({item.code: item for u in found for item in u.disclosed}.values())
    low = codes(u.question for u in found)
    return (
        UNPERCEIVED[topic.number % len(UNPERCEIVED)]
        .replace("[เปิดเผย]", codes(items))
        .replace("[คะแนน]", score(items[0]))
        .replace("[รับรู้]", low)
        + f" {words.insight}"
    )


def _contrasts(topic: Topic, subject: Subject) -> str:
    """Say where people inside and outside see the same matter differently."""
    found = [
        c
        for c in inside_high_outside_low(subject.result, subject.pairs)
        if {c.inside.code, c.outside[0].code} <= set(topic.perception)
    ]
    if not found:
        return ""
    told = listed(
        f"ข้อ {code(c.inside)} ได้ {score(c.inside)} คะแนน "
        f"แต่{listed(f'ข้อ {code(cell)} ได้ {score(cell)} คะแนน' for cell in c.outside)}"
        for c in found
    )
    opening = CONTRASTS[topic.number % len(CONTRASTS)]
    return f"{opening}{told} จึงควรรับฟังเสียงของผู้รับบริการให้มากขึ้น"


# --- without scores of questions --------------------------------------------------------------------------------


def _from_indicators(topic: Topic, words: TopicWords, lead: str, subject: Subject) -> str:
    """Speak of the indicators to which a topic's items belong; of the tools, where those have no score either."""
    result = subject.result
    belonging = indicators_of(result, subject.figures((*topic.perception, *topic.disclosure)))
    belonging = belonging or [f for f in result.indicators if f.title.strip() in words.indicators]
    known = [f for f in belonging if f.value is not None]
    if not known:
        return _from_tools(topic, belonging, words, lead, subject)
    surveyed = [f for f in known if f.tool != "OIT"]
    disclosing = [f for f in known if f.tool == "OIT"]
    weak = [f for f in surveyed if f.flagged]
    unpublished = [f for f in disclosing if f.flagged]
    openings = (
        "เนื่องจากไม่มีคะแนนรายข้อ จึงพิจารณาจากตัวชี้วัดที่เกี่ยวข้อง [คือ] ",
        "ผลรายตัวชี้วัดที่เกี่ยวข้องกับประเด็นนี้ [คือ] ",
        "เมื่อพิจารณาในระดับตัวชี้วัด ประเด็นนี้สัมพันธ์กับ",
    )
    opening = openings[topic.number % len(openings)].replace("[คือ]", is_or_are(known))
    found = f"{opening}{listed(map(scored, known))}"
    if len(known) < len(belonging):
        found += f" โดยยังไม่มีคะแนนของ{listed(named(f) for f in belonging if f.value is None)}"
    if weak or unpublished:
        low = [*weak, *unpublished]
        gaps = listed(f"{code(f)} ยังขาด {token(f, 'ขาด')} คะแนน" for f in low)
        judged = f"เมื่อเทียบกับเกณฑ์ {{เกณฑ์}} คะแนน {gaps}"
    elif len(known) == 1:
        judged = "คะแนนที่ได้ไม่ต่ำกว่าเกณฑ์ {เกณฑ์} คะแนน"
    else:
        judged = "คะแนนที่ได้ไม่ต่ำกว่าเกณฑ์ {เกณฑ์} คะแนนทั้งหมด"
    contradiction = ""
    full = [f for f in disclosing if f.value == 100]
    if weak and full:
        contradiction = (
            INDICATORS_APART[topic.number % len(INDICATORS_APART)]
            .replace("[เปิดเผย]", listed(map(named, full)))
            .replace("[คะแนน]", score(full[0]))
            .replace("[รับรู้]", listed(map(named, weak)))
            + f" {words.insight}"
        )
    advice = [words.mend if weak else words.keep]
    if unpublished:
        advice.append(f"จัดทำและเผยแพร่ข้อมูลตาม{listed(map(code, unpublished))} ให้ครบถ้วนก่อนถึงรอบประเมิน")
    items = subject.figures(topic.disclosure)
    missing = weak_questions(items)
    if missing:
        contradiction = sentences(contradiction, _disclosed(items, subject))
        advice = [*advice[:1], _publish(missing)]
    return paragraphs(sentences(lead, found, judged), contradiction, _todo(topic, advice, words))


def _from_tools(
    topic: Topic, indicators: Sequence[Figure], words: TopicWords, lead: str, subject: Subject
) -> str:
    codes_of_tools = dict.fromkeys(f.tool for f in indicators)
    tools = [t for t in subject.result.tools if t.code in codes_of_tools and t.value is not None]
    if not tools:
        found = (
            "ปีงบประมาณ พ.ศ. {ปีที่ประเมิน} ไม่มีคะแนนรายข้อหรือรายตัวชี้วัดของประเด็นนี้ จึงยังสรุปจากคะแนนไม่ได้ "
            "และควรพิจารณาจากข้อมูลการปฏิบัติงานจริงประกอบ"
        )
        return paragraphs(sentences(lead, found), _todo(topic, [words.keep], words))
    scores = listed(f"{code(t)} ({score(t)} คะแนน)" for t in tools)
    low = [t for t in tools if t.flagged]
    judged = "ซึ่งไม่ต่ำกว่าเกณฑ์ {เกณฑ์} คะแนน"
    if low:
        judged = f"โดยเครื่องมือที่ต่ำกว่าเกณฑ์ {{เกณฑ์}} คะแนน {is_or_are(low)} {listed(map(code, low))}"
    found = f"ประเด็นนี้ไม่มีคะแนนรายข้อและรายตัวชี้วัด จึงอ้างอิงคะแนนของเครื่องมือที่เกี่ยวข้อง {is_or_are(tools)} {scores}"
    return paragraphs(
        sentences(lead, found, judged), _todo(topic, [words.mend if low else words.keep], words)
    )
