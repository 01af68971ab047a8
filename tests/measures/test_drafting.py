"""The drafts: no number of their own, right in every state of the scores, and readable."""

import re
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessments.scoring import Key, Kind
from ita_portal.thai import format_change, format_score
from measures.drafting import Subject, draft, plan_keys, report_keys, resolved, tokens_in, unknown_tokens

from .drafting_subjects import SUBJECTS, all_questions, indicator_scores, province, subject_of, tree_of

INDICATORS = range(1, 11)
EVERY_KEY = [
    *("opening", "level", "comparison", "limitations", "suggestions", "preface", "background"),
    *("tools-explained", "tool-IIT", "tool-EIT", "tool-OIT"),
    *(f"topic-{n}" for n in range(1, 8)),
    *(f"{kind}-{n}" for kind in ("strength", "weakness", "recommend") for n in INDICATORS),
]
# A list announced but empty, a sentence cut off, a slot not filled.
FLAWS = re.compile(
    r"  |\n\n|[\[\]{}…]|(?:ได้แก่|คือ|และ|,|โดย|ของ)\s*(?:\n|$)|(?:ได้แก่|คือ)\s*(?:,|และ|ได้แก่|คือ|โดย|ซึ่ง|ทั้งนี้|\))"
    r"|, ,|\(\s*\)|,\s*และ|None|Decimal"
)


@pytest.fixture(params=SUBJECTS)
def subject(request: pytest.FixtureRequest) -> Subject:
    return SUBJECTS[request.param]()


def texts(subject: Subject) -> dict[str, str]:
    return {key: draft(key, subject) for key in EVERY_KEY}


def test_no_digit_stands_outside_a_field(subject: Subject) -> None:
    for key, text in texts(subject).items():
        assert not re.search(r"[0-9๐-๙]", re.sub(r"\{[^{}]*\}", "", text)), key


def test_every_field_has_a_value(subject: Subject) -> None:
    assert {key: unknown_tokens(text, subject.facts) for key, text in texts(subject).items()} == {
        key: [] for key in EVERY_KEY
    }


def test_no_text_has_a_flaw(subject: Subject) -> None:
    for key, text in texts(subject).items():
        shown = resolved(text, subject.facts)
        assert FLAWS.search(shown) is None, f"{key}: {shown}"
        assert shown == shown.strip(), key


def test_every_number_is_one_of_the_result(subject: Subject) -> None:
    """Scores, changes and gaps come from the figures; what else is a number is a code, a year or a count."""
    figures = subject.result.figures.values()
    right = {f"{subject.result.threshold.normalize():f}", "30", "40", "100"}
    for f in figures:
        scores = [f.value, f.previous, f.gap, f.computed_rounded, *(c.low for c in subject.result.components)]
        right |= {format_score(value) for value in scores if value is not None}
        if f.value is not None:
            # What lacks for a level: to any of the bounds of the scales.
            right |= {format_score(Decimal(b) - f.value) for b in (55, 65, 70, 75, 85, 95, 50) if b > f.value}
        if f.change is not None:
            right |= {format_change(f.change), format_score(abs(f.change))}
    right |= {"85", "95", "90", "75", "65", "70", "55", "50"} & set(
        re.findall(r"[0-9]+", subject.facts.get("เหตุผลของระดับ", ""))
    )
    counts = {str(n) for n in range(11)} | {
        str(sum(any(c.flagged for c in q.cells) for q in questions))
        for questions in (
            [f for f in t.walk() if f.kind is Kind.QUESTION and not f.part] for t in subject.result.tools
        )
    }
    years = {str(subject.be_year + n) for n in (-1, 0, 1)}
    for key, text in texts(subject).items():
        shown = resolved(text, subject.facts)
        shown = re.sub(r"\b[ieo][0-9]+\b|ส่วนที่ [0-9]|ตัวชี้วัดที่ [0-9]+", "", shown)
        shown = shown.replace("ในช่วง 1 ปี", "").replace("รอบ 6 เดือน", "")
        found = set(re.findall(r"[0-9]+(?:\.[0-9]+)?", shown))
        assert found <= right | counts | years, f"{key}: {found - right - counts - years}"


def test_the_opening_of_a_province_says_total_level_change_and_counts() -> None:
    subject = province()
    shown = resolved(draft("opening", subject), subject.facts)
    assert "จังหวัดตัวอย่างได้คะแนนรวม 94.16 คะแนน อยู่ในระดับ “ผ่าน”" in shown
    assert "คะแนนเพิ่มขึ้น 1.33 คะแนน จากปีงบประมาณ พ.ศ. 2565 ซึ่งได้ 92.83 คะแนน" in shown
    assert "ผ่านเกณฑ์ 9 ตัวชี้วัด และต่ำกว่าเกณฑ์ 1 ตัวชี้วัด" in shown
    assert "ตัวชี้วัดที่ 8 การปรับปรุงระบบการทำงาน ได้คะแนนต่ำสุด 84.03 คะแนน" in shown


def test_the_level_names_what_holds_it_down_and_what_lacks() -> None:
    subject = province()
    assert resolved(draft("level", subject), subject.facts) == (
        "จังหวัดตัวอย่างมีผลการประเมินอยู่ในระดับ “ผ่าน” เนื่องจาก EIT ส่วนที่ 2 ได้ 84.38 คะแนน ซึ่งต่ำกว่า 85 คะแนน "
        "หากจะขึ้นสู่ระดับ “ผ่านดี” ต้องเพิ่มคะแนน EIT ส่วนที่ 2 อีก 0.62 คะแนน เป็นอย่างน้อย"
    )


def test_a_level_that_is_not_determined_says_so() -> None:
    subject = subject_of(indicator_scores(*["92"] * 10))
    shown = resolved(draft("level", subject), subject.facts)
    assert "“ผ่าน หรือ ผ่านดี” แต่ยังระบุเป็นระดับเดียวไม่ได้ เนื่องจากไม่ทราบคะแนน EIT แยกส่วน" in shown


def test_every_weak_question_of_a_topic_is_cited() -> None:
    subject = province()
    for topic in subject.topics:
        weak = {
            f"{c.code} ส่วนที่ {c.part}" if c.part else c.code
            for f in subject.figures(topic.perception)
            for c in f.cells
            if c.flagged
        }
        assert weak <= set(tokens_in(draft(f"topic-{topic.number}", subject)))


def test_more_than_half_weak_is_never_called_mostly_passing() -> None:
    subject = province()
    assert "เกินครึ่งหนึ่งของข้อคำถาม" in draft("topic-3", subject)
    assert "ส่วนใหญ่ผ่านเกณฑ์" in draft("topic-5", subject)
    assert "ทุกข้อ" in draft("topic-4", subject)


def test_disclosed_but_not_perceived_is_a_sentence_of_its_topic() -> None:
    subject = province()
    assert "ข้อ o11 และ o12 ซึ่งเป็นการเปิดเผยข้อมูลเรื่องเดียวกันได้ 100 คะแนน แต่การรับรู้ในข้อ i8 กลับต่ำกว่าเกณฑ์" in resolved(
        draft("topic-5", subject), subject.facts
    )
    assert "การรับรู้ในข้อ" not in draft("topic-5", subject_of(all_questions("90")))


def test_inside_high_outside_low_is_a_sentence_of_its_topic() -> None:
    subject = province()
    assert "ข้อ i1 ได้ 93.66 คะแนน แต่ข้อ e1 ส่วนที่ 2 ได้ 83.50 คะแนน" in resolved(
        draft("topic-2", subject), subject.facts
    )


def test_without_questions_a_topic_speaks_of_its_indicators() -> None:
    subject = SUBJECTS["subdistrict"]()
    shown = resolved(draft("topic-3", subject), subject.facts)
    assert "ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร (65.01 คะแนน)" in shown
    assert "ตัวชี้วัดที่ 7 ยังขาด 19.99 คะแนน" in shown


def test_without_any_score_a_topic_says_that_nothing_can_be_concluded() -> None:
    assert "ยังสรุปจากคะแนนไม่ได้" in draft("topic-3", SUBJECTS["empty"]())


def test_the_comparison_counts_rises_and_falls() -> None:
    subject = province()
    shown = resolved(draft("comparison", subject), subject.facts)
    assert "คะแนนเพิ่มขึ้นมี 5 ตัวชี้วัด ได้แก่ ตัวชี้วัดที่ 1 การปฏิบัติหน้าที่ (+5.37)" in shown
    assert "คะแนนลดลงมี 2 ตัวชี้วัด" in shown
    assert "คะแนนคงเดิม ได้แก่ ตัวชี้วัดที่ 3 การใช้อำนาจ" in shown


def test_without_a_year_before_the_comparison_says_none() -> None:
    subject = SUBJECTS["made up"]()
    shown = resolved(draft("comparison", subject), subject.facts)
    assert shown.startswith("ไม่มีผลการประเมินของปีงบประมาณ พ.ศ. 2570 สำหรับเปรียบเทียบ")


def test_another_year_cites_questions_without_words_of_2566() -> None:
    subject = SUBJECTS["other year"]()
    assert "งบประมาณของบุคลากร" not in draft("topic-5", subject)
    assert "{i7:รหัส}" in draft("topic-5", subject)


def test_the_keys_of_the_papers_follow_the_scores() -> None:
    subject = SUBJECTS["made up"]()
    assert plan_keys(subject)[2:9] == [f"topic-{n}" for n in range(1, 8)]
    keys = report_keys(subject)
    assert [k for k in keys if k.startswith("strength")] == [
        "strength-9", "strength-1", "strength-6", "strength-7", "strength-3",
    ]  # fmt: skip
    assert [k for k in keys if k.startswith("weakness")] == [
        "weakness-8", "weakness-5", "weakness-2", "weakness-10",
    ]  # fmt: skip
    assert all(draft(key, subject) for key in [*plan_keys(subject), *keys])


def test_an_unknown_key_is_refused() -> None:
    subject = province()
    assert draft("strength-indicator-7", subject) == draft("strength-7", subject)
    for key in ("nothing", "topic-", "strength-x"):
        with pytest.raises(KeyError):
            draft(key, subject)


CELLS: list[Key] = sorted(
    {key for node in tree_of().walk() for key in node.cells} - {("total", 0)},
    key=lambda key: (len(key[0]), key),
)
SCORE = st.one_of(
    st.sampled_from(["0", "84.99", "85", "100"]).map(Decimal),
    st.decimals(0, 100, places=2, allow_nan=False),
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    scores=st.dictionaries(st.sampled_from(CELLS), SCORE, max_size=60),
    filled=st.sampled_from([None, "0", "60", "85", "97.5", "100"]),
    previous=st.dictionaries(st.sampled_from(CELLS), SCORE, max_size=20),
    threshold=st.sampled_from(["85", "90", "87.50", "0", "100"]),
)
def test_any_scores_give_whole_sentences(
    scores: dict[Key, Decimal], filled: str | None, previous: dict[Key, Decimal], threshold: str
) -> None:
    base = all_questions(filled) if filled else {}
    subject = subject_of(base | scores, previous=previous, threshold=threshold)
    for key, text in texts(subject).items():
        shown = resolved(text, subject.facts)
        assert FLAWS.search(shown) is None, f"{key}: {shown}"
        assert unknown_tokens(text, subject.facts) == [], key
