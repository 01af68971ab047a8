"""What an administrator sets up for memos: their head, the usual chain of approval, and who acts for whom."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ita_portal.organisations.access import ADMINISTRATORS, READERS, MemberRequest, members_only
from ita_portal.thai import be_year_of, to_thai
from reports.forms.chain import chain_formset
from reports.forms.office import DelegationForm, LetterheadForm
from reports.memo_texts import reference_warning
from reports.models import ChainStep, Delegation, Letterhead, usual_chain


@members_only(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def letterhead(request: MemberRequest) -> HttpResponse:
    """Show and save what memos have in common; an odd prefix is pointed out, and kept."""
    kept = Letterhead.of(request.organisation)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = LetterheadForm(*sent, letterhead=kept)
    if form.is_bound and form.is_valid():
        save_letterhead(request, form)
        messages.success(request, "บันทึกรูปแบบบันทึกข้อความแล้ว บันทึกข้อความที่เริ่มจัดทำต่อจากนี้จะใช้รูปแบบนี้")
        return redirect("reports:letterhead", request.organisation.slug)
    number = kept.first_number_of(be_year_of(timezone.localdate()))
    context = {
        "form": form,
        "letterhead": kept,
        "prefix_warning": kept.number_prefix and reference_warning(f"{kept.number_prefix}/{number}"),
    }
    return render(request, "reports/letterhead.html", context, status=422 if form.errors else 200)


def save_letterhead(request: MemberRequest, form: LetterheadForm) -> None:
    """Keep what is typed, and put the emblem on or take it off; each only where something changes."""
    png, at = form.cleaned_data["emblem_file"], timezone.now()
    with transaction.atomic():
        if form.is_kept_changed:
            form.instance.keep(by=request.user, at=at)
        if png or ("remove" in request.POST and form.instance.emblem):
            form.instance.set_emblem(png, by=request.user, at=at)


@members_only(READERS)
@require_safe
def emblem(request: MemberRequest) -> HttpResponse:
    """Give the emblem, as it was drawn anew at its upload."""
    found = Letterhead.of(request.organisation).emblem
    if found is None:
        raise Http404
    # The address names the content, so a browser may keep it; nobody between may.
    headers = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(found.data, content_type=found.content_type, headers=headers)


@members_only(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def chain(request: MemberRequest) -> HttpResponse:
    """Show and save the usual chain of approval; new memos begin with a copy."""
    organisation = request.organisation
    data = request.POST if request.method == "POST" else None
    formset = chain_formset(organisation, data, usual_chain(organisation))
    if formset.is_valid():
        ChainStep.replace(organisation, formset.entries(), by=request.user, at=timezone.now())
        messages.success(request, "บันทึกลำดับการลงนามแล้ว บันทึกข้อความที่เริ่มจัดทำต่อจากนี้จะใช้ลำดับนี้")
        return redirect("reports:chain", organisation.slug)
    context = {"formset": formset, "is_kept": organisation.chain.exists()}
    return render(request, "reports/chain.html", context, status=422 if formset.is_bound else 200)


@members_only(ADMINISTRATORS)
@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: MemberRequest) -> HttpResponse:
    """List who acts for whom, now, later and before, and take a new order."""
    organisation = request.organisation
    form = DelegationForm(request.POST if request.method == "POST" else None, organisation=organisation)
    if form.is_bound and form.is_valid():
        form.instance.begin(by=request.user, at=timezone.now())
        messages.success(request, to_thai(f"บันทึกแล้ว {form.instance}"))
        if form.instance.title not in form.chain_titles:
            messages.warning(
                request,
                to_thai(
                    f"“{form.instance.title}” ไม่อยู่ในลำดับการลงนามของหน่วยงาน จะใช้ได้เฉพาะบันทึกข้อความที่มีตำแหน่งนี้ หากพิมพ์ผิดให้ยกเลิกแล้วบันทึกใหม่"
                ),
            )
        return redirect("reports:delegations", organisation.slug)
    lists = by_time(list(Delegation.objects.of(organisation).select_related("revoked_by")))
    context = {"form": form, "lists": lists}
    return render(request, "reports/delegations.html", context, status=422 if form.errors else 200)


def by_time(found: list[Delegation]) -> list[tuple[str, list[Delegation]]]:
    """Return delegations under their headings, as of today: in force, to come, over."""
    today = timezone.localdate()
    in_force = [one for one in found if one.is_in_force(today)]
    coming = [one for one in found if one.revoked_at is None and one.starts_on > today]
    over = [one for one in found if one not in in_force and one not in coming]
    return [("มีผลวันนี้", in_force), ("จะมีผล", coming), ("สิ้นสุดหรือยกเลิกแล้ว", over)]


@members_only(ADMINISTRATORS)
@require_POST
def delegation_revoke(request: MemberRequest, pk: int) -> HttpResponse:
    """End a delegation now; what was signed by it stays."""
    found = get_object_or_404(Delegation.objects.of(request.organisation), pk=pk)
    try:
        found.revoke(by=request.user, at=timezone.now())
    except Delegation.AlreadyRevoked:
        messages.error(request, to_thai(f"{found} ถูกยกเลิกไปก่อนแล้ว"))
    else:
        messages.success(request, to_thai(f"ยกเลิกแล้ว {found} สิ่งที่ลงนามแทนไปแล้วยังใช้ได้"))
    return redirect("reports:delegations", request.organisation.slug)
