"""Events to tamper with, and the way past the triggers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from ita_portal.audit.append_only import protect, release
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

AT = datetime(2024, 1, 15, 3, 0, 0, 120, tzinfo=UTC)

Sql = Callable[..., None]


@contextmanager
def unprotected() -> Iterator[Sql]:
    """Take the triggers away and give a way to run SQL on the table, as one who owns the database could."""
    connection.check_constraints()  # PostgreSQL changes no table whose checks are still due
    release(connection)

    def run(statement: str, *values: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    try:
        yield run
    finally:
        connection.check_constraints()
        protect(connection)


def tell(organisation: Organisation | None, by: User | None, count: int) -> list[Event]:
    """Record `count` events of a chain, a minute apart."""
    return [
        Event.record(
            Event.Verb.SCORES_CLOSED,
            f"ปิดคะแนนครั้งที่ {n}",
            by=by,
            at=AT + timedelta(minutes=n),
            organisation=organisation,
            be_year=2566,
            items=["i๑", {"code": None}],
        )
        for n in range(1, count + 1)
    ]


@pytest.fixture
def events(organisation: Organisation, stranger_organisation: Organisation, staff: User) -> list[Event]:
    """Return the five events of a chain that stands beside two others."""
    tell(stranger_organisation, None, 3)
    tell(None, staff, 2)
    return tell(organisation, staff, 5)
