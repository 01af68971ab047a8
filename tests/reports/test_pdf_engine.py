"""The PDF engine: pages, fonts, stamps, line ends, and what it must never load."""

import io
import re
import socket
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from django.core.checks.registry import registry
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st
from weasyprint.urls import URLFetchingError

from reports.checks import fonts_are_installed
from reports.pdf import PaperFetcher, glue, html_to_pdf, missing_fonts
from reports.pdf.fonts import draft_mark
from reports.pdf.typography import NBSP, keep_names, keep_together, tidy

TABLE_HEAD = "<thead><tr><th>มาตรการ/แนวทาง</th><th>ขั้นตอน</th><th>ผู้รับผิดชอบ</th></tr></thead>"


def paper(body: str, body_class: str = "", head: str = "") -> str:
    return (
        f'<!doctype html><html lang="th"><head><meta charset="utf-8"><title>ชื่อในหน้า</title>{head}</head>'
        f'<body class="{body_class}">{body}</body></html>'
    )


def long_table(rows: int) -> str:
    cell = "จัดทำคู่มือการให้บริการและเผยแพร่บนเว็บไซต์ของหน่วยงานให้ประชาชนทราบโดยทั่วกัน " * 3
    body = "".join(f"<tr><td>มาตรการที่ {n}</td><td>{cell}</td><td>สำนักปลัด</td></tr>" for n in range(rows))
    return f"<table>{TABLE_HEAD}<tbody>{body}</tbody></table>"


def pages_of(pdf: bytes) -> list[str]:
    """Return the text of each page of `pdf`."""
    shown = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return shown.stdout.decode().split("\f")[:-1]


def lines_of(pdf: bytes) -> list[str]:
    return [line for page in pages_of(pdf) for line in page.splitlines() if line]


@pytest.fixture
def opened() -> Iterator[list[pypdfium2.PdfDocument]]:
    documents: list[pypdfium2.PdfDocument] = []
    yield documents
    for document in documents:
        document.close()


def test_the_same_paper_gives_the_same_bytes():
    html = paper(f"<h1>หัวเรื่อง</h1>{long_table(4)}", "draft")
    first = html_to_pdf(html, title="มาตรการ")
    html_to_pdf(paper("<p>เรื่องอื่น <b>ที่แทรก</b></p>"))
    assert html_to_pdf(html, title="มาตรการ") == first
    in_a_thread: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: in_a_thread.append(html_to_pdf(html, title="มาตรการ"))) for _ in "ab"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_a_thread == [first, first]


def test_a_cold_process_gives_the_same_bytes_as_a_warm_one():
    from reports.pdf import _engine

    html = paper("<p>ดำเนินการ <b>๙๓.๖๖</b> OIT</p>")
    warm = html_to_pdf(html)
    _engine.cache_clear()
    assert html_to_pdf(html) == warm


def test_fonts_taken_away_by_a_cleaner_come_back():
    from reports.pdf import _warm_engine

    html = paper("<p>ที่ทำการ</p>")
    before = html_to_pdf(html)
    for path in Path(_warm_engine().fonts._folder).iterdir():
        path.unlink()
    assert html_to_pdf(html) == before


def test_title_language_and_a4(opened):
    opened.append(pypdfium2.PdfDocument(html_to_pdf(paper("<p>ก</p>"), title="มาตรการ ประจำปี ๒๕๖๗")))
    assert opened[0].get_metadata_dict()["Title"] == "มาตรการ ประจำปี ๒๕๖๗"
    width, height = opened[0][0].get_size()
    assert (round(width), round(height)) == (595, 842)
    pdf = html_to_pdf("<p>ก</p>")
    assert "ชื่อ" not in str(pypdfium2.PdfDocument(pdf).get_metadata_dict())


def test_only_sarabun_is_used_and_it_is_embedded():
    body = "<h1>หัว ABC</h1><p>ตัว <i>italic เอียง</i> <b>หนา 9</b> “คำพูด” – … • ๑๒๓ ฯลฯ</p><h4>รอง</h4><ol><li>ข้อ</li></ol><ul><li>จุด</li></ul>"
    for body_class in ("", "arabic", "draft"):
        shown = subprocess.run(
            ["pdffonts", "-"], input=html_to_pdf(paper(body, body_class)), capture_output=True, check=True
        )
        fonts = shown.stdout.decode().splitlines()[2:]
        assert len(fonts) >= 4
        for font in fonts:
            assert re.match(r"[A-Z]{6}\+Paper-(Thai|Latin)", font), font
            assert re.search(r"yes\s+yes\s+yes", font), font  # embedded, subset, with a text map


def test_a_character_that_sarabun_lacks_is_reported(caplog):
    html_to_pdf(paper("<p>ครบ</p>"))
    assert not caplog.records
    html_to_pdf(paper("<p>\u4e2d \u2713</p>"))
    assert any("Sarabun lacks" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("body_class", "second", "third"), [("", "- ๒ -", "- ๓ -"), ("arabic", "- 2 -", "- 3 -")]
)
def test_pages_are_numbered_from_the_second_on(body_class, second, third):
    body = (
        '<section class="cover"><h1>ปก</h1></section><p>หน้าสอง</p><div class="landscape"><p>หน้าขวาง</p></div>'
    )
    pages = pages_of(html_to_pdf(paper(body, body_class)))
    assert [page.splitlines() for page in pages] == [["ปก"], ["หน้าสอง", second], ["หน้าขวาง", third]]


def test_a_cover_has_no_number_wherever_it_stands():
    pages = pages_of(html_to_pdf(paper('<p>ต้น</p><section class="cover"><h1>ปกรอง</h1></section><p>ท้าย</p>')))
    assert [page.splitlines() for page in pages] == [["ต้น"], ["ปกรอง"], ["ท้าย", "- ๓ -"]]


def test_landscape_pages_lie(opened):
    opened.append(pypdfium2.PdfDocument(html_to_pdf(paper('<p>ตั้ง</p><div class="landscape">นอน</div>'))))
    assert [page.get_width() > page.get_height() for page in opened[0]] == [False, True]


def test_the_table_head_stands_on_every_page():
    pages = pages_of(html_to_pdf(paper(long_table(40))))
    assert len(pages) >= 3
    assert all("มาตรการ/แนวทาง" in page for page in pages)


def test_a_row_taller_than_a_page_keeps_the_head():
    cell = "<br>".join(f"ขั้นตอนที่ {n}" for n in range(150))
    pages = pages_of(
        html_to_pdf(paper(f"<table>{TABLE_HEAD}<tr><td>ก</td><td>{cell}</td><td>ข</td></tr></table>"))
    )
    assert len(pages) >= 3
    assert all("มาตรการ/แนวทาง" in page for page in pages)
    assert all(f"ขั้นตอนที่ {n}\n" in "".join(pages) for n in range(150))


def test_a_group_row_is_never_the_last_of_a_page():
    rows = "".join(
        f'<tr class="group"><th colspan="3">กลุ่ม {n}</th></tr><tr><td>มาตรการของกลุ่ม {n}</td><td>ก</td><td>ข</td></tr>'
        for n in range(80)
    )
    pages = pages_of(html_to_pdf(paper(f"<table>{TABLE_HEAD}<tbody>{rows}</tbody></table>")))
    assert len(pages) >= 3
    assert not [page for page in pages if re.match("กลุ่ม", page.strip().splitlines()[-1])]


def marked_pixels(document: pypdfium2.PdfDocument) -> list[int]:
    """Return, for each page, how many points have the light grey of the draft stamp."""
    counts = []
    for page in document:
        image = page.render(scale=0.5, grayscale=True).to_pil()
        counts.append(sum(image.histogram()[230:241]))
    return counts


def test_every_page_of_a_draft_is_stamped(opened):
    body = f'<section class="cover"><h1>ปก</h1></section><p>สอง</p>{long_table(14)}<div class="landscape">นอน</div>'
    drawn = {}
    for body_class in ("draft", ""):
        opened.append(pypdfium2.PdfDocument(html_to_pdf(paper(body, body_class))))
        drawn[body_class] = marked_pixels(opened[-1])
    assert len(drawn["draft"]) >= 4
    assert all(stamped > plain + 2000 for stamped, plain in zip(drawn["draft"], drawn[""], strict=True)), (
        drawn
    )


def test_the_stamp_is_drawn_from_the_letters():
    from reports.pdf.fonts import assets

    svg = draft_mark(assets()["sarabun-thai-700-normal.woff2"]).decode()
    assert svg.count("M") >= 4 and "<text" not in svg


# --- the ends of lines --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("เรื่องต่างๆ", "ต่าง ๆ"),
        ("ได้ ๙๓.๖๖ คะแนน", "๙๓.๖๖ คะแนน"),
        ("ตามข้อ i๗", "ข้อ i๗"),
        ("ใน พ.ศ. ๒๕๖๗", "พ.ศ. ๒๕๖๗"),
        ("ส่วนที่ ๒", "ส่วนที่ ๒"),
        ("ตัวชี้วัดที่ ๑", "ตัวชี้วัดที่ ๑"),
        ("เมื่อ ๒๙ มีนาคม", "๒๙ มีนาคม"),
        ("ผัก ผลไม้ ฯลฯ", "ผลไม้ ฯลฯ"),
        ("พ.ต.อ. สมชาย", "พ.ต.อ. สม"),
    ],
)
def test_what_belongs_together_stays_in_one_line(typed, kept):
    """At no width of column from 2.6 cm up, and wherever in the line it begins, does it come apart."""
    boxes = "".join(
        f'<div style="width: {width / 10}cm">{"กา " * shift}{tidy(typed)} และ</div>'
        for width in range(26, 50, 3)
        for shift in range(8)
    )
    lines = lines_of(html_to_pdf(paper(boxes)))
    assert sum(kept in line for line in lines) == 8 * 8


def test_a_name_moves_to_the_next_line_whole_and_breaks_at_a_word_where_it_must():
    name = "องค์การบริหารส่วนตำบลตัวอย่าง"
    lines = lines_of(
        html_to_pdf(paper(f'<p style="width: 9cm">{"การประชุมของ" * 3}{keep_together(name)} ครั้งนี้</p>'))
    )
    assert any(name in line for line in lines)
    narrow = lines_of(
        html_to_pdf(paper(f'<table style="width: 3cm"><tr><td>{keep_together(name)}</td></tr></table>'))
    )
    assert narrow[0] in ("องค์การบริหาร", "องค์การบริหารส่วน") and "".join(narrow) == name


def test_tidy_leaves_the_rest_alone():
    for text in (
        "ที่ นศ ๗๗๕๐๑/๒๐๓",
        "https://example.go.th/2567/a b",
        "ป.ป.ช. ประกาศ",
        "ISO 9001",
        "",
        "ข้อความ\nบรรทัดใหม่",
    ):
        assert tidy(text) == text
    assert tidy("ต่างๆนานา") == f"ต่าง{NBSP}ๆ นานา"
    assert tidy("ส่วนที่ ๒ ตัวชี้วัดที่ ๑") == f"ส่วนที่{NBSP}๒ ตัวชี้วัดที่{NBSP}๑"


@given(
    st.lists(st.sampled_from([*"กขที่ๆ ๒5.,i", NBSP, "คะแนน", "ข้อ", "ฯลฯ", "พ.ศ.", "ร.ต.", "\n"])).map("".join)
)
def test_tidy_twice_is_tidy_once_and_loses_no_letter(text):
    once = tidy(text)
    assert tidy(once) == once
    assert re.sub("[ \u00a0]", "", once) == re.sub("[ \u00a0]", "", text)


def test_keep_names_escapes_and_takes_the_longest_name():
    kept = keep_names("<b>ของ (อบต.ตัวอย่างใหม่) & อบต.ตัวอย่าง", ["อบต.ตัวอย่าง", "อบต.ตัวอย่างใหม่", ""])
    assert kept == (
        '&lt;b&gt;ของ <span class="keep">(อบต.ตัวอย่างใหม่)</span> &amp; <span class="keep">อบต.ตัวอย่าง</span>'
    )
    assert keep_names("<i>", []) == "&lt;i&gt;"
    assert keep_together("<x>") == '<span class="keep">&lt;x&gt;</span>'


def test_held_ranges_count_in_bytes():
    text = f"ก{NBSP}ข"
    assert glue.held_ranges(text) == [(0, len(text.encode())), (3, 8)]
    assert glue.held_ranges("ก ข") == []


# --- what a paper may load ----------------------------------------------------------------------------------

SECRET = "MARKER-ON-DISK-7731"


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A local server that notes every connection."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            heard.append(b"connected")
            connection.close()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    yield server.getsockname()[1], heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join(5)


def payloads(target: str) -> dict[str, str]:
    """Return ways in which markup asks for `target`."""
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><image xlink:href='{target}' width='9' height='9'/><use href='{target}#a'/></svg>"
    return {
        "img": f'<img src="{target}">',
        "srcset": f'<picture><source srcset="{target}"><img srcset="{target} 2x" src="{target}"></picture>',
        "object": f'<object data="{target}"></object><embed src="{target}"><iframe src="{target}"></iframe>',
        "svg": svg.replace("'", '"'),
        "svg in data": f'<img src="data:image/svg+xml,{svg.replace("#", "%23").replace("<", "%3C").replace(">", "%3E")}">',
        "link": f'<link rel="stylesheet" href="{target}">',
        "import": f'<style>@import url("{target}"); @import "{target}";</style>',
        "font": f'<style>@font-face {{ font-family: x; src: url("{target}") }} p {{ font-family: x }}</style><p>ก</p>',
        "local font": '<style>@font-face { font-family: x; src: local("DejaVu Sans") } p { font-family: x }</style>',
        "background": f'<div style="background: url({target}); height: 9px; list-style-image: url({target})">ก</div>',
        "border": f'<div style="border: 9px solid; border-image: url({target}) 1">ก</div>',
        "content": f'<style>p::before {{ content: url("{target}") }} @page {{ background: url("{target}") }}</style><p>ก</p>',
        "attachment": f'<link rel="attachment" href="{target}"><a rel="attachment" href="{target}">ก</a>',
        "base": f'<base href="{target}"><img src="x"><a rel="attachment" href="">ก</a><img src="../../etc/passwd">',
        "input": f'<input type="image" src="{target}"><video poster="{target}" src="{target}"></video>',
    }


def everything_in(pdf: bytes) -> bytes:
    """Return the file with its text and attachments unpacked beside it."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        attached = b"".join(
            bytes(document.get_attachment(n).get_data()) for n in range(document.count_attachments())
        )
    finally:
        document.close()
    return pdf + "".join(pages_of(pdf)).encode() + attached


def test_no_payload_reads_a_file_or_calls_a_server(tmp_path, listener, monkeypatch):
    port, heard = listener
    asked = []
    really = PaperFetcher.fetch
    monkeypatch.setattr(
        PaperFetcher, "fetch", lambda self, url, headers=None: asked.append(url) or really(self, url, headers)
    )
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    (tmp_path / "secret.css").write_text(f'p::after {{ content: "{SECRET}" }}')
    targets = [
        secret.as_uri(),
        (tmp_path / "secret.css").as_uri(),
        str(secret),
        f"file://localhost{secret}",
        f"FILE://{secret}",
        f"asset:../../../../../../../..{secret}",
        f"asset:{secret}",
        f"asset:///{secret}",
        f"asset:sarabun-thai-400-normal.woff2/../../../../../../..{secret}",
        "../../../../../../../.." + str(secret),
        f"http://127.0.0.1:{port}/a.css",
        f"https://127.0.0.1:{port}/a",
        f"ftp://127.0.0.1:{port}/a",
        f"//127.0.0.1:{port}/a",
        f"HTTP://127.0.0.1:{port}/a.png",
    ]
    html = paper("".join(payload for target in targets for payload in payloads(target).values()))
    held = everything_in(html_to_pdf(html))
    assert SECRET.encode() not in held
    assert not heard
    assert len(asked) > 50  # the payloads did ask


def test_each_payload_alone_attaches_nothing(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    for name, payload in payloads(secret.as_uri()).items():
        document = pypdfium2.PdfDocument(html_to_pdf(paper(payload)))
        assert document.count_attachments() == 0, name
        document.close()


def test_a_foreign_colour_profile_is_refused(tmp_path):
    """The one place where WeasyPrint lets the refusal through: the render stops, and the next one works."""
    secret = tmp_path / "secret.icc"
    secret.write_text(SECRET)
    with pytest.raises(URLFetchingError):
        html_to_pdf(
            paper("<p>ก</p>", head=f'<style>@color-profile --x {{ src: url("{secret.as_uri()}") }}</style>')
        )
    assert lines_of(html_to_pdf(paper("<p>ที่</p>"))) == ["ที่"]


def test_the_fetcher_gives_only_data_and_the_bundled_assets(tmp_path):
    fetcher = PaperFetcher()
    assert fetcher.fetch("data:text/plain,ok").read() == b"ok"
    assert fetcher.fetch("asset:sarabun-thai-400-normal.woff2").read()[:4] == b"wOF2"
    for url in (
        "asset:",
        "asset:../../../package.json",
        "asset:sarabun-thai-100-normal.woff2",
        "file:///etc/passwd",
        "http://localhost/",
        "ftp://localhost/",
        "jar:file:///x",
        "relative",
    ):
        with pytest.raises(ValueError):
            fetcher.fetch(url)


def test_an_uploaded_emblem_is_drawn_from_its_data(opened):
    from base64 import b64encode

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(buffer, "PNG")
    source = "data:image/png;base64," + b64encode(buffer.getvalue()).decode()
    opened.append(pypdfium2.PdfDocument(html_to_pdf(paper(f'<img src="{source}" style="width: 3cm">'))))
    colours = opened[0][0].render(scale=0.3).to_pil().convert("RGB").getcolors(100000)
    assert any(red > 180 and green < 30 and blue < 30 for _, (red, green, blue) in colours)


# --- the base template and the system check -----------------------------------------------------------------


def test_the_base_links_styles_only_for_the_preview(settings):
    plain = render_to_string("print/base.html", {"draft": True, "arabic_digits": True})
    assert '<html lang="th">' in plain and "stylesheet" not in plain
    assert re.search(r'<body class="arabic draft\s*">', plain)
    preview = render_to_string("print/base.html", {"preview": True})
    assert "css/print.css" in preview and "css/sarabun.css" in preview


def test_the_fonts_are_installed():
    assert missing_fonts() == []


def test_missing_fonts_stop_the_operator_with_a_sentence(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    assert len(missing_fonts()) == 12
    assert fonts_are_installed in registry.get_checks()
    found = fonts_are_installed(None)
    assert len(found) == 1
    assert "Sarabun" in found[0].msg and "npm ci" in found[0].hint
