"""How papers are set up: those of one year's plan, and the organisation's defaults for new plans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ita_portal.organisations.access import ADMINISTRATORS, EDITORS, MemberRequest, members_only
from ita_portal.thai import to_thai

from ..forms import SettingsForm, column_boxes, moved, read_boxes, typed_boxes
from ..models import PaperKind, PaperSettings
from ..profile import BadColumns
from .plan import plan_of, refuses_locked


def kind_of(kind: str) -> PaperKind:
    """Return a kind of paper by its name in the address. Raises Http404."""
    if kind not in PaperKind.values:
        raise Http404
    return PaperKind(kind)


def filled_in(request: MemberRequest, row: PaperSettings) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what the page shows, and what to save: None where nothing was sent or something is wrong.

    A press that moves a column only draws the page anew, with all that is typed.
    """
    if request.method != "POST":
        return {"form": SettingsForm(instance=row), "boxes": column_boxes(row.profile)}, None
    form, boxes = SettingsForm(request.POST, instance=row), typed_boxes(request.POST)
    if move := request.POST.get("move"):
        typed = SettingsForm(instance=row, initial={name: request.POST.get(name, "") for name in form.fields})
        return {"form": typed, "boxes": moved(boxes, move)}, None
    shown = {"form": form, "boxes": boxes, "refused": True}
    try:
        columns = [column.data() for column in read_boxes(boxes)]
    except BadColumns as error:
        return {**shown, "column_errors": [to_thai(sentence) for sentence in error.sentences]}, None
    return shown, {**form.cleaned_data, "columns": columns} if form.is_valid() else None


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
@refuses_locked
def paper_settings(request: MemberRequest, be_year: int, kind: str) -> HttpResponse:
    """Show and save how one paper of a plan is set up."""
    paper, found = kind_of(kind), plan_of(request, be_year)
    shown, values = filled_in(request, found.settings(paper))
    if values is not None:
        found.set_up(kind=paper, by=request.user, at=timezone.now(), **values)
        messages.success(request, f"บันทึกรูปแบบ{paper.label}แล้ว ต่อไป: ดูหน้ากระดาษ")
        return redirect("measures:paper-settings", request.organisation.slug, be_year, kind)
    context = {
        "working_year": be_year,
        "step": "check",
        "plan": found,
        "kind": paper,
        "kinds": PaperKind.choices,
        **shown,
    }
    return render(
        request, "measures/paper_settings.html", context, status=422 if shown.get("refused") else 200
    )


@members_only(EDITORS)
@require_POST
@refuses_locked
def paper_settings_reset(request: MemberRequest, be_year: int, kind: str) -> HttpResponse:
    """Bring the organisation's defaults back to one paper of a plan."""
    paper, found = kind_of(kind), plan_of(request, be_year)
    default = PaperSettings.default_of(
        request.organisation, paper, threshold=found.assessment.instrument.threshold
    )
    found.set_up(kind=paper, by=request.user, at=timezone.now(), **default.values)
    messages.success(request, "ใช้ค่าของหน่วยงานแล้ว")
    return redirect("measures:paper-settings", request.organisation.slug, be_year, kind)


@members_only(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def default_settings(request: MemberRequest, kind: str = PaperKind.PLAN) -> HttpResponse:
    """Show and save how papers are set up in plans that the organisation begins from now on."""
    paper = kind_of(kind)
    row = PaperSettings.default_of(request.organisation, paper)
    shown, values = filled_in(request, row)
    if values is not None:
        row.take_default(by=request.user, at=timezone.now(), **values)
        messages.success(request, f"บันทึกค่าเริ่มต้นของ{paper.label}แล้ว มาตรการที่เริ่มจัดทำต่อจากนี้จะใช้ค่านี้")
        return redirect("measures:default-settings-of", request.organisation.slug, kind)
    context = {"kind": paper, "kinds": PaperKind.choices, **shown}
    return render(
        request, "measures/default_settings.html", context, status=422 if shown.get("refused") else 200
    )
