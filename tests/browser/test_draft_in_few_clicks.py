"""How few clicks lead a new officer from closed scores to a plan that passes the check, in Chromium."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.paper_checks import review_of
from tests.conftest import case_scores, read_case

from .conftest import sign_in
from .test_journey import read_back

NOW = datetime(2023, 9, 1, tzinfo=UTC)
MOST_CLICKS = 12
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Clicks:
    """A person's clicks, counted but for those that choose measures."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def on(self, target: Locator) -> None:
        """Click, and remember what was clicked."""
        self.done.append(target.inner_text())
        target.click()


@pytest.fixture
def closed(live_server: Any, instruments: None, organisation: Organisation, staff: User) -> Assessment:
    """Return the closed scores of a published province; one announced score differs from the computed one."""
    call_command("load_library", verbosity=0)
    case = read_case("004")
    for be_year, field in ((2565, "previous_year_scores"), (2566, "scores")):
        assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=be_year))
        scores = case_scores(case, field)
        if be_year == case["be_year"]:
            scores |= {
                ("indicator-7", 0): Decimal("88.03"),
                ("total", 0): Decimal(case["announced"]["total"]),
            }
        assessment.save_scores(scores, by=staff, at=NOW)
    assessment.close(by=staff, at=NOW)
    return assessment


@pytest.mark.parametrize("own_names", [False, True], ids=["units as in the library", "units of other names"])
def test_a_new_officer_has_a_checked_draft_in_few_clicks(
    page: Page,
    live_server: Any,
    organisation: Organisation,
    closed: Assessment,
    staff: User,
    own_names: bool,
    tmp_path: Path,
) -> None:
    if own_names:
        organisation.units.all().delete()
        organisation.units.create(name="สำนักงานจังหวัด", position=1)
    clicks = Clicks()
    sign_in(page, live_server, staff)
    page.goto(f"{live_server.url}/abt-tuayang/2567/")

    clicks.on(page.get_by_role("link", name="ดูผลวิเคราะห์").first)
    clicks.on(page.get_by_role("link", name="จัดทำมาตรการปี ๒๕๖๗"))
    page.get_by_role("button", name=re.compile("^เริ่มจากคลังมาตรการ")).click()  # this chooses the measures
    expect(page.locator("#weak")).to_contain_text("✓ ครบทุกข้อ")

    clicks.on(page.get_by_role("link", name=re.compile("ตรวจ$")).first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("ตรวจก่อนเสนอ")
    if own_names:
        expect(page.locator(".finding.is-error")).to_have_count(8)
        clicks.on(page.locator(".finding.is-error a").first)
        units = page.locator("details.units:target")
        if not units.locator("fieldset").is_visible():
            clicks.on(units.locator("summary"))
        clicks.on(units.get_by_text("สำนักงานจังหวัด", exact=True).last)
        clicks.on(units.get_by_role("button", name="ใช้ผู้รับผิดชอบนี้กับทุกแถว", exact=True))
        # Wait, as a person does, until the table shows the unit in every row.
        rows = page.locator("table.measures details.units > summary")
        for number in range(rows.count()):
            expect(rows.nth(number)).to_contain_text("สำนักงานจังหวัด")
        clicks.on(page.get_by_role("link", name=re.compile("ตรวจ$")).first)
    expect(page.locator(".finding.is-error")).to_have_count(0)
    waiting = page.get_by_role("button", name="ยืนยันว่าถูกต้อง")
    assert waiting.count()
    while waiting.count():
        clicks.on(waiting.first)
    expect(page.locator(".check-state")).to_have_text("✓ พร้อมเสนอ")
    expect(page.locator(".finding.is-ticked").first).to_contain_text("ยืนยันโดย สมหญิง staff")

    clicks.on(page.get_by_role("link", name="ดูหน้ากระดาษมาตรการ"))
    with page.expect_download() as download:
        clicks.on(page.get_by_role("link", name="ดาวน์โหลด PDF"))
    download.value.save_as(tmp_path / "plan.pdf")
    assert "๙๔.๑๖" in read_back(tmp_path / "plan.pdf")[0]
    assert review_of(MeasurePlan.objects.get()).ready
    assert len(clicks.done) <= MOST_CLICKS, clicks.done
