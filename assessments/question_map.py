"""Where this year's questions come from: asked the same the year before, reworded, or new.

Pure. Question numbers do not mean the same question in two years, so scores of questions are compared only
where a map between the two instruments says that both years ask the same; a reworded question is named as
such and never subtracted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Change(StrEnum):
    """What became of a question since the year before."""

    SAME = "same"
    REWORDED = "reworded"
    NEW = "new"


@dataclass(frozen=True)
class Origin:
    """Where a question comes from: last year's code, empty for a new one."""

    change: Change
    code: str = ""


class BadMap(ValueError):
    """A map with a wrong structure; the text is a Thai sentence that names the place and the rule."""


def read(data: Mapping[str, Any]) -> dict[str, Origin]:
    """Read a stored map, this year's code to {"from": last year's code, "kind": "same" or "reworded"} or
    {"kind": "new"}. A question that is not in it has not been compared yet. Raises BadMap."""
    found: dict[str, Origin] = {}
    used: dict[str, str] = {}
    for code, entry in data.items():
        kind = entry.get("kind") if isinstance(entry, Mapping) else None
        if kind not in set(Change):
            raise BadMap(
                f'ข้อ {code}: ต้องเป็น {{"from": "i1", "kind": "same"}} โดย kind เป็น same, reworded หรือ new'
            )
        old = entry.get("from", "")
        if not isinstance(old, str) or bool(old) == (kind == Change.NEW):
            raise BadMap(f"ข้อ {code}: ข้อใหม่ต้องไม่มีข้อของปีก่อน ข้ออื่นต้องมี เช่น i1")
        if old in used:
            raise BadMap(f"ข้อ {code}: ข้อ {old} ของปีก่อนใช้กับข้อ {used[old]} แล้ว ใช้ได้ครั้งเดียว")
        if old:
            used[old] = code
        found[code] = Origin(Change(kind), old)
    return found


def check(origins: Mapping[str, Origin], this: Iterable[str], last: Iterable[str]) -> None:
    """Refuse a map that names a question which one of the two years has not. Raises BadMap."""
    these, others = set(this), set(last)
    for code, origin in origins.items():
        if code not in these:
            raise BadMap(f"ไม่มีข้อ {code} ในแบบประเมินของปีนี้")
        if origin.code and origin.code not in others:
            raise BadMap(f"ข้อ {code}: ไม่มีข้อ {origin.code} ในแบบประเมินของปีก่อน")


def stored(origins: Mapping[str, Origin]) -> dict[str, dict[str, str]]:
    """Return a map as it is stored."""
    return {
        code: ({"from": origin.code} if origin.code else {}) | {"kind": origin.change.value}
        for code, origin in origins.items()
    }


def same(origins: Mapping[str, Origin]) -> dict[str, str]:
    """Return this year's codes with last year's, of the questions that may be compared."""
    return {code: origin.code for code, origin in origins.items() if origin.change is Change.SAME}


def reworded(origins: Mapping[str, Origin]) -> frozenset[str]:
    """Return the codes of the questions that last year asked in other words."""
    return frozenset(code for code, origin in origins.items() if origin.change is Change.REWORDED)


def gone(origins: Mapping[str, Origin], last: Iterable[str]) -> list[str]:
    """Return those of last year's codes from which no question of this year comes, in their order."""
    kept = {origin.code for origin in origins.values()}
    return [code for code in last if code not in kept]
