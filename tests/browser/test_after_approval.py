"""After the approval, in Chromium: published and read by anybody, looked over by an auditor, withdrawn, and revised."""

from __future__ import annotations

import csv
import io
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from ita_portal.organisations.models import Organisation, Role, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.models import Inspection, IssuedPaper, Memo
from tests.reports.conftest import plan_of_000
from tests.reports.memos import approved_memo

from .chain import bell, digest, download, expect_notice, fits, follow, person, ready
from .conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
YEAR = "/abt-tuayang/2567/"
PUBLIC = "/p/abt-tuayang/2567/"


@pytest.fixture
def officer(organisation: Organisation) -> User:
    return person(organisation, "นางสาว สมหญิง ขยันยิ่ง", "นักวิเคราะห์นโยบายและแผน", Role.STAFF)


@pytest.fixture
def plan(instruments: None, organisation: Organisation, officer: User) -> MeasurePlan:
    return ready(plan_of_000(organisation), by=officer)


@pytest.fixture
def memo(plan: MeasurePlan, officer: User) -> Memo:
    """Return an approved memo, whose papers nobody has asked for yet."""
    return approved_memo(plan, by=officer)


@pytest.fixture
def inspector(db: None) -> User:
    """Return somebody who belongs to no organisation."""
    return User.objects.create_user(username="weera.t", prefix="นาย", first_name="วีระ", last_name="เที่ยงธรรม")


def test_published_inspected_withdrawn_and_revised(
    visits: Visits,
    settings: Any,
    tmp_path: Path,
    plan: MeasurePlan,
    memo: Memo,
    officer: User,
    operator: User,
    inspector: User,
) -> None:
    settings.PORTAL_URL = visits.live_server.url
    desk = visits.open(f"{YEAR}memos/{memo.pk}/", officer)
    first = publish(desk)
    reader = visits.open(PUBLIC, phone=True)
    read_as_anybody(reader, first, plan, tmp_path)

    inspect(visits, first, operator, inspector, tmp_path)
    desk.reload()
    expect(bell(desk)).to_have_text("๑")
    desk.locator(".bell").click()
    expect(desk.locator(".told .is-unread")).to_contain_text("ข้อสังเกต: ขอให้ระบุผู้รับผิดชอบให้ชัดเจน")

    withdraw(desk, first)
    reader.reload()
    expect(reader.locator(".public-paper")).to_contain_text("เหตุผล: พบระยะเวลาผิดในตาราง")
    expect(reader.locator(".public-files")).to_have_count(0)
    gone = reader.request.get(f"{visits.live_server.url}{PUBLIC}plan.pdf")
    assert (gone.status, "พบระยะเวลาผิดในตาราง" in gone.text()) == (410, True)

    revise(desk, memo, plan, officer)
    second = publish(desk)
    assert (second.revision, second.replaces) == (1, first)
    old = visits.open(f"/verify/{first.code}/", phone=True)
    expect(old.locator(".notice-warning")).to_contain_text("ฉบับนี้ถูกแทนด้วย ฉบับแก้ไขครั้งที่ ๑")
    old.locator(".notice-warning a").click()
    expect(old.locator(".facts")).to_contain_text(second.code)
    expect(old.locator(".public-kind")).to_contain_text("✓ ฉบับปัจจุบัน")
    expect(old.locator(".facts")).to_contain_text("แก้ไขระยะเวลาของมาตรการแรก")
    fits(old)
    reader.reload()
    expect(reader.locator(".public-paper").first).to_contain_text("ฉบับแก้ไขครั้งที่ ๑ · ฉบับปัจจุบัน")


def publish(page: Page) -> IssuedPaper:
    """Publish the plan from the page of its memo; return the paper."""
    follow(page, "ต่อไป: เผยแพร่")
    paper = IssuedPaper.objects.filter(kind="plan").latest("pk")
    row = page.locator(".publish-row", has_text=paper.code)
    row.get_by_role("button", name="เผยแพร่").click()
    expect_notice(page, f"เผยแพร่{to_thai(paper.title)}แล้ว")
    expect(page.get_by_label("ใช้เป็นคำตอบ")).to_have_value(f"{page.url.split('/abt')[0]}{PUBLIC}")
    paper.refresh_from_db()
    return paper


def read_as_anybody(page: Page, paper: IssuedPaper, plan: MeasurePlan, folder: Path) -> None:
    """Read what is published, signed out: the same bytes as were frozen, and the tables in two formats."""
    expect(page.locator(".public-paper")).to_have_count(1)
    expect(page.locator(".public-paper h2")).to_have_text(to_thai(paper.title))
    pdf = page.request.get(page.get_by_role("link", name="อ่าน PDF").evaluate("link => link.href"))
    assert (sha256(pdf.body()).hexdigest(), len(pdf.body())) == (paper.sha256, paper.size)
    titles = [measure.title for group in plan.grouped().values() for measure in group]
    book = load_workbook(download(page, page.get_by_role("link", name="XLSX"), folder))
    assert [row[2] for row in book["มาตรการ"].iter_rows(min_row=2, values_only=True)] == titles
    table = download(page, page.locator(".public-csv").first, folder).read_text(encoding="utf-8-sig")
    assert [row["มาตรการ/แนวทาง"] for row in csv.DictReader(io.StringIO(table))] == titles
    follow(page, paper.code)
    expect(page.locator(".signers")).to_contain_text("นางสาวสมหญิง ขยันยิ่ง")
    fits(page)
    page.go_back()


def inspect(visits: Visits, paper: IssuedPaper, operator: User, inspector: User, folder: Path) -> None:
    """Give the inspector the organisation, as the operator; let them take the year's bundle and mark the paper."""
    page = visits.open("/operator/", operator)
    follow(page, "ผู้ตรวจสอบ")
    page.get_by_label("ชื่อผู้ใช้หรืออีเมลของผู้ตรวจสอบ").fill(inspector.username)
    page.get_by_label("หน่วยงาน", exact=True).fill("อบต.ตัวอย่าง\tจังหวัดตัวอย่าง")
    page.get_by_role("button", name="ให้สิทธิตรวจสอบ").click()
    expect_notice(page, "ให้สิทธิ")

    page = visits.open("/", inspector, phone=True)
    follow(page, "องค์การบริหารส่วนตำบลตัวอย่าง")
    with zipfile.ZipFile(download(page, page.get_by_role("link", name="ดาวน์โหลดทั้งปี"), folder)) as bundle:
        lines = list(csv.DictReader(io.StringIO(bundle.read("manifest.csv").decode("utf-8-sig"))))
        assert len(lines) == 2
        told = {line["แฟ้ม"]: line["SHA-256"] for line in lines}
        assert {name: sha256(bundle.read(name)).hexdigest() for name in told} == told
        assert paper.sha256 in told.values()
    page.locator("tr", has_text=paper.code).get_by_role("link").first.click()
    assert digest(download(page, page.get_by_role("link", name="ดาวน์โหลด PDF"), folder)) == paper.sha256
    page.get_by_label("ข้อสังเกต").fill("ขอให้ระบุผู้รับผิดชอบให้ชัดเจน")
    page.get_by_role("button", name="ทำเครื่องหมายว่าตรวจแล้ว").click()
    expect_notice(page, "บันทึกว่าตรวจแล้ว")
    fits(page)
    assert Inspection.objects.get().paper == paper
    missing = page.request.get(f"{visits.live_server.url}{YEAR}memos/{paper.memo_id}/")
    assert missing.status == 404


def withdraw(page: Page, paper: IssuedPaper) -> None:
    """Take the paper off the public page, with a reason."""
    page.goto(f"{page.url.split('/inbox')[0]}{YEAR}publish/")
    inspections = page.locator("section", has=page.get_by_role("heading", name="ผู้ตรวจสอบตรวจแล้ว"))
    expect(inspections.locator("li")).to_contain_text("นายวีระ เที่ยงธรรม")
    expect(inspections.locator("li")).to_contain_text("ข้อสังเกต: ขอให้ระบุผู้รับผิดชอบให้ชัดเจน")
    row = page.locator(".publish-row", has_text=paper.code)
    row.locator("summary").click()
    row.get_by_label("เหตุผลที่ถอน").fill("พบระยะเวลาผิดในตาราง")
    row.get_by_role("button", name="ถอนการเผยแพร่").click()
    expect_notice(page, "ถอนการเผยแพร่")


def revise(page: Page, memo: Memo, plan: MeasurePlan, officer: User) -> None:
    """Correct a measure in a revision, and send it; the chain approves."""
    page.goto(f"{page.url.split('/abt')[0]}{YEAR}memos/{memo.pk}/")
    follow(page, "เริ่มฉบับแก้ไข")
    page.get_by_label("เหตุผลของการแก้ไข").fill("แก้ไขระยะเวลาของมาตรการแรก")
    page.get_by_role("button", name="เริ่มฉบับแก้ไข").click()
    expect_notice(page, "เริ่มฉบับแก้ไขแล้ว")
    follow(page, "กลับไปหน้าบันทึกข้อความ")
    revision = page.url
    follow(page, "ตารางมาตรการ")
    row = page.locator(f"#measure-{plan.measures.earliest('pk').pk}")
    row.locator("[name^=ends]").fill("มี.ค. 67")
    row.locator("[name^=ends]").blur()
    expect(row.locator(".state")).to_contain_text("บันทึกแล้ว")
    page.goto(revision)
    page.locator(".next-card .btn").click()
    page.get_by_role("button", name="ยืนยันเสนอลงนาม").click()
    expect_notice(page, "เสนอแล้ว")
    made = Memo.objects.get(revises=memo)
    for step in made.chain:
        decide(step, step.choices[0], words="", by=step.holder, at=timezone.now())
    page.reload()
