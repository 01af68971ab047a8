"""Who may audit: the one place where an address becomes an organisation that an auditor was given."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404

from ita_portal.organisations.models import Organisation, User
from reports.models import IssuedPaper, open_to_auditor

P = ParamSpec("P")


class AuditRequest(HttpRequest):
    """A request that `auditors_only` let through: signed in, with an organisation that the person may audit."""

    user: User
    audited: Organisation


def auditors_only(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only those in who may audit the organisation `slug`; to everybody else the page does not exist.

    The view gets `request.audited` instead of the slug.
    """

    @login_required
    @wraps(view)
    def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.audited = get_object_or_404(open_to_auditor(request.user), slug=slug)
        return view(request, *args, **kwargs)

    return guarded


def paper_of(request: AuditRequest, code: str) -> IssuedPaper:
    """Return the approved paper with this code, of the organisation that is audited. Raises Http404."""
    return get_object_or_404(IssuedPaper.objects.of(request.audited), code=code)
