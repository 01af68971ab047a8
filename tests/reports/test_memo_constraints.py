"""What the database itself refuses about memos, their steps and rounds, and approved papers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction

from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.models import (
    ApprovalStep,
    AuditorGrant,
    ChainStep,
    Delegation,
    Inspection,
    IssuedPaper,
    Letterhead,
    Memo,
    Publication,
    SentPaper,
    SentRound,
    StoredFile,
)

from .memos import SENT_AT, approved_memo, draft_memo, pass_on, sent_memo

pytestmark = pytest.mark.django_db

PERSON = object()  # stands for a person who exists
FILE = object()  # stands for a file that exists


def refuses(name: str, deed: Callable[[], object]) -> None:
    """Run a deed that breaks the constraint `name`; where it breaks none, the test fails."""
    with pytest.raises(IntegrityError, match=named(name)), transaction.atomic():
        deed()


def named(name: str) -> str:
    """What the database says about a constraint: SQLite names the columns of a unique one, not the constraint."""
    for model in (Memo, ApprovalStep, SentRound, SentPaper, IssuedPaper, Publication, ChainStep):
        for constraint in model._meta.constraints:
            is_unique = isinstance(constraint, models.UniqueConstraint)
            if constraint.name == name and is_unique and connection.vendor == "sqlite":
                return ", ".join(_column(model, field) for field in constraint.fields)
    return name


def _column(model: type[models.Model], field: str) -> str:
    return f"{model._meta.db_table}.{model._meta.get_field(field).column}"


def filled(change: dict[str, Any], staff: User) -> dict[str, Any]:
    """Return `change` with a person and a file put in."""
    stand_ins = {id(PERSON): lambda: staff, id(FILE): lambda: StoredFile.keep(b"%PDF", "application/pdf")}
    return {
        name: stand_ins[id(value)]() if id(value) in stand_ins else value for name, value in change.items()
    }


MEMO: list[tuple[str, dict[str, Any], str]] = [
    ("draft", {"state": "lost"}, "memo_state_known"),
    ("draft", {"number": 1}, "memo_number_and_year"),
    ("draft", {"number_year": 2567}, "memo_number_and_year"),
    ("sent", {"number": None}, "memo_number_and_year"),
    ("draft", {"sent_at": SENT_AT}, "memo_sent_at_and_by"),
    ("sent", {"sent_by": None}, "memo_sent_at_and_by"),
    ("draft", {"sent_at": SENT_AT, "sent_by": PERSON}, "memo_state_sent"),
    ("draft", {"state": "sent"}, "memo_state_sent"),
    ("draft", {"state": "returned"}, "memo_state_sent"),
    ("sent", {"number": None, "number_year": None}, "memo_state_sent"),
    (
        "draft",
        {"state": "cancelled", "cancelled_at": SENT_AT, "cancelled_by": PERSON, "cancel_reason": "ก"},
        "memo_state_sent",
    ),
    ("sent", {"state": "approved"}, "memo_state_approved"),
    ("sent", {"approved_at": SENT_AT, "approved_by": PERSON}, "memo_state_approved"),
    ("approved", {"approved_by": None}, "memo_approved_at_and_by"),
    ("approved", {"state": "returned"}, "memo_state_approved"),
    ("sent", {"state": "cancelled"}, "memo_state_cancelled"),
    ("sent", {"cancelled_at": SENT_AT, "cancelled_by": PERSON}, "memo_cancelled_at_and_by"),
    ("sent", {"cancel_reason": "ก"}, "memo_cancelled_at_and_by"),
    (
        "sent",
        {"cancelled_at": SENT_AT, "cancelled_by": PERSON, "cancel_reason": "ก"},
        "memo_state_cancelled",
    ),
    ("draft", {"revision_reason": "ก"}, "memo_revises_with_reason"),
]
MADE: dict[str, Callable[..., Memo]] = {"draft": draft_memo, "sent": sent_memo, "approved": approved_memo}


@pytest.mark.parametrize("state", MADE)
def test_constraints_of_a_memo(small_plan: MeasurePlan, staff: User, state: str) -> None:
    memo = MADE[state](small_plan, by=staff)
    cases = [(change, name) for made, change, name in MEMO if made == state]
    for change, name in cases:
        refuses(name, lambda: Memo.objects.filter(pk=memo.pk).update(**filled(change, staff)))  # noqa: B023


def test_a_number_is_given_once_a_year_and_organisation(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    memo.recall(reason="แก้ไข", by=staff, at=SENT_AT)
    other = draft_memo(small_plan, by=staff, chain=[])
    same = Memo.objects.filter(pk=other.pk)
    refuses("memo_number_unique", lambda: same.update(number=1, number_year=2567))
    assert same.update(number=1, number_year=2568) == 1


def test_one_memo_of_a_plan_is_sent_at_a_time(small_plan: MeasurePlan, staff: User) -> None:
    sent_memo(small_plan, by=staff)
    other = Memo.objects.filter(pk=draft_memo(small_plan, by=staff, chain=[]).pk)
    as_sent = {"state": "sent", "sent_at": SENT_AT, "sent_by": staff, "number": 2, "number_year": 2567}
    refuses("memo_one_sent_a_plan", lambda: other.update(**as_sent))
    assert other.update(**{**as_sent, "state": "returned"}) == 1


def test_a_memo_has_one_correction_that_stands_and_it_has_a_reason(
    small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไข", by=staff, at=SENT_AT)
    other = Memo.objects.filter(pk=draft_memo(small_plan, by=staff, chain=[]).pk)
    refuses("memo_one_revision", lambda: other.update(revises=memo, revision_reason="ก"))
    mine = Memo.objects.filter(pk=revision.pk)
    refuses("memo_revises_with_reason", lambda: mine.update(revision_reason=""))


def test_constraints_of_a_step(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    decided = ApprovalStep.objects.filter(pk=pass_on(memo).pk)
    open_step = ApprovalStep.objects.filter(pk=memo.current_step.pk)
    whole = {
        "decision": "forward",
        "decided_at": SENT_AT,
        "decided_by": staff,
        "signed_on": date(2024, 3, 25),
        "signer_name": "ก",
    }
    for missing in whole:
        empty = "" if missing in ("decision", "signer_name") else None
        refuses("step_decided_at_and_by", lambda: open_step.update(**{**whole, missing: empty}))  # noqa: B023
    for name, value in [*whole.items(), ("scan", FILE)]:
        refuses("step_decided_at_and_by", lambda: open_step.update(**filled({name: value}, staff)))  # noqa: B023
    refuses("step_on_paper_has_scan", lambda: decided.update(on_paper=True))
    refuses("step_on_paper_has_scan", lambda: decided.update(**filled({"scan": FILE}, staff)))
    refuses("step_return_has_reason", lambda: decided.update(decision="return", words=""))
    refuses("step_voided_at_and_by", lambda: decided.update(voided_at=SENT_AT))
    refuses("step_voided_at_and_by", lambda: open_step.update(voided_at=SENT_AT, voided_by=staff))
    refuses("step_position_unique", lambda: open_step.update(position=1))


def test_constraints_of_a_round(small_plan: MeasurePlan, staff: User) -> None:
    memo = sent_memo(small_plan, by=staff)
    sent = SentRound.objects.filter(memo=memo)
    for change in ({"ended_at": SENT_AT}, {"outcome": "approved"}, {"ended_at": SENT_AT, "ended_by": staff}):
        refuses("round_ended_at_and_by", lambda: sent.update(**change))  # noqa: B023
    again = {"memo": memo, "number": 1, "sent_at": SENT_AT, "sent_by": staff, "officer_name": "ก"}
    refuses("round_number_unique", lambda: SentRound.objects.create(**again))
    paper = {"round": sent.get(), "kind": "plan", "title": "ก", "body": "ก"}
    refuses("sent_paper_kind_unique", lambda: SentPaper.objects.create(**paper))


def test_constraints_of_an_approved_paper(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    paper, other = memo.issued.get(kind="plan"), memo.issued.get(kind="memo")
    rows = IssuedPaper.objects.filter(pk=paper.pk)
    refuses("issued_revision_replaces", lambda: rows.update(revision=1))
    refuses("issued_revision_replaces", lambda: rows.update(replaces=other))
    rendered = {"file": FILE, "rendered_at": SENT_AT, "sha256": "0" * 64, "size": 4, "pages": 1}
    for missing in rendered:
        empty = "" if missing == "sha256" else None
        change = {**rendered, missing: empty}
        refuses("issued_rendered_whole", lambda: rows.update(**filled(change, staff)))  # noqa: B023
    for name in ("size", "pages"):
        change = {**rendered, name: 0}
        refuses("issued_rendered_whole", lambda: rows.update(**filled(change, staff)))  # noqa: B023
    refuses("issued_once_a_memo_and_kind", lambda: rows.update(kind="memo"))

    def copy(**changes: object) -> None:
        made = IssuedPaper.objects.get(pk=paper.pk)
        made.pk, made.code = None, "0000-0000-0000"
        for name, value in changes.items():
            setattr(made, name, value)
        made.save()

    draft = draft_memo(small_plan, by=staff, chain=[])
    refuses("issued_revision_unique", lambda: copy(memo=draft))
    refuses(r"code|issuedpaper_code", lambda: copy(memo=draft, kind="analysis", code=paper.code))
    copy(memo=draft, kind="analysis")
    assert IssuedPaper.objects.count() == 3


def test_constraints_of_a_publication(small_plan: MeasurePlan, staff: User) -> None:
    paper = approved_memo(small_plan, by=staff).issued.get(kind="plan")
    first = Publication.objects.create(paper=paper, published_at=SENT_AT, published_by=staff)
    rows = Publication.objects.filter(pk=first.pk)
    for change in (
        {"withdrawn_at": SENT_AT},
        {"withdrawn_at": SENT_AT, "withdrawn_by": staff},
        {"withdraw_reason": "ก"},
    ):
        refuses("publication_withdrawn_at_and_by", lambda: rows.update(**change))  # noqa: B023
    again = {"paper": paper, "published_at": SENT_AT, "published_by": staff}
    refuses("publication_once_at_a_time", lambda: Publication.objects.create(**again))
    rows.update(withdrawn_at=SENT_AT, withdrawn_by=staff, withdraw_reason="ก")
    Publication.objects.create(**again)


def test_constraints_of_grants_and_inspections(small_plan: MeasurePlan, staff: User, auditor: User) -> None:
    organisation = small_plan.assessment.organisation
    common = {"user": auditor, "given_at": SENT_AT, "given_by": staff}
    for scope in ({}, {"organisation": organisation, "province": "ตัวอย่าง"}):
        refuses(
            "grant_of_an_organisation_or_a_province",
            lambda: AuditorGrant.objects.create(**common, **scope),  # noqa: B023
        )
    scopes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("grant_organisation_once|auditorgrant", {"organisation": organisation}),
        ("grant_province_once|auditorgrant", {"province": "ตัวอย่าง"}),
    )
    for name, scope in scopes:
        made = AuditorGrant.objects.create(**common, **scope)
        refuses(name, lambda: AuditorGrant.objects.create(**common, **scope))  # noqa: B023
        rows = AuditorGrant.objects.filter(pk=made.pk)
        refuses("grant_revoked_at_and_by", lambda: rows.update(revoked_at=SENT_AT))  # noqa: B023
        rows.update(revoked_at=SENT_AT, revoked_by=staff)
        AuditorGrant.objects.create(**common, **scope)
    paper = approved_memo(small_plan, by=staff).issued.get(kind="plan")
    mark = {"paper": paper, "by": auditor, "at": SENT_AT}
    Inspection.objects.create(**mark)
    refuses("inspection_once|reports_inspection", lambda: Inspection.objects.create(**mark))


def test_constraints_of_the_office(organisation: Organisation, staff: User) -> None:
    for number in (0, 100_000):
        refuses(
            "letterhead_first_number_possible",
            lambda: Letterhead.objects.create(organisation=organisation, first_number=number),  # noqa: B023
        )
    step = {"organisation": organisation, "position": 1, "title": "ก"}
    ChainStep.objects.create(**step)
    refuses("chain_step_position_unique", lambda: ChainStep.objects.create(**step))
    order = {
        "organisation": organisation,
        "title": "ก",
        "acting": staff,
        "kind": Delegation.Kind.IN_CHARGE,
        "order_number": "1/2567",
        "starts_on": date(2024, 3, 25),
    }
    refuses(
        "delegation_ends_after_it_starts",
        lambda: Delegation.objects.create(**order, ends_on=date(2024, 3, 24)),
    )
    made = Delegation.objects.create(**order, ends_on=date(2024, 3, 25))
    rows = Delegation.objects.filter(pk=made.pk)
    refuses("delegation_revoked_at_and_by", lambda: rows.update(revoked_by=staff))
    refuses("stored_file_not_empty", lambda: StoredFile.keep(b"", "application/pdf"))
