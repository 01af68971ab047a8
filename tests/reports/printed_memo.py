"""A memo to print, and what stands where on its pages: in millimetres from the top left corner of the sheet."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from datetime import date
from html import unescape
from io import BytesIO
from itertools import pairwise

import pypdfium2
import pytest
from PIL import Image

from reports.papers.memo import MemoSheet, SignatureBlock, memo_paper
from reports.pdf import html_to_pdf

POINT = 25.4 / 72
#: Font sizes by the height of a line in Sarabun: ascender 1.068 em, descender 0.232 em.
ASCENDER, LINE = 1.068, 1.3
DOTS_PER_INCH = 300

ORGANISATION = "องค์การบริหารส่วนตำบลทุ่งโพธิ์"
OFFICER = SignatureBlock(
    name="นายบัญชา เพชรอนันต์",
    position="นิติกรชำนาญการ",
    mark="ลงนามทางอิเล็กทรอนิกส์ 29 มี.ค. 2567 เวลา 14:32 น.",
)
SUBJECT = "ขอรายงานผลการดำเนินการเพื่อส่งเสริมคุณธรรมและความโปร่งใสภายในหน่วยงาน"
BACKGROUND = (
    "ตามที่สำนักงานคณะกรรมการป้องกันและปราบปรามการทุจริตแห่งชาติ (ป.ป.ช.) แจ้งให้ทุกส่วนราชการเข้าร่วมการประเมินคุณธรรม"
    "และความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567 นั้น"
)


def emblem(width: int = 200, height: int = 220) -> bytes:
    """Return a PNG of one colour, light enough not to be taken for ink."""
    data = BytesIO()
    Image.new("RGB", (width, height), (240, 200, 80)).save(data, "PNG")
    return data.getvalue()


SHEET = MemoSheet(
    department=f"สำนักปลัด {ORGANISATION}",
    phone="0-7535-5631",
    reference="นศ 77501/203",
    dated_on=date(2024, 3, 29),
    subject=SUBJECT,
    addressee=f"นายก{ORGANISATION}",
    attachments=(),
    sections=(
        ("1. เรื่องเดิม", (BACKGROUND,)),
        ("2. ข้อพิจารณา/ข้อเสนอแนะ", ("หากเห็นชอบ โปรดลงนามในบันทึกข้อความฉบับนี้",)),
    ),
    closing="จึงเรียนมาเพื่อโปรดพิจารณา",
    officer=OFFICER,
    opinions=(),
    catchword=True,
    emblem=emblem(),
    names=(ORGANISATION,),
    digits="thai",
)
OPINIONS = (
    SignatureBlock(
        heading=f"ความเห็นของหัวหน้าสำนักปลัด{ORGANISATION}",
        words="เห็นควรดำเนินการตามเสนอ\nเพื่อโปรดพิจารณา",
        name="นายศิวะกานท์ ชูทอง",
        position="หัวหน้าสำนักปลัด",
        signed_on=date(2024, 3, 29),
        mark="ลงนามทางอิเล็กทรอนิกส์ 29 มี.ค. 2567 เวลา 15:05 น.",
    ),
    SignatureBlock(
        heading=f"ความเห็นของปลัด{ORGANISATION}",
        name="สืบเอก ประจบ เพชรฤทธิ์",
        position=f"รองปลัด{ORGANISATION}",
        acting_kind="ปฏิบัติราชการแทน",
        acting_for=f"ปลัด{ORGANISATION}",
        month=date(2024, 3, 1),
    ),
    SignatureBlock(heading="ความเห็นของเลขานุการนายก", position="เลขานุการนายก", month=date(2024, 3, 1)),
    SignatureBlock(
        heading=f"ความเห็นของนายก{ORGANISATION}",
        words="อนุมัติ",
        name="นายสุชาติ เกิดศิริ",
        position=f"รองนายก{ORGANISATION}",
        acting_kind="รักษาราชการแทน",
        acting_for=f"นายก{ORGANISATION}",
        signed_on=date(2024, 4, 2),
        mark="ลงนามในเอกสารกระดาษ",
    ),
)


def pdf_of(sheet: MemoSheet, *, draft: bool = False) -> bytes:
    paper = memo_paper(sheet, draft=draft)
    return html_to_pdf(paper.html(), title=paper.title)


@dataclass(frozen=True)
class Word:
    """A run of text between blanks on a page: its place in mm from the top left corner of the sheet, its size in pt."""

    page: int
    text: str
    left: float
    right: float
    size: float
    baseline: float


def words_of(pdf: bytes) -> list[Word]:
    shown = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True)
    words = []
    for number, page in enumerate(shown.stdout.decode().split("<page ")[1:], start=1):
        found = re.findall(
            r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]+)</word>', page
        )
        for box in found:
            left, top, right, bottom = map(float, box[:4])
            size = (bottom - top) / LINE
            baseline = (top + size * ASCENDER) * POINT
            words.append(Word(number, unescape(box[4]), left * POINT, right * POINT, size, baseline))
    return words


def word(words: list[Word], start: str) -> Word:
    return next(found for found in words if found.text.startswith(start))


def millimetres(value: float, tolerance: float = 0.5) -> object:
    return pytest.approx(value, abs=tolerance)


@dataclass(frozen=True)
class Ink:
    """The dark runs of a picture of a page: (left, right) in mm, row by row."""

    image: Image.Image

    @classmethod
    def of(cls, pdf: bytes, page: int = 0) -> Ink:
        document = pypdfium2.PdfDocument(pdf)
        picture = document[page].render(scale=DOTS_PER_INCH / 72, grayscale=True).to_pil()
        document.close()
        return cls(picture.point(lambda grey: 255 if grey < 140 else 0))

    def runs(self, millimetre: float) -> list[tuple[float, float]]:
        """The dark runs in the row of pixels so far below the top of the sheet."""
        row = round(millimetre / 25.4 * DOTS_PER_INCH)
        pixels = self.image.crop((0, row, self.image.width, row + 1)).tobytes()
        scale = 25.4 / DOTS_PER_INCH
        return [(found.start() * scale, found.end() * scale) for found in re.finditer(b"\xff+", pixels)]

    def rows(self, top: float, bottom: float) -> list[float]:
        """The rows of pixels between two heights in mm."""
        step = 25.4 / DOTS_PER_INCH
        return [top + step * number for number in range(int((bottom - top) / step))]

    def leader(self, baseline: float) -> list[tuple[float, float]]:
        """The dots under a line of text: of the rows just below its baseline the one with most of them."""
        return max((self.runs(row) for row in self.rows(baseline, baseline + 2)), key=len)


def assert_dotted(ink: Ink, baseline: float, left: float, right: float) -> None:
    """A row of small dots under the line at `baseline` from `left` to `right` mm, at least one in every 2 mm."""
    dots = [run for run in ink.leader(baseline) if left - 1 < run[0] < right + 1]
    assert dots[0][0] == millimetres(left, 1.1)
    assert dots[-1][1] == millimetres(right, 1)
    gaps = [after[0] - before[1] for before, after in pairwise(dots)]
    assert 0.2 < max(gaps) < 2
    assert sorted(end - start for start, end in dots)[len(dots) // 2] < 0.6


def bold_texts(pdf: bytes) -> set[str]:
    """Return what stands on the first page in a bold cut, as runs of one line."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    places = []
    for part in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT]):
        if "Bold" in part.get_font().get_base_name():
            left, bottom, right, top = part.get_bounds()
            places.append(((left + right) / 2 * POINT, 297 - (bottom + top) / 2 * POINT))
    document.close()
    return {
        found.text
        for found in words_of(pdf)
        for x, y in places
        if found.page == 1
        and found.left < x < found.right
        and found.baseline - 0.4 * found.size < y < found.baseline + 1
    }


def lines_of_page(pdf: bytes, page: int) -> list[str]:
    shown = subprocess.run(
        ["pdftotext", "-raw", "-f", str(page), "-l", str(page), "-", "-"],
        input=pdf,
        capture_output=True,
        check=True,
    )
    return [line for line in shown.stdout.decode().split("\n") if line.strip("\f")]
