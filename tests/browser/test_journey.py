"""From signing in to the paper in hand, in Chromium, with and without JavaScript, on a province's figures."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from tests.browser.conftest import new_page
from tests.conftest import PASSWORD, case_scores, read_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def document_lines() -> str:
    """Return the province's question table as its published document writes it: codes, wording, Thai digits."""
    case = read_case("004")
    scores, before = case_scores(case), case_scores(case, "previous_year_scores")
    lines = ["เครื่องมือประเมิน\tหัวข้อการประเมิน\tคะแนน ปี ๖๖/๖๕"]
    for node in Instrument.objects.get(be_year=2566).tree.walk():
        last = f" ({before[node.code, 0]})" if (node.code, 0) in before else ""
        code = re.sub("^o", "0", node.code)  # the document writes a zero for the letter
        if (node.code, 1) in scores and node.code.startswith("e"):
            first, second = scores[node.code, 1], scores[node.code, 2]
            lines.append(f"{code} {node.title}\tEIT ส่วนที่ 1 = {first} EIT ส่วนที่ 2 = {second}{last}")
        elif (node.code, 0) in scores:
            lines.append(f"{code} {node.title}\t{scores[node.code, 0]}{last}")
    return to_thai("\n".join(lines))


def read_back(path: Path) -> tuple[str, str]:
    """Return the text of a PDF without blanks, as poppler and as PDFium read it."""
    poppler = subprocess.run(
        ["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True
    ).stdout
    document = pypdfium2.PdfDocument(path)
    pdfium = "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return re.sub(r"\s", "", poppler), re.sub(r"\s", "", pdfium)


def sign_in_by_form(page: Page, url: str, username: str) -> None:
    page.goto(url)
    page.get_by_label("ชื่อผู้ใช้หรืออีเมล").fill(username)
    page.get_by_label("รหัสผ่าน", exact=False).first.fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()


@pytest.fixture
def ready(instruments: None, organisation: Organisation, staff: User) -> User:

    call_command("load_library", verbosity=0)
    return staff


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_sign_in_to_the_paper(
    browser: Browser, live_server: Any, ready: User, organisation: Organisation, tmp_path: Path, scripts: bool
) -> None:
    page = new_page(browser, java_script_enabled=scripts, accept_downloads=True)
    sign_in_by_form(page, f"{live_server.url}/abt-tuayang/2567/", ready.username)

    page.get_by_role("link", name="กรอกคะแนน").click()
    page.get_by_role("link", name="วางข้อมูลหรือนำเข้าไฟล์").click()
    page.locator("textarea[name=text]").fill(document_lines())
    page.get_by_role("button", name="อ่านข้อความ").click()
    expect(page.locator(".counts")).to_contain_text("อ่านได้ ๑๐๓ · เปลี่ยน ๑๐๓ · อ่านไม่ได้ ๐")
    assert not Assessment.objects.exists()
    page.get_by_role("button", name=re.compile("^บันทึก ๑๐๓ ค่า")).click()

    expect(page.locator(".savebar")).to_contain_text("๙๔.๑๖")
    page.get_by_role("button", name="ปิดคะแนน").click()
    if page.get_by_role("button", name="ยืนยันปิดคะแนน").count():
        page.get_by_role("button", name="ยืนยันปิดคะแนน").click()
    expect(page.get_by_text("ปิดคะแนนแล้ว").first).to_be_visible()

    page.goto(f"{live_server.url}/abt-tuayang/2566/analysis/")
    expect(page.locator("main")).to_contain_text("ผ่าน เพราะ EIT ส่วนที่ ๒ = ๘๔.๓๘")
    expect(page.locator(".weak-table tbody tr")).to_have_count(11)
    page.get_by_role("link", name="จัดทำมาตรการปี ๒๕๖๗").click()

    page.get_by_role("button", name=re.compile("เริ่มจากคลังมาตรการ")).click()
    plan = MeasurePlan.objects.get()
    assert plan.unanswered(plan.result()) == []
    expect(page.locator("main")).to_contain_text("✓ ครบทุกข้อ")

    page.get_by_role("link", name="ดูหน้ากระดาษ").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="ดาวน์โหลด PDF").click()
    path = tmp_path / "plan.pdf"
    download.value.save_as(path)
    assert download.value.suggested_filename.endswith(".pdf")
    page.context.close()

    for text in read_back(path):
        for figure in ("๙๔.๑๖", "๙๓.๑๗", "๘๗.๓๖", "๙๐.๓๔", "๘๔.๓๘", "EITส่วนที่๒=๗๓.๖๐"):
            assert figure in text
        assert "องค์การบริหารส่วนตำบลตัวอย่าง" in text
        for measure in plan.measures.filter(deleted_at=None):
            # The first words: a longer title may go on in the next line or on the next page.
            assert re.sub(r"\s", "", to_thai(measure.title))[:12] in text
