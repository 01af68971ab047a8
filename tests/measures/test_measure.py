"""What may happen to one measure of the table."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from ita_portal.organisations.models import Organisation, User
from measures.models import Measure, MeasurePlan, StepEdit

from .test_plan import order

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)
SERVICE, MEETING, REPORT = (
    "เปิดจุดบริการอิเล็กทรอนิกส์",
    "ประชุมชี้แจงแผนการใช้จ่ายงบประมาณ",
    "เผยแพร่รายงานการใช้จ่ายทุกไตรมาส",
)


@pytest.fixture
def edit(organisation: Organisation) -> StepEdit:
    return StepEdit(
        text="ขั้นที่หนึ่ง\nขั้นที่สอง",
        all_units=False,
        units=tuple(organisation.units.all()),
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 3, 31),
        follow_up="สรุปผล",
    )


def named(plan: MeasurePlan, title: str) -> Measure:
    return plan.measures.get(title=title)


def test_an_edit_saves_all_boxes_and_moves_the_version_on(
    plan: MeasurePlan, edit: StepEdit, staff: User
) -> None:
    measure = named(plan, MEETING)
    measure.save_edit(version=1, title="  ประชุมใหม่ ", steps={measure.steps.get().pk: edit}, by=staff, at=NOW)
    kept = Measure.objects.get(pk=measure.pk)
    step = kept.steps.get()
    assert (kept.title, kept.version) == ("ประชุมใหม่", 2)
    assert step.lines == ["ขั้นที่หนึ่ง", "ขั้นที่สอง"]
    assert (step.starts_on, step.ends_on, step.follow_up) == (date(2024, 1, 1), date(2024, 3, 31), "สรุปผล")
    assert [unit.name for unit in step.units.all()] == ["สำนักปลัด", "กองคลัง"]


def test_the_second_of_two_edits_is_refused_with_what_stands(
    plan: MeasurePlan, edit: StepEdit, staff: User
) -> None:
    measure = named(plan, MEETING)
    step = measure.steps.get()
    measure.save_edit(version=1, title="ของคนแรก", steps={}, by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Conflict) as refused:
        measure.save_edit(version=1, title="ของคนที่สอง", steps={step.pk: edit}, by=staff, at=NOW)
    assert refused.value.standing.title == "ของคนแรก"
    assert measure.steps.get().follow_up == "รายงานผลทุกไตรมาส"


def test_a_measure_has_text(plan: MeasurePlan, staff: User) -> None:
    measure = named(plan, MEETING)
    with pytest.raises(Measure.NoText):
        measure.save_edit(version=1, title=" \n ", steps={}, by=staff, at=NOW)
    assert named(plan, MEETING).version == 1


def test_units_of_another_organisation_are_refused(
    plan: MeasurePlan, edit: StepEdit, stranger_organisation: Organisation, staff: User
) -> None:
    foreign = stranger_organisation.units.create(name="กองอื่น")
    measure = named(plan, MEETING)
    step = measure.steps.get()
    with pytest.raises(MeasurePlan.Foreign):
        measure.save_edit(
            version=1, title="ใหม่", steps={step.pk: replace(edit, units=(foreign,))}, by=staff, at=NOW
        )
    assert [unit.name for unit in step.units.all()] == ["กองคลัง"]
    assert named(plan, MEETING).version == 1


def test_a_step_of_another_measure_is_not_touched(plan: MeasurePlan, edit: StepEdit, staff: User) -> None:
    other = named(plan, REPORT).steps.get()
    named(plan, MEETING).save_edit(version=1, title="ใหม่", steps={other.pk: edit}, by=staff, at=NOW)
    other.refresh_from_db()
    assert other.text == "สรุปรายงานทุกไตรมาส"


def test_a_new_step_row_takes_units_and_period_of_the_last(plan: MeasurePlan, staff: User) -> None:
    measure = named(plan, REPORT)
    measure.steps.update(ends_on=date(2024, 3, 31))
    added = measure.add_step(version=1, by=staff, at=NOW)
    assert [s.pk for s in measure.steps.all()][-1] == added.pk
    assert (added.ends_on, added.units.count(), added.text) == (date(2024, 3, 31), 2, "")
    with pytest.raises(MeasurePlan.Conflict):
        Measure.objects.get(pk=measure.pk).add_step(version=1, by=staff, at=NOW)


def test_step_rows_go_but_for_the_last(plan: MeasurePlan, staff: User) -> None:
    measure = named(plan, MEETING)
    first = measure.steps.get()
    measure.add_step(version=1, by=staff, at=NOW)
    measure.remove_step(step=first, version=2, by=staff, at=NOW)
    left = measure.steps.get()
    assert left != first
    with pytest.raises(Measure.LastStep):
        measure.remove_step(step=left, version=3, by=staff, at=NOW)
    assert Measure.objects.get(pk=measure.pk).version == 3
    assert measure.steps.count() == 1


def test_moving_within_and_between_groups(plan: MeasurePlan, staff: User) -> None:
    assert order(plan) == [[SERVICE], [MEETING, REPORT]]
    named(plan, MEETING).move(down=True, by=staff, at=NOW)
    assert order(plan) == [[SERVICE], [REPORT, MEETING]]
    named(plan, MEETING).move(down=False, by=staff, at=NOW)
    assert order(plan) == [[SERVICE], [MEETING, REPORT]]
    for _ in range(3):
        named(plan, MEETING).move(down=False, by=staff, at=NOW)
    assert named(plan, MEETING).topic == 2
    assert order(plan) == [[SERVICE, MEETING], [REPORT]]
    for _ in range(5):
        named(plan, REPORT).move(down=True, by=staff, at=NOW)
    assert named(plan, REPORT).topic == 7


def test_moving_down_into_a_group_comes_first_there(plan: MeasurePlan, staff: User) -> None:
    for _ in range(3):
        named(plan, SERVICE).move(down=True, by=staff, at=NOW)
    assert order(plan) == [[SERVICE, MEETING, REPORT]]


def test_moving_up_out_of_the_last_group(plan: MeasurePlan, staff: User) -> None:
    Measure.objects.filter(title=SERVICE).update(topic=None)
    named(plan, SERVICE).move(down=True, by=staff, at=NOW)
    assert named(plan, SERVICE).topic is None
    named(plan, SERVICE).move(down=False, by=staff, at=NOW)
    assert named(plan, SERVICE).topic == 7


def test_placing_before_another(plan: MeasurePlan, staff: User) -> None:
    named(plan, SERVICE).place(group="topic-5", before=named(plan, REPORT), by=staff, at=NOW)
    assert order(plan) == [[MEETING, SERVICE, REPORT]]
    named(plan, MEETING).place(group="topic-5", by=staff, at=NOW)
    assert order(plan) == [[SERVICE, REPORT, MEETING]]


def test_placing_by_indicator_leaves_the_topic(plan: MeasurePlan, staff: User) -> None:
    plan.set_up(grouping="indicators", by=staff, at=NOW)
    measure = plan.measures.get(title=SERVICE)
    measure.place(group="indicator-9", by=staff, at=NOW)
    kept = Measure.objects.select_related("indicator").get(pk=measure.pk)
    assert kept.indicator is not None
    assert (kept.indicator.code, kept.topic) == ("indicator-9", 2)


def test_a_copy_stands_right_below_with_all_it_holds(plan: MeasurePlan, staff: User) -> None:
    copy = named(plan, MEETING).duplicate(by=staff, at=NOW)
    assert order(plan) == [[SERVICE], [MEETING, MEETING, REPORT]]
    assert plan.grouped()["topic-5"][1] == copy
    assert [item.code for item in copy.items.all()] == ["i8"]
    assert [unit.name for unit in copy.steps.get().units.all()] == ["กองคลัง"]
    assert copy.steps.get().lines == named_first(plan).steps.get().lines


def named_first(plan: MeasurePlan) -> Measure:
    return plan.grouped()["topic-5"][0]


def test_a_deleted_measure_comes_back_to_its_place(plan: MeasurePlan, staff: User) -> None:
    measure = named(plan, MEETING)
    measure.delete_softly(by=staff, at=NOW)
    assert order(plan) == [[SERVICE], [REPORT]]
    assert "i8" in [figure.code for figure in plan.unanswered(plan.result())]
    named(plan, SERVICE).move(down=False, by=staff, at=NOW)  # all positions are counted anew
    with pytest.raises(MeasurePlan.Conflict):
        measure.save_edit(version=1, title="พิมพ์ต่อ", steps={}, by=staff, at=NOW)
    measure.restore(by=staff, at=NOW)
    assert order(plan)[1] == [MEETING, REPORT]


def test_a_measure_answers_items_until_they_are_taken_away(plan: MeasurePlan, staff: User) -> None:
    measure = named(plan, MEETING)
    item = plan.assessment.instrument.items.get(code="e9")
    measure.answer(items=[item], by=staff, at=NOW)
    assert {i.code for i in measure.items.all()} == {"i8", "e9"}
    measure.answer_no_more(item=item, by=staff, at=NOW)
    assert {i.code for i in measure.items.all()} == {"i8"}


def test_constraints(plan: MeasurePlan) -> None:
    measure = named(plan, MEETING)
    with pytest.raises(IntegrityError, match="step_ends_after_start"), transaction.atomic():
        measure.steps.update(ends_on=date(2023, 9, 30))
    with pytest.raises(IntegrityError, match="measure_topic_possible"), transaction.atomic():
        Measure.objects.filter(pk=measure.pk).update(topic=0)
