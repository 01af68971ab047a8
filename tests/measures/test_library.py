"""The library: an organisation's own entries, search, use, and that nobody sees another's."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import LibraryEntry, Measure, MeasurePlan
from measures.models.library import Suggestions, items_here
from tests.conftest import make_member

from .conftest import NOW

TEXTS = {"title": "จัดเวทีชี้แจงงบ", "steps": "จัดเวที\nสรุปผล", "unit_name": "กองคลัง", "follow_up": "รายงาน"}


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def url(name: str = "library", *args: Any) -> str:
    return reverse(f"measures:{name}", args=["abt-tuayang", *args])


def make_entry(organisation: Organisation, by: User, *codes: str, **texts: Any) -> LibraryEntry:
    entry = LibraryEntry.objects.create(
        organisation=organisation, kept_at=NOW, kept_by=by, **(TEXTS | {"topic": 5} | texts)
    )
    entry.items.set(Instrument.objects.get(be_year=2566).items.filter(code__in=codes))
    return entry


def keys_on(page: str) -> set[str]:
    """Return the titles of the entries on a page of the library."""
    return {entry.title for entry in LibraryEntry.objects.all() if f'id="entry-{entry.pk}"' in page}


# --- keeping -----------------------------------------------------------------------------------------------


def test_a_measure_is_kept_with_all_that_it_says(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.get(title="เผยแพร่รายงานการใช้จ่ายทุกไตรมาส")
    second = measure.add_step(version=measure.version, by=staff, at=NOW)
    second.text = "๑๐๐ แผ่นพับ\n\n ติดประกาศ "
    second.save()
    kept = LibraryEntry.keep(measure=measure, by=staff, at=NOW)
    kept.refresh_from_db()
    measure.refresh_from_db()
    assert (kept.organisation, kept.kept_by, kept.kept_at, kept.key) == (
        plan.assessment.organisation,
        staff,
        NOW,
        "",
    )
    assert kept.title == "เผยแพร่รายงานการใช้จ่ายทุกไตรมาส"
    assert kept.step_lines == ["สรุปรายงานทุกไตรมาส", "100 แผ่นพับ", "ติดประกาศ"]
    assert kept.unit_name == "สำนักปลัด, กองคลัง"
    assert kept.follow_up == "รายงานผลทุกไตรมาส"
    assert (kept.topic, [item.code for item in kept.items.all()]) == (5, ["i7"])
    assert measure.entry == kept


def test_the_same_measure_is_kept_once(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.all()[0]
    LibraryEntry.keep(measure=measure, by=staff, at=NOW)
    with pytest.raises(LibraryEntry.AlreadyKept):
        LibraryEntry.keep(measure=measure, by=staff, at=NOW)
    assert LibraryEntry.objects.count() == 1


@pytest.mark.parametrize("field", ["title", "steps"])
def test_an_empty_measure_is_not_kept(plan: MeasurePlan, staff: User, field: str) -> None:
    measure = plan.measures.all()[0]
    if field == "title":
        measure.title = " "
    else:
        measure.steps.update(text=" \n ")
    with pytest.raises(LibraryEntry.NoText) as refused:
        LibraryEntry.keep(measure=measure, by=staff, at=NOW)
    assert refused.value.field == field
    assert not LibraryEntry.objects.exists()


def test_a_kept_measure_comes_back_as_it_was(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.get(title="เผยแพร่รายงานการใช้จ่ายทุกไตรมาส")
    plan.assessment.organisation.units.filter(name="สำนักปลัด").update(is_active=False)
    kept = LibraryEntry.keep(measure=measure, by=staff, at=NOW)
    again = plan.add_measure(entry=kept, by=staff, at=NOW)
    step = again.steps.get()
    assert (again.title, step.text, step.follow_up) == (kept.title, kept.steps, kept.follow_up)
    assert [unit.name for unit in step.units.all()] == ["กองคลัง"]
    assert again.entry == kept


def test_taking_an_entry_out_leaves_its_measures(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.all()[0]
    LibraryEntry.keep(measure=measure, by=staff, at=NOW).delete()
    measure.refresh_from_db()
    assert measure.entry is None


def test_revising_is_refused_to_the_second_of_two(organisation: Organisation, staff: User) -> None:
    entry = LibraryEntry.objects.create(organisation=organisation, kept_at=NOW, kept_by=staff, **TEXTS)
    entry.revise(version=1, topic=3, by=staff, at=NOW, **TEXTS | {"title": "ใหม่ ๑"})
    assert (entry.title, entry.topic, entry.version) == ("ใหม่ 1", 3, 2)
    with pytest.raises(LibraryEntry.Conflict) as conflict:
        entry.revise(version=1, topic=3, by=staff, at=NOW, **TEXTS)
    assert conflict.value.standing.title == "ใหม่ 1"
    with pytest.raises(LibraryEntry.NoText):
        entry.revise(version=2, topic=3, by=staff, at=NOW, **TEXTS | {"steps": "\n"})


@pytest.mark.parametrize(
    "fields",
    [
        {"key": ""},
        {"key": "x-1", "kept_at": NOW},
        {"key": "x-1", "topic": 0},
        {"key": "taken"},
    ],
)
def test_a_starter_has_a_key_of_its_own_and_nobody(db: None, fields: dict) -> None:
    LibraryEntry.objects.create(key="taken", title="ก", steps="ข")
    with pytest.raises(IntegrityError), transaction.atomic():
        LibraryEntry.objects.create(title="ก", steps="ข", **fields)


@pytest.mark.parametrize("fields", [{"key": "x-1"}, {"kept_at": None}, {"kept_by": None}])
def test_an_own_entry_has_no_key_but_who_and_when(
    organisation: Organisation, staff: User, fields: dict
) -> None:
    whole = {"organisation": organisation, "kept_at": NOW, "kept_by": staff} | TEXTS
    LibraryEntry.objects.create(**whole)
    with pytest.raises(IntegrityError), transaction.atomic():
        LibraryEntry.objects.create(**whole | fields)


# --- strangers ---------------------------------------------------------------------------------------------


def test_a_stranger_never_meets_anothers_entries(
    client: Client, plan: MeasurePlan, library: None, stranger_organisation: Organisation, stranger: User
) -> None:
    theirs = make_entry(stranger_organisation, stranger, "i8", title="ความลับของเขา")
    make_entry(stranger_organisation, stranger, title="ความลับทั้งประเด็น")
    organisation = plan.assessment.organisation
    staff = make_member(organisation, "administrator", "aaa")
    suggestions = Suggestions(plan.assessment.instrument, organisation)
    assert theirs not in suggestions.own("i8")
    assert all(entry.organisation is None for entry in suggestions.general(range(1, 8)))
    assert theirs in Suggestions(plan.assessment.instrument, stranger_organisation).own("i8")
    client.force_login(staff)
    for page in (
        client.get(url(), {"q": "ความลับ"}),
        client.get(url(), {"own": "1"}),
        client.get(url(), {"q": "i8"}),
        client.get(reverse("measures:plan", args=["abt-tuayang", 2567]), {"item": ["i8"]}),
    ):
        assert page.status_code == 200
        assert 'id="drawer-title"' in page.content.decode() or "คลังมาตรการ" in page.content.decode()
        assert theirs.title not in page.content.decode()
    used = client.post(reverse("measures:measure-add", args=["abt-tuayang", 2567]), {"entry": theirs.pk})
    assert used.status_code == 404
    assert client.get(url("entry-edit", theirs.pk)).status_code == 404
    assert client.post(url("entry-delete", theirs.pk)).status_code == 404
    assert LibraryEntry.objects.filter(pk=theirs.pk).exists()
    plan.add_suggested(by=staff, at=NOW)
    assert not Measure.objects.filter(entry=theirs).exists()


def test_own_entries_are_suggested_first(plan: MeasurePlan, library: None, staff: User) -> None:
    organisation = plan.assessment.organisation
    mine = make_entry(organisation, staff, "e9")
    found = Suggestions(plan.assessment.instrument, organisation).own("e9")
    assert [entry.key for entry in found] == ["", "e9-1", "e9-2"]
    assert found[0] == mine


def test_an_own_entry_hides_no_starter_of_its_indicator(
    plan: MeasurePlan, library: None, staff: User
) -> None:
    organisation = plan.assessment.organisation
    mine = make_entry(organisation, staff, "indicator-2")
    found = Suggestions(plan.assessment.instrument, organisation).own("indicator-2")
    assert found[0] == mine
    assert {"i7-1", "i12-1"} <= {entry.key for entry in found}
    assert len(found) == len(set(found))


# --- finding -----------------------------------------------------------------------------------------------


def test_codes_in_any_notation_find_the_same(browser: Client, plan: MeasurePlan, library: None) -> None:
    for typed in ("ข้อ i๗", "I7", "ข้อ i7 ไตรมาส"):
        page = browser.get(url(), {"q": typed}).content.decode()
        found = LibraryEntry.objects.filter(pk__in=[int(n) for n in _pks(page)])
        assert found, typed
        assert {item.code for entry in found for item in entry.items.all()} == {"i7"}, typed
    page = browser.get(url(), {"q": "๓๕", "tool": "OIT"}).content.decode()
    assert {e.key for e in LibraryEntry.objects.filter(pk__in=_pks(page))} == {"o35-1"}


def _pks(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('id="entry-')[1:]]


def test_all_words_must_occur_in_either_digits(browser: Client, plan: MeasurePlan, staff: User) -> None:
    organisation = plan.assessment.organisation
    make_entry(organisation, staff, title="ประชุม 4 ครั้ง", steps="กองคลังรายงาน")
    make_entry(organisation, staff, title="ประชุมใหญ่", steps="สำนักปลัดรายงาน")
    for typed in ("ประชุม กองคลัง", "๔ ครั้ง", "4 รายงาน"):
        assert keys_on(browser.get(url(), {"q": typed}).content.decode()) == {"ประชุม 4 ครั้ง"}
    page = browser.get(url(), {"q": "ประชุม กองช่าง"}).content.decode()
    assert "ไม่พบมาตรการที่ค้นหา" in page
    assert 'value="ประชุม กองช่าง"' in page


def test_filters_narrow_by_tool_topic_and_owner(
    browser: Client, plan: MeasurePlan, library: None, staff: User
) -> None:
    make_entry(plan.assessment.organisation, staff, "e9", topic=2, title="ของเรา")
    tools = {
        item.code[0]
        for entry in LibraryEntry.objects.filter(
            pk__in=_pks(browser.get(url(), {"tool": "EIT"}).content.decode())
        )
        for item in entry.items.all()
    }
    assert tools == {"e"}
    page = browser.get(url(), {"topic": "3"}).content.decode()
    assert {e.topic for e in LibraryEntry.objects.filter(pk__in=_pks(page))} == {3}
    assert keys_on(browser.get(url(), {"own": "1"}).content.decode()) == {"ของเรา"}
    assert keys_on(browser.get(url(), {"own": "1", "tool": "IIT"}).content.decode()) == set()


@pytest.mark.parametrize(
    "bad", [{"tool": "XYZ"}, {"topic": "๑๒๓๔๕๖๗๘๙๐๑๒๓๔"}, {"page": "ก"}, {"q": "%_'\"<"}]
)
def test_nonsense_in_the_address_is_answered(
    browser: Client, plan: MeasurePlan, library: None, bad: dict
) -> None:
    assert browser.get(url(), bad).status_code == 200


def test_uses_count_the_organisations_standing_measures(
    browser: Client,
    plan: MeasurePlan,
    staff: User,
    library: None,
    stranger_organisation: Organisation,
) -> None:
    entry = LibraryEntry.objects.get(key="i8-1")
    measures = [plan.add_measure(entry=entry, by=staff, at=NOW) for _ in range(3)]
    measures[0].delete_softly(by=staff, at=NOW)
    counted = LibraryEntry.objects.with_uses(plan.assessment.organisation).get(pk=entry.pk)
    assert counted.uses == 2
    theirs = LibraryEntry.objects.with_uses(stranger_organisation).get(pk=entry.pk)
    assert theirs.uses == 0
    assert "ใช้แล้ว ๒ ครั้ง" in browser.get(url(), {"q": "i8"}).content.decode()


def test_a_thousand_entries_ask_as_little_as_ten(
    browser: Client, plan: MeasurePlan, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organisation = plan.assessment.organisation
    items = list(plan.assessment.instrument.items.all())
    through = LibraryEntry.items.through

    def fill(count: int) -> None:
        made = LibraryEntry.objects.bulk_create(
            LibraryEntry(organisation=organisation, kept_at=NOW, kept_by=staff, **TEXTS) for _ in range(count)
        )
        through.objects.bulk_create(
            through(libraryentry_id=entry.pk, item_id=item.pk) for entry in made for item in items[20:23]
        )

    fill(10)
    with django_assert_num_queries(10):
        browser.get(url())
    fill(990)
    with django_assert_num_queries(10):
        page = browser.get(url()).content.decode()
    assert "พบ ๑๐๐๐ มาตรการ" in page
    assert "หน้า ๑ จาก ๕๐" in page
    assert page.count('id="entry-') == 20


# --- using and editing -------------------------------------------------------------------------------------


def test_an_entry_is_used_with_its_items(browser: Client, plan: MeasurePlan, library: None) -> None:
    page = browser.get(url(), {"q": "i8"}).content.decode()
    assert "ใช้ในแผนปี ๒๕๖๗" in page
    assert '<input type="hidden" name="item" value="i8">' in page
    entry = LibraryEntry.objects.get(key="i8-1")
    browser.post(
        reverse("measures:measure-add", args=["abt-tuayang", 2567]), {"entry": entry.pk, "item": ["i8"]}
    )
    added = Measure.objects.get(entry=entry)
    assert [item.code for item in added.items.all()] == ["i8"]


def test_items_of_the_year_before_go_by_the_question_map(instruments: None) -> None:
    this, last = (Instrument.objects.get(be_year=year) for year in (2566, 2565))
    this.question_map = {"i9": {"from": "i7", "kind": "same"}, "i7": {"kind": "new"}}
    items = last.items.filter(code__in=["i7", "i8", "indicator-2"]).select_related("instrument")
    assert set(items_here(this, items)) == {"i9", "indicator-2"}
    entry = LibraryEntry.objects.create(key="x", title="ก", steps="ข")
    entry.items.set(last.items.filter(code="i7"))
    assert list(LibraryEntry.objects.about(this, ["i9"])) == [entry]
    assert not LibraryEntry.objects.about(this, ["i7"])
    assert list(LibraryEntry.objects.about(Instrument.objects.get(be_year=2568), ["i7"])) == [entry]


def test_a_reader_sees_no_buttons(client: Client, plan: MeasurePlan, library: None, approver: User) -> None:
    client.force_login(approver)
    page = client.get(url(), {"q": "i8"}).content.decode()
    assert 'id="entry-' in page
    assert "ใช้ในแผนปี" not in page


def test_a_locked_plan_takes_nothing(browser: Client, plan: MeasurePlan, library: None, staff: User) -> None:
    plan.lock(by=staff, at=NOW)
    assert "ใช้ในแผนปี" not in browser.get(url()).content.decode()


def test_without_a_plan_the_library_is_read(
    browser: Client, organisation: Organisation, library: None
) -> None:
    page = browser.get(url(), {"q": "i8"}).content.decode()
    assert 'id="entry-' in page
    assert "ใช้ในแผนปี" not in page


def test_keeping_from_the_table(browser: Client, plan: MeasurePlan) -> None:
    measure = plan.measures.all()[0]
    keep = reverse("measures:measure-keep", args=["abt-tuayang", 2567, measure.pk])
    assert "เก็บเข้าคลังของหน่วยงานแล้ว" in browser.post(keep, follow=True).content.decode()
    assert "มีมาตรการนี้อยู่แล้ว" in browser.post(keep, follow=True).content.decode()
    measure.steps.update(text="")
    assert "ยังไม่มีขั้นตอน" in browser.post(keep, follow=True).content.decode()
    assert LibraryEntry.objects.get().organisation == plan.assessment.organisation


def test_an_own_entry_is_edited(browser: Client, plan: MeasurePlan, staff: User) -> None:
    entry = make_entry(plan.assessment.organisation, staff, "i8", steps="จัด 2 ครั้ง")
    assert "จัด ๒ ครั้ง</textarea>" in browser.get(url("entry-edit", entry.pk)).content.decode()
    sent = TEXTS | {"version": "1", "topic": "3", "recommendation": "คะแนนต่ำกว่า ๘๕", "steps": "จัด ๓ ครั้ง"}
    browser.post(url("entry-edit", entry.pk), sent)
    entry.refresh_from_db()
    assert (entry.steps, entry.recommendation, entry.topic) == ("จัด 3 ครั้ง", "คะแนนต่ำกว่า 85", 3)
    answer = browser.post(url("entry-edit", entry.pk), sent | {"title": "ของฉัน"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ของฉัน</textarea>" in page
    assert "จัดเวทีชี้แจงงบ" in page
    assert 'name="version" value="2"' in page
    answer = browser.post(
        url("entry-edit", entry.pk), sent | {"version": "2", "steps": " ", "title": "ของฉัน"}
    )
    assert answer.status_code == 422
    assert "ยังไม่ได้เขียนขั้นตอน" in answer.content.decode()
    assert "ของฉัน</textarea>" in answer.content.decode()
    entry.refresh_from_db()
    assert entry.title == TEXTS["title"]


def test_starter_entries_cannot_be_edited_or_deleted(
    browser: Client, plan: MeasurePlan, library: None
) -> None:
    starter = LibraryEntry.objects.get(key="i8-1")
    assert browser.get(url("entry-edit", starter.pk)).status_code == 404
    assert browser.post(url("entry-delete", starter.pk)).status_code == 404


def test_an_own_entry_is_deleted(browser: Client, plan: MeasurePlan, staff: User) -> None:
    entry = make_entry(plan.assessment.organisation, staff)
    page = browser.post(url("entry-delete", entry.pk), follow=True).content.decode()
    assert "ออกจากคลังของหน่วยงานแล้ว" in page
    assert not LibraryEntry.objects.exists()
