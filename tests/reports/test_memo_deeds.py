"""What the officer does with a memo as a whole, its papers, and the step of the year that follows it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.checklist import Checklist, State, bar_states
from reports.issuing import render
from reports.models import ApprovalStep, Letterhead, Memo, Notice
from reports.sending import send
from tests.reports.memo_pages import links, page, returned_memo, text_of
from tests.reports.memos import SENT_AT, approved_memo, draft_memo, pass_on, sent_memo


@pytest.fixture
def officer(client: Client, staff: User) -> Client:
    """Return the client of a signed-in officer."""
    client.force_login(staff)
    return client


# --- sending --------------------------------------------------------------------------------------------------


def test_the_page_before_sending_tells_number_chain_and_papers_and_then_sends(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    found = text_of(officer.get(page("memo-send", memo)))
    assert "ที่ ตย ๗๗๕๐๑/๑" in found and "✓ ผ่านการตรวจ" in found and "ยืนยันเสนอลงนาม" in found
    response = officer.post(page("memo-send", memo), follow=True)
    memo.refresh_from_db()
    assert (memo.state, memo.number, memo.sent_by) == (Memo.State.SENT, 1, staff)
    assert "เสนอแล้ว บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑" in text_of(response)
    first = memo.current_step
    assert list(Notice.objects.values_list("user", "url")) == [
        (first.holder_id, f"/abt-tuayang/2567/memos/{memo.pk}/steps/{first.pk}/")
    ]


def test_all_that_is_missing_is_told_at_once_each_with_its_page(
    officer: Client, plan_004: MeasurePlan, staff: User
) -> None:
    Letterhead.objects.create(organisation=plan_004.assessment.organisation)
    memo = draft_memo(plan_004, by=staff, chain=[])
    Memo.objects.filter(pk=memo.pk).update(number_prefix="")
    found = text_of(officer.get(page("memo-send", memo)))
    assert f'href="{page("memo-edit", memo)}#id_number_prefix"' in found
    assert f'href="{page("memo-chain", memo)}"' in found and "ยังไม่มีผู้ลงนาม" in found
    assert 'href="/abt-tuayang/2567/check/?paper=plan"' in found
    assert "ยืนยันเสนอลงนาม" not in found


def test_a_memo_whose_paper_fails_the_check_is_not_sent(
    officer: Client, plan_004: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(plan_004, by=staff)
    response = officer.post(page("memo-send", memo), follow=True)
    assert response.redirect_chain == [(page("memo-send", memo), 302)]
    assert "แก้ไขหรือยืนยันในหน้า “ตรวจ” ให้ครบก่อนเสนอ" in text_of(response)
    memo.refresh_from_db()
    assert (memo.state, memo.number) == (Memo.State.DRAFT, None)


def test_an_analysis_alone_tells_that_the_measures_close(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff, papers=("analysis",))
    assert "ฉบับนี้ไม่ได้แนบมาตรการ" in text_of(officer.get(page("memo-send", memo)))
    memo.edit(version=0, fields={"papers": ["plan", "analysis"]})
    assert "ฉบับนี้ไม่ได้แนบมาตรการ" not in text_of(officer.get(page("memo-send", memo)))


def test_a_step_that_the_sender_holds_is_pointed_out(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    memo.steps.filter(position=2).update(holder=staff)
    found = text_of(officer.get(page("memo-send", memo)))
    assert "ลำดับที่ ๓ ปลัดองค์การบริหารส่วนตำบล เป็นของท่านเอง" in found


def test_a_second_press_on_send_says_so(officer: Client, ready_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(ready_plan, by=staff)
    officer.post(page("memo-send", memo))
    response = officer.post(page("memo-send", memo), follow=True)
    assert response.redirect_chain == [(page("memo", memo), 302)]
    assert "แก้ไขไม่ได้ เพราะบันทึกข้อความนี้ไม่ได้อยู่ระหว่างจัดทำ" in text_of(response)
    memo.refresh_from_db()
    assert (memo.number, memo.rounds.count()) == (1, 1)


# --- taking back, giving up, correcting ---------------------------------------------------------------------


def test_before_it_is_taken_back_it_is_told_whose_approval_becomes_void(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(ready_plan, by=staff)
    assert "ยังไม่มีผู้ใดลงนามในรอบนี้" in text_of(officer.get(page("memo-recall", memo)))
    signed = pass_on(memo)
    found = text_of(officer.get(page("memo-recall", memo)))
    assert "ลำดับที่ ๒ หัวหน้าสำนักปลัด: เห็นชอบ โดย นายชื่อhead1 ตัวอย่าง เมื่อ ๒๕\u00a0มีนาคม\u00a0๒๕๖๗" in found
    officer.post(page("memo-recall", memo), {"reason": "แก้คะแนน"})
    memo.refresh_from_db()
    signed.refresh_from_db()
    assert (memo.state, memo.round, memo.number) == (Memo.State.RETURNED, 2, 1)
    assert signed.voided_by == staff
    told = Notice.objects.filter(url=page("memo", memo)).values_list("user__username", flat=True)
    assert set(told) == {"head1", "head2"}
    found = text_of(officer.get(page("memo", memo)))
    assert 'is-returned">รอแก้ไข</span>' in found and "ดึงกลับมาแก้ไข เมื่อ" in found


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("memo-recall", "ทำไม่ได้ เพราะบันทึกข้อความนี้ไม่ได้อยู่ระหว่างเสนอ"),
        ("memo-cancel", "ยังไม่มีเลขทะเบียน"),
        ("memo-revise", "ทำได้เมื่อบันทึกข้อความได้รับอนุมัติแล้วเท่านั้น"),
    ],
)
def test_in_the_wrong_state_the_page_is_not_shown_and_the_reason_not_lost(
    officer: Client, ready_plan: MeasurePlan, staff: User, name: str, sentence: str
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    response = officer.get(page(name, memo), follow=True)
    assert response.redirect_chain == [(page("memo", memo), 302)] and sentence in text_of(response)
    response = officer.post(page(name, memo), {"reason": "เหตุผลที่พิมพ์ไว้"})
    assert response.status_code == 422
    assert sentence in text_of(response) and "เหตุผลที่พิมพ์ไว้</textarea>" in text_of(response)
    memo.refresh_from_db()
    assert memo.state == Memo.State.DRAFT


@pytest.mark.parametrize(
    ("name", "example"),
    [
        ("memo-recall", "แก้ไขระยะเวลาดำเนินการของมาตรการที่ ๓"),
        ("memo-cancel", "ผู้บริหารให้เสนอรวมกับรายงานการวิเคราะห์เป็นฉบับเดียว"),
        ("memo-revise", "แก้ไขผู้รับผิดชอบของมาตรการที่ ๓ ตามโครงสร้างใหม่"),
    ],
)
def test_a_reason_is_asked_for_with_an_example_of_the_deed(
    officer: Client, ready_plan: MeasurePlan, staff: User, name: str, example: str
) -> None:
    make = {"memo-recall": sent_memo, "memo-revise": approved_memo}
    memo = make[name](ready_plan, by=staff) if name in make else returned_memo(ready_plan, staff)
    before = memo.state
    response = officer.post(page(name, memo), {"reason": "  "})
    assert response.status_code == 422
    assert re.findall(r'id="id_reason_(?:helptext|error)">([^<]*)<', text_of(response)) == [
        f"เช่น {example}" + (" ผู้ลงนามและบันทึกเหตุการณ์จะเห็นเหตุผลนี้" if name == "memo-recall" else ""),
        f"โปรดเขียนเหตุผล เช่น {example}",
    ]
    memo.refresh_from_db()
    assert memo.state == before and memo.revisions.count() == 0


def test_a_cancelled_memo_keeps_its_number_and_shows_the_reason(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = returned_memo(ready_plan, staff)
    assert "ถือว่าใช้แล้ว" in text_of(officer.get(page("memo-cancel", memo)))
    response = officer.post(page("memo-cancel", memo), {"reason": "เสนอรวมกับฉบับอื่น"}, follow=True)
    memo.refresh_from_db()
    assert (memo.state, memo.number) == (Memo.State.CANCELLED, 1)
    assert "เสนอรวมกับฉบับอื่น" in text_of(response)
    assert "ยกเลิกบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ แล้ว" in text_of(response)


def test_a_draft_is_deleted_and_one_with_a_number_is_not(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    assert "นำกลับมาไม่ได้" in text_of(officer.get(page("memo-discard", memo)))
    response = officer.post(page("memo-discard", memo))
    assert response["Location"] == "/abt-tuayang/2567/memos/"
    assert Memo.objects.count() == 0
    memo = draft_memo(ready_plan, by=staff, chain=[])
    Memo.objects.filter(pk=memo.pk).update(number=7, number_year=2567)
    response = officer.post(page("memo-discard", memo), follow=True)
    assert "ลบไม่ได้ เพราะบันทึกข้อความนี้มีเลขทะเบียนแล้ว" in text_of(response)
    assert Memo.objects.count() == 1


def test_a_correction_opens_the_plan_and_leaves_what_was_approved(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(ready_plan, by=staff)
    assert "มาตรการเปิดให้แก้ไขได้อีกครั้ง" in text_of(officer.get(page("memo-revise", memo)))
    response = officer.post(page("memo-revise", memo), {"reason": "เปลี่ยนผู้รับผิดชอบ"})
    made = memo.revisions.get()
    assert response["Location"] == page("memo-edit", made)
    assert not MeasurePlan.objects.get(pk=ready_plan.pk).is_locked
    assert [paper.is_current for paper in memo.issued.all()] == [True, True]
    response = officer.post(page("memo-revise", memo), {"reason": "อีกครั้ง"})
    assert "มีฉบับแก้ไขของบันทึกข้อความนี้แล้ว" in text_of(response) and "อีกครั้ง</textarea>" in text_of(response)


# --- the papers -----------------------------------------------------------------------------------------------


def body_class(found: str) -> list[str]:
    return found.partition('<body class="')[2].partition('"')[0].split()


def test_a_memo_is_stamped_while_it_is_written_and_not_while_it_is_signed(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    assert "draft" in body_class(text_of(officer.get(page("memo-paper", memo))))
    officer.post(page("memo-send", memo))
    assert "draft" not in body_class(text_of(officer.get(page("memo-paper", memo))))
    officer.post(page("memo-recall", memo), {"reason": "แก้"})
    assert "draft" in body_class(text_of(officer.get(page("memo-paper", memo))))


def test_a_paper_of_a_round_stays_as_it_was_sent(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = returned_memo(ready_plan, staff)
    before = text_of(officer.get(page("sent-paper", memo, 1, "plan")))
    measure = ready_plan.measures.first()
    measure.title = "มาตรการที่เปลี่ยนหลังส่งคืน"
    measure.save(update_fields=["title"])
    assert text_of(officer.get(page("sent-paper", memo, 1, "plan"))) == before
    assert "draft" in body_class(before) and "มาตรการยกระดับเรื่องที่" in before
    assert officer.get(page("sent-paper", memo, 1, "analysis")).status_code == 404
    assert officer.get(page("sent-paper", memo, 2, "plan")).status_code == 404


def test_the_pdf_of_a_memo_on_its_way_is_named_by_its_number(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(ready_plan, by=staff)
    response = officer.get(page("memo-pdf", memo))
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    assert response["Content-Type"] == "application/pdf"
    assert "77501-1.pdf" in response["Content-Disposition"]


def test_an_approved_memo_leads_to_what_was_issued(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(ready_plan, by=staff)
    issued = memo.issued.get(kind="memo")
    plan = memo.issued.get(kind="plan")
    assert officer.get(page("memo-pdf", memo))["Location"] == f"/abt-tuayang/2567/issued/{issued.code}.pdf"
    location = officer.get(page("sent-pdf", memo, 1, "plan"))["Location"]
    assert location == f"/abt-tuayang/2567/issued/{plan.code}.pdf"
    assert "draft" not in body_class(text_of(officer.get(page("sent-paper", memo, 1, "plan"))))
    found = text_of(officer.get(page("memo", memo)))
    assert f"/issued/{plan.code}.pdf" in found and "ต่อไป: เผยแพร่" in found
    assert links(found, memo) == {"revise"}
    for paper in (issued, plan):
        render(paper, at=SENT_AT).publish(by=staff, at=SENT_AT)
    found = text_of(officer.get(page("memo", memo)))
    assert "✓ เผยแพร่แล้ว" in found and "ต่อไป: เผยแพร่" not in found


def test_a_memo_of_another_year_or_organisation_is_not_found(
    client: Client, ready_plan: MeasurePlan, staff: User, stranger: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    client.force_login(staff)
    assert client.get(reverse("reports:memo", args=["abt-tuayang", 2566, memo.pk])).status_code == 404
    client.force_login(stranger)
    assert client.get(reverse("reports:memo", args=["tessaban-uen", 2567, memo.pk])).status_code == 404


# --- the step of the year -------------------------------------------------------------------------------------


def sign_step(plan: MeasurePlan) -> Any:
    steps = Checklist(plan.assessment.organisation, 2567).steps
    return next(step for step in steps if step.key == "sign")


def is_signed_in_bar(plan: MeasurePlan) -> bool:
    return bar_states(plan.assessment.organisation, 2567).get("sign") is State.DONE


def test_the_step_of_signing_follows_the_memo(ready_plan: MeasurePlan, staff: User) -> None:
    step = sign_step(ready_plan)
    assert (step.state, step.who, step.url) == (State.NOW, "เจ้าหน้าที่", "/abt-tuayang/2567/memos/")
    memo = draft_memo(ready_plan, by=staff)
    assert sign_step(ready_plan).url == page("memo", memo)
    send(memo, by=staff, at=SENT_AT)
    step = sign_step(ready_plan)
    assert step.sentence == "เสนอแล้ว ที่ ตย 77501/1 รอหัวหน้าสำนักปลัด"
    assert (step.who, step.since) == ("หัวหน้าสำนักปลัด", SENT_AT)
    assert not is_signed_in_bar(ready_plan)
    for hours in (1, 2, 3):
        pass_on(memo, hours=hours)
    step = sign_step(ready_plan)
    assert (step.state, step.since) == (State.DONE, SENT_AT + timedelta(hours=3))
    assert is_signed_in_bar(ready_plan)


def test_a_correction_puts_the_step_of_signing_back(ready_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(ready_plan, by=staff)
    made = memo.revise(reason="แก้", by=staff, at=SENT_AT + timedelta(days=1))
    assert (sign_step(ready_plan).state, sign_step(ready_plan).url) == (State.NOW, page("memo", made))
    assert not is_signed_in_bar(ready_plan)


def test_a_returned_memo_is_the_officers_again(ready_plan: MeasurePlan, staff: User) -> None:
    returned_memo(ready_plan, staff)
    step = sign_step(ready_plan)
    assert (step.sentence, step.who) == ("ต้องแก้ไขบันทึกข้อความที่ ตย 77501/1 แล้วเสนอใหม่", "เจ้าหน้าที่")
    assert ApprovalStep.objects.filter(round=2).count() == 3
