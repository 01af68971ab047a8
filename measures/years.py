"""Moving a text or a day from one fiscal year to a later one.

Pure. A typed year moves where it speaks of the plan's own time; the year of a law, a five-year plan, an
order's number or an amount of money stays.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Container
from datetime import date

from ita_portal.thai import ARABIC_DIGITS, LONG_MONTHS, SHORT_MONTHS, THAI_DIGITS, to_arabic

_TO_THAI = str.maketrans(ARABIC_DIGITS, THAI_DIGITS)
_MONTHS = "|".join(re.escape(month) for month in (*LONG_MONTHS, *SHORT_MONTHS))
_SHORT_MONTHS = "|".join(re.escape(month) for month in SHORT_MONTHS)
_LEFT = r"(?<![0-9A-Za-z])(?<![0-9][.,/-])(?<![0-9]–)"
_RIGHT = r"(?![0-9A-Za-z]|[.,/–-][0-9])"
_RUN = re.compile(
    rf"""
    (?P<kept>
        \{{[^{{}}\n]*\}}                                                # a live field
      | (?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[^\s<>"'“”]+                # an address
      | [A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+
      | [A-Za-z][A-Za-z0-9_]*(?:[-._/:][A-Za-z0-9_]+)+                  # a file name or a Latin code
      | (?:ISO|IEC|IEEE)[ ]?[0-9]+(?::[0-9]+)?
    )
  | (?P<month>{_SHORT_MONTHS})(?P<blank>\s*)(?P<short>[0-9]{{2}})(?![0-9/.,]|\s*%)
  | {_LEFT}(?P<first>25[0-9]{{2}})(?P<dash>\s*[-–]\s*)(?P<last>25[0-9]{{2}}){_RIGHT}
  | (?P<lead>(?<![0-9/])[0-9]{{1,2}}/[0-9]{{1,2}}/|(?:ไตรมาส|ครั้ง|รอบ|งวด)(?:ที่)?\s*[0-9]{{1,2}}/)(?P<told>25[0-9]{{2}}){_RIGHT}
  | {_LEFT}(?P<year>25[0-9]{{2}}){_RIGHT}
    """,
    re.VERBOSE,
)
# What makes a number an amount, where nothing makes it a year.
_COUNTED = re.compile(
    r"[ \u00a0]*(?:บาท|คน|ราย(?!งาน|การ|ได้|จ่าย|ละเอียด|เดือน|ไตรมาส|ปี|ชื่อ|ข้อ|ตัว)|ครั้ง(?!ที่)|แห่ง|เรื่อง(?!\s|ร้อง)|ฉบับ(?!ที่)"
    r"|ชุด|ครัวเรือน|คะแนน|ตารางเมตร|ตารางวา|ไร่|เมตร|กิโลเมตร|หน่วย(?!งาน)|%)"
)
# What makes a year one of the calendar, whatever stands before.
_DATED = re.compile(rf"(?:ปี|ปีงบประมาณ|ปีการศึกษา|{_MONTHS})\s*(?:พ\.?\s?ศ\.?)?\s*$")
_ERA = re.compile(r"พ\.?\s?ศ\.?\s*$")
_LAW = re.compile(
    r"พระราชบัญญัติ|พ\.\s?ร\.\s?บ\.|พระราชกฤษฎีกา|พระราชกำหนด|รัฐธรรมนูญ|ประมวลกฎหมาย|กฎกระทรวง|ระเบียบ|ข้อบังคับ|ข้อกำหนด"
)
_RULING = re.compile(r"ประกาศ|ข้อบัญญัติ|เทศบัญญัติ|คำสั่ง|มติ|หลักเกณฑ์|หนังสือ|แผนพัฒนา|แผนแม่บท|ยุทธศาสตร์")


def years_around(be_year: int) -> range:
    """Return the years of which the plan of a fiscal year speaks: from the year before the assessed one to
    the year after the plan's."""
    return range(be_year - 2, be_year + 2)


def shift_years(text: str, *, by: int = 1, years: Container[int]) -> str:
    """Return a text with its Buddhist years moved on by `by` years, in the kind of digits that it had.

    Only `years` move: whole ones (2566), and two digits right after an abbreviated month (ต.ค. 66). Left as
    they are: the years of laws and rulings (ระเบียบ… พ.ศ. 2566), spans of more than two years (แผนพัฒนา
    2566-2570), numbers of orders (123/2566), amounts and counts (2,566; 2566 บาท), addresses, Latin codes and
    live fields in braces.
    """
    plain = to_arabic(text)  # turns digit by digit, so that places are the same in both
    moved: list[str] = []
    end = 0
    for match in _RUN.finditer(plain):
        for name in ("short", "first", "last", "told", "year"):
            if match[name] is None or not _moves(match, name, years):
                continue
            at = match.start(name)
            was = text[at : match.end(name)]
            new = str(int(match[name]) + by)[-len(was) :]
            moved += [text[end:at], new if was.isascii() else new.translate(_TO_THAI)]
            end = match.end(name)
    return "".join(moved) + text[end:]


def _moves(match: re.Match[str], name: str, years: Container[int]) -> bool:
    """Whether one year of a match of `_RUN` is one that moves."""
    if name == "short":
        return 2500 + int(match["short"]) in years
    if int(match[name]) not in years:
        return False
    if name in ("first", "last") and int(match["last"]) - int(match["first"]) != 1:
        return False
    if name == "told":
        return True
    line = match.string[match.string.rfind("\n", 0, match.start()) + 1 : match.start()]
    if _DATED.search(line):
        return True
    if _COUNTED.match(match.string, match.end(name)):
        return False
    return not (_LAW.search(line) or (_ERA.search(line) and _RULING.search(line)))


def shift_day(day: date, *, by: int = 1) -> date:
    """Return the same day `by` years later; the last day of a month stays the last of its month."""
    last = monthrange(day.year + by, day.month)[1]
    is_last = day.day == monthrange(day.year, day.month)[1]
    return day.replace(year=day.year + by, day=last if is_last else min(day.day, last))
