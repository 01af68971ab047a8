"""How papers are written: columns, numbers of measures, scores and dates. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from measures.profile import (
    DEFAULT_COLUMNS,
    KINDS,
    BadColumns,
    Column,
    PaperFormat,
    check_columns,
    columns_of,
    number_of,
    screen_columns,
)


@pytest.mark.parametrize(
    ("numbering", "group", "expected"),
    [
        ("restart", 2, ["1.", "2."]),
        ("continuous", 2, ["4.", "5."]),
        ("sub", 2, ["2.1", "2.2"]),
        # A group without a number of its own (not placed yet) cannot lend one.
        ("sub", None, ["1.", "2."]),
    ],
)
def test_measures_are_numbered_in_three_ways(numbering: str, group: int | None, expected: list[str]) -> None:
    marks = [number_of(numbering, group=group, place=place, running=place + 3) for place in (1, 2)]
    assert marks == expected


def column(kind: str, width: int) -> Column:
    return Column(kind, KINDS[kind], width)


FOUR = (column("measure", 25), column("steps", 40), column("responsible", 15), column("period", 20))
SIX = (
    *(replace(c, width=w) for c, w in zip(DEFAULT_COLUMNS, (18, 30, 12, 14, 14), strict=True)),
    column("items", 12),
)


@pytest.mark.parametrize("columns", [DEFAULT_COLUMNS, FOUR, SIX])
def test_four_to_six_columns_that_fill_the_page_make_a_table(columns: tuple[Column, ...]) -> None:
    check_columns(columns)
    assert columns_of([c.data() for c in columns]) == columns


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (FOUR[:3], "เลือกพิมพ์ 3 คอลัมน์ ให้เลือก 4 ถึง 6 คอลัมน์"),
        ((*SIX, column("result", 10)), "เลือกพิมพ์ 7 คอลัมน์"),
        (
            (*FOUR[:3], replace(FOUR[3], width=25)),
            "รวมได้ 105 (25 + 40 + 15 + 25) ต้องรวมได้ 100 พอดี ให้ลดลงอีก 5",
        ),
        (
            (*FOUR[:3], replace(FOUR[3], width=10)),
            "รวมได้ 90 (25 + 40 + 15 + 10) ต้องรวมได้ 100 พอดี ให้เพิ่มอีก 10",
        ),
        ((*FOUR[:3], replace(FOUR[3], width=4)), "คอลัมน์ที่ 4 “ระยะเวลาดำเนินการ”: ความกว้าง 4 อยู่นอกช่วง"),
        ((replace(FOUR[0], heading=" "), *FOUR[1:]), "คอลัมน์ที่ 1 “มาตรการ/แนวทาง”: หัวคอลัมน์ยังว่างอยู่"),
        ((replace(FOUR[0], heading="ก" * 61), *FOUR[1:]), "หัวคอลัมน์ยาว 61 ตัวอักษร"),
        ((column("items", 25), *FOUR[1:]), "คอลัมน์ “มาตรการ/แนวทาง”: ไม่ได้เลือกพิมพ์"),
        ((*FOUR[:3], FOUR[2]), "มีคอลัมน์ชนิดเดียวกันซ้ำ"),
        ((*FOUR[:3], Column("budget", "งบประมาณ", 20)), "“budget”: ไม่มีคอลัมน์ชนิดนี้"),
    ],
)
def test_columns_that_make_no_table_are_refused_in_words(columns: tuple[Column, ...], said: str) -> None:
    with pytest.raises(BadColumns) as refused:
        check_columns(columns)
    assert said in "\n".join(refused.value.sentences)


def test_the_screen_shows_also_what_does_not_print() -> None:
    shown = screen_columns(FOUR)
    assert [(c.kind, c.prints) for c in shown][3:] == [("period", True), ("follow_up", False)]
    assert sum(c.width for c in shown) <= 100
    assert all(5 <= c.width <= 60 for c in shown)
    assert [c.kind for c in screen_columns(SIX)] == [c.kind for c in SIX]


def test_scores_dates_and_digits_are_written_as_chosen() -> None:
    thai, short = PaperFormat(), PaperFormat("arabic", short_dates=True, whole_hundred=False)
    hundred, most = Decimal(100), Decimal("90.045")
    assert [thai.score(hundred), thai.score(most), thai.score(None)] == ["๑๐๐", "๙๐.๐๕", ""]
    assert [short.score(hundred), short.score(most)] == ["100.00", "90.05"]
    first, last = date(2023, 10, 1), date(2024, 9, 30)
    assert thai.period(first, last) == "ตุลาคม ๒๕๖๖ – กันยายน ๒๕๖๗"
    assert short.period(first, last) == "ต.ค. 66 – ก.ย. 67"
    assert [thai.date(date(2024, 3, 29)), short.date(date(2024, 3, 29))] == ["๒๙ มีนาคม ๒๕๖๗", "29 มี.ค. 67"]
    assert thai.text("ข้อ i7 https://example.go.th/2567") == "ข้อ i๗ https://example.go.th/2567"
    with pytest.raises(ValueError, match="ends before"):
        thai.period(last, first)
