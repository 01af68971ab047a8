"""Who: people, organisations, their units, and who belongs where in which role."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

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


class Unit(models.Model):
    """A division of an organisation, such as สำนักปลัด or กองคลัง, named as responsible for measures."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="units")
    name = models.CharField("ชื่อสำนัก/กอง", max_length=120)
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

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField("บทบาท", max_length=20, choices=Role.choices)
    position_title = models.CharField("ตำแหน่ง", max_length=200, blank=True)
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
