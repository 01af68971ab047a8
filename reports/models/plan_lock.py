"""When a plan is locked, and when it is open: as its memos want it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from ita_portal.organisations.models import User
from measures.models import MeasurePlan

# Memos in work that correct an approved one.
CORRECTING = Q(state__in=["draft", "returned"], revises__isnull=False)


def lock_or_open(plan: MeasurePlan, *, by: User, at: datetime) -> None:
    """Leave a plan as its memos want it, at the end of every verb that changes one; the verb holds its row.

    Locked while a memo is on its way; and once one is approved, but for as long as a correction is being made.
    """
    memos = plan.memos.all()
    wants_open = not memos.filter(state="sent").exists() and (
        memos.filter(CORRECTING).exists() or not memos.filter(state="approved").exists()
    )
    is_locked = MeasurePlan.objects.get(pk=plan.pk).is_locked
    if wants_open and is_locked:
        plan.unlock()
    elif not wants_open and not is_locked:
        plan.lock(by=by, at=at)
