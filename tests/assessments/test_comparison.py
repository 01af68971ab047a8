"""The comparison with the year before: words of a change, the average row, reworded questions, last year's level."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments.levels import LETTERS
from assessments.scoring import Result, direction, score
from tests.conftest import read_case
from tests.measures.drafting_subjects import BEFORE, indicator_scores, tree_of

from .small_tree import TREE, scores


@pytest.mark.parametrize(
    ("change", "word"), [("0.01", "เพิ่มขึ้น"), ("-0.01", "ลดลง"), ("0.00", "คงเดิม"), ("-3.29", "ลดลง")]
)
def test_a_change_has_a_word(change: str, word: str) -> None:
    assert direction(Decimal(change)) == word


def test_the_word_follows_the_printed_scores() -> None:
    """90.004 and 90.00 print alike: nothing has changed."""
    result = score(TREE, scores(i1="90.00", i2="90.01"), previous=scores(indicator_1="90.005"))
    figure = result["indicator-1"]
    assert (figure.value, figure.change, figure.direction) == (Decimal("90.01"), Decimal("0.00"), "คงเดิม")


def test_without_last_year_there_is_no_word() -> None:
    result = score(TREE, scores(i1="90", i2="90"))
    assert (result["indicator-1"].direction, result.average.direction, result.is_compared) == ("", "", False)


def test_the_average_is_the_mean_of_the_ten_printed_indicators() -> None:
    now = indicator_scores(*read_case("000")["indicators"].values())
    result = score(tree_of(), now, previous=BEFORE)
    # 815.64 / 10 and 917.67 / 10, both rounded half up.
    assert (result.average.value, result.average.previous) == (Decimal("81.56"), Decimal("91.77"))
    assert (result.average.change, result.average.direction) == (Decimal("-10.21"), "ลดลง")


@pytest.mark.parametrize("missing", [1, 10])
def test_an_average_waits_for_all_indicators_of_a_year(missing: int) -> None:
    now = indicator_scores(*["90"] * 10)
    before = {key: value for key, value in now.items() if key != (f"indicator-{missing}", 0)}
    result = score(tree_of(), now, previous=before)
    assert (result.average.value, result.average.previous, result.average.change) == (Decimal(90), None, None)
    assert score(tree_of(), before, previous=now).average.value is None


def test_a_total_alone_is_enough_of_a_year_before() -> None:
    result = score(tree_of(), indicator_scores(*["90"] * 10), previous={("total", 0): Decimal("88.52")})
    assert result.is_compared
    assert (result.total.direction, result["indicator-1"].direction) == ("เพิ่มขึ้น", "")


def test_a_reworded_question_is_marked_in_all_its_parts() -> None:
    result = score(TREE, scores(e1_1="90", e1_2="80"), reworded=["e1"])
    assert {f.key for f in result.figures.values() if f.reworded} == {("e1", 0), ("e1", 1), ("e1", 2)}


def test_last_years_level_stands_on_last_years_scale() -> None:
    last: Result = score(TREE, {("total", 0): Decimal("94.99")}, scale=LETTERS)
    result = score(TREE, {("total", 0): Decimal("95")}, before=last)
    assert result.before is not None and result.before.level is not None
    assert result.before.level.name == "A"
