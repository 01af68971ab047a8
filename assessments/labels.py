"""How items and scores are named in Thai. Pure; with Arabic digits, which print turns."""

from __future__ import annotations

from .scoring import Key, Kind


def item_label(kind: str, code: str) -> str:
    """Return the Thai name of an item's code: "indicator-7" is ตัวชี้วัดที่ 7, "total" คะแนนรวม, "i7" itself."""
    if kind == Kind.TOTAL:
        return "คะแนนรวม"
    if kind == Kind.INDICATOR:
        return f"ตัวชี้วัดที่ {code.removeprefix('indicator-')}"
    if kind == Kind.SUB_INDICATOR:
        return f"ตัวชี้วัดย่อยที่ {code}"
    return code


def cell_label(kind: str, key: Key) -> str:
    """Return the Thai name of a score: the item's, with “ส่วนที่ 2” where it belongs to a part."""
    code, part = key
    return f"{item_label(kind, code)} ส่วนที่ {part}" if part else item_label(kind, code)
