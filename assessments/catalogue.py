"""The instruments of all fiscal years as files, and their way into the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.db import transaction

from ita_portal.audit.models import Event

from . import question_map
from .models import Instrument, Item
from .scoring import Kind

FOLDER = Path(__file__).parent / "catalogue"


class BadCatalogue(ValueError):
    """A catalogue file has a wrong structure; the text names the file, the place and what is wanted."""


def load(data: dict[str, Any], *, name: str) -> Instrument:
    """Make or renew the instrument of one catalogue file; all or nothing.

    data: the parsed JSON; name: what to call the file in refusals. Items are kept by their codes, so loading
    again changes no score. Where the file is incomplete and an operator has imported the year's question list,
    the items stay as imported; a question map that an operator has edited stays, too. Raises BadCatalogue.
    """
    check(data, name)
    be_year: int = data["be_year"]
    with transaction.atomic():
        instrument, _ = Instrument.objects.update_or_create(
            be_year=be_year,
            defaults={
                "certainty": data["certainty"],
                "threshold": Decimal(data["threshold"]),
                "levels": data["levels"],
                "plan_item": data["plan_item"] or "",
                "report_item": data["report_item"] or "",
                "topics": data.get("topics", []),
                "disclosure_links": data.get("disclosure_links", {}),
                "perception_pairs": data.get("perception_pairs", []),
            },
        )
        instrument.complete = instrument.complete or data["complete"]
        if not _done_by_operator(Event.Verb.QUESTION_MAP_CHANGED, instrument):
            instrument.question_map = data.get("question_map", {})
        instrument.save(update_fields=["complete", "question_map"])
        if data["complete"] or not _done_by_operator(Event.Verb.INSTRUMENT_IMPORTED, instrument):
            _write_items(instrument, list(_items_of(data)))
    return instrument


def _done_by_operator(verb: Event.Verb, instrument: Instrument) -> bool:
    """Whether an operator has imported this year's questions, or edited its question map: they know more than
    the files."""
    return Event.objects.filter(verb=verb, facts__be_year=instrument.be_year).exists()


def _write_items(instrument: Instrument, wanted: list[dict[str, Any]]) -> None:
    """Bring the instrument's items in line with the file: two queries to read and two to write, a level each."""
    standing = {item.code: item for item in instrument.items.all()}
    for kind in Kind:
        new, changed = [], []
        for fields in (f for f in wanted if f["kind"] == kind):
            parent = fields.pop("parent")
            fields["parent"] = standing[parent] if parent else None
            item = standing.get(fields["code"])
            if item is None:
                item = standing[fields["code"]] = Item(instrument=instrument, **fields)
                new.append(item)
            elif any(getattr(item, field) != value for field, value in fields.items()):
                for field, value in fields.items():
                    setattr(item, field, value)
                changed.append(item)
        Item.objects.bulk_create(new)
        Item.objects.bulk_update(changed, ["parent", "kind", "title", "position", "weight", "part_count"])


def _items_of(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the fields of every item of a file; positions leave room between indicators for imports."""

    position = 0

    def item(kind: Kind, code: str, parent: str | None, title: str | None, **more: Any) -> dict[str, Any]:
        nonlocal position
        position += 1
        fields = {"kind": kind.value, "code": code, "parent": parent, "title": title or ""}
        return fields | {"position": position, "weight": None, "part_count": 0} | more

    yield item(Kind.TOTAL, "total", None, "คะแนนรวม")
    for tool in data["tools"]:
        weight, parts = Decimal(tool["weight"]), len(tool["parts"])
        yield item(Kind.TOOL, tool["code"], "total", tool["name"], weight=weight, part_count=parts)
        for indicator in tool["indicators"]:
            position = indicator["number"] * 200
            code = f"indicator-{indicator['number']}"
            yield item(Kind.INDICATOR, code, tool["code"], indicator["name"])
            for sub in indicator["sub_indicators"]:
                yield item(Kind.SUB_INDICATOR, sub["number"], code, sub["name"])
            for question in indicator["questions"]:
                parent = question.get("sub_indicator") or code
                yield item(Kind.QUESTION, question["code"], parent, question["title"])


def check(data: Any, name: str) -> None:
    """Refuse a file that has not the structure of a catalogue file. Raises BadCatalogue naming the place."""

    def refuse(place: str, rule: str) -> None:
        raise BadCatalogue(f"แฟ้ม {name} ที่ {place}: {rule}")

    def need(container: Any, key: str, kinds: type | tuple[type, ...], place: str) -> Any:
        if not isinstance(container, dict) or key not in container:
            refuse(place, f"ไม่มีช่อง “{key}”")
        value = container[key]
        if not isinstance(value, kinds) or (isinstance(value, bool) and kinds is int):
            refuse(f"{place}.{key}", f"ค่า {value!r} ผิดชนิด")
        return value

    be_year = need(data, "be_year", int, "ต้นแฟ้ม")
    if not 2556 <= be_year <= 2700:
        refuse("be_year", f"{be_year} ไม่ใช่ปี พ.ศ. เช่น 2566")
    need(data, "complete", bool, "ต้นแฟ้ม")
    need(data, "certainty", str, "ต้นแฟ้ม")
    for key in ("plan_item", "report_item"):
        need(data, key, (str, type(None)), "ต้นแฟ้ม")
    try:
        Decimal(need(data, "threshold", str, "ต้นแฟ้ม"))
    except InvalidOperation:
        refuse("threshold", 'ต้องเป็นตัวเลขในเครื่องหมายคำพูด เช่น "85"')
    need(need(data, "levels", dict, "ต้นแฟ้ม"), "levels", list, "levels")

    codes: set[str] = set()

    def unique(code: str, place: str) -> None:
        if code in codes:
            refuse(place, f"รหัส “{code}” ซ้ำ")
        codes.add(code)

    weights = 0
    for t, tool in enumerate(need(data, "tools", list, "ต้นแฟ้ม")):
        place = f"tools[{t}]"
        unique(need(tool, "code", str, place), place)
        need(tool, "name", str, place)
        weights += need(tool, "weight", int, place)
        need(tool, "parts", list, place)
        for n, indicator in enumerate(need(tool, "indicators", list, place)):
            here = f"{place}.indicators[{n}]"
            unique(f"indicator-{need(indicator, 'number', int, here)}", here)
            need(indicator, "name", str, here)
            subs = set()
            for s, sub in enumerate(need(indicator, "sub_indicators", list, here)):
                number = need(sub, "number", str, f"{here}.sub_indicators[{s}]")
                need(sub, "name", str, f"{here}.sub_indicators[{s}]")
                unique(number, f"{here}.sub_indicators[{s}]")
                subs.add(number)
            for q, question in enumerate(need(indicator, "questions", list, here)):
                spot = f"{here}.questions[{q}]"
                unique(need(question, "code", str, spot), spot)
                need(question, "title", (str, type(None)), spot)
                if subs and question.get("sub_indicator") not in subs:
                    refuse(spot, f"ตัวชี้วัดย่อย “{question.get('sub_indicator')}” ไม่มีในตัวชี้วัดนี้")
    if weights != 100:
        refuse("tools", f"น้ำหนักรวม {weights} ต้องเป็น 100")
    for n, topic in enumerate(data.get("topics", [])):
        place = f"topics[{n}]"
        need(topic, "number", int, place)
        need(topic, "name", str, place)
        for key in ("perception", "disclosure"):
            for code in need(topic, key, list, place):
                if code not in codes:
                    refuse(f"{place}.{key}", f"ไม่มีข้อ “{code}” ในแบบประเมินนี้")


def read_file(path: Path) -> dict[str, Any]:
    """Read a catalogue file. Raises BadCatalogue where it is no JSON or has a wrong structure."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise BadCatalogue(f"แฟ้ม {path.name}: อ่านเป็น JSON ไม่ได้ ({error})") from error
    check(data, path.name)
    return data


def side_files(be_year: int) -> dict[str, Any]:
    """Return what stands of a fiscal year in the files beside the catalogue: its question map and the pairs of
    questions that ask the same of two groups. Raises BadCatalogue."""
    maps = json.loads((FOLDER / "question-maps.json").read_text(encoding="utf-8"))
    pairs = json.loads((FOLDER / "perception-pairs.json").read_text(encoding="utf-8"))
    found = {"question_map": maps.get(str(be_year), {}), "perception_pairs": pairs.get(str(be_year), [])}
    try:
        question_map.read(found["question_map"])
    except question_map.BadMap as error:
        raise BadCatalogue(f"แฟ้ม question-maps.json ปี {be_year}: {error}") from error
    return found
