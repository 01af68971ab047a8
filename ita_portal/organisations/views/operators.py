"""The operator's list of organisations."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ita_portal.organisations.access import operators_only
from ita_portal.organisations.forms import SearchForm
from ita_portal.organisations.models import Organisation

ORGANISATIONS_A_PAGE = 50


@require_safe
@operators_only
def organisation_list(request: Any) -> HttpResponse:
    """List organisations with the number of their active members; every word typed must be found."""
    form = SearchForm(request.GET or None)
    found = Organisation.objects.order_by("name", "pk")
    for word in form.words():
        found = found.filter(
            Q(name__icontains=word) | Q(short_name__icontains=word) | Q(province__icontains=word)
        )
    active = Count("memberships", filter=Q(memberships__deactivated_at=None))
    page = Paginator(found.annotate(member_count=active), ORGANISATIONS_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = f"&{urlencode({'q': request.GET['q']})}" if request.GET.get("q") else ""
    return render(request, "organisations/operator.html", {"form": form, "page": page, "search_query": query})
