"""The library of ready measures: finding, using, keeping, and an organisation's own entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Instrument, Item
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai

from ..editing import typed_number
from ..entry_form import EntryForm
from ..models import LibraryEntry, Measure, MeasurePlan
from ..models.library import LibraryEntryQuerySet, items_here
from ..search import read_query
from .measure import changes_measure, done

PAGE = 20
TOOLS = {"i": "IIT", "e": "EIT", "o": "OIT"}
EMPTY = {
    "title": "มาตรการนี้ยังไม่มีข้อความ ให้เขียนว่าจะทำอะไรก่อนเก็บเข้าคลัง",
    "steps": "มาตรการนี้ยังไม่มีขั้นตอน ให้เขียนอย่างน้อยหนึ่งขั้นตอนก่อนเก็บเข้าคลัง",
}
CONFLICT = "มีผู้อื่นแก้รายการนี้ก่อนท่าน ข้อความของท่านยังอยู่ในช่อง โปรดเทียบกับข้อความที่บันทึกไว้ แล้วกดบันทึกอีกครั้งหากจะใช้ของท่าน"


@dataclass(frozen=True)
class Found:
    """One entry of the page: its chips (label, wording, tool), and the items of the plan that it answers."""

    entry: LibraryEntry
    chips: tuple[tuple[str, str, str], ...]
    codes: tuple[str, ...]


def newest_plan(request: MemberRequest) -> MeasurePlan | None:
    """Return the organisation's plan of the latest year."""
    plans = MeasurePlan.objects.of(request.organisation)
    return plans.order_by("-assessment__instrument__be_year").first()


def chips_of(items: Iterable[Item], be_year: int) -> tuple[tuple[str, str, str], ...]:
    """Return label, wording and tool of items; those of another year than `be_year` name it."""
    return tuple(
        (
            item.label + (f" ปี {item.instrument.be_year}" if item.instrument.be_year != be_year else ""),
            item.title,
            TOOLS.get(item.code[0], "") if item.kind == Item.Kind.QUESTION else "",
        )
        for item in items
    )


@members_only(READERS)
@require_safe
def library(request: MemberRequest) -> HttpResponse:
    """Find ready measures by words and codes, tool, topic, and whose they are."""
    plan = newest_plan(request)
    instrument = plan.assessment.instrument if plan else Instrument.objects.exclude(topics=[]).first()
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "tool", "topic", "own")}
    entries: LibraryEntryQuerySet = LibraryEntry.objects.seen_by(request.organisation)
    if asked["own"]:
        entries = LibraryEntry.objects.own_of(request.organisation)
    query = read_query(asked["q"], tool=asked["tool"])
    if query.codes and instrument:
        entries = entries.about(instrument, query.codes)
    entries = entries.saying(query.words)
    if asked["tool"]:
        entries = entries.of_tool(asked["tool"])
    if asked["topic"]:
        entries = entries.filter(topic=typed_number(asked["topic"]))
    page = Paginator(_in_full(entries, request), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "found": [_found(entry, instrument) for entry in page],
        "asked": asked,
        "narrowed": any(asked.values()),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "tools": [tool.code for tool in instrument.tree.children] if instrument else [],
        "topics": instrument.topic_outline if instrument else [],
        "plan": plan,
        "edits": request.membership.role in EDITORS,
    }
    return render(request, "measures/library.html", context)


def _in_full(entries: LibraryEntryQuerySet, request: MemberRequest) -> LibraryEntryQuerySet:
    """Return entries with uses and items, in the order of the library."""
    items = Item.objects.select_related("instrument")
    return entries.in_order().with_uses(request.organisation).prefetch_related(Prefetch("items", items))


def _found(entry: LibraryEntry, instrument: Instrument | None) -> Found:
    items = entry.items.all()
    year = instrument.be_year if instrument else 0
    return Found(entry, chips_of(items, year), tuple(items_here(instrument, items)) if instrument else ())


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: MemberRequest, pk: int) -> HttpResponse:
    """Change an own entry of the library."""
    entry = get_object_or_404(LibraryEntry.objects.own_of(request.organisation), pk=pk)
    plan = newest_plan(request)
    topics = plan.assessment.instrument.topic_outline if plan else []
    form = EntryForm(request.POST or None, entry=entry, topics=topics)
    context: dict[str, Any] = {"entry": entry, "form": form}
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            entry.revise(**form.cleaned_data, by=request.user, at=timezone.now())
        except LibraryEntry.Conflict as conflict:
            messages.error(request, CONFLICT)
            data = request.POST.copy()
            data["version"] = str(conflict.standing.version)
            context["form"] = EntryForm(data, entry=entry, topics=topics)
            context["standing"], status = conflict.standing, 409
        else:
            messages.success(request, "บันทึกรายการในคลังแล้ว")
            return redirect("measures:library", request.organisation.slug)
    elif request.method == "POST":
        status = 422
    items = entry.items.select_related("instrument")
    context["chips"] = chips_of(items, plan.assessment.be_year if plan else 0)
    return render(request, "measures/entry_edit.html", context, status=status)


@members_only(EDITORS)
@require_POST
def entry_delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Take an own entry out of the library; measures that were made from it stay."""
    entry = get_object_or_404(LibraryEntry.objects.own_of(request.organisation), pk=pk)
    entry.delete()
    messages.success(request, to_thai(f"ลบ “{entry}” ออกจากคลังของหน่วยงานแล้ว"))
    return redirect("measures:library", request.organisation.slug)


@changes_measure()
def measure_keep(request: MemberRequest, measure: Measure) -> HttpResponse:
    """Put the measure into the organisation's own library."""
    try:
        LibraryEntry.keep(measure=measure, by=request.user, at=timezone.now())
    except LibraryEntry.NoText as missing:
        messages.error(request, EMPTY[missing.field])
    except LibraryEntry.AlreadyKept:
        messages.info(request, "คลังของหน่วยงานมีมาตรการนี้อยู่แล้ว")
    else:
        messages.success(request, "เก็บเข้าคลังของหน่วยงานแล้ว ใช้ได้ในแผนทุกปี")
    return done(request, measure)
