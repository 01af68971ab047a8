"""A kept file that was changed leaves the portal by no way, and by every way it is said why."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import IssuedPaper, StoredFile

from .audited import paper_signed_on_paper
from .memos import SENT_AT

pytestmark = pytest.mark.django_db
FORGED = b"%PDF-1.4 forged"
CHANGED = "ไม่ตรงกับรหัส SHA-256 ที่บันทึกไว้"
NOT_THE_APPROVED = "แฟ้มที่เก็บไว้ไม่ตรงกับฉบับที่อนุมัติ"


@pytest.fixture
def paper(plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return a published plan whose file, and that of the scan below it, were changed in the database."""
    made = paper_signed_on_paper(plan_000, by=staff)
    made.publish(by=staff, at=SENT_AT)
    StoredFile.objects.update(content=FORGED)
    return made


@pytest.mark.parametrize(
    ("name", "who", "sentence"),
    [
        ("issued-pdf", "staff", NOT_THE_APPROVED),
        ("step-scan", "staff", CHANGED),
        ("audit-pdf", "auditor", CHANGED),
        ("audit-scan", "auditor", CHANGED),
        ("audit-bundle", "auditor", CHANGED),
        ("public-pdf", "", NOT_THE_APPROVED),
    ],
)
def test_what_was_changed_is_not_given_away(
    client: Client, paper: IssuedPaper, auditor: User, name: str, who: str, sentence: str
) -> None:
    step = paper.memo.chain[-1]
    address = {
        "issued-pdf": [2567, paper.code],
        "step-scan": [2567, paper.memo_id, step.pk],
        "audit-pdf": [paper.code],
        "audit-scan": [step.scan.sha256],
        "audit-bundle": [2567],
        "public-pdf": [2567, "plan"],
    }[name]
    if who:
        client.force_login({"staff": paper.memo.created_by, "auditor": auditor}[who])
    answer = client.get(reverse(f"reports:{name}", args=["abt-tuayang", *address]), follow=True)
    assert answer["Content-Type"].startswith("text/html")
    assert sentence in answer.content.decode()
    assert FORGED not in answer.content
