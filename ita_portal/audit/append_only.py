"""Triggers under which the table of events takes new rows and nothing else, on PostgreSQL and on SQLite.

They stand in the database, so that they hold for every program that opens it. A migration on SQLite that makes the
table anew (any change of a column) drops them with it and must call `protect` again at its end.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

REFUSAL = "audit events are only ever added"

# One trigger a statement: TRUNCATE is refused as DELETE is. Both engines report a broken rule (IntegrityError).
POSTGRESQL = (
    f"""
    CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """,
    """
    CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()
    """,
)
# REPLACE deletes without the trigger of DELETE, so a row in the place of another is refused, too.
SQLITE = (
    f"""
    CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    f"""
    CREATE TRIGGER audit_event_no_replace BEFORE INSERT ON audit_event
    WHEN EXISTS (SELECT 1 FROM audit_event WHERE hash = NEW.hash)
      OR EXISTS (SELECT 1 FROM audit_event
                 WHERE organisation_id IS NEW.organisation_id AND sequence = NEW.sequence)
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
)


def protect(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on the table of events; they must not stand there yet."""
    with connection.cursor() as cursor:
        for statement in POSTGRESQL if connection.vendor == "postgresql" else SQLITE:
            cursor.execute(statement)


def release(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for migrations, and for tests, which empty the tables."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER IF EXISTS audit_event_append_only ON audit_event")
            return
        for name in ("no_update", "no_delete", "no_replace"):
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_event_{name}")
