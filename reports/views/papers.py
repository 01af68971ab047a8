"""Papers on the screen and as PDF: the preview page, the print HTML in its frame, and the file.

`kind` is a key of `reports.papers.KINDS`; the year in an address is the one that the paper names.
"""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from ita_portal.organisations.access import READERS, MemberRequest, members_only
from measures.models import Digits, MeasurePlan
from reports.papers import KINDS, PaperKind
from reports.pdf import html_to_pdf


def digits_of(request: HttpRequest, plan: MeasurePlan, kind: str) -> str:
    """The kind of digits asked for in the address, else that of the paper's settings."""
    asked = request.GET.get("digits", "")
    return asked if asked in Digits.values else plan.settings(kind).digits


def plan_of(request: MemberRequest, be_year: int, kind: PaperKind) -> MeasurePlan:
    """The organisation's plan whose paper of this kind names `be_year`; 404 where there is none."""
    working_year = be_year + 1 if kind.names_measured_year else be_year
    return get_object_or_404(MeasurePlan.objects.of(request.organisation).for_year(working_year))


@members_only(READERS)
def paper_preview(request: MemberRequest, be_year: int, kind: str) -> HttpResponse:
    """Show the paper in our frame, with the way to the other papers, its download and the switch of digits."""
    shown = KINDS[kind]
    plan = plan_of(request, be_year, shown)
    slug = request.organisation.slug
    return render(
        request,
        "reports/preview.html",
        {
            "working_year": plan.be_year,
            "step": "check",
            "plan": plan,
            "kind": shown,
            "named_year": be_year,
            "papers": [
                (other, reverse(f"reports:{other.key}-preview", args=[slug, other.year_of(plan)]))
                for other in KINDS.values()
            ],
            "paper_url": reverse(f"reports:{kind}-paper", args=[slug, be_year]),
            "pdf_url": reverse(f"reports:{kind}-pdf", args=[slug, be_year]),
            "digits": digits_of(request, plan, kind),
            "choices": Digits.choices,
        },
    )


@members_only(READERS)
def paper_html(request: MemberRequest, be_year: int, kind: str) -> HttpResponse:
    """The very print HTML of the paper, with its style sheets linked for the browser."""
    plan = plan_of(request, be_year, KINDS[kind])
    return HttpResponse(KINDS[kind].make(plan, digits=digits_of(request, plan, kind)).html(preview=True))


@members_only(READERS)
def paper_pdf(request: MemberRequest, be_year: int, kind: str) -> FileResponse:
    """The paper as a PDF to keep, stamped ร่าง."""
    plan = plan_of(request, be_year, KINDS[kind])
    paper = KINDS[kind].make(plan, digits=digits_of(request, plan, kind))
    name = f"{KINDS[kind].name} {be_year} {request.organisation.display_name} (ร่าง).pdf"
    return FileResponse(
        BytesIO(html_to_pdf(paper.html(), title=paper.title)),
        as_attachment=True,
        filename=name.replace("/", "-"),
        content_type="application/pdf",
    )
