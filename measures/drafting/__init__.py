"""Drafts of every paragraph of the plan and of the analysis report, drawn from a result.

Pure. A draft holds no number: scores, counts, names and changes are live fields in braces (`tokens.py`), so a
text stays right when scores change, also after a person has edited it.
"""

from __future__ import annotations

from collections.abc import Callable

from assessments.patterns import strengths, weaknesses

from . import frame, indicators, overview, topics
from .facts import facts_of, label_of
from .subject import Subject, Topic
from .tokens import (
    FIELDS,
    MISSING,
    WORDS,
    Facts,
    Piece,
    basis,
    changed_tokens,
    odd_braces,
    resolve,
    resolved,
    token_of,
    tokens_in,
    unknown_tokens,
)

__all__ = [
    "FIELDS",
    "MISSING",
    "WORDS",
    "Facts",
    "Piece",
    "Subject",
    "Topic",
    "basis",
    "changed_tokens",
    "draft",
    "facts_of",
    "label_of",
    "odd_braces",
    "plan_keys",
    "report_keys",
    "resolve",
    "resolved",
    "token_of",
    "tokens_in",
    "unknown_tokens",
]

WHOLE: dict[str, Callable[[Subject], str]] = {
    "opening": overview.opening_text,
    "level": overview.level_text,
    "comparison": overview.comparison_text,
    "limitations": overview.limitations_text,
    "suggestions": overview.suggestions_text,
    "preface": frame.preface_text,
    "background": frame.background_text,
    "tools-explained": frame.tools_text,
}
NUMBERED: dict[str, Callable[[int, Subject], str]] = {
    "topic": topics.topic_text,
    "strength": indicators.strength_text,
    "weakness": indicators.weakness_text,
    "recommend": indicators.recommend_text,
}


def draft(key: str, subject: Subject) -> str:
    """Return the draft of one text with its tokens; paragraphs end at line breaks.

    key: a name of `WHOLE`; "tool-IIT"; "topic-3"; "strength-7", "weakness-7", "recommend-7" (also written
    "strength-indicator-7"). Empty where there is nothing to speak of. Raises KeyError for another key.
    """
    if key in WHOLE:
        return WHOLE[key](subject)
    name, _, rest = key.partition("-")
    if name == "tool":
        return overview.tool_text(rest, subject)
    number = rest.removeprefix("indicator-")
    if name not in NUMBERED or not number.isdecimal():
        raise KeyError(key)
    return NUMBERED[name](int(number), subject)


def plan_keys(subject: Subject) -> list[str]:
    """Return the keys of the texts of the plan (D1), in its order."""
    return ["level", "opening", *(f"topic-{t.number}" for t in subject.topics), "limitations", "suggestions"]


def report_keys(subject: Subject) -> list[str]:
    """Return the keys of the texts of the analysis report (D2), in its order."""
    strong = (f.code.removeprefix("indicator-") for f in strengths(subject.result))
    weak = [f.code.removeprefix("indicator-") for f in weaknesses(subject.result)]
    return [
        "preface",
        "background",
        "tools-explained",
        "level",
        *(f"tool-{tool.code}" for tool in subject.result.tools),
        "comparison",
        *(f"strength-{number}" for number in strong),
        *(f"{kind}-{number}" for number in weak for kind in ("weakness", "recommend")),
    ]
