"""What every page's frame shows: where the person is, and where else they may go."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from .models import Organisation


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give templates the organisation of the page and, lazily, all organisations of the person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {}
    return {
        "organisation": getattr(request, "organisation", None),
        "membership": getattr(request, "membership", None),
        "my_organisations": Organisation.objects.of(user),
    }
