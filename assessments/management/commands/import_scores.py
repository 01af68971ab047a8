"""Import an organisation's scores of a year from a CSV file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from assessments.forms import checked
from assessments.models import Assessment, Instrument, targets_of
from assessments.reading import MAX_BYTES, BadFile, Target, read_csv
from ita_portal.organisations.models import Organisation


def organisation_and_instrument(slug: str, be_year: int) -> tuple[Organisation, Instrument]:
    """Return what the options of a command name. Raises CommandError with a Thai sentence."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise CommandError(f"ไม่พบหน่วยงาน “{slug}”: ให้ใช้ชื่อในที่อยู่เว็บของหน่วยงาน เช่น abt-tuayang")
    instrument = Instrument.objects.filter(be_year=be_year).first()
    if instrument is None:
        years = (
            ", ".join(str(year) for year in Instrument.objects.values_list("be_year", flat=True)) or "ยังไม่มี"
        )
        raise CommandError(f"ไม่มีแบบประเมินปีงบประมาณ {be_year}: ปีที่มีคือ {years}")
    return organisation, instrument


class Command(BaseCommand):
    """manage.py import_scores --organisation SLUG --year 2566 FILE.csv

    The file has the columns code, part, score (UTF-8 or TIS-620). All rows are saved or none; every bad row is
    named in Thai with its line, and the exit code is 1.
    """

    help = "นำเข้าคะแนนของหน่วยงานจากไฟล์ CSV ที่มีคอลัมน์ code,part,score"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the organisation, the measured fiscal year (B.E.) and the file."""
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--year", required=True, type=int, metavar="2566")
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, organisation: str, year: int, file: Path, **options: Any) -> None:
        """Read the file and save its scores."""
        owner, instrument = organisation_and_instrument(organisation, year)
        targets = [Target(*key, node.title) for node, key in targets_of(instrument)]
        try:
            with file.open("rb") as stream:
                reading = checked(read_csv(stream.read(MAX_BYTES + 1), targets, name=file.name))
        except OSError as error:
            raise CommandError(f"เปิดไฟล์ “{file}” ไม่ได้: ให้ตรวจชื่อและที่อยู่ของไฟล์ เช่น scores.csv") from error
        except BadFile as error:
            raise CommandError(str(error)) from error
        if reading.refused:
            reasons = "\n".join(refused.reason for refused in reading.refused)
            raise CommandError(f"{reasons}\nยังไม่ได้บันทึกคะแนนใดเลย: อ่านไม่ได้ {len(reading.refused)} บรรทัด")
        values = {(found.code, found.part): found.value for found in reading.found}
        try:
            changed = Assessment.open_for(owner, instrument).import_scores(
                values, source="ไฟล์ CSV", by=None, at=timezone.now()
            )
        except Assessment.Closed as error:
            raise CommandError(
                f"คะแนนปีงบประมาณ {year} ของ{owner} ปิดแล้ว: ต้องเปิดคะแนนอีกครั้งในหน้าคะแนนก่อนนำเข้า"
            ) from error
        self.stdout.write(f"นำเข้าคะแนน {len(values)} ค่า เปลี่ยน {changed} ค่า")
