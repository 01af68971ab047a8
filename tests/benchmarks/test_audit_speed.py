"""How fast chains of events are walked, beside hashing the same bytes with hashlib alone.

Reported, never asserted:

    pytest -m benchmark tests/benchmarks -s
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from statistics import median
from time import perf_counter

import pytest
from django.core.management import call_command

from ita_portal.audit.chain import GENESIS, Link, canonical, fingerprint
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

pytestmark = [pytest.mark.benchmark, pytest.mark.django_db]

EVENTS, RUNS = 100_000, 3
AT = datetime(2024, 1, 15, 3, 0, 0, 120, tzinfo=UTC)
FACTS = {"be_year": 2566, "scores": 118, "changed": 98, "member": 7, "role": "staff", "position": "นักวิเคราะห์"}


@pytest.fixture
def written(organisation: Organisation, stranger_organisation: Organisation, staff: User) -> list[bytes]:
    """Keep chains of two organisations; return the bytes that were hashed."""
    hashed = []
    for owner in (organisation, stranger_organisation):
        head, rows = GENESIS, []
        for sequence in range(1, EVENTS // 2 + 1):
            link = Link(
                organisation=owner.pk,
                sequence=sequence,
                previous_hash=head,
                actor=staff.pk,
                verb="scores-imported",
                sentence=f"นำเข้าคะแนน ๑๑๘ รายการ ครั้งที่ {sequence}",
                facts=FACTS,
                at=AT + timedelta(seconds=sequence),
            )
            hashed.append(canonical(link))
            head = fingerprint(link)
            columns = link._asdict() | {"organisation": owner, "actor": staff}
            rows.append(Event(hash=head, **columns))
        Event.objects.bulk_create(rows, batch_size=1000)
    return hashed


def test_audit_speed(written: list[bytes]) -> None:
    """Print the median times of both, taken in turns, and their ratio."""

    def ours() -> None:
        call_command("verify_audit", stdout=io.StringIO())

    def hashing() -> None:
        for event in written:
            sha256(event).hexdigest()

    times: dict[str, list[float]] = {"ours": [], "hashing": []}
    for _ in range(RUNS):
        for name, deed in (("ours", ours), ("hashing", hashing)):
            start = perf_counter()
            deed()
            times[name].append(perf_counter() - start)
    mine, theirs = median(times["ours"]), median(times["hashing"])
    print(
        f"\nverify_audit over {EVENTS} events, median of {RUNS}: {mine:.2f} s (aim: under 10), "
        f"hashlib alone over the same bytes {theirs:.2f} s, ratio {mine / theirs:.1f}"
    )
