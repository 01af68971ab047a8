"""Uploaded CSV files with the columns code, part and score."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection

from ita_portal.thai import decoded, parse_code, to_arabic

from .asked import MAX_BYTES, BadFile, Reading, Refusal, Target, spoken
from .entries import Score, Value, read_value
from .paste import Reader

_COLUMNS = {"code": ("code", "รหัส"), "part": ("part", "ส่วน", "ส่วนที่"), "score": ("score", "คะแนน")}
_CSV_RULE = "ให้ส่งไฟล์ CSV ที่บรรทัดแรกเป็นหัวคอลัมน์ code,part,score และบรรทัดถัดไปเช่น i7,,86.82"


def _text_of(data: bytes, shown: str) -> str:
    """The text of a CSV file; refuses one that is too large, is no text, or is in an unknown encoding."""
    if len(data) > MAX_BYTES:
        raise BadFile(
            f"ไฟล์{shown} มีขนาดเกิน 1 MB: ไฟล์คะแนนต้องไม่เกิน 1 MB เช่น ไฟล์ CSV ที่มีเฉพาะคอลัมน์ code,part,score"
        )
    text = decoded(data)
    # Control characters: asked of the bytes where they are no text at all.
    shape = data.decode("latin-1") if text is None else text
    if data.startswith((b"%PDF", b"PK\x03\x04")) or re.search(r"[\x00-\x08\x0e-\x1f]", shape):
        raise BadFile(f"ไฟล์{shown} ไม่ใช่ไฟล์ CSV: {_CSV_RULE}")
    if text is not None:
        return text
    raise BadFile(f"อ่านตัวอักษรในไฟล์{shown} ไม่ได้: ให้บันทึกไฟล์เป็น CSV UTF-8 แล้วส่งใหม่ เช่น scores.csv")


def _positions(header: list[str], shown: str) -> dict[str, int]:
    """Where each column stands; refuses a header that lacks one."""
    names = [cell.strip().casefold() for cell in header]
    places = {
        column: next((names.index(name) for name in known if name in names), -1)
        for column, known in _COLUMNS.items()
    }
    missing = [column for column, place in places.items() if place < 0]
    if missing:
        raise BadFile(f"ไฟล์{shown} ขาดคอลัมน์ {', '.join(missing)} ในบรรทัดที่ 1: {_CSV_RULE}")
    return places


def _csv_code(text: str) -> tuple[str, int]:
    """The code of a CSV cell, and its part when it is written "e9/2"."""
    plain = to_arabic(text).strip()
    name, _, part = plain.partition("/")
    if code := parse_code(name):
        if part and not re.fullmatch(r"[0-9]", part):
            raise Refusal(f"อ่านรหัส “{plain[:40]}” ไม่ได้: ให้ใช้รหัสของปีนี้ เช่น i7 หรือ e9/2")
        return code, int(part or 0)
    for known in (plain.upper(), plain.casefold()):
        if re.fullmatch(r"IIT|EIT|OIT|total|indicator-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}", known):
            return known, 0
    raise Refusal(
        f"อ่านรหัส “{plain[:40]}” ไม่ได้: ให้ใช้รหัสของปีนี้ เช่น i7, e9, o11, indicator-1, 9.1, IIT หรือ total"
    )


def _csv_score(row: list[str], places: dict[str, int]) -> Score:
    """The score of one row; refuses with its reason."""
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    code, part = _csv_code(cells["code"])
    if typed := to_arabic(cells["part"]):
        if typed not in ("0", "1", "2"):
            raise Refusal(
                f"ส่วน “{cells['part'][:40]}” ของ{spoken(code)} อ่านไม่ได้: ให้เว้นว่างหรือใช้ 0, 1 หรือ 2 เช่น e9,2,73.60"
            )
        if part and part != int(typed):
            raise Refusal(
                f"{spoken(code)} ระบุส่วนไว้สองแบบ คือ {part} และ {typed}: ให้เหลือแบบเดียว เช่น e9,2,73.60"
            )
        part = int(typed)
    value, _ = read_value(Value(cells["score"]), code)
    return Score(code, part, value, None)


def read_csv(data: bytes, targets: Collection[Target], *, name: str = "") -> Reading:
    """Read an uploaded CSV file with the columns code, part, score, separated by commas, semicolons or tabs.

    The part is empty, 0, 1 or 2. Lines are numbered as in the file. Raises BadFile, with a Thai sentence, for a file of
    more than 1 MB, one that is no CSV, and one whose header lacks a column; `name` is quoted in it.
    """
    shown = f" “{name}”" if name else ""
    text = _text_of(data, shown)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    reader = Reader(targets)
    places: dict[str, int] | None = None
    line = 1
    try:
        for row in rows:
            if not any(cell.strip() for cell in row):
                pass
            elif places is None:
                places, width = _positions(row, shown), len(row)
            else:
                raw = delimiter.join(row)
                try:
                    if len(row) > width and any(cell.strip() for cell in row[width:]):
                        raise Refusal(f"แถว “{raw[:60]}” มีคอลัมน์เกินหัวตาราง: คะแนนต้องใช้จุดทศนิยม เช่น i7,,86.82")
                    reader.take(line, raw, [_csv_score(row, places)])
                except Refusal as refusal:
                    reader.refuse(line, raw, str(refusal))
            line = rows.line_num + 1
    except csv.Error as error:
        raise BadFile(f"ไฟล์{shown} อ่านเป็น CSV ไม่ได้ที่บรรทัด {line}: {_CSV_RULE}") from error
    if places is None:
        raise BadFile(f"ไฟล์{shown} ว่างเปล่า: {_CSV_RULE}")
    return reader.reading()
