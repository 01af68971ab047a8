"""The rows of a chain of approval in Chromium: arranged in place, and kept in the order that one sees."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ita_portal.organisations.models import Organisation, User
from reports.models import ChainEntry, usual_chain

from .conftest import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_rows_are_added_moved_and_taken_away_in_place(
    page: Page, live_server: Any, organisation: Organisation, administrator: User
) -> None:
    sign_in(page, live_server, administrator)
    page.goto(f"{live_server.url}/{organisation.slug}/chain/")
    page.get_by_role("button", name="เพิ่มลำดับ").click()
    page.keyboard.type("รองนายกองค์การบริหารส่วนตำบล")
    page.get_by_role("button", name="เลื่อนลำดับที่ ๕ ขึ้น").press("Enter")
    expect(page.get_by_role("button", name="เลื่อนลำดับที่ ๔ ขึ้น")).to_be_focused()
    page.locator(".chain-row", has_text="ลำดับที่ ๔").get_by_label("ลงนามในกระดาษ").check()
    page.locator(".chain-row", has_text="ลำดับที่ ๓").get_by_label("ผู้ดำรงตำแหน่ง").select_option(
        str(administrator.pk)
    )
    page.get_by_role("button", name="ลบลำดับที่ ๒").click()
    expect(page.locator(".chain-row:last-child .chain-place")).to_have_text("ลำดับที่ ๔")
    page.get_by_role("button", name="บันทึกลำดับการลงนาม").click()
    expect(page.get_by_text("บันทึกลำดับการลงนามแล้ว")).to_be_visible()
    assert usual_chain(organisation) == [
        ChainEntry("ปลัดองค์การบริหารส่วนตำบล", administrator),
        ChainEntry("รองนายกองค์การบริหารส่วนตำบล", None, True),
        ChainEntry("นายกองค์การบริหารส่วนตำบล"),
    ]
