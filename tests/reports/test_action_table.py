"""Who may do what with a memo in which state: the whole table, and that nothing beyond it can be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ita_portal.organisations.models import Membership, Organisation, User
from measures.models import MeasurePlan
from reports.actions import Action, actions_of
from reports.issuing import decide
from reports.models import ApprovalStep, ChainEntry, Delegation, Memo, Publication

from .letters import scan_png
from .memos import SENT_AT, approved_memo, draft_memo, member, sent_memo

pytestmark = pytest.mark.django_db

TODAY = date(2024, 3, 25)
FIRST, LAST = "ปลัดองค์การบริหารส่วนตำบล", "นายกองค์การบริหารส่วนตำบลตัวอย่าง"

PEOPLE = (
    "staff",
    "administrator",
    "in turn",
    "acting",
    "not in turn",
    "another approver",
    "auditor",
    "stranger",
)
READ = {"read"}
# What each person may do in each state; the memo on its way stands at its first step.
TABLE: dict[str, dict[str, set[str]]] = {
    "draft": {
        "staff": {"read", "edit", "send", "discard"},
        "administrator": {"read", "edit", "send", "discard"},
        "in turn": READ,
        "acting": READ,
        "not in turn": READ,
        "another approver": READ,
        "auditor": set(),
        "stranger": set(),
    },
    "sent": {
        "staff": {"read", "recall", "sign-on-paper"},
        "administrator": {"read", "recall", "sign-on-paper"},
        "in turn": {"read", "decide"},
        "acting": {"read", "decide"},
        "not in turn": READ,
        "another approver": READ,
        "auditor": set(),
        "stranger": set(),
    },
    "returned": {
        "staff": {"read", "edit", "send", "cancel"},
        "administrator": {"read", "edit", "send", "cancel"},
        "in turn": READ,
        "acting": READ,
        "not in turn": READ,
        "another approver": READ,
        "auditor": set(),
        "stranger": set(),
    },
    "approved": {
        "staff": {"read", "revise", "publish"},
        "administrator": {"read", "revise", "publish"},
        "in turn": READ,
        "acting": READ,
        "not in turn": READ,
        "another approver": READ,
        "auditor": set(),
        "stranger": set(),
    },
    "cancelled": {
        "staff": READ,
        "administrator": READ,
        "in turn": READ,
        "acting": READ,
        "not in turn": READ,
        "another approver": READ,
        "auditor": set(),
        "stranger": set(),
    },
}


@dataclass
class World:
    """A plan and everybody who could want something of its memo."""

    plan: MeasurePlan
    people: dict[str, User]

    def memo(self, state: str) -> Memo:
        """Return a memo in a state, with the chain of "in turn" and "not in turn"."""
        chain = [ChainEntry(FIRST, self.people["in turn"]), ChainEntry(LAST, self.people["not in turn"])]
        staff = self.people["staff"]
        if state == "draft":
            return draft_memo(self.plan, by=staff, chain=chain)
        if state == "approved":
            return approved_memo(self.plan, by=staff, chain=chain)
        memo = sent_memo(self.plan, by=staff, chain=chain)
        if state != "sent":
            memo.recall(reason="แก้ไข", by=staff, at=SENT_AT)
        if state == "cancelled":
            memo.cancel(reason="ไม่ใช้แล้ว", by=staff, at=SENT_AT)
        return Memo.objects.get(pk=memo.pk)


@pytest.fixture
def world(
    small_plan: MeasurePlan,
    organisation: Organisation,
    staff: User,
    administrator: User,
    approver: User,
    auditor: User,
    stranger: User,
) -> World:
    deputy = member(organisation, "deputy", "รองปลัด")
    Delegation.objects.create(
        organisation=organisation,
        title=FIRST,
        acting=deputy,
        kind=Delegation.Kind.ON_BEHALF,
        order_number="1/2567",
        starts_on=TODAY,
        ends_on=date(2200, 1, 1),  # the pages ask the clock
    )
    people = {
        "staff": staff,
        "administrator": administrator,
        "in turn": member(organisation, "first", FIRST),
        "acting": deputy,
        "not in turn": member(organisation, "last", LAST),
        "another approver": approver,
        "auditor": auditor,
        "stranger": stranger,
    }
    return World(small_plan, people)


def membership_of(user: User) -> Membership:
    return Membership.objects.select_related("user").get(user=user)


def forms_on(memo: Memo) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return for every action but reading the address that does it, and what its form sends."""
    at = [memo.organisation.slug, memo.be_year, memo.pk]
    step = [*at, memo.steps.filter(round=memo.round).first().pk]
    words = {name: getattr(memo, name) for name in ("department", "addressee", "digits", "version")}
    signed = {"decision": "forward", "signer_name": "ก", "signer_title": "ข", "signed_on": "25 มีนาคม 2567"}
    scan = SimpleUploadedFile("scan.png", scan_png(), "image/png")
    found: dict[str, tuple[str, dict[str, Any]]] = {
        "edit": (reverse("reports:memo-edit", args=at), {**words, "subject": "ใหม่", "papers": ["plan"]}),
        "send": (reverse("reports:memo-send", args=at), {}),
        "decide": (reverse("reports:step-decide", args=step), {"decision": "forward"}),
        "sign-on-paper": (reverse("reports:step-signature", args=step), {**signed, "scan": scan}),
    }
    for verb in ("discard", "cancel", "recall", "revise"):
        found[verb] = (reverse(f"reports:memo-{verb}", args=at), {"reason": "ก"})
    for paper in memo.issued.filter(kind="plan"):
        found["publish"] = (reverse("reports:paper-publish", args=[*at[:2], paper.code]), {})
    return found


def kept() -> list[list[dict[str, Any]]]:
    """Return all that an action may change."""
    return [list(model.objects.order_by("pk").values()) for model in (Memo, ApprovalStep, Publication)]


def done_by(client: Client, memo: Memo) -> set[str]:
    """Return the actions that happen where whoever is signed in sends their forms; each is taken back."""
    before, found = kept(), set()
    for name, (address, data) in forms_on(memo).items():
        with transaction.atomic():
            client.post(address, data)
            if kept() != before:
                found.add(name)
            transaction.set_rollback(True)
    return found


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(Memo.State.values)
    assert {tuple(row) for row in TABLE.values()} == {PEOPLE}
    assert set().union(*(actions for row in TABLE.values() for actions in row.values())) == set(Action)


@pytest.mark.parametrize("state", TABLE)
def test_what_everybody_may_do(world: World, state: str) -> None:
    memo = world.memo(state)
    assert memo.state == state
    found = {
        name: {str(action) for action in actions_of(memo, membership_of(user), day=TODAY)}
        for name, user in world.people.items()
    }
    assert found == TABLE[state]


@pytest.mark.parametrize("state", TABLE)
def test_what_is_missing_does_not_happen_and_all_else_does(world: World, client: Client, state: str) -> None:
    memo = world.memo(state)
    for paper in memo.issued.all():
        paper.attach(b"%PDF", pages=1, template_version="", font_version="", at=SENT_AT)
    happened = {}
    for name, user in world.people.items():
        client.force_login(user)
        happened[name] = done_by(client, memo)
    assert happened == {name: actions - READ for name, actions in TABLE[state].items()}


def test_who_acts_may_decide_only_while_the_order_is_in_force(world: World) -> None:
    memo = world.memo("sent")
    deputy = membership_of(world.people["acting"])
    days = {day: Action.DECIDE in actions_of(memo, deputy, day=date(2024, 3, day)) for day in (24, 25)}
    assert days == {24: False, 25: True}


def test_the_next_in_turn_may_decide_once_the_first_has(world: World) -> None:
    memo = world.memo("sent")
    decide(memo.current_step, "forward", words="", by=world.people["acting"], at=SENT_AT)
    memo = Memo.objects.get(pk=memo.pk)
    may_decide = {
        name
        for name, user in world.people.items()
        if Action.DECIDE in actions_of(memo, membership_of(user), day=TODAY)
    }
    assert may_decide == {"not in turn"}


def test_staff_who_hold_a_step_of_their_own_memo_may_not_decide_it(world: World) -> None:
    memo = world.memo("sent")
    ApprovalStep.objects.filter(memo=memo, position=1).update(holder=world.people["staff"])
    assert Action.DECIDE not in actions_of(memo, membership_of(world.people["staff"]), day=TODAY)
    ApprovalStep.objects.filter(memo=memo, position=1).update(holder=world.people["administrator"])
    found = actions_of(memo, membership_of(world.people["administrator"]), day=TODAY)
    assert found == {Action.READ, Action.RECALL, Action.SIGN_ON_PAPER, Action.DECIDE}


def test_a_memo_is_nothing_to_a_member_of_elsewhere(
    world: World, stranger_organisation: Organisation
) -> None:
    memo = world.memo("sent")
    there = Membership.objects.create(
        organisation=stranger_organisation, user=world.people["in turn"], role="approver"
    )
    assert actions_of(memo, there, day=TODAY) == frozenset()
