"""An organisation's result in a fiscal year: its scores, entered, closed and opened again."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property

from assessments import question_map, scoring
from assessments.labels import cell_label
from assessments.scoring import Key, Node, Result
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_thai

from .instrument import Instrument, Item, targets_of

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def of(self, organisation: Organisation) -> AssessmentQuerySet:
        """Assessments of one organisation, with their instruments."""
        return self.filter(organisation=organisation).select_related("instrument", "organisation")

    def results(self) -> dict[int, Result]:
        """The results of these assessments by their fiscal years, in three queries however many they are."""
        assessments = list(self.select_related("instrument").prefetch_related("instrument__items"))
        entered: dict[int, dict[Key, Decimal]] = {assessment.pk: {} for assessment in assessments}
        rows = Score.objects.filter(assessment__in=entered).values_list(
            "assessment", "item__code", "part", "value"
        )
        for pk, code, part, value in rows:
            if value is not None:
                entered[pk][code, part] = value
        return {
            assessment.be_year: scoring.score(
                assessment.instrument.tree,
                entered[assessment.pk],
                threshold=assessment.instrument.threshold,
                scale=assessment.instrument.scale,
            )
            for assessment in assessments
        }


class Assessment(models.Model):
    """One organisation's result in one fiscal year: open while scores are entered, then closed."""

    class Closed(Exception):
        """Scores cannot change while they are closed."""

    class AlreadyOpen(Exception):
        """Only closed scores can be reopened."""

    class Incomplete(Exception):
        """Scores cannot be closed while some are missing; `labels` names the first of them."""

        def __init__(self, labels: list[str]) -> None:
            super().__init__(labels)
            self.labels = labels

    class NoReason(Exception):
        """Reopening needs a reason in words."""

    class Conflict(Exception):
        """Somebody else saved other values first; `scores` holds what stands now in those cells."""

        def __init__(self, scores: list[Score]) -> None:
            super().__init__(scores)
            self.scores = scores

    class UnknownCell(Exception):
        """The instrument has no such item, or the item no such part; `key` is the (code, part) asked for."""

        def __init__(self, key: Key) -> None:
            super().__init__(key)
            self.key = key

    class Depth(models.TextChoices):
        QUESTIONS = "questions", "ทุกข้อคำถาม"
        INDICATORS = "indicators", "เฉพาะตัวชี้วัด"
        TOOLS = "tools", "เฉพาะเครื่องมือ"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="assessments")
    instrument = models.ForeignKey(Instrument, models.PROTECT, related_name="assessments")
    depth = models.CharField("ความละเอียด", max_length=12, choices=Depth.choices, default=Depth.QUESTIONS)
    closed_at = models.DateTimeField("ปิดคะแนนเมื่อ", null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    scores: RelatedManager[Score]
    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["-instrument__be_year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "instrument"], name="assessment_unique"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="assessment_closed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} ปีงบประมาณ {self.be_year}"

    @property
    def be_year(self) -> int:
        """The measured fiscal year, B.E."""
        return self.instrument.be_year

    @property
    def is_closed(self) -> bool:
        """Whether the scores are closed."""
        return self.closed_at is not None

    @classmethod
    def open_for(cls, organisation: Organisation, instrument: Instrument) -> Assessment:
        """Return the organisation's assessment on an instrument, made where there is none yet."""
        return cls.objects.get_or_create(
            organisation=organisation, instrument=instrument, defaults={"depth": cls.depth_for(instrument)}
        )[0]

    @classmethod
    def seen_for(cls, organisation: Organisation, instrument: Instrument) -> Assessment:
        """Return the organisation's assessment on an instrument, or an empty one that is not saved."""
        found = cls.objects.of(organisation).filter(instrument=instrument).select_related("closed_by").first()
        return found or cls(organisation=organisation, instrument=instrument, depth=cls.depth_for(instrument))

    @classmethod
    def depth_for(cls, instrument: Instrument) -> Depth:
        """The depth at which a new assessment starts: every question where the questions are known."""
        return cls.Depth.QUESTIONS if instrument.has_questions else cls.Depth.INDICATORS

    def entered(self) -> dict[Key, Decimal]:
        """All entered scores by (code, part)."""
        if self.pk is None:
            return {}
        rows = self.scores.values_list("item__code", "part", "value")
        return {(code, part): value for code, part, value in rows if value is not None}

    @cached_property
    def year_before(self) -> Assessment | None:
        """The same organisation's assessment of the fiscal year before."""
        return Assessment.objects.of(self.organisation).filter(instrument__be_year=self.be_year - 1).first()

    def previous_scores(self, last: Result) -> dict[Key, Decimal]:
        """Return last year's scores under this year's codes: indicators, tools and total by themselves,
        questions only where the instrument's question map says that both years ask the same."""
        codes = {
            node.code: node.code
            for node in self.instrument.tree.walk()
            if node.kind is not scoring.Kind.QUESTION
        } | question_map.same(self.instrument.origins)
        return {
            (code, part): value
            for code, old in codes.items()
            for part in (0, 1, 2)
            if (figure := last.figures.get((old, part))) and (value := figure.value) is not None
        }

    def result(self, *, threshold: Decimal | None = None, compared: bool = False) -> Result:
        """Work out the result now (nothing computed is stored).

        threshold: points from 0 to 100, the instrument's where None; compared: with last year's scores.
        """
        before = self.year_before.result() if compared and self.year_before else None
        return scoring.score(
            self.instrument.tree,
            self.entered(),
            previous=self.previous_scores(before) if before else None,
            reworded=question_map.reworded(self.instrument.origins) if before else (),
            before=before,
            threshold=self.instrument.threshold if threshold is None else threshold,
            scale=self.instrument.scale,
        )

    @property
    def expected_cells(self) -> list[tuple[Node, Key]]:
        """The cells to fill at the chosen depth: all questions, the ten indicators, or the three tools."""
        kinds = {
            self.Depth.QUESTIONS: scoring.Kind.QUESTION,
            self.Depth.INDICATORS: scoring.Kind.INDICATOR,
            self.Depth.TOOLS: scoring.Kind.TOOL,
        }
        kind = kinds[self.Depth(self.depth)]
        return [
            (node, key)
            for node in self.instrument.tree.walk()
            if node.kind is kind
            for key in (node.cells if kind is scoring.Kind.QUESTION else ((node.code, 0),))
        ]

    def missing(self, entered: Container[Key] | None = None) -> list[str]:
        """Thai names of the cells still empty; `entered` where the filled ones are known already. An
        indicator whose own score is entered needs no questions: an item may have been exempted."""
        entered = self.entered() if entered is None else entered
        answered = {
            descendant.code
            for node in self.instrument.tree.walk()
            if node.kind in (scoring.Kind.INDICATOR, scoring.Kind.SUB_INDICATOR) and (node.code, 0) in entered
            for descendant in node.walk()
        }
        return [
            cell_label(node.kind, key)
            for node, key in self.expected_cells
            if key not in entered and node.code not in answered
        ]

    def save_score(
        self, *, code: str, part: int, value: Decimal | None, version: int, by: User, at: datetime
    ) -> int:
        """Save one cell and return the version that stands then (0: never filled).

        version: the one that the person saw (0: an empty cell). Raises as `save_scores` does.
        """
        self.save_scores({(code, part): value}, seen={(code, part): version}, by=by, at=at)
        return self.scores.filter(item__code=code, part=part).values_list("version", flat=True).first() or 0

    def save_scores(
        self,
        values: Mapping[Key, Decimal | None],
        *,
        seen: Mapping[Key, int] | None = None,
        by: User | None,
        at: datetime,
    ) -> int:
        """Save many cells at once, all or none; return how many changed.

        seen: the versions that the person saw (0: an empty cell); without them, what stands is overwritten.
        Raises Closed; UnknownCell; Conflict where another value was saved in a cell since it was seen (the
        same value saved by both is none).
        """
        with transaction.atomic():
            self._lock_open()
            cells = {key for _, key in targets_of(self.instrument)}
            items = {item.code: item for item in self.instrument.items.all()}
            standing = {(s.item_id, s.part): s for s in self.scores.select_related("item", "updated_by")}
            new: list[Score] = []
            changed: list[Score] = []
            disputed: list[Score] = []
            for key, value in values.items():
                if key not in cells:
                    raise Assessment.UnknownCell(key)
                item, part = items[key[0]], key[1]
                score = standing.get((item.pk, part))
                if score is None and value is not None:
                    score = Score(assessment=self, item=item, part=part)
                    new.append(score)
                elif score is not None and score.value != value:
                    if seen is not None and seen.get(key, 0) != score.version:
                        disputed.append(score)
                        continue
                    score.version += 1
                    changed.append(score)
                else:
                    continue
                score.value, score.updated_at, score.updated_by = value, at, by
            if disputed:
                raise Assessment.Conflict(disputed)
            Score.objects.bulk_create(new)
            Score.objects.bulk_update(changed, ["value", "version", "updated_at", "updated_by"])
            return len(new) + len(changed)

    def import_scores(
        self,
        values: Mapping[Key, Decimal | None],
        *,
        source: str,
        seen: Mapping[Key, int] | None = None,
        by: User | None,
        at: datetime,
    ) -> int:
        """Save many cells from a paste or a file, and record it; return how many changed.

        source: what was read, in Thai words. Raises as `save_scores` does.
        """
        with transaction.atomic():
            changed = self.save_scores(values, seen=seen, by=by, at=at)
            Event.record(
                Event.Verb.SCORES_IMPORTED,
                to_thai(f"นำเข้าคะแนนปีงบประมาณ {self.be_year} จาก{source} เปลี่ยน {changed} ค่า"),
                by=by,
                at=at,
                organisation=self.organisation,
                be_year=self.be_year,
                changed=changed,
            )
        return changed

    def choose_depth(self, depth: Depth) -> None:
        """Choose how deep scores are entered; what is entered at another depth stays. Raises Closed."""
        with transaction.atomic():
            self._lock_open()
            self.depth = depth
            self.save(update_fields=["depth"])

    def _lock_open(self) -> None:
        """Lock the row until the transaction ends. Raises Closed where the scores are closed."""
        if Assessment.objects.select_for_update().get(pk=self.pk).is_closed:
            raise Assessment.Closed

    def close(self, *, by: User, at: datetime) -> None:
        """Close the scores: they are complete and the plan may rest on them. Raises Closed, Incomplete."""
        with transaction.atomic():
            self._lock_open()
            if missing := self.missing():
                raise Assessment.Incomplete(missing)
            self.closed_at, self.closed_by = at, by
            self.save(update_fields=["closed_at", "closed_by"])
            Event.record(
                Event.Verb.SCORES_CLOSED,
                to_thai(f"ปิดคะแนนปีงบประมาณ {self.be_year}"),
                by=by,
                at=at,
                organisation=self.organisation,
                be_year=self.be_year,
            )

    def reopen(self, *, by: User, at: datetime, reason: str) -> None:
        """Open closed scores again for a reason, which the audit events keep. Raises AlreadyOpen, NoReason."""
        reason = reason.strip()
        if not reason:
            raise Assessment.NoReason
        with transaction.atomic():
            if not Assessment.objects.select_for_update().get(pk=self.pk).is_closed:
                raise Assessment.AlreadyOpen
            self.closed_at = self.closed_by = None
            self.save(update_fields=["closed_at", "closed_by"])
            Event.record(
                Event.Verb.SCORES_REOPENED,
                to_thai(f"เปิดคะแนนปีงบประมาณ {self.be_year} อีกครั้ง เพราะ {reason}"),
                by=by,
                at=at,
                organisation=self.organisation,
                be_year=self.be_year,
                reason=reason,
            )

    for _verb in (save_score, save_scores, import_scores, choose_depth, close, reopen):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb


class Score(models.Model):
    """One entered score. An emptied cell stays as a row without a value, so that its version goes on."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="scores")
    item = models.ForeignKey(Item, models.PROTECT, related_name="scores")
    part = models.PositiveSmallIntegerField(default=0)
    value = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()
    updated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["item__position", "part"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "item", "part"], name="score_cell_unique"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=0, value__lte=100),
                name="score_from_0_to_100",
                violation_error_message="คะแนนต้องอยู่ระหว่าง 0 ถึง 100",
            ),
            models.CheckConstraint(condition=Q(part__lte=2), name="score_part_possible"),
        ]

    def __str__(self) -> str:
        return f"{cell_label(self.item.kind, (self.item.code, self.part))} = {self.value}"
