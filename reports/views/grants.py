"""The operator's page of auditors: who may audit which organisations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ita_portal.organisations.access import operators_only
from ita_portal.organisations.forms import SearchForm
from ita_portal.thai import to_thai
from reports.forms.grants import GrantForm
from reports.models import AuditorGrant, Refusal

GRANTS_A_PAGE = 50


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def auditor_grants(request: Any) -> HttpResponse:
    """List what auditors were given, those that stand or (`ended`) those that ended; give more, all or nothing."""
    form = GrantForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = give(form.cleaned_data, request)
        except Refusal as refusal:
            form.add_error(None, to_thai(str(refusal)))
        else:
            person = form.cleaned_data["person"]
            messages.success(
                request, to_thai(f"ให้สิทธิ {person} แล้ว {count} รายการ ผู้ตรวจสอบเห็นเอกสารที่อนุมัติแล้วทันที")
            )
            return redirect("reports:auditor-grants")
    ended = "ended" in request.GET
    search = SearchForm(request.GET)
    grants = grants_found(search.words(), ended=ended)
    query = {name: request.GET[name] for name in ("ended", "q") if request.GET.get(name)}
    context = {
        "form": form,
        "search": search,
        "ended": ended,
        "page": Paginator(grants, GRANTS_A_PAGE).get_page(request.GET.get("page")),
        "query": f"&{urlencode(query)}" if query else "",
    }
    return render(request, "reports/auditor_grants.html", context, status=422 if form.errors else 200)


def give(chosen: dict[str, Any], request: Any) -> int:
    """Give a person what the form names; return how many grants. Raises AuditorGrant.AlreadyGiven, nothing given."""
    given = {"user": chosen["person"], "by": request.user, "at": timezone.now()}
    with transaction.atomic():
        for organisation in chosen["organisations"]:
            AuditorGrant.give(organisation=organisation, **given)
        if chosen["province"]:
            AuditorGrant.give(province=chosen["province"], **given)
    return len(chosen["organisations"]) or 1


def grants_found(words: list[str], *, ended: bool) -> Any:
    """Grants that stand, or that ended, auditor by auditor; every word is found in the person or in the scope."""
    found = AuditorGrant.objects.filter(revoked_at__isnull=not ended)
    for word in words:
        found = found.filter(
            Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__username__icontains=word)
            | Q(organisation__name__icontains=word)
            | Q(organisation__short_name__icontains=word)
            | Q(organisation__province__icontains=word)
            | Q(province__icontains=word)
        )
    people = ("user", "organisation", "given_by", "revoked_by")
    return found.select_related(*people).order_by("user__first_name", "user__last_name", "user", "-pk")


@operators_only
@require_POST
def auditor_grant_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one grant; marks and downloads made under it stay on record."""
    grant = get_object_or_404(AuditorGrant.objects.select_related("user", "organisation"), pk=pk)
    try:
        grant.revoke(by=request.user, at=timezone.now())  # type: ignore[arg-type]
    except Refusal as refusal:
        messages.error(request, to_thai(str(refusal)))
    else:
        messages.success(request, f"ยกเลิกสิทธิของ {grant.user} แล้ว: {grant.scope}")
    return redirect("reports:auditor-grants")
