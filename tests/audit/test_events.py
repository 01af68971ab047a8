"""Events: told in a sentence, kept with facts, numbered and bound in the chain of their organisation."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.urls import reverse

from ita_portal.audit.chain import GENESIS, follow
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.audit.conftest import AT, tell
from tests.conftest import PASSWORD


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
    assert [event.sentence for event in Event.objects.of(None)] == ["ไม่มีหน่วยงาน"]


def test_who_and_what_an_event_names_cannot_be_deleted(organisation: Organisation, staff: User) -> None:
    Event.record(Event.Verb.SCORES_CLOSED, "ปิดคะแนน", by=staff, at=AT, organisation=organisation)
    with pytest.raises(ProtectedError):
        staff.delete()
    with pytest.raises(ProtectedError):
        organisation.delete()
    assert Event.objects.count() == 1


def test_each_organisation_and_the_platform_have_a_chain_of_their_own(
    events: list[Event], organisation: Organisation, stranger_organisation: Organisation
) -> None:
    for owner, count in ((organisation, 5), (stranger_organisation, 3), (None, 2)):
        chain = list(Event.objects.of(owner).reverse())
        assert [event.sequence for event in chain] == list(range(1, count + 1))
        hashes = [event.hash for event in chain]
        assert [event.previous_hash for event in chain] == [GENESIS, *hashes[:-1]]
        assert Event.objects.of(owner).head() == (count, hashes[-1])


def test_what_is_rolled_back_leaves_no_gap(events: list[Event], organisation: Organisation) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tell(organisation, None, 1)
        raise RuntimeError
    assert tell(organisation, None, 1)[0].sequence == 6


def test_a_fraction_among_the_facts_saves_nothing(organisation: Organisation) -> None:
    with pytest.raises(TypeError, match=r"93\.66"):
        Event.record(Event.Verb.SCORES_CLOSED, "ปิด", by=None, at=AT, organisation=organisation, total=93.66)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_never_fork_a_chain(organisation: Organisation, staff: User) -> None:
    people, each = 6, 5
    start = Barrier(people)

    def write(number: int) -> None:
        try:
            start.wait()
            for _ in range(each):
                # Two chains, and a row of the organisation's inserted before: what verbs do.
                with transaction.atomic():
                    organisation.units.create(name=f"กอง {number}-{_}", position=9)
                    tell(organisation, staff, 1)
                tell(None, staff, 1)
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(write, range(people)))
    for owner in (organisation, None):
        chain = follow(Event.objects.of(owner).links())
        assert (chain.length, chain.broken) == (people * each, None)


def test_a_sign_in_is_an_event_of_the_platform(
    client: Client, organisation: Organisation, staff: User
) -> None:
    where = reverse("account_login")
    client.post(where, {"login": staff.username, "password": "ผิด-2567-ผิด"})
    assert not Event.objects.exists()
    client.post(where, {"login": staff.username, "password": PASSWORD})
    event = Event.objects.get()
    assert (event.verb, event.actor, event.organisation) == (Event.Verb.SIGNED_IN, staff, None)
    assert event.sentence == "สมหญิง staff เข้าสู่ระบบ"
