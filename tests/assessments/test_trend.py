"""The trend of up to five years: gaps stay gaps, and the page costs the same however many years there are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.models import Assessment, Instrument
from assessments.scoring import Result, score
from assessments.trend import HEIGHT, MARGIN, trend
from ita_portal.organisations.models import Organisation, User

from .small_tree import TREE, scores

NOW = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)
URL = "/abt-tuayang/2566/trend/"
LIMIT = Decimal(85)


def year(value: str) -> Result:
    return score(TREE, scores(indicator_1=value, indicator_6=value, indicator_9=value))


def test_a_missing_year_breaks_the_line_and_has_no_point() -> None:
    drawn = trend({2562: year("70"), 2564: year("80"), 2565: year("82"), 2566: year("90")}, 2566, LIMIT)
    assert drawn is not None
    assert (drawn.years, drawn.missing) == ((2562, 2563, 2564, 2565, 2566), (2563,))
    total = drawn.series[0]
    assert [p.value for p in total.points] == [Decimal(70), None, Decimal(80), Decimal(82), Decimal(90)]
    assert [p.change for p in total.points] == [None, None, None, Decimal(2), Decimal(8)]
    assert [line.count(",") for line in total.lines] == [3]  # one line through the three last years


def test_an_indicator_missing_in_one_year_is_a_gap_of_its_own() -> None:
    without = score(TREE, scores(indicator_1="80", indicator_9="80"))
    drawn = trend({2565: without, 2566: year("90")}, 2566, LIMIT)
    assert drawn is not None
    by_code = {series.figure.code: series for series in drawn.series}
    assert by_code["indicator-6"].lines == [] and by_code["indicator-6"].points[1].change is None
    assert len(by_code["indicator-1"].lines) == 1


def test_years_before_the_first_score_and_beyond_five_are_left_out() -> None:
    drawn = trend({2560: year("10"), 2565: year("80")}, 2566, LIMIT)
    assert drawn is not None and drawn.years == (2565, 2566)
    assert trend({2560: year("10")}, 2566, LIMIT) is None
    assert trend({2566: score(TREE, {})}, 2566, LIMIT) is None


def test_heights_stand_in_one_measure() -> None:
    drawn = trend({2565: year("70"), 2566: year("100")}, 2566, LIMIT)
    assert drawn is not None and drawn.low == 70
    foot, top = drawn.series[0].points
    assert (foot.y, top.y) == (HEIGHT - MARGIN, MARGIN)
    assert drawn.line == Decimal(HEIGHT) / 2  # 85 lies half-way between 70 and 100


def enter(organisation: Organisation, be_year: int, value: str) -> None:
    made = Assessment.open_for(organisation, Instrument.objects.get(be_year=be_year))
    made.save_scores({(f"indicator-{n}", 0): Decimal(value) for n in range(1, 11)}, by=None, at=NOW)


def cost(client: Client) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(URL).status_code == 200
    return len(queries)


def test_the_page_shows_charts_and_their_table_at_a_constant_cost(
    client: Client, instruments: None, organisation: Organisation, staff: User
) -> None:
    client.force_login(staff)
    enter(organisation, 2566, "90")
    alone = cost(client)
    for be_year, value in ((2562, "70"), (2564, "80"), (2565, "84")):
        enter(organisation, be_year, value)
    assert cost(client) == alone <= 15
    html = client.get(URL).content.decode()
    assert "ไม่มีคะแนนของปี ๒๕๖๓" in html
    assert html.count("<figure") == 11
    cells = re.findall(r'<td class="num">(.*?)</td>', html[html.index("trend-table") :], flags=re.DOTALL)
    assert [re.sub(r"<.*?>", "", cell) for cell in cells[:5]] == [
        "๗๐.๐๐",
        "–",
        "๘๐.๐๐",
        "๘๔.๐๐(+๔.๐๐)",
        "๙๐.๐๐(+๖.๐๐)",
    ]


@pytest.mark.usefixtures("instruments")
def test_no_scores_at_all_say_what_the_page_is_for(client: Client, staff: User) -> None:
    client.force_login(staff)
    assert "ยังไม่มีคะแนนในห้าปีนี้" in client.get(URL).content.decode()


@pytest.mark.usefixtures("instruments")
def test_another_organisation_is_not_drawn(
    client: Client, organisation: Organisation, stranger_organisation: Organisation, staff: User
) -> None:
    enter(stranger_organisation, 2566, "90")
    client.force_login(staff)
    assert "ยังไม่มีคะแนนในห้าปีนี้" in client.get(URL).content.decode()
