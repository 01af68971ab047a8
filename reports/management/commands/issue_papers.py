"""Make the PDF of approved papers that still have none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from reports.issuing import render
from reports.models import IssuedPaper


class Command(BaseCommand):
    """Render what waits: papers that were approved just before the server stopped. What is made stays as it is."""

    help = "จัดทำแฟ้ม PDF ของเอกสารที่อนุมัติแล้วแต่ยังไม่มีแฟ้ม เช่น หลังระบบหยุดกลางคัน"

    def handle(self, *args: Any, **options: Any) -> None:
        """Make them one after the other, the oldest first, and name each."""
        waiting = IssuedPaper.objects.waiting().select_related("organisation", "replaces").order_by("pk")
        count = 0
        for paper in waiting.iterator(chunk_size=1):
            render(paper, at=timezone.now())
            self.stdout.write(f"{paper.organisation.slug}  {paper.code}  {paper.title}  {paper.sha256}")
            count += 1
        self.stdout.write(f"จัดทำแล้ว {count} ฉบับ" if count else "ไม่มีเอกสารที่รอจัดทำ")
