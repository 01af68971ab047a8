"""How an organisation writes and signs its memos: letterhead, usual chain of approval, and who acts for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User
from ita_portal.thai import long_date, to_thai

from .stored_file import StoredFile


class Letterhead(models.Model):
    """What an organisation's memos have in common. An organisation without a row has the defaults."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="letterhead")
    emblem = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    department = models.CharField(
        "ส่วนราชการ", max_length=200, blank=True, help_text="เช่น สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง"
    )
    phone = models.CharField("โทร.", max_length=60, blank=True, help_text="เช่น 0 0000 0000")
    number_prefix = models.CharField(
        "เลขที่หนังสือ (ส่วนหน้า)",
        max_length=40,
        blank=True,
        help_text="เช่น ตย 77501 ระบบเติม / และเลขทะเบียนให้เมื่อเสนอ",
    )
    first_number = models.PositiveIntegerField(
        "เลขทะเบียนเริ่มต้น",
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(99_999)],
        help_text="เลขที่ระบบเริ่มใช้ หากทะเบียนของหน่วยงานใช้ไปแล้วบางส่วน เช่น 204",
    )
    first_number_year = models.PositiveSmallIntegerField(
        "ปี พ.ศ. ของเลขทะเบียนเริ่มต้น", null=True, blank=True, help_text="ปีปฏิทิน เช่น 2567 ปีอื่นเริ่มที่ 1"
    )
    allows_own_approval = models.BooleanField(
        "ให้ผู้เสนอลงนามในลำดับถัดไปของเรื่องที่ตนเสนอได้",
        default=False,
        help_text="ใช้เมื่อหน่วยงานมีคนน้อย และเจ้าหน้าที่ผู้เสนอรักษาราชการแทนผู้ลงนามลำดับถัดไป",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_number__range=(1, 99_999)),
                name="letterhead_first_number_possible",
                violation_error_message="เลขทะเบียนเริ่มต้นต้องเป็น ๑ ถึง ๙๙,๙๙๙ เช่น ๒๐๔",
            ),
        ]

    def __str__(self) -> str:
        return f"หัวบันทึกข้อความของ{self.organisation}"

    @classmethod
    def of(cls, organisation: Organisation) -> Letterhead:
        """The organisation's letterhead; one with the defaults, not saved, where none is kept."""
        found = cls.objects.select_related("organisation").filter(organisation=organisation).first()
        return found or cls(organisation=organisation)

    @property
    def department_line(self) -> str:
        """What stands after ส่วนราชการ: the kept words, else the organisation's name."""
        return self.department or self.organisation.name

    @property
    def phone_line(self) -> str:
        """The telephone number of memos: the kept one, else the organisation's."""
        return self.phone or self.organisation.phone

    def first_number_of(self, be_year: int) -> int:
        """The lowest running number of a calendar year (B.E.)."""
        return self.first_number if be_year == self.first_number_year else 1

    def keep(self, *, by: User, at: datetime) -> None:
        """Save the fields as they stand (a form has checked them) and record it."""
        with transaction.atomic():
            self.save()
            self._tell("แก้ไขรูปแบบบันทึกข้อความ", by=by, at=at, allows_own_approval=self.allows_own_approval)

    def set_emblem(self, png: bytes | None, *, by: User, at: datetime) -> None:
        """Put an emblem at the head of memos (a checked PNG), or take it away with None."""
        with transaction.atomic():
            self.emblem = StoredFile.keep(png, "image/png") if png else None
            self.save()
            sha256 = self.emblem.sha256 if self.emblem else ""
            self._tell(
                "เปลี่ยนตราในบันทึกข้อความ" if png else "นำตราออกจากบันทึกข้อความ", by=by, at=at, sha256=sha256
            )

    for _verb in (keep, set_emblem):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb

    def _tell(self, sentence: str, *, by: User, at: datetime, **facts: object) -> None:
        Event.record(
            Event.Verb.LETTERHEAD_CHANGED, sentence, by=by, at=at, organisation=self.organisation, **facts
        )


@dataclass(frozen=True)
class ChainEntry:
    """One step of a chain as it is set up: the title of the position, who holds it (None: nobody in the portal),
    and whether it is signed on paper."""

    title: str
    holder: User | None = None
    on_paper: bool = False


class ChainStep(models.Model):
    """One step of the organisation's usual chain, copied to every new memo. The officer, who sends, comes before."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="chain")
    position = models.PositiveSmallIntegerField()
    title = models.CharField("ตำแหน่ง", max_length=200)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ผู้ดำรงตำแหน่ง",
    )
    on_paper = models.BooleanField("ลงนามในกระดาษ", default=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "position"], name="chain_step_position_unique"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def entry(self) -> ChainEntry:
        """The step as it is copied."""
        return ChainEntry(self.title, self.holder, self.on_paper)

    @classmethod
    def replace(
        cls, organisation: Organisation, entries: Sequence[ChainEntry], *, by: User, at: datetime
    ) -> None:
        """Make `entries` the usual chain, in their order, in place of what it was. Memos keep theirs."""
        with transaction.atomic():
            Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
            organisation.chain.all().delete()
            ChainStep.objects.bulk_create(
                ChainStep(
                    organisation=organisation,
                    position=position,
                    title=entry.title,
                    holder=entry.holder,
                    on_paper=entry.on_paper,
                )
                for position, entry in enumerate(entries, start=1)
            )
            Event.record(
                Event.Verb.CHAIN_CHANGED,
                "แก้ไขลำดับการลงนาม: " + " → ".join(["เจ้าหน้าที่ผู้เสนอ", *(entry.title for entry in entries)]),
                by=by,
                at=at,
                organisation=organisation,
                chain=[[entry.title, entry.holder.pk if entry.holder else None] for entry in entries],
            )

    replace.__func__.alters_data = True  # type: ignore[attr-defined]


# The positions above the officer in the usual chains of each kind of organisation; the head comes last.
USUAL_TITLES: dict[str, tuple[str, ...]] = {
    Organisation.Kind.SUBDISTRICT: ("หัวหน้าสำนักปลัด", "ปลัดองค์การบริหารส่วนตำบล"),
    Organisation.Kind.TOWN_SUBDISTRICT: ("หัวหน้าสำนักปลัดเทศบาล", "ปลัดเทศบาล"),
    Organisation.Kind.TOWN: ("หัวหน้าสำนักปลัดเทศบาล", "ปลัดเทศบาล"),
    Organisation.Kind.CITY: ("หัวหน้าสำนักปลัดเทศบาล", "ปลัดเทศบาล"),
    Organisation.Kind.PROVINCIAL: ("หัวหน้าสำนักปลัดองค์การบริหารส่วนจังหวัด", "ปลัดองค์การบริหารส่วนจังหวัด"),
    Organisation.Kind.PROVINCE: ("หัวหน้าสำนักงานจังหวัด", "ปลัดจังหวัด"),
    Organisation.Kind.OTHER: ("ผู้อำนวยการกอง",),
}


def usual_chain(organisation: Organisation) -> list[ChainEntry]:
    """The organisation's usual chain; where none is set up, the titles usual for its kind, without holders."""
    kept = organisation.chain.select_related("holder")
    titles = (*USUAL_TITLES[organisation.kind], organisation.head)
    return [step.entry for step in kept] or [ChainEntry(title) for title in titles]


def signatories_of(organisation: Organisation) -> models.QuerySet[Membership]:
    """Members who may decide steps: active ones in every role but auditors, who read only what is approved."""
    return Membership.objects.active().filter(organisation=organisation).exclude(role=Role.AUDITOR)


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def of(self, organisation: Organisation) -> DelegationQuerySet:
        """Delegations of one organisation, the latest first."""
        return self.filter(organisation=organisation).select_related("acting")

    def on(self, day: date) -> DelegationQuerySet:
        """Those in force on a day."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, revoked_at=None)


class Delegation(models.Model):
    """Somebody acts for a position in a period, by an order on file.

    ปฏิบัติราชการแทน: powers given by the holder, who may still act; รักษาราชการแทน: the holder is absent or the post vacant.
    It counts for steps of exactly this title.
    """

    class Kind(models.TextChoices):
        ON_BEHALF = "on-behalf", "ปฏิบัติราชการแทน"
        IN_CHARGE = "in-charge", "รักษาราชการแทน"

    class AlreadyRevoked(Exception):
        """The delegation was ended before."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="delegations")
    title = models.CharField("ตำแหน่งที่แทน", max_length=200)
    acting = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="delegations", verbose_name="ผู้แทน"
    )
    kind = models.CharField("ลักษณะ", max_length=12, choices=Kind.choices)
    order_number = models.CharField("คำสั่งที่", max_length=100, help_text="เช่น 123/2567 ลงวันที่ 1 ตุลาคม 2566")
    starts_on = models.DateField("ตั้งแต่วันที่")
    ends_on = models.DateField("ถึงวันที่")
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="delegation_ends_after_it_starts",
                violation_error_message="วันสิ้นสุดต้องไม่มาก่อนวันเริ่มต้น เช่น 1 ตุลาคม 2566 ถึง 30 กันยายน 2567",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="delegation_revoked_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.acting} {self.get_kind_display()} {self.title}"

    def is_in_force(self, day: date) -> bool:
        """Whether it counts on a day."""
        return self.revoked_at is None and self.starts_on <= day <= self.ends_on

    def begin(self, *, by: User, at: datetime) -> None:
        """Save a new delegation (a form has checked it) and record it."""
        with transaction.atomic():
            self.full_clean()
            self.save()
            self._tell(Event.Verb.DELEGATION_BEGUN, f"ให้{self}", by=by, at=at)

    def revoke(self, *, by: User, at: datetime) -> None:
        """End the delegation now; what was decided by it stays. Raises AlreadyRevoked."""
        with transaction.atomic():
            if not Delegation.objects.filter(pk=self.pk, revoked_at=None).update(
                revoked_at=at, revoked_by=by
            ):
                raise Delegation.AlreadyRevoked
            self._tell(Event.Verb.DELEGATION_REVOKED, f"ยกเลิกการให้{self}", by=by, at=at)
        self.revoked_at, self.revoked_by = at, by

    for _verb in (begin, revoke):
        _verb.alters_data = True  # type: ignore[attr-defined]
    del _verb

    def _tell(self, verb: Event.Verb, sentence: str, *, by: User, at: datetime) -> None:
        period = f"ตั้งแต่ {long_date(self.starts_on)} ถึง {long_date(self.ends_on)}"
        Event.record(
            verb,
            f"{sentence} {to_thai(period)} ตามคำสั่งที่ {to_thai(self.order_number)}",
            by=by,
            at=at,
            organisation=self.organisation,
            delegation=self.pk,
        )
