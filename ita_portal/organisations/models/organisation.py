"""Organisations and their units."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Max

from ita_portal.audit.models import Event

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .invitation import Invitation
    from .people import Membership, User

# First words of addresses that are not organisations, and second words that would hide a public page (/p/…/).
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
        "inbox",
        "audits",
        "robots",
        "profile",
        "units",
        "members",
        "events",
        "paper-settings",
        "library",
        "letterhead",
        "chain",
        "delegations",
    }
)


def refuse_reserved_slug(slug: str) -> None:
    """Raise ValidationError where `slug` is the first word of one of the portal's own addresses."""
    if slug in RESERVED_SLUGS:
        raise ValidationError(f"“{slug}” เป็นคำที่ระบบใช้อยู่ โปรดใช้คำอื่น เช่น abt-tuayang")


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
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb
