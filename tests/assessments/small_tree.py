"""A small instrument for pure tests: IIT of one indicator, EIT in two parts, OIT with two sub-indicators."""

from __future__ import annotations

from decimal import Decimal

from assessments.scoring import Kind, Node

PARTS = (1, 2)
TREE = Node(
    "total",
    Kind.TOTAL,
    children=(
        Node(
            "IIT",
            Kind.TOOL,
            weight=Decimal(30),
            children=(
                Node(
                    "indicator-1",
                    Kind.INDICATOR,
                    "การปฏิบัติหน้าที่",
                    children=(Node("i1", Kind.QUESTION), Node("i2", Kind.QUESTION)),
                ),
            ),
        ),
        Node(
            "EIT",
            Kind.TOOL,
            weight=Decimal(30),
            parts=PARTS,
            children=(
                Node(
                    "indicator-6",
                    Kind.INDICATOR,
                    "คุณภาพการดำเนินงาน",
                    parts=PARTS,
                    children=(Node("e1", Kind.QUESTION, parts=PARTS), Node("e2", Kind.QUESTION, parts=PARTS)),
                ),
            ),
        ),
        Node(
            "OIT",
            Kind.TOOL,
            weight=Decimal(40),
            children=(
                Node(
                    "indicator-9",
                    Kind.INDICATOR,
                    "การเปิดเผยข้อมูล",
                    children=(
                        Node("9.1", Kind.SUB_INDICATOR, children=(Node("o1", Kind.QUESTION),)),
                        Node(
                            "9.2",
                            Kind.SUB_INDICATOR,
                            children=(Node("o2", Kind.QUESTION), Node("o3", Kind.QUESTION)),
                        ),
                    ),
                ),
            ),
        ),
    ),
)


def scores(**values: str) -> dict[tuple[str, int], Decimal]:
    """Return scores by (code, part) from names such as i1, e1_2, indicator_6 and EIT_1."""
    found = {}
    for name, value in values.items():
        code, part = (
            (name[:-2], int(name[-1])) if name[-2:] in ("_1", "_2") and name[0] in "eE" else (name, 0)
        )
        found[code.replace("_", "-"), part] = Decimal(value)
    return found
