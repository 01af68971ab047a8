"""The paragraphs of both papers: read, edit with live fields, bring back to the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import clock, to_thai

from ..models import MeasurePlan
from ..paragraphs import Typed, fields_of, groups_of, paragraph_of, typed_texts, words_of
from ..texts import Texts
from .plan import plan_of, plan_url, refuses_locked, wants_json

CONFLICT = "มีผู้อื่นบันทึกข้อความนี้ก่อนท่าน ข้อความของท่านยังอยู่ในช่อง โปรดเทียบกัน แล้วกดบันทึกอีกครั้งหากจะใช้ของท่าน"
GONE = "คะแนนเปลี่ยนแล้ว เอกสารจึงไม่มีย่อหน้านี้อีก คัดลอกข้อความที่พิมพ์ไว้ได้จากที่นี่"


@members_only(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@refuses_locked
def texts(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the texts of both papers, and save those that were typed in: all or nothing."""
    if request.method != "POST":
        plan = MeasurePlan.objects.of(request.organisation).for_year(be_year).first()
        if plan is None:
            return redirect(plan_url(request, be_year))
        return _page(request, plan)
    if request.membership.role not in EDITORS:
        raise PermissionDenied
    plan = plan_of(request, be_year)
    typed = typed_texts(request.POST)
    chosen = request.POST.get("confirm") or request.POST.get("restore")
    refused = save_typed(request, plan, typed)
    if wants_json(request):
        return _answer(request, plan, typed, refused)
    if refused:
        messages.error(request, next(iter(refused.values())))
        return _page(request, plan, typed, refused, status=409)
    messages.success(request, "บันทึกข้อความแล้ว ต่อไป: ตรวจก่อนเสนอ")
    url = reverse("measures:texts", args=[request.organisation.slug, be_year])
    return redirect(f"{url}#{chosen}" if chosen in typed else url)


def save_typed(request: MemberRequest, plan: MeasurePlan, typed: Mapping[str, Typed]) -> dict[str, str]:
    """Save the texts that were typed in, take one as looked over or back to its draft: all of it, or nothing.

    Return the sentence of every refusal by the key of its text. Raises Locked.
    """
    confirmed, restored = request.POST.get("confirm"), request.POST.get("restore")
    refused = {}
    by, at = request.user, timezone.now()
    with transaction.atomic():
        plan.require_open()
        for key, box in typed.items():
            try:
                if key == restored:
                    plan.restore_text(key=key, version=box.version, by=by, at=at)
                elif box.touched or key == confirmed:
                    plan.save_text(key=key, text=box.text, version=box.version, by=by, at=at)
            except MeasurePlan.Conflict:
                refused[key] = CONFLICT
            except MeasurePlan.UnknownText:
                refused[key] = GONE
        if refused:
            transaction.set_rollback(True)
    return refused


def _answer(
    request: MemberRequest, plan: MeasurePlan, typed: Mapping[str, Typed], refused: Mapping[str, str]
) -> HttpResponse:
    """Tell a script how the texts that it sent now stand: versions, and what is drawn around their boxes."""
    now = Texts(plan)
    drawn = {}
    for key in typed:
        if refused.get(key) == GONE or key not in now.keys:
            continue
        unsaved = typed[key] if refused else None
        paragraph = paragraph_of(now, key, typed=unsaved, refused=refused.get(key, ""))
        context = {
            "paragraph": paragraph,
            "edits": True,
            "organisation": request.organisation,
            "working_year": plan.be_year,
        }
        drawn[key] = {
            "version": paragraph.version,
            "seen": paragraph.seen,
            "state": render_to_string("measures/_text_state.html", context, request),
            "reading": render_to_string("measures/_text_reading.html", context, request),
        }
    answer: dict[str, Any] = {"at": to_thai(clock(timezone.localtime())), "texts": drawn}
    if refused:
        answer["sentence"] = next(iter(refused.values()))
    return JsonResponse(answer, status=409 if refused else 200)


def _page(
    request: MemberRequest,
    plan: MeasurePlan,
    typed: Mapping[str, Typed] | None = None,
    refused: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    now = Texts(plan)
    groups = groups_of(now, typed, refused)
    paragraphs = [paragraph for _, group in groups for paragraph in group]
    context = {
        "working_year": plan.be_year,
        "step": "texts",
        "plan": plan,
        "groups": groups,
        "count": len(paragraphs),
        "edited": sum(paragraph.state != "draft" for paragraph in paragraphs),
        "waiting": [paragraph for paragraph in paragraphs if paragraph.moved],
        "unused": [paragraph_of(now, key) for key in now.unused],
        "lost": [typed[key].text for key, why in (refused or {}).items() if typed and why == GONE],
        "edits": request.membership.role in EDITORS and not plan.is_locked,
    }
    return render(request, "measures/texts.html", context, status=status)


@members_only(READERS)
@require_safe
def text_fields(request: MemberRequest, be_year: int, key: str) -> HttpResponse:
    """List the values that can be put into a text, with how each is written; for the menu of a script, alone."""
    plan = plan_of(request, be_year)
    now = Texts(plan)
    if key not in now.keys:
        raise Http404
    context = {
        "working_year": be_year,
        "step": "texts",
        "title": now.title(key),
        "key": key,
        "rows": fields_of(now, key),
        "words": words_of(now, key),
        "menu": "menu" in request.GET,
    }
    return render(
        request, "measures/_text_menu.html" if context["menu"] else "measures/text_fields.html", context
    )
