"""What the settings of a paper change in print: columns, digits, 100, levels, threshold, sections."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from ita_portal.organisations.models import Organisation
from ita_portal.thai import to_arabic, to_thai
from measures.models import MeasurePlan
from measures.profile import DEFAULT_COLUMNS, KINDS, Column
from reports.papers import analysis_paper, plan_paper
from reports.pdf import html_to_pdf

from .conftest import add_measures, save_scores
from .test_plan_paper import Reader, poppler_pages, said, squeezed

pytestmark = pytest.mark.django_db

PROFILES = {
    4: (("measure", 30), ("steps", 40), ("responsible", 12), ("period", 18)),
    5: tuple((column.kind, column.width) for column in DEFAULT_COLUMNS),
    6: (
        ("items", 12),
        ("measure", 20),
        ("steps", 30),
        ("period", 13),
        ("responsible", 12),
        ("result", 13),
    ),
}


def choose(plan: MeasurePlan, kind: str = "plan", **settings: Any) -> MeasurePlan:
    """Give one paper of a plan other settings."""
    plan.settings(kind).take(**settings)
    return plan


def columns(count: int) -> list[dict[str, Any]]:
    """Return the profile of so many columns, each heading with a number of its own."""
    return [
        Column(kind, f"{KINDS[kind]} {place}", width).data()
        for place, (kind, width) in enumerate(PROFILES[count], start=1)
    ]


@pytest.mark.parametrize("digits", ["thai", "arabic"])
@pytest.mark.parametrize("count", [4, 5, 6])
def test_the_table_prints_its_columns_in_their_order(plan_004: MeasurePlan, count: int, digits: str) -> None:
    add_measures(plan_004, 4)
    plan = choose(plan_004, columns=columns(count), digits=digits, short_dates=True, numbering="continuous")
    html = plan_paper(plan).html()
    turned = to_thai if digits == "thai" else to_arabic
    heads, *rows = Reader(html).rows["measures"]
    assert heads == [turned(f"{KINDS[kind]} {n}") for n, (kind, _) in enumerate(PROFILES[count], start=1)]
    assert re.findall(r'<col class="w-(\d+)">', html[html.index('<table class="measures">') :])[:count] == [
        str(width) for _, width in PROFILES[count]
    ]
    full = [row for row in rows if len(row) == count]
    place = {kind: n for n, (kind, _) in enumerate(PROFILES[count])}
    marks = [row[place["measure"]].split()[0] for row in full if row[place["measure"]]]
    assert marks == [turned(f"{n}.") for n in range(1, 5)]
    assert {row[place["period"]] for row in full} == {turned("ต.ค. 66 – ก.ย. 67")}
    wrong = "[0-9]" if digits == "thai" else "[๐-๙]"
    # Sizes such as A3 are Latin codes and keep their digits.
    assert [cell for row in rows for cell in row if re.search(wrong, re.sub(r"\bA[0-9]\b", "", cell))] == []
    if count == 6:
        codes = [row[0] for row in full if row[0]]
        assert codes
        assert all(re.fullmatch(r"[ieo][๐-๙0-9]+(, [ieo][๐-๙0-9]+)*", code) for code in codes)
        assert {row[place["result"]] for row in full} == {""}
        assert "(ข้อ" not in html[html.index('<table class="measures">') :]
    text = squeezed("".join(poppler_pages(html_to_pdf(html))))
    assert all(squeezed(head) in text for head in heads)


def test_a_hundred_prints_with_decimals_everywhere_or_nowhere(plan_004: MeasurePlan) -> None:
    lone = re.compile(r"(?<![๐-๙.])๑๐๐(?![๐-๙.])")
    cells = [cell for row in Reader(plan_paper(plan_004).html()).rows["questions"] for cell in row]
    assert any(lone.fullmatch(cell.split()[0]) for cell in cells if cell)
    choose(plan_004, whole_hundred=False)
    choose(plan_004, "analysis", whole_hundred=False)
    html = plan_paper(plan_004).html()
    cells = [row[1] for row in Reader(html).rows["questions"][1:]]
    assert not any(lone.search(cell) for cell in cells)
    assert any("๑๐๐.๐๐" in cell for cell in cells)
    for paper in (plan_paper(plan_004), analysis_paper(plan_004)):
        assert "๑๐๐ คะแนน" not in said(paper.html())


@pytest.mark.parametrize(("scale", "level"), [("own", "ผ่าน"), ("letters", "A"), ("pass", "ผ่าน")])
def test_the_level_prints_on_the_chosen_scale(plan_004: MeasurePlan, scale: str, level: str) -> None:
    html = plan_paper(choose(plan_004, level_scale=scale)).html()
    assert Reader(html).rows["indicators"][-1] == ["ระดับผลการประเมิน", level]
    assert ("ผ่าน" in Reader(html).rows["indicators"][-1][1]) is (scale != "letters")


def test_a_threshold_of_ninety_makes_more_of_it_weak(instruments: None, organisation: Organisation) -> None:
    scores = {
        (f"indicator-{n}", 0): value for n, value in enumerate(["90.00", "89.99"] + ["95"] * 8, start=1)
    }
    plan = MeasurePlan.start(assessment=save_scores(organisation, 2566, scores))
    assert "ต่ำกว่าเกณฑ์ ๘๕ คะแนน" in said(plan_paper(plan).html())
    assert "weak" not in Reader(plan_paper(plan).html()).rows
    choose(plan, threshold=Decimal(90))
    rows = Reader(plan_paper(plan).html()).rows["weak"][1:]
    # The boundary passes.
    assert [row[1].split()[1] for row in rows] == ["๒"]
    # The report keeps its own threshold.
    assert "๕.๒ จุดที่ควรพัฒนา จำนวน ๐ ตัวชี้วัด" in said(analysis_paper(plan).html())
    choose(plan, "analysis", threshold=Decimal(90))
    assert "๕.๒ จุดที่ควรพัฒนา จำนวน ๑ ตัวชี้วัด" in said(analysis_paper(plan).html())


def test_sections_that_are_left_out_leave_no_gap(plan_004: MeasurePlan) -> None:
    whole = plan_paper(plan_004).html()
    assert len(re.findall(r'class="cover', whole)) == 1
    less = plan_paper(
        choose(plan_004, shows_cover=False, shows_limitations=False, shows_all_questions=False)
    ).html()
    assert 'class="cover' not in less
    assert "<h1>" in less
    assert "ข้อจำกัด" not in said(less)
    heads = [squeezed(head) for head in re.findall(r"<h2>([^<]+)</h2>", less)]
    assert [head[0] for head in heads] == ["๑", "๒", "๓"]
    assert said(less).index("ประจำปีงบประมาณ พ.ศ. ๒๕๖๗") < said(less).index("๑. ผลการประเมิน")


def test_the_report_takes_its_own_settings(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 3)
    choose(
        plan_004, "analysis", digits="arabic", columns=columns(4), grouping="indicators", shows_preface=True
    )
    html = analysis_paper(plan_004).html()
    rows = Reader(html).rows["measures"]
    assert len(rows[0]) == 4
    assert any(row[0].startswith("ตัวชี้วัดที่ ") for row in rows if len(row) == 1)
    assert "คำนำ" in said(html)
    assert not re.search("[๐-๙]", said(html))
    assert len(Reader(plan_paper(plan_004).html()).rows["measures"][0]) == 5
