"""What may be uploaded, checked by its content and never by its name.

An emblem is drawn anew, so that nothing of the sent file is ever served. A scan of a signed paper is evidence: it
is looked through and kept byte for byte.
"""

import base64
import io
import math
import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Literal

import pypdfium2
from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from pypdfium2 import raw as pdfium

from .pdf import html_to_pdf
from .svg import BadDrawing, clean_drawing, is_svg

EMBLEM_LIMIT = 1_048_576
SCAN_LIMIT = 20 * 1_048_576

EMBLEM_RULE = "ตราต้องเป็นภาพ PNG, JPEG หรือ SVG เช่น ตรา.png"
SCAN_RULE = "สำเนาที่ลงนามต้องเป็น PDF หรือภาพ JPEG หรือ PNG เช่น บันทึกลงนาม.pdf"
SEND_AGAIN = "โปรดเปิดดูแฟ้มต้นฉบับแล้วส่งอีกครั้ง เช่น บันทึกใหม่เป็นภาพ PNG"
PRINT_AGAIN = "โปรดสแกนหรือพิมพ์เป็น PDF ใหม่แล้วส่งอีกครั้ง เช่น บันทึกลงนาม.pdf"

#: An emblem stands 1.5 cm high on paper: 120 px are 200 to the inch, 1,200 px more than any printer shows.
EMBLEM_HEIGHTS = (120, 1_200)
EMBLEM_PIXELS = 25_000_000
WIDEST = 4
DRAWN_SIDE = 1_320
SCAN_WIDTH = 400
#: A4 at 600 dots to the inch is 35 million; a picture takes three or four bytes of memory for each.
SCAN_PIXELS = 60_000_000
SCAN_PAGES = 50
#: Sides of a page in points: one inch, and the 200 inches that PDF 1.7 allows (annex C).
PAGE_SIDES = (72, 14_400)
UNPACKED_LIMIT = 64 * 1_048_576

# PDFium is not thread-safe, and Pillow's leniency towards cut-off pictures is one switch for the whole process.
_one_at_a_time = Lock()

_OPENERS = {"PNG": PngImageFile, "JPEG": JpegImageFile}
_PNG_END = b"IEND\xaeB`\x82"
_STARTS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"%PDF-", "PDF"),
    (b"GIF8", "ภาพ GIF"),
    (b"BM", "ภาพ BMP"),
    (b"II*\0", "ภาพ TIFF"),
    (b"MM\0*", "ภาพ TIFF"),
    (b"MZ", "โปรแกรม (.exe)"),
    (b"\x7fELF", "โปรแกรม"),
    (b"\xd0\xcf\x11\xe0", "เอกสาร Office รุ่นเก่า"),
    (b"{\\rtf", "เอกสาร RTF"),
)
_PACKED = (
    (b"word/", "เอกสาร Word (.docx)"),
    (b"xl/", "ตาราง Excel (.xlsx)"),
    (b"ppt/", "งานนำเสนอ PowerPoint (.pptx)"),
)
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_WHOLE_STREAM = re.compile(rb"(?<!end)stream\r?\n.*?endstream", re.DOTALL)
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_NAME_ENDS = rb"(?=[\s\0/<>\[\]()%{}]|$)"
_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?)" + _NAME_ENDS)
_SHORT_ACTIVE = re.compile(rb"/JS" + _NAME_ENDS)


class BadUpload(ValueError):
    """A file that cannot be taken; its text is a Thai sentence naming the file, what is wrong, the rule, an example."""


@dataclass(frozen=True)
class Scan:
    """A checked scan: the bytes as they came, what they are, and how many pages they hold."""

    data: bytes
    content_type: Literal["application/pdf", "image/jpeg", "image/png"]
    pages: int


def emblem_png(data: bytes, name: str) -> bytes:
    """Return the emblem in `data` (PNG, JPEG or SVG) as a fresh PNG at most 1,200 px high, without metadata.

    Transparency and proportions stay; a photograph is turned as its camera says. name: the file's name, for
    refusals. Raises BadUpload.
    """
    with _naming(name):
        _check_size(data, EMBLEM_LIMIT, "ภาพ PNG สูง 600 จุด")
        kind = _kind_of(data)
        if kind == "SVG":
            return _emblem(_drawn(data))
        if kind not in _OPENERS:
            raise BadUpload(f"เป็น{'เอกสาร PDF' if kind == 'PDF' else kind} {EMBLEM_RULE}")
        with _decoding():
            image = _opened(data, kind, EMBLEM_PIXELS)
            image.load()
            return _emblem(_plain(image))


def checked_scan(data: bytes, name: str) -> Scan:
    """Return the scan of a signed paper in `data` (PDF, JPEG or PNG), its bytes untouched.

    A PDF has 1 to 50 pages, no password and nothing that acts by itself. JavaScript, launch actions and embedded
    files are found by their names in the file and in its compressed object streams, with the escapes of PDF names
    resolved, and by PDFium's own count of scripts and attachments; not searched are the contents of pages and
    pictures, which PDF readers do not run. name: the file's name, for refusals. Raises BadUpload.
    """
    with _naming(name):
        _check_size(data, SCAN_LIMIT, "สแกนขาวดำที่ 200 จุดต่อนิ้ว")
        kind = _kind_of(data)
        if kind == "PDF":
            return Scan(data, "application/pdf", _checked_pages(data))
        if kind not in _OPENERS:
            raise BadUpload(f"เป็น{'ภาพ SVG' if kind == 'SVG' else kind} {SCAN_RULE}")
        with _decoding():
            image = _opened(data, kind, SCAN_PIXELS)
            width = image.width
            # The decoder reads a JPEG to its end all the same, but keeps an eighth of it in memory.
            image.draft("L", (1, 1))
            image.load()
        if width < SCAN_WIDTH:
            raise BadUpload(
                f"กว้าง {width} จุด ต้องกว้างอย่างน้อย {SCAN_WIDTH} จุดจึงอ่านลายมือชื่อได้ เช่น ภาพถ่ายกว้าง 1,200 จุด"
            )
        return Scan(data, "image/png" if kind == "PNG" else "image/jpeg", 1)


def pages_of(pdf: bytes) -> int:
    """Return how many pages `pdf` has. Raises pypdfium2.PdfiumError where it is no PDF that opens."""
    with _document(pdf) as document:
        return len(document)


# --- any file -------------------------------------------------------------------------------------------------------


@contextmanager
def _naming(name: str) -> Iterator[None]:
    """Begin the sentence of every refusal with the file's name."""
    try:
        yield
    except (BadUpload, BadDrawing) as fault:
        raise BadUpload(f"แฟ้ม “{name[:80]}” {fault}") from fault


def _check_size(data: bytes, limit: int, example: str) -> None:
    if not data:
        raise BadUpload("เป็นแฟ้มว่าง ต้องมีข้อมูล โปรดเลือกแฟ้มใหม่ เช่น แฟ้มที่เปิดดูในเครื่องแล้วเห็นภาพ")
    if len(data) > limit:
        # Rounded up, so that one byte too many never reads as the limit itself.
        size = math.ceil(len(data) / 1_048_576 * 100) / 100
        raise BadUpload(f"มีขนาด {size:.2f} เมกะไบต์ ต้องไม่เกิน {limit // 1_048_576} เมกะไบต์ เช่น {example}")


def _kind_of(data: bytes) -> str:
    """Return PNG, JPEG, PDF or SVG, or what else the file is, in Thai."""
    kind = next((kind for start, kind in _STARTS if data.startswith(start)), "")
    if kind in _OPENERS and b"%PDF-" in data[:1024]:
        # Readers look for the head of a PDF in the first 1,024 bytes: such a file shows two different papers.
        raise BadUpload("เป็นทั้งภาพและ PDF ในแฟ้มเดียว ต้องเป็นอย่างใดอย่างหนึ่ง เช่น ภาพถ่ายจากกล้อง")
    if kind:
        return kind
    if data.startswith(b"PK"):
        return next((kind for folder, kind in _PACKED if folder in data), "แฟ้มบีบอัด (.zip)")
    if data[4:8] == b"ftyp":
        return "ภาพ HEIC ของโทรศัพท์" if data[8:12] in (b"heic", b"heix", b"mif1", b"msf1", b"hevc") else "วิดีโอ"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "ภาพ WebP"
    if re.match(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)\b", data, re.IGNORECASE):
        return "หน้าเว็บ (.html)"
    return "SVG" if is_svg(data) else "แฟ้มชนิดที่ไม่รู้จัก"


# --- pictures -------------------------------------------------------------------------------------------------------


@contextmanager
def _decoding() -> Iterator[None]:
    """Let Pillow read a stranger's picture: strictly, in silence, and with one refusal for whatever it stumbles on."""
    with _one_at_a_time, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # WeasyPrint switches this on for the process; then the lower half of a cut-off scan would pass as grey.
        lenient, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        except BadUpload:
            raise
        except Exception as fault:  # the decoders' complaints have no class in common
            raise BadUpload(f"อ่านภาพไม่ได้ แฟ้มเสียหรือถูกตัดท้าย {SEND_AGAIN}") from fault
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = lenient


def _opened(data: bytes, kind: str, most: int) -> ImageFile.ImageFile:
    """Return the picture with its head read and no pixel yet, refusing one too big to unpack."""
    # Not Image.open: it guesses among all formats, and only warns of a bomb.
    image = _OPENERS[kind](io.BytesIO(data))
    if image.width * image.height > most:
        raise BadUpload(
            f"มี {image.width:,} × {image.height:,} จุด ใหญ่เกินกว่าจะเปิดได้ ต้องไม่เกิน {most // 1_000_000} ล้านจุด"
            " เช่น กว้าง 3,000 จุด สูง 4,000 จุด"
        )
    # Pillow reads over a missing end, but then the last lines may be missing as well.
    if kind == "PNG" and _PNG_END not in data:
        raise BadUpload(f"อ่านภาพไม่ได้ แฟ้มเสียหรือถูกตัดท้าย {SEND_AGAIN}")
    return image


def _plain(image: Image.Image) -> Image.Image:
    """Return the picture upright, as RGB or RGBA with 8 bits to the channel."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):
        # 16-bit grey: a plain conversion would cut everything over 255 to white.
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _emblem(image: Image.Image) -> bytes:
    """Return the picture as the PNG of an emblem, refusing what cannot stand at the head of a memo."""
    lowest, highest = EMBLEM_HEIGHTS
    if image.mode == "RGBA" and not image.getchannel("A").getbbox():
        raise BadUpload("ไม่มีอะไรปรากฏในภาพ ต้องเห็นตรา เช่น ตราสีดำบนพื้นโปร่งใส")
    if max(image.size) > WIDEST * min(image.size):
        raise BadUpload(
            f"มีสัดส่วน {image.width:,} × {image.height:,} จุด ยาวเกินไป"
            f" ด้านยาวต้องไม่เกิน {WIDEST} เท่าของด้านสั้น เช่น 600 × 660 จุด"
        )
    if image.height < lowest:
        raise BadUpload(f"สูง {image.height} จุด ต้องสูงอย่างน้อย {lowest} จุดจึงพิมพ์คมชัด เช่น 600 จุด")
    if image.height > highest:
        width = max(1, round(image.width * highest / image.height))
        image = image.resize((width, highest), Image.Resampling.LANCZOS)
    # What came with the picture (place, camera, colour profile) stays behind.
    image.info.clear()
    png = io.BytesIO()
    image.save(png, "PNG", optimize=True)
    return png.getvalue()


def _drawn(data: bytes) -> Image.Image:
    """Return an SVG as pixels on nothing, cropped to what is drawn."""
    drawing = clean_drawing(data)
    longest = max(drawing.width, drawing.height)
    width, height = (max(1.0, 720 * side / longest) for side in (drawing.width, drawing.height))
    pdf = html_to_pdf(
        '<!doctype html><html lang="th"><head><meta charset="utf-8"><style>'
        f"@page {{ size: {width:.2f}pt {height:.2f}pt; margin: 0 }} html, body {{ margin: 0; padding: 0 }}"
        f" img {{ display: block; width: {width:.2f}pt; height: {height:.2f}pt }}</style></head>"
        f'<body><img alt="" src="data:image/svg+xml;base64,{base64.b64encode(drawing.svg).decode()}"></body></html>'
    )
    with _document(pdf) as document:
        bitmap = document[0].render(scale=DRAWN_SIDE / 720, fill_color=(255, 255, 255, 0), rev_byteorder=True)
        image = bitmap.to_pil().convert("RGBA")
        bitmap.close()
    return image.crop(image.getchannel("A").getbbox())


# --- PDF ------------------------------------------------------------------------------------------------------------


@contextmanager
def _document(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    with _one_at_a_time:
        document = pypdfium2.PdfDocument(pdf)
        try:
            yield document
        finally:
            document.close()


def _checked_pages(data: bytes) -> int:
    """Return the number of pages of a PDF that can be kept as evidence."""
    # PDFium mends a file without its end and drops the pages that are gone; evidence must be whole.
    if b"%%EOF" not in data.rstrip(b"\0\t\n\f\r ")[-1024:]:
        raise BadUpload(f"เป็น PDF ที่ไม่จบ แฟ้มถูกตัดท้าย {PRINT_AGAIN}")
    try:
        with _document(data) as document:
            if pdfium.FPDF_GetSecurityHandlerRevision(document) != -1:
                raise BadUpload(_LOCKED)
            pages = len(document)
            if not 1 <= pages <= SCAN_PAGES:
                raise BadUpload(f"มี {pages:,} หน้า ต้องมี 1 ถึง {SCAN_PAGES} หน้า เช่น เฉพาะบันทึกข้อความที่ลงนาม 2 หน้า")
            for number in range(pages):
                _check_page(number + 1, *document.get_page_size(number))
            acts = pdfium.FPDFDoc_GetJavaScriptActionCount(document) > 0
            acts = acts or pdfium.FPDFDoc_GetAttachmentCount(document) > 0
    except pypdfium2.PdfiumError as fault:
        if fault.err_code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise BadUpload(_LOCKED) from fault
        raise BadUpload(f"เปิดเป็น PDF ไม่ได้ แฟ้มเสีย {PRINT_AGAIN}") from fault
    if acts or _names_something_active(data):
        raise BadUpload(
            f"เป็น PDF ที่มีคำสั่ง (JavaScript), การเรียกโปรแกรม หรือแฟ้มแนบอยู่ข้างใน ต้องเป็นสำเนาสแกนล้วน {PRINT_AGAIN}"
        )
    return pages


_LOCKED = "เป็น PDF ที่ใส่รหัสผ่านหรือเข้ารหัสไว้ ผู้ตรวจต้องเปิดได้โดยไม่มีรหัส โปรดบันทึกแบบไม่เข้ารหัส เช่น พิมพ์เป็น PDF ใหม่"


def _check_page(number: int, width: float, height: float) -> None:
    shortest, longest = PAGE_SIDES
    if not (shortest <= width <= longest and shortest <= height <= longest):
        raise BadUpload(
            f"หน้าที่ {number} มีขนาด {width / 72:.1f} × {height / 72:.1f} นิ้ว"
            f" แต่ละด้านต้องยาว 1 ถึง {longest // 72} นิ้ว เช่น A4 ขนาด 8.3 × 11.7 นิ้ว"
        )


def _names_something_active(data: bytes) -> bool:
    """Return whether a script, a launch action or an embedded file is named anywhere but in packed contents."""
    packed = b"\n".join(_object_streams(data))
    if any(_ACTIVE.search(_names(text)) for text in (data, packed)):
        return True
    # Three letters turn up by chance in megabytes of pixels, so they count only outside the streams.
    return any(_SHORT_ACTIVE.search(_names(text)) for text in (_WHOLE_STREAM.sub(b" ", data), packed))


def _names(text: bytes) -> bytes:
    """Return `text` with the #xx of PDF names resolved: /J#61vaScript is /JavaScript (ISO 32000-1, 7.3.5)."""
    return _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), text)


def _object_streams(data: bytes) -> Iterator[bytes]:
    """Yield the unpacked object streams, in which newer PDFs keep most of their objects."""
    left = UNPACKED_LIMIT
    for found in _STREAM.finditer(data):
        head = _names(data[max(0, found.start() - 1024) : found.start()]).rpartition(b" obj")[2]
        if b"/ObjStm" not in head or b"/Filter" not in head:
            continue
        try:
            unpacked = zlib.decompressobj().decompress(memoryview(data)[found.end() :], left)
        except zlib.error as fault:
            raise BadUpload(f"เป็น PDF ที่มีส่วนซึ่งตรวจไม่ได้ ต้องตรวจได้ทุกส่วน {PRINT_AGAIN}") from fault
        left -= len(unpacked)
        if left <= 0:
            raise BadUpload(f"เป็น PDF ที่ขยายออกแล้วใหญ่เกินกว่าจะตรวจได้ {PRINT_AGAIN}")
        yield unpacked
