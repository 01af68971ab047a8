"""The database itself refuses to change or delete an event, whoever asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.core.management.commands.flush import Command as PlainFlush
from django.db import IntegrityError, connection, transaction

from ita_portal.audit.append_only import REFUSAL
from ita_portal.audit.models import Event


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


DEEDS: dict[str, Callable[[Event], object]] = {
    "save": lambda event: event.save(),
    "delete": lambda event: event.delete(),
    "update of all": lambda event: Event.objects.update(sentence="เรื่องใหม่"),
    "delete of all": lambda event: Event.objects.all().delete(),
    "raw update": lambda event: run("UPDATE audit_event SET sequence = sequence + 10"),
    "raw delete": lambda event: run("DELETE FROM audit_event WHERE sequence = 1"),
}


def refuse(deed: Callable[[], object]) -> None:
    """Do what must be refused, and see that every event stands as before."""
    before = list(Event.objects.values_list())
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        deed()
    assert list(Event.objects.values_list()) == before


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_nothing_changes_or_deletes_an_event(events: list[Event], deed: Callable[[Event], object]) -> None:
    events[2].sentence = "เรื่องใหม่"
    refuse(lambda: deed(events[2]))


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no TRUNCATE")
def test_the_table_is_not_truncated(events: list[Event]) -> None:
    connection.check_constraints()
    refuse(lambda: run("TRUNCATE audit_event"))


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL has no REPLACE")
@pytest.mark.parametrize("taken", ["hash", "sequence"])
def test_no_row_takes_the_place_of_an_event(events: list[Event], taken: str) -> None:
    other = {"hash": "'f'", "sequence": "99"}
    del other[taken]
    columns = ["hash", "sequence", "organisation_id", "previous_hash", "actor_id", "at", "verb", "facts"]
    values = ", ".join(other.get(column, column) for column in columns)
    refuse(
        lambda: run(
            f"REPLACE INTO audit_event ({', '.join(columns)}, sentence) "
            f"SELECT {values}, 'เรื่องใหม่' FROM audit_event WHERE sequence = 1 AND organisation_id IS NOT NULL"
        )
    )


@pytest.mark.django_db(transaction=True)
def test_the_portals_own_flush_is_refused(events: list[Event]) -> None:
    with pytest.raises(CommandError) as refused:
        call_command(PlainFlush(), interactive=False, verbosity=0)
    assert REFUSAL in str(refused.value.__cause__)
    assert Event.objects.count() == 10
