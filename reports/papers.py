"""The papers: one function each, from what is kept to a `Paper` that prints as HTML.

All that a paper says beyond the person's own texts is worked out here, from the same result that the web pages
show: sentences, counts and orders are generated, never typed. Texts carry Arabic digits and plain blanks until
the templates print them through the filters of `reports.templatetags.paper`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.template.loader import render_to_string

from assessments.models import cell_label
from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from ita_portal.thai import Digits, format_score, in_digits
from measures.models import MeasurePlan
from measures.table import Group, table_of


@dataclass(frozen=True)
class Paper:
    """A paper ready to print: its title, its template, and all that the template says."""

    title: str
    template: str
    context: Mapping[str, Any]

    def html(self, *, preview: bool = False) -> str:
        """Return the paper's HTML: for the PDF engine, or with its style sheets linked for a browser."""
        return render_to_string(self.template, {**self.context, "title": self.title, "preview": preview})


def plan_paper(plan: MeasurePlan, *, draft: bool = True, digits: str | None = None) -> Paper:
    """Return the paper มาตรการส่งเสริมคุณธรรมและความโปร่งใส of `plan`.

    draft: stamp ร่าง over every page and show where a text is still missing; digits: "thai" or "arabic" instead
    of the plan's own choice.
    """
    result = plan.result()
    organisation = plan.assessment.organisation
    chosen: Digits = "arabic" if (digits or plan.digits) == "arabic" else "thai"
    groups = printed_groups(table_of(plan))
    texts = dict(plan.topic_analyses.values_list("number", "text"))
    return Paper(
        title=in_digits(f"{plan} {organisation}", chosen),
        template="print/plan.html",
        context={
            "plan": plan,
            "organisation": organisation,
            "names": names_of(organisation, chosen),
            "digits": chosen,
            "arabic_digits": chosen == "arabic",
            "draft": draft,
            "measured_year": plan.assessment.be_year,
            "year_before": plan.assessment.be_year - 1,
            "result": result,
            "threshold": threshold_of(result),
            "outcome": outcome_of(result, organisation, plan.assessment.be_year),
            "gaps": missing_of(result),
            "indicators": indicator_rows(result),
            "questions": question_rows(result) if plan.shows_all_questions else [],
            "compared": any(
                f.previous is not None for f in result.figures.values() if f.kind is Kind.QUESTION
            ),
            "weak": weak_summary(result),
            "change": change_of(result, organisation, plan.assessment.be_year),
            "extremes": extremes_of(result),
            "opening": lines_of(plan.opening),
            "topics": [
                Topic(topic["number"], topic["name"], texts.get(topic["number"], ""))
                for topic in plan.assessment.instrument.topic_outline
            ],
            "introduction": introduction_of(groups, organisation, plan.be_year),
            "groups": groups,
            "excuses": [
                Excused(f"{excuse.item} {excuse.item.title}", excuse.reason)
                for excuse in plan.excuses.select_related("item").order_by("item__position")
            ],
            "limitations": lines_of(plan.limitations),
            "suggestions": lines_of(plan.suggestions),
        },
    )


@dataclass(frozen=True)
class Excused:
    """A weak item without a measure of its own, and why."""

    label: str
    reason: str


def names_of(organisation: Organisation, digits: Digits) -> tuple[str, ...]:
    """The names, in the digits of the paper, inside which no line may break."""
    places = [organisation.name, organisation.short_name]
    places += [f"อำเภอ{organisation.district}"] if organisation.district else []
    places += [f"จังหวัด{organisation.province}"] if organisation.province else []
    return tuple(in_digits(name, digits) for name in places if name)


def lines_of(text: str) -> list[str]:
    """The lines of a text in which one line is one item, without the blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- ๑ the result ---------------------------------------------------------------------------------------------


def outcome_of(result: Result, organisation: Organisation, be_year: int) -> str:
    """Say the total and the level with its reason; what cannot be said yet is said to be so."""
    begin = f"การประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA) ประจำปีงบประมาณ พ.ศ. {be_year}"
    if result.total.value is None or result.level is None:
        return f"{begin} ของ{organisation} ยังไม่มีคะแนนรวม จึงยังระบุระดับผลการประเมินไม่ได้"
    begin += f" {organisation} ได้คะแนนรวม {format_score(result.total.value)} คะแนน"
    level = result.level
    if level.determined:
        reason = level.reason.removeprefix(level.name).strip()
        return f"{begin} อยู่ในระดับ “{level.name}” {reason} โดยมีผลการประเมินรายตัวชี้วัดและรายเครื่องมือ ดังนี้"
    return f"{begin} อยู่ในระดับ “{level.name}” ({level.reason}) โดยมีผลการประเมินรายตัวชี้วัดและรายเครื่องมือ ดังนี้"


def threshold_of(result: Result) -> str:
    """The threshold in words: “85” where it is whole, else with two places."""
    whole = result.threshold.to_integral_value()
    return str(whole) if whole == result.threshold else format_score(result.threshold)


def missing_of(result: Result) -> str:
    """Name the indicators without a score; empty where all are known or none is."""
    absent = [figure for figure in result.indicators if figure.value is None]
    if not absent:
        return ""
    if len(absent) == len(result.indicators):
        return "ไม่มีคะแนนรายตัวชี้วัด"
    names = ", ".join(label_of(figure) for figure in absent)
    return f"ไม่มีคะแนนของ {len(absent)} ตัวชี้วัด คือ {names}"


def label_of(figure: Figure) -> str:
    """A figure as the paper names it: “ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร”, “e9 ส่วนที่ 2 …”, “EIT ส่วนที่ 2”."""
    label = cell_label(figure.kind, figure.key)
    return label if figure.kind in (Kind.TOTAL, Kind.TOOL) else f"{label} {figure.title}"


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
    """A row of the full table: a tool, indicator or sub-indicator heads a group, a question has entries."""

    kind: str
    label: str
    figure: Figure
    entries: tuple[Entry, ...] = ()
    previous: Figure | None = None


def question_rows(result: Result) -> list[QuestionRow]:
    """Every question with its score, grouped; empty where no question's score is known."""
    if all(cell.value is None for question in result.questions for cell in question.cells):
        return []
    return [row for tool in result.tools for row in _rows_of(tool, tool, result)]


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


@dataclass(frozen=True)
class WeakSummary:
    """All that lies below the threshold: what to say of it, and the rows, groups first, then weakest first."""

    sentence: str
    rows: tuple[tuple[str, Figure], ...]


def weak_summary(result: Result) -> WeakSummary:
    """Count and list what is below the threshold.

    The parts of an indicator are left out: results are published for parts of a tool and of a question alone.
    """
    least = f"{threshold_of(result)} คะแนน"
    if all(figure.value is None for figure in result.figures.values()):
        return WeakSummary("", ())
    kept = [f for f in result.flagged if not (f.part and f.kind in (Kind.INDICATOR, Kind.SUB_INDICATOR))]
    groups = [f for f in kept if f.kind is not Kind.QUESTION]
    cells = sorted(result.flagged_cells, key=lambda f: f.value or 0)
    if not kept:
        return WeakSummary(f"ไม่มีรายการที่ได้คะแนนต่ำกว่าเกณฑ์ {least}", ())
    counts = {
        "เครื่องมือหรือส่วนของเครื่องมือ": sum(f.kind is Kind.TOOL for f in groups),
        "ตัวชี้วัด": sum(f.kind is Kind.INDICATOR for f in groups),
        "ตัวชี้วัดย่อย": sum(f.kind is Kind.SUB_INDICATOR for f in groups),
        "คะแนนรายข้อคำถาม": len(cells),
    }
    said = " ".join(f"{name} {count} รายการ" for name, count in counts.items() if count)
    if result.total.flagged:
        said = f"คะแนนรวม {said}".strip()
    asked = len({f.code for f in cells})
    in_questions = f" (จาก {asked} ข้อคำถาม)" if cells and asked != len(cells) else ""
    return WeakSummary(
        f"รายการที่ได้คะแนนต่ำกว่าเกณฑ์ {least} มีทั้งหมด {len(kept)} รายการ ได้แก่ {said}{in_questions} ดังนี้",
        tuple((label_of(f), f) for f in (*groups, *cells)),
    )


# --- ๒ the analysis -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Topic:
    """One of the seven topics with the person's analysis of it."""

    number: int
    name: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs."""
        return lines_of(self.text)


def change_of(result: Result, organisation: Organisation, be_year: int) -> str:
    """Say the total and how it moved from the year before."""
    total, change = result.total, result.total.change
    if total.value is None:
        return f"ยังไม่มีคะแนนรวมของปีงบประมาณ พ.ศ. {be_year} สำหรับวิเคราะห์"
    begin = f"ผลการประเมิน ITA ของ{organisation} ประจำปีงบประมาณ พ.ศ. {be_year} มีคะแนนรวม {format_score(total.value)} คะแนน"
    if change is None or total.previous is None:
        return f"{begin} โดยไม่มีคะแนนรวมของปีงบประมาณ พ.ศ. {be_year - 1} สำหรับเปรียบเทียบ"
    last = f"ปีงบประมาณ พ.ศ. {be_year - 1} ซึ่งมีคะแนนรวม {format_score(total.previous)} คะแนน"
    if not change:
        return f"{begin} เท่ากับ{last}"
    return f"{begin} {'เพิ่มขึ้น' if change > 0 else 'ลดลง'} {format_score(abs(change))} คะแนน จาก{last}"


def extremes_of(result: Result) -> str:
    """Name the indicators with the highest and the lowest score; empty where there is nothing to compare."""
    ranking = result.ranking
    if not ranking or ranking[0].value == ranking[-1].value:
        return ""

    def named(like: Figure) -> str:
        same = [label_of(f) for f in ranking if f.value == like.value]
        return f"{' และ '.join(same)} ({format_score(like.value or Decimal(0))} คะแนน)"

    return f"ตัวชี้วัดที่ได้คะแนนสูงสุด คือ {named(ranking[0])} และตัวชี้วัดที่ได้คะแนนต่ำสุด คือ {named(ranking[-1])}"


# --- ๓ the measures -------------------------------------------------------------------------------------------


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
