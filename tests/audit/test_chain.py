"""The bytes that are hashed, and the walk along a chain: pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest

from ita_portal.audit.chain import GENESIS, Break, Chain, Fault, Link, canonical, fingerprint, follow, plain

FIRST = Link(
    organisation=1,
    sequence=1,
    previous_hash=GENESIS,
    actor=None,
    at=datetime(2024, 1, 15, 3, 0, tzinfo=UTC),
    verb="scores-closed",
    sentence='ปิด "คะแนน"',
    facts={"be_year": 2566, "a": [True, None, "ก"]},
)
# Written by hand: a change of the form would leave every kept chain broken.
BYTES = (
    '{"actor":null,"at":"2024-01-15T03:00:00.000000+00:00","facts":{"a":[true,null,"ก"],"be_year":2566},'
    f'"organisation":1,"previous_hash":"{GENESIS}","sentence":"ปิด \\"คะแนน\\"","sequence":1,"verb":"scores-closed"}}'
).encode()


def test_the_hashed_bytes_stay_as_they_are() -> None:
    assert canonical(FIRST) == BYTES
    assert fingerprint(FIRST) == sha256(BYTES).hexdigest()


def test_a_moment_is_hashed_alike_in_every_zone() -> None:
    bangkok = FIRST.at.astimezone(timezone(timedelta(hours=7)))
    assert fingerprint(FIRST._replace(at=bangkok)) == fingerprint(FIRST)


def test_facts_become_what_the_database_gives_back() -> None:
    assert plain({"pair": (1, 2), "by": {7: "เจ็ด"}}) == {"pair": [1, 2], "by": {"7": "เจ็ด"}}


@pytest.mark.parametrize("value", [0.5, 2566.0, float("nan"), {"in": [1e300]}, datetime(2024, 1, 1), {1, 2}])
def test_facts_with_fractions_or_other_kinds_are_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain({"value": value})


def chain(length: int) -> list[tuple[Link, str]]:
    """Return the links of a chain with their fingerprints."""
    made: list[tuple[Link, str]] = []
    for sequence in range(1, length + 1):
        previous = made[-1][1] if made else GENESIS
        link = FIRST._replace(sequence=sequence, previous_hash=previous, sentence=f"ครั้งที่ {sequence}")
        made.append((link, fingerprint(link)))
    return made


def test_a_whole_chain_holds() -> None:
    links = chain(4)
    assert follow(links) == Chain(4, links[-1][1], None)
    assert follow([]) == Chain(0, GENESIS, None)


Tamper = Callable[[list[tuple[Link, str]]], list[tuple[Link, str]]]


def swapped(a: int, b: int) -> Tamper:
    """Give each of two events (counted from 0) the other's number, as an UPDATE of the sequence would."""

    def tamper(links: list[tuple[Link, str]]) -> list[tuple[Link, str]]:
        (one, one_hash), (two, two_hash) = links[a], links[b]
        links[a] = two._replace(sequence=one.sequence), two_hash
        links[b] = one._replace(sequence=two.sequence), one_hash
        return links

    return tamper


def rewritten(links: list[tuple[Link, str]]) -> list[tuple[Link, str]]:
    """Change the second event and compute its fingerprint anew."""
    link = links[1][0]._replace(sentence="เรื่องใหม่")
    return [links[0], (link, fingerprint(link)), *links[2:]]


def with_second(**columns: Any) -> Tamper:
    """Change columns of the second event, not its fingerprint."""
    return lambda links: [links[0], (links[1][0]._replace(**columns), links[1][1]), *links[2:]]


@pytest.mark.parametrize(
    ("tamper", "sequence", "fault"),
    [
        (with_second(sentence="เรื่องใหม่"), 2, Fault.CHANGED),
        (with_second(sentence=b"\xe0"), 2, Fault.CHANGED),
        (with_second(at=None), 2, Fault.CHANGED),
        (with_second(previous_hash="f" * 64), 2, Fault.RELINKED),
        (lambda links: [links[0], (links[1][0], "f" * 64), *links[2:]], 2, Fault.CHANGED),
        (lambda links: links[1:], 1, Fault.MISSING),
        (lambda links: links[:2] + links[3:], 3, Fault.MISSING),
        (lambda links: links[:2] + links[1:], 3, Fault.REPEATED),
        (swapped(1, 2), 2, Fault.MOVED),
        (swapped(0, 4), 1, Fault.MOVED),
        (rewritten, 3, Fault.UNLINKED),
    ],
)
def test_the_first_break_is_named(tamper: Tamper, sequence: int, fault: Fault) -> None:
    assert follow(tamper(chain(5))).broken == Break(sequence, fault)


def test_a_cut_tail_leaves_another_head() -> None:
    links = chain(5)
    cut = follow(links[:4])
    assert cut.broken is None
    assert cut.head != links[-1][1]
