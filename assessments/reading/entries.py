"""One entry: a code, and the scores in the text that follows it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher

from ita_portal.thai import BadScore, parse_score

from .asked import MAX_VALUES, TOOL_OF, Asked, Refusal, spoken, squeeze

_NUMBER = r"[-+\u2212]?(?=[.,]*[0-9])[0-9.,]+%?"
_BRACKET = rf"\(\s*(?P<previous>{_NUMBER})\s*\)"
_REMARK = r"(?:\(\s*[^()0-9\t]+\s*\)|คะแนน|\*)"
_VALUE_CELL = re.compile(rf"[=:]?\s*(?P<value>{_NUMBER})\s*(?:{_BRACKET})?\s*(?:{_REMARK}\s*)*")
_TAIL = re.compile(rf"(?P<before>.*?)(?:^|(?<=[\s=:–—-]))(?P<value>{_NUMBER})\s*(?:{_BRACKET})?", re.DOTALL)
_ANY_REMARK = re.compile(_REMARK)
_TRAILING_REMARKS = re.compile(rf"(?:\s|{_REMARK})*$")
LABELLED = re.compile(
    rf"(?P<tool>EIT)?\s*ส่วนที่\s*(?P<part>[0-9]+)\s*(?P<equals>[=:])?\s*(?P<value>{_NUMBER})?\s*(?:{_BRACKET})?",
    re.IGNORECASE,
)
_LEVEL = re.compile(r"(?:อยู่ใน)?ระดับ\s*\S+\s*$")
_YEAR = re.compile(r"2[456][0-9]{2}")
LIST = re.compile(r"\s*(?:[-–,/]|และ|ถึง)\s*(?:ข้อ(?:ที่)?\s*)?(?:[ieo]\s?[0-9]|[0-9]{1,2}\s)", re.IGNORECASE)
_FILLER = re.compile(
    r"[\s=:()\-–*|.]|คะแนน|เฉลี่ย|รวม|ร้อยละ|ได้|เท่ากับ|ของ|ผล|การประเมิน|ภาพ|ทั้งหมด|ทั้งสิ้น|หน่วยงาน|ITAS?|IIT|EIT|OIT"
    r"|ประจำ|ปี|งบประมาณ|พ\.ศ\.|2[456][0-9]{2}|คือ|ค่า"
)


@dataclass(frozen=True)
class Value:
    """A number of an entry as it was written, with the number in brackets after it."""

    text: str
    previous: str | None = None

    @property
    def is_strong(self) -> bool:
        """Scores are published with decimals or as 0 or 100; another whole number may belong to the wording."""
        return "." in self.text or "," in self.text or self.text in ("0", "100")


@dataclass(frozen=True)
class Score:
    """One readable score of an entry."""

    code: str
    part: int
    value: Decimal
    previous: Decimal | None
    from_merged_cell: bool = False


@dataclass
class Entry:
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


def is_numbers(text: str) -> bool:
    """Whether a text is nothing but numbers and the remarks that stand beside scores."""
    rest = _ANY_REMARK.sub(" ", text)
    return bool(re.search("[0-9]", rest) and re.fullmatch(r"[\s0-9.,()=:%+\-\u2212]*", rest))


def tail_of(text: str) -> tuple[str, list[Value]]:
    """The wording and the values at the end of a text without columns, in the order of the text.

    A whole number that follows a wording counts only as the last word; several values are taken only where each of
    them looks like a published score, or where the text is nothing but numbers.
    """
    values: list[Value] = []
    rest = _TRAILING_REMARKS.sub("", _LEVEL.sub("", text))
    only_numbers = is_numbers(rest)
    while len(values) < MAX_VALUES and (match := _TAIL.fullmatch(rest)):
        value = Value(match["value"], match["previous"])
        if _YEAR.fullmatch(value.text) or (values and not only_numbers and not value.is_strong):
            break
        values.insert(0, value)
        rest = _TRAILING_REMARKS.sub("", match["before"])
    return rest.strip(" =:-–—"), values


def columns_of(body: str) -> tuple[str, list[Value]]:
    """The wording and the values of an entry, whose columns are separated by tabs or that has no columns."""
    first, *others = (cell.strip() for cell in body.split("\t"))
    others = [cell for cell in others if cell]
    if not others:
        return tail_of(first)
    matches = [_VALUE_CELL.fullmatch(cell) for cell in others]
    cells = [
        Value(match["value"], match["previous"])
        for match in matches
        if match and not _YEAR.fullmatch(match["value"])
    ]
    wording = " ".join([first, *(cell for cell, match in zip(others, matches, strict=True) if not match)])
    if not cells:
        return tail_of(wording)
    rest, in_wording = tail_of(first)
    if in_wording and all(value.is_strong for value in in_wording):
        return rest, in_wording + cells
    return wording.strip(), cells


def labelled_values(body: str) -> tuple[str, list[tuple[int, Value | None]]]:
    """The wording and the values that carry the number of their part: "EIT ส่วนที่ 1 = 91.47"."""
    labels = [match for match in LABELLED.finditer(body) if match["tool"] or match["equals"]]
    values = [
        (int(match["part"]), Value(match["value"], match["previous"]) if match["value"] else None)
        for match in labels
    ]
    return (body[: labels[0].start()].strip() if labels else body), values


def read_value(value: Value, code: str) -> tuple[Decimal, Decimal | None]:
    """The score and last year's score of a value; refuses with the sentence of `parse_score`."""
    try:
        return parse_score(value.text), parse_score(value.previous) if value.previous else None
    except BadScore as error:
        raise Refusal(f"{spoken(code)}: {error}") from error


class Missing(Exception):
    """The entry has no score yet; the next line may bring it."""


def is_wording(text: str, title: str) -> bool:
    """Whether a text is the official wording of an item, allowing for slips of typing and scanning."""
    squeezed = squeeze(text)
    if len(squeezed) > 2 * len(title):
        return False
    return title.startswith(squeezed) or SequenceMatcher(None, squeezed, title, autojunk=False).ratio() >= 0.8


def scores_of(entry: Entry, instrument: Asked) -> list[Score]:
    """All scores of an entry. Raises Missing when there is none, Refusal when they cannot be taken."""
    code, body = entry.code, entry.body
    title = instrument.titles.get(code, "")
    squeezed = squeeze(body)
    if not squeezed or (title and title.startswith(squeezed)):
        raise Missing
    split = instrument.split(code)
    wording, labelled = labelled_values(body) if entry.is_question else (body, [])
    if labelled:
        return _labelled_scores(entry, labelled, instrument)
    wording, values = columns_of(body)
    if not values:
        # A code and one short Latin word in the place of the score: a slip, not a wording.
        if re.fullmatch(r"\t\s*[A-Za-z0-9.,/%-]*[A-Za-z0-9][A-Za-z0-9.,/%-]*\s*", body) and not _YEAR.search(
            body
        ):
            read_value(Value(body.strip()), code)
        raise Missing
    if LIST.match(body) and entry.is_question:
        raise Refusal(f"พบหลายข้อก่อนคะแนน {values[-1].text}: ให้เขียนบรรทัดละหนึ่งข้อ เช่น {code} 93.66")
    other = instrument.by_title.get(squeeze(wording))
    if other and other != code and title != squeeze(wording):
        raise Refusal(
            f"รหัสเป็น{spoken(code)} แต่ข้อความเป็นของ{spoken(other)}: ให้ตรวจรหัสให้ตรงกับข้อความ เช่น {other} 93.66"
        )
    if not entry.is_question and not _is_heading_row(body, wording, title):
        if code in TOOL_OF or code[0].isdigit():
            raise Refusal(
                f"ข้อความหลัง{spoken(code)} ไม่ตรงกับชื่อตัวชี้วัด จึงไม่แน่ชัดว่า {values[-1].text} เป็นคะแนน: "
                f"ให้เขียนเพียงรหัสและคะแนน เช่น {spoken(code)} 93.66"
            )
        raise Missing
    if entry.part == 0 and len(split) == len(values) > 1:
        numbered: list[tuple[int, Value | None]] = list(zip(split, values, strict=True))
        return _labelled_scores(entry, numbered, instrument)
    instrument.check(code, entry.part)
    read = [read_value(value, code) for value in values]
    if code in TOOL_OF and len(read) == 2:
        (value, previous), (tool_value, tool_previous) = read
        return [
            Score(code, 0, value, previous),
            Score(TOOL_OF[code], 0, tool_value, tool_previous, from_merged_cell=True),
        ]
    if len({value for value, _ in read}) > 1:
        shown = " และ ".join(value.text for value in values)
        raise Refusal(
            f"{spoken(code)} มีคะแนนหลายค่า ({shown}) จึงไม่แน่ชัดว่าใช้ค่าใด: ให้เหลือค่าเดียว เช่น {code} 93.66"
        )
    return [Score(code, entry.part, *read[-1])]


def _is_heading_row(body: str, wording: str, title: str) -> bool:
    """Whether the text between an indicator, tool or total and its score is its name, not a sentence of prose."""
    if any(_VALUE_CELL.fullmatch(cell.strip()) for cell in body.split("\t")[1:]):
        return True
    if not _FILLER.sub("", wording):
        return True
    return bool(title) and is_wording(_FILLER.sub("", wording), _FILLER.sub("", title))


def _labelled_scores(
    entry: Entry, values: Iterable[tuple[int, Value | None]], instrument: Asked
) -> list[Score]:
    """The scores of the parts of one question; a value in brackets belongs to the whole question."""
    scores = []
    for part, value in values:
        instrument.check(entry.code, part)
        if value:
            scores.append(Score(entry.code, part, *read_value(value, entry.code)))
    if not scores:
        raise Missing
    previous = {score.previous for score in scores if score.previous is not None}
    return [replace(score, previous=min(previous)) for score in scores] if len(previous) == 1 else scores
