"""A plan of measures on real published scores, and the starter library."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from tests.conftest import case_scores, read_case

NOW = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)


@pytest.fixture
def assessment(organisation: Organisation, staff: User, instruments: None) -> Assessment:
    """Return the organisation's assessment of 2566 with every question's score."""
    opened = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    opened.save_scores(case_scores(read_case("004")), by=staff, at=NOW)
    return opened


@pytest.fixture
def library(instruments: None) -> None:
    """Load the starter library."""
    call_command("load_library", verbosity=0)


@pytest.fixture
def empty_plan(assessment: Assessment) -> MeasurePlan:
    """Return the plan of 2567 without measures."""
    return MeasurePlan.start(assessment=assessment)


@pytest.fixture
def plan(empty_plan: MeasurePlan, staff: User) -> MeasurePlan:
    """Return the plan of 2567 with three measures: two in the topic 5, one in the topic 2."""
    instrument = empty_plan.assessment.instrument
    office, treasury = empty_plan.assessment.organisation.units.all()
    made = [
        ("ประชุมชี้แจงแผนการใช้จ่ายงบประมาณ", ["i8"], 5, "จัดประชุมชี้แจงทุกไตรมาส\nติดประกาศแผนที่สำนักงาน", [treasury]),
        ("เผยแพร่รายงานการใช้จ่ายทุกไตรมาส", ["i7"], 5, "สรุปรายงานทุกไตรมาส", [office, treasury]),
        ("เปิดจุดบริการอิเล็กทรอนิกส์", ["e14"], 2, "จัดเจ้าหน้าที่ประจำจุดบริการ", [office]),
    ]
    for title, codes, topic, steps, units in made:
        measure = empty_plan.add_measure(
            items=instrument.items.filter(code__in=codes), group=f"topic-{topic}", by=staff, at=NOW
        )
        measure.title = title
        measure.save(update_fields=["title"])
        step = measure.steps.get()
        step.text, step.follow_up = steps, "รายงานผลทุกไตรมาส"
        step.save()
        step.units.set(units)
    return empty_plan
