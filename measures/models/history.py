"""Who changed what on the paper, and when: rows that are only ever added."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from ita_portal.organisations.models import User

    from .plan import MeasurePlan


class Change(models.Model):
    """One change of something that the paper says: a text, a measure, a reason, a setting.

    subject: what was changed, the same in all changes of one thing ("text:topic-1", "measure:12", "settings");
    label: what happened in Thai words that stay true when the thing is gone; before and after: the old and the
    new value as people read them; former: what `before` was in full, where a text alone cannot bring it back.
    Rows are never changed: undoing is a change of its own.
    """

    plan = models.ForeignKey("measures.MeasurePlan", models.CASCADE, related_name="changes")
    subject = models.CharField(max_length=80)
    label = models.CharField("การเปลี่ยนแปลง", max_length=300)
    before = models.TextField("เดิม", blank=True)
    after = models.TextField("ใหม่", blank=True)
    former = models.JSONField(null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["plan", "subject"], name="change_of_subject")]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="change_changes_something")
        ]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def record(
        cls,
        *,
        plan: MeasurePlan,
        subject: str,
        label: str,
        before: str,
        after: str,
        by: User,
        at: datetime,
        former: dict[str, Any] | None = None,
    ) -> Change | None:
        """Write down a change; nothing is written, and None returned, where before and after are the same."""
        if before == after:
            return None
        return cls.objects.create(
            plan=plan,
            subject=subject,
            label=label[:300],
            before=before,
            after=after,
            former=former,
            by=by,
            at=at,
        )

    record.__func__.alters_data = True  # type: ignore[attr-defined]
