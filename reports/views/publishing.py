"""Publication of approved papers: what the public may read, and the address for the assessment."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Instrument
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai
from measures.models import MeasurePlan, PaperKind
from reports.issuing import render as make_pdf
from reports.memo_facts import publication_due
from reports.models import MEMO, Inspection, IssuedPaper, Publication, Refusal
from reports.published import absolute


@dataclass(frozen=True)
class Refused:
    """A withdrawal that was refused for its reason: of which paper, what was typed, and what is wrong with it."""

    code: str
    reason: str
    sentence: str


@members_only(READERS)
@require_safe
def publication(request: MemberRequest, be_year: int) -> HttpResponse:
    """List the year's approved papers with what the public sees of each."""
    if not MeasurePlan.objects.of(request.organisation).for_year(be_year).exists():
        return redirect("measures:plan", request.organisation.slug, be_year)
    return _page(request, be_year)


def _page(request: MemberRequest, be_year: int, refused: Refused | None = None) -> HttpResponse:
    organisation = request.organisation
    found = IssuedPaper.objects.of(organisation).filter(be_year=be_year)
    papers = sorted(
        found.prefetch_related("publications__published_by", Inspection.prefetch()),
        key=lambda paper: (not paper.is_current, paper.kind == MEMO, paper.kind != PaperKind.PLAN, -paper.pk),
    )
    asking = Instrument.objects.filter(be_year=be_year).first()
    context = {
        "working_year": be_year,
        "step": "publish",
        "papers": papers,
        "refused": refused,
        # The one that stands out: what the assessment asks for comes first.
        "first_step": next(
            (p for p in papers if p.is_current and not p.publications.all() and p.kind != MEMO), None
        ),
        "public_page": any(paper.publications.all() for paper in papers),
        "is_public": any(paper.is_published for paper in papers),
        "public_path": reverse("reports:public-year", args=[organisation.slug, be_year]),
        "public_url": absolute(reverse("reports:public-year", args=[organisation.slug, be_year])),
        "asking_item": asking.plan_item if asking else "",
        "due": publication_due(be_year),
        "edits": request.membership.role in EDITORS,
    }
    return render(request, "reports/publication.html", context, status=422 if refused else 200)


@members_only(EDITORS)
@require_POST
def paper_publish(request: MemberRequest, be_year: int, code: str) -> HttpResponse:
    """Let the public read a paper; its PDF is made first where the server stopped before it was."""
    paper = _paper(request, be_year, code)
    try:
        make_pdf(paper, at=timezone.now()).publish(by=request.user, at=timezone.now())
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
    else:
        messages.success(request, to_thai(f"เผยแพร่{paper.title}แล้ว ต่อไป: คัดลอกที่อยู่เว็บไปกรอกในแบบประเมิน"))
    return redirect("reports:publication", request.organisation.slug, be_year)


@members_only(EDITORS)
@require_POST
def paper_withdraw(request: MemberRequest, be_year: int, code: str) -> HttpResponse:
    """Take a paper off the public page, with the `reason` that the page then shows; a bad one stays in its box."""
    paper, reason = _paper(request, be_year, code), request.POST.get("reason", "")
    try:
        paper.withdraw(reason=reason, by=request.user, at=timezone.now())
    except (Publication.NoReason, Publication.LongReason) as refusal:
        return _page(request, be_year, Refused(code, reason, str(refusal)))
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
    else:
        messages.success(request, to_thai(f"ถอนการเผยแพร่{paper.title}แล้ว หน้าเผยแพร่บอกวันที่และเหตุผลแทน"))
    return redirect("reports:publication", request.organisation.slug, be_year)


def _paper(request: MemberRequest, be_year: int, code: str) -> IssuedPaper:
    return get_object_or_404(IssuedPaper.objects.of(request.organisation).filter(be_year=be_year), code=code)
