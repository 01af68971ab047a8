"""What happens to one measure. Every deed first saves what was typed into the measure's boxes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from ita_portal.organisations.access import EDITORS, MemberRequest, members_only
from ita_portal.thai import clock, to_thai

from ..editing import Draft, typed_number
from ..models import Measure, MeasurePlan
from ..table import Group, Row, table_of
from .plan import items_of, plan_of, plan_page, plan_url, refuses_locked, wants_json

CONFLICT = "มีผู้อื่นบันทึกมาตรการนี้ก่อนท่าน ข้อความของท่านยังอยู่ในช่อง โปรดเทียบกับข้อความที่บันทึกไว้ แล้วกดบันทึกอีกครั้งหากจะใช้ของท่าน"
DELETED = "มีผู้อื่นลบมาตรการนี้ไปแล้ว ข้อความของท่านยังไม่ได้บันทึก"


class Refused(Exception):
    """What was typed could not be saved; `draft` holds the boxes with their sentences."""

    def __init__(self, draft: Draft, status: int) -> None:
        super().__init__(draft, status)
        self.draft = draft
        self.status = status


def measure_of(plan: MeasurePlan, pk: int) -> Measure:
    """Return a measure of the plan, deleted or not, with its step rows. Raises Http404."""
    measure = get_object_or_404(plan.measures.prefetch_related("steps__units"), pk=pk)
    measure.plan = plan
    return measure


def save_typed(request: MemberRequest, measure: Measure, *, always: bool = False) -> None:
    """Save the boxes that came with a request, if they changed (or `always`). Raises Refused, Locked."""
    if "version" not in request.POST:
        return
    typed = Draft.typed(measure, request.POST)
    if not always and typed == Draft.of(measure) and not typed.lost:
        return
    draft, steps = typed.read({unit.pk: unit for unit in request.organisation.units.all()})
    if draft.errors:
        raise Refused(draft, 422)
    try:
        measure.save_edit(
            version=draft.version, title=draft.title, steps=steps, by=request.user, at=timezone.now()
        )
    except MeasurePlan.Conflict as conflict:
        standing = conflict.standing
        raise Refused(replace(draft, version=standing.version, standing=standing), 409) from None


def refused_page(request: MemberRequest, plan: MeasurePlan, refused: Refused) -> HttpResponse:
    """Show the page with the refused measure as it was typed, or tell a script what is wrong."""
    draft = refused.draft
    group, row = _place(plan, draft.pk)
    if draft.standing:
        sentences = [DELETED if row is None else CONFLICT]
    else:
        place = f"{group.heading} มาตรการที่ {row.number} " if group and row else ""
        sentences = [to_thai(place + sentence) for sentence in draft.errors]
    if wants_json(request):
        boxes = {f"{box}-{step.pk}": text for step in draft.steps for box, text in step.errors.items()}
        if draft.error:
            boxes["title"] = draft.error
        answer: dict[str, Any] = {"sentence": " ".join(sentences), "boxes": boxes}
        if draft.standing and row:
            context = {"draft": draft, "organisation": request.organisation, "working_year": plan.be_year}
            answer["standing"] = render_to_string("measures/_standing.html", context, request)
            answer["version"] = draft.version
        return JsonResponse(answer, status=refused.status)
    for sentence in sentences:
        leading = format_html('<a href="#measure-{}">{}</a>', draft.pk, sentence) if row else sentence
        messages.error(request, leading)
    return plan_page(request, plan, refused=draft, status=refused.status)


def _place(plan: MeasurePlan, pk: int) -> tuple[Group | None, Row | None]:
    found = ((g, row) for g in table_of(plan) for row in g.measures if row.measure.pk == pk)
    return next(found, (None, None))


def done(request: MemberRequest, measure: Measure, sentence: str = "") -> HttpResponse:
    """Go back to the measure on the plan's page, perhaps with a sentence on what happened."""
    if sentence:
        messages.success(request, sentence)
    return redirect(plan_url(request, measure.plan.be_year, anchor=f"measure-{measure.pk}"))


def changes_measure(saves: str = "changed") -> Callable[..., Callable[..., HttpResponseBase]]:
    """Make a view that does something to one measure, which it gets in place of the year and the key.

    Before, the boxes that came along are saved: if they "changed", "always", or "never". Where that is
    refused the page comes back with the boxes as typed and nothing is done.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @members_only(EDITORS)
        @require_POST
        @refuses_locked
        @wraps(view)
        def guarded(request: MemberRequest, be_year: int, pk: int, **kwargs: Any) -> HttpResponse:
            plan = plan_of(request, be_year)
            measure = measure_of(plan, pk)
            try:
                if saves != "never":
                    save_typed(request, measure, always=saves == "always")
                    measure = measure_of(plan, pk)
                if measure.deleted_at and saves == "changed":
                    messages.error(request, "มีผู้อื่นลบมาตรการนี้ไปแล้ว กดเลิกทำหากต้องการนำกลับมา")
                    return redirect(plan_url(request, be_year, query=f"deleted={pk}"))
                return view(request, measure, **kwargs)
            except Refused as refused:
                return refused_page(request, plan, refused)

        return guarded

    return decorate


@changes_measure(saves="always")
def measure_save(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Save the whole measure."""
    if not wants_json(request):
        return done(request, measure, "บันทึกมาตรการแล้ว")
    steps = Draft.of(measure).steps
    return JsonResponse(
        {
            "version": measure.version,
            "at": to_thai(clock(timezone.localtime())),
            "warnings": {str(step.pk): step.warning for step in steps},
            "limits": {str(step.pk): [step.starts, step.ends] for step in steps},
        }
    )


@changes_measure()
def measure_move(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Move one place up or down (`to` is up or down), or into a group before another measure."""
    if (to := request.POST.get("to")) in ("up", "down"):
        measure.move(down=to == "down", by=request.user, at=timezone.now())
        return done(request, measure)
    before = measure.plan.measures.filter(pk=typed_number(request.POST.get("before", ""))).first()
    try:
        measure.place(group=request.POST.get("group", ""), before=before, by=request.user, at=timezone.now())
    except MeasurePlan.UnknownGroup:
        raise Http404 from None
    return done(request, measure)


@changes_measure()
def measure_duplicate(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Add a copy right below the measure."""
    copy = measure.duplicate(by=request.user, at=timezone.now())
    return done(request, copy, "ทำสำเนามาตรการแล้ว")


@changes_measure(saves="never")
def measure_delete(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Take the measure out of the table; the page then offers to bring it back."""
    measure.delete_softly(by=request.user, at=timezone.now())
    query = f"deleted={measure.pk}"
    return redirect(plan_url(request, measure.plan.be_year, query=query, anchor="measures"))


@changes_measure(saves="never")
def measure_restore(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Bring a deleted measure back to its place."""
    measure.restore(by=request.user, at=timezone.now())
    return done(request, measure, "นำมาตรการกลับมาแล้ว")


@changes_measure()
def measure_items(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Let the measure answer more items (`item`), or fewer (`remove`)."""
    removed = items_of(measure.plan, request.POST.getlist("remove"))
    items = items_of(measure.plan, request.POST.getlist("item"))
    for item in removed:
        measure.answer_no_more(item=item, by=request.user, at=timezone.now())
    measure.answer(items=items, by=request.user, at=timezone.now())
    return done(request, measure, "บันทึกข้อที่มาตรการนี้ตอบแล้ว")


@changes_measure()
def step_add(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Add an empty step row to the measure."""
    measure.add_step(version=measure.version, by=request.user, at=timezone.now())
    return done(request, measure)


@changes_measure()
def step_remove(request: MemberRequest, measure: Measure, step: int) -> HttpResponse:
    """Remove a step row from the measure."""
    row = get_object_or_404(measure.steps, pk=step)
    try:
        measure.remove_step(step=row, version=measure.version, by=request.user, at=timezone.now())
    except Measure.LastStep:
        messages.error(request, "มาตรการต้องมีขั้นตอนอย่างน้อยหนึ่งแถว หากไม่ใช้มาตรการนี้ให้ลบทั้งมาตรการ")
    return done(request, measure)


@changes_measure()
def step_fill(request: MemberRequest, measure: Measure, step: int) -> HttpResponse:
    """Give this row's units or period to all rows, or to those below: `fill` is “units all”, “period below”…"""
    what, _, where = request.POST.get("fill", "").partition(" ")
    if what not in ("units", "period") or where not in ("all", "below"):
        raise Http404
    row = get_object_or_404(measure.steps, pk=step)
    below = where == "below"
    count = measure.plan.fill(step=row, what=what, below_only=below, by=request.user, at=timezone.now())
    name = "ผู้รับผิดชอบ" if what == "units" else "ระยะเวลาดำเนินการ"
    return done(request, measure, to_thai(f"ใช้{name}นี้กับอีก {count} แถวแล้ว"))
