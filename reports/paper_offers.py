"""Which papers of a plan a memo may carry, which may not and why, and how far each is from being ready."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from measures.models import MeasurePlan
from reports.models import Memo
from reports.paper_checks import Review, review_of
from reports.papers import KINDS, PaperKind

OPEN = (Memo.State.DRAFT, Memo.State.SENT, Memo.State.RETURNED)


@dataclass(frozen=True)
class PaperOffer:
    """One paper of a plan: the memo that carries it already, or what its check says where none does."""

    kind: PaperKind
    year: int
    carried_by: Memo | None
    review: Review | None
    check_url: str


def offers_of(plan: MeasurePlan) -> list[PaperOffer]:
    """Return the papers of a plan in the order in which memos carry them.

    A paper is carried by one memo at a time. Once approved it comes again only as a correction of that memo.
    """
    memos = carriers_of(plan)
    return [
        PaperOffer(
            kind,
            kind.year_of(plan),
            carrier,
            None if carrier else review_of(plan, kind.key),
            check_url(plan, kind.key),
        )
        for kind in KINDS.values()
        for carrier in [next((memo for memo in memos if kind.key in memo.papers), None)]
    ]


def kinds_for(memo: Memo) -> list[PaperKind]:
    """Return the papers that a memo may carry: those of no other memo, and those that it carries or corrects."""
    own = {*memo.papers, *(memo.revises.papers if memo.revises else ())}
    taken = {key for other in carriers_of(memo.plan) if other.pk != memo.pk for key in other.papers}
    return [kind for kind in KINDS.values() if kind.key in own or kind.key not in taken]


def carriers_of(plan: MeasurePlan) -> list[Memo]:
    """Return the memos that hold papers of a plan: those being written or on their way before those approved."""
    standing = Memo.objects.of(plan.assessment.organisation).filter(plan=plan)
    held = standing.filter(state__in=[*OPEN, Memo.State.APPROVED])
    return sorted(held, key=lambda memo: memo.state == Memo.State.APPROVED)


def reviews_of(memo: Memo) -> list[tuple[PaperKind, Review, str]]:
    """Return what the check says of each paper that a memo carries, with the page of the check."""
    return [(KINDS[key], review_of(memo.plan, key), check_url(memo.plan, key)) for key in memo.papers]


def check_url(plan: MeasurePlan, kind: str) -> str:
    """The page of a paper's check."""
    page = reverse("reports:plan-check", args=[plan.assessment.organisation.slug, plan.be_year])
    return f"{page}?paper={kind}"
