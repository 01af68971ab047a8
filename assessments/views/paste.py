"""Scores from a pasted text or a CSV file: read, shown, and saved only when confirmed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from assessments.forms import PasteForm
from assessments.labels import cell_label
from assessments.models import Assessment, Instrument, targets_of
from assessments.reading import Reading, Target
from ita_portal.organisations.access import EDITORS, MemberRequest, members_only
from ita_portal.thai import to_thai

from .scores import closed_sentence, no_instrument


@dataclass(frozen=True)
class Change:
    """One score that was read, beside the one that stands."""

    label: str
    title: str
    line: int
    old: Decimal | None
    new: Decimal
    previous: Decimal | None

    @property
    def is_change(self) -> bool:
        """Whether saving would change anything."""
        return self.old != self.new


@members_only(EDITORS)
def scores_paste(request: MemberRequest, be_year: int) -> HttpResponse:
    """Read a paste or a file and show what would change; save it only after a look at exactly that."""
    instrument = Instrument.objects.filter(be_year=be_year).first()
    if instrument is None:
        return no_instrument(request, be_year)
    assessment = Assessment.seen_for(request.organisation, instrument)
    if assessment.is_closed:
        messages.error(request, closed_sentence(assessment))
        return redirect("assessments:score-sheet", request.organisation.slug, be_year)
    if request.method != "POST":
        return _page(request, assessment, PasteForm(targets=targets(instrument)))
    form = PasteForm(request.POST, request.FILES, targets=targets(instrument))
    if not form.is_valid():
        return _page(request, assessment, form, status=422)
    if "confirm" in request.POST and request.POST.get("seen") == digest(form.reading, assessment):
        return _save(request, assessment, form)
    return _preview(request, assessment, form)


def targets(instrument: Instrument) -> list[Target]:
    """Return every cell of an instrument with its wording."""
    return [Target(*key, node.title) for node, key in targets_of(instrument)]


def digest(reading: Reading, assessment: Assessment) -> str:
    """Return a fingerprint of a preview: what was read, and what stands in the same cells."""
    standing = assessment.entered()
    lines = [f"{c.code} {c.part} {standing.get((c.code, c.part))} {c.value}" for c in reading.found]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def changes(reading: Reading, assessment: Assessment) -> list[Change]:
    """Return what was read as changes, in the order of the lines."""
    nodes = {key: node for node, key in targets_of(assessment.instrument)}
    standing = assessment.entered()
    return [
        Change(
            cell_label(nodes[key].kind, key),
            nodes[key].title,
            item.line,
            standing.get(key),
            item.value,
            item.previous,
        )
        for item in reading.found
        if (key := (item.code, item.part)) in nodes
    ]


def _save(request: MemberRequest, assessment: Assessment, form: PasteForm) -> HttpResponse:
    """Save what was confirmed; what somebody saved in the meantime brings the preview again."""
    cells = assessment.scores.values_list("item__code", "part", "version") if assessment.pk else []
    seen = {(code, part): version for code, part, version in cells}
    assessment = Assessment.open_for(request.organisation, assessment.instrument)
    values = {(item.code, item.part): item.value for item in form.reading.found}
    source = "ไฟล์ CSV" if form.cleaned_data["is_file"] else "ข้อความที่วาง"
    try:
        changed = assessment.import_scores(
            values, source=source, seen=seen, by=request.user, at=timezone.now()
        )
    except Assessment.Closed:
        messages.error(request, closed_sentence(assessment))
        return _preview(request, assessment, form, status=409)
    except Assessment.Conflict:
        return _preview(request, assessment, form, status=409)
    messages.success(request, to_thai(f"บันทึกคะแนนแล้ว เปลี่ยน {changed} ค่า จาก{source}"))
    return redirect("assessments:score-sheet", request.organisation.slug, assessment.be_year)


def _preview(
    request: MemberRequest, assessment: Assessment, form: PasteForm, status: int = 200
) -> HttpResponse:
    """Draw what was understood and what was not; the text may be mended and read again."""
    found = changes(form.reading, assessment)
    # A file's text stands in the box from now on.
    again = PasteForm(initial=form.cleaned_data, targets=form.targets)
    context = {
        "seen": digest(form.reading, assessment),
        "found": found,
        "refused": form.reading.refused,
        "changed": sum(change.is_change for change in found),
        "stale": "confirm" in request.POST,
    }
    return _page(request, assessment, again, status=status, **context)


def _page(
    request: MemberRequest, assessment: Assessment, form: PasteForm, *, status: int = 200, **preview: object
) -> HttpResponse:
    context = {
        "working_year": assessment.be_year + 1,
        "step": "scores",
        "be_year": assessment.be_year,
        "form": form,
    } | preview
    return render(request, "assessments/paste.html", context, status=status)
