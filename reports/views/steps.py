"""The approver's side of a memo: the page of a step, its decision, and what was signed on paper."""

from __future__ import annotations

import logging
from datetime import datetime
from io import BytesIO

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai
from reports.audit_bundle import SUFFIXES, Altered, scan_bytes
from reports.forms.step import DecisionForm, SignatureForm
from reports.issuing import decide, record_paper_signature
from reports.issuing import render as render_pdf
from reports.models import ApprovalStep, IssuedPaper, Memo, Refusal
from reports.notices import tell_decision
from reports.step_page import StepPage

logger = logging.getLogger(__name__)
Decision = ApprovalStep.Decision


def step_of(request: MemberRequest, be_year: int, pk: int, step: int) -> ApprovalStep:
    """Return a step of a memo of the organisation's year. Raises Http404."""
    memo = get_object_or_404(Memo.objects.of(request.organisation).for_year(be_year), pk=pk)
    return get_object_or_404(memo.steps.select_related("holder", "decided_by"), pk=step)


@members_only(READERS)
@require_safe
def step_page(request: MemberRequest, be_year: int, pk: int, step: int) -> HttpResponse:
    """Show what is asked of whom, the papers, and to who may decide the decisions."""
    return _page(request, step_of(request, be_year, pk, step))


def _page(
    request: MemberRequest, step: ApprovalStep, typed: DecisionForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The page of a step, with what was `typed` and not taken."""
    page = StepPage(step, request.user, day=timezone.localdate())
    forms = []
    if not page.refusal:
        forms = [DecisionForm(choice, follows=page.follows(choice)) for choice in step.choices]
        if typed is not None:
            typed.follows = next((form.follows for form in forms if form.decision == typed.decision), "")
            forms = [typed if form.decision == typed.decision else form for form in forms]
    context = {
        "page": page,
        "forms": forms,
        "typed": typed,
        "is_lost": typed is not None and typed not in forms,
        "records": page.is_waiting and request.membership.role in EDITORS,
    }
    return render(request, "reports/step.html", context, status=status)


@members_only(READERS)
@require_POST
def step_decide(request: MemberRequest, be_year: int, pk: int, step: int) -> HttpResponse:
    """Decide the step (`decision`, `phrase`, `words`); what is refused is told above the typed words."""
    found = step_of(request, be_year, pk, step)
    form = DecisionForm(request.POST.get("decision", ""), request.POST)
    if not form.is_valid():
        messages.error(request, "ยังไม่ได้บันทึก โปรดแก้ไขตามที่ระบุไว้ที่ช่องความเห็น")
        return _page(request, found, form, status=422)
    at = timezone.now()
    try:
        decide(found, form.decision, words=form.opinion, by=request.user, at=at)
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
        return _page(request, step_of(request, be_year, pk, step), form, status=409)
    _follow_up(found, at=at)
    messages.success(request, to_thai(outcome_of(found)))
    return redirect("reports:inbox")


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def step_signature(request: MemberRequest, be_year: int, pk: int, step: int) -> HttpResponse:
    """Record what was signed on paper, with its scan, for the step in turn."""
    found = step_of(request, be_year, pk, step)
    try:
        found.check_turn()
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
        return redirect("reports:step", request.organisation.slug, be_year, pk, step)
    form = (
        SignatureForm(found, request.POST, request.FILES)
        if request.method == "POST"
        else SignatureForm(found)
    )
    if form.is_valid():
        at = timezone.now()
        try:
            record_paper_signature(found, by=request.user, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            found = step_of(request, be_year, pk, step)
        else:
            _follow_up(found, at=at)
            messages.success(request, to_thai(f"บันทึกการลงนามในกระดาษแล้ว {outcome_of(found)}"))
            return redirect("reports:memo", request.organisation.slug, be_year, pk)
    context = {"step": found, "form": form}
    return render(request, "reports/signature.html", context, status=422 if form.is_bound else 200)


@members_only(READERS)
@require_safe
def step_scan(request: MemberRequest, be_year: int, pk: int, step: int) -> HttpResponseBase:
    """The scan of what was signed on paper, to keep; never opened within the portal, and only as it was kept."""
    found = step_of(request, be_year, pk, step)
    if found.scan_id is None:
        raise Http404
    try:
        kind, data = scan_bytes(found)
    except Altered as altered:
        logger.error("The kept scan of step %s is not what was recorded", found.pk)
        messages.error(request, to_thai(str(altered)))
        return redirect("reports:step", request.organisation.slug, be_year, pk, step)
    name = f"{found.memo} รอบที่ {found.round} ลำดับที่ {found.place} ลงนามแล้ว.{SUFFIXES[kind]}"
    return FileResponse(
        BytesIO(data),
        as_attachment=True,
        filename=name.replace("/", "-"),
        content_type=kind,
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _follow_up(step: ApprovalStep, *, at: datetime) -> None:
    """Once a decision is kept: tell whoever comes next, and make the files of what it approved.

    A file that cannot be made now is made when somebody asks for it; the approval stands.
    """
    tell_decision(step, at=at)
    if step.memo.state != Memo.State.APPROVED:
        return
    for paper in IssuedPaper.objects.waiting().filter(memo=step.memo):
        try:
            render_pdf(paper, at=at)
        except Exception:
            logger.exception("The PDF of paper %s could not be made", paper.code)


def outcome_of(step: ApprovalStep) -> str:
    """What a decision did, and what comes next."""
    label = step.get_decision_display()
    if step.decision == Decision.RETURN:
        return "ส่งคืนแก้ไขแล้ว ต่อไป: เจ้าหน้าที่แก้ไขตามเหตุผลที่ให้ไว้แล้วเสนอใหม่"
    if step.decision == Decision.APPROVE:
        return "อนุมัติแล้ว บันทึกข้อความและเอกสารแนบเป็นฉบับสมบูรณ์ ต่อไป: เจ้าหน้าที่เผยแพร่เอกสาร"
    following = step.memo.current_step
    return f"ลงความเห็น “{label}” แล้ว ต่อไป: {following.title if following else ''}พิจารณา"
