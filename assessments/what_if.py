"""What the result would be with assumed scores. Pure: nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .scoring import Figure, Key, Kind, Node, Result, Scores, score


def assumable(result: Result) -> tuple[Figure, ...]:
    """Return the figures for which a score can be assumed, widest gap first: flagged question scores,
    indicators below the threshold that no question explains, and tools of which nothing else is known."""
    alone = (
        tool
        for tool in result.tools
        if tool.flagged and all(f.value is None for child in tool.children for f in child.walk())
    )
    return tuple(sorted((*result.weak_cells, *alone), key=lambda f: -(f.gap or Decimal(0))))


def what_if(root: Node, result: Result, entered: Scores, assumed: Mapping[Key, Decimal]) -> Result:
    """Work out the result anew with assumed scores in the place of those of `assumable`.

    root: the instrument's tree; result: of `entered`. An announced score above an assumed one moves with it by
    the share that rests on it, so that a published result which its items do not add up to moves rightly too.
    """
    scores, moves = dict(entered), dict[Key, Decimal]()
    for key, value in assumed.items():
        figure = result.figures[key]
        if figure.value is None or value == figure.value:
            continue
        for above, weight in _weights_above(result, figure):
            if above.announced is not None:
                moves[above.key] = moves.get(above.key, Decimal(0)) + (value - figure.value) * weight
        if figure.kind is not Kind.QUESTION:
            for below in figure.walk():
                scores.pop(below.key, None)
        scores[key] = value
    for key, move in moves.items():
        if key not in assumed:
            scores[key] = min(Decimal(100), max(Decimal(0), scores[key] + move))
    return score(root, scores, threshold=result.threshold, scale=result.scale)


def _weights_above(result: Result, figure: Figure) -> list[tuple[Figure, Decimal]]:
    """Return what holds a figure, each with the points by which it moves for one point of the figure."""
    found: list[tuple[Figure, Decimal]] = []
    for above in _path(result.total, figure.code):
        found.append((above, figure.share / above.share))
        for part in above.parts:
            # A score of one part moves that part alone; one of the whole moves every part alike.
            if part.part == figure.part:
                found.append((part, figure.share / part.share))
            elif not figure.part:
                found.append((part, figure.share / above.share))
    return found


def _path(figure: Figure, code: str) -> list[Figure]:
    """Return the figures from the top down to the item of a code, without that item."""
    for child in figure.children:
        if child.code == code:
            return [figure]
        if below := _path(child, code):
            return [figure, *below]
    return []
