"""The command with which Django empties the tables after a test that commits, past the triggers of the events."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import flush
from django.db import connections

from ita_portal.audit.append_only import protect, release


class Command(flush.Command):
    """Take the triggers away, empty the tables, put the triggers back."""

    def handle(self, **options: Any) -> None:
        """Flush as Django does. In use `manage.py flush` is the plain one, which the triggers refuse."""
        connection = connections[options["database"]]
        release(connection)
        try:
            super().handle(**options)
        finally:
            protect(connection)
