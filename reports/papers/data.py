"""What the tables of a paper say, as plain data: frozen beside the paper, later given away as XLSX, CSV and JSON.

Nothing stands here that the paper of that kind does not print, but for differences of two printed numbers. Texts
have Arabic digits; scores are decimals with two places as texts ("86.82"), None where they are unknown or do not
print; days are ISO dates ("2023-10-01").
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from ita_portal.thai import round_half_up, to_arabic
from measures.drafting.facts import points
from measures.models import MeasurePlan, PaperKind, PaperSettings
from measures.models.library import ALL_UNITS
from measures.table import Group, StepRow, table_of
from reports.templatetags.paper import unnumbered

from . import KINDS
from .analysis import change_rows, ranking_rows
from .plan import excuses_of
from .tables import printed_groups, question_rows


def data_of(plan: MeasurePlan, kind: str) -> dict[str, Any]:
    """Return what the tables of a plan's paper say, ready for JSON.

    kind: "plan" or "analysis". The number of queries does not depend on the number of measures. Raises ValueError
    for any other kind.
    """
    kind = PaperKind(kind)
    is_plan = kind == PaperKind.PLAN
    settings, result = plan.settings(kind), plan.result(kind)
    table = table_of(plan, kind)
    level = settings.level(result)
    full = question_rows(result) if is_plan and settings.shows_all_questions else []
    # The plan prints the year before in its full table of questions alone, the report in its comparison.
    compared = bool(full if is_plan else change_rows(result))
    total = figure_data(result.total, compared=compared and not is_plan)
    data = {
        "kind": kind.value,
        "title": f"{KINDS[kind].name} ประจำปีงบประมาณ พ.ศ. {KINDS[kind].year_of(plan)}",
        "be_year": plan.be_year,
        "measured_year": plan.assessment.be_year,
        "organisation": organisation_data(plan.assessment.organisation),
        "total": total["score"],
        "total_last_year": total["last_year"],
        "total_change": total["change"],
        "level": level.name if level else "",
        "threshold": points(result.threshold),
        "tools": tool_data(result, compared=bool(full), parts=is_plan),
        "indicators": [
            {**indicator_data(figure), **figure_data(figure, compared=compared)}
            for figure in result.indicators
        ],
        "questions": question_data(result) if full else weak_question_data(result),
        "measures": measure_data(printed_groups(table), settings),
    }
    if is_plan:
        data["excuses"] = [
            {"code": e.item.code, "title": to_arabic(e.item.title), "reason": to_arabic(e.reason)}
            for e in excuses_of(plan, result, table)
        ]
    else:
        data["ranking"] = [
            {"rank": row.rank, **indicator_data(row.figure), "score": score(row.figure.value)}
            for row in ranking_rows(result)
        ]
    return data


def organisation_data(organisation: Organisation) -> dict[str, str]:
    """Name the organisation and its place."""
    fields = ("name", "short_name", "district", "province")
    return {field: to_arabic(getattr(organisation, field)) for field in fields}


# --- scores ---------------------------------------------------------------------------------------------------


def score(value: Decimal | None) -> str | None:
    """A score or a difference with two places, halves away from zero."""
    return None if value is None else str(round_half_up(value))


def figure_data(figure: Figure, *, compared: bool = True) -> dict[str, Any]:
    """The score of a figure; compared: with that of the year before and the change."""
    return {
        "score": score(figure.value),
        "last_year": score(figure.previous) if compared else None,
        "change": score(figure.change) if compared else None,
        "flagged": figure.flagged,
    }


def tool_data(result: Result, *, compared: bool, parts: bool) -> list[dict[str, Any]]:
    """The tools; parts: each followed by its parts of which a score is known."""
    return [
        {
            "code": figure.code,
            "part": figure.part,
            "name": to_arabic(figure.title),
            **figure_data(figure, compared=compared),
        }
        for tool in result.tools
        for figure in (tool, *(part for part in tool.parts if parts and part.value is not None))
    ]


def indicator_data(figure: Figure) -> dict[str, Any]:
    """The code, number, name and tool of an indicator."""
    return {
        "code": figure.code,
        "number": int(figure.code.removeprefix("indicator-")),
        "name": to_arabic(figure.title),
        "tool": figure.tool,
    }


def _question_row(
    figure: Figure, cell: Figure, indicator: Figure, *, compared: bool = True
) -> dict[str, Any]:
    return {
        "code": figure.code,
        "part": cell.part,
        "indicator": indicator.code,
        "title": to_arabic(figure.title),
        **figure_data(cell, compared=compared),
        "gap": score(cell.gap),
    }


def question_data(result: Result) -> list[dict[str, Any]]:
    """Every question, a row for each of its parts (part 0: the question as a whole).

    Where only the whole has a score of the year before, that follows in a row of part 0 without a score of its own.
    """
    rows = []
    for indicator in result.indicators:
        for question in (f for f in indicator.walk() if f.kind is Kind.QUESTION and not f.part):
            rows += [_question_row(question, cell, indicator) for cell in question.cells]
            split = any(cell.previous is not None for cell in question.cells)
            if question.parts and question.previous is not None and not split:
                whole = {"score": None, "change": None, "flagged": False, "gap": None}
                rows.append(_question_row(question, question, indicator) | whole)
    return rows


def weak_question_data(result: Result) -> list[dict[str, Any]]:
    """The scores of questions below the threshold, in the order of the instrument."""
    return [
        _question_row(question, cell, indicator, compared=False)
        for indicator in result.indicators
        for question in indicator.walk()
        if question.kind is Kind.QUESTION and not question.part
        for cell in question.cells
        if cell.flagged
    ]


# --- measures -------------------------------------------------------------------------------------------------


def measure_data(groups: list[Group], settings: PaperSettings) -> list[dict[str, Any]]:
    """The measures table, a row for each step row; what has no column on the paper stays empty."""
    printed = {column.kind for column in settings.profile}
    return [
        {
            "group": to_arabic(group.heading),
            "number": row.mark.rstrip("."),
            "measure": to_arabic(row.title),
            "answers": list(row.codes),
            **_step_data(step, printed),
        }
        for group in groups
        for row in group.measures
        for step in row.steps
    ]


def _step_data(row: StepRow, printed: set[str]) -> dict[str, Any]:
    step = row.step
    units = [ALL_UNITS] if step.all_units else [to_arabic(unit.name) for unit in step.units.all()]
    has_period = "period" in printed
    return {
        "steps": [to_arabic(line) for line in unnumbered(row.lines)],
        "responsible": units if "responsible" in printed else [],
        "starts_on": step.starts_on.isoformat() if has_period else None,
        "ends_on": step.ends_on.isoformat() if has_period else None,
        "period": row.period if has_period else "",
        "follow_up": to_arabic(row.follow_up) if "follow_up" in printed else "",
    }
