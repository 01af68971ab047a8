"""The steps of a working year: what is done, what comes next, and who must act."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from assessments.models import Assessment, Instrument
from assessments.scoring import Result
from ita_portal.organisations.models import Organisation
from measures.models import MeasurePlan, PaperKind
from measures.texts import Texts
from reports.models import IssuedPaper, Memo
from reports.paper_checks import review_of
from reports.paper_offers import OPEN, carriers_of
from reports.timeline import whereabouts_of


class State(StrEnum):
    """How far a step has come."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


# Key, title, and the name of the step's page; None for pages that do not exist yet.
STEPS: tuple[tuple[str, str, str | None], ...] = (
    ("scores", "คะแนน", "assessments:score-sheet"),
    ("analysis", "วิเคราะห์", "assessments:analysis"),
    ("measures", "มาตรการ", "measures:plan"),
    ("check", "ตรวจ", "reports:plan-check"),
    ("sign", "เสนอลงนาม", "reports:memos"),
    ("publish", "เผยแพร่", "reports:publication"),
    ("half-year", "รอบ 6 เดือน", None),
    ("full-year", "รอบ 12 เดือน", None),
)
# Pages that belong to a step without being its first page.
STEP_OF_PAGE = {"texts": "analysis"}
SCORED_STEPS = frozenset({"scores", "analysis"})  # their addresses name the measured year


def step_url(organisation: Organisation, working_year: int, key: str) -> str | None:
    """Return the address of a step's page in the year of plan N; None where there is no page yet."""
    page = next(page for step, _, page in STEPS if step == key)
    if page is None:
        return None
    be_year = working_year - 1 if key in SCORED_STEPS else working_year
    return reverse(page, args=[organisation.slug, be_year])


@dataclass(frozen=True)
class Step:
    """One line of the checklist: its state, what is to say about it, and the button that goes on."""

    number: int
    key: str
    title: str
    state: State
    sentence: str
    who: str
    url: str | None
    action: str
    since: datetime | None = None
    due: date | None = None


class Told(NamedTuple):
    """What is said of a step: whether it is done, the sentence, the button, since when, and who must act."""

    done: bool
    sentence: str
    action: str
    since: datetime | None = None
    who: str = "เจ้าหน้าที่"


class Checklist:
    """The year of plan N of one organisation: everything is read once, when it is first asked for."""

    def __init__(self, organisation: Organisation, working_year: int) -> None:
        self.organisation = organisation
        self.working_year = working_year

    @cached_property
    def instrument(self) -> Instrument | None:
        """The instrument of the measured year N−1, if it is loaded."""
        return Instrument.objects.filter(be_year=self.working_year - 1).first()

    @cached_property
    def assessment(self) -> Assessment | None:
        """The scores of N−1, if anyone has begun with them."""
        if self.instrument is None:
            return None
        found = Assessment.objects.of(self.organisation).filter(instrument=self.instrument).first()
        if found:
            found.instrument = self.instrument
        return found

    @cached_property
    def plan(self) -> MeasurePlan | None:
        """The plan for N, if it has been begun."""
        found = MeasurePlan.objects.filter(assessment=self.assessment).first() if self.assessment else None
        if found and self.assessment:
            found.assessment = self.assessment
        return found

    @cached_property
    def result(self) -> Result | None:
        """The result of N−1 compared with the year before, at the plan's threshold."""
        if self.assessment is None:
            return None
        if self.texts:
            return self.texts.subject.result
        return self.assessment.result(compared=True)

    @cached_property
    def texts(self) -> Texts | None:
        """The texts of the plan's papers, once it has been begun."""
        return Texts(self.plan) if self.plan else None

    @cached_property
    def memo(self) -> Memo | None:
        """The memo that carries the plan: one in work before one that is approved."""
        carriers = carriers_of(self.plan) if self.plan else []
        return next((memo for memo in carriers if PaperKind.PLAN in memo.papers), None)

    @property
    def steps(self) -> list[Step]:
        """The eight steps; the first that is not done is the one to do now."""
        return list(self._steps())

    @property
    def next_step(self) -> Step | None:
        """The one step that stands out: the first that is to be done now."""
        return next((step for step in self.steps if step.state is State.NOW), None)

    def _steps(self) -> Iterator[Step]:
        reached = True
        told = {
            "scores": self._scores,
            "analysis": self._analysis,
            "measures": self._measures,
            "check": self._check,
            "sign": self._sign,
            "publish": self._publish,
        }
        for number, (key, title, _) in enumerate(STEPS, start=1):
            done, sentence, action, since, who = told[key]() if key in told else Told(False, "", "")
            state = State.DONE if done else State.NOW if reached and key in told else State.LATER
            yield Step(
                number,
                key,
                title,
                state,
                sentence,
                "" if done or key not in told else who,
                self._url(key) if self.instrument else None,
                action,
                since,
                self._due(key),
            )
            reached = reached and done

    def _url(self, key: str) -> str | None:
        if key == "analysis" and self.texts and self.texts.needs_review:
            return reverse("measures:texts", args=[self.organisation.slug, self.working_year])
        if key == "sign" and self.memo:
            return reverse("reports:memo", args=[self.organisation.slug, self.working_year, self.memo.pk])
        return step_url(self.organisation, self.working_year, key)

    def _due(self, key: str) -> date | None:
        """Published plans are due on 30 April of the plan's year (the year's assessment calendar)."""
        return date(self.working_year - 543, 4, 30) if key == "publish" else None

    def _scores(self) -> Told:
        if self.instrument is None:
            return Told(False, "ยังไม่มีแบบประเมินของปีนี้ในระบบ โปรดแจ้งผู้ดูแลระบบ", "")
        if self.assessment is None:
            return Told(False, "ยังไม่มีคะแนน กรอกหรือวางคะแนนที่ประกาศแล้ว", "กรอกคะแนน")
        if self.assessment.is_closed:
            return Told(True, "ปิดคะแนนแล้ว", "ดูคะแนน", self.assessment.closed_at)
        missing, expected = len(self.assessment.missing()), len(self.assessment.expected_cells)
        if missing:
            return Told(False, f"กรอกแล้ว {expected - missing} จาก {expected} ช่อง", "กรอกคะแนนต่อ")
        return Told(False, "กรอกครบแล้ว ตรวจทานแล้วปิดคะแนน", "ตรวจทานและปิดคะแนน")

    def _analysis(self) -> Told:
        if self.assessment is None or not self.assessment.is_closed:
            return Told(False, "เมื่อปิดคะแนนแล้ว ระบบจะร่างบทวิเคราะห์ให้จากคะแนน", "ดูผลวิเคราะห์")
        if self.texts is None:
            return Told(False, "ดูผลวิเคราะห์ แล้วเริ่มจัดทำมาตรการ ระบบจะร่างบทวิเคราะห์ให้", "ดูผลวิเคราะห์")
        if waiting := len(self.texts.needs_review):
            return Told(False, f"คะแนนเปลี่ยนแล้ว ข้อความที่แก้ไขไว้ {waiting} ย่อหน้าต้องตรวจอีกครั้ง", "ตรวจข้อความ")
        return Told(True, "มีบทวิเคราะห์ครบทุกย่อหน้าแล้ว", "ดูผลวิเคราะห์")

    def _measures(self) -> Told:
        if self.plan is None or self.result is None:
            return Told(False, "ยังไม่ได้เริ่มจัดทำมาตรการ", "จัดทำมาตรการ")
        count = self.plan.measures.filter(deleted_at=None).count()
        left = len(self.plan.unanswered(self.result))
        if left:
            return Told(False, f"มี {count} มาตรการ ยังขาดอีก {left} ข้อ", "จัดทำมาตรการต่อ")
        if not count:
            return Told(False, "ไม่มีข้อที่ต่ำกว่าเกณฑ์ กำหนดมาตรการเพื่อรักษาระดับ", "จัดทำมาตรการ")
        return Told(True, f"มี {count} มาตรการ ครบทุกข้อที่ต่ำกว่าเกณฑ์", "ดูมาตรการ")

    def _check(self) -> Told:
        if self.plan is None:
            return Told(False, "ตรวจได้เมื่อเริ่มจัดทำมาตรการแล้ว", "")
        review = review_of(self.plan)
        if review.ready:
            return Told(True, "พร้อมเสนอ ไม่มีข้อต้องแก้หรือยืนยัน", "ดูผลการตรวจ")
        return Told(False, review.summary, "ตรวจก่อนเสนอ")

    def _sign(self) -> Told:
        if self.plan is None:
            return Told(False, "เสนอได้เมื่อจัดทำและตรวจมาตรการแล้ว", "")
        memo = self.memo
        if memo is None:
            return Told(False, "จัดทำบันทึกข้อความเสนอผู้บริหาร ระบบเขียนข้อความให้ก่อน", "จัดทำบันทึกข้อความ")
        if memo.state == Memo.State.APPROVED:
            return Told(True, f"อนุมัติแล้ว ตามบันทึกข้อความที่ {memo.reference}", "ดูบันทึกข้อความ", memo.approved_at)
        if memo.state == Memo.State.SENT:
            stop = whereabouts_of([memo], day=timezone.localdate())[memo.pk]
            title = stop.step.title
            return Told(False, f"เสนอแล้ว ที่ {memo.reference} รอ{title}", "ดูบันทึกข้อความ", stop.since, title)
        if memo.state == Memo.State.RETURNED:
            return Told(False, f"ต้องแก้ไขบันทึกข้อความที่ {memo.reference} แล้วเสนอใหม่", "แก้ไขแล้วเสนอใหม่")
        which = "ฉบับแก้ไข" if memo.revises else "บันทึกข้อความ"
        return Told(False, f"กำลังจัดทำ{which} อ่าน แล้วเสนอลงนาม", "เสนอลงนาม")

    def _publish(self) -> Told:
        issued = IssuedPaper.objects.of(self.organisation).filter(kind=PaperKind.PLAN, replaced_by=None)
        paper = issued.filter(plan=self.plan).prefetch_related("publications").first() if self.plan else None
        if paper is None:
            return Told(False, "เผยแพร่ได้เมื่อมาตรการได้รับอนุมัติแล้ว", "")
        newest = next(iter(paper.publications.all()), None)
        if newest and paper.is_published:
            return Told(True, "เผยแพร่ฉบับที่อนุมัติแล้ว", "ดูการเผยแพร่", newest.published_at)
        if newest:
            return Told(False, "ถอนการเผยแพร่แล้ว ยังไม่ได้เผยแพร่อีกครั้ง", "เผยแพร่", newest.withdrawn_at)
        which = f"มี{paper.revision_label} ที่อนุมัติแล้ว" if paper.revision else "อนุมัติแล้ว"
        return Told(False, f"{which} ยังไม่ได้เผยแพร่", "เผยแพร่", paper.approved_at)


def bar_states(organisation: Organisation, working_year: int) -> dict[str, State]:
    """Return which steps the bar of every page shows as done: one query."""
    issued = IssuedPaper.objects.filter(plan=OuterRef("plan"), kind=PaperKind.PLAN)
    corrected = Memo.objects.filter(
        plan=OuterRef("plan"), state__in=OPEN, revises__issued__kind=PaperKind.PLAN
    )
    sent = Memo.objects.filter(plan=OuterRef("plan"), number__isnull=False)
    published = issued.filter(replaced_by=None, publications__withdrawn_at=None, publications__isnull=False)
    row = (
        Assessment.objects.filter(organisation=organisation, instrument__be_year=working_year - 1)
        .annotate(
            was_sent=Exists(sent),
            is_signed=Exists(issued) & ~Exists(corrected),
            is_published=Exists(published),
        )
        .values("closed_at", "plan", "plan__locked_at", "was_sent", "is_signed", "is_published")
        .first()
    )
    if row is None:
        return {}
    done = {
        "scores": row["closed_at"] is not None,
        "analysis": row["closed_at"] is not None and row["plan"] is not None,
        # A plan is sent, and locked, only once every weak item is answered and the check is passed.
        "measures": row["was_sent"],
        "check": row["plan__locked_at"] is not None,
        "sign": row["is_signed"],
        "publish": row["is_published"],
    }
    return {key: State.DONE for key, is_done in done.items() if is_done}
