"""Assumed scores: what they do to a result, and the page that saves nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client

from assessments.models import Assessment, Instrument, Score
from assessments.scoring import Key, score
from assessments.what_if import assumable, what_if
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case
from tests.measures.drafting_subjects import indicator_scores, tree_of

from .small_tree import TREE, scores

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)
URL = "/abt-tuayang/2566/what-if/"
FULL = scores(i1="80", i2="90", e1_1="90", e1_2="70", e2_1="90", e2_2="80", o1="100", o2="0", o3="100")


def assumed(entered: dict[Key, Decimal], **values: str) -> dict[Key, Decimal]:
    """Return the printed scores of tools and total with assumed values."""
    then = what_if(TREE, score(TREE, entered), entered, scores(**values))
    return {
        f.key: f.value for f in then.figures.values() if f.code in ("IIT", "EIT", "OIT", "total") and f.value
    }


def test_assuming_equals_entering() -> None:
    values = {"i1": "91.5", "e1_2": "85", "o2": "100"}
    entered = score(TREE, FULL | scores(**values))
    then = what_if(TREE, score(TREE, FULL), FULL, scores(**values))
    assert {k: f.value for k, f in then.figures.items()} == {k: f.value for k, f in entered.figures.items()}
    assert then.level == entered.level


def test_the_gain_of_a_figure_is_what_assuming_the_threshold_brings() -> None:
    before = score(TREE, FULL)
    for figure in before.flagged_cells:
        then = what_if(TREE, before, FULL, {figure.key: before.threshold})
        assert then.total.computed - before.total.computed == pytest.approx(figure.gain)  # type: ignore[operator]


def test_announced_scores_above_move_with_what_rests_on_them() -> None:
    """The announced ones do not agree with the items: what an assumed score adds is added to them."""
    announced = FULL | scores(total="88.00", EIT="83.00", EIT_2="76.00", indicator_6="83.00")
    # e1 part 2 rises by 10: a half of part 2 of EIT, a quarter of the indicator and of EIT, 0.3 of that the total.
    moved = assumed(announced, e1_2="80")
    assert moved["EIT", 2] == Decimal("81.00")
    assert moved["EIT", 0] == Decimal("85.50")
    assert moved["total", 0] == Decimal("88.75")
    assert moved["IIT", 0] == Decimal("85.00")


def test_an_announced_score_never_leaves_0_to_100() -> None:
    assert assumed(FULL | scores(IIT="99.50"), i1="100")["IIT", 0] == Decimal(100)


def test_an_unchanged_score_changes_nothing() -> None:
    entered = FULL | scores(total="88.00")
    assert assumed(entered, i1="80")["total", 0] == Decimal("88.00")


def test_indicators_and_tools_alone_can_be_assumed() -> None:
    indicators = scores(indicator_1="80", indicator_6="70", indicator_9="100")
    result = score(TREE, indicators)
    assert [f.code for f in assumable(result)] == ["indicator-6", "indicator-1"]
    assert assumed(indicators, indicator_6="90")["total", 0] == Decimal("91.00")
    tools = scores(IIT="80", EIT="70", OIT="100")
    assert [f.code for f in assumable(score(TREE, tools))] == ["EIT", "IIT"]
    assert assumed(tools, EIT="90")["total", 0] == Decimal("91.00")


def test_questions_are_assumed_part_by_part() -> None:
    assert [f.key for f in assumable(score(TREE, FULL))] == [("o2", 0), ("e1", 2), ("i1", 0), ("e2", 2)]


# --- the page -----------------------------------------------------------------------------------------------------


@pytest.fixture
def province(instruments: None, organisation: Organisation) -> Assessment:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores(case_scores(read_case("004")), by=None, at=NOW)
    return made


def outcome(html: str) -> str:
    return html[html.index('id="outcome"') :].split("</section>")[0]


def test_it_begins_with_the_present_scores(client: Client, province: Assessment, approver: User) -> None:
    client.force_login(approver)
    html = client.get(URL).content.decode()
    assert html.count("data-note") == 11
    assert 'name="e9/2" value="73.60"' in html
    assert "<strong>๙๔.๑๖</strong>" in outcome(html) and "ระดับที่คาด <strong>ผ่าน</strong>" in outcome(html)


def test_thai_digits_move_total_tool_and_level_and_nothing_is_saved(
    client: Client, province: Assessment, staff: User
) -> None:
    stood = list(Score.objects.values()), Event.objects.count()
    client.force_login(staff)
    shown = outcome(client.get(URL, {"e9/2": "๙๐", "i8": "85"}).content.decode())
    # e9 part 2 rises by 16.40, a fifth of a third of part 2: 1.093 of it, 0.547 of EIT, 0.164 of the total.
    assert "<strong>๘๕.๔๗</strong>" in shown and "+๑.๐๙" in shown
    assert "ระดับที่คาด <strong>ผ่านดี</strong>" in shown and "ระดับจริง ผ่าน" in shown
    assert (list(Score.objects.values()), Event.objects.count()) == stood


def test_what_cannot_be_read_is_told_at_its_field_and_the_rest_is_worked_out(
    client: Client, province: Assessment, staff: User
) -> None:
    client.force_login(staff)
    answer = client.get(URL, {"e9/2": "90", "i8": "แปดสิบ"})
    html = answer.content.decode()
    assert answer.status_code == 422
    sentence = "i๘: คะแนน “แปดสิบ” ไม่ใช่ตัวเลข"
    assert html.count(sentence) == 2  # at the field and in the summary
    assert 'value="แปดสิบ"' in html and 'href="#assume-i8"' in html
    assert "<strong>๘๕.๔๗</strong>" in outcome(html)


def test_a_field_that_is_no_flagged_item_is_passed_over(
    client: Client, province: Assessment, staff: User
) -> None:
    client.force_login(staff)
    assert "<strong>๙๔.๑๖</strong>" in outcome(client.get(URL, {"i1": "0", "x": "1"}).content.decode())


def test_another_threshold_offers_other_items(client: Client, province: Assessment, staff: User) -> None:
    client.force_login(staff)
    html = client.get(URL, {"threshold": "๙๐"}).content.decode()
    assert 'name="i21"' in html and 'name="threshold" value="90"' in html


def test_ten_indicators_are_enough(
    client: Client, instruments: None, organisation: Organisation, staff: User
) -> None:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    made.save_scores(indicator_scores(*read_case("000")["indicators"].values()), by=None, at=NOW)
    client.force_login(staff)
    shown = outcome(client.get(URL, {"indicator-7": "85"}).content.decode())
    # 19.99 more on one of three indicators of EIT: 6.66 of EIT, 2.00 of the total.
    assert "+๖.๖๖" in shown and "+๒.๐๐" in shown and "<strong>๘๗.๒๓</strong>" in shown


def test_no_scores_lead_to_the_sheet(client: Client, instruments: None, staff: User) -> None:
    client.force_login(staff)
    assert 'href="/abt-tuayang/2566/scores/"' in client.get(URL).content.decode()


def test_the_tree_of_the_tests_is_that_of_the_catalogue() -> None:
    assert len([n for n in tree_of().walk() if n.kind == "indicator"]) == 10
