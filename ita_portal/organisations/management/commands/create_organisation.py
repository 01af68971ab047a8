"""Add an organisation to the portal."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from ita_portal.organisations.models import Organisation

SHORT_KINDS = {
    "อบต.": Organisation.Kind.SUBDISTRICT,
    "อบจ.": Organisation.Kind.PROVINCIAL,
    "ทต.": Organisation.Kind.TOWN_SUBDISTRICT,
    "ทม.": Organisation.Kind.TOWN,
    "ทน.": Organisation.Kind.CITY,
}
EXAMPLE = (
    'create_organisation abt-tuayang --name "องค์การบริหารส่วนตำบลตัวอย่าง" --kind อบต. --province ตัวอย่าง '
    '--units "สำนักปลัด,กองคลัง"'
)


def kind_of(text: str) -> str:
    """Return the kind meant by a value ("subdistrict"), a Thai name, or a short one ("อบต."). Raises ValueError."""
    names = {label: value for value, label in Organisation.Kind.choices} | SHORT_KINDS
    names |= {name.rstrip("."): kind for name, kind in SHORT_KINDS.items()}
    kind = text.strip()
    if kind in Organisation.Kind.values:
        return kind
    if kind in names:
        return str(names[kind])
    raise ValueError(text)


class Command(BaseCommand):
    """Make an organisation with its units, or nothing where any value is wrong."""

    help = f"เพิ่มหน่วยงาน เช่น {EXAMPLE}"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("slug", help="ชื่อในที่อยู่เว็บ เช่น abt-tuayang")
        parser.add_argument("--name", required=True, help="ชื่อเต็ม")
        parser.add_argument("--kind", required=True, help="ประเภท เช่น อบต. เทศบาลตำบล อบจ. จังหวัด")
        parser.add_argument("--province", required=True, help="จังหวัด")
        for option, about in (
            ("short-name", "ชื่อย่อ"),
            ("district", "อำเภอ"),
            ("phone", "โทรศัพท์"),
            ("website", "เว็บไซต์"),
            ("head-title", "ตำแหน่งหัวหน้าหน่วยงาน"),
        ):
            parser.add_argument(f"--{option}", default="", help=about)
        parser.add_argument("--units", default="", help="สำนัก/กอง คั่นด้วยจุลภาค")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check everything, then save all or nothing."""
        try:
            kind = kind_of(options["kind"])
        except ValueError:
            known = " ".join([*Organisation.Kind.labels, *SHORT_KINDS])
            raise CommandError(
                f"--kind “{options['kind']}”: ไม่รู้จักประเภทนี้ ต้องเป็นหนึ่งใน {known} เช่น --kind อบต."
            ) from None
        texts = ("slug", "name", "province", "short_name", "district", "phone", "website", "head_title")
        values = {field: options[field].strip() for field in texts}
        organisation = Organisation(kind=kind, **values)
        try:
            organisation.full_clean()
        except ValidationError as error:
            raise CommandError(self._sentences(error, options)) from error
        names = list(dict.fromkeys(name.strip() for name in options["units"].split(",") if name.strip()))
        if too_long := [name for name in names if len(name) > 120]:
            raise CommandError(f"--units “{too_long[0]}”: ชื่อสำนัก/กองต้องไม่เกิน 120 ตัวอักษร เช่น กองคลัง")
        with transaction.atomic():
            organisation.save()
            for name in names:
                organisation.add_unit(name, by=None, at=timezone.now())
        self.stdout.write(
            f"เพิ่ม{organisation.name}แล้ว ({len(names)} สำนัก/กอง) ที่อยู่: /{organisation.slug}/ "
            f"ต่อไป: add_member {organisation.slug} ชื่อผู้ใช้ --role ผู้ดูแลหน่วยงาน"
        )

    @staticmethod
    def _sentences(error: ValidationError, options: dict[str, Any]) -> str:
        """Say for each wrong option what stands there, why it is wrong, and how it should look."""
        found = []
        for field, reasons in error.message_dict.items():
            option = field if field == "slug" else f"--{field.replace('_', '-')}"
            found.append(f"{option} “{options.get(field, '')}”: {' '.join(reasons)}")
        return "\n".join([*found, f"ตัวอย่าง: {EXAMPLE}"])
