"""What will be done: the plan of measures for a fiscal year, drafted from the year before's scores."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q

from assessments.models import Assessment, Item
from assessments.scoring import Figure, Result
from ita_portal.organisations.models import Organisation, Unit, User
from ita_portal.thai import fiscal_year_end, fiscal_year_start

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class Digits(models.TextChoices):
    THAI = "thai", "เลขไทย"
    ARABIC = "arabic", "เลขอารบิก"


class MeasurePlanQuerySet(models.QuerySet["MeasurePlan"]):
    def of(self, organisation: Organisation) -> MeasurePlanQuerySet:
        """Plans of one organisation, with all that their pages name."""
        return self.filter(assessment__organisation=organisation).select_related(
            "assessment__instrument", "assessment__organisation"
        )

    def for_year(self, be_year: int) -> MeasurePlanQuerySet:
        """Plans that set measures for fiscal year `be_year` (from the scores of the year before)."""
        return self.filter(assessment__instrument__be_year=be_year - 1)


class MeasurePlan(models.Model):
    """The document มาตรการส่งเสริมคุณธรรมและความโปร่งใส of fiscal year N, from the assessment of N−1.

    Open while it is drafted, locked while it is on its way to be signed.
    """

    class Locked(Exception):
        """The plan cannot change while it is locked."""

    class Conflict(Exception):
        """Somebody else saved the same text first; `standing` is what stands now."""

        def __init__(self, standing: models.Model) -> None:
            super().__init__(standing)
            self.standing = standing

    class Grouping(models.TextChoices):
        TOPICS = "topics", "ตามประเด็นทั้งเจ็ด"
        INDICATORS = "indicators", "ตามเครื่องมือและตัวชี้วัด"

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="plan")
    grouping = models.CharField(
        "การจัดกลุ่มตารางมาตรการ", max_length=12, choices=Grouping.choices, default=Grouping.TOPICS
    )
    threshold = models.DecimalField(
        "เกณฑ์คะแนน",
        max_digits=5,
        decimal_places=2,
        default=Decimal(85),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text="ข้อที่ได้คะแนนต่ำกว่าเกณฑ์นี้ต้องมีมาตรการ ตามปกติใช้ 85",
    )
    digits = models.CharField("ตัวเลขในเอกสาร", max_length=6, choices=Digits.choices, default=Digits.THAI)
    shows_all_questions = models.BooleanField("พิมพ์ตารางคะแนนรายข้อคำถาม", default=True)
    opening = models.TextField("ความนำของการวิเคราะห์", blank=True)
    limitations = models.TextField("ข้อจำกัดของหน่วยงาน", blank=True)
    suggestions = models.TextField("ข้อเสนอแนะในการจัดการกับข้อจำกัด", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    measures: RelatedManager[Measure]
    topic_analyses: RelatedManager[TopicAnalysis]
    excuses: RelatedManager[Excuse]
    objects = MeasurePlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by=None)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="plan_locked_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=100),
                name="plan_threshold_from_0_to_100",
                violation_error_message="เกณฑ์คะแนนต้องอยู่ระหว่าง 0 ถึง 100 เช่น 85",
            ),
        ]

    def __str__(self) -> str:
        return f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. {self.be_year}"

    @property
    def be_year(self) -> int:
        """The fiscal year, B.E., for which measures are set."""
        return self.assessment.be_year + 1

    @property
    def is_locked(self) -> bool:
        """Whether the plan is on its way to be signed."""
        return self.locked_at is not None

    @property
    def first_day(self) -> date:
        """First day of the plan's fiscal year."""
        return fiscal_year_start(self.be_year)

    @property
    def last_day(self) -> date:
        """Last day of the plan's fiscal year."""
        return fiscal_year_end(self.be_year)

    def result(self) -> Result:
        """The assessed year's result at this plan's threshold, compared with the year before."""
        return self.assessment.result(threshold=self.threshold, compared=True)

    def unanswered(self, result: Result) -> list[Figure]:
        """Weak items that have neither a measure nor a written reason, weakest first."""
        answered = set(
            Item.objects.filter(
                Q(measures__plan=self, measures__deleted_at=None) | Q(excuses__plan=self)
            ).values_list("code", flat=True)
        )
        return [figure for figure in result.weak_items if figure.code not in answered]

    def require_open(self) -> None:
        """Lock the row until the transaction ends. Raises Locked where the plan is locked."""
        if MeasurePlan.objects.select_for_update().get(pk=self.pk).is_locked:
            raise MeasurePlan.Locked

    def lock(self, *, by: User, at: datetime) -> None:
        """Lock the plan while it travels up to be signed. Raises Locked."""
        with transaction.atomic():
            self.require_open()
            self.locked_at, self.locked_by = at, by
            self.save(update_fields=["locked_at", "locked_by"])

    lock.alters_data = True  # type: ignore[attr-defined]


class TopicAnalysis(models.Model):
    """The analysis text of one of the seven topics."""

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="topic_analyses")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("บทวิเคราะห์", blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="topic_analysis_unique")]

    def __str__(self) -> str:
        return f"ประเด็นที่ {self.number}"


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> MeasureQuerySet:
        """Measures that have not been deleted."""
        return self.filter(deleted_at=None)


class Measure(models.Model):
    """One measure: what will be done about one or more weak items, in one or more step rows."""

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="measures")
    title = models.TextField("มาตรการ/แนวทาง", blank=True)
    topic = models.PositiveSmallIntegerField("ประเด็น", null=True, blank=True)
    indicator = models.ForeignKey(
        Item, models.PROTECT, verbose_name="ตัวชี้วัด", null=True, blank=True, related_name="+"
    )
    items = models.ManyToManyField(Item, verbose_name="ข้อที่ตอบ", related_name="measures", blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    steps: RelatedManager[MeasureStep]
    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic=None) | Q(topic__range=(1, 20)), name="measure_topic_possible"
            )
        ]

    def __str__(self) -> str:
        return self.title or "มาตรการที่ยังไม่มีข้อความ"


class MeasureStep(models.Model):
    """One step row of a measure: numbered steps (one a line), who, when, and how it is followed up."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField(default=0)
    text = models.TextField("ขั้นตอน/วิธีดำเนินการ", blank=True, help_text="หนึ่งบรรทัดคือหนึ่งขั้นตอน")
    all_units = models.BooleanField("ทุกสำนัก/กอง", default=False)
    units = models.ManyToManyField(Unit, verbose_name="ผู้รับผิดชอบ", blank=True, related_name="steps")
    starts_on = models.DateField("เริ่ม")
    ends_on = models.DateField("สิ้นสุด")
    follow_up = models.TextField("การติดตามประเมินผล", blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="step_ends_after_start",
                violation_error_message="วันสิ้นสุดต้องไม่มาก่อนวันเริ่ม",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def lines(self) -> list[str]:
        """The steps, one an entry, without blank lines."""
        return [line.strip() for line in self.text.splitlines() if line.strip()]


class Excuse(models.Model):
    """The written reason why a weak item gets no measure of its own."""

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="excuses")
    item = models.ForeignKey(Item, models.PROTECT, related_name="excuses")
    reason = models.TextField("เหตุผล")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "item"], name="excuse_unique"),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="excuse_has_reason",
                violation_error_message="โปรดเขียนเหตุผล",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class LibraryEntry(models.Model):
    """A ready measure of the starter library, for certain questions or for a whole topic."""

    key = models.CharField(max_length=40, unique=True)
    items = models.ManyToManyField(Item, related_name="library_entries", blank=True)
    topic = models.PositiveSmallIntegerField()
    title = models.TextField("มาตรการ/แนวทาง")
    recommendation = models.TextField("ข้อเสนอแนะ", blank=True)
    steps = models.TextField("ขั้นตอน", help_text="หนึ่งบรรทัดคือหนึ่งขั้นตอน")
    unit_name = models.CharField("หน่วยงานที่มักรับผิดชอบ", max_length=120, blank=True)
    follow_up = models.TextField("การติดตามประเมินผล", blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title
