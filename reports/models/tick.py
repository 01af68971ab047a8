"""Who looked over a warning of the check and let it stand."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from ita_portal.organisations.models import User
from measures.models import MeasurePlan


class Tick(models.Model):
    """A warning of the check that a person looked over and let stand.

    fingerprint: that of the finding; when what it rests on changes the finding gets another, and the tick no
    longer holds.
    """

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="ticks")
    code = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "fingerprint"], name="tick_unique")]

    def __str__(self) -> str:
        return self.code

    @classmethod
    def give(cls, *, plan: MeasurePlan, code: str, fingerprint: str, by: User, at: datetime) -> Tick:
        """Tick a warning; the first tick stands. A locked plan takes it, too: it changes nothing that prints, and
        the report of an approved plan may still be on its way."""
        given = {"code": code, "by": by, "at": at}
        return cls.objects.get_or_create(plan=plan, fingerprint=fingerprint, defaults=given)[0]

    def withdraw(self) -> None:
        """Take the tick back, so that the warning asks for one again."""
        self.delete()

    for _verb in (give, withdraw):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb
