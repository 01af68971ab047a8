"""The tables of a paper as files for spreadsheets: CSV, one table a file, and XLSX, one sheet a table.

Pure: the data of `reports.papers.data` in, bytes out. The same data give the same bytes, so that hashes hold.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from assessments.labels import item_label
from assessments.scoring import Kind
from ita_portal.cells import safe

# A cell: a text, a score, a whole number, a day, or nothing.
Cell = str | Decimal | int | date | None

# Files tell no time of their own, or the same data would not give the same bytes.
_NO_TIME = datetime(2000, 1, 1)
_BOLD = Font(bold=True)
_TOP = Alignment(vertical="top", wrap_text=True)
_SCORE = "0.00"
_CHANGE = "+0.00;-0.00;0.00"
_DAY = "yyyy-mm-dd"
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True)
class Column:
    """One column: the key of its value in the data, its heading with the unit, what it means, its width in letters.

    holds: "text", "code" or "codes" of items, "lines" (numbered where there are several), "list", "number", "score", "change", "day" or "flag".
    """

    key: str
    heading: str
    meaning: str
    width: int
    holds: str = "text"


@dataclass(frozen=True)
class Table:
    """One table of the data: its key there, the name of its sheet, and its columns."""

    key: str
    sheet: str
    columns: tuple[Column, ...]


_CODE = "รหัสของตัวชี้วัดหรือข้อคำถามในแบบประเมิน"
_LAST_YEAR = Column(
    "last_year", "คะแนนปีก่อน (0–100)", "คะแนนของปีงบประมาณก่อนปีที่ประเมิน ว่างเมื่อไม่มีหรือเอกสารไม่ได้พิมพ์", 14, "score"
)
_CHANGE_COLUMN = Column("change", "เปลี่ยนแปลง (คะแนน)", "คะแนนปีที่ประเมินลบด้วยคะแนนปีก่อน ค่าลบคือลดลง", 14, "change")
_FLAGGED = Column("flagged", "ต่ำกว่าเกณฑ์ (ใช่/ไม่ใช่)", "คะแนนต่ำกว่าเกณฑ์ของเอกสารหรือไม่", 14, "flag")
_SCORED = Column("score", "คะแนน (0–100)", "คะแนนของปีที่ประเมิน", 14, "score")
_INDICATOR = (
    Column("code", "รหัส", _CODE, 14, "code"),
    Column("number", "ตัวชี้วัดที่", "ลำดับของตัวชี้วัดในแบบประเมิน", 11, "number"),
    Column("name", "ชื่อตัวชี้วัด", "ชื่อตามแบบประเมิน", 40),
    Column("tool", "เครื่องมือ", "IIT ผู้มีส่วนได้ส่วนเสียภายใน EIT ผู้มีส่วนได้ส่วนเสียภายนอก OIT การเปิดเผยข้อมูลสาธารณะ", 11),
)

TABLES = {
    table.key: table
    for table in (
        Table(
            "measures",
            "มาตรการ",
            (
                Column("group", "กลุ่ม", "ประเด็นหรือตัวชี้วัดที่มาตรการสังกัด", 32),
                Column("number", "ลำดับที่", "เลขลำดับของมาตรการตามที่พิมพ์ในเอกสาร", 9),
                Column("measure", "มาตรการ/แนวทาง", "ข้อความของมาตรการ มาตรการหนึ่งมีได้หลายแถว", 40),
                Column("answers", "ข้อที่มาตรการตอบ (รหัส)", _CODE, 16, "codes"),
                Column("steps", "ขั้นตอน/วิธีดำเนินการ", "ขั้นตอนของแถวนั้น", 60, "lines"),
                Column("responsible", "ผู้รับผิดชอบ (สำนัก/กอง)", "ส่วนงานที่รับผิดชอบแถวนั้น", 24, "list"),
                Column("starts_on", "เริ่ม (วันที่ ค.ศ.)", "วันแรก เขียนเป็น ปี ค.ศ.-เดือน-วัน", 14, "day"),
                Column("ends_on", "สิ้นสุด (วันที่ ค.ศ.)", "วันสุดท้าย เขียนเป็น ปี ค.ศ.-เดือน-วัน", 14, "day"),
                Column("period", "ระยะเวลาดำเนินการ (พ.ศ.)", "ช่วงเวลาตามที่พิมพ์ในเอกสาร", 28),
                Column("follow_up", "การติดตามประเมินผล", "วิธีติดตามของแถวนั้น", 36),
            ),
        ),
        Table("indicators", "ตัวชี้วัด", (*_INDICATOR, _SCORED, _LAST_YEAR, _CHANGE_COLUMN, _FLAGGED)),
        Table(
            "questions",
            "ข้อคำถาม",
            (
                Column("code", "รหัส", _CODE, 9, "code"),
                Column("part", "ส่วนที่", "ส่วนของแบบวัดที่แยกส่วน 0 คือคะแนนของทั้งข้อ", 9, "number"),
                Column("indicator", "ตัวชี้วัด (รหัส)", "รหัสของตัวชี้วัดที่ข้อคำถามสังกัด", 15, "code"),
                Column("title", "ข้อคำถาม", "ข้อความตามแบบประเมิน", 70),
                _SCORED,
                _LAST_YEAR,
                _CHANGE_COLUMN,
                Column("gap", "ห่างจากเกณฑ์ (คะแนน)", "คะแนนที่ยังขาดจึงจะถึงเกณฑ์ ว่างเมื่อไม่ต่ำกว่าเกณฑ์", 14, "score"),
                _FLAGGED,
            ),
        ),
        Table(
            "ranking",
            "อันดับตัวชี้วัด",
            (
                Column("rank", "อันดับ", "1 คือคะแนนสูงสุด คะแนนเท่ากันได้อันดับเดียวกัน", 9, "number"),
                *_INDICATOR,
                _SCORED,
            ),
        ),
        Table(
            "excuses",
            "เหตุผลที่ไม่กำหนดมาตรการ",
            (
                Column("code", "รหัส", _CODE, 14, "code"),
                Column("title", "รายการ", "ชื่อตัวชี้วัดหรือข้อความของข้อคำถาม", 60),
                Column("reason", "เหตุผล", "เหตุผลที่ไม่กำหนดมาตรการเฉพาะของรายการนั้น", 60),
            ),
        ),
    )
}


# --- cells ----------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    """A text that a cell can hold: one kind of line break, no control characters, never a formula."""
    plain = str(value).replace("\r\n", "\n").replace("\r", "\n")
    return safe(ILLEGAL_CHARACTERS_RE.sub("", plain))


def _number(value: object) -> Cell:
    """A number, or the text where the value is none."""
    return Decimal(str(value)) if _NUMBER.fullmatch(str(value)) else _text(value)


def _named(code: str) -> str:
    """An item's code as people write it: “ตัวชี้วัดที่ 8”, “i7”."""
    return item_label(Kind.INDICATOR if code.startswith("indicator-") else Kind.QUESTION, code)


def _cell(value: Any, holds: str) -> Cell:
    if value is None or value == "":
        return None
    if holds == "flag":
        return "ใช่" if value else "ไม่ใช่"
    if holds in ("score", "change"):
        return _number(value)
    if holds == "number":
        return int(value)
    if holds == "day":
        return date.fromisoformat(value)
    if holds == "code":
        return _text(_named(value))
    if holds in ("list", "codes"):
        return _text(", ".join(value if holds == "list" else map(_named, value)))
    if holds == "lines":
        lines = [f"{n}. {line}" for n, line in enumerate(value, start=1)] if len(value) > 1 else value
        return _text("\n".join(lines))
    return _text(value)


def _rows(data: Mapping[str, Any], table: Table) -> Iterator[list[Cell]]:
    for row in data[table.key]:
        yield [_cell(row[column.key], column.holds) for column in table.columns]


# --- CSV ------------------------------------------------------------------------------------------------------


def to_csv(data: Mapping[str, Any], table: str) -> bytes:
    """Write one table as CSV in UTF-8 with the mark by which spreadsheets know it; days as 2023-10-01.

    table: a key of TABLES. Raises KeyError where the data have no such table.
    """
    written = TABLES[table]
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(column.heading for column in written.columns)
    lines.writerows(_rows(data, written))
    return text.getvalue().encode("utf-8-sig")


# --- XLSX -----------------------------------------------------------------------------------------------------


def to_xlsx(data: Mapping[str, Any]) -> bytes:
    """Write the tables as a workbook: a first sheet that names the paper and the columns, then a sheet a table."""
    book = Workbook()
    tables = [table for table in TABLES.values() if table.key in data]
    _write_cover(book.active, data, tables)
    for table in tables:
        _write_table(book.create_sheet(table.sheet), table, _rows(data, table))
    book.properties.creator = data["organisation"]["name"]
    book.properties.title = data["title"]
    return _packed(book)


def _write_table(sheet: Any, table: Table, rows: Iterator[list[Cell]]) -> None:
    formats = {"score": _SCORE, "change": _CHANGE, "day": _DAY}
    sheet.append([column.heading for column in table.columns])
    for row in rows:
        sheet.append(row)
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        for place, cell in enumerate(sheet[letter]):
            cell.alignment = _TOP
            if not place:
                cell.font = _BOLD
            elif column.holds in formats:
                cell.number_format = formats[column.holds]
    sheet.freeze_panes = "A2"


def _facts(data: Mapping[str, Any]) -> Iterator[tuple[str, Cell, str]]:
    """Yield what the first sheet says of the paper: name, value, and the format of a number."""
    organisation = data["organisation"]
    yield "เอกสาร", _text(data["title"]), ""
    yield "หน่วยงาน", _text(organisation["name"]), ""
    for name, key in (("ชื่อย่อ", "short_name"), ("อำเภอ", "district"), ("จังหวัด", "province")):
        if organisation[key]:
            yield name, _text(organisation[key]), ""
    yield "ปีงบประมาณของมาตรการ (พ.ศ.)", data["be_year"], ""
    yield "ปีงบประมาณที่ประเมิน (พ.ศ.)", data["measured_year"], ""
    yield "คะแนนรวม (0–100)", _cell(data["total"], "score"), _SCORE
    if data["total_last_year"] is not None:
        yield "คะแนนรวมปีก่อน (0–100)", _cell(data["total_last_year"], "score"), _SCORE
        yield "คะแนนรวมเปลี่ยนแปลง (คะแนน)", _cell(data["total_change"], "change"), _CHANGE
    yield "ระดับผลการประเมิน", _text(data["level"]) or "ยังระบุไม่ได้", ""
    yield "เกณฑ์ (คะแนน)", _cell(data["threshold"], "score"), _SCORE
    for tool in data["tools"]:
        part = f" ส่วนที่ {tool['part']}" if tool["part"] else ""
        yield f"คะแนน {tool['code']}{part} (0–100)", _cell(tool["score"], "score"), _SCORE


def _write_cover(sheet: Any, data: Mapping[str, Any], tables: list[Table]) -> None:
    sheet.title = "เอกสาร"
    for name, value, number_format in _facts(data):
        sheet.append([name, value])
        sheet.cell(sheet.max_row, 1).font = _BOLD
        if number_format:
            sheet.cell(sheet.max_row, 2).number_format = number_format
    sheet.append([])
    sheet.append(["แผ่นงาน", "คอลัมน์", "ความหมาย"])
    for cell in sheet[sheet.max_row]:
        cell.font = _BOLD
    for table in tables:
        for column in table.columns:
            sheet.append([table.sheet, column.heading, column.meaning])
    for letter, width in zip("ABC", (32, 52, 70), strict=True):
        sheet.column_dimensions[letter].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left")
    sheet.freeze_panes = "B1"


def _packed(book: Workbook) -> bytes:
    """Return a workbook as bytes in which no time of making stands, neither inside nor of its members."""
    book.properties.created = book.properties.modified = _NO_TIME
    written = io.BytesIO()
    # `Workbook.save` would put the time of now in.
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    file = io.BytesIO()
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in source.namelist():
            member = zipfile.ZipInfo(name, _NO_TIME.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(member, source.read(name))
    return file.getvalue()
