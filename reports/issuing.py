"""The last approval freezes the memo and its papers; their PDF is then made once, outside the decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from reports.memo_sheet import sheet_of
from reports.models import MEMO, ApprovalStep, IssuedPaper, Memo
from reports.papers.codes import new_code
from reports.papers.frozen import Foot, FrozenPaper, font_version, template_version
from reports.papers.memo import memo_paper
from reports.pdf import html_to_pdf
from reports.uploads import Scan, pages_of


def decide(step: ApprovalStep, decision: str, *, words: str, by: User, at: datetime) -> None:
    """Decide a step; the last approval freezes the papers with it. Raises as `ApprovalStep.decide`."""
    with transaction.atomic():
        step.decide(decision, words=words, by=by, at=at)
        if step.memo.state == Memo.State.APPROVED:
            freeze(step.memo, at=at)


def record_paper_signature(
    step: ApprovalStep, decision: str, *, scan: Scan, by: User, at: datetime, **signed: Any
) -> None:
    """Record what was signed on paper, as `decide` does. Raises as `ApprovalStep.sign_on_paper`."""
    with transaction.atomic():
        step.sign_on_paper(decision, scan=scan, by=by, at=at, **signed)
        if step.memo.state == Memo.State.APPROVED:
            freeze(step.memo, at=at)


def freeze(memo: Memo, *, at: datetime) -> None:
    """Freeze an approved memo and the papers of its last round, each with its own code."""
    memo = Memo.objects.of(memo.organisation).get(pk=memo.pk)
    text = FrozenPaper.of(memo_paper(sheet_of(memo, today=timezone.localdate(at)), draft=False))
    sequence, head = Event.objects.of(memo.organisation).head()
    replaced = {paper.kind: paper for paper in memo.revises.issued.all()} if memo.revises else {}
    common: dict[str, Any] = {
        "organisation": memo.organisation,
        "plan": memo.plan,
        "memo": memo,
        "be_year": memo.be_year,
        "approved_at": at,
        "signers": signers_of(memo),
        "event_sequence": sequence,
        "event_hash": head,
    }
    sent = memo.rounds.get(number=memo.round).papers.exclude(kind=MEMO)
    frozen = [
        (paper.kind, FrozenPaper(paper.title, paper.body_class, paper.body), paper.data) for paper in sent
    ]
    for kind, paper, data in [(MEMO, text, {}), *frozen]:
        old = replaced.get(kind)
        IssuedPaper.objects.create(
            **common,
            kind=kind,
            revision=old.revision + 1 if old else 0,
            replaces=old,
            code=new_code(),
            title=paper.title,
            body_class=paper.body_class,
            body=paper.body,
            data=data,
        )


def signers_of(memo: Memo) -> list[dict[str, Any]]:
    """Who signed, in order, the officer first: what the verification page and the manifest tell."""
    officer = {
        "name": memo.officer_name,
        "title": memo.officer_title,
        "acting": "",
        "decision": "เสนอ",
        "signed_on": memo.dated_on.isoformat() if memo.dated_on else "",
        "on_paper": False,
    }
    steps = [
        {
            "name": step.signer_name,
            "title": step.signer_title,
            "acting": f"{step.get_acting_kind_display()}{step.title}" if step.acting_kind else "",
            "decision": step.get_decision_display(),
            "signed_on": step.signed_on.isoformat() if step.signed_on else "",
            "on_paper": step.on_paper,
        }
        for step in memo.chain
    ]
    return [officer, *steps]


def render(paper: IssuedPaper, *, at: datetime) -> IssuedPaper:
    """Make the PDF of a frozen paper where there is none yet, and return the paper as it stands.

    The same frozen words give the same bytes, so whoever comes second in a race loses nothing.
    """
    if paper.file_id is None:
        html = FrozenPaper(paper.title, paper.body_class, paper.body).html(foot=foot_of(paper))
        pdf = html_to_pdf(html, title=paper.title)
        try:
            paper.attach(
                pdf,
                pages=pages_of(pdf),
                template_version=template_version(),
                font_version=font_version(),
                at=at,
            )
        except IssuedPaper.AlreadyRendered:
            paper.refresh_from_db()
    return paper


def verify_url(code: str) -> str:
    """The absolute address at which anybody can verify a paper."""
    return f"{settings.PORTAL_URL}{reverse('reports:verify-code', args=[code])}"


def foot_of(paper: IssuedPaper) -> Foot:
    """What stands at the foot of every page of an approved paper."""
    bare = settings.PORTAL_URL.partition("://")[2]
    approved = f"อนุมัติแล้ว {paper.revision_label} ตรวจสอบได้ที่ {bare}/verify"
    replaced = [f"แทนฉบับรหัส {paper.replaces.code}"] if paper.replaces else []
    events = f"บันทึกเหตุการณ์ลำดับที่ {paper.event_sequence} รหัส {paper.event_hash[:16]}"
    return Foot(url=verify_url(paper.code), code=paper.code, lines=(approved, *replaced, events))
