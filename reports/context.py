"""What the bell in every page's frame counts."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from ita_portal.organisations.models import User
from reports.models import ApprovalStep, Notice, SentRound


def bell(request: HttpRequest) -> dict[str, Any]:
    """Give templates `bell_count`, asked of the database only by a page that shows it."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {"bell_count": partial(count_for, user)}


def count_for(user: User) -> int:
    """How many steps wait for a person, how many memos came back to them, and how many notices they have not read:
    one query."""
    counted = (
        ApprovalStep.objects.waiting_for(user, day=timezone.localdate()),
        SentRound.objects.to_mend_by(user),
        Notice.unread_of(user),
    )
    first, *others = (rows.order_by().values("pk") for rows in counted)
    return first.union(*others, all=True).count()
