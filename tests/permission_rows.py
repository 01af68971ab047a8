"""What a row of the permission table says, and what its objects are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any

from assessments.models import Assessment
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan


@dataclass(frozen=True)
class World:
    """One organisation with people in every role, its scores of 2566 and its plan for 2567.

    `people` has a user for every role of the table ("anonymous" is None; "stranger" administers another
    organisation; "operator" belongs to none).
    """

    organisation: Organisation
    assessment: Assessment
    plan: MeasurePlan
    people: dict[str, User | None]


@dataclass(frozen=True)
class Row:
    """The status that each role gets at one address.

    kwargs: arguments of the address but for the slug, which is the organisation's; make: makes the objects
    that the address names and returns further arguments; method and data: what is sent. The defaults are
    those of a page of an organisation that staff, approvers and administrators read.
    """

    kwargs: dict[str, Any] = field(default_factory=dict)
    make: Callable[[World], dict[str, Any]] | None = None
    method: str = "get"
    data: dict[str, Any] = field(default_factory=dict)

    anonymous: int = 302
    stranger: int = 404
    auditor: int = 403
    staff: int = 200
    approver: int = 200
    administrator: int = 200
    operator: int = 404

    def expected(self) -> dict[str, int]:
        """The expected status by role."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.type == "int"}


ROLES = tuple(Row().expected())
