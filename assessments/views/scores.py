"""The score sheet of a fiscal year: one page for all scores, saved cell by cell or as a whole."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessments import sheet
from assessments.labels import cell_label
from assessments.models import Assessment, Instrument, Score, targets_of
from assessments.scoring import Key
from assessments.sheet import Posted
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import BadScore, clock, long_date, short_date, to_thai


@members_only(READERS)
def score_sheet(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show all scores of a measured year; reading writes nothing."""
    instrument = Instrument.objects.filter(be_year=be_year).first()
    if instrument is None:
        return no_instrument(request, be_year)
    return _page(request, Assessment.seen_for(request.organisation, instrument))


@members_only(EDITORS)
def scores_save(request: MemberRequest, be_year: int) -> HttpResponse:
    """Save the whole page at once, all or nothing; “fill” sets disclosure items without a score to 100."""
    if request.method != "POST":
        return _to_sheet(request, be_year)
    refused = _keep(request, be_year, fill="fill" in request.POST)
    return refused or _to_sheet(request, be_year)


@members_only(EDITORS)
@require_POST
def score_save(request: MemberRequest, be_year: int) -> JsonResponse:
    """Save one cell as it is typed, and answer with all that follows from it.

    200: version and new figures; 409: somebody else's value stands, or the scores are closed; 422: the text
    cannot be read. What is refused comes as a Thai sentence.
    """
    instrument = get_object_or_404(Instrument, be_year=be_year)
    key = sheet.key_of(request.POST.get("cell", ""))
    label = _labels(instrument).get(key)
    version = sheet.version_of(request.POST.get("version", ""))
    if label is None or version is None:
        raise Http404
    try:
        value = sheet.read_cell(key, label, request.POST.get("text", ""))
    except BadScore as error:
        return JsonResponse({"sentence": to_thai(str(error))}, status=422)
    assessment, now = Assessment.open_for(request.organisation, instrument), timezone.now()
    try:
        saved = assessment.save_score(
            code=key[0], part=key[1], value=value, version=version, by=request.user, at=now
        )
    except Assessment.Closed:
        return JsonResponse({"sentence": closed_sentence(assessment)}, status=409)
    except Assessment.Conflict as conflict:
        (theirs,) = conflict.scores
        refusal = {"sentence": _dispute(label, theirs), "theirs": _theirs(theirs)}
        return JsonResponse(refusal | _figures(assessment), status=409)
    shown = {"version": saved, "text": sheet.shown_text(value), "saved": to_thai(clock(_local(now)))}
    return JsonResponse(shown | _figures(assessment), json_dumps_params={"ensure_ascii": False})


@members_only(EDITORS)
def scores_depth(request: MemberRequest, be_year: int) -> HttpResponse:
    """Choose how deep scores are entered; what the page brings is saved first."""
    depth = request.POST.get("depth")
    if request.method != "POST" or depth not in Assessment.Depth.values:
        return _to_sheet(request, be_year)
    if refused := _keep(request, be_year):
        return refused
    assessment = _opened(request, be_year)
    try:
        assessment.choose_depth(Assessment.Depth(depth))
    except Assessment.Closed:
        messages.error(request, closed_sentence(assessment))
    return _to_sheet(request, be_year)


@members_only(EDITORS)
def scores_close(request: MemberRequest, be_year: int) -> HttpResponse:
    """Close complete scores; what the page brings is saved first."""
    if request.method != "POST":
        return _to_sheet(request, be_year)
    if refused := _keep(request, be_year):
        return refused
    assessment = _opened(request, be_year)
    try:
        assessment.close(by=request.user, at=timezone.now())
    except Assessment.Closed:
        messages.info(request, closed_sentence(assessment))
    except Assessment.Incomplete as incomplete:
        messages.error(request, _incomplete_sentence(incomplete.labels))
    else:
        messages.success(request, to_thai(f"ปิดคะแนนปีงบประมาณ {be_year} แล้ว ต่อไป: วิเคราะห์ผลและทำมาตรการ"))
    return _to_sheet(request, be_year)


@members_only(EDITORS)
def scores_reopen(request: MemberRequest, be_year: int) -> HttpResponse:
    """Open closed scores again, for a reason."""
    if request.method == "POST":
        assessment = _opened(request, be_year)
        try:
            assessment.reopen(by=request.user, at=timezone.now(), reason=request.POST.get("reason", ""))
        except Assessment.NoReason:
            messages.error(request, "ยังไม่ได้เปิดคะแนน: ต้องเขียนเหตุผลที่เปิดคะแนนอีกครั้ง เช่น “ได้รับผลคะแนนที่แก้ไขแล้ว”")
        except Assessment.AlreadyOpen:
            messages.info(request, "คะแนนเปิดให้แก้ไขอยู่แล้ว")
        else:
            messages.success(request, "เปิดคะแนนให้แก้ไขแล้ว เมื่อแก้เสร็จให้ปิดคะแนนอีกครั้ง")
    return _to_sheet(request, be_year)


def no_instrument(request: MemberRequest, be_year: int) -> HttpResponse:
    """Return the page (404) for a year whose instrument is not in the portal, with the years that are."""
    years = Instrument.objects.values_list("be_year", flat=True)
    context = {"be_year": be_year, "years": years}
    return render(request, "assessments/no_instrument.html", context, status=404)


def closed_sentence(assessment: Assessment) -> str:
    """Tell in Thai that scores are closed, by whom and when, and what to do."""
    standing = Assessment.objects.select_related("closed_by").get(pk=assessment.pk)
    who_when = ""
    if standing.closed_at and standing.closed_by:
        who_when = f" โดย {standing.closed_by.full_name} เมื่อ {moment(standing.closed_at)}"
    return to_thai(f"ปิดคะแนนแล้ว{who_when} สิ่งที่กรอกยังไม่ได้บันทึก: ถ้าต้องแก้ ให้เปิดคะแนนอีกครั้งก่อน")


def moment(at: datetime) -> str:
    """Return day and time in words, with Arabic digits: "29 มีนาคม 2567 เวลา 14:32 น."."""
    local = _local(at)
    return f"{long_date(local.date())} เวลา {clock(local)} น."


def _short_moment(at: datetime) -> str:
    """The time alone today, with its day before."""
    local = _local(at)
    day = "" if local.date() == timezone.localdate() else f"{short_date(local.date())} "
    return f"{day}{clock(local)}"


def _local(at: datetime) -> datetime:
    return timezone.localtime(at)


def _opened(request: MemberRequest, be_year: int) -> Assessment:
    instrument = get_object_or_404(Instrument, be_year=be_year)
    return Assessment.open_for(request.organisation, instrument)


def _to_sheet(request: MemberRequest, be_year: int) -> HttpResponse:
    return redirect("assessments:score-sheet", request.organisation.slug, be_year)


def _labels(instrument: Instrument) -> dict[Key, str]:
    """The Thai name of every cell of an instrument."""
    return {key: cell_label(node.kind, key) for node, key in targets_of(instrument)}


def _keep(request: MemberRequest, be_year: int, *, fill: bool = False) -> HttpResponse | None:
    """Save what a posted page brings; return the page again, with all that was typed, where it is refused."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    labels = _labels(instrument)
    posted = sheet.read_form(request.POST, labels)
    assessment = Assessment.seen_for(request.organisation, instrument)
    if posted.has_errors:
        return _page(request, assessment, posted=posted, status=422)
    entered = assessment.entered() | {key: v for key, v in posted.values.items() if v is not None}
    empty = sheet.empty_disclosure_cells(labels, entered) if fill else []
    values = dict(posted.values) | dict.fromkeys(empty, Decimal(100))
    if values:
        assessment = Assessment.open_for(request.organisation, instrument)
        try:
            changed = assessment.save_scores(values, seen=posted.seen, by=request.user, at=timezone.now())
        except Assessment.Closed:
            return _page(request, assessment, posted=posted, problem=closed_sentence(assessment), status=409)
        except Assessment.Conflict as conflict:
            return _page(request, assessment, posted=_disputed(posted, labels, conflict.scores), status=409)
        messages.success(request, to_thai(f"บันทึกแล้ว {changed} ค่า"))
    if fill:
        messages.info(request, _fill_sentence(empty, entered))
    return None


def _fill_sentence(filled: list[Key], entered: dict[Key, Decimal]) -> str:
    zeros = [key[0] for key, value in entered.items() if sheet.is_disclosure(key) and value == 0]
    kept = f" ข้อที่กรอก 0 ไว้ไม่เปลี่ยน: {', '.join(zeros)}" if zeros else ""
    return to_thai(f"กรอก 100 ให้ข้อ OIT ที่ยังว่าง {len(filled)} ข้อ{kept}")


def _disputed(posted: Posted, labels: dict[Key, str], scores: list[Score]) -> Posted:
    """The posted page with the other person's values named at their cells; sent again, it overwrites them."""
    typed = dict(posted.typed)
    for score in scores:
        key = (score.item.code, score.part)
        if key in typed:
            typed[key] = replace(
                typed[key],
                shown=sheet.shown_text(score.value),
                version=score.version,
                error=f"{_dispute(labels[key], score)} ถ้าจะใช้ค่าของท่าน ให้กดบันทึกอีกครั้ง",
            )
    return replace(posted, typed=typed)


def _theirs(score: Score) -> dict[str, Any]:
    return {"text": sheet.shown_text(score.value), "version": score.version}


def _dispute(label: str, score: Score) -> str:
    who = score.updated_by.full_name if score.updated_by else "การนำเข้าไฟล์"
    deed = "ลบคะแนนนี้" if score.value is None else f"บันทึก {sheet.shown_text(score.value)}"
    return to_thai(f"{label}: {who} {deed} ไว้เมื่อ {moment(score.updated_at)}")


def _incomplete_sentence(missing: list[str]) -> str:
    more = f" และอีก {len(missing) - 5} ช่อง" if len(missing) > 5 else ""
    return to_thai(
        f"ยังปิดคะแนนไม่ได้ ยังไม่ได้กรอก {len(missing)} ช่อง คือ {', '.join(missing[:5])}{more}: "
        "ให้กรอกให้ครบ หรือเลือกความละเอียดให้ตรงกับคะแนนที่มี"
    )


def _figures(assessment: Assessment) -> dict[str, Any]:
    """What the page paints anew after a save, or when somebody else was quicker."""
    result = assessment.result(compared=True)
    return {
        "rows": sheet.painted_rows(result),
        "foot": asdict(sheet.foot_of(result)),
        "missing": to_thai(str(len(assessment.missing()))),
    }


def _page(
    request: MemberRequest,
    assessment: Assessment,
    *,
    posted: Posted | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """Draw the sheet; after a refusal with what was `posted`, still as inputs, so that nothing is lost."""
    scores = list(assessment.scores.select_related("item")) if assessment.pk else []
    standing = {(score.item.code, score.part): score for score in scores}
    result = assessment.result(compared=True)
    typed = posted.typed if posted else None
    rows = sheet.rows_of(result, assessment.depth, _labels(assessment.instrument), standing, typed)
    can_edit = request.membership.role in EDITORS
    context = _words(assessment, scores) | {
        "rows": rows,
        "foot": sheet.foot_of(result),
        "threshold": result.threshold,
        "can_edit": can_edit,
        "editable": can_edit and (posted is not None or not assessment.is_closed),
        "mistakes": [cell for row in rows for cell in row.cells if cell.error],
        "problem": problem,
        "has_disclosure": any(cell.is_disclosure for row in rows for cell in row.cells),
    }
    return render(request, "assessments/score_sheet.html", context, status=status)


def _words(assessment: Assessment, scores: list[Score]) -> dict[str, Any]:
    """What the page says around its table: which year, how deep, when saved and closed, how much is missing."""
    filled = [(score.item.code, score.part) for score in scores if score.value is not None]
    return {
        "working_year": assessment.be_year + 1,
        "step": "scores",
        "assessment": assessment,
        "be_year": assessment.be_year,
        "depths": Assessment.Depth.choices,
        "missing": len(assessment.missing(filled)),
        "saved": _short_moment(max(score.updated_at for score in scores)) if scores else "",
        "closed": moment(assessment.closed_at) if assessment.closed_at else "",
        "year_before": assessment.year_before,
    }
