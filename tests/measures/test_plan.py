"""What may happen to a plan as a whole, and what its constraints hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import Excuse, LibraryEntry, Measure, MeasurePlan
from measures.models.library import Suggestions

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)


def order(plan: MeasurePlan) -> list[list[str]]:
    """Return the titles of the table, group by group, without empty groups."""
    return [[m.title for m in group] for group in plan.grouped().values() if group]


def test_a_plan_begins_once_and_takes_the_threshold_of_the_year(assessment: Assessment) -> None:
    first = MeasurePlan.start(assessment=assessment)
    assert (first.be_year, first.settings().threshold) == (2567, Decimal(85))
    assert MeasurePlan.start(assessment=assessment) == first


def test_a_plan_does_not_begin_without_scores(organisation: object, instruments: None) -> None:
    empty = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    with pytest.raises(MeasurePlan.NoScores):
        MeasurePlan.start(assessment=empty)
    assert not MeasurePlan.objects.exists()


def test_an_added_measure_stands_where_its_item_belongs(empty_plan: MeasurePlan, staff: User) -> None:
    item = empty_plan.assessment.instrument.items.get(code="i8")
    measure = empty_plan.add_measure(items=[item], by=staff, at=NOW)
    assert measure.topic == 5
    assert measure.indicator is not None and measure.indicator.code == "indicator-2"
    step = measure.steps.get()
    assert (step.starts_on, step.ends_on) == (date(2023, 10, 1), date(2024, 9, 30))


def test_a_ready_measure_brings_its_texts_units_and_digits(
    empty_plan: MeasurePlan, library: None, staff: User
) -> None:
    entry = LibraryEntry.objects.get(key="i1-2")
    item = empty_plan.assessment.instrument.items.get(code="i1")
    measure = empty_plan.add_measure(items=[item], entry=entry, by=staff, at=NOW)
    step = measure.steps.get()
    assert measure.title == entry.title
    assert measure.topic == entry.topic
    assert len(step.lines) == 3
    assert "๓ วันทำการ" in step.text
    assert [unit.name for unit in step.units.all()] == ["สำนักปลัด"]


def test_a_ready_measure_for_all_units(empty_plan: MeasurePlan, library: None, staff: User) -> None:
    entry = LibraryEntry.objects.get(key="i1-1")
    step = empty_plan.add_measure(entry=entry, by=staff, at=NOW).steps.get()
    assert step.all_units
    assert not step.units.exists()


def test_an_item_of_another_instrument_is_refused(empty_plan: MeasurePlan, staff: User) -> None:
    foreign = Instrument.objects.get(be_year=2565).items.get(code="indicator-1")
    with pytest.raises(MeasurePlan.Foreign):
        empty_plan.add_measure(items=[foreign], by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Foreign):
        empty_plan.excuse(item=foreign, reason="ยกเว้น", by=User(), at=NOW)
    measure = empty_plan.add_measure(by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Foreign):
        measure.answer(items=[foreign], by=staff, at=NOW)
    assert not measure.items.exists()


def test_an_unknown_group_leaves_nothing_behind(empty_plan: MeasurePlan, staff: User) -> None:
    for group in ("topic-9", "indicator-1", "IIT"):
        with pytest.raises(MeasurePlan.UnknownGroup):
            empty_plan.add_measure(group=group, by=staff, at=NOW)
    assert not Measure.objects.exists()


def test_suggested_measures_answer_every_weak_item_once(
    empty_plan: MeasurePlan, library: None, staff: User
) -> None:
    added = empty_plan.add_suggested(by=staff, at=NOW)
    assert empty_plan.unanswered(empty_plan.result()) == []
    assert len(added) == len({measure.title for measure in added})
    assert empty_plan.add_suggested(by=staff, at=NOW) == []


def test_items_with_a_reason_get_no_suggestion(empty_plan: MeasurePlan, library: None, staff: User) -> None:
    item = empty_plan.assessment.instrument.items.get(code="i8")
    empty_plan.excuse(item=item, reason="ได้รับยกเว้น", by=staff, at=NOW)
    empty_plan.add_suggested(by=staff, at=NOW)
    assert not Measure.objects.filter(items=item).exists()


def test_suggestions_for_an_indicator_are_those_of_its_questions(
    instruments: None, library: None, organisation: Organisation
) -> None:
    suggestions = Suggestions(Instrument.objects.get(be_year=2565), organisation)
    codes = [i.code for entry in suggestions.own("indicator-2") for i in entry.items.all()]
    assert list(dict.fromkeys(codes)) == ["i7", "i8", "i9", "i10", "i11", "i12"]


def test_suggestions_for_a_question_are_its_own(
    instruments: None, library: None, organisation: Organisation
) -> None:
    suggestions = Suggestions(Instrument.objects.get(be_year=2566), organisation)
    assert [e.key for e in suggestions.own("i1")] == ["i1-1", "i1-2"]
    assert [e.key for e in suggestions.general([3])] == ["topic-3-1"]


def test_a_reason_answers_an_item_until_it_is_withdrawn(plan: MeasurePlan, staff: User) -> None:
    item = plan.assessment.instrument.items.get(code="e9")
    before = [figure.code for figure in plan.unanswered(plan.result())]
    excuse = plan.excuse(item=item, reason="  แก้ไขแล้วในปีก่อน  ", by=staff, at=NOW)
    assert (excuse.reason, excuse.by, excuse.at) == ("แก้ไขแล้วในปีก่อน", staff, NOW)
    assert "e9" in before
    assert "e9" not in [figure.code for figure in plan.unanswered(plan.result())]
    plan.unexcuse(item=item, by=staff, at=NOW)
    assert [figure.code for figure in plan.unanswered(plan.result())] == before


def test_a_reason_is_written(plan: MeasurePlan, staff: User) -> None:
    item = plan.assessment.instrument.items.get(code="e9")
    with pytest.raises(Excuse.NoReason):
        plan.excuse(item=item, reason=" \n", by=staff, at=NOW)
    with pytest.raises(IntegrityError, match="excuse_has_reason"), transaction.atomic():
        plan.excuses.create(item=item, reason="", by=staff, at=NOW)


def test_units_of_a_row_fill_the_rows_below_alone(plan: MeasurePlan, staff: User) -> None:
    measures = [m for group in plan.grouped().values() for m in group]
    source = measures[1].steps.get()
    count = plan.fill(step=source, what="units", below_only=True, by=staff, at=NOW)
    assert count == 1
    names = [[u.name for u in m.steps.get().units.all()] for m in measures]
    assert names == [["สำนักปลัด"], ["กองคลัง"], ["กองคลัง"]]
    measures[2].refresh_from_db()
    measures[0].refresh_from_db()
    assert (measures[0].version, measures[2].version) == (1, 2)


def test_a_period_fills_all_rows(plan: MeasurePlan, staff: User) -> None:
    source = plan.measures.first().steps.get()
    source.starts_on, source.ends_on = date(2024, 1, 1), date(2024, 3, 31)
    source.save()
    assert plan.fill(step=source, what="period", below_only=False, by=staff, at=NOW) == 2
    spans = {(s.starts_on, s.ends_on) for m in plan.measures.all() for s in m.steps.all()}
    assert spans == {(date(2024, 1, 1), date(2024, 3, 31))}


def test_a_locked_plan_refuses_every_deed(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.first()
    item = plan.assessment.instrument.items.get(code="e9")
    step = measure.steps.get()
    plan.lock(by=staff, at=NOW)
    deeds = [
        lambda: plan.lock(by=staff, at=NOW),
        lambda: plan.set_up(grouping="indicators", by=staff, at=NOW),
        lambda: plan.add_measure(by=staff, at=NOW),
        lambda: plan.add_suggested(by=staff, at=NOW),
        lambda: plan.fill(step=step, what="units", below_only=False, by=staff, at=NOW),
        lambda: plan.excuse(item=item, reason="ยกเว้น", by=staff, at=NOW),
        lambda: plan.unexcuse(item=item, by=staff, at=NOW),
        lambda: plan.save_text(key="opening", text="ใหม่", version=0, by=staff, at=NOW),
        lambda: plan.restore_text(key="opening", version=0, by=staff, at=NOW),
        lambda: measure.save_edit(version=1, title="ใหม่", steps={}, by=staff, at=NOW),
        lambda: measure.add_step(version=1, by=staff, at=NOW),
        lambda: measure.remove_step(step=step, version=1, by=staff, at=NOW),
        lambda: measure.answer(items=[item], by=staff, at=NOW),
        lambda: measure.answer_no_more(item=item, by=staff, at=NOW),
        lambda: measure.place(group="topic-1", by=staff, at=NOW),
        lambda: measure.move(down=True, by=staff, at=NOW),
        lambda: measure.duplicate(by=staff, at=NOW),
        lambda: measure.delete_softly(by=staff, at=NOW),
        lambda: measure.restore(by=staff, at=NOW),
    ]
    before = order(MeasurePlan.objects.get())
    for deed in deeds:
        with pytest.raises(MeasurePlan.Locked):
            deed()
    kept = MeasurePlan.objects.get()
    assert order(kept) == before
    assert (kept.texts.count(), kept.excuses.count(), kept.locked_by) == (0, 0, staff)


def test_an_unlocked_plan_can_change_again(plan: MeasurePlan, staff: User) -> None:
    with pytest.raises(MeasurePlan.NotLocked):
        plan.unlock()
    plan.lock(by=staff, at=NOW)
    plan.unlock()
    plan.save_text(key="opening", text="แก้ไขแล้ว", version=0, by=staff, at=NOW)
    assert MeasurePlan.objects.get().locked_at is None


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"locked_at": NOW}, "plan_locked_at_and_by"),
    ],
)
def test_constraints_of_the_plan(plan: MeasurePlan, change: dict, name: str) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        MeasurePlan.objects.filter(pk=plan.pk).update(**change)
