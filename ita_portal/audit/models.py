"""What happened: events that are only ever added, each bound to the one before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connections, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from .chain import GENESIS, Link, fingerprint, plain

if TYPE_CHECKING:
    from ita_portal.organisations.models import Organisation, User


# Those of a link but for the moment, which is read apart where it is broken.
COLUMNS = ("organisation_id", "sequence", "previous_hash", "actor_id", "verb", "sentence", "facts")


class EventQuerySet(models.QuerySet["Event"]):
    def of(self, organisation: Organisation | None) -> EventQuerySet:
        """Events of one organisation (of none: the platform's own), newest first."""
        return self.filter(organisation=organisation).order_by("-sequence")

    def head(self) -> tuple[int, str]:
        """Number and fingerprint of the newest event of a chain (`of`): what the next event follows."""
        return self.values_list("sequence", "hash").first() or (0, GENESIS)

    def links(self) -> Iterator[tuple[Link, str]]:
        """Every event as a link with its kept fingerprint, chain by chain in order, few at a time in memory."""
        rows = self.order_by("organisation_id", "sequence")
        count = 0
        try:
            for *values, kept in rows.values_list(*COLUMNS, "at", "hash").iterator(chunk_size=2000):
                yield Link(*values), kept
                count += 1
        except ValueError:
            # SQLite keeps any text as a moment, and one that is none spoils the whole chunk: go on with the texts.
            texts = rows.annotate(text=Cast("at", models.TextField())).values_list(*COLUMNS, "text", "hash")
            for *values, text, kept in texts[count:]:
                yield Link(*(*values, _moment(text))), kept


def _moment(text: str) -> datetime | None:
    """Return the moment that SQLite keeps as `text`, None where it is none."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)
    except ValueError:
        return None


class Event(models.Model):
    """One thing that a person did, told in one Thai sentence, with the facts beside it as data.

    Events form a chain per organisation and one of the platform (see `chain`). Triggers in the database refuse to
    change or delete any (see `append_only`): trying to raises IntegrityError.
    """

    class Verb(models.TextChoices):
        SIGNED_IN = "signed-in", "เข้าสู่ระบบ"
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
        PLAN_EDITED = "plan-edited", "แก้ไขมาตรการและบทวิเคราะห์"
        LETTERHEAD_CHANGED = "letterhead-changed", "แก้ไขรูปแบบบันทึกข้อความ"
        CHAIN_CHANGED = "chain-changed", "แก้ไขลำดับการลงนาม"
        DELEGATION_BEGUN = "delegation-begun", "กำหนดผู้แทน"
        DELEGATION_REVOKED = "delegation-revoked", "ยกเลิกผู้แทน"
        MEMO_SENT = "memo-sent", "เสนอลงนาม"
        MEMO_RECALLED = "memo-recalled", "ดึงกลับมาแก้ไข"
        MEMO_RETURNED = "memo-returned", "ส่งคืนแก้ไข"
        MEMO_CANCELLED = "memo-cancelled", "ยกเลิกบันทึกข้อความ"
        MEMO_REVISED = "memo-revised", "เริ่มฉบับแก้ไข"
        STEP_FORWARDED = "step-forwarded", "เห็นชอบ"
        STEP_ACKNOWLEDGED = "step-acknowledged", "ทราบ"
        MEMO_APPROVED = "memo-approved", "อนุมัติ"
        PAPER_ISSUED = "paper-issued", "ออกเอกสารที่อนุมัติ"
        PAPER_PUBLISHED = "paper-published", "เผยแพร่"
        PAPER_WITHDRAWN = "paper-withdrawn", "ถอนการเผยแพร่"
        PAPER_DOWNLOADED = "paper-downloaded", "ผู้ตรวจสอบดาวน์โหลด"
        PAPER_INSPECTED = "paper-inspected", "ผู้ตรวจสอบตรวจแล้ว"
        AUDITOR_GRANTED = "auditor-granted", "ให้สิทธิผู้ตรวจสอบ"
        AUDITOR_REVOKED = "auditor-revoked", "ยกเลิกสิทธิผู้ตรวจสอบ"
        QUESTION_MAP_CHANGED = "question-map-changed", "แก้ไขการเทียบคำถามกับปีก่อน"

    # The fingerprint is the key: no column stands outside what it covers.
    hash = models.CharField(max_length=64, primary_key=True)
    organisation = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, related_name="events", null=True, blank=True
    )
    sequence = models.PositiveBigIntegerField()
    previous_hash = models.CharField(max_length=64)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    verb = models.CharField(max_length=40, choices=Verb.choices)
    sentence = models.TextField()
    facts = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["organisation_id", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "sequence"], name="event_number_unique"),
            models.UniqueConstraint(
                fields=["sequence"], condition=Q(organisation=None), name="event_platform_number_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @classmethod
    def record(
        cls,
        verb: Verb,
        sentence: str,
        *,
        by: User | None,
        at: datetime,
        organisation: Organisation | None = None,
        **facts: Any,
    ) -> Event:
        """Add an event: what `by` did `at` that moment, as a Thai sentence and as `facts` (JSON without fractions).

        Whoever records next in the same chain waits until this transaction ends: take other locks before.
        """
        with transaction.atomic():
            cls._lock_chain(organisation)
            sequence, previous_hash = cls.objects.of(organisation).head()
            link = Link(
                organisation=organisation.pk if organisation else None,
                sequence=sequence + 1,
                previous_hash=previous_hash,
                actor=by.pk if by else None,
                verb=str(verb),
                sentence=str(sentence),
                facts=plain(facts),
                at=at,
            )
            return cls.objects.create(
                hash=fingerprint(link), **link._asdict() | {"organisation": organisation, "actor": by}
            )

    @classmethod
    def _lock_chain(cls, organisation: Organisation | None) -> None:
        """Let one writer at a time into a chain, until the transaction ends.

        An advisory lock, because the platform's chain has no row to lock, and an organisation's row is shared
        with every insert that names it. SQLite needs none: its transactions write one after the other (IMMEDIATE).
        """
        connection = connections[cls.objects.db]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                name = f"audit-{organisation.pk if organisation else 'platform'}"
                cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
