"""Who may open the papers and the home of a year."""

from __future__ import annotations

from .permission_rows import Row

ROWS = {
    "reports:home": Row(auditor=302, staff=302, approver=302, administrator=302),
    "reports:year-home": Row({"be_year": 2567}, auditor=302),
    "reports:plan-check": Row({"be_year": 2567}),
    "reports:finding-tick": Row(
        {"be_year": 2567}, None, "post", {"paper": "plan"}, staff=302, approver=403, administrator=302
    ),
    "reports:plan-preview": Row({"be_year": 2567}),
    "reports:plan-paper": Row({"be_year": 2567}),
    "reports:plan-pdf": Row({"be_year": 2567}),
    "reports:analysis-preview": Row({"be_year": 2566}),
    "reports:analysis-paper": Row({"be_year": 2566}),
    "reports:analysis-pdf": Row({"be_year": 2566}),
}
