"""The memo on its way: what each verb does, in which state it is refused, and what it leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, User
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.memo_sheet import sheet_of
from reports.models import (
    ApprovalStep,
    ChainEntry,
    Delegation,
    IssuedPaper,
    Letterhead,
    Memo,
    Refusal,
    SentRound,
)
from reports.sending import NotReady, send

from .memos import DRAFT, SENT_AT, TITLES, approved_memo, chain_of, draft_memo, member, pass_on, sent_memo

pytestmark = pytest.mark.django_db

LATER = SENT_AT + timedelta(days=1)


def told(organisation: Organisation) -> list[str]:
    """Return what was recorded about the organisation, oldest first."""
    return list(Event.objects.of(organisation).order_by("sequence").values_list("verb", flat=True))


def last_event(organisation: Organisation) -> Event:
    return Event.objects.of(organisation)[0]


def arrival(memo: Memo) -> Any:
    """Return when the step in turn got the memo."""
    return ApprovalStep.objects.in_turn().with_arrival().get(memo=memo).arrived_at


def is_locked(memo: Memo) -> bool:
    return MeasurePlan.objects.get(pk=memo.plan_id).is_locked


def standing(memo: Memo) -> Memo:
    return Memo.objects.get(pk=memo.pk)


def returned_memo(plan: MeasurePlan, *, by: User) -> Memo:
    """Return a memo that its first step passed on and its second gave back."""
    memo = sent_memo(plan, by=by)
    pass_on(memo)
    step = standing(memo).current_step
    decide(step, "return", words="ขอให้ปรับระยะเวลา", by=step.holder, at=LATER)
    return standing(memo)


def cancelled_memo(plan: MeasurePlan, *, by: User) -> Memo:
    memo = sent_memo(plan, by=by)
    memo.recall(reason="แก้ไขก่อน", by=by, at=LATER)
    memo.cancel(reason="เปลี่ยนเรื่อง", by=by, at=LATER)
    return standing(memo)


IN_STATE: dict[str, Callable[..., Memo]] = {
    "draft": draft_memo,
    "sent": sent_memo,
    "returned": returned_memo,
    "approved": approved_memo,
    "cancelled": cancelled_memo,
}
VERBS: dict[str, Callable[[Memo, User], Any]] = {
    "edit": lambda memo, by: memo.edit(version=memo.version, fields={"subject": "ใหม่"}),
    "set_chain": lambda memo, by: memo.set_chain([ChainEntry("นายก", None, True)]),
    "submit": lambda memo, by: memo.submit(by=by, at=LATER),
    "recall": lambda memo, by: memo.recall(reason="เหตุผล", by=by, at=LATER),
    "cancel": lambda memo, by: memo.cancel(reason="เหตุผล", by=by, at=LATER),
    "discard": lambda memo, by: memo.discard(by=by, at=LATER),
    "revise": lambda memo, by: memo.revise(reason="เหตุผล", by=by, at=LATER),
}
DONE, NOT_EDITABLE, NOT_SENT, NOT_APPROVED = None, Memo.NotEditable, Memo.NotSent, Memo.NotApproved
# What each verb comes to in each state, in the order of IN_STATE.
OUTCOMES = {
    "edit": (DONE, NOT_EDITABLE, DONE, NOT_EDITABLE, NOT_EDITABLE),
    "set_chain": (DONE, NOT_EDITABLE, DONE, NOT_EDITABLE, NOT_EDITABLE),
    "submit": (DONE, NOT_EDITABLE, DONE, NOT_EDITABLE, NOT_EDITABLE),
    "recall": (NOT_SENT, DONE, NOT_SENT, NOT_SENT, NOT_SENT),
    "cancel": (Memo.NoNumber, NOT_EDITABLE, DONE, NOT_EDITABLE, NOT_EDITABLE),
    "discard": (DONE, NOT_EDITABLE, Memo.HasNumber, NOT_EDITABLE, NOT_EDITABLE),
    "revise": (NOT_APPROVED, NOT_APPROVED, NOT_APPROVED, DONE, NOT_APPROVED),
}


@pytest.mark.parametrize("state", IN_STATE)
def test_what_each_verb_comes_to_in_each_state(small_plan: MeasurePlan, staff: User, state: str) -> None:
    memo = IN_STATE[state](small_plan, by=staff)
    assert memo.state == state
    came_to: dict[str, type[Refusal] | None] = {}
    for name, verb in VERBS.items():
        before = kept(memo)
        with transaction.atomic():
            try:
                verb(standing(memo), staff)
            except Refusal as refusal:
                came_to[name] = type(refusal)
                assert str(refusal) == refusal.sentence != ""
                assert kept(memo) == before
            else:
                came_to[name] = DONE
                assert kept(memo) != before
            transaction.set_rollback(True)
    number = list(IN_STATE).index(state)
    assert came_to == {name: outcomes[number] for name, outcomes in OUTCOMES.items()}


def kept(memo: Memo) -> list[Any]:
    """Return all that a verb may change."""
    return [
        list(Memo.objects.values()),
        list(ApprovalStep.objects.values()),
        list(SentRound.objects.values()),
        is_locked(memo),
        told(memo.organisation),
    ]


def test_a_memo_begins_with_the_letterhead_and_the_usual_chain(small_plan: MeasurePlan, staff: User) -> None:
    organisation = small_plan.assessment.organisation
    Letterhead.objects.create(organisation=organisation, department="สำนักปลัด", number_prefix="ตย 77501")
    memo = Memo.start(plan=small_plan, papers=("plan", "analysis"), draft=DRAFT, by=staff, at=SENT_AT)
    assert (memo.department, memo.phone, memo.reference) == ("สำนักปลัด", organisation.phone, "ตย 77501")
    assert (memo.state, memo.round, memo.number, memo.papers) == ("draft", 1, None, ["plan", "analysis"])
    assert [(step.title, step.holder, step.on_paper) for step in memo.chain] == [
        ("หัวหน้าสำนักปลัด", None, False),
        ("ปลัดองค์การบริหารส่วนตำบล", None, False),
        ("นายกองค์การบริหารส่วนตำบล", None, False),
    ]
    assert (memo.created_at, memo.created_by, memo.background) == (SENT_AT, staff, DRAFT.background)
    assert (memo.current_step, is_locked(memo)) == (None, False)


def test_of_two_savings_the_second_sees_what_stands(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    other = standing(memo)
    memo.edit(version=0, fields={"subject": "ก่อน", "digits": "arabic"})
    assert (memo.version, standing(memo).subject, standing(memo).digits) == (1, "ก่อน", "arabic")
    with pytest.raises(Memo.Conflict) as refused:
        other.edit(version=0, fields={"subject": "หลัง"})
    assert (refused.value.standing.subject, standing(memo).subject) == ("ก่อน", "ก่อน")
    with pytest.raises(ValueError, match="state is not written by the officer"):
        memo.edit(version=1, fields={"state": "approved"})
    assert (standing(memo).state, standing(memo).version) == ("draft", 1)


def test_sending_signs_numbers_locks_and_tells(small_plan: MeasurePlan, staff: User) -> None:
    Membership.objects.filter(user=staff).update(position_title="นักวิเคราะห์นโยบายและแผน")
    memo = standing(sent_memo(small_plan, by=staff, papers=("plan", "analysis")))
    assert (memo.state, memo.reference, memo.number_year) == ("sent", "ตย 77501/1", 2567)
    assert (memo.dated_on, memo.sent_at, memo.sent_by) == (date(2024, 3, 25), SENT_AT, staff)
    assert (memo.officer, memo.officer_name) == (staff, "สมหญิง staff")
    assert memo.officer_title == "นักวิเคราะห์นโยบายและแผน"
    assert is_locked(memo)
    assert (memo.current_step.title, arrival(memo)) == (TITLES[0], SENT_AT)
    sent = memo.rounds.get()
    assert (sent.number, sent.sent_at, sent.sent_by, sent.outcome) == (1, SENT_AT, staff, "")
    assert (sent.officer_name, sent.officer_title) == (memo.officer_name, memo.officer_title)
    assert [paper.kind for paper in sent.papers.all()] == ["plan", "analysis", "memo"]
    assert all(paper.body and "ร่าง" not in paper.body_class for paper in sent.papers.all())
    event = Event.objects.of(memo.organisation).get(verb="memo-sent")
    assert (event.sentence, event.actor, event.at) == ("เสนอบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑", staff, SENT_AT)
    assert set(event.facts["papers"]) == {"plan", "analysis"}
    assert (event.facts["memo"], event.facts["round"]) == (memo.pk, 1)
    edited = Event.objects.of(memo.organisation).get(verb="plan-edited")
    assert edited.facts["edits"] == {str(staff.pk): small_plan.changes.count()}


def test_every_step_passes_on_and_the_last_approves(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    first = pass_on(memo, hours=1)
    assert (arrival(memo), memo.current_step.title) == (SENT_AT + timedelta(hours=1), TITLES[1])
    second = memo.current_step
    second.acknowledge(words=" ทราบ ", by=second.holder, at=SENT_AT + timedelta(hours=2))
    pass_on(memo, hours=3)
    memo = standing(memo)
    assert [(step.decision, step.words, step.signer_title) for step in memo.chain] == [
        ("forward", "", TITLES[0]),
        ("acknowledge", "ทราบ", TITLES[1]),
        ("approve", "", TITLES[2]),
    ]
    assert first.signer_name == "นายชื่อhead1 ตัวอย่าง"
    approved_at = SENT_AT + timedelta(hours=3)
    assert (memo.state, memo.approved_at, memo.approved_by.username) == ("approved", approved_at, "head3")
    ended = memo.rounds.get()
    assert (ended.outcome, ended.ended_at, ended.ended_by, ended.reason) == (
        "approved",
        approved_at,
        memo.approved_by,
        "",
    )
    assert told(memo.organisation)[-5:] == [
        "memo-sent",
        "plan-edited",
        "step-forwarded",
        "step-acknowledged",
        "memo-approved",
    ]
    assert last_event(memo.organisation).sentence == (
        "นายชื่อhead3 ตัวอย่าง นายกองค์การบริหารส่วนตำบลตัวอย่าง อนุมัติ บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑"
    )
    assert is_locked(memo)


def test_a_returned_memo_begins_a_new_round(small_plan: MeasurePlan, staff: User) -> None:
    memo = returned_memo(small_plan, by=staff)
    assert (memo.state, memo.round, memo.reference, is_locked(memo)) == ("returned", 2, "ตย 77501/1", False)
    old = list(memo.steps.filter(round=1))
    by = old[1].decided_by
    assert [(step.decision, step.voided_at, step.voided_by) for step in old] == [
        ("forward", LATER, by),
        ("return", None, None),
        ("", None, None),
    ]
    assert [(step.title, step.holder, step.on_paper, step.decision) for step in memo.chain] == [
        (step.title, step.holder, step.on_paper, "") for step in old
    ]
    ended = memo.rounds.get()
    assert (ended.outcome, ended.reason, ended.ended_at, ended.ended_by) == (
        "returned",
        "ขอให้ปรับระยะเวลา",
        LATER,
        by,
    )
    event = last_event(memo.organisation)
    assert (event.verb, event.facts["decided_round"], event.facts["voided"]) == ("memo-returned", 1, [1])
    assert event.sentence.endswith("ส่งคืนแก้ไข บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ ความเห็นชอบก่อนหน้า ๑ ลำดับเป็นโมฆะ")


def test_the_new_round_is_sent_under_the_same_number_and_the_old_one_stays(
    small_plan: MeasurePlan, staff: User
) -> None:
    memo = returned_memo(small_plan, by=staff)
    old = list(memo.rounds.get().papers.values())
    small_plan.refresh_from_db()
    small_plan.save_text(key="opening", text="แก้ตามที่สั่ง", version=0, by=staff, at=LATER)
    memo.edit(version=memo.version, fields={"subject": "เรื่องที่แก้แล้ว"})
    send(memo, by=staff, at=LATER)
    memo = standing(memo)
    assert (memo.state, memo.round, memo.reference, is_locked(memo)) == ("sent", 2, "ตย 77501/1", True)
    assert (memo.dated_on, memo.current_step.round) == (date(2024, 3, 26), 2)
    first, second = memo.rounds.all()
    assert list(first.papers.values()) == old
    assert "แก้ตามที่สั่ง" in second.papers.get(kind="plan").body
    assert "เรื่องที่แก้แล้ว" in second.papers.get(kind="memo").body
    assert [step.round for step in memo.steps.all()] == [1, 1, 1, 2, 2, 2]
    events = Event.objects.of(memo.organisation)
    assert events.filter(verb="memo-sent").first().sentence == "เสนอบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ รอบที่ ๒"
    edits = events.filter(verb="plan-edited").first()
    assert edits.facts["edits"] == {str(staff.pk): 1}
    assert edits.sentence == f"แก้ไข{small_plan} ก่อนเสนอ: สมหญิง staff ๑ ครั้ง".replace("2567", "๒๕๖๗")


def test_recalling_voids_what_was_signed_and_opens_the_plan(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    pass_on(memo)
    pass_on(memo, hours=2)
    with pytest.raises(Memo.NoReason) as refused:
        memo.recall(reason=" \n", by=staff, at=LATER)
    assert str(refused.value) == "โปรดเขียนเหตุผล เช่น แก้ไขระยะเวลาดำเนินการของมาตรการที่ 3"
    assert (standing(memo).state, is_locked(memo)) == ("sent", True)
    memo.recall(reason=" พบคำผิด ", by=staff, at=LATER)
    memo = standing(memo)
    assert (memo.state, memo.round, memo.number, is_locked(memo)) == ("returned", 2, 1, False)
    voided = memo.steps.filter(round=1).values_list("voided_at", "voided_by")
    assert list(voided) == [(LATER, staff.pk), (LATER, staff.pk), (None, None)]
    assert (memo.rounds.get().outcome, memo.rounds.get().reason) == ("recalled", "พบคำผิด")
    event = last_event(memo.organisation)
    assert (event.verb, event.facts["reason"], event.facts["voided"]) == ("memo-recalled", "พบคำผิด", [1, 2])
    assert event.facts["decided_round"] == 1
    assert event.sentence == "ดึงบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ กลับมาแก้ไข ความเห็นชอบก่อนหน้า ๒ ลำดับเป็นโมฆะ"


def test_a_recall_before_anybody_signed_voids_nothing(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    memo.recall(reason="พบคำผิด", by=staff, at=LATER)
    event = last_event(memo.organisation)
    assert (event.sentence, event.facts["voided"]) == ("ดึงบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ กลับมาแก้ไข", [])


def test_cancelling_keeps_the_reason_and_leaves_the_plan_open(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    memo.recall(reason="พบคำผิด", by=staff, at=LATER)
    with pytest.raises(Memo.NoReason):
        memo.cancel(reason=" ", by=staff, at=LATER)
    memo.cancel(reason=" เปลี่ยนเรื่อง ", by=staff, at=LATER)
    memo = standing(memo)
    assert (memo.state, memo.cancel_reason, memo.cancelled_at, memo.cancelled_by) == (
        "cancelled",
        "เปลี่ยนเรื่อง",
        LATER,
        staff,
    )
    assert is_locked(memo) is False
    event = last_event(memo.organisation)
    assert (event.verb, event.sentence) == ("memo-cancelled", "ยกเลิกบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑")
    assert event.facts["reason"] == "เปลี่ยนเรื่อง"


def test_discarding_leaves_nothing(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    memo.discard(by=staff, at=LATER)
    assert (Memo.objects.count(), ApprovalStep.objects.count()) == (0, 0)


# --- what keeps a memo from being sent ------------------------------------------------------------------------

INCOMPLETE: dict[str, tuple[dict[str, Any], type[Refusal]]] = {
    "no paper": ({"papers": []}, Memo.NoPaper),
    "no prefix": ({"number_prefix": " "}, Memo.NoPrefix),
}


@pytest.mark.parametrize("case", INCOMPLETE)
def test_an_incomplete_memo_is_not_sent(small_plan: MeasurePlan, staff: User, case: str) -> None:
    fields, refusal = INCOMPLETE[case]
    memo = draft_memo(small_plan, by=staff)
    memo.edit(version=0, fields=fields)
    before = kept(memo)
    with pytest.raises(refusal) as refused:
        send(memo, by=staff, at=SENT_AT)
    assert str(refused.value) == refusal.sentence != ""
    assert kept(memo) == before


def test_a_chain_without_somebody_who_signs_is_not_sent(small_plan: MeasurePlan, staff: User) -> None:
    organisation = small_plan.assessment.organisation
    memo = draft_memo(small_plan, by=staff, chain=[])
    with pytest.raises(Memo.NoChain):
        send(memo, by=staff, at=SENT_AT)
    head = member(organisation, "head", "นายก")
    memo.set_chain([ChainEntry("หัวหน้า", None, True), ChainEntry("ปลัด"), ChainEntry("นายก", head)])
    sentence = "ลำดับที่ 3 ปลัด ยังไม่มีผู้ลงนามในระบบ เลือกผู้ดำรงตำแหน่ง กำหนดผู้แทน หรือเลือกให้ลงนามในกระดาษ"
    for prepare in (
        lambda: None,
        # An acting person who is suspended, and one whose order ended the day before, can sign no more.
        lambda: Membership.objects.filter(user=acting(organisation, "gone", 0)).update(
            deactivated_at=SENT_AT
        ),
        lambda: acting(organisation, "late", -1),
    ):
        prepare()
        with pytest.raises(Memo.NoHolder) as refused:
            send(memo, by=staff, at=SENT_AT)
        assert str(refused.value) == sentence
    acting(organisation, "deputy", 0)
    send(memo, by=staff, at=SENT_AT)
    assert standing(memo).state == "sent"


def acting(organisation: Organisation, name: str, days: int) -> User:
    """Return a new member who acts for the ปลัด until so many days after the sending."""
    person = member(organisation, name, "รองปลัด")
    Delegation.objects.create(
        organisation=organisation,
        title="ปลัด",
        acting=person,
        kind=Delegation.Kind.IN_CHARGE,
        order_number="12/2567",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 3, 25) + timedelta(days=days),
    )
    return person


@pytest.mark.parametrize("role", ["auditor", "suspended"])
def test_a_holder_who_may_not_sign_counts_as_none(small_plan: MeasurePlan, staff: User, role: str) -> None:
    memo = draft_memo(small_plan, by=staff)
    holder = Membership.objects.filter(user__username="head2")
    holder.update(**({"role": "auditor"} if role == "auditor" else {"deactivated_at": SENT_AT}))
    with pytest.raises(Memo.NoHolder, match="ลำดับที่ 3 ปลัดองค์การบริหารส่วนตำบล ยังไม่มีผู้ลงนามในระบบ"):
        send(memo, by=staff, at=SENT_AT)


def test_a_paper_with_findings_is_not_sent(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff, papers=("plan", "analysis"))
    small_plan.save_text(key="opening", text="ยังไม่เสร็จ ....", version=0, by=staff, at=SENT_AT)
    before = kept(memo)
    with pytest.raises(NotReady) as refused:
        send(memo, by=staff, at=SENT_AT)
    assert refused.value.kind == "plan"
    assert str(refused.value) == (
        "มาตรการส่งเสริมคุณธรรมและความโปร่งใสยังมี 1 ข้อต้องแก้ แก้ไขหรือยืนยันในหน้า “ตรวจ” ให้ครบก่อนเสนอ"
    )
    assert kept(memo) == before


def test_one_memo_of_a_plan_is_on_its_way_at_a_time(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    other = draft_memo(small_plan, by=staff, papers=("analysis",), chain=[step.entry for step in memo.chain])
    before = kept(other)
    with pytest.raises(Memo.AnotherUnderWay) as refused:
        send(other, by=staff, at=SENT_AT)
    assert str(refused.value) == Memo.AnotherUnderWay.sentence
    assert kept(other) == before


def test_a_sending_that_fails_at_the_end_leaves_nothing(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    before = kept(memo)
    with connection.execute_wrapper(_fail_at("reports_sentpaper")), pytest.raises(OSError, match="disk full"):
        send(memo, by=staff, at=SENT_AT)
    assert kept(memo) == before
    send(memo, by=staff, at=SENT_AT)
    assert standing(memo).reference == "ตย 77501/1"


def test_an_approval_that_fails_at_the_end_leaves_nothing(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff, chain=chain_of(small_plan.assessment.organisation, TITLES[2:]))
    before = kept(memo)
    with (
        connection.execute_wrapper(_fail_at("reports_issuedpaper")),
        pytest.raises(OSError, match="disk full"),
    ):
        pass_on(memo)
    assert (kept(memo), IssuedPaper.objects.count()) == (before, 0)
    pass_on(memo)
    assert (standing(memo).state, IssuedPaper.objects.count()) == ("approved", 2)


def _fail_at(table: str) -> Callable[..., Any]:
    """Return what lets the first insert into `table` fail, as a full disk does."""

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(f'INSERT INTO "{table}"'):
            raise OSError("disk full")
        return run(sql, params, many, context)

    return execute


def test_a_memo_keeps_the_emblem_with_which_it_was_sent(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    letterhead = Letterhead.of(memo.organisation)
    letterhead.set_emblem(b"old", by=staff, at=SENT_AT)
    send(memo, by=staff, at=SENT_AT)
    Letterhead.of(memo.organisation).set_emblem(b"new", by=staff, at=SENT_AT)
    today = SENT_AT.date()
    assert sheet_of(memo, today=today).emblem == b"old"
    memo.recall(reason="เปลี่ยนตรา", by=staff, at=SENT_AT)
    assert sheet_of(memo, today=today).emblem == b"new"
