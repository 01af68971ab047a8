"""NUL characters in what people send: PostgreSQL would refuse every text that holds one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Assessment, Instrument
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan

from .conftest import case_scores, read_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(instruments: None, organisation: Organisation, staff: User) -> MeasurePlan:
    assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    assessment.save_scores(case_scores(read_case("004")), by=staff, at=datetime(2023, 9, 1, tzinfo=UTC))
    return MeasurePlan.start(assessment=assessment)


def test_a_text_is_kept_without_it(client: Client, plan: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    sent = {"text-opening": "ความ\0นำ", "version-opening": "0"}
    client.post(reverse("measures:texts", args=["abt-tuayang", 2567]), sent)
    assert plan.texts.get().text == "ความนำ"


def test_a_search_is_read_without_it(client: Client, plan: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    page = client.get(reverse("measures:library", args=["abt-tuayang"]), {"q": "ก\0ข"})
    assert page.status_code == 200
    assert 'value="กข"' in page.content.decode()
