"""How a paper is written: the columns of its measures table, its numbers, its digits, scores and dates.

Pure. Defaults are the five columns that the commission's guide asks for; agencies print four, five or six.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from ita_portal import thai
from ita_portal.thai import Digits

# What a column can hold, by the key under which it is kept, with the heading it usually has.
KINDS = {
    "measure": "มาตรการ/แนวทาง",
    "steps": "ขั้นตอน/วิธีดำเนินการ",
    "responsible": "ผู้รับผิดชอบ",
    "period": "ระยะเวลาดำเนินการ",
    "follow_up": "การติดตามประเมินผล",
    "items": "ตัวชี้วัด/ประเด็น",
    "result": "ผลลัพธ์/ความสำเร็จ",
}
# The two without which the table says nothing.
NEEDED = ("measure", "steps")
LEAST_COLUMNS, MOST_COLUMNS = 4, 6
LEAST_WIDTH, MOST_WIDTH = 5, 60
LONGEST_HEADING = 60
# Of a column that stands on the screen alone.
SCREEN_WIDTH = 16
# Of the column that stays empty.
SCREEN_EMPTY = 8
# Columns whose boxes need more room than print, in per cent.
SCREEN_LEAST = {"measure": 18, "responsible": 12, "period": 16}


class BadColumns(ValueError):
    """Columns that make no table; each argument is a Thai sentence (Arabic digits) for the person who set them."""

    @property
    def sentences(self) -> list[str]:
        """All that is wrong."""
        return [str(sentence) for sentence in self.args]


@dataclass(frozen=True)
class Column:
    """One column: what it holds (a key of KINDS), its heading, and its width in per cent of the table."""

    kind: str
    heading: str
    width: int

    def data(self) -> dict[str, Any]:
        """The column as it is kept in JSON."""
        return asdict(self)


DEFAULT_COLUMNS = tuple(
    Column(kind, KINDS[kind], width)
    for kind, width in (
        ("measure", 20),
        ("steps", 34),
        ("responsible", 14),
        ("period", 14),
        ("follow_up", 18),
    )
)


@dataclass(frozen=True)
class ScreenColumn(Column):
    """A column of the table on the screen, where also that is edited which the paper leaves out."""

    prints: bool = True


def screen_columns(printed: Sequence[Column]) -> list[ScreenColumn]:
    """Return the columns as they print, followed by those that hold texts and do not print."""
    kinds = {column.kind for column in printed}
    others = [kind for kind in KINDS if kind not in kinds and kind not in ("items", "result")]
    room = 100 - SCREEN_WIDTH * len(others)
    widths = {c.kind: max(SCREEN_LEAST.get(c.kind, LEAST_WIDTH), c.width * room // 100) for c in printed}
    if "result" in widths:
        widths["result"] = SCREEN_EMPTY
    # What the others take or leave, the widest column gives or gets.
    widest = max(widths, key=lambda kind: widths[kind])
    widths[widest] += room - sum(widths.values())
    return [
        *(
            ScreenColumn(c.kind, c.heading, min(MOST_WIDTH, max(LEAST_WIDTH, widths[c.kind])))
            for c in printed
        ),
        *(ScreenColumn(kind, KINDS[kind], SCREEN_WIDTH, prints=False) for kind in others),
    ]


def columns_of(data: Iterable[Mapping[str, Any]]) -> tuple[Column, ...]:
    """Return columns from kept JSON."""
    return tuple(Column(row["kind"], row["heading"], row["width"]) for row in data)


def check_columns(columns: Sequence[Column]) -> None:
    """Raise BadColumns, with all that is wrong, where columns make no table whose widths fill the page."""
    wrong = []
    for place, column in enumerate(columns, start=1):
        where = f"คอลัมน์ที่ {place} “{KINDS.get(column.kind, column.kind)}”"
        if column.kind not in KINDS:
            wrong.append(f"{where}: ไม่มีคอลัมน์ชนิดนี้ ให้เลือกจากรายการ เช่น มาตรการ/แนวทาง")
        if not column.heading.strip():
            wrong.append(f"{where}: หัวคอลัมน์ยังว่างอยู่ ให้กรอกข้อความ เช่น {KINDS.get(column.kind, 'ผู้รับผิดชอบ')}")
        elif len(column.heading) > LONGEST_HEADING:
            wrong.append(
                f"{where}: หัวคอลัมน์ยาว {len(column.heading)} ตัวอักษร ให้ยาวไม่เกิน {LONGEST_HEADING} ตัวอักษร "
                f"เช่น {KINDS.get(column.kind, 'ผู้รับผิดชอบ')}"
            )
        if not LEAST_WIDTH <= column.width <= MOST_WIDTH:
            wrong.append(
                f"{where}: ความกว้าง {column.width} อยู่นอกช่วง ให้กรอกจำนวนเต็ม {LEAST_WIDTH} ถึง {MOST_WIDTH} เช่น 20"
            )
    kinds = [column.kind for column in columns]
    for kind in NEEDED:
        if kind not in kinds:
            wrong.append(f"คอลัมน์ “{KINDS[kind]}”: ไม่ได้เลือกพิมพ์ แต่ตารางมาตรการต้องมีคอลัมน์นี้ ให้เลือกพิมพ์")
    if len(set(kinds)) < len(kinds):
        wrong.append("คอลัมน์ของตาราง: มีคอลัมน์ชนิดเดียวกันซ้ำ ให้ใช้ชนิดละหนึ่งคอลัมน์ เช่น มาตรการ/แนวทาง คอลัมน์เดียว")
    if not LEAST_COLUMNS <= len(columns) <= MOST_COLUMNS:
        wrong.append(
            f"คอลัมน์ของตาราง: เลือกพิมพ์ {len(columns)} คอลัมน์ ให้เลือก {LEAST_COLUMNS} ถึง {MOST_COLUMNS} คอลัมน์ เช่น 5 คอลัมน์"
        )
    total = sum(column.width for column in columns)
    if total != 100:
        shares = " + ".join(str(column.width) for column in columns)
        wrong.append(
            f"ความกว้างของคอลัมน์: รวมได้ {total} ({shares}) ต้องรวมได้ 100 พอดี "
            f"ให้{'ลดลง' if total > 100 else 'เพิ่ม'}อีก {abs(100 - total)} เช่น 20 + 34 + 14 + 14 + 18"
        )
    if wrong:
        raise BadColumns(*wrong)


def number_of(numbering: str, *, group: int | None, place: int, running: int) -> str:
    """Return how a measure is numbered: “3.”, or “2.3” below group 2.

    numbering: "restart" in each group, "continuous" through the table, "sub" under the group's number; group: the number of its topic or indicator, None where it has none; place: in its group, from 1;
    running: in the whole table, from 1.
    """
    if numbering == "continuous":
        return f"{running}."
    if numbering == "sub" and group is not None:
        return f"{group}.{place}"
    return f"{place}."


@dataclass(frozen=True)
class PaperFormat:
    """How one paper writes digits, scores and dates. Returned texts carry the paper's digits."""

    digits: Digits = "thai"
    short_dates: bool = False
    whole_hundred: bool = True

    def text(self, value: object) -> str:
        """A text or number in the paper's digits."""
        return thai.in_digits(str(value), self.digits)

    def score(self, value: Decimal | None) -> str:
        """A score with two places, 100 as the paper chose (“100” or “100.00”); nothing for None."""
        return "" if value is None else self.text(self.plain_score(value))

    def plain_score(self, value: Decimal) -> str:
        """A score as `score` writes it, but with Arabic digits: for sentences that are set later."""
        return thai.format_score(value, whole_hundred=self.whole_hundred)

    def date(self, day: dt.date) -> str:
        """29 มีนาคม 2567, or 29 มี.ค. 67."""
        return self.text(thai.short_date(day) if self.short_dates else thai.long_date(day))

    def period(self, start: dt.date, end: dt.date) -> str:
        """ตุลาคม 2566 – กันยายน 2567, or ต.ค. 66 – ก.ย. 67. Raises ValueError where the end lies before the start."""
        return self.text(thai.period(start, end, short=self.short_dates))
