"""Two texts as one run of pieces: what stayed, what went, what came, cut so that Thai can be read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Pieces = tuple[tuple[str, str], ...]

# A number, a Latin word, a run of blanks, a Thai cluster (a consonant with the vowels and marks around it), or a sign.
_TOKEN = re.compile(
    r"[0-9๐-๙]+(?:[.,/:][0-9๐-๙]+)*|[A-Za-z]+|\s+"
    r"|[เ-ไ]*[ก-ฮ][ะ-ฺๅ็-๎]*(?:ๆ|ฯ)?|.",
    re.DOTALL,
)
_PHRASE = re.compile(r"\s*\S+|\s+")
# Beyond so many comparisons a run is told as a whole: nobody would read the patchwork either.
_MOST_COMPARED = 250_000
# A text of which so little stayed is told as a whole.
_LEAST_SAME = 0.25


def pieces_of(before: str, after: str) -> Pieces:
    """Return both texts as one run of pieces, split at blanks and between Thai clusters only."""
    found: list[tuple[str, str]] = []
    for same, old, new in _runs(_PHRASE.findall(before), _PHRASE.findall(after)):
        if same:
            found.append(("same", same))
            continue
        olds, news = _TOKEN.findall(old), _TOKEN.findall(new)
        runs = _runs(olds, news) if len(olds) * len(news) <= _MOST_COMPARED else iter([("", old, new)])
        for kept, gone, come in runs:
            found += [("same", kept), ("old", gone), ("new", come)]
    pieces = _readable(_merged(found))
    kept_length = sum(len(text) for mark, text in pieces if mark == "same")
    if kept_length < _LEAST_SAME * min(len(before), len(after)):
        return _merged([("old", before), ("new", after)])
    return pieces


def _runs(old: list[str], new: list[str]) -> Iterator[tuple[str, str, str]]:
    """Yield (same, "", "") and ("", old, new) in turn."""
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        gone, come = "".join(old[old_from:old_to]), "".join(new[new_from:new_to])
        yield (gone, "", "") if kind == "equal" else ("", gone, come)


def _merged(pieces: Sequence[tuple[str, str]]) -> Pieces:
    """Join neighbours of one mark; between two same pieces stands one old and then one new."""
    found: list[tuple[str, str]] = []
    same = gone = come = ""
    for mark, text in (*pieces, ("end", "")):
        if mark == "old":
            gone += text
        elif mark == "new":
            come += text
        elif not text and mark == "same":
            continue
        elif gone or come or mark == "end":
            found += [("same", same), ("old", gone), ("new", come)]
            same, gone, come = text, "", ""
        else:
            same += text
    return tuple((mark, text) for mark, text in [*found, ("same", same)] if text)


def _readable(pieces: Pieces) -> Pieces:
    """Give up same pieces that are shorter than what changed on both of their sides: they fall between by chance."""
    found: list[tuple[str, str]] = []
    for at, (mark, text) in enumerate(pieces):
        between = mark == "same" and 0 < at < len(pieces) - 1
        if between and len(text.strip()) <= _by_chance(pieces, at):
            found += [("old", text), ("new", text)]
        else:
            found.append((mark, text))
    merged = _merged(found)
    return merged if len(merged) == len(pieces) else _readable(merged)


def _by_chance(pieces: Pieces, at: int) -> int:
    """The length up to which the same piece between changes at `at` means nothing."""
    before = max(len(text) for mark, text in pieces[max(0, at - 2) : at] if mark != "same")
    after = max(len(text) for mark, text in pieces[at + 1 : at + 3] if mark != "same")
    return max(2, min(before, after, 8))


def shortened(text: str, longest: int) -> str:
    """Return a text, cut between Thai clusters and with “…” where it is longer than `longest` characters."""
    if len(text) <= longest:
        return text
    short = ""
    for token in _TOKEN.findall(text):
        if len(short) + len(token) >= longest:
            break
        short += token
    return f"{short.rstrip()}…"
