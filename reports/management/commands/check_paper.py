"""Print what stands between a paper and its signature."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reports.paper_checks import RULES, review_of
from reports.papers import KINDS

from .render import find_plan


class Command(BaseCommand):
    """`manage.py check_paper plan --organisation abt-tuayang --year 2567`; exit status 1 where there are errors."""

    help = (
        "พิมพ์ข้อที่ต้องแก้และข้อที่ต้องยืนยันของเอกสาร เช่น check_paper plan --organisation abt-tuayang --year 2567 "
        "จบด้วยสถานะ 1 เมื่อมีข้อที่ต้องแก้ (ข้อที่ยังไม่ยืนยันไม่ทำให้จบด้วยสถานะ 1)"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the paper, and whose and of which year it is."""
        parser.add_argument(
            "paper", help="ชนิดเอกสาร: plan (มาตรการ) หรือ analysis (รายงานการวิเคราะห์ผลการประเมิน)"
        )
        parser.add_argument("--organisation", required=True, help="ชื่อหน่วยงานในที่อยู่เว็บ เช่น abt-tuayang")
        parser.add_argument("--year", required=True, help="ปีงบประมาณของมาตรการ (พ.ศ.) เช่น 2567")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the list; fail where there are errors."""
        kind = options["paper"]
        if kind not in RULES:
            raise CommandError(f"ไม่รู้จักเอกสาร “{kind}” เอกสารที่ตรวจได้คือ {', '.join(RULES)}")
        plan = find_plan(options["organisation"], options["year"])
        review = review_of(plan, kind)
        for finding in review.errors:
            self.stdout.write(f"ต้องแก้: {finding.sentence}\n    {finding.url}")
        for finding, tick in review.warnings:
            state = f"ยืนยันแล้วโดย {tick.by.full_name}" if tick else "ต้องยืนยัน"
            self.stdout.write(f"{state}: {finding.sentence}\n    {finding.url}")
        paper = f"{KINDS[kind].name} ประจำปีงบประมาณ พ.ศ. {KINDS[kind].year_of(plan)}"
        told = f"{paper} ของ{plan.assessment.organisation}: {review.summary}"
        if review.errors:
            raise CommandError(told)
        self.stdout.write(told)
