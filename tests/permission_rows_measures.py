"""Who may open which page of the measure plan."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assessments.models import Assessment, Instrument, Recommendation
from measures.models import Measure, MeasurePlan

from .permission_rows import Row, World

PLAN = {"be_year": 2567}
AT = datetime(2024, 1, 15, tzinfo=UTC)


def _made(world: World) -> Measure:
    return world.plan.add_measure(group="topic-1", by=world.people["staff"], at=AT)


def a_measure(world: World) -> dict[str, Any]:
    """Make a measure of the plan and return its key."""
    return {"pk": _made(world).pk}


def a_step(world: World) -> dict[str, Any]:
    """Make a measure with one step row and return both keys."""
    measure = _made(world)
    return {"pk": measure.pk, "step": measure.steps.get().pk}


def a_deleted_measure(world: World) -> dict[str, Any]:
    """Make a measure, delete it, and return its key."""
    measure = _made(world)
    measure.delete_softly(by=world.people["staff"], at=AT)
    return {"pk": measure.pk}


def a_recommendation(world: World) -> dict[str, Any]:
    """Make an official recommendation and return its key."""
    made = Recommendation.add(
        assessment=world.assessment,
        tool="IIT",
        codes=["i8"],
        text="ควรให้บุคลากรร่วมจัดทำแผน",
        by=world.people["staff"],
        at=AT,
    )
    return {"pk": made.pk}


def a_change(world: World) -> dict[str, Any]:
    """Make a measure and return the key of the change that tells of it."""
    return {"pk": _made(world).plan.changes.latest("pk").pk}


def deed(make: Any = None, done: int = 302, **data: Any) -> Row:
    """Return the row of something that only staff and administrators do, by POST."""
    return Row(PLAN, make, "post", data, staff=done, approver=403, administrator=done)


def an_entry(world: World) -> dict[str, Any]:
    """Make an own entry of the library and return its key."""
    staff = world.people["staff"]
    at = datetime(2024, 1, 15, tzinfo=UTC)
    entry = world.organisation.library_entries.create(title="ก", steps="ข", kept_at=at, kept_by=staff)
    return {"pk": entry.pk}


def a_former_plan(world: World) -> dict[str, Any]:
    """Make a plan of the year before, so that there is something to copy."""
    instrument = Instrument.objects.get(be_year=2565)
    former = MeasurePlan.objects.create(assessment=Assessment.open_for(world.organisation, instrument))
    former.measures.create(title="ของปีก่อน")
    return {}


ROWS = {
    "measures:library": Row(),
    "measures:entry-edit": Row({}, an_entry, approver=403),
    "measures:entry-edit post": Row(
        {}, an_entry, "post", {"title": "ก"}, staff=422, approver=403, administrator=422
    ),
    "measures:entry-delete": Row({}, an_entry, "post", staff=302, approver=403, administrator=302),
    "measures:copy": Row(PLAN, a_former_plan, approver=403),
    "measures:copy without a former plan": deed(done=302),
    "measures:copy post": deed(a_former_plan, done=422),
    "measures:plan": Row(PLAN),
    "measures:plan-start": deed(),
    "measures:paper-settings": Row({**PLAN, "kind": "plan"}, approver=403),
    "measures:paper-settings refused": Row(
        {**PLAN, "kind": "analysis"}, method="post", staff=422, approver=403, administrator=422
    ),
    "measures:paper-settings-reset": Row(
        {**PLAN, "kind": "plan"}, method="post", staff=302, approver=403, administrator=302
    ),
    "measures:default-settings": Row(staff=403, approver=403),
    "measures:default-settings-of": Row({"kind": "analysis"}, staff=403, approver=403),
    "measures:default-settings-of refused": Row(
        {"kind": "plan"}, method="post", staff=403, approver=403, administrator=422
    ),
    "measures:grouping": deed(grouping="indicators"),
    "measures:suggestions-add": deed(),
    "measures:item-excuse": deed(item=["i8"], reason="ได้รับยกเว้นการประเมิน"),
    "measures:item-unexcuse": deed(item=["i8"]),
    "measures:measure-add": deed(item=["i8"]),
    "measures:measure-save": deed(a_measure, done=422, version="1"),
    "measures:measure-move": deed(a_measure, to="down"),
    "measures:measure-duplicate": deed(a_measure),
    "measures:measure-delete": deed(a_measure),
    "measures:measure-restore": deed(a_deleted_measure),
    "measures:measure-keep": deed(a_measure),
    "measures:measure-items": deed(a_measure, item=["i8"]),
    "measures:step-add": deed(a_measure),
    "measures:step-remove": deed(a_step),
    "measures:step-fill": deed(a_step, fill="period all"),
    "measures:history": Row(PLAN),
    "measures:change-undo": deed(a_change),
    "measures:texts": Row(PLAN),
    "measures:texts post": deed(**{"text-opening": "ความนำ", "version-opening": "0"}),
    "measures:text-fields": Row({**PLAN, "key": "opening"}),
    "measures:measure-from-recommendation": deed(a_recommendation, item=["i8"]),
}
