"""Pages of auditors: organisations, their approved papers, and one paper with the way to its approval."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from ita_portal.thai import to_thai
from reports.audit_bundle import approved_scans
from reports.auditing import AuditRequest, auditors_only, paper_of
from reports.forms.audits import AuditSearch, RemarkForm
from reports.models import Inspection, IssuedPaper, Refusal, open_to_auditor
from reports.notices import tell_inspected
from reports.timeline import rounds_of

ORGANISATIONS_A_PAGE = 50
INSPECTED = "บันทึกว่าตรวจแล้ว หน่วยงานเห็นเครื่องหมายและข้อสังเกตของท่าน"
TAKEN_BACK = "ยกเลิกเครื่องหมายตรวจแล้ว"


@login_required
@require_safe
def audits(request: Any) -> HttpResponse:
    """List the organisations that the person may audit, each with the number of its approved papers."""
    mine = open_to_auditor(request.user)
    provinces = list(mine.order_by("province").values_list("province", flat=True).distinct())
    if not provinces:
        raise Http404
    search = AuditSearch(request.GET, provinces=provinces)
    papers = IssuedPaper.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    found = search.narrow(mine).annotate(
        paper_count=Coalesce(Subquery(papers.annotate(n=Count("pk")).values("n")), 0),
        last_approved_at=Subquery(papers.annotate(last=Max("approved_at")).values("last")),
    )
    query = {name: request.GET[name] for name in ("q", "province") if request.GET.get(name)}
    context = {
        "auditing": True,
        "search": search,
        "provinces": provinces,
        "page": Paginator(found.order_by("name", "pk"), ORGANISATIONS_A_PAGE).get_page(
            request.GET.get("page")
        ),
        "searched": bool(query),
        "query": f"&{urlencode(query)}" if query else "",
    }
    return render(request, "reports/audits.html", context)


@auditors_only
@require_safe
def audit_organisation(request: AuditRequest) -> HttpResponse:
    """Show the approved papers of all years of one organisation, with who looked them over."""
    papers = IssuedPaper.objects.of(request.audited).prefetch_related(Inspection.prefetch())
    context = {"auditing": True, "audited": request.audited, "papers": papers}
    return render(request, "reports/audit_organisation.html", context)


@auditors_only
@require_safe
def audit_paper(request: AuditRequest, code: str) -> HttpResponse:
    """Show one approved paper: its facts, how its memo was approved, and the marks of auditors."""
    return show_paper(request, paper_of(request, code), RemarkForm())


def show_paper(request: AuditRequest, paper: IssuedPaper, form: RemarkForm) -> HttpResponse:
    """Render the page of a paper, with the remark as far as it is typed."""
    marks = list(paper.inspections.filter(withdrawn_at=None).select_related("by"))
    events = Event.objects.of(request.audited).filter(
        Q(facts__memo=paper.memo_id) | Q(facts__code=paper.code)
    )
    scans = approved_scans(request.audited).filter(memo=paper.memo_id)
    context = {
        "auditing": True,
        "audited": request.audited,
        "paper": paper,
        "marks": marks,
        "my_mark": next((mark for mark in marks if mark.by_id == request.user.pk), None),
        "rounds": rounds_of(paper.memo, day=timezone.localdate()),
        "scans": scans.values("title", "signer_name", "signed_on", "scan__sha256"),
        "events": events.select_related("actor"),
        "form": form,
    }
    return render(request, "reports/audit_paper.html", context, status=422 if form.errors else 200)


@auditors_only
@require_POST
def audit_inspect(request: AuditRequest, code: str) -> HttpResponse:
    """Mark a paper as looked over, with a remark; with `withdraw` take the mark back."""
    paper = paper_of(request, code)
    form = RemarkForm(request.POST)
    try:
        if "withdraw" in request.POST:
            Inspection.take_back(paper=paper, by=request.user, at=timezone.now())
            messages.success(request, TAKEN_BACK)
        elif form.is_valid():
            inspect(paper, form.cleaned_data["remark"], by=request.user)
            messages.success(request, INSPECTED)
        else:
            return show_paper(request, paper, form)
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
    return redirect(f"{reverse('reports:audit-paper', args=[request.audited.slug, code])}#marks")


def inspect(paper: IssuedPaper, remark: str, *, by: User) -> None:
    """Mark a paper as looked over now, and tell its officer. Raises Inspection.AlreadyGiven."""
    now = timezone.now()
    made = Inspection.give(paper=paper, remark=remark, by=by, at=now)
    tell_inspected(paper, by=by, remark=made.remark, at=now)
