"""Corrections of what was approved, and the plan that is locked and open as its memos want it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.models import EDITABLE, IssuedPaper, Memo
from reports.sending import send

from .memos import SENT_AT, approved_memo, draft_memo, pass_on, sent_memo

pytestmark = pytest.mark.django_db

LATER = SENT_AT + timedelta(days=30)


def is_locked(plan: MeasurePlan) -> bool:
    return MeasurePlan.objects.get(pk=plan.pk).is_locked


def send_and_approve(memo: Memo, *, by: User) -> None:
    """Send a memo and let every step pass it on."""
    send(memo, by=by, at=LATER)
    for _ in memo.chain:
        pass_on(memo, hours=24 * 31)


def other_memo(memo: Memo, *papers: str, by: User) -> Memo:
    """Return a draft about other papers of the same plan, with the same chain."""
    return draft_memo(memo.plan, by=by, papers=papers, chain=[step.entry for step in memo.chain])


def revisions(plan: MeasurePlan) -> list[tuple[str, int, int | None, bool]]:
    """Return kind, revision, what it replaces and whether it is current, of all approved papers of a plan."""
    papers = plan.issued.order_by("pk")
    replaced = {paper.pk: paper.revision for paper in papers}
    return [(each.kind, each.revision, replaced.get(each.replaces_id), each.is_current) for each in papers]


def test_a_revision_copies_the_memo_and_opens_the_plan(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason=" แก้ไขระยะเวลา ", by=staff, at=LATER)
    kept = {name: getattr(memo, name) for name in EDITABLE}
    assert {name: getattr(revision, name) for name in EDITABLE} == kept | {
        "subject": f"{memo.subject} (ฉบับแก้ไขครั้งที่ 1)",
        "background": "ตามบันทึกข้อความ ที่ ตย 77501/1 ลงวันที่ 25 มีนาคม 2567 ซึ่งได้รับอนุมัติแล้ว นั้น "
        f"ขอเสนอฉบับแก้ไข โดยมีเหตุผลดังนี้ แก้ไขระยะเวลา\n{memo.background}",
    }
    assert (revision.state, revision.round, revision.number) == ("draft", 1, None)
    assert (revision.revises, revision.revision_reason) == (memo, "แก้ไขระยะเวลา")
    assert (revision.created_by, revision.created_at) == (staff, LATER)
    assert [step.entry for step in revision.chain] == [step.entry for step in memo.chain]
    assert [step.decision for step in revision.chain] == ["", "", ""]
    assert is_locked(small_plan) is False
    event = Event.objects.of(memo.organisation).first()
    assert (event.verb, event.sentence) == ("memo-revised", "เริ่มฉบับแก้ไขของบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑")
    assert (event.facts["reason"], event.facts["revision"]) == ("แก้ไขระยะเวลา", revision.pk)
    memo.refresh_from_db()
    assert memo.state == "approved"


def test_a_revision_replaces_what_it_corrects_and_the_old_stays(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    old = list(memo.issued.order_by("pk").values())
    revision = memo.revise(reason="แก้ไขบทนำ", by=staff, at=LATER)
    small_plan.refresh_from_db()
    small_plan.save_text(key="opening", text="บทนำที่แก้แล้ว", version=0, by=staff, at=LATER)
    send_and_approve(revision, by=staff)
    assert revisions(small_plan) == [
        ("memo", 0, None, False),
        ("plan", 0, None, False),
        ("memo", 1, 0, True),
        ("plan", 1, 0, True),
    ]
    assert is_locked(small_plan)
    assert list(memo.issued.order_by("pk").values()) == old
    assert "บทนำที่แก้แล้ว" in revision.issued.get(kind="plan").body
    assert "บทนำที่แก้แล้ว" not in memo.issued.get(kind="plan").body
    codes = set(IssuedPaper.objects.values_list("code", flat=True))
    assert len(codes) == 4
    assert revision.issued.get(kind="plan").revision_label == "ฉบับแก้ไขครั้งที่ 1"
    third = revision.revise(reason="อีกครั้ง", by=staff, at=LATER)
    send_and_approve(third, by=staff)
    assert revisions(small_plan)[4:] == [("memo", 2, 1, True), ("plan", 2, 1, True)]


def test_a_memo_is_revised_once_at_a_time_and_with_a_reason(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    with pytest.raises(Memo.NoReason):
        memo.revise(reason=" ", by=staff, at=LATER)
    assert is_locked(small_plan)
    revision = memo.revise(reason="แก้ไข", by=staff, at=LATER)
    with pytest.raises(Memo.AlreadyRevised) as refused:
        memo.revise(reason="แก้ไข", by=staff, at=LATER)
    assert str(refused.value) == "มีฉบับแก้ไขของบันทึกข้อความนี้แล้ว ให้ทำต่อในฉบับนั้น"
    send_and_approve(revision, by=staff)
    with pytest.raises(Memo.AlreadyRevised):
        memo.revise(reason="แก้ไข", by=staff, at=LATER)
    assert Memo.objects.count() == 2


def test_a_revision_carries_all_that_it_replaces_and_may_carry_more(
    small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไข", by=staff, at=LATER)
    revision.edit(version=0, fields={"papers": ["analysis"]})
    with pytest.raises(Memo.AlreadyIssued) as refused:
        send(revision, by=staff, at=LATER)
    assert str(refused.value) == ("ฉบับแก้ไขต้องแนบเอกสารครบเท่าฉบับเดิม ยังขาด มาตรการส่งเสริมคุณธรรมและความโปร่งใส")
    revision.edit(version=1, fields={"papers": ["plan", "analysis"]})
    send_and_approve(revision, by=staff)
    assert revisions(small_plan)[2:] == [
        ("memo", 1, 0, True),
        ("plan", 1, 0, True),
        ("analysis", 0, None, True),
    ]


def test_an_issued_paper_comes_again_only_as_a_revision(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    other = other_memo(memo, "analysis", "plan", by=staff)
    with pytest.raises(Memo.AlreadyIssued) as refused:
        send(other, by=staff, at=LATER)
    assert str(refused.value) == (
        "เอกสารแนบบางฉบับอนุมัติแล้วในบันทึกข้อความอื่น หากต้องแก้ไขให้เริ่มฉบับแก้ไขจากบันทึกข้อความที่อนุมัติแล้ว"
    )
    assert (other.number, IssuedPaper.objects.count()) == (None, 2)


def test_another_paper_goes_its_way_while_the_plan_is_locked(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    other = other_memo(memo, "analysis", by=staff)
    send(other, by=staff, at=LATER)
    assert (other.locks_plan, is_locked(small_plan)) == (False, True)
    assert Event.objects.filter(verb="plan-edited").count() == 1
    other.recall(reason="แก้คำผิดในบันทึก", by=staff, at=LATER)
    assert is_locked(small_plan)  # the approved one keeps it locked
    send_and_approve(other, by=staff)
    assert is_locked(small_plan)
    assert revisions(small_plan) == [
        ("memo", 0, None, True),
        ("plan", 0, None, True),
        ("memo", 0, None, True),
        ("analysis", 0, None, True),
    ]


@pytest.mark.parametrize("way", ["discarded", "cancelled"])
def test_a_correction_that_is_given_up_leaves_the_plan_locked(
    small_plan: MeasurePlan, staff: User, way: str
) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไข", by=staff, at=LATER)
    if way == "discarded":
        revision.discard(by=staff, at=LATER)
    else:
        send(revision, by=staff, at=LATER)
        revision.recall(reason="ไม่แก้แล้ว", by=staff, at=LATER)
        assert is_locked(small_plan) is False
        revision.cancel(reason="ไม่แก้แล้ว", by=staff, at=LATER)
    plan = MeasurePlan.objects.get(pk=small_plan.pk)
    assert (plan.locked_at, plan.locked_by) == (LATER, staff)
    again = memo.revise(reason="แก้ไขอีกครั้ง", by=staff, at=LATER)
    send_and_approve(again, by=staff)
    assert revisions(small_plan)[2:] == [("memo", 1, 0, True), ("plan", 1, 0, True)]


def test_a_returned_correction_can_be_mended(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไข", by=staff, at=LATER)
    send(revision, by=staff, at=LATER)
    step = revision.current_step
    decide(step, "return", words="ยังไม่ครบ", by=step.holder, at=LATER)
    assert is_locked(small_plan) is False


def test_no_correction_begins_while_another_memo_is_on_its_way(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    send(other_memo(memo, "analysis", by=staff), by=staff, at=LATER)
    with pytest.raises(Memo.AnotherUnderWay):
        memo.revise(reason="แก้ไข", by=staff, at=LATER)
    assert is_locked(small_plan)


def test_the_plan_opens_again_for_a_correction_once_the_other_memo_is_through(
    small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไข", by=staff, at=LATER)
    other = other_memo(memo, "analysis", by=staff)
    send(other, by=staff, at=LATER)
    assert is_locked(small_plan)
    for _ in other.chain:
        pass_on(other, hours=24 * 31)
    assert is_locked(small_plan) is False
    send_and_approve(revision, by=staff)
    assert is_locked(small_plan)


def test_of_two_corrections_the_one_that_is_left_keeps_the_plan_open(
    small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    other = other_memo(memo, "analysis", by=staff)
    send_and_approve(other, by=staff)
    first, second = (each.revise(reason="แก้ไข", by=staff, at=LATER) for each in (memo, other))
    first.discard(by=staff, at=LATER)
    assert is_locked(small_plan) is False
    second.discard(by=staff, at=LATER)
    assert is_locked(small_plan)


def test_the_first_memo_given_up_leaves_the_plan_open(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    memo.recall(reason="แก้ไข", by=staff, at=LATER)
    memo.cancel(reason="ไม่ใช้แล้ว", by=staff, at=LATER)
    assert is_locked(small_plan) is False
