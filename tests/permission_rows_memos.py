"""Who may open the officer's pages of memos."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from reports.models import Letterhead, Memo, SentPaper

from .permission_rows import Row, World
from .reports.memos import DRAFT

AT = datetime(2024, 3, 25, 3, 0, tzinfo=UTC)
YEAR = {"be_year": 2567}


def a_draft(world: World) -> dict[str, Any]:
    Letterhead.objects.create(organisation=world.organisation, number_prefix="ตย 77501")
    memo = Memo.start(plan=world.plan, papers=["plan"], draft=DRAFT, by=world.people["staff"], at=AT)
    return {"pk": memo.pk}


def a_round(world: World) -> dict[str, Any]:
    made = a_draft(world)
    memo = Memo.objects.get(pk=made["pk"])
    sent = memo.rounds.create(
        number=1, sent_at=AT, sent_by=memo.created_by, officer_name="สมหญิง", officer_title="นักวิเคราะห์"
    )
    SentPaper.objects.create(round=sent, kind="plan", title="มาตรการ", body="<p>มาตรการ</p>")
    return {**made, "number": 1, "kind": "plan"}


BY_EDITORS: dict[str, Any] = {"staff": 302, "approver": 403, "administrator": 302}
ASKED: dict[str, Any] = {"staff": 200, "approver": 403, "administrator": 200}
ROWS = {
    "reports:memos": Row(YEAR),
    "reports:memo-start": Row(YEAR, None, "post", {"papers": ["plan"]}, **BY_EDITORS),
    "reports:memo": Row(YEAR, a_draft),
    "reports:memo-edit": Row(YEAR, a_draft, **ASKED),
    "reports:memo-edit post": Row(
        YEAR, a_draft, "post", {"rewrite": "1", "papers": ["plan"], "version": "0"}, **ASKED
    ),
    "reports:memo-chain": Row(YEAR, a_draft, **ASKED),
    "reports:memo-chain post": Row(YEAR, a_draft, "post", {"arrange": "add"}, **ASKED),
    "reports:memo-send": Row(YEAR, a_draft, **ASKED),
    "reports:memo-send post": Row(YEAR, a_draft, "post", **BY_EDITORS),
    "reports:memo-recall": Row(YEAR, a_draft, **BY_EDITORS),
    "reports:memo-recall post": Row(YEAR, a_draft, "post", staff=422, approver=403, administrator=422),
    "reports:memo-cancel": Row(YEAR, a_draft, **BY_EDITORS),
    "reports:memo-cancel post": Row(YEAR, a_draft, "post", staff=422, approver=403, administrator=422),
    "reports:memo-discard": Row(YEAR, a_draft, **ASKED),
    "reports:memo-discard post": Row(YEAR, a_draft, "post", **BY_EDITORS),
    "reports:memo-revise": Row(YEAR, a_draft, **BY_EDITORS),
    "reports:memo-revise post": Row(YEAR, a_draft, "post", staff=422, approver=403, administrator=422),
    "reports:memo-preview": Row(YEAR, a_draft),
    "reports:memo-paper": Row(YEAR, a_draft),
    "reports:memo-pdf": Row(YEAR, a_draft),
    "reports:sent-preview": Row(YEAR, a_round),
    "reports:sent-paper": Row(YEAR, a_round),
    "reports:sent-pdf": Row(YEAR, a_round),
}
