"""The paper บันทึกข้อความ: what carries other papers up to the head, with room for every opinion on the way.

Only what stands on the sheet, and nothing of where it comes from: a `MemoSheet` in, a `Paper` out. The layout is that
of the regulation on official correspondence (ระเบียบสำนักนายกรัฐมนตรีว่าด้วยงานสารบรรณ), in ``static/css/print.css``.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import date

from ita_portal.thai import Digits, in_digits, long_date, long_month

from .paper import Paper, lines_of


@dataclass(frozen=True)
class SignatureBlock:
    """Where one person signs: the officer, or a step of the chain with its opinion above.

    heading: whose opinion, “ความเห็นของปลัด…”, empty for the officer; words: the opinion, a paragraph a line, empty
    leaves dotted lines to write on; name: with rank or prefix, empty leaves dots in the brackets; acting_kind and
    acting_for: “รักษาราชการแทน” and the position acted for; signed_on: the day below the position, None leaves the
    day blank before the month and year of `month` (and no date at all without it); mark: what stands in place of
    a signature by hand (“ลงนามทางอิเล็กทรอนิกส์ …”), empty leaves room to sign.
    """

    heading: str = ""
    words: str = ""
    name: str = ""
    position: str = ""
    acting_kind: str = ""
    acting_for: str = ""
    signed_on: date | None = None
    month: date | None = None
    mark: str = ""

    @property
    def opinion(self) -> list[str]:
        """The paragraphs of the opinion; none where it is to be written by hand."""
        return lines_of(self.words)

    @property
    def day_signed(self) -> str:
        """“29 มีนาคม 2567”, empty while nobody has signed."""
        return long_date(self.signed_on) if self.signed_on else ""

    @property
    def month_to_sign(self) -> str:
        """“มีนาคม 2567”, printed after a blank day; empty where no month is given."""
        return long_month(self.month) if self.month else ""


@dataclass(frozen=True)
class MemoSheet:
    """All that stands on a memo, with Arabic digits and plain blanks.

    sections: a heading (with its number, if it has one; or empty) and its paragraphs; attachments: without
    numbers, no line for them where empty; catchword: print the first words of the next page at the foot;
    emblem: a PNG, None leaves its place empty; names: what no line may end inside.
    """

    department: str
    phone: str
    reference: str
    dated_on: date | None
    subject: str
    addressee: str
    attachments: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    closing: str
    officer: SignatureBlock
    opinions: tuple[SignatureBlock, ...]
    catchword: bool
    emblem: bytes | None
    names: tuple[str, ...]
    digits: Digits


def memo_paper(sheet: MemoSheet, *, draft: bool) -> Paper:
    """Return the paper บันทึกข้อความ of `sheet`; draft: stamp ร่าง over every page."""
    emblem = f"data:image/png;base64,{b64encode(sheet.emblem).decode()}" if sheet.emblem else ""
    return Paper(
        title=in_digits(f"บันทึกข้อความ เรื่อง {sheet.subject}", sheet.digits),
        template="print/memo.html",
        context={
            "sheet": sheet,
            "own_class": "memo catchword" if sheet.catchword else "memo",
            "dated": long_date(sheet.dated_on) if sheet.dated_on else "",
            "emblem": emblem,
            "names": tuple(in_digits(name, sheet.digits) for name in sheet.names),
            "digits": sheet.digits,
            "arabic_digits": sheet.digits == "arabic",
            "draft": draft,
        },
    )
