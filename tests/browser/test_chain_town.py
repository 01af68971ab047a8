"""A memo of a town in Chromium: five signatures, two by deputies, and every refusal on the way with its sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from ita_portal.organisations.models import Organisation, Role, User
from ita_portal.thai import long_date, to_thai
from reports.models import ApprovalStep, ChainEntry, ChainStep, Delegation, IssuedPaper, Memo
from tests.reports.conftest import plan_of_000
from tests.reports.memos import draft_memo

from .chain import bell, decide, download, expect_notice, fits, follow, in_order, person, ready, words_of
from .conftest import Visits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT = datetime(2024, 3, 1, tzinfo=UTC)
DIRECTOR, CLERK, SECRETARY, MAYOR = (
    "ผู้อำนวยการกองยุทธศาสตร์และงบประมาณ",
    "ปลัดเทศบาล",
    "เลขานุการนายกเทศมนตรี",
    "นายกเทศมนตรี",
)
YEAR = "/tt-tuayang/2567/"
People = dict[str, User]


@pytest.fixture
def town(db: None) -> Organisation:
    made = Organisation.objects.create(
        slug="tt-tuayang",
        kind=Organisation.Kind.TOWN_SUBDISTRICT,
        name="เทศบาลตำบลตัวอย่าง",
        short_name="ทต.ตัวอย่าง",
        district="เมืองตัวอย่าง",
        province="ตัวอย่าง",
    )
    made.units.create(name="กองยุทธศาสตร์และงบประมาณ", position=1)
    return made


@pytest.fixture
def people(town: Organisation) -> People:
    """Return the members by the word for them here, with the usual chain set up."""
    found = {
        "officer": person(town, "นาย วีระ ขยันยิ่ง", "นักวิเคราะห์นโยบายและแผนชำนาญการ", Role.STAFF),
        "administrator": person(town, "นาง ดวงใจ ดูแลดี", "นักจัดการงานทั่วไป", Role.ADMINISTRATOR),
        "director": person(town, "นาย มานะ ตั้งใจ", DIRECTOR),
        "clerk": person(town, "นาย ปิติ รักงาน", CLERK),
        "deputy clerk": person(town, "นางสาว มาลี ใจงาม", "รองปลัดเทศบาล"),
        "once deputy": person(town, "นาย เก่ง กล้าหาญ", "ผู้อำนวยการกองคลัง"),
        "secretary": person(town, "นาย สมบัติ มั่นคง", SECRETARY),
        "mayor": person(town, "นาย ชูใจ รักถิ่น", MAYOR),
        "deputy mayor": person(town, "นาง สุดา พัฒนา", "รองนายกเทศมนตรี"),
    }
    holders = ("director", "clerk", "secretary", "mayor")
    chain = [
        ChainEntry(title, found[name])
        for title, name in zip((DIRECTOR, CLERK, SECRETARY, MAYOR), holders, strict=True)
    ]
    ChainStep.replace(town, chain, by=found["administrator"], at=AT)
    return found


@pytest.fixture
def memo(instruments: None, town: Organisation, people: People) -> Memo:
    """Return a memo of the plan that only has to be sent."""
    plan = ready(plan_of_000(town), by=people["officer"])
    chain = [step.entry for step in town.chain.all()]
    return draft_memo(plan, by=people["officer"], chain=chain)


def test_deputies_sign_and_nobody_else(
    visits: Visits, settings: Any, tmp_path: Path, memo: Memo, people: People
) -> None:
    settings.PORTAL_URL = visits.live_server.url
    enter_delegations(visits, people)
    desk = visits.open(f"{YEAR}memos/{memo.pk}/", people["officer"])
    send(desk)
    refuse_the_wrong_people(visits, memo, people)
    waiting = visits.open(address(memo, 2), people["deputy clerk"], phone=True)
    recall(desk)
    see_the_void(visits, memo, people["director"], waiting)
    send(desk)

    director = visits.open("/inbox/", people["director"], phone=True)
    director.locator(".letter").click()
    expect(director.locator("body")).to_contain_text(
        "รอบที่ ๑ เจ้าหน้าที่ดึงกลับ เพราะ “แก้ไขผู้รับผิดชอบให้ตรงกับคำสั่งแบ่งงาน”"
    )
    decide(director, "เห็นชอบ", phrase="เห็นควรดำเนินการตามเสนอ")
    expect_notice(director, f"ต่อไป: {CLERK}พิจารณา")
    sign_once(visits, memo, people)
    sign_without_scripts(visits, memo, people["secretary"])
    approve(visits, memo, people)

    desk.reload()
    paper = IssuedPaper.objects.get(kind="memo")
    text = words_of(download(desk, desk.locator(f"a[href$='{paper.code}.pdf']"), tmp_path))
    today = to_thai(long_date(timezone.localdate()))
    in_order(
        text,
        *("(นายวีระ ขยันยิ่ง)", "นักวิเคราะห์นโยบายและแผนชำนาญการ"),
        *(f"ความเห็นของ{DIRECTOR}", "เห็นควรดำเนินการตามเสนอ", "(นายมานะ ตั้งใจ)", DIRECTOR, today),
        *(f"ความเห็นของ{CLERK}", "เพื่อโปรดพิจารณาอนุมัติ", "(นางสาวมาลี ใจงาม)"),
        *(f"รองปลัดเทศบาล ปฏิบัติราชการแทน {CLERK} {today}",),
        *(f"ความเห็นของ{SECRETARY}", "ทราบ เห็นพ้องด้วย", "(นายสมบัติ มั่นคง)", SECRETARY, today),
        *(f"ความเห็นของ{MAYOR}", "อนุมัติ ดำเนินการตามเสนอ", "(นางสุดา พัฒนา)"),
        *(f"รองนายกเทศมนตรี ปฏิบัติราชการแทน {MAYOR} {today}",),
    )
    assert "ร่าง" not in text


def address(memo: Memo, position: int, number: int = 1) -> str:
    """Return the page of a step, in the first round or in the one named."""
    step = memo.steps.get(round=number, position=position)
    return f"{YEAR}memos/{memo.pk}/steps/{step.pk}/"


def enter_delegations(visits: Visits, people: People) -> None:
    """Enter, as the administrator, two orders in force and one of last year."""
    today = timezone.localdate()
    now = (long_date(today - timedelta(days=30)), long_date(today + timedelta(days=30)))
    page = visits.open("/tt-tuayang/", people["administrator"])
    page.locator(".menu summary").first.click()
    follow(page, "ผู้แทน")
    for title, name, number, (first, last) in (
        (CLERK, "deputy clerk", "๔๕/๒๕๖๙", now),
        (MAYOR, "deputy mayor", "๔๖/๒๕๖๙", now),
        (CLERK, "once deputy", "๑๒/๒๕๖๖", ("1 ตุลาคม 2565", "30 กันยายน 2566")),
    ):
        page.get_by_label("ตำแหน่งที่แทน").fill(title)
        page.locator("[name=acting]").select_option(str(people[name].pk))
        page.get_by_label("ปฏิบัติราชการแทน").check()
        page.get_by_label("คำสั่งที่").fill(number)
        page.get_by_label("ตั้งแต่วันที่").fill(to_thai(first))
        page.get_by_label("ถึงวันที่").fill(to_thai(last))
        page.get_by_role("button", name="บันทึกผู้แทน").click()
        expect_notice(page, f"บันทึกแล้ว {people[name].full_name} ปฏิบัติราชการแทน {title}")
    assert Delegation.objects.count() == 3


def send(page: Page) -> None:
    """Send the memo whose page is open."""
    page.locator(".next-card .btn").click()
    expect(page.locator(".stops")).to_contain_text("นางสาวมาลี ใจงาม ปฏิบัติราชการแทน")
    page.get_by_role("button", name="ยืนยันเสนอลงนาม").click()
    expect_notice(page, "เสนอแล้ว")


def refused(page: Page, sentence: str) -> None:
    """See that a step's page gives a reason and no way to decide."""
    expect(page.locator(".notice")).to_have_count(1)
    expect(page.locator(".notice")).to_contain_text(sentence)
    expect(page.locator(".decision")).to_have_count(0)
    fits(page)


def refuse_the_wrong_people(visits: Visits, memo: Memo, people: People) -> None:
    """Let the second step be opened before its turn, and in its turn by who may not decide it."""
    early = visits.open(address(memo, 2), people["deputy clerk"], phone=True)
    refused(early, f"ยังไม่ถึงลำดับของ{CLERK} ขณะนี้เรื่องอยู่ที่{DIRECTOR}")
    expect(bell(early)).to_have_count(0)
    director = visits.open(address(memo, 1), people["director"], phone=True)
    decide(director, "เห็นชอบ", phrase="เห็นชอบ")
    expect_notice(director, f"ต่อไป: {CLERK}พิจารณา")
    stranger = visits.open(address(memo, 2), people["secretary"], phone=True)
    refused(stranger, f"ลำดับนี้เป็นของ{CLERK} (นายปิติ รักงาน) ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน จึงลงนามไม่ได้")
    late = visits.open(address(memo, 2), people["once deputy"], phone=True)
    refused(
        late,
        f"คำสั่งให้ท่านปฏิบัติราชการแทน{CLERK} มีผลตั้งแต่ ๑ ตุลาคม ๒๕๖๕ ถึง ๓๐ กันยายน ๒๕๖๖ วันนี้จึงลงนามแทนไม่ได้",
    )
    expect(bell(late)).to_have_count(0)


def recall(page: Page) -> None:
    """Take the memo back, as the officer, told beforehand whose approval that voids."""
    page.reload()
    follow(page, "ดึงกลับมาแก้ไข")
    expect(page.locator("main")).to_contain_text("ความเห็นชอบต่อไปนี้เป็นโมฆะ")
    expect(page.locator("main")).to_contain_text(f"ลำดับที่ ๒ {DIRECTOR}: เห็นชอบ โดย นายมานะ ตั้งใจ")
    page.get_by_label("เหตุผลที่ดึงกลับ").fill("แก้ไขผู้รับผิดชอบให้ตรงกับคำสั่งแบ่งงาน")
    page.get_by_role("button", name="ดึงกลับมาแก้ไข").click()
    expect_notice(page, "ดึงกลับมาแก้ไขแล้ว")


def see_the_void(visits: Visits, memo: Memo, director: User, waiting: Page) -> None:
    """See on pages of the first round that it is over: of who signed, and of who was about to."""
    signed = visits.open(address(memo, 1), director, phone=True)
    refused(signed, "ความเห็นนี้เป็นโมฆะแล้ว เพราะเรื่องถูกส่งกลับไปแก้ไข")
    decide(waiting, "เห็นชอบ", words="เห็นชอบตามที่เสนอมา")
    refused(waiting, "เรื่องนี้ถูกดึงกลับหรือส่งคืนไปแก้ไขแล้ว ความเห็นชอบในรอบนั้นเป็นโมฆะ")
    expect(waiting.locator("textarea")).to_have_value("เห็นชอบตามที่เสนอมา")
    assert memo.steps.get(round=1, position=2).decision == ""


def sign_once(visits: Visits, memo: Memo, people: People) -> None:
    """Have three pages of the second step pressed: the deputy's counts, their other one and the holder's do not."""
    path = address(memo, 2, 2)
    deputy, again = (visits.open(path, people["deputy clerk"], phone=True) for _ in range(2))
    holder = visits.open(path, people["clerk"], phone=True)
    expect(deputy.locator(".asked")).to_contain_text(f"ท่าน ในฐานะผู้ปฏิบัติราชการแทน{CLERK} ตามคำสั่งที่ ๔๕/๒๕๖๙")
    decide(deputy, "เห็นชอบ", phrase="เพื่อโปรดพิจารณาอนุมัติ")
    expect_notice(deputy, f"ต่อไป: {SECRETARY}พิจารณา")
    for page, words in ((again, "กดซ้ำ"), (holder, "ผู้ดำรงตำแหน่งกดด้วย")):
        decide(page, "ส่งคืนแก้ไข", words=words)
        refused(page, "ลำดับนี้ นางสาวมาลี ใจงาม ลงความเห็น “เห็นชอบ” แล้วเมื่อ")
        expect(page.locator("textarea")).to_have_value(words)
    step = memo.steps.get(round=2, position=2)
    assert (step.decision, step.words, step.decided_by) == (
        ApprovalStep.Decision.FORWARD,
        "เพื่อโปรดพิจารณาอนุมัติ",
        people["deputy clerk"],
    )
    assert Memo.objects.get().round == 2


def sign_without_scripts(visits: Visits, memo: Memo, secretary: User) -> None:
    """Take note on a phone whose scripts are switched off, with a ready phrase and own words."""
    page = visits.open("/inbox/", secretary, phone=True, java_script_enabled=False)
    page.locator(".letter").click()
    decide(page, "ทราบ", phrase="ทราบ", words="เห็นพ้องด้วย")
    expect_notice(page, f"ต่อไป: {MAYOR}พิจารณา")
    fits(page)
    assert memo.steps.get(round=2, position=3).words == "ทราบ เห็นพ้องด้วย"


def approve(visits: Visits, memo: Memo, people: People) -> None:
    """Approve as the mayor's deputy, who reads what everybody said."""
    page = visits.open("/inbox/", people["deputy mayor"], phone=True)
    page.locator(".letter").click()
    opinions = page.locator(".opinions").first
    expect(opinions).to_contain_text(f"รองปลัดเทศบาล ปฏิบัติราชการแทน{CLERK} ตามคำสั่งที่ ๔๕/๒๕๖๙")
    expect(opinions).to_contain_text("ทราบ เห็นพ้องด้วย")
    decide(page, "อนุมัติ", phrase="อนุมัติ ดำเนินการตามเสนอ")
    expect_notice(page, "อนุมัติแล้ว")
    page.goto(f"{visits.live_server.url}{address(memo, 4, 2)}")
    refused(page, "นางสุดา พัฒนา ลงความเห็น “อนุมัติ” แล้ว")
