"""The front, the administrator's pages and the operator's list."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django.views.defaults import server_error

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Invitation, Membership, Organisation, Role, Unit, User
from ita_portal.thai import fiscal_year_of
from tests.conftest import make_member

from .conftest import NOW, membership_of


def page(client: Client, name: str, *args: Any) -> str:
    """Return the text of a page."""
    return client.get(reverse(f"organisations:{name}", args=args)).content.decode()


def sent(client: Client, address: str, /, *args: Any, **fields: Any) -> str:
    """Send a form and return the text of the page that it leads to."""
    return client.post(reverse(f"organisations:{address}", args=args), fields, follow=True).content.decode()


# --- The front ---


def test_front_leads_to_the_only_organisation(
    client: Client, staff: User, organisation: Organisation
) -> None:
    assert reverse("account_login") in page(client, "start")
    client.force_login(staff)
    assert client.get("/")["Location"] == f"/{organisation.slug}/"
    year = fiscal_year_of(timezone.localdate())
    assert client.get(f"/{organisation.slug}/")["Location"] == f"/{organisation.slug}/{year}/"


def test_front_lets_choose_among_several(
    client: Client, staff: User, organisation: Organisation, stranger_organisation: Organisation
) -> None:
    Membership.objects.create(organisation=stranger_organisation, user=staff, role=Role.AUDITOR)
    client.force_login(staff)
    text = page(client, "start")
    assert f'href="/{organisation.slug}/"' in text
    assert f'href="/{stranger_organisation.slug}/"' in text


def test_front_explains_to_a_suspended_person(
    client: Client, staff: User, organisation: Organisation
) -> None:
    Membership.objects.update(deactivated_at=NOW)
    client.force_login(staff)
    assert "ยังไม่ได้เป็นสมาชิกของหน่วยงานใด" in page(client, "start")
    assert client.get(f"/{organisation.slug}/").status_code == 404


def test_front_brings_the_operator_to_the_list(client: Client, operator: User) -> None:
    client.force_login(operator)
    assert client.get("/")["Location"] == reverse("organisations:operator")


# --- Pages of refusal ---


def test_refusals_say_in_thai_what_to_do(client: Client, organisation: Organisation, staff: User) -> None:
    client.force_login(staff)
    forbidden = client.get(f"/{organisation.slug}/members/")
    assert forbidden.status_code == 403
    assert "บทบาทของท่าน (เจ้าหน้าที่) เปิดหน้านี้ไม่ได้" in forbidden.content.decode()
    missing = client.get("/no-such-place/members/")
    assert missing.status_code == 404
    assert "ไม่พบหน้านี้" in missing.content.decode()
    strict = Client(enforce_csrf_checks=True)
    assert "ส่งแบบไม่สำเร็จ" in strict.post(reverse("account_login"), {}).content.decode()


def test_a_failure_is_told_without_the_rest_of_the_portal() -> None:
    text = server_error(RequestFactory().get("/")).content.decode()
    assert "ระบบขัดข้อง" in text
    assert 'href="/"' in text


# --- Profile and units ---

PROFILE = {
    "kind": "subdistrict",
    "name": "องค์การบริหารส่วนตำบลตัวอย่าง",
    "short_name": "อบต.ตัวอย่าง",
    "district": "อำเภอเมืองตัวอย่าง",
    "province": "จังหวัดตัวอย่าง",
}


def test_profile_saves_and_tells_what_changed(
    administrators_client: Client, organisation: Organisation
) -> None:
    text = sent(
        administrators_client, "profile", organisation.slug, **PROFILE, phone="๐ ๒๑๒๓ ๔๕๖๗", slug="other"
    )
    assert "บันทึกข้อมูลหน่วยงานแล้ว" in text
    standing = Organisation.objects.get(pk=organisation.pk)
    assert (standing.slug, standing.phone) == ("abt-tuayang", "๐ ๒๑๒๓ ๔๕๖๗")
    assert (standing.district, standing.province) == ("เมืองตัวอย่าง", "ตัวอย่าง")
    event = Event.objects.of(organisation).get()
    assert event.verb == Event.Verb.PROFILE_CHANGED
    assert "โทรศัพท์" in event.sentence


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": ""}, "โปรดกรอกช่องนี้"),
        ({"province": "จังหวัด"}, "โปรดกรอกชื่อจังหวัด"),
        ({"website": "ไม่ใช่เว็บ อะไร"}, "ที่อยู่เว็บไซต์อ่านไม่ได้"),
        ({"kind": "kingdom"}, "โปรดเลือกจากรายการ"),
        ({"short_name": "ย" * 101}, "ต้องไม่เกิน ๑๐๐ ตัวอักษร"),
    ],
)
def test_profile_refuses_in_thai_and_keeps_what_was_typed(
    administrators_client: Client, organisation: Organisation, fields: dict[str, str], sentence: str
) -> None:
    text = sent(administrators_client, "profile", organisation.slug, **PROFILE | {"phone": "1234"} | fields)
    assert sentence in text
    assert 'value="1234"' in text
    assert Organisation.objects.get(pk=organisation.pk).phone == ""
    assert not Event.objects.exists()


def test_units_are_added_renamed_and_retired(
    administrators_client: Client, organisation: Organisation
) -> None:
    slug = organisation.slug
    assert "เพิ่มกอง ช่างแล้ว" in sent(administrators_client, "units", slug, name="  กอง  ช่าง ")
    unit = organisation.units.get(name="กอง ช่าง")
    assert unit.position == 3
    sent(administrators_client, "unit-edit", slug, unit.pk, name="กองช่าง")
    sent(administrators_client, "unit-move", slug, unit.pk, to="up")
    sent(administrators_client, "unit-state", slug, unit.pk, to="retired")
    unit.refresh_from_db()
    assert (unit.name, unit.position, unit.is_active) == ("กองช่าง", 2, False)
    assert "เลิกใช้แล้ว" in page(administrators_client, "units", slug)
    sent(administrators_client, "unit-state", slug, unit.pk, to="active")
    unit.refresh_from_db()
    assert unit.is_active


def test_unit_names_do_not_repeat(administrators_client: Client, organisation: Organisation) -> None:
    organisation.units.filter(name="กองคลัง").update(is_active=False)
    text = sent(administrators_client, "units", organisation.slug, name="กองคลัง")
    assert "มี “กองคลัง” อยู่แล้ว (เลิกใช้แล้ว กดกลับมาใช้ได้ในรายการ)" in text
    first = organisation.units.first()
    text = sent(administrators_client, "unit-edit", organisation.slug, first.pk, name="กองคลัง")
    assert "ชื่อสำนัก/กองต้องไม่ซ้ำกัน" in text
    assert "เปลี่ยนชื่อสำนักปลัด" in text
    assert organisation.units.count() == 2


def test_units_of_others_are_not_found(
    administrators_client: Client, organisation: Organisation, stranger_organisation: Organisation
) -> None:
    theirs = Unit.objects.create(organisation=stranger_organisation, name="กองอื่น")
    for name in ("unit-move", "unit-state", "unit-edit"):
        url = reverse(f"organisations:{name}", args=[organisation.slug, theirs.pk])
        assert administrators_client.post(url, {"name": "แย่งมา"}).status_code == 404
    theirs.refresh_from_db()
    assert (theirs.name, theirs.is_active) == ("กองอื่น", True)


# --- Members ---


def test_member_changes_role_and_position(
    administrators_client: Client, organisation: Organisation, staff: User
) -> None:
    pk = membership_of(staff, organisation).pk
    fields = {"role": "approver", "position_title": "หัวหน้าสำนักปลัด"}
    assert "เป็นผู้อนุมัติ" in sent(administrators_client, "member-edit", organisation.slug, pk, **fields)
    standing = membership_of(staff, organisation)
    assert (standing.role, standing.position_title) == ("approver", "หัวหน้าสำนักปลัด")


def test_the_last_administrator_reads_why_not(
    administrators_client: Client, organisation: Organisation, administrator: User
) -> None:
    pk = membership_of(administrator, organisation).pk
    why = "ผู้ดูแลหน่วยงานคนสุดท้าย"
    assert why in sent(administrators_client, "member-edit", organisation.slug, pk, role="staff")
    assert why in sent(administrators_client, "member-deactivate", organisation.slug, pk)
    standing = membership_of(administrator, organisation)
    assert (standing.role, standing.deactivated_at) == ("administrator", None)


def test_suspended_member_is_out_and_comes_back(
    administrators_client: Client, organisation: Organisation, staff: User
) -> None:
    pk = membership_of(staff, organisation).pk
    theirs = Client()
    theirs.force_login(staff)
    assert theirs.get(f"/{organisation.slug}/").status_code == 302
    sent(administrators_client, "member-deactivate", organisation.slug, pk)
    assert theirs.get(f"/{organisation.slug}/").status_code == 404
    again = sent(administrators_client, "member-deactivate", organisation.slug, pk)
    assert "ถูกระงับสิทธิอยู่แล้ว" in again
    sent(administrators_client, "member-reactivate", organisation.slug, pk)
    assert theirs.get(f"/{organisation.slug}/").status_code == 302


def test_members_of_others_are_not_found(
    administrators_client: Client,
    organisation: Organisation,
    stranger: User,
    stranger_organisation: Organisation,
) -> None:
    pk = membership_of(stranger, stranger_organisation).pk
    for name in ("member-edit", "member-deactivate", "member-reactivate"):
        url = reverse(f"organisations:{name}", args=[organisation.slug, pk])
        assert administrators_client.post(url, {"role": "staff"}).status_code == 404
    standing = membership_of(stranger, stranger_organisation)
    assert (standing.role, standing.deactivated_at) == ("administrator", None)


def test_cancelled_invitation_leaves_the_list(
    administrators_client: Client, organisation: Organisation, invitation: Invitation, administrator: User
) -> None:
    invitation.issue(by=administrator, at=timezone.now())
    assert "สมปอง" in page(administrators_client, "members", organisation.slug)
    text = sent(administrators_client, "invitation-cancel", organisation.slug, invitation.pk)
    assert "ยกเลิกคำเชิญ นายสมปอง ขยัน แล้ว" in text
    assert "คำเชิญที่รอการตอบรับ" not in text


# --- Lists stay cheap ---


def fill(organisation: Organisation, by: User, count: int) -> None:
    """Add members, units, invitations and events."""
    for n in range(count):
        make_member(organisation, Role.STAFF, f"member-{n}")
        organisation.add_unit(f"กอง {n}", by=by, at=NOW)
        Invitation(organisation=organisation, first_name="ก", last_name=str(n), role="staff").issue(
            by=by, at=timezone.now() - timedelta(hours=1)
        )


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize(("name", "queries"), [("members", 7), ("units", 6), ("events", 9)])
def test_lists_take_as_many_queries_for_one_row_as_for_thirty(
    administrators_client: Client,
    organisation: Organisation,
    administrator: User,
    django_assert_num_queries: Any,
    count: int,
    name: str,
    queries: int,
) -> None:
    fill(organisation, administrator, count)
    with django_assert_num_queries(queries):
        text = page(administrators_client, name, organisation.slug)
    last = {"members": f"member-{count - 1}", "units": f"กอง {count - 1}", "events": f"กอง {count - 1}"}
    assert last[name] in text


def test_events_come_in_pages_newest_first(
    administrators_client: Client,
    organisation: Organisation,
    stranger_organisation: Organisation,
    staff: User,
) -> None:
    for n in range(51):
        Event.record(Event.Verb.SCORES_CLOSED, f"เรื่องที่ <{n}>", by=staff, at=NOW, organisation=organisation)
    Event.record(Event.Verb.SCORES_CLOSED, "ของเขา", by=None, at=NOW, organisation=stranger_organisation)
    url = reverse("organisations:events", args=[organisation.slug])
    first = administrators_client.get(url)
    assert [event.sentence for event in first.context["page"]][:2] == ["เรื่องที่ <50>", "เรื่องที่ <49>"]
    assert "๑๕\u00a0ม.ค.\u00a0๖๗ ๑๐:๐๐ น." in first.content.decode()
    second = administrators_client.get(url, {"page": 2})
    assert [event.sentence for event in second.context["page"]] == ["เรื่องที่ <0>"]
    newest = Event.objects.of(organisation).first()
    for response in (first, second):  # the code to note is that of the newest event on every page
        assert f">{newest.hash}</code>" in response.content.decode()
    assert "เลขที่ ๕๑" in second.content.decode()


# --- The operator's list ---


def organisations(count: int) -> None:
    """Make organisations in bulk."""
    Organisation.objects.bulk_create(
        Organisation(slug=f"abt-{n}", kind="subdistrict", name=f"อบต.ทดลอง {n}", province="ทดลอง")
        for n in range(count)
    )


@pytest.mark.parametrize("count", [10, 1000])
def test_operators_list_costs_the_same_for_ten_and_for_a_thousand(
    client: Client, operator: User, count: int, django_assert_num_queries: Any
) -> None:
    organisations(count)
    client.force_login(operator)
    with django_assert_num_queries(5):
        text = page(client, "operator")
    assert text.count("<tr>") == min(count, 50) + 1


def test_operators_list_counts_active_members_and_searches(
    client: Client, operator: User, organisation: Organisation, staff: User, approver: User
) -> None:
    organisations(60)
    Membership.objects.filter(user=approver).update(deactivated_at=NOW)
    client.force_login(operator)
    url = reverse("organisations:operator")
    found = client.get(url, {"q": "ตำบล ตัวอย่าง"}).context["page"].object_list
    assert [(each.slug, each.member_count) for each in found] == [("abt-tuayang", 1)]
    second = client.get(url, {"q": "ทดลอง", "page": 2})
    assert len(second.context["page"].object_list) == 10
    assert "?page=1&amp;q=%E0%B8%97" in second.content.decode()
    assert [o.name for o in client.get(url, {"q": "๕๙"}).context["page"]] == ["อบต.ทดลอง 59"]
    assert "ไม่พบหน่วยงานที่ตรงกับ “ไม่มีแน่”" in client.get(url, {"q": "ไม่มีแน่"}).content.decode()
