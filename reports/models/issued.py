"""Approved papers, frozen for good, and whether the public may read them."""

from __future__ import annotations

from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan, PaperKind

from .memo import Memo
from .refusal import Refusal
from .stored_file import StoredFile

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .oversight import Inspection

MEMO = "memo"
KIND_NAMES: dict[str, str] = {**{kind.value: str(kind.label) for kind in PaperKind}, MEMO: "บันทึกข้อความ"}


class IssuedPaperQuerySet(models.QuerySet["IssuedPaper"]):
    def of(self, organisation: Organisation) -> IssuedPaperQuerySet:
        """Approved papers of one organisation, the newest year first, without their frozen HTML and data."""
        return self.filter(organisation=organisation).listed()

    def listed(self) -> IssuedPaperQuerySet:
        """With all that lists name, and `is_published`; the frozen HTML and data are left in the database."""
        published = Publication.objects.filter(paper=OuterRef("pk"), withdrawn_at=None)
        return (
            self.select_related("organisation", "memo", "replaces", "replaced_by")
            .annotate(is_published=Exists(published))
            .defer(
                "body", "data", "replaces__body", "replaces__data", "replaced_by__body", "replaced_by__data"
            )
            .order_by("-be_year", "memo_id", "pk")
        )

    def rendered(self) -> IssuedPaperQuerySet:
        """Those whose PDF has been made."""
        return self.filter(file__isnull=False)

    def waiting(self) -> IssuedPaperQuerySet:
        """Those whose PDF is still to be made: the server stopped between the approval and the printing."""
        return self.filter(file=None)

    def ever_published(self) -> IssuedPaperQuerySet:
        """Those that the public may read, or could until they were withdrawn; with their publications."""
        return self.filter(Exists(Publication.objects.filter(paper=OuterRef("pk")))).prefetch_related(
            "publications"
        )


class IssuedPaper(models.Model):
    """A paper of an approved memo (or the memo itself): its words are frozen at the approval, its PDF is made from
    them once and never again. A correction is a new revision, which names the one that it replaces.
    """

    class AlreadyRendered(Exception):
        """The PDF has been made before; it is never made again."""

    class Tampered(Exception):
        """The kept bytes are not those that were issued."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="issued")
    plan = models.ForeignKey(MeasurePlan, models.PROTECT, related_name="issued")
    memo = models.ForeignKey(Memo, models.PROTECT, related_name="issued")
    kind = models.CharField(max_length=12)
    be_year = models.PositiveSmallIntegerField()  # the plan's fiscal year N, under which it is filed
    revision = models.PositiveSmallIntegerField(default=0)  # 0: the first issue
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    code = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=600)
    body_class = models.CharField(max_length=100, blank=True)
    body = models.TextField()
    data = models.JSONField(default=dict)
    approved_at = models.DateTimeField()
    # Who signed, in order: {"name", "title", "acting", "decision", "signed_on", "on_paper"} each, the officer first.
    signers = models.JSONField(default=list)
    # The newest event of the organisation when it was approved, printed at the foot.
    event_sequence = models.PositiveBigIntegerField()
    event_hash = models.CharField(max_length=64)

    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="issued")
    rendered_at = models.DateTimeField(null=True)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    size = models.PositiveIntegerField(null=True)
    pages = models.PositiveSmallIntegerField(null=True)
    template_version = models.CharField(max_length=40, blank=True)
    font_version = models.CharField(max_length=40, blank=True)

    is_published: bool  # where it was fetched by `listed`
    publications: RelatedManager[Publication]
    inspections: RelatedManager[Inspection]
    objects = IssuedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-be_year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["memo", "kind"], name="issued_once_a_memo_and_kind"),
            models.UniqueConstraint(
                fields=["plan", "kind", "revision"], condition=~Q(kind="memo"), name="issued_revision_unique"
            ),
            models.CheckConstraint(
                condition=Q(revision=0, replaces=None) | Q(revision__gt=0, replaces__isnull=False),
                name="issued_revision_replaces",
            ),
            models.CheckConstraint(
                condition=Q(file=None, rendered_at=None, sha256="", size=None, pages=None)
                # An unknown number is not above 0, but no refusal either.
                | Q(file__isnull=False, rendered_at__isnull=False, size__isnull=False, pages__isnull=False)
                & Q(size__gt=0, pages__gt=0)
                & ~Q(sha256=""),
                name="issued_rendered_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_name(self) -> str:
        """The name of its kind in Thai."""
        return KIND_NAMES[self.kind]

    @property
    def is_current(self) -> bool:
        """Whether no later revision replaces it."""
        return not hasattr(self, "replaced_by")

    @property
    def revision_label(self) -> str:
        """The revision in words: “ฉบับแรก”, “ฉบับแก้ไขครั้งที่ 2” (Arabic digits)."""
        return f"ฉบับแก้ไขครั้งที่ {self.revision}" if self.revision else "ฉบับแรก"

    @property
    def named_year(self) -> int:
        """The fiscal year that the paper itself names: the analysis report speaks of the measured year."""
        return self.be_year - 1 if self.kind == PaperKind.ANALYSIS else self.be_year

    @property
    def filename(self) -> str:
        """The name under which it is downloaded."""
        revision = f" แก้ไขครั้งที่ {self.revision}" if self.revision else ""
        name = f"{self.kind_name} {self.named_year} {self.organisation.display_name}{revision}.pdf"
        return name.replace("/", "-")

    @property
    def signatures(self) -> list[dict[str, Any]]:
        """The signers in order, their days as dates."""
        return [
            signer | {"signed_on": date.fromisoformat(signer["signed_on"]) if signer["signed_on"] else None}
            for signer in self.signers
        ]

    def content(self) -> bytes:
        """Return the frozen PDF.

        Raises Publication.NotRendered where it is not made yet, and Tampered where its SHA-256 is not the kept one.
        """
        if self.file is None:
            raise Publication.NotRendered
        data = self.file.data
        if sha256(data).hexdigest() != self.sha256:
            raise IssuedPaper.Tampered(self.code)
        return data

    def attach(
        self, pdf: bytes, *, pages: int, template_version: str, font_version: str, at: datetime
    ) -> None:
        """Keep the PDF made from the frozen words. Raises AlreadyRendered: of two at once the first one counts."""
        with transaction.atomic():
            standing = IssuedPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
            if standing.file_id is not None:
                raise IssuedPaper.AlreadyRendered
            self.file = StoredFile.keep(pdf, "application/pdf")
            self.rendered_at, self.sha256, self.size, self.pages = at, self.file.sha256, len(pdf), pages
            self.template_version, self.font_version = template_version, font_version
            self.save(
                update_fields=[
                    *("file", "rendered_at", "sha256", "size", "pages"),
                    *("template_version", "font_version"),
                ]
            )
            self.tell(
                Event.Verb.PAPER_ISSUED,
                f"ออก{self.title} ({self.revision_label})",
                by=None,
                at=at,
                sha256=self.sha256,
                size=self.size,
            )

    def publish(self, *, by: User, at: datetime) -> Publication:
        """Let the public read it. Raises Publication.NotRendered, AlreadyPublished."""
        with transaction.atomic():
            standing = IssuedPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
            if standing.file_id is None:
                raise Publication.NotRendered
            if self.publications.filter(withdrawn_at=None).exists():
                raise Publication.AlreadyPublished
            made = self.publications.create(published_at=at, published_by=by)
            self.tell(Event.Verb.PAPER_PUBLISHED, f"เผยแพร่{self.title} ({self.revision_label})", by=by, at=at)
        return made

    def withdraw(self, *, reason: str, by: User, at: datetime) -> None:
        """Take it off the public page, with a reason that the page shows.

        Raises Publication.NotPublished, NoReason, LongReason.
        """
        reason = reason.strip()
        with transaction.atomic():
            IssuedPaper.objects.select_for_update(of=("self",), no_key=True).get(pk=self.pk)
            standing = self.publications.filter(withdrawn_at=None).first()
            if standing is None:
                raise Publication.NotPublished
            if not reason:
                raise Publication.NoReason
            if len(reason) > 1000:
                raise Publication.LongReason
            standing.withdrawn_at, standing.withdrawn_by, standing.withdraw_reason = at, by, reason
            standing.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
            sentence = f"ถอนการเผยแพร่{self.title} ({self.revision_label})"
            self.tell(Event.Verb.PAPER_WITHDRAWN, sentence, by=by, at=at, reason=reason)

    for _verb in (attach, publish, withdraw):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb

    def tell(
        self, verb: Event.Verb, sentence: str, *, by: User | None, at: datetime, **facts: object
    ) -> None:
        """Record an event about this paper."""
        Event.record(
            verb,
            to_thai(sentence),
            by=by,
            at=at,
            organisation=self.organisation,
            paper=self.pk,
            kind=self.kind,
            revision=self.revision,
            code=self.code,
            **facts,
        )


class Publication(models.Model):
    """A time in which the public may read an approved paper."""

    class NotRendered(Refusal):
        sentence = "เผยแพร่ยังไม่ได้ เพราะระบบกำลังจัดทำแฟ้ม PDF ของฉบับที่อนุมัติ โปรดลองอีกครั้งในอีกสักครู่"

    class AlreadyPublished(Refusal):
        sentence = "เอกสารนี้เผยแพร่อยู่แล้ว"

    class NotPublished(Refusal):
        sentence = "เอกสารนี้ไม่ได้เผยแพร่อยู่ จึงไม่มีอะไรให้ถอน"

    class NoReason(Refusal):
        sentence = "โปรดเขียนเหตุผลที่ถอนการเผยแพร่ เช่น พบข้อผิดพลาดในตาราง จะเผยแพร่ฉบับแก้ไขแทน"

    class LongReason(Refusal):
        sentence = "เหตุผลที่ถอนการเผยแพร่ต้องไม่เกิน 1,000 ตัวอักษร เพราะแสดงในหน้าที่ประชาชนอ่าน โปรดเขียนให้สั้นลง"

    paper = models.ForeignKey(IssuedPaper, models.PROTECT, related_name="publications")
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdraw_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"], condition=Q(withdrawn_at=None), name="publication_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None, withdraw_reason="")
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdraw_reason=""),
                name="publication_withdrawn_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper} {self.published_at:%Y-%m-%d}"
