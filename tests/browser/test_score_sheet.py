"""The score sheet in a real browser: typing, moving, two people, pasting, and the page without JavaScript."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case

from .conftest import new_page, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SHEET = "/abt-tuayang/2566/scores/"
Open = Callable[..., Page]


@pytest.fixture
def assessment(live_server: Any, instruments: None, organisation: Organisation, staff: User) -> Assessment:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores(case_scores(read_case("004")), by=staff, at=datetime(2023, 9, 1, tzinfo=UTC))
    return made


@pytest.fixture
def open_sheet(live_server: Any, browser: Browser, assessment: Assessment) -> Iterator[Open]:
    """Open the sheet for a user, each on a page of their own."""
    pages: list[Page] = []

    def opened(user: User, **options: Any) -> Page:
        page = new_page(browser, **options)
        pages.append(page)
        sign_in(page, live_server, user)
        page.goto(live_server.url + SHEET)
        return page

    yield opened
    for page in pages:
        page.context.close()


def cell(page: Page, name: str) -> Any:
    return page.locator(f"input[name='{name}']")


def state(page: Page, name: str) -> Any:
    return page.locator(f"[data-cell='{name}'] .cell-state")


def value_of(assessment: Assessment, code: str, part: int = 0) -> Decimal | None:
    return assessment.entered().get((code, part))


@pytest.mark.parametrize("kept", ["csrftoken", None])
def test_a_cell_typed_while_signed_out_says_so_and_is_kept(
    open_sheet: Open, staff: User, kept: str | None
) -> None:
    page = open_sheet(staff)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == kept])
    page.locator("[name=i7]").fill("77")
    expect(page.locator("#cell-i7-note")).to_contain_text("ออกจากระบบแล้ว จึงยังไม่ได้บันทึก")
    expect(page.locator("[name=i7]")).to_have_value("77")


def test_thai_digits_are_saved_within_a_second_and_totals_follow(
    open_sheet: Open, assessment: Assessment, staff: User
) -> None:
    page = open_sheet(staff)
    box = page.locator("[data-cell='i7']")
    cell(page, "i7").fill("๔๐")
    expect(box).to_have_class("cell is-weak", timeout=200)  # before it is saved
    expect(state(page, "i7")).to_have_text("✓", timeout=2000)
    assert value_of(assessment, "i7") == 40
    expect(page.locator("[data-row='i7'] [data-paint=flags]")).to_have_text("● ขาด ๔๕.๐๐")
    expect(page.locator("[data-row='indicator-2'] [data-paint=computed]")).to_have_text("๘๔.๓๖")
    expect(page.locator("[data-foot]")).to_contain_text("๙๑.๖๑")
    expect(page.locator("[data-saved]")).to_contain_text("บันทึกแล้ว")


def test_keys_move_as_in_a_spreadsheet(open_sheet: Open, staff: User) -> None:
    page = open_sheet(staff)
    cell(page, "i8").focus()
    for key, name in [
        ("Enter", "i9"),
        ("Shift+Enter", "i8"),
        ("ArrowDown", "i9"),
        ("ArrowUp", "i8"),
        ("ArrowUp", "i7"),
    ]:
        page.keyboard.press(key)
        expect(cell(page, name)).to_be_focused()
    cell(page, "e9/1").focus()
    page.keyboard.press("Tab")
    expect(cell(page, "e9/2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell(page, "e10/2")).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(cell(page, "e10/1")).to_be_focused()


def test_what_is_refused_stays_in_its_cell_with_the_sentence(
    open_sheet: Open, assessment: Assessment, staff: User
) -> None:
    page = open_sheet(staff)
    cell(page, "i7").fill("93,66")
    page.keyboard.press("Enter")
    expect(page.locator("[data-cell='i7'] .cell-note")).to_contain_text("มีเครื่องหมายจุลภาค")
    expect(cell(page, "i7")).to_have_value("93,66")
    expect(cell(page, "i7")).to_have_attribute("aria-invalid", "true")
    assert value_of(assessment, "i7") == Decimal("86.82")


@pytest.mark.parametrize(("choice", "kept"), [("ใช้ของเขา", 70), ("ใช้ของฉัน", 71)])
def test_of_two_pages_the_second_chooses(
    open_sheet: Open, assessment: Assessment, staff: User, administrator: User, choice: str, kept: int
) -> None:
    mine, theirs = open_sheet(staff), open_sheet(administrator)
    cell(theirs, "i7").fill("70")
    expect(state(theirs, "i7")).to_have_text("✓")
    cell(mine, "i7").fill("71")
    note = mine.locator("[data-cell='i7'] .cell-note")
    expect(note).to_contain_text("สมหญิง administrator บันทึก ๗๐.๐๐ ไว้เมื่อ")
    expect(cell(mine, "i7")).to_have_value("71")
    mine.get_by_role("button", name=choice).click()
    expect(note).to_be_empty()
    expect(mine.locator("[data-row='i7'] [data-paint=flags]")).to_have_text(
        f"● ขาด {'๑๕.๐๐' if kept == 70 else '๑๔.๐๐'}"
    )
    assert value_of(assessment, "i7") == kept


def test_a_lost_connection_keeps_the_text_and_tries_again(
    open_sheet: Open, assessment: Assessment, staff: User
) -> None:
    page = open_sheet(staff)
    page.context.set_offline(True)
    cell(page, "i7").fill("77")
    expect(page.locator("[data-cell='i7'] .cell-note")).to_contain_text("ติดต่อระบบไม่ได้")
    page.context.set_offline(False)
    expect(state(page, "i7")).to_have_text("✓")
    assert value_of(assessment, "i7") == 77


def paste_into(page: Page, name: str, text: str) -> None:
    cell(page, name).focus()
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
            document.activeElement.dispatchEvent(event);
        }""",
        text,
    )
    page.wait_for_url("**/paste/")


def test_pasted_rows_open_the_preview_and_are_saved_when_confirmed(
    open_sheet: Open, assessment: Assessment, staff: User
) -> None:
    page = open_sheet(staff)
    paste_into(page, "i1", "i7\t๗๗.๕\ni8\t๗๘\ni9\tabc")
    expect(page.locator(".counts")).to_have_text("อ่านได้ ๒ · เปลี่ยน ๒ · อ่านไม่ได้ ๑")
    assert value_of(assessment, "i7") == Decimal("86.82")
    page.get_by_role("button", name="บันทึก ๒ ค่า").click()
    expect(cell(page, "i8")).to_have_value("78.00")
    assert value_of(assessment, "i7") == Decimal("77.50")


def test_a_pasted_column_of_bare_scores_gets_the_codes_of_its_cells(open_sheet: Open, staff: User) -> None:
    page = open_sheet(staff)
    paste_into(page, "e9/1", "81\t71\n82\t72\n83\t73\n")
    expect(page.locator("textarea[name=text]")).to_have_value(
        "e9/1 81\ne9/2 71\ne10/1 82\ne10/2 72\ne11/1 83\ne11/2 73"
    )
    expect(page.locator(".counts")).to_contain_text("อ่านได้ ๖ · เปลี่ยน ๖ · อ่านไม่ได้ ๐")


def test_a_tick_is_100_or_0(open_sheet: Open, assessment: Assessment, staff: User) -> None:
    page = open_sheet(staff)
    page.get_by_role("checkbox", name="o๗ ได้ ๑๐๐").uncheck()
    expect(state(page, "o7")).to_have_text("✓")
    assert value_of(assessment, "o7") == 0
    page.get_by_role("checkbox", name="o๗ ได้ ๑๐๐").check()
    expect(page.locator("[data-row='o7'] [data-paint=flags]")).to_be_empty()
    assert value_of(assessment, "o7") == 100


def test_filling_asks_first(open_sheet: Open, assessment: Assessment, staff: User) -> None:
    assessment.save_scores(
        {("o7", 0): None, ("o8", 0): Decimal(0)}, by=staff, at=datetime(2023, 9, 2, tzinfo=UTC)
    )
    page = open_sheet(staff)
    for answer, value in [("ยกเลิก", None), ("ตกลง", 100)]:
        page.get_by_role("button", name="ข้อ OIT ที่ยังว่าง").click()
        page.get_by_role("button", name=answer).click()
        if value:
            expect(page.get_by_text("ที่ยังว่าง ๑ ข้อ ข้อที่กรอก ๐ ไว้ไม่เปลี่ยน: o๘")).to_be_visible()
        assert value_of(assessment, "o7") == value


def test_without_javascript_one_button_saves_all_or_nothing(
    open_sheet: Open, assessment: Assessment, staff: User
) -> None:
    page = open_sheet(staff, java_script_enabled=False)
    cell(page, "i7").fill("๗๗")
    cell(page, "i9").fill("abc")
    page.locator("[data-save]").click()
    expect(page.get_by_role("link", name="i๙: คะแนน “abc” ไม่ใช่ตัวเลข")).to_be_visible()
    assert value_of(assessment, "i7") == Decimal("86.82")
    cell(page, "i9").fill("90")
    page.locator("[data-save]").click()
    expect(page.get_by_text("บันทึกแล้ว ๒ ค่า")).to_be_visible()
    assert (value_of(assessment, "i7"), value_of(assessment, "i9")) == (77, 90)


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_the_page_never_scrolls_sideways(open_sheet: Open, staff: User, width: int) -> None:
    page = open_sheet(staff, viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
