"""Who may open the pages of letterhead, chain and delegations."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from reports.models import Delegation, Letterhead

from .permission_rows import Row, World
from .reports.pictures import png

AT = datetime(2024, 3, 1, tzinfo=UTC)


def an_emblem(world: World) -> dict[str, Any]:
    """Put an emblem on the letterhead."""
    Letterhead(organisation=world.organisation).set_emblem(png(), by=world.people["administrator"], at=AT)
    return {}


def a_delegation(world: World) -> dict[str, Any]:
    """Let the approver act for a position."""
    delegation = Delegation(
        organisation=world.organisation,
        title="ปลัด",
        acting=world.people["approver"],
        kind=Delegation.Kind.IN_CHARGE,
        order_number="1/2567",
        starts_on=date(2024, 3, 1),
        ends_on=date(2024, 3, 31),
    )
    delegation.begin(by=world.people["administrator"], at=AT)
    return {"pk": delegation.pk}


ROWS = {
    "reports:letterhead": Row(staff=403, approver=403),
    "reports:letterhead post": Row(
        {}, None, "post", {"first_number": "1"}, staff=403, approver=403, administrator=302
    ),
    "reports:emblem": Row({}, an_emblem),
    "reports:chain": Row(staff=403, approver=403),
    "reports:chain post": Row({}, None, "post", {}, staff=403, approver=403, administrator=422),
    "reports:delegations": Row(staff=403, approver=403),
    "reports:delegations post": Row({}, None, "post", {}, staff=403, approver=403, administrator=422),
    "reports:delegation-revoke": Row({}, a_delegation, "post", staff=403, approver=403, administrator=302),
}
