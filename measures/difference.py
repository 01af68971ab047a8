"""What changed between two texts, line by line: old lines above the new ones that took their place.

Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Line:
    """One line of a comparison: mark is "same", "old" (gone) or "new" (came)."""

    mark: str
    text: str


def difference(before: str, after: str) -> list[Line]:
    """Return the lines of both texts in reading order, without blank ones; what is alike stands once."""
    old, new = _lines(before), _lines(after)
    found: list[Line] = []
    for kind, old_from, old_to, new_from, new_to in SequenceMatcher(
        a=old, b=new, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            found += [Line("same", text) for text in old[old_from:old_to]]
        else:
            found += [Line("old", text) for text in old[old_from:old_to]]
            found += [Line("new", text) for text in new[new_from:new_to]]
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
