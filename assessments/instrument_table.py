"""An instrument's questions as a table that an operator edits in a spreadsheet: out, in, and what would change.

Pure: bytes and trees in, rows, plans and Thai sentences out. A row is one question; indicators and tools are
those of the instrument, sub-indicators come and go with the rows that name them.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ita_portal.cells import safe, unguarded
from ita_portal.thai import decoded, parse_code, to_arabic

from .scoring import Kind, Node

MAX_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 20 * 1024 * 1024
MAX_ROWS = 1000
MAX_QUESTIONS_OF_INDICATOR = 150
MAX_TITLE = 2000
LETTERS = {"IIT": "i", "EIT": "e", "OIT": "o"}

# Heading of each column, with other words under which it is found.
COLUMNS = {
    "tool": ("เครื่องมือ", "tool"),
    "indicator": ("ตัวชี้วัด", "indicator"),
    "sub_indicator": ("ตัวชี้วัดย่อย", "sub-indicator"),
    "code": ("รหัส", "code"),
    "title": ("ข้อคำถาม", "title"),
}


class BadTable(ValueError):
    """A file that holds no readable table; its text is a Thai sentence for the person who sent it."""


@dataclass(frozen=True)
class Row:
    """One question as it stands in the table; `line` is its line in the file (the heading is 1)."""

    tool: str
    indicator: str
    sub_indicator: str
    code: str
    title: str
    line: int = 0


@dataclass(frozen=True)
class Refusal:
    """Why a row cannot be taken: where, what stands there, the rule, and an example."""

    line: int
    column: str
    value: str
    rule: str
    example: str

    def __str__(self) -> str:
        value = f"“{self.value[:60]}”" if self.value else "ว่าง"
        return f"แถวที่ {self.line} ช่อง{self.column} {value}: {self.rule} เช่น {self.example}"


@dataclass(frozen=True)
class Question:
    """A question in its place: under an indicator, or under one of its sub-indicators."""

    code: str
    title: str
    indicator: str
    sub_indicator: str = ""


@dataclass(frozen=True)
class Plan:
    """What importing a table would do. Nothing may be done while there are refusals."""

    questions: tuple[Question, ...]
    sub_indicators: dict[str, tuple[str, str]]  # code: (indicator's code, title)
    added: tuple[Question, ...]
    changed: tuple[tuple[Question, Question], ...]  # before, after
    removed: tuple[Question, ...]
    sub_indicator_changes: tuple[str, ...]  # Thai phrases
    refusals: tuple[str, ...]

    @property
    def changes_nothing(self) -> bool:
        """Whether all stands in the instrument as it stands in the table."""
        return not (self.added or self.changed or self.removed or self.sub_indicator_changes)


def questions_of(tree: Node) -> Iterator[Question]:
    """Yield the questions of an instrument with their places."""
    for tool in tree.children:
        for indicator in tool.children:
            for child in indicator.children:
                if child.kind is Kind.QUESTION:
                    yield Question(child.code, child.title, indicator.code)
                for question in child.children:
                    yield Question(question.code, question.title, indicator.code, child.code)


def rows_of(tree: Node) -> list[Row]:
    """Return an instrument's questions as rows; indicators and sub-indicators as "9.1 name"."""
    nodes = {node.code: node for node in tree.walk()}
    tools = {indicator.code: tool.code for tool in tree.children for indicator in tool.children}

    def spoken(code: str) -> str:
        return f"{code.removeprefix('indicator-')} {nodes[code].title}" if code else ""

    return [
        Row(tools[q.indicator], spoken(q.indicator), spoken(q.sub_indicator), q.code, q.title)
        for q in questions_of(tree)
    ]


def _lines(rows: Iterable[Row]) -> Iterator[list[str]]:
    yield [names[0] for names in COLUMNS.values()]
    for row in rows:
        yield [safe(getattr(row, field)) for field in COLUMNS]


def to_csv(rows: Iterable[Row]) -> bytes:
    """Write rows as CSV in UTF-8 with the mark by which spreadsheets know it."""
    text = io.StringIO()
    csv.writer(text).writerows(_lines(rows))
    return text.getvalue().encode("utf-8-sig")


def to_xlsx(rows: Iterable[Row]) -> bytes:
    """Write rows as an Excel workbook with one sheet."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("ข้อคำถาม")
    for letter, width in zip("ABCDE", (11, 34, 34, 9, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    for line in _lines(rows):
        sheet.append(line)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def read_table(content: bytes, name: str) -> list[Row]:
    """Read a CSV file (UTF-8, or TIS-620 as old Excel writes it) or an XLSX file, by its content.

    name: the file's name, for refusals. Blank lines are left out. Raises BadTable.
    """
    if len(content) > MAX_BYTES:
        raise BadTable(f"แฟ้ม “{name}” ใหญ่เกินไป ต้องไม่เกิน 1 เมกะไบต์ โปรดส่งเฉพาะตารางข้อคำถาม")
    if content.startswith(b"PK"):
        lines = _xlsx_lines(content, name)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadTable(f"แฟ้ม “{name}” เป็น Excel รุ่นเก่า โปรดบันทึกใหม่เป็น .xlsx หรือ .csv")
    else:
        lines = _csv_lines(content, name)
    filled = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cells)]
    if not filled:
        raise BadTable(f"แฟ้ม “{name}” ไม่มีข้อมูล โปรดส่งตารางที่ส่งออกจากหน้านี้")
    if len(filled) > MAX_ROWS:
        raise BadTable(f"แฟ้ม “{name}” มี {len(filled)} แถว ต้องไม่เกิน {MAX_ROWS} แถว")
    at = _columns(filled[0][1], name)

    def cell(cells: list[str], field: str) -> str:
        place = at.get(field)
        return cells[place] if place is not None and place < len(cells) else ""

    return [Row(**{field: cell(cells, field) for field in COLUMNS}, line=line) for line, cells in filled[1:]]


def _columns(heading: list[str], name: str) -> dict[str, int]:
    """Find the place of each column by its heading."""
    words = [text.casefold() for text in heading]
    at = {
        field: next(words.index(known) for known in names if known in words)
        for field, names in COLUMNS.items()
        if any(known in words for known in names)
    }
    missing = [names[0] for field, names in COLUMNS.items() if field not in at and field != "sub_indicator"]
    if missing:
        raise BadTable(
            f"แฟ้ม “{name}” แถวแรกไม่มีหัวตาราง {', '.join(missing)} "
            f"แถวแรกต้องเป็นหัวตาราง เช่น {', '.join(names[0] for names in COLUMNS.values())}"
        )
    return at


def _clean(value: object) -> str:
    """Return a cell as one line of text, without the mark that `safe` puts in front of formulas."""
    text = " ".join(str(value).split()) if value is not None else ""
    return unguarded(text).strip()


def _csv_lines(content: bytes, name: str) -> list[list[str]]:
    text = decoded(content)
    if text is None or "\0" in text:
        raise BadTable(f"อ่านแฟ้ม “{name}” ไม่ได้ ต้องเป็น .csv (UTF-8 หรือ TIS-620) หรือ .xlsx")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        return [
            [_clean(cell) for cell in line] for line in csv.reader(io.StringIO(text), delimiter=delimiter)
        ]
    except csv.Error as error:
        raise BadTable(f"อ่านแฟ้ม “{name}” เป็น CSV ไม่ได้ โปรดส่งออกใหม่จากหน้านี้แล้วแก้ในแฟ้มนั้น") from error


def _xlsx_lines(content: bytes, name: str) -> list[list[str]]:
    unreadable = f"อ่านแฟ้ม “{name}” เป็น Excel ไม่ได้ โปรดเปิดแล้วบันทึกใหม่เป็น .xlsx หรือ .csv"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise BadTable(f"แฟ้ม “{name}” ใหญ่เกินไปเมื่อคลายแล้ว โปรดส่งเฉพาะตารางข้อคำถาม")
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            cells = book.worksheets[0].iter_rows(max_row=MAX_ROWS + 2, max_col=20, values_only=True)
            return [[_clean(value) for value in line] for line in cells]
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise error if isinstance(error, BadTable) else BadTable(unreadable) from error


def check(rows: Collection[Row], tree: Node, scored: Collection[str] = frozenset()) -> Plan:
    """Work out what importing `rows` into an instrument would change, and all that forbids it.

    scored: codes that have scores; they may neither go nor change. All refusals come at once.
    """
    reader = _Reader(tree)
    for row in rows:
        reader.take(row)
    reader.check_wholes()
    before = {question.code: question for question in questions_of(tree)}
    after = reader.questions
    added = tuple(q for code, q in after.items() if code not in before)
    changed = tuple((before[code], q) for code, q in after.items() if code in before and before[code] != q)
    removed = tuple(q for code, q in before.items() if code not in after)
    refusals = [str(refusal) for refusal in reader.refusals]
    if not rows:
        refusals.append("ตารางไม่มีข้อคำถาม ต้องมีอย่างน้อยหนึ่งแถวใต้หัวตาราง")
    if not reader.refusals:
        refusals += _held_by_scores(tree, reader, changed, removed, scored)
    return Plan(
        tuple(after.values()),
        reader.sub_indicators,
        added,
        changed,
        removed,
        tuple(_sub_indicator_changes(tree, reader.sub_indicators)),
        tuple(refusals),
    )


def _sub_indicator_changes(tree: Node, after: dict[str, tuple[str, str]]) -> Iterator[str]:
    before = {node.code: node.title for node in tree.walk() if node.kind is Kind.SUB_INDICATOR}
    for code, (_, title) in after.items():
        if code not in before:
            yield f"เพิ่มตัวชี้วัดย่อยที่ {code} {title}"
        elif before[code] != title:
            yield f"เปลี่ยนชื่อตัวชี้วัดย่อยที่ {code} จาก {before[code]} เป็น {title}"
    for code, title in before.items():
        if code not in after:
            yield f"ลบตัวชี้วัดย่อยที่ {code} {title}"


def _held_by_scores(
    tree: Node,
    reader: _Reader,
    changed: Collection[tuple[Question, Question]],
    removed: Collection[Question],
    scored: Collection[str],
) -> Iterator[str]:
    """Yield a sentence for each kind of change that scores forbid, naming the items."""
    rule = "ทำไม่ได้เพราะมีหน่วยงานกรอกคะแนนแล้ว"
    if gone := [q.code for q in removed if q.code in scored]:
        yield f"ลบข้อ {', '.join(gone)} {rule} โปรดคงแถวเหล่านี้ไว้ในตาราง"
    if moved := [old.code for old, _ in changed if old.code in scored]:
        yield f"เปลี่ยนข้อ {', '.join(moved)} {rule} โปรดคงข้อความและตัวชี้วัดเดิมไว้"
    subs = [node.code for node in tree.walk() if node.kind is Kind.SUB_INDICATOR]
    if gone := [code for code in subs if code not in reader.sub_indicators and code in scored]:
        yield f"ลบตัวชี้วัดย่อยที่ {', '.join(gone)} {rule} โปรดคงไว้อย่างน้อยหนึ่งข้อ"


class _Reader:
    """Rows as they are taken one by one, with what was refused."""

    def __init__(self, tree: Node) -> None:
        self.titles = {node.code: node.title for node in tree.walk()}
        self.tools = {tool.code: [i.code for i in tool.children] for tool in tree.children}
        self.questions: dict[str, Question] = {}
        self.sub_indicators: dict[str, tuple[str, str]] = {}
        self.refusals: list[Refusal] = []
        self.first_lines: dict[str, int] = {}

    def take(self, row: Row) -> None:
        """Take a row as a question, or keep why not."""

        def refuse(field: str, rule: str, example: str) -> None:
            value = getattr(row, field)
            self.refusals.append(Refusal(row.line, COLUMNS[field][0], value, rule, example))

        tool = row.tool.upper()
        if tool not in self.tools:
            refuse("tool", f"ต้องเป็น {' '.join(self.tools)} อย่างใดอย่างหนึ่ง", "IIT")
            return
        indicator = self._indicator(row, tool, refuse)
        code = self._code(row, tool, refuse)
        if len(row.title) > MAX_TITLE:
            refuse(
                "title", f"ต้องไม่เกิน {MAX_TITLE} ตัวอักษร", "ท่านทราบข้อมูลเกี่ยวกับงบประมาณของหน่วยงาน มากน้อยเพียงใด"
            )
        elif not row.title and (code not in self.titles or self.titles[code]):
            refuse("title", "ต้องมีข้อความของข้อคำถาม", "ท่านทราบข้อมูลเกี่ยวกับงบประมาณของหน่วยงาน มากน้อยเพียงใด")
        sub = self._sub_indicator(row, indicator, refuse) if indicator else ""
        if indicator and code:
            self.questions[code] = Question(code, row.title, indicator, sub)
            self.first_lines.setdefault(indicator, row.line)

    def _indicator(self, row: Row, tool: str, refuse: Callable[[str, str, str], None]) -> str:
        number, name = _numbered(row.indicator.removeprefix("ตัวชี้วัดที่"))
        code = f"indicator-{number}"
        mine = self.tools[tool]
        numbers = ", ".join(c.removeprefix("indicator-") for c in mine)
        if code not in mine:
            example = f"{mine[0].removeprefix('indicator-')} {self.titles[mine[0]]}"
            refuse("indicator", f"ตัวชี้วัดของ {tool} มีเฉพาะข้อ {numbers}", example)
            return ""
        if name and name != " ".join(self.titles[code].split()):
            refuse("indicator", "ชื่อไม่ตรงกับแบบประเมินของปีนี้", f"{number} {self.titles[code]}")
            return ""
        return code

    def _code(self, row: Row, tool: str, refuse: Callable[[str, str, str], None]) -> str:
        letter = LETTERS.get(tool, "")
        code = parse_code(row.code, tool=tool) or ""
        if not code.startswith(letter) or not code:
            refuse("code", f"รหัสของ {tool} ต้องเป็น {letter} ตามด้วยเลขข้อ", f"{letter}7")
            return ""
        if code in self.questions:
            refuse("code", "รหัสซ้ำกับแถวก่อนหน้า แต่ละข้อมีได้แถวเดียว", f"{letter}{len(self.questions) + 1}")
            return ""
        return code

    def _sub_indicator(self, row: Row, indicator: str, refuse: Callable[[str, str, str], None]) -> str:
        if not row.sub_indicator:
            return ""
        number, name = _numbered(row.sub_indicator.removeprefix("ตัวชี้วัดย่อยที่"))
        head = indicator.removeprefix("indicator-")
        known = self.sub_indicators.get(number, ("", ""))[1]
        title = name or known or self.titles.get(number, "")
        if not re.fullmatch(rf"{head}\.[1-9][0-9]?", number) or not title:
            refuse("sub_indicator", f"ต้องเป็นเลข {head}.1, {head}.2 … และชื่อ", f"{head}.1 ข้อมูลพื้นฐาน")
            return ""
        if known and name and name != known:
            refuse("sub_indicator", "ชื่อไม่ตรงกับแถวก่อนหน้าของตัวชี้วัดย่อยเดียวกัน", f"{number} {known}")
            return ""
        self.sub_indicators[number] = (indicator, title)
        return number

    def check_wholes(self) -> None:
        """Refuse an indicator of which only some questions have sub-indicators, or with too many questions."""
        if self.refusals:
            return
        for indicator, line in self.first_lines.items():
            mine = [q for q in self.questions.values() if q.indicator == indicator]
            number = indicator.removeprefix("indicator-")
            without = [q.code for q in mine if not q.sub_indicator]
            if without and len(without) < len(mine):
                rule = f"ตัวชี้วัดที่ {number} ต้องระบุตัวชี้วัดย่อยทุกข้อหรือไม่ระบุเลย ข้อที่ยังไม่ระบุคือ {', '.join(without)}"
                self.refusals.append(Refusal(line, COLUMNS["sub_indicator"][0], "", rule, f"{number}.1"))
            if len(mine) > MAX_QUESTIONS_OF_INDICATOR:
                rule = f"ตัวชี้วัดหนึ่งมีได้ไม่เกิน {MAX_QUESTIONS_OF_INDICATOR} ข้อ"
                self.refusals.append(Refusal(line, COLUMNS["indicator"][0], number, rule, number))


def _numbered(text: str) -> tuple[str, str]:
    """Split "9.1 name" into ("9.1", "name"); a text that does not begin with a number gives ("", text)."""
    match = re.match(r"\s*([0-9]+(?:\.[0-9]+)?)[\s.:]*", to_arabic(text))
    return (match[1], " ".join(text[match.end() :].split())) if match else ("", text)
