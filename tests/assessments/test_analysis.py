"""The analysis page: level with its reason, tools, indicators, and the weak items by gap."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Instrument
from assessments.scoring import Key
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_arabic
from tests.conftest import case_scores, read_case
from tests.measures.drafting_subjects import indicator_scores

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


def section(html: str, heading: str) -> str:
    return html[html.index(f'aria-labelledby="{heading}"') :].split("</section>")[0]


def test_the_indicators_stand_in_score_order_with_counts(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*read_case("000")["indicators"].values()), by=None, at=NOW)
    part = section(page(client, staff), "ranking-heading")
    order = re.findall(r"</span> ตัวชี้วัดที่ (\S+)", part)
    assert order == ["๙", "๑๐", "๑", "๓", "๒", "๔", "๕", "๖", "๘", "๗"]
    assert re.findall(r'rank num">(\S+)<', part)[:4] == ["๑", "๑", "๓", "๔"]
    assert "ตั้งแต่ ๘๕ คะแนนขึ้นไป: ๔ ตัวชี้วัด" in part and "ต่ำกว่า ๘๕ คะแนน: ๖ ตัวชี้วัด" in part
    assert "ต่ำสุดคือตัวชี้วัดที่ ๗ (๖๕.๐๑ คะแนน)" in part


def test_another_threshold_moves_the_border_and_its_own_score_passes(
    client: Client, assessment: Assessment, staff: User
) -> None:
    scores = indicator_scores("90", "89.99", *["95"] * 8)
    assessment.save_scores(scores, by=None, at=NOW)
    client.force_login(staff)
    html = client.get(URL, {"threshold": "๙๐"}).content.decode()
    assert "จุดแข็ง ๙ ตัวชี้วัด จุดที่ควรพัฒนา ๑ ตัวชี้วัด" in section(html, "ranking-heading")
    assert "ขาด ๐.๐๑" in section(html, "ranking-heading")
    assert "จุดแข็ง ๑๐ ตัวชี้วัด จุดที่ควรพัฒนา ๐ ตัวชี้วัด" in section(page(client, staff), "ranking-heading")


def test_a_threshold_that_cannot_be_read_is_told_and_kept(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*["90"] * 10), by=None, at=NOW)
    client.force_login(staff)
    answer = client.get(URL, {"threshold": "เก้าสิบ"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "เกณฑ์ที่กรอกใช้ไม่ได้: คะแนน “เก้าสิบ” ไม่ใช่ตัวเลข" in html and 'value="เก้าสิบ"' in html
    assert "ตั้งแต่ ๘๕ คะแนนขึ้นไป" in html


def save_year(organisation: Organisation, be_year: int, scores: dict[Key, Decimal]) -> Assessment:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=be_year))
    made.save_scores(scores, by=None, at=NOW)
    return made


def cells(row: str) -> list[str]:
    return [
        re.sub(r"<.*?>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, flags=re.DOTALL)
    ]


def test_two_years_stand_beside_each_other(
    client: Client, assessment: Assessment, organisation: Organisation, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*["90"] * 9, "85"), by=None, at=NOW)
    save_year(organisation, 2565, indicator_scores("89.19", "90.64", *["90"] * 7, "85"))
    part = section(page(client, staff), "comparison-heading")
    rows = [cells(row) for row in re.findall(r"<tr.*?</tr>", part, flags=re.DOTALL)]
    assert rows[1][1:] == ["๘๙.๑๙", "๙๐.๐๐", "+๐.๘๑", "▲ เพิ่มขึ้น"]
    assert rows[2][1:] == ["๙๐.๖๔", "๙๐.๐๐", "-๐.๖๔", "▼ ลดลง"]
    assert rows[3][1:] == ["๙๐.๐๐", "๙๐.๐๐", "๐.๐๐", "คงเดิม"]
    assert rows[11] == ["ค่าเฉลี่ยของตัวชี้วัด", "๘๙.๔๘", "๘๙.๕๐", "+๐.๐๒", "▲ เพิ่มขึ้น"]
    assert rows[15][0] == "คะแนนรวม" and rows[15][3] == "+๐.๐๑"
    assert rows[16][:3] == ["ระดับ", "A", "ผ่าน หรือ ผ่านดี"]  # the parts of EIT are unknown


def test_a_total_alone_of_last_year_is_compared(
    client: Client, assessment: Assessment, organisation: Organisation, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*read_case("000")["indicators"].values()), by=None, at=NOW)
    save_year(organisation, 2565, {("total", 0): Decimal("88.52")})
    part = section(page(client, staff), "comparison-heading")
    assert "-๓.๒๙" in part and part.count("ลดลง") == 1
    assert "ไม่มีข้อคำถามที่เทียบกับปีก่อนได้" in part


def test_without_a_year_before_the_page_says_how_to_compare(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*["90"] * 10), by=None, at=NOW)
    part = section(page(client, staff), "comparison-heading")
    assert "ยังไม่มีคะแนนของปีงบประมาณ ๒๕๖๕ ให้เทียบ" in part and "<table" not in part


def test_what_is_disclosed_but_not_perceived_is_found(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    part = section(page(client, staff), "perception-heading")
    row = part[part.index("e๑ ส่วนที่ ๒") :].split("</tr>")[0]
    assert re.findall(r">(o\S+)</span>", row) == ["o๑๔", "o๑๕"]
    assert "e๑๓" not in part  # both of its parts pass
    contrast = part[part.index("ภายในให้คะแนนสูง") :]
    assert contrast.index(">i๑ ") < contrast.index(">e๑ ส่วนที่ ๒ ") and "i๒" not in contrast


def test_nothing_undisclosed_and_no_question_scores_have_words_of_their_own(
    client: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores(indicator_scores(*["80"] * 10), by=None, at=NOW)
    assert "ส่วนนี้ต้องใช้คะแนนรายข้อคำถาม" in section(page(client, staff), "perception-heading")
    low = {key: Decimal(0) for key, value in case_scores(read_case("004")).items() if key[0][0] == "o"}
    assessment.save_scores(case_scores(read_case("004")) | low, by=None, at=NOW)
    assert "ไม่พบข้อที่เปิดเผยครบแต่การรับรู้ต่ำกว่าเกณฑ์" in section(page(client, staff), "perception-heading")


def test_points_needed_stand_by_what_they_bring(client: Client, assessment: Assessment, staff: User) -> None:
    assessment.save_scores(indicator_scores(*read_case("000")["indicators"].values()), by=None, at=NOW)
    part = section(page(client, staff), "needs-heading")
    rows = [cells(row) for row in re.findall(r"<tr.*?</tr>", part, flags=re.DOTALL)][1:]
    assert rows[0] == ["EIT", "๖๙.๐๘", "๑๕.๙๒", "+๔.๗๘"]
    assert rows[1][1:] == ["๖๕.๐๑", "๑๙.๙๙", "+๒.๐๐"]
    gains = [Decimal(to_arabic(row[3])) for row in rows]
    assert len(rows) == 8 and gains == sorted(gains, reverse=True)
    assert "ถึงระดับ <strong>ผ่านดี</strong>" in part and "EIT อีก ๑๕.๙๒" in part


def test_the_page_costs_the_same_for_ten_numbers_and_for_all_questions(
    client: Client, assessment: Assessment, organisation: Organisation, staff: User
) -> None:
    save_year(organisation, 2565, {("total", 0): Decimal("88.52")})
    assessment.save_scores(indicator_scores(*["80"] * 10), by=None, at=NOW)
    client.force_login(staff)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(URL).status_code == 200
        return len(queries)

    few = cost()
    assessment.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    assert cost() == few <= 15
