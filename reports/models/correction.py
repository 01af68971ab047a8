"""What the memo that corrects an approved one says before its officer writes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ita_portal.thai import long_date
from reports.memo_texts import revision_background, revision_subject

from .memo_text import EDITABLE

if TYPE_CHECKING:
    from .memo import Memo


def corrected(memo: Memo, reason: str) -> dict[str, Any]:
    """Return the fields that the officer writes: those of the approved memo, naming it and why it is corrected."""
    fields = {name: getattr(memo, name) for name in EDITABLE}
    before = 0
    earlier = memo
    while earlier.revises:
        before, earlier = before + 1, earlier.revises
    assert memo.dated_on is not None
    subject = revision_subject(memo.subject, before + 1)
    fits = len(subject) <= (memo._meta.get_field("subject").max_length or 0)
    return fields | {
        "subject": subject if fits else memo.subject,
        "background": revision_background(
            reference=memo.reference,
            dated_on=long_date(memo.dated_on),
            reason=reason,
            background=earlier.background,
        ),
        "shows_background": True,
    }
