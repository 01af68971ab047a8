"""The most that one request may bring: without a limit anybody could fill the disk with files on open pages.

Django limits texts alone; files it takes whole before any page is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

# The largest file of any form is 20 MB; those a little above are told so by the form itself.
MOST_BYTES = 40 * 1_048_576


def refuse_too_large(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: answer 413 to a request that announces more than `MOST_BYTES`, unread; a body without a length is
    read as empty."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length[:20]) > MOST_BYTES:
            return HttpResponse(render_to_string("413.html"), status=413)
        return get_response(request)

    return answer
