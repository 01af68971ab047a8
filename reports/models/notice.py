"""What the bell tells a person."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models

from ita_portal.organisations.models import Organisation, User


class Notice(models.Model):
    """One line for one person: what happened, and where to look."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=500)
    url = models.CharField(max_length=300)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "read_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.sentence

    @classmethod
    def of(cls, user: User) -> models.QuerySet[Notice]:
        """What was told to the person about organisations to which they belong now, newest first."""
        mine = Organisation.objects.of(user)
        return cls.objects.filter(user=user, organisation__in=mine).select_related("organisation")

    @classmethod
    def unread_of(cls, user: User) -> models.QuerySet[Notice]:
        """What the person has not read yet."""
        return cls.of(user).filter(read_at=None)

    @classmethod
    def read_all(cls, user: User, *, at: datetime) -> None:
        """Mark everything as read."""
        cls.objects.filter(user=user, read_at=None).update(read_at=at)

    read_all.__func__.alters_data = True  # type: ignore[attr-defined]
