"""A chain of events as CSV, a few rows at a time, for people who check it elsewhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC
from zoneinfo import ZoneInfo

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from ita_portal.cells import safe

from .models import Event, EventQuerySet

BANGKOK = ZoneInfo("Asia/Bangkok")
BYTE_ORDER_MARK = "\ufeff"  # by which spreadsheets know UTF-8
HEADINGS = (
    "เลขที่",
    "เวลา (ประเทศไทย)",
    "เวลา (UTC)",
    "รหัสเรื่อง",
    "เรื่อง",
    "รายละเอียด",
    "ผู้ทำ",
    "เลขผู้ทำ",
    "เลขหน่วยงาน",
    "ข้อมูลประกอบ (JSON)",
    "รหัสของเหตุการณ์ก่อนหน้า (SHA-256)",
    "รหัสของเหตุการณ์นี้ (SHA-256)",
)
_ENCODE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        """Return `text`."""
        return text


def csv_lines(events: EventQuerySet) -> Iterator[str]:
    """Yield the heading, then every event of a chain, oldest first, each as one line (a cell may hold line breaks).

    All columns that its fingerprint covers are there, so that it can be computed anew; texts that a spreadsheet could
    take for a formula have an apostrophe before them.
    """
    write = csv.writer(_Echo()).writerow
    yield BYTE_ORDER_MARK + write(HEADINGS)
    for event in events.order_by("sequence").select_related("actor").iterator(chunk_size=2000):
        yield write([safe(cell) for cell in cells_of(event)])


def csv_download(events: EventQuerySet, name: str) -> StreamingHttpResponse:
    """The same as a file to keep, sent while it is read."""
    disposition = content_disposition_header(as_attachment=True, filename=f"{name}.csv".replace("/", "-"))
    return StreamingHttpResponse(
        csv_lines(events),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": disposition or "attachment"},
    )


def cells_of(event: Event) -> list[str]:
    """Return an event's cells, in the order of `HEADINGS`."""
    return [
        str(event.sequence),
        f"{event.at.astimezone(BANGKOK):%Y-%m-%d %H:%M:%S}",
        event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        event.verb,
        event.get_verb_display(),
        event.sentence,
        event.actor.full_name if event.actor else "ระบบ",
        str(event.actor_id or ""),
        str(event.organisation_id or ""),
        _ENCODE(event.facts),
        event.previous_hash,
        event.hash,
    ]
