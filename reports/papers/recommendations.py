"""The official recommendations as papers print them: by tool, part and question."""

from __future__ import annotations

from dataclasses import dataclass

from assessments.models import Assessment
from assessments.scoring import Kind


@dataclass(frozen=True)
class Recommended:
    """One recommendation: the questions it is about ("ข้อ i8, ข้อ i9", empty where on the tool), and its text."""

    about: str
    text: str


@dataclass(frozen=True)
class RecommendedPlace:
    """The recommendations of one tool and part; `tool` is set on the first of its tool, `part` is 0 for the whole."""

    tool: str
    part: int
    entries: tuple[Recommended, ...]


def recommendations_of(assessment: Assessment) -> list[RecommendedPlace]:
    """The recommendations of an assessment in the order of its instrument; empty where there are none."""
    rows: dict[tuple[str, int], list[Recommended]] = {}
    headings = {}
    for recommendation in assessment.recommendations.with_items():
        tool = recommendation.tool
        about = ", ".join(f"ข้อ {code}" for code in recommendation.codes)
        rows.setdefault((tool.code, recommendation.part), []).append(Recommended(about, recommendation.said))
        whole = tool.kind == Kind.TOTAL
        headings[tool.code] = (
            "" if whole else f"ข้อเสนอแนะสำหรับการประเมินตาม{tool.title or f'แบบวัด {tool.code}'}"
        )
    return [
        RecommendedPlace(headings.pop(code, ""), part, tuple(entries))
        for (code, part), entries in rows.items()
    ]
