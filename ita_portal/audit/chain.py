"""PURE: the chains that events form, an organisation's each, and the platform's own.

An event holds the fingerprint of the one before and its own: the SHA-256, in 64 small hexadecimal digits, of its columns
as one JSON object in UTF-8 with sorted keys, no spaces and no escapes beyond those JSON demands:

    {"actor":7,"at":"2024-01-15T03:00:00.000000+00:00","facts":{"be_year":2566},"organisation":1,
     "previous_hash":"…","sentence":"…","sequence":12,"verb":"scores-closed"}

`actor` and `organisation` are numbers or null, `at` is in UTC with six places of a second, `facts` hold no fractions. The
first event of a chain follows `GENESIS`. This form must never change: every fingerprint kept so far stands on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from typing import Any, NamedTuple, NoReturn

GENESIS = "0" * 64

_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class Link(NamedTuple):
    """Every column of an event but its own fingerprint; organisation and actor by their numbers."""

    organisation: int | None
    sequence: int
    previous_hash: str
    actor: int | None
    verb: str
    sentence: str
    facts: dict[str, Any]
    at: datetime | None  # None: what stands there is no moment


def canonical(link: Link) -> bytes:
    """Return the bytes that are hashed. Raises TypeError or ValueError where a column is not of its kind."""
    if link.at is None:
        raise ValueError("an event needs a moment")
    at = link.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _encode({**link._asdict(), "at": at}).encode()


def fingerprint(link: Link) -> str:
    """Return the SHA-256 of an event. Raises as `canonical`."""
    return sha256(canonical(link)).hexdigest()


def _refuse(text: str) -> NoReturn:
    raise TypeError(f"facts of an event must not hold a fraction ({text}): write it as a string")


def plain(facts: dict[str, Any]) -> dict[str, Any]:
    """Return facts as the database gives them back. Raises TypeError for what JSON lacks, and for a fraction,
    which engines write in different ways."""
    return json.loads(json.dumps(facts), parse_float=_refuse, parse_constant=_refuse)


class Fault(Enum):
    """What is wrong with the first broken event of a chain, in a Thai sentence about it."""

    MISSING = "ไม่มีเหตุการณ์นี้ มีแต่เลขที่ถัดไป: ถูกลบ"
    REPEATED = "มีเหตุการณ์เลขที่นี้มากกว่าหนึ่งรายการ: ถูกแทรก"
    MOVED = "เป็นเหตุการณ์ของเลขที่อื่น: ถูกสลับหรือย้ายลำดับ"
    RELINKED = "รหัสของเหตุการณ์ก่อนหน้า (previous_hash) ถูกแก้ไข"
    CHANGED = "เนื้อหาหรือรหัสตรวจสอบ (hash) ถูกแก้ไข"
    UNLINKED = "ไม่ต่อกับเหตุการณ์ก่อนหน้า: เหตุการณ์ก่อนหน้าถูกเขียนใหม่พร้อมรหัสตรวจสอบ"


@dataclass(frozen=True)
class Break:
    """The first event at which a chain does not hold: the number at which it was due, and what is wrong."""

    sequence: int
    fault: Fault


@dataclass(frozen=True)
class Chain:
    """A chain that was walked: how many events, the fingerprint of the last, and the first break."""

    length: int
    head: str
    broken: Break | None


def follow(events: Iterable[tuple[Link, str]]) -> Chain:
    """Walk the events of one chain, each with its kept fingerprint, in the order of their numbers."""
    length, head, broken, last = 0, GENESIS, None, 0
    for link, kept in events:
        if broken is None and not (
            link.sequence == length + 1 and link.previous_hash == head and _own(link) == kept
        ):
            broken = (length + 1, head, link, kept)
        length, head, last = length + 1, kept, link.sequence
    if broken is None:
        return Chain(length, head, None)
    due, before, link, kept = broken
    return Chain(length, head, Break(due, _fault(due, before, link, kept, last)))


def _own(link: Link) -> str:
    """Return the fingerprint of what stands there; nothing where a column is not even of its kind."""
    try:
        return fingerprint(link)
    except (TypeError, ValueError):
        return ""


def _fault(due: int, before: str, link: Link, kept: str, last: Any) -> Fault:
    """Say why an event is not the one due after the fingerprint `before`; `last` is the chain's highest number."""
    if _own(link) != kept:
        if any(_own(link._replace(sequence=n)) == kept for n in range(1, int(last) + 1)):
            return Fault.MOVED
        if _own(link._replace(previous_hash=before)) == kept:
            return Fault.RELINKED
        return Fault.CHANGED
    if link.sequence > due:
        return Fault.MISSING
    return Fault.REPEATED if link.sequence < due else Fault.UNLINKED
