"""Pasted text: rows of a table, lines of a document, or many codes in one line."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from decimal import Decimal

from ita_portal.thai import BadScore, parse_score

from .asked import FIRST_OF_TOOL, TOOL_OF, Asked, Found, Reading, Refusal, Refused, Target, spoken, squeeze
from .cutting import UNREADABLE_CODE, entries_of, plain_line
from .entries import (
    LABELLED,
    LIST,
    Entry,
    Missing,
    Score,
    Value,
    columns_of,
    is_numbers,
    is_wording,
    labelled_values,
    scores_of,
    tail_of,
)


class Reader:
    """Takes the lines of one paste in turn and gathers what is found and what is refused."""

    def __init__(self, targets: Collection[Target]) -> None:
        self.instrument = Asked(targets)
        self.found: list[tuple[Found, bool]] = []
        self.refused: list[Refused] = []
        self.open: Entry | None = None
        self.without_parts = ""

    def refuse(self, line: int, text: str, reason: str) -> None:
        """Record one refusal, the number of the line in front."""
        self.refused.append(Refused(line, text, f"บรรทัดที่ {line}: {reason}"))

    def take(self, line: int, text: str, scores: Iterable[Score]) -> None:
        """Record scores, or refuse those that the instrument does not ask for."""
        for score in scores:
            try:
                self.instrument.check(score.code, score.part)
            except Refusal as refusal:
                self.refuse(line, text, str(refusal))
                continue
            found = Found(line, score.code, score.part, score.value, score.previous, text)
            self.found.append((found, score.from_merged_cell))

    def read_line(self, number: int, line: str) -> None:
        """Read one line: a continuation of the entry that is still open, or entries of its own, or nothing."""
        text = plain_line(line)
        if not text.strip() or self._continues(text):
            return
        entries = entries_of(number, line, text, self.instrument)
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
        wording, values = columns_of(entry.body)
        following = tail_of(before)[1]
        if wording and values and not values[-1].is_strong and following and following[-1].is_strong:
            shown = f"{values[-1].text} หรือ {following[-1].text}"
            reason = f"{spoken(entry.code)} อ่านคะแนนได้สองอย่าง คือ {shown}: ให้เขียนข้อความและคะแนนในบรรทัดเดียวกัน"
            self.refuse(entry.line, entry.text, f"{reason} เช่น {entry.code} 93.66")
            return
        self._finish(entry)

    def _begin(self, entry: Entry) -> None:
        if self._is_complete(entry):
            self._finish(entry)
        else:
            self.open = entry

    def _is_complete(self, entry: Entry) -> bool:
        """Whether no further line may add to the entry."""
        try:
            scores = scores_of(entry, self.instrument)
        except Missing:
            return False
        except Refusal:
            return entry.part != 0 or not self.instrument.split(entry.code)
        split = self.instrument.split(entry.code)
        if split and entry.part == 0:
            return len({score.part for score in scores}) == len(split)
        wording, values = columns_of(entry.body)
        return not wording or all(value.is_strong for value in values)

    def _has_no_score(self, entry: Entry) -> bool:
        """Whether the entry is nothing but a code and its wording so far."""
        try:
            scores_of(entry, self.instrument)
        except Missing:
            return True
        except Refusal:
            return False
        return False

    def _continues(self, text: str) -> bool:
        """Add a line to the open entry when it can only belong there; True when it was added."""
        entry = self.open
        if entry is None:
            return False
        title = self.instrument.titles.get(entry.code, "")
        longer = replace(entry, body=f"{entry.body} {text.strip()}")
        is_values = is_numbers(text)
        if is_values and "\t" in text.strip():
            longer = replace(entry, body=f"{entry.body}\t{text.strip()}")
        is_part = self.instrument.split(entry.code) and LABELLED.match(text.lstrip())
        if not (is_values or is_part):
            wording = columns_of(labelled_values(longer.body)[0])[0]
            if not (entry.is_question and title and self._has_no_score(entry) and is_wording(wording, title)):
                return False
        self.open = None
        self._begin(longer)
        return True

    def _finish(self, entry: Entry, *, followed: bool = False) -> None:
        """Take the scores of an entry; `followed` when another code stands behind it on the same line."""
        try:
            if entry.is_question and entry.code not in self.instrument.parts:
                has_value = bool(columns_of(entry.body)[1])
                if has_value or not entry.is_zero_code:
                    self.instrument.check(entry.code, entry.part)
                return
            scores = scores_of(entry, self.instrument)
        except Missing:
            is_list = LIST.match(entry.body) or (followed and entry.is_zero_code)
            if entry.is_question and not is_list:
                reason = (
                    f"{spoken(entry.code)} ไม่มีคะแนน: ให้เขียนคะแนนต่อท้ายรหัสหรือในคอลัมน์ถัดไป เช่น {entry.code} 93.66"
                )
                self.refuse(entry.line, entry.text, reason)
                self.without_parts = entry.code if self.instrument.split(entry.code) else ""
        except Refusal as refusal:
            self.refuse(entry.line, entry.text, str(refusal))
        else:
            # "IIT 1 ตัวชี้วัดที่ 1 97.37": a running number behind a name, not its score.
            values = columns_of(entry.body)[1]
            is_running_number = followed and not entry.is_question and not values[-1].is_strong
            if not is_running_number:
                self.take(entry.line, entry.text, scores)

    def _read_without_code(self, number: int, line: str, text: str) -> None:
        """A line without a readable code: known by its wording, or refused when it is a row of a table, or prose."""
        text = text.strip()
        junk = UNREADABLE_CODE.match(text)
        body = text[junk.end() :] if junk else text
        wording, labelled = labelled_values(body)
        values: list[Value] = [value for _, value in labelled if value]
        if not labelled:
            wording, values = columns_of(body)
        wording = wording.replace("\t", " ")
        code = self.instrument.by_title.get(squeeze(wording))
        if code:
            self._begin(Entry(number, line.strip(), code, 0, body))
            return
        # "x99 55": a letter and a number where the code stands, and nothing but a number behind it.
        is_other_code = junk is not None and not wording and re.search(r"[A-Za-z|!]", junk.group())
        scores = [value for value in values if (value.is_strong or is_other_code) and _is_score(value.text)]
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
    reader = Reader(targets)
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        reader.read_line(number, line)
    return reader.reading()
