"""The paper รายงานการวิเคราะห์ผลการประเมิน: what was measured, how it compares, what is strong, what is to mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessments.levels import LETTERS, PASS_LEVELS, Level, LevelScale
from assessments.patterns import strengths, weaknesses
from assessments.scoring import Figure, Kind, Result
from ita_portal.thai import format_change, in_digits
from measures.drafting import Facts, Subject, resolved
from measures.drafting.facts import direction, points
from measures.drafting.subject import codes, questions_of
from measures.drafting.wording import indicator_words
from measures.models import MeasurePlan, PaperKind, PaperSettings
from measures.models.library import Suggestions
from measures.table import Group, table_of
from measures.texts import Texts

from .paper import Paper, frame_of, label_of, lines_of
from .tables import introduction_of, printed_groups

NAME = "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA)"
# So many ready measures are named beside a weak question for which the plan has none of its own.
MOST_SUGGESTED = 2


def analysis_paper(plan: MeasurePlan, *, draft: bool = True, digits: str | None = None) -> Paper:
    """Return the paper รายงานการวิเคราะห์ผลการประเมิน of the year that `plan` rests on.

    draft: stamp ร่าง over every page; digits: "thai" or "arabic" instead of the plan's own choice.
    """
    texts = Texts(plan, PaperKind.ANALYSIS)
    result, settings = texts.subject.result, plan.settings(PaperKind.ANALYSIS)
    organisation = plan.assessment.organisation
    frame = frame_of(plan, result, draft=draft, digits=digits, kind=PaperKind.ANALYSIS)
    groups = printed_groups(table_of(plan, PaperKind.ANALYSIS))
    before = plan.assessment.year_before

    def paragraphs(key: str) -> list[str]:
        return lines_of(texts.resolved(key))

    return Paper(
        title=in_digits(
            f"{NAME} ประจำปีงบประมาณ พ.ศ. {plan.assessment.be_year} {organisation}", frame["digits"]
        ),
        template="print/analysis.html",
        context={
            **frame,
            "cover_lines": (
                "รายงานการวิเคราะห์ผลการประเมิน",
                "คุณธรรมและความโปร่งใสในการดำเนินงาน",
                "ของหน่วยงานภาครัฐ (ITA)",
            ),
            "cover_year": plan.assessment.be_year,
            "preface": paragraphs("preface") if settings.shows_preface else [],
            "background": paragraphs("background"),
            "tools_explained": paragraphs("tools-explained"),
            "tools": tool_rows(result),
            "whole_weight": points(sum((t.share for t in result.tools), Decimal(0)) * 100),
            "components": component_names(result),
            "levels": level_rows(scale_of(settings, result), frame["level"]),
            "level_text": paragraphs("level"),
            "ranking": ranking_rows(result),
            "summaries": [text for tool in result.tools for text in paragraphs(f"tool-{tool.code}")],
            "comparison": paragraphs("comparison"),
            "changes": change_rows(result),
            "level_before": settings.level(before.result()) if before else None,
            "strong": sections_of(strengths(result), "strength", paragraphs),
            "weak": sections_of(weaknesses(result), "weakness", paragraphs),
            "issues": issue_groups(result, texts.facts),
            "lacking": lacking_rows(
                texts.subject, groups, Suggestions(plan.assessment.instrument, organisation)
            ),
            "introduction": introduction_of(groups, organisation, plan.be_year),
            "groups": groups,
        },
    )


# --- tools and levels -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ToolRow:
    """A tool with its weight in percent and the names of its indicators."""

    name: str
    weight: str
    indicators: tuple[str, ...]


def tool_rows(result: Result) -> list[ToolRow]:
    """The tools of the instrument with their weights."""
    return [
        ToolRow(tool.title or tool.code, points(tool.share * 100), tuple(label_of(f) for f in tool.children))
        for tool in result.tools
    ]


def component_names(result: Result) -> str:
    """What a level of the pass scale rests on beside the total: “IIT, EIT ส่วนที่ 1, EIT ส่วนที่ 2 และ OIT”."""
    *rest, last = [label_of(f) for tool in result.tools for f in (tool.parts or (tool,))] or [""]
    return f"{', '.join(rest)} และ {last}" if rest else last


def scale_of(settings: PaperSettings, result: Result) -> LevelScale:
    """The scale of levels that the paper prints."""
    chosen = {PaperSettings.LevelScale.LETTERS: LETTERS, PaperSettings.LevelScale.PASS: PASS_LEVELS}
    return chosen.get(PaperSettings.LevelScale(settings.level_scale), result.scale)


@dataclass(frozen=True)
class LevelRow:
    """A step of a scale: what it asks of the total and of every tool; reached: the organisation stands here."""

    name: str
    total: str
    each: str
    reached: bool


def level_rows(scale: LevelScale, level: Level | None) -> list[LevelRow]:
    """The steps of a scale, highest first, with the one reached (all that stay possible, where undetermined)."""
    rows = []
    for index, (name, least, each) in enumerate(scale.steps):
        above = scale.steps[:index]
        # A step that asks no more of the total than the one above it is told from it by the tools alone.
        told_by = next((bound for _, total, bound in above if total == least and bound is not None), None)
        ceiling = min((total for _, total, _ in above if total > least), default=None)
        if each is not None or told_by is not None or ceiling is None:
            asked = f"ตั้งแต่ {points(least)} คะแนน"
        elif least:
            asked = f"ตั้งแต่ {points(least)} คะแนน แต่ไม่ถึง {points(ceiling)} คะแนน"
        else:
            asked = f"ต่ำกว่า {points(ceiling)} คะแนน"
        tools = f"ทุกเครื่องมือตั้งแต่ {points(each)} คะแนน" if each is not None else ""
        if told_by is not None:
            tools = f"มีบางเครื่องมือต่ำกว่า {points(told_by)} คะแนน"
        rows.append(LevelRow(name, asked, tools, level is not None and name in level.names))
    return rows


# --- ranking and comparison -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class RankRow:
    """An indicator in the order of the scores; rank is None for one without a score."""

    rank: int | None
    label: str
    figure: Figure


def ranking_rows(result: Result) -> list[RankRow]:
    """The indicators, highest first, those without a score last; the tool stands in brackets."""
    unknown = [f for f in result.indicators if f.value is None]
    return [RankRow(result.rank(f), f"{label_of(f)} ({f.tool})", f) for f in (*result.ranking, *unknown)]


@dataclass(frozen=True)
class ChangeRow:
    """A score beside that of the year before; change is “เพิ่มขึ้น +0.81”, empty where one of them is unknown."""

    label: str
    figure: Figure
    change: str


def change_rows(result: Result) -> list[ChangeRow]:
    """The indicators (where any is known of the year before) and the total; empty without a year before."""
    told = result.indicators if any(f.previous is not None for f in result.indicators) else ()
    if not told and result.total.previous is None:
        return []
    rows = [ChangeRow(f"{label_of(f)} ({f.tool})", f, moved(f)) for f in told]
    return [*rows, ChangeRow("คะแนนรวม (ค่าเฉลี่ยถ่วงน้ำหนัก)", result.total, moved(result.total))]


def moved(figure: Figure) -> str:
    """Say a change with its word and its sign: “เพิ่มขึ้น +0.81”, “ลดลง -0.64”, “คงเดิม”; empty where unknown."""
    if figure.change is None:
        return ""
    return f"{direction(figure.change)} {format_change(figure.change)}" if figure.change else "คงเดิม"


# --- strengths, weaknesses, issues ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Section:
    """A strong or weak indicator with its explanation, and for a weak one the recommendation."""

    label: str
    figure: Figure
    paragraphs: list[str]
    recommendation: list[str]


def sections_of(
    figures: Iterable[Figure], kind: str, paragraphs: Callable[[str], list[str]]
) -> list[Section]:
    """The sections on indicators in the given order; kind: "strength", or "weakness" with recommendations."""
    return [
        Section(
            f"{label_of(f)} ({f.tool})",
            f,
            paragraphs(f"{kind}-{number}"),
            paragraphs(f"recommend-{number}") if kind == "weakness" else [],
        )
        for f in figures
        for number in [f.code.removeprefix("indicator-")]
    ]


@dataclass(frozen=True)
class IssueGroup:
    """Indicators that share one issue to mend or to keep."""

    heading: str
    text: str
    rows: tuple[tuple[str, Figure], ...]


def issue_groups(result: Result, facts: Facts) -> list[IssueGroup]:
    """The indicators by what is to be done about them: mend, keep and mend questions, keep, find the score."""
    least = f"{points(result.threshold)} คะแนน"
    weak = {
        f.code: [q for q in questions_of(f) if any(c.flagged for c in q.cells)] for f in result.indicators
    }

    def questions(figures: list[Figure]) -> str:
        found = [q for f in figures for q in weak[f.code]]
        return resolved(f"ข้อ {codes(found)}", facts) if found else ""

    mend = [f for f in result.indicators if f.flagged]
    mixed = [f for f in result.indicators if f.value is not None and not f.flagged and weak[f.code]]
    keep = [f for f in result.indicators if f.value is not None and not f.flagged and not weak[f.code]]
    unknown = [f for f in result.indicators if f.value is None]
    first = (
        f" โดยเริ่มจาก{questions(mend)}" if questions(mend) else " โดยหาสาเหตุร่วมกับส่วนงานที่เกี่ยวข้องก่อนกำหนดวิธีแก้ไข"
    )
    groups = [
        ("ต้องแก้ไข", f"ยกระดับคะแนนให้ถึงเกณฑ์ {least}{first}", mend),
        (
            "รักษาระดับและแก้ไขรายข้อ",
            f"รักษาคะแนนของตัวชี้วัดไว้ และแก้ไขข้อที่ยังต่ำกว่าเกณฑ์ {least} ได้แก่ {questions(mixed)}",
            mixed,
        ),
        ("รักษาระดับ", "คงแนวปฏิบัติที่ใช้อยู่ และติดตามผลอย่างต่อเนื่องมิให้คะแนนลดลง", keep),
        ("รอคะแนน", "ตรวจสอบผลคะแนนที่ประกาศให้ครบถ้วน ก่อนกำหนดประเด็นที่ต้องแก้ไขหรือรักษา", unknown),
    ]
    return [
        IssueGroup(heading, text, tuple((f"{label_of(f)} ({f.tool})", f) for f in figures))
        for heading, text, figures in groups
        if figures
    ]


@dataclass(frozen=True)
class LackingRow:
    """A weak question (or an indicator of which only its own score is known) and what should be developed.

    indicator: its name on the first row of the indicator, else empty; scores: (name of the part, figure).
    """

    indicator: str
    label: str
    scores: tuple[tuple[str, Figure], ...]
    developments: tuple[str, ...]


def lacking_rows(subject: Subject, groups: list[Group], suggestions: Suggestions) -> list[LackingRow]:
    """What is weak, in the order of the instrument, with what should be developed.

    That is what the plan's measures for it say, else ready measures of the library, else our advice.
    """
    result = subject.result
    weak = {f.code for f in result.weak_items}
    measures: dict[str, list[str]] = {}
    for row in (row for group in groups for row in group.measures):
        for code in row.codes:
            measures.setdefault(code, []).append(row.title)
    rows = []
    for indicator in result.indicators:
        name = label_of(indicator)
        for figure in (f for f in indicator.walk() if f.code in weak and not f.part):
            ready = [entry.title for entry in suggestions.own(figure.code)[:MOST_SUGGESTED]]
            whole = figure.kind is Kind.INDICATOR
            rows.append(
                LackingRow(
                    name,
                    "คะแนนของตัวชี้วัด (ไม่มีคะแนนรายข้อ)" if whole else label_of(figure),
                    tuple((f"ส่วนที่ {c.part}" if c.part else "", c) for c in figure.cells if c.flagged),
                    tuple(measures.get(figure.code) or ready or advice_on(figure, indicator, subject)),
                )
            )
            name = ""
    return rows


def advice_on(figure: Figure, indicator: Figure, subject: Subject) -> list[str]:
    """What to do about a weak question, else about its indicator; empty where we have no words for either."""
    words = indicator_words(indicator.title)
    return subject.advice([figure]) or ([words.mend] if words else [])
