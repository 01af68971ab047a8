"""Approved papers with their files, for tests of those who look them over."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.issuing import record_paper_signature
from reports.models import IssuedPaper, Memo
from reports.uploads import Scan

from .letters import letter
from .memos import SENT_AT, chain_of, pass_on

SCAN = b"%PDF-1.4 signed by hand"


def with_file(paper: IssuedPaper, content: bytes = b"") -> IssuedPaper:
    """Give an approved paper a made-up PDF: the real one takes a second to print."""
    made = content or f"%PDF-1.4 {paper.kind} {paper.code}".encode()
    paper.attach(made, pages=3, template_version="t1", font_version="f1", at=paper.approved_at)
    assert paper.sha256 == sha256(made).hexdigest()
    return paper


def papers_of(memo: Memo) -> dict[str, IssuedPaper]:
    """Return the approved papers of a memo with made-up files, by kind."""
    return {paper.kind: with_file(paper) for paper in memo.issued.order_by("pk")}


def sign_last_on_paper(
    memo: Memo, scan: bytes = SCAN, *, at: datetime = SENT_AT + timedelta(hours=9)
) -> None:
    """Pass a sent memo on to its last step, and record there what the head signed by hand."""
    while (step := Memo.objects.get(pk=memo.pk).current_step) and not step.is_last:
        pass_on(memo)
    record_paper_signature(
        step,
        step.choices[0],
        words="",
        signed_on=at.date(),
        signer_name="นายสมชาย ใจดี",
        signer_title="รองนายก",
        acting_kind="on-behalf",
        order_number="12/2567",
        scan=Scan(data=scan, content_type="application/pdf", pages=1),
        by=memo.sent_by,
        at=at,
    )
    memo.refresh_from_db()


def approved_letter(plan: MeasurePlan, *, by: User) -> Memo:
    """Return an approved memo with a plan of a few words; its PDFs are not made."""
    memo = letter(plan, by=by)
    while memo.current_step:
        pass_on(memo)
    return memo


def paper_signed_on_paper(plan: MeasurePlan, *, by: User) -> IssuedPaper:
    """Return the approved plan of a memo whose last step was signed by hand."""
    chain = chain_of(plan.assessment.organisation)
    memo = letter(plan, by=by, chain=[*chain[:-1], replace(chain[-1], on_paper=True)])
    sign_last_on_paper(memo)
    return papers_of(memo)["plan"]
