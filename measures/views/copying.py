"""The page on which an officer chooses what comes over from last year's plan."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ita_portal.organisations.access import EDITORS, MemberRequest, members_only
from ita_portal.thai import to_thai

from ..copying import TextTaken, compare, copy_over, former_of
from ..editing import typed_number
from ..models import Measure, MeasurePlan
from .plan import LOCKED, plan_of, plan_url, refuses_locked


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@refuses_locked
def copy(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show last year's measures and texts beside this year's scores; copy those that were ticked."""
    plan = plan_of(request, be_year)
    former = former_of(plan)
    if former is None:
        messages.info(request, to_thai(f"ยังไม่มีมาตรการปี {be_year - 1} ในระบบ จึงยังไม่มีสิ่งที่จะคัดลอก"))
        return redirect(plan_url(request, be_year))
    if request.method != "POST":
        if plan.is_locked:
            messages.error(request, LOCKED)
            return redirect(plan_url(request, be_year))
        return _page(request, plan, former)
    measures, keys = _chosen(request, former), request.POST.getlist("text")
    if not measures and not keys:
        messages.error(request, "ยังไม่ได้เลือกสิ่งที่จะคัดลอก ให้ทำเครื่องหมายหน้ามาตรการหรือข้อความอย่างน้อยหนึ่งรายการ")
        return _page(request, plan, former, status=422)
    try:
        counts = copy_over(plan, measures=measures, keys=keys, by=request.user, at=timezone.now())
    except MeasurePlan.Foreign:
        raise Http404 from None
    except (TextTaken, MeasurePlan.Conflict) as taken:
        title = getattr(taken, "title", "ข้อความ")
        messages.error(
            request,
            to_thai(
                f"ยังไม่ได้คัดลอกสิ่งใด เพราะมีผู้อื่นเขียน “{title}” ของปี {be_year} แล้ว โปรดตรวจรายการแล้วกดคัดลอกอีกครั้ง"
            ),
        )
        return _page(request, plan, former, status=409)
    words = f"คัดลอก {counts[0]} มาตรการ และข้อความ {counts[1]} ตอน จากปี {be_year - 1} แล้ว ต่อไป: ตรวจถ้อยคำและระยะเวลา"
    messages.success(request, to_thai(words))
    return redirect(plan_url(request, be_year, anchor="measures"))


def _chosen(request: MemberRequest, former: MeasurePlan) -> QuerySet[Measure]:
    """Return the ticked measures of the former plan. Raises Http404 for one that it has not."""
    keys = {typed_number(value) for value in request.POST.getlist("measure")}
    found = former.measures.filter(pk__in=keys, deleted_at=None)
    if len(found) < len(keys):
        raise Http404
    return found


def _page(
    request: MemberRequest, plan: MeasurePlan, former: MeasurePlan, *, status: int = 200
) -> HttpResponse:
    """Draw the page; after a refusal with the ticks as they were sent."""
    comparison = compare(plan, former)
    if request.method == "POST":
        ticked = {*request.POST.getlist("measure"), *request.POST.getlist("text")}
    else:
        ticked = {str(m.measure.pk) for m in comparison.measures if m.is_wanted}
        ticked |= {text.key for text in comparison.texts if text.is_wanted}
    context = {
        "working_year": plan.be_year,
        "step": "measures",
        "plan": plan,
        "former": former,
        "comparison": comparison,
        "ticked": ticked,
    }
    return render(request, "measures/copy.html", context, status=status)
