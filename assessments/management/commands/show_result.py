"""Show what follows from an organisation's scores of a year."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from assessments.labels import cell_label
from assessments.levels import Level
from assessments.models import Assessment
from assessments.scoring import Figure, Kind, Result
from assessments.sheet import cell_name
from ita_portal.thai import format_change, format_score, round_half_up

from .import_scores import organisation_and_instrument


def as_data(result: Result, *, slug: str, be_year: int) -> dict[str, Any]:
    """Return a result as JSON data; every score a string with two decimals, or null where it is not known.

    organisation, year: what was asked for; threshold: points below which an item is flagged;
    figures: by name ("total", "EIT", "EIT/1", "indicator-6", "9.1") an object of
      announced, computed, value (announced, else computed), difference (announced − computed), previous
      (the year before), change, implied (a hint for a missing score), flagged (true or false);
    level, letter, pass_level: null without a total, else {name, determined, reason};
    flagged: [{name, value, gap}] of everything below the threshold, questions by their parts;
    warnings: names of figures whose announced and computed scores differ by more than 0.01.
    """
    shown = [figure for figure in result.figures.values() if _is_shown(figure)]
    return {
        "organisation": slug,
        "year": be_year,
        "threshold": _text(result.threshold),
        "figures": {
            cell_name(figure.key): {
                "announced": _text(figure.announced),
                "computed": _text(figure.computed),
                "value": _text(figure.value),
                "difference": _text(figure.difference),
                "previous": _text(figure.previous),
                "change": _text(figure.change),
                "implied": _text(figure.implied),
                "flagged": figure.flagged,
            }
            for figure in shown
        },
        "level": _level(result.level),
        "letter": _level(result.letter),
        "pass_level": _level(result.pass_level),
        "flagged": [
            {"name": cell_name(figure.key), "value": _text(figure.value), "gap": _text(figure.gap)}
            for figure in result.flagged
        ],
        "warnings": [cell_name(figure.key) for figure in result.warnings],
    }


def _is_shown(figure: Figure) -> bool:
    return figure.kind is not Kind.QUESTION


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(round_half_up(value))


def _level(level: Level | None) -> dict[str, Any] | None:
    if level is None:
        return None
    return {"name": level.name, "determined": level.determined, "reason": level.reason}


class Command(BaseCommand):
    """manage.py show_result --organisation SLUG --year 2566 [--json]

    Without --json a Thai table; with it the data described at `as_data`.
    """

    help = "แสดงผลคะแนนของหน่วยงาน: ประกาศ คำนวณ ระดับ และข้อที่ต่ำกว่าเกณฑ์"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the organisation, the measured fiscal year (B.E.) and the kind of output."""
        parser.add_argument("--organisation", required=True, metavar="SLUG")
        parser.add_argument("--year", required=True, type=int, metavar="2566")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, organisation: str, year: int, as_json: bool, **options: Any) -> None:
        """Work the result out and write it."""
        owner, instrument = organisation_and_instrument(organisation, year)
        result = Assessment.seen_for(owner, instrument).result(compared=True)
        if as_json:
            data = as_data(result, slug=organisation, be_year=year)
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write(f"ผลคะแนน ITA ปีงบประมาณ {year} {owner}\n" + "\n".join(_lines(result)))


def _lines(result: Result) -> list[str]:
    lines = [f"{'ประกาศ':>8} {'คำนวณ':>8} {'ปีก่อน':>8} {'เปลี่ยน':>8}  รายการ"]
    for figure in filter(_is_shown, result.figures.values()):
        scores = [_cell(value) for value in (figure.announced, figure.computed, figure.previous)]
        change = "–" if figure.change is None else format_change(figure.change)
        note = f"  ● ขาด {figure.gap}" if figure.flagged else ""
        note += f"  ▲ ต่างกัน {figure.difference:+}" if figure.disagrees else ""
        note += f"  (คิดย้อนได้ {figure.implied})" if figure.value is None and figure.implied is not None else ""
        lines.append(f"{' '.join(scores)} {change:>7}  {cell_label(figure.kind, figure.key)}{note}")
    for name, level in (
        ("ระดับ", result.level),
        ("ระดับแบบตัวอักษร", result.letter),
        ("ระดับการผ่าน", result.pass_level),
    ):
        lines.append(f"{name}: {f'{level.name} ({level.reason})' if level else 'ยังไม่ทราบ'}")
    below = [f"{cell_label(f.kind, f.key)} {f.value}" for f in result.flagged]
    lines.append(f"ต่ำกว่า {result.threshold}: {', '.join(below) if below else 'ไม่มี'}")
    return lines


def _cell(value: Decimal | None) -> str:
    return f"{'–' if value is None else format_score(value):>7}"
