"""Verification by everybody: by code, and by a file, of which one changed bit is found."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.forms.verify import ComparedFileForm, digest_of
from reports.issuing import render
from reports.models import IssuedPaper, StoredFile
from reports.uploads import SCAN_LIMIT
from reports.verification import compare

from .issued_papers import APPROVED_AT, SIGNERS, issue
from .memos import approved_memo

SAME, OTHER = "✓ ตรงกับฉบับที่อนุมัติ", "✗ ไม่ตรงกับฉบับที่อนุมัติ"
FORM = reverse("reports:verify")
NAMES = [signer["name"] for signer in SIGNERS]


def address(paper: IssuedPaper) -> str:
    return reverse("reports:verify-code", args=[paper.code])


def page(client: Client, paper: IssuedPaper) -> str:
    return client.get(address(paper)).content.decode()


def send(client: Client, url: str, content: bytes) -> str:
    answer = client.post(url, {"file": SimpleUploadedFile("มาตรการ.pdf", content)})
    return answer.content.decode()


@pytest.fixture
def paper(plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return an approved plan with its PDF."""
    return issue(plan_000, by=staff)


# --- by code --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [str, str.lower, to_thai, lambda code: code.replace("-", ""), lambda code: f" {code.replace('-', '–')} "],
)
def test_a_code_is_found_however_it_is_typed(
    client: Client, paper: IssuedPaper, typed: Callable[[str], str]
) -> None:
    answer = client.get(FORM, {"code": typed(paper.code)})
    assert (answer.status_code, answer["Location"]) == (302, address(paper))


def test_a_code_in_the_address_leads_to_the_one_address(client: Client, paper: IssuedPaper) -> None:
    answer = client.get(f"{FORM}{paper.code.lower().replace('-', '')}/")
    assert (answer.status_code, answer["Location"]) == (302, address(paper))


def test_what_is_no_code_is_told_with_an_example_and_kept(client: Client, db: None) -> None:
    answer = client.get(FORM, {"code": "<b>7K3M"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "รหัสมีตัวอักษรอังกฤษและตัวเลขรวม ๑๒ ตัว เช่น" in text
    assert 'value="&lt;b&gt;7K3M"' in text


def test_an_unknown_code_is_told_on_a_page_with_the_form(client: Client, db: None) -> None:
    answer = client.get(reverse("reports:verify-code", args=["7K3M-9QWD-X2ZP"]))
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "ไม่พบเอกสารที่มีรหัสนี้" in text
    assert 'value="7K3M-9QWD-X2ZP"' in text
    assert f'action="{FORM}"' in text


def test_whoever_is_not_signed_in_finds_the_way_to_verification(client: Client, db: None) -> None:
    assert f'href="{FORM}">ตรวจสอบเอกสาร</a>' in client.get("/").content.decode()


# --- what is told ---------------------------------------------------------------------------------------------


def test_the_page_tells_what_the_paper_is(client: Client, paper: IssuedPaper) -> None:
    text = page(client, paper)
    for told in (
        "องค์การบริหารส่วนตำบลตัวอย่าง อนุมัติเอกสารนี้เมื่อวันที่ ๒๘\u00a0มีนาคม\u00a0๒๕๖๗",
        "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ พ.ศ. ๒๕๖๗",
        "ฉบับแรก",
        "✓ ฉบับปัจจุบัน",
        paper.sha256,
        "๓ หน้า ๑ กิโลไบต์ (๑,๓๒๓ ไบต์)",
        paper.event_hash,
        "ไม่ได้เผยแพร่อยู่ในขณะนี้",
        '<meta name="robots" content="noindex">',
    ):
        assert told in text


def test_positions_are_told_always_and_names_once_the_paper_is_published(
    client: Client, paper: IssuedPaper, staff: User
) -> None:
    text = page(client, paper)
    acting = "รองนายกองค์การบริหารส่วนตำบล ปฏิบัติราชการแทนนายกองค์การบริหารส่วนตำบลตัวอย่าง"
    assert acting in text and "อนุมัติ ๒๘\u00a0มี.ค.\u00a0๖๗" in text
    assert [name for name in NAMES if name in text] == []
    paper.publish(by=staff, at=APPROVED_AT)
    text = page(client, paper)
    assert [name for name in NAMES if name not in text] == []
    assert reverse("reports:public-year", args=["abt-tuayang", 2567]) in text
    paper.withdraw(reason="พบข้อผิดพลาด", by=staff, at=APPROVED_AT + timedelta(days=1))
    text = page(client, paper)
    assert [name for name in NAMES if name in text] == []


def test_a_replaced_paper_leads_to_the_one_that_replaces_it_and_back(
    client: Client, plan_000: MeasurePlan, paper: IssuedPaper, staff: User
) -> None:
    newer = issue(plan_000, by=staff, replaces=paper)
    text = page(client, paper)
    assert "✓ ฉบับปัจจุบัน" not in text and "ฉบับนี้ถูกแทนด้วย" in text
    assert f'href="{address(newer)}"' in text
    text = page(client, newer)
    assert "ฉบับแก้ไขครั้งที่ ๑" in text and "แก้ไขระยะเวลาดำเนินการของมาตรการที่ ๓" in text
    assert f'href="{address(paper)}"' in text and "✓ ฉบับปัจจุบัน" in text


def test_a_head_that_is_no_longer_among_the_events_is_told(
    client: Client, plan_000: MeasurePlan, paper: IssuedPaper, staff: User
) -> None:
    later = issue(plan_000, by=staff, kind="analysis")
    assert "✓ ยังอยู่ในบันทึก" in page(client, later)
    IssuedPaper.objects.filter(pk=later.pk).update(event_hash="f" * 64)
    assert "ไม่พบในบันทึก" in page(client, later)


def test_a_file_put_in_place_of_the_issued_one_is_not_taken_for_it(
    client: Client, paper: IssuedPaper
) -> None:
    changed = "ไม่ตรงกับบันทึกเหตุการณ์เมื่อออกเอกสาร"
    assert changed not in page(client, paper)
    forged = b"%PDF-1.7 forged"
    digest = digest_of([forged])
    StoredFile.objects.filter(pk=paper.file_id).update(content=forged, sha256=digest, size=len(forged))
    IssuedPaper.objects.filter(pk=paper.pk).update(sha256=digest, size=len(forged))
    assert changed in page(client, paper)
    for url in (FORM, address(paper)):
        answer = send(client, url, forged)
        assert OTHER in answer and SAME not in answer


def test_a_paper_without_its_pdf_says_so(client: Client, plan_000: MeasurePlan, staff: User) -> None:
    text = page(client, issue(plan_000, by=staff, pdf=b""))
    assert "ระบบกำลังจัดทำแฟ้ม" in text and "SHA-256" not in text


# --- by file --------------------------------------------------------------------------------------------------


def verdicts(content: bytes, paper: IssuedPaper, flips: list[int]) -> set[bool]:
    """Compare a file with each of its bits in `flips` turned, one at a time, as the view does."""
    found = set()
    for flip in flips:
        changed = bytearray(content)
        changed[flip // 8] ^= 1 << flip % 8
        form = ComparedFileForm({}, {"file": SimpleUploadedFile("a.pdf", bytes(changed))})
        assert form.is_valid()
        found.add(compare(form.cleaned_data["digest"], paper).is_same)
    return found


def test_every_one_of_a_thousand_flipped_bits_is_found(
    client: Client, small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    paper = render(memo.issued.get(kind="plan"), at=APPROVED_AT)
    pdf, chance = paper.content(), random.Random(2567)
    bits = len(pdf) * 8
    flips = [0, 7, bits - 8, bits - 1, *chance.sample(range(8, bits - 8), 996)]
    assert len(set(flips)) == 1000
    assert verdicts(pdf, paper, flips) == {False}
    assert compare(digest_of([pdf[:1000], pdf[1000:]]), paper).is_same
    for flip in flips[::250]:
        changed = bytearray(pdf)
        changed[flip // 8] ^= 1 << flip % 8
        text = send(client, address(paper), bytes(changed))
        assert OTHER in text and SAME not in text and "บันทึกซ้ำ" in text
    text = send(client, address(paper), pdf)
    assert SAME in text and OTHER not in text


def test_a_file_of_another_paper_is_other_and_named(
    client: Client, plan_000: MeasurePlan, paper: IssuedPaper, staff: User
) -> None:
    other = issue(plan_000, by=staff, kind="analysis")
    text = send(client, address(paper), other.content())
    assert OTHER in text and SAME not in text
    assert f'แฟ้มนี้คือ <a href="{address(other)}">' in text and other.code in text


def test_a_file_alone_finds_its_paper(client: Client, paper: IssuedPaper) -> None:
    text = send(client, FORM, paper.content())
    assert SAME in text and f'<a href="{address(paper)}">' in text
    text = send(client, FORM, paper.content() + b"\n")
    assert OTHER in text and "เอกสารที่อนุมัติทุกฉบับในระบบนี้" in text


def test_nothing_of_a_file_is_kept(client: Client, paper: IssuedPaper) -> None:
    before = StoredFile.objects.count(), Event.objects.count()
    send(client, FORM, b"%PDF other")
    send(client, address(paper), paper.content())
    assert (StoredFile.objects.count(), Event.objects.count()) == before


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "ยังไม่ได้เลือกแฟ้ม"),
        ({"file": SimpleUploadedFile("a.pdf", b"")}, "แฟ้มนี้ว่างเปล่า"),
        (
            {"file": SimpleUploadedFile("a.pdf", bytes(SCAN_LIMIT + 1))},
            "แฟ้มนี้มีขนาด ๒๐.๐๑ เมกะไบต์ แฟ้มต้องไม่เกิน ๒๐ เมกะไบต์",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_words(
    client: Client, paper: IssuedPaper, files: dict[str, SimpleUploadedFile], sentence: str
) -> None:
    for url in (FORM, address(paper)):
        for file in files.values():
            file.seek(0)
        answer = client.post(url, files)
        text = answer.content.decode()
        assert (answer.status_code, sentence in text) == (422, True)
        assert SAME not in text and OTHER not in text


def test_a_file_at_the_limit_is_compared(paper: IssuedPaper) -> None:
    form = ComparedFileForm({}, {"file": SimpleUploadedFile("a.pdf", bytes(SCAN_LIMIT))})
    assert form.is_valid()


def test_a_withdrawn_paper_tells_its_day_and_reason_until_it_is_published_again(
    client: Client, paper: IssuedPaper, staff: User
) -> None:
    for days, reason in enumerate(["เหตุผลเก่า", "ตารางที่ 3 <ผิด>"]):
        paper.publish(by=staff, at=APPROVED_AT + timedelta(days=days))
        paper.withdraw(reason=reason, by=staff, at=APPROVED_AT + timedelta(days=days, hours=1))
    text = page(client, paper)
    told = "ถอนการเผยแพร่เมื่อวันที่ ๒๙\u00a0มีนาคม\u00a0๒๕๖๗ เหตุผล: ตารางที่ ๓ &lt;ผิด&gt;"
    assert told in text and "เหตุผลเก่า" not in text and "ไม่ได้เผยแพร่อยู่ในขณะนี้" not in text
    assert told in send(client, address(paper), b"x")
    paper.publish(by=staff, at=APPROVED_AT + timedelta(days=3))
    text = page(client, paper)
    assert "ถอนการเผยแพร่" not in text and "ดูหน้าเผยแพร่และดาวน์โหลดแฟ้ม" in text


def test_answers_are_not_cached(client: Client, paper: IssuedPaper) -> None:
    answer = client.post(address(paper), {"file": SimpleUploadedFile("a.pdf", b"x")})
    assert "no-store" in answer["Cache-Control"]


def test_the_number_of_queries_is_constant(
    client: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(
        4
    ):  # the paper, its publication, the head and the fingerprint among the events
        page(client, paper)
    newest = paper
    for _ in range(4):
        newest = issue(plan_000, by=staff, replaces=newest)
    with django_assert_num_queries(4):
        page(client, newest)
