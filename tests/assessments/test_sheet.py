"""The shaping of the score sheet, and what a posted sheet means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments import sheet
from assessments.scoring import Kind, Node, score
from ita_portal.thai import BadScore

QUESTIONS = tuple(Node(f"i{n}", Kind.QUESTION, "ท่านทราบ") for n in (1, 2))
E_QUESTIONS = (Node("e1", Kind.QUESTION, "ติดต่อ", parts=(1, 2)),)
TREE = Node(
    "total",
    Kind.TOTAL,
    children=(
        Node(
            "IIT",
            Kind.TOOL,
            "ภายใน",
            Decimal(50),
            children=(Node("indicator-1", Kind.INDICATOR, "หน้าที่", children=QUESTIONS),),
        ),
        Node(
            "EIT",
            Kind.TOOL,
            "ภายนอก",
            Decimal(50),
            parts=(1, 2),
            children=(Node("indicator-6", Kind.INDICATOR, "คุณภาพ", parts=(1, 2), children=E_QUESTIONS),),
        ),
    ),
)
LABELS = {key: sheet.cell_name(key) for node in TREE.walk() for key in node.cells}


# --- reading --------------------------------------------------------------------------------------------------------


def test_only_changed_cells_are_values() -> None:
    data = {
        "i1": " 90 ",
        "was-i1": "3:90",  # as it was shown
        "i2": "๙๑.๕",
        "was-i2": "2:91.50",  # the same value in other digits
        "e1/1": "๘๘",
        "was-e1/1": "1:87",
        "e1/2": "",
        "was-e1/2": "4:50",
    }
    posted = sheet.read_form(data, LABELS)
    assert posted.values == {("e1", 1): Decimal(88), ("e1", 2): None}
    assert posted.seen == {("i1", 0): 3, ("i2", 0): 2, ("e1", 1): 1, ("e1", 2): 4}
    assert not posted.has_errors


def test_a_bad_cell_keeps_its_text_and_spoils_the_whole() -> None:
    posted = sheet.read_form({"i1": "abc", "i2": "90"}, LABELS)
    assert posted.has_errors
    assert posted.typed["i1", 0].text == "abc"
    assert posted.typed["i1", 0].error.startswith("i1: คะแนน “abc” ไม่ใช่ตัวเลข")


def test_fields_of_no_cell_are_passed_over() -> None:
    assert sheet.read_form({"i99": "90", "depth": "tools"}, LABELS).typed == {}


@pytest.mark.parametrize("was", ["", "x:90", ":", "-1:", "9" * 5000 + ":"])
def test_a_broken_version_is_that_of_an_empty_cell(was: str) -> None:
    assert sheet.read_form({"i1": "91", "was-i1": was}, LABELS).seen == {("i1", 0): 0}


@pytest.mark.parametrize("text", ["50", "๙๙.๙๙", "0.01"])
def test_a_disclosure_item_is_0_or_100(text: str) -> None:
    with pytest.raises(BadScore, match=r"^o7: .* 0 หรือ 100 เท่านั้น เช่น 100$"):
        sheet.read_cell(("o7", 0), "o7", text)


@pytest.mark.parametrize("text", ["-1", "100.01", "abc", "๙๐.๕.๕", "93.666", "93,66", "a: b"])
def test_an_unreadable_disclosure_item_gets_its_own_rule_and_example(text: str) -> None:
    with pytest.raises(BadScore) as refused:
        sheet.read_cell(("o7", 0), "o7", text)
    assert str(refused.value).startswith(f"o7: คะแนน “{text}” ")
    assert str(refused.value).endswith(": ข้อ OIT มีคะแนน 0 หรือ 100 เท่านั้น เช่น 100")
    assert str(refused.value).count("เช่น") == 1


@pytest.mark.parametrize(("text", "value"), [("0", 0), ("๑๐๐", 100), ("100.00", 100), (" ", None)])
def test_a_disclosure_item_takes(text: str, value: int | None) -> None:
    assert sheet.read_cell(("o7", 0), "o7", text) == value


@pytest.mark.parametrize(
    ("name", "key"), [("i7", ("i7", 0)), ("e9/2", ("e9", 2)), ("e9/x", ("e9", -1)), ("9.1", ("9.1", 0))]
)
def test_key_of_a_cell_name(name: str, key: tuple[str, int]) -> None:
    assert sheet.key_of(name) == key


# --- showing --------------------------------------------------------------------------------------------------------

SCORES = {("i1", 0): Decimal(80), ("i2", 0): Decimal(90), ("e1", 1): Decimal(95), ("e1", 2): Decimal("84.99")}


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (
            "questions",
            ["total", "IIT", "indicator-1", "i1", "i2", "EIT", "EIT/1", "EIT/2", "indicator-6", "e1"],
        ),
        ("indicators", ["total", "IIT", "indicator-1", "EIT", "EIT/1", "EIT/2", "indicator-6"]),
        ("tools", ["total", "IIT", "EIT", "EIT/1", "EIT/2"]),
    ],
)
def test_each_depth_has_its_rows(depth: str, names: list[str]) -> None:
    rows = sheet.rows_of(score(TREE, SCORES), depth, LABELS, {})
    assert [row.name for row in rows] == names


def test_a_question_in_parts_has_a_cell_and_a_flag_for_each() -> None:
    row = sheet.rows_of(score(TREE, SCORES), "questions", LABELS, {})[-1]
    assert [cell.name for cell in row.cells] == ["e1/1", "e1/2"]
    assert row.painted.flags == ("ส่วนที่ ๒ ขาด ๐.๐๑",)
    assert row.painted.weak == ("e1/2",)


def test_a_difference_is_a_warning_with_both_numbers() -> None:
    result = score(TREE, SCORES | {("indicator-1", 0): Decimal("85.02")})
    assert sheet.paint(result["indicator-1"]).warning == "ประกาศ ๘๕.๐๒ แต่คำนวณได้ ๘๕.๐๐ ต่างกัน ๐.๐๒"
    assert sheet.paint(score(TREE, SCORES | {("IIT", 0): Decimal("85.01")})["IIT"]).warning == ""


def test_what_the_announced_leave_over_is_a_hint() -> None:
    result = score(TREE, {("total", 0): Decimal(90), ("IIT", 0): Decimal(85)})
    assert sheet.paint(result["EIT"]).hint == "คิดย้อนจากคะแนนที่ประกาศได้ ๙๕.๐๐"


def test_typed_text_stands_in_place_of_what_is_saved() -> None:
    typed = {("i1", 0): sheet.Typed("abc", "80", 3, "i1: ไม่ใช่ตัวเลข")}
    row = sheet.rows_of(score(TREE, SCORES), "questions", LABELS, {}, typed)[3]
    (cell,) = row.cells
    assert (cell.text, cell.shown, cell.version, cell.error) == ("abc", "80", 3, "i1: ไม่ใช่ตัวเลข")


def test_the_foot_names_tools_total_and_level() -> None:
    foot = sheet.foot_of(score(TREE, SCORES))
    assert [(e.name, e.value, e.weak) for e in foot.entries] == [
        ("IIT", "๘๕.๐๐", False),
        ("EIT ๑", "๙๕.๐๐", False),
        ("EIT ๒", "๘๔.๙๙", True),
        ("รวม", "๘๗.๕๐", False),
    ]
    assert foot.level == "ผ่าน"
    assert "EIT ส่วนที่ ๒ = ๘๔.๙๙" in foot.reason
