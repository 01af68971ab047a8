"""The score sheet as rows of cells: what a page shows of a result, and what a posted page means.

Pure functions of their arguments: no database, no clock. Texts for the screen carry Thai digits; texts inside
the inputs carry Arabic ones.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from ita_portal.thai import BadScore, format_change, format_score, parse_score, to_thai

from .scoring import Figure, Key, Kind, Result

# What each depth of entry shows.
KINDS_AT = {
    "questions": frozenset(Kind),
    "indicators": frozenset(Kind) - {Kind.QUESTION},
    "tools": frozenset({Kind.TOTAL, Kind.TOOL}),
}

DISCLOSURE_RULE = "ข้อ OIT มีคะแนน 0 หรือ 100 เท่านั้น เช่น 100"


class Standing(Protocol):
    """A saved cell: its value (None: emptied) and version."""

    @property
    def value(self) -> Decimal | None: ...
    @property
    def version(self) -> int: ...


@dataclass(frozen=True)
class Typed:
    """One cell as a posted page brings it: the text, and the value and version that the page had shown."""

    text: str
    shown: str = ""
    version: int = 0
    error: str = ""


@dataclass(frozen=True)
class Posted:
    """What a posted page means: every cell as typed, and the values of those that were changed."""

    typed: Mapping[Key, Typed]
    values: Mapping[Key, Decimal | None]

    @property
    def seen(self) -> dict[Key, int]:
        """The versions that the person saw."""
        return {key: cell.version for key, cell in self.typed.items()}

    @property
    def has_errors(self) -> bool:
        """Whether a cell cannot be read; then nothing may be saved."""
        return any(cell.error for cell in self.typed.values())


@dataclass(frozen=True)
class Cell:
    """One input of the sheet."""

    key: Key
    label: str
    text: str = ""
    shown: str = ""
    version: int = 0
    error: str = ""
    weak: bool = False

    @property
    def name(self) -> str:
        """The cell's name in forms: "i7", "e9/2"."""
        return cell_name(self.key)

    @property
    def html_id(self) -> str:
        """The cell's name in the page, for labels and links: "cell-e9-2"."""
        return "cell-" + self.name.replace("/", "-").replace(".", "-")

    @property
    def part(self) -> int:
        """The part, 0 where the item has none."""
        return self.key[1]

    @property
    def is_disclosure(self) -> bool:
        """Whether the cell takes only 0 or 100."""
        return is_disclosure(self.key)


@dataclass(frozen=True)
class Painted:
    """The words of one row that change when a score changes, as the screen prints them."""

    computed: str = ""
    previous: str = ""
    change: str = ""
    flags: tuple[str, ...] = ()
    warning: str = ""
    hint: str = ""
    weak: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """One line of the sheet: a question, or the band of a total, tool, part, indicator or sub-indicator."""

    name: str
    kind: Kind
    label: str
    title: str
    tool: str
    painted: Painted
    cells: tuple[Cell, ...]

    @property
    def is_question(self) -> bool:
        """Whether the row is a question and not a band."""
        return self.kind is Kind.QUESTION


@dataclass(frozen=True)
class FootEntry:
    """One score of the bar at the foot."""

    name: str
    value: str
    weak: bool = False


@dataclass(frozen=True)
class Foot:
    """The bar at the foot: IIT, the parts of EIT, OIT, the total, and the level with its reason."""

    entries: tuple[FootEntry, ...] = field(default=())
    level: str = ""
    reason: str = ""


def cell_name(key: Key) -> str:
    """Return the name of a cell in forms and addresses: "i7", "e9/2", "indicator-3"."""
    code, part = key
    return f"{code}/{part}" if part else code


def key_of(name: str) -> Key:
    """Return the (code, part) of a cell's name; an impossible part becomes one that no item has."""
    code, _, part = name.partition("/")
    return code, int(part) if part in {"1", "2"} else -1 if part else 0


def version_of(text: str) -> int | None:
    """Return the version of a cell as the page itself sent it; None for anything else."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def is_disclosure(key: Key) -> bool:
    """Whether a cell is an item of the disclosure check (o1, o2, …), which is met or not met."""
    return key[0].startswith("o") and key[0][1:].isdigit()


def check_value(key: Key, value: Decimal) -> None:
    """Refuse a score of a disclosure item other than 0 and 100. Raises BadScore with a Thai sentence."""
    if is_disclosure(key) and value not in (0, 100):
        raise BadScore(f"คะแนน “{format_score(value)}” ใช้กับข้อ OIT ไม่ได้: {DISCLOSURE_RULE}")


def read_cell(key: Key, label: str, text: str) -> Decimal | None:
    """Read what was typed in a cell; None for an emptied one.

    Raises BadScore with a Thai sentence that names the place, the value, the rule and an example.
    """
    if not text.strip():
        return None
    try:
        value = parse_score(text)
    except BadScore as error:
        # The rule of other cells, and its example, would lead to another refusal here.
        what = f"{str(error).rpartition(': ')[0]}: {DISCLOSURE_RULE}" if is_disclosure(key) else error
        raise BadScore(f"{label}: {what}") from error
    try:
        check_value(key, value)
    except BadScore as error:
        raise BadScore(f"{label}: {error}") from error
    return value


def read_form(data: Mapping[str, str], labels: Mapping[Key, str]) -> Posted:
    """Read a posted page. data: the form's fields; labels: the Thai name of every cell of the instrument.

    A cell named "i7" comes with "was-i7", the version and text it was shown with ("3:86.82"). One that still
    says what was shown is left alone.
    """
    typed: dict[Key, Typed] = {}
    values: dict[Key, Decimal | None] = {}
    for key, label in labels.items():
        name = cell_name(key)
        if name not in data:
            continue
        text = data[name]
        version, _, shown = data.get(f"was-{name}", "").partition(":")
        cell = Typed(text, shown, version_of(version) or 0)
        if text.strip() != shown:
            try:
                value = read_cell(key, label, text)
            except BadScore as error:
                cell = Typed(text, shown, cell.version, str(error))
            else:
                if value is None or shown_text(value) != shown:
                    values[key] = value
        typed[key] = cell
    return Posted(typed, values)


def shown_text(value: Decimal | None) -> str:
    """Return a saved value as an input shows it."""
    return "" if value is None else format_score(value)


def paint(figure: Figure) -> Painted:
    """Return the words of a figure's row."""
    cells = figure.cells
    flagged = [cell for cell in cells if cell.flagged]
    flags = (
        (f"ส่วนที่ {cell.part} ขาด {cell.gap}" if cell is not figure else f"ขาด {cell.gap}") for cell in flagged
    )
    grouped = figure.kind is not Kind.QUESTION
    warning = hint = ""
    if grouped and figure.disagrees and figure.announced is not None and figure.computed_rounded is not None:
        warning = (
            f"ประกาศ {format_score(figure.announced)} แต่คำนวณได้ {format_score(figure.computed_rounded)} "
            f"ต่างกัน {format_score(abs(figure.difference or Decimal(0)))}"
        )
    if figure.value is None and figure.implied is not None:
        hint = f"คิดย้อนจากคะแนนที่ประกาศได้ {format_score(figure.implied)}"
    return Painted(
        computed=_screen(figure.computed_rounded) if grouped else "",
        previous=_screen(figure.previous),
        change=_change(figure),
        flags=tuple(to_thai(flag) for flag in flags),
        warning=to_thai(warning),
        hint=to_thai(hint),
        weak=tuple(cell_name(cell.key) for cell in flagged if _is_weak(cell)),
    )


def _change(figure: Figure) -> str:
    """The change from last year; a question asked in other words has none, and says so."""
    if figure.reworded:
        return "คำถามเปลี่ยน"
    return "" if figure.change is None else to_thai(format_change(figure.change))


def _is_weak(figure: Figure) -> bool:
    """Whether an entered score itself, and not only the computed one, is below the threshold."""
    return figure.flagged and figure.announced is not None


def _screen(value: Decimal | None) -> str:
    return "" if value is None else to_thai(format_score(value))


def rows_of(
    result: Result,
    depth: str,
    labels: Mapping[Key, str],
    standing: Mapping[Key, Standing],
    typed: Mapping[Key, Typed] | None = None,
) -> list[Row]:
    """Return the rows of the sheet at a depth ("questions", "indicators", "tools").

    standing: the saved cells; typed: what a refused page had brought, shown instead of what is saved.
    """
    typed = typed or {}

    def cell(figure: Figure) -> Cell:
        key, label = figure.key, labels[figure.key]
        if key in typed:
            was = typed[key]
            return Cell(key, label, was.text, was.shown, was.version, was.error)
        score = standing.get(key)
        text = shown_text(score.value) if score else ""
        return Cell(key, label, text, text, score.version if score else 0, weak=_is_weak(figure))

    rows = []
    tool = ""
    for figure in result.figures.values():
        if figure.kind is Kind.TOOL:
            tool = figure.code
        if figure.kind not in KINDS_AT[depth] or (figure.part and figure.kind is not Kind.TOOL):
            continue
        rows.append(
            Row(
                cell_name(figure.key),
                figure.kind,
                row_label(figure),
                "" if figure.part or figure.kind is Kind.TOTAL else figure.title,
                tool,
                paint(figure),
                tuple(cell(own) for own in figure.cells),
            )
        )
    return rows


def row_label(figure: Figure) -> str:
    """Return the name that stands in a row's first column, with Arabic digits."""
    if figure.kind is Kind.TOTAL:
        return "คะแนนรวม"
    if figure.kind is Kind.INDICATOR:
        return f"ตัวชี้วัดที่ {figure.code.removeprefix('indicator-')}"
    return f"{figure.code} ส่วนที่ {figure.part}" if figure.part else figure.code


def foot_of(result: Result) -> Foot:
    """Return the bar at the foot of the sheet."""
    entries = [
        FootEntry(
            to_thai(f"{figure.code} {figure.part}" if figure.part else figure.code),
            _screen(figure.value),
            figure.flagged,
        )
        for figure in result.component_figures
    ]
    entries.append(FootEntry("รวม", _screen(result.total.value), result.total.flagged))
    level = result.level
    return Foot(
        tuple(entries),
        "" if level is None else to_thai(level.name),
        "" if level is None else to_thai(level.reason),
    )


def painted_rows(result: Result) -> dict[str, Any]:
    """Return every row's words by its name, without what is empty: what a page needs to paint itself anew."""
    found = {}
    for figure in result.figures.values():
        if not figure.part or figure.kind is Kind.TOOL:
            words = vars(paint(figure))
            found[cell_name(figure.key)] = {name: word for name, word in words.items() if word}
    return found


def empty_disclosure_cells(cells: Iterable[Key], entered: Container[Key]) -> list[Key]:
    """Return the disclosure items that have no score yet."""
    return [key for key in cells if is_disclosure(key) and key not in entered]
