"""Who belongs to the organisation: members and invitations, for its administrator."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.contrib import messages
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ita_portal.organisations.access import ADMINISTRATORS, members_only
from ita_portal.organisations.forms import InvitationForm, MemberForm
from ita_portal.organisations.models import Invitation, Membership

LAST_ADMINISTRATOR = "ทำไม่ได้ เพราะเป็นผู้ดูแลหน่วยงานคนสุดท้ายที่ใช้งานอยู่ โปรดตั้งสมาชิกอีกคนเป็นผู้ดูแลหน่วยงานก่อน"


@require_safe
@members_only(ADMINISTRATORS)
def member_list(request: Any) -> HttpResponse:
    """List members, the active ones first, and the invitations that wait for an answer."""
    order = F("deactivated_at").asc(nulls_first=True)
    context = {
        "members": request.organisation.memberships.select_related("user").order_by(order, "pk"),
        "invitations": request.organisation.invitations.pending(timezone.now()),
    }
    return render(request, "organisations/members.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only(ADMINISTRATORS)
def member_edit(request: Any, pk: int) -> HttpResponse:
    """Change a member's role and position, or suspend them."""
    member = get_object_or_404(request.organisation.memberships.select_related("user"), pk=pk)
    form = MemberForm(request.POST or None, instance=member)
    if request.method == "POST" and form.is_valid():
        try:
            member.change(**form.cleaned_data, by=request.user, at=timezone.now())
        except Membership.LastAdministrator:
            form.add_error("role", LAST_ADMINISTRATOR)
        except Membership.NotActive:
            form.add_error(None, "สมาชิกนี้ถูกระงับสิทธิอยู่ โปรดคืนสิทธิก่อนแก้ไข")
        else:
            messages.success(request, f"บันทึกแล้ว {member.user} เป็น{member.get_role_display()}")
            return redirect("organisations:members", request.organisation.slug)
    return render(request, "organisations/member_edit.html", {"form": form, "member": member})


@require_POST
@members_only(ADMINISTRATORS)
def member_deactivate(request: Any, pk: int) -> HttpResponse:
    """Suspend a member."""
    member = get_object_or_404(request.organisation.memberships.select_related("user"), pk=pk)
    try:
        member.deactivate(by=request.user, at=timezone.now())
    except Membership.LastAdministrator:
        messages.error(request, LAST_ADMINISTRATOR)
    except Membership.NotActive:
        messages.info(request, f"{member.user} ถูกระงับสิทธิอยู่แล้ว")
    else:
        messages.success(request, f"ระงับสิทธิของ {member.user} แล้ว งานที่ทำไว้ยังอยู่ครบ")
        if member.user == request.user:
            return redirect("organisations:start")
    return redirect("organisations:members", request.organisation.slug)


@require_POST
@members_only(ADMINISTRATORS)
def member_reactivate(request: Any, pk: int) -> HttpResponse:
    """Let a suspended member in again."""
    member = get_object_or_404(request.organisation.memberships.select_related("user"), pk=pk)
    try:
        member.reactivate(by=request.user, at=timezone.now())
    except Membership.AlreadyActive:
        messages.info(request, f"{member.user} มีสิทธิใช้งานอยู่แล้ว")
    else:
        messages.success(request, f"คืนสิทธิให้ {member.user} แล้ว เป็น{member.get_role_display()}")
    return redirect("organisations:members", request.organisation.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@members_only(ADMINISTRATORS)
def invite(request: Any) -> HttpResponse:
    """Invite a person: mail the link where an address is given, and show it, this once."""
    invitation = Invitation(organisation=request.organisation)
    form = InvitationForm(request.POST or None, instance=invitation)
    if request.method == "POST" and form.is_valid():
        token = invitation.issue(by=request.user, at=timezone.now())
        link = request.build_absolute_uri(reverse("organisations:invitation", args=[token]))
        if invitation.email:
            transaction.on_commit(lambda: _send(request, invitation, link))
        context = {"invitation": invitation, "link": link}
        return render(request, "organisations/invitation_issued.html", context)
    return render(request, "organisations/member_invite.html", {"form": form})


@require_POST
@members_only(ADMINISTRATORS)
def invitation_cancel(request: Any, pk: int) -> HttpResponse:
    """Take an invitation back."""
    invitation = get_object_or_404(request.organisation.invitations, pk=pk)
    try:
        invitation.cancel(by=request.user, at=timezone.now())
    except Invitation.Used:
        messages.error(request, f"ยกเลิกไม่ได้ {invitation.full_name} เข้าร่วมแล้ว หากต้องการ ให้ระงับสิทธิสมาชิกแทน")
    except Invitation.Cancelled:
        messages.info(request, "คำเชิญนี้ถูกยกเลิกแล้ว")
    else:
        messages.success(request, f"ยกเลิกคำเชิญ {invitation.full_name} แล้ว ลิงก์เดิมใช้ไม่ได้อีก")
    return redirect("organisations:members", request.organisation.slug)


def _send(request: Any, invitation: Invitation, link: str) -> None:
    """Mail the link; where the mail server refuses, say so: the link is on the page in any case."""
    context = {"invitation": invitation, "link": link}
    try:
        send_mail(
            f"คำเชิญเข้าร่วม {invitation.organisation.display_name} ในระบบมาตรการ ITA",
            render_to_string("organisations/mail/invitation.txt", context),
            None,
            [invitation.email],
        )
    except (SMTPException, OSError):
        messages.warning(request, f"ส่งอีเมลถึง {invitation.email} ไม่สำเร็จ โปรดคัดลอกลิงก์ส่งให้ด้วยวิธีอื่น")
    else:
        messages.success(request, f"ส่งลิงก์ไปที่ {invitation.email} แล้ว")
