"""Events: told in a sentence, kept with facts, shown to their organisation only."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db.models import ProtectedError

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

AT = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)


def test_record_keeps_who_when_and_what(organisation: Organisation, staff: User) -> None:
    Event.record(
        Event.Verb.SCORES_CLOSED, "ปิดคะแนน", by=staff, at=AT, organisation=organisation, be_year=2566
    )
    event = Event.objects.get()
    assert (event.actor, event.at, event.verb, str(event)) == (staff, AT, "scores-closed", "ปิดคะแนน")
    assert event.facts == {"be_year": 2566}


def test_of_gives_one_organisation_newest_first(
    organisation: Organisation, stranger_organisation: Organisation
) -> None:
    for sentence, owner in (("หนึ่ง", organisation), ("อื่น", stranger_organisation), ("สอง", organisation)):
        Event.record(Event.Verb.SCORES_CLOSED, sentence, by=None, at=AT, organisation=owner)
    Event.record(Event.Verb.INSTRUMENT_IMPORTED, "ไม่มีหน่วยงาน", by=None, at=AT)
    assert [event.sentence for event in Event.objects.of(organisation)] == ["สอง", "หนึ่ง"]


def test_who_and_what_an_event_names_cannot_be_deleted(organisation: Organisation, staff: User) -> None:
    Event.record(Event.Verb.SCORES_CLOSED, "ปิดคะแนน", by=staff, at=AT, organisation=organisation)
    with pytest.raises(ProtectedError):
        staff.delete()
    with pytest.raises(ProtectedError):
        organisation.delete()
    assert Event.objects.count() == 1
