"""What happened in an organisation: to read, and to keep."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ita_portal.audit.export import csv_download
from ita_portal.audit.forms import EventFilter
from ita_portal.audit.models import Event
from ita_portal.organisations.access import ADMINISTRATORS, members_only

EVENTS_A_PAGE = 50


@require_safe
@members_only(ADMINISTRATORS)
def events(request: Any) -> HttpResponse:
    """List what happened, newest first, of the kind and days asked for; and the head to note for `verify_audit --head`."""
    chain = Event.objects.of(request.organisation)
    form = EventFilter(request.GET, events=chain)
    page = Paginator(form.found().select_related("actor"), EVENTS_A_PAGE).get_page(request.GET.get("page"))
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "page": page,
        "head": chain.first(),
        "asked": bool(asked),
        "query": f"&{urlencode(asked)}" if asked else "",
    }
    return render(request, "organisations/events.html", context)


@require_safe
@members_only(ADMINISTRATORS)
def events_file(request: Any) -> StreamingHttpResponse:
    """The whole chain as CSV, sent while it is read."""
    name = f"บันทึกเหตุการณ์ {request.organisation.display_name}"
    return csv_download(Event.objects.of(request.organisation), name)
