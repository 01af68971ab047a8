"""The bar of steps and the switch of years on every page of a year."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from assessments.models import Instrument
from ita_portal.organisations.models import Role
from reports.checklist import STEP_OF_PAGE, STEPS, bar_states, step_url

register = template.Library()


@register.inclusion_tag("partials/year_steps.html", takes_context=True)
def year_steps(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the steps of the page's `working_year`; `step` in the context says where the page belongs."""
    request, working_year = context["request"], context["working_year"]
    if request.membership.role == Role.AUDITOR:
        return {"steps": []}
    current = context.get("step", "")
    current = STEP_OF_PAGE.get(current, current)
    states = bar_states(request.organisation, working_year)
    steps = [
        {
            "number": number,
            "title": title,
            "url": step_url(request.organisation, working_year, key),
            "done": key in states,
            "current": key == current,
        }
        for number, (key, title, _) in enumerate(STEPS, start=1)
    ]
    return {
        "steps": steps,
        "current": next((step for step in steps if step["current"]), None),
        "home": reverse("reports:year-home", args=[request.organisation.slug, working_year]),
        "at_home": current == "home",
    }


@register.inclusion_tag("partials/year_switch.html", takes_context=True)
def year_switch(context: dict[str, Any]) -> dict[str, Any]:
    """Draw the switch between working years: the year after each instrument's."""
    measured = Instrument.objects.order_by("-be_year").values_list("be_year", flat=True)
    return {
        "organisation": context["request"].organisation,
        "working_year": context["working_year"],
        "years": [be_year + 1 for be_year in measured],
    }
