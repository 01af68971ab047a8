"""Who may download and publish approved papers; verification and what is published is open to everybody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reports.papers.data import data_of

from .permission_rows import Row, World
from .reports.issued_papers import APPROVED_AT, issue

YEAR = {"be_year": 2567}
#: One and the same answer for everybody.
OPEN = dict.fromkeys(
    ("anonymous", "stranger", "auditor", "staff", "approver", "administrator", "operator"), 200
)
MISSING = dict.fromkeys(OPEN, 404)


def issued(world: World) -> dict[str, Any]:
    """Make an approved plan; the address names its year and code."""
    return YEAR | {"code": issue(world.plan, by=world.people["staff"]).code}


def unpublished(world: World) -> dict[str, Any]:
    """Make an approved plan that is not published; the address names its year."""
    issued(world)
    return YEAR


def published(world: World) -> dict[str, Any]:
    """Make a published plan; the address names its year."""
    paper = issue(world.plan, by=world.people["staff"])
    paper.publish(by=world.people["staff"], at=APPROVED_AT + timedelta(days=1))
    return YEAR


def verified(world: World) -> dict[str, Any]:
    """Make an approved plan; the address names its code alone."""
    return {"code": issued(world)["code"]}


def published_code(world: World) -> dict[str, Any]:
    """Make a published plan; the address names its year and code."""
    published(world)
    return YEAR | {"code": world.plan.issued.get().code}


def published_tables(world: World) -> dict[str, Any]:
    """Make a published plan with its tables; the address names its year."""
    paper = issue(world.plan, by=world.people["staff"], data=data_of(world.plan, "plan"))
    paper.publish(by=world.people["staff"], at=APPROVED_AT + timedelta(days=1))
    return YEAR


def years(world: World) -> dict[str, Any]:
    """Make a published plan; the address names its organisation alone."""
    published(world)
    return {}


ROWS = {
    "reports:issued-pdf": Row(make=issued),
    "reports:publication": Row(YEAR),
    "reports:paper-publish": Row(make=issued, method="post", staff=302, approver=403, administrator=302),
    "reports:paper-withdraw": Row(
        make=published_code,
        method="post",
        data={"reason": "พบข้อผิดพลาด"},
        staff=302,
        approver=403,
        administrator=302,
    ),
    "reports:robots": Row(**OPEN),
    "reports:verify": Row(**OPEN),
    "reports:verify-code": Row(make=verified, **OPEN),
    "reports:verify-code of an unknown paper": Row({"code": "0000-0000-0000"}, **MISSING),
    "reports:public-years": Row(make=years, **OPEN),
    "reports:public-year": Row(make=published, **OPEN),
    "reports:public-year where nothing is published": Row(make=unpublished, **MISSING),
    "reports:public-json": Row(make=published, **OPEN),
    "reports:public-pdf": Row({"name": "plan"}, published, **OPEN),
    "reports:public-pdf of a paper that is not published": Row({"name": "plan"}, unpublished, **MISSING),
    "reports:public-xlsx": Row({"name": "plan"}, published_tables, **OPEN),
    "reports:public-csv": Row({"name": "plan-measures"}, published_tables, **OPEN),
}
