"""Every kind of event, and the deed that records it: who did it, where, in which chain."""

from __future__ import annotations

import re
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.test import Client

from assessments.instrument_table import Plan
from assessments.models import Assessment, Instrument
from assessments.question_import import import_questions
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Invitation, Membership, Organisation, Role, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.issuing import decide, render
from reports.models import (
    AuditorGrant,
    ChainStep,
    Delegation,
    Inspection,
    IssuedPaper,
    Letterhead,
    Refusal,
)
from reports.sending import send
from tests.audit.conftest import unprotected
from tests.audit.test_verify_audit import faults, verify
from tests.conftest import PASSWORD
from tests.reports.audited import approved_letter, papers_of
from tests.reports.conftest import completed, plan_of_000
from tests.reports.letters import letter
from tests.reports.memos import SENT_AT, draft_memo

AT = SENT_AT
LATER = SENT_AT + timedelta(hours=5)
Verb = Event.Verb


@dataclass
class World:
    """An organisation with its scores, and people in every role; plans and memos are made as deeds need them."""

    organisation: Organisation
    assessment: Assessment
    plan: MeasurePlan
    staff: User
    administrator: User
    auditor: User
    operator: User

    def client(self, user: User) -> Client:
        """Return a client in which a person is signed in."""
        client = Client()
        client.force_login(user)
        return client

    def paper(self) -> IssuedPaper:
        """Return an approved paper with a made-up file."""
        return papers_of(approved_letter(self.plan, by=self.staff))["plan"]

    def invitation(self) -> Invitation:
        """Return an issued invitation."""
        made = Invitation(organisation=self.organisation, first_name="ก", last_name="ข", role=Role.STAFF)
        made.issue(by=self.administrator, at=AT)
        return made

    def delegation(self) -> Delegation:
        """Return a delegation of today that has begun."""
        made = Delegation(
            organisation=self.organisation,
            title="ปลัดเทศบาล",
            acting=self.staff,
            kind=Delegation.Kind.IN_CHARGE,
            order_number="1/2567",
            starts_on=date(2024, 1, 1),
            ends_on=date(2024, 12, 31),
        )
        made.begin(by=self.administrator, at=AT)
        return made

    def membership(self) -> Membership:
        """Return the membership of the officer."""
        return Membership.objects.get(user=self.staff)


@pytest.fixture
def world(
    instruments: None,
    organisation: Organisation,
    staff: User,
    administrator: User,
    auditor: User,
    operator: User,
) -> World:
    plan = plan_of_000(organisation)
    return World(organisation, plan.assessment, plan, staff, administrator, auditor, operator)


def sign_in(world: World) -> None:
    Client().post("/accounts/login/", {"login": world.staff.username, "password": PASSWORD})


def reopen(world: World) -> None:
    world.assessment.close(by=world.staff, at=AT)
    world.assessment.reopen(by=world.staff, at=LATER, reason="ผิด")


def edit_and_send(world: World) -> None:
    world.assessment.close(by=world.staff, at=AT)
    completed(world.plan, by=world.staff)
    send(draft_memo(world.plan, by=world.staff), by=world.staff, at=AT)


def decide_first(world: World, decision: str) -> None:
    step = letter(world.plan, by=world.staff).current_step
    decide(step, decision, words="แก้ไข", by=step.holder, at=LATER)


def cancel_returned(world: World) -> None:
    memo = letter(world.plan, by=world.staff)
    memo.recall(reason="แก้ไข", by=world.staff, at=LATER)
    memo.cancel(reason="ไม่ใช้แล้ว", by=world.staff, at=LATER)


def publish_and_withdraw(world: World) -> None:
    paper = world.paper()
    paper.publish(by=world.staff, at=LATER)
    paper.withdraw(reason="ผิด", by=world.staff, at=LATER)


def suspend(world: World) -> Membership:
    membership = world.membership()
    membership.deactivate(by=world.administrator, at=AT)
    return membership


def import_list(world: World) -> None:
    plan = Plan((), {}, (), (), (), (), ())
    instrument = Instrument.objects.get(be_year=2567)
    import_questions(instrument, plan, complete=False, by=world.operator, at=AT)


# What records an event in the organisation's chain, and in whose name ("" for nobody's).
DEEDS: dict[str, tuple[Callable[[World], object], str]] = {
    Verb.SCORES_CLOSED: (lambda w: w.assessment.close(by=w.staff, at=AT), "staff"),
    Verb.SCORES_REOPENED: (reopen, "staff"),
    Verb.SCORES_IMPORTED: (
        lambda w: w.assessment.import_scores({}, source="แฟ้ม", by=w.staff, at=AT),
        "staff",
    ),
    Verb.MEMBER_INVITED: (lambda w: w.invitation(), "administrator"),
    Verb.INVITATION_CANCELLED: (
        lambda w: w.invitation().cancel(by=w.administrator, at=LATER),
        "administrator",
    ),
    Verb.MEMBER_ADDED: (
        lambda w: Membership.admit(
            organisation=w.organisation,
            user=w.operator,
            role=Role.STAFF,
            position_title="",
            by=w.administrator,
            at=AT,
        ),
        "administrator",
    ),
    Verb.MEMBER_CHANGED: (
        lambda w: w.membership().change(role=Role.APPROVER, position_title="", by=w.administrator, at=AT),
        "administrator",
    ),
    Verb.MEMBER_DEACTIVATED: (suspend, "administrator"),
    Verb.MEMBER_REACTIVATED: (lambda w: suspend(w).reactivate(by=w.administrator, at=LATER), "administrator"),
    Verb.PROFILE_CHANGED: (
        lambda w: w.client(w.administrator).post(
            f"/{w.organisation.slug}/profile/",
            {"kind": "subdistrict", "name": "องค์การบริหารส่วนตำบลใหม่", "province": "ตัวอย่าง"},
        ),
        "administrator",
    ),
    Verb.UNITS_CHANGED: (
        lambda w: w.organisation.add_unit("กองช่าง", by=w.administrator, at=AT),
        "administrator",
    ),
    Verb.PLAN_EDITED: (edit_and_send, "staff"),
    Verb.LETTERHEAD_CHANGED: (
        lambda w: Letterhead.of(w.organisation).keep(by=w.administrator, at=AT),
        "administrator",
    ),
    Verb.CHAIN_CHANGED: (
        lambda w: ChainStep.replace(w.organisation, [], by=w.administrator, at=AT),
        "administrator",
    ),
    Verb.DELEGATION_BEGUN: (lambda w: w.delegation(), "administrator"),
    Verb.DELEGATION_REVOKED: (lambda w: w.delegation().revoke(by=w.administrator, at=LATER), "administrator"),
    Verb.MEMO_SENT: (lambda w: letter(w.plan, by=w.staff), "staff"),
    Verb.MEMO_RECALLED: (
        lambda w: letter(w.plan, by=w.staff).recall(reason="แก้ไข", by=w.staff, at=LATER),
        "staff",
    ),
    Verb.MEMO_RETURNED: (lambda w: decide_first(w, "return"), "head1"),
    Verb.MEMO_CANCELLED: (cancel_returned, "staff"),
    Verb.MEMO_REVISED: (
        lambda w: approved_letter(w.plan, by=w.staff).revise(reason="แก้ตาราง", by=w.staff, at=LATER),
        "staff",
    ),
    Verb.STEP_FORWARDED: (lambda w: decide_first(w, "forward"), "head1"),
    Verb.STEP_ACKNOWLEDGED: (lambda w: decide_first(w, "acknowledge"), "head1"),
    Verb.MEMO_APPROVED: (lambda w: approved_letter(w.plan, by=w.staff), "head3"),
    Verb.PAPER_ISSUED: (lambda w: w.paper(), ""),
    Verb.PAPER_PUBLISHED: (lambda w: w.paper().publish(by=w.staff, at=LATER), "staff"),
    Verb.PAPER_WITHDRAWN: (publish_and_withdraw, "staff"),
    Verb.PAPER_DOWNLOADED: (
        lambda w: b"".join(
            w.client(w.auditor).get(f"/audits/{w.organisation.slug}/papers/{w.paper().code}.pdf")
        ),
        "auditor",
    ),
    Verb.PAPER_INSPECTED: (
        lambda w: Inspection.give(paper=w.paper(), remark="", by=w.auditor, at=LATER),
        "auditor",
    ),
    Verb.AUDITOR_GRANTED: (
        lambda w: AuditorGrant.give(user=w.auditor, organisation=w.organisation, by=w.operator, at=AT),
        "operator",
    ),
    Verb.AUDITOR_REVOKED: (
        lambda w: AuditorGrant.give(user=w.auditor, organisation=w.organisation, by=w.operator, at=AT).revoke(
            by=w.operator, at=LATER
        ),
        "operator",
    ),
}
# The same in the platform's own chain.
PLATFORM_DEEDS: dict[str, tuple[Callable[[World], object], str]] = {
    Verb.SIGNED_IN: (sign_in, "staff"),
    Verb.INSTRUMENT_IMPORTED: (import_list, "operator"),
    Verb.QUESTION_MAP_CHANGED: (
        lambda w: Instrument.objects.get(be_year=2566).map_questions({}, by=w.operator, at=AT),
        "operator",
    ),
}


def test_every_kind_of_event_has_a_deed() -> None:
    assert sorted([*DEEDS, *PLATFORM_DEEDS]) == sorted(Verb.values)


@pytest.mark.parametrize("verb", [*DEEDS, *PLATFORM_DEEDS])
def test_the_deed_records_it_in_the_name_of_who_did_it(world: World, verb: Event.Verb) -> None:
    deed, who = (DEEDS | PLATFORM_DEEDS)[verb]
    deed(world)
    owner = world.organisation if verb in DEEDS else None
    events = Event.objects.of(owner).filter(verb=verb).select_related("actor")
    people = {event.actor.username.split("-")[0] if event.actor else "" for event in events}
    assert people == {who}
    assert all(event.sentence.strip() for event in events)
    assert verify().endswith("บันทึกเหตุการณ์ถูกต้องครบถ้วน\n")


def test_a_province_is_given_in_the_chain_of_the_platform(world: World) -> None:
    AuditorGrant.give(user=world.auditor, province="ตัวอย่าง", by=world.operator, at=AT).revoke(
        by=world.operator, at=LATER
    )
    assert [event.verb for event in Event.objects.of(None)] == [Verb.AUDITOR_REVOKED, Verb.AUDITOR_GRANTED]


def test_edits_of_a_plan_are_summed_up_by_person_when_it_is_sent(world: World) -> None:
    edit_and_send(world)
    event = Event.objects.get(verb=Verb.PLAN_EDITED)
    count = world.plan.changes.count()
    assert count > 0
    assert event.sentence.endswith(to_thai(f"ก่อนเสนอ: {world.staff} {count} ครั้ง"))


def test_a_refused_deed_records_nothing(world: World) -> None:
    memo = letter(world.plan, by=world.staff)
    before = Event.objects.count()
    wrong = memo.chain[1]
    with pytest.raises(Refusal):
        decide(wrong, "forward", words="", by=wrong.holder, at=LATER)
    assert Event.objects.count() == before


def test_a_tail_cut_after_an_approval_is_found_by_the_head_printed_on_the_paper(world: World) -> None:
    paper = render(approved_letter(world.plan, by=world.staff).issued.get(kind="plan"), at=LATER)
    shown = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=paper.content(), capture_output=True, check=True
    ).stdout.decode()
    (printed,) = set(re.findall(r"รหัส ([0-9a-f]{16})\b", unicodedata.normalize("NFC", shown)))
    assert printed == paper.event_hash[:16]
    slug = world.organisation.slug
    assert verify("--organisation", slug, "--head", printed).endswith(f"และมีรหัสตรวจสอบ {printed}\n")
    with unprotected() as sql:
        sql(
            "DELETE FROM audit_event WHERE organisation_id = %s AND sequence >= %s",
            world.organisation.pk,
            paper.event_sequence,
        )
    assert verify("--organisation", slug).endswith("บันทึกเหตุการณ์ถูกต้องครบถ้วน\n")  # what is left holds
    assert faults("--organisation", slug, "--head", printed)[0].startswith(f"ไม่พบรหัสตรวจสอบ {printed}")
    Event.record(Verb.UNITS_CHANGED, "เขียนต่อ", by=None, at=LATER, organisation=world.organisation)
    assert len(faults("--organisation", slug, "--head", printed)) == 1
