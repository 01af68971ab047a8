"""The arithmetic of ITA: means, weights, rounding, levels, flags, gaps, ranks and changes.

Pure: no database, no clock. Every rule was proven on published results (a province and a subdistrict
organisation, fiscal year 2566). All scores are Decimals from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from ita_portal.thai import round_half_up as rounded

from .levels import LETTERS, PASS_LEVELS, Component, Level, LevelScale, level_of

CENT = Decimal("0.01")
DEFAULT_THRESHOLD = Decimal(85)

# A value is looked up by (code, part): ("i7", 0), ("e9", 2), ("indicator-6", 0), ("EIT", 1), ("total", 0).
Key = tuple[str, int]
Scores = Mapping[Key, Decimal]


def direction(change: Decimal) -> str:
    """Return the word for a signed change, as documents print it: เพิ่มขึ้น, ลดลง or คงเดิม."""
    if not change:
        return "คงเดิม"
    return "เพิ่มขึ้น" if change > 0 else "ลดลง"


class Kind(StrEnum):
    """Depth of an item in the tree of an instrument."""

    TOTAL = "total"
    TOOL = "tool"
    INDICATOR = "indicator"
    SUB_INDICATOR = "sub-indicator"
    QUESTION = "question"


@dataclass(frozen=True)
class Node:
    """An item of an instrument with the items below it.

    `weight` (30, 30, 40) is set on tools. `parts` is (1, 2) on a tool that is surveyed in two parts and on
    all that lies below it, and empty elsewhere.
    """

    code: str
    kind: Kind
    title: str = ""
    weight: Decimal | None = None
    parts: tuple[int, ...] = ()
    children: tuple[Node, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in the order of the instrument."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def cells(self) -> tuple[Key, ...]:
        """The values that can be entered for this item itself.

        A question surveyed in parts has one value a part; a tool in parts has those and the whole.
        """
        if self.kind is Kind.QUESTION and self.parts:
            return tuple((self.code, part) for part in self.parts)
        if self.kind is Kind.TOOL:
            return ((self.code, 0), *((self.code, part) for part in self.parts))
        return ((self.code, 0),)


@dataclass(frozen=True)
class Figure:
    """What is known of one item, or of one part of it.

    tool: the code of the tool it belongs to, empty for the total; share: how much of the total rests on it,
    from 0 to 1 (one more point here is `share` points more in total);
    announced: as published (entered); computed: unrounded, from all that lies below, None while anything is
    missing there; implied: what the announced figures around it leave for a missing one, a hint only;
    previous: last year's score; reworded: last year asked it in other words, so that it has no previous.
    """

    code: str
    kind: Kind
    title: str
    part: int = 0
    tool: str = ""
    announced: Decimal | None = None
    computed: Decimal | None = None
    implied: Decimal | None = None
    previous: Decimal | None = None
    reworded: bool = False
    threshold: Decimal = DEFAULT_THRESHOLD
    share: Decimal = Decimal(1)
    parts: tuple[Figure, ...] = ()
    children: tuple[Figure, ...] = ()

    @property
    def key(self) -> Key:
        """The (code, part) under which the value is kept."""
        return (self.code, self.part)

    @property
    def value(self) -> Decimal | None:
        """The score to print: the announced one, else the computed one, with two places."""
        if self.announced is not None:
            return rounded(self.announced)
        return self.computed_rounded

    @property
    def computed_rounded(self) -> Decimal | None:
        """The computed score with two places."""
        return None if self.computed is None else rounded(self.computed)

    @property
    def exact(self) -> Decimal | None:
        """The score that goes into the figure above: computed and unrounded, else announced."""
        return self.announced if self.computed is None else self.computed

    @property
    def difference(self) -> Decimal | None:
        """Announced minus computed, where both are known and the item is not a question."""
        if self.announced is None or self.computed_rounded is None:
            return None
        return rounded(self.announced) - self.computed_rounded

    @property
    def disagrees(self) -> bool:
        """Whether announced and computed differ by more than 0.01: a warning, never a refusal."""
        return self.difference is not None and abs(self.difference) > CENT

    @property
    def flagged(self) -> bool:
        """Whether the score lies below the threshold (85.00 itself passes 85)."""
        return self.value is not None and self.value < self.threshold

    @property
    def gap(self) -> Decimal | None:
        """Points missing to the threshold, None where nothing is missing or known."""
        return rounded(self.threshold) - self.value if self.flagged and self.value is not None else None

    @property
    def gain(self) -> Decimal | None:
        """Points that the total would win if this score rose to the threshold, unrounded."""
        return None if self.gap is None else self.gap * self.share

    @property
    def change(self) -> Decimal | None:
        """This year's score minus last year's, as printed."""
        if self.value is None or self.previous is None:
            return None
        return self.value - rounded(self.previous)

    @property
    def direction(self) -> str:
        """เพิ่มขึ้น, ลดลง or คงเดิม; empty where there is no change to tell."""
        return "" if self.change is None else direction(self.change)

    def walk(self) -> Iterator[Figure]:
        """Yield this figure, its parts and all below it, in the order of the instrument."""
        yield self
        yield from self.parts
        for child in self.children:
            yield from child.walk()

    @property
    def cells(self) -> tuple[Figure, ...]:
        """The figures that hold this item's own values: its parts where a question has them, else itself."""
        return self.parts if self.kind is Kind.QUESTION and self.parts else (self,)


def _mean(values: list[Decimal | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    return sum(known, Decimal(0)) / len(known)


def _weighted(children: tuple[Figure, ...], weights: list[Decimal]) -> Decimal | None:
    if not children or any(child.exact is None for child in children):
        return None
    products = [weight * (child.exact or 0) for weight, child in zip(weights, children, strict=True)]
    return sum(products, Decimal(0)) / sum(weights)


def _with_implied(
    children: tuple[Figure, ...], whole: Decimal | None, weights: list[Decimal]
) -> tuple[Figure, ...]:
    """Give the only child without a score the value that the announced whole leaves for it."""
    missing = [child for child in children if child.exact is None]
    if whole is None or len(missing) != 1:
        return children
    rest = sum(
        (
            weight * child.exact
            for weight, child in zip(weights, children, strict=True)
            if child.exact is not None
        ),
        Decimal(0),
    )
    own = weights[children.index(missing[0])]
    implied = rounded((whole * sum(weights) - rest) / own)
    if not 0 <= implied <= 100:
        return children
    return tuple(replace(child, implied=implied) if child is missing[0] else child for child in children)


def _figure(
    node: Node,
    scores: Scores,
    previous: Scores,
    threshold: Decimal,
    reworded: Collection[str] = (),
    tool: str = "",
    share: Decimal = Decimal(1),
) -> Figure:
    tool = node.code if node.kind is Kind.TOOL else tool
    if node.kind is Kind.TOTAL:
        weights = [child.weight or Decimal(0) for child in node.children]
    else:
        weights = [Decimal(1)] * len(node.children)
    children = tuple(
        _figure(child, scores, previous, threshold, reworded, tool, share * weight / sum(weights))
        for child, weight in zip(node.children, weights, strict=True)
    )
    parts = tuple(
        Figure(
            node.code,
            node.kind,
            node.title,
            part,
            tool,
            announced=scores.get((node.code, part)),
            computed=_mean([_part_of(child, part) for child in children]) if children else None,
            previous=previous.get((node.code, part)),
            reworded=node.code in reworded,
            threshold=threshold,
            share=share / len(node.parts),
        )
        for part in node.parts
    )
    announced = scores.get((node.code, 0))
    computed = _weighted(children, weights)
    if computed is None and parts:
        # Also the mean of a question's two parts, and of a tool's two announced parts.
        computed = _mean([part.exact for part in parts])
    return Figure(
        node.code,
        node.kind,
        node.title,
        tool=tool,
        announced=announced,
        computed=computed,
        previous=previous.get((node.code, 0)),
        reworded=node.code in reworded,
        threshold=threshold,
        share=share,
        parts=parts,
        children=_with_implied(children, announced, weights),
    )


def _part_of(figure: Figure, part: int) -> Decimal | None:
    return next((found.exact for found in figure.parts if found.part == part), None)


@dataclass(frozen=True)
class Average:
    """The mean of all indicators as they are printed, of this year and of last year, with two places."""

    value: Decimal | None
    previous: Decimal | None

    @property
    def change(self) -> Decimal | None:
        """This year's mean minus last year's, as printed."""
        return None if self.value is None or self.previous is None else self.value - self.previous

    @property
    def direction(self) -> str:
        """เพิ่มขึ้น, ลดลง or คงเดิม; empty where there is no change to tell."""
        return "" if self.change is None else direction(self.change)


@dataclass(frozen=True)
class Result:
    """All that follows from the scores of one organisation in one fiscal year.

    before: last year's result, where the result was worked out to be compared and there is one.
    """

    total: Figure
    threshold: Decimal
    scale: LevelScale = field(default=PASS_LEVELS, repr=False)
    before: Result | None = field(default=None, repr=False)

    @cached_property
    def figures(self) -> dict[Key, Figure]:
        """Every figure by its key, in the order of the instrument."""
        return {figure.key: figure for figure in self.total.walk()}

    def __getitem__(self, key: str | Key) -> Figure:
        """Return the figure of a code ("indicator-3") or of a (code, part)."""
        return self.figures[(key, 0) if isinstance(key, str) else key]

    @property
    def tools(self) -> tuple[Figure, ...]:
        """IIT, EIT and OIT."""
        return self.total.children

    @cached_property
    def indicators(self) -> tuple[Figure, ...]:
        """The ten indicators."""
        return tuple(child for tool in self.tools for child in tool.children)

    @cached_property
    def questions(self) -> tuple[Figure, ...]:
        """Every question, without its parts."""
        return tuple(f for f in self.figures.values() if f.kind is Kind.QUESTION and f.part == 0)

    @cached_property
    def flagged(self) -> tuple[Figure, ...]:
        """Everything below the threshold at every depth. A question in parts counts by its parts alone."""
        return tuple(
            f
            for f in self.figures.values()
            if f.flagged and not (f.kind is Kind.QUESTION and f.part == 0 and f.parts)
        )

    @cached_property
    def flagged_cells(self) -> tuple[Figure, ...]:
        """Flagged question scores, each part by itself."""
        return tuple(f for f in self.flagged if f.kind is Kind.QUESTION)

    @cached_property
    def weak_items(self) -> tuple[Figure, ...]:
        """The items that need a measure, weakest first.

        Questions with a flagged score; and an indicator below the threshold where no question explains it,
        because only the indicator's score is known.
        """
        weak = [f for f in self.questions if any(cell.flagged for cell in f.cells)]
        explained = {f.code for f in weak}
        for indicator in self.indicators:
            below = (f for f in indicator.walk() if f.kind is Kind.QUESTION)
            if indicator.flagged and not any(f.code in explained for f in below):
                weak.append(indicator)
        return tuple(sorted(weak, key=lambda f: -self.widest_gap(f)))

    @cached_property
    def weak_cells(self) -> tuple[Figure, ...]:
        """The scores themselves that make items weak, widest gap first."""
        cells = [cell for item in self.weak_items for cell in item.cells if cell.flagged]
        return tuple(sorted(cells, key=lambda cell: -(cell.gap or Decimal(0))))

    @staticmethod
    def widest_gap(figure: Figure) -> Decimal:
        """The largest gap among an item's own scores."""
        return max((cell.gap or Decimal(0) for cell in figure.cells), default=Decimal(0))

    def rank(self, figure: Figure) -> int | None:
        """Place of an indicator among the ten, 1 the highest; equal scores share a place."""
        if figure.value is None:
            return None
        return 1 + sum(
            1 for other in self.indicators if other.value is not None and other.value > figure.value
        )

    @cached_property
    def ranking(self) -> tuple[Figure, ...]:
        """The indicators with a score, highest first; equal ones in the order of the instrument."""
        known = [f for f in self.indicators if f.value is not None]
        return tuple(sorted(known, key=lambda f: -(f.value or Decimal(0))))

    @cached_property
    def average(self) -> Average:
        """The average row of a comparison: of the printed scores, and only of a complete set of indicators."""
        this = _mean([f.value for f in self.indicators])
        last = _mean([None if f.previous is None else rounded(f.previous) for f in self.indicators])
        return Average(None if this is None else rounded(this), None if last is None else rounded(last))

    @property
    def is_compared(self) -> bool:
        """Whether last year's score is known of the total, a tool or an indicator at least."""
        return any(f.previous is not None for f in (self.total, *self.tools, *self.indicators))

    @cached_property
    def lowest_value(self) -> Decimal | None:
        """The lowest of all question scores; None where none is known or all are equal."""
        values = {c.value for f in self.questions for c in f.cells if c.value is not None}
        return min(values) if len(values) > 1 else None

    def is_lowest(self, figure: Figure) -> bool:
        """Whether a question score is the lowest of all (“ต่ำสุด”); several may share it."""
        return figure.kind is Kind.QUESTION and figure.value is not None and figure.value == self.lowest_value

    @cached_property
    def component_figures(self) -> tuple[Figure, ...]:
        """What a level rests on, to show: each tool, in its parts where a part's score is known."""
        return tuple(
            figure
            for tool in self.tools
            for figure in (tool.parts if any(part.value is not None for part in tool.parts) else (tool,))
        )

    @cached_property
    def components(self) -> tuple[Component, ...]:
        """The scores on which the pass level rests: IIT, the parts of EIT, OIT.

        Where only the whole of EIT is known, each part lies between 2 × EIT − 100 and 100, and one of them
        is at most EIT.
        """
        found: list[Component] = []
        for tool in self.tools:
            known = [part for part in tool.parts if part.value is not None]
            if tool.parts and len(known) == len(tool.parts):
                found += [
                    Component(f"{tool.code} ส่วนที่ {part.part}", part.value, part.value)
                    for part in known
                    if part.value is not None
                ]
            elif tool.value is None:
                found.append(Component(tool.code, Decimal(0), Decimal(100)))
            elif tool.parts:
                # The lower part: at most the whole, at least what a part of 100 leaves for it.
                low = max(Decimal(0), tool.value * len(tool.parts) - 100 * (len(tool.parts) - 1))
                found.append(Component(tool.code, low, tool.value))
            else:
                found.append(Component(tool.code, tool.value, tool.value))
        return tuple(found)

    @cached_property
    def level(self) -> Level | None:
        """The level on the instrument's own scale."""
        return level_of(self.scale, self.total.value, self.components)

    @cached_property
    def letter(self) -> Level | None:
        """The level as a letter, AA to F."""
        return level_of(LETTERS, self.total.value, self.components)

    @cached_property
    def pass_level(self) -> Level | None:
        """The level as ผ่านดีเยี่ยม to ต้องปรับปรุงโดยด่วน."""
        return level_of(PASS_LEVELS, self.total.value, self.components)

    @cached_property
    def warnings(self) -> tuple[Figure, ...]:
        """Figures whose announced and computed scores differ by more than 0.01."""
        return tuple(f for f in self.figures.values() if f.kind is not Kind.QUESTION and f.disagrees)


def score(
    root: Node,
    scores: Scores,
    *,
    previous: Scores | None = None,
    threshold: Decimal = DEFAULT_THRESHOLD,
    scale: LevelScale = PASS_LEVELS,
    reworded: Collection[str] = (),
    before: Result | None = None,
) -> Result:
    """Work out a result.

    root: the instrument's tree, its root of kind TOTAL; scores: what was entered, at any depth;
    previous: last year's scores under this year's codes (announced or computed, as printed); reworded: codes of
    the questions that last year asked in other words; before: last year's whole result.

    A mean is taken only of a complete set, always of unrounded values: indicator = mean of its questions
    (in two parts: mean of the means of the parts, the same number); sub-indicator = mean of its items;
    OIT indicator = mean of its sub-indicators; tool = mean of its indicators; total = 0.3 IIT + 0.3 EIT +
    0.4 OIT (published results of a province and a subdistrict organisation, 2566).
    """
    return Result(_figure(root, scores, previous or {}, threshold, reworded), threshold, scale, before)
