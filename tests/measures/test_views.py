"""The pages of the plan: what they show, and how they take good and bad input."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import LibraryEntry, Measure, MeasurePlan
from tests.conftest import case_scores, make_member, read_case

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)
JSON = {"Accept": "application/json"}


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def url(name: str, *args: Any, be_year: int = 2567) -> str:
    return reverse(f"measures:{name}", args=["abt-tuayang", be_year, *args])


def boxes(measure: Measure, **changed: Any) -> dict[str, Any]:
    """Return what the page sends for a measure, with some boxes changed by the beginning of their name."""
    sent: dict[str, Any] = {"version": str(measure.version), "title": measure.title, "step": []}
    for step in measure.steps.all():
        sent["step"].append(str(step.pk))
        kept = {
            "text": step.text,
            "units": ["all"] if step.all_units else [str(unit.pk) for unit in step.units.all()],
            "starts": "ตุลาคม ๒๕๖๖",
            "ends": "กันยายน ๒๕๖๗",
            "follow_up": step.follow_up,
        }
        sent |= {f"{name}-{step.pk}": changed.get(name, value) for name, value in kept.items()}
    return sent | {name: changed[name] for name in ("version", "title") if name in changed}


def body_of(page: str, measure: Measure) -> str:
    """Return the part of a page that shows one measure."""
    found = re.search(rf'<tbody class="measure[^>]*id="measure-{measure.pk}".*?</tbody>', page, re.DOTALL)
    assert found
    return found[0]


# --- before the plan ---------------------------------------------------------------------------------------


def test_without_scores_the_page_leads_to_the_score_sheet(browser: Client, instruments: None) -> None:
    page = browser.get(url("plan")).content.decode()
    assert "ยังไม่มีคะแนนปี ๒๕๖๖" in page
    assert reverse("assessments:score-sheet", args=["abt-tuayang", 2566]) in page


def test_a_year_without_instrument_has_no_page(browser: Client, instruments: None) -> None:
    assert browser.get(url("plan", be_year=2650)).status_code == 404


def test_looking_at_the_page_begins_nothing(browser: Client, assessment: Assessment) -> None:
    page = browser.get(url("plan")).content.decode()
    assert "e๑๔ ส่วนที่ ๒" in page
    assert "เริ่มจัดทำมาตรการ" in page
    assert not MeasurePlan.objects.exists()


def test_beginning_from_the_library_answers_every_weak_item(
    browser: Client, assessment: Assessment, library: None
) -> None:
    page = browser.post(url("plan-start"), {"library": "1"}, follow=True).content.decode()
    plan = MeasurePlan.objects.get()
    assert plan.measures.count() == len(plan.result().weak_items)
    assert "✓ ครบทุกข้อ" in page


def test_beginning_without_scores_says_so(
    browser: Client, organisation: Organisation, instruments: None
) -> None:
    Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    page = browser.post(url("plan-start"), follow=True).content.decode()
    assert "ให้กรอกคะแนนก่อนจัดทำมาตรการ" in page
    assert not MeasurePlan.objects.exists()


# --- the page ----------------------------------------------------------------------------------------------


def test_the_page_counts_weak_items_without_a_measure(browser: Client, plan: MeasurePlan) -> None:
    page = browser.get(url("plan")).content.decode()
    assert "ยังไม่มีมาตรการ ๘" in page
    assert "✓ มีมาตรการ (๕) ข้อ ๑" in page


def test_weak_indicators_are_named_in_thai(
    browser: Client, organisation: Organisation, staff: User, instruments: None
) -> None:
    opened = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    opened.save_scores({("indicator-3", 0): Decimal("60")}, by=staff, at=NOW)
    MeasurePlan.start(assessment=opened)
    page = browser.get(url("plan")).content.decode()
    assert 'aria-label="เลือก ตัวชี้วัดที่ ๓"' in page
    assert '<span class="visually-hidden"> ตัวชี้วัดที่ ๓</span>' in page


def test_an_approver_reads_without_boxes(client: Client, plan: MeasurePlan, approver: User) -> None:
    client.force_login(approver)
    page = client.get(url("plan")).content.decode()
    assert "ประชุมชี้แจงแผนการใช้จ่ายงบประมาณ" in page
    assert "<textarea" not in page
    assert "เพิ่มมาตรการ" not in page


def test_a_locked_plan_is_read(browser: Client, plan: MeasurePlan, staff: User) -> None:
    plan.lock(by=staff, at=NOW)
    page = browser.get(url("plan")).content.decode()
    assert "อ่านได้อย่างเดียว" in page
    assert "<textarea" not in page


def test_the_page_asks_the_database_as_often_whatever_there_is(
    browser: Client,
    plan: MeasurePlan,
    stranger_organisation: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
    staff: User,
) -> None:
    with django_assert_num_queries(16):
        browser.get(url("plan"))
    for number in range(27):
        plan.add_measure(group=f"topic-{number % 7 + 1}", by=staff, at=NOW).add_step(
            version=1, by=staff, at=NOW
        )
    other = Assessment.open_for(stranger_organisation, plan.assessment.instrument)
    other.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    theirs = MeasurePlan.start(assessment=other)
    Measure.objects.bulk_create(Measure(plan=theirs, title="ของผู้อื่น", topic=1) for _ in range(1000))
    with django_assert_num_queries(16):
        page = browser.get(url("plan")).content.decode()
    assert "ของผู้อื่น" not in page


def test_the_drawer_shows_ready_measures_for_the_chosen_item(
    browser: Client, plan: MeasurePlan, library: None
) -> None:
    page = browser.get(url("plan"), {"item": ["i8"]}).content.decode()
    drawer = page[page.index('id="drawer"') :]
    assert "i๘" in drawer
    offered = {int(pk) for pk in re.findall(r'name="entry" value="(\d+)"', drawer)}
    keys = set(LibraryEntry.objects.filter(pk__in=offered).values_list("key", flat=True))
    assert {"i8-1", "topic-5-1"} <= keys
    assert "i7-1" not in keys


def test_choosing_nothing_is_answered_in_words(browser: Client, plan: MeasurePlan) -> None:
    page = browser.get(url("plan"), {"pick": "1"}).content.decode()
    assert "ยังไม่ได้เลือกข้อ" in page


# --- adding and excusing -----------------------------------------------------------------------------------


def test_one_ready_measure_for_two_items(browser: Client, plan: MeasurePlan, library: None) -> None:
    entry = LibraryEntry.objects.get(key="e9-1")
    browser.post(url("measure-add"), {"item": ["e9", "e11"], "entry": entry.pk})
    added = plan.measures.last()
    assert added is not None
    assert added.entry == entry
    assert {item.code for item in added.items.all()} == {"e9", "e11"}
    assert added.steps.get().lines


@pytest.mark.parametrize(
    "data", [{"item": ["i99"]}, {"entry": "no-such"}, {"group": "topic-9"}, {"group": "indicator-1"}]
)
def test_what_does_not_exist_cannot_be_added(browser: Client, plan: MeasurePlan, data: dict) -> None:
    assert browser.post(url("measure-add"), data).status_code == 404
    assert plan.measures.count() == 3


def test_a_reason_is_kept_and_shown(browser: Client, plan: MeasurePlan, staff: User) -> None:
    page = browser.post(
        url("item-excuse"), {"item": ["e9"], "reason": "ได้รับยกเว้น"}, follow=True
    ).content.decode()
    assert plan.excuses.get().by == staff
    assert "ไม่กำหนดมาตรการ: ได้รับยกเว้น" in page
    browser.post(url("item-unexcuse"), {"item": ["e9"]})
    assert not plan.excuses.exists()


def test_a_reason_for_nothing_is_not_said_to_be_kept(browser: Client, plan: MeasurePlan) -> None:
    assert browser.post(url("item-excuse"), {"reason": "ได้รับยกเว้น"}).status_code == 404
    assert "บันทึกเหตุผล" not in browser.get(url("plan")).content.decode()


def test_an_empty_reason_is_refused_at_its_box(browser: Client, plan: MeasurePlan) -> None:
    answer = browser.post(url("item-excuse"), {"item": ["e9"], "reason": " "})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "e๙: ยังไม่ได้เขียนเหตุผล" in page
    assert 'aria-describedby="reason-error"' in page
    assert not plan.excuses.exists()


# --- editing -----------------------------------------------------------------------------------------------


def test_boxes_are_saved_with_months_in_words_or_numbers(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.get(title__startswith="ประชุม")
    sent = boxes(measure, title="ประชุมใหม่", starts="ม.ค. ๖๗", ends="3/2567", units=["all"])
    browser.post(url("measure-save", measure.pk), sent)
    step = measure.steps.get()
    measure.refresh_from_db()
    assert (measure.title, measure.version) == ("ประชุมใหม่", 2)
    assert (step.starts_on, step.ends_on) == (date(2024, 1, 1), date(2024, 3, 31))
    assert step.all_units


def test_a_period_outside_the_year_is_saved_with_a_warning(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    sent = boxes(measure, ends="15 พ.ย. 2567")
    page = browser.post(url("measure-save", measure.pk), sent, follow=True).content.decode()
    assert measure.steps.get().ends_on == date(2024, 11, 15)
    assert "อยู่นอกปีงบประมาณ ๒๕๖๗" in body_of(page, measure)
    assert 'value="๑๕ พฤศจิกายน ๒๕๖๗"' in body_of(page, measure)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"title": "  "}, "ช่อง “มาตรการ/แนวทาง”: ยังว่างอยู่"),
        ({"starts": "ต้นปี"}, "ช่อง “ระยะเวลาดำเนินการ” (เริ่ม): อ่าน “ต้นปี” ไม่ได้"),
        ({"starts": "ตุลา ๒๕๖๖"}, "อ่าน “ตุลา ๒๕๖๖” ไม่ได้ ให้กรอกเดือนและปี พ.ศ. เช่น ตุลาคม ๒๕๖๖"),
        ({"ends": ""}, "ช่อง “ระยะเวลาดำเนินการ” (สิ้นสุด): ยังไม่ได้กรอก"),
        ({"ends": "31 ก.พ. 2567"}, "ไม่มีจริง"),
        ({"ends": "กันยายน 2566"}, "มาก่อนเริ่ม “ตุลาคม ๒๕๖๖”"),
        ({"units": ["999999"]}, "ไม่พบสำนัก/กองที่เลือก"),
    ],
)
def test_a_wrong_box_is_named_and_all_typed_text_stays(
    browser: Client, plan: MeasurePlan, change: dict, sentence: str
) -> None:
    measure = plan.measures.get(title__startswith="ประชุม")
    answer = browser.post(
        url("measure-save", measure.pk),
        boxes(measure, follow_up="พิมพ์ไว้แล้ว") | boxes(measure, **{"follow_up": "พิมพ์ไว้แล้ว", **change}),
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "(๕) กระบวนการสร้างความโปร่งใสในการใช้งบประมาณและการจัดซื้อจัดจ้าง มาตรการที่ ๑ ช่อง" in page
    assert re.search(rf'role="alert"><a href="#measure-{measure.pk}">\(๕\)[^<]*{re.escape(sentence)}', page)
    part = body_of(page, measure)
    assert sentence in part
    assert "พิมพ์ไว้แล้ว" in part
    assert change.get("starts", "") in part
    measure.refresh_from_db()
    assert measure.version == 1
    assert measure.steps.get().follow_up == "รายงานผลทุกไตรมาส"


def test_a_unit_of_another_organisation_is_refused(
    browser: Client, plan: MeasurePlan, stranger_organisation: Organisation
) -> None:
    foreign = stranger_organisation.units.create(name="กองอื่น")
    measure = plan.measures.first()
    answer = browser.post(url("measure-save", measure.pk), boxes(measure, units=[str(foreign.pk)]))
    assert answer.status_code == 422
    assert "กองอื่น" not in answer.content.decode()


def test_the_loser_of_two_edits_sees_both_texts(browser: Client, plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.first()
    mine = boxes(measure, title="ข้อความของฉัน")
    measure.save_edit(version=1, title="ข้อความของเพื่อน", steps={}, by=staff, at=NOW)
    answer = browser.post(url("measure-save", measure.pk), mine)
    part = body_of(answer.content.decode(), measure)
    assert answer.status_code == 409
    assert "ข้อความของฉัน</textarea>" in part
    assert "ข้อความของเพื่อน" in part
    browser.post(url("measure-save", measure.pk), mine | {"version": "2"})
    measure.refresh_from_db()
    assert measure.title == "ข้อความของฉัน"


def test_text_typed_into_a_row_removed_meanwhile_is_shown(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    measure = plan.measures.first()
    added = measure.add_step(version=1, by=staff, at=NOW)
    mine = boxes(measure, text="พิมพ์ในแถวที่หายไป")
    measure.remove_step(step=added, version=2, by=staff, at=NOW)
    page = browser.post(url("measure-save", measure.pk), mine).content.decode()
    assert "ในแถวที่ผู้อื่นลบไปแล้ว</strong> พิมพ์ในแถวที่หายไป" in page


def test_text_typed_into_a_deleted_measure_is_shown(browser: Client, plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.first()
    measure.delete_softly(by=staff, at=NOW)
    answer = browser.post(url("measure-save", measure.pk), boxes(measure, title="พิมพ์ค้างไว้"))
    assert answer.status_code == 409
    assert "พิมพ์ค้างไว้</textarea>" in answer.content.decode()


def test_text_typed_into_a_locked_plan_is_shown(browser: Client, plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.first()
    plan.lock(by=staff, at=NOW)
    answer = browser.post(url("measure-save", measure.pk), boxes(measure, title="พิมพ์ค้างไว้"))
    assert answer.status_code == 409
    assert "พิมพ์ค้างไว้</textarea>" in answer.content.decode()
    measure.refresh_from_db()
    assert measure.title != "พิมพ์ค้างไว้"


def test_a_script_gets_the_new_version_the_time_and_the_warning(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    sent = boxes(measure, title="ใหม่", ends="31/12/2567")
    answer = browser.post(url("measure-save", measure.pk), sent, headers=JSON).json()
    step = str(measure.steps.get().pk)
    assert answer["version"] == 2
    assert re.fullmatch(r"[๐-๙]{2}:[๐-๙]{2}", answer["at"])
    assert answer["limits"][step] == ["ตุลาคม ๒๕๖๖", "ธันวาคม ๒๕๖๗"]
    assert answer["warnings"][step].startswith("อยู่นอกปีงบประมาณ ๒๕๖๗")


def test_a_script_gets_the_box_that_is_wrong(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    answer = browser.post(url("measure-save", measure.pk), boxes(measure, ends="x"), headers=JSON)
    assert answer.status_code == 422
    assert list(answer.json()["boxes"]) == [f"ends-{measure.steps.get().pk}"]


def test_a_script_gets_what_somebody_else_saved(browser: Client, plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.first()
    mine = boxes(measure, title="ข้อความของฉัน")
    measure.save_edit(version=1, title="ข้อความของเพื่อน", steps={}, by=staff, at=NOW)
    answer = browser.post(url("measure-save", measure.pk), mine, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["version"] == 2
    assert "ข้อความของเพื่อน" in answer.json()["standing"]


# --- deeds -------------------------------------------------------------------------------------------------


def test_a_deed_saves_first_what_was_typed(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.get(title__startswith="ประชุม")
    sent = boxes(measure, title="พิมพ์แล้วเลื่อน") | {"to": "down"}
    browser.post(url("measure-move", measure.pk), sent)
    titles = [m.title for m in plan.grouped()["topic-5"]]
    assert titles == ["เผยแพร่รายงานการใช้จ่ายทุกไตรมาส", "พิมพ์แล้วเลื่อน"]


def test_a_deed_waits_for_a_wrong_box(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    answer = browser.post(url("step-add", measure.pk), boxes(measure, ends="ปลายปี"))
    assert answer.status_code == 422
    assert "ปลายปี" in body_of(answer.content.decode(), measure)
    assert measure.steps.count() == 1


def test_step_rows_come_and_go(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    browser.post(url("step-add", measure.pk), boxes(measure))
    assert measure.steps.count() == 2
    measure.refresh_from_db()
    last = measure.steps.last()
    browser.post(url("step-remove", measure.pk, last.pk), boxes(measure))
    page = browser.post(url("step-remove", measure.pk, measure.steps.get().pk), follow=True).content.decode()
    assert "อย่างน้อยหนึ่งแถว" in page
    assert measure.steps.count() == 1


def test_dropping_a_measure_into_another_group(browser: Client, plan: MeasurePlan) -> None:
    service, meeting, _ = (m for group in plan.grouped().values() for m in group)
    browser.post(url("measure-move", service.pk), {"group": "topic-5", "before": str(meeting.pk)})
    assert plan.grouped()["topic-5"][0].pk == service.pk
    assert browser.post(url("measure-move", service.pk), {"group": "IIT"}).status_code == 404


def test_deleting_offers_the_way_back(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.first()
    page = browser.post(url("measure-delete", measure.pk), follow=True).content.decode()
    assert f'action="{url("measure-restore", measure.pk)}"' in page
    assert f'id="measure-{measure.pk}"' not in page
    page = browser.post(url("measure-restore", measure.pk), follow=True).content.decode()
    assert f'id="measure-{measure.pk}"' in page


def test_a_deed_on_a_deleted_measure_offers_the_way_back(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    measure = plan.measures.first()
    measure.delete_softly(by=staff, at=NOW)
    for name in ("measure-move", "measure-duplicate", "measure-items", "step-add"):
        page = browser.post(url(name, measure.pk), {"to": "up"}, follow=True).content.decode()
        assert f'action="{url("measure-restore", measure.pk)}"' in page
    assert plan.measures.count() == 3


def test_filling_a_column(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.get(title__startswith="เปิดจุด")
    sent = boxes(measure, starts="มกราคม 2567") | {"fill": "period below"}
    step = measure.steps.get()
    page = browser.post(url("step-fill", measure.pk, step.pk), sent, follow=True).content.decode()
    assert "ใช้ระยะเวลาดำเนินการนี้กับอีก ๒ แถวแล้ว" in page
    assert {s.starts_on for m in plan.measures.all() for s in m.steps.all()} == {date(2024, 1, 1)}
    assert browser.post(url("step-fill", measure.pk, step.pk), {"fill": "title all"}).status_code == 404


def test_items_are_added_and_taken_away(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.get(title__startswith="ประชุม")
    browser.post(url("measure-items", measure.pk), {"item": ["e9"], "remove": ["i8"]})
    assert [item.code for item in measure.items.all()] == ["e9"]
    refused = browser.post(url("measure-items", measure.pk), {"item": ["i99"], "remove": ["e9"]})
    assert refused.status_code == 404
    assert [item.code for item in measure.items.all()] == ["e9"]


def test_measures_of_another_organisation_do_not_exist(
    browser: Client, plan: MeasurePlan, stranger_organisation: Organisation, staff: User
) -> None:
    other = Assessment.open_for(stranger_organisation, plan.assessment.instrument)
    other.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    theirs = MeasurePlan.start(assessment=other).add_measure(group="topic-1", by=staff, at=NOW)
    step = theirs.steps.get().pk
    for name in ("save", "move", "duplicate", "delete", "restore", "items"):
        assert browser.post(url(f"measure-{name}", theirs.pk), boxes(theirs)).status_code == 404
    assert browser.post(url("step-add", theirs.pk)).status_code == 404
    mine = plan.measures.first().pk
    assert browser.post(url("step-remove", mine, step)).status_code == 404
    assert browser.post(url("step-fill", mine, step), {"fill": "units all"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.deleted_at, theirs.version) == (None, 1)


# --- settings and texts ------------------------------------------------------------------------------------


def test_switching_the_grouping(browser: Client, plan: MeasurePlan) -> None:
    page = browser.post(url("grouping"), {"grouping": "indicators"}, follow=True).content.decode()
    assert "ตัวชี้วัดที่ ๒ การใช้งบประมาณ" in page
    browser.post(url("grouping"), {"grouping": "colours"})
    plan.refresh_from_db()
    assert plan.settings().grouping == "indicators"


def test_two_organisations_have_their_own_pages(client: Client, plan: MeasurePlan, stranger: User) -> None:
    client.force_login(make_member(stranger.memberships.get().organisation, "staff"))
    assert client.get(url("plan")).status_code == 404
    assert client.get(url("texts")).status_code == 404
