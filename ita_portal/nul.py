"""NUL characters, which come along in texts copied from odd programs: PostgreSQL keeps no text with one."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase, QueryDict

NUL = "\0"


def take_out_nul(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: hand on what was asked and typed without its NUL characters; nobody means one."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.GET = _without(request.GET)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _without(request.POST)  # type: ignore[assignment]
        return get_response(request)

    return answer


def _without(typed: QueryDict) -> QueryDict:
    if not any(NUL in text for _, texts in typed.lists() for text in texts):
        return typed
    plain = QueryDict(mutable=True, encoding=typed.encoding)
    for name, texts in typed.lists():
        plain.setlist(name, [text.replace(NUL, "") for text in texts])
    return plain
