"""The analysis page: level with its reason, tools, indicators, and the weak items by gap."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)
URL = "/abt-tuayang/2566/analysis/"


@pytest.fixture
def assessment(instruments: None, organisation: Organisation) -> Assessment:
    return Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))


def page(client: Client, user: User) -> str:
    client.force_login(user)
    return client.get(URL).content.decode()


def test_it_shows_level_reason_and_every_weak_score_by_gap(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=NOW)
    html = page(client, staff)
    assert "ผ่าน เพราะ EIT ส่วนที่ ๒ = ๘๔.๓๘" in html
    assert "๑๑ คะแนน จาก ๑๐ ข้อ" in html
    table = html[html.index("weak-table") :]
    labels = ["e๙ ส่วนที่ ๒", "e๖ ส่วนที่ ๒", "e๕ ส่วนที่ ๒", "i๘", "e๑ ส่วนที่ ๒", "e๑๔ ส่วนที่ ๑"]
    places = [table.index(f">{label}<") for label in labels]
    assert places == sorted(places)
    assert table.count("(ต่ำสุด)") == 4


def test_ten_numbers_are_enough(client: Client, assessment: Assessment, approver: User) -> None:
    case = read_case("000")
    scores = {(f"indicator-{n}", 0): Decimal(value) for n, value in case["indicators"].items()}
    assessment.save_scores(scores, by=None, at=NOW)
    html = page(client, approver)
    assert "๘๕.๒๓" in html and "ผ่าน เพราะ IIT = ๘๑.๖๘, EIT = ๖๙.๐๘" in html
    assert "เทียบเป็นระดับแบบตัวอักษร: A" in html
    assert "๖ คะแนน จาก ๖ ข้อ" in html


def test_a_disagreeing_announced_score_is_told(client: Client, assessment: Assessment, staff: User) -> None:
    assessment.save_scores(
        case_scores(read_case("004")) | {("indicator-2", 0): Decimal("92.50")}, by=staff, at=NOW
    )
    assert "ตัวชี้วัดที่ ๒: ประกาศ ๙๒.๕๐ แต่คำนวณจากรายการย่อยได้ ๙๒.๑๖" in page(client, staff)


def test_no_scores_yet_leads_to_the_sheet(client: Client, instruments: None, staff: User) -> None:
    html = page(client, staff)
    assert "ยังไม่มีคะแนนของปีงบประมาณ ๒๕๖๖" in html
    assert 'href="/abt-tuayang/2566/scores/"' in html


def test_a_year_without_an_instrument_does_not_exist(client: Client, instruments: None, staff: User) -> None:
    client.force_login(staff)
    assert client.get("/abt-tuayang/2563/analysis/").status_code == 404
