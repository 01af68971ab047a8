"""What a person may do with a memo now: the pages show exactly these, and the views refuse the rest."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from ita_portal.organisations.access import EDITORS, READERS
from ita_portal.organisations.models import Membership
from reports.models import ApprovalStep, Memo, Refusal

State = Memo.State


class Action(StrEnum):
    """A deed on a memo, by the name that pages use."""

    READ = "read"
    EDIT = "edit"
    SEND = "send"
    DISCARD = "discard"
    CANCEL = "cancel"
    RECALL = "recall"
    REVISE = "revise"
    DECIDE = "decide"
    SIGN_ON_PAPER = "sign-on-paper"
    PUBLISH = "publish"


# What each state lets editors do; deciding depends on the step in turn.
BY_EDITORS: dict[str, frozenset[Action]] = {
    State.DRAFT: frozenset({Action.EDIT, Action.SEND}),
    State.RETURNED: frozenset({Action.EDIT, Action.SEND}),
    State.SENT: frozenset({Action.RECALL, Action.SIGN_ON_PAPER}),
    State.APPROVED: frozenset({Action.REVISE, Action.PUBLISH}),
    State.CANCELLED: frozenset(),
}


def actions_of(memo: Memo, membership: Membership, *, day: date) -> frozenset[Action]:
    """Return what a member may do with `memo` on a day."""
    if membership.role not in READERS or membership.organisation_id != memo.organisation_id:
        return frozenset()
    found = {Action.READ}
    if membership.role in EDITORS:
        found |= BY_EDITORS[memo.state]
        if memo.is_editable:
            found.add(Action.DISCARD if memo.number is None else Action.CANCEL)
    step = memo.current_step
    if step is not None and may_decide(step, membership, day=day):
        found.add(Action.DECIDE)
    return frozenset(found)


def may_decide(step: ApprovalStep, membership: Membership, *, day: date) -> bool:
    """Whether a member decides this step on a day, as its holder or for the holder."""
    try:
        step.require_decider(membership.user, day=day)
    except Refusal:
        return False
    return True
