"""The operator gives auditors organisations, one, a list or a province, and takes them back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User
from reports.models import AuditorGrant, open_to_auditor

AT = datetime(2024, 4, 1, 3, 0, tzinfo=UTC)
PAGE = "/operator/auditors/"


@pytest.fixture
def outsider(db: None) -> User:
    """Return a person who belongs to no organisation."""
    return User.objects.create_user(
        "weera.t", email="Weera@example.go.th", first_name="วีระ", last_name="ตรวจดี"
    )


@pytest.fixture
def others(organisation: Organisation) -> list[Organisation]:
    """Return three organisations beside `organisation`; two of one name in two provinces."""
    return [
        Organisation.objects.create(
            slug=slug, kind="subdistrict", name=name, short_name=short, province=province
        )
        for slug, name, short, province in (
            ("abt-nuea", "องค์การบริหารส่วนตำบลเหนือ", "อบต.เหนือ", "ตัวอย่าง"),
            ("abt-mai-1", "องค์การบริหารส่วนตำบลใหม่", "อบต.ใหม่", "ตัวอย่าง"),
            ("abt-mai-2", "องค์การบริหารส่วนตำบลใหม่", "อบต.ใหม่", "ไกล"),
        )
    ]


@pytest.fixture
def operators_client(client: Client, operator: User) -> Client:
    """Return a client in which the operator is signed in."""
    client.force_login(operator)
    return client


def given(client: Client, **fields: str) -> Any:
    """Send the form."""
    return client.post(PAGE, {"person": "weera.t", "organisations": "", "province": "", **fields})


def slugs_of(user: User) -> set[str]:
    """Return the organisations that a person may audit."""
    return set(open_to_auditor(user).values_list("slug", flat=True))


@pytest.mark.parametrize("person", ["weera.t", "weera@EXAMPLE.go.th"])
def test_one_organisation_is_given_by_user_name_or_e_mail(
    operators_client: Client, outsider: User, others: list[Organisation], operator: User, person: str
) -> None:
    response = given(operators_client, person=person, organisations="abt-nuea")
    assert response["Location"] == PAGE
    grant = AuditorGrant.objects.get()
    assert (grant.user, grant.organisation, grant.given_by) == (outsider, others[0], operator)
    assert slugs_of(outsider) == {"abt-nuea"}


def test_a_list_is_read_by_slug_name_short_name_and_province(
    operators_client: Client, outsider: User, others: list[Organisation]
) -> None:
    given(
        operators_client,
        organisations=" ABT-tuayang \n\nองค์การบริหารส่วนตำบล เหนือ\nอบต.เหนือ\r\nอบต.ใหม่\tจังหวัดไกล\nอบต.เหนือ",
    )
    assert slugs_of(outsider) == set()  # the second line has a blank within the name: nothing is given at all
    given(operators_client, organisations=" ABT-tuayang \n\nอบต.เหนือ\r\nอบต.ใหม่\tจังหวัดไกล\nอบต.เหนือ")
    assert slugs_of(outsider) == {"abt-tuayang", "abt-nuea", "abt-mai-2"}
    assert AuditorGrant.objects.count() == 3


def test_lines_that_name_none_or_several_are_refused_by_their_number_and_nothing_is_given(
    operators_client: Client, outsider: User, others: list[Organisation]
) -> None:
    typed = "abt-nuea\n\nอบต.ไม่มี\nอบต.ใหม่\nอบต.เหนือ\tไกล"
    response = given(operators_client, organisations=typed)
    assert response.status_code == 422
    errors = response.context["form"].errors["organisations"]
    assert [error.split(" “")[0] for error in errors] == ["บรรทัดที่ ๓", "บรรทัดที่ ๔", "บรรทัดที่ ๕"]
    assert "ตรงกับ ๒ หน่วยงาน" in errors[1] and "abt-mai-1 abt-mai-2" in errors[1]
    text = response.content.decode()
    assert "บรรทัดที่ ๓ “อบต.ไม่มี” ไม่พบหน่วยงานนี้" in text
    assert "อบต.ไม่มี\nอบต.ใหม่\n" in text  # what was typed stands in the box
    assert not AuditorGrant.objects.exists()


def test_a_long_list_takes_a_constant_number_of_look_ups(
    operators_client: Client, outsider: User, others: list[Organisation], django_assert_num_queries: Any
) -> None:
    from_lines = "\n".join(f"หน่วยงาน {n}" for n in range(900))
    for lines in ("หน่วยงาน 1", from_lines):
        with django_assert_num_queries(
            7
        ):  # session, operator, provinces, person, organisations, grants, bell
            assert len(
                given(operators_client, organisations=lines).context["form"].errors["organisations"]
            ) == len(lines.splitlines())


def test_too_many_lines_are_refused(operators_client: Client, outsider: User) -> None:
    response = given(operators_client, organisations="ก\n" * 1001)
    assert response.context["form"].errors["organisations"] == [
        "วางได้ครั้งละไม่เกิน ๑,๐๐๐ บรรทัด ที่วางมามี ๑,๐๐๑ บรรทัด โปรดแบ่งเป็นหลายครั้ง"
    ]


def test_a_province_is_all_that_stand_there_now_and_later(
    operators_client: Client, outsider: User, others: list[Organisation]
) -> None:
    given(operators_client, province="ตัวอย่าง")
    assert slugs_of(outsider) == {"abt-tuayang", "abt-nuea", "abt-mai-1"}
    Organisation.objects.create(slug="abt-sud", kind="subdistrict", name="ใหม่สุด", province="ตัวอย่าง")
    assert "abt-sud" in slugs_of(outsider)
    assert AuditorGrant.objects.get().scope == "ทุกหน่วยงานในจังหวัดตัวอย่าง"


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"person": "nobody"}, "person", "ไม่พบผู้ใช้ “nobody” ในระบบ"),
        ({"person": ""}, "person", "โปรดกรอกชื่อผู้ใช้หรืออีเมล"),
        ({}, "__all__", "ให้กรอกหน่วยงานอย่างน้อยหนึ่งบรรทัด หรือเลือกจังหวัดอย่างใดอย่างหนึ่ง"),
        ({"organisations": "abt-nuea", "province": "ไกล"}, "__all__", "อย่างใดอย่างหนึ่ง"),
        ({"province": "ไม่มีจริง"}, "province", "ไม่มีหน่วยงานของจังหวัดนี้ในระบบ"),
    ],
)
def test_what_cannot_be_given_is_refused_at_its_field(
    operators_client: Client,
    outsider: User,
    others: list[Organisation],
    fields: dict[str, str],
    field: str,
    sentence: str,
) -> None:
    response = given(operators_client, **fields)
    assert sentence in " ".join(response.context["form"].errors[field])
    assert not AuditorGrant.objects.exists()


def test_what_stands_already_is_refused_with_its_name(
    operators_client: Client, outsider: User, others: list[Organisation]
) -> None:
    given(operators_client, organisations="abt-nuea")
    given(operators_client, province="ไกล")
    again = given(operators_client, organisations="abt-nuea\nabt-mai-1").context["form"].errors
    assert again["organisations"] == [
        "วีระ ตรวจดี ได้รับสิทธิขององค์การบริหารส่วนตำบลเหนือ (abt-nuea) อยู่แล้ว ให้นำบรรทัดนี้ออก"
    ]
    again = given(operators_client, province="ไกล").context["form"].errors
    assert again["province"] == ["วีระ ตรวจดี ได้รับสิทธิทุกหน่วยงานในจังหวัดไกลอยู่แล้ว"]
    assert AuditorGrant.objects.count() == 2


def test_a_grant_is_ended_once_and_may_be_given_again(
    operators_client: Client, outsider: User, others: list[Organisation], operator: User
) -> None:
    given(operators_client, organisations="abt-nuea")
    grant = AuditorGrant.objects.get()
    where = reverse("reports:auditor-grant-end", args=[grant.pk])
    assert "ยกเลิกสิทธิของ วีระ ตรวจดี แล้ว" in operators_client.post(where, follow=True).content.decode()
    assert "สิทธินี้ถูกยกเลิกไปแล้ว" in operators_client.post(where, follow=True).content.decode()
    grant.refresh_from_db()
    assert (grant.revoked_by, slugs_of(outsider)) == (operator, set())
    verbs = list(Event.objects.of(others[0]).values_list("verb", flat=True))
    assert verbs == ["auditor-revoked", "auditor-granted"]
    standing = operators_client.get(PAGE).content.decode()
    ended = operators_client.get(f"{PAGE}?ended=1").content.decode()
    assert ("องค์การบริหารส่วนตำบลเหนือ" in standing, "องค์การบริหารส่วนตำบลเหนือ" in ended) == (False, True)
    given(operators_client, organisations="abt-nuea")
    assert slugs_of(outsider) == {"abt-nuea"}


def test_grants_are_searched_and_their_page_asks_a_constant_number_of_times(
    operators_client: Client, outsider: User, operator: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 30):
        while (made := AuditorGrant.objects.count()) < count:
            place = Organisation.objects.create(
                slug=f"abt-{made}", kind="subdistrict", name=f"อบต.ที่ {made}", province="ตัวอย่าง"
            )
            AuditorGrant.give(user=outsider, organisation=place, by=operator, at=AT)
        with django_assert_num_queries(6):  # session, operator, provinces, count, grants, bell
            assert len(operators_client.get(PAGE).context["page"].object_list) == count
    found = operators_client.get(PAGE, {"q": "วีระ ที่ 17"}).context["page"].object_list
    assert [grant.organisation.slug for grant in found] == ["abt-17"]


def test_members_and_ended_memberships_and_grants(
    organisation: Organisation, others: list[Organisation], outsider: User, operator: User
) -> None:
    member = Membership.objects.create(organisation=organisation, user=outsider, role=Role.AUDITOR)
    assert slugs_of(outsider) == {"abt-tuayang"}
    AuditorGrant.give(
        user=outsider, province="ตัวอย่าง", by=operator, at=AT
    )  # the same one twice is listed once
    assert open_to_auditor(outsider).count() == 3
    Membership.objects.filter(pk=member.pk).update(role=Role.STAFF)
    AuditorGrant.objects.get().revoke(by=operator, at=AT)
    assert slugs_of(outsider) == set()


def test_the_front_brings_to_the_audits_who_has_nothing_else(
    client: Client, outsider: User, organisation: Organisation, staff: User, operator: User
) -> None:
    for person in (outsider, staff):
        AuditorGrant.give(user=person, organisation=organisation, by=operator, at=AT)
    client.force_login(outsider)
    assert client.get("/")["Location"] == "/audits/"
    client.force_login(staff)
    text = client.get("/").content.decode()
    assert 'href="/audits/"' in text and 'href="/abt-tuayang/"' in text
    AuditorGrant.objects.get(user=staff).revoke(by=operator, at=AT)
    assert client.get("/")["Location"] == "/abt-tuayang/"


def test_the_link_stands_in_the_frame_of_auditors_alone(
    client: Client, organisation: Organisation, auditor: User, staff: User
) -> None:
    shown = {}
    for user, address in ((auditor, "/audits/abt-tuayang/"), (staff, "/abt-tuayang/2567/")):
        client.force_login(user)
        shown[user.username] = 'class="frame-link" href="/audits/"' in client.get(address).content.decode()
    assert list(shown.values()) == [True, False]
