"""What is done with a memo as a whole, each on a page that first tells what will happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ita_portal.organisations.access import EDITORS, MemberRequest, members_only
from ita_portal.organisations.models import User
from ita_portal.thai import be_year_of, to_thai
from measures.models import PaperKind
from reports.forms.memo import ReasonForm
from reports.lacking import lacking_of
from reports.models import Letterhead, Memo, Refusal
from reports.notices import deciders_of, tell_recalled, tell_turn
from reports.paper_offers import reviews_of
from reports.sending import send
from reports.timeline import Place, Round, rounds_of

from .memos import memo_of, refuse, to_memo

ASKED = ["GET", "HEAD", "POST"]


@members_only(EDITORS)
@require_http_methods(ASKED)
def memo_send(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Tell what sending does and what is still missing; send."""
    found, now = memo_of(request, be_year, pk), timezone.now()
    if request.method == "POST":
        try:
            send(found, by=request.user, at=now)
        except Memo.NotEditable as refusal:
            refuse(request, refusal)
            return to_memo(found)
        except Refusal as refusal:
            refuse(request, refusal)
            return to_memo(found, "memo-send")
        tell_turn(found, at=now)
        messages.success(request, to_thai(f"เสนอแล้ว {found} ต่อไป: ติดตามได้ที่หน้านี้ว่าเรื่องอยู่ที่ใคร"))
        return to_memo(found)
    if not found.is_editable:
        refuse(request, Memo.NotEditable())
        return to_memo(found)
    return render(request, "reports/memo_send.html", _before_sending(request, found, now))


def _before_sending(request: MemberRequest, found: Memo, now: datetime) -> dict[str, Any]:
    today = timezone.localdate(now)
    reviews, lacking = reviews_of(found), lacking_of(found, day=today)
    stops = rounds_of(found, day=today)[:1]
    mine = [stop for each in stops for stop in each.stops if stop.step.holder_id == request.user.pk]
    return {
        "working_year": found.be_year,
        "step": "sign",
        "memo": found,
        "number": found.number or found.expected_number(be_year_of(today)),
        "round": stops[0] if stops else None,
        "reviews": reviews,
        "lacking": lacking,
        "leaves_plan": PaperKind.PLAN not in found.papers
        and not found.plan.issued.filter(kind=PaperKind.PLAN).exists(),
        "mine": [] if Letterhead.of(found.organisation).allows_own_approval else mine,
        "is_ready": not lacking and all(review.ready for _, review, _ in reviews),
    }


def _with_reason(
    request: MemberRequest,
    found: Memo,
    template: str,
    deed: Callable[[str, datetime], Memo],
    *,
    may: bool,
    otherwise: Refusal,
    said: str,
    example: str,
    page: str = "memo",
    **context: Any,
) -> HttpResponse:
    """Ask for a reason and do a deed with it; where it is refused the reason stays in its box.

    may, otherwise: whether the page is shown at all, and what is said where it is not; deed: takes the reason and
    the moment and returns the memo to whose `page` one goes on, with `said`; example: a reason that fits the deed.
    """
    form = ReasonForm(request.POST if request.method == "POST" else None, example=example)
    if not form.is_bound and not may:
        refuse(request, otherwise)
        return to_memo(found)
    if form.is_valid():
        try:
            after = deed(form.cleaned_data["reason"], timezone.now())
        except Refusal as refusal:
            form.add_error(None, to_thai(str(refusal)))
        else:
            messages.success(request, to_thai(said))
            return to_memo(after, page)
    shown = {"working_year": found.be_year, "step": "sign", "memo": found, "form": form, **context}
    return render(request, template, shown, status=422 if form.errors else 200)


@members_only(EDITORS)
@require_http_methods(ASKED)
def memo_recall(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Tell whose approvals become void; take the memo back to be mended."""
    found = memo_of(request, be_year, pk)
    rounds = rounds_of(found, day=timezone.localdate())[:1]
    signed = [stop for each in rounds for stop in each.stops if stop.place is Place.DONE]

    def recall(reason: str, at: datetime) -> Memo:
        told = _who_had_it(found, rounds, at)
        found.recall(reason=reason, by=request.user, at=at)
        tell_recalled(found, told, by=request.user, at=at)
        return found

    return _with_reason(
        request,
        found,
        "reports/memo_recall.html",
        recall,
        may=found.state == Memo.State.SENT,
        otherwise=Memo.NotSent(),
        said="ดึงกลับมาแก้ไขแล้ว ต่อไป: แก้ไข แล้วเสนอลงนามใหม่ตั้งแต่ลำดับแรก เลขทะเบียนคงเดิม",
        example="แก้ไขระยะเวลาดำเนินการของมาตรการที่ ๓",
        signed=signed,
    )


def _who_had_it(found: Memo, rounds: Iterable[Round], at: datetime) -> set[User]:
    """Those who signed in the round, and those who have the memo now."""
    steps = [stop.step for each in rounds for stop in each.stops]
    current = found.current_step
    signed = {step.decided_by for step in steps if step.decided_by}
    return signed | (set(deciders_of(current, at=at)) if current else set())


@members_only(EDITORS)
@require_http_methods(ASKED)
def memo_cancel(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Give up a memo that has a number, which stays taken."""
    found = memo_of(request, be_year, pk)

    def cancel(reason: str, at: datetime) -> Memo:
        found.cancel(reason=reason, by=request.user, at=at)
        return found

    return _with_reason(
        request,
        found,
        "reports/memo_cancel.html",
        cancel,
        may=found.is_editable and found.number is not None,
        otherwise=Memo.NoNumber() if found.is_editable else Memo.NotEditable(),
        said=f"ยกเลิก{found} แล้ว เลขทะเบียนนี้จะไม่ถูกใช้ซ้ำ",
        example="ผู้บริหารให้เสนอรวมกับรายงานการวิเคราะห์เป็นฉบับเดียว",
    )


@members_only(EDITORS)
@require_http_methods(ASKED)
def memo_revise(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Begin a correction of an approved memo: the plan opens, what was approved stays."""
    found = memo_of(request, be_year, pk)
    return _with_reason(
        request,
        found,
        "reports/memo_revise.html",
        lambda reason, at: found.revise(reason=reason, by=request.user, at=at),
        may=found.state == Memo.State.APPROVED,
        otherwise=Memo.NotApproved(),
        said="เริ่มฉบับแก้ไขแล้ว มาตรการเปิดให้แก้ไขได้ ต่อไป: แก้มาตรการและบันทึกข้อความ ตรวจ แล้วเสนอลงนาม",
        example="แก้ไขผู้รับผิดชอบของมาตรการที่ ๓ ตามโครงสร้างใหม่",
        page="memo-edit",
    )


@members_only(EDITORS)
@require_http_methods(ASKED)
def memo_discard(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Delete a memo that was never sent."""
    found = memo_of(request, be_year, pk)
    if request.method == "POST":
        try:
            found.discard(by=request.user, at=timezone.now())
        except Refusal as refusal:
            refuse(request, refusal)
            return to_memo(found)
        messages.success(request, "ลบร่างบันทึกข้อความแล้ว")
        return redirect("reports:memos", request.organisation.slug, be_year)
    if not found.is_editable or found.number is not None:
        refuse(request, Memo.HasNumber() if found.number else Memo.NotEditable())
        return to_memo(found)
    context = {"working_year": be_year, "step": "sign", "memo": found}
    return render(request, "reports/memo_discard.html", context)
