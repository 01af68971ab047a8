"""The page behind an invitation's link: make an account, or join with the one there is."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ita_portal.organisations.forms import NewAccountForm
from ita_portal.organisations.models import Invitation, Membership, User


@sensitive_post_parameters("password1", "password2")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what the invitation offers and accept it; say what to do where it no longer can be accepted."""
    found = Invitation.objects.with_token(token).select_related("organisation").first()
    if found is None:
        return _closed(request, "unknown", 404)
    try:
        found.require_pending(timezone.now())
        return _join(request, found) if request.user.is_authenticated else _make_account(request, found)
    except (Invitation.Used, Invitation.Cancelled, Invitation.Expired) as refusal:
        return _closed(request, type(refusal).__name__.lower(), 410)


def _closed(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    return render(request, "organisations/invitation_closed.html", {"reason": reason}, status=status)


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Join with the account that is signed in."""
    organisation, user = invitation.organisation, request.user
    assert isinstance(user, User)
    if request.method == "POST":
        try:
            invitation.accept(user=user, at=timezone.now())
        except Membership.AlreadyMember:
            messages.info(request, f"บัญชีนี้เป็นสมาชิกของ{organisation}อยู่แล้ว คำเชิญยังใช้กับบัญชีอื่นได้")
        else:
            messages.success(request, f"เข้าร่วม{organisation}แล้ว")
        return redirect("reports:home", organisation.slug)
    return render(request, "organisations/invitation_join.html", {"invitation": invitation})


def _make_account(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Make an account with the invited person's name, join, and sign in."""
    context = {"invitation": invitation}
    if invitation.email and User.objects.filter(email__iexact=invitation.email).exists():
        return render(request, "organisations/invitation_sign_in.html", context)
    person = User(prefix=invitation.prefix, first_name=invitation.first_name, last_name=invitation.last_name)
    form = NewAccountForm(request.POST or None, instance=person, initial={"email": invitation.email})
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            user = form.save()
            invitation.accept(user=user, at=timezone.now())
        login(request, user)
        messages.success(request, f"สร้างบัญชีและเข้าร่วม{invitation.organisation}แล้ว")
        return redirect("reports:home", invitation.organisation.slug)
    return render(request, "organisations/invitation_account.html", context | {"form": form})
