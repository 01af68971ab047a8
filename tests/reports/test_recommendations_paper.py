"""Official recommendations in section ๑ of the plan."""

from __future__ import annotations

import re
from html import unescape

import pytest

from assessments.models import Recommendation
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.papers import plan_paper

from .conftest import AT

HEADING = "ข้อเสนอแนะของสำนักงาน ป.ป.ช."


def said(html: str) -> str:
    """The words of a paper, with plain blanks."""
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("\u2060", "")
    return " ".join(text.split())


def add(plan: MeasurePlan, tool: str, part: int, codes: list[str], text: str) -> None:
    """Add a recommendation to the plan's assessment."""
    Recommendation.add(
        assessment=plan.assessment, tool=tool, part=part, codes=codes, text=text, by=None, at=AT
    )


@pytest.fixture
def recommended(plan_000: MeasurePlan) -> MeasurePlan:
    """Return the plan with recommendations on the whole, on a tool, on questions and on a part."""
    add(plan_000, "EIT", 2, ["e9"], "ควรตอบให้ชัด")
    add(plan_000, "EIT", 1, ["e12"], "ควรปรับคู่มือ(อ้างอิงจาก ๐๑๔ และ O15)")
    add(plan_000, "IIT", 0, [], "ควรเร่งตัวชี้วัดที่ 2")
    add(plan_000, "IIT", 0, ["i8", "i9"], "ควรเชิญ <ทุกกอง> ร่วม")
    add(plan_000, "total", 0, [], "ควรรักษาไว้")
    return plan_000


def test_they_print_by_tool_part_and_question_inside_section_one(recommended: MeasurePlan) -> None:
    words = said(plan_paper(recommended).html())
    section = words[words.index(HEADING) : words.index("๒. การวิเคราะห์")]
    order = [
        HEADING,
        "ควรรักษาไว้",
        "ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน",
        "ควรเร่งตัวชี้วัดที่ ๒",
        "ข้อ i๘, ข้อ i๙ ควรเชิญ <ทุกกอง> ร่วม",
        "ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก",
        "EIT ส่วนที่ ๑ ข้อ e๑๒ ควรปรับคู่มือ (อ้างอิงจาก o๑๔ และ o๑๕)",
        "EIT ส่วนที่ ๒ ข้อ e๙ ควรตอบให้ชัด",
    ]
    places = [section.find(words) for words in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)
    assert section.count("ผู้มีส่วนได้ส่วนเสียภายนอก") == 1


def test_they_print_in_the_digits_of_the_paper(recommended: MeasurePlan) -> None:
    words = said(plan_paper(recommended, digits="arabic").html())
    assert "ข้อ e12 ควรปรับคู่มือ (อ้างอิงจาก o14 และ o15)" in words


def test_the_section_is_left_out_where_there_is_none_or_it_is_switched_off(
    recommended: MeasurePlan, staff: User
) -> None:
    assert HEADING in said(plan_paper(recommended).html())
    recommended.set_up(shows_recommendations=False, by=staff, at=AT)
    assert HEADING not in said(plan_paper(recommended).html())
    Recommendation.objects.all().delete()
    recommended.set_up(shows_recommendations=True, by=staff, at=AT)
    assert HEADING not in said(plan_paper(recommended).html())
