"""One step of the chain: who decides it, when, what, and every refusal with its sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from assessments.models import Assessment
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.models import ApprovalStep, ChainEntry, Delegation, Letterhead, Memo, Refusal
from reports.sending import send

from .memos import SENT_AT, TITLES, chain_of, draft_memo, member, pass_on, sent_memo

pytestmark = pytest.mark.django_db

TODAY = date(2024, 3, 25)
LATER = SENT_AT + timedelta(hours=1)
FIRST, SECOND, LAST = TITLES
Step = ApprovalStep


def delegate(organisation: Organisation, acting: User, title: str = FIRST, **columns: object) -> Delegation:
    """Return the order by which somebody acts for a position, in force around the sending."""
    return Delegation.objects.create(
        **{
            "organisation": organisation,
            "acting": acting,
            "title": title,
            "kind": Delegation.Kind.IN_CHARGE,
            "order_number": "45/2567",
            "starts_on": TODAY - timedelta(days=10),
            "ends_on": TODAY + timedelta(days=10),
            **columns,
        }
    )


def columns(step: ApprovalStep) -> dict[str, Any]:
    return dict(ApprovalStep.objects.values().get(pk=step.pk))


def refusal_of(step: ApprovalStep, deed: Callable[[], None]) -> tuple[type[Refusal], str]:
    """Return with what, and with which sentence, a deed on a step is refused; it leaves step and memo as they were."""
    before = columns(step), Memo.objects.values().get(pk=step.memo_id), Event.objects.count()
    with pytest.raises(Refusal) as refused:
        deed()
    assert (columns(step), Memo.objects.values().get(pk=step.memo_id), Event.objects.count()) == before
    return type(refused.value), str(refused.value)


def refused(
    step: ApprovalStep, by: User, decision: str = "forward", words: str = ""
) -> tuple[type[Refusal], str]:
    mine = ApprovalStep.objects.get(pk=step.pk)
    return refusal_of(step, lambda: decide(mine, decision, words=words, by=by, at=LATER))


@pytest.fixture
def memo(small_plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo on its way, at its first of three steps."""
    return sent_memo(small_plan, by=staff)


@pytest.fixture
def deputy(organisation: Organisation) -> User:
    return member(organisation, "deputy", "รองปลัดองค์การบริหารส่วนตำบล")


# --- whose turn, and who --------------------------------------------------------------------------------------


def test_a_later_step_waits_for_its_turn(memo: Memo) -> None:
    step = memo.chain[2]
    assert refused(step, step.holder, "approve") == (
        Step.WrongTurn,
        f"ยังไม่ถึงลำดับของ{LAST} ขณะนี้เรื่องอยู่ที่{FIRST}",
    )


def test_another_member_does_not_decide(memo: Memo, approver: User, deputy: User) -> None:
    step = memo.current_step
    expected = (
        Step.WrongPerson,
        f"ลำดับนี้เป็นของ{FIRST} (นายชื่อhead1 ตัวอย่าง) ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน จึงลงนามไม่ได้",
    )
    assert refused(step, approver) == expected
    delegate(memo.organisation, deputy, SECOND)  # for another position
    assert refused(step, deputy) == expected
    Step.objects.filter(pk=step.pk).update(holder=None)
    assert refused(step, approver) == (
        Step.WrongPerson,
        f"ลำดับนี้เป็นของ{FIRST} ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน จึงลงนามไม่ได้",
    )


def test_people_of_elsewhere_and_suspended_members_do_not_decide(memo: Memo, stranger: User) -> None:
    step = memo.current_step
    expected = (
        Step.WrongPerson,
        "ท่านไม่ได้เป็นสมาชิกที่ใช้งานอยู่ขององค์การบริหารส่วนตำบลตัวอย่าง จึงลงนามไม่ได้",
    )
    delegate(memo.organisation, stranger)
    assert refused(step, stranger) == expected
    Membership.objects.filter(user=step.holder).update(deactivated_at=SENT_AT)
    assert refused(step, step.holder) == expected


def test_an_auditor_decides_nothing(memo: Memo) -> None:
    step = memo.current_step
    Membership.objects.filter(user=step.holder).update(role=Role.AUDITOR)
    assert refused(step, step.holder) == (
        Step.WrongPerson,
        "ท่านเป็นผู้ตรวจสอบ อ่านได้เฉพาะเอกสารที่อนุมัติแล้ว จึงลงนามไม่ได้ โปรดแจ้งผู้ดูแลหน่วยงานให้เปลี่ยนบทบาท",
    )


LAPSED: dict[str, tuple[dict[str, Any], str]] = {
    "expired": (
        {"ends_on": TODAY - timedelta(days=1)},
        "มีผลตั้งแต่ 15 มีนาคม 2567 ถึง 24 มีนาคม 2567",
    ),
    "not begun": (
        {"starts_on": TODAY + timedelta(days=1)},
        "มีผลตั้งแต่ 26 มีนาคม 2567 ถึง 4 เมษายน 2567",
    ),
    "revoked": ({"revoked_at": SENT_AT}, "ถูกยกเลิกแล้วเมื่อ 25 มีนาคม 2567"),
}


@pytest.mark.parametrize("case", LAPSED)
def test_an_order_that_is_not_in_force_gives_no_right(
    memo: Memo, deputy: User, staff: User, case: str
) -> None:
    change, told = LAPSED[case]
    if "revoked_at" in change:
        change = {**change, "revoked_by": staff}
    delegate(memo.organisation, deputy, **change)
    assert refused(memo.current_step, deputy) == (
        Step.DelegationExpired,
        f"คำสั่งให้ท่านรักษาราชการแทน{FIRST} {told} วันนี้จึงลงนามแทนไม่ได้ โปรดแจ้งผู้ดูแลหน่วยงานหากมีคำสั่งใหม่",
    )


@pytest.mark.parametrize("days", [0, 10], ids=["the last day", "the first day"])
def test_an_order_counts_on_its_first_and_on_its_last_day(memo: Memo, deputy: User, days: int) -> None:
    delegate(
        memo.organisation,
        deputy,
        starts_on=TODAY + timedelta(days=days - 10),
        ends_on=TODAY + timedelta(days=days),
    )
    step = memo.current_step
    decide(step, "forward", words="เห็นชอบ", by=deputy, at=LATER)
    assert [columns(step)[name] for name in ("decision", "decided_by_id")] == ["forward", deputy.pk]


def test_who_acts_decides_in_the_place_of_the_holder(memo: Memo, deputy: User) -> None:
    delegate(memo.organisation, deputy)
    step = memo.current_step
    decide(step, "forward", words="เห็นควรดำเนินการตามเสนอ", by=deputy, at=LATER)
    kept = ApprovalStep.objects.get(pk=step.pk)
    assert (kept.decided_by, kept.decided_at, kept.signed_on) == (deputy, LATER, TODAY)
    assert (kept.signer_name, kept.signer_title) == ("นายชื่อdeputy ตัวอย่าง", "รองปลัดองค์การบริหารส่วนตำบล")
    assert (kept.acting_kind, kept.order_number, kept.on_paper) == ("in-charge", "45/2567", False)
    event = Event.objects.of(memo.organisation).first()
    assert event.sentence == (
        "นายชื่อdeputy ตัวอย่าง รองปลัดองค์การบริหารส่วนตำบล รักษาราชการแทนหัวหน้าสำนักปลัด เห็นชอบ บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑"
    )
    assert (event.facts["order"], event.facts["step"], event.actor) == ("45/2567", 1, deputy)
    assert memo.current_step.title == SECOND


def test_what_was_decided_under_an_order_stays_when_it_is_revoked(
    memo: Memo, deputy: User, staff: User
) -> None:
    order = delegate(memo.organisation, deputy)
    step = memo.current_step
    decide(step, "forward", words="", by=deputy, at=LATER)
    before = columns(step)
    order.revoke(by=staff, at=LATER)
    assert columns(step) == before


# --- one's own draft ------------------------------------------------------------------------------------------


def own_memo(plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo sent by the holder of its first step."""
    return sent_memo(
        plan, by=staff, chain=[ChainEntry(FIRST, staff), *chain_of(plan.assessment.organisation, TITLES[1:])]
    )


def test_nobody_decides_on_their_own_draft(small_plan: MeasurePlan, staff: User) -> None:
    step = own_memo(small_plan, staff).current_step
    assert refused(step, staff) == (
        Step.OwnDraft,
        "ท่านเป็นผู้เสนอเรื่องนี้ จึงลงนามในลำดับถัดไปไม่ได้ เว้นแต่ผู้ดูแลหน่วยงานจะอนุญาตไว้ในรูปแบบบันทึกข้อความ",
    )
    assert not ApprovalStep.objects.waiting_for(staff, day=TODAY).exists()
    Letterhead.objects.update(allows_own_approval=True)
    assert [each.pk for each in ApprovalStep.objects.waiting_for(staff, day=TODAY)] == [step.pk]
    decide(step, "forward", words="", by=staff, at=LATER)
    assert step.memo.current_step.title == SECOND


def test_nobody_decides_on_their_own_draft_by_acting_either(memo: Memo, staff: User) -> None:
    delegate(memo.organisation, staff)
    assert refused(memo.current_step, staff)[0] == Step.OwnDraft
    Letterhead.objects.update(allows_own_approval=True)
    decide(memo.current_step, "forward", words="", by=staff, at=LATER)
    assert memo.chain[0].acting_kind == "in-charge"


# --- what was decided is decided ------------------------------------------------------------------------------


def test_a_second_click_is_told_who_decided_and_when(memo: Memo, deputy: User) -> None:
    step = pass_on(memo)
    expected = (
        Step.AlreadyDecided,
        "ลำดับนี้ นายชื่อhead1 ตัวอย่าง ลงความเห็น “เห็นชอบ” แล้วเมื่อ 25 มีนาคม 2567 เวลา 11:00 น. ไม่มีการบันทึกซ้ำ",
    )
    assert refused(step, step.holder) == expected
    assert refused(step, step.holder, "return", "เปลี่ยนใจ") == expected
    delegate(memo.organisation, deputy)
    assert refused(step, deputy) == expected


def test_a_second_click_on_the_approval(memo: Memo) -> None:
    for hours in (1, 2, 3):
        step = pass_on(memo, hours=hours)
    kind, sentence = refused(step, step.holder, "approve")
    assert kind == Step.AlreadyDecided
    assert "“อนุมัติ” แล้วเมื่อ 25 มีนาคม 2567 เวลา 13:00 น." in sentence
    assert memo.issued.count() == 2


def test_an_approval_of_an_old_round_is_void(memo: Memo, staff: User) -> None:
    decided = pass_on(memo)
    undecided = memo.current_step
    memo.recall(reason="พบคำผิด", by=staff, at=LATER)
    over = (
        Step.RoundOver,
        "เรื่องนี้ถูกดึงกลับหรือส่งคืนไปแก้ไขแล้ว ความเห็นชอบในรอบนั้นเป็นโมฆะ โปรดพิจารณาฉบับใหม่เมื่อเสนอมาอีกครั้ง",
    )
    void = (
        Step.AlreadyDecided,
        "ลำดับนี้ นายชื่อhead1 ตัวอย่าง ลงความเห็น “เห็นชอบ” แล้วเมื่อ 25 มีนาคม 2567 เวลา 11:00 น."
        " และเป็นโมฆะแล้วเพราะเรื่องถูกส่งกลับไปแก้ไข ไม่มีการบันทึกซ้ำ",
    )
    assert refused(undecided, undecided.holder) == over
    assert refused(decided, decided.holder) == void
    coming = memo.chain[0]
    assert refused(coming, coming.holder) == (Step.RoundOver, "เรื่องนี้ไม่ได้อยู่ระหว่างเสนอ จึงยังลงนามไม่ได้")
    send(memo, by=staff, at=LATER)
    assert refused(undecided, undecided.holder) == over
    assert refused(decided, decided.holder) == void
    decide(coming, "forward", words="", by=coming.holder, at=LATER)
    assert memo.current_step.position == 2


def test_a_step_of_a_draft_is_not_decided(small_plan: MeasurePlan, staff: User) -> None:
    step = draft_memo(small_plan, by=staff).chain[0]
    assert refused(step, step.holder)[0] == Step.RoundOver


# --- what may be decided --------------------------------------------------------------------------------------

WRONG = {
    (1, "approve"): f"ลำดับของ{FIRST}เลือก “อนุมัติ” ไม่ได้ เลือกได้คือ “เห็นชอบ” “ทราบ” “ส่งคืนแก้ไข”",
    (3, "forward"): f"ลำดับของ{LAST}เลือก “เห็นชอบ” ไม่ได้ เลือกได้คือ “อนุมัติ” “ส่งคืนแก้ไข”",
    (3, "acknowledge"): f"ลำดับของ{LAST}เลือก “ทราบ” ไม่ได้ เลือกได้คือ “อนุมัติ” “ส่งคืนแก้ไข”",
    (1, "sign"): "โปรดเลือกผลการพิจารณา เช่น เห็นชอบ หรือ ส่งคืนแก้ไข",
    (1, ""): "โปรดเลือกผลการพิจารณา เช่น เห็นชอบ หรือ ส่งคืนแก้ไข",
}


@pytest.mark.parametrize(("position", "decision"), WRONG)
def test_a_decision_that_is_not_for_this_place(memo: Memo, position: int, decision: str) -> None:
    for hours in range(1, position):
        pass_on(memo, hours=hours)
    step = memo.current_step
    assert refused(step, step.holder, decision) == (Step.WrongDecision, WRONG[position, decision])


def test_a_return_needs_a_reason(memo: Memo) -> None:
    step = memo.current_step
    assert refused(step, step.holder, "return", " \n ") == (
        Step.NoReason,
        "โปรดเขียนเหตุผลที่ส่งคืน เพื่อให้เจ้าหน้าที่แก้ไขได้ เช่น ขอให้ปรับระยะเวลาของมาตรการที่ 3",
    )


def test_the_head_too_may_return(memo: Memo) -> None:
    pass_on(memo)
    pass_on(memo, hours=2)
    step = memo.current_step
    decide(step, "return", words="ขอให้ทบทวน", by=step.holder, at=LATER)
    voided = memo.steps.filter(round=1).exclude(voided_at=None).values_list("position", flat=True)
    assert list(voided) == [1, 2]
    assert Memo.objects.get(pk=memo.pk).state == "returned"


# --- whom a step waits for ------------------------------------------------------------------------------------


def test_a_step_waits_for_its_holder_and_for_who_acts(memo: Memo, deputy: User, approver: User) -> None:
    step, second = memo.chain[:2]
    delegate(memo.organisation, deputy)

    def waiting(user: User, day: date = TODAY) -> list[int]:
        return [each.pk for each in ApprovalStep.objects.waiting_for(user, day=day)]

    assert (waiting(step.holder), waiting(deputy)) == ([step.pk], [step.pk])
    assert (waiting(second.holder), waiting(approver)) == ([], [])
    assert waiting(deputy, TODAY + timedelta(days=11)) == []
    assert waiting(deputy, TODAY - timedelta(days=11)) == []
    pass_on(memo)
    assert (waiting(step.holder), waiting(deputy), waiting(second.holder)) == ([], [], [second.pk])


@pytest.mark.parametrize(
    "change", [{"deactivated_at": SENT_AT}, {"role": Role.AUDITOR}], ids=["suspended", "auditor"]
)
def test_nothing_waits_for_who_may_not_sign(memo: Memo, deputy: User, change: dict[str, object]) -> None:
    delegate(memo.organisation, deputy)
    holder = memo.current_step.holder
    Membership.objects.filter(user__in=[holder, deputy]).update(**change)
    for user in (holder, deputy):
        assert not ApprovalStep.objects.waiting_for(user, day=TODAY).exists()


def test_an_order_of_another_organisation_counts_there_alone(
    memo: Memo, deputy: User, stranger_organisation: Organisation
) -> None:
    delegate(stranger_organisation, deputy)
    Membership.objects.create(organisation=stranger_organisation, user=deputy, role=Role.APPROVER)
    assert not ApprovalStep.objects.waiting_for(deputy, day=TODAY).exists()
    assert refused(memo.current_step, deputy)[0] == Step.WrongPerson


def test_nothing_waits_once_it_is_taken_back(memo: Memo, staff: User) -> None:
    holder = memo.current_step.holder
    memo.recall(reason="แก้ไข", by=staff, at=LATER)
    assert not ApprovalStep.objects.waiting_for(holder, day=TODAY).exists()


@pytest.mark.parametrize("count", [1, 30])
def test_what_waits_is_asked_at_once(
    memo: Memo, count: int, django_assert_num_queries: Callable[[int], object]
) -> None:
    holder = memo.current_step.holder
    for number in range(2, count + 1):
        _copy(memo, number, holder)
    with django_assert_num_queries(1):
        found = [
            (step.title, step.memo.organisation.name, step.memo.be_year, step.memo.officer.full_name)
            for step in ApprovalStep.objects.waiting_for(holder, day=TODAY)
        ]
    assert found == [(FIRST, "องค์การบริหารส่วนตำบลตัวอย่าง", 2567, "สมหญิง staff")] * count


def _copy(memo: Memo, number: int, holder: User) -> None:
    """Put beside `memo` another one on its way, of another organisation's plan."""
    organisation = Organisation.objects.create(
        slug=f"copy-{number}", kind=memo.organisation.kind, name=memo.organisation.name
    )
    Membership.objects.create(organisation=organisation, user=holder, role=Role.APPROVER)
    assessment = Assessment.objects.create(
        organisation=organisation, instrument=memo.plan.assessment.instrument
    )
    copy = Memo.objects.get(pk=memo.pk)
    copy.pk, copy.organisation, copy.plan = (
        None,
        organisation,
        MeasurePlan.objects.create(assessment=assessment),
    )
    copy.save()
    copy.steps.create(round=1, position=1, title=FIRST, holder=holder)
