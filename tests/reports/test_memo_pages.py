"""The officer's pages of the memo: the list, the words, the chain, sending, taking back, and the papers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.checklist import Checklist, State, bar_states
from reports.forms.memo import TEXTS, MemoForm
from reports.models import ApprovalStep, Delegation, Letterhead, Memo, Notice
from reports.papers import KINDS
from reports.sending import send
from reports.timeline import Place, rounds_of
from tests.reports.memos import SENT_AT, approved_memo, draft_memo, member, pass_on, sent_memo

YEAR = ["abt-tuayang", 2567]
SECTIONS = ("shows_background", "shows_facts", "shows_rules", "shows_proposal")
SWITCHES = dict.fromkeys((*SECTIONS, "shows_headings", "numbered", "catchword"), "on")
LIST_QUERIES = 12


@pytest.fixture
def officer(client: Client, staff: User) -> Client:
    """Return the client of a signed-in officer."""
    client.force_login(staff)
    return client


def page(name: str, memo: Memo, *more: Any) -> str:
    return reverse(f"reports:{name}", args=[*YEAR, memo.pk, *more])


def text_of(response: Any) -> str:
    return response.content.decode()


def typed(memo: Memo, **changed: Any) -> dict[str, Any]:
    """Return what the form of a memo sends, with changes."""
    texts = {name: getattr(memo, name) for name in TEXTS}
    return {**texts, **SWITCHES, "digits": "thai", "papers": memo.papers, "version": memo.version, **changed}


def returned_memo(plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo that its second step gave back after the first had passed it on."""
    memo = sent_memo(plan, by=staff)
    pass_on(memo)
    step = Memo.objects.get(pk=memo.pk).current_step
    step.return_for_edits(words="แก้ไขระยะเวลา", by=step.holder, at=SENT_AT + timedelta(hours=2))
    return Memo.objects.get(pk=memo.pk)


# --- the list -------------------------------------------------------------------------------------------------


def test_without_a_plan_the_list_leads_to_the_measures(officer: Client, instruments: None) -> None:
    found = text_of(officer.get(reverse("reports:memos", args=YEAR)))
    assert "ยังไม่มีเอกสารให้เสนอ" in found
    assert 'name="papers"' not in found


def test_an_empty_list_says_what_a_memo_is_and_what_the_check_says(
    officer: Client, plan_004: MeasurePlan
) -> None:
    found = text_of(officer.get(reverse("reports:memos", args=YEAR)))
    assert "ยังไม่มีบันทึกข้อความของปีนี้" in found
    assert "ข้อต้องแก้" in found and 'href="/abt-tuayang/2567/check/?paper=analysis"' in found
    assert found.count('name="papers"') == 2


def test_a_memo_starts_with_ready_texts_of_the_papers_ticked(
    officer: Client, ready_plan: MeasurePlan
) -> None:
    response = officer.post(reverse("reports:memo-start", args=YEAR), {"papers": ["analysis", "plan"]})
    memo = Memo.objects.get()
    assert response["Location"] == page("memo-edit", memo)
    assert memo.papers == ["plan", "analysis"]
    assert memo.addressee == "นายกองค์การบริหารส่วนตำบล"
    assert "ข้อ o34 " in memo.rules  # the item of the year of the plan, not of the scores
    assert "94.16" in memo.background and "30 เมษายน 2567" in memo.proposal
    assert memo.chain[0].title == "หัวหน้าสำนักปลัด"


def test_no_memo_starts_without_a_paper(officer: Client, plan_004: MeasurePlan) -> None:
    response = officer.post(reverse("reports:memo-start", args=YEAR), {"papers": []})
    assert response.status_code == 422
    assert "เลือกอย่างน้อย ๑ ฉบับ" in text_of(response)
    assert Memo.objects.count() == 0


def test_a_paper_that_another_memo_carries_is_explained_and_not_offered(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    found = text_of(officer.get(reverse("reports:memos", args=YEAR)))
    assert found.count('name="papers"') == 1 and 'value="analysis"' in found
    assert "กำลังจัดทำ ใน" in found
    response = officer.post(reverse("reports:memo-start", args=YEAR), {"papers": ["plan"]})
    assert response.status_code == 422 and "อยู่ในบันทึกข้อความฉบับอื่น" in text_of(response)
    assert list(Memo.objects.all()) == [memo]


def test_the_list_tells_who_has_each_memo_and_since_when(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(ready_plan, by=staff)
    pass_on(memo)
    found = " ".join(text_of(officer.get(reverse("reports:memos", args=YEAR))).split())
    assert "อยู่ระหว่างเสนอ" in found
    assert "อยู่ที่ ปลัดองค์การบริหารส่วนตำบล (นายชื่อhead2 ตัวอย่าง)" in found
    assert "ตั้งแต่ ๒๕ มี.ค. ๖๗</span>" in found and "เวลา ๑๑:๐๐ น.</span>" in found


def test_the_list_asks_the_database_a_fixed_number_of_times(
    officer: Client, ready_plan: MeasurePlan, staff: User, django_assert_num_queries: Any
) -> None:
    url = reverse("reports:memos", args=YEAR)
    first = sent_memo(ready_plan, by=staff, papers=("plan", "analysis"))
    with django_assert_num_queries(LIST_QUERIES):
        officer.get(url)
    for number in range(29):
        memo = Memo.objects.get(pk=first.pk)
        memo.pk, memo.state, memo.number = None, Memo.State.CANCELLED, 100 + number
        memo.cancelled_at, memo.cancelled_by, memo.cancel_reason = SENT_AT, staff, "ซ้ำ"
        memo.save(force_insert=True)
    assert Memo.objects.count() == 30
    with django_assert_num_queries(LIST_QUERIES):
        officer.get(url)


# --- the words ------------------------------------------------------------------------------------------------


def test_the_words_are_kept_as_typed_and_the_prefix_without_its_stroke(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    sent = typed(memo, number_prefix="ตย ๗๗๕๐๑/", facts="ได้ดำเนินการ ๒ เรื่อง", digits="arabic")
    del sent["shows_rules"]
    response = officer.post(page("memo-edit", memo), sent)
    assert response["Location"] == page("memo", memo)
    memo.refresh_from_db()
    assert (memo.number_prefix, memo.facts, memo.digits) == ("ตย 77501", "ได้ดำเนินการ ๒ เรื่อง", "arabic")
    assert (memo.shows_rules, memo.shows_facts, memo.version) == (False, True, 1)


def test_other_papers_ask_to_read_the_words_again(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    response = officer.post(page("memo-edit", memo), typed(memo, papers=["plan"]), follow=True)
    assert "เปลี่ยนเอกสารแนบแล้ว" not in text_of(response)
    sent = typed(memo, papers=["analysis", "plan"], version=1)
    response = officer.post(page("memo-edit", memo), sent, follow=True)
    assert "เปลี่ยนเอกสารแนบแล้ว" in text_of(response)
    memo.refresh_from_db()
    assert memo.papers == ["plan", "analysis"]


def test_an_unusual_prefix_is_pointed_out_and_kept(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    response = officer.post(page("memo-edit", memo), typed(memo, number_prefix="กท 12"), follow=True)
    assert "ไม่อยู่ในรูปแบบที่ใช้ทั่วไป" in text_of(response)
    memo.refresh_from_db()
    assert memo.number_prefix == "กท 12"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("subject", "", "ยังไม่ได้กรอกเรื่อง"),
        ("subject", "ก" * 501, "เรื่องยาวเกิน ๕๐๐ ตัวอักษร"),
        ("addressee", "", "ยังไม่ได้กรอกผู้รับ"),
        ("department", "", "ยังไม่ได้กรอกส่วนราชการ"),
        ("digits", "", "ยังไม่ได้เลือกตัวเลข"),
        ("papers", [], "เลือกอย่างน้อย ๑ ฉบับ"),
        ("version", "x", "ข้อมูลของแบบฟอร์มมาไม่ครบ"),
    ],
)
def test_what_cannot_be_saved_is_said_at_its_box_and_all_stays_typed(
    officer: Client, ready_plan: MeasurePlan, staff: User, field: str, value: Any, sentence: str
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    sent = typed(memo, proposal="ข้อความที่พิมพ์ไว้", **{field: value})
    response = officer.post(page("memo-edit", memo), sent)
    assert response.status_code == 422
    assert sentence in text_of(response) and "ข้อความที่พิมพ์ไว้" in text_of(response)
    assert Memo.objects.get(pk=memo.pk).version == 0


def test_a_conflict_shows_both_texts_and_saving_again_takes_the_typed_one(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    Memo.objects.get(pk=memo.pk).edit(version=0, fields={"facts": "ของผู้อื่น", "numbered": False})
    response = officer.post(page("memo-edit", memo), typed(memo, facts="ของฉัน"))
    found = text_of(response)
    assert response.status_code == 409
    assert "ข้อความที่ผู้อื่นบันทึกไว้แล้ว" in found and "<p>ของผู้อื่น</p>" in found
    assert ">\nของฉัน</textarea>" in found and 'name="version" value="1"' in found
    assert "ต่างจากในหน้านี้: ใส่เลขหน้าหัวข้อ" in found
    assert found.count("memo-beside") == 1  # beside the one box that differs
    officer.post(page("memo-edit", memo), typed(memo, facts="ของฉัน", version=1))
    memo.refresh_from_db()
    assert (memo.facts, memo.version, memo.numbered) == ("ของฉัน", 2, True)


def test_ready_texts_come_back_into_the_boxes_unsaved_with_the_old_beside(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    sent = typed(memo, facts="ที่ฉันพิมพ์", papers=["analysis"], rewrite="1", phone="0 1111")
    found = text_of(officer.post(page("memo-edit", memo), sent))
    assert "ข้อความเดิมของช่องนี้" in found and "<p>ที่ฉันพิมพ์</p>" in found
    assert "ขออนุมัติรายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๖" in found
    assert 'value="0 1111"' in found  # not one of the ready texts
    memo.refresh_from_db()
    assert (memo.version, memo.facts) == (0, "ได้จัดทำมาตรการเรียบร้อยแล้ว")


def test_ready_texts_need_a_paper(officer: Client, ready_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(ready_plan, by=staff)
    sent = typed(memo, facts="ที่ฉันพิมพ์", papers=[], rewrite="1")
    response = officer.post(page("memo-edit", memo), sent)
    assert response.status_code == 422
    assert "เลือกเอกสารแนบอย่างน้อย ๑ ฉบับก่อน" in text_of(response) and "ที่ฉันพิมพ์" in text_of(response)


def test_a_memo_on_its_way_keeps_its_words_and_the_typed_ones_stay_on_the_page(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(ready_plan, by=staff)
    assert officer.get(page("memo-edit", memo))["Location"] == page("memo", memo)
    response = officer.post(page("memo-edit", memo), typed(memo, facts="ข้อความใหม่"))
    assert response.status_code == 409
    assert "ให้ดึงกลับมาแก้ไขก่อน" in text_of(response) and "ข้อความใหม่" in text_of(response)
    memo.refresh_from_db()
    assert memo.facts == "ได้จัดทำมาตรการเรียบร้อยแล้ว"


def test_the_form_shows_the_digits_that_the_memo_prints(ready_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(ready_plan, by=staff)
    assert MemoForm(memo=memo, kinds=KINDS.values())["rules"].value() == "แบบวัดการเปิดเผยข้อมูลสาธารณะ ข้อ o๓๔"
    memo.digits = "arabic"
    assert MemoForm(memo=memo, kinds=KINDS.values())["rules"].value() == "แบบวัดการเปิดเผยข้อมูลสาธารณะ ข้อ o34"


# --- the chain ------------------------------------------------------------------------------------------------


def rows(*titles: str) -> dict[str, str]:
    sent = {"chain-TOTAL_FORMS": str(len(titles)), "chain-INITIAL_FORMS": "0"}
    return sent | {f"chain-{n}-title": title for n, title in enumerate(titles)}


def test_the_chain_of_this_memo_alone_is_changed(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    response = officer.post(
        page("memo-chain", memo), rows("ผู้อำนวยการกอง", "นายก") | {"chain-1-on_paper": "on"}
    )
    assert response["Location"] == page("memo", memo)
    assert [(step.title, step.on_paper) for step in memo.chain] == [("ผู้อำนวยการกอง", False), ("นายก", True)]
    assert memo.organisation.chain.count() == 0


def test_a_chain_without_steps_is_refused_and_the_rows_stay(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    response = officer.post(page("memo-chain", memo), rows("", ""))
    assert response.status_code == 422 and "ยังไม่มีผู้ลงนาม" in text_of(response)
    assert len(memo.chain) == 3


def test_the_chain_page_tells_who_acts_today(officer: Client, ready_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(ready_plan, by=staff)
    today = timezone.localdate()
    Delegation.objects.create(
        organisation=memo.organisation,
        title="ปลัดองค์การบริหารส่วนตำบล",
        acting=member(memo.organisation, "deputy", "รองปลัด"),
        kind="in-charge",
        order_number="12/2567",
        starts_on=today,
        ends_on=today,
    )
    found = text_of(officer.get(page("memo-chain", memo)))
    assert "นายชื่อdeputy ตัวอย่าง รักษาราชการแทน<strong>ปลัดองค์การบริหารส่วนตำบล</strong>" in found
    assert "คำสั่งที่ ๑๒/๒๕๖๗" in found


def test_the_chain_of_a_memo_on_its_way_stays(officer: Client, ready_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(ready_plan, by=staff)
    assert officer.get(page("memo-chain", memo))["Location"] == page("memo", memo)
    response = officer.post(page("memo-chain", memo), rows("ผู้อำนวยการกอง"))
    assert "ให้ดึงกลับมาแก้ไขก่อน" in text_of(response) and "ผู้อำนวยการกอง" in text_of(response)
    assert len(memo.chain) == 3


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
    assert "ลำดับที่ ๒ หัวหน้าสำนักปลัด: เห็นชอบ โดย นายชื่อhead1 ตัวอย่าง เมื่อ ๒๕ มีนาคม ๒๕๖๗" in found
    officer.post(page("memo-recall", memo), {"reason": "แก้คะแนน"})
    memo.refresh_from_db()
    signed.refresh_from_db()
    assert (memo.state, memo.round, memo.number) == (Memo.State.RETURNED, 2, 1)
    assert signed.voided_by == staff
    told = Notice.objects.filter(url=page("memo", memo)).values_list("user__username", flat=True)
    assert set(told) == {"head1", "head2"}


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


@pytest.mark.parametrize("name", ["memo-recall", "memo-cancel", "memo-revise"])
def test_a_reason_is_asked_for(officer: Client, ready_plan: MeasurePlan, staff: User, name: str) -> None:
    make = {"memo-recall": sent_memo, "memo-revise": approved_memo}
    memo = make[name](ready_plan, by=staff) if name in make else returned_memo(ready_plan, staff)
    before = memo.state
    response = officer.post(page(name, memo), {"reason": "  "})
    assert response.status_code == 422 and "โปรดเขียนเหตุผล" in text_of(response)
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


# --- the page of a memo -------------------------------------------------------------------------------------


def links(found: str, memo: Memo) -> set[str]:
    """The names of the pages of a memo to which its page leads."""
    names = ("edit", "chain", "send", "recall", "cancel", "discard", "revise")
    return {name for name in names if f'href="{page(f"memo-{name}", memo)}"' in found}


def test_the_page_of_a_memo_offers_what_its_state_lets_one_do(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    assert links(text_of(officer.get(page("memo", memo))), memo) == {"edit", "chain", "send", "discard"}
    officer.post(page("memo-send", memo))
    found = text_of(officer.get(page("memo", memo)))
    step = Memo.objects.get(pk=memo.pk).current_step
    assert links(found, memo) == {"recall"}
    assert f'href="{page("memo-pdf", memo)}"' in found
    assert f'href="{page("step-signature", memo, step.pk)}"' in found
    officer.post(page("memo-recall", memo), {"reason": "แก้"})
    found = text_of(officer.get(page("memo", memo)))
    assert links(found, memo) == {"edit", "chain", "send", "cancel"}
    officer.post(page("memo-cancel", memo), {"reason": "ไม่ใช้แล้ว"})
    assert links(text_of(officer.get(page("memo", memo))), memo) == set()


def test_approvers_read_the_page_and_are_offered_nothing_of_the_officers(
    client: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(ready_plan, by=staff)
    step = memo.current_step
    client.force_login(step.holder)
    found = text_of(client.get(page("memo", memo)))
    assert links(found, memo) == set()
    assert f'href="{page("step", memo, step.pk)}"' in found  # their own turn


def test_earlier_rounds_stay_readable_with_what_became_void(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = returned_memo(ready_plan, staff)
    found = " ".join(text_of(officer.get(page("memo", memo))).split())
    assert "นายชื่อhead2 ตัวอย่าง ส่งคืนให้แก้ไข เมื่อ ๒๕ มี.ค. ๖๗ เวลา ๑๒:๐๐ น." in found
    assert found.count("เป็นโมฆะ</span>") == 1
    assert f'href="{page("sent-preview", memo, 1, "plan")}"' in found
    assert "จำนวน ๑ ลำดับเป็นโมฆะ" in found


def test_the_way_of_a_memo_has_one_step_in_turn(ready_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(ready_plan, by=staff)
    pass_on(memo)
    (now,) = rounds_of(Memo.objects.get(pk=memo.pk), day=timezone.localdate())
    assert [stop.place for stop in now.stops] == [Place.DONE, Place.CURRENT, Place.WAITING]
    assert [stop.number for stop in now.stops] == [2, 3, 4]
    assert now.stops[1].since == SENT_AT + timedelta(hours=1)


def test_the_rounds_ask_the_database_a_fixed_number_of_times(
    ready_plan: MeasurePlan, staff: User, django_assert_num_queries: Any
) -> None:
    made = returned_memo(ready_plan, staff)
    memo = Memo.objects.of(made.organisation).get(pk=made.pk)
    with django_assert_num_queries(4):
        first = rounds_of(memo, day=timezone.localdate())
    memo.submit(by=staff, at=SENT_AT + timedelta(days=1))
    memo.recall(reason="แก้", by=staff, at=SENT_AT + timedelta(days=2))
    with django_assert_num_queries(4):
        second = rounds_of(memo, day=timezone.localdate())
    assert (len(first), len(second)) == (2, 3)


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
