"""The paragraphs of the papers that a person edited."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from .plan import MeasurePlan


class PlanText(models.Model):
    """One paragraph as a person edited it, with live fields in braces; `MeasurePlan.save_text` writes it.

    There is no row for a paragraph that stands as it is drafted from the scores. basis: the values that its
    live fields had when it was last looked over; version: how many times the text has changed.
    """

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="texts")
    key = models.CharField(max_length=40)
    text = models.TextField("ข้อความ", blank=True)
    basis = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    edited_at = models.DateTimeField(editable=False)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")

    class Meta:
        ordering = ["plan", "key"]
        constraints = [models.UniqueConstraint(fields=["plan", "key"], name="plan_text_unique")]

    def __str__(self) -> str:
        return self.key
