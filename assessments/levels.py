"""The levels of a result: letters (2562-2565) and pass levels (from 2566). Pure.

All scores are Decimals from 0 to 100.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class LevelScale:
    """A scale of levels, highest first: (name, least total, least score of every component or None).

    Lower bounds only, so that no score falls between two levels.
    """

    steps: tuple[tuple[str, Decimal, Decimal | None], ...]

    @classmethod
    def from_data(cls, levels: list[Any]) -> LevelScale:
        """Read the `levels` list of a catalogue file: [name, bound] pairs or objects with bounds."""
        steps = []
        for level in levels:
            if isinstance(level, Mapping):
                each = level.get("min_each_component")
                steps.append((level["name"], Decimal(level["min_total"]), Decimal(each) if each else None))
            else:
                steps.append((level[0], Decimal(level[1]), None))
        return cls(tuple(steps))


# The letters of 2562-2565 and the pass levels from 2566 on; an agency may print either for any year.
LETTERS = LevelScale.from_data(
    [["AA", "95"], ["A", "85"], ["B", "75"], ["C", "65"], ["D", "55"], ["E", "50"], ["F", "0"]]
)
PASS_LEVELS = LevelScale.from_data(
    [
        {"name": "ผ่านดีเยี่ยม", "min_total": "95", "min_each_component": "95"},
        {"name": "ผ่านดี", "min_total": "85", "min_each_component": "85"},
        {"name": "ผ่าน", "min_total": "85"},
        {"name": "ต้องปรับปรุง", "min_total": "70"},
        {"name": "ต้องปรับปรุงโดยด่วน", "min_total": "0"},
    ]
)


@dataclass(frozen=True)
class Component:
    """A score on which a level rests: its name as printed, and the range in which it lies.

    For a tool in parts of which only the whole is known, `high` is the whole: its lower part is at most that.
    """

    name: str
    low: Decimal
    high: Decimal

    @property
    def known(self) -> bool:
        """Whether the score is known and not only bounded by others."""
        return self.low == self.high


@dataclass(frozen=True)
class Level:
    """The level of a result: one name, or several where what is known leaves more than one open."""

    names: tuple[str, ...]
    reason: str

    @property
    def determined(self) -> bool:
        """Whether exactly one level is possible."""
        return len(self.names) == 1

    @property
    def name(self) -> str:
        """The level's name; where undetermined, the range of names, lowest first."""
        return self.names[0] if self.determined else " หรือ ".join(reversed(self.names))


def level_of(scale: LevelScale, total: Decimal | None, components: tuple[Component, ...]) -> Level | None:
    """Place a total with its components on a scale; None without a total.

    A component known only within bounds (EIT in two parts of which only the whole is known) can leave the
    level undetermined: then all levels that remain possible are named, highest first.
    """
    if total is None:
        return None

    def reached(value_of: str) -> int:
        for index, (_, least, each) in enumerate(scale.steps):
            if total >= least and (each is None or all(getattr(c, value_of) >= each for c in components)):
                return index
        return len(scale.steps) - 1

    best, worst = reached("high"), reached("low")
    names = tuple(name for name, _, _ in scale.steps[best : worst + 1])
    if best != worst:
        unknown = " และ ".join(
            c.name if (c.low, c.high) == (Decimal(0), Decimal(100)) else f"{c.name} แยกส่วน"
            for c in components
            if not c.known
        )
        return Level(names, f"ยังระบุระดับเดียวไม่ได้ เพราะไม่ทราบคะแนน {unknown}")
    name, least, each = scale.steps[best]
    # The step above asks no more of the total: then a component holds the result down, and is named.
    holding = [
        f"{c.name} = {c.high}"
        for _, above, bound in scale.steps[:best]
        if above == least and bound is not None
        for c in components
        if c.high < bound
    ]
    if holding:
        return Level(names, f"{name} เพราะ " + ", ".join(dict.fromkeys(holding)))
    if each is not None:
        return Level(names, f"{name} เพราะคะแนนรวมและทุกเครื่องมือไม่ต่ำกว่า {each}")
    if best == len(scale.steps) - 1:
        return Level(names, f"{name} เพราะคะแนนรวมต่ำกว่า {scale.steps[best - 1][1]}")
    return Level(names, f"{name} เพราะคะแนนรวมไม่ต่ำกว่า {least}")
