"""The page of a step: what an approver reads there, and how decisions and signatures on paper are taken."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.models import ApprovalStep, ChainEntry, Delegation, IssuedPaper, Letterhead, Memo, Notice
from reports.uploads import SCAN_LIMIT

from .letters import MEMO_BODY, PLAN_BODY, letter, post, scan_png
from .memos import SENT_AT, chain_of, member, pass_on

pytestmark = pytest.mark.django_db
QUERIES = 15
LATER = SENT_AT + timedelta(days=1)


@pytest.fixture
def plan(plan_000: MeasurePlan) -> MeasurePlan:
    return plan_000


@pytest.fixture
def memo(plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo at its first step, before head1."""
    return letter(plan, by=staff)


def url(step: ApprovalStep, name: str = "step") -> str:
    return reverse(f"reports:{name}", args=["abt-tuayang", 2567, step.memo_id, step.pk])


def holder(step: ApprovalStep, client: Client) -> Client:
    """Sign the holder of a step in."""
    client.force_login(step.holder)
    return client


def read(client: Client, address: str) -> str:
    """Return the words of a page, without its tags."""
    page = client.get(address)
    assert page.status_code == 200
    return words_of(page.content.decode())


def words_of(html: str) -> str:
    main = re.sub(r"<script.*?</script>", "", html[html.index("<main") :], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def decide(client: Client, step: ApprovalStep, decision: str, **sent: str) -> Any:
    return client.post(url(step, "step-decide"), {"decision": decision, **sent})


def returned(memo: Memo, reason: str = "ขอให้แก้ระยะเวลา") -> None:
    """Let the step in turn give the memo back."""
    step = memo.current_step
    step.decide("return", words=reason, by=step.holder, at=LATER)
    memo.refresh_from_db()


# --- reading ------------------------------------------------------------------------------------------------


def test_says_who_asks_whom_for_what_in_which_year(client: Client, memo: Memo) -> None:
    text = read(holder(memo.chain[0], client), url(memo.chain[0]))
    assert "ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๗" in text
    assert "ที่ ตย ๗๗๕๐๑/๑ มาตรการปีงบประมาณ พ.ศ. ๒๕๖๗ จากผลการประเมินปี ๒๕๖๖" in text
    assert "จาก สมหญิง staff ๒๕ มีนาคม ๒๕๖๗ ๑๐:๐๐ น." in text
    assert "ถึง ท่าน ในฐานะหัวหน้าสำนักปลัด ลำดับที่ ๒ จาก ๔" in text
    assert "เพื่อ โปรดพิจารณาอนุมัติ" in text


def test_shows_each_paper_in_a_frame_of_its_own(client: Client, memo: Memo) -> None:
    page = holder(memo.chain[0], client).get(url(memo.chain[0])).content.decode()
    base = f"/abt-tuayang/2567/memos/{memo.pk}"
    assert re.findall(r'<iframe [^>]*src="([^"]+)"', page) == [f"{base}/paper/", f"{base}/rounds/1/plan/"]
    assert f'href="{base}.pdf"' in page
    assert f'href="{base}/rounds/1/plan.pdf"' in page


def test_who_acts_for_the_holder_is_told_by_which_order(client: Client, memo: Memo, staff: User) -> None:
    deputy = member(memo.organisation, "deputy", "รองปลัด")
    today = timezone.localdate()
    Delegation(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=deputy,
        kind="in-charge",
        order_number="123/2567",
        starts_on=today,
        ends_on=today,
    ).begin(by=staff, at=timezone.now())
    client.force_login(deputy)
    text = read(client, url(memo.chain[0]))
    assert "ท่าน ในฐานะผู้รักษาราชการแทนหัวหน้าสำนักปลัด ตามคำสั่งที่ ๑๒๓/๒๕๖๗" in text
    assert decide(client, memo.chain[0], "forward").status_code == 302
    step = memo.chain[0]
    assert (step.signer_title, step.acting_kind, step.order_number) == ("รองปลัด", "in-charge", "123/2567")


def test_offers_the_decisions_of_the_step_with_their_phrases(client: Client, memo: Memo) -> None:
    first, last = memo.chain[0], memo.chain[2]
    page = holder(first, client).get(url(first)).content.decode()
    decisions = re.compile(r'name="decision" value="([a-z]+)"')
    assert decisions.findall(page) == ["forward", "acknowledge", "return"]
    assert 'value="เห็นควรดำเนินการตามเสนอ"' in page
    assert "แล้วส่งต่อให้ปลัดองค์การบริหารส่วนตำบลพิจารณา" in page
    pass_on(memo)
    pass_on(memo, hours=2)
    page = holder(last, client).get(url(last)).content.decode()
    assert decisions.findall(page) == ["approve", "return"]
    assert "คงไว้ตามที่ท่านอ่าน แก้ไขไม่ได้อีก" in page


def test_tells_opinions_of_those_before(client: Client, memo: Memo) -> None:
    first = memo.chain[0]
    decide(holder(first, client), first, "forward", words="เห็นควร<b>อนุมัติ</b>")
    page = holder(memo.chain[1], client).get(url(memo.chain[1])).content.decode()
    assert "เห็นควร&lt;b&gt;อนุมัติ&lt;/b&gt;" in page
    assert "นายชื่อhead1 ตัวอย่าง หัวหน้าสำนักปลัด" in words_of(page)


def test_names_weak_items_without_a_measure_those_without_a_reason_first(client: Client, memo: Memo) -> None:
    paper = memo.rounds.get().papers.get(kind="plan")
    paper.data = {"excuses": [{"code": "i7", "title": "ข้อ i7", "reason": "แก้ไขแล้วในปีก่อน"}]}
    paper.unanswered = [["e2", "ข้อ e2 ความพึงพอใจ"]]
    paper.save()
    text = read(holder(memo.chain[0], client), url(memo.chain[0]))
    told = "ข้อ e๒ ความพึงพอใจ ไม่มีมาตรการและไม่มีเหตุผล ข้อ i๗ เหตุผลที่ไม่กำหนดมาตรการ: แก้ไขแล้วในปีก่อน"
    assert told in text
    paper.data, paper.unanswered = {}, []
    paper.save()
    assert "ทุกข้อที่ต่ำกว่าเกณฑ์มีมาตรการแล้ว" in read(client, url(memo.chain[0]))


def test_changes_are_told_from_the_second_round(client: Client, memo: Memo, staff: User) -> None:
    first = memo.chain[0]
    assert "สิ่งที่เปลี่ยนจากรอบก่อน" not in read(holder(first, client), url(first))
    pass_on(memo)
    returned(memo)
    post(memo, by=staff, at=LATER, body=PLAN_BODY.replace("ทุกไตรมาส", "ทุกเดือน"))
    again = memo.chain[0]
    page = holder(again, client).get(url(again)).content.decode()
    text = words_of(page)
    assert "รอบที่ ๒ มาตรการ" in text
    assert "รอบที่ ๑ ส่งคืนแก้ไข เพราะ “ขอให้แก้ระยะเวลา”" in text
    assert re.search(r"<del[^>]*>.*?จัดประชุมทุก<span[^>]*>ไตรมาส</span></del>", page)
    assert re.search(r"<ins[^>]*>.*?จัดประชุมทุก<span[^>]*>เดือน</span></ins>", page)
    assert page.count("ไม่มีข้อความใดเปลี่ยนจากรอบก่อน") == 1
    assert "เห็นชอบ เป็นโมฆะ ๒๕ มีนาคม ๒๕๖๗ นายชื่อhead1 ตัวอย่าง" in text
    assert f"/memos/{memo.pk}/rounds/1/memo/" in page


def test_that_it_was_signed_anew_is_no_change(client: Client, memo: Memo, staff: User) -> None:
    returned(memo)
    post(memo, by=staff, at=LATER)
    for sent, minute in zip(memo.rounds.all(), ("๐๐", "๐๕"), strict=True):
        mark = f"<p>ลงนามทางอิเล็กทรอนิกส์ ๒๕ มี.ค. ๖๗ ๑๐:{minute} น.</p>"
        sent.papers.filter(kind="memo").update(body=MEMO_BODY + mark)
    page = holder(memo.chain[0], client).get(url(memo.chain[0])).content.decode()
    assert page.count("ไม่มีข้อความใดเปลี่ยนจากรอบก่อน") == 2


def test_a_paper_that_came_or_went_is_told_as_a_whole(client: Client, memo: Memo, staff: User) -> None:
    returned(memo)
    post(memo, by=staff, at=LATER)
    memo.rounds.get(number=2).papers.filter(kind="plan").update(kind="analysis")
    text = read(holder(memo.chain[0], client), url(memo.chain[0]))
    assert "รายงานการวิเคราะห์ผลการประเมิน แนบเพิ่มในรอบนี้" in text
    assert re.search("มาตรการ[^ ]* ไม่ได้แนบมาในรอบนี้", text)


def test_the_page_costs_the_same_with_two_rounds_and_with_nine(
    client: Client, memo: Memo, staff: User, django_assert_num_queries: Any
) -> None:
    for _ in range(2):
        returned(memo)
        post(memo, by=staff, at=LATER)
    holder(memo.chain[0], client)
    with django_assert_num_queries(QUERIES):
        client.get(url(memo.chain[0]))
    for _ in range(7):
        returned(memo)
        post(memo, by=staff, at=LATER)
    with django_assert_num_queries(QUERIES):
        text = client.get(url(memo.chain[0])).content.decode()
    assert text.count('class="paper earlier"') == 9


# --- when there is nothing to decide --------------------------------------------------------------------------


def is_read_only(client: Client, step: ApprovalStep) -> str:
    """Return the sentence of a page that shows no decision."""
    page = client.get(url(step)).content.decode()
    assert 'name="decision"' not in page
    (sentence,) = re.findall(r'<div class="notice notice-info" role="status">([^<]+)</div>', page)
    return sentence


def test_before_its_turn_the_page_says_who_has_it(client: Client, memo: Memo) -> None:
    last = memo.chain[2]
    sentence = "ยังไม่ถึงลำดับของนายกองค์การบริหารส่วนตำบลตัวอย่าง ขณะนี้เรื่องอยู่ที่หัวหน้าสำนักปลัด"
    assert is_read_only(holder(last, client), last) == sentence


def test_any_reader_may_look_and_is_told_whose_it_is(client: Client, memo: Memo, approver: User) -> None:
    client.force_login(approver)
    sentence = is_read_only(client, memo.chain[0])
    assert sentence.startswith("ลำดับนี้เป็นของหัวหน้าสำนักปลัด (นายชื่อhead1 ตัวอย่าง) ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน")


def test_a_lapsed_order_is_told_with_its_days(client: Client, memo: Memo, staff: User) -> None:
    deputy = member(memo.organisation, "deputy", "รองปลัด")
    Delegation(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=deputy,
        kind="in-charge",
        order_number="9/2566",
        starts_on=date(2023, 10, 1),
        ends_on=date(2023, 10, 31),
    ).begin(by=staff, at=SENT_AT)
    client.force_login(deputy)
    assert "มีผลตั้งแต่ ๑ ตุลาคม ๒๕๖๖ ถึง ๓๑ ตุลาคม ๒๕๖๖" in is_read_only(client, memo.chain[0])


def test_who_sent_it_is_told_why_they_may_not_sign(client: Client, plan: MeasurePlan, staff: User) -> None:
    chain = [ChainEntry("หัวหน้าสำนักปลัด", staff)]
    memo = letter(plan, by=staff, chain=chain)
    client.force_login(staff)
    assert is_read_only(client, memo.chain[0]).startswith("ท่านเป็นผู้เสนอเรื่องนี้")
    Letterhead.objects.update(allows_own_approval=True)
    assert 'name="decision"' in client.get(url(memo.chain[0])).content.decode()


def test_what_was_decided_is_told_and_asked_no_more(client: Client, memo: Memo) -> None:
    first = pass_on(memo)
    sentence = "นายชื่อhead1 ตัวอย่าง ลงความเห็น “เห็นชอบ” แล้ว เมื่อ ๒๕ มีนาคม ๒๕๖๗ เวลา ๑๑:๐๐ น."
    assert is_read_only(holder(first, client), first) == sentence


def test_a_round_that_is_over_is_told(client: Client, memo: Memo, staff: User) -> None:
    first, second = memo.chain[:2]
    pass_on(memo)
    memo.recall(reason="แก้คำผิด", by=staff, at=LATER)
    assert is_read_only(holder(second, client), second).startswith("เรื่องนี้ถูกดึงกลับหรือส่งคืนไปแก้ไขแล้ว")
    assert is_read_only(client, first).endswith("ความเห็นนี้เป็นโมฆะแล้ว เพราะเรื่องถูกส่งกลับไปแก้ไข")
    waiting = memo.chain[0]
    assert is_read_only(client, waiting) == "เรื่องนี้ไม่ได้อยู่ระหว่างเสนอ จึงยังลงนามไม่ได้"
    assert "ยังไม่ได้เสนอเอกสารในรอบนี้" in read(client, url(waiting))


def test_a_step_of_another_memo_year_or_organisation_is_not_there(
    client: Client, memo: Memo, stranger_organisation: Organisation, staff: User
) -> None:
    step = memo.chain[0]
    other = Memo.objects.create(
        organisation=memo.organisation,
        plan=memo.plan,
        papers=["plan"],
        created_at=SENT_AT,
        created_by=staff,
    )
    holder(step, client)
    for name in ("step", "step-scan"):
        for slug, be_year, pk in (
            ("abt-tuayang", 2566, memo.pk),
            ("abt-tuayang", 2567, other.pk),
            ("tessaban-uen", 2567, memo.pk),
        ):
            address = reverse(f"reports:{name}", args=[slug, be_year, pk, step.pk])
            assert client.get(address).status_code == 404
    assert client.get(url(step, "step-scan")).status_code == 404  # nothing was signed on paper


# --- deciding ---------------------------------------------------------------------------------------------------


def test_a_decision_is_kept_and_leads_to_the_inbox(client: Client, memo: Memo) -> None:
    step = memo.chain[0]
    answer = decide(holder(step, client), step, "forward", phrase="เห็นควรดำเนินการตามเสนอ", words=" เร่งด่วน ")
    assert (answer.status_code, answer.url) == (302, "/inbox/")
    step = memo.chain[0]
    assert (step.decision, step.words, step.decided_by) == (
        "forward",
        "เห็นควรดำเนินการตามเสนอ เร่งด่วน",
        step.holder,
    )
    assert "ต่อไป: ปลัดองค์การบริหารส่วนตำบลพิจารณา" in read(client, "/inbox/")


def test_giving_back_asks_for_a_reason(client: Client, memo: Memo) -> None:
    step = memo.chain[0]
    answer = decide(holder(step, client), step, "return", words="  ")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(r'<details class="decision decision-return" name="decision" open>', page)
    assert "โปรดเขียนเหตุผลที่ส่งคืน" in page
    assert memo.current_step == step
    assert decide(client, step, "return", words="ปรับมาตรการที่ 3").status_code == 302
    memo.refresh_from_db()
    assert (memo.state, memo.round) == (Memo.State.RETURNED, 2)
    told = Notice.objects.get(user=memo.sent_by)
    assert told.sentence.endswith("ให้แก้ไข: ปรับมาตรการที่ ๓")


def test_words_that_are_too_long_stay_in_their_box(client: Client, memo: Memo) -> None:
    step, words = memo.chain[0], "ก" * 1001
    answer = decide(holder(step, client), step, "acknowledge", words=words)
    assert answer.status_code == 422
    assert "ความเห็นยาวเกิน ๑,๐๐๐ ตัวอักษร" in answer.content.decode()
    assert words in answer.content.decode()


@pytest.mark.parametrize("decision", ["approve", "publish", ""])
def test_a_decision_that_is_not_offered_is_refused(client: Client, memo: Memo, decision: str) -> None:
    step = memo.chain[0]
    answer = decide(holder(step, client), step, decision, words="พิมพ์ไว้แล้ว")
    assert answer.status_code == 409
    assert "เลือก" in words_of(answer.content.decode())
    assert "พิมพ์ไว้แล้ว" in answer.content.decode()
    assert memo.current_step == step


def test_a_second_click_says_so_and_keeps_what_was_typed(client: Client, memo: Memo) -> None:
    step = memo.chain[0]
    decide(holder(step, client), step, "forward")
    notices = Notice.objects.count()
    answer = decide(client, step, "return", words="กดอีกครั้ง")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ลงความเห็น “เห็นชอบ” แล้วเมื่อ" in page
    assert "ไม่มีการบันทึกซ้ำ" in page
    assert "ความเห็นที่ท่านพิมพ์ไว้ ยังไม่ได้บันทึก" in page
    assert "กดอีกครั้ง</textarea>" in page
    assert (memo.chain[0].decision, Notice.objects.count()) == ("forward", notices)


def test_the_wrong_person_and_the_wrong_turn_change_nothing(client: Client, memo: Memo) -> None:
    first, second = memo.chain[:2]
    answer = decide(holder(second, client), first, "forward")
    assert (answer.status_code, "ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน" in answer.content.decode()) == (409, True)
    answer = decide(client, second, "forward")
    assert (answer.status_code, "ยังไม่ถึงลำดับของ" in answer.content.decode()) == (409, True)
    assert memo.current_step == first


def test_the_last_approval_freezes_the_papers_and_makes_their_files(client: Client, memo: Memo) -> None:
    pass_on(memo)
    last = pass_on(memo, hours=2) and memo.chain[2]
    answer = decide(holder(last, client), last, "approve", phrase="อนุมัติ ดำเนินการตามเสนอ")
    assert answer.status_code == 302
    issued = {paper.kind: paper for paper in IssuedPaper.objects.filter(memo=memo)}
    assert sorted(issued) == ["memo", "plan"]
    assert issued["plan"].body == PLAN_BODY
    assert all(paper.file.data.startswith(b"%PDF-") for paper in issued.values())
    assert Notice.objects.get(user=memo.sent_by).sentence.endswith("ได้รับอนุมัติแล้ว ต่อไป: เผยแพร่เอกสาร")


def test_an_approval_stands_where_its_files_cannot_be_made(
    client: Client, memo: Memo, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pass_on(memo)
    pass_on(memo, hours=2)

    def fails(*args: Any, **kwargs: Any) -> bytes:
        raise OSError("no room on the disk")

    monkeypatch.setattr("reports.issuing.html_to_pdf", fails)
    last = memo.chain[2]
    assert decide(holder(last, client), last, "approve").status_code == 302
    memo.refresh_from_db()
    assert memo.state == Memo.State.APPROVED
    assert IssuedPaper.objects.waiting().count() == 2
    assert caplog.text.count("could not be made") == 2


# --- signed on paper --------------------------------------------------------------------------------------------


@pytest.fixture
def on_paper(plan: MeasurePlan, staff: User, client: Client) -> ApprovalStep:
    """Return a first step without a holder, to be signed on paper, with the officer signed in."""
    chain = [ChainEntry("หัวหน้าสำนักปลัด", None, True), *chain_of(plan.assessment.organisation)[1:]]
    client.force_login(staff)
    return letter(plan, by=staff, chain=chain).chain[0]


def signed(**changed: Any) -> dict[str, Any]:
    """Return what the officer types and sends."""
    return {
        "decision": "forward",
        "words": "เห็นควรอนุมัติ",
        "signer_name": "นายปิติ รักงาน",
        "signer_title": "รองหัวหน้าสำนักปลัด",
        "acting_kind": "in-charge",
        "order_number": "๑๒/๒๕๖๗",
        "signed_on": "๒๖ มีนาคม ๒๕๖๗",
        "scan": SimpleUploadedFile("ลงนาม.png", scan_png()),
        **changed,
    }


def test_what_was_signed_on_paper_is_kept_with_its_scan(client: Client, on_paper: ApprovalStep) -> None:
    answer = client.post(url(on_paper, "step-signature"), signed())
    assert (answer.status_code, answer.url) == (302, f"/abt-tuayang/2567/memos/{on_paper.memo_id}/")
    on_paper.refresh_from_db()
    kept = (on_paper.decision, on_paper.signer_name, on_paper.acting_kind, on_paper.order_number)
    assert kept == ("forward", "นายปิติ รักงาน", "in-charge", "๑๒/๒๕๖๗")
    assert (on_paper.signed_on, on_paper.scan.data) == (date(2024, 3, 26), scan_png())
    following = on_paper.memo.chain[1]
    assert Notice.objects.get(user=following.holder).url == url(following)
    client.force_login(following.holder)
    text = read(client, url(following))
    assert "รองหัวหน้าสำนักปลัด รักษาราชการแทนหัวหน้าสำนักปลัด ตามคำสั่งที่ ๑๒/๒๕๖๗ ลงนามในกระดาษ" in text


def test_the_scan_is_downloaded_and_never_opened(client: Client, on_paper: ApprovalStep) -> None:
    client.post(url(on_paper, "step-signature"), signed())
    answer = client.get(url(on_paper, "step-scan"))
    assert b"".join(answer.streaming_content) == scan_png()
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    assert answer["Content-Disposition"].endswith(".png")


def test_the_form_is_filled_with_who_would_sign(client: Client, memo: Memo, staff: User) -> None:
    client.force_login(staff)
    initial = client.get(url(memo.chain[0], "step-signature")).context["form"].initial
    assert (initial["signer_name"], initial["signer_title"]) == ("นายชื่อhead1 ตัวอย่าง", "หัวหน้าสำนักปลัด")
    deputy = member(memo.organisation, "deputy", "รองปลัด")
    today = timezone.localdate()
    Delegation(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=deputy,
        kind="on-behalf",
        order_number="5/2567",
        starts_on=today,
        ends_on=today,
    ).begin(by=staff, at=timezone.now())
    initial = client.get(url(memo.chain[0], "step-signature")).context["form"].initial
    del initial["signed_on"]
    assert initial == {
        "signer_name": "นายชื่อdeputy ตัวอย่าง",
        "signer_title": "รองปลัด",
        "acting_kind": "on-behalf",
        "order_number": "๕/๒๕๖๗",
    }


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"signed_on": "31 ก.พ. 67"}, "signed_on", "วันที่ “๓๑ ก.พ. ๖๗” ไม่มีจริง"),
        ({"signed_on": "24 มีนาคม 2567"}, "signed_on", "มาก่อนวันที่ของลำดับก่อนหน้า (๒๕ มีนาคม ๒๕๖๗)"),
        ({"signed_on": "1 มกราคม 2699"}, "signed_on", "ยังมาไม่ถึง"),
        ({"decision": ""}, "decision", "โปรดเลือกผลการพิจารณา"),
        ({"decision": "approve"}, "decision", "ลำดับนี้เลือกผลการพิจารณานี้ไม่ได้"),
        ({"decision": "return", "words": " "}, "words", "โปรดเขียนเหตุผลที่ส่งคืน"),
        ({"signer_title": "ก" * 201}, "signer_title", "ยาวเกิน ๒๐๐ ตัวอักษร"),
        ({"signer_name": " "}, "signer_name", "โปรดกรอกชื่อและตำแหน่ง"),
        ({"order_number": ""}, "order_number", "โปรดกรอกเลขที่คำสั่ง"),
        ({"scan": ""}, "scan", "โปรดเลือกแฟ้มสแกน"),
        ({"scan": SimpleUploadedFile("ว่าง.pdf", b"")}, "scan", "เป็นแฟ้มว่าง"),
        ({"scan": SimpleUploadedFile("โปรแกรม.pdf", b"MZ\0\0")}, "scan", "เป็นโปรแกรม (.exe)"),
    ],
)
def test_what_cannot_be_recorded_is_told_at_its_box(
    client: Client, on_paper: ApprovalStep, changed: dict[str, Any], field: str, sentence: str
) -> None:
    answer = client.post(url(on_paper, "step-signature"), signed(**changed))
    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert list(errors) == [field]
    assert sentence in errors[field][0]
    assert "เห็นควรอนุมัติ" in answer.content.decode() or "words" in changed
    on_paper.refresh_from_db()
    assert on_paper.decision == ""


def test_a_scan_over_the_limit_is_told_by_its_size(client: Client, on_paper: ApprovalStep) -> None:
    scan = SimpleUploadedFile("ใหญ่.pdf", b"%PDF-" + bytes(SCAN_LIMIT))
    answer = client.post(url(on_paper, "step-signature"), signed(scan=scan))
    assert answer.status_code == 422
    assert "แฟ้ม “ใหญ่.pdf” มีขนาด ๒๐.๐๑ เมกะไบต์ ต้องไม่เกิน ๒๐ เมกะไบต์" in answer.content.decode()


def test_a_step_that_was_decided_meanwhile_is_not_recorded(client: Client, on_paper: ApprovalStep) -> None:
    client.post(url(on_paper, "step-signature"), signed())
    answer = client.post(url(on_paper, "step-signature"), signed(words="อีกครั้ง"), follow=True)
    assert answer.redirect_chain == [(url(on_paper), 302)]
    assert "นายปิติ รักงาน ลงความเห็น “เห็นชอบ” แล้วเมื่อ" in answer.content.decode()


def test_the_last_signature_on_paper_issues_the_papers(
    client: Client, plan: MeasurePlan, staff: User
) -> None:
    memo = letter(plan, by=staff, chain=[ChainEntry("นายกองค์การบริหารส่วนตำบลตัวอย่าง", None, True)])
    client.force_login(staff)
    sent = signed(decision="approve", acting_kind="", order_number="")
    assert client.post(url(memo.chain[0], "step-signature"), sent).status_code == 302
    issued = IssuedPaper.objects.filter(memo=memo)
    assert [paper.file.data[:5] for paper in issued] == [b"%PDF-", b"%PDF-"]
