"""Who may open the inbox and the steps of a memo."""

from __future__ import annotations

from typing import Any

from reports.models import ChainEntry
from reports.uploads import Scan

from .permission_rows import Row, World
from .reports.letters import letter, scan_png
from .reports.memos import SENT_AT, chain_of

SIGNED = {
    "decision": "forward",
    "signer_name": "นายปิติ รักงาน",
    "signer_title": "หัวหน้าสำนักปลัด",
    "signed_on": "25 มีนาคม 2567",
}


def step(world: World) -> dict[str, Any]:
    """A memo that waits at its first step, which is the approver's."""
    chain = chain_of(world.organisation)
    chain[0] = ChainEntry(chain[0].title, world.people["approver"])
    memo = letter(world.plan, by=world.people["staff"], chain=chain)
    return {"be_year": 2567, "pk": memo.pk, "step": memo.chain[0].pk}


def scanned(world: World) -> dict[str, Any]:
    """A step that was signed on paper."""
    found = step(world)
    memo = world.organisation.memos.get(pk=found["pk"])
    scan = Scan(scan_png(), "image/png", 1)
    by = world.people["staff"]
    memo.chain[0].sign_on_paper(
        scan=scan, by=by, at=SENT_AT, words="", **SIGNED | {"signed_on": SENT_AT.date()}
    )
    return found


ROWS = {
    "reports:inbox": Row(stranger=200, auditor=200, operator=200),
    "reports:notices-read": Row(
        method="post", stranger=302, auditor=302, staff=302, approver=302, administrator=302, operator=302
    ),
    "reports:step": Row(make=step),
    # Who decides is the step's matter: staff and administrators may be its holder, here they are told that they are not.
    "reports:step-decide": Row(
        {}, step, "post", {"decision": "forward"}, staff=409, approver=302, administrator=409
    ),
    "reports:step-signature": Row(make=step, approver=403),
    "reports:step-signature post": Row({}, step, "post", SIGNED, staff=422, approver=403, administrator=422),
    "reports:step-scan": Row(make=scanned),
}
