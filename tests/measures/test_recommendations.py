"""Official recommendations as suggestions for measures."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Recommendation
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan

AT = datetime(2023, 9, 1, 3, 0, tzinfo=UTC)


def add(plan: MeasurePlan, tool: str, codes: list[str], text: str) -> Recommendation:
    """Add a recommendation to the plan's assessment."""
    return Recommendation.add(assessment=plan.assessment, tool=tool, codes=codes, text=text, by=None, at=AT)


@pytest.fixture
def browser(client: Client, staff: User) -> Client:
    """Return a browser in which a member of the staff is signed in."""
    client.force_login(staff)
    return client


def test_the_drawer_offers_what_was_recommended_on_the_chosen_item(
    browser: Client, empty_plan: MeasurePlan
) -> None:
    add(empty_plan, "IIT", ["i8"], "ควรเชิญทุกกองร่วม")
    add(empty_plan, "EIT", ["e9"], "ควรตอบให้ชัด")
    url = reverse("measures:plan", args=["abt-tuayang", 2567])
    page = browser.get(url, {"item": "i8"}).content.decode()
    assert "ควรเชิญทุกกองร่วม" in page
    assert "ควรตอบให้ชัด" not in page
    assert "ควรเชิญทุกกองร่วม" not in browser.get(url).content.decode()


def test_a_weak_indicator_finds_what_was_recommended_on_its_questions(
    browser: Client, empty_plan: MeasurePlan
) -> None:
    add(empty_plan, "IIT", ["i8"], "ควรเชิญทุกกองร่วม")
    empty_plan.assessment.scores.all().delete()
    empty_plan.assessment.save_scores(
        {("indicator-2", 0): Decimal(70), ("indicator-3", 0): Decimal(70)}, by=None, at=AT
    )
    url = reverse("measures:plan", args=["abt-tuayang", 2567])
    assert "ควรเชิญทุกกองร่วม" in browser.get(url, {"item": "indicator-2"}).content.decode()
    assert "ควรเชิญทุกกองร่วม" not in browser.get(url, {"item": "indicator-3"}).content.decode()


def test_a_recommendation_becomes_the_steps_of_a_measure(browser: Client, empty_plan: MeasurePlan) -> None:
    text = "ยังไม่ได้ร่วมวางแผน ดังนั้น หน่วยงานควรเชิญ 2 กอง (อ้างอิงจาก ๐๑๑) มาร่วม"
    kept = add(empty_plan, "IIT", ["i8", "i9"], text)
    url = reverse("measures:measure-from-recommendation", args=["abt-tuayang", 2567, kept.pk])
    page = browser.post(url, {"item": ["i8"]}, follow=True).content.decode()
    assert "ต่อไป: ตั้งชื่อมาตรการ" in page
    measure = empty_plan.measures.get()
    assert [item.code for item in measure.items.all()] == ["i8"]
    assert measure.steps.get().text == "หน่วยงานควรเชิญ ๒ กอง มาร่วม"
    assert measure.indicator.code == "indicator-2"


def test_a_locked_plan_takes_no_measure_from_a_recommendation(
    browser: Client, staff: User, empty_plan: MeasurePlan
) -> None:
    kept = add(empty_plan, "IIT", ["i8"], "ควรเชิญทุกกองร่วม")
    empty_plan.lock(by=staff, at=AT)
    url = reverse("measures:measure-from-recommendation", args=["abt-tuayang", 2567, kept.pk])
    assert browser.post(url, {"item": ["i8"]}).status_code == 409
    assert not empty_plan.measures.exists()


def test_a_recommendation_of_others_makes_no_measure(
    browser: Client, empty_plan: MeasurePlan, stranger_organisation: Organisation
) -> None:
    kept = add(empty_plan, "IIT", ["i8"], "ของผู้อื่น")
    kept.assessment.pk = None
    kept.assessment.organisation = stranger_organisation
    kept.assessment.save()
    Recommendation.objects.filter(pk=kept.pk).update(assessment=kept.assessment)
    url = reverse("measures:measure-from-recommendation", args=["abt-tuayang", 2567, kept.pk])
    assert browser.post(url, {"item": ["i8"]}).status_code == 404
    assert not empty_plan.measures.exists()
