"""The analysis of a year's result."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from assessments.models import Assessment, Instrument
from ita_portal.organisations.access import READERS, MemberRequest, members_only


@members_only(READERS)
def analysis(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show level, tools, indicators and weak items of the measured year `be_year`.

    404 for a year without an instrument; an empty state where nothing has been entered yet.
    """
    instrument = get_object_or_404(Instrument, be_year=be_year)
    assessment = Assessment.objects.of(request.organisation).filter(instrument=instrument).first()
    result = assessment.result(compared=True) if assessment else None
    return render(
        request,
        "assessments/analysis.html",
        {
            "working_year": be_year + 1,
            "step": "analysis",
            "be_year": be_year,
            "assessment": assessment,
            "result": result
            if result and any(f.value is not None for f in result.figures.values())
            else None,
        },
    )
