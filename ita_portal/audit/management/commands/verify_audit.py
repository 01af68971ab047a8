"""Check that no audit event was changed, removed, moved or put in since it was recorded."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ita_portal.audit.chain import follow
from ita_portal.audit.models import Event, EventQuerySet
from ita_portal.organisations.models import Organisation

PLATFORM = "ระบบกลาง"
# Sixteen digits of a fingerprint cannot be met by trying.
HEAD = re.compile(r"[0-9a-f]{16,64}")


class Command(BaseCommand):
    """Walk every chain of events, or one organisation's; print the present heads.

    The first broken event of each chain is named, and the exit status is 1. A tail that was cut leaves a chain that
    holds, so a head printed earlier (on a page, on a paper) is looked for with --head.
    """

    help = "ตรวจว่าบันทึกเหตุการณ์ไม่ถูกแก้ไข เช่น verify_audit --organisation abt-tuayang --head 5f0c2d…"

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--organisation", metavar="SLUG", help="ตรวจหน่วยงานเดียว เช่น abt-tuayang")
        parser.add_argument(
            "--head", metavar="HASH", help="รหัสตรวจสอบที่เคยพิมพ์ไว้ ทั้งหมดหรืออย่างน้อย 16 ตัวแรก: ต้องยังอยู่ในบันทึก"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk, print, and end with status 1 where anything does not hold."""
        events = Event.objects.all()
        if slug := options["organisation"]:
            organisation = Organisation.objects.filter(slug=slug).first()
            if organisation is None:
                raise CommandError(f"--organisation “{slug}”: ไม่มีหน่วยงานนี้ ต้องเป็นชื่อในที่อยู่เว็บ เช่น abt-tuayang")
            events = events.of(organisation)
        head = (options["head"] or "").strip().lower()
        if options["head"] is not None and not HEAD.fullmatch(head):
            raise CommandError(
                f"--head “{options['head']}”: ต้องเป็นเลขฐานสิบหก 16 ถึง 64 ตัว เช่น --head 5f0c2d9e41b7a860"
            )
        faults = self._walk(events)
        if head and not events.filter(hash__startswith=head).exists():
            faults.append(f"ไม่พบรหัสตรวจสอบ {head}: เหตุการณ์ท้ายบันทึกถูกตัดออกหรือถูกเขียนใหม่ หรือพิมพ์รหัสผิด")
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write("บันทึกเหตุการณ์ถูกต้องครบถ้วน" + (f" และมีรหัสตรวจสอบ {head}" if head else ""))

    def _walk(self, events: EventQuerySet) -> list[str]:
        """Print the head of every chain; return a sentence about each that is broken."""
        names: dict[int | None, str] = dict(Organisation.objects.values_list("pk", "slug"))
        names[None] = PLATFORM
        faults = []
        for number, links in groupby(events.links(), key=lambda event: event[0].organisation):
            chain = follow(links)
            name = names.get(number, f"หน่วยงาน {number}")
            self.stdout.write(f"{name}  {chain.length} เหตุการณ์  {chain.head}")
            if chain.broken:
                faults.append(f"{name} เหตุการณ์ที่ {chain.broken.sequence}: {chain.broken.fault.value}")
        return faults
