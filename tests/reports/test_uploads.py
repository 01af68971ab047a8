"""Uploads: emblems drawn anew, scans kept byte for byte, and a sentence for every file that cannot be taken."""

import hashlib
import io
import random
import struct
import threading
import zipfile
import zlib

import pypdfium2
import pytest
from PIL import Image, ImageFile, PngImagePlugin

from reports.pdf import html_to_pdf
from reports.uploads import (
    EMBLEM_LIMIT,
    SCAN_LIMIT,
    BadUpload,
    Scan,
    checked_scan,
    emblem_png,
    pages_of,
)

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
PAD = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")


def picture(size: tuple[int, int] = (200, 220), mode: str = "RGB", colour: object = "navy") -> Image.Image:
    return Image.new(mode, size, colour)


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def noise(kind: str, **options: object) -> bytes:
    """Return a picture whose data do not compress, so that a cut always meets pixels."""
    small = Image.frombytes("RGB", (60, 48), random.Random(7).randbytes(60 * 48 * 3))
    return saved(small.resize((600, 480)), kind, **options)


def svg(body: str, frame: str = 'viewBox="0 0 100 110"', head: str = "") -> bytes:
    return f"{head}<svg {SVG} {frame}>{body}</svg>".encode()


def drawn(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(emblem_png(data, "ตรา.svg")))


def pdf(*extra: str, catalog: str = "", pages: int = 1, box: str = "0 0 595 842", trailer: str = "") -> bytes:
    """Return a hand-written PDF; `extra` are further objects, numbered from 10."""
    kids = " ".join(["3 0 R"] * pages)
    objects = {
        1: f"<</Type/Catalog/Pages 2 0 R{catalog}>>",
        2: f"<</Type/Pages/Count {pages}/Kids[{kids}]>>",
        3: f"<</Type/Page/Parent 2 0 R/MediaBox[{box}]>>",
    } | dict(enumerate(extra, start=10))
    out, places = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        places[number] = len(out)
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    table = "".join(f"{number} 1\n{place:010d} 00000 n \n" for number, place in places.items())
    end = f"xref\n0 1\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size 20{trailer}>>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def rc4(key: bytes, text: bytes) -> bytes:
    box, j = list(range(256)), 0
    for i in range(256):
        j = (j + box[i] + key[i % len(key)]) % 256
        box[i], box[j] = box[j], box[i]
    i = j = 0
    out = bytearray()
    for byte in text:
        i = (i + 1) % 256
        j = (j + box[i]) % 256
        box[i], box[j] = box[j], box[i]
        out.append(byte ^ box[(box[i] + box[j]) % 256])
    return bytes(out)


def encrypted(*, opens_without: bool) -> bytes:
    """Return a PDF under a 40-bit key (ISO 32000-1, 7.6.3), with an empty password or one nobody knows."""
    owner, name = b"o" * 32, b"i" * 16
    key = hashlib.md5(PAD + owner + struct.pack("<i", -4) + name).digest()[:5]
    user = rc4(key, PAD) if opens_without else b"u" * 32
    lock = f"/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{owner.hex()}>/U<{user.hex()}>>>"
    return pdf(trailer=f"{lock}/ID[<{name.hex()}><{name.hex()}>]")


def packed(text: bytes) -> str:
    """Return an object stream with `text` in it as an object."""
    body = zlib.compress(b"15 0 " + text)
    head = f"<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length {len(body)}>>"
    return f"{head}\nstream\n{body.decode('latin-1')}\nendstream"


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 9999)) + chunk(b"IEND", b"")


# --- any file -------------------------------------------------------------------------------------------------------

STRANGERS = [
    (zipped("word/document.xml"), "เป็นเอกสาร Word (.docx)"),
    (zipped("xl/workbook.xml"), "เป็นตาราง Excel (.xlsx)"),
    (zipped("a.txt"), "เป็นแฟ้มบีบอัด (.zip)"),
    (b"MZ\x90\0" + b"\0" * 99, "เป็นโปรแกรม (.exe)"),
    (b"<!DOCTYPE html><html><body>x</body></html>", "เป็นหน้าเว็บ (.html)"),
    (b"\n<script>alert(1)</script>", "เป็นหน้าเว็บ (.html)"),
    (saved(picture(), "GIF"), "เป็นภาพ GIF"),
    (saved(picture(), "BMP"), "เป็นภาพ BMP"),
    (saved(picture(), "TIFF"), "เป็นภาพ TIFF"),
    (saved(picture(), "WEBP"), "เป็นภาพ WebP"),
    (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "เป็นภาพ HEIC ของโทรศัพท์"),
    ("ตราของหน่วยงาน".encode(), "เป็นแฟ้มชนิดที่ไม่รู้จัก"),
    (b"<?xml version='1.0'?><note/>", "เป็นแฟ้มชนิดที่ไม่รู้จัก"),
]


@pytest.mark.parametrize(("data", "what"), STRANGERS, ids=[what for _, what in STRANGERS])
def test_a_file_of_another_kind_is_named_with_the_rule_whatever_its_name_says(data, what):
    with pytest.raises(BadUpload) as refusal:
        emblem_png(data, "ตรา.png")
    assert str(refusal.value) == f"แฟ้ม “ตรา.png” {what} ตราต้องเป็นภาพ PNG, JPEG หรือ SVG เช่น ตรา.png"
    with pytest.raises(BadUpload) as refusal:
        checked_scan(data, "ลงนาม.pdf")
    assert str(refusal.value) == (
        f"แฟ้ม “ลงนาม.pdf” {what} สำเนาที่ลงนามต้องเป็น PDF หรือภาพ JPEG หรือ PNG เช่น บันทึกลงนาม.pdf"
    )


def test_what_one_place_takes_the_other_may_refuse():
    with pytest.raises(BadUpload, match="เป็นเอกสาร PDF ตราต้องเป็นภาพ"):
        emblem_png(pdf(), "ตรา.png")
    with pytest.raises(BadUpload, match="เป็นภาพ SVG สำเนาที่ลงนามต้องเป็น PDF"):
        checked_scan(svg("<path d='M0 0h9v9z'/>"), "ลงนาม.svg")


@pytest.mark.parametrize("take", [emblem_png, checked_scan])
def test_an_empty_file_is_refused(take):
    with pytest.raises(BadUpload, match=r"^แฟ้ม “ว่าง\.png” เป็นแฟ้มว่าง"):
        take(b"", "ว่าง.png")


def test_the_limit_itself_is_taken_and_one_byte_more_never_reads_as_the_limit():
    emblem, scan = saved(picture()), saved(picture((400, 400)))
    assert emblem_png(emblem.ljust(EMBLEM_LIMIT, b"\0"), "ตรา.png") == emblem_png(emblem, "ตรา.png")
    assert len(checked_scan(scan.ljust(SCAN_LIMIT, b"\0"), "ลงนาม.png").data) == SCAN_LIMIT
    with pytest.raises(BadUpload, match=r"มีขนาด 1\.01 เมกะไบต์ ต้องไม่เกิน 1 เมกะไบต์ เช่น"):
        emblem_png(emblem.ljust(EMBLEM_LIMIT + 1, b"\0"), "ตรา.png")
    with pytest.raises(BadUpload, match=r"มีขนาด 20\.01 เมกะไบต์ ต้องไม่เกิน 20 เมกะไบต์ เช่น"):
        checked_scan(scan.ljust(SCAN_LIMIT + 1, b"\0"), "ลงนาม.png")


@pytest.mark.parametrize("options", [("PNG", {}), ("JPEG", {}), ("JPEG", {"progressive": True})], ids=str)
def test_a_cut_off_picture_is_refused_although_the_pdf_engine_lets_pillow_be_lenient(options):
    kind, more = options
    whole = noise(kind, **more)
    assert checked_scan(whole, "ลงนาม").data == whole
    for kept in (len(whole) - 12, len(whole) - 40, len(whole) // 2, 40):
        for take in (emblem_png, checked_scan):
            with pytest.raises(BadUpload, match=r"^แฟ้ม “ลงนาม” อ่านภาพไม่ได้ แฟ้มเสียหรือถูกตัดท้าย"):
                take(whole[:kept], "ลงนาม")
    # What the engine of the papers has set for itself stays so.
    assert ImageFile.LOAD_TRUNCATED_IMAGES is True


def test_a_bomb_is_refused_from_its_head_and_nothing_warns():
    with pytest.raises(BadUpload, match=r"มี 20,000 × 10,000 จุด .* ต้องไม่เกิน 25 ล้านจุด"):
        emblem_png(bomb(20_000, 10_000), "ตรา.png")
    with pytest.raises(BadUpload, match=r"มี 10,000 × 9,500 จุด .* ต้องไม่เกิน 60 ล้านจุด"):
        checked_scan(bomb(10_000, 9_500), "ลงนาม.png")
    text = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"x" * 3_000_000))
    whole = saved(picture((400, 400)))
    with pytest.raises(BadUpload, match="อ่านภาพไม่ได้"):
        checked_scan(whole[:33] + text + whole[33:], "ลงนาม.png")


def test_a_file_that_is_both_a_picture_and_a_pdf_is_refused():
    whole = saved(picture((400, 400)))
    both = whole[:33] + chunk(b"teXt", pdf()) + whole[33:]
    for take in (emblem_png, checked_scan):
        with pytest.raises(BadUpload, match="เป็นทั้งภาพและ PDF ในแฟ้มเดียว"):
            take(both, "ลงนาม.png")
    # The head alone makes no picture.
    with pytest.raises(BadUpload, match="เป็นทั้งภาพและ PDF"):
        checked_scan(b"\x89PNG\r\n\x1a\n" + pdf(), "ลงนาม.pdf")


# --- emblems --------------------------------------------------------------------------------------------------------


def test_an_emblem_is_written_anew_without_what_it_brought():
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "ความลับ")
    exif = Image.Exif()
    exif[0x010F] = "กล้องของใคร"
    sent = picture(mode="RGBA", colour=(10, 20, 30, 128))
    fresh = emblem_png(
        saved(sent, pnginfo=notes, exif=exif, icc_profile=b"profile", dpi=(300, 300)), "ตรา.png"
    )
    image = Image.open(io.BytesIO(fresh))
    assert (image.format, image.mode, image.size, image.info) == ("PNG", "RGBA", (200, 220), {})
    assert image.getpixel((5, 5)) == (10, 20, 30, 128)
    assert all(word not in fresh for word in (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"pHYs"))


def test_a_photograph_is_turned_as_the_camera_says_before_that_is_forgotten():
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the scene is at the right
    sent = picture((200, 300))
    sent.paste("white", (0, 0, 200, 150))
    image = Image.open(io.BytesIO(emblem_png(saved(sent, "JPEG", exif=exif), "ตรา.jpg")))
    assert (image.size, dict(image.getexif())) == ((300, 200), {})
    assert image.getpixel((290, 100))[0] > 250 > 20 > image.getpixel((10, 100))[0]


@pytest.mark.parametrize(
    ("mode", "colour", "kind", "shown"),
    [
        ("L", 77, "PNG", (77, 77, 77)),
        ("I;16", 128 * 256, "PNG", (128, 128, 128)),
        ("1", 1, "PNG", (255, 255, 255)),
        ("LA", (40, 200), "PNG", (40, 40, 40, 200)),
        ("CMYK", (0, 0, 0, 0), "JPEG", (255, 255, 255)),
    ],
)
def test_every_kind_of_colour_becomes_rgb(mode, colour, kind, shown):
    fresh = emblem_png(saved(picture(mode=mode, colour=colour), kind), "ตรา")
    assert Image.open(io.BytesIO(fresh)).getpixel((9, 9)) == shown


def test_an_emblem_is_at_most_1200_px_high_and_keeps_its_proportions():
    image = Image.open(io.BytesIO(emblem_png(saved(picture((3000, 2400))), "ตรา.png")))
    assert image.size == (1500, 1200)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [
        (picture((150, 119)), "สูง 119 จุด ต้องสูงอย่างน้อย 120 จุดจึงพิมพ์คมชัด เช่น 600 จุด"),
        (picture((801, 200)), "มีสัดส่วน 801 × 200 จุด ยาวเกินไป ด้านยาวต้องไม่เกิน 4 เท่าของด้านสั้น เช่น 600 × 660 จุด"),
        (picture(mode="RGBA", colour=(9, 9, 9, 0)), "ไม่มีอะไรปรากฏในภาพ ต้องเห็นตรา เช่น ตราสีดำบนพื้นโปร่งใส"),
    ],
)
def test_an_emblem_that_cannot_stand_on_a_memo_is_refused(image, sentence):
    with pytest.raises(BadUpload) as refusal:
        emblem_png(saved(image), "ตรา.png")
    assert str(refusal.value) == f"แฟ้ม “ตรา.png” {sentence}"


def test_a_drawing_becomes_pixels_cropped_to_what_is_drawn_and_see_through_elsewhere():
    body = (
        "<defs><clipPath id='c'><rect x='20' y='20' width='50' height='50'/></clipPath>"
        "<linearGradient id='g'><stop stop-color='red'/><stop offset='1' stop-color='red'/></linearGradient>"
        "<rect id='r' x='20' y='20' width='60' height='60' clip-path='url(#c)'/></defs>"
        "<style>.a{fill:url(#g)}</style><metadata><x xmlns='urn:x' onload='x'/></metadata>"
        "<use xlink:href='#r' class='a'/><path class='a' d='M70 70h10v10z'/>"
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><!-- Editor --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    image = drawn(svg(body, head=head))
    # 60 of 110 units of 1,320 px; the edges may touch a pixel more.
    assert image.mode == "RGBA"
    assert [abs(side - 720) <= 2 for side in image.size] == [True, True]
    assert image.getpixel((250, 250)) == (255, 0, 0, 255)
    assert image.getpixel((50, 700))[3] == 0


@pytest.mark.parametrize(
    "frame", ['width="1e9" height="1e9" viewBox="0 0 10 11"', 'width="30mm" height="33mm"']
)
def test_only_the_frame_of_a_drawing_counts_not_its_size_on_a_page(frame):
    assert drawn(svg("<rect width='100%' height='100%' fill='green'/>", frame)).height == 1_200


HOSTILE = {
    "script": ("<script>alert(1)</script>", "มีคำสั่ง (script) อยู่ข้างใน"),
    "handler": ("<path onclick='alert(1)' d='M0 0'/>", "มีคำสั่ง (onclick) อยู่ข้างใน"),
    "picture": ("<image href='https://example.org/a.png'/>", "มีส่วน <image> ซึ่งระบบวาดไม่ได้"),
    "web page": ("<foreignObject><b/></foreignObject>", "มีส่วน <foreignObject> ซึ่งระบบวาดไม่ได้"),
    "filter": ("<filter id='f'/>", "มีส่วน <filter> ซึ่งระบบวาดไม่ได้"),
    "http": ("<use xlink:href='http://example.org/a.svg#b'/>", "อ้างถึงแฟ้มภายนอก “http://example.org/a.svg#b”"),
    "file": ("<use href='file:///etc/passwd'/>", "อ้างถึงแฟ้มภายนอก “file:///etc/passwd”"),
    "fill": ("<path fill='url( \"http://x.org/a#b\")' d='M0 0'/>", "อ้างถึงแฟ้มภายนอก “http://x.org/a#b”"),
    "style": ("<path style='fill:URL(data:x)' d='M0 0'/>", "อ้างถึงแฟ้มภายนอก “data:x”"),
    "sheet": ("<style>a{fill:url(//x.org)}</style>", "อ้างถึงแฟ้มภายนอก “//x.org”"),
    "import": ("<style>@import 'http://x.org/a.css';</style>", "มีคำสั่ง @ ในรูปแบบ (style)"),
    "escape": ("<path style='fill:u\\72l(http://x.org)' d='M0 0'/>", "มีเครื่องหมาย \\ ในรูปแบบ (style)"),
    "dashes": ("<path stroke-dasharray='.001' d='M0 0'/>", "มีเส้นประ"),
    "dashes in style": ("<path style='stroke-dasharray: .001' d='M0 0'/>", "มีเส้นประ"),
    "spread": ("<linearGradient spreadMethod='repeat'/>", "มีการไล่สีแบบวนซ้ำ"),
    "circle": ("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>", "มีส่วนที่อ้างถึงตัวเองวนไม่รู้จบ"),
    "circle in a sheet": (
        "<style>.m *{mask:url(#a)}</style><mask id='a'><path class='m' d='M0 0'/></mask>",
        "มีส่วนที่อ้างถึงตัวเองวนไม่รู้จบ",
    ),
    "growth": (
        "".join(f"<g id='a{n}'>" + f"<use href='#a{n + 1}'/>" * 10 + "</g>" for n in range(9)),
        "มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป ต้องไม่เกิน 5,000 ชิ้น",
    ),
    "chain": (
        "".join(f"<g id='a{n}'><use href='#a{n + 1}'/></g>" for n in range(2_000)),
        "มีกลุ่มซ้อนกันลึกเกินไป ต้องไม่เกิน 40 ชั้น",
    ),
    "chain from its end": (
        "".join(f"<g id='a{n}'><use href='#a{n - 1}'/></g>" for n in range(2_000)),
        "มีกลุ่มซ้อนกันลึกเกินไป",
    ),
    "depth": ("<g>" * 50_000 + "</g>" * 50_000, "มีกลุ่มซ้อนกันลึกเกินไป"),
    "many": ("<g/>" * 6_000, "มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป"),
    "layers": ("<g style='opacity: .5'/>" * 300, "มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป"),
    "layers in a sheet": ("<style>g{opacity:0.5}</style>" + "<g/>" * 300, "มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป"),
    "gradients": (
        "<linearGradient id='g'/>" + "<path fill='url(#g)' d='M0 0'/>" * 600,
        "มีชิ้นส่วนหรือส่วนโปร่งแสงมากเกินไป",
    ),
    "torn": ("<g>", "อ่านภาพ SVG ไม่ได้ แฟ้มเสียหรือถูกตัดท้าย"),
    "nothing": ("<g/>", "ไม่มีอะไรปรากฏในภาพ"),
    "unknown entity": ("<text>&nbsp;</text>", "อ่านภาพ SVG ไม่ได้"),
}


@pytest.mark.parametrize(("body", "sentence"), HOSTILE.values(), ids=HOSTILE)
def test_a_drawing_that_runs_loads_or_multiplies_is_refused(body, sentence):
    with pytest.raises(BadUpload) as refusal:
        emblem_png(svg(body), "ตรา.svg")
    assert str(refusal.value).startswith(f"แฟ้ม “ตรา.svg” {sentence}")
    assert "เช่น" in str(refusal.value)


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_entities_are_refused_before_they_grow(coding):
    laughs = "".join(f'<!ENTITY l{n + 1} "' + f"&l{n};" * 10 + '">' for n in range(9))
    bad = f'<!DOCTYPE svg [<!ENTITY l0 "ha">{laughs}]><svg {SVG} viewBox="0 0 9 9"><text>&l9;</text></svg>'
    with pytest.raises(BadUpload, match=r"มีการประกาศคำย่อ \(ENTITY\)"):
        emblem_png(bad.encode(coding), "ตรา.svg")
    outside = f'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg {SVG}><text>&x;</text></svg>'
    with pytest.raises(BadUpload, match=r"มีการประกาศคำย่อ \(ENTITY\)"):
        emblem_png(outside.encode(coding), "ตรา.svg")


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        ('viewBox="0 0 1e9 1e9"', "มีขนาด 1e+09 × 1e+09 หน่วย แต่ละด้านต้องมากกว่า 0 และไม่เกิน 100,000 หน่วย"),
        ('viewBox="0 0 nan 5"', "มีขนาด nan × 5 หน่วย"),
        ('viewBox="0 0 0 5"', "มีขนาด 0 × 5 หน่วย"),
        ('width="100%"', "ไม่บอกขนาดของภาพ ต้องมี viewBox"),
        ('viewBox="0 0 100000 1"', "มีสัดส่วน 1,320 ×"),
    ],
)
def test_the_frame_of_a_drawing_must_be_sound(frame, sentence):
    with pytest.raises(BadUpload) as refusal:
        emblem_png(svg("<rect width='100%' height='100%'/>", frame), "ตรา.svg")
    assert str(refusal.value).startswith(f"แฟ้ม “ตรา.svg” {sentence}")


# --- scans ----------------------------------------------------------------------------------------------------------


def test_a_scan_is_kept_byte_for_byte_with_its_kind_and_pages():
    exif = Image.Exif()
    exif[0x010F] = "Scanner"
    png, jpeg = (
        saved(picture((400, 300))),
        saved(picture((1200, 1600)), "JPEG", exif=exif) + b"trailer of a phone",
    )
    two = html_to_pdf("<p>ก</p><p style='break-before: page'>ข</p>")
    assert checked_scan(png, "a") == Scan(png, "image/png", 1)
    assert checked_scan(jpeg, "a") == Scan(jpeg, "image/jpeg", 1)
    assert checked_scan(two, "a") == Scan(two, "application/pdf", 2)


def test_a_scan_must_be_wide_enough_to_read_a_signature():
    with pytest.raises(BadUpload, match="กว้าง 399 จุด ต้องกว้างอย่างน้อย 400 จุดจึงอ่านลายมือชื่อได้ เช่น"):
        checked_scan(saved(picture((399, 900)), "JPEG"), "ลงนาม.jpg")


def test_a_pdf_has_one_to_fifty_pages_each_of_a_sound_size():
    assert checked_scan(pdf(pages=50), "a").pages == 50
    with pytest.raises(BadUpload, match="มี 51 หน้า ต้องมี 1 ถึง 50 หน้า เช่น"):
        checked_scan(pdf(pages=51), "ลงนาม.pdf")
    with pytest.raises(BadUpload, match=r"หน้าที่ 1 มีขนาด 0\.1 × 11\.7 นิ้ว แต่ละด้านต้องยาว 1 ถึง 200 นิ้ว"):
        checked_scan(pdf(box="0 0 10 842"), "ลงนาม.pdf")
    with pytest.raises(BadUpload, match=r"หน้าที่ 1 มีขนาด 1388\.9 × 11\.7 นิ้ว"):
        checked_scan(pdf(box="0 0 100000 842"), "ลงนาม.pdf")


def test_a_pdf_that_is_cut_off_or_broken_is_refused():
    whole = html_to_pdf("<p>ก</p>")
    for kept in (len(whole) - 10, len(whole) // 2, 20):
        with pytest.raises(BadUpload, match="เป็น PDF ที่ไม่จบ แฟ้มถูกตัดท้าย"):
            checked_scan(whole[:kept], "ลงนาม.pdf")
    with pytest.raises(BadUpload, match="เปิดเป็น PDF ไม่ได้ แฟ้มเสีย"):
        checked_scan(b"%PDF-1.7\nnothing\n%%EOF", "ลงนาม.pdf")
    assert checked_scan(pdf() + b"\0" * 5_000, "a").pages == 1


@pytest.mark.parametrize("opens_without", [True, False])
def test_an_encrypted_pdf_is_refused_with_and_without_a_password(opens_without):
    sent = encrypted(opens_without=opens_without)
    if opens_without:
        assert pages_of(sent) == 1
    with pytest.raises(BadUpload, match=r"เป็น PDF ที่ใส่รหัสผ่านหรือเข้ารหัสไว้ .* เช่น"):
        checked_scan(sent, "ลงนาม.pdf")


JS = "<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.mark.parametrize(
    "sent",
    [
        pdf(JS, catalog="/OpenAction 10 0 R"),
        pdf(catalog=f"/Names<</JavaScript<</Names[(a) {JS}]>>>>"),
        pdf("<</S/J#61vaScript /J#53 (x)>>", catalog="/OpenAction 10 0 R"),
        pdf("<</S/Rendition/JS(x)>>", catalog="/OpenAction 10 0 R"),
        pdf("<</S/Launch/F(calc.exe)>>", catalog="/OpenAction 10 0 R"),
        pdf("<</Type/EmbeddedFile/Length 1>>\nstream\nx\nendstream"),
        pdf("<</Type/Filespec/F(a)>>", catalog="/Names<</EmbeddedFiles<</Names[(a) 10 0 R]>>>>"),
        pdf(packed(JS.encode())),
        pdf(packed(b"<</S/Rendition/J#53(x)>>")),
    ],
    ids=[
        "open",
        "named",
        "escaped",
        "rendition",
        "launch",
        "file",
        "attachment",
        "packed",
        "packed, escaped",
    ],
)
def test_a_pdf_that_acts_by_itself_or_carries_files_is_refused(sent):
    with pytest.raises(BadUpload, match=r"มีคำสั่ง \(JavaScript\), การเรียกโปรแกรม หรือแฟ้มแนบอยู่ข้างใน .* เช่น"):
        checked_scan(sent, "ลงนาม.pdf")


def test_letters_that_turn_up_among_pixels_are_no_script():
    harmless = pdf(
        "<</Length 9>>\nstream\n /JS (x) \nendstream",
        "<</Type/Font/BaseFont/LaunchPad>>",
        packed(b"<</A 1>>"),
    )
    assert checked_scan(harmless, "a").pages == 1


def test_packed_objects_that_cannot_be_looked_into_are_refused():
    torn = "<</Type/ObjStm/N 1/First 5/Filter/FlateDecode/Length 3>>\nstream\nabc\nendstream"
    with pytest.raises(BadUpload, match="เป็น PDF ที่มีส่วนซึ่งตรวจไม่ได้"):
        checked_scan(pdf(torn), "ลงนาม.pdf")
    with pytest.raises(BadUpload, match="เป็น PDF ที่ขยายออกแล้วใหญ่เกินกว่าจะตรวจได้"):
        checked_scan(pdf(packed(b" " * 68_000_000)), "ลงนาม.pdf")


def test_pages_are_counted_in_many_threads_at_once():
    assert pages_of(pdf(pages=7)) == 7
    with pytest.raises(pypdfium2.PdfiumError):
        pages_of(b"no PDF")
    papers = [pdf(pages=number) for number in range(1, 9)]
    counted: dict[int, list[int]] = {}

    def count(place: int) -> None:
        counted[place] = [pages_of(papers[place]) for _ in range(20)]

    threads = [threading.Thread(target=count, args=(place,)) for place in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted == {place: [place + 1] * 20 for place in range(8)}
