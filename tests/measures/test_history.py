"""Who changed what, and the way back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from ita_portal.organisations.models import Organisation, User
from measures.difference import difference
from measures.models import Change, Measure, MeasurePlan, StepEdit

from .test_plan import order

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)
QUERIES = 13
LATER = NOW + timedelta(hours=1)
MEETING = "ประชุมชี้แจงแผนการใช้จ่ายงบประมาณ"


@pytest.fixture
def measure(plan: MeasurePlan) -> Measure:
    """Return a measure of the plan, whose history begins only now."""
    plan.changes.all().delete()
    return plan.measures.get(title=MEETING)


def told(plan: MeasurePlan) -> list[str]:
    return list(plan.changes.values_list("label", flat=True))


def edit_of(measure: Measure, **changes: object) -> StepEdit:
    step = measure.steps.get()
    kept = {
        "text": step.text,
        "all_units": step.all_units,
        "units": tuple(step.units.all()),
        "starts_on": step.starts_on,
        "ends_on": step.ends_on,
        "follow_up": step.follow_up,
    }
    return StepEdit(**(kept | changes))


def test_an_edit_is_kept_with_old_and_new(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    edits = {measure.steps.get().pk: edit_of(measure, ends_on=date(2024, 3, 31), follow_up="สรุปผล")}
    measure.save_edit(version=1, title="ประชุมใหม่", steps=edits, by=staff, at=NOW)
    change = plan.changes.get()
    assert (change.subject, change.by, change.at) == (f"measure:{measure.pk}", staff, NOW)
    assert change.label == f"แก้ไขมาตรการ “{MEETING}”"
    assert change.before.splitlines() == [
        f"มาตรการ: {MEETING}",
        "ข้อที่ตอบ: i8",
        "ขั้นตอน: จัดประชุมชี้แจงทุกไตรมาส",
        "ขั้นตอน: ติดประกาศแผนที่สำนักงาน",
        "ผู้รับผิดชอบ: กองคลัง",
        "ระยะเวลาดำเนินการ: ตุลาคม 2566 – กันยายน 2567",
        "การติดตามประเมินผล: รายงานผลทุกไตรมาส",
    ]
    gone_and_come = set(change.after.splitlines()) ^ set(change.before.splitlines())
    assert "มาตรการ: ประชุมใหม่" in gone_and_come
    assert "ระยะเวลาดำเนินการ: ตุลาคม 2566 – มีนาคม 2567" in gone_and_come
    assert len(gone_and_come) == 6


def test_saving_the_same_writes_nothing(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    measure.save_edit(version=1, title=MEETING, steps={}, by=staff, at=NOW)
    assert told(plan) == []


def test_what_one_person_types_in_one_sitting_is_one_change(
    plan: MeasurePlan, measure: Measure, staff: User, administrator: User
) -> None:
    for version, title in enumerate(("ก", "กข", "กขค"), start=1):
        at = NOW + timedelta(minutes=version)
        measure.save_edit(version=version, title=title, steps={}, by=staff, at=at)
    change = plan.changes.get()
    assert change.label == f"แก้ไขมาตรการ “{MEETING}”"
    assert f"มาตรการ: {MEETING}" in change.before
    assert "มาตรการ: กขค" in change.after
    measure.save_edit(version=4, title="ของอีกคน", steps={}, by=administrator, at=NOW + timedelta(minutes=4))
    measure.save_edit(version=5, title="วันต่อมา", steps={}, by=administrator, at=NOW + timedelta(days=1))
    assert len(told(plan)) == 3


def test_typing_back_to_the_old_text_leaves_no_change(
    plan: MeasurePlan, measure: Measure, staff: User
) -> None:
    measure.save_edit(version=1, title=MEETING + " แล้ว", steps={}, by=staff, at=NOW)
    measure.save_edit(version=2, title=MEETING, steps={}, by=staff, at=NOW)
    assert told(plan) == []


def test_every_deed_on_a_measure_is_told(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    item = plan.assessment.instrument.items.get(code="e9")
    added = measure.add_step(version=1, by=staff, at=NOW)
    measure.remove_step(step=added, version=2, by=staff, at=NOW)
    measure.answer(items=[item], by=staff, at=NOW)
    measure.answer_no_more(item=item, by=staff, at=NOW)
    measure.place(group="topic-1", by=staff, at=NOW)
    measure.move(down=True, by=staff, at=NOW)
    copy = measure.duplicate(by=staff, at=NOW)
    copy.delete_softly(by=staff, at=NOW)
    copy.restore(by=staff, at=NOW)
    plan.add_measure(group="topic-1", by=staff, at=NOW)
    plan.excuse(item=item, reason="ยกเว้น", by=staff, at=NOW)
    plan.unexcuse(item=item, by=staff, at=NOW)
    name = f"“{MEETING}”"
    assert told(plan)[::-1] == [
        f"เพิ่มแถวขั้นตอนใน {name}",
        f"ลบแถวขั้นตอนใน {name}",
        f"เพิ่มข้อที่ตอบใน {name}",
        f"เอาข้อที่ตอบออกจาก {name}",
        f"ย้ายมาตรการ {name}",
        f"ย้ายมาตรการ {name}",
        f"ทำสำเนามาตรการ {name}",
        f"ลบมาตรการ {name}",
        f"นำกลับมาตรการ {name}",
        "เพิ่มมาตรการ “ยังไม่มีข้อความ”",
        "เหตุผลที่ไม่กำหนดมาตรการของ e9",
        "เหตุผลที่ไม่กำหนดมาตรการของ e9",
    ]


def test_filling_rows_tells_of_every_row_that_took_it(plan: MeasurePlan, staff: User) -> None:
    first, *_ = (m for group in plan.grouped().values() for m in group)
    first.steps.update(ends_on=date(2024, 3, 31))
    plan.changes.all().delete()
    plan.fill(step=first.steps.get(), what="period", below_only=False, by=staff, at=NOW)
    assert plan.changes.count() == 2
    for change in plan.changes.all():
        assert "กันยายน 2567" in change.before and "มีนาคม 2567" in change.after


def undo(plan: MeasurePlan, staff: User) -> None:
    plan.changes.latest("pk").undo(by=staff, at=LATER)


def test_an_edit_is_undone_as_a_new_change(
    plan: MeasurePlan, measure: Measure, staff: User, organisation: Organisation
) -> None:
    before = measure.state()
    edits = {measure.steps.get().pk: edit_of(measure, all_units=True, units=(), text="อื่น")}
    measure.save_edit(version=1, title="ประชุมใหม่", steps=edits, by=staff, at=NOW)
    undo(plan, staff)
    assert measure.state() == before
    assert told(plan) == ["คืนค่ามาตรการ “ประชุมใหม่”", f"แก้ไขมาตรการ “{MEETING}”"]
    undo(plan, staff)
    assert Measure.objects.get(pk=measure.pk).title == "ประชุมใหม่"


def test_removed_rows_and_deleted_measures_come_back(
    plan: MeasurePlan, measure: Measure, staff: User
) -> None:
    before = measure.state()
    added = measure.add_step(version=1, by=staff, at=NOW)
    with_two = measure.state()
    measure.remove_step(step=added, version=2, by=staff, at=NOW)
    undo(plan, staff)
    assert measure.state() == with_two
    measure.return_to(former=before, by=staff, at=NOW)
    assert measure.state() == before
    Measure.objects.get(pk=measure.pk).delete_softly(by=staff, at=NOW)
    undo(plan, staff)
    assert measure.state() == before


def test_a_move_is_undone_to_the_old_place(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    standing = order(plan)
    measure.place(group="topic-1", by=staff, at=NOW)
    assert order(plan) != standing
    undo(plan, staff)
    assert order(plan) == standing
    plan.measures.get(title=MEETING).move(down=True, by=staff, at=NOW)
    undo(plan, staff)
    assert order(plan) == standing


def test_an_added_measure_is_taken_out_again(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    added = plan.add_measure(group="topic-1", by=staff, at=NOW)
    undo(plan, staff)
    assert added.pk not in plan.measures.filter(deleted_at=None).values_list("pk", flat=True)


def test_a_reason_comes_back(plan: MeasurePlan, staff: User) -> None:
    item = plan.assessment.instrument.items.get(code="e9")
    plan.excuse(item=item, reason="เหตุผลเดิม", by=staff, at=NOW)
    plan.excuse(item=item, reason="เหตุผลใหม่", by=staff, at=NOW)
    undo(plan, staff)
    assert plan.excuses.get().reason == "เหตุผลเดิม"
    plan.changes.get(subject="excuse:e9", before="").undo(by=staff, at=LATER)
    assert not plan.excuses.exists()


def test_a_text_comes_back(plan: MeasurePlan, staff: User) -> None:
    first = plan.save_text(key="limitations", text="ข้อจำกัดเดิม", version=0, by=staff, at=NOW)
    assert first is not None
    plan.save_text(key="limitations", text="ข้อจำกัดใหม่", version=first.version, by=staff, at=LATER)
    undo(plan, staff)
    assert plan.texts.get(key="limitations").text == "ข้อจำกัดเดิม"


def test_a_locked_plan_undoes_nothing(plan: MeasurePlan, measure: Measure, staff: User) -> None:
    measure.save_edit(version=1, title="ใหม่", steps={}, by=staff, at=NOW)
    plan.lock(by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Locked):
        undo(plan, staff)
    assert Measure.objects.get(pk=measure.pk).title == "ใหม่"


def test_settings_are_told_but_not_undone(plan: MeasurePlan, staff: User) -> None:
    plan.changes.all().delete()
    plan.set_up(grouping="indicators", by=staff, at=NOW)
    assert "ตามประเด็นทั้งเจ็ด" in plan.changes.get().before
    with pytest.raises(Change.NotUndoable):
        undo(plan, staff)


def test_a_change_changes_something(plan: MeasurePlan, staff: User) -> None:
    with pytest.raises(IntegrityError, match="change_changes_something"), transaction.atomic():
        plan.changes.create(subject="settings", label="ก", before="x", after="x", by=staff, at=NOW)


def test_lines_that_changed_stand_old_above_new() -> None:
    lines = difference("ก\nข\n\nค", "ก\nขข\nค\nง")
    assert [(line.mark, line.text) for line in lines] == [
        ("same", "ก"),
        ("old", "ข"),
        ("new", "ขข"),
        ("same", "ค"),
        ("new", "ง"),
    ]
    assert difference("", "ก")[0].mark == "new"


# --- the page ---


def url(name: str = "history", *args: object) -> str:
    return reverse(f"measures:{name}", args=["abt-tuayang", 2567, *args])


def closed_up(page: str) -> str:
    """Return a page without the blanks before its tags."""
    return re.sub(r"\s+<", "<", page)


def test_the_page_shows_old_struck_out_above_new(
    client: Client, plan: MeasurePlan, measure: Measure, staff: User
) -> None:
    measure.save_edit(version=1, title="ประชุมปี 2567", steps={}, by=staff, at=NOW)
    client.force_login(staff)
    page = closed_up(client.get(url()).content.decode())
    old, new = page.index(f"มาตรการ: {MEETING}</del>"), page.index("มาตรการ: ประชุมปี ๒๕๖๗</ins>")
    assert page.index("<del>") < old < page.index("<ins>") < new
    assert "สมหญิง staff" in page and "๑\u00a0ก.พ.\u00a0๖๗ ๐๗:๐๐ น." in page
    assert "คืนค่าเดิมนี้" in page


def test_the_page_can_be_narrowed(client: Client, plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="limitations", text="คนน้อย", version=0, by=staff, at=NOW)
    client.force_login(staff)
    measure = plan.measures.get(title=MEETING)

    def labels(about: str) -> list[str]:
        return [change.label for change, _ in client.get(url(), {"about": about}).context["changes"]]

    assert len(labels("")) == len(labels("measure")) + 1
    assert labels("text") == labels("text:limitations") == ["แก้ไขข้อความ ข้อจำกัดของหน่วยงานในการดำเนินการ"]
    assert all(
        change.subject == f"measure:{measure.pk}" for change in plan.changes.filter(label__contains=MEETING)
    )
    assert (
        len(labels(f"measure:{measure.pk}")) == plan.changes.filter(subject=f"measure:{measure.pk}").count()
    )
    assert labels("measure:999") == labels("อื่น") == []


def test_the_old_value_comes_back_by_its_button(
    client: Client, plan: MeasurePlan, measure: Measure, staff: User
) -> None:
    measure.save_edit(version=1, title="ใหม่", steps={}, by=staff, at=NOW)
    client.force_login(staff)
    page = client.post(url("change-undo", plan.changes.get().pk), follow=True).content.decode()
    assert "คืนค่าแล้ว" in page
    assert Measure.objects.get(pk=measure.pk).title == MEETING


def test_live_fields_of_texts_show_their_values(client: Client, plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="limitations", text="ได้ {i8} คะแนน", version=0, by=staff, at=NOW)
    client.force_login(staff)
    page = closed_up(client.get(url(), {"about": "text"}).content.decode())
    assert "</span>ได้<span" in page and ">๘๐.๗๐</span> คะแนน</ins>" in page


def test_what_cannot_come_back_is_said(client: Client, plan: MeasurePlan, staff: User) -> None:
    plan.changes.all().delete()
    plan.measures.get(title=MEETING).place(group="topic-1", by=staff, at=NOW)
    moved = plan.changes.get()
    plan.set_up(grouping="indicators", by=staff, at=NOW)
    client.force_login(staff)
    page = client.post(url("change-undo", moved.pk), follow=True).content.decode()
    assert "ตารางไม่มีกลุ่มเดิมแล้ว" in page
    assert plan.measures.get(title=MEETING).topic == 1


def test_readers_get_no_button_and_other_plans_no_change(
    client: Client, plan: MeasurePlan, measure: Measure, staff: User, approver: User, stranger: User
) -> None:
    measure.save_edit(version=1, title="ใหม่", steps={}, by=staff, at=NOW)
    client.force_login(approver)
    assert "คืนค่าเดิมนี้" not in client.get(url()).content.decode()
    client.force_login(stranger)
    theirs = reverse("measures:change-undo", args=["tessaban-uen", 2567, plan.changes.get().pk])
    assert client.post(theirs).status_code == 404
    assert Measure.objects.get(pk=measure.pk).title == "ใหม่"


def test_forty_changes_need_no_more_queries_than_one(
    client: Client,
    plan: MeasurePlan,
    measure: Measure,
    staff: User,
    administrator: User,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(staff)
    measure.save_edit(version=1, title="ใหม่", steps={}, by=staff, at=NOW)
    # The newest: its live fields need the result.
    plan.save_text(key="limitations", text="ได้ {i8}", version=0, by=staff, at=NOW + timedelta(days=9))
    client.get(url())
    with django_assert_num_queries(QUERIES):
        client.get(url())
    for number in range(40):
        who = administrator if number % 2 else staff
        measure.save_edit(version=number + 2, title=f"ครั้งที่ {number}", steps={}, by=who, at=NOW)
    with django_assert_num_queries(QUERIES):
        page = client.get(url())
    assert len(page.context["changes"]) == 25
