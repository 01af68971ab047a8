"""What was signed on paper, and how every signature prints on the memo."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, User
from measures.models import MeasurePlan
from reports.issuing import decide, record_paper_signature, signers_of
from reports.memo_sheet import sheet_of
from reports.models import ApprovalStep, ChainEntry, Delegation, Memo, Refusal, StoredFile
from reports.papers.memo import SignatureBlock
from reports.uploads import Scan

from .memos import SENT_AT, TITLES, chain_of, draft_memo, member, pass_on, sent_memo

pytestmark = pytest.mark.django_db

TODAY = date(2024, 3, 25)
SIGNED = SENT_AT + timedelta(days=3)
SCAN = Scan(data=b"%PDF-1.4 scan", content_type="application/pdf", pages=1)
FIRST, SECOND, LAST = TITLES


@pytest.fixture
def memo(small_plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo on its way, whose first step is signed on paper and has nobody in the portal."""
    others = chain_of(small_plan.assessment.organisation, TITLES[1:])
    return sent_memo(small_plan, by=staff, chain=[ChainEntry(FIRST, None, True), *others])


def sign(memo: Memo, *, by: User, decision: str = "forward", **changes: Any) -> ApprovalStep:
    """Record what stands on the paper of the step in turn."""
    step = memo.current_step
    told = {
        "words": "เห็นชอบ",
        "signed_on": date(2024, 3, 27),
        "signer_name": " นายปิติ รักงาน ",
        "signer_title": " หัวหน้าสำนักปลัด ",
        "scan": SCAN,
    }
    record_paper_signature(step, decision, **{**told, **changes}, by=by, at=SIGNED)
    return ApprovalStep.objects.get(pk=step.pk)


def test_a_paper_signature_is_kept_with_its_scan(memo: Memo, staff: User) -> None:
    step = sign(memo, by=staff)
    assert (step.decision, step.words, step.on_paper, step.signed_on) == (
        "forward",
        "เห็นชอบ",
        True,
        date(2024, 3, 27),
    )
    assert (step.signer_name, step.signer_title) == ("นายปิติ รักงาน", "หัวหน้าสำนักปลัด")
    assert (step.acting_kind, step.order_number) == ("", "")
    assert (step.decided_by, step.decided_at) == (staff, SIGNED)
    assert (step.scan.data, step.scan.content_type, step.scan.size) == (SCAN.data, "application/pdf", 13)
    assert memo.current_step.title == SECOND
    event = Event.objects.of(memo.organisation).first()
    assert (event.verb, event.actor) == ("step-forwarded", staff)
    assert event.sentence == ("นายปิติ รักงาน หัวหน้าสำนักปลัด เห็นชอบ บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ (ลงนามในกระดาษ)")
    assert (event.facts["scan"], event.facts["signed_on"]) == (step.scan.sha256, "2024-03-27")


def test_who_acts_signs_on_paper_too(memo: Memo, staff: User) -> None:
    step = sign(
        memo,
        by=staff,
        signer_title="รองปลัดองค์การบริหารส่วนตำบล",
        acting_kind="on-behalf",
        order_number=" 7/2567 ",
    )
    assert (step.signer_title, step.acting_kind, step.order_number) == (
        "รองปลัดองค์การบริหารส่วนตำบล",
        "on-behalf",
        "7/2567",
    )
    assert "รองปลัดองค์การบริหารส่วนตำบล ปฏิบัติราชการแทนหัวหน้าสำนักปลัด เห็นชอบ" in (
        Event.objects.of(memo.organisation).first().sentence
    )
    assert sheet_of(memo, today=TODAY).opinions[0] == SignatureBlock(
        heading="ความเห็นของหัวหน้าสำนักปลัด",
        words="เห็นชอบ",
        name="นายปิติ รักงาน",
        position="รองปลัดองค์การบริหารส่วนตำบล",
        acting_kind="ปฏิบัติราชการแทน",
        acting_for="หัวหน้าสำนักปลัด",
        signed_on=date(2024, 3, 27),
        mark="ลงนามในเอกสารกระดาษ",
    )


def test_an_order_number_without_acting_is_left_out(memo: Memo, staff: User) -> None:
    assert sign(memo, by=staff, order_number="7/2567").order_number == ""


def test_any_step_may_be_signed_on_paper_and_the_approval_too(memo: Memo, staff: User) -> None:
    sign(memo, by=staff)
    sign(memo, by=staff, decision="acknowledge", signer_title=SECOND)
    step = sign(memo, by=staff, decision="approve", signer_title=LAST, words="")
    memo.refresh_from_db()
    assert (step.on_paper, memo.state, memo.approved_by, memo.issued.count()) == (True, "approved", staff, 2)
    assert [(signer["decision"], signer["on_paper"]) for signer in signers_of(memo)] == [
        ("เสนอ", False),
        ("เห็นชอบ", True),
        ("ทราบ", True),
        ("อนุมัติ", True),
    ]


def test_a_return_on_paper_gives_the_memo_back(memo: Memo, staff: User) -> None:
    sign(memo, by=staff, decision="return", words="ขอให้ทบทวน")
    memo.refresh_from_db()
    assert (memo.state, memo.round, memo.chain[0].on_paper) == ("returned", 2, True)
    event = Event.objects.of(memo.organisation).first()
    assert event.sentence.endswith("ส่งคืนแก้ไข บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ (ลงนามในกระดาษ)")


NO_SIGNER = (
    ApprovalStep.NoSigner,
    "โปรดกรอกชื่อและตำแหน่งของผู้ลงนามในกระดาษ เช่น นายปิติ รักงาน ปลัดองค์การบริหารส่วนตำบล",
)
REFUSED: dict[str, tuple[dict[str, Any], tuple[type[Refusal], str]]] = {
    "before the memo": (
        {"signed_on": date(2024, 3, 24)},
        (
            ApprovalStep.BadDay,
            "วันที่ลงนาม 24 มีนาคม 2567 มาก่อนวันที่ของลำดับก่อนหน้า (25 มีนาคม 2567) โปรดตรวจวันที่ในกระดาษ",
        ),
    ),
    "in the future": (
        {"signed_on": date(2024, 3, 29)},
        (ApprovalStep.BadDay, "วันที่ลงนาม 29 มีนาคม 2567 ยังมาไม่ถึง วันนี้คือ 28 มีนาคม 2567"),
    ),
    "no name": ({"signer_name": " "}, NO_SIGNER),
    "no title": ({"signer_title": ""}, NO_SIGNER),
    "no decision": (
        {"decision": ""},
        (ApprovalStep.WrongDecision, "โปรดเลือกผลการพิจารณาตามที่ลงนามในกระดาษ เช่น เห็นชอบ"),
    ),
    "not the last": (
        {"decision": "approve"},
        (
            ApprovalStep.WrongDecision,
            f"ลำดับของ{FIRST}เลือก “อนุมัติ” ไม่ได้ เลือกได้คือ “เห็นชอบ” “ทราบ” “ส่งคืนแก้ไข”",
        ),
    ),
    "returned without a reason": (
        {"decision": "return", "words": " "},
        (ApprovalStep.NoReason, ApprovalStep.NoReason.sentence),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_paper_signature(memo: Memo, staff: User, case: str) -> None:
    changes, (refusal, sentence) = REFUSED[case]
    before = list(ApprovalStep.objects.values()), Event.objects.count()
    with pytest.raises(refusal) as refused:
        sign(memo, by=staff, **changes)
    assert str(refused.value) == sentence
    assert (list(ApprovalStep.objects.values()), Event.objects.count()) == before
    assert not StoredFile.objects.exists()


def test_a_paper_is_not_signed_before_the_step_before(memo: Memo, staff: User) -> None:
    sign(memo, by=staff)
    with pytest.raises(ApprovalStep.BadDay) as refused:
        sign(memo, by=staff, signed_on=date(2024, 3, 26))
    assert str(refused.value) == (
        "วันที่ลงนาม 26 มีนาคม 2567 มาก่อนวันที่ของลำดับก่อนหน้า (27 มีนาคม 2567) โปรดตรวจวันที่ในกระดาษ"
    )
    assert sign(memo, by=staff, signed_on=date(2024, 3, 27)).position == 2  # the same day is possible


def test_a_paper_signature_is_recorded_once_and_in_its_turn(memo: Memo, staff: User) -> None:
    first, second = memo.chain[:2]
    told = {"words": "", "signed_on": TODAY, "signer_name": "ก", "signer_title": "ข", "scan": SCAN}
    with pytest.raises(ApprovalStep.WrongTurn, match=f"ยังไม่ถึงลำดับของ{SECOND} ขณะนี้เรื่องอยู่ที่{FIRST}"):
        record_paper_signature(second, "forward", **told, by=staff, at=SIGNED)
    sign(memo, by=staff)
    with pytest.raises(ApprovalStep.AlreadyDecided, match="ลำดับนี้ นายปิติ รักงาน ลงความเห็น “เห็นชอบ” แล้ว"):
        record_paper_signature(first, "forward", **told, by=staff, at=SIGNED)
    memo.recall(reason="แก้ไข", by=staff, at=SIGNED)
    with pytest.raises(ApprovalStep.RoundOver):
        record_paper_signature(second, "forward", **told, by=staff, at=SIGNED)
    assert StoredFile.objects.count() == 1


def test_a_step_meant_for_paper_may_be_decided_in_the_portal(small_plan: MeasurePlan, staff: User) -> None:
    head = member(small_plan.assessment.organisation, "head", LAST)
    memo = sent_memo(small_plan, by=staff, chain=[ChainEntry(LAST, head, True)])
    pass_on(memo)
    assert (memo.chain[0].on_paper, memo.chain[0].scan, memo.state) == (False, None, "approved")


# --- what prints ----------------------------------------------------------------------------------------------


def acting(memo: Memo, title: str, name: str = "deputy") -> User:
    """Return a new member who acts for a position around the sending."""
    person = member(memo.organisation, name, "รองปลัดองค์การบริหารส่วนตำบล")
    Delegation.objects.create(
        organisation=memo.organisation,
        acting=person,
        title=title,
        kind=Delegation.Kind.IN_CHARGE,
        order_number="45/2567",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=10),
    )
    return person


def test_signatures_given_and_to_come_on_the_memo(memo: Memo, staff: User) -> None:
    Membership.objects.filter(user=staff).update(position_title="นักวิเคราะห์นโยบายและแผน")
    memo.recall(reason="แก้ไข", by=staff, at=SENT_AT)
    drawn = sheet_of(memo, today=TODAY)
    assert (drawn.dated_on, drawn.reference) == (None, "ตย 77501/1")
    assert drawn.officer == SignatureBlock(name="สมหญิง staff", position="นักวิเคราะห์นโยบายและแผน")
    memo.submit(by=staff, at=SENT_AT)
    sign(memo, by=staff)
    acting(memo, SECOND)
    sheet = sheet_of(memo, today=TODAY)
    assert sheet.dated_on == TODAY
    assert sheet.officer == SignatureBlock(
        name="สมหญิง staff",
        position="นักวิเคราะห์นโยบายและแผน",
        mark="ลงนามทางอิเล็กทรอนิกส์ 25 มี.ค. 67 10:00 น.",
    )
    assert sheet.opinions[1:] == (
        SignatureBlock(
            heading=f"ความเห็นของ{SECOND}",
            name="นายชื่อdeputy ตัวอย่าง",
            position="รองปลัดองค์การบริหารส่วนตำบล",
            acting_kind="รักษาราชการแทน",
            acting_for=SECOND,
            month=TODAY,
        ),
        SignatureBlock(heading=f"ความเห็นของ{LAST}", name="นายชื่อhead2 ตัวอย่าง", position=LAST, month=TODAY),
    )


def test_who_acted_prints_with_the_position_acted_for(memo: Memo, staff: User) -> None:
    deputy = acting(memo, SECOND)
    sign(memo, by=staff, signed_on=TODAY)
    decide(memo.current_step, "acknowledge", words="ทราบ", by=deputy, at=SENT_AT)
    assert sheet_of(memo, today=TODAY).opinions[1] == SignatureBlock(
        heading=f"ความเห็นของ{SECOND}",
        words="ทราบ",
        name="นายชื่อdeputy ตัวอย่าง",
        position="รองปลัดองค์การบริหารส่วนตำบล",
        acting_kind="รักษาราชการแทน",
        acting_for=SECOND,
        signed_on=TODAY,
        mark="ลงนามทางอิเล็กทรอนิกส์ 25 มี.ค. 67 10:00 น.",
    )
    assert signers_of(memo)[2] == {
        "name": "นายชื่อdeputy ตัวอย่าง",
        "title": "รองปลัดองค์การบริหารส่วนตำบล",
        "acting": f"รักษาราชการแทน{SECOND}",
        "decision": "ทราบ",
        "signed_on": "2024-03-25",
        "on_paper": False,
    }


def test_who_was_suspended_is_not_printed_as_acting(memo: Memo, staff: User) -> None:
    deputy = acting(memo, SECOND)
    Membership.objects.filter(user=deputy).update(deactivated_at=SENT_AT)
    assert sheet_of(memo, today=TODAY).opinions[1].name == "นายชื่อhead1 ตัวอย่าง"


@pytest.mark.parametrize(
    ("words", "printed"),
    [("", "เห็นชอบ"), ("เห็นชอบ ดำเนินการได้", "เห็นชอบ ดำเนินการได้"), ("ดำเนินการได้", "เห็นชอบ ดำเนินการได้")],
)
def test_an_opinion_says_what_was_decided(memo: Memo, staff: User, words: str, printed: str) -> None:
    sign(memo, by=staff, words=words)
    assert sheet_of(memo, today=TODAY).opinions[0].words == printed


def test_switched_off_and_empty_sections_are_left_out(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff, papers=("plan", "analysis"))
    memo.edit(version=0, fields={"shows_facts": False, "rules": " \n", "proposal": "ก\nข"})
    sheet = sheet_of(memo, today=TODAY)
    assert sheet.sections == (
        ("1. เรื่องเดิม", (memo.background,)),
        ("2. ข้อพิจารณา/ข้อเสนอแนะ", ("ก", "ข")),
    )
    assert sheet.attachments == (
        "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567",
        "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2566",
    )
    memo.edit(version=1, fields={"numbered": False})
    assert [heading for heading, _ in sheet_of(memo, today=TODAY).sections] == [
        "เรื่องเดิม",
        "ข้อพิจารณา/ข้อเสนอแนะ",
    ]
    memo.edit(version=2, fields={"shows_headings": False})
    assert [heading for heading, _ in sheet_of(memo, today=TODAY).sections] == ["", ""]
