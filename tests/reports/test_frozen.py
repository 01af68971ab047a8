"""Frozen papers: the same letters as the paper, the foot that leads to verification, and its codes."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.papers import analysis_paper, plan_paper
from reports.papers.codes import ALPHABET, clean_code, new_code
from reports.papers.frozen import Foot, FrozenPaper, font_version, template_version
from reports.papers.paper import Paper
from reports.pdf import html_to_pdf

from .conftest import add_measures
from .test_pdf_engine import long_table, pages_of

CODE = "7K3M-9QWD-X2ZP"
FOOT = Foot(
    url=f"https://ita.example.go.th/verify/{CODE}",
    code=CODE,
    lines=(
        "ตรวจสอบเอกสารที่ ita.example.go.th/verify",
        "ฉบับแก้ไขครั้งที่ 12 แทนฉบับรหัส 4821-7730-5561",
        "บันทึกเหตุการณ์ลำดับที่ 57 รหัส 1203948572610394",
    ),
)
#: The foot as it reads in the two kinds of digits: codes and hashes never turn.
THAI_FOOT = [
    CODE,
    "ตรวจสอบเอกสารที่ ita.example.go.th/verify",
    "ฉบับแก้ไขครั้งที่ ๑๒ แทนฉบับรหัส 4821-7730-5561",
    "บันทึกเหตุการณ์ลำดับที่ ๕๗ รหัส 1203948572610394",
]
ARABIC_FOOT = [CODE, *FOOT.lines]

#: A cover, full portrait pages, and landscape ones, of which one is the last.
BODY = (
    '<section class="cover"><h1>ปก</h1></section><h2>หัวข้อ</h2>'
    f"{long_table(24)}{'<p>ย่อหน้าที่ยาวกว่าหนึ่งบรรทัด </p>' * 40}"
    f'<div class="landscape">{long_table(12)}</div>'
)
MIXED = FrozenPaper("เอกสาร", "", BODY)
CM = 72 / 2.54


# --- the same letters -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [plan_paper, analysis_paper])
@pytest.mark.parametrize("digits", ["thai", "arabic"])
def test_a_frozen_paper_is_the_paper_letter_for_letter(
    plan_004: MeasurePlan, make: Callable[..., Paper], digits: str
) -> None:
    add_measures(plan_004, 4)
    organisation = plan_004.assessment.organisation
    organisation.name = 'อบต. <body class="x">\n</body>\n</html> & "ทดสอบ"'
    paper = make(plan_004, draft=False, digits=digits)
    frozen = FrozenPaper.of(paper)
    assert frozen.html() == paper.html()
    assert frozen.html(preview=True) == paper.html(preview=True)
    assert frozen.body_class == ("arabic" if digits == "arabic" else "")
    assert frozen == FrozenPaper.of(make(plan_004, draft=False, digits=digits))


def test_a_draft_is_stamped_again_and_only_where_asked_for(plan_004: MeasurePlan) -> None:
    paper = plan_paper(plan_004, draft=True, digits="arabic")
    frozen = FrozenPaper.of(paper)
    assert frozen.html(draft=True) == paper.html()
    assert '<body class="arabic ">' in frozen.html()


def test_the_words_of_the_class_are_kept_in_their_order() -> None:
    for body_class, printed in (("memo", "memo"), ("arabic memo wide", "arabic memo wide")):
        frozen = FrozenPaper("ก", body_class, "<p>ก</p>")
        assert f'<body class="{printed}">\n<p>ก</p>\n</body>' in frozen.html()


def test_what_is_no_paper_is_refused() -> None:
    with pytest.raises(ValueError, match=r"404\.html is not made from"):
        FrozenPaper.of(Paper("ก", "404.html", {}))


# --- the foot -------------------------------------------------------------------------------------------------


def without(lines: list[str], page: str) -> str:
    """Return the page's text without the lines of the foot, each of which must stand there once."""
    assert [page.split("\n").count(line) for line in lines] == [1] * len(lines)
    return "\n".join(line for line in page.split("\n") if line not in lines)


@pytest.mark.parametrize(("body_class", "lines"), [("", THAI_FOOT), ("arabic", ARABIC_FOOT)])
def test_every_page_reads_the_foot_and_is_otherwise_as_before(body_class: str, lines: list[str]) -> None:
    frozen = FrozenPaper("เอกสาร", body_class, BODY)
    plain = pages_of(html_to_pdf(frozen.html()))
    footed = pages_of(html_to_pdf(frozen.html(foot=FOOT)))
    assert len(plain) >= 7
    assert [without(lines, page) for page in footed] == plain


def drawn(page: pypdfium2.PdfPage) -> set[tuple[int, ...]]:
    """Return the kind of everything that is drawn on the page, with its box in hundredths of a point."""
    # PDFium widens the boxes of lines by up to their width: of the QR code by one module, 1.2 points.
    return {(item.type, *(round(edge * 100) for edge in item.get_bounds())) for item in page.get_objects()}


def test_the_foot_stays_in_the_margin_and_moves_nothing() -> None:
    plain = pypdfium2.PdfDocument(html_to_pdf(MIXED.html()))
    footed = pypdfium2.PdfDocument(html_to_pdf(MIXED.html(foot=FOOT)))
    assert len(footed) == len(plain)
    sizes = {page.get_size() for page in footed}
    assert len(sizes) == 2
    for before, after in zip(plain, footed, strict=True):
        left = (2 if after.get_width() > after.get_height() else 3) * CM
        assert drawn(before) <= drawn(after)
        added = [[edge / 100 for edge in box] for _, *box in drawn(after) - drawn(before)]
        assert min(bottom for _, bottom, _, _ in (box for _, *box in drawn(before))) >= 1.86 * CM * 100
        assert min(x for x, _, _, _ in added) == pytest.approx(left, abs=1.5)
        assert max(x for _, _, x, _ in added) < left + 10.5 * CM
        assert min(y for _, y, _, _ in added) > 0.4 * CM
        assert max(y for _, _, _, y in added) == pytest.approx(1.85 * CM, abs=1.5)
    plain.close()
    footed.close()


def modules_on(page: pypdfium2.PdfPage, count: int) -> list[list[int]]:
    """Return what stands at the middle of each module of the page's QR code: 1 for dark."""
    scale = 8
    image = page.render(scale=scale, grayscale=True).to_pil()
    left = (2 if page.get_width() > page.get_height() else 3) * CM
    top = page.get_height() - 1.85 * CM
    module = 1.4 * CM / count
    return [
        [
            int(
                image.getpixel(((left + (x + 0.5) * module) * scale, (top + (y + 0.5) * module) * scale))
                < 128
            )
            for x in range(count)
        ]
        for y in range(count)
    ]


def test_the_qr_code_of_every_page_leads_to_the_address() -> None:
    expected = [list(row) for row in segno.make(FOOT.url, micro=False, error="m").matrix]
    assert len(expected) == 33
    document = pypdfium2.PdfDocument(html_to_pdf(MIXED.html(foot=FOOT)))
    for page in (document[0], document[1], document[len(document) - 1]):
        assert modules_on(page, len(expected)) == expected
    document.close()


@pytest.mark.parametrize(
    "body",
    [
        '<p>ก</p><section class="cover"><h1>ปกท้าย</h1></section>',
        '<div class="landscape">นอน</div><section class="preface"><p>คำนำ</p></section>',
        "<h2>หัวข้อ</h2>",
        # Ends wherever on the page it may: the foot must not break there.
        *(
            f'<div style="height: {height}cm">ก</div><p>ท้าย</p>'
            for height in (23.2, 23.6, 24, 24.4, 24.8, 25.1)
        ),
    ],
)
def test_the_foot_makes_no_page_and_is_whole_wherever_the_text_ends(body: str) -> None:
    frozen = FrozenPaper("ก", "", body)
    plain = pages_of(html_to_pdf(frozen.html()))
    assert [without(THAI_FOOT, page) for page in pages_of(html_to_pdf(frozen.html(foot=FOOT)))] == plain


def test_an_issued_paper_gives_the_same_bytes_each_time() -> None:
    assert html_to_pdf(MIXED.html(foot=FOOT)) == html_to_pdf(MIXED.html(foot=FOOT))


def test_the_foot_stands_once_at_the_end_and_is_escaped() -> None:
    shown = FrozenPaper("ก", "", "<p>เนื้อหา</p>").html(
        preview=True, foot=Foot('https://x.go.th/"><b>', "<b>", ("<i>ก</i>",))
    )
    assert shown.count("<footer") == 1
    assert shown.index("เนื้อหา") < shown.index("<footer")
    assert 'href="https://x.go.th/&quot;&gt;&lt;b&gt;"' in shown
    assert "&lt;b&gt;</a>" in shown and "<div>&lt;i&gt;ก&lt;/i&gt;</div>" in shown
    assert "<footer" not in FrozenPaper("ก", "", "<p>เนื้อหา</p>").html(preview=True)


# --- what it was made with ------------------------------------------------------------------------------------


def test_the_version_changes_with_every_template_and_with_the_sheet(settings, tmp_path: Path) -> None:
    assert re.fullmatch("[0-9a-f]{12}", template_version())
    settings.BASE_DIR = tmp_path
    sheet = tmp_path / "static" / "css" / "print.css"
    template = tmp_path / "templates" / "print" / "plan.html"
    for path in (sheet, template):
        path.parent.mkdir(parents=True)
        path.write_text("ก")
    seen = [template_version()]
    assert template_version() == seen[0]
    for path, text in ((sheet, "กข"), (template, "กข"), (template.with_name("memo.html"), "")):
        path.write_text(text)
        seen.append(template_version())
    assert len(set(seen)) == 4
    template.with_name("memo.html").unlink()
    assert template_version() == seen[2]


def test_the_fonts_are_named_with_their_release() -> None:
    assert re.fullmatch(r"Sarabun \d+\.\d+\.\d+", font_version())


# --- codes ----------------------------------------------------------------------------------------------------


def test_codes_are_drawn_from_32_letters_that_nobody_mistakes() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) == set(ALPHABET) | {"-"}
    assert len(ALPHABET) == 32 and not set(ALPHABET) & set("ILOU")
    assert all(re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code) for code in codes)


@pytest.mark.parametrize(
    "typed",
    [
        "10AB-7K3M-9QWD",
        "10ab7k3m9qwd",
        "  ioab 7k3m 9qwd\n",
        "lO AB–7K3M—9QWD",
        "๑๐ab-๗k๓m-๙qwd",
        "1\u200b0AB\u00a07K3M\u20119QWD",
        "I0AB_7K3M_9QWD",
    ],
)
def test_codes_are_taken_as_people_type_them(typed: str) -> None:
    assert clean_code(typed) == "10AB-7K3M-9QWD"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "10AB-7K3M-9QW",
        "10AB-7K3M-9QWDD",
        "10AB-7K3M-9QWU",
        "10AB-7K3M-9QWก",
        "10AB/7K3M.9QWD",
        "\0" * 12,
    ],
)
def test_what_can_be_no_code_gives_nothing(typed: str) -> None:
    assert clean_code(typed) == ""


@given(st.text())
def test_anything_typed_gives_a_code_or_nothing(typed: str) -> None:
    cleaned = clean_code(typed)
    assert cleaned == "" or re.fullmatch(f"([{ALPHABET}]{{4}}-){{2}}[{ALPHABET}]{{4}}", cleaned)
    assert clean_code(cleaned) == cleaned


@given(st.lists(st.sampled_from(ALPHABET), min_size=12, max_size=12).map("".join))
def test_every_code_is_read_back_from_small_letters_and_thai_digits(letters: str) -> None:
    code = "-".join((letters[:4], letters[4:8], letters[8:]))
    assert clean_code(code) == clean_code(letters.lower()) == clean_code(to_thai(code)) == code
