"""The demo: made once, on an empty database, in demo mode only."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from ita_portal.organisations.models import Membership, Organisation, User
from measures.models import MeasurePlan
from reports.demo import OPERATOR, PASSWORD, PEOPLE
from reports.models import ApprovalStep, IssuedPaper, Memo


@pytest.fixture
def loaded(instruments: None) -> str:
    call_command("load_library", verbosity=0)
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


def test_every_role_can_sign_in_with_the_printed_password(loaded: str) -> None:
    assert {who.role for who in PEOPLE} == {"staff", "approver", "administrator", "auditor"}
    for who in (*PEOPLE, OPERATOR):
        assert who.username in loaded
        assert Client().login(username=who.username, password=PASSWORD)


def test_it_holds_two_published_results_their_plans_and_memos(loaded: str) -> None:
    totals = {
        a.organisation.slug: (
            str(a.result(compared=True).total.value),
            str(a.result(compared=True).total.change),
        )
        for a in Assessment.objects.filter(instrument__be_year=2566)
    }
    assert totals == {
        "changwat-tuayang": ("94.16", "1.33"),
        "abt-tuayang": ("85.23", "-3.29"),
        "tessaban-tuayang": ("94.16", "1.33"),
    }
    begun, plan, approved = MeasurePlan.objects.order_by("assessment__organisation__slug")
    assert [figure.code for figure in begun.unanswered(begun.result())] == [
        "indicator-6",
        "indicator-5",
        "indicator-4",
        "indicator-2",
    ]
    assert len(plan.unanswered(plan.result())) == 1
    assert plan.measures.filter(deleted_at=None).count() >= 6
    assert plan.excuses.count() == 1
    assert (approved.is_locked, approved.unanswered(approved.result())) == (True, [])

    papers = IssuedPaper.objects.listed()
    assert [(paper.kind, paper.is_published, bool(paper.pages)) for paper in papers] == [
        ("memo", True, True),
        ("plan", True, True),
    ]
    assert [memo.state for memo in Memo.objects.order_by("pk")] == ["approved", "sent"]
    waiting = ApprovalStep.objects.waiting_for(
        User.objects.get(username="administrator"), day=timezone.localdate()
    )
    assert [step.memo.papers for step in waiting] == [["analysis"]]


def test_a_second_run_changes_nothing(loaded: str) -> None:
    counts = (User.objects.count(), Membership.objects.count(), MeasurePlan.objects.count())
    out = StringIO()
    call_command("load_demo", stdout=out)
    assert "มีข้อมูลสาธิตอยู่แล้ว" in out.getvalue()
    assert (User.objects.count(), Membership.objects.count(), MeasurePlan.objects.count()) == counts


def test_it_refuses_beside_real_data(instruments: None, organisation: Organisation) -> None:
    with pytest.raises(CommandError, match="หน่วยงานหรือผู้ใช้จริง"):
        call_command("load_demo")
    assert list(Organisation.objects.all()) == [organisation]


def test_it_refuses_beside_real_people(instruments: None, operator: User) -> None:
    with pytest.raises(CommandError, match="หน่วยงานหรือผู้ใช้จริง"):
        call_command("load_demo")
    assert not Organisation.objects.exists()


def test_it_refuses_outside_the_demo_mode(instruments: None, settings: object) -> None:
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("load_demo")
