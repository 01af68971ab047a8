"""Who may audit, and who gives auditors their organisations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils import timezone

from reports.models import AuditorGrant, IssuedPaper

from .permission_rows import Row, World
from .permission_rows_organisations import operators
from .reports.audited import paper_signed_on_paper


def auditors(status: int = 200, **fields: Any) -> Row:
    """Return a row of a page that exists but for those who may audit the organisation."""
    hidden = dict.fromkeys(("stranger", "staff", "approver", "administrator", "operator"), 404)
    return Row(auditor=status, **hidden, **fields)


def grant(world: World) -> dict[str, Any]:
    """Name a grant; its auditor is nobody of the table."""
    user = type(world.people["staff"]).objects.create_user("weera")
    made = AuditorGrant.give(
        user=user, organisation=world.organisation, by=world.people["operator"], at=timezone.now()
    )
    return {"pk": made.pk}


def paper(world: World) -> IssuedPaper:
    """Approve the world's plan, its last step signed on paper."""
    return paper_signed_on_paper(world.plan, by=world.people["staff"])


def code(world: World) -> dict[str, Any]:
    """Name an approved paper."""
    return {"code": paper(world).code}


def scan(world: World) -> dict[str, Any]:
    """Name the scan of its last step."""
    return {"sha256": paper(world).memo.chain[-1].scan.sha256}


def year(world: World) -> dict[str, Any]:
    """Name the year of an approved paper."""
    return {"be_year": paper(world).be_year}


def elsewhere(world: World) -> dict[str, Any]:
    """Give the stranger another province: this organisation stays closed to them."""
    AuditorGrant.give(
        user=world.people["stranger"], province="อื่น", by=world.people["operator"], at=timezone.now()
    )
    return {}


def here(world: World) -> dict[str, Any]:
    """Give the stranger this organisation's province."""
    province = world.organisation.province
    AuditorGrant.give(
        user=world.people["stranger"], province=province, by=world.people["operator"], at=timezone.now()
    )
    return {}


ROWS = {
    "reports:auditor-grants": operators(),
    "reports:auditor-grants post": operators(422, method="post"),
    "reports:auditor-grant-end": operators(302, make=grant, method="post"),
    "reports:audits": auditors(),
    "reports:audit-organisation": auditors(),
    "reports:audit-organisation granted-elsewhere": auditors(make=elsewhere),
    "reports:audit-organisation granted-here": replace(auditors(make=here), stranger=200),
    "reports:audit-paper": auditors(make=code),
    "reports:audit-inspect": auditors(302, make=code, method="post"),
    "reports:audit-pdf": auditors(make=code),
    "reports:audit-scan": auditors(make=scan),
    "reports:audit-bundle": auditors(make=year),
    "reports:audit-events": auditors(),
}
