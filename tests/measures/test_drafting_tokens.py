"""Live fields: how they are read, what they show, and how a change is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.drafting import (
    FIELDS,
    MISSING,
    WORDS,
    Facts,
    Piece,
    basis,
    changed_tokens,
    odd_braces,
    resolve,
    resolved,
    token_of,
    tokens_in,
    unknown_tokens,
)
from measures.drafting.facts import label_of, listed

from .drafting_subjects import SUBJECTS, province, subdistrict, subject_of


@pytest.mark.parametrize(
    ("written", "token"),
    [
        ("คะแนนรวม", "คะแนนรวม"),
        (" คะแนนรวม : เปลี่ยน ", "คะแนนรวม:เปลี่ยน"),
        ("i7", "i7"),
        ("ข้อ I๗", "i7"),
        ("e๙ ส่วนที่ ๒:ปีก่อน", "e9 ส่วนที่ 2:ปีก่อน"),
        ("e9/2", "e9 ส่วนที่ 2"),
        ("O๑๑:ชื่อ", "o11:ชื่อ"),
        ("eit ส่วนที่ 2", "EIT ส่วนที่ 2"),
        ("ตัวชี้วัด ๗", "ตัวชี้วัดที่ 7"),
        ("ตัวชี้วัดที่ ๘ ส่วนที่ ๒", "ตัวชี้วัดที่ 8 ส่วนที่ 2"),
        ("ตัวชี้วัดย่อยที่ ๙.๑", "ตัวชี้วัดย่อยที่ 9.1"),
        ("ประเด็นที่ 3:จำนวนข้อ", "ประเด็นที่ 3:จำนวนข้อ"),
        ("คะแนนรวมม", None),
        ("i7:อะไร", None),
        ("ก, ข", None),
        ("", None),
    ],
)
def test_a_field_is_read_as_people_write_it(written: str, token: str | None) -> None:
    assert token_of(written) == token


def test_a_text_is_cut_into_words_and_values() -> None:
    facts = Facts({"คะแนนรวม": "94.16"})
    assert resolve("ได้ {คะแนนรวม} คะแนน {i99} {อื่น ๆ}", facts) == [
        Piece("ได้ "),
        Piece("94.16", "คะแนนรวม"),
        Piece(" คะแนน "),
        Piece(MISSING, "i99", known=False),
        Piece(" {อื่น ๆ}"),
    ]
    assert odd_braces("{คะแนนรวม} {คะแนนรวมม}") == ["{คะแนนรวมม}"]
    assert unknown_tokens("{คะแนนรวม} {i99}", facts) == ["i99"]


def test_tokens_come_once_in_their_order() -> None:
    assert tokens_in("{i๗} {ระดับ} {I7} {{i8}} {x}") == ["i7", "ระดับ", "i8"]


def test_a_change_of_scores_is_found_with_old_and_new() -> None:
    text = "{หน่วยงาน}ได้ {ตัวชี้วัดที่ 7} คะแนน ลดลงจาก {ตัวชี้วัดที่ 7:ปีก่อน} คะแนน"
    kept = basis(text, subdistrict().facts)
    assert kept == {
        "หน่วยงาน": "องค์การบริหารส่วนตำบลตัวอย่าง",
        "ตัวชี้วัดที่ 7": "65.01",
        "ตัวชี้วัดที่ 7:ปีก่อน": MISSING,
    }
    assert changed_tokens(kept, subdistrict().facts) == []
    assert changed_tokens(kept, SUBJECTS["all 100"]().facts) == [("ตัวชี้วัดที่ 7", "65.01", "100")]


def test_every_figure_has_its_own_field() -> None:
    """An indicator in parts is three figures; none may write over another."""
    subject = province()
    labels = [label_of(f) for f in subject.result.figures.values()]
    assert len(labels) == len(set(labels))
    assert [token_of(label) for label in labels] == labels
    assert subject.facts["ตัวชี้วัดที่ 8"] == "84.03"
    assert subject.facts["ตัวชี้วัดที่ 8 ส่วนที่ 2"] == "79.54"


def test_every_fact_can_be_written_as_a_field() -> None:
    facts = province().facts
    assert [token for token in facts if token_of(token) != token] == []


def test_complete_data_fill_every_word_but_that_on_missing_indicators() -> None:
    facts = province().facts
    assert [word for word in WORDS if word not in facts] == ["ตัวชี้วัดที่ไม่มีคะแนน"]
    assert {token.partition(":")[2] for token in facts} - {""} == set(FIELDS)


def test_the_values_of_a_province() -> None:
    facts = province().facts
    wanted = {
        "ปีที่ประเมิน": "2566",
        "ปีก่อน": "2565",
        "ปีมาตรการ": "2567",
        "เกณฑ์": "85",
        "คะแนนรวม:เปลี่ยน": "+1.33",
        "ทิศทาง": "เพิ่มขึ้น",
        "ระดับ": "ผ่าน",
        "e9 ส่วนที่ 2": "73.60",
        "e9 ส่วนที่ 2:ขาด": "11.40",
        "i7:ปีก่อน": "79.55",
        "i8:เปลี่ยน": "-3.26",
        "o11": "100",
        "IIT:น้ำหนัก": "30",
        "ตัวชี้วัดที่ 8:อันดับ": "10",
        "จำนวนข้อที่ต่ำกว่าเกณฑ์": "10",
        "IIT:จำนวนข้อที่ต่ำกว่าเกณฑ์": "1",
        "ประเด็นที่ 3:จำนวนข้อที่ต่ำกว่าเกณฑ์": "3",
        "ตัวชี้วัดสูงสุด": "ตัวชี้วัดที่ 9 การเปิดเผยข้อมูล และตัวชี้วัดที่ 10 การป้องกันการทุจริต",
        "ตัวชี้วัดต่ำสุด": "ตัวชี้วัดที่ 8 การปรับปรุงระบบการทำงาน",
    }
    assert {token: facts.get(token) for token in wanted} == wanted


def test_a_name_with_odd_blanks_is_shown_with_single_ones() -> None:
    assert subject_of({}, organisation="เทศบาล  ตัวอย่าง ").facts["หน่วยงาน"] == "เทศบาล ตัวอย่าง"


def test_names_are_joined_as_thai_does() -> None:
    assert [listed(names) for names in ([], ["ก"], ["ก", "ข"], ["ก", "ข", "i7"])] == [
        "", "ก", "ก และข", "ก, ข และ i7",
    ]  # fmt: skip


@given(st.text(st.sampled_from("{}:กข i๗7/ส่วนที่ \n"), max_size=40))
def test_no_text_breaks_the_reading(text: str) -> None:
    facts = Facts({})
    assert "".join(p.text for p in resolve(text, facts) if p.token is None) in text or tokens_in(text)
    if not tokens_in(text):
        assert resolved(text, facts) == text
