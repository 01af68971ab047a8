"""What a reading is, and what an instrument asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from ita_portal.thai import to_arabic

MAX_BYTES = 1024 * 1024
TOTAL = "total"
MAX_VALUES = 6  # more numbers in one row than any table of scores has
WHOLES = ("IIT", "EIT", "OIT", TOTAL)
# The indicators of each tool have had these numbers in every instrument since 2562; tables print the score of a tool
# in a merged cell beside the first of them.
TOOL_OF = {
    f"indicator-{number}": tool
    for tool, numbers in (("IIT", range(1, 6)), ("EIT", range(6, 9)), ("OIT", range(9, 11)))
    for number in numbers
}
FIRST_OF_TOOL = ("indicator-1", "indicator-6", "indicator-9")


@dataclass(frozen=True)
class Target:
    """One value that the instrument asks for; the title is the official wording, by which a row may be recognised."""

    code: str
    part: int
    title: str


@dataclass(frozen=True)
class Found:
    """A score that was read: its line (from 1), code, part and value, and the text of the line.

    `previous` is last year's value, printed in brackets; behind two parts it is that of the whole question.
    """

    line: int
    code: str
    part: int
    value: Decimal
    previous: Decimal | None
    text: str


@dataclass(frozen=True)
class Refused:
    """A line (from 1) that holds a score which cannot be taken, with the reason as a Thai sentence."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What was read, each code and part once, and what was refused; both in the order of the lines."""

    found: tuple[Found, ...]
    refused: tuple[Refused, ...]


class BadFile(ValueError):
    """An upload that is no readable CSV file; its text is a Thai sentence for the person who sent it."""


class Refusal(Exception):
    """Why one entry cannot be taken, before the number of its line is put in front."""


def spoken(code: str) -> str:
    """The name of a code in a Thai sentence: "ข้อ i7", "ตัวชี้วัดที่ 1", "คะแนนรวม"."""
    if code == TOTAL:
        return "คะแนนรวม"
    if code.startswith("indicator-"):
        return f"ตัวชี้วัดที่ {code.removeprefix('indicator-')}"
    if code[0].isdigit():
        return f"ตัวชี้วัดย่อยที่ {code}"
    return f"เครื่องมือ {code}" if code.isupper() else f"ข้อ {code}"


def squeeze(text: str) -> str:
    """A wording without blanks and with one kind of digits, for comparison."""
    return "".join(to_arabic(text).split()).casefold()


class Asked:
    """The targets of one year, looked up by code and by wording."""

    def __init__(self, targets: Collection[Target]) -> None:
        parts: dict[str, set[int]] = defaultdict(set)
        by_title: dict[str, set[str]] = defaultdict(set)
        self.titles: dict[str, str] = {}
        for target in targets:
            parts[target.code].add(target.part)
            if title := squeeze(target.title):
                by_title[title].add(target.code)
                self.titles[target.code] = title
        self.parts = {code: tuple(sorted(numbers)) for code, numbers in parts.items()}
        self.by_title = {title: min(codes) for title, codes in by_title.items() if len(codes) == 1}

    def split(self, code: str) -> tuple[int, ...]:
        """The parts of an item that has no single value; empty for every other item."""
        parts = self.parts.get(code, (0,))
        return () if 0 in parts else parts

    def check(self, code: str, part: int) -> None:
        """Refuse a code of another year, and a part that the item does not have."""
        if code not in self.parts:
            raise Refusal(f"เครื่องมือประเมินของปีนี้ไม่มี{spoken(code)}: ให้ตรวจรหัสและปีงบประมาณ เช่น i7, e9/2 หรือ o11")
        if part in self.parts[code]:
            return
        if part == 0:
            raise Refusal(
                f"{spoken(code)} มีคะแนนสองส่วน แต่พบเพียงค่าเดียว: ให้ระบุส่วน เช่น {code}/1 91.47 และ {code}/2 83.50"
            )
        numbers = [str(number) for number in self.parts[code] if number]
        if not numbers:
            raise Refusal(f"{spoken(code)} ไม่มีการแบ่งส่วน แต่ระบุส่วนที่ {part}: ให้กรอกค่าเดียว เช่น {code} 93.66")
        raise Refusal(
            f"{spoken(code)} ไม่มีส่วนที่ {part}: มีเพียงส่วนที่ {' และ '.join(numbers)} เช่น {code}/{numbers[0]} 91.47"
        )
