"""The first page, the way into an organisation, and what happened there."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ita_portal.audit.models import Event
from ita_portal.organisations.access import ADMINISTRATORS, members_only
from ita_portal.organisations.models import Organisation

EVENTS_A_PAGE = 50


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Tell a visitor what this is; bring a signed-in person to their organisation, or let them choose."""
    if not request.user.is_authenticated:
        return render(request, "organisations/front.html")
    organisations = list(Organisation.objects.of(request.user))
    if len(organisations) == 1:
        return redirect("reports:home", organisations[0].slug)
    if not organisations and request.user.is_superuser:
        return redirect("organisations:operator")
    return render(request, "organisations/choose.html", {"organisations": organisations})


@require_safe
@members_only(ADMINISTRATORS)
def events(request: Any) -> HttpResponse:
    """List what happened in the organisation, newest first, and the head to note for `verify_audit --head`."""
    found = Event.objects.of(request.organisation).select_related("actor")
    page = Paginator(found, EVENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "organisations/events.html", {"page": page, "head": found.first()})
