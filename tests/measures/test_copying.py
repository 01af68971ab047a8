"""What comes over from last year's plan, and what happens to years, periods, units and items on the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.copying import Mark, TextTaken, compare, copy_over, former_of
from measures.models import Change, Measure, MeasurePlan

from .conftest import NOW

URL = "/abt-tuayang/2567/measures/copy/"


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def former(empty_plan: MeasurePlan) -> MeasurePlan:
    """Return the plan of 2566 with one measure of each kind; i8 is weak in 2566, i1 is not."""
    organisation = empty_plan.assessment.organisation
    instrument = Instrument.objects.get(be_year=2565)
    assessment = Assessment.open_for(organisation, instrument)
    made = MeasurePlan.objects.create(assessment=assessment)
    office, treasury = organisation.units.all()
    rows: list[tuple[str, list[str], list[Any]]] = [
        ("ประชุมชี้แจงแผนปี 2566", ["i8"], [treasury, office]),
        ("ติดป้ายขั้นตอน", ["i1"], [office]),
        ("ข้อที่ถามไม่เหมือนกัน", ["o42"], [office]),
        ("อบรมบุคลากรทุกคน", [], []),
    ]
    for title, codes, units in rows:
        measure = made.add_measure(
            items=instrument.items.filter(code__in=codes), group="topic-5", by=_staff(organisation), at=NOW
        )
        Measure.objects.filter(pk=measure.pk).update(title=title)
        step = measure.steps.get()
        step.text, step.follow_up = "จัดประชุมภายในเดือนธันวาคม ๒๕๖๕\nตามระเบียบ พ.ศ. 2565", "รายงานภายใน ก.ย. 66"
        step.starts_on, step.ends_on = date(2022, 10, 1), date(2023, 2, 28)
        step.save()
        step.units.set(units)
    this = empty_plan.assessment.instrument
    this.question_map = {code: {"from": code, "kind": "same"} for code in ("i8", "i1")}
    this.save(update_fields=["question_map"])
    return made


def _staff(organisation: Organisation) -> User:
    return organisation.memberships.filter(role="staff")[0].user


def pick(former: MeasurePlan, *titles: str) -> list[Measure]:
    return [former.measures.get(title__contains=title) for title in titles]


def test_measures_are_marked_by_what_became_of_their_items(
    empty_plan: MeasurePlan, former: MeasurePlan
) -> None:
    found = {m.measure.title: m for m in compare(empty_plan, former).measures}
    assert {title: m.mark for title, m in found.items()} == {
        "ประชุมชี้แจงแผนปี 2566": Mark.STILL,
        "ติดป้ายขั้นตอน": Mark.MET,
        "ข้อที่ถามไม่เหมือนกัน": Mark.GONE,
        "อบรมบุคลากรทุกคน": Mark.FREE,
    }
    assert [m.is_wanted for m in found.values()] == [True, False, False, True]
    still = found["ประชุมชี้แจงแผนปี 2566"]
    assert (still.title, [item.code for item in still.again]) == ("ประชุมชี้แจงแผนปี 2567", ["i8"])
    assert "ไม่ต่ำกว่าเกณฑ์" in found["ติดป้ายขั้นตอน"].reasons[0]
    assert found["ข้อที่ถามไม่เหมือนกัน"].reasons == ("o42 ไม่มีคำถามเดียวกันในแบบประเมินปี 2566",)


def test_weak_items_without_a_measure_of_last_year_are_new(
    empty_plan: MeasurePlan, former: MeasurePlan
) -> None:
    comparison = compare(empty_plan, former)
    weak = {figure.code for figure in empty_plan.result().weak_items}
    assert {item.code for item in comparison.new} == weak - {"i8"}
    assert comparison.answered == frozenset()
    empty_plan.add_measure(
        items=empty_plan.assessment.instrument.items.filter(code="e9"),
        by=_staff(empty_plan.assessment.organisation),
        at=NOW,
    )
    assert compare(empty_plan, former).answered == {"e9"}


def test_a_question_joins_the_indicator_where_only_that_is_known(
    empty_plan: MeasurePlan, former: MeasurePlan, staff: User
) -> None:
    empty_plan.assessment.scores.all().delete()
    empty_plan.assessment.save_scores({("indicator-2", 0): Decimal(80)}, by=staff, at=NOW)
    found = {m.measure.title: m.mark for m in compare(empty_plan, former).measures}
    assert found["ประชุมชี้แจงแผนปี 2566"] is Mark.STILL
    assert found["ติดป้ายขั้นตอน"] is Mark.UNKNOWN
    empty_plan.assessment.save_scores({("indicator-1", 0): Decimal(90)}, by=staff, at=NOW)
    met = {m.measure.title: m for m in compare(empty_plan, former).measures}["ติดป้ายขั้นตอน"]
    copy_over(empty_plan, measures=pick(former, "ประชุมชี้แจง"), keys=[], by=staff, at=NOW)
    assert {item.code for item in empty_plan.measures.get().items.all()} == {"i8", "indicator-2"}
    assert (met.mark, met.reasons) == (Mark.MET, ("ตัวชี้วัดที่ 1 ปีนี้ได้ 90.00 ไม่ต่ำกว่าเกณฑ์",))


def test_years_periods_units_and_items_come_along(
    empty_plan: MeasurePlan, former: MeasurePlan, staff: User
) -> None:
    organisation = empty_plan.assessment.organisation
    organisation.units.filter(name="สำนักปลัด").update(is_active=False)
    chosen = pick(former, "ประชุมชี้แจง")
    assert copy_over(empty_plan, measures=chosen, keys=[], by=staff, at=NOW) == (1, 0)
    copy = empty_plan.measures.get()
    assert (copy.title, copy.topic, copy.copied_from) == ("ประชุมชี้แจงแผนปี 2567", 5, chosen[0])
    assert [(item.code, item.instrument.be_year) for item in copy.items.all()] == [("i8", 2566)]
    step = copy.steps.get()
    assert step.text == "จัดประชุมภายในเดือนธันวาคม ๒๕๖๖\nตามระเบียบ พ.ศ. 2565"
    assert step.follow_up == "รายงานภายใน ก.ย. 67"
    assert (step.starts_on, step.ends_on) == (date(2023, 10, 1), date(2024, 2, 29))
    assert [unit.name for unit in step.units.all()] == ["กองคลัง"]
    change = Change.objects.filter(plan=empty_plan).latest("pk")
    assert (change.by, change.subject) == (staff, f"measure:{copy.pk}")
    assert "คัดลอกจากมาตรการปี 2566" in change.label


def test_copying_twice_leaves_one(empty_plan: MeasurePlan, former: MeasurePlan, staff: User) -> None:
    chosen = pick(former, "ประชุมชี้แจง", "อบรม")
    copy_over(empty_plan, measures=chosen[:1], keys=[], by=staff, at=NOW)
    assert copy_over(empty_plan, measures=chosen, keys=[], by=staff, at=NOW) == (1, 0)
    assert empty_plan.measures.count() == 2
    assert [m.copied for m in compare(empty_plan, former).measures] == [True, False, False, True]


def test_a_deleted_copy_can_be_copied_again_and_brought_back(
    empty_plan: MeasurePlan, former: MeasurePlan, staff: User
) -> None:
    chosen = pick(former, "ประชุมชี้แจง")
    copy_over(empty_plan, measures=chosen, keys=[], by=staff, at=NOW)
    first = empty_plan.measures.get()
    first.delete_softly(by=staff, at=NOW)
    assert not compare(empty_plan, former).measures[0].copied
    copy_over(empty_plan, measures=chosen, keys=[], by=staff, at=NOW)
    first.refresh_from_db()
    first.restore(by=staff, at=NOW)
    assert empty_plan.measures.filter(deleted_at=None).count() == 2


def test_a_locked_plan_takes_no_copies(empty_plan: MeasurePlan, former: MeasurePlan, staff: User) -> None:
    empty_plan.lock(by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Locked):
        copy_over(empty_plan, measures=pick(former, "อบรม"), keys=[], by=staff, at=NOW)
    assert not empty_plan.measures.exists()


def test_measures_of_another_plan_stay_away(
    empty_plan: MeasurePlan, former: MeasurePlan, staff: User, stranger_organisation: Organisation
) -> None:
    theirs = MeasurePlan.objects.create(
        assessment=Assessment.open_for(stranger_organisation, former.assessment.instrument)
    )
    foreign = theirs.measures.create(title="ของเขา")
    with pytest.raises(MeasurePlan.Foreign):
        copy_over(empty_plan, measures=[foreign], keys=[], by=staff, at=NOW)
    assert former_of(theirs) is None


# --- texts -------------------------------------------------------------------------------------------------


@pytest.fixture
def texts(former: MeasurePlan, staff: User) -> None:
    """Edit two texts of last year."""
    for key, text in (
        ("limitations", "บุคลากรโอนย้ายในปี 2566"),
        ("opening", "ปี ๒๕๖๕ ได้ {คะแนนรวม} คะแนน"),
    ):
        former.texts.create(key=key, text=text, version=1, edited_at=NOW, edited_by=staff)


def test_edited_texts_come_with_their_years_moved(
    empty_plan: MeasurePlan, former: MeasurePlan, texts: None, staff: User
) -> None:
    offered = {text.key: text for text in compare(empty_plan, former).texts}
    assert {key: text.is_wanted for key, text in offered.items()} == {"opening": False, "limitations": True}
    assert copy_over(empty_plan, measures=[], keys=["limitations", "opening"], by=staff, at=NOW) == (0, 2)
    assert empty_plan.texts.get(key="limitations").text == "บุคลากรโอนย้ายในปี 2567"
    assert empty_plan.texts.get(key="opening").text == "ปี ๒๕๖๖ ได้ {คะแนนรวม} คะแนน"
    assert all(text.taken for text in compare(empty_plan, former).texts)


def test_nothing_is_copied_where_one_text_is_taken(
    empty_plan: MeasurePlan, former: MeasurePlan, texts: None, staff: User
) -> None:
    empty_plan.save_text(key="opening", text="ของปีนี้", version=0, by=staff, at=NOW)
    with pytest.raises(TextTaken):
        copy_over(
            empty_plan,
            measures=pick(former, "อบรม"),
            keys=["limitations", "opening"],
            by=staff,
            at=NOW,
        )
    assert not empty_plan.measures.exists()
    assert [text.text for text in empty_plan.texts.all()] == ["ของปีนี้"]


def test_a_text_that_was_not_edited_is_not_there_to_copy(
    empty_plan: MeasurePlan, former: MeasurePlan, texts: None, staff: User
) -> None:
    with pytest.raises(MeasurePlan.Foreign):
        copy_over(empty_plan, measures=[], keys=["limitations", "suggestions"], by=staff, at=NOW)
    assert not empty_plan.texts.exists()


# --- the page ----------------------------------------------------------------------------------------------


def ticks(page: str) -> list[str]:
    """Return the names of the ticked boxes of the page."""
    return [part.split('"')[0] for part in page.split('value="')[1:] if " checked" in part.split(">")[0]]


def test_the_page_ticks_what_is_to_be_done_again(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, texts: None
) -> None:
    page = browser.get(URL).content.decode()
    wanted = [str(m.pk) for m in pick(former, "ประชุมชี้แจง", "อบรม")]
    assert ticks(page) == [*wanted, "limitations"]
    assert "ข้อไม่ต่ำกว่าเกณฑ์แล้ว" in page
    assert "ข้อไม่มีในแบบประเมินปีนี้" in page
    assert "บุคลากรโอนย้ายในปี ๒๕๖๗" in page


def test_all_that_is_ticked_comes_at_once(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, texts: None
) -> None:
    sent = {"measure": [m.pk for m in pick(former, "ประชุมชี้แจง", "ติดป้าย")], "text": ["limitations"]}
    page = browser.post(URL, sent, follow=True).content.decode()
    assert "คัดลอก ๒ มาตรการ และข้อความ ๑ ตอน จากปี ๒๕๖๖ แล้ว" in page
    assert [m.title for m in empty_plan.measures.all()] == ["ประชุมชี้แจงแผนปี 2567", "ติดป้ายขั้นตอน"]
    page = browser.get(URL).content.decode()
    assert page.count("✓ คัดลอกแล้ว") == 2
    assert "จึงไม่คัดลอกทับ" in page


def test_choosing_nothing_is_answered_in_words(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan
) -> None:
    answer = browser.post(URL, {})
    assert answer.status_code == 422
    assert "ยังไม่ได้เลือกสิ่งที่จะคัดลอก" in answer.content.decode()
    assert ticks(answer.content.decode()) == []


def test_a_text_taken_meanwhile_refuses_all_and_keeps_the_ticks(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, texts: None, staff: User
) -> None:
    empty_plan.save_text(key="limitations", text="ของปีนี้", version=0, by=staff, at=NOW)
    (chosen,) = pick(former, "ติดป้าย")
    answer = browser.post(URL, {"measure": [chosen.pk], "text": ["limitations"]})
    assert answer.status_code == 409
    assert "ยังไม่ได้คัดลอกสิ่งใด" in answer.content.decode()
    assert ticks(answer.content.decode()) == [str(chosen.pk)]
    assert not empty_plan.measures.exists()


@pytest.mark.parametrize("sent", [{"measure": "999999"}, {"measure": "ก"}, {"text": "no-such"}])
def test_what_last_year_has_not_is_not_found(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, texts: None, sent: dict
) -> None:
    assert browser.post(URL, sent).status_code == 404
    assert not empty_plan.measures.exists()


def test_without_a_former_plan_the_page_says_so(browser: Client, empty_plan: MeasurePlan) -> None:
    assert "ยังไม่มีมาตรการปี ๒๕๖๖ ในระบบ" in browser.get(URL, follow=True).content.decode()
    assert URL not in browser.get(reverse("measures:plan", args=["abt-tuayang", 2567])).content.decode()


def test_the_plan_offers_last_year_where_there_is_one(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan
) -> None:
    plan = reverse("measures:plan", args=["abt-tuayang", 2567])
    assert f'href="{URL}"' in browser.get(plan).content.decode()
    Change.objects.filter(plan=empty_plan).delete()
    MeasurePlan.objects.filter(pk=empty_plan.pk).delete()
    assert "เริ่มจากมาตรการปี ๒๕๖๖" in browser.get(plan).content.decode()
    answer = browser.post(reverse("measures:plan-start", args=["abt-tuayang", 2567]), {"former": "1"})
    assert answer["Location"] == URL


def test_a_locked_plan_sends_back(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, staff: User
) -> None:
    empty_plan.lock(by=staff, at=NOW)
    assert "จึงแก้ไขไม่ได้" in browser.get(URL, follow=True).content.decode()
    answer = browser.post(URL, {"measure": [m.pk for m in pick(former, "อบรม")]})
    assert answer.status_code == 409
    assert not empty_plan.measures.exists()


def test_a_stranger_finds_no_page(
    client: Client, empty_plan: MeasurePlan, former: MeasurePlan, stranger: User
) -> None:
    client.force_login(stranger)
    assert client.get(URL).status_code == 404


def test_thirty_measures_ask_as_little_as_four(
    browser: Client,
    empty_plan: MeasurePlan,
    former: MeasurePlan,
    staff: User,
    texts: None,
    stranger_organisation: Organisation,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(25):
        browser.get(URL)
    items = list(former.assessment.instrument.items.filter(code__in=["i1", "i8", "o42"]))
    for number in range(30):
        measure = former.measures.create(title=f"มาตรการ {number}", topic=1)
        measure.items.set(items)
        step = measure.steps.create(starts_on=date(2022, 10, 1), ends_on=date(2023, 9, 30))
        step.units.set(former.assessment.organisation.units.all())
    other = Assessment.open_for(stranger_organisation, former.assessment.instrument)
    MeasurePlan.objects.create(assessment=other).measures.create(title="ความลับของเขา")
    with django_assert_num_queries(25):
        page = browser.get(URL).content.decode()
    assert page.count('name="measure"') == 34
    assert "ความลับของเขา" not in page


def test_the_table_tells_what_goes_on_from_last_year(
    browser: Client, empty_plan: MeasurePlan, former: MeasurePlan, staff: User
) -> None:
    plan = reverse("measures:plan", args=["abt-tuayang", 2567])
    assert "ต่อจากปี" not in browser.get(plan).content.decode()
    copy_over(empty_plan, measures=pick(former, "อบรม"), keys=[], by=staff, at=NOW)
    assert browser.get(plan).content.decode().count("ต่อจากปี ๒๕๖๖") == 1
