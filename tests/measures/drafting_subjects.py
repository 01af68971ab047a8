"""Subjects for the drafts, from the published cases and made-up scores; no database."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from assessments.levels import LETTERS, PASS_LEVELS, LevelScale
from assessments.scoring import Key, Kind, Node, score
from measures.drafting import Subject
from tests.conftest import case_scores, read_case

CATALOGUE = Path(__file__).parents[2] / "assessments" / "catalogue"
PAIRS = json.loads((CATALOGUE / "perception-pairs.json").read_text(encoding="utf-8"))["2566"]


@cache
def catalogue(be_year: int = 2566) -> dict[str, Any]:
    """Return the catalogue file of a year."""
    return json.loads((CATALOGUE / f"{be_year}.json").read_text(encoding="utf-8"))


@cache
def tree_of(be_year: int = 2566) -> Node:
    """Return the instrument's tree, built from its file alone."""
    return Node(
        "total", Kind.TOTAL, "คะแนนรวม", children=tuple(_tool(t) for t in catalogue(be_year)["tools"])
    )


def _tool(tool: dict[str, Any]) -> Node:
    parts = tuple(part["number"] for part in tool["parts"])

    def question(row: dict[str, Any]) -> Node:
        return Node(row["code"], Kind.QUESTION, row["title"] or "", parts=parts)

    indicators = []
    for row in tool["indicators"]:
        children = tuple(question(q) for q in row["questions"])
        if row["sub_indicators"]:
            children = tuple(
                Node(
                    sub["number"],
                    Kind.SUB_INDICATOR,
                    sub["name"],
                    parts=parts,
                    children=tuple(
                        question(q) for q in row["questions"] if q["sub_indicator"] == sub["number"]
                    ),
                )
                for sub in row["sub_indicators"]
            )
        indicators.append(
            Node(f"indicator-{row['number']}", Kind.INDICATOR, row["name"], parts=parts, children=children)
        )
    return Node(tool["code"], Kind.TOOL, tool["name"], Decimal(tool["weight"]), parts, tuple(indicators))


def subject_of(
    scores: dict[Key, Decimal],
    *,
    previous: dict[Key, Decimal] | None = None,
    threshold: str = "85",
    be_year: int = 2566,
    scale: LevelScale = PASS_LEVELS,
    organisation: str = "องค์การบริหารส่วนตำบลตัวอย่าง",
) -> Subject:
    """Return a subject on the instrument of 2566."""
    result = score(tree_of(), scores, previous=previous, threshold=Decimal(threshold), scale=scale)
    data = catalogue()
    return Subject.from_data(
        result,
        organisation=organisation,
        be_year=be_year,
        topics=data["topics"],
        links=data["disclosure_links"],
        pairs=PAIRS,
    )


def indicator_scores(*values: str | None) -> dict[Key, Decimal]:
    """Return the scores of the indicators in their order, without the missing ones."""
    return {(f"indicator-{n}", 0): Decimal(v) for n, v in enumerate(values, start=1) if v is not None}


def all_questions(value: str) -> dict[Key, Decimal]:
    """Return the same score for every question."""
    return {
        key: Decimal(value) for node in tree_of().walk() if node.kind is Kind.QUESTION for key in node.cells
    }


BEFORE = indicator_scores("92.00", "90.00", "92.93", "93.00", "91.74", "85", "90", "84.00", "99", "100")


def province() -> Subject:
    """Return case 004: every question, with last year's."""
    case = read_case("004")
    previous = case_scores(case, "previous_year_scores") | BEFORE | {("total", 0): Decimal("92.83")}
    return subject_of(case_scores(case), previous=previous, organisation="จังหวัดตัวอย่าง")


def subdistrict() -> Subject:
    """Return case 000: ten indicators, and the total alone of the year before."""
    scores = indicator_scores(*read_case("000")["indicators"].values())
    return subject_of(scores, previous={("total", 0): Decimal("88.52")})


def made_up(total: str | None = None) -> Subject:
    """Return a year with letters, a 90 threshold, a missing indicator and no year before."""
    scores = indicator_scores("95.10", "88", "90", None, "70.25", "91", "91", "66.6", "100", "89.99")
    if total is not None:
        scores |= {("total", 0): Decimal(total)}
    return subject_of(scores, threshold="90", be_year=2571, scale=LETTERS)


SUBJECTS = {
    "province": province,
    "subdistrict": subdistrict,
    "made up": made_up,
    "made up, total announced": lambda: made_up("86.40"),
    "all 100": lambda: subject_of(all_questions("100")),
    "all 0": lambda: subject_of(all_questions("0"), previous=all_questions("0")),
    "empty": lambda: subject_of({}),
    "tools alone": lambda: subject_of(
        {("IIT", 0): Decimal("80"), ("EIT", 0): Decimal("90"), ("OIT", 0): Decimal("100")}
    ),
    "total alone": lambda: subject_of({("total", 0): Decimal("85")}),
    "one indicator": lambda: subject_of(indicator_scores("85")),
    "half disclosed": lambda: subject_of(
        {**all_questions("90"), **{(f"o{n}", 0): Decimal(0) for n in range(1, 44, 2)}}
    ),
    "other year": lambda: subject_of(all_questions("84.99"), be_year=2590),
}
