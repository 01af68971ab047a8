"""Catchwords: a page that continues ends with the first words of the next, wherever it breaks."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from reports.papers.frozen import Foot, FrozenPaper
from reports.papers.memo import memo_paper
from reports.pdf import catchwords, html_to_pdf

from .printed_memo import (
    BACKGROUND,
    OPINIONS,
    ORGANISATION,
    SHEET,
    Word,
    lines_of_page,
    millimetres,
    pdf_of,
    words_of,
)


@pytest.fixture(scope="module")
def many() -> bytes:
    return pdf_of(replace(SHEET, opinions=OPINIONS))


def catchword_of(pdf: bytes, page: int) -> list[Word]:
    """What stands below the text of a page."""
    return [w for w in words_of(pdf) if w.page == page and w.baseline > 277]


def assert_catchwords(pdf: bytes, pages: int) -> list[str]:
    found = []
    for page in range(1, pages):
        *_, caught = foot = catchword_of(pdf, page)
        text = " ".join(w.text for w in foot)
        assert text.startswith("/") and text.endswith("...")
        following = [line for line in lines_of_page(pdf, page + 1) if not re.fullmatch("- .+ -", line)]
        assert following[0].startswith(text[1:-3]), (text, following[0])
        assert caught.right == millimetres(190)
        assert caught.size == pytest.approx(10.56, abs=0.05)
        found.append(text)
    assert catchword_of(pdf, pages) == []
    return found


def test_a_page_that_continues_ends_with_the_words_of_the_next(many):
    assert assert_catchwords(many, 2) == ["/ความเห็น..."]
    assert_catchwords(pdf_of(SHEET), 1)
    three = replace(SHEET, sections=(("", (BACKGROUND,) * 11),), opinions=OPINIONS)
    assert len(assert_catchwords(pdf_of(three), 3)) == 2


def test_catchwords_follow_the_break_wherever_it_falls():
    found = set()
    for lines in (17, 18, 19, 20, 21, 24):
        paragraphs = tuple(f"บรรทัดที่ {n}" for n in range(lines))
        sheet = replace(
            SHEET, sections=(("1. เรื่องเดิม", paragraphs), ('2. ข้อเสนอ "\\ </style>', (BACKGROUND,)))
        )
        found.update(assert_catchwords(pdf_of(sheet), 2))
    assert {"/จึงเรียน...", "/๒. ข้อเสนอ..."} <= found
    assert len(found) >= 3


def test_a_catchword_may_say_anything():
    typed = 'ก"}\\a{;@ข้อความ'
    pdf = pdf_of(replace(SHEET, sections=(("", (typed,) * 30),)))
    assert " ".join(found.text for found in catchword_of(pdf, 1)) == f"/{typed}..."


def test_no_catchwords_where_the_sheet_has_none(many):
    pdf = pdf_of(replace(SHEET, opinions=OPINIONS, catchword=False))
    assert [catchword_of(pdf, page) for page in (1, 2)] == [[], []]
    assert [w for w in words_of(many) if w.baseline < 277] == words_of(pdf)


def test_the_foot_of_an_issued_memo_and_its_catchword_stand_side_by_side(many):
    paper = memo_paper(replace(SHEET, opinions=OPINIONS), draft=False)
    foot = Foot("https://ita.example.go.th/verify/ABCD-EFGH-JKLM", "ABCD-EFGH-JKLM", ("อนุมัติแล้ว",))
    words = words_of(html_to_pdf(FrozenPaper.of(paper).html(foot=foot)))
    caught = [w for w in words if w.text.startswith("/")]
    assert caught == catchword_of(many, 1)
    assert (
        max(w.right for w in words if w.page == 1 and w.baseline > 277 and w not in caught) < caught[0].left
    )


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (f"ความเห็นของปลัด{ORGANISATION}", "ความเห็น"),
        ("จึงเรียนมาเพื่อโปรดพิจารณา", "จึงเรียน"),
        ("๔. ข้อพิจารณา/ข้อเสนอแนะ", "๔. ข้อพิจารณา"),
        ("(Integrity and Transparency)", "(Integrity"),
        ("ดำเนินงานตามแผน", "ดำเนินงาน"),
        ("พ.ศ.\u00a0๒๕๖๖ เรียบร้อยแล้ว", "พ.ศ. ๒๕๖๖ เรียบร้อย"),
        ("ทราบ", "ทราบ"),
    ],
)
def test_a_catchword_is_the_first_whole_words(line, words):
    assert catchwords.first_words(line) == words
