"""Make made-up organisations with figures, plans, memos and people, to look at on a new machine."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reports import demo


class Command(BaseCommand):
    """Make the demo, or print its sign-ins again where it is there already."""

    help = "สร้างหน่วยงานสาธิตพร้อมคะแนน แผน และผู้ใช้ตามบทบาท (ใช้ได้เฉพาะโหมดสาธิต DEMO=1)"

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse outside the demo mode and beside real data."""
        if not settings.DEMO:
            raise CommandError("ข้อมูลสาธิตใช้รหัสผ่านที่เปิดเผย จึงสร้างได้เฉพาะโหมดสาธิต ตั้งค่า DEMO=1 ก่อน")
        try:
            made = demo.load(at=timezone.now())
        except demo.HoldsRealData as error:
            raise CommandError(
                "ฐานข้อมูลนี้มีหน่วยงานหรือผู้ใช้จริงอยู่แล้ว จึงไม่สร้างข้อมูลสาธิต โปรดใช้ฐานข้อมูลใหม่ เช่น DATA_DIR=/ที่เก็บใหม่"
            ) from error
        self.stdout.write("สร้างข้อมูลสาธิตแล้ว" if made else "มีข้อมูลสาธิตอยู่แล้ว")
        self.stdout.write(f"รหัสผ่านของทุกคน: {demo.PASSWORD}")
        for who in (*demo.PEOPLE, demo.OPERATOR):
            role = demo.Role(who.role).label if who.role in demo.Role.values else "ผู้ดูแลระบบทุกหน่วยงาน"
            self.stdout.write(f"  {who.username:<14} {role}")
