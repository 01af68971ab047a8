"""The steps of a year: which are done, which comes next, and what is said of each."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.checklist import Checklist, State, bar_states
from tests.conftest import case_scores, read_case

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def assessment(instruments: None, organisation: Organisation, staff: User) -> Assessment:
    """Return an assessment of 2566 with every question of the province's case."""
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores(case_scores(read_case("004")), by=staff, at=NOW)
    return made


def states(organisation: Organisation, year: int = 2567) -> dict[str, State]:
    return {step.key: step.state for step in Checklist(organisation, year).steps}


def sentence(organisation: Organisation, key: str, year: int = 2567) -> str:
    return next(step.sentence for step in Checklist(organisation, year).steps if step.key == key)


def test_the_first_step_of_a_new_year_is_to_enter_scores(
    instruments: None, organisation: Organisation
) -> None:
    found = states(organisation)
    assert [key for key, state in found.items() if state is State.NOW] == ["scores"]
    assert sentence(organisation, "scores") == "ยังไม่มีคะแนน กรอกหรือวางคะแนนที่ประกาศแล้ว"


def test_a_year_without_an_instrument_offers_no_page(instruments: None, organisation: Organisation) -> None:
    steps = Checklist(organisation, 2564).steps  # measured year 2563: no file
    assert all(step.url is None for step in steps)
    assert "ยังไม่มีแบบประเมินของปีนี้" in steps[0].sentence


def test_a_half_filled_sheet_tells_how_much_is_left(assessment: Assessment) -> None:
    assessment.scores.filter(item__code__in=["i1", "i2"]).delete()
    assert sentence(assessment.organisation, "scores") == "กรอกแล้ว 101 จาก 103 ช่อง"


def test_closing_the_scores_moves_on_to_the_analysis(assessment: Assessment, staff: User) -> None:
    assert sentence(assessment.organisation, "scores") == "กรอกครบแล้ว ตรวจทานแล้วปิดคะแนน"
    assessment.close(by=staff, at=NOW)
    checklist = Checklist(assessment.organisation, 2567)
    assert checklist.steps[0].state is State.DONE and checklist.steps[0].since == NOW
    assert checklist.next_step is not None and checklist.next_step.key == "analysis"
    assert bar_states(assessment.organisation, 2567) == {"scores": State.DONE}


def test_measures_are_done_when_every_weak_item_is_answered(assessment: Assessment, staff: User) -> None:
    plan = MeasurePlan.start(assessment=assessment)
    weak = [figure.code for figure in plan.result().weak_items]
    plan.add_measure(items=assessment.instrument.items.filter(code__in=weak[:-1]), by=staff, at=NOW)
    assert sentence(assessment.organisation, "measures") == "มี 1 มาตรการ ยังขาดอีก 1 ข้อ"
    plan.excuse(item=assessment.instrument.items.get(code=weak[-1]), reason="มีมาตรการเดิม", by=staff, at=NOW)
    assert sentence(assessment.organisation, "measures") == "มี 1 มาตรการ ครบทุกข้อที่ต่ำกว่าเกณฑ์"


def test_the_analysis_is_drafted_once_scores_are_closed_and_the_plan_is_begun(
    assessment: Assessment, staff: User
) -> None:
    organisation = assessment.organisation
    assert sentence(organisation, "analysis") == "เมื่อปิดคะแนนแล้ว ระบบจะร่างบทวิเคราะห์ให้จากคะแนน"
    assessment.close(by=staff, at=NOW)
    assert sentence(organisation, "analysis") == "ดูผลวิเคราะห์ แล้วเริ่มจัดทำมาตรการ ระบบจะร่างบทวิเคราะห์ให้"
    MeasurePlan.start(assessment=assessment)
    assert sentence(organisation, "analysis") == "มีบทวิเคราะห์ครบทุกย่อหน้าแล้ว"
    assert states(organisation)["analysis"] is State.DONE
    assert bar_states(organisation, 2567) == {"scores": State.DONE, "analysis": State.DONE}


def test_an_edited_text_whose_numbers_moved_asks_to_be_looked_over(
    assessment: Assessment, staff: User
) -> None:
    plan = MeasurePlan.start(assessment=assessment)
    plan.save_text(key="opening", text="ได้ {คะแนนรวม} คะแนน", version=0, by=staff, at=NOW)
    assessment.save_scores({("i8", 0): Decimal("90.70")}, by=staff, at=NOW)
    assessment.close(by=staff, at=NOW)
    step = Checklist(assessment.organisation, 2567).next_step
    assert step is not None and step.key == "analysis"
    assert step.sentence == "คะแนนเปลี่ยนแล้ว ข้อความที่แก้ไขไว้ 1 ย่อหน้าต้องตรวจอีกครั้ง"
    assert (step.action, step.url) == ("ตรวจข้อความ", "/abt-tuayang/2567/texts/")
    plan.save_text(key="opening", text="ได้ {คะแนนรวม} คะแนน", version=1, by=staff, at=NOW)
    assert states(assessment.organisation)["analysis"] is State.DONE


def test_steps_without_a_page_are_no_links(client: Client, assessment: Assessment, staff: User) -> None:
    client.force_login(staff)
    page = client.get(reverse("reports:year-home", args=["abt-tuayang", 2567])).content.decode()
    steps = Checklist(assessment.organisation, 2567).steps
    assert [step.url is None for step in steps] == [False] * 6 + [True] * 2
    assert "เสนอลงนาม" in page and "๖ เดือน" in page
    assert page.count("btn-primary") == 1


def test_the_home_of_a_year_shows_the_level_with_its_reason(
    client: Client, assessment: Assessment, staff: User
) -> None:
    client.force_login(staff)
    page = client.get(reverse("reports:year-home", args=["abt-tuayang", 2567])).content.decode()
    assert "๙๔.๑๖" in page
    assert "ผ่าน เพราะ EIT ส่วนที่ ๒ = ๘๔.๓๘" in page


def test_an_organisation_opens_at_the_newest_year_with_scores(
    client: Client, assessment: Assessment, staff: User
) -> None:
    client.force_login(staff)
    response = client.get("/abt-tuayang/")
    assert response["Location"] == "/abt-tuayang/2567/"


def test_an_auditor_sees_nothing_in_draft(client: Client, assessment: Assessment, auditor: User) -> None:
    client.force_login(auditor)
    for address in ("/abt-tuayang/", "/abt-tuayang/2567/"):
        assert client.get(address)["Location"] == "/audits/abt-tuayang/"
    page = client.get("/audits/abt-tuayang/").content.decode()
    assert "ยังไม่มีเอกสารที่อนุมัติแล้ว" in page
    assert "๙๔.๑๖" not in page


def test_the_home_of_a_year_asks_the_database_a_fixed_number_of_times(
    client: Client,
    assessment: Assessment,
    staff: User,
    stranger_organisation: Organisation,
    django_assert_num_queries: object,
) -> None:
    client.force_login(staff)
    url = reverse("reports:year-home", args=["abt-tuayang", 2567])
    with django_assert_num_queries(14):  # type: ignore[operator]
        client.get(url)
    other = Assessment.open_for(stranger_organisation, Instrument.objects.get(be_year=2566))
    other.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    with django_assert_num_queries(14):  # type: ignore[operator]
        client.get(url)


def test_change_is_shown_against_last_years_total(
    client: Client, assessment: Assessment, staff: User
) -> None:
    last = Assessment.open_for(assessment.organisation, Instrument.objects.get(be_year=2565))
    last.save_scores({("total", 0): Decimal("92.83")}, by=staff, at=NOW)
    client.force_login(staff)
    page = client.get(reverse("reports:year-home", args=["abt-tuayang", 2567])).content.decode()
    assert "+๑.๓๓ จากปี ๒๕๖๕ (๙๒.๘๓)" in page
