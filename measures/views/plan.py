"""The page of the plan, and what happens to the plan as a whole."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Assessment, Instrument, Item, Recommendation
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai

from ..editing import Draft, typed_number
from ..models import Excuse, LibraryEntry, MeasurePlan, PaperSettings
from ..models.library import Suggestions
from ..paragraphs import typed_texts
from ..profile import screen_columns
from ..table import table_of
from ..weak import WeakItem, decided_items, weak_items

LOCKED = "มาตรการนี้อยู่ระหว่างเสนอลงนามหรือลงนามแล้ว จึงแก้ไขไม่ได้ หากต้องแก้ไขให้ผู้ลงนามส่งคืนก่อน"

# Beginnings of the names of boxes in which people write sentences.
TYPED = ("title", "text-", "follow_up-", "reason")


def plan_of(request: MemberRequest, be_year: int) -> MeasurePlan:
    """Return the organisation's plan for a fiscal year. Raises Http404."""
    return get_object_or_404(MeasurePlan.objects.of(request.organisation).for_year(be_year).with_former())


def items_of(plan: MeasurePlan, codes: list[str]) -> list[Item]:
    """Return items of the plan's instrument by their codes. Raises Http404 for a code that it has not."""
    found = list(plan.assessment.instrument.items.filter(code__in=codes))
    if len(found) < len(set(codes)):
        raise Http404
    return found


def plan_url(request: MemberRequest, be_year: int, *, query: str = "", anchor: str = "") -> str:
    """Return the address of the plan's page, perhaps at one of its measures."""
    url = reverse("measures:plan", args=[request.organisation.slug, be_year])
    return url + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")


def wants_json(request: MemberRequest) -> bool:
    """Tell whether a script asks, which draws the answer itself."""
    return request.headers.get("Accept") == "application/json"


def refuses_locked(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Answer a change of a locked plan with a sentence; what was typed stays readable for copying."""

    @wraps(view)
    def guarded(request: MemberRequest, be_year: int, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, be_year, **kwargs)
        except MeasurePlan.Locked:
            if wants_json(request):
                return JsonResponse({"sentence": LOCKED}, status=409)
            messages.error(request, LOCKED)
            untouched = {f"text-{key}" for key, box in typed_texts(request.POST).items() if not box.touched}
            typed = [
                text
                for name, texts in request.POST.lists()
                for text in texts
                if name.startswith(TYPED) and name not in untouched and text.strip()
            ]
            context = {"working_year": be_year, "step": "measures", "typed": typed}
            return render(request, "measures/locked.html", context, status=409)

    return guarded


@members_only(READERS)
@require_safe
def plan(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the plan: its weak items and its table; before it is begun, what it would rest on."""
    plans = MeasurePlan.objects.of(request.organisation)
    found = plans.for_year(be_year).with_former().first()
    if found:
        if "pick" in request.GET and not request.GET.getlist("item"):
            messages.info(request, "ยังไม่ได้เลือกข้อ ให้ทำเครื่องหมายหน้าข้อที่ต้องการก่อน")
        return plan_page(request, found)
    get_object_or_404(Instrument, be_year=be_year - 1)
    assessment = Assessment.objects.of(request.organisation).filter(instrument__be_year=be_year - 1).first()
    context = {"working_year": be_year, "step": "measures", "edits": request.membership.role in EDITORS}
    if assessment is None or not assessment.entered():
        return render(request, "measures/no_scores.html", context)
    context |= {"weak": weak_items(assessment.result()), "former": plans.for_year(be_year - 1).exists()}
    return render(request, "measures/not_begun.html", context)


def plan_page(
    request: MemberRequest,
    plan: MeasurePlan,
    *,
    refused: Draft | None = None,
    reason_refused: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the plan's page.

    refused: a measure as it was typed, where it could not be saved; reason_refused: what is wrong with a
    reason for giving an item no measure.
    """
    table = table_of(plan)
    weak = decided_items(plan, plan.assessment.result(threshold=plan.settings().threshold), table)
    edits = request.membership.role in EDITORS and not plan.is_locked
    groups = [
        (
            group,
            [
                (row, refused if refused and refused.pk == row.measure.pk else Draft.of(row.measure))
                for row in group.measures
            ]
            if edits
            else [(row, None) for row in group.measures],
        )
        for group in table
    ]
    context = {
        "working_year": plan.be_year,
        "step": "measures",
        "plan": plan,
        "edits": edits,
        "weak": weak,
        "without": [item for item in weak if item.state == "none"],
        "tools": [tool.code for tool in plan.assessment.instrument.tree.children],
        "groups": groups,
        "columns": screen_columns(plan.settings().profile),
        "prints_items": plan.settings().prints_items,
        "count": sum(len(rows) for _, rows in groups),
        "places": [group for group in table if group.holds_measures and group.key],
        "units": request.organisation.units.all() if edits else [],
        "refused": refused,
        "deleted": _deleted(plan, request.GET) if edits else None,
        "drawer": _drawer(plan, weak, request.GET.getlist("item") or request.POST.getlist("item"))
        if edits
        else None,
        "reason_refused": reason_refused,
    }
    return render(request, "measures/plan.html", context, status=status)


def _deleted(plan: MeasurePlan, query: QueryDict) -> Any:
    """Return the measure that was just deleted, for the button that brings it back."""
    pk = query.get("deleted", "")
    return (
        plan.measures.exclude(deleted_at=None).filter(pk=pk).first()
        if pk.isdecimal() and len(pk) < 13
        else None
    )


def _drawer(plan: MeasurePlan, weak: list[WeakItem], codes: list[str]) -> dict[str, Any] | None:
    """Return what the drawer of suggestions shows for the chosen weak items; None where none is chosen."""
    chosen = [item for item in weak if item.code in codes]
    if not chosen:
        return None
    suggestions = Suggestions(plan.assessment.instrument, plan.assessment.organisation)
    own = [entry for item in chosen for entry in suggestions.own(item.code)]
    topics = [number for item in chosen for number in plan.topics_of(item.code)]
    return {
        "items": chosen,
        "entries": list(dict.fromkeys(own)),
        "general": suggestions.general(topics),
        "recommendations": _recommended(plan, [item.code for item in chosen]),
        "excuse": next((item.excuse for item in chosen if item.excuse), None),
    }


def _recommended(plan: MeasurePlan, codes: list[str]) -> list[Recommendation]:
    """Return the official recommendations on weak items, and on the questions below them."""
    nodes = [node for node in plan.assessment.instrument.tree.walk() if node.code in codes]
    below = {node.code for above in nodes for node in above.walk()}
    return list(Recommendation.objects.filter(assessment=plan.assessment_id).about(below).with_items())


@members_only(EDITORS)
@require_POST
@refuses_locked
def plan_start(request: MemberRequest, be_year: int) -> HttpResponse:
    """Begin the plan from last year's scores, perhaps with a ready measure for every weak item."""
    assessments = Assessment.objects.of(request.organisation)
    assessment = get_object_or_404(assessments, instrument__be_year=be_year - 1)
    try:
        begun = MeasurePlan.start(assessment=assessment)
    except MeasurePlan.NoScores:
        messages.error(request, to_thai(f"ยังไม่มีคะแนนปี {be_year - 1} ให้กรอกคะแนนก่อนจัดทำมาตรการ"))
        return redirect(plan_url(request, be_year))
    if "library" in request.POST:
        return _add_suggested(request, begun)
    if "former" in request.POST:
        return redirect("measures:copy", request.organisation.slug, be_year)
    messages.success(request, "เริ่มจัดทำมาตรการแล้ว ต่อไป: เลือกมาตรการให้ข้อที่ต่ำกว่าเกณฑ์ทีละข้อ")
    return redirect(plan_url(request, be_year))


@members_only(EDITORS)
@require_POST
@refuses_locked
def suggestions_add(request: MemberRequest, be_year: int) -> HttpResponse:
    """Put a ready measure into the table for every weak item that has neither a measure nor a reason."""
    return _add_suggested(request, plan_of(request, be_year))


def _add_suggested(request: MemberRequest, plan: MeasurePlan) -> HttpResponse:
    added = len(plan.add_suggested(by=request.user, at=timezone.now()))
    if added:
        sentence = f"ใส่มาตรการแนะนำแล้ว {added} มาตรการ ต่อไป: ปรับข้อความและผู้รับผิดชอบให้ตรงกับหน่วยงาน"
        messages.success(request, to_thai(sentence))
    else:
        messages.info(request, "ไม่มีข้อที่ต้องเพิ่มมาตรการ หรือคลังยังไม่มีมาตรการสำหรับข้อที่เหลือ")
    return redirect(plan_url(request, plan.be_year))


@members_only(EDITORS)
@require_POST
@refuses_locked
def grouping(request: MemberRequest, be_year: int) -> HttpResponse:
    """Switch between the seven topics and the indicators."""
    chosen = request.POST.get("grouping")
    if chosen not in PaperSettings.Grouping.values:
        messages.error(request, "ยังไม่ได้เลือกการจัดกลุ่ม ให้เลือกตามประเด็นทั้งเจ็ด หรือตามเครื่องมือและตัวชี้วัด")
    else:
        plan_of(request, be_year).set_up(grouping=chosen, by=request.user, at=timezone.now())
    return redirect(plan_url(request, be_year, anchor="measures"))


@members_only(EDITORS)
@require_POST
@refuses_locked
def item_excuse(request: MemberRequest, be_year: int) -> HttpResponse:
    """Write down why weak items get no measure."""
    found = plan_of(request, be_year)
    items = items_of(found, request.POST.getlist("item"))
    if not items:  # there would be nothing to save, and no place to say so
        raise Http404
    try:
        for item in items:
            found.excuse(item=item, reason=request.POST.get("reason", ""), by=request.user, at=timezone.now())
    except Excuse.NoReason:
        names = ", ".join(item.label for item in items)
        sentence = f"{names}: ยังไม่ได้เขียนเหตุผล ให้เขียนว่าเหตุใดจึงไม่กำหนดมาตรการ เช่น ได้รับยกเว้นการประเมินข้อนี้"
        return plan_page(request, found, reason_refused=to_thai(sentence), status=422)
    messages.success(request, "บันทึกเหตุผลที่ไม่กำหนดมาตรการแล้ว")
    return redirect(plan_url(request, be_year))


@members_only(EDITORS)
@require_POST
@refuses_locked
def item_unexcuse(request: MemberRequest, be_year: int) -> HttpResponse:
    """Withdraw the reason of an item, so that it asks for a measure again."""
    found = plan_of(request, be_year)
    for item in items_of(found, request.POST.getlist("item")):
        found.unexcuse(item=item, by=request.user, at=timezone.now())
    messages.success(request, "ยกเลิกเหตุผลแล้ว ข้อนี้ต้องมีมาตรการ")
    return redirect(plan_url(request, be_year))


@members_only(EDITORS)
@require_POST
@refuses_locked
def measure_add(request: MemberRequest, be_year: int) -> HttpResponse:
    """Add a measure: empty, for weak items, from the library, or into a group."""
    found = plan_of(request, be_year)
    seen = LibraryEntry.objects.seen_by(request.organisation)
    key = request.POST.get("entry")
    entry = get_object_or_404(seen, pk=typed_number(key)) if key else None
    items = items_of(found, request.POST.getlist("item"))
    try:
        group = request.POST.get("group")
        measure = found.add_measure(items=items, entry=entry, group=group, by=request.user, at=timezone.now())
    except MeasurePlan.UnknownGroup:
        raise Http404 from None
    sentence = (
        "เพิ่มมาตรการจากคลังแล้ว ต่อไป: ปรับข้อความให้ตรงกับหน่วยงาน" if entry else "เพิ่มมาตรการเปล่าแล้ว ต่อไป: เขียนข้อความ"
    )
    messages.success(request, sentence)
    return redirect(plan_url(request, be_year, anchor=f"measure-{measure.pk}"))
