"""The history of a plan's papers: who changed what, when, and the way back."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only

from ..difference import difference
from ..drafting import Piece, resolve
from ..models import Change, MeasurePlan
from ..texts import Texts
from .plan import plan_of, refuses_locked

PER_PAGE = 25
KINDS = {
    "": "ทั้งหมด",
    "text": "ข้อความ",
    "measure": "มาตรการ",
    "excuse": "เหตุผลที่ไม่กำหนดมาตรการ",
    "settings": "รูปแบบเอกสาร",
}


@members_only(READERS)
@require_safe
def history(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show all changes, newest first; `about` narrows them to a kind ("text") or one thing ("measure:12")."""
    plan = plan_of(request, be_year)
    about = request.GET.get("about", "")
    changes = plan.changes.select_related("by")
    if ":" in about:
        changes = changes.filter(subject=about)
    elif about:
        changes = changes.filter(subject__startswith=f"{about}:")
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "working_year": be_year,
        "step": "texts" if about.startswith("text") else "measures",
        "plan": plan,
        "page": page,
        "query": f"&{urlencode({'about': about})}" if about else "",
        "about": about,
        "kind": about.partition(":")[0],
        "kinds": KINDS.items(),
        "changes": told(plan, list(page)),
        "edits": request.membership.role in EDITORS and not plan.is_locked,
    }
    return render(request, "measures/history.html", context)


def told(plan: MeasurePlan, changes: list[Change]) -> list[tuple[Change, list[tuple[str, list[Piece]]]]]:
    """Return changes with their lines, each its mark and its pieces; live fields show their values of now."""
    texts = Texts(plan)

    def pieces(change: Change, text: str) -> list[Piece]:
        if change.about != "text":
            return [Piece(text)]
        return resolve(text, texts.subject_of(change.subject.partition(":")[2]).facts)

    return [
        (change, [(line.mark, pieces(change, line.text)) for line in difference(change.before, change.after)])
        for change in changes
    ]


@members_only(EDITORS)
@require_POST
@refuses_locked
def change_undo(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Bring back what stood before a change; that is a new change, so that nothing is lost by it."""
    plan = plan_of(request, be_year)
    change = get_object_or_404(plan.changes, pk=pk)
    change.plan = plan
    try:
        change.undo(by=request.user, at=timezone.now())
    except MeasurePlan.UnknownGroup:
        messages.error(request, "คืนค่านี้ไม่ได้ เพราะตารางไม่มีกลุ่มเดิมแล้ว ให้เปลี่ยนการจัดกลุ่มตารางก่อน แล้วลองอีกครั้ง")
    except (Change.NotUndoable, MeasurePlan.UnknownText):
        messages.error(request, "คืนค่านี้ไม่ได้ เพราะเอกสารไม่มีส่วนนี้แล้ว คัดลอกข้อความเดิมจากประวัติไปใช้ได้")
    except MeasurePlan.Conflict:
        messages.error(request, "มีผู้อื่นแก้ไขส่วนนี้ในเวลาเดียวกัน ยังไม่ได้คืนค่า โปรดดูประวัติล่าสุด แล้วลองอีกครั้ง")
    else:
        messages.success(request, "คืนค่าแล้ว ค่าที่ถูกแทนยังอยู่ในประวัติ")
    where = reverse("measures:history", args=[request.organisation.slug, be_year])
    return redirect(f"{where}?{urlencode({'about': change.subject})}")
