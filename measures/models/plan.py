"""The plan of a fiscal year with its texts and what happens to the table as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, FilteredRelation, Max, OuterRef, Q
from django.utils.functional import cached_property

from assessments.models import Assessment, Item
from assessments.scoring import Figure, Result
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import fiscal_year_end, fiscal_year_start, to_arabic

from .. import drafting
from ..outline import UNGROUPED, Heading, indicator_headings, indicator_of, topic_headings
from ..texts import Texts
from .excuse import Excuse
from .history import Change
from .library import ALL_UNITS, JOINT, LibraryEntry, Suggestions
from .settings import PaperKind, PaperSettings

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from .measure import Measure, MeasureStep
    from .text import PlanText


class MeasurePlanQuerySet(models.QuerySet["MeasurePlan"]):
    def of(self, organisation: Organisation) -> MeasurePlanQuerySet:
        """Plans of one organisation, with all that their pages name, and the settings of both papers."""
        papers = {
            f"{kind}_paper": FilteredRelation("paper_settings", condition=Q(paper_settings__kind=kind))
            for kind in PaperKind.values
        }
        return (
            self.filter(assessment__organisation=organisation)
            .annotate(**papers)
            .select_related("assessment__instrument", "assessment__organisation", *papers)
        )

    def for_year(self, be_year: int) -> MeasurePlanQuerySet:
        """Plans that set measures for fiscal year `be_year` (from the scores of the year before)."""
        return self.filter(assessment__instrument__be_year=be_year - 1)

    def with_former(self) -> MeasurePlanQuerySet:
        """Tell as `has_former` whether the organisation has a plan of the fiscal year before."""
        former = MeasurePlan.objects.filter(
            assessment__organisation=OuterRef("assessment__organisation"),
            assessment__instrument__be_year=OuterRef("assessment__instrument__be_year") - 1,
        )
        return self.annotate(has_former=Exists(former))


class MeasurePlan(models.Model):
    """The document มาตรการส่งเสริมคุณธรรมและความโปร่งใส of fiscal year N, from the assessment of N−1.

    Open while it is drafted, locked while it is on its way to be signed.
    """

    class Locked(Exception):
        """The plan cannot change while it is locked."""

    class Conflict(Exception):
        """Somebody else saved the same text first; `standing` is what stands now."""

        def __init__(self, standing: Any) -> None:
            super().__init__(standing)
            self.standing = standing

    class Foreign(Exception):
        """An item of another instrument, or a unit of another organisation, cannot stand in the plan."""

    class NoScores(Exception):
        """A plan begins from scores: there are none yet."""

    class UnknownGroup(Exception):
        """The table has no group row of that key."""

    class UnknownText(Exception):
        """The papers have no text of that key."""

    class NotLocked(Exception):
        """Only a locked plan can be unlocked."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, related_name="plan")
    # Counts the changes of texts: a text takes its version from here, so that none comes twice.
    version = models.PositiveIntegerField(default=0, editable=False)
    locked_at = models.DateTimeField(null=True, blank=True, editable=False)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    measures: RelatedManager[Measure]
    texts: RelatedManager[PlanText]
    changes: RelatedManager[Change]
    excuses: RelatedManager[Excuse]
    paper_settings: RelatedManager[PaperSettings]
    objects = MeasurePlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(locked_at=None, locked_by=None)
                | Q(locked_at__isnull=False, locked_by__isnull=False),
                name="plan_locked_at_and_by",
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

    def settings(self, kind: str = PaperKind.PLAN) -> PaperSettings:
        """How one of the plan's papers is set up: joined by `objects.of`, else both asked for at once."""
        if self.__dict__.get(f"{kind}_paper") is None:
            found = {row.kind: row for row in self.paper_settings.all()}
            for each in PaperKind:
                self.__dict__[f"{each}_paper"] = found.get(each) or PaperSettings(plan=self, kind=each)
        return self.__dict__[f"{kind}_paper"]

    def result(self, kind: str = PaperKind.PLAN) -> Result:
        """The assessed year's result at the threshold of a paper, compared with the year before."""
        return self.assessment.result(threshold=self.settings(kind).threshold, compared=True)

    def unanswered(self, result: Result) -> list[Figure]:
        """Weak items that have neither a measure nor a written reason, weakest first."""
        answered = set(
            Item.objects.filter(
                Q(measures__plan=self, measures__deleted_at=None) | Q(excuses__plan=self)
            ).values_list("code", flat=True)
        )
        return [figure for figure in result.weak_items if figure.code not in answered]

    @cached_property
    def headings(self) -> list[Heading]:
        """The group rows of the table in the chosen grouping, in their order."""
        return self.headings_by(self.settings().grouping)

    def headings_by(self, grouping: str) -> list[Heading]:
        """Return the group rows of the table in a grouping, in their order."""
        if grouping == PaperSettings.Grouping.TOPICS:
            return topic_headings(self.assessment.instrument.topic_outline)
        return indicator_headings(self.assessment.instrument.tree)

    def group_of(self, measure: Measure, kind: str = PaperKind.PLAN) -> str:
        """Return the key of the group row under which a measure stands in the table of a paper.

        "" where it has no place yet.
        """
        grouping = self.settings(kind).grouping
        if grouping == PaperSettings.Grouping.TOPICS:
            key = f"topic-{measure.topic}"
        else:
            key = measure.indicator.code if measure.indicator else UNGROUPED
        headings = self.headings if kind == PaperKind.PLAN else self.headings_by(grouping)
        return key if any(h.key == key and h.holds_measures for h in headings) else UNGROUPED

    def grouped(self, kind: str = PaperKind.PLAN) -> dict[str, list[Measure]]:
        """The standing measures with all that their rows name, by the key of their group in a paper's table.

        In table order. A constant number of queries, whatever the number of measures.
        """
        keys = [heading.key for heading in self.headings_by(self.settings(kind).grouping)]
        groups: dict[str, list[Measure]] = {key: [] for key in [*keys, UNGROUPED]}
        standing = self.measures.filter(deleted_at=None).select_related("indicator")
        for measure in standing.prefetch_related("items", "steps__units"):
            groups[self.group_of(measure, kind)].append(measure)
        return groups

    def require_open(self) -> None:
        """Lock the row until the transaction ends. Raises Locked where the plan is locked."""
        if MeasurePlan.objects.select_for_update().get(pk=self.pk).is_locked:
            raise MeasurePlan.Locked

    @classmethod
    def start(cls, *, assessment: Assessment) -> MeasurePlan:
        """Return the plan that rests on an assessment, made where there is none yet. Raises NoScores."""
        if not assessment.entered():
            raise cls.NoScores
        with transaction.atomic():
            plan, is_new = cls.objects.get_or_create(assessment=assessment)
            if is_new:
                PaperSettings.begin(plan)
        return plan

    def lock(self, *, by: User, at: datetime) -> None:
        """Lock the plan while it travels up to be signed. Raises Locked."""
        with transaction.atomic():
            self.require_open()
            self.locked_at, self.locked_by = at, by
            self.save(update_fields=["locked_at", "locked_by"])

    def unlock(self) -> None:
        """Open the plan again, because it came back to be mended. Raises NotLocked."""
        with transaction.atomic():
            if not MeasurePlan.objects.select_for_update().get(pk=self.pk).is_locked:
                raise MeasurePlan.NotLocked
            self.locked_at = self.locked_by = None
            self.save(update_fields=["locked_at", "locked_by"])

    def set_up(
        self, *, kind: str = PaperKind.PLAN, by: User, at: datetime, **settings: object
    ) -> PaperSettings:
        """Save settings of one of the plan's papers. Raises Locked; ValidationError, with nothing saved."""
        with transaction.atomic():
            self.require_open()
            row = self.settings(kind)
            before = row.described()
            row.take(**settings)
            Change.record(
                plan=self,
                subject=f"settings:{kind}",
                label=f"แก้รูปแบบ{PaperKind(kind).label}",
                before=before,
                after=row.described(),
                by=by,
                at=at,
            )
        self.__dict__.pop("headings", None)
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the plan anew, and forget its settings, which are then read anew too."""
        super().refresh_from_db(*args, **kwargs)
        for name in ("headings", *(f"{kind}_paper" for kind in PaperKind.values)):
            self.__dict__.pop(name, None)

    def add_measure(
        self,
        *,
        items: Iterable[Item] = (),
        entry: LibraryEntry | None = None,
        steps: str = "",
        group: str | None = None,
        by: User,
        at: datetime,
    ) -> Measure:
        """Add a measure at the end of its group, with one step row over the whole fiscal year.

        items: what it answers; entry: the ready measure whose texts it takes, else steps: those of its step
        row; group: key of the group row, else the one to which the entry or the first item belongs. Raises Locked, Foreign, UnknownGroup.
        """
        items = list(items)
        instrument = self.assessment.instrument
        if any(item.instrument_id != instrument.pk for item in items):
            raise MeasurePlan.Foreign
        with transaction.atomic():
            self.require_open()
            last = self.measures.aggregate(last=Max("position"))["last"] or 0
            topics = [number for item in items for number in self.topics_of(item.code)]
            topic = (entry.topic if entry else None) or next(iter(topics), None)
            indicators = [node for item in items if (node := indicator_of(instrument.tree, item.code))]
            measure = self.measures.create(
                title=self.settings().format.text(entry.title) if entry else "",
                topic=topic,
                indicator=instrument.items.get(code=indicators[0].code) if indicators else None,
                position=last + 1,
                entry=entry,
            )
            measure.items.set(items)
            self._add_first_step(measure, entry, steps)
            if group is not None:
                measure.put(group=group)
            measure.record_change("เพิ่มมาตรการ", None, by=by, at=at)
            return measure

    def _add_first_step(self, measure: Measure, entry: LibraryEntry | None, steps: str) -> None:
        in_digits = self.settings().format.text
        step = measure.steps.create(
            position=1,
            text=in_digits(entry.steps if entry else steps),
            follow_up=in_digits(entry.follow_up) if entry else "",
            all_units=bool(entry and entry.unit_name == ALL_UNITS),
            starts_on=self.first_day,
            ends_on=self.last_day,
        )
        if entry:
            units = self.assessment.organisation.units.filter(
                is_active=True, name__in=entry.unit_name.split(JOINT)
            )
            step.units.set(units)

    def topics_of(self, code: str) -> list[int]:
        """Return the numbers of the topics that an item feeds; an indicator those of its questions."""
        node = next(node for node in self.assessment.instrument.tree.walk() if node.code == code)
        numbers = (
            n for below in node.walk() for n in self.assessment.instrument.topic_numbers_of(below.code)
        )
        return list(dict.fromkeys(numbers))

    def add_suggested(self, *, by: User, at: datetime) -> list[Measure]:
        """Add the first ready measure for every weak item that has neither a measure nor a reason.

        Items with the same ready measure share it; an item for which the library holds nothing is left.
        Return what was added. Raises Locked.
        """
        with transaction.atomic():
            self.require_open()
            suggestions = Suggestions(self.assessment.instrument, self.assessment.organisation)
            chosen: dict[LibraryEntry, list[str]] = {}
            for figure in self.unanswered(self.result()):
                ready = suggestions.own(figure.code) or suggestions.general(self.topics_of(figure.code))
                if ready:
                    chosen.setdefault(ready[0], []).append(figure.code)
            items = {item.code: item for item in self.assessment.instrument.items.all()}
            return [
                self.add_measure(items=[items[code] for code in codes], entry=entry, by=by, at=at)
                for entry, codes in chosen.items()
            ]

    def fill(self, *, step: MeasureStep, what: str, below_only: bool, by: User, at: datetime) -> int:
        """Give the units ("units") or the period ("period") of a step row to all other rows of the table.

        below_only: only to the rows that follow it in the table. Return how many rows took it. Raises Locked.
        """
        with transaction.atomic():
            self.require_open()
            measures = [measure for group in self.grouped().values() for measure in group]
            rows = [row for measure in measures for row in measure.steps.all()]
            place = rows.index(step)
            targets = rows[place + 1 :] if below_only else [row for row in rows if row != step]
            steps = type(step)._default_manager.filter(pk__in=[row.pk for row in targets])
            if what == "period":
                steps.update(starts_on=step.starts_on, ends_on=step.ends_on)
            else:
                steps.update(all_units=step.all_units)
                links = type(step).units.through._default_manager
                links.filter(measurestep__in=targets).delete()
                units = step.units.all()
                links.bulk_create(
                    links.model(measurestep_id=row.pk, unit_id=unit.pk) for row in targets for unit in units
                )
            touched = {row.measure_id for row in targets}
            self.measures.filter(pk__in=touched).update(version=F("version") + 1)
            for measure in measures:
                if measure.pk in touched:
                    label = "ใช้ระยะเวลาของแถวอื่นใน" if what == "period" else "ใช้ผู้รับผิดชอบของแถวอื่นใน"
                    measure.record_change(label, measure.prefetched_state(), by=by, at=at)
            return len(targets)

    def excuse(self, *, item: Item, reason: str, by: User, at: datetime) -> Excuse:
        """Write down why a weak item gets no measure. Raises Locked, Foreign, Excuse.NoReason."""
        reason = reason.strip()
        if not reason:
            raise Excuse.NoReason
        if item.instrument_id != self.assessment.instrument_id:
            raise MeasurePlan.Foreign
        with transaction.atomic():
            self.require_open()
            self._record_reason(item, reason, by=by, at=at)
            written = {"reason": reason, "by": by, "at": at}
            return self.excuses.update_or_create(item=item, defaults=written)[0]

    def unexcuse(self, *, item: Item, by: User, at: datetime) -> None:
        """Withdraw the reason of an item (nothing happens where there is none). Raises Locked."""
        with transaction.atomic():
            self.require_open()
            self._record_reason(item, "", by=by, at=at)
            self.excuses.filter(item=item).delete()

    def _record_reason(self, item: Item, reason: str, *, by: User, at: datetime) -> None:
        standing = self.excuses.filter(item=item).first()
        Change.record(
            plan=self,
            subject=f"excuse:{item.code}",
            label=f"เหตุผลที่ไม่กำหนดมาตรการของ {item.label}",
            before=standing.reason if standing else "",
            after=reason,
            by=by,
            at=at,
        )

    def save_text(self, *, key: str, text: str, version: int, by: User, at: datetime) -> PlanText | None:
        """Save a text as a person edited it, with the values of its live fields as looked over now.

        version: the one that the person saw, 0 for a text as drafted. A text equal to its draft is none of
        its own: it follows the scores again, and None is returned. Raises Locked; UnknownText; Conflict with
        the standing text, None where somebody brought the draft back.
        """
        text = text.strip()
        with transaction.atomic():
            texts, standing = self._text_to_change(key, version)
            before = texts.text(key)
            kept = {
                "text": text,
                "basis": drafting.basis(text, texts.subject_of(key).facts),
                "version": version if text == before else self._next_version(),
                "edited_at": at,
                "edited_by": by,
            }
            if to_arabic(text) == to_arabic(texts.draft(key)):
                self.texts.filter(key=key).delete()
                standing = None
            else:
                standing, _ = self.texts.update_or_create(key=key, defaults=kept)
            label = f"แก้ไขข้อความ {texts.title(key)}"
            Change.record(
                plan=self,
                subject=f"text:{key}",
                label=label,
                before=before,
                after=text,
                by=by,
                at=at,
                typed=True,
            )
            return standing

    def restore_text(self, *, key: str, version: int, by: User, at: datetime) -> None:
        """Bring a text back to its draft, which follows the scores. Raises Locked, UnknownText, Conflict."""
        with transaction.atomic():
            texts, standing = self._text_to_change(key, version)
            if standing is None:
                return
            standing.delete()
            Change.record(
                plan=self,
                subject=f"text:{key}",
                label=f"คืนร่างเดิม {texts.title(key)}",
                before=standing.text,
                after=texts.draft(key),
                by=by,
                at=at,
            )

    def _next_version(self) -> int:
        MeasurePlan.objects.filter(pk=self.pk).update(version=F("version") + 1)
        self.refresh_from_db(fields=["version"])
        return self.version

    def _text_to_change(self, key: str, version: int) -> tuple[Texts, PlanText | None]:
        self.require_open()
        texts = Texts(self)
        if key not in texts.keys and key not in texts.edited:
            raise MeasurePlan.UnknownText
        standing = texts.edited.get(key)
        if version != texts.version(key):
            raise MeasurePlan.Conflict(standing)
        return texts, standing

    for _verb in (
        start,
        lock,
        unlock,
        set_up,
        add_measure,
        add_suggested,
        fill,
        excuse,
        unexcuse,
        save_text,
        restore_text,
    ):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb
