"""Invitations to join an organisation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q

from ita_portal.audit.models import Event

from .organisation import Organisation
from .people import Membership, Role, User


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
        _verb.alters_data = True  # type: ignore[union-attr]
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
