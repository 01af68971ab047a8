"""What happened: events that are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from ita_portal.organisations.models import Organisation, User


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, organisation: Organisation) -> EventQuerySet:
        """Events of one organisation, newest first."""
        return self.filter(organisation=organisation).order_by("-pk")


class Event(models.Model):
    """One thing that a person did, told in one Thai sentence, with the facts beside it as data."""

    class Verb(models.TextChoices):
        SCORES_CLOSED = "scores-closed", "ปิดคะแนน"
        SCORES_REOPENED = "scores-reopened", "เปิดคะแนนอีกครั้ง"
        SCORES_IMPORTED = "scores-imported", "นำเข้าคะแนน"
        MEMBER_INVITED = "member-invited", "เชิญสมาชิก"
        INVITATION_CANCELLED = "invitation-cancelled", "ยกเลิกคำเชิญ"
        MEMBER_ADDED = "member-added", "เพิ่มสมาชิก"
        MEMBER_CHANGED = "member-changed", "เปลี่ยนแปลงสมาชิก"
        MEMBER_DEACTIVATED = "member-deactivated", "ระงับสมาชิก"
        MEMBER_REACTIVATED = "member-reactivated", "คืนสิทธิสมาชิก"
        PROFILE_CHANGED = "profile-changed", "แก้ไขข้อมูลหน่วยงาน"
        UNITS_CHANGED = "units-changed", "แก้ไขสำนัก/กอง"
        INSTRUMENT_IMPORTED = "instrument-imported", "นำเข้ารายการคำถาม"
        QUESTION_MAP_CHANGED = "question-map-changed", "แก้ไขการเทียบคำถามกับปีก่อน"

    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="events", null=True, blank=True
    )
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=40, choices=Verb.choices)
    sentence = models.TextField()
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["organisation", "-id"], name="event_organisation")]

    def __str__(self) -> str:
        return self.sentence

    @classmethod
    def record(
        cls,
        verb: Verb,
        sentence: str,
        *,
        by: User | None,
        at: Any,
        organisation: Organisation | None = None,
        **facts: Any,
    ) -> Event:
        """Add an event: what `by` did `at` that moment, as a Thai sentence and as `facts` (JSON values)."""
        return cls.objects.create(
            organisation=organisation, actor=by, at=at, verb=verb, sentence=sentence, facts=facts
        )
