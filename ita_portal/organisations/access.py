"""Who may open which page: the one place where an address becomes an organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase

from .models import Membership, Organisation, Role, User

P = ParamSpec("P")

EVERY_ROLE = frozenset(Role)
READERS = frozenset({Role.STAFF, Role.APPROVER, Role.ADMINISTRATOR})
EDITORS = frozenset({Role.STAFF, Role.ADMINISTRATOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})


class MemberRequest(HttpRequest):
    """A request that `members_only` let through: signed in, and inside an organisation."""

    user: User
    organisation: Organisation
    membership: Membership


def members_only(roles: frozenset[Role]) -> Callable[..., Callable[..., HttpResponseBase]]:
    """Let only active members of the organisation `slug` in, and only in one of `roles`.

    The anonymous go to sign-in, a stranger gets 404 (also for an organisation that does not exist),
    a member without the role 403. The view gets `request.organisation` and `request.membership`
    instead of the slug.
    """

    def decorate(
        view: Callable[Concatenate[Any, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @login_required
        @wraps(view)
        def guarded(request: Any, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            try:
                membership = (
                    Membership.objects.active()
                    .select_related("organisation")
                    .get(organisation__slug=slug, user=request.user)
                )
            except Membership.DoesNotExist:
                raise Http404 from None
            request.membership = membership
            request.organisation = membership.organisation
            if membership.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def operators_only(view: Callable[Concatenate[Any, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let only operators of the platform in; to everybody else the page does not exist."""

    @login_required
    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_superuser:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
