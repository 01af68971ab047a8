"""Importing a year's question list: the deed that follows an operator's confirmed preview."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from ita_portal.thai import to_thai

from .instrument_table import Plan
from .models import Instrument, Item
from .scoring import Kind


def scored_codes(instrument: Instrument) -> frozenset[str]:
    """Return the codes of items on which any organisation has a score, emptied cells too."""
    codes = instrument.items.filter(scores__isnull=False)
    return frozenset(codes.values_list("code", flat=True).distinct())


def import_questions(instrument: Instrument, plan: Plan, *, complete: bool, by: User, at: datetime) -> None:
    """Bring the instrument's questions in line with a plan that was refused nothing; all or nothing.

    complete: mark the list as complete (it is never unmarked here). Raises ProtectedError where a question to
    be removed is in use, ValueError for a plan with refusals.
    """
    if plan.refusals:
        raise ValueError("a plan with refusals cannot be imported")
    with transaction.atomic():
        Instrument.objects.select_for_update().get(pk=instrument.pk)
        standing = {item.code: item for item in instrument.items.all()}
        _write(instrument, plan, standing)
        kept = {q.code for q in plan.questions} | plan.sub_indicators.keys()
        below = (Kind.QUESTION, Kind.SUB_INDICATOR)
        for kind in below:  # questions first: they stand on sub-indicators
            instrument.items.filter(kind=kind).exclude(code__in=kept).delete()
        if complete:
            Instrument.objects.filter(pk=instrument.pk).update(complete=True)
        Event.record(
            Event.Verb.INSTRUMENT_IMPORTED,
            to_thai(
                f"นำเข้ารายการคำถามปีงบประมาณ {instrument.be_year}: เพิ่ม {len(plan.added)} "
                f"เปลี่ยน {len(plan.changed)} ลบ {len(plan.removed)} ข้อ"
            ),
            by=by,
            at=at,
            be_year=instrument.be_year,
            added=[q.code for q in plan.added],
            changed=[old.code for old, _ in plan.changed],
            removed=[q.code for q in plan.removed],
            complete=complete,
        )


def _write(instrument: Instrument, plan: Plan, standing: dict[str, Item]) -> None:
    """Save sub-indicators, then questions, each in the order of the table, after their indicator."""
    used: dict[str, int] = {}

    def place(code: str, kind: Kind, title: str, indicator: str, parent: str) -> None:
        used[indicator] = used.get(indicator, 0) + 1
        Item.objects.update_or_create(
            instrument=instrument,
            code=code,
            defaults={
                "kind": kind.value,
                "title": title,
                "parent": standing[parent],
                "position": standing[indicator].position + used[indicator],
            },
        )

    for code, (indicator, title) in plan.sub_indicators.items():
        place(code, Kind.SUB_INDICATOR, title, indicator, indicator)
    standing |= {item.code: item for item in instrument.items.filter(kind=Kind.SUB_INDICATOR)}
    for question in plan.questions:
        parent = question.sub_indicator or question.indicator
        place(question.code, Kind.QUESTION, question.title, question.indicator, parent)
