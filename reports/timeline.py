"""Where memos are: who has one now and since when, and what happened to it round by round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from ita_portal.organisations.models import Organisation
from reports.models import ApprovalStep, Delegation, IssuedPaper, Memo, SentPaper, SentRound


class Place(StrEnum):
    """How far a step of a round has come."""

    DONE = "done"
    CURRENT = "current"
    WAITING = "waiting"


@dataclass(frozen=True)
class Stop:
    """One step on the way: what was decided, or who may decide it.

    acting: who acts for the step's title on the day asked for; since: when the step in turn got the memo.
    """

    step: ApprovalStep
    place: Place
    acting: tuple[Delegation, ...] = ()
    since: datetime | None = None

    @property
    def number(self) -> int:
        """Its number on the way, on which the officer is the first."""
        return self.step.place


@dataclass(frozen=True)
class Round:
    """One round of a memo: what was sent, the stops in order, and what the round carried."""

    number: int
    sent: SentRound | None
    stops: tuple[Stop, ...]
    papers: tuple[SentPaper, ...]

    @property
    def void_count(self) -> int:
        """How many approvals of it are void."""
        return sum(stop.step.voided_at is not None for stop in self.stops)


def acting_on(organisation: Organisation, day: date) -> dict[str, tuple[Delegation, ...]]:
    """Return who acts for which title on a day."""
    found: dict[str, tuple[Delegation, ...]] = {}
    for delegation in Delegation.objects.of(organisation).on(day).order_by("pk"):
        found[delegation.title] = (*found.get(delegation.title, ()), delegation)
    return found


def whereabouts_of(memos: Sequence[Memo], *, day: date) -> dict[int, Stop]:
    """Return the step in turn of each of one organisation's memos that is on its way, by the memo's key.

    Two queries, whatever the number of memos.
    """
    if not memos:
        return {}
    steps = ApprovalStep.objects.in_turn().filter(memo__in=memos).with_arrival().select_related("holder")
    acting = acting_on(memos[0].organisation, day)
    return {
        step.memo_id: Stop(step, Place.CURRENT, acting.get(step.title, ()), _arrival(step)) for step in steps
    }


def rounds_of(memo: Memo, *, day: date) -> list[Round]:
    """Return the rounds of a memo, the one in work first; one not sent yet has neither a sending nor papers."""
    steps: dict[int, list[ApprovalStep]] = {}
    people = ("holder", "decided_by", "voided_by")
    for step in (
        ApprovalStep.objects.filter(memo=memo).with_arrival().select_related(*people).order_by("position")
    ):
        steps.setdefault(step.round, []).append(step)
    papers: dict[int, list[SentPaper]] = {}
    for paper in SentPaper.objects.filter(round__memo=memo).only("round_id", "kind", "title"):
        papers.setdefault(paper.round_id, []).append(paper)
    sent = {each.number: each for each in memo.rounds.select_related("ended_by")}
    acting = acting_on(memo.organisation, day)
    return [
        Round(
            number,
            sent.get(number),
            tuple(_stops(memo, steps.get(number, []), acting)),
            tuple(papers.get(sent[number].pk, ())) if number in sent else (),
        )
        for number in sorted(steps.keys() | sent.keys(), reverse=True)
    ]


def _stops(
    memo: Memo, steps: Iterable[ApprovalStep], acting: dict[str, tuple[Delegation, ...]]
) -> Iterable[Stop]:
    is_moving = memo.state == Memo.State.SENT
    for step in steps:
        here = is_moving and step.round == memo.round and not step.decision
        place = Place.DONE if step.decision else Place.CURRENT if here else Place.WAITING
        is_moving = is_moving and not here
        now = acting.get(step.title, ()) if place is not Place.DONE else ()
        yield Stop(step, place, now, _arrival(step) if place is Place.CURRENT else None)


def _arrival(step: ApprovalStep) -> datetime:
    """When a step got the memo, as `with_arrival` tells."""
    return step.arrived_at  # type: ignore[attr-defined]


def issued_of(memo: Memo) -> list[IssuedPaper]:
    """The approved papers of a memo, the memo itself last."""
    found = list(IssuedPaper.objects.of(memo.organisation).filter(memo=memo))
    return sorted(found, key=lambda paper: (paper.kind == "memo", paper.pk))
