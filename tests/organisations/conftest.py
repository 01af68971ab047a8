"""What tests of people and organisations share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from ita_portal.organisations.models import Invitation, Membership, Organisation, Role, User

NOW = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)


def membership_of(user: User, organisation: Organisation) -> Membership:
    """Return a person's membership as the database has it."""
    return Membership.objects.get(user=user, organisation=organisation)


@pytest.fixture
def administrators_client(client: Client, administrator: User) -> Client:
    """Return a client in which the organisation's administrator is signed in."""
    client.force_login(administrator)
    return client


@pytest.fixture
def invitation(organisation: Organisation) -> Invitation:
    """Return an invitation that is filled in but not issued."""
    return Invitation(
        organisation=organisation,
        prefix="นาย",
        first_name="สมปอง",
        last_name="ขยัน",
        role=Role.APPROVER,
        position_title="ปลัดองค์การบริหารส่วนตำบล",
    )
