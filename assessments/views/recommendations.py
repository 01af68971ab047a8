"""Official recommendations with a year's result: listed, pasted, typed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from assessments.labels import cell_label
from assessments.models import Assessment, Instrument, Recommendation
from assessments.recommendation_forms import RecommendationForm, RecommendationPasteForm
from assessments.recommendation_reading import Found, Reading
from assessments.scoring import Kind
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai

CONFLICT = (
    "มีผู้อื่นแก้ไขข้อเสนอแนะนี้ก่อนท่าน ข้อความของท่านยังอยู่ในช่อง ข้อความที่บันทึกไว้ขณะนี้คือ “{}” หากจะใช้ของท่านให้กดบันทึกอีกครั้ง"
)
DELETED = "มีผู้อื่นลบข้อเสนอแนะนี้ไปแล้ว"


@dataclass(frozen=True)
class Line:
    """A recommendation as it was read, beside where it would go; `stands` where the same text is there already."""

    found: Found
    place: str
    stands: bool


def _assessment(request: MemberRequest, be_year: int) -> Assessment:
    """Return the organisation's assessment of a year, not saved where there is none. Raises Http404."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    return Assessment.seen_for(request.organisation, instrument)


def _standing(assessment: Assessment) -> list[Recommendation]:
    return list(assessment.recommendations.with_items()) if assessment.pk else []


@members_only(READERS)
@require_safe
def listing(request: MemberRequest, be_year: int) -> HttpResponse:
    """List what สำนักงาน ป.ป.ช. recommended with the result of the measured year `be_year`."""
    return _page(request, _assessment(request, be_year))


@members_only(EDITORS)
@require_POST
def recommendation_add(request: MemberRequest, be_year: int) -> HttpResponse:
    """Add one recommendation as typed."""
    assessment = _assessment(request, be_year)
    form = RecommendationForm(request.POST, instrument=assessment.instrument, prefix="new")
    if not form.is_valid():
        return _page(request, assessment, new=form, status=422)
    kept = Assessment.open_for(request.organisation, assessment.instrument)
    made = Recommendation.add(assessment=kept, **form.values, by=request.user, at=timezone.now())
    messages.success(request, "เพิ่มข้อเสนอแนะแล้ว")
    return _to_list(request, be_year, made)


@members_only(EDITORS)
@require_POST
def recommendation_save(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Save an edit of one recommendation."""
    assessment = _assessment(request, be_year)
    standing = get_object_or_404(Recommendation.objects.with_items(), assessment=assessment.pk, pk=pk)
    form = RecommendationForm.of(standing, instrument=assessment.instrument, data=request.POST)
    if not form.is_valid():
        return _page(request, assessment, edited=(pk, form), status=422)
    version = form.cleaned_data["version"] or 0
    try:
        standing.save_edit(version=version, **form.values, by=request.user, at=timezone.now())
    except Recommendation.Conflict as conflict:
        theirs = conflict.standing
        if theirs is None:
            messages.error(request, DELETED)
            return _to_list(request, be_year)
        form.data = request.POST.copy()
        form.data[form.add_prefix("version")] = str(theirs.version)
        form.add_error("text", CONFLICT.format(to_thai(theirs.text)))
        return _page(request, assessment, edited=(pk, form), status=409)
    messages.success(request, "บันทึกข้อเสนอแนะแล้ว")
    return _to_list(request, be_year, standing)


@members_only(EDITORS)
@require_POST
def recommendation_delete(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Delete one recommendation."""
    assessment = _assessment(request, be_year)
    standing = get_object_or_404(Recommendation, assessment=assessment.pk, pk=pk)
    version = request.POST.get("version", "")
    try:
        standing.remove(version=int(version) if version.isdecimal() and len(version) < 9 else 0)
    except Recommendation.Conflict as conflict:
        changed = "มีผู้อื่นแก้ไขข้อเสนอแนะนี้ไปแล้ว จึงยังไม่ลบ โปรดอ่านข้อความใหม่ก่อน"
        messages.error(request, changed if conflict.standing else DELETED)
        return _to_list(request, be_year, conflict.standing)
    messages.success(request, "ลบข้อเสนอแนะแล้ว")
    return _to_list(request, be_year)


@members_only(EDITORS)
def recommendations_paste(request: MemberRequest, be_year: int) -> HttpResponse:
    """Read a pasted text and show what was understood; save it only after a look at exactly that."""
    assessment = _assessment(request, be_year)
    instrument = assessment.instrument
    if request.method != "POST":
        return _paste_page(request, assessment, RecommendationPasteForm(instrument=instrument))
    form = RecommendationPasteForm(request.POST, instrument=instrument)
    if not form.is_valid():
        return _paste_page(request, assessment, form, status=422)
    reading, replaces = form.reading, form.cleaned_data["replaces"]
    is_seen = "confirm" in request.POST and request.POST.get("seen") == _digest(reading, assessment)
    if not is_seen or not reading.found:
        return _preview(request, assessment, form)
    kept = Assessment.open_for(request.organisation, instrument)
    made = Recommendation.take_over(
        reading.found, assessment=kept, replaces=replaces, by=request.user, at=timezone.now()
    )
    messages.success(request, to_thai(f"บันทึกข้อเสนอแนะ {len(made)} รายการแล้ว"))
    return _to_list(request, be_year)


def _preview(request: MemberRequest, assessment: Assessment, form: RecommendationPasteForm) -> HttpResponse:
    """Draw what was understood and what was not; the text may be mended and read again."""
    typed = {
        "text": form.cleaned_data["text"],
        "replaces": "yes" if form.cleaned_data["replaces"] else "no",
    }
    again = RecommendationPasteForm(initial=typed, instrument=assessment.instrument)
    preview: dict[str, Any] = {
        "seen": _digest(form.reading, assessment),
        "lines": _lines(form.reading, assessment),
        "refused": form.reading.refused,
        "stale": "confirm" in request.POST,
    }
    return _paste_page(request, assessment, again, **preview)


def _digest(reading: Reading, assessment: Assessment) -> str:
    """Return a fingerprint of a preview: what was read, and what stands."""
    read = [f"{f.tool} {f.part} {' '.join(f.codes)} {f.text}" for f in reading.found]
    stands = [f"{r.pk} {r.version}" for r in _standing(assessment)]
    return hashlib.sha256("\n".join([*read, "", *stands]).encode()).hexdigest()


def _lines(reading: Reading, assessment: Assessment) -> list[Line]:
    standing = {(r.tool.code, r.part, tuple(r.codes), r.text) for r in _standing(assessment)}
    return [
        Line(
            found,
            cell_label(Kind.TOOL, (found.tool, found.part))
            if found.tool != assessment.instrument.tree.code
            else "ภาพรวม",
            (found.tool, found.part, found.codes, found.text) in standing,
        )
        for found in reading.found
    ]


def _to_list(
    request: MemberRequest, be_year: int, recommendation: Recommendation | None = None
) -> HttpResponse:
    answer = redirect("assessments:recommendations", request.organisation.slug, be_year)
    if recommendation is not None:
        answer["Location"] += f"#recommendation-{recommendation.pk}"
    return answer


def _context(assessment: Assessment) -> dict[str, Any]:
    return {"working_year": assessment.be_year + 1, "step": "analysis", "be_year": assessment.be_year}


def _page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    new: RecommendationForm | None = None,
    edited: tuple[int, RecommendationForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Draw the list; new, edited: forms as they were typed, where they could not be saved."""
    instrument = assessment.instrument
    edits = request.membership.role in EDITORS
    rows = [
        (
            recommendation,
            (
                edited[1]
                if edited and edited[0] == recommendation.pk
                else RecommendationForm.of(recommendation, instrument=instrument)
            )
            if edits
            else None,
        )
        for recommendation in _standing(assessment)
    ]
    context = _context(assessment) | {
        "edits": edits,
        "rows": rows,
        "new": new or RecommendationForm(instrument=instrument, prefix="new"),
    }
    return render(request, "assessments/recommendations.html", context, status=status)


def _paste_page(
    request: MemberRequest,
    assessment: Assessment,
    form: RecommendationPasteForm,
    *,
    status: int = 200,
    **preview: object,
) -> HttpResponse:
    context = _context(assessment) | {"form": form, "count": len(_standing(assessment))} | preview
    return render(request, "assessments/recommendations_paste.html", context, status=status)
