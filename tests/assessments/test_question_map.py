"""The question map: its structure, what it allows to compare, and the operator's page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from assessments import question_map
from assessments.models import Assessment, Instrument
from assessments.question_map import BadMap, Change, Origin
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)
URL = "/operator/instruments/2566/question-map/"
MAP = {
    "i1": {"from": "i2", "kind": "same"},
    "i2": {"from": "i1", "kind": "reworded"},
    "i3": {"kind": "new"},
}


# --- pure ---------------------------------------------------------------------------------------------------------


def test_a_map_is_read_and_stored_unchanged() -> None:
    origins = question_map.read(MAP)
    assert origins["i2"] == Origin(Change.REWORDED, "i1")
    assert question_map.stored(origins) == MAP


def test_only_the_same_question_is_compared_and_the_unnamed_are_gone() -> None:
    origins = question_map.read(MAP)
    assert question_map.same(origins) == {"i1": "i2"}
    assert question_map.reworded(origins) == {"i2"}
    assert question_map.gone(origins, ["i1", "i2", "i3"]) == ["i3"]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"i1": "i1"}, "ข้อ i1: ต้องเป็น"),
        ({"i1": {"from": "i1", "kind": "other"}}, "kind เป็น same, reworded หรือ new"),
        ({"i1": {"kind": "same"}}, "ข้อ i1: ข้อใหม่ต้องไม่มีข้อของปีก่อน"),
        ({"i1": {"from": "i1", "kind": "new"}}, "ข้อ i1: ข้อใหม่ต้องไม่มีข้อของปีก่อน"),
        (
            {"i1": {"from": "i9", "kind": "same"}, "i2": {"from": "i9", "kind": "reworded"}},
            "ข้อ i2: ข้อ i9 ของปีก่อนใช้กับข้อ i1 แล้ว",
        ),
    ],
)
def test_a_wrong_map_is_refused_with_its_place(data: dict[str, Any], told: str) -> None:
    with pytest.raises(BadMap, match=re.escape(told)):
        question_map.read(data)


# --- comparing ----------------------------------------------------------------------------------------------------


@pytest.fixture
def instrument(instruments: None) -> Instrument:
    return Instrument.objects.get(be_year=2566)


@pytest.fixture
def both_years(instrument: Instrument, organisation: Organisation) -> Assessment:
    """Scores of i1 to i4 in both years; last year 10, 20, 30, 40, this year 81 to 84."""
    last = Assessment.open_for(organisation, Instrument.objects.get(be_year=2565))
    last.save_scores({(f"i{n}", 0): Decimal(10 * n) for n in range(1, 5)}, by=None, at=NOW)
    this = Assessment.open_for(organisation, instrument)
    this.save_scores({(f"i{n}", 0): Decimal(80 + n) for n in range(1, 5)}, by=None, at=NOW)
    return this


def test_last_years_score_comes_through_the_map_alone(both_years: Assessment) -> None:
    both_years.instrument.question_map = MAP
    result = both_years.result(compared=True)
    assert [(f.previous, f.change, f.reworded) for f in result.questions[:4]] == [
        (Decimal(20), Decimal(61), False),
        (None, None, True),
        (None, None, False),
        (None, None, False),  # never compared by an operator
    ]


def test_the_analysis_marks_a_changed_question_and_subtracts_nothing(
    client: Client, both_years: Assessment, staff: User
) -> None:
    Instrument.objects.filter(be_year=2566).update(question_map=MAP)
    both_years.save_score(code="total", part=0, value=Decimal(90), version=0, by=staff, at=NOW)
    both_years.year_before.save_score(code="total", part=0, value=Decimal(88), version=0, by=staff, at=NOW)
    client.force_login(staff)
    html = client.get("/abt-tuayang/2566/analysis/").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", html[html.index("รายข้อคำถาม ๒ ข้อ") :], flags=re.DOTALL)
    same, reworded = rows[1], rows[2]
    assert ">i๑<" in same and "+๖๑.๐๐" in same
    assert ">i๒<" in reworded and "คำถามเปลี่ยน" in reworded
    assert "๑๐.๐๐" not in reworded


def test_the_score_sheet_shows_last_year_of_the_same_question_only(
    client: Client, both_years: Assessment, staff: User
) -> None:
    Instrument.objects.filter(be_year=2566).update(question_map=MAP)
    client.force_login(staff)
    html = client.get("/abt-tuayang/2566/scores/").content.decode()
    rows = {code: html[html.index(f'id="row-{code}"') :].split("</tr>")[0] for code in ("i1", "i2")}
    assert "๒๐.๐๐" in rows["i1"] and "+๖๑.๐๐" in rows["i1"]
    assert "๑๐.๐๐" not in rows["i2"] and "คำถามเปลี่ยน" in rows["i2"]


# --- the operator's page ------------------------------------------------------------------------------------------


def post(client: Client, instrument: Instrument, **choices: str) -> Any:
    html = client.get(URL).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', html)
    assert seen is not None
    fields = {name.replace("_", "-"): value for name, value in choices.items()}
    return client.post(URL, {"seen": seen[1], **fields})


def test_the_operator_saves_a_map_and_loading_again_keeps_it(
    client: Client, instrument: Instrument, operator: User
) -> None:
    client.force_login(operator)
    answer = post(client, instrument, from_i1="i2", from_i2="i1", reworded_i2="on", from_i3="new")
    assert answer.status_code == 302
    instrument.refresh_from_db()
    assert instrument.question_map == MAP
    event = Event.objects.get(verb=Event.Verb.QUESTION_MAP_CHANGED)
    assert (event.actor, event.facts["be_year"]) == (operator, 2566)
    call_command("load_instruments", verbosity=0)
    instrument.refresh_from_db()
    assert instrument.question_map == MAP


def test_the_page_lists_what_is_gone(client: Client, instrument: Instrument, operator: User) -> None:
    instrument.map_questions(question_map.read(MAP), by=operator, at=NOW)
    client.force_login(operator)
    html = client.get(URL).content.decode()
    gone = html[html.index("gone-heading") :]
    assert "<li>i๓ " in gone and "<li>i๒ " not in gone
    row = html[html.index('id="from-i2"') :].split("</tr>")[0]
    assert '<option value="i1" selected>' in row and "checked" in row


def test_one_question_of_last_year_twice_is_refused_and_nothing_typed_is_lost(
    client: Client, instrument: Instrument, operator: User
) -> None:
    before = instrument.question_map
    client.force_login(operator)
    answer = post(client, instrument, from_i1="i2", from_i3="i2", from_i4="new")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "ข้อ i๓: ข้อ i๒ ของปีก่อนใช้กับข้อ i๑ แล้ว" in html
    for code, chosen in (("i1", "i2"), ("i3", "i2"), ("i4", "new")):
        row = html[html.index(f'id="from-{code}"') :].split("</tr>")[0]
        assert f'<option value="{chosen}" selected>' in row
    instrument.refresh_from_db()
    assert instrument.question_map == before


def test_a_question_that_last_year_has_not_is_refused(
    client: Client, instrument: Instrument, operator: User
) -> None:
    client.force_login(operator)
    answer = post(client, instrument, from_i1="i77")
    assert answer.status_code == 422
    assert "ข้อ i๑: ไม่มีข้อ i๗๗ ในแบบประเมินของปีก่อน" in answer.content.decode()


def test_the_second_of_two_operators_sees_that_the_map_has_changed(
    client: Client, instrument: Instrument, operator: User
) -> None:
    client.force_login(operator)
    assert client.post(URL, {"seen": "old", "from-i1": "i5"}).status_code == 422
    instrument.refresh_from_db()
    assert instrument.question_map["i1"] == {"from": "i1", "kind": "same"}


def test_years_without_questions_say_so(client: Client, instrument: Instrument, operator: User) -> None:
    client.force_login(operator)
    assert "นำเข้ารายการคำถามก่อนจึงเทียบได้" in client.get(URL.replace("2566", "2567")).content.decode()
    assert "ยังไม่มีรายการคำถามของปี ๒๕๖๓" in client.get(URL.replace("2566", "2564")).content.decode()
