"""The home of a working year: the checklist, the result beside it, and the next step."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assessments.models import Assessment
from ita_portal.organisations.access import EVERY_ROLE, MemberRequest, members_only
from ita_portal.organisations.models import Role
from ita_portal.thai import fiscal_year_of
from reports.checklist import Checklist


@members_only(EVERY_ROLE)
def organisation_home(request: MemberRequest) -> HttpResponse:
    """Go to the year in work: this fiscal year's, or the newest that has scores while this one has none.

    An auditor goes to the approved papers.
    """
    if request.membership.role == Role.AUDITOR:
        return redirect("reports:audit-organisation", request.organisation.slug)
    this_year = fiscal_year_of(timezone.localdate())
    measured = Assessment.objects.of(request.organisation).values_list("instrument__be_year", flat=True)
    working = {be_year + 1 for be_year in measured}
    year = this_year if this_year in working or not working else max(working)
    return redirect("reports:year-home", request.organisation.slug, year)


@members_only(EVERY_ROLE)
def year_home(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show where the year of plan `be_year` stands. An auditor goes to the approved papers."""
    if request.membership.role == Role.AUDITOR:
        return redirect("reports:audit-organisation", request.organisation.slug)
    checklist = Checklist(request.organisation, be_year)
    steps = checklist.steps
    next_step = next((step for step in steps if step.state == "now"), None)
    return render(
        request,
        "reports/year_home.html",
        {
            "working_year": be_year,
            "step": "home",
            "checklist": checklist,
            "steps": steps,
            "next_step": next_step,
            "result": checklist.result,
        },
    )
