"""Load the starter library of measures from the project's own files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from assessments.models import Instrument, Item
from measures.models import LibraryEntry

FOLDER = Path(__file__).resolve().parents[2] / "library"
TEXTS = {"key", "topic", "title", "recommendation", "unit", "follow_up"}
FIELDS = TEXTS | {"codes", "steps"}


class Command(BaseCommand):
    """Make or renew every ready measure by its key; loading twice changes nothing."""

    help = "โหลดคลังมาตรการตั้งต้นจากแฟ้มของระบบ (ทำซ้ำได้)"

    def add_arguments(self, parser: Any) -> None:
        """Take other files than the project's own, where given."""
        parser.add_argument("files", nargs="*", type=Path, help="แฟ้ม JSON (ปกติทุกแฟ้มใน measures/library)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load all files or none. Raises CommandError that names the place of a wrong structure."""
        with transaction.atomic():
            for path in options["files"] or sorted(FOLDER.glob("*.json")):
                count = load(path)
                if options["verbosity"]:
                    self.stdout.write(f"{path.name}: {count} มาตรการ")


def load(path: Path) -> int:
    """Load one file of ready measures and return how many it holds. Raises CommandError."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        be_year, entries = data["be_year"], data["entries"]
        instrument = Instrument.objects.get(be_year=be_year)
    except (OSError, ValueError) as error:
        raise CommandError(f"{path.name}: อ่านแฟ้มไม่ได้ ({error})") from error
    except (KeyError, TypeError) as error:
        raise CommandError(f"{path.name}: ต้องมี be_year และ entries") from error
    except Instrument.DoesNotExist as error:
        raise CommandError(f"{path.name}: ยังไม่มีแบบประเมินปี {be_year} ให้สั่ง load_instruments ก่อน") from error
    items = {item.code: item for item in instrument.items.filter(kind=Item.Kind.QUESTION)}
    topics = {topic["number"] for topic in instrument.topic_outline}
    seen: set[str] = set()
    for number, raw in enumerate(entries, start=1):
        place = f"{path.name} รายการที่ {number}"
        _check(raw, place=place, codes=items.keys(), topics=topics, seen=seen)
        entry, _ = LibraryEntry.objects.update_or_create(
            organisation=None,
            key=raw["key"],
            defaults={
                "topic": raw["topic"],
                "title": raw["title"],
                "recommendation": raw["recommendation"],
                "steps": "\n".join(raw["steps"]),
                "unit_name": raw["unit"],
                "follow_up": raw["follow_up"],
            },
        )
        entry.items.set(items[code] for code in raw["codes"])
    return len(entries)


def _check(raw: Any, *, place: str, codes: Any, topics: set[int], seen: set[str]) -> None:
    """Raise CommandError with the place, the value and the rule where an entry is wrong."""
    if not isinstance(raw, dict) or raw.keys() != FIELDS:
        raise CommandError(f"{place}: ต้องมีช่อง {', '.join(sorted(FIELDS))} ครบและไม่มีช่องอื่น")
    place = f"{place} ({raw['key']})"
    if any(not isinstance(raw[name], str) for name in TEXTS - {"topic"}):
        raise CommandError(f"{place}: ช่อง {', '.join(sorted(TEXTS - {'topic'}))} ต้องเป็นข้อความ")
    if not raw["key"] or not raw["title"].strip():
        raise CommandError(f"{place}: key และ title ต้องไม่ว่าง")
    if raw["key"] in seen:
        raise CommandError(f"{place}: key ซ้ำกับรายการก่อนหน้า")
    seen.add(raw["key"])
    if raw["topic"] not in topics:
        raise CommandError(f"{place}: topic = {raw['topic']} ไม่มีในแบบประเมิน ใช้ได้ {sorted(topics)}")
    if not isinstance(raw["codes"], list) or (unknown := [c for c in raw["codes"] if c not in codes]):
        raise CommandError(
            f"{place}: codes = {unknown if isinstance(raw['codes'], list) else raw['codes']} ไม่มีในแบบประเมิน เช่น i7"
        )
    if not (
        isinstance(raw["steps"], list)
        and raw["steps"]
        and all(isinstance(step, str) and step.strip() and "\n" not in step for step in raw["steps"])
    ):
        raise CommandError(f"{place}: steps ต้องเป็นรายการข้อความบรรทัดเดียวอย่างน้อยหนึ่งขั้นตอน")
