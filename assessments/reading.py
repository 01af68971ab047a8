"""Scores as people paste and upload them: table rows, result pages, old documents, CSV files.

Pure: text or bytes and the targets of one instrument in, readings and refusals out. Nothing is guessed: what can be read
in two ways is refused with a Thai sentence that names the line, the value, the rule and an example.

Codes: questions "i7", "e9", "o11"; indicators "indicator-1"; sub-indicators "9.1"; tools "IIT", "EIT", "OIT"; "total".
Part 0 is a single value; a question that is surveyed in two parts has parts 1 and 2 only, its tool has 0, 1 and 2.
"""

import csv
import html
import io
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from ita_portal.thai import BadScore, parse_code, parse_score, to_arabic

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


class _Refusal(Exception):
    """Why one entry cannot be taken, before the number of its line is put in front."""


# --- what the instrument asks for -----------------------------------------------------------------------------------


def spoken(code: str) -> str:
    """The name of a code in a Thai sentence: "ข้อ i7", "ตัวชี้วัดที่ 1", "คะแนนรวม"."""
    if code == TOTAL:
        return "คะแนนรวม"
    if code.startswith("indicator-"):
        return f"ตัวชี้วัดที่ {code.removeprefix('indicator-')}"
    if code[0].isdigit():
        return f"ตัวชี้วัดย่อยที่ {code}"
    return f"เครื่องมือ {code}" if code.isupper() else f"ข้อ {code}"


def _squeezed(text: str) -> str:
    """A wording without blanks and with one kind of digits, for comparison."""
    return "".join(to_arabic(text).split()).casefold()


class _Instrument:
    """The targets of one year, looked up by code and by wording."""

    def __init__(self, targets: Collection[Target]) -> None:
        parts: dict[str, set[int]] = defaultdict(set)
        by_title: dict[str, set[str]] = defaultdict(set)
        self.titles: dict[str, str] = {}
        for target in targets:
            parts[target.code].add(target.part)
            if title := _squeezed(target.title):
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
            raise _Refusal(f"เครื่องมือประเมินของปีนี้ไม่มี{spoken(code)}: ให้ตรวจรหัสและปีงบประมาณ เช่น i7, e9/2 หรือ o11")
        if part in self.parts[code]:
            return
        if part == 0:
            raise _Refusal(
                f"{spoken(code)} มีคะแนนสองส่วน แต่พบเพียงค่าเดียว: ให้ระบุส่วน เช่น {code}/1 91.47 และ {code}/2 83.50"
            )
        numbers = [str(number) for number in self.parts[code] if number]
        if not numbers:
            raise _Refusal(f"{spoken(code)} ไม่มีการแบ่งส่วน แต่ระบุส่วนที่ {part}: ให้กรอกค่าเดียว เช่น {code} 93.66")
        raise _Refusal(
            f"{spoken(code)} ไม่มีส่วนที่ {part}: มีเพียงส่วนที่ {' และ '.join(numbers)} เช่น {code}/{numbers[0]} 91.47"
        )


# --- entries: a code and the text that follows it -------------------------------------------------------------------

_NUMBER = r"[-+\u2212]?(?=[.,]*[0-9])[0-9.,]+%?"
_BRACKET = rf"\(\s*(?P<previous>{_NUMBER})\s*\)"
_REMARK = r"(?:\(\s*[^()0-9\t]+\s*\)|คะแนน|\*)"
_VALUE_CELL = re.compile(rf"[=:]?\s*(?P<value>{_NUMBER})\s*(?:{_BRACKET})?\s*(?:{_REMARK}\s*)*")
_TAIL = re.compile(rf"(?P<before>.*?)(?:^|(?<=[\s=:–—-]))(?P<value>{_NUMBER})\s*(?:{_BRACKET})?", re.DOTALL)
_ANY_REMARK = re.compile(_REMARK)
_TRAILING_REMARKS = re.compile(rf"(?:\s|{_REMARK})*$")
_LABELLED = re.compile(
    rf"(?P<tool>EIT)?\s*ส่วนที่\s*(?P<part>[0-9]+)\s*(?P<equals>[=:])?\s*(?P<value>{_NUMBER})?\s*(?:{_BRACKET})?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"(?:อยู่ใน)?ระดับ\s*\S+\s*$")
_YEAR = re.compile(r"2[456][0-9]{2}")
_LIST = re.compile(r"\s*(?:[-–,/]|และ|ถึง)\s*(?:ข้อ(?:ที่)?\s*)?(?:[ieo]\s?[0-9]|[0-9]{1,2}\s)", re.IGNORECASE)
_FILLER = re.compile(
    r"[\s=:()\-–*|.]|คะแนน|เฉลี่ย|รวม|ร้อยละ|ได้|เท่ากับ|ของ|ผล|การประเมิน|ภาพ|ทั้งหมด|ทั้งสิ้น|หน่วยงาน|ITAS?|IIT|EIT|OIT"
    r"|ประจำ|ปี|งบประมาณ|พ\.ศ\.|2[456][0-9]{2}|คือ|ค่า"
)


@dataclass(frozen=True)
class _Value:
    """A number of an entry as it was written, with the number in brackets after it."""

    text: str
    previous: str | None = None

    @property
    def is_strong(self) -> bool:
        """Scores are published with decimals or as 0 or 100; another whole number may belong to the wording."""
        return "." in self.text or "," in self.text or self.text in ("0", "100")


@dataclass(frozen=True)
class _Score:
    """One readable score of an entry."""

    code: str
    part: int
    value: Decimal
    previous: Decimal | None
    from_merged_cell: bool = False


@dataclass
class _Entry:
    """A code at its place in the text, and the text that belongs to it until the next code."""

    line: int
    text: str
    code: str
    part: int
    body: str
    is_zero_code: bool = False

    @property
    def is_question(self) -> bool:
        """Whether it is a single question or item; anything above may stand without a score, as a heading."""
        return re.fullmatch(r"[ieo][0-9]+", self.code) is not None


def _is_numbers(text: str) -> bool:
    """Whether a text is nothing but numbers and the remarks that stand beside scores."""
    rest = _ANY_REMARK.sub(" ", text)
    return bool(re.search("[0-9]", rest) and re.fullmatch(r"[\s0-9.,()=:%+\-\u2212]*", rest))


def _tail(text: str) -> tuple[str, list[_Value]]:
    """The wording and the values at the end of a text without columns, in the order of the text.

    A whole number that follows a wording counts only as the last word; several values are taken only where each of
    them looks like a published score, or where the text is nothing but numbers.
    """
    values: list[_Value] = []
    rest = _TRAILING_REMARKS.sub("", _LEVEL.sub("", text))
    only_numbers = _is_numbers(rest)
    while len(values) < MAX_VALUES and (match := _TAIL.fullmatch(rest)):
        value = _Value(match["value"], match["previous"])
        if _YEAR.fullmatch(value.text) or (values and not only_numbers and not value.is_strong):
            break
        values.insert(0, value)
        rest = _TRAILING_REMARKS.sub("", match["before"])
    return rest.strip(" =:-–—"), values


def _columns(body: str) -> tuple[str, list[_Value]]:
    """The wording and the values of an entry, whose columns are separated by tabs or that has no columns."""
    first, *others = (cell.strip() for cell in body.split("\t"))
    others = [cell for cell in others if cell]
    if not others:
        return _tail(first)
    matches = [_VALUE_CELL.fullmatch(cell) for cell in others]
    cells = [
        _Value(match["value"], match["previous"])
        for match in matches
        if match and not _YEAR.fullmatch(match["value"])
    ]
    wording = " ".join([first, *(cell for cell, match in zip(others, matches, strict=True) if not match)])
    if not cells:
        return _tail(wording)
    rest, in_wording = _tail(first)
    if in_wording and all(value.is_strong for value in in_wording):
        return rest, in_wording + cells
    return wording.strip(), cells


def _labelled(body: str) -> tuple[str, list[tuple[int, _Value | None]]]:
    """The wording and the values that carry the number of their part: "EIT ส่วนที่ 1 = 91.47"."""
    labels = [match for match in _LABELLED.finditer(body) if match["tool"] or match["equals"]]
    values = [
        (int(match["part"]), _Value(match["value"], match["previous"]) if match["value"] else None)
        for match in labels
    ]
    return (body[: labels[0].start()].strip() if labels else body), values


def _read(value: _Value, code: str) -> tuple[Decimal, Decimal | None]:
    """The score and last year's score of a value; refuses with the sentence of `parse_score`."""
    try:
        return parse_score(value.text), parse_score(value.previous) if value.previous else None
    except BadScore as error:
        raise _Refusal(f"{spoken(code)}: {error}") from error


class _Missing(Exception):
    """The entry has no score yet; the next line may bring it."""


def _is_wording(text: str, title: str) -> bool:
    """Whether a text is the official wording of an item, allowing for slips of typing and scanning."""
    squeezed = _squeezed(text)
    if len(squeezed) > 2 * len(title):
        return False
    return title.startswith(squeezed) or SequenceMatcher(None, squeezed, title, autojunk=False).ratio() >= 0.8


def _scores(entry: _Entry, instrument: _Instrument) -> list[_Score]:
    """All scores of an entry. Raises _Missing when there is none, _Refusal when they cannot be taken."""
    code, body = entry.code, entry.body
    title = instrument.titles.get(code, "")
    squeezed = _squeezed(body)
    if not squeezed or (title and title.startswith(squeezed)):
        raise _Missing
    split = instrument.split(code)
    wording, labelled = _labelled(body) if entry.is_question else (body, [])
    if labelled:
        return _labelled_scores(entry, labelled, instrument)
    wording, values = _columns(body)
    if not values:
        # A code and one short Latin word in the place of the score: a slip, not a wording.
        if re.fullmatch(r"\t\s*[A-Za-z0-9.,/%-]*[A-Za-z0-9][A-Za-z0-9.,/%-]*\s*", body) and not _YEAR.search(
            body
        ):
            _read(_Value(body.strip()), code)
        raise _Missing
    if _LIST.match(body) and entry.is_question:
        raise _Refusal(f"พบหลายข้อก่อนคะแนน {values[-1].text}: ให้เขียนบรรทัดละหนึ่งข้อ เช่น {code} 93.66")
    other = instrument.by_title.get(_squeezed(wording))
    if other and other != code and title != _squeezed(wording):
        raise _Refusal(
            f"รหัสเป็น{spoken(code)} แต่ข้อความเป็นของ{spoken(other)}: ให้ตรวจรหัสให้ตรงกับข้อความ เช่น {other} 93.66"
        )
    if not entry.is_question and not _is_heading_row(body, wording, title):
        if code in TOOL_OF or code[0].isdigit():
            raise _Refusal(
                f"ข้อความหลัง{spoken(code)} ไม่ตรงกับชื่อตัวชี้วัด จึงไม่แน่ชัดว่า {values[-1].text} เป็นคะแนน: "
                f"ให้เขียนเพียงรหัสและคะแนน เช่น {spoken(code)} 93.66"
            )
        raise _Missing
    if entry.part == 0 and len(split) == len(values) > 1:
        numbered: list[tuple[int, _Value | None]] = list(zip(split, values, strict=True))
        return _labelled_scores(entry, numbered, instrument)
    instrument.check(code, entry.part)
    read = [_read(value, code) for value in values]
    if code in TOOL_OF and len(read) == 2:
        (value, previous), (tool_value, tool_previous) = read
        return [
            _Score(code, 0, value, previous),
            _Score(TOOL_OF[code], 0, tool_value, tool_previous, from_merged_cell=True),
        ]
    if len({value for value, _ in read}) > 1:
        shown = " และ ".join(value.text for value in values)
        raise _Refusal(
            f"{spoken(code)} มีคะแนนหลายค่า ({shown}) จึงไม่แน่ชัดว่าใช้ค่าใด: ให้เหลือค่าเดียว เช่น {code} 93.66"
        )
    return [_Score(code, entry.part, *read[-1])]


def _is_heading_row(body: str, wording: str, title: str) -> bool:
    """Whether the text between an indicator, tool or total and its score is its name, not a sentence of prose."""
    if any(_VALUE_CELL.fullmatch(cell.strip()) for cell in body.split("\t")[1:]):
        return True
    if not _FILLER.sub("", wording):
        return True
    return bool(title) and _is_wording(_FILLER.sub("", wording), _FILLER.sub("", title))


def _labelled_scores(
    entry: _Entry, values: Iterable[tuple[int, _Value | None]], instrument: _Instrument
) -> list[_Score]:
    """The scores of the parts of one question; a value in brackets belongs to the whole question."""
    scores = []
    for part, value in values:
        instrument.check(entry.code, part)
        if value:
            scores.append(_Score(entry.code, part, *_read(value, entry.code)))
    if not scores:
        raise _Missing
    previous = {score.previous for score in scores if score.previous is not None}
    return [replace(score, previous=min(previous)) for score in scores] if len(previous) == 1 else scores


# --- the text, cut into entries -------------------------------------------------------------------------------------

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
_UNREADABLE_CODE = re.compile(r"\s*(?:ข้อ(?:ที่)?\s*)?(?:[0-9]{1,3}|[A-Za-z|!][0-9]{1,3})[.)]?(?=\s)")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_CELL_TAG = re.compile(r"</t[dh]>\s*<t[dh][^<>]*>", re.IGNORECASE)


def _plain(line: str) -> str:
    """A line without the marks of the program it was copied from, with Arabic digits; columns end in tabs."""
    text = html.unescape(_TAG.sub(" ", _CELL_TAG.sub("\t", line)))
    text = re.sub("[\u200b\u200c\u200d\ufeff]", "", text).replace("**", " ")
    text = re.sub(r"[^\S\t]+", " ", text)
    if text.lstrip().startswith("|"):
        text = text.strip().strip("|").replace("|", "\t")
    return to_arabic(text).rstrip()


def _heads(text: str, instrument: _Instrument) -> Iterator[tuple[re.Match[str], str, int]]:
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
            if not _tail(text[max(last_end, position - 60) : position].rpartition("\t")[2])[1]:
                continue
        code, part = _code_of(match)
        # A tool or total beside another code, or behind other words, is a remark of that row: "e1 … EIT ส่วนที่ 1".
        behind_words = last_code not in WHOLES if last_code else re.search(r"[^\W\d_]", text[:position])
        if code in WHOLES and behind_words:
            continue
        yield match, code, part
        last_end, last_code = match.end(), code


def _head_at(text: str, position: int, instrument: _Instrument) -> re.Match[str] | None:
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


def _entries(number: int, line: str, text: str, instrument: _Instrument) -> list[_Entry]:
    """The entries of one line, each with the text up to the next code."""
    heads = list(_heads(text, instrument))
    ends = [*(match.start() for match, _, _ in heads[1:]), len(text)] if heads else []
    return [
        _Entry(number, line.strip(), code, part, text[match.end() : end], bool(match.groupdict().get("zero")))
        for (match, code, part), end in zip(heads, ends, strict=True)
    ]


# --- reading --------------------------------------------------------------------------------------------------------


class _Reader:
    """Takes the lines of one paste in turn and gathers what is found and what is refused."""

    def __init__(self, targets: Collection[Target]) -> None:
        self.instrument = _Instrument(targets)
        self.found: list[tuple[Found, bool]] = []
        self.refused: list[Refused] = []
        self.open: _Entry | None = None
        self.without_parts = ""

    def refuse(self, line: int, text: str, reason: str) -> None:
        """Record one refusal, the number of the line in front."""
        self.refused.append(Refused(line, text, f"บรรทัดที่ {line}: {reason}"))

    def take(self, line: int, text: str, scores: Iterable[_Score]) -> None:
        """Record scores, or refuse those that the instrument does not ask for."""
        for score in scores:
            try:
                self.instrument.check(score.code, score.part)
            except _Refusal as refusal:
                self.refuse(line, text, str(refusal))
                continue
            found = Found(line, score.code, score.part, score.value, score.previous, text)
            self.found.append((found, score.from_merged_cell))

    def read_line(self, number: int, line: str) -> None:
        """Read one line: a continuation of the entry that is still open, or entries of its own, or nothing."""
        text = _plain(line)
        if not text.strip() or self._continues(text):
            return
        entries = _entries(number, line, text, self.instrument)
        self.close(before="" if entries else text)
        if not entries:
            self._read_without_code(number, line, text)
            return
        if self.without_parts and entries[0].code == "EIT" and entries[0].part:
            reason = f"ไม่แน่ชัดว่าคะแนนส่วนที่ {entries[0].part} เป็นของข้อ {self.without_parts} หรือของเครื่องมือ EIT"
            self.refuse(
                number, line.strip(), f"{reason}: ให้เขียนรหัสไว้หน้าคะแนน เช่น {self.without_parts}/1 91.47"
            )
            return
        self.without_parts = ""
        for entry in entries[:-1]:
            self._finish(entry, followed=True)
        for entry in entries[-1:]:
            self._begin(entry)

    def close(self, *, before: str = "") -> None:
        """No more lines belong to the open entry: take what it has, unless the line that follows makes it doubtful.

        A whole number behind a wording may be a word of it, broken off at the end of a line: "รอบ 6 / เดือน 100".
        """
        entry, self.open = self.open, None
        if entry is None:
            return
        wording, values = _columns(entry.body)
        following = _tail(before)[1]
        if wording and values and not values[-1].is_strong and following and following[-1].is_strong:
            shown = f"{values[-1].text} หรือ {following[-1].text}"
            reason = f"{spoken(entry.code)} อ่านคะแนนได้สองอย่าง คือ {shown}: ให้เขียนข้อความและคะแนนในบรรทัดเดียวกัน"
            self.refuse(entry.line, entry.text, f"{reason} เช่น {entry.code} 93.66")
            return
        self._finish(entry)

    def _begin(self, entry: _Entry) -> None:
        if self._is_complete(entry):
            self._finish(entry)
        else:
            self.open = entry

    def _is_complete(self, entry: _Entry) -> bool:
        """Whether no further line may add to the entry."""
        try:
            scores = _scores(entry, self.instrument)
        except _Missing:
            return False
        except _Refusal:
            return entry.part != 0 or not self.instrument.split(entry.code)
        split = self.instrument.split(entry.code)
        if split and entry.part == 0:
            return len({score.part for score in scores}) == len(split)
        wording, values = _columns(entry.body)
        return not wording or all(value.is_strong for value in values)

    def _has_no_score(self, entry: _Entry) -> bool:
        """Whether the entry is nothing but a code and its wording so far."""
        try:
            _scores(entry, self.instrument)
        except _Missing:
            return True
        except _Refusal:
            return False
        return False

    def _continues(self, text: str) -> bool:
        """Add a line to the open entry when it can only belong there; True when it was added."""
        entry = self.open
        if entry is None:
            return False
        title = self.instrument.titles.get(entry.code, "")
        longer = replace(entry, body=f"{entry.body} {text.strip()}")
        is_values = _is_numbers(text)
        if is_values and "\t" in text.strip():
            longer = replace(entry, body=f"{entry.body}\t{text.strip()}")
        is_part = self.instrument.split(entry.code) and _LABELLED.match(text.lstrip())
        if not (is_values or is_part):
            wording = _columns(_labelled(longer.body)[0])[0]
            if not (
                entry.is_question and title and self._has_no_score(entry) and _is_wording(wording, title)
            ):
                return False
        self.open = None
        self._begin(longer)
        return True

    def _finish(self, entry: _Entry, *, followed: bool = False) -> None:
        """Take the scores of an entry; `followed` when another code stands behind it on the same line."""
        try:
            if entry.is_question and entry.code not in self.instrument.parts:
                has_value = bool(_columns(entry.body)[1])
                if has_value or not entry.is_zero_code:
                    self.instrument.check(entry.code, entry.part)
                return
            scores = _scores(entry, self.instrument)
        except _Missing:
            is_list = _LIST.match(entry.body) or (followed and entry.is_zero_code)
            if entry.is_question and not is_list:
                reason = (
                    f"{spoken(entry.code)} ไม่มีคะแนน: ให้เขียนคะแนนต่อท้ายรหัสหรือในคอลัมน์ถัดไป เช่น {entry.code} 93.66"
                )
                self.refuse(entry.line, entry.text, reason)
                self.without_parts = entry.code if self.instrument.split(entry.code) else ""
        except _Refusal as refusal:
            self.refuse(entry.line, entry.text, str(refusal))
        else:
            # "IIT 1 ตัวชี้วัดที่ 1 97.37": a running number behind a name, not its score.
            values = _columns(entry.body)[1]
            is_running_number = followed and not entry.is_question and not values[-1].is_strong
            if not is_running_number:
                self.take(entry.line, entry.text, scores)

    def _read_without_code(self, number: int, line: str, text: str) -> None:
        """A line without a readable code: known by its wording, or refused when it is a row of a table, or prose."""
        text = text.strip()
        junk = _UNREADABLE_CODE.match(text)
        body = text[junk.end() :] if junk else text
        wording, labelled = _labelled(body)
        values: list[_Value] = [value for _, value in labelled if value]
        if not labelled:
            wording, values = _columns(body)
        wording = wording.replace("\t", " ")
        code = self.instrument.by_title.get(_squeezed(wording))
        if code:
            self._begin(_Entry(number, line.strip(), code, 0, body))
            return
        scores = [value for value in values if value.is_strong and _is_score(value.text)]
        is_row = bool(labelled) or "\t" in text or (junk and not junk.group().rstrip().endswith((".", ")")))
        is_orphan = not wording and not junk
        if scores and (is_row or is_orphan):
            shown = scores[-1].text
            self.refuse(
                number,
                line.strip(),
                f"ไม่พบรหัสข้อของคะแนน {shown}: ให้ขึ้นต้นบรรทัดด้วยรหัส เช่น i7 {shown} หรือ e9/2 {shown}",
            )

    def reading(self) -> Reading:
        """Close the paste: merged cells are settled, and every code and part is left once or refused."""
        self.close()
        found = self._without_comparison_columns()
        first: dict[tuple[str, int], Found] = {}
        disputed: set[tuple[str, int]] = set()
        for item in found:
            key = (item.code, item.part)
            known = first.setdefault(key, item)
            if known.value != item.value:
                disputed.add(key)
                name = spoken(item.code) + (f" ส่วนที่ {item.part}" if item.part else "")
                self.refuse(
                    item.line,
                    item.text,
                    f"{name} มีสองค่า คือ {known.value} ในบรรทัดที่ {known.line} และ {item.value} ในบรรทัดที่ {item.line}: "
                    f"ให้เหลือค่าเดียว เช่น {item.code}{f'/{item.part}' if item.part else ''} {known.value}",
                )
            elif known.previous is None and item.previous is not None:
                first[key] = replace(known, previous=item.previous)
        kept = tuple(item for key, item in first.items() if key not in disputed)
        return Reading(kept, tuple(sorted(self.refused, key=lambda refusal: refusal.line)))

    def _without_comparison_columns(self) -> list[Found]:
        """Settle the second column of indicator tables.

        It holds the score of the tool in a merged cell: once beside the first indicator, or repeated unchanged. Where
        the rows of one tool differ it is another year, and no such row can be taken.
        """
        merged = [item for item, is_merged in self.found if is_merged]
        columns: dict[str, set[Decimal]] = defaultdict(set)
        beside_first = {
            item.code
            for item, _ in self.found
            if item.code in FIRST_OF_TOOL
            for other in merged
            if other.line == item.line
        }
        for item in merged:
            columns[item.code].add(item.value)
        is_comparison = any(len(values) > 1 for values in columns.values()) or any(
            TOOL_OF[code] == tool and code not in beside_first for tool in columns for code in FIRST_OF_TOOL
        )
        if not is_comparison:
            return [item for item, _ in self.found]
        lines = {item.line for item in merged}
        for item in merged:
            self.refuse(
                item.line,
                item.text,
                f"แถวนี้มีคะแนนสองคอลัมน์ จึงไม่แน่ชัดว่า {item.value} เป็นคะแนนเครื่องมือหรือคะแนนของปีอื่น: "
                "ให้เหลือคอลัมน์คะแนนของปีนี้ เช่น ตัวชี้วัดที่ 1 97.37",
            )
        return [item for item, _ in self.found if item.line not in lines]


def _is_score(text: str) -> bool:
    """Whether a text is a readable score."""
    try:
        parse_score(text)
    except BadScore:
        return False
    return True


def read_text(text: str, targets: Collection[Target]) -> Reading:
    """Read a paste: rows of a table (columns by tab), lines of a document, or one line with several codes.

    Digits may be Thai or Arabic, codes as people write them. Text without a code and a score is passed over; a score
    that cannot be placed or read is refused with its reason.
    """
    reader = _Reader(targets)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        reader.read_line(number, line)
    return reader.reading()


# --- CSV ------------------------------------------------------------------------------------------------------------

_COLUMNS = {"code": ("code", "รหัส"), "part": ("part", "ส่วน", "ส่วนที่"), "score": ("score", "คะแนน")}
_CSV_RULE = "ให้ส่งไฟล์ CSV ที่บรรทัดแรกเป็นหัวคอลัมน์ code,part,score และบรรทัดถัดไปเช่น i7,,86.82"


def _decoded(data: bytes, shown: str) -> str:
    """The text of a CSV file in UTF-8 (with or without its mark) or Windows-874, of which TIS-620 is a part."""
    if len(data) > MAX_BYTES:
        raise BadFile(
            f"ไฟล์{shown} มีขนาดเกิน 1 MB: ไฟล์คะแนนต้องไม่เกิน 1 MB เช่น ไฟล์ CSV ที่มีเฉพาะคอลัมน์ code,part,score"
        )
    if re.search(rb"[\x00-\x08\x0e-\x1f]", data) or data.startswith((b"%PDF", b"PK\x03\x04")):
        raise BadFile(f"ไฟล์{shown} ไม่ใช่ไฟล์ CSV: {_CSV_RULE}")
    for encoding in ("utf-8-sig", "cp874"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
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
            raise _Refusal(f"อ่านรหัส “{plain[:40]}” ไม่ได้: ให้ใช้รหัสของปีนี้ เช่น i7 หรือ e9/2")
        return code, int(part or 0)
    for known in (plain.upper(), plain.casefold()):
        if re.fullmatch(r"IIT|EIT|OIT|total|indicator-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}", known):
            return known, 0
    raise _Refusal(
        f"อ่านรหัส “{plain[:40]}” ไม่ได้: ให้ใช้รหัสของปีนี้ เช่น i7, e9, o11, indicator-1, 9.1, IIT หรือ total"
    )


def _csv_score(row: list[str], places: dict[str, int]) -> _Score:
    """The score of one row; refuses with its reason."""
    cells = {column: row[place].strip() if place < len(row) else "" for column, place in places.items()}
    code, part = _csv_code(cells["code"])
    if typed := to_arabic(cells["part"]):
        if typed not in ("0", "1", "2"):
            raise _Refusal(
                f"ส่วน “{cells['part'][:40]}” ของ{spoken(code)} อ่านไม่ได้: ให้เว้นว่างหรือใช้ 0, 1 หรือ 2 เช่น e9,2,73.60"
            )
        if part and part != int(typed):
            raise _Refusal(
                f"{spoken(code)} ระบุส่วนไว้สองแบบ คือ {part} และ {typed}: ให้เหลือแบบเดียว เช่น e9,2,73.60"
            )
        part = int(typed)
    value, _ = _read(_Value(cells["score"]), code)
    return _Score(code, part, value, None)


def read_csv(data: bytes, targets: Collection[Target], *, name: str = "") -> Reading:
    """Read an uploaded CSV file with the columns code, part, score, separated by commas, semicolons or tabs.

    The part is empty, 0, 1 or 2. Lines are numbered as in the file. Raises BadFile, with a Thai sentence, for a file of
    more than 1 MB, one that is no CSV, and one whose header lacks a column; `name` is quoted in it.
    """
    shown = f" “{name}”" if name else ""
    text = _decoded(data, shown)
    header = text.lstrip().partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    reader = _Reader(targets)
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
                        raise _Refusal(f"แถว “{raw[:60]}” มีคอลัมน์เกินหัวตาราง: คะแนนต้องใช้จุดทศนิยม เช่น i7,,86.82")
                    reader.take(line, raw, [_csv_score(row, places)])
                except _Refusal as refusal:
                    reader.refuse(line, raw, str(refusal))
            line = rows.line_num + 1
    except csv.Error as error:
        raise BadFile(f"ไฟล์{shown} อ่านเป็น CSV ไม่ได้ที่บรรทัด {line}: {_CSV_RULE}") from error
    if places is None:
        raise BadFile(f"ไฟล์{shown} ว่างเปล่า: {_CSV_RULE}")
    return reader.reading()
