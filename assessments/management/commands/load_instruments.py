"""Load the instruments of all fiscal years from the project's own catalogue."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments import catalogue


class Command(BaseCommand):
    """Make or renew every instrument; loading twice changes nothing."""

    help = "โหลดแบบประเมินของทุกปีงบประมาณจากแฟ้มของระบบ (ทำซ้ำได้)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all files or none."""
        try:
            with transaction.atomic():
                for path in sorted(catalogue.FOLDER.glob("25[0-9][0-9].json")):
                    data = catalogue.read_file(path)
                    instrument = catalogue.load(data | catalogue.side_files(data["be_year"]), name=path.name)
                    if options["verbosity"]:
                        self.stdout.write(f"{instrument}: {instrument.items.count()} รายการ")
        except catalogue.BadCatalogue as error:
            raise CommandError(str(error)) from error
