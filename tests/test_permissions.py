"""Who may open what: every address of the portal against every role, in one table.

Rows stand in `permission_rows_<app>.py` as `ROWS`, by the name of the address. A second row for the same
address has a word after the name ("organisations:profile post").
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import RESERVED_SLUGS, Organisation, User
from measures.models import MeasurePlan

from .conftest import case_scores, read_case
from .permission_rows import ROLES, Row, World

ROWS: dict[str, Row] = {
    key: row
    for path in sorted(Path(__file__).parent.glob("permission_rows_*.py"))
    for key, row in import_module(f"tests.{path.stem}").ROWS.items()
}


def addresses(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every address below a resolver with its full name; one without a name under its route."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from addresses(entry, f"{namespace}{entry.namespace}:" if entry.namespace else namespace)
        else:
            yield f"{namespace}{entry.name or entry.pattern}", entry


PATTERNS = dict(addresses(get_resolver()))


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    rows = {key.split()[0] for key in ROWS}
    assert sorted(PATTERNS.keys() - rows) == [], "addresses without a row"
    assert sorted(rows - PATTERNS.keys()) == [], "rows without an address"


def test_no_organisation_can_take_the_name_of_a_page() -> None:
    """Its own pages, or its public page at /p/<slug>/, would never be found."""
    words = [str(pattern.pattern).split("/")[:2] for pattern in PATTERNS.values()]
    first = {word[0] for word in words if word[0].isalpha()}
    second = {
        word[1]
        for word in words
        if word[0] == "<slug:slug>" and len(word) > 1 and word[1].replace("-", "").isalpha()
    }
    assert first | second <= RESERVED_SLUGS


@pytest.fixture
def world(
    instruments: None,
    organisation: Organisation,
    stranger: User,
    auditor: User,
    staff: User,
    approver: User,
    administrator: User,
    operator: User,
) -> World:
    assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    scores = case_scores(read_case("004"))
    assessment.save_scores(scores, by=staff, at=datetime(2023, 9, 1, tzinfo=UTC))
    people = {
        "anonymous": None,
        "stranger": stranger,
        "auditor": auditor,
        "staff": staff,
        "approver": approver,
        "administrator": administrator,
        "operator": operator,
    }
    assert tuple(people) == ROLES
    plan = MeasurePlan.objects.create(assessment=assessment)
    return World(organisation, assessment, plan, people)


@pytest.mark.parametrize("key", [key for key in ROWS if key.split()[0] in PATTERNS])
def test_roles(world: World, key: str) -> None:
    row, name = ROWS[key], key.split()[0]
    kwargs = row.kwargs | (row.make(world) if row.make else {})
    pattern = PATTERNS[name].pattern
    if "slug" not in kwargs and "slug" in pattern.regex.groupindex:
        kwargs["slug"] = world.organisation.slug
    url = reverse(name, kwargs=kwargs)
    answered = {}
    for role, user in world.people.items():
        client = Client()
        with transaction.atomic():  # one role's deed is gone before the next comes
            if user is not None:
                client.force_login(user)
            response = getattr(client, row.method)(url, data=row.data)
            if response.streaming:
                b"".join(response)  # a file is closed at its end
            answered[role] = response.status_code
            transaction.set_rollback(True)
    assert answered == row.expected(), f"{row.method} {url}"
