"""Official recommendations: the verbs, what the database holds, and the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment, Instrument, Recommendation
from assessments.recommendation_reading import Found
from ita_portal.organisations.models import Organisation, User

AT = datetime(2023, 9, 1, 3, 0, tzinfo=UTC)
PASTE = "ข้อเสนอแนะสำหรับแบบวัด IIT\nข้อ i๘ , ข้อ i๙ ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑)\nข้อ i๙๙ ควรทำ\nEIT ส่วนที่ ๒\nข้อ e๙ ควรตอบให้ชัด"


@pytest.fixture
def assessment(organisation: Organisation, instruments: None) -> Assessment:
    """Return the organisation's assessment of 2566, without scores."""
    return Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    """Return a browser in which a member of the staff is signed in."""
    client.force_login(staff)
    return client


def add(assessment: Assessment, **given: Any) -> Recommendation:
    """Add a recommendation on i8 that cites o11, but for what is given."""
    values = {"tool": "IIT", "codes": ["i8"], "text": "ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑)", "by": None, "at": AT}
    return Recommendation.add(assessment=assessment, **values | given)


def url(name: str, *more: int) -> str:
    """Return an address of the organisation's measured year 2566."""
    return reverse(f"assessments:{name}", args=["abt-tuayang", 2566, *more])


def rows(assessment: Assessment) -> list[tuple[str, int, list[str], str]]:
    """What stands: tool, part, questions, text."""
    return [(r.tool.code, r.part, r.codes, r.text) for r in assessment.recommendations.with_items()]


# --- verbs ----------------------------------------------------------------------------------------------------------


def test_adding_keeps_place_order_and_links(assessment: Assessment, staff: User) -> None:
    add(assessment, tool="EIT", part=2, codes=["e9"], text="สอง")
    add(assessment, tool="EIT", codes=[], text="ทั้งเครื่องมือ")
    add(assessment, tool="total", codes=[], text="ทั้งหมด")
    made = add(assessment, codes=["i9", "i8"], by=staff)
    assert [r[:2] for r in rows(assessment)] == [("total", 0), ("IIT", 0), ("EIT", 0), ("EIT", 2)]
    assert made.codes == ["i8", "i9"]
    assert [item.code for item in made.cited.all()] == ["o11"]
    assert (made.version, made.edited_at, made.edited_by) == (1, AT, staff)
    assert made.said == "ควรเชิญมาร่วม (อ้างอิงจาก o11)"
    assert [str(r.place) for r in assessment.recommendations.all()] == ["ภาพรวม", "IIT", "EIT", "EIT ส่วนที่ 2"]


def test_closed_scores_still_take_recommendations(assessment: Assessment, staff: User) -> None:
    Assessment.objects.filter(pk=assessment.pk).update(closed_at=AT, closed_by=staff)
    assert add(Assessment.objects.get(pk=assessment.pk)).pk


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({"tool": "XIT"}, ["XIT"]),
        ({"tool": "IIT", "part": 1}, ["IIT ส่วนที่ 1"]),
        ({"tool": "total", "codes": ["i8", "i99"]}, ["i99"]),
        ({"tool": "EIT", "codes": ["e9", "i8"]}, ["i8"]),
        ({"codes": ["indicator-1"]}, ["indicator-1"]),
    ],
)
def test_a_wrong_place_is_refused_with_nothing_saved(
    assessment: Assessment, given: dict[str, Any], names: list[str]
) -> None:
    with pytest.raises(Recommendation.WrongPlace) as refused:
        add(assessment, **given)
    assert refused.value.names == names
    assert rows(assessment) == []


def test_a_recommendation_needs_a_text(assessment: Assessment) -> None:
    with pytest.raises(Recommendation.NoText):
        add(assessment, text=" \n")
    made = add(assessment)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=made.pk).update(text="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=made.pk).update(part=3)


def test_an_edit_moves_the_version_on_and_links_anew(assessment: Assessment, staff: User) -> None:
    made = add(assessment)
    made.save_edit(version=1, tool="EIT", part=1, codes=["e9"], text="ใหม่ (อ้างอิงจาก ๐๘)", by=staff, at=AT)
    kept = Recommendation.objects.get()
    assert (kept.place, kept.codes, kept.text, kept.version) == ("EIT ส่วนที่ 1", ["e9"], "ใหม่ (อ้างอิงจาก ๐๘)", 2)
    assert [item.code for item in kept.cited.all()] == ["o8"]


def test_the_second_of_two_edits_sees_the_first(assessment: Assessment) -> None:
    mine, theirs = add(assessment), Recommendation.objects.get()
    theirs.save_edit(version=1, tool="IIT", codes=[], text="ของเขา", by=None, at=AT)
    with pytest.raises(Recommendation.Conflict) as refused:
        mine.save_edit(version=1, tool="IIT", codes=[], text="ของฉัน", by=None, at=AT)
    assert refused.value.standing.text == "ของเขา"
    with pytest.raises(Recommendation.Conflict):
        mine.remove(version=1)
    assert Recommendation.objects.get().text == "ของเขา"
    theirs.remove(version=2)
    with pytest.raises(Recommendation.Conflict) as gone:
        mine.save_edit(version=2, tool="IIT", codes=[], text="ของฉัน", by=None, at=AT)
    assert gone.value.standing is None


def test_a_refused_edit_leaves_the_version_alone(assessment: Assessment) -> None:
    made = add(assessment)
    with pytest.raises(Recommendation.WrongPlace):
        made.save_edit(version=1, tool="IIT", codes=["e9"], text="ใหม่", by=None, at=AT)
    kept = Recommendation.objects.get()
    assert (kept.version, kept.text) == (1, "ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑)")


def test_taking_over_is_all_or_nothing(assessment: Assessment) -> None:
    add(assessment, text="เดิม")
    good = Found(1, 1, "EIT", 2, ("e9",), "ใหม่")
    bad = Found(2, 2, "EIT", 2, ("i8",), "ผิดที่")
    for replaces in (True, False):
        with pytest.raises(Recommendation.WrongPlace):
            Recommendation.take_over([good, bad], assessment=assessment, replaces=replaces, by=None, at=AT)
    assert [r[3] for r in rows(assessment)] == ["เดิม"]
    Recommendation.take_over([good], assessment=assessment, replaces=False, by=None, at=AT)
    assert [r[3] for r in rows(assessment)] == ["เดิม", "ใหม่"]
    Recommendation.take_over([good], assessment=assessment, replaces=True, by=None, at=AT)
    assert [r[3] for r in rows(assessment)] == ["ใหม่"]


# --- pages ----------------------------------------------------------------------------------------------------------


def test_a_paste_is_shown_first_and_saved_when_confirmed(browser: Client, assessment: Assessment) -> None:
    page = browser.post(url("recommendations-paste"), {"text": PASTE}).content.decode()
    assert "อ่านได้ ๒ รายการ" in page
    assert "ไม่มีข้อ i๙๙" in page
    assert PASTE.splitlines()[1] in page
    assert rows(assessment) == []
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    sent = {"text": PASTE, "confirm": "yes", "seen": seen}
    answer = browser.post(url("recommendations-paste"), sent, follow=True).content.decode()
    assert "บันทึกข้อเสนอแนะ ๒ รายการแล้ว" in answer
    assert "ควรเชิญมาร่วม (อ้างอิงจาก o๑๑)" in answer
    assert rows(assessment) == [
        ("IIT", 0, ["i8", "i9"], "ควรเชิญมาร่วม (อ้างอิงจาก ๐๑๑)"),
        ("EIT", 2, ["e9"], "ควรตอบให้ชัด"),
    ]


@pytest.mark.parametrize(("replaces", "texts"), [("yes", ["ใหม่"]), ("no", ["เดิม", "ใหม่"])])
def test_the_person_says_whether_a_paste_replaces(
    browser: Client, assessment: Assessment, replaces: str, texts: list[str]
) -> None:
    add(assessment, text="เดิม")
    sent = {"text": "ข้อ i9 ใหม่", "replaces": replaces}
    page = browser.post(url("recommendations-paste"), sent).content.decode()
    (chosen,) = re.findall(r'<input type="radio"[^>]* value="(\w+)"[^>]* checked', page)
    assert chosen == replaces
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    browser.post(url("recommendations-paste"), sent | {"confirm": "yes", "seen": seen})
    assert [r[3] for r in rows(assessment)] == texts


def test_a_confirmation_of_something_else_is_shown_again(browser: Client, assessment: Assessment) -> None:
    page = browser.post(url("recommendations-paste"), {"text": PASTE}).content.decode()
    (seen,) = re.findall(r'name="seen" value="(\w+)"', page)
    add(assessment, text="มาก่อน")
    sent = {"text": PASTE, "confirm": "yes", "seen": seen, "replaces": "yes"}
    assert "ยังไม่ได้บันทึกสิ่งใด" in browser.post(url("recommendations-paste"), sent).content.decode()
    assert [r[3] for r in rows(assessment)] == ["มาก่อน"]


@pytest.mark.parametrize(("text", "sentence"), [("", "ยังไม่มีข้อความ"), ("ก" * 200_001, "ยาวเกิน ๒๐๐,๐๐๐")])
def test_a_paste_that_cannot_be_read_says_why(
    browser: Client, assessment: Assessment, text: str, sentence: str
) -> None:
    answer = browser.post(url("recommendations-paste"), {"text": text})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_one_is_added_edited_and_deleted_by_hand(browser: Client, assessment: Assessment) -> None:
    sent = {"new-place": "EIT/2", "new-codes": "ข้อ e๙, e๑๐", "new-text": "ควรตอบให้ชัด"}
    browser.post(url("recommendation-add"), sent)
    made = assessment.recommendations.get()
    assert rows(assessment) == [("EIT", 2, ["e9", "e10"], "ควรตอบให้ชัด")]
    form = f"r{made.pk}-"
    sent = {f"{form}place": "OIT/0", f"{form}codes": "๓๕", f"{form}text": "ควรเผยแพร่", f"{form}version": "1"}
    browser.post(url("recommendation-save", made.pk), sent)
    assert rows(assessment) == [("OIT", 0, ["o35"], "ควรเผยแพร่")]
    browser.post(url("recommendation-delete", made.pk), {"version": "1"})
    assert assessment.recommendations.count() == 1
    browser.post(url("recommendation-delete", made.pk), {"version": "2"})
    assert assessment.recommendations.count() == 0


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"new-codes": "i99"}, "แบบประเมินปี ๒๕๖๖ ไม่มีข้อ i๙๙"),
        ({"new-codes": "ข้อแรก"}, "อ่านข้อ “ข้อแรก” ไม่ได้"),
        ({"new-codes": "e9"}, "e๙ ไม่ใช่ข้อของเครื่องมือที่เลือก"),
        ({"new-text": " "}, "ยังไม่มีข้อความข้อเสนอแนะ"),
        ({"new-text": "ก" * 10_001}, "ยาวเกิน ๑๐,๐๐๐"),
        ({"new-place": "IIT/1"}, "IIT/1"),
    ],
)
def test_what_was_typed_stays_beside_what_is_wrong(
    browser: Client, assessment: Assessment, given: dict[str, str], sentence: str
) -> None:
    sent = {"new-place": "IIT/0", "new-codes": "i8", "new-text": "ข้อความที่พิมพ์ไว้"} | given
    answer = browser.post(url("recommendation-add"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert sent["new-codes"] in page
    assert sent["new-text"].strip() in page
    assert rows(assessment) == []


def test_an_edit_that_came_second_keeps_both_texts_on_the_page(
    browser: Client, assessment: Assessment
) -> None:
    made = add(assessment, text="ของเดิม")
    made.save_edit(version=1, tool="IIT", codes=["i8"], text="ของเขา", by=None, at=AT)
    form = f"r{made.pk}-"
    sent = {f"{form}place": "IIT/0", f"{form}codes": "i8", f"{form}text": "ของฉัน", f"{form}version": "1"}
    answer = browser.post(url("recommendation-save", made.pk), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "ข้อความที่บันทึกไว้ขณะนี้คือ “ของเขา”" in page
    assert "ของฉัน</textarea>" in page
    (version,) = re.findall(rf'name="{form}version" value="(\d+)"', page)
    browser.post(url("recommendation-save", made.pk), sent | {f"{form}version": version})
    assert rows(assessment) == [("IIT", 0, ["i8"], "ของฉัน")]


def test_nobody_reaches_the_recommendations_of_another_year_or_organisation(
    browser: Client, assessment: Assessment, stranger_organisation: Organisation
) -> None:
    theirs = add(Assessment.open_for(stranger_organisation, assessment.instrument))
    last = add(Assessment.open_for(assessment.organisation, Instrument.objects.get(be_year=2565)), codes=[])
    for other in (theirs, last):
        for name in ("recommendation-save", "recommendation-delete"):
            assert browser.post(url(name, other.pk), {"version": "1"}).status_code == 404
    assert Recommendation.objects.count() == 2
    assert "ยังไม่มีข้อเสนอแนะ" in browser.get(url("recommendations")).content.decode()


def test_readers_see_no_forms(client: Client, assessment: Assessment, approver: User) -> None:
    add(assessment, text="<b>ควรทำ</b>")
    client.force_login(approver)
    page = client.get(url("recommendations")).content.decode()
    assert "&lt;b&gt;ควรทำ" in page
    assert "<textarea" not in page
    assert url("recommendations-paste") not in page


def test_looking_makes_no_assessment(browser: Client, organisation: Organisation, instruments: None) -> None:
    assert browser.get(url("recommendations")).status_code == 200
    assert browser.post(url("recommendations-paste"), {"text": PASTE}).status_code == 200
    assert not Assessment.objects.exists()


def test_the_list_asks_the_database_as_often_for_thirty_as_for_one(
    browser: Client, assessment: Assessment, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    add(assessment)
    with django_assert_num_queries(13):
        browser.get(url("recommendations"))
    for _ in range(29):
        add(assessment)
    with django_assert_num_queries(13):
        browser.get(url("recommendations"))
