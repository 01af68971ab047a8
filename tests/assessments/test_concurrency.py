"""Two people at once, in real threads with a connection each, on the database in use."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import connection

from assessments.models import Assessment, Instrument
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case

pytestmark = pytest.mark.django_db(transaction=True)

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)
PEOPLE = 6


def at_once(deed: Callable[[int], str]) -> list[str]:
    """Run `deed` in every thread at the same moment; return what each came to."""
    start = Barrier(PEOPLE)

    def run(number: int) -> str:
        try:
            start.wait()
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(PEOPLE) as pool:
        return sorted(pool.map(run, range(PEOPLE)))


@pytest.fixture
def assessment(instruments: None, organisation: Organisation) -> Assessment:
    return Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))


@pytest.mark.parametrize("version", [0, 1], ids=["an empty cell", "a filled cell"])
def test_of_people_who_save_one_cell_exactly_one_wins(
    assessment: Assessment, staff: User, version: int
) -> None:
    if version:
        assessment.save_score(code="i1", part=0, value=Decimal(50), version=0, by=staff, at=NOW)

    def save(number: int) -> str:
        mine = Assessment.objects.get(pk=assessment.pk)
        try:
            mine.save_score(code="i1", part=0, value=Decimal(60 + number), version=version, by=staff, at=NOW)
        except Assessment.Conflict:
            return "refused"
        return "saved"

    assert at_once(save) == ["refused"] * (PEOPLE - 1) + ["saved"]
    assert assessment.scores.get(item__code="i1").version == version + 1


def test_of_people_who_close_the_scores_exactly_one_does(assessment: Assessment, staff: User) -> None:
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=NOW)

    def close(_: int) -> str:
        try:
            Assessment.objects.get(pk=assessment.pk).close(by=staff, at=NOW)
        except Assessment.Closed:
            return "already closed"
        return "closed"

    assert at_once(close) == ["already closed"] * (PEOPLE - 1) + ["closed"]
    assert Event.objects.filter(verb=Event.Verb.SCORES_CLOSED).count() == 1
