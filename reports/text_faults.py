"""What can be wrong with a text that a person typed: blanks left over, mixed digits, another's name, typed scores.

Pure. Texts come as they are kept; live fields in braces are no typed text and are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ita_portal.thai import ARABIC_DIGITS, THAI_DIGITS, to_arabic
from measures.drafting import Facts, resolve

# Stands for a live field: neither a letter, a digit nor a bracket.
_FIELD = "•"

_UNFILLED = re.compile(
    r"\.{3,}|…+|_{3,}|(?<![A-Za-z])[Xx]{3,}(?![A-Za-z])|\(\s*\)|\[\s*\]|“\s*”|\"\s*\"|<[^<>\n]*>|\?{2,}"
)
_NUMBER = re.compile(rf"[{ARABIC_DIGITS}{THAI_DIGITS}]+(?:[.,/][{ARABIC_DIGITS}{THAI_DIGITS}]+)*")
# A score as people type it. Money, dates and numbers with three places are none.
_SCORE = re.compile(r"(?<![0-9.,/])[0-9]{1,3}\.[0-9]{2}(?![0-9]|[.,/][0-9])")
_SCORES_IN_FACT = re.compile(r"[0-9]+\.[0-9]{2}")

_KINDS = (
    "องค์การบริหารส่วนตำบล",
    "องค์การบริหารส่วนจังหวัด",
    "เทศบาลตำบล",
    "เทศบาลเมือง",
    "เทศบาลนคร",
    "อบต.",
    "อบจ.",
    "ทต.",
    "ทม.",
    "ทน.",
)
_NAMED = re.compile(rf"({'|'.join(map(re.escape, _KINDS))})[ \u00a0\u2060\u200b]*([ก-๛]+)")
# Words that follow the kind of an organisation where the text speaks of it, or of all of them, without a name.
_NO_NAME = re.compile(
    "กับ|กำหนด|กรณี|ก็|การ|ขอ|ขึ้น|ควร|คือ|จะ|จึง|จัด|ซึ่ง|ด้วย|ดำเนิน|ดัง|ได้|โดย|ตาม|ต้อง|ต่อ|ต่าง|"
    "ตั้ง|ตน|แต่|ถึง|ถูก|ทราบ|ทำ|ทั้ง|ทุก|ที่|นั้น|นี้|ใน|บาง|ประกาศ|ประชาสัมพันธ์|เปิด|เป็น|เผยแพร่|"
    "พร้อม|เพื่อ|เพิ่ม|มอบ|มี|ไม่|ยัง|รวม|ร่วม|ระบุ|รับ|ราย|รายงาน|เรื่อง|ลง|และ|แล้ว|แห่ง|สั่ง|สรุป|"
    "เสนอ|ส่ง|ให้|หรือ|หาก|หลาย|อนุมัติ|ออก|อาจ|อื่น|อีก|ของ|ใกล้เคียง|ข้างเคียง|ทบทวน|ปรับ|ติด|แจ้ง|"
    "เชิญ|ใช้|เร่ง|รักษา|วาง|สร้าง|เห็น|เอง"
)


def typed(text: str, facts: Facts) -> str:
    """Return the text with a dot in place of every live field."""
    return "".join(piece.text if piece.token is None else _FIELD for piece in resolve(text, facts))


def unfilled(text: str) -> list[str]:
    """Return what was left to be filled in: “....”, “…”, “___”, “xxx”, empty brackets; each once."""
    return list(dict.fromkeys(match[0] for match in _UNFILLED.finditer(text)))


def mixed_digits(text: str) -> list[str]:
    """Return the numbers written in Thai and Arabic digits at once: “๒๕67”."""
    return [
        number
        for number in dict.fromkeys(_NUMBER.findall(text))
        if set(number) & set(THAI_DIGITS) and set(number) & set(ARABIC_DIGITS)
    ]


def typed_scores(text: str, facts: Facts) -> list[str]:
    """Return the numbers with two places that were typed by hand and equal no score, count or change."""
    found = dict.fromkeys(_SCORE.findall(to_arabic(text)))
    if not found:
        return []
    known = {number for value in facts.values() for number in _SCORES_IN_FACT.findall(value)} | {"100.00"}
    return [number for number in found if number not in known]


def other_names(text: str, names: Iterable[str]) -> list[str]:
    """Return the organisations that a text names and that are none of `names`, as far as the words can tell.

    Thai writes without blanks, so the name of another organisation is shown with what follows it.
    """
    own = [_squeezed(name) for name in names if name]
    found = []
    for match in _NAMED.finditer(text):
        here = _squeezed(match[0])
        if any(here.startswith(name) for name in own) or _NO_NAME.match(match[2]):
            continue
        found.append(f"{match[1]}{match[2][:20]}")
    return list(dict.fromkeys(found))


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u00a0\u2060\u200b]", "", text)
