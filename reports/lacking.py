"""What a memo still lacks before it can be sent, each with the page where that is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from ita_portal.thai import to_thai
from reports.models import Memo, Refusal
from reports.models.completeness import obstacles_of

# Where each obstacle is mended: the page and the place on it.
PLACES: dict[type[Refusal], tuple[str, str]] = {
    Memo.NoPaper: ("memo-edit", "#div_id_papers"),
    Memo.NoPrefix: ("memo-edit", "#id_number_prefix"),
    Memo.NoChain: ("memo-chain", ""),
    Memo.NoHolder: ("memo-chain", ""),
    Memo.AlreadyIssued: ("memo-edit", "#div_id_papers"),
}


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing, in words, and where to mend it."""

    sentence: str
    url: str


def lacking_of(memo: Memo, *, day: date) -> list[Lacking]:
    """Return all that stands in the way of sending a memo on a day, but for what the check finds in its papers."""
    return [Lacking(to_thai(str(obstacle)), _url(memo, obstacle)) for obstacle in obstacles_of(memo, day=day)]


def _url(memo: Memo, obstacle: Refusal) -> str:
    where = [memo.organisation.slug, memo.be_year]
    page, place = PLACES.get(type(obstacle), ("", ""))
    return (
        f"{reverse(f'reports:{page}', args=[*where, memo.pk])}{place}"
        if page
        else reverse("reports:memos", args=where)
    )
