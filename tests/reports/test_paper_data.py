"""The data of a paper: the published figures, only what that paper prints, and a fixed number of queries."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from assessments.models import Item
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.papers import KINDS
from reports.papers.data import data_of

from ..conftest import read_case
from .conftest import AT, add_measures
from .test_analysis_paper import plan_of_2565
from .test_plan_paper import said


def fresh(plan: MeasurePlan) -> MeasurePlan:
    """Return the plan as a page would fetch it."""
    return MeasurePlan.objects.of(plan.assessment.organisation).get(pk=plan.pk)


def by_code(rows: list[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return rows of items by (code, part)."""
    found = {(row["code"], row.get("part", 0)): row for row in rows}
    assert len(found) == len(rows)
    return found


# --- the published cases --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_the_province_as_published(plan_004: MeasurePlan, kind: str) -> None:
    announced, data = read_case("004")["announced"], data_of(plan_004, kind)
    assert {
        key: data[key] for key in ("kind", "be_year", "measured_year", "total", "level", "threshold")
    } == {
        "kind": kind,
        "be_year": 2567,
        "measured_year": 2566,
        "total": announced["total"],
        "level": announced["level"],
        "threshold": "85",
    }
    assert data["organisation"] == {
        "name": "องค์การบริหารส่วนตำบลตัวอย่าง",
        "short_name": "อบต.ตัวอย่าง",
        "district": "เมืองตัวอย่าง",
        "province": "ตัวอย่าง",
    }
    assert {str(row["number"]): Decimal(row["score"]) for row in data["indicators"]} == {
        number: Decimal(value) for number, value in announced["indicators"].items()
    }
    assert {row["code"]: Decimal(row["score"]) for row in data["tools"] if not row["part"]} == {
        code: Decimal(value) for code, value in announced["tools"].items()
    }
    assert data["indicators"][7] | {"last_year": None, "change": None} == {
        "code": "indicator-8",
        "number": 8,
        "name": "การปรับปรุงระบบการทำงาน",
        "tool": "EIT",
        "score": "84.03",
        "last_year": None,
        "change": None,
        "flagged": True,
    }


def test_the_plan_gives_every_question_of_the_province(plan_004: MeasurePlan) -> None:
    case, questions = read_case("004"), by_code(data_of(plan_004, "plan")["questions"])
    assert {key: Decimal(row["score"]) for key, row in questions.items() if row["score"]} == {
        (code, int(part or 0)): Decimal(value)
        for name, value in case["scores"].items()
        for code, _, part in [name.partition("/")]
    }
    assert {code: Decimal(row["last_year"]) for (code, _), row in questions.items() if row["last_year"]} == {
        code: Decimal(value) for code, value in case["previous_year_scores"].items()
    }
    assert questions["i7", 0] == {
        "code": "i7",
        "part": 0,
        "indicator": "indicator-2",
        "title": Item.objects.get(instrument__be_year=2566, code="i7").title,
        "score": "86.82",
        "last_year": "79.55",
        "change": "7.27",
        "flagged": False,
        "gap": None,
    }
    assert (questions["e1", 2]["score"], questions["e1", 2]["gap"]) == ("83.50", "1.50")
    whole = questions["e1", 0]
    assert (whole["score"], whole["last_year"], whole["change"], whole["flagged"]) == (
        None,
        "86.29",
        None,
        False,
    )


def test_the_report_gives_weak_questions_and_the_ranking(plan_004: MeasurePlan) -> None:
    case, data = read_case("004"), data_of(plan_004, "analysis")
    weak = [name for name, value in case["scores"].items() if Decimal(value) < 85]
    assert [f"{row['code']}/{row['part']}".removesuffix("/0") for row in data["questions"]] == weak
    assert all(row["flagged"] and row["gap"] and row["last_year"] is None for row in data["questions"])
    assert (data["total_last_year"], data["total_change"]) == ("92.83", "1.33")
    assert [(row["rank"], row["code"], row["score"]) for row in data["ranking"][:3]] == [
        (1, "indicator-9", "100.00"),
        (1, "indicator-10", "100.00"),
        (3, "indicator-1", "97.37"),
    ]
    assert "excuses" not in data


def test_the_subdistrict_of_ten_indicators(plan_000: MeasurePlan) -> None:
    case = read_case("000")
    for kind in ("plan", "analysis"):
        data = data_of(plan_000, kind)
        assert (data["total"], data["level"]) == (case["announced"]["total"], case["announced"]["level"])
        assert {str(row["number"]): Decimal(row["score"]) for row in data["indicators"]} == {
            number: Decimal(value) for number, value in case["indicators"].items()
        }
        assert [row["number"] for row in data["indicators"] if row["flagged"]] == [2, 4, 5, 6, 7, 8]
        assert {row["code"]: row["score"] for row in data["tools"]} == case["expected"]["tools"]
        assert data["questions"] == data["measures"] == []
    assert data["total_change"] == case["announced"]["total_change"]


# --- only what prints -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_every_score_and_measure_stands_on_the_paper(plan_004: MeasurePlan, kind: str) -> None:
    add_measures(plan_004, 12)
    data = data_of(plan_004, kind)
    printed = said(KINDS[kind].make(plan_004, digits="arabic").html())
    rows = [row for table in ("tools", "indicators", "questions") for row in data[table]]
    scores = {
        row[key]
        for row in [*rows, data | {"score": data["total"], "last_year": None}]
        for key in ("score", "last_year")
    }
    assert len(scores) > 20
    assert [s for s in scores if s and s.replace("100.00", "100") not in printed] == []
    texts = [
        text
        for row in data["measures"]
        for text in (row["group"], row["measure"], *row["steps"], row["period"])
    ]
    assert [text for text in texts if " ".join(text.split()) not in printed] == []


def test_a_plan_without_its_full_table_gives_weak_questions_and_no_year_before(plan_004: MeasurePlan) -> None:
    full = data_of(plan_004, "plan")
    plan_004.settings("plan").shows_all_questions = False
    short = data_of(plan_004, "plan")
    assert all(row["flagged"] for row in short["questions"])
    assert len(short["questions"]) == sum(row["flagged"] for row in full["questions"]) > 0
    rows = [*short["tools"], *short["indicators"], *short["questions"]]
    assert {(row["last_year"], row["change"]) for row in rows} == {(None, None)}


def test_an_unknown_score_is_none(instruments: None, organisation: Organisation) -> None:
    plan = plan_of_2565(organisation)
    for kind in ("plan", "analysis"):
        data = data_of(plan, kind)
        assert (data["total"], data["level"]) == (None, "")
        fourth = data["indicators"][3]
        assert (fourth["code"], fourth["score"], fourth["flagged"]) == ("indicator-4", None, False)
    assert data["ranking"][-1] == {
        "rank": None,
        **{key: fourth[key] for key in ("code", "number", "name", "tool", "score")},
    }


def test_another_kind_is_refused(plan_000: MeasurePlan) -> None:
    with pytest.raises(ValueError, match="memo"):
        data_of(plan_000, "memo")


# --- measures and reasons -------------------------------------------------------------------------------------


def test_a_measure_has_a_row_for_each_of_its_step_rows(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 1)
    (measure,) = plan_004.measures.all()
    measure.title = "จัดทำคู่มือ ๓ เล่ม"
    measure.save(update_fields=["title"])
    measure.items.set(plan_004.assessment.instrument.items.filter(code__in=["i7", "e9"]))
    first, second = measure.steps.all()
    first.text, first.follow_up, first.all_units = "๑. สำรวจ\n๒. ประกาศ", " รายงานรอบ ๖ เดือน ", True
    second.text, second.starts_on, second.ends_on = "=สรุป", date(2024, 1, 1), date(2024, 3, 31)
    second.all_units = False
    first.save()
    second.save()
    second.units.set(plan_004.assessment.organisation.units.all())
    rows = data_of(fresh(plan_004), "plan")["measures"]
    assert [row["measure"] for row in rows] == ["จัดทำคู่มือ 3 เล่ม"] * 2
    assert [(row["number"], row["answers"]) for row in rows] == [("1", ["i7", "e9"])] * 2
    assert [row["steps"] for row in rows] == [["สำรวจ", "ประกาศ"], ["=สรุป"]]
    assert [row["responsible"] for row in rows] == [["ทุกสำนัก/กอง"], ["สำนักปลัด", "กองคลัง"]]
    assert [(row["starts_on"], row["ends_on"], row["period"]) for row in rows] == [
        ("2023-10-01", "2024-09-30", "ตุลาคม 2566 – กันยายน 2567"),
        ("2024-01-01", "2024-03-31", "มกราคม 2567 – มีนาคม 2567"),
    ]
    assert rows[0]["follow_up"] == "รายงานรอบ 6 เดือน"
    assert rows[0]["group"].startswith("(")


def test_a_column_that_does_not_print_stays_empty(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 1)
    settings = plan_004.settings("plan")
    settings.columns = [
        c for c in settings.columns if c["kind"] not in ("responsible", "period", "follow_up")
    ]
    row = data_of(plan_004, "plan")["measures"][0]
    kept = ("responsible", "starts_on", "ends_on", "period", "follow_up")
    assert [row[key] for key in kept] == [[], None, None, "", ""]
    assert data_of(plan_004, "analysis")["measures"][0]["period"] == "ตุลาคม 2566 – กันยายน 2567"


def test_reasons_of_weak_items(plan_004: MeasurePlan, staff: User) -> None:
    item = plan_004.assessment.instrument.items.get(code="e14")
    plan_004.excuse(item=item, reason="รวมกับมาตรการที่ ๒", by=staff, at=AT)
    assert data_of(plan_004, "plan")["excuses"] == [
        {"code": "e14", "title": item.title, "reason": "รวมกับมาตรการที่ 2"}
    ]


# --- as a whole -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_data_live_in_json_with_arabic_digits(plan_004: MeasurePlan, kind: str) -> None:
    add_measures(plan_004, 12)
    data = data_of(plan_004, kind)
    text = json.dumps(data, ensure_ascii=False)
    assert json.loads(text) == data
    assert not set(text) & set("๐๑๒๓๔๕๖๗๘๙")
    assert data_of(fresh(plan_004), kind) == data


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("kind", "queries"), [("plan", 10), ("analysis", 9)])
def test_the_number_of_measures_costs_no_queries(
    plan_004: MeasurePlan,
    kind: str,
    queries: int,
    count: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    add_measures(plan_004, count)
    plan = fresh(plan_004)
    with django_assert_num_queries(queries):
        assert len(data_of(plan, kind)["measures"]) >= count
