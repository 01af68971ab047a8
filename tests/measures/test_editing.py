"""Periods as people type them, and the first sentences of the texts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assessments.scoring import Kind, Node, score
from ita_portal.thai import BadDate
from measures import starters
from measures.editing import read_limit, show_limit, typed_number

FIRST, LAST = date(2024, 2, 1), date(2024, 2, 29)


@pytest.mark.parametrize(
    "text",
    ["กุมภาพันธ์ 2567", "ก.พ. ๒๕๖๗", "ก.พ. 67", "กพ 2567", "เดือนกุมภาพันธ์ พ.ศ. 2567", "2/2567", " ๐๒/๒๕๖๗ "],
)
def test_a_month_is_its_first_and_its_last_day(text: str) -> None:
    assert read_limit(text, last=False) == FIRST
    assert read_limit(text, last=True) == LAST


@pytest.mark.parametrize("text", ["15 ก.พ. 2567", "๑๕/๒/๒๕๖๗", "2024-02-15", "วันที่ 15 กุมภาพันธ์ 2567"])
def test_a_full_date_is_itself(text: str) -> None:
    assert read_limit(text, last=False) == read_limit(text, last=True) == date(2024, 2, 15)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "ยังไม่ได้กรอก"),
        ("ต้นปี", "อ่าน “ต้นปี” ไม่ได้ ให้กรอกเดือนและปี พ.ศ. เช่น ตุลาคม 2566"),
        ("กุมภา 2567", "อ่าน “กุมภา 2567” ไม่ได้"),
        ("13/2567", "อ่าน “13/2567” ไม่ได้"),
        ("30 ก.พ. 2567", "ไม่มีจริง"),
        ("2567", "อ่านวันที่ “2567” ไม่ได้"),
    ],
)
def test_anything_else_is_named_with_an_example(text: str, sentence: str) -> None:
    with pytest.raises(BadDate, match=sentence):
        read_limit(text, last=False)


def test_an_edge_of_a_month_is_shown_as_the_month() -> None:
    assert show_limit(FIRST, last=False) == show_limit(LAST, last=True) == "กุมภาพันธ์ ๒๕๖๗"
    assert show_limit(LAST, last=False) == "๒๙ กุมภาพันธ์ ๒๕๖๗"


@pytest.mark.parametrize("text", ["", "-1", "1.5", "๑", "9" * 30, "1 or 1"])
def test_a_number_that_the_page_did_not_send_names_nothing(text: str) -> None:
    assert typed_number(text) == 0


def tree() -> Node:
    def indicator(number: int, *codes: str) -> Node:
        questions = tuple(Node(code, Kind.QUESTION) for code in codes)
        return Node(f"indicator-{number}", Kind.INDICATOR, f"ชื่อ{number}", children=questions)

    tool = Node(
        "IIT",
        Kind.TOOL,
        weight=Decimal(100),
        children=(indicator(1, "i1", "i2"), indicator(2, "i3")),
    )
    return Node("total", Kind.TOTAL, children=(tool,))


def scores(**values: str) -> dict[tuple[str, int], Decimal]:
    return {(code, 0): Decimal(value) for code, value in values.items()}


def test_the_opening_tells_total_change_and_weak_items() -> None:
    result = score(tree(), scores(i1="80", i2="90", i3="95"), previous={("total", 0): Decimal("92.50")})
    told = starters.opening(result, be_year=2566, organisation="อบต.ตัวอย่าง")
    assert "อบต.ตัวอย่างได้คะแนนรวม 90.00 คะแนน" in told
    assert "ลดลงจากปีงบประมาณ พ.ศ. 2565 ซึ่งได้ 92.50 คะแนน อยู่ 2.50 คะแนน" in told
    assert "สูงสุดคือตัวชี้วัดที่ 2 ชื่อ2 (95.00 คะแนน)" in told
    assert "ต่ำกว่าเกณฑ์ 85 คะแนน จำนวน 1 ข้อ" in told
    assert "ปีงบประมาณ พ.ศ. 2567" in told


def test_the_opening_without_a_year_before_and_without_weak_items() -> None:
    told = starters.opening(score(tree(), scores(i1="90", i2="90", i3="95")), be_year=2566, organisation="ก")
    assert "2565" not in told
    assert "ไม่มีข้อที่ได้คะแนนต่ำกว่าเกณฑ์ 85 คะแนน" in told


def test_nothing_is_told_of_what_is_not_known() -> None:
    result = score(tree(), scores(i1="80"))
    assert starters.opening(result, be_year=2566, organisation="ก") == ""
    assert starters.topic([result["i2"]], threshold=Decimal(85)) == ""


def test_a_topic_names_its_weak_scores_weakest_first() -> None:
    result = score(tree(), scores(i1="84.99", i2="70", i3="85"))
    told = starters.topic([result["i1"], result["i2"], result["i3"]], threshold=Decimal(85))
    assert "คะแนน 3 ข้อ" in told
    assert "ได้แก่ i2 (70.00), i1 (84.99) จึง" in told
    told = starters.topic([result["i3"]], threshold=Decimal(85))
    assert "ทุกข้อได้คะแนนไม่ต่ำกว่าเกณฑ์ 85 คะแนน ข้อที่ได้คะแนนน้อยที่สุดคือ i3 (85.00)" in told
