"""How fast a paper becomes a PDF, beside headless Chromium printing the same HTML. Reported, never asserted."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

import pypdfium2
import pytest
from django.conf import settings
from playwright.sync_api import Page, sync_playwright

from ita_portal.organisations.models import Organisation
from reports.papers import plan_paper
from reports.pdf import html_to_pdf
from reports.pdf.fonts import font_faces

from ..reports.conftest import add_measures, plan_of_004

pytestmark = pytest.mark.benchmark

RUNS = 9
ANALYSIS = (
    "ผู้รับบริการส่วนใหญ่เห็นว่าเจ้าหน้าที่ปฏิบัติงานเป็นไปตามขั้นตอนและระยะเวลาที่กำหนด แต่บางรายยังไม่ทราบขั้นตอนของงานบริการต่าง ๆ "
    "จึงควรจัดทำแผนผังขั้นตอนและเผยแพร่บนเว็บไซต์ของหน่วยงาน และชี้แจงช่องทางการติดต่อ สอบถาม และร้องเรียนให้ทราบอย่างทั่วถึง\n"
) * 2


def pages_of(pdf: bytes) -> int:
    """Count the pages of a PDF."""
    document = pypdfium2.PdfDocument(pdf)
    count = len(document)
    document.close()
    return count


@pytest.fixture
def paper_html(instruments: None, organisation: Organisation) -> str:
    """Return the print HTML of a paper of sixteen pages."""
    plan = plan_of_004(organisation)
    for number in range(1, 8):
        plan.topic_analyses.create(number=number, text=ANALYSIS)
    add_measures(plan, 12)
    return plan_paper(plan).html()


@pytest.fixture
def browser_page() -> Iterator[Page]:
    """Return a page of a started Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        yield browser.new_page()
        browser.close()


def for_browser(html: str, folder: Path) -> str:
    """Return an address under which the browser finds the paper with the same style sheet and fonts."""
    fonts = Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "sarabun" / "files"
    faces = font_faces().replace("asset:", f"{fonts.as_uri()}/")
    sheet = (Path(settings.BASE_DIR) / "static" / "css" / "print.css").read_text(encoding="utf-8")
    page = folder / "paper.html"
    page.write_text(html.replace("</head>", f"<style>{faces}{sheet}</style></head>"), encoding="utf-8")
    return page.as_uri()


def test_pdf_speed(paper_html: str, browser_page: Page, tmp_path: Path) -> None:
    """Print the median times of both, taken in turns in a warm process, and their ratio."""
    address = for_browser(paper_html, tmp_path)

    def ours() -> bytes:
        return html_to_pdf(paper_html)

    def chromium() -> bytes:
        browser_page.goto(address)
        return browser_page.pdf(prefer_css_page_size=True)

    times: dict[str, list[float]] = {"ours": [], "chromium": []}
    pages = {"ours": pages_of(ours()), "chromium": pages_of(chromium())}
    for _ in range(RUNS):
        for name, make in (("ours", ours), ("chromium", chromium)):
            start = perf_counter()
            make()
            times[name].append(perf_counter() - start)
    mine, theirs = median(times["ours"]), median(times["chromium"])
    print(
        f"\nPDF of a plan, median of {RUNS} warm runs: ours {mine:.3f} s ({pages['ours']} pages), "
        f"Chromium {theirs:.3f} s ({pages['chromium']} pages), ratio {mine / theirs:.2f} (aim: at most 1.3)"
    )
