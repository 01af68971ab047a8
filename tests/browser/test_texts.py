"""The texts of the papers in a real browser: typing, live values, the way back, and all of it without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from tests.conftest import PASSWORD, case_scores, read_case

from .conftest import new_page, sign_in

NOW = datetime(2023, 9, 1, tzinfo=UTC)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def plan(live_server: Any, instruments: None, organisation: Organisation, staff: User) -> MeasurePlan:
    assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=NOW)
    return MeasurePlan.start(assessment=assessment)


@pytest.fixture
def open_texts(live_server: Any, browser: Browser, plan: MeasurePlan, staff: User) -> Iterator[Open]:
    """Open the page of the texts, each time as a page of its own; a script's error fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def opened(path: str = "", **options: Any) -> Page:
        page = new_page(browser, **options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        sign_in(page, live_server, staff)
        page.goto(f"{live_server.url}/abt-tuayang/2567/texts/{path}")
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert errors == []


def test_a_value_is_put_at_the_cursor_and_reads_as_a_live_value(open_texts: Open, plan: MeasurePlan) -> None:
    page = open_texts("#topic-5")
    part = page.locator("#topic-5")
    box = part.locator("textarea")
    box.fill("ข้อ i๘ ได้  คะแนน")
    box.evaluate("box => box.setSelectionRange(11, 11)")
    part.get_by_text("แทรกค่าจากคะแนน").click()
    page.locator("#fields tr", has_text="i๘").get_by_role("button", name="คะแนน").click()
    expect(box).to_have_value("ข้อ i๘ ได้ {i๘} คะแนน")
    expect(part.locator("[data-reading] > .reading .live")).to_have_text(["๘๐.๗๐"])
    expect(part.locator(".state")).to_contain_text("บันทึกแล้ว")
    expect(part.locator("[data-state]")).to_contain_text("แก้ไขแล้ว โดย สมหญิง staff")
    expect(page.locator('[data-mark="topic-5"]')).to_have_text("แก้ไขแล้ว")
    box.press("End")
    box.press_sequentially(" {i99}")
    expect(part.locator(".live.is-unknown")).to_have_text("…")
    expect(part.locator(".text-doubt")).to_contain_text("ไม่มีค่าในผลการประเมินนี้")
    assert plan.texts.get().text == "ข้อ i๘ ได้ {i๘} คะแนน {i99}"


def test_the_draft_comes_back_once_what_waits_is_saved(open_texts: Open, plan: MeasurePlan) -> None:
    page = open_texts()
    for key, text in (("topic-5", "เขียนเอง"), ("opening", "ความนำ")):
        page.locator(f"#{key} .text-edit summary").click()
        page.locator(f"#{key} textarea").fill(text)
    expect(page.locator("#topic-5 .state")).to_contain_text("บันทึกแล้ว")
    page.locator("#opening textarea").fill("ความนำใหม่")
    page.locator("#topic-5 .text-restore summary").click()
    page.get_by_role("button", name="คืนร่างเดิมแทนข้อความที่แก้ไข").first.click()
    expect(page.locator(".notice-success")).to_contain_text("บันทึกข้อความแล้ว")
    expect(page.locator("#topic-5 [data-state]")).to_contain_text("ร่างจากคะแนน")
    assert [(text.key, text.text) for text in plan.texts.all()] == [("opening", "ความนำใหม่")]


def test_what_somebody_else_saved_is_not_lost(
    open_texts: Open, plan: MeasurePlan, administrator: User
) -> None:
    page = open_texts("#opening")
    plan.save_text(key="opening", text="ของเพื่อน", version=0, by=administrator, at=NOW)
    part = page.locator("#opening")
    part.locator("textarea").fill("ของฉัน")
    expect(part.locator(".text-standing")).to_contain_text("ของเพื่อน")
    expect(part.locator(".state")).to_contain_text("มีผู้อื่นบันทึกข้อความนี้ก่อนท่าน")
    assert plan.texts.get().text == "ของเพื่อน"
    part.get_by_role("button", name="บันทึก").click()
    expect(part.locator(".state")).to_contain_text("บันทึกแล้ว")
    assert plan.texts.get().text == "ของฉัน"


def test_a_text_typed_after_signing_out_is_saved_after_signing_in_again(
    open_texts: Open, plan: MeasurePlan, staff: User
) -> None:
    page = open_texts("#topic-5")
    part = page.locator("#topic-5")
    page.context.clear_cookies(name="sessionid")
    part.locator("textarea").fill("พิมพ์หลังออกจากระบบ")
    expect(part.locator(".state")).to_contain_text("ยังไม่ได้บันทึก: โปรดเปิดหน้านี้ใหม่ในอีกแท็บเพื่อเข้าสู่ระบบ")
    again = page.context.new_page()
    again.goto(page.url)
    again.locator("[name=login]").fill(staff.username)
    again.locator("[name=password]").fill(PASSWORD)
    again.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(again.locator("#topic-5")).to_be_visible()
    page.get_by_role("button", name="บันทึก", exact=True).first.click()
    expect(part.locator(".state")).to_contain_text("✓ บันทึกแล้ว")
    assert plan.texts.get().text == "พิมพ์หลังออกจากระบบ"


def test_all_of_it_goes_without_scripts(open_texts: Open, plan: MeasurePlan, staff: User) -> None:
    page = open_texts(java_script_enabled=False)
    page.locator("#topic-5 .text-edit summary").click()
    page.locator("#topic-5 textarea").fill("ข้อ i๘ ได้ {i๘} คะแนน")
    page.locator("#topic-5").get_by_role("button", name="บันทึก").click()
    expect(page.locator("#topic-5 [data-reading] > .reading .live")).to_have_text(["๘๐.๗๐"])
    plan.assessment.save_scores({("i8", 0): Decimal("90.70")}, by=staff, at=NOW)
    page.reload()
    expect(page.locator("#topic-5 .text-moved")).to_contain_text("๘๐.๗๐")
    page.get_by_role("button", name="ยืนยันว่าตรวจแล้ว").click()
    expect(page.locator("#topic-5 .text-moved")).to_have_count(0)
    page.locator("#topic-5 .text-edit summary").click()
    with page.expect_popup() as opened:
        page.locator("#topic-5").get_by_text("แทรกค่าจากคะแนน").click()
    expect(opened.value.locator("table.fields")).to_contain_text("{i๘:ชื่อ}")
