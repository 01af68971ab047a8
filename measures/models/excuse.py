"""Why a weak item gets no measure."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from assessments.models import Item


class Excuse(models.Model):
    """The written reason why a weak item gets no measure of its own."""

    class NoReason(Exception):
        """An excuse needs a reason in words."""

    plan = models.ForeignKey("measures.MeasurePlan", models.CASCADE, related_name="excuses")
    item = models.ForeignKey(Item, models.PROTECT, related_name="excuses")
    reason = models.TextField("เหตุผล")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="excuse_unique"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="excuse_has_reason",
                violation_error_message="โปรดเขียนเหตุผล",
            ),
        ]

    def __str__(self) -> str:
        return self.reason
