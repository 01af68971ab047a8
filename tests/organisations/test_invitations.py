"""Invitations: a link that works once, for seven days."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Invitation, Membership, Organisation, Role, User
from tests.conftest import PASSWORD

from .conftest import NOW, membership_of

ACCOUNT = {"username": "sompong", "password1": "วลีลับ-ของฉัน-ยาว", "password2": "วลีลับ-ของฉัน-ยาว", "email": ""}


def link(token: str) -> str:
    """Return the address of an invitation."""
    return reverse("organisations:invitation", args=[token])


def test_issue_keeps_only_the_hash(invitation: Invitation, administrator: User) -> None:
    token = invitation.issue(by=administrator, at=NOW)
    standing = Invitation.objects.get()
    assert token not in str(vars(standing))
    assert standing.token_hash == Invitation.hash_of(token)
    assert len(standing.token_hash) == 64
    assert (standing.issued_by, standing.expires_at) == (administrator, NOW + timedelta(days=7))
    assert Invitation.objects.with_token(token).get() == standing
    assert not Invitation.objects.with_token(standing.token_hash).exists()
    assert Event.objects.of(invitation.organisation).get().sentence == "เชิญ นายสมปอง ขยัน เป็นผู้อนุมัติ"


def test_accept_makes_a_member_once(invitation: Invitation, administrator: User, stranger: User) -> None:
    invitation.issue(by=administrator, at=NOW)
    stale = Invitation.objects.get()
    later = NOW + timedelta(days=1)
    invitation.accept(user=stranger, at=later)
    member = membership_of(stranger, invitation.organisation)
    assert (member.role, member.position_title) == (Role.APPROVER, "ปลัดองค์การบริหารส่วนตำบล")
    standing = Invitation.objects.get()
    assert (standing.accepted_at, standing.accepted_by) == (later, stranger)
    with pytest.raises(Invitation.Used):  # a second request that read the row before the first one wrote
        stale.accept(user=User.objects.create_user("quick"), at=later)
    with pytest.raises(Invitation.Used):
        stale.cancel(by=administrator, at=later)


def test_accept_refuses_late_cancelled_and_members(
    invitation: Invitation, administrator: User, stranger: User, staff: User
) -> None:
    invitation.issue(by=administrator, at=NOW)
    with pytest.raises(Invitation.Expired):
        invitation.accept(user=stranger, at=NOW + timedelta(days=7))
    with pytest.raises(Membership.AlreadyMember):
        invitation.accept(user=staff, at=NOW)
    assert Invitation.objects.get().accepted_at is None
    invitation.cancel(by=administrator, at=NOW)
    standing = Invitation.objects.get()
    assert (standing.cancelled_at, standing.cancelled_by) == (NOW, administrator)
    with pytest.raises(Invitation.Cancelled):
        invitation.accept(user=stranger, at=NOW)
    with pytest.raises(Invitation.Cancelled):
        invitation.cancel(by=administrator, at=NOW)
    assert not Membership.objects.filter(user=stranger, organisation=invitation.organisation).exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"accepted_at": NOW},
        {"cancelled_at": NOW},
        {"role": "king"},
        {"expires_at": NOW - timedelta(days=1)},
    ],
)
def test_database_holds_the_rules(invitation: Invitation, administrator: User, wrong: dict[str, Any]) -> None:
    invitation.issue(by=administrator, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(**wrong)


def test_database_refuses_accepted_and_cancelled(invitation: Invitation, administrator: User) -> None:
    invitation.issue(by=administrator, at=NOW)
    Invitation.objects.update(accepted_at=NOW, accepted_by=administrator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.update(cancelled_at=NOW, cancelled_by=administrator)


def invite(client: Client, organisation: Organisation, **fields: str) -> Any:
    """Send the form of an invitation."""
    url = reverse("organisations:member-invite", args=[organisation.slug])
    return client.post(url, {"first_name": "สมปอง", "last_name": "ขยัน", "role": "staff"} | fields)


def test_inviting_mails_the_link_and_shows_it_once(
    administrators_client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = invite(administrators_client, organisation, email="sompong@example.go.th")
    address = answer.context["link"]
    assert address in answer.content.decode()
    (message,) = mail.outbox
    assert message.to == ["sompong@example.go.th"]
    assert address in message.body
    assert "องค์การบริหารส่วนตำบลตัวอย่าง" in message.body
    listing = administrators_client.get(reverse("organisations:members", args=[organisation.slug]))
    assert "สมปอง ขยัน" in listing.content.decode()
    assert address.rstrip("/").rpartition("/")[2] not in listing.content.decode()


def test_inviting_without_an_address_sends_nothing(
    administrators_client: Client, organisation: Organisation, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        answer = invite(administrators_client, organisation)
    assert mail.outbox == []
    token = answer.context["link"].rstrip("/").rpartition("/")[2]
    assert Invitation.objects.with_token(token).get().email == ""


def test_inviting_refuses_a_member_and_keeps_what_was_typed(
    administrators_client: Client, organisation: Organisation, staff: User
) -> None:
    User.objects.filter(pk=staff.pk).update(email="staff@example.go.th")
    page = invite(administrators_client, organisation, email="Staff@example.go.th").content.decode()
    assert "ผู้ใช้อีเมล Staff@example.go.th เป็นสมาชิกของหน่วยงานนี้อยู่แล้ว" in page
    assert 'value="สมปอง"' in page
    assert not Invitation.objects.exists()


@pytest.fixture
def token(invitation: Invitation, administrator: User) -> str:
    """Return the secret of an invitation issued an hour ago."""
    return invitation.issue(by=administrator, at=timezone.now() - timedelta(hours=1))


def test_a_new_person_makes_an_account_and_is_in(
    client: Client, token: str, organisation: Organisation
) -> None:
    page = client.get(link(token)).content.decode()
    assert "องค์การบริหารส่วนตำบลตัวอย่าง" in page
    assert "ผู้อนุมัติ" in page
    answer = client.post(link(token), ACCOUNT)
    assert answer["Location"] == f"/{organisation.slug}/"
    user = User.objects.get(username="sompong")
    assert user.full_name == "นายสมปอง ขยัน"
    assert user.check_password(ACCOUNT["password1"])
    assert membership_of(user, organisation).role == Role.APPROVER
    assert client.session["_auth_user_id"] == str(user.pk)
    gone = Client().get(link(token))
    assert gone.status_code == 410
    assert "คำเชิญนี้ถูกใช้แล้ว" in gone.content.decode()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"username": "som pong"}, "ใช้ได้เฉพาะตัวอักษร ตัวเลข และ @ . + - _ ไม่มีช่องว่าง"),
        ({"username": "TAKEN"}, "มีผู้ใช้ชื่อ “TAKEN” แล้ว"),
        ({"password2": "อีกอย่างหนึ่ง"}, "รหัสผ่านสองช่องไม่ตรงกัน"),
        ({"password1": "สั้น", "password2": "สั้น"}, "ต้องมีอย่างน้อย ๑๐ ตัวอักษร"),
        ({"password1": "password123", "password2": "password123"}, "เดาง่าย"),
        ({"username": ""}, "โปรดกรอกช่องนี้"),
        ({"email": "taken@example.go.th"}, "มีบัญชีที่ใช้อีเมล taken@example.go.th แล้ว"),
        ({"email": "นี่ไม่ใช่"}, "อีเมลไม่ถูกต้อง"),
    ],
)
def test_a_bad_account_is_refused_in_thai(
    client: Client, token: str, fields: dict[str, str], sentence: str
) -> None:
    User.objects.create_user("taken", email="Taken@example.go.th")
    page = client.post(link(token), ACCOUNT | fields).content.decode()
    assert sentence in page
    assert not User.objects.filter(first_name="สมปอง").exists()
    assert Invitation.objects.get().accepted_at is None


def test_a_signed_in_person_joins_with_that_account(
    client: Client, token: str, stranger: User, organisation: Organisation
) -> None:
    client.force_login(stranger)
    assert stranger.username in client.get(link(token)).content.decode()
    client.post(link(token))
    assert membership_of(stranger, organisation).role == Role.APPROVER
    assert Organisation.objects.of(stranger).count() == 2


def test_a_member_does_not_use_up_the_invitation(client: Client, token: str, staff: User) -> None:
    client.force_login(staff)
    answer = client.post(link(token), follow=False)
    assert answer.status_code == 302
    assert Invitation.objects.get().accepted_at is None


def test_the_owner_of_a_known_address_signs_in_first(
    client: Client, invitation: Invitation, administrator: User, stranger: User
) -> None:
    User.objects.filter(pk=stranger.pk).update(email="known@example.go.th")
    invitation.email = "Known@example.go.th"
    token = invitation.issue(by=administrator, at=timezone.now())
    answer = client.post(link(token), ACCOUNT)
    assert not User.objects.filter(username="sompong").exists()
    assert f"{reverse('account_login')}?next={link(token)}" in answer.content.decode()
    sign_in = {"login": "known@example.go.th", "password": PASSWORD, "next": link(token)}
    assert client.post(reverse("account_login"), sign_in)["Location"] == link(token)


def test_links_that_no_longer_work_say_what_to_do(
    client: Client, invitation: Invitation, administrator: User
) -> None:
    token = invitation.issue(by=administrator, at=timezone.now() - timedelta(days=8))
    answer = client.get(link(token))
    assert (answer.status_code, "คำเชิญนี้หมดอายุ" in answer.content.decode()) == (410, True)
    invitation.cancel(by=administrator, at=timezone.now())
    answer = client.post(link(token), ACCOUNT)
    assert (answer.status_code, "คำเชิญนี้ถูกยกเลิก" in answer.content.decode()) == (410, True)
    answer = client.get(link("unknown"))
    assert (answer.status_code, "ไม่พบคำเชิญนี้" in answer.content.decode()) == (404, True)
    assert not User.objects.filter(username="sompong").exists()
