"""How papers are set up: the rows, the verbs, and the pages on which people choose."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from measures.models import Change, MeasurePlan, PaperKind, PaperSettings
from measures.profile import DEFAULT_COLUMNS, KINDS, Column
from measures.table import table_of

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)

FOUR = [
    Column("steps", "วิธีดำเนินการ", 40).data(),
    Column("measure", "แนวทาง", 25).data(),
    Column("period", "ระยะเวลา", 20).data(),
    Column("items", "ตัวชี้วัด", 15).data(),
]


# --- rows --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"threshold": Decimal("100.01")}, "settings_threshold_from_0_to_100"),
        ({"threshold": Decimal(-1)}, "settings_threshold_from_0_to_100"),
        ({"kind": "memo"}, "settings_kind_known"),
        ({"digits": "roman"}, "settings_choices_known"),
        ({"numbering": "none"}, "settings_choices_known"),
        ({"level_scale": "stars"}, "settings_choices_known"),
        ({"grouping": "units"}, "settings_choices_known"),
        ({"plan": None}, "settings_of_a_plan_or_an_organisation"),
    ],
)
def test_the_database_refuses_impossible_settings(
    empty_plan: MeasurePlan, change: dict[str, Any], constraint: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        PaperSettings.objects.filter(plan=empty_plan, kind="plan").update(**change)


def test_settings_belong_to_one_plan_or_one_organisation_alone(
    empty_plan: MeasurePlan, organisation: Organisation
) -> None:
    with pytest.raises(IntegrityError, match="settings_of_a_plan_or_an_organisation"), transaction.atomic():
        PaperSettings.objects.filter(plan=empty_plan, kind="plan").update(organisation=organisation)
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSettings.objects.create(plan=empty_plan, kind="plan")
    PaperSettings.objects.create(organisation=organisation, kind="plan")
    with pytest.raises(IntegrityError), transaction.atomic():
        PaperSettings.objects.create(organisation=organisation, kind="plan")


def test_a_plan_begins_with_both_papers_as_the_organisation_sets_them_up(
    assessment: Assessment, organisation: Organisation
) -> None:
    PaperSettings.objects.create(
        organisation=organisation, kind="plan", threshold=90, columns=FOUR, numbering="sub", digits="arabic"
    )
    plan = MeasurePlan.start(assessment=assessment)
    assert sorted(plan.paper_settings.values_list("kind", flat=True)) == ["analysis", "plan"]
    mine = plan.settings("plan")
    assert (mine.threshold, mine.columns, mine.numbering, mine.digits) == (90, FOUR, "sub", "arabic")
    # What the organisation has not set up follows the platform and the year's instrument.
    other = plan.settings("analysis")
    assert (other.threshold, other.profile, other.digits) == (85, DEFAULT_COLUMNS, "thai")
    PaperSettings.objects.filter(organisation=organisation).update(threshold=70)
    assert MeasurePlan.start(assessment=assessment).settings().threshold == 90


def test_the_settings_come_with_the_plan(
    plan: MeasurePlan, organisation: Organisation, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        found = MeasurePlan.objects.of(organisation).get()
        assert [found.settings(kind).kind for kind in PaperKind.values] == ["plan", "analysis"]
        assert found.settings().plan == found


# --- verbs -------------------------------------------------------------------------------------------------


def test_setting_up_changes_one_paper_and_is_written_down(plan: MeasurePlan, staff: User) -> None:
    plan.set_up(kind="plan", by=staff, at=NOW, threshold=Decimal(90), short_dates=True)
    plan.refresh_from_db()
    assert (plan.settings().threshold, plan.settings().short_dates) == (90, True)
    assert plan.settings("analysis").threshold == 85
    (change,) = Change.objects.filter(plan=plan, subject="settings:plan")
    assert "เกณฑ์คะแนน: ๘๕" in change.before
    assert "เกณฑ์คะแนน: ๙๐" in change.after
    plan.set_up(kind="plan", by=staff, at=NOW, threshold=Decimal(90))
    assert Change.objects.filter(subject="settings:plan").count() == 1


def test_impossible_settings_leave_all_as_it_was(plan: MeasurePlan, staff: User) -> None:
    three = [column.data() for column in DEFAULT_COLUMNS[:3]]
    for wrong in ({"columns": three}, {"columns": [{"kind": "measure"}]}, {"threshold": Decimal(101)}):
        with pytest.raises(ValidationError):
            plan.set_up(by=staff, at=NOW, digits="arabic", **wrong)
        assert plan.settings().digits == "thai"
    plan.refresh_from_db()
    assert (plan.settings().digits, plan.settings().profile) == ("thai", DEFAULT_COLUMNS)
    with pytest.raises(TypeError):
        plan.set_up(by=staff, at=NOW, kind="plan", colour="red")


def test_a_locked_plan_keeps_its_settings(plan: MeasurePlan, staff: User) -> None:
    plan.lock(by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Locked):
        plan.set_up(by=staff, at=NOW, digits="arabic")
    plan.refresh_from_db()
    assert plan.settings().digits == "thai"


@pytest.mark.parametrize(
    ("numbering", "marks"),
    [
        ("restart", ["1.", "1.", "2."]),
        ("continuous", ["1.", "2.", "3."]),
        ("sub", ["2.1", "5.1", "5.2"]),
    ],
)
def test_the_table_numbers_its_measures_as_set_up(
    plan: MeasurePlan, staff: User, numbering: str, marks: list[str]
) -> None:
    plan.set_up(by=staff, at=NOW, numbering=numbering)
    assert [row.mark for group in table_of(plan) for row in group.measures] == marks


def test_each_paper_groups_its_own_table(plan: MeasurePlan, staff: User) -> None:
    plan.set_up(kind="analysis", by=staff, at=NOW, grouping="indicators", numbering="sub")
    assert [g.key for g in table_of(plan) if g.measures] == ["topic-2", "topic-5"]
    report = [g for g in table_of(plan, "analysis") if g.measures]
    assert [(g.key, [row.mark for row in g.measures]) for g in report] == [
        ("indicator-2", ["2.1", "2.2"]),
        ("indicator-8", ["8.1"]),
    ]


# --- pages -------------------------------------------------------------------------------------------------


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def url(name: str = "paper-settings", kind: str = "plan") -> str:
    return reverse(f"measures:{name}", args=["abt-tuayang", 2567, kind])


def boxes(**changes: Any) -> dict[str, Any]:
    """Return the boxes of the page as they stand at first, with changes."""
    sent: dict[str, Any] = {
        "grouping": "topics",
        "numbering": "restart",
        "digits": "thai",
        "short_dates": "False",
        "whole_hundred": "True",
        "threshold": "๘๕",
        "level_scale": "own",
        "shows_cover": "on",
        "column": list(KINDS),
        "prints": [column.kind for column in DEFAULT_COLUMNS],
    }
    for kind, heading in KINDS.items():
        sent[f"heading-{kind}"] = heading
        sent[f"width-{kind}"] = "๑๕"
    sent |= {f"width-{column.kind}": str(column.width) for column in DEFAULT_COLUMNS}
    return sent | changes


def test_the_page_saves_all_that_is_chosen_in_thai_digits(browser: Client, plan: MeasurePlan) -> None:
    sent = boxes(
        grouping="indicators",
        numbering="continuous",
        digits="arabic",
        short_dates="True",
        whole_hundred="False",
        threshold="๙๐",
        level_scale="letters",
        column=["items", "measure", "steps", "period", "responsible", "follow_up", "result"],
        prints=["items", "measure", "steps", "period"],
        **{"width-items": "๑๕", "width-measure": "๒๕", "width-steps": "40 %", "width-period": "๒๐"},
        **{"heading-measure": " แนวทาง  แก้ไข "},
    )
    page = browser.post(url(), sent, follow=True).content.decode()
    assert "บันทึกรูปแบบมาตรการส่งเสริมคุณธรรมและความโปร่งใสแล้ว" in page
    plan.refresh_from_db()
    kept = plan.settings()
    assert kept.values == {
        "grouping": "indicators",
        "columns": [
            {"kind": "items", "heading": "ตัวชี้วัด/ประเด็น", "width": 15},
            {"kind": "measure", "heading": "แนวทาง แก้ไข", "width": 25},
            {"kind": "steps", "heading": "ขั้นตอน/วิธีดำเนินการ", "width": 40},
            {"kind": "period", "heading": "ระยะเวลาดำเนินการ", "width": 20},
        ],
        "numbering": "continuous",
        "digits": "arabic",
        "short_dates": True,
        "whole_hundred": False,
        "level_scale": "letters",
        "threshold": Decimal(90),
        "shows_cover": True,
        "shows_preface": False,
        "shows_all_questions": False,
        "shows_recommendations": False,
        "shows_limitations": False,
    }
    assert kept.prints_items


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"threshold": ""}, "ยังไม่ได้กรอกเกณฑ์คะแนน ให้กรอกตัวเลข ๐ ถึง ๑๐๐ เช่น ๘๕"),
        ({"threshold": "๑๒๐"}, "มากกว่า ๑๐๐"),
        ({"threshold": "แปดสิบห้า"}, "ไม่ใช่ตัวเลข"),
        (
            {"width-steps": "กว้าง"},
            "คอลัมน์ “ขั้นตอน/วิธีดำเนินการ”: ความกว้าง “กว้าง” ไม่ใช่จำนวนเต็ม ให้กรอกจำนวนเต็ม ๕ ถึง ๖๐",
        ),
        ({"width-steps": ""}, "คอลัมน์ “ขั้นตอน/วิธีดำเนินการ”: ความกว้าง “” ยังว่างอยู่"),
        ({"width-steps": "๓๙"}, "ความกว้างของคอลัมน์: รวมได้ ๑๐๕ (๒๐ + ๓๙ + ๑๔ + ๑๔ + ๑๘) ต้องรวมได้ ๑๐๐ พอดี"),
        ({"heading-steps": "  "}, "หัวคอลัมน์ยังว่างอยู่"),
        ({"prints": ["measure", "steps"]}, "เลือกพิมพ์ ๒ คอลัมน์ ให้เลือก ๔ ถึง ๖ คอลัมน์"),
        ({"numbering": "roman"}, "เลขลำดับมาตรการ: ไม่มีตัวเลือก “roman”"),
        ({"digits": ""}, "ตัวเลขในเอกสาร: ยังไม่ได้เลือก"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    browser: Client, plan: MeasurePlan, wrong: dict[str, Any], said: str
) -> None:
    sent = boxes(**{"heading-period": "ช่วงเวลา <b>", "short_dates": "True"}, **wrong)
    answer = browser.post(url(), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert 'value="ช่วงเวลา &lt;b&gt;"' in page
    for name, value in wrong.items():
        if name.startswith(("width", "threshold")) and value:
            assert f'value="{value}"' in page
    plan.refresh_from_db()
    assert plan.settings().profile == DEFAULT_COLUMNS
    assert not plan.settings().short_dates


def test_a_column_moves_without_saving_or_losing_anything(browser: Client, plan: MeasurePlan) -> None:
    sent = boxes(move="up-steps", threshold="๙", **{"heading-steps": "วิธี", "shows_cover": ""})
    page = browser.post(url(), sent).content.decode()
    order = [kind for kind in KINDS if f'name="column" value="{kind}"' in page]
    assert sorted(order, key=lambda kind: page.index(f'name="column" value="{kind}"'))[:2] == [
        "steps",
        "measure",
    ]
    assert 'value="วิธี"' in page
    assert 'value="๙"' in page
    cover = page[page.index('name="shows_cover"') : page.index(">", page.index('name="shows_cover"'))]
    assert "checked" not in cover
    plan.refresh_from_db()
    assert plan.settings().profile == DEFAULT_COLUMNS
    assert browser.post(url(), boxes(move="up-measure")).status_code == 200


def test_the_report_is_set_up_apart_from_the_plan(browser: Client, plan: MeasurePlan) -> None:
    page = browser.get(url(kind="analysis")).content.decode()
    assert 'name="shows_preface"' in page
    assert 'name="shows_all_questions"' not in page
    browser.post(url(kind="analysis"), boxes(threshold="๗๐", shows_preface="on"))
    plan.refresh_from_db()
    assert (plan.settings().threshold, plan.settings("analysis").threshold) == (85, 70)
    assert plan.settings("analysis").shows_preface
    assert browser.get(url(kind="memo")).status_code == 404


def test_a_locked_plan_shows_its_settings_and_takes_none(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    plan.lock(by=staff, at=NOW)
    page = browser.get(url()).content.decode()
    assert "จึงแก้รูปแบบไม่ได้" in page
    assert "บันทึกรูปแบบเอกสาร</button>" not in page
    assert browser.post(url(), boxes(digits="arabic")).status_code == 409
    plan.refresh_from_db()
    assert plan.settings().digits == "thai"


def test_defaults_are_set_by_an_administrator_and_brought_back_to_a_plan(
    client: Client, plan: MeasurePlan, administrator: User, organisation: Organisation
) -> None:
    client.force_login(administrator)
    address = reverse("measures:default-settings-of", args=["abt-tuayang", "plan"])
    assert client.post(address, boxes(threshold="๑๒๐")).status_code == 422
    assert not PaperSettings.objects.filter(organisation=organisation).exists()
    for _ in range(2):
        client.post(address, boxes(threshold="๙๐", digits="arabic"))
    assert PaperSettings.objects.get(organisation=organisation).threshold == 90
    assert Event.objects.of(organisation).filter(verb="profile-changed").count() == 1
    plan.refresh_from_db()
    assert plan.settings().threshold == 85
    page = client.post(url("paper-settings-reset"), follow=True).content.decode()
    assert "ใช้ค่าของหน่วยงานแล้ว" in page
    plan.refresh_from_db()
    assert (plan.settings().threshold, plan.settings().digits) == (90, "arabic")
    assert PaperSettings.objects.get(organisation=organisation).plan is None


def test_the_web_table_follows_the_columns_and_marks_what_does_not_print(
    browser: Client, plan: MeasurePlan, staff: User
) -> None:
    plan.set_up(by=staff, at=NOW, columns=FOUR, numbering="sub")
    page = browser.get(reverse("measures:plan", args=["abt-tuayang", 2567])).content.decode()
    head = page[page.index('<table class="measures') : page.index("</thead>")]
    shown = ["วิธีดำเนินการ", "แนวทาง", "ระยะเวลา", "ตัวชี้วัด", "ผู้รับผิดชอบ", "การติดตามประเมินผล"]
    places = [head.index(f'<th scope="col">{heading}') for heading in shown]
    assert places == sorted(places)
    assert head.count("(ไม่พิมพ์)") == 2
    for measure in plan.measures.all():
        step = measure.steps.get()
        assert f'name="follow_up-{step.pk}"' in page
        assert f'name="units-{step.pk}"' in page
    assert "๕.๒" in page
