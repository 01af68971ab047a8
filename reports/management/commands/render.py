"""Write a paper to a file, as PDF or as the HTML of which the PDF is made."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ita_portal.organisations.models import Organisation
from ita_portal.thai import to_arabic
from measures.models import Digits, MeasurePlan
from reports.papers import KINDS
from reports.pdf import html_to_pdf


class Command(BaseCommand):
    """`manage.py render plan --organisation abt-tuayang --year 2567 -o plan.pdf`; likewise `render analysis`."""

    help = "เขียนเอกสารเป็นแฟ้ม PDF หรือ HTML เช่น render plan --organisation abt-tuayang --year 2567 -o plan.pdf"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the paper, whose and of which year it is, and where it goes."""
        parser.add_argument(
            "paper", help="ชนิดเอกสาร: plan (มาตรการ) หรือ analysis (รายงานการวิเคราะห์ผลการประเมิน)"
        )
        parser.add_argument("--organisation", required=True, help="ชื่อหน่วยงานในที่อยู่เว็บ เช่น abt-tuayang")
        parser.add_argument(
            "--year",
            required=True,
            help="ปีงบประมาณของมาตรการ (พ.ศ.) เช่น 2567 เอกสาร analysis ของปีนั้นวิเคราะห์ผลการประเมินของปี 2566",
        )
        parser.add_argument("-o", "--output", required=True, type=Path, help="แฟ้มปลายทาง .pdf หรือ .html")
        parser.add_argument("--digits", default="", help="thai หรือ arabic แทนค่าที่เลือกไว้ในเอกสาร")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the whole file, or leave nothing behind."""
        output: Path = options["output"]
        if options["paper"] not in KINDS:
            raise CommandError(f"ไม่รู้จักเอกสาร “{options['paper']}” เอกสารที่เขียนได้คือ {', '.join(KINDS)}")
        if output.suffix.lower() not in (".pdf", ".html"):
            raise CommandError(f"แฟ้ม “{output.name}” ต้องลงท้ายด้วย .pdf หรือ .html เช่น plan.pdf")
        if options["digits"] and options["digits"] not in Digits.values:
            raise CommandError(f"--digits “{options['digits']}” ต้องเป็น thai หรือ arabic")
        plan = find_plan(options["organisation"], options["year"])
        paper = KINDS[options["paper"]].make(plan, digits=options["digits"] or None)
        html = paper.html()
        content = html_to_pdf(html, title=paper.title) if output.suffix.lower() == ".pdf" else html.encode()
        try:
            write_whole(output, content)
        except OSError as error:
            raise CommandError(f"เขียนแฟ้ม “{output}” ไม่ได้: {error.strerror or error}") from error
        if options["verbosity"]:
            self.stdout.write(f"เขียน {paper.title} ลงใน {output} แล้ว ({len(content):,} ไบต์)")


def find_plan(slug: str, typed_year: str) -> MeasurePlan:
    """The plan of an organisation for a fiscal year. Raises CommandError, which says what there is instead."""
    organisation = Organisation.objects.filter(slug=slug).first()
    if organisation is None:
        raise CommandError(f"ไม่พบหน่วยงาน “{slug}” ให้ใช้ชื่อในที่อยู่เว็บของหน่วยงาน เช่น abt-tuayang")
    year = to_arabic(typed_year).strip()
    plans = MeasurePlan.objects.of(organisation)
    # More than four digits cannot be a year, and may not fit the database's integers.
    if year.isdecimal() and len(year) == 4 and (plan := plans.for_year(int(year)).first()):
        return plan
    known = ", ".join(str(year) for year in sorted(plan.be_year for plan in plans))
    there_are = f"ปีที่มีมาตรการคือ {known}" if known else "หน่วยงานนี้ยังไม่มีมาตรการของปีใดเลย"
    raise CommandError(f"{organisation} ไม่มีมาตรการของปีงบประมาณ “{typed_year}” {there_are}")


def write_whole(path: Path, content: bytes) -> None:
    """Put `content` at `path` in one step: a full disk or an error leaves what was there. Raises OSError."""
    temporary = path.with_name(f".render-{os.getpid()}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
