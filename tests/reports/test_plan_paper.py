"""The paper มาตรการส่งเสริมคุณธรรมและความโปร่งใส: what its HTML says, and that its PDF says the same."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Instrument
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_arabic
from measures.models import MeasurePlan
from reports.papers import plan_paper
from reports.pdf import html_to_pdf
from reports.pdf.text_layer import spoken

from .conftest import AT, add_measures, save_scores, write

# --- reading back ---------------------------------------------------------------------------------------------


class Reader(HTMLParser):
    """Collects the text runs of a print HTML in their order, and those of each table by its class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.runs: list[str] = []
        self.heads: list[str] = []
        self.rows: dict[str, list[list[str]]] = {}
        self._inside: list[str] = []
        self._table = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("meta", "link", "col", "br", "img"):
            return
        self._inside.append(tag)
        if tag == "table":
            self._table = dict(attrs).get("class") or ""
            self.rows[self._table] = []
        elif tag == "thead":
            self.heads.append("")
        elif tag == "tr":
            self.rows[self._table].append([])
        elif tag in ("td", "th"):
            self.rows[self._table][-1].append("")

    def handle_endtag(self, tag: str) -> None:
        while self._inside and self._inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        text = squeezed(data)
        if not text or "body" not in self._inside:
            return
        self.runs.append(text)
        if "thead" in self._inside:
            self.heads[-1] += text
        if "td" in self._inside or "th" in self._inside:
            self.rows[self._table][-1][-1] += spoken(" ".join(data.split()))


def squeezed(text: str) -> str:
    """Return the text as its characters alone: no blanks, no joiners."""
    return re.sub(r"\s", "", spoken(text))


def said(html: str) -> str:
    """Return all text of the HTML, blanks as single spaces."""
    return " ".join(spoken(re.sub(r"<[^>]+>", "", html)).split())


def poppler_pages(pdf: bytes) -> list[str]:
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return shown.stdout.decode().split("\f")[:-1]


def pdfium_pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    pages = []
    for page in document:
        text_page = page.get_textpage()
        # PDFium gives a hyphen at the end of a line as U+FFFE.
        pages.append(text_page.get_text_range().replace("\ufffe", "-"))
        text_page.close()
        page.close()
    document.close()
    return pages


PAGE_NUMBER = re.compile(r"^-[๐-๙0-9]+-|-[๐-๙0-9]+-$")
ONE_LONG_PAGE = "<style>@page { size: 21cm 600cm !important }</style></head>"


def printed_text(html: str, pages: list[str]) -> list[str]:
    """Return the squeezed text of each page without its number and the table heads that it repeats."""
    heads = Reader(html).heads
    left: list[str] = []
    for page in pages:
        text = PAGE_NUMBER.sub("", squeezed(page))
        repeated = [head for head in heads if text.startswith(head) and head in "".join(left)]
        left.append(text.removeprefix(repeated[0]) if repeated else text)
    return left


# --- ๑ the result ---------------------------------------------------------------------------------------------


def test_the_cover_names_paper_year_organisation_and_place(plan_004: MeasurePlan) -> None:
    html = plan_paper(plan_004).html()
    cover = said(html[: html.index("<h2>")])
    assert "มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๗ ของ" in cover
    assert cover.endswith("องค์การบริหารส่วนตำบลตัวอย่าง อำเภอเมืองตัวอย่าง จังหวัดตัวอย่าง")


def test_the_province_prints_its_published_figures(plan_004: MeasurePlan) -> None:
    html = plan_paper(plan_004).html()
    rows = Reader(html).rows["indicators"]
    assert rows[1] == ["ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", "๙๗.๓๗", "IIT = ๙๓.๑๗"]
    assert rows[6] == ["ตัวชี้วัดที่ ๖ คุณภาพการดำเนินงาน", "๙๐.๐๕", "EIT = ๘๗.๓๖ส่วนที่ ๑ = ๙๐.๓๔ส่วนที่ ๒ = ๘๔.๓๘*"]
    assert rows[8] == ["ตัวชี้วัดที่ ๘ การปรับปรุงระบบการทำงาน", "๘๔.๐๓*"]
    assert rows[9] == ["ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล", "๑๐๐", "OIT = ๑๐๐"]
    assert rows[11:] == [["คะแนนรวม", "๙๔.๑๖"], ["ระดับผลการประเมิน", "ผ่าน"]]
    assert [row[0].split(" ")[1] for row in rows[1:11]] == [*"๑๒๓๔๕๖๗๘๙", "๑๐"]
    assert re.findall(r'rowspan="(\d)"', html) == ["5", "3", "2"]
    text = said(html)
    assert "ตัวอย่าง มีคะแนนรวม ๙๔.๑๖ คะแนน โดยมีผลการประเมินรายตัวชี้วัดและรายเครื่องมือ ดังนี้" in text
    assert "ในระดับ “ผ่าน” เนื่องจาก EIT ส่วนที่ ๒ ได้ ๘๔.๓๘ คะแนน ซึ่งต่ำกว่า ๘๕ คะแนน" in text
    assert "“ผ่าน” โดยคะแนนเพิ่มขึ้น ๑.๓๓ คะแนน จากปีงบประมาณ พ.ศ. ๒๕๖๕ ซึ่งได้ ๙๒.๘๓ คะแนน" in text
    assert text.count("๙๒.๘๓") == 1  # nothing is said twice


def test_the_subdistrict_prints_its_published_figures(plan_000: MeasurePlan) -> None:
    html = plan_paper(plan_000).html()
    text = said(html)
    assert "“ผ่าน” เนื่องจาก IIT ได้ ๘๑.๖๘ คะแนน และ EIT ได้ ๖๙.๐๘ คะแนน ซึ่งต่ำกว่า ๘๕ คะแนน" in text
    assert "“ผ่าน” โดยคะแนนลดลง ๓.๒๙ คะแนน จากปีงบประมาณ พ.ศ. ๒๕๖๕ ซึ่งได้ ๘๘.๕๒ คะแนน" in text
    assert "questions" not in Reader(html).rows
    assert [row[1:] for row in Reader(html).rows["weak"][1:]] == [
        ["IIT", "๘๑.๖๘", "๓.๓๒"],
        ["ตัวชี้วัดที่ ๒ การใช้งบประมาณ", "๗๘.๖๘", "๖.๓๒"],
        ["ตัวชี้วัดที่ ๔ การใช้ทรัพย์สินของราชการ", "๗๗.๔๓", "๗.๕๗"],
        ["ตัวชี้วัดที่ ๕ การแก้ไขปัญหาการทุจริต", "๗๕.๓๑", "๙.๖๙"],
        ["EIT", "๖๙.๐๘", "๑๕.๙๒"],
        ["ตัวชี้วัดที่ ๖ คุณภาพการดำเนินงาน", "๗๔.๑๖", "๑๐.๘๔"],
        ["ตัวชี้วัดที่ ๗ ประสิทธิภาพการสื่อสาร", "๖๕.๐๑", "๑๙.๙๙"],
        ["ตัวชี้วัดที่ ๘ การปรับปรุงระบบการทำงาน", "๖๘.๐๖", "๑๖.๙๔"],
    ]
    assert "มีทั้งหมด ๘ รายการ" in text


def test_all_question_scores_with_last_year_marks_and_the_lowest(plan_004: MeasurePlan) -> None:
    rows = Reader(plan_paper(plan_004).html()).rows["questions"]
    cells = {row[0].split(" ")[0]: row[1] for row in rows[1:]}
    assert cells["i๑"] == "๙๓.๖๖ (๘๙.๕๒)"
    assert cells["i๘"] == "๘๐.๗๐* (๘๓.๙๖)"
    assert cells["i๒๑"] == "๘๕.๔๐ (๘๘.๔๘)"
    assert cells["e๑"] == "EIT ส่วนที่ ๑ = ๙๑.๔๗EIT ส่วนที่ ๒ = ๘๓.๕๐*(๘๖.๒๙)"
    assert cells["e๙"] == "EIT ส่วนที่ ๑ = ๙๐.๕๐EIT ส่วนที่ ๒ = ๗๓.๖๐* (ต่ำสุด)(๘๒.๔๙)"
    assert cells["o๔๓"] == "๑๐๐"
    questions = [name for name in cells if re.fullmatch("[ieo][๐-๙]+", name)]
    assert [to_arabic(name) for name in questions] == [
        f"{letter}{number}"
        for letter, count in (("i", 30), ("e", 15), ("o", 43))
        for number in range(1, count + 1)
    ]
    assert [name for name, cell in cells.items() if "(ต่ำสุด)" in cell] == ["e๙", "e๑๑", "e๑๒", "e๑๕"]
    assert sum(cells[name].count("*") for name in questions) == 11


def test_the_question_table_can_be_left_out(plan_004: MeasurePlan) -> None:
    plan_004.settings().shows_all_questions = False
    assert "questions" not in Reader(plan_paper(plan_004).html()).rows


def test_what_is_weak_is_counted_and_listed_weakest_first(plan_004: MeasurePlan) -> None:
    html = plan_paper(plan_004).html()
    rows = Reader(html).rows["weak"][1:]
    assert [" ".join(row[1].split()[:3]) for row in rows[:3]] == [
        "EIT ส่วนที่ ๒",
        "ตัวชี้วัดที่ ๘ การปรับปรุงระบบการทำงาน",
        "e๙ ส่วนที่ ๒",
    ]
    assert [row[0] for row in rows] == ["๑", "๒", "๓", "๔", "๕", "๖", "๗", "๘", "๙", "๑๐", "๑๑", "๑๒", "๑๓"]
    gaps = [row[3] for row in rows[2:]]
    assert gaps == sorted(gaps, key=lambda gap: -float(to_arabic(gap)))
    assert "มีทั้งหมด ๑๓ รายการ" in said(html)
    assert "คะแนนรายข้อคำถาม ๑๑ รายการ (จาก ๑๐ ข้อคำถาม)" in said(html)


def test_the_threshold_of_the_plan_decides_what_is_weak(plan_004: MeasurePlan) -> None:
    plan_004.settings().threshold = Decimal("70.00")
    html = plan_paper(plan_004).html()
    assert "ไม่มีรายการที่ได้คะแนนต่ำกว่าเกณฑ์ ๗๐ คะแนน" in said(html)
    assert "weak" not in Reader(html).rows


def test_nothing_known_yet_is_said_plainly(instruments: None, organisation: Organisation) -> None:
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, {}))
    html = plan_paper(plan).html()
    text = said(html)
    assert "ยังไม่มีคะแนนรวม จึงยังระบุระดับผลการประเมินไม่ได้" in text
    assert "ยังไม่มีคะแนนที่บันทึกไว้ จึงยังวิเคราะห์ผลการประเมินไม่ได้" in text
    rows = Reader(html).rows
    assert rows["indicators"][1] == ["ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่", "–", "IIT = –"]
    assert rows["indicators"][11:] == [["คะแนนรวม", "–"], ["ระดับผลการประเมิน", "ยังระบุไม่ได้"]]
    assert "ต่ำกว่าเกณฑ์ ๘๕ คะแนน มี" not in text
    assert "None" not in text


def test_a_level_that_stays_open_names_both(instruments: None, organisation: Organisation) -> None:
    scores = {("total", 0): "93.00", ("IIT", 0): "92", ("EIT", 0): "90", ("OIT", 0): "96"}
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, scores))
    html = plan_paper(plan).html()
    assert "“ผ่าน หรือ ผ่านดี” แต่ยังระบุเป็นระดับเดียวไม่ได้ เนื่องจากไม่ทราบคะแนน EIT แยกส่วน" in said(html)
    assert "ไม่มีผลการประเมินของปีก่อนสำหรับเปรียบเทียบ" in said(html)
    assert "ไม่มีคะแนนรายตัวชี้วัด" in said(html)


def test_indicators_without_a_score_are_named(instruments: None, organisation: Organisation) -> None:
    scores = {(f"indicator-{number}", 0): "90" for number in range(1, 10)}
    plan = MeasurePlan.objects.create(assessment=save_scores(organisation, 2566, scores))
    assert "ไม่มีคะแนนของ ๑ ตัวชี้วัด คือ ตัวชี้วัดที่ ๑๐ การป้องกันการทุจริต" in said(plan_paper(plan).html())


def test_no_change_is_no_rise(plan_000: MeasurePlan, organisation: Organisation) -> None:
    save_scores(organisation, 2565, {("total", 0): "85.23"})
    text = said(plan_paper(plan_000).html())
    assert "เพิ่มขึ้น" not in text.partition("(๑)")[0] and "เท่า" in text.partition("(๑)")[0]


# --- ๒ the analysis, ๔ limitations ----------------------------------------------------------------------------


def test_the_seven_topics_stand_in_order_as_edited_or_as_drafted(plan_004: MeasurePlan) -> None:
    write(plan_004, topic_2="ย่อหน้าแรกของ e1 ได้ {e1 ส่วนที่ 2} คะแนน\n\nย่อหน้าที่สอง", topic_3="")
    html = plan_paper(plan_004).html()
    heads = [spoken(head) for head in re.findall(r"<h3>(\([๑-๗]\) [^<]+)</h3>", html)]
    names = [topic["name"] for topic in Instrument.objects.get(be_year=2566).topics]
    assert heads == [f"({digit}) {name}" for digit, name in zip("๑๒๓๔๕๖๗", names, strict=True)]
    assert "ย่อหน้าแรกของ e๑ ได้ ๘๓.๕๐ คะแนน" in said(html)
    assert "<p>ย่อหน้าที่สอง</p>" in html
    assert "i๘ ได้ ๘๐.๗๐ คะแนน" in said(html)  # topic 5 as drafted
    assert html.count("(ยังไม่ได้เขียนบทวิเคราะห์ประเด็นนี้)") == 1
    assert "ยังไม่ได้เขียน" not in plan_paper(plan_004, draft=False).html()


def test_limitations_are_numbered_lines_and_nothing_is_said_to_be_nothing(plan_004: MeasurePlan) -> None:
    write(plan_004, limitations="งบประมาณจำกัด\n\n  บุคลากรโอนย้าย 2 คน \n", suggestions="")
    end = plan_paper(plan_004).html().partition("ข้อจำกัดของหน่วยงานในการดำเนินการ")[2]
    items = re.findall(r'class="item">(.*?)</div>', end)
    assert [squeezed(item) for item in items] == ["๑.งบประมาณจำกัด", "๒.บุคลากรโอนย้าย๒คน"]
    assert said(end).endswith("ข้อเสนอแนะในการจัดการกับข้อจำกัด ไม่มี")


def test_lines_typed_with_numbers_are_not_numbered_twice(plan_004: MeasurePlan) -> None:
    write(
        plan_004,
        limitations="1. งบประมาณจำกัด\n๒) บุคลากรน้อย",
        suggestions="1.5 ล้านบาทไม่พอ\n2. จัดอบรม",
    )
    html = plan_paper(plan_004).html()
    assert [squeezed(item) for item in re.findall(r'class="item">(.*?)</div>', html)] == [
        "๑.งบประมาณจำกัด",
        "๒.บุคลากรน้อย",
        "๑.๑.๕ล้านบาทไม่พอ",
        "๒.๒.จัดอบรม",
    ]


# --- digits and escaping --------------------------------------------------------------------------------------

FREE_TEXT = "ปี 2566 ดู https://www.example.go.th/ita/2567 ตาม ISO 9001:2015 ข้อ i7 ได้ 86.82 คะแนน"


def test_what_a_measure_answers_is_named_as_it_is_called(plan_000: MeasurePlan, staff: User) -> None:
    items = plan_000.assessment.instrument.items
    for codes in (["indicator-8"], ["e9", "e11"], ["e9", "indicator-8"]):
        plan_000.add_measure(items=items.filter(code__in=codes), group="topic-1", by=staff, at=AT)
    cells = [row[0] for row in Reader(plan_paper(plan_000, digits="arabic").html()).rows["measures"]]
    answered = [" ".join(cell[2:].split()) for cell in cells if re.match(r"[123]\.", cell)]
    assert answered == ["(ตัวชี้วัดที่ 8)", "(ข้อ e9, e11)", "(ข้อ e9, ตัวชี้วัดที่ 8)"]


def test_a_reason_prints_only_while_it_is_needed(plan_004: MeasurePlan, staff: User) -> None:
    def printed() -> list[str]:
        html = plan_paper(MeasurePlan.objects.get(pk=plan_004.pk)).html()
        return [reason for reason in ("ไม่ทำข้อ ก", "ไม่ทำข้อ ข", "ไม่ทำข้อ ค") if reason in html]

    for code, reason in (("i8", "ไม่ทำข้อ ก"), ("e9", "ไม่ทำข้อ ข"), ("e6", "ไม่ทำข้อ ค")):
        item = plan_004.assessment.instrument.items.get(code=code)
        plan_004.excuse(item=item, reason=reason, by=staff, at=AT)
    assert printed() == ["ไม่ทำข้อ ก", "ไม่ทำข้อ ข", "ไม่ทำข้อ ค"]
    save_scores(plan_004.assessment.organisation, 2566, {("i8", 0): "90.70"})
    plan_004.add_measure(items=[plan_004.assessment.instrument.items.get(code="e9")], by=staff, at=AT)
    assert printed() == ["ไม่ทำข้อ ค"]


def test_thai_digits_everywhere_but_in_addresses_and_latin_codes(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 5)
    write(plan_004, opening=FREE_TEXT)
    text = said(plan_paper(plan_004).html())
    assert "ปี ๒๕๖๖ ดู https://www.example.go.th/ita/2567 ตาม ISO 9001:2015 ข้อ i๗ ได้ ๘๖.๘๒ คะแนน" in text
    rest = re.sub(r"https?://\S+|ISO 9001:2015|\b[A-Z]+-?[0-9]+\b", "", text)
    assert re.findall(r".{0,20}[0-9].{0,20}", rest) == []


def test_arabic_digits_by_choice_of_the_plan_or_of_the_look(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 5)
    write(plan_004, opening="ปี ๒๕๖๖ ได้ {คะแนนรวม} คะแนน เพิ่มขึ้น {คะแนนรวม:ต่าง} คะแนน")
    html = plan_paper(plan_004, digits="arabic").html()
    assert re.findall(r".{0,20}[๐-๙].{0,20}", html) == []
    assert 'class="arabic draft ' in html
    assert "94.16 คะแนน เพิ่มขึ้น 1.33 คะแนน" in said(html)
    plan_004.settings().digits = "arabic"
    assert plan_paper(plan_004).html() == html


def test_what_people_type_is_text_never_markup(plan_004: MeasurePlan, staff: User) -> None:
    evil = "<script>alert(1)</script><img src=file:///etc/hostname> & 'x'"
    organisation = plan_004.assessment.organisation
    organisation.name = f"อบต.{evil}"[:200]
    organisation.save()
    plan_004.assessment.instrument.topic_outline[0]["name"] = evil
    write(plan_004, opening=evil, limitations=evil, suggestions=evil, topic_1=evil)
    unit = organisation.units.create(name=evil)
    (measure,) = add_measures(plan_004, 1)
    measure.title = evil
    measure.save()
    step = measure.steps.get(position=0)
    step.text = step.follow_up = evil
    step.all_units = False
    step.save()
    step.units.set([unit])
    item = plan_004.assessment.instrument.items.get(code="i8")
    plan_004.excuses.create(item=item, reason=evil, at=AT, by=staff)
    html = plan_paper(MeasurePlan.objects.get(pk=plan_004.pk)).html()
    assert "<script" not in html
    assert "<img" not in html
    shown = said(plan_paper(plan_004).html())
    assert (
        shown.count(
            "&lt;script&gt;alert(๑)&lt;/script&gt;&lt;img src=file:///etc/hostname&gt; &amp; &#x27;x&#x27;"
        )
        > 8
    )
    printed = squeezed("".join(poppler_pages(html_to_pdf(html))))
    assert "<script>alert(๑)</script><imgsrc=file:///etc/hostname>&'x'" in printed


# --- the PDF --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", [poppler_pages, pdfium_pages])
def test_the_pdf_says_all_that_the_html_says_in_its_order(
    plan_004: MeasurePlan, read: Callable[[bytes], list[str]]
) -> None:
    add_measures(plan_004, 12)
    write(
        plan_004,
        topic_1=f"{FREE_TEXT} ดำเนินงานที่น้ำตกกำแพง\nหมู่ที่ 4",
        limitations="เจ้าหน้าที่ไม่เพียงพอ\nงบประมาณจำกัด",
    )
    html = plan_paper(plan_004).html()
    runs = "".join(Reader(html).runs)
    # On one long page no row is divided, and the order is that of the HTML, letter by letter.
    unbroken = printed_text(html, read(html_to_pdf(html.replace("</head>", ONE_LONG_PAGE))))
    assert len(unbroken) == 2
    assert "".join(unbroken) == runs
    # On real pages the cells of a divided row go on beside each other: the same letters, none lost or repeated.
    pages = printed_text(html, read(html_to_pdf(html)))
    assert len(pages) > 10
    assert Counter("".join(pages)) == Counter(runs)


def test_the_head_of_the_measures_table_stands_on_each_of_its_pages(plan_004: MeasurePlan) -> None:
    add_measures(plan_004, 12)
    html = plan_paper(plan_004).html()
    pages = [squeezed(page) for page in poppler_pages(html_to_pdf(html))]
    head = Reader(html).heads[-1]
    assert head.startswith("มาตรการ/แนวทางขั้นตอน/วิธีดำเนินการ")
    first = next(n for n, page in enumerate(pages) if head in page)
    last = next(n for n, page in enumerate(pages) if "๔.ข้อจำกัดและข้อเสนอแนะ" in page)
    assert last - first >= 4
    assert [page.count(head) for page in pages[first + 1 : last]] == [1] * (last - first - 1)
    groups = [squeezed(g) for g in re.findall(r'<th colspan="5">([^<]+)<', html)]
    assert len(groups) == 7
    assert not [page for page in pages if PAGE_NUMBER.sub("", page).endswith(tuple(groups))]


def grey_of(pdf: bytes) -> list[int]:
    """Count, on each page, the pixels in the light grey of the draft mark."""
    document = pypdfium2.PdfDocument(pdf)
    counts = []
    for page in document:
        bitmap = page.render(scale=0.5, grayscale=True)
        counts.append(bytes(bitmap.buffer).count(0xEB))
        bitmap.close()
        page.close()
    document.close()
    return counts


def test_the_draft_mark_lies_over_every_page_and_none_of_a_final_paper(plan_000: MeasurePlan) -> None:
    draft = grey_of(html_to_pdf(plan_paper(plan_000).html()))
    final = grey_of(html_to_pdf(plan_paper(plan_000, draft=False).html()))
    assert len(draft) >= 3
    assert min(draft) > 5 * max(final)
    assert min(draft) > 2000


# --- views and command ----------------------------------------------------------------------------------------


def test_the_preview_frames_the_print_html_and_offers_the_pdf(
    client: Client, plan_004: MeasurePlan, staff: User
) -> None:
    client.force_login(staff)
    page = client.get(reverse("reports:plan-preview", args=["abt-tuayang", 2567]) + "?digits=arabic")
    shown = page.content.decode()
    source = re.search(r'<iframe[^>]+src="([^"]+)"', shown)
    assert source
    framed = client.get(source[1])
    html = framed.content.decode()
    assert "ได้คะแนนรวม 94.16 คะแนน" in said(html)
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    assert 'href="/static/css/print.css"' in html
    assert " style=" not in html
    assert "<style" not in html
    pdf = client.get(re.search(r'href="([^"]+\.pdf\?[^"]+)"', shown)[1])  # type: ignore[index]
    assert "filename*=utf-8''%E0%B8%A1%E0%B8%B2%E0%B8%95%E0%B8%A3" in pdf["Content-Disposition"]
    assert "94.16" in "".join(poppler_pages(b"".join(pdf.streaming_content)))


def test_a_year_without_a_plan_has_no_paper(client: Client, plan_004: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    for name in ("plan-preview", "plan-paper", "plan-pdf"):
        assert client.get(reverse(f"reports:{name}", args=["abt-tuayang", 2566])).status_code == 404


def test_as_many_queries_for_thirty_measures_as_for_one(
    plan_004: MeasurePlan, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add_measures(plan_004, 1)
    for count in (1, 30):
        if count == 30:
            add_measures(plan_004, 29)
        plan = MeasurePlan.objects.of(plan_004.assessment.organisation).get()
        with django_assert_num_queries(12):
            plan_paper(plan).html()


def render_paper(output: Path, **options: str) -> None:
    given = {"organisation": "abt-tuayang", "year": "2567"} | options
    call_command("render", given.pop("paper", "plan"), output=output, verbosity=0, **given)


def test_the_command_writes_pdf_and_the_html_it_is_made_of(plan_000: MeasurePlan, tmp_path: Path) -> None:
    render_paper(tmp_path / "แผน.pdf")
    render_paper(tmp_path / "แผน.html", year="๒๕๖๗", digits="arabic")
    html = (tmp_path / "แผน.html").read_text(encoding="utf-8")
    assert html == plan_paper(plan_000, digits="arabic").html()
    assert "๘๕.๒๓" in "".join(poppler_pages((tmp_path / "แผน.pdf").read_bytes()))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["แผน.html", "แผน.pdf"]


@pytest.mark.parametrize(
    ("options", "name", "sentence"),
    [
        ({"organisation": "nobody"}, "a.pdf", "ไม่พบหน่วยงาน “nobody”"),
        ({"year": "2570"}, "a.pdf", "ไม่มีมาตรการของปีงบประมาณ “2570” ปีที่มีมาตรการคือ 2567"),
        ({"year": "9" * 30}, "a.pdf", "ปีที่มีมาตรการคือ 2567"),
        ({"year": "ปีนี้"}, "a.pdf", "ปีที่มีมาตรการคือ 2567"),
        ({"paper": "letter"}, "a.pdf", "ไม่รู้จักเอกสาร “letter” เอกสารที่เขียนได้คือ plan"),
        ({"digits": "roman"}, "a.pdf", "--digits “roman” ต้องเป็น thai หรือ arabic"),
        ({}, "a.docx", "แฟ้ม “a.docx” ต้องลงท้ายด้วย .pdf หรือ .html"),
        ({}, "missing/a.html", "ไม่ได้: No such file or directory"),
    ],
)
def test_the_command_refuses_in_words(
    plan_000: MeasurePlan, tmp_path: Path, options: dict[str, str], name: str, sentence: str
) -> None:
    with pytest.raises(CommandError, match=re.escape(sentence)):
        render_paper(tmp_path / name, **options)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_the_old_file_and_nothing_else(
    plan_000: MeasurePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.html").write_text("เดิม", encoding="utf-8")
    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CommandError, match="No space left on device"):
        render_paper(tmp_path / "a.html")
    assert [path.read_text(encoding="utf-8") for path in tmp_path.iterdir()] == ["เดิม"]
