"""A measure out of what สำนักงาน ป.ป.ช. recommended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments.models import Recommendation
from assessments.recommendation_reading import advice
from ita_portal.organisations.access import EDITORS, MemberRequest, members_only

from .plan import items_of, plan_of, plan_url, refuses_locked


@members_only(EDITORS)
@require_POST
@refuses_locked
def measure_from_recommendation(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Add a measure for the chosen weak items (`item`) whose steps begin as the recommendation advises."""
    found = plan_of(request, be_year)
    recommendation = get_object_or_404(Recommendation, assessment=found.assessment, pk=pk)
    items = items_of(found, request.POST.getlist("item"))
    steps = advice(recommendation.text)
    measure = found.add_measure(items=items, steps=steps, by=request.user, at=timezone.now())
    messages.success(request, "เพิ่มมาตรการจากข้อเสนอแนะแล้ว ต่อไป: ตั้งชื่อมาตรการ และแบ่งข้อความเป็นขั้นตอน")
    return redirect(plan_url(request, be_year, anchor=f"measure-{measure.pk}"))
