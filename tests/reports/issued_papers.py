"""Approved papers without their long way through the chain: for pages that only show what is frozen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import KIND_NAMES, IssuedPaper, Memo
from reports.papers.codes import new_code

from .memos import DRAFT

APPROVED_AT = datetime(2024, 3, 28, 3, 0, tzinfo=UTC)  # 28 March 2567
PDF = b"%PDF-1.7\n" + b"frozen words " * 100
SIGNERS: list[dict[str, Any]] = [
    {
        "name": "นางสาวมานี ใจตรง",
        "title": "นักวิเคราะห์นโยบายและแผน",
        "acting": "",
        "decision": "เสนอ",
        "signed_on": "2024-03-25",
        "on_paper": False,
    },
    {
        "name": "นายปิติ รักงาน",
        "title": "รองนายกองค์การบริหารส่วนตำบล",
        "acting": "ปฏิบัติราชการแทนนายกองค์การบริหารส่วนตำบลตัวอย่าง",
        "decision": "อนุมัติ",
        "signed_on": "2024-03-28",
        "on_paper": True,
    },
]


def issue(
    plan: MeasurePlan,
    *,
    by: User,
    kind: str = "plan",
    replaces: IssuedPaper | None = None,
    pdf: bytes = PDF,
    data: dict[str, Any] | None = None,
) -> IssuedPaper:
    """Return an approved paper; `pdf` is what its PDF holds, b"" for one that is not made yet."""
    organisation = plan.assessment.organisation
    memo = Memo.start(plan=plan, papers=("plan",), draft=DRAFT, by=by, at=APPROVED_AT)
    if replaces:
        reason = "แก้ไขระยะเวลาดำเนินการของมาตรการที่ 3"
        Memo.objects.filter(pk=memo.pk).update(revises=replaces.memo, revision_reason=reason)
    sequence, head = Event.objects.of(organisation).head()
    paper = IssuedPaper.objects.create(
        organisation=organisation,
        plan=plan,
        memo=memo,
        kind=kind,
        be_year=plan.be_year,
        revision=replaces.revision + 1 if replaces else 0,
        replaces=replaces,
        code=new_code(),
        title=f"{KIND_NAMES[kind]} ปีงบประมาณ พ.ศ. {plan.be_year}",
        body="<p>เนื้อความ</p>",
        data=data or {},
        approved_at=APPROVED_AT,
        signers=SIGNERS,
        event_sequence=sequence,
        event_hash=head,
    )
    if pdf:
        paper.attach(
            pdf + paper.code.encode(), pages=3, template_version="t", font_version="f", at=APPROVED_AT
        )
    return paper
