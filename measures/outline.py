"""The group rows of the measures table: the seven topics, or the tools with their indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assessments.labels import item_label
from assessments.scoring import Kind, Node

# The last group: measures that have no place yet in the chosen grouping.
UNGROUPED = ""


@dataclass(frozen=True)
class Heading:
    """One group row.

    key: "topic-3", "indicator-7", "IIT" or "" (not placed yet); text: as printed, with Arabic digits;
    number: of the topic or indicator; holds_measures: false on a tool, whose indicators hold them.
    """

    key: str
    text: str
    number: int | None = None
    holds_measures: bool = True


def topic_headings(topics: list[dict[str, Any]]) -> list[Heading]:
    """Return a heading a topic: “(1) กระบวนการปฏิบัติงานที่โปร่งใส…”."""
    return [
        Heading(f"topic-{topic['number']}", f"({topic['number']}) {topic['name']}", topic["number"])
        for topic in topics
    ]


def indicator_headings(tree: Node) -> list[Heading]:
    """Return a heading a tool, followed by one for each of its indicators."""
    headings = []
    for tool in tree.children:
        headings.append(Heading(tool.code, tool.title or tool.code, holds_measures=False))
        for indicator in tool.children:
            name = item_label(indicator.kind, indicator.code)
            number = int(indicator.code.removeprefix("indicator-"))
            headings.append(Heading(indicator.code, f"{name} {indicator.title}".rstrip(), number))
    return headings


def indicator_of(tree: Node, code: str) -> Node | None:
    """Return the indicator to which an item belongs (an indicator to itself); None above indicators."""
    indicators = (node for node in tree.walk() if node.kind is Kind.INDICATOR)
    return next((i for i in indicators if any(node.code == code for node in i.walk())), None)
