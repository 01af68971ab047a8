"""Our own words for what indicators measure, topics ask and questions touch; data in `wording/`.

Indicators and topics are known by their names, which stay the same over the years; questions only for the
years that have a file of their own, because a code means another question in another year.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "wording"


@dataclass(frozen=True)
class IndicatorWords:
    """measures: what it measures (noun phrase); strong, weak: what the score shows (clauses);
    keep, mend: what should be done (verb phrases)."""

    title: str
    measures: str
    strong: str
    weak: str
    keep: str
    mend: str


@dataclass(frozen=True)
class TopicWords:
    """Sentences on one topic with slots in square brackets; `indicators`: titles it speaks of without questions."""

    name: str
    lead: str
    high: str
    mixed: str
    low: str
    insight: str
    keep: str
    mend: str
    goal: str
    indicators: tuple[str, ...]


@dataclass(frozen=True)
class QuestionWords:
    """aspect: what a question touches (noun phrase); advice: what to do when it is low (verb phrase)."""

    aspect: str
    advice: str


@dataclass(frozen=True)
class YearWords:
    """The words of one year's questions."""

    questions: dict[str, QuestionWords]


def _key(name: str) -> str:
    return re.sub(r"\s+", "", name)


@cache
def _indicators() -> dict[str, IndicatorWords]:
    rows = json.loads((FOLDER / "indicators.json").read_text(encoding="utf-8"))
    return {_key(row["title"]): IndicatorWords(**row) for row in rows}


@cache
def _topics() -> dict[str, TopicWords]:
    rows = json.loads((FOLDER / "topics.json").read_text(encoding="utf-8"))
    return {_key(row["name"]): TopicWords(**{**row, "indicators": tuple(row["indicators"])}) for row in rows}


def indicator_words(title: str) -> IndicatorWords | None:
    """Return the words of an indicator by its title; None for one we have no words for."""
    return _indicators().get(_key(title))


def topic_words(name: str) -> TopicWords | None:
    """Return the words of a topic by its name; None for one we have no words for."""
    return _topics().get(_key(name))


@cache
def year_words(be_year: int) -> YearWords:
    """Return the words of a year's questions; empty for a year that has no file."""
    path = FOLDER / f"questions-{be_year}.json"
    if not path.exists():
        return YearWords({})
    stored = json.loads(path.read_text(encoding="utf-8"))
    return YearWords(
        {code: QuestionWords(aspect, advice) for code, (aspect, advice) in stored["questions"].items()}
    )
