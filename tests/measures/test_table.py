"""The measures table: groups, numbers, and what its cells say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pytest_django import DjangoAssertNumQueries

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from measures.table import table_of

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 2, 1, tzinfo=UTC)


def test_seven_topics_stand_in_their_order_and_numbers_restart(plan: MeasurePlan) -> None:
    groups = table_of(plan)
    assert [group.number for group in groups] == [1, 2, 3, 4, 5, 6, 7]
    assert groups[0].heading == "(1) กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ"
    assert [[row.number for row in group.measures] for group in groups] == [[], [1], [], [], [1, 2], [], []]


def test_cells_say_who_and_when(plan: MeasurePlan) -> None:
    first, second = table_of(plan)[4].measures
    assert first.codes == ("i8",)
    assert first.steps[0].lines == ("จัดประชุมชี้แจงทุกไตรมาส", "ติดประกาศแผนที่สำนักงาน")
    assert second.steps[0].responsible == "สำนักปลัด, กองคลัง"
    assert second.steps[0].period == "ตุลาคม 2566 – กันยายน 2567"
    plan.settings().short_dates = True
    assert table_of(plan)[4].measures[1].steps[0].period == "ต.ค. 66 – ก.ย. 67"


def test_all_units_are_named_together(plan: MeasurePlan) -> None:
    plan.measures.first().steps.update(all_units=True)
    assert table_of(plan)[4].measures[0].steps[0].responsible == "ทุกสำนัก/กอง"


def test_grouped_by_indicators_the_tools_come_between(plan: MeasurePlan, staff: User) -> None:
    plan.set_up(grouping="indicators", by=staff, at=NOW)
    plan.add_measure(group="indicator-9", by=staff, at=NOW)
    by_key = {group.key: group for group in table_of(plan)}
    assert list(by_key)[:3] == ["IIT", "indicator-1", "indicator-2"]
    assert not by_key["IIT"].holds_measures
    assert by_key["indicator-2"].heading == "ตัวชี้วัดที่ 2 การใช้งบประมาณ"
    assert [row.codes for row in by_key["indicator-2"].measures] == [("i8",), ("i7",)]
    assert "" not in by_key


def test_what_the_grouping_does_not_place_stands_last(plan: MeasurePlan, staff: User) -> None:
    plan.measures.update(indicator=None)
    plan.set_up(grouping="indicators", by=staff, at=NOW)
    last = table_of(plan)[-1]
    assert (last.key, last.heading, len(last.measures)) == ("", "ยังไม่ได้จัดกลุ่ม", 3)


def test_thirty_measures_need_no_more_queries_than_three(
    plan: MeasurePlan, django_assert_num_queries: DjangoAssertNumQueries, staff: User
) -> None:
    for number in range(27):
        plan.add_measure(group=f"topic-{number % 7 + 1}", by=staff, at=NOW)
    plan = MeasurePlan.objects.of(plan.assessment.organisation).get()
    with django_assert_num_queries(4):
        table_of(plan)
