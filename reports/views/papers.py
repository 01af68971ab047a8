"""Papers on the screen and as PDF: the preview page, the print HTML in its frame, and the file."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from ita_portal.organisations.access import READERS, MemberRequest, members_only
from measures.models import Digits, MeasurePlan
from reports.papers import plan_paper
from reports.pdf import html_to_pdf


def digits_of(request: HttpRequest, plan: MeasurePlan) -> str:
    """The kind of digits asked for in the address, else the plan's own."""
    asked = request.GET.get("digits", "")
    return asked if asked in Digits.values else plan.digits


def plan_of(request: MemberRequest, be_year: int) -> MeasurePlan:
    """The organisation's plan for fiscal year `be_year`; 404 where there is none."""
    return get_object_or_404(MeasurePlan.objects.of(request.organisation).for_year(be_year))


@members_only(READERS)
def plan_preview(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the paper in our frame, with its download and the switch of digits for this look."""
    plan = plan_of(request, be_year)
    return render(
        request,
        "reports/preview.html",
        {
            "working_year": be_year,
            "step": "check",
            "plan": plan,
            "digits": digits_of(request, plan),
            "choices": Digits.choices,
        },
    )


@members_only(READERS)
def plan_paper_html(request: MemberRequest, be_year: int) -> HttpResponse:
    """The very print HTML of the paper, with its style sheets linked for the browser."""
    plan = plan_of(request, be_year)
    return HttpResponse(plan_paper(plan, digits=digits_of(request, plan)).html(preview=True))


@members_only(READERS)
def plan_pdf(request: MemberRequest, be_year: int) -> FileResponse:
    """The paper as a PDF to keep, stamped ร่าง."""
    plan = plan_of(request, be_year)
    paper = plan_paper(plan, digits=digits_of(request, plan))
    name = f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส {be_year} {request.organisation.display_name} (ร่าง).pdf"
    return FileResponse(
        BytesIO(html_to_pdf(paper.html(), title=paper.title)),
        as_attachment=True,
        filename=name.replace("/", "-"),
        content_type="application/pdf",
    )
