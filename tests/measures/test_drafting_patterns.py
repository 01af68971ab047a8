"""What a result shows: strengths and weaknesses, contradictions, and the way to the next level."""

from decimal import Decimal

from assessments.levels import LETTERS
from assessments.patterns import (
    NextLevel,
    disclosed_not_perceived,
    highest,
    inside_high_outside_low,
    lowest,
    steps_to_next_level,
    strengths,
    weaknesses,
)

from .drafting_subjects import all_questions, catalogue, indicator_scores, province, subdistrict, subject_of


def codes(figures: object) -> list[str]:
    return [f.code for f in figures]


def test_strengths_and_weaknesses_at_the_threshold_and_at_another() -> None:
    result = subject_of(
        indicator_scores("85", "84.99", "90", "90", None, "70", "70", "60", "100", "100")
    ).result
    numbers = [f"indicator-{n}" for n in (9, 10, 3, 4, 1)]
    assert codes(strengths(result)) == numbers
    assert codes(weaknesses(result)) == [f"indicator-{n}" for n in (8, 6, 7, 2)]
    assert codes(strengths(result, Decimal(90))) == numbers[:4]
    assert codes(weaknesses(result, Decimal(61))) == ["indicator-8"]


def test_ties_share_the_highest_and_the_lowest_place() -> None:
    result = subject_of(indicator_scores("60", "60", "70", None, "100", "100")).result
    assert codes(highest(result.indicators)) == ["indicator-5", "indicator-6"]
    assert codes(lowest(result.indicators)) == ["indicator-1", "indicator-2"]
    assert highest([]) == lowest([]) == ()


def test_disclosed_but_not_perceived() -> None:
    result = province().result
    found = {
        u.question.code: ([c.key for c in u.cells], codes(u.disclosed))
        for u in disclosed_not_perceived(result, catalogue()["disclosure_links"])
    }
    assert found["e1"] == ([("e1", 2)], ["o14", "o15"])
    assert found["i8"] == ([("i8", 0)], ["o11", "o12"])
    assert "i7" not in found and "e5" not in found
    assert len(found) == 9
    assert disclosed_not_perceived(result, {"i8": ["o99"]}) == []


def test_an_item_that_is_not_disclosed_contradicts_nothing() -> None:
    result = subject_of(all_questions("50")).result
    assert disclosed_not_perceived(result, catalogue()["disclosure_links"]) == []


def test_inside_high_outside_low() -> None:
    result = province().result
    found = inside_high_outside_low(result, [("i1", "e1"), ("i2", "e2"), ("i8", "e5"), ("i99", "e1")])
    assert [(c.inside.code, [cell.key for cell in c.outside]) for c in found] == [("i1", [("e1", 2)])]


def test_what_lacks_for_the_next_level() -> None:
    assert steps_to_next_level(province().result) == NextLevel(
        "ผ่านดี", Decimal(0), (("EIT ส่วนที่ 2", Decimal("0.62")),)
    )
    assert steps_to_next_level(subdistrict().result) == NextLevel(
        "ผ่านดี", Decimal(0), (("IIT", Decimal("3.32")), ("EIT", Decimal("15.92")))
    )
    assert steps_to_next_level(subject_of(all_questions("80"), scale=LETTERS).result) == NextLevel(
        "A", Decimal("5.00")
    )
    assert steps_to_next_level(subject_of(all_questions("100")).result) is None
    assert steps_to_next_level(subject_of({}).result) is None


def test_an_undetermined_level_names_what_is_unknown() -> None:
    ahead = steps_to_next_level(subject_of(indicator_scores(*["92"] * 10)).result)
    assert ahead == NextLevel("ผ่านดี", Decimal(0), (), ("EIT",))
