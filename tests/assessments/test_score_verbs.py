"""The verbs of an assessment: what they change, what they refuse, and the rules that the database holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from assessments.models import Assessment, Instrument, Score
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case

AT = datetime(2023, 9, 1, 2, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=32)


@pytest.fixture
def assessment(instruments: None, organisation: Organisation) -> Assessment:
    return Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))


@pytest.fixture
def closed(assessment: Assessment, staff: User) -> Assessment:
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=AT)
    assessment.close(by=staff, at=LATER)
    return assessment


def standing(assessment: Assessment) -> dict[tuple[str, int], tuple[Decimal | None, int]]:
    return {(s.item.code, s.part): (s.value, s.version) for s in assessment.scores.select_related("item")}


# --- one cell -------------------------------------------------------------------------------------------------------


def test_a_cell_is_saved_with_who_and_when(assessment: Assessment, staff: User) -> None:
    version = assessment.save_score(code="e9", part=2, value=Decimal("73.6"), version=0, by=staff, at=AT)
    score = assessment.scores.get()
    assert version == 1
    assert (score.item.code, score.part, score.value) == ("e9", 2, Decimal("73.60"))
    assert (score.version, score.updated_by, score.updated_at) == (1, staff, AT)


def test_an_emptied_cell_keeps_its_version(assessment: Assessment, staff: User) -> None:
    assessment.save_score(code="i7", part=0, value=Decimal(90), version=0, by=staff, at=AT)
    assert assessment.save_score(code="i7", part=0, value=None, version=1, by=staff, at=LATER) == 2
    assert standing(assessment) == {("i7", 0): (None, 2)}
    assert assessment.entered() == {}


def test_emptying_an_empty_cell_writes_nothing(assessment: Assessment, staff: User) -> None:
    assert assessment.save_score(code="i7", part=0, value=None, version=0, by=staff, at=AT) == 0
    assert not assessment.scores.exists()


def test_of_two_people_on_one_empty_cell_the_second_is_refused(
    assessment: Assessment, staff: User, administrator: User
) -> None:
    mine, theirs = Assessment.objects.get(), Assessment.objects.get()
    theirs.save_score(code="i7", part=0, value=Decimal("86.82"), version=0, by=administrator, at=AT)
    with pytest.raises(Assessment.Conflict) as refusal:
        mine.save_score(code="i7", part=0, value=Decimal("68.82"), version=0, by=staff, at=LATER)
    (score,) = refusal.value.scores
    assert (score.value, score.updated_by, score.version) == (Decimal("86.82"), administrator, 1)
    assert standing(assessment) == {("i7", 0): (Decimal("86.82"), 1)}


def test_of_two_people_on_one_filled_cell_the_second_is_refused(
    assessment: Assessment, staff: User, administrator: User
) -> None:
    assessment.save_score(code="i7", part=0, value=Decimal(80), version=0, by=staff, at=AT)
    assessment.save_score(code="i7", part=0, value=Decimal(81), version=1, by=administrator, at=AT)
    with pytest.raises(Assessment.Conflict):
        assessment.save_score(code="i7", part=0, value=Decimal(82), version=1, by=staff, at=LATER)
    assert standing(assessment) == {("i7", 0): (Decimal(81), 2)}


def test_the_same_value_from_two_people_is_no_conflict(
    assessment: Assessment, staff: User, administrator: User
) -> None:
    assessment.save_score(code="i7", part=0, value=Decimal(80), version=0, by=staff, at=AT)
    assert (
        assessment.save_score(code="i7", part=0, value=Decimal(80), version=0, by=administrator, at=LATER)
        == 1
    )
    assert assessment.scores.get().updated_by == staff


@pytest.mark.parametrize("key", [("i99", 0), ("i7", 1), ("e9", 0), ("e9", 3), ("indicator-6", 1), ("", 0)])
def test_a_cell_that_the_instrument_does_not_have_is_refused(
    assessment: Assessment, staff: User, key: tuple[str, int]
) -> None:
    with pytest.raises(Assessment.UnknownCell) as refusal:
        assessment.save_scores({("i7", 0): Decimal(90), key: Decimal(90)}, by=staff, at=AT)
    assert refusal.value.key == key
    assert not assessment.scores.exists()


# --- many cells -----------------------------------------------------------------------------------------------------


def test_many_cells_count_only_what_changes(assessment: Assessment, staff: User) -> None:
    values = {("i1", 0): Decimal(90), ("i2", 0): Decimal(91), ("i3", 0): None}
    assert assessment.save_scores(values, by=staff, at=AT) == 2
    assert assessment.save_scores(values | {("i2", 0): Decimal(92)}, by=staff, at=LATER) == 1
    assert standing(assessment) == {("i1", 0): (Decimal(90), 1), ("i2", 0): (Decimal(92), 2)}


def test_one_conflict_saves_none_of_many_and_names_all_disputed(
    assessment: Assessment, staff: User, administrator: User
) -> None:
    assessment.save_scores({("i1", 0): Decimal(1), ("i2", 0): Decimal(2)}, by=administrator, at=AT)
    mine = {("i1", 0): Decimal(10), ("i2", 0): Decimal(20), ("i3", 0): Decimal(30)}
    with pytest.raises(Assessment.Conflict) as refusal:
        assessment.save_scores(mine, seen={}, by=staff, at=LATER)
    assert [score.item.code for score in refusal.value.scores] == ["i1", "i2"]
    assert standing(assessment) == {("i1", 0): (Decimal(1), 1), ("i2", 0): (Decimal(2), 1)}


def test_an_import_is_recorded(assessment: Assessment, staff: User) -> None:
    assert assessment.import_scores({("i1", 0): Decimal(90)}, source="ไฟล์ CSV", by=staff, at=AT) == 1
    event = Event.objects.get()
    assert (event.verb, event.actor, event.organisation) == (
        "scores-imported",
        staff,
        assessment.organisation,
    )
    assert event.sentence == "นำเข้าคะแนนปีงบประมาณ ๒๕๖๖ จากไฟล์ CSV เปลี่ยน ๑ ค่า"


# --- depth, closing, reopening --------------------------------------------------------------------------------------


def test_another_depth_loses_nothing(assessment: Assessment, staff: User) -> None:
    assessment.save_scores({("i1", 0): Decimal(90), ("IIT", 0): Decimal(91)}, by=staff, at=AT)
    assessment.choose_depth(Assessment.Depth.TOOLS)
    assert Assessment.objects.get().depth == "tools"
    assert set(assessment.entered()) == {("i1", 0), ("IIT", 0)}


def test_complete_scores_close(closed: Assessment, staff: User) -> None:
    fresh = Assessment.objects.get()
    assert (fresh.closed_at, fresh.closed_by) == (LATER, staff)
    assert Event.objects.get().verb == "scores-closed"


def test_incomplete_scores_do_not_close(assessment: Assessment, staff: User) -> None:
    scores = case_scores(read_case("004"))
    del scores["i7", 0], scores["e9", 2]
    assessment.save_scores(scores, by=staff, at=AT)
    with pytest.raises(Assessment.Incomplete) as refusal:
        assessment.close(by=staff, at=LATER)
    assert refusal.value.labels == ["i7", "e9 ส่วนที่ 2"]
    assert not Assessment.objects.get().is_closed
    assert not Event.objects.exists()


def test_an_announced_indicator_stands_for_its_questions(assessment: Assessment, staff: User) -> None:
    scores = case_scores(read_case("004"))
    del scores["i7", 0]
    assessment.save_scores(scores | {("indicator-2", 0): Decimal("92.16")}, by=staff, at=AT)
    assert assessment.missing() == []


def test_nothing_changes_closed_scores(closed: Assessment, staff: User) -> None:
    before = standing(closed)
    with pytest.raises(Assessment.Closed):
        closed.save_score(code="i7", part=0, value=Decimal(1), version=1, by=staff, at=LATER)
    with pytest.raises(Assessment.Closed):
        closed.import_scores({("i7", 0): Decimal(1)}, source="ไฟล์ CSV", by=None, at=LATER)
    with pytest.raises(Assessment.Closed):
        closed.choose_depth(Assessment.Depth.TOOLS)
    with pytest.raises(Assessment.Closed):
        closed.close(by=staff, at=LATER)
    assert standing(closed) == before
    assert Assessment.objects.get().depth == "questions"
    assert Event.objects.count() == 1


def test_closed_scores_reopen_for_a_reason(closed: Assessment, administrator: User) -> None:
    with pytest.raises(Assessment.NoReason):
        closed.reopen(by=administrator, at=LATER, reason=" \n")
    assert Assessment.objects.get().is_closed
    closed.reopen(by=administrator, at=LATER, reason="แก้ข้อ i7")
    fresh = Assessment.objects.get()
    assert (fresh.closed_at, fresh.closed_by) == (None, None)
    event = Event.objects.first()
    assert event is not None and (event.verb, event.facts["reason"]) == ("scores-reopened", "แก้ข้อ i7")


def test_open_scores_do_not_reopen(assessment: Assessment, staff: User) -> None:
    with pytest.raises(Assessment.AlreadyOpen):
        assessment.reopen(by=staff, at=AT, reason="แก้ข้อ i7")


# --- what the database holds ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["-0.01", "100.01"])
def test_the_database_refuses_scores_out_of_range(assessment: Assessment, value: str) -> None:
    item = assessment.instrument.items.get(code="i7")
    with pytest.raises(IntegrityError, match="score_from_0_to_100"), transaction.atomic():
        Score.objects.create(assessment=assessment, item=item, value=Decimal(value), updated_at=AT)


def test_the_database_refuses_a_second_score_of_a_cell(assessment: Assessment) -> None:
    item = assessment.instrument.items.get(code="e9")
    for part in (1, 2):
        Score.objects.create(assessment=assessment, item=item, part=part, value=Decimal(90), updated_at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Score.objects.create(assessment=assessment, item=item, part=2, value=Decimal(91), updated_at=AT)


def test_the_database_refuses_half_a_closing(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError, match="assessment_closed_at_and_by"), transaction.atomic():
        Assessment.objects.update(closed_at=AT)


def test_the_database_refuses_two_assessments_of_a_year(assessment: Assessment) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Assessment.objects.create(organisation=assessment.organisation, instrument=assessment.instrument)
