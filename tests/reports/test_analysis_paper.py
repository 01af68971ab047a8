"""The paper รายงานการวิเคราะห์ผลการประเมิน: what its HTML says for complete, poor and odd results; its PDF; its pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.levels import LETTERS, PASS_LEVELS, Level
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan, PaperSettings
from reports.papers import analysis_paper, plan_paper
from reports.papers.analysis import level_rows
from reports.pdf import html_to_pdf

from .conftest import AT, add_measures, save_scores
from .test_plan_paper import ONE_LONG_PAGE, Reader, poppler_pages, printed_text, said


def plan_of_2565(organisation: Organisation, **more: str) -> MeasurePlan:
    """Return a plan at the threshold 90 on a year of letters, without indicator 4 and without a year before."""
    scores = {
        f"indicator-{number}": value
        for number, value in enumerate(
            ("95.10", "88", "90", None, "70.25", "91", "91", "66.60", "100", "89.99"), start=1
        )
        if value is not None
    } | more
    assessment = save_scores(organisation, 2565, {(code, 0): value for code, value in scores.items()})
    plan = MeasurePlan.start(assessment=assessment)
    PaperSettings.objects.filter(plan=plan).update(threshold=90)
    return MeasurePlan.objects.of(organisation).get(pk=plan.pk)


@pytest.fixture
def plan_2565(instruments: None, organisation: Organisation) -> MeasurePlan:
    """Return the plan of `plan_of_2565` without a total."""
    return plan_of_2565(organisation)


def headings(html: str) -> list[str]:
    """Return the numbered headings of the print HTML."""
    return [said(text) for text in re.findall(r"<h[23]>(.*?)</h[23]>", html, re.DOTALL)]


# --- the published cases --------------------------------------------------------------------------------------


def test_the_cover_names_the_measured_year(plan_004: MeasurePlan) -> None:
    html = analysis_paper(plan_004).html()
    cover = said(html[: html.index("<h2>")].replace("<br>", " "))
    assert (
        "ในการดำเนินงาน ของหน่วยงานภาครัฐ (ITA) ประจำปีงบประมาณ พ.ศ. ๒๕๖๖ ของ องค์การบริหารส่วนตำบลตัวอย่าง" in cover
    )
    assert cover.endswith("อำเภอเมืองตัวอย่าง จังหวัดตัวอย่าง")


def test_cover_and_preface_are_by_choice(plan_004: MeasurePlan) -> None:
    settings = plan_004.settings("analysis")
    settings.shows_cover = settings.shows_preface = False
    without = analysis_paper(plan_004).html()
    settings.shows_cover = settings.shows_preface = True
    both = analysis_paper(plan_004).html()
    assert ["paper-cover" in html for html in (without, both)] == [False, True]
    assert ["คำนำ" in said(html) for html in (without, both)] == [False, True]


def test_the_province_ranks_its_indicators(plan_004: MeasurePlan) -> None:
    rows = Reader(analysis_paper(plan_004).html()).rows["ranking"][1:]
    assert rows[:3] == [
        ["๑", "ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล (OIT)", "๑๐๐"],
        ["๑", "ตัวชี้วัดที่ ๑๐ การป้องกันการทุจริต (OIT)", "๑๐๐"],
        ["๓", "ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่ (IIT)", "๙๗.๓๗"],
    ]
    assert rows[9] == ["๑๐", "ตัวชี้วัดที่ ๘ การปรับปรุงระบบการทำงาน (EIT)", "๘๔.๐๓*"]
    assert rows[10:] == [["คะแนนรวม", "๙๔.๑๖"], ["ระดับผลการประเมิน", "ผ่าน"]]


def test_the_province_is_marked_on_the_scale(plan_004: MeasurePlan) -> None:
    html = analysis_paper(plan_004).html()
    assert Reader(html).rows["levels"][1:] == [
        ["ผ่านดีเยี่ยม", "ตั้งแต่ ๙๕ คะแนน", "ทุกเครื่องมือตั้งแต่ ๙๕ คะแนน", ""],
        ["ผ่านดี", "ตั้งแต่ ๘๕ คะแนน", "ทุกเครื่องมือตั้งแต่ ๘๕ คะแนน", ""],
        ["ผ่าน", "ตั้งแต่ ๘๕ คะแนน", "มีบางเครื่องมือต่ำกว่า ๘๕ คะแนน", "๙๔.๑๖ คะแนน"],
        ["ต้องปรับปรุง", "ตั้งแต่ ๗๐ คะแนน แต่ไม่ถึง ๘๕ คะแนน", "–", ""],
        ["ต้องปรับปรุงโดยด่วน", "ต่ำกว่า ๗๐ คะแนน", "–", ""],
    ]
    assert "พิจารณาจาก IIT, EIT ส่วนที่ ๑, EIT ส่วนที่ ๒ และ OIT" in said(html)


def test_the_tools_carry_their_weights(plan_004: MeasurePlan) -> None:
    rows = Reader(analysis_paper(plan_004).html()).rows["tools"][1:]
    assert [row[1] for row in rows] == ["๓๐", "๓๐", "๔๐", "๑๐๐"]
    assert "ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูลตัวชี้วัดที่ ๑๐ การป้องกันการทุจริต" in rows[2][2]
    assert rows[3][2] == "๑๐ ตัวชี้วัด"


def test_the_province_compares_each_indicator_total_and_level(plan_004: MeasurePlan) -> None:
    rows = Reader(analysis_paper(plan_004).html()).rows["changes"]
    assert rows[0] == ["ตัวชี้วัด (เครื่องมือ)", "ปี ๒๕๖๕", "ปี ๒๕๖๖", "ผลการเปรียบเทียบ"]
    assert len(rows) == 13
    assert rows[9] == ["ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล (OIT)", "–", "๑๐๐", "–"]
    assert rows[11] == ["คะแนนรวม (ค่าเฉลี่ยถ่วงน้ำหนัก)", "๙๒.๘๓", "๙๔.๑๖", "เพิ่มขึ้น +๑.๓๓"]
    assert rows[12] == ["ระดับผลการประเมิน", "A", "ผ่าน", ""]


def test_a_fall_and_a_standstill_have_their_words(plan_004: MeasurePlan, organisation: Organisation) -> None:
    save_scores(organisation, 2565, {("indicator-1", 0): "97.37", ("indicator-2", 0): "100"})
    rows = Reader(analysis_paper(plan_004).html()).rows["changes"]
    assert rows[1][1:] == ["๙๗.๓๗", "๙๗.๓๗", "คงเดิม"]
    value = plan_004.result()["indicator-2"].value
    assert value is not None
    assert rows[2][3] == f"ลดลง -{100 - value}".translate(str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙"))


def test_the_subdistrict_has_only_the_total_of_the_year_before(plan_000: MeasurePlan) -> None:
    html = analysis_paper(plan_000).html()
    assert Reader(html).rows["changes"][1:] == [
        ["คะแนนรวม (ค่าเฉลี่ยถ่วงน้ำหนัก)", "๘๘.๕๒", "๘๕.๒๓", "ลดลง -๓.๒๙"],
        ["ระดับผลการประเมิน", "A", "ผ่าน", ""],
    ]
    assert "จึงเปรียบเทียบได้เฉพาะคะแนนรวม" in said(html)


def test_the_preface_tells_of_a_comparison_where_there_is_one(
    plan_000: MeasurePlan, organisation: Organisation
) -> None:
    plan_000.settings("analysis").shows_preface = True
    told = "รายตัวชี้วัด การเปรียบเทียบกับปีก่อน จุดแข็ง"
    assert told in said(analysis_paper(plan_000).html())
    organisation.assessments.get(instrument__be_year=2565).scores.all().delete()
    alone = MeasurePlan.objects.get(pk=plan_000.pk)
    alone.settings("analysis").shows_preface = True
    assert "รายตัวชี้วัด จุดแข็ง" in said(analysis_paper(alone).html())


def test_strengths_fall_and_weaknesses_rise_in_score(plan_000: MeasurePlan) -> None:
    html = analysis_paper(plan_000).html()
    sections = [said(text) for text in re.findall(r"<h4>(.*?)</h4>", html)]
    assert [re.sub(r" .*\) ", " ", text.replace("ตัวชี้วัดที่ ", "")) for text in sections] == [
        "(๑) ๑๐๐ คะแนน",
        "(๒) ๑๐๐ คะแนน",
        "(๓) ๙๐.๕๐ คะแนน",
        "(๔) ๘๖.๔๙ คะแนน",
        "(๑) ๖๕.๐๑ คะแนน",
        "(๒) ๖๘.๐๖ คะแนน",
        "(๓) ๗๔.๑๖ คะแนน",
        "(๔) ๗๕.๓๑ คะแนน",
        "(๕) ๗๗.๔๓ คะแนน",
        "(๖) ๗๘.๖๘ คะแนน",
    ]
    assert "ไม่ต่ำกว่าเกณฑ์ ๘๕ คะแนน มี ๔ ตัวชี้วัด เรียงจากมากไปน้อย" in said(html)
    assert "ต่ำกว่าเกณฑ์ ๘๕ คะแนน มี ๖ ตัวชี้วัด เรียงจากน้อยไปมาก" in said(html)
    assert html.count('<span class="strong">ข้อเสนอแนะ</span>') == 6
    after = html[html.index("<h4>") :]
    assert len(re.findall(r"</h4>\s*<p>[^<]{80}", after)) == 10, "every indicator has its paragraph"


def test_one_cell_holds_the_issue_of_several_indicators(plan_004: MeasurePlan) -> None:
    html = analysis_paper(plan_004).html()
    assert re.findall(r'class="issue" rowspan="(\d+)"', html) == ["1", "3", "6"]
    rows = Reader(html).rows["issues"][1:]
    assert len(rows) == 10
    assert rows[0][0].startswith("ตัวชี้วัดที่ ๘")
    assert rows[0][2].endswith("ถึงเกณฑ์ ๘๕ คะแนน โดยเริ่มจากข้อ e๑๑, e๑๒, e๑๔ และ e๑๕")
    assert rows[1][2].endswith("ได้แก่ ข้อ i๘, e๑, e๕ ถึง e๗ และ e๙")
    assert rows[4][2].startswith("รักษาระดับ")


def test_weak_questions_stand_beside_what_should_be_developed(plan_004: MeasurePlan) -> None:
    call_command("load_library", verbosity=0)
    measure = plan_004.measures.create(title="จัดประชุมรับฟังความต้องการใช้งบประมาณ", topic=5, position=1)
    measure.items.set([plan_004.assessment.instrument.items.get(code="i8")])
    rows = Reader(analysis_paper(plan_004).html()).rows["lacking"][1:]
    assert [row[1].split(" ")[0] for row in rows] == [
        *["i๘", "e๑", "e๕", "e๖", "e๗", "e๙", "e๑๑", "e๑๒", "e๑๔", "e๑๕"]
    ]
    assert rows[0][0] == "ตัวชี้วัดที่ ๒ การใช้งบประมาณ"
    assert rows[0][1].endswith("ได้ ๘๐.๗๐ คะแนน")
    assert rows[0][2] == "จัดประชุมรับฟังความต้องการใช้งบประมาณ", "the plan's own measure comes first"
    assert rows[5][1].endswith("ส่วนที่ ๒ ๗๓.๖๐ คะแนน")
    assert [row[0][:15] for row in rows].count("") == 6, "an indicator is named once"
    assert all(len(row[2]) > 20 for row in rows), "the library has words for every question"


def test_without_a_library_our_advice_stands_there(plan_000: MeasurePlan) -> None:
    rows = Reader(analysis_paper(plan_000).html()).rows["lacking"][1:]
    assert [row[0].split(" ")[1] for row in rows] == [*"๒๔๕๖๗๘"]
    assert rows[0][1] == "คะแนนของตัวชี้วัด (ไม่มีคะแนนรายข้อ)ได้ ๗๘.๖๘ คะแนน"
    assert all(len(row[2]) > 20 for row in rows)


def test_the_measures_table_is_that_of_the_plan(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 3)
    html = analysis_paper(plan_004).html()
    assert len(Reader(html).rows["measures"]) > 10
    assert "ประจำปีงบประมาณ พ.ศ. ๒๕๖๗ จำนวน ๓ มาตรการ" in said(html)


def test_a_group_row_begins_its_own_part_of_the_table(plan_004: MeasurePlan) -> None:
    """A group row inside a part would leave an empty strip behind where it moves to the next page."""
    add_measures(plan_004, 3)
    html = plan_paper(plan_004).html() + analysis_paper(plan_004).html()
    firsts = re.findall(r'<tbody>\s*<tr(?: class="([^"]*)")?>', html[html.index('class="questions"') :])
    assert firsts.count("group") == 14, "the seven topics of both measures tables"
    assert sum(first.startswith("group ") for first in firsts) == 3 + 7 + 5, (
        "tools, further indicators and sub-indicators"
    )


# --- an odd year ----------------------------------------------------------------------------------------------

SECTIONS = [
    "๑. ความเป็นมา",
    "๒. เครื่องมือและระดับผลการประเมิน",
    "๒.๑ เครื่องมือที่ใช้ในการประเมิน",
    "๒.๒ ระดับผลการประเมิน",
    "๓. ผลการประเมิน ปีงบประมาณ พ.ศ. ๒๕๖๕",
    "๓.๑ ผลการประเมินรายเครื่องมือ",
    "๓.๒ คะแนนรายตัวชี้วัด เรียงจากมากไปน้อย",
    "๔. การเปรียบเทียบกับปีงบประมาณ พ.ศ. ๒๕๖๔",
    "๕. จุดแข็งและจุดที่ควรพัฒนา",
    "๕.๑ จุดแข็ง จำนวน ๕ ตัวชี้วัด",
    "๕.๒ จุดที่ควรพัฒนา จำนวน ๔ ตัวชี้วัด",
    "๖. ประเด็นที่ต้องแก้ไข รักษา และพัฒนา",
    "๖.๑ ประเด็นที่ต้องแก้ไขหรือรักษาระดับ",
    "๖.๒ ประเด็นที่ควรพัฒนา",
    "๗. มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๖",
]


def test_letters_a_high_threshold_a_missing_indicator_and_no_year_before(plan_2565: MeasurePlan) -> None:
    html = analysis_paper(plan_2565).html()
    reader, text = Reader(html), said(html)
    assert headings(html) == SECTIONS
    assert [row[0] for row in reader.rows["ranking"][1:11]] == [*"๑๒๓๓๕๖๗๘๙–"]
    assert reader.rows["ranking"][10] == ["–", "ตัวชี้วัดที่ ๔ การใช้ทรัพย์สินของราชการ (IIT)", "ไม่มีคะแนน"]
    assert reader.rows["ranking"][11:] == [["คะแนนรวม", "–"], ["ระดับผลการประเมิน", "ยังระบุไม่ได้"]]
    assert [row[0] for row in reader.rows["levels"][1:]] == ["AA", "A", "B", "C", "D", "E", "F"]
    assert len(reader.rows["levels"][0]) == 3, "letters ask nothing of the tools"
    assert "changes" not in reader.rows
    assert "ไม่มีผลการประเมินของปีงบประมาณ พ.ศ. ๒๕๖๔ สำหรับเปรียบเทียบ" in text
    assert "ไม่ต่ำกว่าเกณฑ์ ๙๐ คะแนน มี ๕ ตัวชี้วัด" in text, "90.00 itself passes 90"
    assert [row[0].split(" ")[1] for row in reader.rows["lacking"][1:]] == ["๒", "๕", "๘", "๑๐"]
    assert re.findall(r'rowspan="(\d+)"', html) == ["4", "5", "1"], "mend, keep, wait for the score"
    assert "ตรวจสอบผลคะแนนที่ประกาศให้ครบถ้วน" in text
    assert not re.search(r"None|\{|\}|…|\.\.\.|<p>\s*</p>", html), "nothing is left open"


def test_a_letter_is_marked_by_an_announced_total(instruments: None, organisation: Organisation) -> None:
    html = analysis_paper(plan_of_2565(organisation, total="86.40")).html()
    rows = Reader(html).rows["levels"][1:]
    assert rows[1] == ["A", "ตั้งแต่ ๘๕ คะแนน แต่ไม่ถึง ๙๕ คะแนน", "๘๖.๔๐ คะแนน"]
    assert [row[2] for row in rows].count("") == 6
    assert rows[6][1] == "ต่ำกว่า ๕๐ คะแนน"


def test_the_settings_choose_the_scale(plan_004: MeasurePlan) -> None:
    plan_004.settings("analysis").level_scale = PaperSettings.LevelScale.LETTERS
    reader = Reader(analysis_paper(plan_004).html())
    assert reader.rows["levels"][2] == ["A", "ตั้งแต่ ๘๕ คะแนน แต่ไม่ถึง ๙๕ คะแนน", "๙๔.๑๖ คะแนน"]
    assert reader.rows["ranking"][12] == ["ระดับผลการประเมิน", "A"]
    assert reader.rows["changes"][12] == ["ระดับผลการประเมิน", "A", "A", ""]


def test_a_level_that_stays_open_is_marked_on_both(instruments: None, organisation: Organisation) -> None:
    scores = {("total", 0): "93.00", ("IIT", 0): "92", ("EIT", 0): "90", ("OIT", 0): "96"}
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, scores))
    html = analysis_paper(plan).html()
    assert [row[3] for row in Reader(html).rows["levels"][1:]] == ["", *["อาจอยู่ในระดับนี้"] * 2, "", ""]
    assert "ไม่มีคะแนนรายตัวชี้วัด จึงยังระบุจุดแข็งและจุดที่ควรพัฒนาไม่ได้" in said(html)


def test_nothing_known_yet_is_said_plainly(instruments: None, organisation: Organisation) -> None:
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, {}))
    html = analysis_paper(plan).html()
    assert [row[2] for row in Reader(html).rows["ranking"][1:11]] == ["ไม่มีคะแนน"] * 10
    assert "จึงยังระบุประเด็นที่ควรพัฒนาไม่ได้" in said(html)
    assert "None" not in html


def test_all_high_leaves_no_weakness(instruments: None, organisation: Organisation) -> None:
    scores = {(f"indicator-{number}", 0): "96" for number in range(1, 11)}
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, scores))
    html = analysis_paper(plan).html()
    assert "ไม่มีตัวชี้วัดที่ได้คะแนนต่ำกว่าเกณฑ์ ๘๕ คะแนน" in said(html)
    assert "lacking" not in Reader(html).rows
    assert [row[0] for row in Reader(html).rows["ranking"][1:11]] == ["๑"] * 10


@pytest.mark.parametrize("scale", [LETTERS, PASS_LEVELS])
def test_every_step_of_a_scale_is_told_apart(scale: object) -> None:
    rows = level_rows(scale, Level((scale.steps[0][0],), ""))
    assert len({(row.total, row.each) for row in rows}) == len(rows)
    assert [row.reached for row in rows] == [True] + [False] * (len(rows) - 1)


# --- PDF, pages, command --------------------------------------------------------------------------------------


def test_the_pdf_says_all_that_the_html_says(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 6)
    html = analysis_paper(plan_004).html()
    pages = printed_text(html, poppler_pages(html_to_pdf(html.replace("</head>", ONE_LONG_PAGE))))
    assert "".join(pages) == "".join(Reader(html).runs)


def test_arabic_digits_by_choice(plan_004: MeasurePlan) -> None:
    assert re.findall(r".{0,20}[๐-๙].{0,20}", analysis_paper(plan_004, digits="arabic").html()) == []


def test_as_many_queries_for_thirty_measures_as_for_one(
    plan_004: MeasurePlan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_measures(plan_004, 1)
    for count in (1, 30):
        if count == 30:
            add_measures(plan_004, 29)
        plan = MeasurePlan.objects.of(plan_004.assessment.organisation).get()
        with django_assert_num_queries(12):
            analysis_paper(plan).html()


def test_what_people_type_is_text_never_markup(plan_004: MeasurePlan, staff: User) -> None:
    evil = "<script>alert(1)</script><img src=x> & 'x'"
    organisation = plan_004.assessment.organisation
    organisation.name = f"อบต.{evil}"
    organisation.save()
    measure = plan_004.measures.create(title=evil, topic=1, position=1)
    measure.items.set([plan_004.assessment.instrument.items.get(code="i8")])
    for key in ("background", "strength-1", "weakness-8", "recommend-8"):
        plan_004.save_text(key=key, text=f"{evil}\n{{คะแนนรวม}}", version=0, by=staff, at=AT)
    html = analysis_paper(MeasurePlan.objects.get(pk=plan_004.pk)).html()
    assert "<script" not in html
    assert "<img" not in html
    assert said(html).count("&lt;script&gt;alert(๑)") > 8
    assert len(re.findall("<p>๙๔.๑๖</p>", html)) == 4, "the live field stays live"


def test_the_preview_leads_from_paper_to_paper(client: Client, plan_004: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    shown = client.get(reverse("reports:plan-preview", args=["abt-tuayang", 2567])).content.decode()
    link = re.search(r'href="([^"]+/2566/analysis-report/preview/[^"]*)"', shown)
    assert link
    shown = client.get(link[1]).content.decode()
    assert 'aria-current="page">รายงานการวิเคราะห์</a>' in shown
    assert "/2567/plan/preview/" in shown
    source = re.search(r'<iframe[^>]+src="([^"]+)"', shown)
    assert source
    assert "ตัวชี้วัดที่ ๘ การปรับปรุงระบบการทำงาน (EIT) ๘๔.๐๓ คะแนน" in said(client.get(source[1]).content.decode())
    pdf = client.get(re.search(r'href="([^"]+\.pdf\?[^"]+)"', shown)[1])  # type: ignore[index]
    assert "๙๔.๑๖" in "".join(poppler_pages(pdf.getvalue()))
    analysis = client.get(reverse("assessments:analysis", args=["abt-tuayang", 2566])).content.decode()
    assert link[1].partition("?")[0] in analysis


def test_the_address_names_the_measured_year(client: Client, plan_004: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    for name in ("analysis-preview", "analysis-paper", "analysis-pdf"):
        assert client.get(reverse(f"reports:{name}", args=["abt-tuayang", 2567])).status_code == 404


def test_the_command_takes_the_year_of_the_plan(plan_004: MeasurePlan, tmp_path: Path) -> None:
    path = tmp_path / "รายงาน.html"
    call_command("render", "analysis", organisation="abt-tuayang", year="2567", output=path, verbosity=0)
    assert path.read_text(encoding="utf-8") == analysis_paper(plan_004).html()
