"""What tests of several apps stand on: a loaded instrument, two organisations, people in every role."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from assessments.models import Instrument
from ita_portal.organisations.models import Membership, Organisation, Role, User

CASES = Path(__file__).parent / "cases"
PASSWORD = "ทดสอบ-ระบบ-2567"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the choice of the second run: what never touches a database is not run on another one again."""
    parser.addoption("--only-database", action="store_true", help="run only tests that use the database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests without a database where only the others are asked for."""
    if not config.getoption("--only-database"):
        return

    def uses_database(item: pytest.Item) -> bool:
        fixtures = set(getattr(item, "fixturenames", ()))
        return bool(item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})

    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = [item for item in items if uses_database(item)]


def read_case(number: str) -> dict[str, Any]:
    """Return the published figures of a case by its number, such as "004"."""
    (path,) = CASES.glob(f"{number}-*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def case_scores(case: dict[str, Any], field: str = "scores") -> dict[tuple[str, int], Decimal]:
    """Return a case's question scores by (code, part)."""
    found = {}
    for name, value in case[field].items():
        code, _, part = name.partition("/")
        found[code, int(part or 0)] = Decimal(value)
    return found


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load every instrument of the catalogue once for the whole run: they are reference data."""
    with django_db_blocker.unblock():
        call_command("load_instruments", verbosity=0)


@pytest.fixture
def instruments(db: None) -> None:
    """Have every instrument of the catalogue, also after a journey that emptied the database."""
    if not Instrument.objects.exists():
        call_command("load_instruments", verbosity=0)


@pytest.fixture
def organisation(db: None) -> Organisation:
    """Return a made-up subdistrict organisation with two units."""
    made = Organisation.objects.create(
        slug="abt-tuayang",
        kind=Organisation.Kind.SUBDISTRICT,
        name="องค์การบริหารส่วนตำบลตัวอย่าง",
        short_name="อบต.ตัวอย่าง",
        district="เมืองตัวอย่าง",
        province="ตัวอย่าง",
    )
    made.units.create(name="สำนักปลัด", position=1)
    made.units.create(name="กองคลัง", position=2)
    return made


@pytest.fixture
def stranger_organisation(db: None) -> Organisation:
    """Return another organisation, of which the people of `organisation` know nothing."""
    return Organisation.objects.create(
        slug="tessaban-uen", kind=Organisation.Kind.TOWN_SUBDISTRICT, name="เทศบาลตำบลอื่น", province="อื่น"
    )


def make_member(organisation: Organisation, role: str, username: str = "") -> User:
    """Return a new user who belongs to `organisation` in `role`."""
    user = User.objects.create_user(
        username=username or f"{role}-{organisation.slug}",
        password=PASSWORD,
        first_name="สมหญิง",
        last_name=role,
    )
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


@pytest.fixture
def staff(organisation: Organisation) -> User:
    """Return a member who enters scores and drafts."""
    return make_member(organisation, Role.STAFF)


@pytest.fixture
def approver(organisation: Organisation) -> User:
    """Return a member who reads and approves."""
    return make_member(organisation, Role.APPROVER)


@pytest.fixture
def administrator(organisation: Organisation) -> User:
    """Return a member who manages the organisation."""
    return make_member(organisation, Role.ADMINISTRATOR)


@pytest.fixture
def auditor(organisation: Organisation) -> User:
    """Return a member who reads only what is approved."""
    return make_member(organisation, Role.AUDITOR)


@pytest.fixture
def stranger(stranger_organisation: Organisation) -> User:
    """Return a member of another organisation."""
    return make_member(stranger_organisation, Role.ADMINISTRATOR)


@pytest.fixture
def operator(db: None) -> User:
    """Return an operator of the platform, who belongs to no organisation."""
    return User.objects.create_superuser(username="operator", password=PASSWORD)
