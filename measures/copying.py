"""What comes over from last year's plan: comparing it with this year's scores, and copying what was chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max

from assessments.labels import cell_label
from assessments.scoring import Figure, Node, Result
from ita_portal.organisations.models import User
from ita_portal.thai import format_score

from .models import Measure, MeasurePlan, MeasureStep, StepEdit
from .models.library import items_here
from .outline import indicator_of
from .texts import Texts
from .weak import WeakItem, weak_items
from .years import shift_day, shift_years, years_around

# Texts that speak of the organisation rather than of a year's scores: they usually come over.
LASTING = ("limitations", "suggestions", "preface", "background")


class Mark(StrEnum):
    """What became of the items that a measure of last year answers."""

    STILL = "คงเดิม"
    FREE = "ไม่ได้ระบุข้อ"
    MET = "ข้อไม่ต่ำกว่าเกณฑ์แล้ว"
    UNKNOWN = "ข้อยังไม่มีคะแนนปีนี้"
    GONE = "ข้อไม่มีในแบบประเมินปีนี้"


class TextTaken(Exception):
    """A text of this year was written meanwhile; `title` names it."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title


@dataclass(frozen=True)
class FormerMeasure:
    """One measure of last year as it would come over (Arabic digits in what is generated).

    again: the items that are weak this year too; reasons: why it need not come; left_out: units that are no
    longer in use; copied: whether this year's plan has it already.
    """

    measure: Measure
    mark: Mark
    title: str
    steps: tuple[StepEdit, ...]
    again: tuple[WeakItem, ...]
    reasons: tuple[str, ...]
    left_out: tuple[str, ...]
    copied: bool

    @property
    def is_wanted(self) -> bool:
        """Whether it comes over unless the officer says otherwise."""
        return self.mark in (Mark.STILL, Mark.FREE) and not self.copied


@dataclass(frozen=True)
class FormerText:
    """One text that was edited last year, with its years moved on; taken: this year's is edited already."""

    key: str
    title: str
    text: str
    taken: bool

    @property
    def is_wanted(self) -> bool:
        """Whether it comes over unless the officer says otherwise."""
        return self.key in LASTING and not self.taken


@dataclass(frozen=True)
class Comparison:
    """Last year's plan beside this year's scores; `new` are weak items without a measure of last year."""

    measures: tuple[FormerMeasure, ...]
    new: tuple[WeakItem, ...]
    answered: frozenset[str]
    texts: tuple[FormerText, ...]

    @property
    def by_mark(self) -> list[tuple[Mark, list[FormerMeasure]]]:
        """The measures by what became of their items, in the order of the marks."""
        return [(mark, found) for mark in Mark if (found := [m for m in self.measures if m.mark is mark])]


def former_of(plan: MeasurePlan) -> MeasurePlan | None:
    """Return the organisation's plan of the fiscal year before, if there is one."""
    plans = MeasurePlan.objects.of(plan.assessment.organisation)
    return plans.for_year(plan.be_year - 1).first()


def compare(plan: MeasurePlan, former: MeasurePlan) -> Comparison:
    """Compare last year's measures and texts with this year's scores; the number of queries is constant."""
    result = plan.result()
    weak = weak_items(result)
    standing = plan.measures.filter(deleted_at=None)
    copied = set(standing.exclude(copied_from=None).values_list("copied_from", flat=True))
    unanswered = {figure.code for figure in plan.unanswered(result)}
    measures = tuple(
        _former_measure(measure, plan, result, weak, copied=measure.pk in copied)
        for measure in _in_full(former.measures.filter(deleted_at=None))
    )
    again = {item.code for m in measures for item in m.again}
    return Comparison(
        measures,
        tuple(item for item in weak if item.code not in again),
        frozenset(item.code for item in weak if item.code not in unanswered),
        tuple(_former_texts(plan, former)),
    )


def _in_full(measures: Iterable[Measure]) -> list[Measure]:
    return list(
        measures.select_related("indicator", "plan__assessment__instrument").prefetch_related(  # type: ignore[attr-defined]
            "items__instrument", "steps__units"
        )
    )


def _former_measure(
    measure: Measure, plan: MeasurePlan, result: Result, weak: list[WeakItem], *, copied: bool
) -> FormerMeasure:
    instrument = plan.assessment.instrument
    items = list(measure.items.all())
    codes = items_here(instrument, items)
    related = _related(instrument.tree, codes)
    again = tuple(item for item in weak if item.code in related)
    known = [figure for code in codes if (figure := _figure(result, instrument.tree, code))]
    reasons = [_reason(figure) for figure in dict.fromkeys(known)] if not again else []
    reasons += [
        f"{item.label} ไม่มีคำถามเดียวกันในแบบประเมินปี {instrument.be_year}"
        for item in items
        if not items_here(instrument, [item])
    ]
    if again:
        mark = Mark.STILL
    elif not items:
        mark = Mark.FREE
    else:
        mark = Mark.MET if known else Mark.UNKNOWN if codes else Mark.GONE
    left_out = (u.name for s in measure.steps.all() for u in s.units.all() if not u.is_active)
    return FormerMeasure(
        measure,
        mark,
        _moved(measure.title, measure.plan, plan),
        tuple(_moved_step(step, measure.plan, plan) for step in measure.steps.all()),
        again,
        tuple(reasons),
        tuple(dict.fromkeys(left_out)),
        copied,
    )


def _related(tree: Node, codes: Collection[str]) -> set[str]:
    """Return the codes that stand for items: themselves, what lies below, and their indicators (which are
    weak items of their own only where no question is)."""
    found = {below.code for node in tree.walk() if node.code in codes for below in node.walk()}
    return found | {indicator.code for code in codes if (indicator := indicator_of(tree, code))}


def _figure(result: Result, tree: Node, code: str) -> Figure | None:
    """Return an item's figure, or its indicator's where only that has a score; None without either."""
    indicator = indicator_of(tree, code)
    for known in (code, indicator.code if indicator else ""):
        figure = result.figures.get((known, 0))
        if figure and any(cell.value is not None for cell in figure.cells):
            return figure
    return None


def _reason(figure: Figure) -> str:
    scores = " และ ".join(format_score(cell.value) for cell in figure.cells if cell.value is not None)
    return f"{cell_label(figure.kind, (figure.code, 0))} ปีนี้ได้ {scores} ไม่ต่ำกว่าเกณฑ์"


def _former_texts(plan: MeasurePlan, former: MeasurePlan) -> Iterable[FormerText]:
    """Yield last year's edited texts that this year's papers have too, in the order of the papers."""
    kept = {row.key: row.text for row in former.texts.all()}
    if not kept:
        return
    texts = Texts(plan)
    for key in texts.keys:
        if key in kept:
            yield FormerText(key, texts.title(key), _moved(kept[key], former, plan), texts.is_edited(key))


def copy_over(
    plan: MeasurePlan, *, measures: Iterable[Measure], keys: Collection[str], by: User, at: datetime
) -> tuple[int, int]:
    """Copy measures and texts of last year's plan into this year's, all or nothing; return how many of each.

    Years in texts and the periods move on by a year; units that are still in use come along, the items that
    this year's instrument has too, and what is weak in their place. A measure that was copied before is passed over.
    Raises MeasurePlan.Locked; Foreign for a measure of another plan than the former; TextTaken.
    """
    former = former_of(plan)
    measures = list(measures)
    if former is None or any(measure.plan_id != former.pk for measure in measures):
        raise MeasurePlan.Foreign
    with transaction.atomic():
        plan.require_open()
        mine = plan.measures.filter(copied_from__in=measures)
        # A deleted copy lets go of its origin, so that the origin can come over again.
        mine.exclude(deleted_at=None).update(copied_from=None)
        copied = set(mine.values_list("copied_from", flat=True))
        chosen = [
            m for m in _in_full(former.measures.filter(pk__in=[m.pk for m in measures])) if m.pk not in copied
        ]
        weak = {figure.code for figure in plan.result().weak_items}
        for measure in chosen:
            _copy(measure, plan, weak, by=by, at=at)
        texts = [text for text in _former_texts(plan, former) if text.key in keys]
        if len(texts) < len(set(keys)):
            raise MeasurePlan.Foreign
        for text in texts:
            if text.taken:
                raise TextTaken(text.title)
            plan.save_text(key=text.key, text=text.text, version=0, by=by, at=at)
    return len(chosen), len(texts)


copy_over.alters_data = True  # type: ignore[attr-defined]


def _copy(measure: Measure, plan: MeasurePlan, weak: set[str], *, by: User, at: datetime) -> None:
    instrument = plan.assessment.instrument
    codes = items_here(instrument, measure.items.all())
    items = instrument.items.filter(code__in={*codes, *(_related(instrument.tree, codes) & weak)})
    topics = [measure.topic] if measure.topic else [n for i in items for n in plan.topics_of(i.code)]
    indicator = measure.indicator.code if measure.indicator else None
    copy = plan.measures.create(
        title=_moved(measure.title, measure.plan, plan),
        topic=next(iter(topics), None),
        indicator=instrument.items.filter(code=indicator).first() if indicator else None,
        position=(plan.measures.aggregate(last=Max("position"))["last"] or 0) + 1,
        entry_id=measure.entry_id,
        copied_from=measure,
    )
    copy.items.set(items)
    for position, step in enumerate(measure.steps.all(), start=1):
        moved = _moved_step(step, measure.plan, plan)
        made = copy.steps.create(
            position=position,
            text=moved.text,
            all_units=moved.all_units,
            starts_on=moved.starts_on,
            ends_on=moved.ends_on,
            follow_up=moved.follow_up,
        )
        made.units.set(moved.units)
    copy.record_change(f"คัดลอกจากมาตรการปี {measure.plan.be_year}", None, by=by, at=at)


def _moved(text: str, former: MeasurePlan, plan: MeasurePlan) -> str:
    return shift_years(text, by=plan.be_year - former.be_year, years=years_around(former.be_year))


def _moved_step(step: MeasureStep, former: MeasurePlan, plan: MeasurePlan) -> StepEdit:
    """Return a step row as it comes over: years moved, units that are still in use."""
    by = plan.be_year - former.be_year
    return StepEdit(
        text=_moved(step.text, former, plan),
        all_units=step.all_units,
        units=tuple(unit for unit in step.units.all() if unit.is_active),
        starts_on=shift_day(step.starts_on, by=by),
        ends_on=shift_day(step.ends_on, by=by),
        follow_up=_moved(step.follow_up, former, plan),
    )
