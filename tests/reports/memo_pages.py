"""Addresses and contents of the officer's pages of memos, for tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.urls import reverse

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import Memo
from tests.reports.memos import SENT_AT, pass_on, sent_memo

YEAR = ["abt-tuayang", 2567]


def page(name: str, memo: Memo, *more: Any) -> str:
    """Return the address of a page of a memo."""
    return reverse(f"reports:{name}", args=[*YEAR, memo.pk, *more])


def text_of(response: Any) -> str:
    """Return what an answer says."""
    return response.content.decode()


def returned_memo(plan: MeasurePlan, staff: User) -> Memo:
    """Return a memo that its second step gave back after the first had passed it on."""
    memo = sent_memo(plan, by=staff)
    pass_on(memo)
    step = Memo.objects.get(pk=memo.pk).current_step
    step.return_for_edits(words="แก้ไขระยะเวลา", by=step.holder, at=SENT_AT + timedelta(hours=2))
    return Memo.objects.get(pk=memo.pk)


def links(found: str, memo: Memo) -> set[str]:
    """Return the names of the pages of a memo to which its page leads."""
    names = ("edit", "chain", "send", "recall", "cancel", "discard", "revise")
    return {name for name in names if f'href="{page(f"memo-{name}", memo)}"' in found}
