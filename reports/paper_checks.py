"""What stands between a draft and a signature: every rule that a paper must keep, each a function of its own.

A rule yields findings, each a Thai sentence (Arabic digits) with the address of the very cell, row or paragraph.
Errors block; warnings need a tick. Counts and orders are generated and need no rule. The rules are those of the
published documents in which each of these mistakes was found.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from hashlib import sha256

from django.urls import reverse

from assessments.labels import cell_label
from assessments.models import Assessment
from assessments.scoring import CENT, Figure, Result
from ita_portal.thai import format_score, period, round_half_up, to_arabic, to_thai
from measures.drafting import odd_braces, unknown_tokens
from measures.drafting.facts import points
from measures.models import MeasurePlan, PaperKind
from measures.table import Group, Row, StepRow, table_of
from measures.texts import Texts
from measures.weak import decided_items
from reports.models import Tick
from reports.papers.paper import label_of

from . import text_faults

ERROR, WARNING = "error", "warning"
# Texts that a paper prints under a heading of their own, which must not stand alone.
NEVER_EMPTY = ("opening", "topic-", "background", "tools-explained", "strength-", "weakness-", "recommend-")


@dataclass(frozen=True)
class Finding:
    """One thing to mend (severity "error") or to confirm ("warning").

    fingerprint: the same as long as what the finding rests on is the same.
    """

    code: str
    severity: str
    sentence: str
    url: str
    fingerprint: str


@dataclass(frozen=True)
class Passage:
    """A text that a paper prints: where it stands in words, what it says, and where it is edited."""

    place: str
    text: str
    url: str


class Draft:
    """All that the rules look at, read once: a constant number of queries."""

    def __init__(self, plan: MeasurePlan, kind: str) -> None:
        self.plan = plan
        self.kind = kind
        self.assessment = plan.assessment
        self.organisation = plan.assessment.organisation
        self.settings = plan.settings(kind)
        self.texts = Texts(plan, kind)
        self.result: Result = self.texts.subject.result
        self.table: list[Group] = table_of(plan, kind)

    @property
    def rows(self) -> list[tuple[Row, str]]:
        """The measures of the table, each with its place in words."""
        return [
            (row, f"{group.heading} มาตรการที่ {row.mark.rstrip('.')}")
            for group in self.table
            for row in group.measures
        ]

    @property
    def steps(self) -> list[tuple[StepRow, str]]:
        """The step rows of the table, each with its place in words."""
        return [
            (step, f"{place} แถวที่ {number}" if len(row.steps) > 1 else place)
            for row, place in self.rows
            for number, step in enumerate(row.steps, start=1)
        ]

    def prints(self, column: str) -> bool:
        """Whether the table of the paper has a column: "responsible", "follow_up"."""
        return any(printed.kind == column for printed in self.settings.profile)

    @cached_property
    def excuses(self) -> dict[str, str]:
        """The reasons that hold by the codes of their items: those of weak items without a measure."""
        decided = decided_items(self.plan, self.result, self.table)
        return {item.code: item.excuse.reason for item in decided if item.state == "excused" and item.excuse}

    @property
    def keys(self) -> list[str]:
        """The keys of the texts that the paper prints as it is set up."""
        keys = self.texts.plan_keys if self.kind == PaperKind.PLAN else self.texts.report_keys
        left_out = set() if self.settings.shows_preface else {"preface"}
        if not self.settings.shows_limitations:
            left_out |= {"limitations", "suggestions"}
        return [key for key in keys if key not in left_out]

    @cached_property
    def passages(self) -> list[Passage]:
        """Every text that the paper prints, without what stands in live fields."""
        facts = self.texts.facts
        found = [
            Passage(
                f"ข้อความ “{self.texts.title(key)}”",
                text_faults.typed(self.texts.text(key), facts),
                self.text_url(key),
            )
            for key in self.keys
        ]
        for row, place in self.rows:
            found.append(
                Passage(f"{place} ช่องมาตรการ", row.title, self.measures_url(f"title-{row.measure.pk}"))
            )
        for step, place in self.steps:
            steps, follow_up = f"text-{step.step.pk}", f"follow_up-{step.step.pk}"
            found.append(Passage(f"{place} ช่องขั้นตอน", step.step.text, self.measures_url(steps)))
            found.append(Passage(f"{place} ช่องการติดตาม", step.follow_up, self.measures_url(follow_up)))
        if self.kind == PaperKind.PLAN:
            found += [
                Passage(f"เหตุผลที่ไม่กำหนดมาตรการของ {code}", reason, self.item_url(code))
                for code, reason in self.excuses.items()
            ]
        return found

    # --- addresses ---

    def scores_url(self, figure: Figure | None = None) -> str:
        """The score sheet, at the row of a figure."""
        page = reverse("assessments:score-sheet", args=[self.organisation.slug, self.assessment.be_year])
        return f"{page}#row-{figure.code}" if figure else page

    def measures_url(self, anchor: str = "measures") -> str:
        """The page of the measures, at a box."""
        return f"{reverse('measures:plan', args=[self.organisation.slug, self.plan.be_year])}#{anchor}"

    def item_url(self, code: str) -> str:
        """The page of the measures with the drawer of a weak item open."""
        page = reverse("measures:plan", args=[self.organisation.slug, self.plan.be_year])
        return f"{page}?item={code}#drawer"

    def text_url(self, key: str) -> str:
        """The page of the texts, at a paragraph."""
        return f"{reverse('measures:texts', args=[self.organisation.slug, self.plan.be_year])}#{key}"


def error(code: str, sentence: str, url: str, *evidence: object) -> Finding:
    """Make an error; evidence: what it rests on."""
    return Finding(code, ERROR, sentence, url, _fingerprint(code, evidence))


def warning(code: str, sentence: str, url: str, *evidence: object) -> Finding:
    """Make a warning; evidence: what it rests on, so that a tick falls when that changes."""
    return Finding(code, WARNING, sentence, url, _fingerprint(code, evidence))


def _fingerprint(code: str, evidence: tuple[object, ...]) -> str:
    return sha256("\n".join([code, *map(str, evidence)]).encode()).hexdigest()


# --- scores ---------------------------------------------------------------------------------------------------


def scores_closed(draft: Draft) -> Iterator[Finding]:
    """Scores that may still change are not to be signed."""
    if not draft.assessment.is_closed:
        year = draft.assessment.be_year
        sentence = f"คะแนนปี {year} ยังไม่ปิด ให้ตรวจทานคะแนนแล้วกดปิดคะแนน"
        yield error("scores-open", sentence, draft.scores_url())


def indicators_present(draft: Draft) -> Iterator[Finding]:
    """All indicators of the instrument have a score, and there is a total."""
    if draft.result.total.value is None:
        sentence = "ยังไม่มีคะแนนรวม ให้กรอกคะแนนรวมที่ประกาศ หรือกรอกคะแนนให้ครบทุกเครื่องมือ"
        yield error("total-missing", sentence, draft.scores_url(draft.result.total))
    absent = [figure for figure in draft.result.indicators if figure.value is None]
    if draft.assessment.depth == Assessment.Depth.TOOLS and len(absent) == len(draft.result.indicators):
        sentence = "มีเฉพาะคะแนนรายเครื่องมือ ไม่มีคะแนนรายตัวชี้วัดเลย ตารางตัวชี้วัดในเอกสารจะว่าง"
        yield warning("indicators-unknown", sentence, draft.scores_url(), draft.assessment.be_year)
        return
    for figure in absent:
        sentence = f"{label_of(figure)}: ยังไม่มีคะแนน ให้กรอกคะแนนของตัวชี้วัด หรือกรอกให้ครบทุกข้อในตัวชี้วัดนี้"
        yield error("indicator-missing", sentence, draft.scores_url(figure), figure.code)


def _whole(figure: Figure) -> Decimal | None:
    """An announced score, else the mean of the announced scores right below."""
    if figure.announced is not None:
        return figure.announced
    known = [child.announced for child in figure.children if child.announced is not None]
    return sum(known, Decimal(0)) / len(known) if known and len(known) == len(figure.children) else None


def total_by_weights(result: Result) -> Decimal | None:
    """The total that the announced tools (else their announced indicators) make by their weights."""
    tools = [(_whole(tool), tool.share) for tool in result.tools]
    if not tools or any(value is None for value, _ in tools):
        return None
    return round_half_up(sum(((value or Decimal(0)) * share for value, share in tools), Decimal(0)))


def total_agrees(draft: Draft) -> Iterator[Finding]:
    """The announced total is the tools' by their weights, within 0.01."""
    announced, made = draft.result.total.announced, total_by_weights(draft.result)
    if announced is None or made is None or abs(round_half_up(announced) - made) <= CENT:
        return
    sentence = (
        f"คะแนนรวม {format_score(announced)} ไม่ตรงกับคะแนนเครื่องมือตามน้ำหนัก ซึ่งได้ {format_score(made)} "
        "ให้ตรวจคะแนนรวมและคะแนนเครื่องมือกับผลที่ประกาศ"
    )
    yield error("total-disagrees", sentence, draft.scores_url(draft.result.total))


def announced_computed(draft: Draft) -> Iterator[Finding]:
    """Announced and computed scores differ by no more than 0.01; a larger difference may be right."""
    told = {finding.code for finding in total_agrees(draft)}
    for figure in draft.result.warnings:
        if figure is draft.result.total and told:
            continue
        if figure.announced is None or figure.computed is None or figure.difference is None:
            continue
        announced, computed = format_score(figure.announced), format_score(figure.computed)
        sentence = (
            f"{cell_label(figure.kind, figure.key)}: ประกาศ {announced} แต่คำนวณจากคะแนนย่อยได้ {computed} "
            f"ต่างกัน {format_score(abs(figure.difference))} เอกสารจะพิมพ์คะแนนที่ประกาศ ให้ยืนยันว่าถูกต้อง"
        )
        yield warning(
            "announced-computed", sentence, draft.scores_url(figure), figure.key, announced, computed
        )


# --- measures -------------------------------------------------------------------------------------------------


def weak_answered(draft: Draft) -> Iterator[Finding]:
    """Every weak item has a measure or a written reason, and there is a measure at all."""
    if not draft.rows:
        yield error("no-measures", "ตารางมาตรการยังว่าง ให้เพิ่มอย่างน้อยหนึ่งมาตรการ", draft.measures_url())
    answered = {code for row, _ in draft.rows for code in row.codes} | draft.excuses.keys()
    for figure in draft.result.weak_items:
        if figure.code in answered:
            continue
        least = points(draft.result.threshold)
        scores = ", ".join(format_score(c.value) for c in figure.cells if c.flagged and c.value is not None)
        sentence = (
            f"{cell_label(figure.kind, figure.key)} ได้ {scores} ต่ำกว่าเกณฑ์ {least} "
            "แต่ยังไม่มีมาตรการหรือเหตุผล ให้เลือกมาตรการ หรือเขียนเหตุผลที่ไม่กำหนด"
        )
        yield error("weak-unanswered", sentence, draft.item_url(figure.code), figure.code)


def measures_complete(draft: Draft) -> Iterator[Finding]:
    """Every measure has its place, its words, its steps, its unit; an empty follow-up must be meant.

    A column that the paper does not print may be empty.
    """
    for group in draft.table:
        if not group.key and group.measures:
            url = draft.measures_url(f"measure-{group.measures[0].measure.pk}")
            sentence = f"มี {len(group.measures)} มาตรการที่ยังไม่ได้จัดกลุ่ม ให้ย้ายเข้ากลุ่มในตาราง"
            yield error("measure-ungrouped", sentence, url)
    for row, place in draft.rows:
        if not row.title.strip():
            url = draft.measures_url(f"title-{row.measure.pk}")
            yield error("measure-title", f"{place}: ยังไม่มีข้อความมาตรการ ให้เขียนว่าจะทำอะไร", url, row.measure.pk)
    for step, place in draft.steps:
        pk = step.step.pk
        if not step.lines:
            sentence = f"{place}: ยังไม่มีขั้นตอน ให้เขียนอย่างน้อยหนึ่งขั้นตอน"
            yield error("measure-steps", sentence, draft.measures_url(f"text-{pk}"), pk)
        if not step.responsible and draft.prints("responsible"):
            sentence = f"{place}: ยังไม่มีผู้รับผิดชอบ ให้เลือกสำนัก/กองอย่างน้อยหนึ่งแห่ง"
            yield error("measure-unit", sentence, draft.measures_url(f"units-{pk}"), pk)
        if not step.follow_up and draft.prints("follow_up"):
            sentence = f"{place}: ช่องการติดตามประเมินผลว่าง ให้เขียนว่าดูจากอะไรว่าทำแล้ว หรือยืนยันว่าเว้นว่าง"
            yield warning("measure-follow-up", sentence, draft.measures_url(f"follow_up-{pk}"), pk)


def steps_differ(draft: Draft) -> Iterator[Finding]:
    """No two measures have the same steps: one of them was copied and forgotten."""
    seen: dict[str, str] = {}
    for row, place in draft.rows:
        steps = re.sub(r"\s", "", to_arabic("".join(line for step in row.steps for line in step.lines)))
        if not steps:
            continue
        if steps in seen:
            sentence = f"{place}: ขั้นตอนเหมือนกับ{seen[steps]}ทุกประการ ให้แก้ขั้นตอนหรือรวมเป็นมาตรการเดียว"
            url = draft.measures_url(f"text-{row.steps[0].step.pk}")
            yield error("steps-same", sentence, url, row.measure.pk)
        seen.setdefault(steps, place)


def periods_possible(draft: Draft) -> Iterator[Finding]:
    """Work is done in the plan's fiscal year: never wholly outside, partly only when meant.

    That a period does not end before it begins is the database's own rule.
    """
    first, last = draft.plan.first_day, draft.plan.last_day
    for step, place in draft.steps:
        starts, ends = step.step.starts_on, step.step.ends_on
        if first <= starts and ends <= last:
            continue
        said = f"{place}: ระยะเวลา {period(starts, ends)}"
        year = f"ปีงบประมาณ {draft.plan.be_year} ({period(first, last)})"
        url = draft.measures_url(f"starts-{step.step.pk}")
        if ends < first or starts > last:
            yield error("period-outside", f"{said} อยู่นอก{year} ทั้งช่วง ให้แก้ระยะเวลา", url, step.step.pk)
        else:
            sentence = f"{said} เกินออกไปนอก{year} ให้แก้ระยะเวลา หรือยืนยันว่าตั้งใจ"
            yield warning("period-beyond", sentence, url, step.step.pk, starts, ends)


# --- texts ----------------------------------------------------------------------------------------------------


def texts_filled(draft: Draft) -> Iterator[Finding]:
    """Nothing was left to be filled in: no empty paragraph, no “....”, no empty brackets."""
    for key in draft.keys:
        if key.startswith(NEVER_EMPTY) and not draft.texts.text(key).strip():
            sentence = f"ข้อความ “{draft.texts.title(key)}” ว่างอยู่ ให้เขียน หรือคืนร่างเดิม"
            yield error("text-empty", sentence, draft.text_url(key), key)
    for passage in draft.passages:
        if found := text_faults.unfilled(passage.text):
            left = " ".join(f"“{what}”" for what in found)
            sentence = f"{passage.place}: ยังมีที่ว่างให้เติม {left} ให้เติมข้อความหรือลบออก"
            yield error("unfilled", sentence, passage.url, *found)


def live_fields_known(draft: Draft) -> Iterator[Finding]:
    """Every live field has a value, and nothing else stands in braces."""
    for key in draft.keys:
        text, title = draft.texts.text(key), draft.texts.title(key)
        if unknown := unknown_tokens(text, draft.texts.facts):
            names = " ".join(f"“{name}”" for name in unknown)
            sentence = f"ข้อความ “{title}”: ไม่มีค่าของ {names} ในผลการประเมิน ให้กรอกคะแนน หรือเอาออกจากข้อความ"
            yield error("field-unknown", sentence, draft.text_url(key), key, *unknown)
        if odd := odd_braces(text):
            sentence = f"ข้อความ “{title}”: อ่าน {' '.join(odd)} ไม่ออก ให้เลือกค่าจากรายการแทรกค่า หรือลบวงเล็บปีกกา"
            yield error("braces-odd", sentence, draft.text_url(key), key, *odd)


def texts_reviewed(draft: Draft) -> Iterator[Finding]:
    """A text that a person edited was looked over since its numbers changed."""
    for key in draft.keys:
        if moved := draft.texts.changed(key):
            told = ", ".join(f"{name} จาก {old} เป็น {new}" for name, old, new in moved)
            sentence = f"ข้อความ “{draft.texts.title(key)}”: ตัวเลขเปลี่ยนหลังแก้ไข ({told}) ให้อ่านอีกครั้ง"
            yield warning("text-review", sentence, draft.text_url(key), key, told)


def digits_of_one_kind(draft: Draft) -> Iterator[Finding]:
    """No number mixes Thai and Arabic digits (whole numbers are turned in printing)."""
    for passage in draft.passages:
        if found := text_faults.mixed_digits(passage.text):
            numbers = " ".join(f"“{number}”" for number in found)
            # The number stands as it was typed: in the screen's digits nobody would see the fault.
            sentence = (
                f"{to_thai(passage.place)}: {numbers} มีเลขไทยปนเลขอารบิกในจำนวนเดียว ให้พิมพ์ใหม่เป็นเลขแบบเดียว"
            )
            yield error("digits-mixed", sentence, passage.url, *found)


def scores_typed(draft: Draft) -> Iterator[Finding]:
    """A number typed by hand that looks like a score is one of the result."""
    for passage in draft.passages:
        for number in text_faults.typed_scores(passage.text, draft.texts.facts):
            sentence = f"{passage.place}: {number} ไม่ตรงกับคะแนนใดในผลการประเมิน ให้แก้ หรือยืนยันว่าถูกต้อง"
            yield warning("score-typed", sentence, passage.url, passage.url, number)


def organisation_named(draft: Draft) -> Iterator[Finding]:
    """Texts name the organisation as its record does, and no other one unless that is meant."""
    names = (draft.organisation.name, draft.organisation.short_name)
    for passage in draft.passages:
        for name in text_faults.other_names(passage.text, names):
            sentence = f"{passage.place}: เขียนชื่อ “{name}…” ซึ่งไม่ตรงกับ{draft.organisation.name} ให้แก้ หรือยืนยันว่าหมายถึงหน่วยงานอื่น"
            yield warning("name-other", sentence, passage.url, passage.url, name)


Rule = Callable[[Draft], Iterator[Finding]]
ANY_PAPER: tuple[Rule, ...] = (
    scores_closed,
    indicators_present,
    total_agrees,
    announced_computed,
    measures_complete,
    steps_differ,
    periods_possible,
    texts_filled,
    live_fields_known,
    texts_reviewed,
    digits_of_one_kind,
    scores_typed,
    organisation_named,
)
RULES: dict[str, tuple[Rule, ...]] = {
    PaperKind.PLAN: (*ANY_PAPER[:4], weak_answered, *ANY_PAPER[4:]),
    PaperKind.ANALYSIS: ANY_PAPER,
}


def check_plan(plan: MeasurePlan, kind: str = PaperKind.PLAN) -> list[Finding]:
    """Return all that is to be mended or confirmed in a paper of the plan ("plan", "analysis"), in reading order."""
    draft = Draft(plan, kind)
    return [finding for rule in RULES[kind] for finding in rule(draft)]


@dataclass(frozen=True)
class Review:
    """The findings on a paper: errors, and warnings each with its tick, if it has one."""

    errors: tuple[Finding, ...]
    warnings: tuple[tuple[Finding, Tick | None], ...]

    @property
    def unticked(self) -> int:
        """How many warnings still ask for a tick."""
        return sum(tick is None for _, tick in self.warnings)

    @property
    def ready(self) -> bool:
        """Whether the paper can be sent for signing."""
        return not self.errors and not self.unticked

    @property
    def summary(self) -> str:
        """What is left, in one line."""
        if self.ready:
            return "พร้อมเสนอ"
        parts = [
            f"{len(self.errors)} ข้อต้องแก้" if self.errors else "",
            f"{self.unticked} ข้อต้องยืนยัน" if self.unticked else "",
        ]
        return f"ยังมี {' · '.join(part for part in parts if part)}"


def review_of(plan: MeasurePlan, kind: str = PaperKind.PLAN) -> Review:
    """Return the findings on a paper of the plan with the ticks that hold."""
    findings = check_plan(plan, kind)
    ticks = {tick.fingerprint: tick for tick in Tick.objects.filter(plan=plan).select_related("by")}
    return Review(
        tuple(f for f in findings if f.severity == ERROR),
        tuple((f, ticks.get(f.fingerprint)) for f in findings if f.severity == WARNING),
    )
