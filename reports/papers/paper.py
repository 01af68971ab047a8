"""What every paper has: its template with all that it says, its digits, its names, and how it names a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.template.loader import render_to_string

from assessments.labels import cell_label
from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from ita_portal.thai import Digits, in_digits
from measures.drafting.facts import points
from measures.models import MeasurePlan, PaperKind


@dataclass(frozen=True)
class Paper:
    """A paper ready to print: its title, its template, and all that the template says."""

    title: str
    template: str
    context: Mapping[str, Any]

    def html(self, *, preview: bool = False) -> str:
        """Return the paper's HTML: for the PDF engine, or with its style sheets linked for a browser."""
        return render_to_string(self.template, {**self.context, "title": self.title, "preview": preview})


def frame_of(
    plan: MeasurePlan, result: Result, *, draft: bool, digits: str | None, kind: str = PaperKind.PLAN
) -> dict[str, Any]:
    """Return what every paper of a plan says of itself: whose, of which years, in which digits, a draft or not.

    digits: "thai" or "arabic" instead of the choice in the settings of the paper `kind`.
    """
    organisation = plan.assessment.organisation
    settings = plan.settings(kind)
    chosen: Digits = "arabic" if (digits or settings.digits) == "arabic" else "thai"
    return {
        "plan": plan,
        "organisation": organisation,
        "names": names_of(organisation, chosen),
        "digits": chosen,
        "settings": settings,
        "style": replace(settings.format, digits=chosen),
        "arabic_digits": chosen == "arabic",
        "draft": draft,
        "measured_year": plan.assessment.be_year,
        "year_before": plan.assessment.be_year - 1,
        "result": result,
        "level": settings.level(result),
        "threshold": points(result.threshold),
    }


def names_of(organisation: Organisation, digits: Digits) -> tuple[str, ...]:
    """The names, in the digits of the paper, inside which no line may break."""
    places = [organisation.name, organisation.short_name]
    places += [f"อำเภอ{organisation.district}"] if organisation.district else []
    places += [f"จังหวัด{organisation.province}"] if organisation.province else []
    return tuple(in_digits(name, digits) for name in places if name)


def lines_of(text: str) -> list[str]:
    """The lines of a text in which one line is one item, without the blank ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def label_of(figure: Figure) -> str:
    """A figure as the paper names it: “ตัวชี้วัดที่ 7 ประสิทธิภาพการสื่อสาร”, “e9 ส่วนที่ 2 …”, “EIT ส่วนที่ 2”."""
    label = cell_label(figure.kind, figure.key)
    return label if figure.kind in (Kind.TOTAL, Kind.TOOL) else f"{label} {figure.title}"
