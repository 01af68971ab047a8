"""The text of a PDF, as poppler and PDFium read it, is the text that was put in."""

import json
import re
import subprocess
from html import escape
from itertools import product
from pathlib import Path

import pypdfium2
import pytest
from django.conf import settings

from reports.pdf import html_to_pdf, text_layer
from reports.pdf.typography import keep_together, tidy

#: ก to ฮ without ฤ and ฦ, which are vowels and carry no marks.
CONSONANTS = [chr(code) for code in range(0x0E01, 0x0E2F) if chr(code) not in "ฤฦ"]
TONES = ["", "่", "้", "๊", "๋"]


def poppler(pdf: bytes) -> list[str]:
    """Return the lines of `pdf` in drawing order, as pdftotext reads them, without the page numbers."""
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return lines_of(shown.stdout.decode().split("\f"))


def pdfium(pdf: bytes) -> list[str]:
    """Return the lines of `pdf` as PDFium, and so Chrome, reads them, without the page numbers."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = []
        for page in document:
            text = page.get_textpage()
            pages.append(text.get_text_range())
            text.close()
            page.close()
        return lines_of(pages)
    finally:
        document.close()


def lines_of(pages: list[str]) -> list[str]:
    lines = [line.rstrip(" \r") for page in pages for line in page.split("\n")]
    return [line for line in lines if line and not (line.startswith("- ") and line.endswith(" -"))]


READERS = pytest.mark.parametrize("read", [poppler, pdfium])


def strings_in(value: object) -> list[str]:
    """Return every string with Thai in it, however deep in JSON data."""
    if isinstance(value, str):
        return (
            [" ".join(value.split())] if any("\u0e00" <= character <= "\u0e7f" for character in value) else []
        )
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [string for child in children for string in strings_in(child)]


def runs() -> list[str]:
    """Return more than a thousand different runs: what the system prints, and what shaping finds hard."""
    found: dict[str, None] = {}
    for folder in ("assessments/catalogue", "measures/library"):
        for path in sorted((Path(settings.BASE_DIR) / folder).glob("*.json")):
            found |= dict.fromkeys(strings_in(json.loads(path.read_text(encoding="utf-8"))))
    for consonant, tone in product(CONSONANTS, TONES):
        found[f"{consonant}{tone}ำ {consonant}ี{tone}ง {consonant}ู{tone}น"] = None
        found[f"เ{consonant}ื{tone}อ ไ{consonant}{tone} {consonant}ั{tone}ว"] = None
    for consonant in CONSONANTS:
        found[f"{consonant}ุ {consonant}ฺ {consonant}์ {consonant}ึ {consonant}็ {consonant}ํ"] = None
    for word in ("ดำเนินงาน", "ที่", "ปู่", "ญี่ปุ่น", "กตัญญู", "อิฐู", "ฎู ฏุ ฤๅ ฦๅ", "น้ำ", "ป่าไม้", "ฟ้า", "ผู้ใหญ่", "ศิษย์"):
        found[f"{word} ต่าง ๆ ฯลฯ ๚ ๛ ฿ ๐๑๒๓๔๕๖๗๘๙"] = None
        found[f"{word} (OIT) i๗ e๑๔ – “{word}” 93.66 ๑๐๐.๐๐ office fi https://example.go.th/2567"] = None
    return list(found)


#: One run on one line: a page wide enough for the longest, and no page numbers between them.
WIDE = """<style>
    @page { size: 300cm 42cm !important; @top-center { content: none !important } }
    p { white-space: nowrap !important; text-indent: 0 !important }
</style>"""


def page_of(body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'
    )


@pytest.fixture(scope="module")
def thousand() -> tuple[list[str], bytes]:
    lines = runs()
    body = "".join(
        f"<p>{escape(line)}</p>" if number % 3 else f"<p><b>{escape(line)}</b></p>"
        for number, line in enumerate(lines)
    )
    return lines, html_to_pdf(page_of(body, WIDE))


@READERS
def test_a_thousand_runs_read_back_exactly(thousand, read):
    lines, pdf = thousand
    assert len(lines) >= 1000
    assert read(pdf) == lines


@READERS
def test_wrapped_cells_read_back_without_a_lost_letter(read):
    texts = [line for line in runs() if 40 < len(line) < 200][:60]
    rows = "".join(f"<tr><td>{escape(text)}</td></tr>" for text in texts)
    pdf = html_to_pdf(page_of(f'<table style="width: 4cm">{rows}</table>'))
    lines = read(pdf)
    assert len(lines) > 2 * len(texts)  # they did wrap
    assert "".join(lines).replace(" ", "") == "".join(texts).replace(" ", "")


@READERS
def test_mixed_weights_in_one_line(read):
    pdf = html_to_pdf(page_of("<p>ได้คะแนน <b>น้ำหนัก ๓๐</b> ของ<i>OIT</i>ที่<b>ต่ำ</b>กว่า</p>", WIDE))
    assert "".join(read(pdf)).replace(" ", "") == "ได้คะแนนน้ำหนัก๓๐ของOITที่ต่ำกว่า"


@READERS
def test_joiners_and_no_break_spaces_are_not_in_the_text(read):
    typed = "กำ\u2060หนด\u00adการ\u200bส่ง" + tidy(" เรื่องต่างๆ ส่วนที่ ๒")
    pdf = html_to_pdf(page_of(f"<p>{typed}</p><p>{keep_together('อบต.ตัวอย่าง')}</p>", WIDE))
    assert read(pdf) == ["กำหนดการส่ง เรื่องต่าง ๆ ส่วนที่ ๒", "อบต.ตัวอย่าง"]


@READERS
def test_the_draft_stamp_is_not_in_the_text(read):
    html = page_of("<p>เรื่องที่หนึ่ง</p>", WIDE).replace("<body>", '<body class="draft">')
    assert read(html_to_pdf(html)) == ["เรื่องที่หนึ่ง"]


def letters(line: str) -> str:
    """Return `line` without spaces and with ำ as the two glyphs that shaping makes of it."""
    return re.sub("([่-๋]?)ำ", r"ํ\1า", line).replace(" ", "")


def test_each_thai_glyph_keeps_its_own_character(monkeypatch):
    """Readers that ignore ActualText (pdf.js, pypdf) see the glyph map alone: right up to ํา for ำ."""
    lines = runs()
    monkeypatch.setattr(text_layer, "_draw_line_with_text", text_layer._draw_first_line)
    pdf = html_to_pdf(page_of("".join(f"<p>{escape(line)}</p>" for line in lines), WIDE))
    assert b"ActualText" not in pdf
    assert [letters(line) for line in pdfium(pdf)] == [letters(line) for line in lines]
