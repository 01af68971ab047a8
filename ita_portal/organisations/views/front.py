"""The first page, and the way into an organisation."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ita_portal.organisations.models import Organisation


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Tell a visitor what this is; bring a signed-in person to their organisation, or let them choose."""
    if not request.user.is_authenticated:
        return render(request, "organisations/front.html")
    organisations = list(Organisation.objects.of(request.user))
    audits = request.user.auditor_grants.filter(revoked_at=None).exists()
    if len(organisations) == 1 and not audits:
        return redirect("reports:home", organisations[0].slug)
    if not organisations and request.user.is_superuser:
        return redirect("organisations:operator")
    if not organisations and audits:
        return redirect("reports:audits")
    return render(request, "organisations/choose.html", {"organisations": organisations, "auditing": audits})
