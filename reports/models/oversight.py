"""Auditors: which organisations they were given, and what they looked over."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User

from .issued import IssuedPaper
from .refusal import Refusal


class AuditorGrant(models.Model):
    """An auditor was given one organisation, or all of a province, by the operator of the platform.

    A member of an organisation in the role of auditor needs none for it.
    """

    class AlreadyRevoked(Refusal):
        sentence = "สิทธินี้ถูกยกเลิกไปแล้ว"

    class AlreadyGiven(Refusal):
        sentence = "ผู้ตรวจสอบได้รับสิทธินี้อยู่แล้ว"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="auditor_grants")
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="auditor_grants"
    )
    province = models.CharField("จังหวัด", max_length=100, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation__isnull=False, province="") | Q(organisation=None) & ~Q(province=""),
                name="grant_of_an_organisation_or_a_province",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None, revoked_by=None)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="grant_revoked_at_and_by",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation"],
                condition=Q(revoked_at=None, organisation__isnull=False),
                name="grant_organisation_once",
            ),
            models.UniqueConstraint(
                fields=["user", "province"],
                condition=Q(revoked_at=None, organisation=None),
                name="grant_province_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.scope}"

    @property
    def scope(self) -> str:
        """What was given, in words."""
        return str(self.organisation) if self.organisation else f"ทุกหน่วยงานในจังหวัด{self.province}"

    @classmethod
    def give(
        cls,
        *,
        user: User,
        organisation: Organisation | None = None,
        province: str = "",
        by: User,
        at: datetime,
    ) -> AuditorGrant:
        """Give an auditor one organisation or a whole province. Raises AlreadyGiven."""
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get(pk=user.pk)
            scope = {"user": user, "organisation": organisation, "province": province.strip()}
            if cls.objects.filter(**scope, revoked_at=None).exists():
                raise cls.AlreadyGiven
            made = cls.objects.create(**scope, given_at=at, given_by=by)
            made._tell(Event.Verb.AUDITOR_GRANTED, f"ให้ {user} ตรวจสอบ {made.scope}", by=by, at=at)
        return made

    def revoke(self, *, by: User, at: datetime) -> None:
        """End the grant. Raises AlreadyRevoked."""
        with transaction.atomic():
            if not AuditorGrant.objects.filter(pk=self.pk, revoked_at=None).update(
                revoked_at=at, revoked_by=by
            ):
                raise AuditorGrant.AlreadyRevoked
            self._tell(
                Event.Verb.AUDITOR_REVOKED, f"ยกเลิกสิทธิของ {self.user} ในการตรวจสอบ {self.scope}", by=by, at=at
            )

    for _verb in (give, revoke):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb

    def _tell(self, verb: Event.Verb, sentence: str, *, by: User, at: datetime) -> None:
        Event.record(
            verb,
            sentence,
            by=by,
            at=at,
            organisation=self.organisation,
            auditor=self.user_id,
            province=self.province,
        )


def open_to_auditor(user: User) -> models.QuerySet[Organisation]:
    """Organisations whose approved papers `user` may audit: as a member auditor, or by grants that stand."""
    grants = AuditorGrant.objects.filter(user=user, revoked_at=None)
    member = Membership.objects.active().filter(user=user, role=Role.AUDITOR)
    return Organisation.objects.filter(
        Q(pk__in=member.values("organisation"))
        | Q(pk__in=grants.filter(organisation__isnull=False).values("organisation"))
        | Q(province__in=grants.filter(organisation=None).values("province"))
    )


class Inspection(models.Model):
    """An auditor's “ตรวจแล้ว” on an approved paper, with a remark that the organisation sees."""

    class AlreadyGiven(Refusal):
        sentence = "ท่านทำเครื่องหมายตรวจแล้วในเอกสารนี้อยู่แล้ว หากต้องการแก้ข้อสังเกตให้ยกเลิกก่อน"

    class NotGiven(Refusal):
        sentence = "ท่านยังไม่ได้ทำเครื่องหมายตรวจแล้วในเอกสารนี้"

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="inspections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    remark = models.TextField("ข้อสังเกต", blank=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "by"], condition=Q(withdrawn_at=None), name="inspection_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.paper}"

    @classmethod
    def prefetch(cls) -> models.Prefetch[str, models.QuerySet[Inspection], str]:
        """What gives papers `marks`: the inspections that stand, newest first, with who gave them."""
        standing = cls.objects.filter(withdrawn_at=None).select_related("by")
        return models.Prefetch("inspections", queryset=standing, to_attr="marks")

    @classmethod
    def give(cls, *, paper: IssuedPaper, remark: str, by: User, at: datetime) -> Inspection:
        """Mark a paper as looked over. Raises AlreadyGiven."""
        with transaction.atomic():
            IssuedPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.pk)
            if cls.objects.filter(paper=paper, by=by, withdrawn_at=None).exists():
                raise cls.AlreadyGiven
            made = cls.objects.create(paper=paper, by=by, at=at, remark=remark.strip())
            paper.tell(Event.Verb.PAPER_INSPECTED, f"ตรวจแล้ว {paper.title}", by=by, at=at, remark=made.remark)
        return made

    @classmethod
    def take_back(cls, *, paper: IssuedPaper, by: User, at: datetime) -> None:
        """Take the mark back; that it was given stays in the events. Raises NotGiven."""
        with transaction.atomic():
            IssuedPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=paper.pk)
            if not cls.objects.filter(paper=paper, by=by, withdrawn_at=None).update(withdrawn_at=at):
                raise cls.NotGiven
            paper.tell(Event.Verb.PAPER_INSPECTED, f"ยกเลิกเครื่องหมายตรวจแล้ว {paper.title}", by=by, at=at)

    for _verb in (give, take_back):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb
