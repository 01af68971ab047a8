"""What a person types to find a ready measure: item codes in any notation, and words. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ita_portal.thai import parse_codes

LONGEST = 200
MOST_WORDS = 10
# Words that only join codes: "ข้อ i1 ถึง i6".
_JOINING = {"ข้อ", "ข้อที่", "ถึง", "และ", "หรือ", "กับ"}
_CODE_SIGNS = re.compile(r"ข้อที่|ข้อ|[A-Za-z0-9๐-๙.,/–—-]+")
_LOOSE_LETTER = re.compile(r"(?<![A-Za-z])([ieo])\s+(?=[0-9๐-๙])", re.IGNORECASE)


@dataclass(frozen=True)
class Query:
    """Codes of which any may be meant, and words that must all occur."""

    codes: tuple[str, ...]
    words: tuple[str, ...]


def read_query(text: str, *, tool: str = "") -> Query:
    """Read what was typed: "ข้อ i๗ งบประมาณ", "๐๑๑", "e๑๑-e๑๒"; "๓๕" is an item only with tool="OIT"."""
    typed = _LOOSE_LETTER.sub(r"\1", text[:LONGEST])
    codes = parse_codes(typed, tool=tool or None)
    words: list[str] = []
    for word in re.split(r"[\s,]+", typed):
        if codes and (word in _JOINING or not re.search(r"\w", word)):
            continue
        if codes and parse_codes(word, tool=tool or None):
            words += _CODE_SIGNS.sub(" ", word).split()
        elif word:
            words.append(word)
    return Query(tuple(codes), tuple(words[:MOST_WORDS]))
