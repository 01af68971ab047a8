"""How a paper is set up: for one plan, or as the organisation's default for new ones."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from assessments.levels import Level
from assessments.scoring import Result
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import format_score, to_thai

from ..profile import DEFAULT_COLUMNS, BadColumns, Column, PaperFormat, check_columns, columns_of

if TYPE_CHECKING:
    from .plan import MeasurePlan


class PaperKind(models.TextChoices):
    PLAN = "plan", "มาตรการส่งเสริมคุณธรรมและความโปร่งใส"
    ANALYSIS = "analysis", "รายงานการวิเคราะห์ผลการประเมิน"


class Digits(models.TextChoices):
    THAI = "thai", "เลขไทย"
    ARABIC = "arabic", "เลขอารบิก"


def default_columns() -> list[dict[str, Any]]:
    """The five usual columns, as they are kept."""
    return [column.data() for column in DEFAULT_COLUMNS]


def validate_columns(data: Any) -> None:
    """Raise ValidationError where kept columns make no table."""
    try:
        check_columns(columns_of(data))
    except BadColumns as error:
        raise ValidationError([to_thai(sentence) for sentence in error.sentences]) from error
    except (KeyError, TypeError) as error:
        raise ValidationError("คอลัมน์ของตารางอ่านไม่ได้ ให้กำหนดคอลัมน์ใหม่") from error


class PaperSettings(models.Model):
    """How one paper (kind) of a plan is set up; without a plan, the default of an organisation.

    Every field that is not a key is a setting, and can be copied from one row to another (`values`).
    """

    class Grouping(models.TextChoices):
        TOPICS = "topics", "ตามประเด็นทั้งเจ็ด"
        INDICATORS = "indicators", "ตามเครื่องมือและตัวชี้วัด"

    class Numbering(models.TextChoices):
        RESTART = "restart", "เริ่มใหม่ทุกกลุ่ม"
        CONTINUOUS = "continuous", "เรียงต่อกันทั้งตาราง"
        SUB = "sub", "เลขย่อยตามเลขกลุ่ม"

    class LevelScale(models.TextChoices):
        OWN = "own", "ตามเกณฑ์ของปีที่ประเมิน"
        LETTERS = "letters", "ตัวอักษร AA ถึง F"
        PASS = "pass", "ระดับผ่าน"

    plan = models.ForeignKey(
        "measures.MeasurePlan", models.CASCADE, null=True, blank=True, related_name="paper_settings"
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, null=True, blank=True, related_name="paper_settings"
    )
    kind = models.CharField("เอกสาร", max_length=12, choices=PaperKind.choices)

    grouping = models.CharField(
        "การจัดกลุ่มตารางมาตรการ", max_length=12, choices=Grouping.choices, default=Grouping.TOPICS
    )
    columns = models.JSONField("คอลัมน์ของตารางมาตรการ", default=default_columns, validators=[validate_columns])
    numbering = models.CharField(
        "เลขลำดับมาตรการ", max_length=12, choices=Numbering.choices, default=Numbering.RESTART
    )
    digits = models.CharField("ตัวเลขในเอกสาร", max_length=6, choices=Digits.choices, default=Digits.THAI)
    short_dates = models.BooleanField("เขียนวันที่และเดือนแบบย่อ", default=False)
    whole_hundred = models.BooleanField("พิมพ์คะแนนเต็มโดยไม่มีทศนิยม", default=True)
    level_scale = models.CharField(
        "ระดับผลการประเมิน", max_length=8, choices=LevelScale.choices, default=LevelScale.OWN
    )
    threshold = models.DecimalField(
        "เกณฑ์คะแนน",
        max_digits=5,
        decimal_places=2,
        default=Decimal(85),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    shows_cover = models.BooleanField("หน้าปก", default=True)
    shows_preface = models.BooleanField("คำนำ", default=False)
    shows_all_questions = models.BooleanField("ตารางคะแนนรายข้อคำถาม", default=True)
    shows_recommendations = models.BooleanField("ข้อเสนอแนะของสำนักงาน ป.ป.ช.", default=True)
    shows_limitations = models.BooleanField("ข้อจำกัดและข้อเสนอแนะ", default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "kind"], name="settings_once_a_plan_and_kind"),
            models.UniqueConstraint(
                fields=["organisation", "kind"], name="settings_once_an_organisation_and_kind"
            ),
            models.CheckConstraint(
                condition=Q(plan=None, organisation__isnull=False) | Q(plan__isnull=False, organisation=None),
                name="settings_of_a_plan_or_an_organisation",
                violation_error_message="รูปแบบเอกสารต้องเป็นของมาตรการฉบับหนึ่ง หรือเป็นค่าเริ่มต้นของหน่วยงาน อย่างใดอย่างหนึ่ง",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, threshold__lte=100),
                name="settings_threshold_from_0_to_100",
                violation_error_message="เกณฑ์คะแนนต้องอยู่ระหว่าง ๐ ถึง ๑๐๐ เช่น ๘๕",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["plan", "analysis"]),
                name="settings_kind_known",
                violation_error_message="ไม่มีเอกสารชนิดนี้ ให้เลือกมาตรการหรือรายงานการวิเคราะห์",
            ),
            models.CheckConstraint(
                condition=Q(
                    grouping__in=["topics", "indicators"],
                    numbering__in=["restart", "continuous", "sub"],
                    digits__in=["thai", "arabic"],
                    level_scale__in=["own", "letters", "pass"],
                ),
                name="settings_choices_known",
                violation_error_message="รูปแบบเอกสารมีตัวเลือกที่ไม่รู้จัก ให้เลือกจากรายการ เช่น เลขไทย",
            ),
        ]

    def __str__(self) -> str:
        return f"รูปแบบ{self.get_kind_display()}"

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the settings: all fields that are no keys."""
        return tuple(
            field.name
            for field in cls._meta.concrete_fields
            if field.name not in ("id", "plan", "organisation", "kind")
        )

    @property
    def values(self) -> dict[str, Any]:
        """All settings by their names, to be copied."""
        return {name: getattr(self, name) for name in self.names()}

    @classmethod
    def default_of(
        cls, organisation: Organisation, kind: str, *, threshold: Decimal | None = None
    ) -> PaperSettings:
        """Return the organisation's default of a paper, or the platform's, unsaved, where it has set none.

        threshold: of the year's instrument, for the platform's default.
        """
        own = cls.objects.filter(organisation=organisation, kind=kind).first()
        if own:
            return own
        return cls(
            organisation=organisation, kind=kind, **({} if threshold is None else {"threshold": threshold})
        )

    @classmethod
    def begin(cls, plan: MeasurePlan) -> None:
        """Give a new plan a row for each of its papers, from the organisation's defaults."""
        assessment = plan.assessment
        PaperSettings.objects.bulk_create(
            PaperSettings(
                plan=plan,
                kind=kind,
                **cls.default_of(
                    assessment.organisation, kind, threshold=assessment.instrument.threshold
                ).values,
            )
            for kind in PaperKind.values
        )

    def take(self, **values: Any) -> None:
        """Set settings and save them. Raises ValidationError, with nothing saved, where one is impossible."""
        if unknown := values.keys() - set(self.names()):
            raise TypeError(f"not settings of a paper: {unknown}")
        standing = self.values
        for name, value in values.items():
            setattr(self, name, value)
        try:
            self.full_clean(validate_unique=False)
        except ValidationError:
            for name, value in standing.items():
                setattr(self, name, value)
            raise
        with transaction.atomic():
            self.save()

    def take_default(self, *, by: User, at: datetime, **values: Any) -> None:
        """Set the organisation's default of a paper, and tell so among its events. Raises ValidationError."""
        with transaction.atomic():
            before = self.described()
            self.take(**values)
            if (after := self.described()) != before:
                Event.record(
                    Event.Verb.PROFILE_CHANGED,
                    f"แก้ไขค่าเริ่มต้นของรูปแบบ{self.get_kind_display()}",
                    by=by,
                    at=at,
                    organisation=self.organisation,
                    before=before,
                    after=after,
                )

    for _verb in (begin, take, take_default):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb

    @property
    def profile(self) -> tuple[Column, ...]:
        """The columns that print, in their order."""
        return columns_of(self.columns)

    @property
    def prints_items(self) -> bool:
        """Whether the items that a measure answers have a column of their own."""
        return any(column.kind == "items" for column in self.profile)

    @property
    def format(self) -> PaperFormat:
        """How the paper writes digits, scores and dates."""
        return PaperFormat(
            digits="arabic" if self.digits == Digits.ARABIC else "thai",
            short_dates=self.short_dates,
            whole_hundred=self.whole_hundred,
        )

    def level(self, result: Result) -> Level | None:
        """The level of a result on the scale that the paper prints; None without a total."""
        if self.level_scale == self.LevelScale.LETTERS:
            return result.letter
        if self.level_scale == self.LevelScale.PASS:
            return result.pass_level
        return result.level

    def described(self) -> str:
        """All settings as lines of Thai words with Thai digits, for the history."""
        lines = []
        for name in self.names():
            label, value = self._meta.get_field(name).verbose_name, getattr(self, name)  # type: ignore[union-attr]
            if name == "columns":
                words = " | ".join(f"{column.heading} {column.width}%" for column in self.profile)
            elif name == "threshold":
                words = format_score(value).removesuffix(".00")
            elif isinstance(value, bool):
                words = "ใช่" if value else "ไม่"
            else:
                words = getattr(self, f"get_{name}_display")()
            lines.append(to_thai(f"{label}: {words}"))
        return "\n".join(lines)
