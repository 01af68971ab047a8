"""The score sheet's page: reading, saving one cell and all of them, closing and reopening."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Instrument, Score
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from tests.conftest import case_scores, read_case

AT = datetime(2023, 9, 1, 2, 0, tzinfo=UTC)
SHEET = "/abt-tuayang/2566/scores/"


@pytest.fixture
def assessment(instruments: None, organisation: Organisation) -> Assessment:
    return Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))


@pytest.fixture
def filled(assessment: Assessment, staff: User) -> Assessment:
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=AT)
    return assessment


@pytest.fixture
def editor(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def form_of(client: Client, **typed: str) -> dict[str, str]:
    """Return the fields that a browser would send from the sheet, with some typed over ("e9/2" as "e9_2")."""
    html = client.get(SHEET).content.decode()
    tags = [re.findall(r'(\w+)="([^"]*)"', tag) for tag in re.findall(r"<input [^>]*>", html)]
    fields = {attrs["name"]: attrs["value"] for attrs in map(dict, tags) if "name" in attrs}
    assert typed.keys() <= {name.replace("/", "_").replace("-", "_") for name in fields}
    by_word = {name.replace("/", "_").replace("-", "_"): name for name in fields}
    return fields | {by_word[word]: text for word, text in typed.items()}


def value_of(assessment: Assessment, code: str, part: int = 0) -> Decimal | None:
    return assessment.entered().get((code, part))


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_empty_sheet_has_every_cell_and_writes_nothing(
    editor: Client, instruments: None, organisation: Organisation
) -> None:
    fields = form_of(editor)
    questions = [name for name in fields if re.fullmatch(r"[ieo]\d+(/[12])?", name)]
    assert len(questions) == 103
    assert not Assessment.objects.exists()


def test_the_sheet_shows_scores_flags_totals_and_level(editor: Client, filled: Assessment) -> None:
    page = text_of(editor.get(SHEET))
    assert '"i8" value="80.70"' in page
    assert "● ขาด ๔.๓๐" in page
    for name, value in [
        ("IIT", "๙๓.๑๗"),
        ("EIT ๑", "๙๐.๓๔"),
        ("EIT ๒", "๘๔.๓๘"),
        ("OIT", "๑๐๐"),
        ("รวม", "๙๔.๑๖"),
    ]:
        assert f"<dt>{name}</dt> <dd>{value}</dd>" in page
    assert "EIT ส่วนที่ ๒ = ๘๔.๓๘" in page


def test_last_years_scores_stand_beside(editor: Client, filled: Assessment, staff: User) -> None:
    last = Assessment.open_for(filled.organisation, Instrument.objects.get(be_year=2565))
    last.save_scores({("indicator-2", 0): Decimal("85.00")}, by=staff, at=AT)
    page = text_of(editor.get(SHEET))
    assert "๘๕.๐๐" in page and "+๗.๑๖" in page


def test_a_year_without_instrument_names_the_years_that_are(
    editor: Client, instruments: None, organisation: Organisation
) -> None:
    response = editor.get("/abt-tuayang/2563/scores/")
    assert response.status_code == 404
    assert "ยังไม่มีแบบประเมินปีงบประมาณ ๒๕๖๓" in text_of(response)
    assert '/abt-tuayang/2566/scores/"' in text_of(response)


def test_an_approver_reads_without_inputs(client: Client, filled: Assessment, approver: User) -> None:
    client.force_login(approver)
    page = text_of(client.get(SHEET))
    assert "๘๐.๗๐" in page
    assert 'name="i8"' not in page and "ปิดคะแนน" not in page


@pytest.mark.parametrize("others", [10, 1000])
def test_the_sheet_asks_the_same_few_questions_whatever_others_keep(
    editor: Client, filled: Assessment, others: int
) -> None:
    made = Organisation.objects.bulk_create(
        Organisation(slug=f"abt-{n}", kind="subdistrict", name=f"อบต.ที่ {n}", province="ตัวอย่าง")
        for n in range(others)
    )
    theirs = Assessment.objects.bulk_create(
        Assessment(organisation=o, instrument=filled.instrument) for o in made
    )
    item = filled.instrument.items.get(code="i7")
    Score.objects.bulk_create(Score(assessment=a, item=item, value=50, updated_at=AT) for a in theirs)
    last = Assessment.open_for(filled.organisation, Instrument.objects.get(be_year=2565))
    last.save_scores({("indicator-2", 0): Decimal(85)}, by=None, at=AT)
    with CaptureQueriesContext(connection) as queries:
        page = text_of(editor.get(SHEET))
    assert "๙๔.๑๖" in page
    assert len(queries) <= 15, "\n".join(query["sql"][:150] for query in queries)


# --- one cell -------------------------------------------------------------------------------------------------------


def send(client: Client, cell: str, text: str, version: int = 0) -> Any:
    return client.post(f"{SHEET}cell/", {"cell": cell, "text": text, "version": version})


def test_a_cell_in_thai_digits_is_saved_and_all_that_follows_comes_back(
    editor: Client, filled: Assessment
) -> None:
    response = send(editor, "i8", "๘๕", version=1)
    assert response.status_code == 200
    data = response.json()
    assert (data["version"], data["text"]) == (2, "85.00")
    assert re.fullmatch("[๐-๙]{2}:[๐-๙]{2}", data["saved"])
    assert data["rows"]["indicator-2"]["computed"] == "๙๒.๘๘"
    assert "flags" not in data["rows"]["i8"]
    assert {"name": "IIT", "value": "๙๓.๓๑", "weak": False} in data["foot"]["entries"]
    assert value_of(filled, "i8") == 85


def test_the_first_cell_makes_the_assessment(
    editor: Client, instruments: None, organisation: Organisation
) -> None:
    assert send(editor, "i1", "93.66").status_code == 200
    assert value_of(Assessment.objects.get(), "i1") == Decimal("93.66")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("-1", "คะแนน “-๑” ต่ำกว่า ๐: คะแนนต้องอยู่ระหว่าง ๐ ถึง ๑๐๐ เช่น ๙๓.๖๖"),
        ("100.01", "คะแนน “๑๐๐.๐๑” มากกว่า ๑๐๐: คะแนนต้องอยู่ระหว่าง ๐ ถึง ๑๐๐ เช่น ๙๓.๖๖"),
        ("abc", "คะแนน “abc” ไม่ใช่ตัวเลข: คะแนนเป็นตัวเลข ๐ ถึง ๑๐๐ ทศนิยมไม่เกิน ๒ ตำแหน่ง เช่น ๙๓.๖๖"),
        ("๙๐.๕.๕", "คะแนน “๙๐.๕.๕” มีจุดทศนิยมมากกว่าหนึ่งจุด: ให้มีจุดทศนิยมเพียงจุดเดียว เช่น ๙๓.๖๖"),
        ("90.555", "คะแนน “๙๐.๕๕๕” มีทศนิยมมากกว่า ๒ ตำแหน่ง: ให้กรอกทศนิยมไม่เกิน ๒ ตำแหน่ง เช่น ๙๓.๖๖"),
        ("93,66", "คะแนน “๙๓,๖๖” มีเครื่องหมายจุลภาค จึงอ่านได้หลายอย่าง: ให้ใช้จุดเป็นจุดทศนิยม เช่น ๙๓.๖๖"),
    ],
)
def test_what_cannot_be_read_is_refused_with_place_value_rule_and_example(
    editor: Client, filled: Assessment, text: str, rule: str
) -> None:
    response = send(editor, "e9/2", text, version=1)
    assert response.status_code == 422
    assert response.json() == {"sentence": f"e๙ ส่วนที่ ๒: {rule}"}
    assert value_of(filled, "e9", 2) == Decimal("73.60")


@pytest.mark.parametrize(
    ("cell", "version"), [("i99", "0"), ("e9", "0"), ("", "0"), ("i7", "x"), ("i7", "-1")]
)
def test_a_cell_that_is_not_is_not_found(editor: Client, filled: Assessment, cell: str, version: str) -> None:
    response = editor.post(f"{SHEET}cell/", {"cell": cell, "text": "90", "version": version})
    assert response.status_code == 404
    assert value_of(filled, "i7") == Decimal("86.82")


def test_of_two_people_the_second_sees_the_others_value_name_and_time(
    editor: Client, filled: Assessment, administrator: User
) -> None:
    filled.save_score(code="i7", part=0, value=Decimal(70), version=1, by=administrator, at=AT)
    response = send(editor, "i7", "71", version=1)
    assert response.status_code == 409
    data = response.json()
    assert data["sentence"] == "i๗: สมหญิง administrator บันทึก ๗๐.๐๐ ไว้เมื่อ ๑ กันยายน ๒๕๖๖ เวลา ๐๙:๐๐ น."
    assert data["theirs"] == {"text": "70.00", "version": 2}
    assert data["rows"]["i7"]["flags"] == ["ขาด ๑๕.๐๐"]
    assert value_of(filled, "i7") == 70


def test_a_cell_of_closed_scores_is_refused_with_who_and_when(
    editor: Client, filled: Assessment, staff: User
) -> None:
    filled.close(by=staff, at=AT)
    response = send(editor, "i7", "71", version=1)
    assert response.status_code == 409
    assert "ปิดคะแนนแล้ว โดย สมหญิง staff เมื่อ ๑ กันยายน ๒๕๖๖ เวลา ๐๙:๐๐ น." in response.json()["sentence"]
    assert value_of(filled, "i7") == Decimal("86.82")


# --- the whole page without JavaScript ------------------------------------------------------------------------------


def test_the_form_saves_what_was_changed(editor: Client, filled: Assessment) -> None:
    response = editor.post(f"{SHEET}save/", form_of(editor, i7="๗๗", e9_2="", total="94.16"), follow=True)
    assert "บันทึกแล้ว ๓ ค่า" in text_of(response)
    assert (value_of(filled, "i7"), value_of(filled, "e9", 2)) == (77, None)
    assert filled.scores.filter(version=2).count() == 2


def test_one_bad_cell_saves_nothing_and_loses_nothing(editor: Client, filled: Assessment) -> None:
    response = editor.post(f"{SHEET}save/", form_of(editor, i7="77", i9="93,04", o7="50"))
    page = text_of(response)
    assert response.status_code == 422
    assert '<a href="#cell-i9">i๙: คะแนน “๙๓,๐๔” มีเครื่องหมายจุลภาค' in page
    assert '<a href="#cell-o7">o๗: คะแนน “๕๐.๐๐” ใช้กับข้อ OIT ไม่ได้' in page
    for name, typed in [("i7", "77"), ("i9", "93,04"), ("o7", "50")]:
        assert f'name="{name}" value="{typed}"' in page
    assert value_of(filled, "i7") == Decimal("86.82")


def test_the_form_refuses_all_where_somebody_was_quicker_and_then_takes_mine(
    editor: Client, filled: Assessment, administrator: User
) -> None:
    fields = form_of(editor, i7="77", i8="78")
    filled.save_score(code="i7", part=0, value=Decimal(70), version=1, by=administrator, at=AT)
    response = editor.post(f"{SHEET}save/", fields)
    page = text_of(response)
    assert response.status_code == 409
    assert "i๗: สมหญิง administrator บันทึก ๗๐.๐๐ ไว้เมื่อ ๑ กันยายน ๒๕๖๖" in page
    assert 'name="i7" value="77"' in page and 'name="was-i7" value="2:70.00"' in page
    assert (value_of(filled, "i7"), value_of(filled, "i8")) == (70, Decimal("80.70"))
    editor.post(f"{SHEET}save/", fields | {"was-i7": "2:70.00"})
    assert (value_of(filled, "i7"), value_of(filled, "i8")) == (77, 78)


def test_cells_left_alone_never_conflict(editor: Client, filled: Assessment, administrator: User) -> None:
    fields = form_of(editor, i8="78")
    filled.save_score(code="i7", part=0, value=Decimal(70), version=1, by=administrator, at=AT)
    assert editor.post(f"{SHEET}save/", fields).status_code == 302
    assert (value_of(filled, "i7"), value_of(filled, "i8")) == (70, 78)


def test_scores_closed_meanwhile_keep_what_was_typed_on_the_page(
    editor: Client, filled: Assessment, staff: User
) -> None:
    fields = form_of(editor, i7="77")
    filled.close(by=staff, at=AT)
    response = editor.post(f"{SHEET}save/", fields)
    assert response.status_code == 409
    assert "สิ่งที่กรอกยังไม่ได้บันทึก" in text_of(response)
    assert 'name="i7" value="77"' in text_of(response)
    assert value_of(filled, "i7") == Decimal("86.82")


def test_filling_gives_100_to_empty_disclosure_items_alone(
    editor: Client, assessment: Assessment, staff: User
) -> None:
    assessment.save_scores({("o7", 0): Decimal(0), ("o8", 0): Decimal(100)}, by=staff, at=AT)
    response = editor.post(f"{SHEET}save/", form_of(editor, o9="0", i1="90") | {"fill": "100"}, follow=True)
    assert "กรอก ๑๐๐ ให้ข้อ OIT ที่ยังว่าง ๔๐ ข้อ ข้อที่กรอก ๐ ไว้ไม่เปลี่ยน: o๗, o๙" in text_of(response)
    disclosure = {key[0]: value for key, value in assessment.entered().items() if key[0].startswith("o")}
    assert {code for code, value in disclosure.items() if value == 0} == {"o7", "o9"}
    assert len(disclosure) == 43
    assert value_of(assessment, "i1") == 90


def test_another_depth_saves_what_was_typed_and_shows_its_rows(editor: Client, filled: Assessment) -> None:
    fields = form_of(editor, i7="77") | {"depth": "tools"}
    page = text_of(editor.post(f"{SHEET}depth/", fields, follow=True))
    assert 'name="EIT/2"' in page and 'name="indicator-1"' not in page and 'name="i7"' not in page
    assert value_of(filled, "i7") == 77
    page = text_of(editor.post(f"{SHEET}depth/", {"depth": "questions"}, follow=True))
    assert 'name="i7" value="77.00"' in page


def test_an_unknown_depth_changes_nothing(editor: Client, filled: Assessment) -> None:
    editor.post(f"{SHEET}depth/", {"depth": "everything"})
    assert Assessment.objects.get().depth == "questions"


# --- closing and reopening ------------------------------------------------------------------------------------------


def test_incomplete_scores_name_what_is_missing(editor: Client, assessment: Assessment) -> None:
    page = text_of(editor.post(f"{SHEET}close/", {"i1": "90", "was-i1": "0:"}, follow=True))
    assert "ยังไม่ได้กรอก ๑๐๒ ช่อง คือ i๒, i๓, i๔, i๕, i๖ และอีก ๙๗ ช่อง" in page
    assert value_of(assessment, "i1") == 90
    assert not Assessment.objects.get().is_closed


def test_closed_scores_are_read_only_and_reopen_for_a_reason(editor: Client, filled: Assessment) -> None:
    page = text_of(editor.post(f"{SHEET}close/", form_of(editor), follow=True))
    assert "ปิดคะแนนปีงบประมาณ ๒๕๖๖ แล้ว" in page and "โดย สมหญิง staff เมื่อ" in page
    assert 'name="i7"' not in page and "๘๖.๘๒" in page
    page = text_of(editor.post(f"{SHEET}reopen/", {"reason": " "}, follow=True))
    assert "ต้องเขียนเหตุผลที่เปิดคะแนนอีกครั้ง" in page and 'name="i7"' not in page
    page = text_of(editor.post(f"{SHEET}reopen/", {"reason": "แก้ข้อ i7"}, follow=True))
    assert 'name="i7" value="86.82"' in page
    page = text_of(editor.post(f"{SHEET}reopen/", {"reason": "แก้ข้อ i7"}, follow=True))
    assert "คะแนนเปิดให้แก้ไขอยู่แล้ว" in page


def test_reopening_tells_that_sent_and_approved_papers_stay(
    editor: Client, filled: Assessment, staff: User
) -> None:
    filled.close(by=staff, at=AT)
    warning = "เอกสารที่เสนอหรืออนุมัติไว้จะไม่เปลี่ยนตามคะแนนที่แก้"
    assert warning not in text_of(editor.get(SHEET))
    plan = MeasurePlan.start(assessment=filled)
    assert warning not in text_of(editor.get(SHEET))
    plan.lock(by=staff, at=AT)
    assert f"มาตรการของปีงบประมาณ ๒๕๖๗ อยู่ระหว่างเสนอหรืออนุมัติแล้ว {warning}" in text_of(editor.get(SHEET))


@pytest.mark.parametrize("deed", ["save/", "depth/", "close/", "reopen/"])
def test_the_address_of_a_deed_leads_to_the_sheet(editor: Client, filled: Assessment, deed: str) -> None:
    assert editor.get(SHEET + deed).headers["Location"] == SHEET
