"""The analysis of a year's result: what it says, how it came about, and what would change it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments import patterns, sheet
from assessments.labels import cell_label
from assessments.models import Assessment, Instrument
from assessments.scoring import Figure, Key, Result
from assessments.trend import YEARS, trend
from assessments.what_if import assumable, what_if
from ita_portal.organisations.access import READERS, MemberRequest, members_only
from ita_portal.thai import BadScore, parse_score, to_thai


@members_only(READERS)
def analysis(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show all that follows from the scores of the measured year `be_year`; ?threshold= reads it at another one.

    404 for a year without an instrument; an empty state where nothing has been entered yet; 422 for a threshold
    that cannot be read.
    """
    assessment, threshold, problem = _asked(request, be_year)
    result = _known(assessment.result(threshold=threshold, compared=True)) if assessment.pk else None
    context = _page(assessment, threshold, problem, request) | {"result": result}
    if result:
        instrument = assessment.instrument
        context |= {
            "ranking": [(result.rank(figure), figure) for figure in result.ranking],
            "unscored": [figure for figure in result.indicators if figure.value is None],
            "strong": patterns.strengths(result),
            "weak": patterns.weaknesses(result),
            "highest": patterns.highest(result.indicators),
            "lowest": patterns.lowest(result.indicators),
            "unperceived": patterns.disclosed_not_perceived(result, instrument.disclosure_links),
            "contrasts": patterns.inside_high_outside_low(result, instrument.perception_pairs),
            "has_links": bool(instrument.disclosure_links),
            "has_question_scores": any(c.value is not None for f in result.questions for c in f.cells),
            "moved": [f for f in result.questions if f.change is not None or f.reworded],
            "needs": patterns.needs(result),
            "next_level": patterns.steps_to_next_level(result),
        }
    return render(request, "assessments/analysis.html", context, status=422 if problem else 200)


@members_only(READERS)
def trend_page(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the ten indicators and the total of up to five years that end with `be_year`."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    years = range(be_year - YEARS + 1, be_year + 1)
    results = Assessment.objects.of(request.organisation).filter(instrument__be_year__in=years).results()
    drawn = trend(results, be_year, instrument.threshold)
    context = {"working_year": be_year + 1, "step": "analysis", "be_year": be_year, "trend": drawn}
    return render(request, "assessments/trend.html", context)


@members_only(READERS)
def what_if_page(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show total, tools and level with the scores that the address assumes; nothing is saved.

    422 where one of them cannot be read: the others are still shown.
    """
    assessment, threshold, problem = _asked(request, be_year)
    entered = assessment.entered()
    result = _known(assessment.result(threshold=threshold))
    context = _page(assessment, threshold, problem, request)
    if result is None:
        return render(request, "assessments/what_if.html", context)
    assumed, rows = _assumed(request, result)
    mistakes = [row for row in rows if row["error"]]
    then = what_if(assessment.instrument.tree, result, entered, assumed)
    shown = (*result.component_figures, result.total)
    context |= {
        "result": result,
        "rows": rows,
        "mistakes": mistakes,
        "then": then,
        "outcome": [(now, then.figures[now.key], _move(now, then.figures[now.key])) for now in shown],
        "next_level": patterns.steps_to_next_level(then),
    }
    return render(request, "assessments/what_if.html", context, status=422 if mistakes or problem else 200)


def _asked(request: MemberRequest, be_year: int) -> tuple[Assessment, Decimal, str]:
    """Return the year's assessment (unsaved where there is none), the threshold asked for, and what is wrong
    with it; then the instrument's stands. Raises 404 for a year without an instrument."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    assessment = Assessment.seen_for(request.organisation, instrument)
    text = request.GET.get("threshold", "")
    if not text.strip():
        return assessment, instrument.threshold, ""
    try:
        return assessment, parse_score(text), ""
    except BadScore as error:
        return assessment, instrument.threshold, to_thai(f"เกณฑ์ที่กรอกใช้ไม่ได้: {error}")


def _known(result: Result) -> Result | None:
    return result if any(figure.value is not None for figure in result.figures.values()) else None


def _page(assessment: Assessment, threshold: Decimal, problem: str, request: MemberRequest) -> dict[str, Any]:
    """What the pages say around their tables."""
    return {
        "working_year": assessment.be_year + 1,
        "step": "analysis",
        "be_year": assessment.be_year,
        "assessment": assessment,
        "threshold": threshold,
        "own_threshold": threshold != assessment.instrument.threshold,
        "threshold_text": request.GET.get("threshold", "") if problem else "",
        "problem": problem,
    }


def _assumed(request: MemberRequest, result: Result) -> tuple[dict[Key, Decimal], list[dict[str, Any]]]:
    """Read the assumed scores from the address; a field left empty or out keeps the present score."""
    assumed: dict[Key, Decimal] = {}
    rows = []
    for figure in assumable(result):
        name = sheet.cell_name(figure.key)
        text = request.GET.get(name, "")
        error = ""
        try:
            value = sheet.read_cell(figure.key, cell_label(figure.kind, figure.key), text)
        except BadScore as refused:
            value, error = None, to_thai(str(refused))
        if value is not None:
            assumed[figure.key] = value
        shown = text if text.strip() else sheet.shown_text(figure.value)
        html_id = "assume-" + name.replace("/", "-").replace(".", "-")
        rows.append({"figure": figure, "name": name, "html_id": html_id, "text": shown, "error": error})
    return assumed, rows


def _move(now: Figure, then: Figure) -> Decimal | None:
    return None if now.value is None or then.value is None else then.value - now.value
