"""The page of the texts: what it shows, and how it takes good and bad input, with and without a script."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from measures.texts import Texts

NOW = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)
JSON = {"Accept": "application/json"}
URL = "/abt-tuayang/2567/texts/"


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def sent(page: str, **typed: str) -> dict[str, str]:
    """Return what the form of a page sends, with other texts in some boxes; names with "_" for "-"."""
    hidden = re.findall(r'name="((?:version|seen)-[^"]+)" value="([^"]*)"', page)
    boxes = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</textarea>', page)
    drawn = {name: unescape(value).replace("\n", "\r\n") for name, value in [*hidden, *boxes]}
    return drawn | {f"text-{name.replace('_', '-')}": text for name, text in typed.items()}


def form_of(browser: Client, **typed: str) -> dict[str, str]:
    """Return what the form of the page as it is now sends."""
    return sent(browser.get(URL).content.decode(), **typed)


def part_of(page: str, key: str) -> str:
    """Return the section of one paragraph."""
    found = re.search(rf'<section class="paper text" id="{key}".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def read(html: str) -> str:
    """Return the text of some HTML, blanks as single spaces."""
    return " ".join(re.sub(r"<[^>]+>", "", html).split())


def reading_of(part: str) -> str:
    """Return how a paragraph reads."""
    found = re.search(r'<p class="reading"><span class="reading-word">อ่านว่า</span>(.*?)</p>', part, re.DOTALL)
    assert found
    return read(found[1])


def test_every_paragraph_of_both_papers_stands_in_its_order(browser: Client, plan: MeasurePlan) -> None:
    page = browser.get(URL).content.decode()
    found = re.findall(r'<section class="paper text" id="([^"]+)"', page)
    assert found == Texts(plan).keys
    linked = re.findall(r'<li>\s*<a href="#([^"]+)"', page)
    assert linked == found
    assert page.index("เอกสารมาตรการ</h2>") < page.index('id="level"') < page.index('id="preface"')
    assert page.count("ร่างจากคะแนน</span>") == len(found)
    assert page.count("<textarea") == len(found)


def test_a_paragraph_reads_with_live_values_and_is_edited_with_their_names(
    browser: Client, plan: MeasurePlan
) -> None:
    part = part_of(browser.get(URL).content.decode(), "opening")
    assert 'title="คะแนนรวม">๙๔.๑๖</span>' in part
    assert "ได้คะแนนรวม ๙๔.๑๖ คะแนน" in reading_of(part)
    assert "ได้คะแนนรวม {คะแนนรวม} คะแนน" in part


def test_topics_stand_beside_their_scores(browser: Client, plan: MeasurePlan) -> None:
    part = part_of(browser.get(URL).content.decode(), "topic-5")
    table = part[part.index("<table") : part.index("</table>")]
    assert "๘๐.๗๐" in table  # i8 of this year
    assert table.count("ต่ำกว่าเกณฑ์") == 1


def test_only_what_was_typed_in_is_saved(browser: Client, plan: MeasurePlan) -> None:
    answer = browser.post(URL, form_of(browser, opening="ได้ {คะแนนรวม}\r\nย่อหน้าสอง", topic_2="วิเคราะห์"))
    assert answer.status_code == 302
    assert dict(plan.texts.values_list("key", "text")) == {
        "opening": "ได้ {คะแนนรวม}\nย่อหน้าสอง",
        "topic-2": "วิเคราะห์",
    }
    page = browser.get(URL).content.decode()
    assert "บันทึกข้อความแล้ว" in page
    part = part_of(page, "opening")
    assert "แก้ไขแล้ว โดย สมหญิง staff เมื่อ" in read(part)
    assert reading_of(part) == "ได้ ๙๔.๑๖ ย่อหน้าสอง"


def test_a_box_left_alone_is_not_saved_when_its_draft_moved_meanwhile(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    form = form_of(browser, topic_2="วิเคราะห์")
    plan.assessment.save_scores({("i8", 0): Decimal("90.70")}, by=staff, at=NOW)
    browser.post(URL, form)
    assert [text.key for text in plan.texts.all()] == ["topic-2"]


def test_a_conflict_saves_nothing_and_keeps_what_was_typed(
    browser: Client, plan: MeasurePlan, administrator: User
) -> None:
    form = form_of(browser, topic_2="ของฉัน", opening="ความนำ")
    plan.save_text(key="topic-2", text="ของเพื่อน {i8}", version=0, by=administrator, at=NOW)
    answer = browser.post(URL, form)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert [text.text for text in plan.texts.all()] == ["ของเพื่อน {i8}"]
    part = part_of(page, "topic-2")
    assert "ของฉัน</textarea>" in part and "ของเพื่อน ๘๐.๗๐" in read(part)
    assert '<details class="text-edit" open>' in part
    assert "ความนำ</textarea>" in page
    # The boxes rest on what stands now: sending them again takes both.
    browser.post(URL, sent(page))
    assert dict(plan.texts.values_list("key", "text")) == {"topic-2": "ของฉัน", "opening": "ความนำ"}


def test_unknown_fields_are_saved_and_marked_with_a_sentence(browser: Client, plan: MeasurePlan) -> None:
    browser.post(URL, form_of(browser, opening="ได้ {i99} และ {คะแนนรวมทั้งหมด} ข้อ {i๘}"))
    assert plan.texts.get().text == "ได้ {i99} และ {คะแนนรวมทั้งหมด} ข้อ {i๘}"
    part = part_of(browser.get(URL).content.decode(), "opening")
    assert '<span class="live is-unknown" title="i๙๙">…</span>' in part
    assert "“{i๙๙}” ไม่มีค่าในผลการประเมินนี้" in part
    assert "“{คะแนนรวมทั้งหมด}” ไม่ใช่ชื่อค่าที่ระบบรู้จัก" in part
    assert '<details class="text-edit" open>' in part
    assert reading_of(part) == "ได้ … และ {คะแนนรวมทั้งหมด} ข้อ ๘๐.๗๐"


def test_moved_numbers_stand_beside_the_old_until_somebody_looked(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    plan.save_text(key="topic-5", text="ข้อ i8 ได้ {i8} คะแนน", version=0, by=staff, at=NOW)
    plan.assessment.save_scores({("i8", 0): Decimal("90.70")}, by=staff, at=NOW)
    page = browser.get(URL).content.decode()
    part = part_of(page, "topic-5")
    assert "ตัวเลขเปลี่ยนแล้ว ตรวจอีกครั้ง" in part
    assert "<del>๘๐.๗๐</del></td><td><ins>๙๐.๗๐</ins>" in part
    assert reading_of(part) == "ข้อ i๘ ได้ ๙๐.๗๐ คะแนน"
    assert page.count("ตัวเลขเปลี่ยนแล้ว ตรวจอีกครั้ง") == 1
    answer = browser.post(URL, form_of(browser) | {"confirm": "topic-5"})
    assert answer["Location"] == f"{URL}#topic-5"
    part = part_of(browser.get(URL).content.decode(), "topic-5")
    assert "ตรวจอีกครั้ง" not in part and "แก้ไขแล้ว โดย" in part
    assert plan.texts.get().basis == {"i8": "90.70"}


def test_the_draft_comes_back_after_asking(browser: Client, plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="topic-5", text="เขียนเอง", version=0, by=staff, at=NOW)
    part = part_of(browser.get(URL).content.decode(), "topic-5")
    asked = part[part.index('<details class="text-restore">') :]
    assert "i๘ ได้ ๘๐.๗๐ คะแนน" in read(asked)  # what would come back
    browser.post(URL, form_of(browser, opening="ความนำ") | {"restore": "topic-5"})
    assert [text.key for text in plan.texts.all()] == ["opening"]


def test_a_script_saves_one_text_and_draws_what_stands_around_it(browser: Client, plan: MeasurePlan) -> None:
    box = {"text-topic-2": "ได้ {e1 ส่วนที่ 2}", "version-topic-2": "0", "seen-topic-2": "x"}
    answer = browser.post(URL, box, headers=JSON)
    drawn = answer.json()["texts"]["topic-2"]
    assert drawn["version"] == plan.texts.get().version
    assert "แก้ไขแล้ว โดย สมหญิง staff" in drawn["state"]
    assert 'title="e๑ ส่วนที่ ๒"' in drawn["reading"] and "คืนร่างเดิม" in drawn["reading"]
    late = browser.post(URL, box | {"text-topic-2": "ช้าไป"}, headers=JSON)
    assert late.status_code == 409
    assert late.json()["sentence"].startswith("มีผู้อื่นบันทึกข้อความนี้ก่อนท่าน")
    assert late.json()["texts"]["topic-2"]["version"] == drawn["version"]
    assert "อ่านว่า</span>ช้าไป" in late.json()["texts"]["topic-2"]["reading"]
    assert plan.texts.get().text == "ได้ {e1 ส่วนที่ 2}"


def test_a_text_for_a_paragraph_that_is_gone_is_shown_for_copying(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    form = form_of(browser)
    key = next(key for key in Texts(plan).keys if key.startswith("weakness-"))
    plan.set_up(kind="analysis", threshold=Decimal(10), by=staff, at=NOW)
    answer = browser.post(URL, form | {f"text-{key}": "ที่ฉันพิมพ์ไว้", "text-opening": "ความนำ"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ที่ฉันพิมพ์ไว้</textarea>" in page and "ความนำ</textarea>" in page
    assert not plan.texts.exists()


def test_an_edited_text_that_no_paper_prints_is_still_shown(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    key = next(key for key in Texts(plan).keys if key.startswith("weakness-"))
    plan.save_text(key=key, text="เขียนเองแล้ว", version=0, by=staff, at=NOW)
    plan.set_up(kind="analysis", threshold=Decimal(10), by=staff, at=NOW)
    page = browser.get(URL).content.decode()
    assert "เขียนเองแล้ว" in part_of(page, key)
    assert f'name="text-{key}"' not in page


def test_a_locked_plan_shows_only_what_was_typed_for_copying(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    form = form_of(browser, opening="ที่ฉันพิมพ์ไว้")
    plan.lock(by=staff, at=NOW)
    answer = browser.post(URL, form)
    assert answer.status_code == 409
    assert re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.content.decode()) == ["ที่ฉันพิมพ์ไว้"]
    page = browser.get(URL).content.decode()
    assert "<textarea" not in page and "๙๔.๑๖" in page


def test_an_approver_reads_and_cannot_write(client: Client, plan: MeasurePlan, approver: User) -> None:
    client.force_login(approver)
    assert client.post(URL, {"text-opening": "x", "version-opening": "0"}).status_code == 403
    page = client.get(URL).content.decode()
    assert "<textarea" not in page
    assert "ได้คะแนนรวม ๙๔.๑๖ คะแนน" in reading_of(part_of(page, "opening"))


def test_before_the_plan_the_page_leads_to_its_beginning(browser: Client, plan: MeasurePlan) -> None:
    plan.delete()
    assert browser.get(URL)["Location"] == reverse("measures:plan", args=["abt-tuayang", 2567])


def test_the_list_of_fields_names_what_a_paragraph_can_say(browser: Client, plan: MeasurePlan) -> None:
    page = browser.get(f"{URL}topic-5/fields/").content.decode()
    assert "<code>{i๘}</code>" in page and "<code>{i๘:ขาด}</code>" in page
    assert "<code>{คะแนนรวม}</code>" in page
    assert "ชื่อหน่วยงาน" in page
    menu = browser.get(f"{URL}topic-3/fields/?menu=1").content.decode()
    assert 'data-insert="{e๖ ส่วนที่ ๒}"' in menu
    assert "<html" not in menu
    assert browser.get(f"{URL}topic-9/fields/").status_code == 404


def test_as_many_queries_with_one_edited_text_as_with_thirty(
    browser: Client, plan: MeasurePlan, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    keys = Texts(plan).keys
    plan.save_text(key=keys[0], text="เขียนเอง", version=0, by=staff, at=NOW)
    with django_assert_num_queries(12):
        browser.get(URL)
    for key in keys[1:31]:
        plan.texts.create(key=key, text="เขียนเอง {คะแนนรวม}", edited_at=NOW, edited_by=staff)
    with django_assert_num_queries(12):
        browser.get(URL)
