"""The arithmetic, on the published results of two organisations and on made-up edges."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.levels import LETTERS, PASS_LEVELS, Component, Level, LevelScale, level_of
from assessments.models import Instrument
from assessments.scoring import Kind, Node, Result, score
from tests.conftest import case_scores, read_case


def D(text: str) -> Decimal:
    return Decimal(text)


def name_of(key: tuple[str, int]) -> str:
    return f"{key[0]}/{key[1]}" if key[1] else key[0]


@pytest.fixture
def tree(instruments: None) -> Node:
    return Instrument.objects.get(be_year=2566).tree


@pytest.fixture
def province(tree: Node) -> Result:
    return score(tree, case_scores(read_case("004")))


@pytest.fixture
def subdistrict(tree: Node) -> Result:
    case = read_case("000")
    return score(tree, {(f"indicator-{n}", 0): D(value) for n, value in case["indicators"].items()})


def test_province_reproduces_every_published_figure(province: Result) -> None:
    expected = read_case("004")["expected"]
    assert {f.code: str(f.value) for f in province.indicators} == {
        f"indicator-{n}": value for n, value in expected["indicators"].items()
    }
    tools = {tool.code: str(tool.value) for tool in province.tools}
    tools |= {f"EIT{part.part}": str(part.value) for part in province["EIT"].parts}
    assert tools == expected["tools"]
    assert str(province.total.value) == expected["total"]
    assert province.level == Level(("ผ่าน",), "ผ่าน เพราะ EIT ส่วนที่ 2 = 84.38")
    assert {name_of(f.key) for f in province.flagged_cells} == set(expected["below_85"])
    assert len(province.flagged_cells) == 11


def test_subdistrict_reproduces_every_published_figure(subdistrict: Result) -> None:
    expected = read_case("000")["expected"]
    assert {tool.code: str(tool.value) for tool in subdistrict.tools} == expected["tools"]
    assert str(subdistrict.total.value) == expected["total"]
    assert subdistrict.level is not None and subdistrict.level.names == (expected["level"],)
    assert subdistrict.level.reason == "ผ่าน เพราะ IIT = 81.68, EIT = 69.08"
    assert subdistrict.letter is not None and subdistrict.letter.name == expected["letter"]
    assert {f.code.replace("-", " ") for f in subdistrict.flagged} == set(expected["below_85"])


def test_weak_items_are_questions_where_known_and_indicators_elsewhere(
    province: Result, subdistrict: Result
) -> None:
    assert [f.code for f in province.weak_items][:3] == ["e9", "e11", "e12"]
    assert len(province.weak_items) == 10  # e14 is below in both parts
    assert [f.code for f in subdistrict.weak_items] == [f"indicator-{n}" for n in (7, 8, 6, 5, 4, 2)]


def test_lowest_is_marked_on_all_that_share_it(province: Result) -> None:
    lowest = {name_of(f.key) for f in province.figures.values() if province.is_lowest(f)}
    assert lowest == {"e9/2", "e11/2", "e12/2", "e15/2"}


def test_ranking_is_by_score_and_ties_share_a_place(province: Result) -> None:
    assert [f.code for f in province.ranking][:3] == ["indicator-9", "indicator-10", "indicator-1"]
    assert [province.rank(f) for f in province.ranking] == [1, 1, 3, 4, 5, 6, 7, 8, 9, 10]


def test_change_is_taken_between_printed_scores(tree: Node) -> None:
    result = score(tree, {("total", 0): D("94.16")}, previous={("total", 0): D("92.83")})
    assert result.total.change == D("1.33")


def leaf(code: str, **more: object) -> Node:
    return Node(code, Kind.QUESTION, **more)


def two_tools(*children: Node) -> Node:
    tool = Node("IIT", Kind.TOOL, weight=D("100"), children=children)
    return Node("total", Kind.TOTAL, children=(tool,))


def test_an_oit_indicator_is_the_mean_of_its_sub_indicators_not_of_its_items() -> None:
    subs = (
        Node("9.1", Kind.SUB_INDICATOR, children=(leaf("o1"), leaf("o2"), leaf("o3"))),
        Node("9.2", Kind.SUB_INDICATOR, children=(leaf("o4"),)),
    )
    root = two_tools(Node("indicator-9", Kind.INDICATOR, children=subs))
    scores = {("o1", 0): D(100), ("o2", 0): D(100), ("o3", 0): D(100), ("o4", 0): D(0)}
    assert score(root, scores)["indicator-9"].value == D("50.00")


def test_half_a_cent_rounds_up_from_the_unrounded_mean() -> None:
    root = two_tools(Node("indicator-1", Kind.INDICATOR, children=(leaf("i1"), leaf("i2"))))
    result = score(root, {("i1", 0): D("90.04"), ("i2", 0): D("90.05")})
    assert str(result["indicator-1"].value) == "90.05"  # 90.045; binary floats print 90.04


def test_a_mean_waits_for_the_last_question() -> None:
    root = two_tools(Node("indicator-1", Kind.INDICATOR, children=(leaf("i1"), leaf("i2"))))
    result = score(root, {("i1", 0): D("90")})
    assert result["indicator-1"].value is None and result.total.value is None and result.level is None


def test_announced_is_printed_beside_computed_and_overwrites_nothing() -> None:
    root = two_tools(Node("indicator-1", Kind.INDICATOR, children=(leaf("i1"), leaf("i2"))))
    scores = {("i1", 0): D("90"), ("i2", 0): D("80"), ("indicator-1", 0): D("85.50")}
    figure = score(root, scores)["indicator-1"]
    assert (figure.value, figure.computed, figure.difference) == (D("85.50"), D("85"), D("0.50"))
    assert figure.disagrees
    agreeing = score(root, scores | {("indicator-1", 0): D("85.01")})["indicator-1"]
    assert agreeing.difference == D("0.01") and not agreeing.disagrees


def test_a_missing_indicator_is_implied_by_its_tool() -> None:
    indicators = tuple(Node(f"indicator-{n}", Kind.INDICATOR) for n in (6, 7, 8))
    root = two_tools(*indicators)
    scores = {("IIT", 0): D("80"), ("indicator-6", 0): D("90"), ("indicator-7", 0): D("85")}
    result = score(root, scores)
    assert result["indicator-8"].implied == D("65.00")
    assert result["indicator-8"].value is None
    impossible = score(root, scores | {("IIT", 0): D("99")})
    assert impossible["indicator-8"].implied is None


def test_parts_of_a_tool_give_the_tool(tree: Node) -> None:
    result = score(tree, {("EIT", 1): D("90.34"), ("EIT", 2): D("84.38")})
    assert result["EIT"].value == D("87.36")


@pytest.mark.parametrize(
    ("threshold", "flagged"), [("85", False), ("85.01", True), ("90", True), ("80", False)]
)
def test_the_threshold_itself_passes(threshold: str, flagged: bool) -> None:
    root = two_tools(leaf("i1"))
    figure = score(root, {("i1", 0): D("85.00")}, threshold=D(threshold))["i1"]
    assert figure.flagged is flagged
    assert figure.gap == (D(threshold) - 85 if flagged else None)


def known(**scores: str) -> tuple[Component, ...]:
    return tuple(Component(name, D(value), D(value)) for name, value in scores.items())


@pytest.mark.parametrize(
    ("total", "letter"),
    [
        ("100", "AA"),
        ("95", "AA"),
        ("94.99", "A"),
        ("94.16", "A"),
        ("85", "A"),
        ("84.99", "B"),
        ("75", "B"),
        ("65", "C"),
        ("55", "D"),
        ("50", "E"),
        ("49.99", "F"),
        ("0", "F"),
    ],
)
def test_letters_leave_no_gap(total: str, letter: str) -> None:
    level = level_of(LETTERS, D(total), ())
    assert level is not None and level.names == (letter,)


@pytest.mark.parametrize(
    ("total", "components", "name"),
    [
        ("96", {"IIT": "95", "OIT": "95"}, "ผ่านดีเยี่ยม"),
        ("96", {"IIT": "94.99", "OIT": "99"}, "ผ่านดี"),
        ("94.99", {"IIT": "99", "OIT": "99"}, "ผ่านดี"),
        ("85", {"IIT": "85", "OIT": "85"}, "ผ่านดี"),
        ("85", {"IIT": "84.99", "OIT": "100"}, "ผ่าน"),
        ("96", {"IIT": "84.99", "OIT": "100"}, "ผ่าน"),
        ("84.99", {"IIT": "99", "OIT": "99"}, "ต้องปรับปรุง"),
        ("70", {"IIT": "70", "OIT": "70"}, "ต้องปรับปรุง"),
        ("69.99", {"IIT": "70", "OIT": "70"}, "ต้องปรับปรุงโดยด่วน"),
    ],
)
def test_pass_levels_rest_on_total_and_every_component(
    total: str, components: dict[str, str], name: str
) -> None:
    level = level_of(PASS_LEVELS, D(total), known(**components))
    assert level is not None and level.names == (name,)


def announced(tree: Node, **tools: str) -> Result:
    return score(tree, {(code, 0): D(value) for code, value in tools.items()})


def test_eit_as_one_number_leaves_the_level_open(tree: Node) -> None:
    level = announced(tree, IIT="90", EIT="88", OIT="100").level
    assert level is not None and level.names == ("ผ่านดี", "ผ่าน")
    assert level.name == "ผ่าน หรือ ผ่านดี"
    assert level.reason == "ยังระบุระดับเดียวไม่ได้ เพราะไม่ทราบคะแนน EIT แยกส่วน"


def test_eit_below_the_bound_decides_though_its_parts_are_unknown(tree: Node) -> None:
    level = announced(tree, IIT="90", EIT="84", OIT="100").level
    assert level is not None and level.names == ("ผ่าน",)


def test_eit_so_high_that_no_part_can_fail_decides(tree: Node) -> None:
    level = announced(tree, IIT="96", EIT="98", OIT="100").level
    assert level is not None and level.names == ("ผ่านดีเยี่ยม",)


def test_only_a_total_leaves_all_pass_levels_open(tree: Node) -> None:
    level = score(tree, {("total", 0): D("96")}).level
    assert level is not None and level.names == ("ผ่านดีเยี่ยม", "ผ่านดี", "ผ่าน")


def test_scales_are_read_from_both_forms_of_data() -> None:
    assert LevelScale.from_data([["A", "50"], ["B", "0"]]).steps == (
        ("A", D("50"), None),
        ("B", D("0"), None),
    )


hundredths = st.integers(0, 10_000).map(lambda n: Decimal(n) / 100)


@given(st.lists(hundredths, min_size=1, max_size=8))
def test_a_mean_lies_between_its_lowest_and_highest(values: list[Decimal]) -> None:
    leaves = tuple(leaf(f"i{n}") for n in range(len(values)))
    root = two_tools(Node("indicator-1", Kind.INDICATOR, children=leaves))
    result = score(root, {(f"i{n}", 0): value for n, value in enumerate(values)})
    value = result.total.value
    assert value is not None and min(values) <= value <= max(values)


@given(hundredths, hundredths)
def test_a_level_is_never_open_when_every_component_is_known(total: Decimal, component: Decimal) -> None:
    level = level_of(PASS_LEVELS, total, (Component("IIT", component, component),))
    assert level is not None and level.determined


def test_what_a_point_more_is_worth_in_total(province: Result) -> None:
    # EIT is 30 of 100; three indicators; indicator 8 has five questions; two parts each.
    assert province["e9", 2].share == D("0.3") / 3 / 5 / 2
    assert province["i8"].share == D("0.3") / 5 / 6
    assert province["o1"].share == D("0.4") / 2 / 5 / 10  # two indicators, five sub-indicators, ten items
    leaves = [cell for question in province.questions for cell in question.cells]
    assert sum((cell.share for cell in leaves), D(0)) == pytest.approx(D(1))


def test_raising_every_weak_score_to_the_threshold_gains_what_is_promised(
    tree: Node, province: Result
) -> None:
    promised = sum((cell.gain or D(0) for cell in province.weak_cells), D(0))
    raised = case_scores(read_case("004")) | {cell.key: D(85) for cell in province.weak_cells}
    before, after = province.total.computed, score(tree, raised).total.computed
    assert before is not None and after is not None
    assert after - before == pytest.approx(promised)
