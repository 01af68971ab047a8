"""Who may open the papers and the home of a year."""

from __future__ import annotations

from .permission_rows import Row

ROWS = {
    "reports:year-home": Row({"be_year": 2567}, auditor=200),
    "reports:plan-preview": Row({"be_year": 2567}),
    "reports:plan-paper": Row({"be_year": 2567}),
    "reports:plan-pdf": Row({"be_year": 2567}),
}
