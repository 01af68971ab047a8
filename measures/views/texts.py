"""The texts of the plan: opening, the analyses of the topics, limitations and suggestions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import clock, to_thai

from .. import starters
from ..editing import typed_number
from ..models import MeasurePlan
from .plan import plan_of, refuses_locked, wants_json

HELP = {
    "opening": "สรุปผลปีที่ผ่านมาในย่อหน้าเดียว: คะแนนรวม ระดับ การเปลี่ยนแปลงจากปีก่อน และจุดที่ต้องเร่งแก้",
    "limitations": "สิ่งที่ทำให้หน่วยงานแก้ไขได้ยาก เช่น อัตรากำลัง งบประมาณ ระบบสารสนเทศ หรือผู้ตอบแบบวัดจำนวนน้อย",
    "suggestions": "แนวทางจัดการกับข้อจำกัดแต่ละข้อ ใครควรทำอะไร และต้องการการสนับสนุนจากใคร",
}
TITLES = {
    "opening": "ความนำของการวิเคราะห์",
    "limitations": "ข้อจำกัดของหน่วยงาน",
    "suggestions": "ข้อเสนอแนะในการจัดการกับข้อจำกัด",
}
TOPIC_HELP = "เขียนว่าคะแนนบอกอะไร สาเหตุที่คะแนนต่ำ และสิ่งที่จะทำ อ้างข้อที่แสดงไว้ข้างช่อง"
CONFLICT = "มีผู้อื่นบันทึกข้อความนี้ก่อนท่าน ข้อความของท่านยังอยู่ในช่อง โปรดเทียบกัน แล้วกดบันทึกอีกครั้งหากจะใช้ของท่าน"


@dataclass(frozen=True)
class Editor:
    """One text box: `name` in the form, the text in it, and the version on which it rests.

    standing: what somebody else saved meanwhile, where the text was refused for that.
    """

    name: str
    title: str
    help: str
    text: str
    version: int
    figures: tuple[Figure, ...] = ()
    standing: str | None = None


def editors_of(plan: MeasurePlan, result: Result) -> list[Editor]:
    """Return all text boxes of a plan as they are kept, in the order of the paper."""
    analyses = {analysis.number: analysis for analysis in plan.topic_analyses.all()}
    texts = {
        name: Editor(name, title, HELP[name], getattr(plan, name), plan.version)
        for name, title in TITLES.items()
    }
    topics = []
    for topic in plan.assessment.instrument.topic_outline:
        analysis = analyses.get(topic["number"])
        codes = [*topic["perception"], *topic["disclosure"]]
        topics.append(
            Editor(
                f"topic-{topic['number']}",
                f"({topic['number']}) {topic['name']}",
                TOPIC_HELP,
                analysis.text if analysis else "",
                analysis.version if analysis else 0,
                tuple(
                    f for code in codes if (f := result.figures.get((code, 0))) and f.kind is Kind.QUESTION
                ),
            )
        )
    return [texts["opening"], *topics, texts["limitations"], texts["suggestions"]]


@members_only(READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@refuses_locked
def texts(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the texts beside the scores that they speak of, and save what changed: all or nothing."""
    plan = plan_of(request, be_year)
    if request.method != "POST":
        return _page(request, plan, editors_of(plan, plan.result()))
    if request.membership.role not in EDITORS:
        raise PermissionDenied
    editors = save_typed(plan, request.POST)
    refused = any(editor.standing is not None for editor in editors)
    if wants_json(request):
        return _answer(editors, refused=refused)
    if refused:
        messages.error(request, CONFLICT)
        return _page(request, plan, editors, status=409)
    messages.success(request, "บันทึกข้อความแล้ว ต่อไป: ตรวจก่อนเสนอ")
    return redirect("measures:texts", slug=request.organisation.slug, be_year=be_year)


def save_typed(plan: MeasurePlan, post: QueryDict) -> list[Editor]:
    """Save the texts that were sent and differ from what is kept, all or none; return the boxes as they then
    stand, each refused one with the typed text and what somebody else saved. Raises Locked."""
    result = plan.result()
    editors = editors_of(plan, result)
    typed = {e.name: post.get(e.name, "").replace("\r\n", "\n").strip() for e in editors if e.name in post}
    seen = {name: typed_number(post.get(f"version-{name}", "")) for name in typed}
    changed = [e.name for e in editors if e.name in typed and typed[e.name] != e.text.strip()]
    refused: list[str] = []
    with transaction.atomic():
        plan.require_open()
        if whole := [name for name in changed if name in TITLES]:
            try:
                version = min(seen[name] for name in whole)
                plan.save_texts(version=version, **{name: typed[name] for name in whole})
            except MeasurePlan.Conflict:
                refused += whole
        for name in changed:
            if name in TITLES:
                continue
            number = int(name.removeprefix("topic-"))
            try:
                plan.save_analysis(number=number, text=typed[name], version=seen[name])
            except MeasurePlan.Conflict:
                refused.append(name)
        if refused:
            transaction.set_rollback(True)
    plan.refresh_from_db()
    return [
        replace(e, text=typed.get(e.name, e.text), standing=e.text if e.name in refused else None)
        for e in editors_of(plan, result)
    ]


def _answer(editors: list[Editor], *, refused: bool) -> HttpResponse:
    """Tell a script the versions that now stand, and what somebody else saved where a text was refused."""
    answer: dict[str, Any] = {
        "versions": {editor.name: editor.version for editor in editors},
        "at": to_thai(clock(timezone.localtime())),
    }
    if refused:
        answer["sentence"] = CONFLICT
        answer["standing"] = {e.name: e.standing for e in editors if e.standing is not None}
    return JsonResponse(answer, status=409 if refused else 200)


def _page(
    request: MemberRequest, plan: MeasurePlan, editors: list[Editor], status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "working_year": plan.be_year,
        "step": "texts",
        "plan": plan,
        "editors": editors,
        "edits": request.membership.role in EDITORS and not plan.is_locked,
        "fillable": any(not editor.text.strip() for editor in editors),
    }
    return render(request, "measures/texts.html", context, status=status)


@members_only(EDITORS)
@require_POST
@refuses_locked
def starters_fill(request: MemberRequest, be_year: int) -> HttpResponse:
    """Put a first sentence into the opening and into every topic that is still empty."""
    plan = plan_of(request, be_year)
    result = plan.result()
    organisation = request.organisation.name
    count = 0
    with transaction.atomic():
        for editor in editors_of(plan, result):
            if editor.text.strip():
                continue
            if editor.name == "opening":
                text = starters.opening(result, be_year=plan.be_year - 1, organisation=organisation)
            else:
                text = starters.topic(editor.figures, threshold=plan.settings().threshold)
            if not text:
                continue
            text = plan.settings().format.text(text)
            if editor.name == "opening":
                plan.save_texts(version=plan.version, opening=text)
            else:
                number = int(editor.name.removeprefix("topic-"))
                plan.save_analysis(number=number, text=text, version=editor.version)
            count += 1
    if count:
        messages.success(request, to_thai(f"ใส่ข้อความเริ่มต้นแล้ว {count} ช่อง ต่อไป: เขียนสาเหตุและสิ่งที่จะทำเพิ่มเติม"))
    else:
        messages.info(request, "ทุกช่องที่มีข้อความเริ่มต้นให้ มีข้อความอยู่แล้ว")
    return redirect("measures:texts", slug=request.organisation.slug, be_year=be_year)
