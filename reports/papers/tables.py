"""The tables that several papers print: indicators, questions, measures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import takewhile

from assessments.labels import cell_label
from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from measures.table import Group

from .paper import label_of


@dataclass(frozen=True)
class IndicatorRow:
    """A row of the table of ten; `tool` is set on the first row of its tool, and spans `span` rows."""

    label: str
    figure: Figure
    tool: Figure | None
    span: int


def indicator_rows(result: Result) -> list[IndicatorRow]:
    """The ten indicators with the score of each tool merged over its own."""
    return [
        IndicatorRow(label_of(figure), figure, None if index else tool, len(tool.children))
        for tool in result.tools
        for index, figure in enumerate(tool.children)
    ]


@dataclass(frozen=True)
class Entry:
    """One score of a question as the full table prints it; `name` is set where a question has parts."""

    name: str
    figure: Figure
    lowest: bool


@dataclass(frozen=True)
class QuestionRow:
    """A row of the full table: a tool, indicator or sub-indicator heads a group, a question has entries.

    opens: whether it is the first group row after questions.
    """

    kind: str
    label: str
    figure: Figure
    entries: tuple[Entry, ...] = ()
    previous: Figure | None = None
    opens: bool = False


def question_rows(result: Result) -> list[QuestionRow]:
    """Every question with its score, grouped; empty where no question's score is known."""
    if all(cell.value is None for question in result.questions for cell in question.cells):
        return []
    rows = [row for tool in result.tools for row in _rows_of(tool, tool, result)]
    after = [None, *rows[:-1]]
    return [
        replace(row, opens=last is not None and last.kind == "question" != row.kind)
        for last, row in zip(after, rows, strict=True)
    ]


def _rows_of(figure: Figure, tool: Figure, result: Result) -> Iterator[QuestionRow]:
    if figure.kind is Kind.QUESTION:
        entries = tuple(
            Entry(
                cell_label(Kind.TOOL, (tool.code, cell.part)) if cell.part else "",
                cell,
                result.is_lowest(cell),
            )
            for cell in figure.cells
        )
        # Last year's survey of the whole stands after the parts, unless each part has its own.
        split = any(cell.previous is not None for cell in figure.cells)
        whole = figure if figure.parts and not split and figure.previous is not None else None
        yield QuestionRow("question", f"{figure.code} {figure.title}", figure, entries, whole)
        return
    label = figure.title or figure.code if figure.kind is Kind.TOOL else label_of(figure)
    yield QuestionRow(figure.kind.value, label, figure)
    for child in figure.children:
        yield from _rows_of(child, tool, result)


def printed_groups(groups: list[Group]) -> list[Group]:
    """The groups that the table prints: all topics; of tools and indicators only those that hold measures."""

    def holds(group: Group) -> bool:
        if group.holds_measures:
            return bool(group.measures)
        below = takewhile(lambda other: other.holds_measures, groups[groups.index(group) + 1 :])
        return any(other.measures for other in below)

    return [group for group in groups if group.key.startswith("topic-") or holds(group)]


def introduction_of(groups: list[Group], organisation: Organisation, be_year: int) -> str:
    """Say how many measures there are and for which year."""
    count = sum(len(group.measures) for group in groups)
    if not count:
        return f"{organisation} ยังไม่ได้กำหนดมาตรการสำหรับปีงบประมาณ พ.ศ. {be_year}"
    return (
        f"จากผลการวิเคราะห์ข้างต้น {organisation} กำหนดมาตรการส่งเสริมคุณธรรมและความโปร่งใส "
        f"ประจำปีงบประมาณ พ.ศ. {be_year} จำนวน {count} มาตรการ ดังนี้"
    )
