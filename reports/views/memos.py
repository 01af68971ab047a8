"""The officer's pages of the memo: the year's list, the memo itself, its words and its chain."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib import messages
from django.db.models import Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ita_portal.organisations.access import EDITORS, READERS, MemberRequest, members_only
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.actions import actions_of
from reports.forms.chain import chain_formset
from reports.forms.memo import READY, MemoForm, StartForm, texts_of
from reports.memo_facts import facts_of
from reports.memo_texts import ready_text
from reports.models import Memo, Refusal, usual_chain
from reports.notices import deciders_of
from reports.paper_offers import OPEN, kinds_for, offers_of
from reports.timeline import acting_on, issued_of, rounds_of, whereabouts_of

SAVED = "บันทึกแล้ว ต่อไป: ดูหน้ากระดาษ ตรวจลำดับการลงนาม แล้วเสนอลงนาม"
WRITTEN = "ระบบเขียนข้อความให้ใหม่ในช่องแล้ว แต่ยังไม่ได้บันทึก ข้อความเดิมอยู่ใต้แต่ละช่อง อ่านแล้วกด “บันทึก” หากจะใช้"
CONFLICT = "ยังไม่ได้บันทึก เพราะผู้อื่นบันทึกบันทึกข้อความนี้หลังจากท่านเปิดหน้านี้ ข้อความของท่านยังอยู่ในช่อง ข้อความที่บันทึกไว้แล้วอยู่ใต้ช่องที่ต่างกัน กด “บันทึก” อีกครั้งหากจะใช้ของท่านแทน"
OTHER_PAPERS = "เปลี่ยนเอกสารแนบแล้ว อ่านเรื่องและข้อความอีกครั้งว่าตรงกับเอกสารที่แนบ หรือกด “เขียนข้อความให้ใหม่” ในหน้าแก้ไข"
NOTHING_TO_WRITE = "เลือกเอกสารแนบอย่างน้อย ๑ ฉบับก่อน ระบบจึงจะเขียนข้อความให้ได้"


def memo_of(request: MemberRequest, be_year: int, pk: int) -> Memo:
    """Return a memo of the organisation about the plan of a fiscal year. Raises Http404."""
    return get_object_or_404(Memo.objects.of(request.organisation).for_year(be_year), pk=pk)


def to_memo(memo: Memo, page: str = "memo") -> HttpResponse:
    """Go to a page of a memo."""
    return redirect(f"reports:{page}", memo.organisation.slug, memo.be_year, memo.pk)


def refuse(request: MemberRequest, refusal: Refusal) -> None:
    """Say why something cannot be done."""
    messages.error(request, to_thai(str(refusal)))


@members_only(READERS)
@require_safe
def memos(request: MemberRequest, be_year: int) -> HttpResponse:
    """Show the year's memos, and the form that begins one."""
    return _list(request, be_year)


def _list(request: MemberRequest, be_year: int, form: StartForm | None = None) -> HttpResponse:
    plan = MeasurePlan.objects.of(request.organisation).for_year(be_year).first()
    standing = Memo.objects.of(request.organisation).for_year(be_year).select_related("revises")
    found = list(standing.annotate(last_ended_at=Max("rounds__ended_at")).order_by("-pk"))
    where = whereabouts_of(found, day=timezone.localdate())
    offers = offers_of(plan) if plan else []
    edits = request.membership.role in EDITORS
    kinds = [offer.kind for offer in offers if offer.carried_by is None]
    context = {
        "working_year": be_year,
        "step": "sign",
        "plan": plan,
        "rows": [(memo, where.get(memo.pk)) for memo in found],
        "offers": offers,
        "form": form or (StartForm(kinds=kinds) if edits and kinds else None),
        "chosen": form["papers"].value() if form else [kind.key for kind in kinds],
        "edits": edits,
        "is_busy": any(memo.state in OPEN for memo in found),
    }
    return render(request, "reports/memos.html", context, status=422 if form else 200)


@members_only(EDITORS)
@require_POST
def memo_start(request: MemberRequest, be_year: int) -> HttpResponse:
    """Begin a memo that carries the papers that are ticked, with ready texts."""
    plan = get_object_or_404(MeasurePlan.objects.of(request.organisation).for_year(be_year))
    kinds = [offer.kind for offer in offers_of(plan) if offer.carried_by is None]
    form = StartForm(request.POST, kinds=kinds)
    if not form.is_valid():
        return _list(request, be_year, form)
    papers = form.cleaned_data["papers"]
    draft = ready_text(facts_of(plan, papers))
    memo = Memo.start(plan=plan, papers=papers, draft=draft, by=request.user, at=timezone.now())
    messages.success(request, "เริ่มบันทึกข้อความแล้ว ระบบเขียนข้อความให้ก่อน ต่อไป: อ่าน แก้ให้ตรงกับหน่วยงาน แล้วบันทึก")
    return to_memo(memo, "memo-edit")


@members_only(READERS)
@require_safe
def memo(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Show where a memo is, what was decided, what it carries, and what may be done with it now."""
    found, now = memo_of(request, be_year, pk), timezone.now()
    today = timezone.localdate(now)
    rounds, issued = rounds_of(found, day=today), issued_of(found)
    current = next((s for s in (rounds[0].stops if rounds else ()) if s.place == "current"), None)
    context = {
        "working_year": be_year,
        "step": "sign",
        "memo": found,
        "actions": actions_of(found, request.membership, day=today),
        "edits": request.membership.role in EDITORS,
        "round": rounds[0] if rounds else None,
        "earlier": [each for each in rounds if each.number < found.round],
        "current": current,
        "is_stuck": current is not None and not deciders_of(current.step, at=now),
        "kinds": [(kind, kind.year_of(found.plan)) for kind in kinds_for(found) if kind.key in found.papers],
        "issued": issued,
        "unpublished": [paper for paper in issued if not paper.is_published],
        "revision": found.revisions.exclude(state=Memo.State.CANCELLED).first(),
    }
    return render(request, "reports/memo.html", context)


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def memo_edit(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Show and save the officer's words; or write the ready texts anew into the form, without saving them."""
    found = memo_of(request, be_year, pk)
    kinds, carried = kinds_for(found), found.papers
    if request.method != "POST":
        if not found.is_editable:
            refuse(request, Memo.NotEditable())
            return to_memo(found)
        return _edit_page(request, found, MemoForm(memo=found, kinds=kinds))
    if "rewrite" in request.POST:
        return _rewritten(request, found)
    form = MemoForm(request.POST, memo=found, kinds=kinds)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    try:
        found.edit(version=form.cleaned_data["version"], fields=form.fields_to_save)
    except Memo.Conflict as conflict:
        return _conflicting(request, conflict.standing)
    except Memo.NotEditable as refusal:
        refuse(request, refusal)
        return _edit_page(request, found, form, status=409)
    messages.success(request, SAVED)
    if carried != found.papers:
        messages.warning(request, OTHER_PAPERS)
    if form.prefix_warning:
        messages.warning(request, to_thai(form.prefix_warning))
    return to_memo(found, "memo-preview" if "preview" in request.POST else "memo")


def _edit_page(
    request: MemberRequest, found: Memo, form: MemoForm, *, status: int = 200, others: Sequence[str] = ()
) -> HttpResponse:
    context = {
        "working_year": found.be_year,
        "step": "sign",
        "memo": found,
        "form": form,
        "other_choices": others,
    }
    return render(request, "reports/memo_edit.html", context, status=status)


def _rewritten(request: MemberRequest, found: Memo) -> HttpResponse:
    """The page with ready texts for the papers that are ticked, and what stood in the boxes beside them."""
    kinds = kinds_for(found)
    papers = [kind.key for kind in kinds if kind.key in request.POST.getlist("papers")]
    if not papers:
        messages.error(request, NOTHING_TO_WRITE)
        return _edit_page(request, found, MemoForm(memo=found, kinds=kinds, typed=request.POST), status=422)
    ready = ready_text(facts_of(found.plan, papers))
    form = MemoForm(memo=found, kinds=kinds, typed=request.POST, ready=ready)
    form.show_beside({name: request.POST.get(name, "") for name in READY})
    messages.info(request, WRITTEN)
    return _edit_page(request, found, form)


def _conflicting(request: MemberRequest, standing: Memo) -> HttpResponse:
    """The page with what was typed, and beside it what somebody else saved; saving again takes the typed words."""
    form = MemoForm(memo=standing, kinds=kinds_for(standing), typed=request.POST)
    form.initial["version"] = standing.version
    form.show_beside(texts_of(standing))
    messages.error(request, CONFLICT)
    return _edit_page(request, standing, form, status=409, others=form.other_choices(standing))


@members_only(EDITORS)
@require_http_methods(["GET", "HEAD", "POST"])
def memo_chain(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Show and save the steps of this memo; `usual` shows the organisation's usual ones, to be saved."""
    found, organisation = memo_of(request, be_year, pk), request.organisation
    if request.method != "POST" and not found.is_editable:
        refuse(request, Memo.NotEditable())
        return to_memo(found)
    entries = usual_chain(organisation) if "usual" in request.GET else [step.entry for step in found.chain]
    formset = chain_formset(organisation, request.POST if request.method == "POST" else None, entries)
    if formset.is_bound and formset.is_valid():
        try:
            found.set_chain(formset.entries(), seen=request.POST.get("seen"))
        except (Memo.NotEditable, Memo.ChainChanged) as refusal:
            refuse(request, refusal)
        else:
            messages.success(request, "บันทึกลำดับการลงนามแล้ว ต่อไป: ดูหน้ากระดาษ แล้วเสนอลงนาม")
            return to_memo(found)
    acting = acting_on(organisation, timezone.localdate())
    context = {
        "working_year": be_year,
        "step": "sign",
        "memo": found,
        "formset": formset,
        "is_usual": "usual" in request.GET,
        "acting": [delegation for delegations in acting.values() for delegation in delegations],
    }
    return render(request, "reports/memo_chain.html", context, status=422 if formset.is_bound else 200)
