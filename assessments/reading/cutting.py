"""A pasted text, cut into entries."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ita_portal.thai import to_arabic

from .asked import TOTAL, WHOLES, Asked
from .entries import Entry, tail_of

_HEAD = re.compile(
    r"""
    (?: ข้อ(?:ที่)?\s* )? (?P<letter>[ieo]) \s? 0* (?P<item>[1-9][0-9]?) (?![0-9A-Za-z]) (?: \s?/\s?(?P<item_part>[0-9])(?![0-9]) )?
  | (?: ข้อ(?:ที่)?\s* )? 0+ (?P<zero>[1-9][0-9]?) (?! [0-9A-Za-z] | [.,/:-][0-9] ) (?P<zero_end>\.(?=\s))?
  | ตัวชี้วัดย่อย(?:ที่)? \s* (?P<sub>[0-9]{1,2}\.[0-9]{1,2}) (?![0-9])
  | (?: ตัวชี้วัด(?:ที่)? \s* | indicator [-\s]? ) (?P<indicator>[0-9]{1,2}) (?! [0-9] | \.[0-9] )
  | (?: (?:ผล)?คะแนน(?:เฉลี่ย|รวม)?(?:ของ)? \s* )? (?: เครื่องมือ(?:ที่\s*[0-9])? \s* | แบบ[^\t0-9]{0,150}? )?
    \(? (?<![A-Za-z]) (?P<tool>IIT|EIT|OIT) (?![A-Za-z0-9]) \)? (?: \s* (?:ส่วนที่|/) \s* (?P<tool_part>[0-9]) (?![0-9.]) )?
  | (?P<total> รวมคะแนน | (?:ผล)?คะแนน(?:ผลการประเมิน|เฉลี่ย|ภาพ)?รวม | ผลคะแนน | คะแนนเฉลี่ย | คะแนน\s*ITA | รวม(?=\s|$) | total\b )
    (?:ทั้งหมด|ทั้งสิ้น|เฉลี่ย)?
  """,
    re.VERBOSE | re.IGNORECASE,
)
_BARE_SUB = re.compile(r"(?P<sub>[0-9]{1,2}\.[0-9])(?=\s+\S)")
_CELL_START = re.compile(r"[\s•▪*#>\-–]*(?:[0-9]{1,2}[.)](?![0-9])\s*)?")
_AFTER_VALUE = re.compile(r"(?:[0-9)]|คะแนน)\s+$")
UNREADABLE_CODE = re.compile(r"\s*(?:ข้อ(?:ที่)?\s*)?(?:[0-9]{1,3}|[A-Za-z|!][0-9]{1,3})[.)]?(?=\s)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CELL_TAG = re.compile(r"</t[dh]>\s*<t[dh][^<>]*>", re.IGNORECASE)


def plain_line(line: str) -> str:
    """A line without the marks of the program it was copied from, with Arabic digits; columns end in tabs."""
    text = html.unescape(_TAG.sub(" ", _CELL_TAG.sub("\t", line)))
    text = re.sub("[\u200b\u200c\u200d\ufeff]", "", text).replace("**", " ")
    text = re.sub(r"[^\S\t]+", " ", text)
    if text.lstrip().startswith("|"):
        text = text.strip().strip("|").replace("|", "\t")
    return to_arabic(text).rstrip()


def _heads(text: str, instrument: Asked) -> Iterator[tuple[re.Match[str], str, int]]:
    """The codes of a line with their parts: at the start of a column, or behind the score of the code before."""
    cells = [0, *(match.end() for match in re.finditer("\t", text))]
    starts = {_start_of_cell(text, cell) for cell in cells} | set(cells)
    last_end, last_code = 0, ""
    for position in sorted(starts | {match.end() for match in re.finditer(" ", text)}):
        if position < last_end or not (match := _head_at(text, position, instrument)):
            continue
        if position not in starts:
            if not (last_code and _AFTER_VALUE.search(text[max(0, position - 10) : position])):
                continue
            if not tail_of(text[max(last_end, position - 60) : position].rpartition("\t")[2])[1]:
                continue
        code, part = _code_of(match)
        # A tool or total beside another code, or behind other words, is a remark of that row: "e1 … EIT ส่วนที่ 1".
        behind_words = last_code not in WHOLES if last_code else re.search(r"[^\W\d_]", text[:position])
        if code in WHOLES and behind_words:
            continue
        yield match, code, part
        last_end, last_code = match.end(), code


def _head_at(text: str, position: int, instrument: Asked) -> re.Match[str] | None:
    """The code that stands at a position; a bare "9.1" only where the instrument has that sub-indicator."""
    if match := _HEAD.match(text, position):
        return match
    match = _BARE_SUB.match(text, position)
    return match if match and match["sub"] in instrument.parts else None


def _start_of_cell(text: str, start: int) -> int:
    """Where the words of a column begin, behind blanks, bullets and a list number."""
    match = _CELL_START.match(text, start)
    return match.end() if match else start


def _code_of(match: re.Match[str]) -> tuple[str, int]:
    """The canonical code and the part that a match of `_HEAD` or `_BARE_SUB` names; part 0 when it names none."""
    groups = match.groupdict()
    if groups.get("letter"):
        return f"{groups['letter'].lower()}{groups['item']}", int(groups["item_part"] or 0)
    if groups.get("zero"):
        return f"o{groups['zero']}", 0
    if groups.get("indicator"):
        return f"indicator-{int(groups['indicator'])}", 0
    if groups.get("tool"):
        return groups["tool"].upper(), int(groups["tool_part"] or 0)
    return groups["sub"] or TOTAL, 0


def entries_of(number: int, line: str, text: str, instrument: Asked) -> list[Entry]:
    """The entries of one line, each with the text up to the next code."""
    heads = list(_heads(text, instrument))
    ends = [*(match.start() for match, _, _ in heads[1:]), len(text)] if heads else []
    return [
        Entry(number, line.strip(), code, part, text[match.end() : end], bool(match.groupdict().get("zero")))
        for (match, code, part), end in zip(heads, ends, strict=True)
    ]
