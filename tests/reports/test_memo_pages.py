"""The officer's pages of the memo: the list, its words, its chain, and the memo itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import Membership, User
from measures.models import MeasurePlan
from reports.forms.memo import TEXTS, MemoForm
from reports.models import ChainEntry, Delegation, Memo
from reports.papers import KINDS
from reports.timeline import Place, rounds_of
from tests.reports.memo_pages import YEAR, links, page, returned_memo, text_of
from tests.reports.memos import SENT_AT, approved_memo, draft_memo, member, pass_on, sent_memo

SECTIONS = ("shows_background", "shows_facts", "shows_rules", "shows_proposal")
SWITCHES = dict.fromkeys((*SECTIONS, "shows_headings", "numbered", "catchword"), "on")
LIST_QUERIES = 12


@pytest.fixture
def officer(client: Client, staff: User) -> Client:
    """Return the client of a signed-in officer."""
    client.force_login(staff)
    return client


def typed(memo: Memo, **changed: Any) -> dict[str, Any]:
    """Return what the form of a memo sends, with changes."""
    texts = {name: getattr(memo, name) for name in TEXTS}
    return {**texts, **SWITCHES, "digits": "thai", "papers": memo.papers, "version": memo.version, **changed}


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


def test_who_saves_the_chain_second_sees_the_first_one_and_keeps_the_rows(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    memo = draft_memo(ready_plan, by=staff)
    seen = memo.chain_mark
    memo.set_chain([ChainEntry("ปลัด", None, True)])
    response = officer.post(page("memo-chain", memo), rows("ผู้อำนวยการกอง") | {"seen": seen})
    text = response.content.decode()
    assert "มีผู้แก้ลำดับการลงนามก่อนท่าน" in text
    assert "เจ้าหน้าที่ผู้เสนอ → ปลัด<" in text
    assert 'value="ผู้อำนวยการกอง"' in text
    assert [step.title for step in memo.chain] == ["ปลัด"]
    again = rows("ผู้อำนวยการกอง") | {"seen": memo.chain_mark}
    assert officer.post(page("memo-chain", memo), again).status_code == 302
    assert [step.title for step in memo.chain] == ["ผู้อำนวยการกอง"]


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


# --- the page of a memo -------------------------------------------------------------------------------------


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


def test_rare_deeds_say_when_they_are_for(officer: Client, ready_plan: MeasurePlan, staff: User) -> None:
    recall, revise = (
        "ใช้เมื่อพบที่ต้องแก้หลังเสนอแล้ว ความเห็นชอบในรอบนี้จะเป็นโมฆะ",
        "ใช้เมื่อต้องแก้เอกสารที่อนุมัติแล้ว ฉบับเดิมยังใช้อยู่",
    )

    def told(memo: Memo) -> list[bool]:
        found = text_of(officer.get(page("memo", memo)))
        return [sentence in found for sentence in (recall, revise)]

    memo = sent_memo(ready_plan, by=staff)
    assert told(memo) == [True, False]
    for hours in range(1, 4):
        pass_on(memo, hours=hours)
    assert told(memo) == [False, True]
    memo.revise(reason="แก้", by=staff, at=SENT_AT + timedelta(days=1))
    assert told(memo) == [False, False]


def test_a_cancelled_memo_leads_editors_to_a_new_one(
    officer: Client, ready_plan: MeasurePlan, staff: User, approver: User
) -> None:
    memo = returned_memo(ready_plan, staff)
    begin = f'href="{reverse("reports:memos", args=YEAR)}">เริ่มบันทึกข้อความใหม่</a>'
    assert begin not in text_of(officer.get(page("memo", memo)))
    memo.cancel(reason="ไม่ใช้แล้ว", by=staff, at=SENT_AT + timedelta(days=1))
    assert begin in text_of(officer.get(page("memo", memo)))
    officer.force_login(approver)
    assert begin not in text_of(officer.get(page("memo", memo)))


def test_a_cancelled_correction_leads_back_to_what_was_approved(
    officer: Client, ready_plan: MeasurePlan, staff: User
) -> None:
    approved = approved_memo(ready_plan, by=staff)
    memo = approved.revise(reason="แก้", by=staff, at=SENT_AT + timedelta(days=1))
    memo.submit(by=staff, at=SENT_AT + timedelta(days=1))
    memo.recall(reason="แก้", by=staff, at=SENT_AT + timedelta(days=1))
    memo.cancel(reason="ไม่ใช้แล้ว", by=staff, at=SENT_AT + timedelta(days=1))
    found = text_of(officer.get(page("memo", memo)))
    assert f'href="{page("memo", approved)}">ไปบันทึกข้อความที่อนุมัติแล้ว</a>' in found
    assert "เริ่มบันทึกข้อความใหม่" not in found


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


def test_a_memo_that_nobody_can_sign_says_so_and_what_to_do(
    officer: Client, small_plan: MeasurePlan, staff: User
) -> None:
    memo = sent_memo(small_plan, by=staff)
    stuck = "ขณะนี้ไม่มีผู้ใดลงนามลำดับนี้ในระบบได้"
    found = text_of(officer.get(page("memo", memo)))
    assert stuck not in found and "ผู้ลงนามพิจารณาในระบบได้ทันที" in found
    Membership.objects.filter(user=memo.chain[0].holder).update(deactivated_at=SENT_AT)
    found = text_of(officer.get(page("memo", memo)))
    assert stuck in found and "ผู้ลงนามพิจารณาในระบบได้ทันที" not in found
    today = timezone.localdate()
    Delegation.objects.create(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=memo.chain[1].holder,
        kind="in-charge",
        order_number="5/2567",
        starts_on=today,
        ends_on=today,
    )
    assert stuck not in text_of(officer.get(page("memo", memo)))
