"""The paper มาตรการส่งเสริมคุณธรรมและความโปร่งใส: result, analysis, measures, limitations."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from ita_portal.thai import in_digits
from measures.drafting.facts import points
from measures.models import Excuse, MeasurePlan, PaperKind
from measures.profile import PaperFormat
from measures.table import Group, table_of
from measures.texts import Texts
from measures.weak import decided_items

from .paper import Paper, frame_of, label_of, lines_of
from .recommendations import recommendations_of
from .tables import indicator_rows, introduction_of, printed_groups, question_rows


def plan_paper(plan: MeasurePlan, *, draft: bool = True, digits: str | None = None) -> Paper:
    """Return the paper มาตรการส่งเสริมคุณธรรมและความโปร่งใส of `plan`.

    draft: stamp ร่าง over every page and show where a text is still missing; digits: "thai" or "arabic" instead
    of the plan's own choice.
    """
    texts = Texts(plan, PaperKind.PLAN)
    result = texts.subject.result
    organisation = plan.assessment.organisation
    settings = plan.settings(PaperKind.PLAN)
    frame = frame_of(plan, result, draft=draft, digits=digits)
    table = table_of(plan)
    groups = printed_groups(table)
    return Paper(
        title=in_digits(f"{plan} {organisation}", frame["digits"]),
        template="print/plan.html",
        context={
            **frame,
            "cover_lines": ("มาตรการส่งเสริมคุณธรรมและความโปร่งใส",),
            "cover_year": plan.be_year,
            "outcome": outcome_of(result, organisation, plan.assessment.be_year, frame["style"]),
            "level_text": lines_of(texts.resolved("level")),
            "gaps": missing_of(result),
            "recommendations": recommendations_of(plan.assessment) if settings.shows_recommendations else [],
            "indicators": indicator_rows(result),
            "questions": question_rows(result) if settings.shows_all_questions else [],
            "compared": any(
                f.previous is not None for f in result.figures.values() if f.kind is Kind.QUESTION
            ),
            "weak": weak_summary(result),
            "opening": lines_of(texts.resolved("opening")),
            "topics": [
                Topic(topic.number, topic.name, texts.resolved(f"topic-{topic.number}"))
                for topic in texts.subject.topics
            ],
            "introduction": introduction_of(groups, organisation, plan.be_year),
            "groups": groups,
            "excuses": excused_of(plan, result, table),
            "limitations": lines_of(texts.resolved("limitations")),
            "suggestions": lines_of(texts.resolved("suggestions")),
        },
    )


@dataclass(frozen=True)
class Excused:
    """A weak item without a measure of its own, and why."""

    label: str
    reason: str


def excuses_of(plan: MeasurePlan, result: Result, table: list[Group]) -> list[Excuse]:
    """The reasons that hold: of items that are weak with the scores of now and have no measure, in their order."""
    found = [
        item.excuse for item in decided_items(plan, result, table) if item.state == "excused" and item.excuse
    ]
    return sorted(found, key=lambda excuse: excuse.item.position)


def excused_of(plan: MeasurePlan, result: Result, table: list[Group]) -> list[Excused]:
    """The reasons of `excuses_of` as the paper names them."""
    return [
        Excused(f"{excuse.item} {excuse.item.title}", excuse.reason)
        for excuse in excuses_of(plan, result, table)
    ]


# --- ๑ the result ---------------------------------------------------------------------------------------------


def outcome_of(result: Result, organisation: Organisation, be_year: int, style: PaperFormat) -> str:
    """Say the total, and what the table below it shows; where there is no total, say so."""
    begin = f"ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA) ประจำปีงบประมาณ พ.ศ. {be_year}"
    begin += f" ของ{organisation}"
    if result.total.value is None:
        return f"{begin} ยังไม่มีคะแนนรวม โดยมีผลการประเมินรายตัวชี้วัดและรายเครื่องมือ ดังนี้"
    return f"{begin} มีคะแนนรวม {style.plain_score(result.total.value)} คะแนน โดยมีผลการประเมินรายตัวชี้วัดและรายเครื่องมือ ดังนี้"


def missing_of(result: Result) -> str:
    """Name the indicators without a score; empty where all are known or none is."""
    absent = [figure for figure in result.indicators if figure.value is None]
    if not absent:
        return ""
    if len(absent) == len(result.indicators):
        return "ไม่มีคะแนนรายตัวชี้วัด"
    names = ", ".join(label_of(figure) for figure in absent)
    return f"ไม่มีคะแนนของ {len(absent)} ตัวชี้วัด คือ {names}"


@dataclass(frozen=True)
class WeakSummary:
    """All that lies below the threshold: what to say of it, and the rows, groups first, then weakest first."""

    sentence: str
    rows: tuple[tuple[str, Figure], ...]


def weak_summary(result: Result) -> WeakSummary:
    """Count and list what is below the threshold.

    The parts of an indicator are left out: results are published for parts of a tool and of a question alone.
    """
    least = f"{points(result.threshold)} คะแนน"
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
    """One of the seven topics with its analysis."""

    number: int
    name: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        """The text's paragraphs."""
        return lines_of(self.text)
