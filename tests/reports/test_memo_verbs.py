"""The memo on its way: what each verb does, in which state it is refused, and what it leaves."""

from __future__ import annotations

import pytest

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import Memo

from .memos import approved_memo

pytestmark = pytest.mark.django_db


def test_the_whole_way(ready_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(ready_plan, by=staff)
    assert (memo.state, memo.reference, memo.round) == (Memo.State.APPROVED, "ตย 77501/1", 1)
    assert MeasurePlan.objects.get(pk=ready_plan.pk).is_locked
    assert [(paper.kind, paper.revision) for paper in memo.issued.order_by("pk")] == [
        ("memo", 0),
        ("plan", 0),
    ]
    told = list(Event.objects.of(memo.organisation).values_list("verb", flat=True))
    assert told[:4] == ["memo-approved", "step-forwarded", "step-forwarded", "plan-edited"]
