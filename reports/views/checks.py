"""The page before sending: what is to be mended, and what is to be confirmed with a tick."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from measures.models import MeasurePlan
from reports.models import Tick
from reports.paper_checks import RULES, review_of
from reports.papers import KINDS

GONE = "ข้อนี้เปลี่ยนไปแล้วตั้งแต่ท่านเปิดหน้านี้ ยังไม่ได้บันทึกการยืนยัน โปรดอ่านรายการล่าสุดแล้วยืนยันอีกครั้ง"


def plan_of(request: MemberRequest, be_year: int) -> MeasurePlan:
    """Return the organisation's plan for a fiscal year. Raises Http404."""
    return get_object_or_404(MeasurePlan.objects.of(request.organisation).for_year(be_year))


@members_only(READERS)
@require_safe
def plan_check(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the findings on the plan, or on the analysis report (`paper`)."""
    kind = request.GET.get("paper", "plan")
    if kind not in RULES:
        raise Http404
    slug = request.organisation.slug
    plan = MeasurePlan.objects.of(request.organisation).for_year(be_year).first()
    if plan is None:
        return redirect("measures:plan", slug, be_year)
    context = {
        "working_year": be_year,
        "step": "check",
        "plan": plan,
        "kind": KINDS[kind],
        "review": review_of(plan, kind),
        "papers": [
            (other, reverse(f"reports:{other.key}-preview", args=[slug, other.year_of(plan)]))
            for other in KINDS.values()
        ],
        "edits": request.membership.role in EDITORS,
    }
    return render(request, "reports/check.html", context)


@members_only(EDITORS)
@require_POST
def finding_tick(request: MemberRequest, be_year: int) -> HttpResponse:
    """Confirm a warning (`fingerprint`) of a `paper`, or with `withdraw` take the confirmation back."""
    plan = plan_of(request, be_year)
    kind = request.POST.get("paper", "")
    if kind not in RULES:
        raise Http404
    asked = request.POST.get("fingerprint", "")
    found = next(((f, tick) for f, tick in review_of(plan, kind).warnings if f.fingerprint == asked), None)
    if found is None:
        messages.error(request, GONE)
    else:
        finding, tick = found
        if "withdraw" not in request.POST:
            Tick.give(
                plan=plan,
                code=finding.code,
                fingerprint=finding.fingerprint,
                by=request.user,
                at=timezone.now(),
            )
        elif tick:
            tick.withdraw()
    page = reverse("reports:plan-check", args=[request.organisation.slug, be_year])
    return redirect(f"{page}?paper={kind}#warnings")
