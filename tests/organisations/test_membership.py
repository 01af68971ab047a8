"""Who belongs to an organisation, and how that changes."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User
from tests.conftest import make_member

from .conftest import NOW, membership_of


def test_admit_makes_a_member_and_tells(organisation: Organisation, administrator: User) -> None:
    user = User.objects.create_user("nong", first_name="น้อง", last_name="ใหม่")
    Membership.admit(
        organisation=organisation,
        user=user,
        role=Role.STAFF,
        position_title="นักจัดการงานทั่วไป",
        by=administrator,
        at=NOW,
    )
    standing = membership_of(user, organisation)
    assert (standing.role, standing.position_title, standing.deactivated_at) == (
        Role.STAFF,
        "นักจัดการงานทั่วไป",
        None,
    )
    event = Event.objects.of(organisation).first()
    assert event is not None
    assert (event.verb, event.sentence, event.actor, event.at) == (
        Event.Verb.MEMBER_ADDED,
        "น้อง ใหม่ เป็นเจ้าหน้าที่",
        administrator,
        NOW,
    )


def test_admit_refuses_a_member_and_brings_a_suspended_one_back(
    organisation: Organisation, staff: User, administrator: User
) -> None:
    again = {
        "organisation": organisation,
        "user": staff,
        "position_title": "",
        "by": administrator,
        "at": NOW,
    }
    with pytest.raises(Membership.AlreadyMember):
        Membership.admit(role=Role.AUDITOR, **again)
    assert membership_of(staff, organisation).role == Role.STAFF
    membership_of(staff, organisation).deactivate(by=administrator, at=NOW)
    Membership.admit(role=Role.AUDITOR, **again)
    standing = membership_of(staff, organisation)
    assert (standing.role, standing.deactivated_at) == (Role.AUDITOR, None)


def test_deactivate_and_reactivate(organisation: Organisation, staff: User, administrator: User) -> None:
    member = membership_of(staff, organisation)
    member.deactivate(by=administrator, at=NOW)
    assert membership_of(staff, organisation).deactivated_at == NOW
    assert not Organisation.objects.of(staff).exists()
    with pytest.raises(Membership.NotActive):
        member.deactivate(by=administrator, at=NOW)
    with pytest.raises(Membership.NotActive):
        member.change(role=Role.AUDITOR, position_title="", by=administrator, at=NOW)
    member.reactivate(by=administrator, at=NOW)
    assert membership_of(staff, organisation).deactivated_at is None
    with pytest.raises(Membership.AlreadyActive):
        member.reactivate(by=administrator, at=NOW)
    verbs = list(Event.objects.of(organisation).values_list("verb", flat=True))
    assert verbs == [Event.Verb.MEMBER_REACTIVATED, Event.Verb.MEMBER_DEACTIVATED]


def test_the_last_administrator_stays(organisation: Organisation, administrator: User, staff: User) -> None:
    member = membership_of(administrator, organisation)
    with pytest.raises(Membership.LastAdministrator):
        member.deactivate(by=administrator, at=NOW)
    with pytest.raises(Membership.LastAdministrator):
        member.change(role=Role.STAFF, position_title="", by=administrator, at=NOW)
    member.change(role=Role.ADMINISTRATOR, position_title="ปลัด", by=administrator, at=NOW)
    suspended = make_member(organisation, Role.ADMINISTRATOR, "suspended")
    membership_of(suspended, organisation).deactivate(by=administrator, at=NOW)
    with pytest.raises(Membership.LastAdministrator):  # a suspended one does not count
        member.deactivate(by=administrator, at=NOW)
    membership_of(staff, organisation).change(
        role=Role.ADMINISTRATOR, position_title="", by=administrator, at=NOW
    )
    member.deactivate(by=administrator, at=NOW)
    assert membership_of(administrator, organisation).deactivated_at == NOW


def test_change_rests_on_what_stands_not_on_what_was_loaded(
    organisation: Organisation, administrator: User, staff: User
) -> None:
    stale = membership_of(staff, organisation)  # seen as staff, and meanwhile the only administrator
    Membership.objects.filter(pk=stale.pk).update(role=Role.ADMINISTRATOR)
    Membership.objects.filter(user=administrator).update(role=Role.STAFF)
    with pytest.raises(Membership.LastAdministrator):
        stale.deactivate(by=administrator, at=NOW)


def test_database_refuses_an_unknown_role_and_a_second_membership(
    organisation: Organisation, staff: User
) -> None:
    other = User.objects.create_user("other")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=organisation, user=other, role="king")
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(organisation=organisation, user=staff, role=Role.STAFF)


def test_database_refuses_the_same_address_in_other_capitals(db: None) -> None:
    User.objects.create_user("one", email="somying@example.go.th")
    User.objects.create_user("none")
    User.objects.create_user("none2")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("two", email="Somying@example.go.th")


def test_units_move_and_retire(organisation: Organisation, administrator: User) -> None:
    organisation.add_unit("กองช่าง", by=administrator, at=NOW)
    first, second, third = organisation.units.all()
    third.move(up=True)
    assert [unit.name for unit in organisation.units.all()] == ["สำนักปลัด", "กองช่าง", "กองคลัง"]
    first.move(up=True)
    assert organisation.units.first() == first
    second.rename("กองการคลัง", by=administrator, at=NOW)
    second.set_active(False, by=administrator, at=NOW)
    second.set_active(False, by=administrator, at=NOW)
    second.refresh_from_db()
    assert (second.name, second.is_active) == ("กองการคลัง", False)
    sentences = list(Event.objects.of(organisation).values_list("sentence", flat=True))
    assert sentences == ["เลิกใช้กองการคลัง", "เปลี่ยนชื่อกองคลัง เป็นกองการคลัง", "เพิ่มกองช่าง"]
