"""Who: people, organisations, their units, and who belongs where in which role."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Lower

from ita_portal.audit.models import Event

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# First words of addresses that are not organisations.
RESERVED_SLUGS = frozenset(
    {
        "accounts",
        "account",
        "p",
        "verify",
        "static",
        "media",
        "operator",
        "invitation",
        "organisations",
        "health",
    }
)


def refuse_reserved_slug(slug: str) -> None:
    """Raise ValidationError where `slug` is the first word of one of the portal's own addresses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” เป็นคำที่ระบบใช้อยู่ โปรดใช้คำอื่น เช่น abt-tuayang")


class User(AbstractUser):
    """A person who signs in by user name or e-mail. A superuser is the operator of the platform."""

    username = models.CharField(
        "ชื่อผู้ใช้",
        max_length=150,
        unique=True,
        validators=[
            RegexValidator(r"^[\w.@+-]+\Z", "ใช้ได้เฉพาะตัวอักษร ตัวเลข และ @ . + - _ ไม่มีช่องว่าง เช่น somying.d")
        ],
        error_messages={"unique": "มีผู้ใช้ชื่อนี้แล้ว โปรดตั้งชื่ออื่น"},
    )
    prefix = models.CharField("คำนำหน้าหรือยศ", max_length=40, blank=True)
    email = models.EmailField("อีเมล", blank=True)

    objects: ClassVar[UserManager[User]] = UserManager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                condition=~Q(email=""),
                violation_error_message="มีผู้ใช้อีเมลนี้แล้ว",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Prefix, name and surname as an official paper writes them; the user name where no name is kept."""
        name = f"{self.first_name} {self.last_name}".strip()
        return f"{self.prefix}{name}" if name else self.username


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: User) -> OrganisationQuerySet:
        """Organisations to which `user` belongs now."""
        return self.filter(memberships__user=user, memberships__deactivated_at=None)


class Organisation(models.Model):
    """A local-government organisation (or province): owner of all that is kept about it."""

    class Kind(models.TextChoices):
        SUBDISTRICT = "subdistrict", "องค์การบริหารส่วนตำบล"
        TOWN_SUBDISTRICT = "town-subdistrict", "เทศบาลตำบล"
        TOWN = "town", "เทศบาลเมือง"
        CITY = "city", "เทศบาลนคร"
        PROVINCIAL = "provincial", "องค์การบริหารส่วนจังหวัด"
        PROVINCE = "province", "จังหวัด"
        OTHER = "other", "อื่น ๆ"

    HEAD_TITLES: ClassVar[dict[str, str]] = {
        Kind.SUBDISTRICT: "นายกองค์การบริหารส่วนตำบล",
        Kind.TOWN_SUBDISTRICT: "นายกเทศมนตรี",
        Kind.TOWN: "นายกเทศมนตรี",
        Kind.CITY: "นายกเทศมนตรี",
        Kind.PROVINCIAL: "นายกองค์การบริหารส่วนจังหวัด",
        Kind.PROVINCE: "ผู้ว่าราชการจังหวัด",
        Kind.OTHER: "หัวหน้าหน่วยงาน",
    }

    slug = models.CharField(
        "ชื่อในที่อยู่เว็บ",
        max_length=60,
        unique=True,
        validators=[
            RegexValidator(
                r"^[a-z][a-z0-9]*(-[a-z0-9]+)*\Z",
                "ใช้ตัวอักษรอังกฤษตัวเล็ก ตัวเลข และขีดกลางเท่านั้น เช่น abt-tuayang",
            ),
            refuse_reserved_slug,
        ],
        error_messages={"unique": "มีหน่วยงานใช้ชื่อนี้แล้ว โปรดใช้ชื่ออื่น เช่น เติมชื่อจังหวัด"},
    )
    kind = models.CharField("ประเภท", max_length=20, choices=Kind.choices)
    name = models.CharField("ชื่อเต็ม", max_length=200, help_text="เช่น องค์การบริหารส่วนตำบลตัวอย่าง")
    short_name = models.CharField("ชื่อย่อ", max_length=100, blank=True, help_text="เช่น อบต.ตัวอย่าง")
    district = models.CharField("อำเภอ", max_length=100, blank=True)
    province = models.CharField("จังหวัด", max_length=100)
    phone = models.CharField("โทรศัพท์", max_length=60, blank=True)
    website = models.URLField("เว็บไซต์", blank=True)
    head_title = models.CharField(
        "ตำแหน่งหัวหน้าหน่วยงาน", max_length=200, blank=True, help_text="เช่น นายกองค์การบริหารส่วนตำบลตัวอย่าง"
    )
    is_demo = models.BooleanField("ข้อมูลสาธิต", default=False, editable=False)

    units: RelatedManager[Unit]
    memberships: RelatedManager[Membership]
    invitations: RelatedManager[Invitation]
    events: RelatedManager[Event]
    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The short name where there is one: for page heads and lists."""
        return self.short_name or self.name

    @property
    def head(self) -> str:
        """Title of the head: the kept one, or the usual one of this kind of organisation."""
        return self.head_title or self.HEAD_TITLES[self.kind]

    def add_unit(self, name: str, *, by: User | None, at: datetime) -> Unit:
        """Add a unit after the last one. Raises IntegrityError where the name is taken."""
        with transaction.atomic():
            last = self.units.aggregate(last=Max("position"))["last"] or 0
            unit = self.units.create(name=name, position=last + 1)
            unit.tell(f"เพิ่ม{name}", by=by, at=at)
        return unit

    add_unit.alters_data = True  # type: ignore[attr-defined]


class Unit(models.Model):
    """A division of an organisation, such as สำนักปลัด or กองคลัง, named as responsible for measures.

    A unit is never deleted: the papers of past years name it. It is retired.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    name = models.CharField("ชื่อสำนัก/กอง", max_length=120, help_text="เช่น สำนักปลัด กองคลัง กองช่าง")
    position = models.PositiveSmallIntegerField("ลำดับ", default=0)
    is_active = models.BooleanField("ใช้งาน", default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="unit_name_unique",
                violation_error_message="มีสำนัก/กองชื่อนี้อยู่แล้ว",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def tell(self, sentence: str, *, by: User | None, at: datetime) -> None:
        """Record an event about this unit."""
        Event.record(
            Event.Verb.UNITS_CHANGED, sentence, by=by, at=at, organisation=self.organisation, unit=self.pk
        )

    def rename(self, name: str, *, by: User, at: datetime) -> None:
        """Give the unit another name. Raises IntegrityError where the name is taken."""
        with transaction.atomic():
            before = Unit.objects.select_for_update().get(pk=self.pk).name
            self.name = name
            self.save(update_fields=["name"])
            if before != name:
                self.tell(f"เปลี่ยนชื่อ{before} เป็น{name}", by=by, at=at)

    def move(self, *, up: bool) -> None:
        """Change places with the neighbour above or below; nothing happens at the end of the list."""
        with transaction.atomic():
            units = list(self.organisation.units.select_for_update())
            here = units.index(self)
            there = here - 1 if up else here + 1
            if 0 <= there < len(units):
                units[here], units[there] = units[there], units[here]
            for position, unit in enumerate(units, start=1):
                unit.position = position
            Unit.objects.bulk_update(units, ["position"])

    def set_active(self, active: bool, *, by: User, at: datetime) -> None:
        """Retire the unit from new measures, or bring it back; nothing happens where it already is so."""
        with transaction.atomic():
            if Unit.objects.filter(pk=self.pk, is_active=not active).update(is_active=active):
                self.is_active = active
                self.tell(f"{'กลับมาใช้' if active else 'เลิกใช้'}{self.name}", by=by, at=at)

    for _verb in (rename, move, set_active):
        _verb.alters_data = True  # type: ignore[attr-defined]
    del _verb


class Role(models.TextChoices):
    STAFF = "staff", "เจ้าหน้าที่"
    APPROVER = "approver", "ผู้อนุมัติ"
    ADMINISTRATOR = "administrator", "ผู้ดูแลหน่วยงาน"
    AUDITOR = "auditor", "ผู้ตรวจสอบ"


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        """Memberships that give access now."""
        return self.filter(deactivated_at=None)


class Membership(models.Model):
    """One person in one organisation, in one role, with the position title that papers print."""

    class AlreadyMember(Exception):
        """The person already belongs to the organisation."""

    class NotActive(Exception):
        """The membership is suspended."""

    class AlreadyActive(Exception):
        """The membership is not suspended."""

    class LastAdministrator(Exception):
        """Without this membership nobody could manage the organisation any more."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField("บทบาท", max_length=20, choices=Role.choices)
    position_title = models.CharField(
        "ตำแหน่ง", max_length=200, blank=True, help_text="ตามที่พิมพ์ในเอกสาร เช่น นักวิเคราะห์นโยบายและแผนปฏิบัติการ"
    )
    deactivated_at = models.DateTimeField("ระงับเมื่อ", null=True, blank=True, editable=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"],
                name="membership_unique",
                violation_error_message="ผู้ใช้นี้เป็นสมาชิกของหน่วยงานอยู่แล้ว",
            ),
            models.CheckConstraint(
                condition=Q(role__in=Role.values),
                name="membership_role_known",
                violation_error_message="ไม่รู้จักบทบาทนี้",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()}"

    @property
    def is_active(self) -> bool:
        """Whether the membership gives access now."""
        return self.deactivated_at is None

    @classmethod
    def admit(
        cls,
        *,
        organisation: Organisation,
        user: User,
        role: str,
        position_title: str,
        by: User | None,
        at: datetime,
    ) -> Membership:
        """Make `user` a member; a suspended membership comes back in the new role. Raises AlreadyMember."""
        with transaction.atomic():
            lock_people_of(organisation)
            mine = {"role": role, "position_title": position_title, "deactivated_at": None}
            membership = cls.objects.filter(organisation=organisation, user=user).first()
            if membership is not None and membership.is_active:
                raise cls.AlreadyMember
            membership, _ = cls.objects.update_or_create(organisation=organisation, user=user, defaults=mine)
            membership._tell(Event.Verb.MEMBER_ADDED, "เป็น", by=by, at=at)
        return membership

    def change(self, *, role: str, position_title: str, by: User, at: datetime) -> None:
        """Give another role or position. Raises NotActive, LastAdministrator."""
        with transaction.atomic():
            standing = self._lock()
            if not standing.is_active:
                raise Membership.NotActive
            if role != Role.ADMINISTRATOR:
                standing._require_another_administrator()
            self.role, self.position_title = role, position_title
            self.save(update_fields=["role", "position_title"])
            self._tell(Event.Verb.MEMBER_CHANGED, "เปลี่ยนเป็น", by=by, at=at)

    def deactivate(self, *, by: User, at: datetime) -> None:
        """Suspend: the person no longer gets in, what they did stays. Raises NotActive, LastAdministrator."""
        with transaction.atomic():
            standing = self._lock()
            if not standing.is_active:
                raise Membership.NotActive
            standing._require_another_administrator()
            self.deactivated_at = at
            self.save(update_fields=["deactivated_at"])
            self._tell(Event.Verb.MEMBER_DEACTIVATED, "ถูกระงับสิทธิ", by=by, at=at)

    def reactivate(self, *, by: User, at: datetime) -> None:
        """Let a suspended member in again, in the same role. Raises AlreadyActive."""
        with transaction.atomic():
            if self._lock().is_active:
                raise Membership.AlreadyActive
            self.deactivated_at = None
            self.save(update_fields=["deactivated_at"])
            self._tell(Event.Verb.MEMBER_REACTIVATED, "ได้สิทธิคืน เป็น", by=by, at=at)

    for _verb in (change, deactivate, reactivate):
        _verb.alters_data = True  # type: ignore[attr-defined]
    del _verb

    def _lock(self) -> Membership:
        """Lock the organisation's people until the transaction ends; return the row as it stands."""
        lock_people_of(self.organisation)
        return Membership.objects.get(pk=self.pk)

    def _require_another_administrator(self) -> None:
        others = self.organisation.memberships.exclude(pk=self.pk).filter(deactivated_at=None)
        if self.role == Role.ADMINISTRATOR and not others.filter(role=Role.ADMINISTRATOR).exists():
            raise Membership.LastAdministrator

    def _tell(self, verb: Event.Verb, what: str, *, by: User | None, at: datetime) -> None:
        label = Role(self.role).label
        Event.record(
            verb,
            f"{self.user} {what}" + ("" if verb == Event.Verb.MEMBER_DEACTIVATED else label),
            by=by,
            at=at,
            organisation=self.organisation,
            member=self.user_id,
            role=self.role,
            position=self.position_title,
        )


def lock_people_of(organisation: Organisation) -> None:
    """Lock an organisation until the transaction ends, so that who belongs to it changes one at a time."""
    Organisation.objects.select_for_update().get(pk=organisation.pk)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def with_token(self, token: str) -> InvitationQuerySet:
        """The invitation whose link carries `token`."""
        return self.filter(token_hash=Invitation.hash_of(token))

    def pending(self, at: datetime) -> InvitationQuerySet:
        """Invitations that can be accepted at that moment."""
        return self.filter(accepted_at=None, cancelled_at=None, expires_at__gt=at)


class Invitation(models.Model):
    """An offer to join an organisation, carried by a link that works once, for seven days.

    Only the hash of the link's secret is kept: who reads the database cannot join by it.
    """

    class Expired(Exception):
        """The link is too old."""

    class Used(Exception):
        """The invitation was accepted before."""

    class Cancelled(Exception):
        """The administrator took the invitation back."""

    LIFETIME = timedelta(days=7)

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    prefix = models.CharField("คำนำหน้าหรือยศ", max_length=40, blank=True, help_text="เช่น นาย นาง นางสาว")
    first_name = models.CharField("ชื่อ", max_length=150)
    last_name = models.CharField("นามสกุล", max_length=150)
    email = models.EmailField(
        "อีเมล", blank=True, help_text="หากกรอก ระบบจะส่งลิงก์ให้ทางอีเมล หากไม่กรอก ระบบจะแสดงลิงก์ให้คัดลอก"
    )
    role = models.CharField("บทบาท", max_length=20, choices=Role.choices)
    position_title = models.CharField(
        "ตำแหน่ง", max_length=200, blank=True, help_text="ตามที่พิมพ์ในเอกสาร เช่น นักวิเคราะห์นโยบายและแผนปฏิบัติการ"
    )
    issued_at = models.DateTimeField(editable=False)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    expires_at = models.DateTimeField(editable=False)
    accepted_at = models.DateTimeField(null=True, blank=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=Role.values), name="invitation_role_known"),
            models.CheckConstraint(
                condition=Q(accepted_at=None, accepted_by=None)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="invitation_cancelled_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(cancelled_at=None),
                name="invitation_not_accepted_and_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="invitation_expires_after_issue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name} – {self.get_role_display()}"

    @property
    def full_name(self) -> str:
        """Prefix, name and surname of the person invited."""
        return f"{self.prefix}{self.first_name} {self.last_name}"

    @staticmethod
    def hash_of(token: str) -> str:
        """Return what is kept of a link's secret: its SHA-256 in hexadecimal."""
        return hashlib.sha256(token.encode()).hexdigest()

    def issue(self, *, by: User, at: datetime) -> str:
        """Save a filled-in invitation; return the secret for its link, which cannot be had again."""
        token = secrets.token_urlsafe(32)
        self.token_hash = self.hash_of(token)
        self.issued_at, self.issued_by, self.expires_at = at, by, at + self.LIFETIME
        with transaction.atomic():
            self.save(force_insert=True)
            self._tell(Event.Verb.MEMBER_INVITED, "เชิญ", by=by, at=at)
        return token

    def require_pending(self, at: datetime) -> None:
        """Raise Used, Cancelled or Expired where the invitation cannot be accepted at that moment."""
        if self.accepted_at is not None:
            raise Invitation.Used
        if self.cancelled_at is not None:
            raise Invitation.Cancelled
        if self.expires_at <= at:
            raise Invitation.Expired

    def accept(self, *, user: User, at: datetime) -> Membership:
        """Make `user` a member, once. Raises Used, Cancelled, Expired, Membership.AlreadyMember."""
        with transaction.atomic():
            Invitation.objects.select_for_update().get(pk=self.pk).require_pending(at)
            membership = Membership.admit(
                organisation=self.organisation,
                user=user,
                role=self.role,
                position_title=self.position_title,
                by=user,
                at=at,
            )
            self.accepted_at, self.accepted_by = at, user
            self.save(update_fields=["accepted_at", "accepted_by"])
        return membership

    def cancel(self, *, by: User, at: datetime) -> None:
        """Take the invitation back. Raises Used, Cancelled; an expired one may be cancelled."""
        with transaction.atomic():
            standing = Invitation.objects.select_for_update().get(pk=self.pk)
            if standing.accepted_at is not None:
                raise Invitation.Used
            if standing.cancelled_at is not None:
                raise Invitation.Cancelled
            self.cancelled_at, self.cancelled_by = at, by
            self.save(update_fields=["cancelled_at", "cancelled_by"])
            self._tell(Event.Verb.INVITATION_CANCELLED, "ยกเลิกคำเชิญ", by=by, at=at)

    for _verb in (issue, accept, cancel):
        _verb.alters_data = True  # type: ignore[attr-defined]
    del _verb

    def _tell(self, verb: Event.Verb, what: str, *, by: User, at: datetime) -> None:
        Event.record(
            verb,
            f"{what} {self.full_name} เป็น{self.get_role_display()}",
            by=by,
            at=at,
            organisation=self.organisation,
            invitation=self.pk,
            role=self.role,
        )
