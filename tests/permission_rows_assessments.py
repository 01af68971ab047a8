"""Who may open what among scores and their analysis."""

from __future__ import annotations

from .permission_rows import Row

_YEAR = {"be_year": 2566}
# Deeds of those who edit: the page comes again, or the sheet; an approver only reads.
_EDIT = {"kwargs": _YEAR, "method": "post", "staff": 302, "administrator": 302, "approver": 403}

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
}
