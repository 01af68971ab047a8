"""The blocks that a printed paper consists of: headings, paragraphs, and the rows of its tables. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser

from ita_portal.thai import to_arabic


@dataclass(frozen=True)
class Cell:
    """What stands in one cell, or the text of a block that is no row.

    column: the heading of its column; spans: it continues that of the row above.
    """

    column: str
    lines: tuple[str, ...]
    spans: bool = False

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)

    @property
    def counts(self) -> bool:
        """Whether its column only counts the rows."""
        return self.column in ("ที่", "อันดับ", "ลำดับ", "ลำดับที่")


@dataclass(frozen=True)
class Block:
    """One block of a paper in reading order.

    kind: "heading", "text", "head" (the column headings of a table) or "row"; cells: one unless in a table;
    parent: the index of the heading above, -1 without one; table: the name of the table that it stands in.
    """

    kind: str
    cells: tuple[Cell, ...]
    parent: int = -1
    table: str = ""

    @property
    def text(self) -> str:
        """All that the block itself says, a line a line."""
        return "\n".join(cell.text for cell in self.cells if not cell.spans and cell.lines)

    @cached_property
    def label(self) -> str:
        """The words that name it: of a row, the first line of its first cell that does not count."""
        return next((cell.lines[0] for cell in self.cells if cell.lines and not cell.counts), "")

    @cached_property
    def name(self) -> str:
        """The label without the number in front, in Arabic digits."""
        return self._plain(self.label)

    @cached_property
    def number(self) -> str:
        """The number in front of the label or in the column that counts, in Arabic digits; or nothing."""
        counted = next((to_arabic(cell.text) for cell in self.cells if cell.counts), "")
        return counted or to_arabic(self.label).removesuffix(self.name).strip()

    @cached_property
    def key(self) -> tuple[object, ...]:
        """What it says without numbers in front, in Arabic digits: blocks of one key say the same."""
        return (self.kind, self.table, *(self.said(cell) for cell in self.cells if not cell.counts))

    @cached_property
    def grams(self) -> frozenset[str]:
        """Every three neighbouring characters of its words, to tell how much two blocks have in common."""
        words = "\n".join(line for cell in self.cells if not cell.counts for line in self.said(cell))
        return frozenset(words[at : at + 3] for at in range(max(1, len(words) - 2)))

    def said(self, cell: Cell) -> tuple[str, ...]:
        """The lines of one of its cells as they are compared."""
        return tuple(map(self._plain, cell.lines))

    def _plain(self, line: str) -> str:
        number = _HEADING_NUMBER if self.kind == "heading" else _NUMBER
        return number.sub("", to_arabic(line), count=1)


# Scores (“90.50 คะแนน”) are no such numbers: in a text only what ends with a dot or a bracket, no decimals.
_NUMBER = re.compile(r"^(?:\([0-9]{1,3}\)|[0-9]{1,3}(?:\.[0-9]{1,3})*[.)])(?:\s+(?=\S)|$)")
_HEADING_NUMBER = re.compile(r"^(?:\([0-9]{1,3}\)|[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?)\s+(?=\S)")


_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_APART = frozenset(
    {"p", "div", "li", "ul", "ol", "dl", "dt", "dd", "section", "article", "header", "footer"}
    | {"table", "thead", "tbody", "tr", "td", "th"}
)
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_UNREAD = frozenset({"script", "style", "svg", "title"})
_TERM_LEVEL, _GROUP_LEVEL = 8, 9


def blocks_of(body: str) -> list[Block]:
    """Return the blocks of the inner HTML of a paper's <body>, in reading order, without empty ones."""
    reader = _Reader()
    reader.feed(body)
    reader.close()
    reader.flush()
    return reader.blocks


class _Reader(HTMLParser):
    """Cuts a print HTML into blocks. A row of nothing but <th> in the body of a table heads the rows below it."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._buffer: list[str] = []
        self._headings: list[tuple[int, int]] = []
        self._level = self._unread = 0
        self._table = ""
        self._in_head = False
        self._columns: list[str] = []
        self._row: list[Cell] | None = None
        self._lines: list[str] | None = None
        self._cell: dict[str, str] = {}
        self._only_headings = True
        self._above: dict[int, tuple[int, Cell]] = {}
        self._last: dict[int, Cell] = {}
        self._at = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNREAD:
            self._unread += 1
        elif tag == "br":
            self._buffer.append(" ")
        elif tag in _HEADINGS:
            self.flush()
            # The title of a paper stands beside its chapters, not above them.
            self._level = max(2, int(tag[1]))
        elif tag in _APART:
            self.flush()
            self._open(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD:
            self._unread = max(0, self._unread - 1)
        elif tag in _HEADINGS:
            self.flush()
            self._level = 0
        elif tag in _APART:
            self.flush()
            self._close(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self._buffer.append(data)

    def flush(self) -> None:
        """Put away the text read so far as a line of its cell, as a heading, or as a block of its own."""
        text = " ".join("".join(self._buffer).translate(_INVISIBLE).split())
        self._buffer.clear()
        if not text:
            return
        if self._lines is not None:
            self._lines.append(text)
        elif self._level:
            self._head((Cell("", (text,)),), self._level)
        else:
            self._add("text", (Cell("", (text,)),))

    def _open(self, tag: str, attrs: dict[str, str]) -> None:
        if tag == "section":
            self._headings.clear()
        elif tag == "dt":
            self._level = _TERM_LEVEL
        elif tag == "table":
            self._table, self._columns, self._above, self._last = attrs.get("class") or "table", [], {}, {}
        elif tag == "thead":
            self._in_head = True
        elif tag == "tr":
            self._row, self._at, self._only_headings = [], 0, True
        elif tag in ("td", "th"):
            self._lines, self._cell = [], attrs
            self._only_headings &= tag == "th"

    def _close(self, tag: str) -> None:
        if tag == "section":
            self._headings.clear()
        elif tag == "dt":
            self._level = 0
        elif tag == "dl":
            self._leave(_TERM_LEVEL)
        elif tag == "table":
            self._leave(_GROUP_LEVEL)
            self._table = ""
        elif tag == "thead":
            self._in_head = False
        elif tag in ("td", "th") and self._row is not None and self._lines is not None:
            self._close_cell(self._row, tuple(self._lines))
            self._lines = None
        elif tag == "tr" and self._row is not None:
            self._close_row(self._row)
            self._row = None

    def _close_cell(self, row: list[Cell], lines: tuple[str, ...]) -> None:
        self._span(row)
        column = self._columns[self._at] if self._at < len(self._columns) else ""
        cell = Cell(column, lines)
        if "continued" in self._cell.get("class", "").split() and self._at in self._last:
            cell = Cell(column, self._last[self._at].lines, spans=True)
        row.append(cell)
        self._last[self._at] = cell
        width, height = (int(self._cell.get(name) or 1) for name in ("colspan", "rowspan"))
        for at in range(self._at, self._at + width):
            if height > 1:
                self._above[at] = (height - 1, cell)
            if self._in_head:
                self._columns.append(" ".join(lines))
        self._at += width

    def _span(self, row: list[Cell]) -> None:
        """Repeat in `row` the cells that reach down from the rows above, from this column on."""
        while self._at in self._above:
            left, cell = self._above.pop(self._at)
            row.append(Cell(cell.column, cell.lines, spans=True))
            if left > 1:
                self._above[self._at] = (left - 1, cell)
            self._at += 1

    def _close_row(self, row: list[Cell]) -> None:
        self._span(row)
        if not any(cell.lines for cell in row):
            return
        if self._in_head:
            self._add("head", (Cell("", tuple(line for cell in row for line in cell.lines)),))
        elif self._only_headings:
            self._head(tuple(row), _GROUP_LEVEL)
        else:
            self._add("row", tuple(row))

    def _head(self, cells: tuple[Cell, ...], level: int) -> None:
        self._leave(level)
        self._add("heading", cells)
        self._headings.append((level, len(self.blocks) - 1))

    def _leave(self, level: int) -> None:
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()

    def _add(self, kind: str, cells: tuple[Cell, ...]) -> None:
        parent = self._headings[-1][1] if self._headings else -1
        self.blocks.append(Block(kind, cells, parent, self._table))
