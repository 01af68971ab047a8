"""People, and who belongs where in which role."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower

from ita_portal.audit.models import Event

from .organisation import Organisation

if TYPE_CHECKING:
    pass


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
        _verb.alters_data = True  # type: ignore[union-attr]
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
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
