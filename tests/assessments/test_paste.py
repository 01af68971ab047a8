"""Scores from a paste or a CSV file: the preview, what is refused, and the saving of exactly what was shown."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import Assessment, Instrument
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

AT = datetime(2023, 9, 1, 2, 0, tzinfo=UTC)
PASTE = "/abt-tuayang/2566/scores/paste/"
ROWS = "i7 ๘๖.๘๒ (๗๙.๕๕)\ni8\t70.5\ne9 ส่วนที่ ๑ = ๙๑.๔๗"


@pytest.fixture
def assessment(instruments: None, organisation: Organisation, staff: User) -> Assessment:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores({("i7", 0): Decimal("86.82"), ("i8", 0): Decimal("80.70")}, by=staff, at=AT)
    return made


@pytest.fixture
def editor(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", response.content.decode()))


def preview(editor: Client, **sent: Any) -> tuple[Any, dict[str, str]]:
    """Return the page of a preview and the fields that its confirm button sends."""
    response = editor.post(PASTE, sent)
    html = response.content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', html)
    box = re.search(r"<textarea[^>]*>\s(.*?)</textarea>", html, re.DOTALL)
    is_file = re.search(r'name="is_file"[^>]* value="True"', html)
    fields = {"confirm": "yes", "seen": seen[1] if seen else "", "text": box[1] if box else ""}
    return response, fields | ({"is_file": "True"} if is_file else {})


def csv(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    return SimpleUploadedFile("scores.csv", text.encode(encoding), "text/csv")


def entered(assessment: Assessment) -> dict[str, str]:
    return {f"{code}/{part}": str(value) for (code, part), value in assessment.entered().items()}


BEFORE = {"i7/0": "86.82", "i8/0": "80.70"}


# --- a paste --------------------------------------------------------------------------------------------------------


def test_a_preview_counts_and_shows_old_and_new_and_saves_nothing(
    editor: Client, assessment: Assessment
) -> None:
    response, fields = preview(editor, text=ROWS + "\no7 50\ni99 12.00")
    page = text_of(response)
    assert "อ่านได้ ๓ · เปลี่ยน ๒ · อ่านไม่ได้ ๒" in page
    assert "ส่วนร่วมในกระบวนการงบประมาณ มากน้อยเพียงใด ๘๐.๗๐ ๗๐.๕๐ แทนค่าเดิม" in page
    assert "๘๖.๘๒ ๘๖.๘๒ เหมือนเดิม ๗๙.๕๕" in page
    assert "บรรทัดที่ ๔: ข้อ o๗: คะแนน “๕๐.๐๐” ใช้กับข้อ OIT ไม่ได้" in page
    assert "บรรทัดที่ ๕: เครื่องมือประเมินของปีนี้ไม่มีข้อ i๙๙" in page
    assert "i99 12.00" in fields["text"]
    assert entered(assessment) == BEFORE


def test_the_confirmed_preview_is_saved_at_once_and_recorded(editor: Client, assessment: Assessment) -> None:
    _, fields = preview(editor, text=ROWS)
    page = text_of(editor.post(PASTE, fields, follow=True))
    assert "บันทึกคะแนนแล้ว เปลี่ยน ๒ ค่า จากข้อความที่วาง" in page
    assert entered(assessment) == {"i7/0": "86.82", "i8/0": "70.50", "e9/1": "91.47"}
    assert Event.objects.get().verb == "scores-imported"


def test_the_first_paste_makes_the_assessment(
    editor: Client, instruments: None, organisation: Organisation
) -> None:
    _, fields = preview(editor, text="i1 90")
    assert not Assessment.objects.exists()
    editor.post(PASTE, fields)
    assert entered(Assessment.objects.get()) == {"i1/0": "90.00"}


def test_a_cell_changed_meanwhile_brings_the_preview_again(
    editor: Client, assessment: Assessment, administrator: User
) -> None:
    _, fields = preview(editor, text=ROWS)
    assessment.save_score(code="i8", part=0, value=Decimal(60), version=1, by=administrator, at=AT)
    page = text_of(editor.post(PASTE, fields))
    assert "เปลี่ยนไปหลังจากที่แสดงครั้งก่อน" in page and "๖๐.๐๐ ๗๐.๕๐ แทนค่าเดิม" in page
    assert entered(assessment) == BEFORE | {"i8/0": "60.00"}


def test_a_text_changed_after_the_preview_is_shown_before_it_is_saved(
    editor: Client, assessment: Assessment
) -> None:
    _, fields = preview(editor, text=ROWS)
    page = text_of(editor.post(PASTE, fields | {"text": "i8 10"}))
    assert "๘๐.๗๐ ๑๐.๐๐ แทนค่าเดิม" in page
    assert entered(assessment) == BEFORE


def test_posted_values_are_never_believed(editor: Client, assessment: Assessment) -> None:
    editor.post(PASTE, {"confirm": "yes", "text": "i8 10", "i8": "99", "seen": ""})
    assert entered(assessment) == BEFORE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("i7 -1", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “-๑” ต่ำกว่า ๐"),
        ("i7 100.01", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “๑๐๐.๐๑” มากกว่า ๑๐๐"),
        ("i7\tabc", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “abc” ไม่ใช่ตัวเลข"),
        ("i7 ๙๐.๕.๕", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “๙๐.๕.๕” มีจุดทศนิยมมากกว่าหนึ่งจุด"),
        ("i7 90.555", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “๙๐.๕๕๕” มีทศนิยมมากกว่า ๒ ตำแหน่ง"),
        ("i7 90,55", "บรรทัดที่ ๑: ข้อ i๗: คะแนน “๙๐,๕๕” มีเครื่องหมายจุลภาค"),
        ("i7 80\ni7 90", "ข้อ i๗ มีสองค่า คือ ๘๐.๐๐ ในบรรทัดที่ ๑ และ ๙๐.๐๐ ในบรรทัดที่ ๒"),
        ("e9 80", "ข้อ e๙ มีคะแนนสองส่วน แต่พบเพียงค่าเดียว"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line(
    editor: Client, assessment: Assessment, text: str, reason: str
) -> None:
    response, fields = preview(editor, text=text)
    page = text_of(response)
    assert reason in page and " เช่น " in page
    assert fields["text"] == text and fields["seen"] == ""
    assert entered(assessment) == BEFORE


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_paste_asks_for_text(editor: Client, assessment: Assessment, text: str) -> None:
    response = editor.post(PASTE, {"text": text})
    assert response.status_code == 422
    assert "ยังไม่มีข้อความ: ให้วางแถวคะแนนที่คัดลอกมา เช่น i7 86.82" in text_of(response)


def test_prose_without_scores_reads_as_nothing(editor: Client, assessment: Assessment) -> None:
    response, fields = preview(editor, text="เรียน นายกองค์การบริหารส่วนตำบล")
    page = text_of(response)
    assert "อ่านได้ ๐ · เปลี่ยน ๐ · อ่านไม่ได้ ๐" in page
    assert "ไม่พบคะแนนในข้อความนี้" in page and "เช่น i๗ ๘๖.๘๒" in page
    assert fields["seen"] == ""


# --- a file ---------------------------------------------------------------------------------------------------------

CSV = "code,part,score\ni7,,๗๗.๕\ne9,2,73.60\nIIT,,93.17\n"
SAVED = BEFORE | {"i7/0": "77.50", "e9/2": "73.60", "IIT/0": "93.17"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "tis-620"])
def test_a_file_is_previewed_and_saved(editor: Client, assessment: Assessment, encoding: str) -> None:
    response, fields = preview(editor, file=csv("รหัส,ส่วน,คะแนน\n" + CSV.partition("\n")[2], encoding))
    assert "อ่านได้ ๓ · เปลี่ยน ๓ · อ่านไม่ได้ ๐" in text_of(response)
    assert entered(assessment) == BEFORE
    page = text_of(editor.post(PASTE, fields, follow=True))
    assert "บันทึกคะแนนแล้ว เปลี่ยน ๓ ค่า จากไฟล์ CSV" in page
    assert entered(assessment) == SAVED


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "ไฟล์ “scores.csv” ไม่ใช่ไฟล์ CSV"),
        (b"x" * 10_000_000, "ไฟล์ “scores.csv” มีขนาดเกิน ๑ MB"),
        (b"", "ไฟล์ “scores.csv” ว่างเปล่า"),
        (b"i7,90\n", "ขาดคอลัมน์ code, part, score ในบรรทัดที่ ๑"),
    ],
)
def test_a_file_that_is_no_table_of_scores_is_refused(
    editor: Client, assessment: Assessment, content: bytes, reason: str
) -> None:
    response = editor.post(PASTE, {"file": SimpleUploadedFile("scores.csv", content), "text": "i7 90"})
    page = text_of(response)
    assert response.status_code == 422
    assert reason in page and "เช่น" in page
    assert "i7 90" in page
    assert entered(assessment) == BEFORE


def test_bad_rows_of_a_file_are_named(editor: Client, assessment: Assessment) -> None:
    response, _ = preview(editor, file=csv("code,part,score\ni7,,77\no7,,50\nx9,,80\n"))
    page = text_of(response)
    assert "บรรทัดที่ ๓: ข้อ o๗: คะแนน “๕๐.๐๐” ใช้กับข้อ OIT ไม่ได้" in page
    assert "บรรทัดที่ ๔: อ่านรหัส “x9” ไม่ได้" in page


# --- where nothing can be pasted ------------------------------------------------------------------------------------


def test_closed_scores_take_no_paste(editor: Client, assessment: Assessment, staff: User) -> None:
    _, fields = preview(editor, text=ROWS)
    Assessment.objects.update(closed_at=AT, closed_by=staff)
    page = text_of(editor.post(PASTE, fields, follow=True))
    assert "ปิดคะแนนแล้ว โดย สมหญิง staff เมื่อ ๑ กันยายน ๒๕๖๖" in page
    assert entered(assessment) == BEFORE


def test_a_year_without_instrument_takes_no_paste(editor: Client, assessment: Assessment) -> None:
    response = editor.post("/abt-tuayang/2563/scores/paste/", {"text": "i7 90"})
    assert response.status_code == 404
    assert "ยังไม่มีแบบประเมินปีงบประมาณ ๒๕๖๓" in text_of(response)
