"""Ready texts of memos: every combination of what is known reads whole; the form of a memo's number."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import date
from itertools import combinations, product

import pytest

from reports.memo_texts import PHRASES, MemoFacts, ready_text, reference_warning

KINDS = ("plan", "analysis", "half-year", "full-year")
FACTS = MemoFacts(
    organisation="องค์การบริหารส่วนตำบลทุ่งทอง",
    head="นายกองค์การบริหารส่วนตำบลทุ่งทอง",
    be_year=2567,
    measured_year=2566,
    papers=("plan",),
    plan_item="o34",
    report_item="o35",
    total="94.16",
    level="ผ่าน",
    weak_count=9,
    measure_count=20,
    due=date(2024, 4, 30),
)
BROKEN = re.compile(
    r"  | \n|\n |\n\n|None|\.\.|…|_{2}|\( | \)|\(\)|ข้อ (?!o3[45])|พ\.ศ\. (?!256[1-7])|[๐-๙]|"
    r"ระดับ (?!ผ่าน)|รวม (?!94\.16|20)|คะแนน คะแนน|และและ|และ และ| ,|ขอแสดงความนับถือ|(?<![0-9])0 (?:รายการ|มาตรการ)"
)
# A sentence never stops on a word that leads on; “ดังนี้” only where a list follows.
LEADS_ON = ("และ", "โดย", "ของ", "ที่", "ใน", "ให้", "รวม", "ระดับ", "ข้อ", ",", "(", "–", "เห็นควรเสนอ")


def fault_in(text: str) -> str:
    """Return what shows that a text was put together with a piece missing, else ""."""
    if found := BROKEN.search(text):
        return found[0]
    lines = text.split("\n")
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if not line or line != line.strip() or line.endswith(LEADS_ON):
            return line or "an empty paragraph"
        if line.endswith("ดังนี้") and not following.startswith("1. "):
            return line
    numbers = [int(n) for n in re.findall(r"^([0-9]+)\. ", text, re.MULTILINE)]
    return "" if numbers == list(range(1, len(numbers) + 1)) and len(numbers) != 1 else str(numbers)


COMBINATIONS = [
    replace(
        FACTS,
        papers=papers,
        plan_item=plan_item,
        report_item=report_item,
        total=total,
        level=level,
        weak_count=weak,
        measure_count=measures,
        head=head,
    )
    for size in (1, 2, 3, 4)
    for papers in combinations(KINDS, size)
    for plan_item, report_item, total, level, weak, measures, head in product(
        ("o34", ""), ("o35", ""), ("94.16", ""), ("ผ่าน", ""), (9, 0), (20, 0), (FACTS.head, "")
    )
]


def test_every_combination_reads_whole() -> None:
    assert len(COMBINATIONS) == 15 * 2**7
    faults = {
        (facts.papers, name, fault)
        for facts in COMBINATIONS
        for name, text in asdict(ready_text(facts)).items()
        if not (name == "addressee" and not facts.head) and (fault := fault_in(text))
    }
    assert faults == set()


def test_a_missing_piece_would_be_found() -> None:
    for text in (
        "ข้อ  ของ",
        "แบบวัด ข้อ ของ",
        "อยู่ในระดับ ",
        "ได้คะแนนรวม  คะแนน",
        "None",
        "พ.ศ. และ",
        "เห็นควรเสนอ",
        "ดังนี้",
        "1. ก",
        "พ.ศ. ๒๕๖๗",
        "รวม 0 มาตรการ",
    ):
        assert fault_in(text), text


def test_a_plan_asks_for_approval_and_names_item_year_total_and_day() -> None:
    draft = ready_text(FACTS)
    assert draft.subject == "ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567"
    assert draft.addressee == FACTS.head
    assert "ปีงบประมาณ พ.ศ. 2566 แล้ว" in draft.background
    assert "โดยองค์การบริหารส่วนตำบลทุ่งทอง ได้คะแนนรวม 94.16 คะแนน และมีผลการประเมินอยู่ในระดับ ผ่าน" in draft.background
    assert draft.background.endswith("ภายในวันที่ 30 เมษายน 2567")
    assert "ต่ำกว่าเกณฑ์ 9 รายการ" in draft.facts
    assert "รวม 20 มาตรการ" in draft.facts
    assert "(OIT) ข้อ o34 ของการประเมิน" in draft.rules
    assert "ประจำปีงบประมาณ พ.ศ. 2567" in draft.rules
    assert "o35" not in "".join(asdict(draft).values())
    assert draft.proposal.split("\n")[-1].endswith("ภายในวันที่ 30 เมษายน 2567")
    assert draft.closing == "จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ"


def test_an_unknown_instrument_leaves_the_number_out() -> None:
    known, unknown = ready_text(FACTS), ready_text(replace(FACTS, plan_item=""))
    assert unknown.rules == known.rules.replace(" ข้อ o34", "")
    assert replace(unknown, rules="") == replace(known, rules="")


def test_an_analysis_speaks_of_no_measures() -> None:
    draft = ready_text(replace(FACTS, papers=("analysis",)))
    assert draft.subject == ("ขออนุมัติรายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2566")
    assert "20 มาตรการ" not in draft.facts
    assert "มอบหมาย" not in draft.proposal


def test_both_papers_stand_in_one_subject() -> None:
    for papers in (("plan", "analysis"), ("analysis", "plan")):
        assert ready_text(replace(FACTS, papers=papers)).subject == (
            "ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567 และ"
            "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2566"
        )


@pytest.mark.parametrize(
    ("papers", "rounds", "last"),
    [
        (("half-year",), "(รอบ 6 เดือน)", "มีนาคม 2567"),
        (("full-year",), "(รอบ 12 เดือน)", "กันยายน 2567"),
        (("half-year", "full-year"), "(รอบ 6 เดือน และรอบ 12 เดือน)", "กันยายน 2567"),
    ],
)
def test_results_are_brought_to_knowledge(papers: tuple[str, ...], rounds: str, last: str) -> None:
    draft = ready_text(replace(FACTS, papers=papers))
    assert draft.subject == (
        f"รายงานผลการดำเนินการตามมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567 {rounds}"
    )
    assert f"ระหว่างเดือนตุลาคม 2566 ถึงเดือน{last} แล้ว" in draft.facts
    assert "(OIT) ข้อ o35 ของ" in draft.rules
    assert "อนุมัติ" not in "".join(asdict(draft).values())
    assert draft.closing == "จึงเรียนมาเพื่อโปรดทราบ"


@pytest.mark.parametrize("name", ["เทศบาลตำบล ก", "อบต. Test 9", "องค์การบริหารส่วนตำบล๑๒"])
def test_the_name_stands_exactly_as_given(name: str) -> None:
    for papers in (("plan",), ("full-year",)):
        draft = ready_text(replace(FACTS, papers=papers, organisation=name, head=f"นายก{name}"))
        assert draft.addressee == f"นายก{name}"
        assert all(name in text for text in (draft.background, draft.proposal))


@pytest.mark.parametrize("papers", [(), ("memo",), ("plan", "memo")])
def test_no_text_for_unknown_papers(papers: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="no memo carries"):
        ready_text(replace(FACTS, papers=papers))


def test_phrases_of_every_decision_are_whole_and_different() -> None:
    assert list(PHRASES) == ["forward", "acknowledge", "approve", "return"]
    for decision, phrases in PHRASES.items():
        assert len(set(phrases)) == len(phrases) >= 4, decision
        assert [phrase for phrase in phrases if fault_in(phrase)] == []
    assert [phrases[0] for phrases in PHRASES.values()] == [
        "เห็นชอบ",
        "ทราบ",
        "อนุมัติ",
        "โปรดแก้ไขตามที่ระบุ แล้วเสนออีกครั้ง",
    ]


@pytest.mark.parametrize(
    "reference", ["นศ 77501/203", "นศ ๗๗๕๐๑/๒๐๓", "กทม 12345/1", " นศ  77501/9 ", "นศ77501/12", ""]
)
def test_the_usual_reference_warns_of_nothing(reference: str) -> None:
    assert reference_warning(reference) == ""


@pytest.mark.parametrize(
    "reference",
    ["77501/203", "น 77501/203", "นศ 7750/203", "นศ 77501", "นศ 77501/", "นศ 77501/0", "มท 0808.2/ว 12", "x"],
)
def test_another_reference_is_warned_of_with_an_example(reference: str) -> None:
    warning = reference_warning(reference)
    assert warning.startswith(f"ที่ “{reference}” ไม่อยู่ในรูปแบบ")
    assert "เช่น นศ 77501/203" in warning


def test_a_long_reference_is_shortened() -> None:
    assert "ก" * 59 + "…”" in reference_warning("ก" * 200)
