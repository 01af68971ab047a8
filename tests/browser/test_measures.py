"""The measure plan in a real browser: from the library to a saved table, by mouse, by keyboard, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import Measure, MeasurePlan
from tests.conftest import PASSWORD, case_scores, read_case

from .conftest import new_page, sign_in

NOW = datetime(2023, 9, 1, tzinfo=UTC)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]


@pytest.fixture
def plan(live_server: Any, instruments: None, organisation: Organisation, staff: User) -> MeasurePlan:
    call_command("load_library", verbosity=0)
    assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=NOW)
    made = MeasurePlan.start(assessment=assessment)
    for title in ("มาตรการแรก", "มาตรการที่สอง"):
        measure = made.add_measure(group="topic-5", by=staff, at=NOW)
        measure.save_edit(version=1, title=title, steps={}, by=staff, at=NOW)
    return made


@pytest.fixture
def open_plan(live_server: Any, browser: Browser, plan: MeasurePlan, staff: User) -> Iterator[Open]:
    """Open a page of the plan, each on a page of their own; a script's error fails the test."""
    pages: list[Page] = []
    errors: list[str] = []

    def opened(path: str = "measures/", **options: Any) -> Page:
        page = new_page(browser, **options)
        page.on("pageerror", lambda error: errors.append(str(error)))
        pages.append(page)
        sign_in(page, live_server, staff)
        page.goto(f"{live_server.url}/abt-tuayang/2567/{path}")
        return page

    yield opened
    for page in pages:
        page.context.close()
    assert errors == []


def body(page: Page, title: str) -> Locator:
    pk = Measure.objects.get(title=title).pk
    return page.locator(f"#measure-{pk}")


def titles(plan: MeasurePlan) -> list[str]:
    return [m.title for group in plan.grouped().values() for m in group]


def test_a_ready_measure_is_chosen_for_a_weak_item(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan()
    expect(page.locator("#weak summary")).to_contain_text("ยังไม่มีมาตรการ ๑๐")
    page.locator("#weak-i8 a", has_text="เลือกมาตรการ").click()
    drawer = page.locator("#drawer")
    expect(drawer).to_contain_text("i๘")
    drawer.get_by_role("button", name="ใช้มาตรการนี้").first.click()
    expect(page.locator("#weak summary")).to_contain_text("ยังไม่มีมาตรการ ๙")
    expect(drawer).to_have_count(0)
    added = plan.measures.get(items__code="i8")
    expect(page.locator(f"#measure-{added.pk} [name=title]")).to_be_focused()
    assert titles(plan)[-1] == added.title


def test_one_measure_for_several_items(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan()
    page.locator("#weak-e9 input").check()
    page.locator("#weak-e11 input").check()
    page.get_by_role("button", name="เลือกมาตรการเดียว").click()
    expect(page.locator("#drawer-title")).to_contain_text("๒ ข้อ")
    page.get_by_role("button", name="เพิ่มมาตรการเปล่า").click()
    expect(page.locator("#weak-e11")).to_contain_text("✓ มีมาตรการ")
    assert {item.code for item in plan.measures.get(title="").items.all()} == {"e9", "e11"}


def test_typing_saves_itself_and_says_when(open_plan: Open) -> None:
    page = open_plan()
    row = body(page, "มาตรการแรก")
    row.locator("[name=title]").fill("พิมพ์ใหม่")
    expect(row.locator(".state")).to_contain_text("ยังไม่ได้บันทึก")
    expect(row.locator(".state")).to_contain_text("บันทึกแล้ว")
    row.locator(".units summary").click()
    row.get_by_label("กองคลัง").check()
    expect(row.locator(".units summary")).to_have_text("กองคลัง")
    row.locator("[name^=ends]").fill("มี.ค. 67")
    row.locator("[name=title]").focus()
    expect(row.locator("[name^=ends]")).to_have_value("มีนาคม ๒๕๖๗")
    measure = Measure.objects.get(title="พิมพ์ใหม่")
    assert str(measure.steps.get().ends_on) == "2024-03-31"
    assert [unit.name for unit in measure.steps.get().units.all()] == ["กองคลัง"]


def test_a_wrong_period_is_named_until_it_is_mended(open_plan: Open) -> None:
    page = open_plan()
    row = body(page, "มาตรการแรก")
    row.locator("[name^=ends]").fill("ปลายปี")
    expect(row.locator(".state")).to_contain_text("อ่าน “ปลายปี” ไม่ได้")
    expect(row.locator("[name^=ends]")).to_have_attribute("aria-invalid", "true")
    row.locator("[name^=ends]").fill("กันยายน 2567")
    expect(row.locator(".state")).to_contain_text("บันทึกแล้ว")
    expect(row.locator("[aria-invalid]")).to_have_count(0)


def test_two_people_at_one_measure_lose_nothing(open_plan: Open, staff: User) -> None:
    page = open_plan()
    row = body(page, "มาตรการแรก")
    measure = Measure.objects.get(title="มาตรการแรก")
    measure.save_edit(version=measure.version, title="ของเพื่อน", steps={}, by=staff, at=NOW)
    row.locator("[name=title]").fill("ของฉัน")
    expect(row.locator(".standing")).to_contain_text("ของเพื่อน")
    expect(row.locator("[name=title]")).to_have_value("ของฉัน")
    row.locator("[name=title]").press("End")
    row.locator("[name=title]").press_sequentially(" ต่อ")
    page.wait_for_timeout(1300)  # nothing may be saved until the button is pressed
    measure.refresh_from_db()
    assert measure.title == "ของเพื่อน"
    row.get_by_role("button", name="บันทึก").last.click()
    expect(row.locator(".state")).to_contain_text("บันทึกแล้ว")
    measure.refresh_from_db()
    assert measure.title == "ของฉัน ต่อ"


@pytest.mark.parametrize("kept", ["csrftoken", None])
def test_text_typed_after_signing_out_is_saved_after_signing_in_again(
    open_plan: Open, staff: User, kept: str | None
) -> None:
    page = open_plan()
    measure = body(page, "มาตรการแรก")
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.context.add_cookies([cookie for cookie in cookies if cookie["name"] == kept])
    measure.locator("[name=title]").fill("พิมพ์หลังออกจากระบบ")
    expect(measure.locator(".state")).to_contain_text("ยังไม่ได้บันทึก: โปรดเปิดหน้านี้ใหม่ในอีกแท็บเพื่อเข้าสู่ระบบ")
    measure.get_by_role("button", name="เลื่อนลง").click()
    expect(page.locator(".toasts")).to_contain_text("ยังไม่ได้ทำ: โปรดเปิดหน้านี้ใหม่ในอีกแท็บ")
    expect(measure.locator("[name=title]")).to_have_value("พิมพ์หลังออกจากระบบ")
    again = page.context.new_page()
    again.goto(page.url)
    again.locator("[name=login]").fill(staff.username)
    again.locator("[name=password]").fill(PASSWORD)
    again.get_by_role("button", name="เข้าสู่ระบบ").click()
    expect(again.locator("#measures")).to_be_visible()
    measure.locator("[name=title]").fill("พิมพ์หลังเข้าสู่ระบบอีกครั้ง")
    expect(measure.locator(".state")).to_contain_text("✓ บันทึกแล้ว")


def test_text_typed_into_a_plan_locked_meanwhile_is_shown(
    open_plan: Open, plan: MeasurePlan, staff: User
) -> None:
    page = open_plan()
    measure = body(page, "มาตรการแรก")
    MeasurePlan.objects.filter(pk=plan.pk).update(locked_at=NOW, locked_by=staff)
    measure.locator("[name=title]").fill("พิมพ์ไว้ก่อนรู้")
    measure.get_by_role("button", name="เลื่อนลง").click()
    expect(page.get_by_role("main")).to_contain_text("พิมพ์ไว้ก่อนรู้")


def test_the_keyboard_moves_a_measure_and_keeps_its_text(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan()
    box = body(page, "มาตรการแรก").locator("[name=title]")
    box.fill("มาตรการแรก แก้แล้ว")
    box.press("Alt+ArrowDown")
    expect(page.locator("tbody.measure").first.locator("[name=title]")).to_have_value("มาตรการที่สอง")
    assert titles(plan) == ["มาตรการที่สอง", "มาตรการแรก แก้แล้ว"]
    expect(page.locator(":focus")).to_have_value("มาตรการแรก แก้แล้ว")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("tbody.measure").first.locator("[name=title]")).to_have_value("มาตรการแรก แก้แล้ว")


def test_dragging_into_another_group(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan(viewport={"width": 1280, "height": 2000})
    grip = body(page, "มาตรการที่สอง").locator(".grip")
    target = page.locator("[data-group=topic-4] th")
    start, end = grip.bounding_box(), target.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + 5, start["y"] + 5)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, start["y"] - 40, steps=4)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2, steps=8)
    for shift in (2, -2):  # what is dragged over rests while it slides
        page.wait_for_timeout(200)
        page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2 + shift)
    page.mouse.up()
    expect(page.locator("[data-group=topic-4]")).not_to_contain_text("ยังไม่มีมาตรการ")
    expect(page.locator("[data-group=topic-4] + tbody [name=title]")).to_have_value("มาตรการที่สอง")
    assert Measure.objects.get(title="มาตรการที่สอง").topic == 4


def test_a_deleted_measure_comes_back(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan()
    row = body(page, "มาตรการแรก")
    row.locator(".more summary").click()
    row.get_by_role("button", name="ลบมาตรการ").click()
    expect(page.locator("tbody.measure")).to_have_count(1)
    assert titles(plan) == ["มาตรการที่สอง"]
    page.get_by_role("button", name="เลิกทำ").click()
    expect(page.locator("tbody.measure")).to_have_count(2)
    assert titles(plan) == ["มาตรการแรก", "มาตรการที่สอง"]


def test_everything_goes_without_scripts(open_plan: Open, plan: MeasurePlan) -> None:
    page = open_plan(java_script_enabled=False)
    page.locator("#weak-i8 a", has_text="เลือกมาตรการ").click()
    page.locator("#drawer").get_by_role("button", name="ใช้มาตรการนี้").first.click()
    added = plan.measures.get(items__code="i8")
    row = page.locator(f"#measure-{added.pk}")
    row.locator("[name=title]").fill("แก้โดยไม่มีสคริปต์")
    row.locator(".save").click()
    expect(page.locator(".notice-success")).to_contain_text("บันทึกมาตรการแล้ว")
    row.locator("[name=title]").fill("แก้แล้วเลื่อน")
    row.get_by_role("button", name="เลื่อนขึ้น").click()
    assert titles(plan) == ["มาตรการแรก", "แก้แล้วเลื่อน", "มาตรการที่สอง"]
    row.locator(".more summary").click()
    row.get_by_role("button", name="ลบมาตรการ").click()
    page.get_by_role("button", name="เลิกทำ").click()
    assert titles(plan) == ["มาตรการแรก", "แก้แล้วเลื่อน", "มาตรการที่สอง"]
