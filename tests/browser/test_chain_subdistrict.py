"""A memo of a subdistrict in Chromium: four signatures, one on paper, a return on the way, the papers read back."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.mail import EmailMessage
from django.utils import timezone
from playwright.sync_api import Page, expect

from ita_portal.organisations.models import Organisation, Role, User
from ita_portal.thai import long_date, to_thai
from measures.models import MeasurePlan
from reports.models import ChainEntry, ChainStep, IssuedPaper, Memo
from tests.reports.conftest import plan_of_004

from .chain import (
    bell,
    decide,
    digest,
    download,
    expect_notice,
    fits,
    follow,
    in_order,
    person,
    ready,
    words_of,
)
from .conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2024, 3, 1, tzinfo=UTC)
TITLES = ("หัวหน้าสำนักปลัด", "ปลัดองค์การบริหารส่วนตำบล", "นายกองค์การบริหารส่วนตำบล")
YEAR = "/abt-tuayang/2567/"
REASON = "ขอให้ระบุชื่อกิจกรรมของมาตรการแรกให้ชัดเจน"
MENDED = "ประชาชนร่วมตรวจงานก่อสร้าง"


@pytest.fixture
def officer(organisation: Organisation) -> User:
    return person(organisation, "นางสาว สมหญิง ขยันยิ่ง", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ", Role.STAFF)


@pytest.fixture
def heads(organisation: Organisation, officer: User) -> dict[str, User]:
    """Return the approvers by title; the second of them, who signs on paper, is nobody in the portal."""
    found = {
        TITLES[0]: person(organisation, "นาย มานะ ตั้งใจ", TITLES[0]),
        TITLES[2]: person(organisation, "นาย ชูใจ รักถิ่น", TITLES[2]),
    }
    chain = [ChainEntry(title, found.get(title), title == TITLES[1]) for title in TITLES]
    ChainStep.replace(organisation, chain, by=officer, at=AT)
    return found


@pytest.fixture
def plan(instruments: None, organisation: Organisation, officer: User) -> MeasurePlan:
    return ready(plan_of_004(organisation), by=officer)


def scan(path: Path) -> Path:
    """Write a PDF of one blank page."""
    document = pypdfium2.PdfDocument.new()
    document.new_page(595, 842)
    document.save(path)
    return path


def link_in(mail: EmailMessage) -> str:
    """Return the address that an e-mail leads to."""
    return re.search(r"https?://\S+", mail.body).group()


def test_from_the_officer_to_the_frozen_papers_with_a_return_on_the_way(
    visits: Visits,
    live_server: Any,
    settings: Any,
    mailoutbox: list[EmailMessage],
    tmp_path: Path,
    plan: MeasurePlan,
    officer: User,
    heads: dict[str, User],
) -> None:
    settings.PORTAL_URL = live_server.url
    desk = visits.open(YEAR, officer)
    memo = started(desk)
    send(desk)
    reference = to_thai(Memo.objects.get().reference)
    first = agreed_on_the_phone(visits, memo, heads[TITLES[0]], mailoutbox)
    desk.reload()
    sign_on_paper(desk, tmp_path, words="เห็นควรอนุมัติตามเสนอ")
    last = returned_on_the_phone(visits, heads[TITLES[2]])
    before = mend(desk, plan, mailoutbox)
    send(desk)
    memo.refresh_from_db()
    assert (to_thai(memo.reference), memo.round) == (reference, 2)

    first.goto(link_in(mailoutbox[-1]))
    see_the_change(first, before)
    decide(first, "ทราบ", phrase="ทราบ ดำเนินการต่อไปได้")
    expect_notice(first, f"ต่อไป: {TITLES[1]}พิจารณา")
    desk.reload()
    sign_on_paper(desk, tmp_path, words="สมควรอนุมัติ")
    last.goto(link_in(mailoutbox[-1]))
    see_the_change(last, before)
    expect(last.locator(".opinions").first).to_contain_text("สมควรอนุมัติ")
    decide(last, "อนุมัติ", phrase="อนุมัติ ให้เผยแพร่บนเว็บไซต์ของหน่วยงาน")
    expect_notice(last, "อนุมัติแล้ว")
    assert mailoutbox[-1].to == [officer.email]

    desk.goto(link_in(mailoutbox[-1]))
    papers = {
        paper.kind: (paper, download(desk, desk.locator(f"a[href$='{paper.code}.pdf']"), tmp_path))
        for paper in IssuedPaper.objects.all()
    }
    read_the_memo(*papers["memo"], reference)
    for kind, title in (
        ("plan", "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๗"),
        ("analysis", "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส"),
    ):
        paper, path = papers[kind]
        text = words_of(path)
        in_order(text, title, paper.code, "๙๔.๑๖", "ตรวจงานก่อสร้าง")  # the cell of the table breaks before it
        assert "ร่าง" not in text
    verify_by_hand(visits, *papers["plan"], tmp_path)


def started(page: Page) -> Memo:
    """Begin a memo with both papers from the year's page, and look at it as it prints."""
    follow(page, "จัดทำบันทึกข้อความ")
    expect(page.locator("[name=papers]:checked")).to_have_count(2)
    page.get_by_role("button", name="เริ่มบันทึกข้อความ").click()
    page.get_by_role("button", name="บันทึกแล้วดูหน้ากระดาษ").click()
    paper = page.frame_locator(".paper-frame")
    expect(paper.locator("h1")).to_contain_text("บันทึกข้อความ")
    expect(paper.locator("body")).to_contain_text("(นางสาวสมหญิง")
    follow(page, "กลับไปหน้าบันทึกข้อความ")
    return Memo.objects.get()


def send(page: Page) -> None:
    """Send the memo whose page is open."""
    page.locator(".next-card .btn").click()
    page.get_by_role("button", name="ยืนยันเสนอลงนาม").click()
    expect_notice(page, "เสนอแล้ว บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑")
    expect(page.locator(".memo-whereabouts")).to_contain_text("อยู่ที่ หัวหน้าสำนักปลัด (นายมานะ ตั้งใจ)")


def agreed_on_the_phone(visits: Visits, memo: Memo, user: User, mailoutbox: list[EmailMessage]) -> Page:
    """Let the first head come by the e-mail, read, and agree with a ready phrase and own words."""
    (mail,) = mailoutbox
    assert mail.to == [user.email]
    step = memo.steps.get(round=1, position=1)
    assert link_in(mail) == f"{visits.live_server.url}{YEAR}memos/{memo.pk}/steps/{step.pk}/"
    page = visits.open("/inbox/", user, phone=True)
    expect(bell(page)).to_have_text("๑")
    expect(page.locator(".letter")).to_have_count(1)
    page.goto(link_in(mail))
    expect(page.frame_locator("iframe >> nth=0").locator("h1")).to_contain_text("บันทึกข้อความ")
    page.get_by_text("มาตรการส่งเสริมคุณธรรมและความโปร่งใส", exact=True).first.click()
    expect(page.frame_locator("iframe >> nth=1").locator("body")).to_contain_text("มาตรการยกระดับเรื่องที่ ๑")
    decide(page, "เห็นชอบ", phrase="ตรวจสอบแล้ว ถูกต้องครบถ้วน เห็นควรอนุมัติ", words=" ขอชมเชยผู้จัดทำ")
    expect_notice(page, f"ลงความเห็น “เห็นชอบ” แล้ว ต่อไป: {TITLES[1]}พิจารณา")
    expect(bell(page)).to_have_count(0)
    step.refresh_from_db()
    assert step.words == "ตรวจสอบแล้ว ถูกต้องครบถ้วน เห็นควรอนุมัติ ขอชมเชยผู้จัดทำ"
    return page


def returned_on_the_phone(visits: Visits, user: User) -> Page:
    """Let the last head come by the bell; without a reason the memo stays, with one it goes back."""
    page = visits.open("/", user, phone=True)
    page.locator(".bell").click()
    page.locator(".letter").click()
    expect(page.locator(".opinions")).to_contain_text("ขอชมเชยผู้จัดทำ")
    expect(page.locator(".opinions")).to_contain_text("นายปิติ รักงาน")
    decide(page, "ส่งคืนแก้ไข")
    expect(page.locator(".decision[open]")).to_contain_text("โปรดเขียนเหตุผลที่ส่งคืน")
    fits(page)
    page.locator(".decision[open] textarea").fill(REASON)
    page.get_by_role("button", name="ยืนยันส่งคืนแก้ไข").click()
    expect_notice(page, "ส่งคืนแก้ไขแล้ว")
    return page


def mend(page: Page, plan: MeasurePlan, mailoutbox: list[EmailMessage]) -> str:
    """Come by the e-mail, read the reason, rename the first measure and come back; return its title before."""
    page.goto(link_in(mailoutbox[-1]))
    expect(page.locator(".memo-now blockquote")).to_have_text(REASON)
    expect(page.locator(".memo-now")).to_contain_text("ความเห็นชอบในรอบที่ ๑ จำนวน ๒ ลำดับเป็นโมฆะ")
    follow(page, "ตารางมาตรการ")
    measure = plan.measures.earliest("pk")
    row = page.locator(f"#measure-{measure.pk}")
    row.locator("[name=title]").fill(MENDED)
    row.locator("[name=title]").blur()
    expect(row.locator(".state")).to_contain_text("บันทึกแล้ว")
    page.goto(link_in(mailoutbox[-1]))
    return to_thai(measure.title)


def see_the_change(page: Page, before: str) -> None:
    """See in the second round why it came back, and each change in both papers, the old words struck out."""
    follow(page, "ดูสิ่งที่เปลี่ยนจากรอบก่อน")
    changes = page.locator("section", has=page.get_by_role("heading", name="สิ่งที่เปลี่ยนจากรอบก่อน"))
    expect(changes.get_by_role("heading").first).to_be_in_viewport()
    expect(changes).to_contain_text(REASON)
    old, new = changes.locator("del", has_text=before), changes.locator("ins", has_text=MENDED)
    expect(old).to_have_count(3)
    expect(new).to_have_count(3)
    assert "line-through" in old.locator(".changed-piece").first.evaluate(
        "piece => getComputedStyle(piece).textDecorationLine"
    )
    fits(page)


def sign_on_paper(page: Page, folder: Path, *, words: str) -> None:
    """Record, as the officer on the memo's page, what the second head signed today on paper."""
    page.locator(".next-card").get_by_role("link", name="บันทึกการลงนามในกระดาษ").click()
    page.get_by_label("เห็นชอบ", exact=True).check()
    page.get_by_label("ความเห็นตามที่เขียน").fill(words)
    page.get_by_label("ชื่อผู้ลงนาม").fill("นายปิติ รักงาน")
    page.get_by_label("ลงวันที่").fill(to_thai(long_date(timezone.localdate())))
    page.get_by_label("แฟ้มสแกน").set_input_files(scan(folder / "ลงนามแล้ว.pdf"))
    page.get_by_role("button", name="บันทึกการลงนาม").click()
    expect_notice(page, "บันทึกการลงนามในกระดาษแล้ว")


def read_the_memo(paper: IssuedPaper, path: Path, reference: str) -> None:
    """Read the frozen memo back: its number, every opinion with name, position and day, and the code."""
    text, today = words_of(path), to_thai(long_date(timezone.localdate()))
    in_order(text, f"ที่ {reference}", f"วันที่ {today}", "เรียน นายกองค์การบริหารส่วนตำบล")
    in_order(
        text,
        *("จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ", "(นางสาวสมหญิง ขยันยิ่ง)", "นักวิเคราะห์นโยบายและแผนปฏิบัติการ"),
        *(f"ความเห็นของ{TITLES[0]}", "ทราบ ดำเนินการต่อไปได้", "(นายมานะ ตั้งใจ)", TITLES[0], today),
        *(f"ความเห็นของ{TITLES[1]}", "สมควรอนุมัติ", "ลงนามในเอกสารกระดาษ", "(นายปิติ รักงาน)", TITLES[1], today),
        *(f"ความเห็นของ{TITLES[2]}", "อนุมัติ ให้เผยแพร่บนเว็บไซต์ของหน่วยงาน", "(นายชูใจ รักถิ่น)", TITLES[2], today),
        *(paper.code, "อนุมัติแล้ว ฉบับแรก"),
    )
    assert "ร่าง" not in text
    assert "ขอชมเชยผู้จัดทำ" not in text  # said in the round that is void
    body = text.replace(paper.code, "").replace(paper.event_hash[:16], "")
    assert re.findall(r"[0-9]+", re.sub(r"localhost:\d+", "", body)) == []


def verify_by_hand(visits: Visits, paper: IssuedPaper, path: Path, folder: Path) -> None:
    """Verify, signed out and on a phone, by the code as people type it, by the file, and by one with a bit turned."""
    page = visits.open("/verify/", phone=True)
    page.get_by_label("รหัสที่ท้ายหน้าเอกสาร").fill(paper.code.lower().replace("-", " "))
    page.get_by_role("button", name="ตรวจรหัส").click()
    expect(page.locator("h1")).to_have_text(to_thai(paper.title))
    expect(page.locator(".facts")).to_contain_text(digest(path))
    positions = page.locator(".signers li")
    expect(positions).to_contain_text(["นักวิเคราะห์นโยบายและแผนปฏิบัติการ", *TITLES])
    upload(page, path)
    expect(page.locator(".verdict h2")).to_have_text("✓ ตรงกับฉบับที่อนุมัติ")
    altered = folder / "สำเนา.pdf"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    altered.write_bytes(content)
    upload(page, altered)
    expect(page.locator(".verdict h2")).to_have_text("✗ ไม่ตรงกับฉบับที่อนุมัติ")
    page.goto(f"{visits.live_server.url}/verify/")
    upload(page, path)
    expect(page.locator(".verdict")).to_contain_text("✓ ตรงกับฉบับที่อนุมัติ")
    expect(page.locator(".verdict")).to_contain_text(paper.code)
    fits(page)


def upload(page: Page, path: Path) -> None:
    """Have a file compared on a page of verification."""
    page.get_by_label("แฟ้มที่จะตรวจ").set_input_files(path)
    page.get_by_role("button", name="ตรวจแฟ้ม").click()
