"""What the texts speak of, and how they cite it: scores as live fields, lists that read as Thai."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import groupby
from typing import Any

from assessments.levels import Level
from assessments.scoring import Figure, Kind, Result
from ita_portal.thai import code_key

from .facts import facts_of, label_of, listed
from .tokens import Facts
from .wording import YearWords, year_words


@dataclass(frozen=True)
class Topic:
    """A topic of the analysis with the codes of the items that feed it."""

    number: int
    name: str
    perception: tuple[str, ...] = ()
    disclosure: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """All that a text is drawn from.

    organisation: its full name; be_year: the measured year (B.E.); links: by question code, the OIT items that
    disclose the same; pairs: (inside, outside) codes of questions that ask the same of two groups; level: on the
    scale that the document prints, the result's own where None.
    """

    result: Result
    organisation: str
    be_year: int
    topics: tuple[Topic, ...] = ()
    links: Mapping[str, Sequence[str]] = field(default_factory=dict)
    pairs: Sequence[Sequence[str]] = ()
    level: Level | None = None

    @classmethod
    def from_data(
        cls,
        result: Result,
        *,
        organisation: str,
        be_year: int,
        topics: Iterable[Mapping[str, Any]] = (),
        links: Mapping[str, Sequence[str]] | None = None,
        pairs: Sequence[Sequence[str]] = (),
        level: Level | None = None,
    ) -> Subject:
        """Make a subject from an instrument's `topics`, `disclosure_links` and `perception_pairs` as stored."""
        rows = (
            Topic(t["number"], t["name"], tuple(t.get("perception", ())), tuple(t.get("disclosure", ())))
            for t in topics
        )
        return cls(result, organisation, be_year, tuple(rows), links or {}, pairs, level)

    @cached_property
    def facts(self) -> Facts:
        """The values of all tokens."""
        return facts_of(
            self.result,
            organisation=self.organisation,
            be_year=self.be_year,
            topics=[(t.number, t.name, (*t.perception, *t.disclosure)) for t in self.topics],
            level=self.level,
        )

    @cached_property
    def words(self) -> YearWords:
        """The words of this year's questions."""
        return year_words(self.be_year)

    def figures(self, codes: Iterable[str]) -> list[Figure]:
        """Return the figures of codes, without those that the instrument has not."""
        return [f for code in codes if (f := self.result.figures.get((code, 0)))]

    def topic(self, number: int) -> Topic | None:
        """Return a topic by its number."""
        return next((topic for topic in self.topics if topic.number == number), None)

    def indicator(self, number: int) -> Figure | None:
        """Return an indicator by its number."""
        return self.result.figures.get((f"indicator-{number}", 0))

    # --- citing -----------------------------------------------------------------------------------------------

    def cited(self, cells: Sequence[Figure]) -> str:
        """Cite the scores of one question: its matter in words, with codes and scores in brackets."""
        scores = listed(f"{code(cell)} ได้ {score(cell)} คะแนน" for cell in cells)
        figure = cells[0]
        words = self.words.questions.get(figure.code)
        if words is not None:
            return f"{words.aspect} ({scores})"
        if figure.tool == "OIT" and figure.title.strip():
            return f"ข้อ {code(figure)} {title(figure)} ({score(cells[0])} คะแนน)"
        return f"ข้อ {scores}"

    def cited_all(self, cells: Sequence[Figure], most: int = 5) -> str:
        """Cite many scores, question by question; beyond `most` questions, the rest by codes and scores alone."""
        by_question = [list(group) for _, group in groupby(cells, key=lambda cell: cell.code)]
        if len(by_question) <= most:
            return listed(self.cited(group) for group in by_question)
        first = listed(self.cited(group) for group in by_question[: most - 1])
        others = [cell for group in by_question[most - 1 :] for cell in group]
        if len({cell.value for cell in others}) == 1:
            same = codes(cell for cell in others)
            return f"{first} นอกจากนี้ยังมีข้อ {same} ที่ได้ {score(others[0])} คะแนนเท่ากัน"
        rest = listed(f"{code(c)} ({score(c)})" for c in others)
        return f"{first} นอกจากนี้ยังมีข้อ {rest}"

    def advice(self, questions: Iterable[Figure], most: int = 3) -> list[str]:
        """Return what to do about questions, in their order, each advice once; empty without words for them."""
        found = (self.words.questions.get(q.code) for q in questions)
        return list(dict.fromkeys(words.advice for words in found if words is not None))[:most]


def code(figure: Figure) -> str:
    """The token of a figure's code or number: {e9 ส่วนที่ 2:รหัส}."""
    return f"{{{label_of(figure)}:รหัส}}"


def score(figure: Figure) -> str:
    """The token of a figure's score: {e9 ส่วนที่ 2}."""
    return f"{{{label_of(figure)}}}"


def title(figure: Figure) -> str:
    """The token of a figure's name: {o11:ชื่อ}."""
    return f"{{{label_of(figure)}:ชื่อ}}"


def token(figure: Figure, what: str) -> str:
    """The token of any field of a figure: {i7:ขาด}."""
    return f"{{{label_of(figure)}:{what}}}"


def named(figure: Figure) -> str:
    """Name an indicator: its number and its title, as tokens."""
    return f"{code(figure)} {title(figure)}" if figure.title.strip() else code(figure)


def scored(figure: Figure) -> str:
    """Name an indicator with its score in brackets."""
    return f"{named(figure)} ({score(figure)} คะแนน)"


def codes(figures: Iterable[Figure]) -> str:
    """Cite items by their codes alone, three or more in a row as a range: "o7, o9 และ o13 ถึง o15"."""
    ordered = sorted(figures, key=lambda f: (code_key(f.code), f.part))
    runs: list[list[Figure]] = []
    for figure in ordered:
        if runs and _follows(runs[-1][-1], figure):
            runs[-1].append(figure)
        else:
            runs.append([figure])
    named_runs: list[str] = []
    for run in runs:
        if len(run) > 2:
            named_runs.append(f"{code(run[0])} ถึง {code(run[-1])}")
        else:
            named_runs += [code(figure) for figure in run]
    return listed(named_runs)


def _follows(first: Figure, second: Figure) -> bool:
    (letter, number, _), (next_letter, next_number, _) = code_key(first.code), code_key(second.code)
    return letter == next_letter and number + 1 == next_number and not first.part and not second.part


def by_score(figures: Iterable[Figure]) -> list[Figure]:
    """Put questions in order, the one with the lowest score first."""

    def low(figure: Figure) -> Decimal:
        return min((c.value for c in figure.cells if c.value is not None), default=Decimal(101))

    return sorted(figures, key=low)


def known_cells(questions: Iterable[Figure]) -> list[Figure]:
    """Return the scores that are known among questions."""
    return [c for q in questions for c in q.cells if c.value is not None]


def flagged_cells(questions: Iterable[Figure]) -> list[Figure]:
    """Return the scores below the threshold among questions."""
    return [c for q in questions for c in q.cells if c.flagged]


def is_or_are(items: Sequence[object]) -> str:
    """The word before one item or before several."""
    return "คือ" if len(items) == 1 else "ได้แก่"


def indicators_of(result: Result, figures: Iterable[Figure]) -> list[Figure]:
    """Return the indicators to which items belong, in the instrument's order."""
    wanted = {figure.code for figure in figures}
    return [i for i in result.indicators if any(f.code in wanted for f in i.walk())]


def questions_of(indicator: Figure) -> list[Figure]:
    """Return the questions below an indicator, a tool or the total."""
    return [f for f in indicator.walk() if f.kind is Kind.QUESTION and not f.part]


def sentences(*parts: str) -> str:
    """Join sentences by a blank, without the empty ones."""
    return " ".join(part for part in parts if part)


def paragraphs(*parts: str) -> str:
    """Join paragraphs by a line break, without the empty ones."""
    return "\n".join(part for part in parts if part)
