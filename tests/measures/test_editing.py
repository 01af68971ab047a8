"""Periods as people type them, and the first sentences of the texts."""

from __future__ import annotations

from datetime import date

import pytest

from ita_portal.thai import BadDate
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
