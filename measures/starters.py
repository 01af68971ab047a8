"""First sentences of the plan's texts, drawn from the result: a beginning that the officer goes on from.

Pure functions of the result; Arabic digits.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from assessments.models import cell_label
from assessments.scoring import Figure, Result
from ita_portal.thai import format_score


def opening(result: Result, *, be_year: int, organisation: str) -> str:
    """Return the opening paragraph: total, level, change, best and weakest indicator, number of weak items.

    be_year: the measured year; organisation: its full name. Empty without a total.
    """
    total = result.total
    if total.value is None or result.level is None:
        return ""
    told = [
        f"จากผลการประเมินคุณธรรมและความโปร่งใสในการดำเนินงานของหน่วยงานภาครัฐ (ITA) ประจำปีงบประมาณ พ.ศ. {be_year} "
        f"{organisation}ได้คะแนนรวม {format_score(total.value)} คะแนน ระดับ{result.level.name}"
    ]
    if total.change is not None and total.previous is not None:
        before = f"ปีงบประมาณ พ.ศ. {be_year - 1} ซึ่งได้ {format_score(total.previous)} คะแนน"
        if total.change:
            word = "เพิ่มขึ้น" if total.change > 0 else "ลดลง"
            told.append(f"{word}จาก{before} อยู่ {format_score(abs(total.change))} คะแนน")
        else:
            told.append(f"เท่ากับ{before}")
    if len(result.ranking) > 1:
        best, weakest = result.ranking[0], result.ranking[-1]
        told.append(f"ตัวชี้วัดที่ได้คะแนนสูงสุดคือ{_named(best)} และที่ได้คะแนนต่ำสุดคือ{_named(weakest)}")
    threshold = _points(result.threshold)
    if result.weak_items:
        told.append(
            f"มีข้อที่ได้คะแนนต่ำกว่าเกณฑ์ {threshold} คะแนน จำนวน {len(result.weak_items)} ข้อ "
            f"จึงวิเคราะห์ผลรายประเด็นเพื่อกำหนดมาตรการประจำปีงบประมาณ พ.ศ. {be_year + 1} ดังต่อไปนี้"
        )
    else:
        told.append(
            f"ไม่มีข้อที่ได้คะแนนต่ำกว่าเกณฑ์ {threshold} คะแนน จึงกำหนดมาตรการประจำปีงบประมาณ พ.ศ. {be_year + 1} "
            "เพื่อรักษาผลที่ดีไว้"
        )
    return " ".join(told)


def topic(figures: Iterable[Figure], *, threshold: Decimal) -> str:
    """Return the first sentences on one topic from its questions; empty where no score is known."""
    cells = [cell for figure in figures for cell in figure.cells if cell.value is not None]
    if not cells:
        return ""
    weak = sorted((c for c in cells if c.flagged), key=lambda c: c.value or Decimal(0))
    count = len({cell.code for cell in cells})
    told = f"ประเด็นนี้พิจารณาจากคะแนน {count} ข้อ "
    if weak:
        names = ", ".join(_scored(cell) for cell in weak)
        return (
            f"{told}มีคะแนนต่ำกว่าเกณฑ์ {_points(threshold)} คะแนน ได้แก่ {names} "
            "จึงต้องหาสาเหตุและกำหนดมาตรการแก้ไขในประเด็นนี้"
        )
    lowest = min(cells, key=lambda c: c.value or Decimal(0))
    return (
        f"{told}ทุกข้อได้คะแนนไม่ต่ำกว่าเกณฑ์ {_points(threshold)} คะแนน ข้อที่ได้คะแนนน้อยที่สุดคือ {_scored(lowest)} "
        "จึงควรรักษาแนวปฏิบัติที่ดีไว้และติดตามข้อที่ได้คะแนนน้อยที่สุด"
    )


def _named(indicator: Figure) -> str:
    return f"{cell_label(indicator.kind, indicator.key)} {indicator.title} ({format_score(indicator.value or Decimal(0))} คะแนน)"


def _scored(cell: Figure) -> str:
    return f"{cell_label(cell.kind, cell.key)} ({format_score(cell.value or Decimal(0))})"


def _points(threshold: Decimal) -> str:
    return format_score(threshold).removesuffix(".00")
