"""What a round sent up, kept word for word: approvers read it, and approval issues exactly it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from ita_portal.organisations.access import EDITORS
from ita_portal.organisations.models import Membership, User

from .memo import Memo
from .stored_file import StoredFile

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class SentRoundQuerySet(models.QuerySet["SentRound"]):
    def to_mend_by(self, user: User) -> SentRoundQuerySet:
        """The rounds from which a memo came back to `user`, who sent it, and was not sent again; in all organisations
        in which they may write. With who ended each and why; the longest waiting first."""
        mine = Membership.objects.active().filter(organisation=OuterRef("memo__organisation"), user=user)
        return (
            self.filter(memo__state=Memo.State.RETURNED, memo__sent_by=user, number=F("memo__round") - 1)
            .filter(Exists(mine.filter(role__in=EDITORS)))
            .select_related("memo__organisation", "memo__plan__assessment__instrument", "ended_by")
            .order_by("ended_at", "pk")
        )


class SentRound(models.Model):
    """One sending of a memo: by whom, and how it ended."""

    class Outcome(models.TextChoices):
        RETURNED = "returned", "ส่งคืนแก้ไข"
        RECALLED = "recalled", "เจ้าหน้าที่ดึงกลับ"
        APPROVED = "approved", "อนุมัติ"

    memo = models.ForeignKey(Memo, models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # That of the letterhead at the sending: who signs sees what will be issued.
    emblem = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    officer_name = models.CharField(max_length=400)
    officer_title = models.CharField(max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    reason = models.TextField(blank=True)

    papers: RelatedManager[SentPaper]
    objects = SentRoundQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["memo", "number"], name="round_number_unique"),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, outcome="")
                | Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(outcome=""),
                name="round_ended_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"รอบที่ {self.number}"


class SentPaper(models.Model):
    """One paper of a round as print HTML (what stands in <body>), with its tables as data.

    kind: "plan", "analysis", or "memo" for the memo itself, before anybody signed.
    """

    round = models.ForeignKey(SentRound, models.CASCADE, related_name="papers")
    kind = models.CharField(max_length=12)
    title = models.CharField(max_length=600)  # that of a memo has its whole subject behind its own name
    body_class = models.CharField(max_length=100, blank=True)
    body = models.TextField()
    data = models.JSONField(default=dict)
    # Weak items that had neither a measure nor a reason: [code, title] each.
    unanswered = models.JSONField(default=list)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["round", "kind"], name="sent_paper_kind_unique")]

    def __str__(self) -> str:
        return self.title
