"""The papers."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Everything that prints: memos, reports and their PDF."""

    name = "reports"
    verbose_name = "เอกสารและรายงาน"

    def ready(self) -> None:
        """Register the system check of the fonts."""
        from . import checks  # noqa: F401 - importing registers it
