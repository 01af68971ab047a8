"""What a result shows to a trained eye: strengths, weaknesses, contradictions, the way to the next level.

Pure functions of a `Result`: no database, no clock. Links between questions are data of the instrument and
come as arguments; codes that the instrument does not have are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .scoring import Figure, Kind, Result

FULL = Decimal(100)


def strengths(result: Result, threshold: Decimal | None = None) -> tuple[Figure, ...]:
    """Return the indicators at or above a threshold (the result's where None), highest first."""
    bound = result.threshold if threshold is None else threshold
    return tuple(f for f in result.ranking if f.value is not None and f.value >= bound)


def weaknesses(result: Result, threshold: Decimal | None = None) -> tuple[Figure, ...]:
    """Return the indicators below a threshold (the result's where None), lowest first.

    Equal scores stand in the order of the instrument.
    """
    bound = result.threshold if threshold is None else threshold
    low = [f for f in result.indicators if f.value is not None and f.value < bound]
    return tuple(sorted(low, key=lambda f: f.value or Decimal(0)))


def highest(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Return the figures that share the highest score; empty where none has a score."""
    known = [f for f in figures if f.value is not None]
    top = max((f.value for f in known if f.value is not None), default=None)
    return tuple(f for f in known if f.value == top)


def lowest(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Return the figures that share the lowest score; empty where none has a score."""
    known = [f for f in figures if f.value is not None]
    bottom = min((f.value for f in known if f.value is not None), default=None)
    return tuple(f for f in known if f.value == bottom)


@dataclass(frozen=True)
class Unperceived:
    """A survey question below the threshold although what it asks for is disclosed.

    cells: its flagged scores (its parts where it has them); disclosed: the linked OIT items at 100.
    """

    question: Figure
    cells: tuple[Figure, ...]
    disclosed: tuple[Figure, ...]


def disclosed_not_perceived(result: Result, links: Mapping[str, Sequence[str]]) -> list[Unperceived]:
    """Return the questions that are flagged while linked OIT items stand at 100, in the instrument's order.

    links: by question code, the codes of the OIT items that show the same to the public.
    """
    found = []
    for question in result.questions:
        cells = tuple(cell for cell in question.cells if cell.flagged)
        items = (result.figures.get((code, 0)) for code in links.get(question.code, ()))
        disclosed = tuple(item for item in items if item is not None and item.value == FULL)
        if cells and disclosed:
            found.append(Unperceived(question, cells, disclosed))
    return found


@dataclass(frozen=True)
class Contrast:
    """The same matter seen from both sides: high inside, below the threshold outside.

    outside: the flagged scores of the outside question (its parts where it has them).
    """

    inside: Figure
    outside: tuple[Figure, ...]


def inside_high_outside_low(result: Result, pairs: Iterable[Sequence[str]]) -> list[Contrast]:
    """Return the pairs whose inside question reaches the threshold while the outside one is flagged.

    pairs: (inside code, outside code) of questions that ask the same of two groups.
    """
    found = []
    for inside_code, outside_code in pairs:
        inside = result.figures.get((inside_code, 0))
        outside = result.figures.get((outside_code, 0))
        if inside is None or outside is None or inside.value is None or inside.flagged:
            continue
        cells = tuple(cell for cell in outside.cells if cell.flagged)
        if cells:
            found.append(Contrast(inside, cells))
    return found


def needs(result: Result) -> tuple[Figure, ...]:
    """Return what lies below the threshold, by what raising it to the threshold would bring to the total.

    Questions by their scores, indicators, tools with their parts, and the total; parts of indicators and
    sub-indicators are only means between these. Equal gains stand from the total down.
    """
    between = [
        f for f in result.flagged if f.kind is Kind.SUB_INDICATOR or (f.part and f.kind is Kind.INDICATOR)
    ]
    found = [f for f in result.flagged if f not in between]
    return tuple(sorted(found, key=lambda f: -(f.gain or Decimal(0))))


@dataclass(frozen=True)
class NextLevel:
    """What still lacks for the next higher level.

    name: of that level; total_gap: points that the total lacks, 0 where it has them;
    lacking: (component, points) of the components that are too low; unknown: components whose scores are not
    known well enough to tell.
    """

    name: str
    total_gap: Decimal
    lacking: tuple[tuple[str, Decimal], ...] = ()
    unknown: tuple[str, ...] = ()


def steps_to_next_level(result: Result) -> NextLevel | None:
    """Say what lacks for the level above; None at the highest level and without a total.

    Where the level is undetermined, the way leads from the lowest level that is possible.
    """
    total, level = result.total.value, result.level
    if total is None or level is None:
        return None
    names = [name for name, _, _ in result.scale.steps]
    place = names.index(level.names[-1])
    if place == 0:
        return None
    name, least, each = result.scale.steps[place - 1]
    components = result.components if each is not None else ()
    bound = each or Decimal(0)
    return NextLevel(
        name,
        max(Decimal(0), least - total),
        tuple((c.name, bound - c.high) for c in components if c.high < bound),
        tuple(c.name for c in components if c.low < bound <= c.high),
    )
