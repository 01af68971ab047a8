"""Organisations and members by command."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, Role, User

from .conftest import membership_of

GIVEN = {"name": "องค์การบริหารส่วนตำบลใหม่", "province": "ใหม่"}


def create(slug: str = "abt-mai", **options: str) -> str:
    """Run create_organisation and return what it says."""
    said = io.StringIO()
    call_command("create_organisation", slug, **{"kind": "อบต."} | GIVEN | options, stdout=said)
    return said.getvalue()


def add(username: str = "somying", **options: Any) -> str:
    """Run add_member and return what it says."""
    said = io.StringIO()
    call_command("add_member", "abt-tuayang", username, **{"role": "staff"} | options, stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("อบต.", "subdistrict"),
        ("อบจ", "provincial"),
        ("เทศบาลตำบล", "town-subdistrict"),
        ("town", "town"),
        ("จังหวัด", "province"),
    ],
)
def test_create_makes_the_organisation_with_its_units(db: None, kind: str, value: str) -> None:
    create(kind=kind, units="สำนักปลัด, กองคลัง,,กองคลัง", district="เมือง", head_title="นายกใหม่")
    made = Organisation.objects.get()
    assert (made.slug, made.kind, made.district, made.head) == ("abt-mai", value, "เมือง", "นายกใหม่")
    assert [(unit.name, unit.position) for unit in made.units.all()] == [("สำนักปลัด", 1), ("กองคลัง", 2)]


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"slug": "Big Name"}, ["slug “Big Name”", "ตัวพิมพ์เล็ก|ตัวเล็ก", "abt-tuayang"]),
        ({"slug": "operator"}, ["slug “operator”", "คำที่ระบบใช้อยู่"]),
        ({"slug": "abt-tuayang"}, ["slug “abt-tuayang”", "มีหน่วยงานใช้ชื่อนี้แล้ว"]),
        ({"kind": "อบต.ใหญ่"}, ["--kind “อบต.ใหญ่”", "ไม่รู้จักประเภทนี้", "เช่น --kind อบต."]),
        ({"website": "nope"}, ["--website “nope”", "https://www.example.go.th"]),
        ({"name": "  "}, ["--name"]),
        ({"units": "กองคลัง," + "ย" * 121}, ["--units", "120", "เช่น กองคลัง"]),
    ],
)
def test_create_refuses_and_saves_nothing(
    organisation: Organisation, options: dict[str, str], parts: list[str]
) -> None:
    with pytest.raises(CommandError) as refusal:
        create(**options)
    for part in parts:
        assert any(choice in str(refusal.value) for choice in part.split("|"))
    assert Organisation.objects.count() == 1


def test_add_makes_a_user_with_a_printed_password(organisation: Organisation) -> None:
    said = add(
        role="ผู้ดูแลหน่วยงาน", first_name="สมหญิง", last_name="ใจดี", email="s@example.go.th", position="ปลัด"
    )
    user = User.objects.get()
    assert user.check_password(said.split()[-1])
    assert (user.full_name, user.email) == ("สมหญิง ใจดี", "s@example.go.th")
    member = membership_of(user, organisation)
    assert (member.role, member.position_title) == (Role.ADMINISTRATOR, "ปลัด")
    assert Event.objects.of(organisation).get().actor is None


def test_add_reads_the_password(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("วลีลับที่ยาวพอ ๑๒\n"))
    said = add(password_stdin=True)
    assert User.objects.get().check_password("วลีลับที่ยาวพอ ๑๒")
    assert "รหัสผ่าน" not in said


def test_add_lets_an_existing_user_in(organisation: Organisation, stranger: User) -> None:
    before = stranger.password
    said = add(username=stranger.username, role="ผู้ตรวจสอบ")
    assert membership_of(stranger, organisation).role == Role.AUDITOR
    stranger.refresh_from_db()
    assert stranger.password == before
    assert "รหัสผ่าน" not in said


@pytest.mark.parametrize(
    ("options", "typed", "parts"),
    [
        ({"role": "หัวหน้า"}, "", ["--role “หัวหน้า”", "ไม่รู้จักบทบาทนี้", "เช่น --role เจ้าหน้าที่"]),
        ({"username": "som ying"}, "", ["username “som ying”", "ไม่มีช่องว่าง", "somying"]),
        ({"email": "nope"}, "", ["--email “nope”", "อีเมลไม่ถูกต้อง"]),
        ({"email": "STAFF@example.go.th"}, "", ["มีผู้ใช้อีเมลนี้แล้ว"]),
        ({"password_stdin": True}, "สั้น\n", ["--password-stdin", "อย่างน้อย ๑๐ ตัวอักษร"]),
        ({"password_stdin": True}, "", ["--password-stdin", "อย่างน้อย ๑๐ ตัวอักษร"]),
        ({"username": "staff-abt-tuayang"}, "", ["เป็นสมาชิกของ", "อยู่แล้ว"]),
        ({"username": "staff-abt-tuayang", "email": "a@example.go.th"}, "", ["มีบัญชีนี้อยู่แล้ว"]),
        ({"position": "ย" * 201}, "", ["--position", "200 ตัวอักษร"]),
    ],
)
def test_add_refuses_and_saves_nothing(
    organisation: Organisation,
    staff: User,
    monkeypatch: pytest.MonkeyPatch,
    options: dict[str, Any],
    typed: str,
    parts: list[str],
) -> None:
    User.objects.filter(pk=staff.pk).update(email="staff@example.go.th")
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with pytest.raises(CommandError) as refusal:
        add(**options)
    for part in parts:
        assert part in str(refusal.value)
    assert User.objects.get() == staff
    assert organisation.memberships.count() == 1


def test_add_names_an_unknown_organisation(db: None) -> None:
    with pytest.raises(CommandError, match="slug “abt-tuayang”: ไม่มีหน่วยงานนี้"):
        add()
    assert not User.objects.exists()
