"""Memos on their way with papers of a few words, for tests of what stands around the papers."""

from __future__ import annotations

import io
from datetime import datetime

from PIL import Image

from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import MEMO, ChainEntry, Memo

from .memos import SENT_AT, draft_memo

PLAN_BODY = "<h1>มาตรการ</h1><p>จัดประชุมทุกไตรมาส</p>"
MEMO_BODY = "<p>เห็นควรพิจารณาอนุมัติ</p>"


def letter(plan: MeasurePlan, *, by: User, chain: list[ChainEntry] | None = None) -> Memo:
    """Return a memo at its first step, whose only paper is `PLAN_BODY`."""
    memo = draft_memo(plan, by=by, chain=chain)
    post(memo, by=by, at=SENT_AT)
    return memo


def post(memo: Memo, *, by: User, at: datetime, body: str = PLAN_BODY) -> None:
    """Send a memo with a paper of these words, without the check of the plan."""
    memo.submit(by=by, at=at)
    papers = memo.rounds.get(number=memo.round).papers
    papers.create(kind="plan", title="มาตรการ ปี ๒๕๖๗", body=body)
    papers.create(kind=MEMO, title=f"บันทึกข้อความ เรื่อง {memo.subject}", body_class="memo", body=MEMO_BODY)


def scan_png(width: int = 500) -> bytes:
    """Return a white page as a picture."""
    file = io.BytesIO()
    Image.new("L", (width, 700), "white").save(file, "PNG")
    return file.getvalue()
