"""Scores over several fiscal years, as rows of a table and as lines of a chart. Pure.

A year without a score is a gap: nothing is drawn between its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .scoring import Figure, Result

YEARS = 5
# The box of one chart: all charts have the same, so that their heights can be compared.
WIDTH, HEIGHT, MARGIN = 500, 120, 14


@dataclass(frozen=True)
class Point:
    """One year of a series; x and y only where the year has a score. mark: the corners of its sign."""

    be_year: int
    value: Decimal | None
    change: Decimal | None = None
    x: Decimal = Decimal(0)
    y: Decimal = Decimal(0)

    @property
    def square(self) -> tuple[Decimal, Decimal]:
        """The upper left corner of a square of 12 around the point."""
        return self.x - 6, self.y - 6

    @property
    def triangle(self) -> str:
        """The corners of a triangle around the point."""
        return f"{self.x},{self.y - 8} {self.x + 8},{self.y + 6} {self.x - 8},{self.y + 6}"

    @property
    def diamond(self) -> str:
        """The corners of a diamond around the point."""
        return f"{self.x},{self.y - 9} {self.x + 9},{self.y} {self.x},{self.y + 9} {self.x - 9},{self.y}"


@dataclass(frozen=True)
class Series:
    """The total or an indicator over the years; figure: the newest one, for its name."""

    figure: Figure
    points: tuple[Point, ...]

    @property
    def lines(self) -> list[str]:
        """The corners of each unbroken line: years in a row, two or more."""
        runs: list[list[Point]] = [[]]
        for point in self.points:
            if point.value is None:
                runs.append([])
            else:
                runs[-1].append(point)
        return [" ".join(f"{p.x},{p.y}" for p in run) for run in runs if len(run) > 1]


@dataclass(frozen=True)
class Trend:
    """The series of an organisation. low: the score at the foot of every chart; line: height of the threshold."""

    years: tuple[int, ...]
    series: tuple[Series, ...]
    threshold: Decimal
    low: int
    line: Decimal
    missing: tuple[int, ...]


def trend(results: Mapping[int, Result], be_year: int, threshold: Decimal) -> Trend | None:
    """Draw up to five years that end with `be_year`, from the first that has a score; None where none has.

    results: by fiscal year; a change is told only between two years in a row.
    """
    known = [
        year
        for year in range(be_year - YEARS + 1, be_year + 1)
        if year in results and _has_any(results[year])
    ]
    if not known:
        return None
    years = tuple(range(known[0], be_year + 1))
    figures = {figure.code: figure for year in known for figure in _shown(results[year])}
    values = {
        code: [
            results[year].figures[code, 0].value if _has(results.get(year), code) else None for year in years
        ]
        for code in figures
    }
    known_values = [value for row in values.values() for value in row if value is not None]
    low = min(80, int(min([threshold, *known_values]) // 10 * 10))
    places = [Decimal(WIDTH) * (2 * n + 1) / (2 * len(years)) for n in range(len(years))]
    series = tuple(
        Series(figures[code], _points(years, places, row, low))
        for code, row in values.items()
        if any(v is not None for v in row)
    )
    missing = tuple(year for year in years if year not in known)
    return Trend(years, series, threshold, low, _height(threshold, low), missing)


def _shown(result: Result) -> Sequence[Figure]:
    return (result.total, *result.indicators)


def _has_any(result: Result) -> bool:
    return any(figure.value is not None for figure in _shown(result))


def _has(result: Result | None, code: str) -> bool:
    return result is not None and (code, 0) in result.figures


def _points(
    years: Sequence[int], places: Sequence[Decimal], values: Sequence[Decimal | None], low: int
) -> tuple[Point, ...]:
    found: list[Point] = []
    for year, x, value in zip(years, places, values, strict=True):
        before = found[-1].value if found else None
        if value is None:
            found.append(Point(year, None))
        else:
            change = None if before is None else value - before
            found.append(Point(year, value, change, x, _height(value, low)))
    return tuple(found)


def _height(value: Decimal, low: int) -> Decimal:
    """The height of a score in a chart: 100 at the top, `low` at the foot."""
    span = HEIGHT - 2 * MARGIN
    return (MARGIN + span * (100 - value) / (100 - low)).quantize(Decimal("0.1"))
