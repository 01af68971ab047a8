"""The memo as the regulation has it: every measure is taken from the rendered page, in millimetres."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pypdfium2
import pytest
from fontTools.ttLib import TTFont
from weasyprint import HTML

from reports.papers.memo import memo_paper
from reports.pdf.fonts import assets

from .printed_memo import (
    OFFICER,
    OPINIONS,
    ORGANISATION,
    POINT,
    SHEET,
    SUBJECT,
    Ink,
    assert_dotted,
    bold_texts,
    emblem,
    lines_of_page,
    millimetres,
    pdf_of,
    word,
    words_of,
)
from .test_text_layer import pdfium, poppler


@pytest.fixture(scope="module")
def one() -> bytes:
    return pdf_of(SHEET)


@pytest.fixture(scope="module")
def many() -> bytes:
    return pdf_of(replace(SHEET, opinions=OPINIONS))


# --- measures of the first page --------------------------------------------------------------------------------


def test_the_emblem_is_15_mm_high_at_the_top_left(one):
    document = pypdfium2.PdfDocument(one)
    [image] = document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
    left, bottom, right, top = (value * POINT for value in image.get_bounds())
    assert top - bottom == millimetres(15)
    assert (right - left) / (top - bottom) == pytest.approx(200 / 220, abs=0.01)
    assert left == millimetres(30)
    assert 297 - top == millimetres(15)
    assert word(words_of(one), "บันทึกข้อความ").baseline == millimetres(297 - bottom)
    document.close()


def test_without_an_emblem_its_place_stays_empty(one):
    bare = pdf_of(replace(SHEET, emblem=None))
    assert words_of(bare) == words_of(one)
    # 1.5 cm of margin and 1.5 cm of box: the line of the letters is the foot of the box.
    assert word(words_of(bare), "บันทึกข้อความ").baseline == millimetres(30)
    document = pypdfium2.PdfDocument(bare)
    assert not list(document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
    document.close()


def test_a_wide_emblem_leaves_the_title_in_the_middle(one):
    wide = pdf_of(replace(SHEET, emblem=emblem(600, 220)))
    assert words_of(wide) == words_of(one)


def test_the_title_is_bold_29_and_centred(one):
    title = word(words_of(one), "บันทึกข้อความ")
    assert title.size == pytest.approx(29 * 0.66, abs=0.05)
    assert (title.left + title.right) / 2 == millimetres(30 + 160 / 2)
    assert bold_texts(one) >= {"บันทึกข้อความ"}


@pytest.mark.parametrize("label", ["ส่วนราชการ", "ที่", "วันที่", "เรื่อง"])
def test_labels_are_bold_20(one, label):
    assert word(words_of(one), label).size == pytest.approx(20 * 0.66, abs=0.05)
    assert label in bold_texts(one)


@pytest.mark.parametrize("value", ["สำนักปลัด", "นศ", "๒๙", SUBJECT, "เรียน", "นายกองค์การ", "ตามที่สำนักงาน"])
def test_values_and_text_are_plain_16(one, value):
    found = word(words_of(one), value)
    assert found.size == pytest.approx(16 * 0.66, abs=0.05)
    assert not [text for text in bold_texts(one) if text.startswith(value)]


def test_text_keeps_to_the_margins(many):
    words = words_of(many)
    assert min(found.left for found in words) == millimetres(30)
    assert max(found.right for found in words) < 190.5
    # A full line comes near the right edge: the text is 16 cm wide, no narrower.
    assert max(found.right for found in words) > 180
    for label in ("ส่วนราชการ", "ที่", "เรื่อง", "เรียน", "ความเห็น"):
        assert word(words, label).left == millimetres(30)


@pytest.mark.parametrize("start", ["๑.", "ตามที่สำนักงาน", "หากเห็นชอบ", "จึงเรียน"])
def test_first_lines_stand_25_mm_in(one, start):
    assert word(words_of(one), start).left == millimetres(30 + 25)


def test_paragraphs_have_6_points_before_them_and_lines_the_height_of_official_ones(one):
    words = words_of(one)
    lines = sorted({round(found.baseline, 2) for found in words if found.baseline > 70})
    heights = {round((after - before) / POINT, 1) for before, after in pairwise(lines)}
    assert {21.3, 27.3} <= heights


def test_the_date_begins_under_the_letter_of_the_title(one):
    title, dated = word(words_of(one), "บันทึกข้อความ"), word(words_of(one), "วันที่")
    font = TTFont(assets()["sarabun-thai-700-normal.woff2"])
    widths, glyphs = font["hmtx"], font.getBestCmap()
    before = sum(widths[glyphs[ord(letter)]][0] for letter in "บันทึก") / font["head"].unitsPerEm
    assert dated.left == millimetres(title.left + before * title.size * POINT, 0.7)
    assert dated.baseline == millimetres(word(words_of(one), "ที่").baseline, 0.1)


# --- leaders, no rule ------------------------------------------------------------------------------------------


def test_values_stand_on_dots_to_the_right_margin(one):
    ink, words = Ink.of(one), words_of(one)
    for label in ("ส่วนราชการ", "เรื่อง", "วันที่"):
        found = word(words, label)
        assert_dotted(ink, found.baseline, found.right + 1.4, 190)
    reference = word(words, "ที่")
    assert_dotted(ink, reference.baseline, reference.right + 1.4, word(words, "วันที่").left - 2)


def test_a_long_subject_runs_on_over_dotted_lines():
    pdf = pdf_of(replace(SHEET, subject=f"{SUBJECT} และ{SUBJECT} และขอเผยแพร่บนเว็บไซต์"))
    ink, words = Ink.of(pdf), words_of(pdf)
    label, value = word(words, "เรื่อง"), word(words, "ขอรายงาน")
    lines = sorted(
        {
            round(w.baseline, 1)
            for w in words
            if label.baseline - 1 < w.baseline < word(words, "เรียน").baseline - 1
        }
    )
    assert len(lines) == 3
    for baseline in lines:
        assert_dotted(ink, baseline, label.right + 1.4, 190)
        assert min(w.left for w in words if abs(w.baseline - baseline) < 0.2 and w.size < 12) == millimetres(
            value.left, 0.1
        )


def test_empty_values_leave_dots_to_write_on():
    pdf = pdf_of(replace(SHEET, reference="", dated_on=None))
    ink, words = Ink.of(pdf), words_of(pdf)
    dated = word(words, "วันที่")
    assert not [w for w in words if abs(w.baseline - dated.baseline) < 1 and w.text not in ("ที่", "วันที่")]
    assert_dotted(ink, dated.baseline, dated.right + 1.4, 190)


def test_no_rule_stands_between_head_and_body(one):
    ink, words = Ink.of(one), words_of(one)
    between = ink.rows(word(words, "บันทึกข้อความ").baseline, word(words, "๑.").baseline)
    longest = max(end - start for row in between for start, end in ink.runs(row))
    # Letters are 3 mm wide at most, in labels as in values.
    assert 0.5 < longest < 3


# --- digits, closing, page numbers -----------------------------------------------------------------------------


LINES = [
    "บันทึกข้อความ",
    f"ส่วนราชการ สำนักปลัด {ORGANISATION} โทร. ๐-๗๕๓๕-๕๖๓๑",
    "ที่ นศ ๗๗๕๐๑/๒๐๓ วันที่ ๒๙ มีนาคม ๒๕๖๗",
    f"เรื่อง {SUBJECT}",
    f"เรียน นายก{ORGANISATION}",
    "๑. เรื่องเดิม",
    "ตามที่สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ (ป.ป.ช.) แจ้งให้ทุก",
    "ส่วนราชการเข้าร่วมการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๗ นั้น",
    "๒. ข้อพิจารณา/ข้อเสนอแนะ",
    "หากเห็นชอบ โปรดลงนามในบันทึกข้อความฉบับนี้",
    "จึงเรียนมาเพื่อโปรดพิจารณา",
    "ลงนามทางอิเล็กทรอนิกส์ ๒๙ มี.ค. ๒๕๖๗ เวลา ๑๔:๓๒ น.",
    "(นายบัญชา เพชรอนันต์)",
    "นิติกรชำนาญการ",
]


def test_poppler_reads_the_memo_as_it_stands(one):
    assert poppler(one) == LINES


def test_pdfium_reads_the_memo_as_it_stands(one):
    """Letter for letter; PDFium sets its own blanks and line ends between the runs of one line."""
    assert "".join(pdfium(one)).replace(" ", "") == "".join(LINES).replace(" ", "")


def test_arabic_digits_by_choice(one):
    pdf = pdf_of(replace(SHEET, digits="arabic", opinions=OPINIONS))
    text = "\n".join(poppler(pdf))
    assert not re.search("[๐-๙]", text)
    assert "ที่ นศ 77501/203 วันที่ 29 มีนาคม 2567" in text
    assert word(words_of(pdf), "บันทึกข้อความ").baseline == millimetres(30)
    assert [page_number(pdf, page) for page in (1, 2)] == [[], ["- 2 -"]]


def page_number(pdf: bytes, page: int) -> list[str]:
    return [line for line in lines_of_page(pdf, page) if re.fullmatch("- .+ -", line)]


def test_pages_are_numbered_from_the_second_on(many):
    assert [page_number(many, page) for page in (1, 2)] == [[], ["- ๒ -"]]
    number = next(w for w in words_of(many) if w.page == 2 and "๒" in w.text and w.baseline < 25)
    assert (number.left + number.right) / 2 == millimetres(110)
    assert 12 < number.baseline < 22
    # The text of the pages that follow begins 2.5 cm below the edge.
    first = next(w for w in words_of(many) if w.page == 2 and w.text.startswith("ความเห็น"))
    assert first.baseline - (21.3 / 2 + 0.418 * first.size) * POINT == millimetres(25)


def test_attachments_are_numbered_where_there_are_several():
    assert "สิ่งที่ส่งมาด้วย" not in "".join(poppler(pdf_of(SHEET)))
    lines = poppler(pdf_of(replace(SHEET, attachments=("มาตรการ ประจำปี 2567",))))
    assert "สิ่งที่ส่งมาด้วย มาตรการ ประจำปี ๒๕๖๗" in lines
    lines = poppler(pdf_of(replace(SHEET, attachments=("มาตรการ", "รายงานการวิเคราะห์"))))
    assert [line for line in lines if "มาตรการ" in line or "วิเคราะห์" in line] == [
        "สิ่งที่ส่งมาด้วย ๑. มาตรการ",
        "๒. รายงานการวิเคราะห์",
    ]


def test_typed_text_is_text_and_never_markup():
    typed = '<b>ก</b> & "ข" </style> \\"}'
    sheet = replace(SHEET, subject=typed, closing=typed, officer=replace(OFFICER, name=typed, position=typed))
    text = "\n".join(poppler(pdf_of(sheet)))
    assert text.count(typed) == 4


# --- signatures ------------------------------------------------------------------------------------------------


def test_signatures_stand_in_the_right_half(many):
    words = words_of(many)
    for start in ("(นายบัญชา", "นิติกร", "(นายศิวะ", "(สืบเอก", "ปฏิบัติราชการแทน", "รักษาราชการแทน", "(นายสุชาติ"):
        line = [w for w in words if abs(w.baseline - word(words, start).baseline) < 0.2]
        line = [w for w in line if w.page == word(words, start).page]
        assert min(w.left for w in line) > 110
        assert (min(w.left for w in line) + max(w.right for w in line)) / 2 == millimetres(150)


def test_a_block_says_who_acts_for_whom_and_when(many):
    lines = poppler(many)
    start = lines.index("(นายสุชาติ เกิดศิริ)")
    assert lines[start - 3 : start + 5] == [
        f"ความเห็นของนายก{ORGANISATION}",
        "อนุมัติ",
        "ลงนามในเอกสารกระดาษ",
        "(นายสุชาติ เกิดศิริ)",
        f"รองนายก{ORGANISATION}",
        "รักษาราชการแทน",
        f"นายก{ORGANISATION}",
        "๒ เมษายน ๒๕๖๗",
    ]
    assert "ขอแสดงความนับถือ" not in "".join(lines)
    assert lines[lines.index("จึงเรียนมาเพื่อโปรดพิจารณา") + 1].startswith("ลงนามทางอิเล็กทรอนิกส์")


def test_a_block_to_be_signed_on_paper_has_dots_and_room(many):
    words = words_of(many)
    heading, name = word(words, "ความเห็นของปลัด"), word(words, "(สืบเอก")
    ink = Ink.of(many, heading.page - 1)
    for number in (1, 2):
        # 6 points between heading and lines is what a paragraph would have.
        assert_dotted(ink, heading.baseline + 21.3 * number * POINT, 30, 190)
    empty = [
        w for w in words if w.page == heading.page and heading.baseline + 1 < w.baseline < name.baseline - 1
    ]
    assert empty == []
    # Two lines to write on, three to sign in, and the line of the name.
    assert (name.baseline - heading.baseline) / POINT == pytest.approx(6 * 21.3, abs=3)
    month = next(w for w in words if w.page == name.page and w.text.startswith("มีนาคม"))
    day = [run for run in ink.leader(month.baseline) if 110 < run[0] < month.left]
    assert 6 < len(day) < 14
    assert month.left - 14.5 < day[0][0] < day[-1][1] < month.left


def test_a_nameless_block_has_dots_in_its_brackets(many):
    words = words_of(many)
    position = [w for w in words if w.text == "เลขานุการนายก"][-1]
    brackets = [
        w
        for w in words
        if w.page == position.page and abs(position.baseline - w.baseline - 21.3 * POINT) < 1.5
    ]
    assert "".join(w.text for w in brackets) == "()"
    dots = Ink.of(many, position.page - 1).leader(brackets[0].baseline)
    assert 30 < len([run for run in dots if brackets[0].left < run[0] < brackets[-1].right]) < 60


def test_a_block_never_breaks():
    """Wherever the opinions fall, heading, words and the whole signature stand on one page."""
    broken = set()
    for lines in range(0, 24, 3):
        sheet = replace(
            SHEET, sections=(("", tuple(f"บรรทัดที่ {n}" for n in range(lines))),), opinions=OPINIONS[:2]
        )
        words = words_of(pdf_of(sheet))
        for first, last in (("จึงเรียน", "นิติกร"), ("ความเห็นของหัวหน้า", "๒๙"), ("ความเห็นของปลัด", "มีนาคม")):
            start = next(at for at, found in enumerate(words) if found.text.startswith(first))
            end = next(at for at, found in enumerate(words) if at > start and found.text.startswith(last))
            assert {found.page for found in words[start : end + 1]} == {words[start].page}, (lines, first)
            broken.add(words[-1].page)
    assert broken == {1, 2}


def test_the_draft_stamp_begins_no_page(many):
    pdf = pdf_of(replace(SHEET, opinions=OPINIONS), draft=True)
    assert words_of(pdf) == words_of(many)


def test_the_same_memo_gives_the_same_bytes(many):
    assert pdf_of(replace(SHEET, opinions=OPINIONS)) == many


def test_the_preview_says_the_same():
    paper = memo_paper(replace(SHEET, opinions=OPINIONS), draft=True)
    plain, preview = (
        " ".join(HTML(string=paper.html(preview=shown)).etree_element.find("body").itertext()).split()
        for shown in (False, True)
    )
    assert preview == plain
    assert "css/print.css" in paper.html(preview=True)
