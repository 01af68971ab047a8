"""The inbox of a person, over all their organisations: what waits for them, and what the bell told."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from reports.models import ApprovalStep, Notice, SentRound

NEWEST = 50


@login_required
@require_safe
def inbox(request: Any) -> HttpResponse:
    """List the steps and the returned memos that wait for the person, the oldest first, and their newest notices."""
    waiting = ApprovalStep.objects.waiting_for(request.user, day=timezone.localdate()).with_arrival()
    notices = list(Notice.of(request.user)[:NEWEST])
    context = {
        "waiting": waiting,
        "returned": SentRound.objects.to_mend_by(request.user),
        "notices": notices,
        "unread": any(notice.read_at is None for notice in notices),
    }
    return render(request, "reports/inbox.html", context)


@login_required
@require_POST
def notices_read(request: Any) -> HttpResponse:
    """Mark everything that the bell told as read."""
    Notice.read_all(request.user, at=timezone.now())
    messages.success(request, "ทำเครื่องหมายว่าอ่านแล้วทั้งหมด")
    return redirect("reports:inbox")
