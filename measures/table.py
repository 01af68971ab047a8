"""The measures table as it stands on the page and on paper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from assessments.models import Item
from ita_portal.thai import period

from .models import Measure, MeasurePlan, MeasureStep, PaperKind, PaperSettings
from .models.library import ALL_UNITS
from .outline import UNGROUPED, Heading
from .profile import number_of


@dataclass(frozen=True)
class StepRow:
    """One step row: its steps, who does them, when (long or short), and how it is followed up (Arabic digits)."""

    step: MeasureStep
    lines: tuple[str, ...]
    responsible: str
    period: str
    follow_up: str


@dataclass(frozen=True)
class Row:
    """One measure with its number in the group, counted from 1; its cell spans all its step rows.

    mark: the number as it prints, by the paper's numbering: “3.”, “2.3” (Arabic digits).
    """

    measure: Measure
    number: int
    mark: str
    steps: tuple[StepRow, ...]
    items: tuple[Item, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the items that it answers: "i7", "indicator-3"."""
        return tuple(item.code for item in self.items)

    @property
    def labels(self) -> tuple[str, ...]:
        """Thai names of the items that it answers: "i7", "ตัวชี้วัดที่ 3"."""
        return tuple(item.label for item in self.items)

    @property
    def answers(self) -> str:
        """What it answers, as one writes it below the measure: “ข้อ e9, e11”, “ตัวชี้วัดที่ 3”; or nothing."""
        questions = [item.label for item in self.items if item.kind == Item.Kind.QUESTION]
        whole = [item.label for item in self.items if item.kind != Item.Kind.QUESTION]
        return ", ".join([f"ข้อ {', '.join(questions)}", *whole] if questions else whole)

    @property
    def title(self) -> str:
        """The measure in words."""
        return self.measure.title


@dataclass(frozen=True)
class Group:
    """A group row with the measures below it. A tool's row holds none itself: its indicators follow."""

    heading: str
    number: int | None
    measures: tuple[Row, ...]
    key: str = UNGROUPED
    holds_measures: bool = True


def table_of(plan: MeasurePlan, kind: str = PaperKind.PLAN) -> list[Group]:
    """Return the measures table as a paper of the plan groups and numbers it: all groups, also the empty ones.

    A last group “ยังไม่ได้จัดกลุ่ม” follows only where measures have no place yet. The number of queries does
    not depend on the number of measures.
    """
    settings = plan.settings(kind)
    found = plan.grouped(kind)
    headings = plan.headings_by(settings.grouping)
    if found[UNGROUPED]:
        headings.append(Heading(UNGROUPED, "ยังไม่ได้จัดกลุ่ม"))
    running = count(1)
    return [
        Group(
            heading=heading.text,
            number=heading.number,
            measures=tuple(
                _row(m, n, next(running), heading, settings)
                for n, m in enumerate(found[heading.key], start=1)
            ),
            key=heading.key,
            holds_measures=heading.holds_measures,
        )
        for heading in headings
    ]


def responsible_of(step: MeasureStep) -> str:
    """Return who is responsible for a step row: “ทุกสำนัก/กอง”, or the units in their order."""
    return ALL_UNITS if step.all_units else ", ".join(unit.name for unit in step.units.all())


def _row(measure: Measure, place: int, running: int, heading: Heading, settings: PaperSettings) -> Row:
    return Row(
        measure,
        place,
        number_of(settings.numbering, group=heading.number, place=place, running=running),
        tuple(_step_row(step, short=settings.short_dates) for step in measure.steps.all()),
        tuple(measure.items.all()),
    )


def _step_row(step: MeasureStep, *, short: bool) -> StepRow:
    return StepRow(
        step,
        tuple(step.lines),
        responsible_of(step),
        period(step.starts_on, step.ends_on, short=short),
        step.follow_up.strip(),
    )
