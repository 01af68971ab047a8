"""Sign-in by name or address, in Thai, without sign-up."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from ita_portal.organisations.models import User
from tests.conftest import PASSWORD
from tests.test_architecture import LATIN, visible_text


@pytest.fixture(autouse=True)
def no_attempts_yet() -> None:
    """Forget the attempts of other tests."""
    cache.clear()


def sign_in(client: Client, login: str, password: str = PASSWORD) -> str:
    """Try to sign in and return the page."""
    return client.post(reverse("account_login"), {"login": login, "password": password}).content.decode()


@pytest.mark.parametrize("login", ["staff-abt-tuayang", "Somying@Example.go.th"])
def test_by_user_name_or_address(client: Client, staff: User, login: str) -> None:
    User.objects.filter(pk=staff.pk).update(email="somying@example.go.th")
    sign_in(client, login)
    assert client.session["_auth_user_id"] == str(staff.pk)


def test_a_wrong_password_and_an_unknown_name_read_the_same(client: Client, staff: User) -> None:
    sentence = "ชื่อผู้ใช้ อีเมล หรือรหัสผ่านไม่ถูกต้อง"
    assert sentence in sign_in(client, staff.username, "ไม่ใช่รหัสนี้")
    assert sentence in sign_in(client, "nobody", "ไม่ใช่รหัสนี้")
    assert sentence in sign_in(client, "nobody@example.go.th", "ไม่ใช่รหัสนี้")
    assert "_auth_user_id" not in client.session


def test_many_wrong_passwords_are_stopped(client: Client, staff: User) -> None:
    for _ in range(5):
        sign_in(client, staff.username, "ไม่ใช่รหัสนี้")
    assert "เข้าสู่ระบบไม่สำเร็จหลายครั้งเกินไป" in sign_in(client, staff.username)
    assert "_auth_user_id" not in client.session


def test_signing_in_again_behind_a_button_leads_to_words(client: Client, administrator: User) -> None:
    pressed = reverse("organisations:unit-move", args=["abt-tuayang", 1])
    asked = client.post(pressed)
    again = client.post(asked.url, {"login": administrator.username, "password": PASSWORD}, follow=True)
    assert again.request["PATH_INFO"] == pressed
    assert again.status_code == 405 and again["Allow"] == "POST"
    assert "ยังไม่ได้บันทึก โปรดย้อนกลับ" in again.content.decode()


def test_nobody_signs_up(client: Client, db: None) -> None:
    url = reverse("account_signup")
    assert "บัญชีใหม่มาจากคำเชิญ" in client.get(url).content.decode()
    fields = {
        "username": "intruder",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "email": "a@example.go.th",
    }
    client.post(url, fields)
    assert not User.objects.exists()


@pytest.mark.parametrize("name", ["account_email", "account_reauthenticate", "account_set_password"])
def test_what_is_not_used_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_forgotten_password_by_mail(client: Client, staff: User) -> None:
    User.objects.filter(pk=staff.pk).update(email="somying@example.go.th")
    client.post(reverse("account_reset_password"), {"email": "somying@example.go.th"})
    (message,) = mail.outbox
    assert message.subject == "ตั้งรหัสผ่านใหม่ของระบบมาตรการ ITA"
    found = re.search(r"http://testserver(/\S+)", message.body)
    assert found is not None
    form = client.get(found[1], follow=True)
    new = "วลีใหม่ที่ยาวพอ"
    weak = client.post(form.request["PATH_INFO"], {"password1": "สั้น", "password2": "สั้น"})
    assert "ต้องมีอย่างน้อย ๑๐ ตัวอักษร" in weak.content.decode()
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    staff.refresh_from_db()
    assert staff.check_password(new)
    assert "ลิงก์นี้ใช้ไม่ได้แล้ว" in Client().get(found[1], follow=True).content.decode()


def test_an_unknown_address_gets_no_mail_and_the_same_page(client: Client, db: None) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "no@example.go.th"}, follow=True)
    assert "โปรดเปิดอีเมล" in answer.content.decode()
    assert mail.outbox == []


def test_changing_the_password(client: Client, staff: User) -> None:
    client.force_login(staff)
    url, new = reverse("account_change_password"), "วลีใหม่ที่ยาวพอ"
    wrong = client.post(url, {"oldpassword": "x", "password1": new, "password2": new})
    assert "รหัสผ่านปัจจุบันไม่ถูกต้อง" in wrong.content.decode()
    client.post(url, {"oldpassword": PASSWORD, "password1": new, "password2": new})
    staff.refresh_from_db()
    assert staff.check_password(new)


@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "account_inactive",
        "account_change_password",
        "account_logout",
    ],
)
def test_the_pages_hold_no_english(client: Client, staff: User, name: str) -> None:
    User.objects.filter(pk=staff.pk).update(last_name="ตัวอย่าง")
    if name in ("account_change_password", "account_logout"):
        client.force_login(staff)
    url = reverse(name)
    pages = [client.get(url).content.decode()]
    if "<form" in pages[0] and name != "account_logout":
        pages.append(
            client.post(url, {"login": "", "email": "x", "password1": "1", "password2": "2"}).content.decode()
        )
    for text in pages:
        words = re.findall(r"[A-Za-z_]{3,}", re.sub(r"\S+@\S+", " ", visible_text(text)))
        assert set(words) <= LATIN
