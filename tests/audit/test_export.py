"""Events as people read and keep them: narrowed on the page, whole and safe in the file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from ita_portal.audit.export import HEADINGS, csv_lines
from ita_portal.audit.forms import EventFilter
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

# 1 October 2566 begins in Bangkok at 17:00 of the day before in UTC.
MOMENTS = {
    "last second": datetime(2023, 9, 30, 16, 59, 59, 999999, tzinfo=UTC),
    "first": datetime(2023, 9, 30, 17, 0, tzinfo=UTC),
    "evening": datetime(2023, 10, 1, 16, 59, 59, tzinfo=UTC),
    "next": datetime(2023, 10, 1, 17, 0, tzinfo=UTC),
}


@pytest.fixture
def told(organisation: Organisation, staff: User) -> Organisation:
    """Return an organisation with events about midnight, one of them of another kind."""
    for sentence, at in MOMENTS.items():
        verb = Event.Verb.SCORES_REOPENED if sentence == "evening" else Event.Verb.SCORES_CLOSED
        Event.record(verb, sentence, by=staff, at=at, organisation=organisation)
    return organisation


def narrowed(organisation: Organisation, query: str) -> tuple[set[str], dict[str, list[str]]]:
    """Return the sentences found, and what is refused."""
    form = EventFilter(QueryDict(query), events=Event.objects.of(organisation))
    return {event.sentence for event in form.found()}, dict(form.errors)


@pytest.mark.parametrize(
    ("query", "sentences"),
    [
        ("", {"last second", "first", "evening", "next"}),
        ("verb=scores-reopened", {"evening"}),
        ("since=1/10/2566", {"first", "evening", "next"}),
        ("until=๓๐ ก.ย. ๒๕๖๖", {"last second"}),
        ("since=1 ต.ค. 66&until=1 ต.ค. 66", {"first", "evening"}),
        ("verb=scores-closed&since=1 ต.ค. 66&until=1 ต.ค. 66", {"first"}),
    ],
)
def test_events_are_narrowed_by_kind_and_by_days_in_thailand(
    told: Organisation, query: str, sentences: set[str]
) -> None:
    assert narrowed(told, query) == (sentences, {})


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("since=31/2/2567", "since", "กุมภาพันธ์ ๒๕๖๗ มีวันที่ ๑ ถึง ๒๙"),
        ("since=2/10/2566&until=1/10/2566", "until", "วันสุดท้ายต้องไม่มาก่อนวันแรก"),
        ("verb=memo-sent", "verb", ""),  # a kind of which there is none
    ],
)
def test_what_cannot_be_asked_narrows_nothing_and_is_told(
    told: Organisation, query: str, field: str, sentence: str
) -> None:
    _, errors = narrowed(told, query)
    assert list(errors) == [field]
    assert sentence in " ".join(errors[field])


def test_the_page_shows_the_head_of_the_whole_chain_beside_what_is_narrowed(
    client: Client, told: Organisation, administrator: User
) -> None:
    client.force_login(administrator)
    text = client.get("/abt-tuayang/events/", {"verb": "scores-reopened"}).content.decode()
    assert Event.objects.of(told).head()[1] in text
    assert ("evening" in text, "last second" in text) == (True, False)
    nothing = client.get("/abt-tuayang/events/", {"since": "1/1/2570"}).content.decode()
    assert "ไม่มีเหตุการณ์ตามที่เลือก" in nothing
    refused = client.get("/abt-tuayang/events/", {"since": "เมื่อวาน"}).content.decode()
    assert 'value="เมื่อวาน"' in refused and 'aria-invalid="true"' in refused


def test_pages_of_what_is_narrowed_keep_what_was_asked(
    client: Client, organisation: Organisation, administrator: User
) -> None:
    for number in range(51):
        Event.record(
            Event.Verb.SCORES_CLOSED, f"ที่ {number}", by=None, at=MOMENTS["next"], organisation=organisation
        )
    client.force_login(administrator)
    text = client.get("/abt-tuayang/events/", {"verb": "scores-closed"}).content.decode()
    assert 'href="?page=2&amp;verb=scores-closed"' in text


def test_the_file_holds_the_chain_oldest_first_and_no_formula(
    client: Client, told: Organisation, stranger_organisation: Organisation, administrator: User
) -> None:
    Event.record(
        Event.Verb.MEMBER_ADDED, "=1+1", by=None, at=MOMENTS["next"], organisation=told, note='@x\n"y"'
    )
    Event.record(
        Event.Verb.MEMBER_ADDED, "ของที่อื่น", by=None, at=MOMENTS["next"], organisation=stranger_organisation
    )
    client.force_login(administrator)
    response = client.get("/abt-tuayang/events.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(b"".join(response).decode("utf-8-sig"))))
    assert tuple(rows[0]) == HEADINGS
    assert [(row[0], row[5]) for row in rows[1:]] == [
        ("1", "last second"),
        ("2", "first"),
        ("3", "evening"),
        ("4", "next"),
        ("5", "'=1+1"),
    ]
    assert (rows[2][1], rows[2][2]) == ("2023-10-01 00:00:00", "2023-09-30T17:00:00.000000+00:00")
    assert (rows[5][6], rows[5][9]) == ("ระบบ", '{"note":"@x\\n\\"y\\""}')


def test_an_empty_chain_is_a_heading(organisation: Organisation) -> None:
    (line,) = csv_lines(Event.objects.of(organisation))
    assert line.startswith("\ufeffเลขที่,")


def test_rows_come_one_by_one_from_one_query(told: Organisation, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert len(list(csv_lines(Event.objects.of(told)))) == 5
