"""The weak items of a plan, each with what has been decided about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assessments.labels import cell_label
from assessments.scoring import Figure, Kind, Result

from .models import Excuse, MeasurePlan
from .table import Group, Row


@dataclass(frozen=True)
class WeakItem:
    """One item below the threshold, with its measures or the reason why it has none."""

    figure: Figure
    tool: str
    labels: tuple[tuple[str, Decimal], ...]
    gap: Decimal
    measures: tuple[tuple[Group, Row], ...] = ()
    excuse: Excuse | None = None

    @property
    def code(self) -> str:
        """The item's code: "e14", "indicator-3"."""
        return self.figure.code

    @property
    def label(self) -> str:
        """The item's name on the screen, with Arabic digits: "e14", "ตัวชี้วัดที่ 3"."""
        return cell_label(self.figure.kind, (self.code, 0))

    @property
    def state(self) -> str:
        """What has been decided: "measure", "excused", or "none"."""
        if self.measures:
            return "measure"
        return "excused" if self.excuse else "none"


def weak_items(result: Result) -> list[WeakItem]:
    """Return the weak items of a result, weakest first, before anything is decided about them."""
    return [
        WeakItem(
            figure,
            tool=tool_of(result, figure.code),
            labels=tuple(
                (cell_label(cell.kind, cell.key), cell.value)
                for cell in figure.cells
                if cell.flagged and cell.value is not None
            ),
            gap=result.widest_gap(figure),
        )
        for figure in result.weak_items
    ]


def decided_items(plan: MeasurePlan, result: Result, table: list[Group]) -> list[WeakItem]:
    """Return the weak items with their measures in `table` and their excuses (one query)."""
    measures: dict[str, list[tuple[Group, Row]]] = {}
    for group in table:
        for row in group.measures:
            for code in row.codes:
                measures.setdefault(code, []).append((group, row))
    excuses = {excuse.item.code: excuse for excuse in plan.excuses.select_related("item", "by")}
    return [
        WeakItem(w.figure, w.tool, w.labels, w.gap, tuple(measures.get(w.code, ())), excuses.get(w.code))
        for w in weak_items(result)
    ]


def tool_of(result: Result, code: str) -> str:
    """Return the code of the tool to which an item belongs: "IIT"."""
    return next(
        (tool.code for tool in result.tools if any(f.code == code for f in tool.walk())), str(Kind.TOTAL)
    )
