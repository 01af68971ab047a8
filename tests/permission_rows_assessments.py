"""Who may open what among scores and their analysis."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from assessments.models import Recommendation

from .permission_rows import Row, World

_YEAR = {"be_year": 2566}
# Deeds of those who edit: the page comes again, or the sheet; an approver only reads.
_EDIT = {"kwargs": _YEAR, "method": "post", "staff": 302, "administrator": 302, "approver": 403}


def recommendation(world: World) -> dict[str, Any]:
    """Make a recommendation on the whole result."""
    made = Recommendation.add(
        assessment=world.assessment,
        tool="total",
        text="ควรรักษามาตรฐานไว้",
        by=world.people["staff"],
        at=datetime(2023, 9, 2, tzinfo=UTC),
    )
    return {"pk": made.pk}


ROWS = {
    "assessments:score-sheet": Row(_YEAR),
    "assessments:scores-save": Row(**_EDIT),
    "assessments:score-save": Row(
        _YEAR, method="post", data={"cell": "i7", "text": "90", "version": "1"}, approver=403
    ),
    "assessments:scores-depth": Row(**_EDIT),
    "assessments:scores-close": Row(**_EDIT),
    "assessments:scores-reopen": Row(**_EDIT),
    "assessments:scores-paste": Row(_YEAR, approver=403),
    "assessments:scores-paste post": Row(_YEAR, method="post", data={"text": "i7 90"}, approver=403),
    "assessments:analysis": Row(_YEAR),
    "assessments:trend": Row(_YEAR),
    "assessments:what-if": Row(_YEAR, data={"i8": "90"}),
    "assessments:recommendations": Row(_YEAR),
    "assessments:recommendation-add": Row(
        **_EDIT, data={"new-place": "IIT/0", "new-codes": "i7", "new-text": "ควรชี้แจงงบประมาณ"}
    ),
    "assessments:recommendation-save": Row(
        _YEAR, make=recommendation, method="post", staff=422, administrator=422, approver=403
    ),
    "assessments:recommendation-delete": Row(**_EDIT, make=recommendation),
    "assessments:recommendations-paste": Row(_YEAR, approver=403),
    "assessments:recommendations-paste post": Row(
        _YEAR, method="post", data={"text": "ข้อ i7 ควรชี้แจงงบประมาณ"}, approver=403
    ),
}
