"""The tables as CSV and XLSX: read back cell by cell, no formulas, units in headings, the same bytes each time."""

from __future__ import annotations

import copy
import csv
import io
import zipfile
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ita_portal.cells import is_formula
from measures.models import MeasurePlan
from reports.papers.data import data_of
from reports.table_files import TABLES, to_csv, to_xlsx

from .conftest import add_measures

SCORED = {"last_year": "79.55", "change": "7.27", "flagged": False}
INDICATOR = {"code": "indicator-8", "number": 8, "name": "การปรับปรุงระบบการทำงาน", "tool": "EIT"}
DATA: dict[str, Any] = {
    "kind": "plan",
    "title": "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567",
    "be_year": 2567,
    "measured_year": 2566,
    "organisation": {
        "name": "องค์การบริหารส่วนตำบลทุ่งทอง",
        "short_name": "อบต.ทุ่งทอง",
        "district": "",
        "province": "ตัวอย่าง",
    },
    "total": "94.16",
    "total_last_year": "92.83",
    "total_change": "1.33",
    "level": "ผ่าน",
    "threshold": "85",
    "tools": [
        {"code": "EIT", "part": 0, "name": "แบบวัด", "score": "87.36"} | SCORED,
        {"code": "EIT", "part": 2, "name": "แบบวัด", "score": "84.38"} | SCORED,
    ],
    "indicators": [
        INDICATOR | {"score": "84.03", "last_year": "86.10", "change": "-2.07", "flagged": True},
        INDICATOR
        | {
            "code": "indicator-9",
            "number": 9,
            "score": "100.00",
            "last_year": None,
            "change": None,
            "flagged": False,
        },
    ],
    "questions": [
        {
            "code": "e1",
            "part": 2,
            "indicator": "indicator-6",
            "title": "ข้อความ “อ้าง”, จุลภาค",
            "score": "83.50",
            "gap": "1.50",
            "last_year": None,
            "change": None,
            "flagged": True,
        }
    ],
    "measures": [
        {
            "group": "(1) กระบวนการ",
            "number": "2.1",
            "measure": "จัดทำคู่มือ",
            "answers": ["i7", "e9"],
            "steps": ["สำรวจ", "ประกาศ"],
            "responsible": ["สำนักปลัด", "กองคลัง"],
            "starts_on": "2023-10-01",
            "ends_on": "2024-09-30",
            "period": "ตุลาคม 2566 – กันยายน 2567",
            "follow_up": "",
        }
    ],
    "excuses": [{"code": "e14", "title": "การปรับปรุง", "reason": "รวมกับมาตรการอื่น"}],
}
INJECTIONS = [
    "=HYPERLINK(1)",
    "+1",
    "-1+1",
    "@x",
    "\t=1",
    "\r\n=1",
    " =1",
    "\u00a0\u200b=1",
    "＝1",
    "－1",
    "=cmd|'/c calc'!A1",
]


def read_csv(content: bytes) -> list[list[str]]:
    """Return the rows of a CSV file."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> Workbook:
    """Return a workbook as it was written, formulas included."""
    return load_workbook(io.BytesIO(content))


def attacked(text: str) -> dict[str, Any]:
    """Return the data with `text` in every place that a person can write."""
    data = copy.deepcopy(DATA)
    data["organisation"] = dict.fromkeys(data["organisation"], text)
    data["title"] = data["level"] = text
    for table in TABLES.values():
        for row in data.get(table.key, ()):
            for column in table.columns:
                if column.holds in ("text", "score", "change"):
                    row[column.key] = text
                elif column.holds in ("list", "lines"):
                    row[column.key] = [text]
    return data


# --- CSV ------------------------------------------------------------------------------------------------------


def test_csv_reads_back() -> None:
    assert read_csv(to_csv(DATA, "indicators")) == [
        [
            "รหัส",
            "ตัวชี้วัดที่",
            "ชื่อตัวชี้วัด",
            "เครื่องมือ",
            "คะแนน (0–100)",
            "คะแนนปีก่อน (0–100)",
            "เปลี่ยนแปลง (คะแนน)",
            "ต่ำกว่าเกณฑ์ (ใช่/ไม่ใช่)",
        ],
        ["ตัวชี้วัดที่ 8", "8", "การปรับปรุงระบบการทำงาน", "EIT", "84.03", "86.10", "-2.07", "ใช่"],
        ["ตัวชี้วัดที่ 9", "9", "การปรับปรุงระบบการทำงาน", "EIT", "100.00", "", "", "ไม่ใช่"],
    ]
    assert read_csv(to_csv(DATA, "questions"))[1:] == [
        ["e1", "2", "ตัวชี้วัดที่ 6", "ข้อความ “อ้าง”, จุลภาค", "83.50", "", "", "1.50", "ใช่"]
    ]
    assert dict(zip(*read_csv(to_csv(DATA, "measures")), strict=True)) == {
        "กลุ่ม": "(1) กระบวนการ",
        "ลำดับที่": "2.1",
        "มาตรการ/แนวทาง": "จัดทำคู่มือ",
        "ข้อที่มาตรการตอบ (รหัส)": "i7, e9",
        "ขั้นตอน/วิธีดำเนินการ": "1. สำรวจ\n2. ประกาศ",
        "ผู้รับผิดชอบ (สำนัก/กอง)": "สำนักปลัด, กองคลัง",
        "เริ่ม (วันที่ ค.ศ.)": "2023-10-01",
        "สิ้นสุด (วันที่ ค.ศ.)": "2024-09-30",
        "ระยะเวลาดำเนินการ (พ.ศ.)": "ตุลาคม 2566 – กันยายน 2567",
        "การติดตามประเมินผล": "",
    }


@pytest.mark.parametrize("table", ["ranking", "memo"])
def test_a_table_that_the_data_have_not_is_refused(table: str) -> None:
    with pytest.raises(KeyError):
        to_csv(DATA, table)


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    data = attacked(text)
    for table in ("measures", "indicators", "questions", "excuses"):
        cells = [cell for row in read_csv(to_csv(data, table)) for cell in row]
        assert [cell for cell in cells if is_formula(cell)] == []
        assert any(text.strip()[1:] in cell for cell in cells)


# --- XLSX -----------------------------------------------------------------------------------------------------


def test_a_sheet_a_table_behind_one_that_names_the_paper() -> None:
    book = read_xlsx(to_xlsx(DATA))
    assert book.sheetnames == ["เอกสาร", "มาตรการ", "ตัวชี้วัด", "ข้อคำถาม", "เหตุผลที่ไม่กำหนดมาตรการ"]
    facts = {
        name.value: value.value for name, value, *_ in book["เอกสาร"].iter_rows(max_row=14) if name.value
    }
    assert facts == {
        "เอกสาร": DATA["title"],
        "หน่วยงาน": "องค์การบริหารส่วนตำบลทุ่งทอง",
        "ชื่อย่อ": "อบต.ทุ่งทอง",
        "จังหวัด": "ตัวอย่าง",
        "ปีงบประมาณของมาตรการ (พ.ศ.)": 2567,
        "ปีงบประมาณที่ประเมิน (พ.ศ.)": 2566,
        "คะแนนรวม (0–100)": 94.16,
        "คะแนนรวมปีก่อน (0–100)": 92.83,
        "คะแนนรวมเปลี่ยนแปลง (คะแนน)": 1.33,
        "ระดับผลการประเมิน": "ผ่าน",
        "เกณฑ์ (คะแนน)": 85,
        "คะแนน EIT (0–100)": 87.36,
        "คะแนน EIT ส่วนที่ 2 (0–100)": 84.38,
    }
    explained = [
        (sheet.value, heading.value)
        for sheet, heading, meaning in book["เอกสาร"].iter_rows(min_row=16)
        if meaning.value
    ]
    assert explained == [
        (table.sheet, column.heading)
        for table in TABLES.values()
        if table.key in DATA
        for column in table.columns
    ]


def test_numbers_are_numbers_and_days_are_days() -> None:
    book = read_xlsx(to_xlsx(DATA))
    row = book["ตัวชี้วัด"][2]
    assert [(cell.value, cell.data_type) for cell in row[:5]] == [
        ("ตัวชี้วัดที่ 8", "s"),
        (8, "n"),
        ("การปรับปรุงระบบการทำงาน", "s"),
        ("EIT", "s"),
        (84.03, "n"),
    ]
    assert [cell.number_format for cell in row[4:7]] == ["0.00", "0.00", "+0.00;-0.00;0.00"]
    assert (row[6].value, row[7].value) == (-2.07, "ใช่")
    measure = {head.value: cell for head, cell in zip(*book["มาตรการ"].iter_rows(max_row=2), strict=True)}
    assert (measure["ลำดับที่"].value, measure["ลำดับที่"].data_type) == ("2.1", "s")
    first = measure["เริ่ม (วันที่ ค.ศ.)"]
    assert (first.value, first.is_date, first.number_format) == (datetime(2023, 10, 1), True, "yyyy-mm-dd")
    assert measure["ขั้นตอน/วิธีดำเนินการ"].value == "1. สำรวจ\n2. ประกาศ"
    assert measure["การติดตามประเมินผล"].value is None


def test_the_head_row_is_bold_and_stays_and_long_texts_wrap() -> None:
    book = read_xlsx(to_xlsx(DATA))
    for table in (table for table in TABLES.values() if table.key in DATA):
        sheet = book[table.sheet]
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in sheet[1]] == [column.heading for column in table.columns]
        assert [cell.font.bold for cell in sheet[1]] == [True] * len(table.columns)
        assert not any(cell.font.bold for cell in sheet[2])
        assert all(cell.alignment.wrap_text for row in sheet.iter_rows() for cell in row)
        assert {letter: size.width for letter, size in sheet.column_dimensions.items()} == {
            "ABCDEFGHIJ"[n]: column.width for n, column in enumerate(table.columns)
        }


@pytest.mark.parametrize("text", INJECTIONS)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    book = read_xlsx(to_xlsx(attacked(text)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
    texts = [cell.value for cell in cells if cell.data_type == "s"]
    assert [value for value in texts if is_formula(value)] == []
    assert sum(value.startswith("'") for value in texts) > 20


def test_control_characters_are_left_out() -> None:
    data = copy.deepcopy(DATA)
    data["measures"][0]["measure"] = "ก\x0bข\r\nค"
    assert read_xlsx(to_xlsx(data))["มาตรการ"]["C2"].value == "กข\nค"
    assert read_csv(to_csv(data, "measures"))[1][2] == "กข\nค"


def test_every_heading_of_a_number_names_its_unit() -> None:
    units = ("(0–100)", "(คะแนน)", "(วันที่ ค.ศ.)", "(ใช่/ไม่ใช่)")
    for table in TABLES.values():
        headings = [c.heading for c in table.columns]
        assert len(set(headings)) == len(headings)
        for column in table.columns:
            if column.holds in ("score", "change", "day", "flag"):
                assert column.heading.endswith(units)


# --- the same bytes, and real data -----------------------------------------------------------------------------


def test_the_same_data_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    before = to_xlsx(DATA)
    # Another day and time zone: neither the workbook nor its members may tell.
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert to_xlsx(copy.deepcopy(DATA)) == before
    assert to_csv(copy.deepcopy(DATA), "measures") == to_csv(DATA, "measures")
    with zipfile.ZipFile(io.BytesIO(before)) as packed:
        assert {member.date_time for member in packed.infolist()} == {(2000, 1, 1, 0, 0, 0)}
        assert packed.testzip() is None
        core = packed.read("docProps/core.xml").decode()
    assert core.count("2000-01-01T00:00:00Z") == 2
    properties = read_xlsx(before).properties
    assert (properties.creator, properties.title) == ("องค์การบริหารส่วนตำบลทุ่งทอง", DATA["title"])


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_the_files_of_the_province(plan_004: MeasurePlan, kind: str) -> None:
    add_measures(plan_004, 12)
    data = data_of(plan_004, kind)
    book = read_xlsx(to_xlsx(data))
    for table in (table for table in TABLES.values() if table.key in data):
        lines = read_csv(to_csv(data, table.key))
        assert len(lines) == book[table.sheet].max_row == len(data[table.key]) + 1
    scores = [Decimal(str(cell.value)) for cell in book["ตัวชี้วัด"]["E"][1:]]
    assert scores == [Decimal(row["score"]) for row in data["indicators"]]
