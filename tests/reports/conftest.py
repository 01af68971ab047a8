"""Plans to print: the two published cases, with and without measures."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assessments.models import Assessment, Instrument, Item
from ita_portal.organisations.models import Organisation, User
from measures.models import Measure, MeasurePlan

from ..conftest import case_scores, read_case

AT = datetime(2023, 11, 1, tzinfo=UTC)
LIBRARY = Path(__file__).parents[2] / "measures" / "library" / "2566.json"


def save_scores(organisation: Organisation, be_year: int, scores: dict[Any, str | Decimal]) -> Assessment:
    """Return the organisation's assessment of a year with `scores` by (code, part)."""
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=be_year))
    made.save_scores({key: Decimal(value) for key, value in scores.items()}, by=None, at=AT)
    return made


def plan_of_004(organisation: Organisation) -> MeasurePlan:
    """Return a plan on the province's published scores: every question, and the year before.

    Last year's questions are given to the items of this catalogue's year before under the same codes.
    """
    case = read_case("004")
    this_year = Instrument.objects.get(be_year=2566)
    last_year = Instrument.objects.get(be_year=2565)
    indicators = {item.code: item for item in last_year.items.filter(kind=Item.Kind.INDICATOR)}
    for item in this_year.items.filter(code__in=case["previous_year_scores"]).select_related("parent"):
        last_year.items.get_or_create(
            code=item.code,
            defaults={
                "kind": item.kind,
                "title": item.title,
                "position": 500 + item.position,
                "parent": indicators[item.parent.code],
            },
        )
    this_year.question_map = {code: {"from": code, "kind": "same"} for code in case["previous_year_scores"]}
    this_year.save(update_fields=["question_map"])
    announced = case["announced"]
    save_scores(
        organisation,
        2565,
        {(code, 0): value for code, value in case["previous_year_scores"].items()}
        | {("total", 0): announced["previous_total"]},
    )
    published = {(f"indicator-{number}", 0): value for number, value in announced["indicators"].items()}
    published |= {(code, 0): value for code, value in announced["tools"].items()}
    assessment = save_scores(
        organisation, 2566, {**case_scores(case), **published, ("total", 0): announced["total"]}
    )
    return MeasurePlan.start(assessment=assessment)


def write(plan: MeasurePlan, **texts: str) -> None:
    """Keep texts as a person edited them; names with "_" for "-"."""
    writer, _ = User.objects.get_or_create(username="writer")
    for name, text in texts.items():
        plan.texts.create(key=name.replace("_", "-"), text=text, edited_at=AT, edited_by=writer)


def plan_of_000(organisation: Organisation) -> MeasurePlan:
    """Return a plan on the subdistrict organisation's published scores: ten indicators alone."""
    case = read_case("000")
    total, change = Decimal(case["announced"]["total"]), Decimal(case["announced"]["total_change"])
    save_scores(organisation, 2565, {("total", 0): total - change})
    scores = {(f"indicator-{number}", 0): value for number, value in case["indicators"].items()}
    return MeasurePlan.start(assessment=save_scores(organisation, 2566, {**scores, ("total", 0): total}))


def add_measures(plan: MeasurePlan, count: int) -> list[Measure]:
    """Give the plan `count` measures of the starter library, spread over the topics; every third has two rows."""
    entries = json.loads(LIBRARY.read_text(encoding="utf-8"))["entries"]
    chosen = sorted(entries[:: max(1, len(entries) // count)][:count], key=lambda entry: entry["topic"])
    units = list(plan.assessment.organisation.units.all())
    items = {item.code: item for item in plan.assessment.instrument.items.all()}
    made = []
    for position, entry in enumerate(chosen):
        code = entry["codes"][0] if entry["codes"] else "i1"
        item = items[code]
        indicator = item.parent if item.parent.kind == Item.Kind.INDICATOR else item.parent.parent
        measure = plan.measures.create(
            title=entry["title"], topic=entry["topic"], indicator=indicator, position=position
        )
        measure.items.set(items[code] for code in entry["codes"])
        rows = [entry["steps"][:1], entry["steps"][1:]] if position % 3 == 0 else [entry["steps"]]
        for number, lines in enumerate(rows):
            step = measure.steps.create(
                position=number,
                text="\n".join(lines),
                all_units=entry["unit"] == "ทุกสำนัก/กอง",
                starts_on=plan.first_day,
                ends_on=plan.last_day,
                follow_up=entry["follow_up"],
            )
            if not step.all_units:
                step.units.set(units[: 1 + position % 2])
        made.append(measure)
    return made


@pytest.fixture
def plan_004(instruments: None, organisation: Organisation) -> MeasurePlan:
    """Return the plan of `plan_of_004`."""
    return plan_of_004(organisation)


@pytest.fixture
def plan_000(instruments: None, organisation: Organisation) -> MeasurePlan:
    """Return the plan of `plan_of_000`."""
    return plan_of_000(organisation)


@pytest.fixture
def ready_plan(plan_004: MeasurePlan, staff: User) -> MeasurePlan:
    """Return a plan in which nothing is left to mend or to confirm."""
    plan_004.assessment.close(by=staff, at=AT)
    return completed(plan_004, by=staff)


@pytest.fixture
def small_plan(plan_000: MeasurePlan, staff: User) -> MeasurePlan:
    """Return a plan of ten indicators alone in which nothing is left to mend or to confirm: the cheapest to send."""
    plan_000.assessment.close(by=staff, at=AT)
    return completed(plan_000, by=staff)


def completed(plan: MeasurePlan, *, by: User) -> MeasurePlan:
    """Give every weak item of a plan a whole measure."""
    unit = plan.assessment.organisation.units.earliest("pk")
    items = {item.code: item for item in plan.assessment.instrument.items.all()}
    for number, figure in enumerate(plan.result().weak_items, start=1):
        measure = plan.add_measure(items=[items[figure.code]], by=by, at=AT)
        measure.title = f"มาตรการยกระดับเรื่องที่ {number}"
        measure.save(update_fields=["title"])
        step = measure.steps.get()
        step.text, step.follow_up = f"จัดประชุมครั้งที่ {number}\nสรุปผลรายไตรมาส", "รายงานผลต่อผู้บริหาร"
        step.save()
        step.units.set([unit])
    return plan
