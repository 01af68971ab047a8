"""What a memo's ready text tells of a plan: its years, the items that ask for the papers, the result and counts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from assessments.models import Instrument
from ita_portal.thai import format_score
from measures.models import MeasurePlan
from reports.memo_texts import MemoFacts


def publication_due(be_year: int) -> date:
    """The last day to publish the plan of a fiscal year: 30 April (the year's assessment calendar)."""
    return date(be_year - 543, 4, 30)


def facts_of(plan: MeasurePlan, papers: Iterable[str]) -> MemoFacts:
    """Return the facts of a memo that carries `papers` of `plan`.

    The items that ask for the papers are those of the plan's year; without its instrument they are unknown.
    """
    organisation, result = plan.assessment.organisation, plan.result()
    level = plan.settings().level(result)
    asking = Instrument.objects.filter(be_year=plan.be_year).first()
    return MemoFacts(
        organisation=organisation.name,
        head=organisation.head,
        be_year=plan.be_year,
        measured_year=plan.assessment.be_year,
        papers=tuple(papers),
        plan_item=asking.plan_item if asking else "",
        report_item=asking.report_item if asking else "",
        total="" if result.total.value is None else format_score(result.total.value),
        level=level.name if level and level.determined else "",
        weak_count=len(result.weak_items),
        measure_count=plan.measures.filter(deleted_at=None).count(),
        due=publication_due(plan.be_year),
    )
