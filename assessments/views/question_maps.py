"""The operator's page on which a year's questions are compared with those of the year before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from assessments.models import Instrument
from assessments.question_map import BadMap, Change, Origin, gone
from assessments.scoring import Kind, Node
from ita_portal.organisations.access import operators_only
from ita_portal.thai import to_thai

NEW = "new"


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def question_map(request: Any, be_year: int) -> HttpResponse:
    """Show where each question of the year comes from, and save what the operator chooses; all or nothing."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    origins, problem = instrument.origins, ""
    if request.method == "POST":
        origins = _posted(request.POST, instrument)
        if request.POST.get("seen") != _seen(instrument):
            problem = "มีผู้บันทึกการเทียบคำถามไปแล้วหลังจากที่ท่านเปิดหน้านี้ สิ่งที่ท่านเลือกยังอยู่: ตรวจแล้วกดบันทึกอีกครั้ง"
        else:
            try:
                instrument.map_questions(origins, by=request.user, at=timezone.now())
            except BadMap as error:
                problem = str(error)
            else:
                messages.success(request, to_thai(f"บันทึกการเทียบคำถามปีงบประมาณ {be_year} แล้ว"))
                return redirect("assessments:question-map", be_year)
    last = _questions(instrument.year_before)
    context = {
        "instrument": instrument,
        "last_year": be_year - 1,
        "rows": _rows(instrument, origins, last),
        "gone": [last[code] for code in gone(origins, last)],
        "has_last": bool(last),
        "problem": to_thai(problem),
        "seen": _seen(instrument),
    }
    return render(request, "assessments/question_map.html", context, status=422 if problem else 200)


def _posted(data: Mapping[str, str], instrument: Instrument) -> dict[str, Origin]:
    """Read the choices: “from-i1” is last year's code, “new”, or empty where nothing is decided; “reworded-i1”."""
    found = {}
    for code in instrument.question_codes:
        old = data.get(f"from-{code}", "")
        if old == NEW:
            found[code] = Origin(Change.NEW)
        elif old:
            found[code] = Origin(Change.REWORDED if f"reworded-{code}" in data else Change.SAME, old)
    return found


def _seen(instrument: Instrument) -> str:
    """Return a fingerprint of the map that stands."""
    return hashlib.sha256(json.dumps(instrument.question_map, sort_keys=True).encode()).hexdigest()


def _questions(instrument: Instrument | None) -> dict[str, Node]:
    if instrument is None:
        return {}
    return {node.code: node for node in instrument.tree.walk() if node.kind is Kind.QUESTION}


def _rows(
    instrument: Instrument, origins: Mapping[str, Origin], last: Mapping[str, Node]
) -> list[dict[str, Any]]:
    """The questions, each with what is chosen for it and last year's questions of the same tool to choose from."""
    rows = []
    for tool in instrument.tree.children:
        for question in (node for node in tool.walk() if node.kind is Kind.QUESTION):
            origin = origins.get(question.code)
            chosen = (origin.code or NEW) if origin else ""
            choices = [code for code in last if code[0] == question.code[0] or code == chosen]
            rows.append(
                {
                    "tool": tool.code,
                    "question": question,
                    "chosen": chosen,
                    "reworded": bool(origin and origin.change is Change.REWORDED),
                    "before": last.get(chosen),
                    "choices": choices,
                }
            )
    return rows
