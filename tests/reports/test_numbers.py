"""No number on the papers is typed: each one is walked and found again in the result of the scores."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from django.core.management import call_command

from assessments.scoring import Figure, Kind, Result
from ita_portal.organisations.models import Organisation
from ita_portal.thai import format_score, period, to_arabic
from measures.models import LibraryEntry, MeasurePlan, MeasureStep
from reports.papers import KINDS
from reports.pdf.text_layer import spoken

from .conftest import add_measures
from .test_analysis_paper import plan_of_2565

# --- the text, block by block ---------------------------------------------------------------------------------

BLOCKS = ("p", "h1", "h2", "h3", "h4", "tr", "div", "title")


class Blocks(HTMLParser):
    """Collects (class of the table, text) of every row, paragraph and heading; Arabic digits, single blanks."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._table = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._table = dict(attrs).get("class") or ""
        elif tag == "tr" or (tag in BLOCKS and not self._table):
            self.found.append((self._table, ""))
        elif tag in ("td", "th", "div", "br"):
            self.handle_data("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._table = ""

    def handle_data(self, data: str) -> None:
        if self.found:
            table, text = self.found[-1]
            self.found[-1] = (table, text + to_arabic(spoken(data)).replace("\u00a0", " "))


# --- what a number may be -------------------------------------------------------------------------------------

LABEL = re.compile(
    r"(?P<code>\b[ieo]\d+|\b[IEO]IT\b|ตัวชี้วัดที่ \d+|ตัวชี้วัดย่อยที่ [\d.]+)(?: ส่วนที่ (?P<part>\d))?(?: ถึง (?P<last>[ieo]\d+))?"
)
SCORE = re.compile(r"\d+\.\d\d|\b100\b")


class Walk:
    """The numbers of one paper against what the result says."""

    def __init__(self, plan: MeasurePlan, kind: str, typed: list[str]) -> None:
        self.plan = plan
        self.result: Result = plan.result(kind)
        self.titles = sorted(
            {to_arabic(f.title) for f in self.result.figures.values() if re.search(r"\d", to_arabic(f.title))}
            | {to_arabic(text) for text in typed if re.search(r"\d", to_arabic(text))},
            key=len,
            reverse=True,
        )
        self.counts = self._counts()
        steps = [bound for _, *bounds in self.result.scale.steps for bound in bounds if bound is not None]
        self.bounds = {format_score(b).removesuffix(".00") for b in (*steps, self.result.threshold)}
        self.years = {str(plan.be_year - back) for back in (0, 1, 2)}
        self.odd: list[str] = []

    def _counts(self) -> dict[str, set[int]]:
        result = self.result
        known = [f for f in result.indicators if f.value is not None]
        moves = [f.change for f in result.indicators if f.change is not None]
        of_tools = [[f for f in tool.children if f.value is not None] for tool in result.tools]
        weak = [q for q in result.questions if any(c.flagged for c in q.cells)]
        asked = [q for q in result.questions if any(c.value is not None for c in q.cells)]
        groups = [
            f
            for f in result.flagged
            if f.kind is not Kind.QUESTION and not (f.part and f.kind is not Kind.TOOL)
        ]
        topics = self.plan.assessment.instrument.topic_outline
        by_topic = [{*t["perception"], *t["disclosure"]} for t in topics]
        return {
            "ตัวชี้วัด": {
                len(result.indicators),
                len(known),
                len(result.indicators) - len(known),
                sum(f.flagged for f in known),
                sum(not f.flagged for f in known),
                sum(move > 0 for move in moves),
                sum(move < 0 for move in moves),
                *(sum(f.flagged for f in figures) for figures in of_tools),
                sum(f.kind is Kind.INDICATOR for f in groups),
            },
            "รายการ": {
                len(groups) + len(result.flagged_cells),
                len(result.flagged_cells),
                *(sum(f.kind is kind for f in groups) for kind in Kind),
            },
            "ข้อ": {
                len(weak),
                len(asked),
                *(sum(q.tool == tool.code for q in weak) for tool in result.tools),
                *(sum(q.code in codes for q in chosen) for codes in by_topic for chosen in (weak, asked)),
            },
            "ประเด็น": {len(topics)},
            "มาตรการ": {self.plan.measures.filter(deleted_at=None).count()},
        }

    def named(self, text: str) -> list[Figure]:
        """The figures that a text names; a whole brings its parts, the total is always there."""
        found = [self.result.total]
        for match in LABEL.finditer(text):
            name = match["code"].replace("ตัวชี้วัดย่อยที่ ", "").replace("ตัวชี้วัดที่ ", "indicator-")
            figure = self.result.figures.get((name, int(match["part"] or 0)))
            if figure is None or (match["last"] and (match["last"], 0) not in self.result.figures):
                self.odd.append(f"no such item: {match[0]} in “{text}”")
                continue
            found += [figure, *figure.parts]
        return found + [f for f in self.result.indicators if f.title in text]

    def _lacking(self, text: str) -> set[str]:
        """The points that the total and the components lack to any step of the scale, where a text speaks of one."""
        if "ระดับ" not in text:
            return set()
        scores = [self.result.total.value, *(component.high for component in self.result.components)]
        bounds = [bound for _, *step in self.result.scale.steps for bound in step if bound is not None]
        return {format_score(bound - score) for score in scores if score for bound in bounds if bound > score}

    def block(self, table: str, text: str) -> None:
        """Take away every number that can be accounted for; what is left is odd."""
        for title in self.titles:
            text = text.replace(title, " ")
        text = re.sub(r"[ \t]+", " ", text)
        owned = {
            format_score(abs(value))
            for f in self.named(text)
            for value in (f.value, f.previous, f.gap, f.change)
            if value is not None
        } | self._lacking(text)
        left = LABEL.sub(" ", text)
        left = self._taken(r"(?:ปี|พ\.ศ\.) (\d{4})\b", left, lambda n: n in self.years)
        left = self._taken(r"\b(\d{4})(?= \(ร่าง\)|$)", left, lambda n: n in self.years)
        for noun, counts in self.counts.items():
            left = self._taken(rf"(?<![\d.])(\d+) {noun}", left, {str(n) for n in counts}.__contains__)
        bound = r"(?:เกณฑ์|ไม่ต่ำกว่า|ต่ำกว่า|ตั้งแต่|ไม่ถึง) (\d+(?:\.\d\d)?) คะแนน"
        left = self._taken(bound, left, lambda n: n in self.bounds | owned)
        weights = {str(int(tool.share * 100)) for tool in self.result.tools}
        left = self._taken(r"ร้อยละ (\d+)", left, lambda n: n in weights)
        if table == "tools":
            left = self._taken(r"^\s*(\d+)\s*$", left, lambda n: n in weights | {"100"})
        left = re.sub(r"(?m)^\s*\(?\d{1,2}(?:\.\d)?[.)] ", " ", left)  # numbers of headings and items
        left = re.sub(r"(?m)^\s*\d\.\d ", " ", left)
        if table in ("ranking", "weak"):
            left = re.sub(r"^\s*\d+\s*\n", " ", left)  # the place, which `test_places_run` looks at
        left = re.sub(r"ส่วนที่ [12](?= =|\s)", " ", left)
        for number in SCORE.findall(left):
            if number not in owned:
                self.odd.append(f"{number} belongs to nothing named in “{text.strip()}”")
        if re.search(r"\d", SCORE.sub(" ", left)):
            self.odd.append(f"unaccounted: “{SCORE.sub(' ', left).strip()}” of “{text.strip()}”")

    def measure(self, text: str) -> None:
        """Take away from a row of the measures table what is kept of the measures; no number may be left."""
        plan = self.plan
        left = re.sub(r"(?m)^\s*\(?\d+[.)] ", " ", text)
        for topic in plan.assessment.instrument.topic_outline:
            left = left.replace(topic["name"], " ")
        for kept in self.titles:
            left = left.replace(kept, " ")
        left = left.replace(period(plan.first_day, plan.last_day), " ")
        left = LABEL.sub(lambda match: " " if self.named(match[0]) else match[0], left)
        if re.search(r"\d", left):
            self.odd.append(f"not kept of any measure: “{left.strip()}”")

    def _taken(self, pattern: str, text: str, known: Callable[[str], bool]) -> str:
        def take(match: re.Match[str]) -> str:
            if not known(match[1]):
                self.odd.append(f"wrong number {match[0]!r} in “{text.strip()}”")
            return " "

        return re.sub(pattern, take, text, flags=re.MULTILINE)


def odd_numbers(plan: MeasurePlan, kind: str) -> tuple[list[str], int]:
    """Return what is odd about the numbers of a paper, and how many scores it prints outside the measures."""
    steps = MeasureStep.objects.filter(measure__plan=plan)
    lines = [line for text in steps.values_list("text", flat=True) for line in text.splitlines()]
    titles = [
        *plan.measures.values_list("title", flat=True),
        *LibraryEntry.objects.values_list("title", flat=True),
    ]
    typed = [*titles, *lines, *steps.values_list("follow_up", flat=True)]
    walk = Walk(plan, kind, typed)
    blocks = Blocks(KINDS[kind].make(plan).html()).found
    for table, text in blocks:
        walk.measure(text) if table == "measures" else walk.block(table, text)
    return walk.odd, sum(len(SCORE.findall(text)) for table, text in blocks if table != "measures")


# --- the papers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "least"), [("plan", 200), ("analysis", 120)])
def test_every_number_of_the_province_is_in_its_result(plan_004: MeasurePlan, kind: str, least: int) -> None:
    call_command("load_library", verbosity=0)
    add_measures(plan_004, 12)
    odd, count = odd_numbers(plan_004, kind)
    assert odd == []
    assert count > least


@pytest.mark.parametrize(("kind", "least"), [("plan", 30), ("analysis", 60)])
def test_every_number_of_the_subdistrict_is_in_its_result(
    plan_000: MeasurePlan, kind: str, least: int
) -> None:
    odd, count = odd_numbers(plan_000, kind)
    assert odd == []
    assert count > least


@pytest.mark.parametrize("kind", ["plan", "analysis"])
@pytest.mark.parametrize("more", [{}, {"total": "86.40"}])
def test_every_number_of_an_odd_year_is_in_its_result(
    instruments: None, organisation: Organisation, kind: str, more: dict[str, str]
) -> None:
    odd, count = odd_numbers(plan_of_2565(organisation, **more), kind)
    assert odd == []
    assert count > 15


@pytest.mark.parametrize(
    "typed",
    [
        "ตัวชี้วัดที่ 8 ได้ 84.04 คะแนน",
        "e9 ส่วนที่ 2 ได้ 90.05 คะแนน",
        "มี 7 ตัวชี้วัด",
        "ข้อ i31",
        "ปีงบประมาณ พ.ศ. 2556",
        "ต่ำกว่าเกณฑ์ 80 คะแนน",
        "จำนวน 3 ครั้ง",
    ],
)
def test_a_typed_number_would_be_found(plan_004: MeasurePlan, typed: str) -> None:
    walk = Walk(plan_004, "analysis", [])
    walk.block("", "ตัวชี้วัดที่ 8 ได้ 84.03 คะแนน ต่ำกว่าเกณฑ์ 85 คะแนน อยู่ 0.97 คะแนน")
    assert walk.odd == []
    walk.block("", typed)
    assert len(walk.odd) >= 1
    walk.odd.clear()
    walk.measure("1. จัดอบรม\nปีละ 3 ครั้ง\nตุลาคม 2566 – กันยายน 2567")
    assert len(walk.odd) == 1


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_numbers_of_headings_run_without_a_gap(plan_004: MeasurePlan, kind: str) -> None:
    html = to_arabic(KINDS[kind].make(plan_004).html())
    heads = [spoken(text).strip() for text in re.findall(r"<h[23]>(.*?)</h[23]>", html, re.DOTALL)]
    chapters = [int(m[1]) for head in heads if (m := re.match(r"(\d)\. ", head))]
    assert chapters == list(range(1, len(chapters) + 1))
    chapter = below = 0
    for head in heads:
        if match := re.match(r"(\d)\.(?:(\d))? ", head.replace(". ", ".  ", 1).replace("  ", " ")):
            chapter, below = (int(match[1]), 0) if not match[2] else (chapter, below + 1)
            assert not match[2] or (int(match[1]), int(match[2])) == (chapter, below)


def test_places_run(plan_004: MeasurePlan) -> None:
    result = plan_004.result("analysis")
    blocks = Blocks(KINDS["analysis"].make(plan_004).html()).found
    firsts = [text.split()[0] for table, text in blocks if table == "ranking"]
    places = [int(first) for first in firsts if first.isdecimal()]
    values = [figure.value or Decimal(0) for figure in result.ranking]
    assert places == [1 + sum(other > value for other in values) for value in values]
