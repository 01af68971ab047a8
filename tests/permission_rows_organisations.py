"""Rows of sign-in, the front, an organisation's own pages, joining, and the operator's pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.utils import timezone

from ita_portal.organisations.models import Invitation, Membership, Role

from .permission_rows import ROLES, Row, World


def everyone(status: int, **more: int) -> Row:
    """Return a row in which all roles get the same status, but for those named."""
    return replace(Row(), **dict.fromkeys(ROLES, status) | more)


def administrators(status: int = 200, **fields: Any) -> Row:
    """Return a row of a page that only the organisation's administrators open."""
    return Row(staff=403, approver=403, administrator=status, **fields)


def operators(status: int = 200, **fields: Any) -> Row:
    """Return a row of a page that does not exist but for operators."""
    hidden = {role: 404 for role in ROLES if role not in ("anonymous", "operator")}
    return Row(operator=status, **hidden, **fields)


def unit(world: World) -> dict[str, Any]:
    """Name a unit."""
    return {"pk": world.organisation.units.first().pk}


def member(world: World) -> dict[str, Any]:
    """Name a member."""
    return {"pk": Membership.objects.get(user=world.people["staff"]).pk}


def suspended(world: World) -> dict[str, Any]:
    """Name a suspended member; nobody of the table."""
    user = type(world.people["staff"]).objects.create_user("suspended")
    made = world.organisation.memberships.create(user=user, role=Role.STAFF, deactivated_at=timezone.now())
    return {"pk": made.pk}


def issue(world: World) -> tuple[Invitation, str]:
    """Make an invitation to another organisation's page, with the secret of its link."""
    invitation = Invitation(
        organisation=world.organisation, first_name="สมใจ", last_name="ตัวอย่าง", role=Role.STAFF
    )
    at = timezone.now() - timedelta(hours=1)
    return invitation, invitation.issue(by=world.people["administrator"], at=at)


ROWS = {
    "account_login": everyone(302, anonymous=200),
    "account_logout": everyone(200, anonymous=302),
    "account_logout post": replace(everyone(302), method="post"),
    "account_signup": everyone(302, anonymous=200),
    "account_inactive": everyone(200),
    "account_change_password": everyone(200, anonymous=302),
    "account_reset_password": everyone(200),
    "account_reset_password_done": everyone(200),
    "account_reset_password_from_key": replace(everyone(200), kwargs={"uidb36": "1", "key": "x-y"}),
    "account_reset_password_from_key_done": everyone(200),
    "organisations:start": everyone(302, anonymous=200),
    "organisations:profile": administrators(),
    "organisations:profile post": administrators(method="post"),
    "organisations:units": administrators(),
    "organisations:units post": administrators(302, method="post", data={"name": "กองช่าง"}),
    "organisations:unit-edit": administrators(make=unit),
    "organisations:unit-edit post": administrators(302, make=unit, method="post", data={"name": "กองช่าง"}),
    "organisations:unit-move": administrators(302, make=unit, method="post"),
    "organisations:unit-move get": replace(everyone(405), make=unit),
    "organisations:unit-state": administrators(302, make=unit, method="post"),
    "organisations:members": administrators(),
    "organisations:member-invite": administrators(),
    "organisations:member-invite post": administrators(method="post"),
    "organisations:member-edit": administrators(make=member),
    "organisations:member-edit post": administrators(302, make=member, method="post", data={"role": "staff"}),
    "organisations:member-deactivate": administrators(302, make=member, method="post"),
    "organisations:member-reactivate": administrators(302, make=suspended, method="post"),
    "organisations:invitation-cancel": administrators(
        302, make=lambda world: {"pk": issue(world)[0].pk}, method="post"
    ),
    "organisations:events": administrators(),
    "organisations:events-file": administrators(),
    "organisations:invitation": replace(everyone(200), make=lambda world: {"token": issue(world)[1]}),
    "organisations:operator": operators(),
    "assessments:instrument-list": operators(),
    "assessments:instrument-questions": operators(kwargs={"be_year": 2567}),
    "assessments:instrument-questions post": operators(422, kwargs={"be_year": 2567}, method="post"),
    "assessments:question-map": operators(kwargs={"be_year": 2566}),
    "assessments:question-map post": operators(422, kwargs={"be_year": 2566}, method="post"),
    "assessments:instrument-export": operators(kwargs={"be_year": 2566, "kind": "csv"}),
}
