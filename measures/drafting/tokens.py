"""Live fields in texts: `{คะแนนรวม}` or `{e9 ส่วนที่ 2:ปีก่อน}` in braces, replaced by facts when shown.

Pure. A token is `{name}` or `{name:field}`. Names are words (`WORDS`), tools (`IIT`, `EIT ส่วนที่ 2`),
indicators (`ตัวชี้วัดที่ 7`, `ตัวชี้วัดย่อยที่ 9.1`), topics (`ประเด็นที่ 3`) and items (`i7`, `e9 ส่วนที่ 2`, also written `e9/2`).
Thai or Arabic digits are the same. Braces around anything else are no token and stay as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ita_portal.thai import to_arabic

# What is shown where a field has no value.
MISSING = "…"

# Names that are words, with what each stands for (shown where a person picks a field to insert).
WORDS: dict[str, str] = {
    "หน่วยงาน": "ชื่อหน่วยงาน",
    "ปีที่ประเมิน": "ปีงบประมาณที่ประเมิน",
    "ปีก่อน": "ปีงบประมาณก่อนปีที่ประเมิน",
    "ปีมาตรการ": "ปีงบประมาณของมาตรการ",
    "เกณฑ์": "เกณฑ์คะแนนของเอกสาร",
    "คะแนนรวม": "คะแนนรวม",
    "ทิศทาง": "คะแนนรวมเพิ่มขึ้น ลดลง หรือคงเดิม",
    "ระดับ": "ระดับผลการประเมิน",
    "เหตุผลของระดับ": "เหตุผลของระดับผลการประเมิน",
    "ระดับถัดไป": "ระดับที่สูงขึ้นไปหนึ่งขั้น",
    "สิ่งที่ขาดสู่ระดับถัดไป": "คะแนนที่ยังขาดก่อนถึงระดับถัดไป",
    "จำนวนตัวชี้วัด": "จำนวนตัวชี้วัดที่มีคะแนน",
    "จำนวนตัวชี้วัดทั้งหมด": "จำนวนตัวชี้วัดของแบบประเมิน",
    "จำนวนตัวชี้วัดที่ผ่านเกณฑ์": "จำนวนตัวชี้วัดที่ผ่านเกณฑ์",
    "จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์": "จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์",
    "จำนวนตัวชี้วัดที่เพิ่มขึ้น": "จำนวนตัวชี้วัดที่คะแนนเพิ่มขึ้น",
    "จำนวนตัวชี้วัดที่ลดลง": "จำนวนตัวชี้วัดที่คะแนนลดลง",
    "จำนวนตัวชี้วัดที่คงเดิม": "จำนวนตัวชี้วัดที่คะแนนคงเดิม",
    "จำนวนข้อที่ต่ำกว่าเกณฑ์": "จำนวนข้อคำถามที่ต่ำกว่าเกณฑ์",
    "จำนวนประเด็น": "จำนวนประเด็นการวิเคราะห์",
    "ตัวชี้วัดสูงสุด": "ชื่อตัวชี้วัดที่คะแนนสูงสุด",
    "ตัวชี้วัดต่ำสุด": "ชื่อตัวชี้วัดที่คะแนนต่ำสุด",
    "ตัวชี้วัดที่ผ่านเกณฑ์": "รายชื่อตัวชี้วัดที่ผ่านเกณฑ์",
    "ตัวชี้วัดที่ต่ำกว่าเกณฑ์": "รายชื่อตัวชี้วัดที่ต่ำกว่าเกณฑ์",
    "ตัวชี้วัดที่เพิ่มขึ้น": "รายชื่อตัวชี้วัดที่คะแนนเพิ่มขึ้น",
    "ตัวชี้วัดที่ลดลง": "รายชื่อตัวชี้วัดที่คะแนนลดลง",
    "ตัวชี้วัดที่ไม่มีคะแนน": "รายชื่อตัวชี้วัดที่ไม่มีคะแนน",
    "ข้อที่ต่ำกว่าเกณฑ์": "รายการข้อคำถามที่ต่ำกว่าเกณฑ์",
}

# What can follow a colon, with what it stands for.
FIELDS: dict[str, str] = {
    "ชื่อ": "ชื่อหรือข้อความของรายการ",
    "รหัส": "รหัสหรือเลขที่ของรายการ",
    "คะแนน": "คะแนนของรายการ",
    "ปีก่อน": "คะแนนปีก่อน",
    "เปลี่ยน": "ผลต่างจากปีก่อน มีเครื่องหมาย",
    "ต่าง": "ผลต่างจากปีก่อน ไม่มีเครื่องหมาย",
    "ทิศทาง": "เพิ่มขึ้น ลดลง หรือคงเดิม",
    "ขาด": "คะแนนที่ยังขาดก่อนถึงเกณฑ์",
    "อันดับ": "อันดับของตัวชี้วัด",
    "น้ำหนัก": "น้ำหนักของเครื่องมือ",
    "ตัวชี้วัดสูงสุด": "ตัวชี้วัดของเครื่องมือที่คะแนนสูงสุด",
    "ตัวชี้วัดต่ำสุด": "ตัวชี้วัดของเครื่องมือที่คะแนนต่ำสุด",
    "คะแนนสูงสุด": "คะแนนสูงสุดของตัวชี้วัดในเครื่องมือ",
    "คะแนนต่ำสุด": "คะแนนต่ำสุดของตัวชี้วัดในเครื่องมือ",
    "จำนวนตัวชี้วัด": "จำนวนตัวชี้วัดของเครื่องมือ",
    "จำนวนตัวชี้วัดที่ต่ำกว่าเกณฑ์": "จำนวนตัวชี้วัดของเครื่องมือที่ต่ำกว่าเกณฑ์",
    "จำนวนข้อ": "จำนวนข้อที่มีคะแนน",
    "จำนวนข้อที่ต่ำกว่าเกณฑ์": "จำนวนข้อที่ต่ำกว่าเกณฑ์",
}

_BRACES = re.compile(r"\{([^{}\n]{1,80})\}")
_PART = r"(?:\s*(?:ส่วนที่|ส่วน|/)\s*(?P<part>[0-9]+))?"
_ITEM = re.compile(rf"(?:ข้อ(?:ที่)?\s*)?(?P<letter>[ieoIEO])\s?0*(?P<number>[1-9][0-9]*){_PART}")
_TOOL = re.compile(rf"(?P<tool>[IEOieo][Ii][Tt]){_PART}")
_NUMBERED = re.compile(
    rf"(?P<kind>ตัวชี้วัดย่อย|ตัวชี้วัด|ประเด็น)(?:ที่)?\s*(?P<number>[1-9][0-9]*(?:\.[0-9]+)?){_PART}"
)


class Facts(Mapping[str, str]):
    """The values of all tokens by their canonical names, with Arabic digits; a name without a value is absent."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def __getitem__(self, token: str) -> str:
        return self._values[token]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: plain words (token None), or the value of a token; known: whether there is a value."""

    text: str
    token: str | None = None
    known: bool = True


def token_of(inside: str) -> str | None:
    """Return the canonical name of what stands in braces, or None where it is no token.

    "E๙ ส่วนที่ ๒ : ปีก่อน" is "e9 ส่วนที่ 2:ปีก่อน". A token need not have a value: {i99} is one without.
    """
    name, colon, field = " ".join(to_arabic(inside).split()).partition(":")
    canonical = _name_of(name.strip())
    if canonical is None:
        return None
    field = field.strip()
    if colon and field not in FIELDS:
        return None
    return f"{canonical}:{field}" if colon else canonical


def _name_of(name: str) -> str | None:
    if name in WORDS:
        return name
    if match := _ITEM.fullmatch(name):
        return _with_part(match["letter"].lower() + match["number"], match["part"])
    if match := _TOOL.fullmatch(name):
        return _with_part(match["tool"].upper(), match["part"])
    if match := _NUMBERED.fullmatch(name):
        return _with_part(f"{match['kind']}ที่ {match['number']}", match["part"])
    return None


def _with_part(code: str, part: str | None) -> str:
    return f"{code} ส่วนที่ {int(part)}" if part else code


def resolve(text: str, facts: Mapping[str, str]) -> list[Piece]:
    """Cut a text into plain words and the values of its tokens.

    A token without a value shows "…" and is not known, so that a check can find it. Never raises.
    """
    pieces: list[Piece] = []
    end = 0
    for match in _BRACES.finditer(text):
        token = token_of(match[1])
        if token is None:
            continue
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()]))
        value = facts.get(token)
        pieces.append(Piece(MISSING if value is None else value, token, value is not None))
        end = match.end()
    if end < len(text):
        pieces.append(Piece(text[end:]))
    return pieces


def resolved(text: str, facts: Mapping[str, str]) -> str:
    """Return the text with the values of its tokens, Arabic digits."""
    return "".join(piece.text for piece in resolve(text, facts))


def tokens_in(text: str) -> list[str]:
    """Return the canonical names of a text's tokens, each once, in the order of their first mention."""
    found = (token_of(match[1]) for match in _BRACES.finditer(text))
    return list(dict.fromkeys(token for token in found if token is not None))


def odd_braces(text: str) -> list[str]:
    """Return what stands in braces and is no token, braces included: most likely a token misspelt."""
    return [match[0] for match in _BRACES.finditer(text) if token_of(match[1]) is None]


def unknown_tokens(text: str, facts: Mapping[str, str]) -> list[str]:
    """Return the tokens of a text that have no value."""
    return [token for token in tokens_in(text) if token not in facts]


def basis(text: str, facts: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a text's tokens as they are now, "…" where there is none: to keep beside an edited text."""
    return {token: facts.get(token, MISSING) for token in tokens_in(text)}


def changed_tokens(basis: Mapping[str, str], facts: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return (token, old value, new value) of every token whose value is no longer the one kept."""
    now = ((token, old, facts.get(token, MISSING)) for token, old in basis.items())
    return [(token, old, new) for token, old, new in now if old != new]
