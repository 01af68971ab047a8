"""One measure of the table, with its step rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.db.models import F, Q

from assessments.models import Item
from ita_portal.organisations.models import Unit, User
from ita_portal.thai import period

from ..outline import UNGROUPED
from .history import Change
from .library import ALL_UNITS, LibraryEntry
from .plan import MeasurePlan
from .settings import PaperSettings

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager


@dataclass(frozen=True)
class StepEdit:
    """What one step row shall hold after an edit."""

    text: str
    all_units: bool
    units: tuple[Unit, ...]
    starts_on: date
    ends_on: date
    follow_up: str


class MeasureQuerySet(models.QuerySet["Measure"]):
    def standing(self) -> MeasureQuerySet:
        """Measures that have not been deleted."""
        return self.filter(deleted_at=None)


class Measure(models.Model):
    """One measure: what will be done about one or more weak items, in one or more step rows.

    Deleting only marks it, so that it can come back to its place.
    """

    class NoText(Exception):
        """A measure cannot be saved without its text."""

    class LastStep(Exception):
        """A measure keeps at least one step row."""

    plan = models.ForeignKey(MeasurePlan, models.CASCADE, related_name="measures")
    title = models.TextField("มาตรการ/แนวทาง", blank=True)
    topic = models.PositiveSmallIntegerField("ประเด็น", null=True, blank=True)
    indicator = models.ForeignKey(
        Item, models.PROTECT, verbose_name="ตัวชี้วัด", null=True, blank=True, related_name="+"
    )
    items = models.ManyToManyField(Item, verbose_name="ข้อที่ตอบ", related_name="measures", blank=True)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    entry = models.ForeignKey(
        LibraryEntry, models.SET_NULL, null=True, blank=True, editable=False, related_name="measures"
    )
    # The measure of the former year's plan of which this is the copy.
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="copies"
    )
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    steps: RelatedManager[MeasureStep]
    objects = MeasureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic=None) | Q(topic__range=(1, 20)), name="measure_topic_possible"
            ),
            models.UniqueConstraint(fields=["plan", "copied_from"], name="measure_copied_once"),
        ]

    def __str__(self) -> str:
        return self.title or "มาตรการที่ยังไม่มีข้อความ"

    def save_edit(
        self, *, version: int, title: str, steps: Mapping[int, StepEdit], by: User, at: datetime
    ) -> None:
        """Save the whole measure: its text and its step rows by their primary keys.

        version: the one that the person saw. Raises NoText; MeasurePlan.Locked; MeasurePlan.Foreign for a
        unit of another organisation; MeasurePlan.Conflict where somebody else changed the measure since.
        """
        title = title.strip()
        if not title:
            raise Measure.NoText
        organisation_id = self.plan.assessment.organisation_id
        if any(unit.organisation_id != organisation_id for edit in steps.values() for unit in edit.units):
            raise MeasurePlan.Foreign
        with transaction.atomic(), self._written_down("แก้ไขมาตรการ", by=by, at=at, typed=True):
            self._take_turn(version=version, title=title)
            for step in self.steps.filter(pk__in=steps):
                edit = steps[step.pk]
                step.text, step.all_units, step.follow_up = edit.text, edit.all_units, edit.follow_up
                step.starts_on, step.ends_on = edit.starts_on, edit.ends_on
                step.save()
                step.units.set(edit.units)

    def add_step(self, *, version: int, by: User, at: datetime) -> MeasureStep:
        """Add an empty step row at the end, with the last row's units and period. Raises Locked, Conflict."""
        with transaction.atomic(), self._written_down("เพิ่มแถวขั้นตอนใน", by=by, at=at):
            self._take_turn(version=version)
            last = self.steps.last()
            added = self.steps.create(
                position=last.position + 1 if last else 1,
                all_units=last.all_units if last else False,
                starts_on=last.starts_on if last else self.plan.first_day,
                ends_on=last.ends_on if last else self.plan.last_day,
            )
            added.units.set(last.units.all() if last else [])
            return added

    def remove_step(self, *, step: MeasureStep, version: int, by: User, at: datetime) -> None:
        """Remove a step row. Raises LastStep for the only one; Locked, Conflict."""
        with transaction.atomic(), self._written_down("ลบแถวขั้นตอนใน", by=by, at=at):
            self._take_turn(version=version)
            if self.steps.count() == 1:
                raise Measure.LastStep
            self.steps.filter(pk=step.pk).delete()

    def _take_turn(self, *, version: int, **changes: str) -> None:
        """Move the version on if it is still the one the person saw. Raises Locked, Conflict."""
        self.plan.require_open()
        mine = Measure.objects.standing().filter(pk=self.pk, version=version)
        if not mine.update(version=F("version") + 1, **changes):
            raise MeasurePlan.Conflict(Measure.objects.get(pk=self.pk))
        self.refresh_from_db(fields=["version", *changes])

    def answer(self, *, items: Iterable[Item], by: User, at: datetime) -> None:
        """Let the measure answer these weak items too. Raises Locked, Foreign."""
        items = list(items)
        if any(item.instrument_id != self.plan.assessment.instrument_id for item in items):
            raise MeasurePlan.Foreign
        with transaction.atomic(), self._written_down("เพิ่มข้อที่ตอบใน", by=by, at=at):
            self.plan.require_open()
            self.items.add(*items)

    def answer_no_more(self, *, item: Item, by: User, at: datetime) -> None:
        """Take an item from those that the measure answers. Raises Locked."""
        with transaction.atomic(), self._written_down("เอาข้อที่ตอบออกจาก", by=by, at=at):
            self.plan.require_open()
            self.items.remove(item)

    def place(self, *, group: str, before: Measure | None = None, by: User, at: datetime) -> None:
        """Put the measure into a group of the table: before another measure, or at the group's end.

        group: key of a group row of the plan's grouping, or "" for none. Raises Locked, UnknownGroup.
        """
        with transaction.atomic(), self._move_written_down(by=by, at=at):
            self.put(group=group, before=before)

    def put(self, *, group: str, before: Measure | None = None) -> None:
        """Change the place as `place` does, as a part of another deed that the history tells."""
        plan = self.plan
        if group and not any(h.key == group and h.holds_measures for h in plan.headings):
            raise MeasurePlan.UnknownGroup
        plan.require_open()
        if plan.settings().grouping == PaperSettings.Grouping.TOPICS:
            self.topic = int(group.removeprefix("topic-")) if group else None
        else:
            self.indicator = plan.assessment.instrument.items.get(code=group) if group else None
        self.save(update_fields=["topic", "indicator"])
        # Deleted measures keep their turn too, so that an undo finds the old place.
        row = list(plan.measures.exclude(pk=self.pk).select_related("indicator"))
        if before in row:
            place = row.index(before)
        else:
            place = 1 + max(
                (n for n, other in enumerate(row) if plan.group_of(other) == group), default=len(row) - 1
            )
        row.insert(place, self)
        for position, measure in enumerate(row, start=1):
            measure.position = position
        Measure.objects.bulk_update(row, ["position"])

    def move(self, *, down: bool, by: User, at: datetime) -> None:
        """Move one place up or down in the table, at the edge of a group into the next one.

        At the very top or bottom nothing happens. Raises Locked.
        """
        with transaction.atomic(), self._move_written_down(by=by, at=at):
            self.plan.require_open()
            groups = self.plan.grouped()
            keys = [h.key for h in self.plan.headings if h.holds_measures] + [UNGROUPED]
            key = self.plan.group_of(self)
            group = groups[key]
            place = group.index(self)
            if down and place + 1 < len(group):
                self.put(group=key, before=next(iter(group[place + 2 :]), None))
            elif not down and place > 0:
                self.put(group=key, before=group[place - 1])
            elif down and keys.index(key) + 2 < len(keys):
                key = keys[keys.index(key) + 1]
                self.put(group=key, before=next(iter(groups[key]), None))
            elif not down and keys.index(key) > 0:
                self.put(group=keys[keys.index(key) - 1])

    def duplicate(self, *, by: User, at: datetime) -> Measure:
        """Add a copy right after this measure, with its step rows and items. Raises Locked."""
        with transaction.atomic():
            self.plan.require_open()
            copy = self.plan.measures.create(
                title=self.title, topic=self.topic, indicator=self.indicator, position=self.position
            )
            copy.items.set(self.items.all())
            for step in self.steps.all():
                copied = copy.steps.create(
                    position=step.position,
                    text=step.text,
                    all_units=step.all_units,
                    starts_on=step.starts_on,
                    ends_on=step.ends_on,
                    follow_up=step.follow_up,
                )
                copied.units.set(step.units.all())
            group = self.plan.grouped()[self.plan.group_of(self)]
            after = group[group.index(self) + 1 :]
            copy.put(group=self.plan.group_of(self), before=next((m for m in after if m != copy), None))
            copy.record_change("ทำสำเนามาตรการ", None, by=by, at=at)
            return copy

    def delete_softly(self, *, by: User, at: datetime) -> None:
        """Take the measure out of the table; `restore` brings it back. Raises Locked."""
        with transaction.atomic(), self._written_down("ลบมาตรการ", by=by, at=at):
            self.plan.require_open()
            self.deleted_at = at
            self.save(update_fields=["deleted_at"])

    def restore(self, *, by: User, at: datetime) -> None:
        """Bring a deleted measure back to the place where it stood. Raises Locked."""
        with transaction.atomic(), self._written_down("นำกลับมาตรการ", by=by, at=at):
            self.plan.require_open()
            self.deleted_at = None
            self.save(update_fields=["deleted_at"])

    # --- history ----------------------------------------------------------------------------------------------

    def state(self) -> dict[str, Any] | None:
        """Return the measure as it is kept now, for the history; None while it is not in the table."""
        return Measure.objects.prefetch_related("items", "steps__units").get(pk=self.pk).prefetched_state()

    def prefetched_state(self) -> dict[str, Any] | None:
        """Return the state as it was when this object was read with its items, steps and units."""
        if self.deleted_at:
            return None
        return {
            "title": self.title,
            "items": [item.code for item in self.items.all()],
            "labels": [item.label for item in self.items.all()],
            "steps": [step.state() for step in self.steps.all()],
        }

    def record_change(
        self, label: str, former: Mapping[str, Any] | None, *, by: User, at: datetime, typed: bool = False
    ) -> None:
        """Write down what became of the measure since its state `former`."""
        now = self.state()
        title = (former or now or {}).get("title") or "ยังไม่มีข้อความ"
        Change.record(
            plan=self.plan,
            subject=f"measure:{self.pk}",
            label=f"{label} “{title}”",
            before=words_of(former),
            after=words_of(now),
            former=former,
            by=by,
            at=at,
            typed=typed,
        )

    @contextmanager
    def _written_down(self, label: str, *, by: User, at: datetime, typed: bool = False) -> Iterator[None]:
        former = self.state()
        yield
        self.record_change(label, former, by=by, at=at, typed=typed)

    @contextmanager
    def _move_written_down(self, *, by: User, at: datetime) -> Iterator[None]:
        former, before = self._whereabouts()
        yield
        Change.record(
            plan=self.plan,
            subject=f"measure:{self.pk}",
            label=f"ย้ายมาตรการ “{self}”",
            before=before,
            after=self._whereabouts()[1],
            former=former,
            by=by,
            at=at,
        )

    def _whereabouts(self) -> tuple[dict[str, Any], str]:
        """Return the place in the table: to bring the measure back there, and in words."""
        kept = Measure.objects.select_related("indicator").get(pk=self.pk)
        key = self.plan.group_of(kept)
        group = self.plan.grouped()[key]
        place = group.index(kept) if kept in group else len(group)
        heading = next((h.text for h in self.plan.headings if h.key == key), "ยังไม่ได้จัดกลุ่ม")
        following = next(iter(group[place + 1 :]), None)
        former = {"group": key, "next": following.pk if following else None}
        return former, f"{heading} ลำดับที่ {place + 1}"

    def return_to(self, *, former: Mapping[str, Any] | None, by: User, at: datetime) -> None:
        """Bring back a state out of the history: a place, texts and step rows, or None for not in the table.

        What is gone meanwhile (a unit, an item) is left out. Raises Locked, UnknownGroup.
        """
        if former is None:
            self.delete_softly(by=by, at=at)
            return
        if "group" in former:
            following = self.plan.measures.filter(pk=former["next"]).first()
            self.place(group=former["group"], before=following, by=by, at=at)
            return
        with transaction.atomic(), self._written_down("คืนค่ามาตรการ", by=by, at=at):
            self.plan.require_open()
            self.title, self.deleted_at = former["title"], None
            self.version = F("version") + 1
            self.save(update_fields=["title", "deleted_at", "version"])
            self.refresh_from_db(fields=["version"])
            self.items.set(self.plan.assessment.instrument.items.filter(code__in=former["items"]))
            rows = list(self.steps.all())
            for position, kept in enumerate(former["steps"], start=1):
                step = rows[position - 1] if position <= len(rows) else MeasureStep(measure=self)
                step.position, step.text, step.follow_up = position, kept["text"], kept["follow_up"]
                step.all_units = kept["all_units"]
                step.starts_on = date.fromisoformat(kept["starts_on"])
                step.ends_on = date.fromisoformat(kept["ends_on"])
                step.save()
                step.units.set(self.plan.assessment.organisation.units.filter(pk__in=kept["units"]))
            for step in rows[len(former["steps"]) :]:
                step.delete()

    for _verb in (
        save_edit,
        add_step,
        remove_step,
        answer,
        answer_no_more,
        place,
        put,
        move,
        duplicate,
        delete_softly,
        restore,
        record_change,
        return_to,
    ):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb


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

    def state(self) -> dict[str, Any]:
        """Return the row in plain values, for the history."""
        units = self.units.all()
        return {
            "text": self.text,
            "all_units": self.all_units,
            "units": [unit.pk for unit in units],
            "responsible": ALL_UNITS if self.all_units else ", ".join(unit.name for unit in units),
            "starts_on": self.starts_on.isoformat(),
            "ends_on": self.ends_on.isoformat(),
            "follow_up": self.follow_up,
        }


def words_of(state: Mapping[str, Any] | None) -> str:
    """Return a state of a measure as a person reads it, line by line; empty for None."""
    if state is None:
        return ""
    lines = [f"มาตรการ: {state['title']}"]
    if state["labels"]:
        lines.append(f"ข้อที่ตอบ: {', '.join(state['labels'])}")
    for number, step in enumerate(state["steps"], start=1):
        if len(state["steps"]) > 1:
            lines.append(f"แถวขั้นตอนที่ {number}")
        lines += [f"ขั้นตอน: {line.strip()}" for line in step["text"].splitlines() if line.strip()]
        if step["responsible"]:
            lines.append(f"ผู้รับผิดชอบ: {step['responsible']}")
        limits = date.fromisoformat(step["starts_on"]), date.fromisoformat(step["ends_on"])
        lines.append(f"ระยะเวลาดำเนินการ: {period(*limits)}")
        if step["follow_up"].strip():
            lines.append(f"การติดตามประเมินผล: {step['follow_up'].strip()}")
    return "\n".join(lines)
