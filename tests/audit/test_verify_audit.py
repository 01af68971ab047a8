"""`manage.py verify_audit`: what was done to the table past its triggers is found and named."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from ita_portal.audit.chain import Fault
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.audit.conftest import Sql, tell, unprotected
from tests.conftest import make_member

OURS = "UPDATE audit_event SET {} WHERE hash = %s"


def verify(*arguments: str) -> str:
    """Run the command and return what it prints. Raises CommandError with what it found."""
    out = io.StringIO()
    call_command("verify_audit", *arguments, stdout=out)
    return out.getvalue()


def faults(*arguments: str) -> list[str]:
    """Return the sentences with which the command refuses."""
    with pytest.raises(CommandError) as refused:
        verify(*arguments)
    assert refused.value.returncode == 1
    return str(refused.value).splitlines()


def test_chains_that_hold_are_listed_with_their_heads(events: list[Event]) -> None:
    lines = verify().splitlines()
    assert f"abt-tuayang  5 เหตุการณ์  {events[-1].hash}" in lines
    assert {line.split("  ")[0]: line.split("  ")[1] for line in lines[:-1]} == {
        "abt-tuayang": "5 เหตุการณ์",
        "tessaban-uen": "3 เหตุการณ์",
        "ระบบกลาง": "2 เหตุการณ์",
    }
    assert lines[-1] == "บันทึกเหตุการณ์ถูกต้องครบถ้วน"


def test_one_organisation_is_walked_alone(events: list[Event]) -> None:
    with unprotected() as sql:
        sql("UPDATE audit_event SET sentence = 'ใหม่' WHERE organisation_id IS NULL")
    assert "ระบบกลาง" not in verify("--organisation", "abt-tuayang")
    assert faults() == [f"ระบบกลาง เหตุการณ์ที่ 1: {Fault.CHANGED.value}"]


def test_no_events_are_no_fault(db: None) -> None:
    assert verify() == "บันทึกเหตุการณ์ถูกต้องครบถ้วน\n"


JSON = "%s::jsonb" if connection.vendor == "postgresql" else "%s"
ANOTHER = object()  # an organisation or a person that exists, so that no foreign key is broken
# What each column of an event becomes, and what is then said about it.
CHANGES: dict[str, tuple[str, object, Fault]] = {
    "hash": ("hash = %s", "0" * 63 + "1", Fault.CHANGED),
    "organisation": ("organisation_id = %s", ANOTHER, Fault.MISSING),
    "sequence": ("sequence = %s", 77, Fault.MISSING),
    "previous_hash": ("previous_hash = %s", "f" * 64, Fault.RELINKED),
    "actor": ("actor_id = %s", ANOTHER, Fault.CHANGED),
    "at": ("at = %s", "2024-01-15 03:03:00.000121+00:00", Fault.CHANGED),
    "verb": ("verb = %s", "scores-reopened", Fault.CHANGED),
    "sentence": ("sentence = %s", "ปิดคะแนนครั้งที่ 3 ", Fault.CHANGED),
    "facts": (f"facts = {JSON}", '{"be_year": 2567, "items": ["i๑", {"code": null}]}', Fault.CHANGED),
}


def test_every_column_is_tried() -> None:
    assert set(CHANGES) == {field.name for field in Event._meta.fields}


@pytest.mark.parametrize("place", [1, 3, 5])
@pytest.mark.parametrize("column", CHANGES)
def test_a_changed_column_of_any_row_is_found(
    events: list[Event], organisation: Organisation, column: str, place: int
) -> None:
    assignment, value, fault = CHANGES[column]
    if value is ANOTHER:
        new = Organisation.objects.create(slug="new", kind="other", name="ใหม่", province="ใหม่")
        value = new.pk if column == "organisation" else make_member(organisation, "approver").pk
    with unprotected() as sql:
        sql(OURS.format(assignment), value, events[place - 1].hash)
    expected = [f"abt-tuayang เหตุการณ์ที่ {place}: {fault.value}"]
    if (column, place) == ("sequence", 5):  # nothing comes after it: it is itself the one not due
        expected = [f"abt-tuayang เหตุการณ์ที่ 5: {Fault.MOVED.value}"]
    if column == "organisation":  # the new chain does not hold; ours lacks one, which shows but at the tail
        expected = [*expected[: place < 5], f"new เหตุการณ์ที่ 1: {Fault.CHANGED.value}"]
    assert faults() == expected


def swap(sql: Sql, one: Event, two: Event) -> None:
    """Give two events each other's number."""
    for sequence, event in ((99, one), (one.sequence, two), (two.sequence, one)):
        sql("UPDATE audit_event SET sequence = %s WHERE hash = %s", sequence, event.hash)


@pytest.mark.parametrize(
    ("tamper", "sequence", "fault"),
    [
        (lambda sql, e: sql("DELETE FROM audit_event WHERE hash = %s", e[0].hash), 1, Fault.MISSING),
        (lambda sql, e: sql("DELETE FROM audit_event WHERE hash = %s", e[3].hash), 4, Fault.MISSING),
        (lambda sql, e: swap(sql, e[1], e[2]), 2, Fault.MOVED),
        (lambda sql, e: swap(sql, e[0], e[4]), 1, Fault.MOVED),
    ],
    ids=["the first deleted", "one deleted", "neighbours swapped", "ends swapped"],
)
def test_deleted_and_swapped_events_are_named(
    events: list[Event], tamper: Callable[[Sql, list[Event]], None], sequence: int, fault: Fault
) -> None:
    with unprotected() as sql:
        tamper(sql, events)
    assert faults() == [f"abt-tuayang เหตุการณ์ที่ {sequence}: {fault.value}"]


def test_every_broken_chain_is_named_once(events: list[Event]) -> None:
    with unprotected() as sql:
        sql("UPDATE audit_event SET sentence = 'ใหม่' WHERE sequence >= 2")
    assert sorted(faults()) == [
        f"{name} เหตุการณ์ที่ 2: {Fault.CHANGED.value}" for name in ("abt-tuayang", "tessaban-uen", "ระบบกลาง")
    ]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL keeps no such value")
@pytest.mark.parametrize("assignment", ["facts = '{'", "at = 'เมื่อวาน'", "at = '2024-13-45 00:00:00'"])
@pytest.mark.parametrize("earlier", [False, True])
def test_a_value_that_cannot_be_read_is_named_like_any_other(
    events: list[Event], assignment: str, earlier: bool
) -> None:
    with unprotected() as sql:
        # SQLite checks the facts by a rule of the table, which its owner can switch off.
        sql("PRAGMA ignore_check_constraints = ON")
        sql(OURS.format(assignment), events[3].hash)
        sql("PRAGMA ignore_check_constraints = OFF")
        if earlier:
            sql("UPDATE audit_event SET sentence = 'ใหม่' WHERE hash = %s", events[1].hash)
    assert faults() == [f"abt-tuayang เหตุการณ์ที่ {2 if earlier else 4}: {Fault.CHANGED.value}"]


# --- The tail ---


def test_a_cut_tail_is_found_by_a_head_noted_before(
    events: list[Event], organisation: Organisation, staff: User
) -> None:
    noted = events[-1].hash
    with unprotected() as sql:
        sql("DELETE FROM audit_event WHERE hash IN (%s, %s)", events[3].hash, noted)
    assert f"abt-tuayang  3 เหตุการณ์  {events[2].hash}" in verify()
    assert faults("--head", noted)[0].startswith(f"ไม่พบรหัสตรวจสอบ {noted}")
    tell(organisation, staff, 4)  # written on, past the old length
    assert len(faults("--organisation", "abt-tuayang", "--head", noted)) == 1


@pytest.mark.parametrize("length", [16, 64])
def test_a_noted_head_is_found_after_more_events(
    events: list[Event], organisation: Organisation, staff: User, length: int
) -> None:
    noted = events[-1].hash[:length]
    tell(organisation, staff, 2)
    assert verify("--head", noted.upper()).endswith(f"และมีรหัสตรวจสอบ {noted}\n")


def test_a_head_of_another_organisation_is_not_this_ones(events: list[Event]) -> None:
    assert len(faults("--organisation", "tessaban-uen", "--head", events[-1].hash)) == 1


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--organisation", "abt-mai"], "--organisation “abt-mai”: ไม่มีหน่วยงานนี้"),
        (["--head", "5f0c2d9e41b7a86"], "16 ถึง 64 ตัว"),
        (["--head", "%" * 20], "เช่น --head 5f0c2d9e41b7a860"),
        (["--head", ""], "16 ถึง 64 ตัว"),
    ],
)
def test_arguments_that_name_nothing_are_refused(db: None, arguments: list[str], sentence: str) -> None:
    assert sentence in faults(*arguments)[0]
