"""What a paper says otherwise than in the round before: the old text, to be struck out above the new. Pure.

Two papers are compared block by block: headings, paragraphs, rows of tables (their cells one by one, and in a cell
its lines one by one). Blocks are paired where they say the same, then where they are most alike, wherever they stand.

Numbers in front (“1.”, “(2)”, “2.1” of a heading, the columns ที่ and อันดับ) are no part of what is compared: a
measure put in front moves all the numbers below it, and only the measure is news. A number that changed is told
where nothing beside it came, went or moved, which would explain it. Thai digits for Arabic ones are told once.
Blanks, line breaks and invisible joiners are typography, and so are pictures: never told.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from ita_portal.thai import to_arabic

from .blocks import Block, Cell, blocks_of
from .pieces import Pieces, pieces_of, shortened

__all__ = ["Block", "Changed", "blocks_of", "changes"]


@dataclass(frozen=True)
class Changed:
    """One text that is not what it was.

    place: the headings above it, the row and the column of a table, “3. มาตรการ… › (2) … › 1. จัดทำ… › ผู้รับผิดชอบ”;
    before: empty for what came, after: empty for what went (lines of several blocks apart by line breaks);
    pieces: ("same" | "old" | "new", text): same and old in their order are `before`, same and new `after`.
    """

    place: str
    before: str
    after: str
    pieces: Pieces


def changes(before: str, after: str) -> list[Changed]:
    """Return what a paper says otherwise than before, in reading order; empty where it says the same.

    before, after: the inner HTML of <body> of the two papers, as `reports.papers.frozen.FrozenPaper` keeps it.
    """
    compared = _Comparison(blocks_of(before), blocks_of(after))
    return compared.digits_told() + compared.told()


def _changed(place: str, before: str, after: str) -> Changed:
    return Changed(place, before, after, pieces_of(before, after))


# --- pairing --------------------------------------------------------------------------------------------------

# How much of their words two blocks must share to be one that was changed: beside each other, and far apart.
_ALIKE, _ALIKE_AFAR = 0.5, 0.6
# A row that keeps its name is taken for itself rather than for another row of like words.
_SAME_NAME = 0.4
# Beyond so many the papers are not two rounds of one.
_MOST_PAIRS = 100_000
# Shorter texts (“ไม่มี”) stand in many places, and are not taken for one that was moved.
_TOLD_APART = 20


def _likeness(a: Block, b: Block) -> float:
    """How alike two blocks are, from 0 to 1."""
    if (a.kind, a.table) != (b.kind, b.table):
        return 0
    common = 2 * len(a.grams & b.grams) / (len(a.grams) + len(b.grams))
    named = a.kind == "row" and not a.cells[0].spans and a.name == b.name != ""
    return min(1, common + _SAME_NAME * named)


class _Pairing:
    """Finds which block of the old has become which of the new: `pairs` by their indexes."""

    def __init__(self, old: Sequence[Block], new: Sequence[Block]) -> None:
        self._old, self._new = old, new
        self.pairs: dict[int, int] = {}
        self._taken: set[int] = set()
        gaps = self._pair_unmoved()
        self._pair_moved()
        for olds, news in gaps:
            self._pair_alike(olds, news, _ALIKE)
        self._pair_alike(range(len(old)), range(len(new)), _ALIKE_AFAR)
        for olds, news in gaps:
            self._pair_rewritten(olds, news)

    def _pair(self, i: int, j: int) -> None:
        self.pairs[i] = j
        self._taken.add(j)

    def _pair_unmoved(self) -> list[tuple[range, range]]:
        """Pair what says the same in the same order; return the gaps between."""
        gaps = []
        matcher = SequenceMatcher(a=[b.key for b in self._old], b=[b.key for b in self._new], autojunk=False)
        for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
            olds, news = range(old_from, old_to), range(new_from, new_to)
            if kind == "equal":
                for i, j in zip(olds, news, strict=True):
                    self._pair(i, j)
            else:
                gaps.append((olds, news))
        return gaps

    def _pair_moved(self) -> None:
        """Pair what says the same elsewhere, the first with the first."""
        waiting: dict[tuple[object, ...], list[int]] = {}
        for j in reversed(range(len(self._new))):
            if j not in self._taken:
                waiting.setdefault(self._new[j].key, []).append(j)
        for i, block in enumerate(self._old):
            if i not in self.pairs and waiting.get(block.key) and len(block.text) >= _TOLD_APART:
                self._pair(i, waiting[block.key].pop())

    def _pair_alike(self, olds: Iterable[int], news: Sequence[int], least: float) -> None:
        """Pair the most alike, then the next, and of equally alike ones the nearest."""
        gone = [i for i in olds if i not in self.pairs]
        come = [j for j in news if j not in self._taken]
        if len(gone) * len(come) > _MOST_PAIRS:
            return
        likes = [
            (like, -abs(i - j), i, j)
            for i in gone
            for j in come
            if (like := _likeness(self._old[i], self._new[j])) >= least
        ]
        for _, _, i, j in sorted(likes, reverse=True):
            if i not in self.pairs and j not in self._taken:
                self._pair(i, j)

    def _pair_rewritten(self, olds: Iterable[int], news: Iterable[int]) -> None:
        """Pair as many texts as stand in place of as many others, below one heading: each was written anew."""
        gone = [i for i in olds if i not in self.pairs and self._old[i].kind == "text"]
        come = [j for j in news if j not in self._taken and self._new[j].kind == "text"]
        if len(gone) != len(come):
            return
        for i, j in zip(gone, come, strict=True):
            if self.pairs.get(self._old[i].parent, -1) == self._new[j].parent:
                self._pair(i, j)


def _out_of_order(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Return the fewest old indexes without which the pairs, sorted by the old, are in the order of the new."""
    ends: list[int] = []  # of the longest rising run of each length, the lowest last new index
    chains: list[tuple[int, ...]] = []
    for i, j in pairs:
        length = bisect_left(ends, j)
        chain = (*(chains[length - 1] if length else ()), i)
        ends[length : length + 1] = [j]
        chains[length : length + 1] = [chain]
    return {i for i, _ in pairs} - set(chains[-1] if chains else ())


# --- telling --------------------------------------------------------------------------------------------------

_LONGEST_NAME = 48
_NOWHERE = "นอกหัวข้อ"
Area = tuple[object, ...]


class _Comparison:
    """Two lists of blocks, of whole papers or of the lines of one cell, and what is to be told of them.

    within: the place of the cell.
    """

    def __init__(self, old: Sequence[Block], new: Sequence[Block], within: str = "") -> None:
        self._old, self._new, self._within = old, new, within
        self._pairs = _Pairing(old, new).pairs
        self._partners = {j: i for i, j in self._pairs.items()}
        self._edited = {i for i, j in self._pairs.items() if old[i].key != new[j].key}
        self._moved = {i for i, j in self._pairs.items() if self._has_moved(i, j)}
        self._reordered = self._find_reordered()
        self._explained = set(self._areas_with_news())
        self._told_spans: set[tuple[str, str, str, str]] = set()

    def told(self) -> list[Changed]:
        """All that changed, in the order of the new blocks; what went stands before what came in its place."""
        found: list[tuple[tuple[int, int], Changed]] = []
        gone, come = _stories(self._old, self._pairs), _stories(self._new, self._partners)
        gone_after: dict[int, int] = {}
        last = -1
        for i in range(len(self._old)):
            if i in self._pairs:
                last = self._pairs[i]
                found += [((last, 0), told) for told in self._pair_told(i, last)]
            elif i in gone:
                gone_after[last] = i
        for j, text in come.items():
            place, i = self._place(self._new, j), gone_after.get(j - 1, -1)
            before = gone.pop(i) if i in gone and self._stands_for(self._old[i], self._new[j]) else ""
            found.append(((j, 0), _changed(place, before, text)))
        for i, text in gone.items():
            found.append(((self._last_before(i), 1), _changed(self._place(self._old, i), text, "")))
        return [told for _, told in sorted(found, key=lambda entry: entry[0])]

    def _stands_for(self, gone: Block, come: Block) -> bool:
        """Whether texts that came where others went are these written anew."""
        return gone.kind == come.kind == "text" and self._parent_now(gone) == come.parent

    def _last_before(self, i: int) -> int:
        """The new index of the nearest block above an old one that is still there."""
        return next((self._pairs[at] for at in range(i, -1, -1) if at in self._pairs), -1)

    def digits_told(self) -> list[Changed]:
        """One change for the whole paper where unchanged words are printed in other digits."""
        pairs = [
            (self._old[i].text, self._new[j].text) for i, j in self._pairs.items() if i not in self._edited
        ]
        differing = [(a, b) for a, b in pairs if a != b and to_arabic(a) == to_arabic(b)]
        if not differing:
            return []
        names = ("ตัวเลขไทย", "ตัวเลขอารบิก")
        thai, thai_now = (
            sum(text != to_arabic(text) for text in side) for side in zip(*differing, strict=True)
        )
        return [_changed("ทั้งเอกสาร", *(names if thai > thai_now else names[::-1]))]

    def _pair_told(self, i: int, j: int) -> Iterator[Changed]:
        old, new = self._old[i], self._new[j]
        if i in self._moved:
            place = _joined(shortened(new.label, _LONGEST_NAME), "อยู่ใต้หัวข้อ")
            yield _changed(place, _heading(self._old, i), _heading(self._new, j))
        numbers_differ = self._numbers(old) != self._numbers(new)
        if i in self._edited:
            yield from self._edits(i, j)
        elif i in self._reordered and not numbers_differ:
            yield _changed(self._place(self._old, i), old.text, "")
            yield _changed(self._place(self._new, j), "", new.text)
        elif numbers_differ and (i in self._reordered or self._area(new, new.parent) not in self._explained):
            yield from self._edits(i, j)

    # What moved, and which numbers that explains.

    def _has_moved(self, i: int, j: int) -> bool:
        """Whether it stands below another heading of those that were there and still are."""
        here, there = self._old[i].parent, self._new[j].parent
        stayed = (here < 0 or here in self._pairs) and (there < 0 or there in self._partners)
        return stayed and self._pairs.get(here, -1) != there

    def _find_reordered(self) -> set[int]:
        """The unedited blocks that stand in another order among those of their heading."""
        families: dict[tuple[int, int], list[tuple[int, int]]] = {}
        for i, j in sorted(self._pairs.items()):
            if i not in self._edited and i not in self._moved:
                families.setdefault((self._old[i].parent, self._new[j].parent), []).append((i, j))
        return {i for family in families.values() for i in _out_of_order(family)}

    def _area(self, block: Block, parent: int | None) -> Area:
        """Where one number follows from another: a table, or the blocks of one kind below a (new) heading."""
        return (block.table,) if block.table else (block.kind, parent)

    def _areas_with_news(self) -> Iterator[Area]:
        """Where something came, went, moved, or was edited and has another rank by that."""
        for j, block in enumerate(self._new):
            i = self._partners.get(j)
            ranked = i in self._edited and i is not None and self._old[i].number != block.number
            if i is None or i in self._moved or i in self._reordered or ranked:
                yield self._area(block, block.parent)
                if i in self._moved and i is not None:
                    yield self._area(block, self._parent_now(self._old[i]))
        for i, block in enumerate(self._old):
            if i not in self._pairs:
                yield self._area(block, self._parent_now(block))

    def _parent_now(self, old: Block) -> int | None:
        return self._pairs.get(old.parent) if old.parent >= 0 else -1

    def _numbers(self, block: Block) -> list[str]:
        """All text of an unedited block, which differs by its numbers alone."""
        return [to_arabic(cell.text) for cell in block.cells]

    # What was edited.

    def _edits(self, i: int, j: int) -> Iterator[Changed]:
        """The cells of two paired blocks that differ, by their lines; a cell that spans rows is told once."""
        old, new = self._old[i], self._new[j]
        for before, after in _cells_of(old, new):
            renumbered = after.counts or old.said(before) == new.said(after)
            if to_arabic(before.text) == to_arabic(after.text) or (i in self._edited and renumbered):
                continue
            span = (new.table, after.column, before.text, after.text)
            if (before.spans or after.spans) and span in self._told_spans:
                continue
            self._told_spans.add(span)
            place = self._place(self._new, j, after if len(new.cells) > 1 else None)
            if max(len(before.lines), len(after.lines)) <= 1:
                yield _changed(place, before.text, after.text)
            else:
                yield from _Comparison(_lines_of(before), _lines_of(after), within=place).told()

    # Where.

    def _place(self, blocks: Sequence[Block], at: int, cell: Cell | None = None) -> str:
        """The headings above a block; of a row's cell also what names the row, unless that is the cell itself."""
        if self._within:
            return self._within
        block = blocks[at]
        places: list[str] = []
        parent = block.parent
        while parent >= 0:
            places.insert(0, shortened(blocks[parent].label, _LONGEST_NAME))
            parent = blocks[parent].parent
        if block.label not in cell.lines[:1] if cell else block.cells[0].spans:
            places.append(shortened(block.label, _LONGEST_NAME))
        places.append(cell.column if cell else {"heading": "หัวข้อ", "head": "หัวตาราง"}.get(block.kind, ""))
        return _joined(*places) or _NOWHERE


def _stories(blocks: Sequence[Block], paired: Container[int]) -> dict[int, str]:
    """Return the texts of the unpaired blocks by the first of those that are told together.

    That are texts one below the other or with their heading, and the rows of one measure.
    """
    hosts: dict[int, int] = {}
    stories: dict[int, str] = {}
    for at, block in enumerate(blocks):
        if at in paired:
            continue
        host, above = at, blocks[at - 1]
        if block.kind == "text" and block.parent in hosts:
            host = block.parent
        elif at - 1 in hosts and block.kind == above.kind:
            text = block.kind == "text" and block.parent == above.parent
            row = block.kind == "row" and block.cells[0].spans and block.label == above.label
            host = hosts[at - 1] if text or row else at
        hosts[at] = host
        stories[host] = f"{stories[host]}\n{block.text}" if host in stories else block.text
    return stories


def _heading(blocks: Sequence[Block], at: int) -> str:
    return blocks[blocks[at].parent].label if blocks[at].parent >= 0 else _NOWHERE


def _lines_of(cell: Cell) -> list[Block]:
    return [Block("text", (Cell("", (line,)),)) for line in cell.lines]


def _cells_of(old: Block, new: Block) -> Iterator[tuple[Cell, Cell]]:
    """The cells of two rows side by side: by the headings of their columns, those of other headings in their order."""
    columns = [[to_arabic(cell.column) for cell in block.cells] for block in (old, new)]
    if columns[0] == columns[1]:
        yield from zip(old.cells, new.cells, strict=True)
        return
    by_column = dict(zip(columns[0], old.cells, strict=True))
    matched = [by_column.pop(column, None) for column in columns[1]]
    others = iter(by_column.values())
    for before, after in zip(matched, new.cells, strict=True):
        yield before or next(others, Cell(after.column, ())), after
    for before in others:
        yield before, Cell(before.column, ())


def _joined(*places: str) -> str:
    return " › ".join(place for place in places if place)
