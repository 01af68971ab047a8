"""Assumed scores in Chromium: the outcome follows the typing, a bad field is told, nothing is saved."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from assessments.models import Assessment, Instrument, Score
from ita_portal.organisations.models import Organisation, User

from ..conftest import case_scores, read_case
from .conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_outcome_follows_the_typing(
    page: Page, live_server: Any, instruments: None, organisation: Organisation, staff: User
) -> None:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores(case_scores(read_case("004")), by=staff, at=datetime(2023, 11, 1, tzinfo=UTC))
    stood = list(Score.objects.order_by("pk").values_list("pk", "value", "version"))
    sign_in(page, live_server, staff)
    page.goto(f"{live_server.url}/abt-tuayang/2566/what-if/")
    outcome = page.locator("#outcome")
    expect(outcome).to_contain_text("ระดับที่คาด ผ่าน ")
    page.locator("#assume-e9-2").fill("๙๐")
    expect(outcome).to_contain_text("ระดับที่คาด ผ่านดี")
    expect(outcome).to_contain_text("+๑.๐๙")
    page.locator("#assume-i8").fill("x")
    expect(page.locator("#assume-i8-note")).to_contain_text("ไม่ใช่ตัวเลข")
    expect(page.locator("#assume-i8")).to_have_attribute("aria-invalid", "true")
    page.locator("#assume-i8").fill("85")
    expect(page.locator("#assume-i8-note")).to_be_empty()
    page.reload()  # the address carries what was typed
    expect(page.locator("#assume-e9-2")).to_have_value("๙๐")
    assert list(Score.objects.order_by("pk").values_list("pk", "value", "version")) == stood
