"""Official recommendations as they are pasted: headings, parts, codes, wrapped lines, citations."""

from __future__ import annotations

import re

import pytest

from assessments.recommendation_reading import (
    Reading,
    advice,
    cited_codes,
    joined,
    normalised,
    read_recommendations,
)

from ..conftest import read_case

CODES = [f"{letter}{n}" for letter, last in (("i", 30), ("e", 15), ("o", 43)) for n in range(1, last + 1)]

# The form in which agencies receive them, in words of our own: front matter, tool headings with their English names,
# lists of codes, zeros for the letter o, a page break inside a paragraph, and the next section of the document.
LETTER = """
มาตรการประจำปีงบประมาณ พ.ศ. ๒๕๖๗ ของ อบต.ตัวอย่าง

๑. ผลการประเมิน ประจำปีงบประมาณ พ.ศ. ๒๕๖๖
ตัวชี้วัด	คะแนน
ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่	๙๐.๕๐

ในการนี้ สำนักงาน ป.ป.ช. มีข้อเสนอแนะต่อผลการประเมินของ อบต.ตัวอย่าง ดังนี้

ผลของหน่วยงานเป็นไปตามเป้าหมายแล้ว

ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายใน (Internal Integrity and Transparency Assessment: IIT)

อบต.ตัวอย่าง ทำตัวชี้วัดที่ ๑ ได้ดี และควรเร่งตัวชี้วัดที่ ๒

ทั้งนี้ มีข้อที่ควรปรับปรุงก่อน ดังต่อไปนี้

ข้อ i๗ เจ้าหน้าที่บางคนยังไม่รู้แผนเงิน ดังนั้น ควรติดประกาศแผน (อ้างอิงจาก ๐๑๑) ทุกไตรมาส
ข้อ i๘ , ข้อ i๙ เจ้าหน้าที่ยังไม่ได้ร่วมวางแผน ดังนั้น ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑) และติดตามผล(อ้างอิงจาก ๐๑๒)
ข้อ i๒๐ , ข้อ i๒๑ ยังยืมของโดยไม่ขออนุญาต ควรทำทะเบียน

ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการรับรู้ของผู้มีส่วนได้ส่วนเสียภายนอก (External Integrity and Transparency Assessment: EIT)

อบต.ตัวอย่าง ควรพัฒนาการสื่อสาร
ส่วนที่ ๑ ผู้รับบริการเข้าตอบเอง (EIT Public)

ข้อ e๙ ผู้มาติดต่อเห็นว่าคำตอบไม่ชัด ควรมีผู้ตอบประจำ (อ้างอิงจาก ๐๘)
ข้อ e๑๐ ควรบอกช่องทางร้องเรียน (อ้างอิงจาก ๐๒๘)
ข้อ e๑๒ ขั้นตอนยังช้า ดังนั้น หน่วยงาน

ควรปรับคู่มือ (อ้างอิงจาก ๐๑๔ และ ๐๑๕)
ข้อ e๑๔ ควรเปิดให้ร่วม (อ้างอิงจาก

๐๓๐) มากขึ้น
ข้อ e๑๕ ควรทำแผนป้องกัน

ส่วนที่ ๒ ผู้ประเมินเก็บข้อมูล (EIT Survey)
ข้อ e๘ ควรมีช่องทางรับฟัง
ข้อ e๙ ควรตอบให้ชัด
ข้อ e๑๐ ควรบอกช่องทางร้องเรียน
ข้อ e๑๑ ควรสำรวจความพอใจ
ข้อ e๑๕ ควรทำแผนป้องกัน

ข้อเสนอแนะสำหรับการประเมินตามแบบวัดการเปิดเผยข้อมูลสาธารณะ (Open Data Integrity and Transparency Assessment: OIT)

ผลตามแบบวัดการเปิดเผยข้อมูลสาธารณะ (Open Data: OIT) ครบถ้วน ควรรักษาไว้

2. การวิเคราะห์ผลการประเมิน
ข้อ i๑ ข้อความของส่วนอื่น
"""


def read(text: str) -> Reading:
    """Read a text against the instrument of 2566."""
    return read_recommendations(text, CODES, parts=(1, 2))


def cells(reading: Reading) -> list[str]:
    """The questions with their parts, as the case file writes them."""
    return [f"{code}/{f.part}" if f.part else code for f in reading.found for code in f.codes]


def test_a_whole_letter_gives_exactly_the_questions_of_the_published_case() -> None:
    reading = read(LETTER)
    assert cells(reading) == read_case("000")["official_recommendations_on"]
    general = [(f.tool, f.part, f.text) for f in reading.found if not f.codes]
    assert general == [
        ("total", 0, "ผลของหน่วยงานเป็นไปตามเป้าหมายแล้ว"),
        ("IIT", 0, "อบต.ตัวอย่าง ทำตัวชี้วัดที่ ๑ ได้ดี และควรเร่งตัวชี้วัดที่ ๒"),
        ("IIT", 0, "ทั้งนี้ มีข้อที่ควรปรับปรุงก่อน ดังต่อไปนี้"),
        ("EIT", 0, "อบต.ตัวอย่าง ควรพัฒนาการสื่อสาร"),
        ("OIT", 0, "ผลตามแบบวัดการเปิดเผยข้อมูลสาธารณะ (Open Data: OIT) ครบถ้วน ควรรักษาไว้"),
    ]
    by_codes = {(f.codes, f.part): f for f in reading.found}
    assert by_codes[("i8", "i9"), 0].cited == ("o11", "o12")
    assert by_codes[("e12",), 1].text == "ขั้นตอนยังช้า ดังนั้น หน่วยงานควรปรับคู่มือ (อ้างอิงจาก ๐๑๔ และ ๐๑๕)"
    assert by_codes[("e12",), 1].cited == ("o14", "o15")
    assert (by_codes[("e14",), 1].cited, by_codes[("e14",), 1].text) == (
        ("o30",),
        "ควรเปิดให้ร่วม (อ้างอิงจาก ๐๓๐) มากขึ้น",
    )
    (before, after) = reading.refused
    assert "ข้อความก่อนข้อเสนอแนะ" in before.reason
    assert (LETTER.splitlines()[after.line - 1], "จึงหยุดอ่าน" in after.reason) == (
        "2. การวิเคราะห์ผลการประเมิน",
        True,
    )


@pytest.mark.parametrize("width", [32, 40, 55])
def test_lines_wrapped_at_any_width_read_the_same(width: int) -> None:
    """Wrapped after a blank or inside a word, as a copied PDF comes."""
    start = LETTER.index("ข้อเสนอแนะสำหรับ")
    letter = LETTER[start:]
    lines: list[str] = []
    for line in letter.splitlines():
        while len(line) > width:
            cut = line.rfind(" ", width - 12, width) + 1 or width
            lines.append(line[:cut])
            line = line[cut:]
        lines.append(line)
    assert len(lines) > len(letter.splitlines()) + 10
    wrapped = [(f.tool, f.part, f.codes, f.cited, f.text) for f in read("\n".join(lines)).found if f.codes]
    assert wrapped == [(f.tool, f.part, f.codes, f.cited, f.text) for f in read(letter).found if f.codes]


@pytest.mark.parametrize(
    ("text", "place", "codes"),
    [
        ("ข้อ i7 ควรทำ", ("IIT", 0), ("i7",)),
        ("i7 ควรทำ", ("IIT", 0), ("i7",)),
        ("- ข้อ I๗: ควรทำ", ("IIT", 0), ("i7",)),
        ("๑. ข้อ i๗ ควรทำ", ("IIT", 0), ("i7",)),
        ("ข้อ i๗ควรทำ", ("IIT", 0), ("i7",)),
        ("ข้อ i๗ และข้อ i๘ ควรทำ", ("IIT", 0), ("i7", "i8")),
        ("ข้อ i๗ ข้อ i๙ ควรทำ", ("IIT", 0), ("i7", "i9")),
        ("ข้อ e๑๑-e๑๓ ควรทำ", ("EIT", 0), ("e11", "e12", "e13")),
        ("ข้อ e9/2 ควรทำ", ("EIT", 2), ("e9",)),
        ("ข้อ ๐๑๑ ควรทำ", ("OIT", 0), ("o11",)),
        ("OIT\nข้อ ๓๕ ควรทำ", ("OIT", 0), ("o35",)),
        ("OIT\n๐๓๕ ควรทำ", ("OIT", 0), ("o35",)),
        ("EIT ส่วนที่ ๒\nข้อ e9 ควรทำ", ("EIT", 2), ("e9",)),
        ("แบบวัด IIT\nควรทำ", ("IIT", 0), ()),
        ("ข้อเสนอแนะต่อแบบวัด IIT: ควรทำ", ("IIT", 0), ()),
        ("ควรทำ", ("total", 0), ()),
    ],
)
def test_the_notations_of_a_beginning(text: str, place: tuple[str, int], codes: tuple[str, ...]) -> None:
    reading = read(text)
    assert reading.refused == ()
    assert [((f.tool, f.part), f.codes, f.text) for f in reading.found] == [(place, codes, "ควรทำ")]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("ข้อ i99 ควรทำ", 1, "ไม่มีข้อ i99"),
        ("ข้อ i8, ข้อ i77 ควรทำ", 1, "ไม่มีข้อ i77"),
        ("\nข้อ i8, ข้อ e9 ควรทำ", 2, "ต่างเครื่องมือ"),
        ("IIT\nข้อ e9 ควรทำ", 2, "ข้อ e9 เป็นข้อของ EIT แต่อยู่ใต้หัวข้อ IIT"),
        ("EIT ส่วนที่ 1\nข้อ e9/2 ควรทำ", 2, "ระบุส่วนที่ 2 แต่อยู่ใต้หัวข้อส่วนที่ 1"),
        ("EIT ส่วนที่ 3", 1, "ไม่มี EIT ส่วนที่ 3"),
        ("ข้อ i7\nIIT", 1, "i7 ไม่มีข้อความข้อเสนอแนะ"),
        ("ข้อเสนอแนะสำหรับการประเมินตามแบบวัดใหม่", 1, "ไม่บอกเครื่องมือ"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line(text: str, line: int, reason: str) -> None:
    reading = read(text)
    assert reading.found == ()
    (refused,) = reading.refused
    assert refused.line == line
    assert reason in refused.reason
    assert refused.reason.startswith(f"บรรทัดที่ {line}: ")


def test_a_refused_paragraph_takes_its_lines_along_and_the_next_is_read() -> None:
    reading = read("ข้อ i99 ควรทำ\nต่อไปอีก\nข้อ i8 ควรชี้แจง")
    assert [(f.codes, f.text) for f in reading.found] == [(("i8",), "ควรชี้แจง")]
    assert [r.text for r in reading.refused] == ["i99 ควรทำต่อไปอีก"]


def test_an_unknown_citation_is_named_and_links_to_nothing() -> None:
    (found,) = read("ข้อ i7 ควรทำ (อ้างอิงจาก ๐๑๑ และ ๐๙๙)").found
    assert (found.cited, found.unknown) == (("o11",), ("o99",))


def test_a_year_without_parts_reads_them_as_the_whole_tool_and_says_so() -> None:
    reading = read_recommendations("EIT ส่วนที่ 1\nข้อ e9 ควรทำ", CODES, parts=())
    assert [(f.tool, f.part) for f in reading.found] == [("EIT", 0)]
    assert "EIT ของปีนี้ไม่แบ่งส่วน" in reading.refused[0].reason


def test_a_sentence_that_begins_like_a_heading_stays_a_sentence() -> None:
    text = "IIT\nข้อ i7 หน่วยงานควรทำตาม\nส่วนที่ ๒ ของแผน"
    (found,) = read(text).found
    assert (found.tool, found.part, found.text) == ("IIT", 0, "หน่วยงานควรทำตามส่วนที่ ๒ ของแผน")


def test_nothing_is_read_from_nothing() -> None:
    assert read(" \n\t\n") == Reading((), ())


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("(อ้างอิงจาก ๐๑๑)", ("o11",)),
        ("(อ้างอิงจาก O๑๔)", ("o14",)),
        ("(อ้างอิง o๐๘)", ("o8",)),
        ("(อ้างอิงจาก ๐๑๔ และ ๐๑๕)", ("o14", "o15")),
        ("(อ้างอิงจากข้อ ๑๔, ๑๖)", ("o14", "o16")),
        ("(อ้างอิงจาก o11-o13) และ (อ้างอิงจาก ๐๑๑)", ("o11", "o12", "o13")),
        ("อ้างอิงจาก ๓ แหล่ง", ()),
        ("ข้อ o11 ไม่ได้อ้างอิง", ()),
        ("ปี ๒๕๖๖ (อ้างอิงจาก ๒๕๖๕)", ()),
    ],
)
def test_cited_codes(text: str, codes: tuple[str, ...]) -> None:
    assert cited_codes(text) == codes


def test_citations_are_spelt_alike_and_other_words_stay() -> None:
    text = "ติดประกาศ(อ้างอิงจาก ๐๑๑) และคู่มือ (อ้างอิงจาก  ๐๑๔ และ O๑๕) โทร. 0 2000 0000 (อ้างอิงจาก ๐๓๖ แผน)"
    said = "ติดประกาศ (อ้างอิงจาก o11) และคู่มือ (อ้างอิงจาก o14 และ o15) โทร. 0 2000 0000 (อ้างอิงจาก o36 แผน)"
    assert normalised(text) == said
    assert normalised(said) == said


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ยังไม่รู้แผน ดังนั้น ควรติดประกาศ (อ้างอิงจาก ๐๑๑) ทุกไตรมาส", "ควรติดประกาศ ทุกไตรมาส"),
        ("ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑ และ ๐๑๒)", "ควรเชิญมาร่วม"),
    ],
)
def test_what_a_recommendation_asks_for(text: str, asked: str) -> None:
    assert advice(text) == asked


@pytest.mark.parametrize(
    ("left", "right", "whole"),
    [
        ("หน่วย", "งาน", "หน่วยงาน"),
        ("หน่วยงาน ", "ควรทำ", "หน่วยงาน ควรทำ"),
        ("ช่องทาง", "(Line)", "ช่องทาง (Line)"),
        ("ต่าง ๆ", "เช่น", "ต่าง ๆ เช่น"),
        ("ปี ๒๕๖๖", "ควรทำ", "ปี ๒๕๖๖ ควรทำ"),
    ],
)
def test_pieces_of_a_wrapped_line_join_as_thai_is_written(left: str, right: str, whole: str) -> None:
    assert joined(left, right) == whole


def test_a_long_text_is_read_in_time() -> None:
    """Nothing here goes back over the text: 200,000 characters of brackets and codes take well under a second."""
    text = "\n".join("ข้อ i๘ , " * 20 + "(อ้างอิงจาก " * 5 for _ in range(800))
    assert len(text) > 150_000
    assert re.search("i8", " ".join(code for f in read(text).found for code in f.codes))
