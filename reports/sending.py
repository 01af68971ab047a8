"""Sending a memo: the papers pass the check, are kept word for word, and the memo goes to its first step."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from assessments.labels import cell_label
from assessments.models import Assessment
from assessments.scoring import Kind
from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.memo_sheet import sheet_of
from reports.models import MEMO, Memo, Refusal, SentPaper
from reports.paper_checks import review_of
from reports.papers import KINDS
from reports.papers.data import data_of
from reports.papers.frozen import FrozenPaper
from reports.papers.memo import memo_paper


class NotReady(Refusal):
    """A paper has findings that must be mended or confirmed first; `kind` says which paper."""

    def __init__(self, kind: str, summary: str) -> None:
        super().__init__(f"{KINDS[kind].name}{summary} แก้ไขหรือยืนยันในหน้า “ตรวจ” ให้ครบก่อนเสนอ")
        self.kind = kind


def send(memo: Memo, *, by: User, at: datetime) -> None:
    """Send `memo`, signed by the officer `by`, with its papers as they read now.

    Raises NotReady, and what `Memo.submit` raises; nothing is half done.
    """
    with transaction.atomic():
        standing = Memo.objects.locked().get(pk=memo.pk)
        # What is checked is what is kept: scores do not change in between.
        Assessment.objects.select_for_update(no_key=True).get(pk=standing.plan.assessment_id)
        plan = MeasurePlan.objects.of(memo.organisation).get(pk=memo.plan_id)
        papers = [_frozen(plan, kind) for kind in standing.papers] if standing.is_editable else []
        hashes = {paper.kind: sha256(paper.body.encode()).hexdigest() for paper in papers}
        memo.submit(by=by, at=at, papers=hashes)
        text = FrozenPaper.of(memo_paper(sheet_of(memo, today=timezone.localdate(at)), draft=False))
        papers.append(SentPaper(kind=MEMO, title=text.title, body_class=text.body_class, body=text.body))
        sent = memo.rounds.get(number=memo.round)
        for paper in papers:
            paper.round = sent
        SentPaper.objects.bulk_create(papers)
        if memo.locks_plan:
            _tell_edits(memo, by=by, at=at)


def _frozen(plan: MeasurePlan, kind: str) -> SentPaper:
    """One paper as it reads now, once it has passed the check. Raises NotReady."""
    review = review_of(plan, kind)
    if not review.ready:
        raise NotReady(kind, review.summary)
    paper = FrozenPaper.of(KINDS[kind].make(plan, draft=False))
    return SentPaper(
        kind=kind,
        title=paper.title,
        body_class=paper.body_class,
        body=paper.body,
        data=data_of(plan, kind),
        unanswered=[
            [figure.code, f"{cell_label(Kind.QUESTION, figure.key)} {figure.title}"]
            for figure in plan.unanswered(plan.result(kind))
        ],
    )


def _tell_edits(memo: Memo, *, by: User, at: datetime) -> None:
    """Record in one event who edited the plan how often since it was sent last."""
    before = memo.plan.memos.filter(rounds__sent_at__lt=at).order_by("-rounds__sent_at")
    last = before.values_list("rounds__sent_at", flat=True).first()
    changes = memo.plan.changes.select_related("by")
    if last is not None:
        changes = changes.filter(at__gt=last)
    counts = Counter(change.by for change in changes.only("by"))
    if not counts:
        return
    told = " ".join(f"{person} {count} ครั้ง" for person, count in counts.most_common())
    Event.record(
        Event.Verb.PLAN_EDITED,
        to_thai(f"แก้ไข{memo.plan} ก่อนเสนอ: {told}"),
        by=by,
        at=at,
        organisation=memo.organisation,
        plan=memo.plan_id,
        edits={str(person.pk): count for person, count in counts.items()},
    )
