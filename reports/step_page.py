"""What the page of one step shows: who asks whom for what, the papers, what changed, and what was said before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import User
from ita_portal.thai import clock, long_date
from reports.changes import Changed, changes
from reports.models import KIND_NAMES, MEMO, ApprovalStep, Delegation, Memo, Refusal, SentPaper, SentRound

Decision = ApprovalStep.Decision
SIGNED = "ลงนามทางอิเล็กทรอนิกส์"


@dataclass(frozen=True)
class ShownPaper:
    """One paper of the round: the frozen print HTML behind `url`, and the file behind `pdf_url`."""

    name: str
    url: str
    pdf_url: str


@dataclass(frozen=True)
class PaperChanges:
    """What one paper says otherwise than in the round before; `is_new` and `is_gone` for a whole paper."""

    name: str
    changed: list[Changed]
    is_new: bool = False
    is_gone: bool = False


@dataclass(frozen=True)
class Weak:
    """A weak item without a measure: its code and words, and the written reason ("" for none)."""

    code: str
    title: str
    reason: str = ""


@dataclass(frozen=True)
class EarlierRound:
    """A round that ended: how it went, what was said in it, and its papers."""

    sent: SentRound
    steps: list[ApprovalStep]
    papers: list[ShownPaper]


class StepPage:
    """The page of `step` for `user` on a day."""

    def __init__(self, step: ApprovalStep, user: User, *, day: date) -> None:
        self.step = step
        self.memo = step.memo
        self.refusal = ""
        self.delegation: Delegation | None = None
        try:
            step.check_turn()
            self.delegation = step.require_decider(user, day=day)
        except Refusal as refusal:
            self.refusal = self._decided or str(refusal)

    @property
    def _decided(self) -> str:
        """What was decided here and when; "" while nothing was."""
        step = self.step
        if step.decided_at is None:
            return ""
        moment = timezone.localtime(step.decided_at)
        void = " ความเห็นนี้เป็นโมฆะแล้ว เพราะเรื่องถูกส่งกลับไปแก้ไข" if step.voided_at else ""
        return (
            f"{step.signer_name} ลงความเห็น “{step.get_decision_display()}” แล้ว "
            f"เมื่อ {long_date(moment.date())} เวลา {clock(moment)} น.{void}"
        )

    @property
    def capacity(self) -> str:
        """As what the person is asked: the position, and by which order where they act for its holder."""
        if self.delegation is None:
            return self.step.title
        order = f" ตามคำสั่งที่ {self.delegation.order_number}" if self.delegation.order_number else ""
        return f"ผู้{self.delegation.get_kind_display()}{self.step.title}{order}"

    @cached_property
    def rounds(self) -> list[SentRound]:
        """Every round up to that of the step, with its papers, the latest first."""
        rounds = self.memo.rounds.filter(number__lte=self.step.round).order_by("-number")
        return list(rounds.select_related("sent_by", "ended_by").prefetch_related("papers"))

    @cached_property
    def sent(self) -> SentRound | None:
        """The round of the step; None while it has not been sent."""
        return next((sent for sent in self.rounds if sent.number == self.step.round), None)

    @property
    def subject(self) -> str:
        """The subject as it was sent; what the officer writes meanwhile is not for this page."""
        papers = {paper.kind: paper for paper in self.sent.papers.all()} if self.sent else {}
        text = papers.get(MEMO)
        return text.title.removeprefix("บันทึกข้อความ เรื่อง ") if text else self.memo.subject

    @property
    def purpose(self) -> str:
        """What the memo asks for: its closing line without its usual beginning; "" where it is not on its way."""
        return self.memo.closing.removeprefix("จึงเรียนมาเพื่อ") if self.is_current else ""

    @property
    def is_current(self) -> bool:
        """Whether the step belongs to what is on its way, or was approved."""
        return self.memo.round == self.step.round and not self.memo.is_editable

    @cached_property
    def steps(self) -> list[ApprovalStep]:
        """Every step up to this round, in order."""
        steps = self.memo.steps.filter(round__lte=self.step.round).select_related("holder")
        return list(steps)

    @property
    def chain(self) -> list[ApprovalStep]:
        """The steps of this round, in order."""
        return [step for step in self.steps if step.round == self.step.round]

    @property
    def before(self) -> list[ApprovalStep]:
        """Those who decided before this step."""
        return [step for step in self.chain if step.decision and step.position < self.step.position]

    @property
    def next_step(self) -> ApprovalStep | None:
        """To whom the memo goes on from here; None at the end."""
        return next((step for step in self.chain if step.position > self.step.position), None)

    def follows(self, decision: str) -> str:
        """What a decision will do, for who is about to take it."""
        following = self.next_step.title if self.next_step else ""
        return {
            Decision.FORWARD: f"ลงความเห็นชอบในฐานะ{self.capacity} แล้วส่งต่อให้{following}พิจารณา",
            Decision.ACKNOWLEDGE: f"ลงว่าทราบในฐานะ{self.capacity} แล้วส่งต่อให้{following}พิจารณา",
            Decision.APPROVE: (
                f"อนุมัติในฐานะ{self.capacity} บันทึกข้อความและเอกสารแนบทุกฉบับจะคงไว้ตามที่ท่านอ่าน แก้ไขไม่ได้อีก "
                "หากต้องแก้ภายหลัง เจ้าหน้าที่ต้องทำฉบับแก้ไขเสนอใหม่"
            ),
            Decision.RETURN: (
                "เรื่องจะกลับไปให้เจ้าหน้าที่แก้ไข ความเห็นของลำดับก่อนหน้าในรอบนี้เป็นโมฆะ และต้องเสนอใหม่ตั้งแต่ลำดับแรก"
            ),
        }[Decision(decision)]

    @property
    def papers(self) -> list[ShownPaper]:
        """The memo first, then what it carries. Of the round on its way the memo shows who has signed so far."""
        shown = self._shown(self.sent) if self.sent else []
        if not (self.is_current and shown):
            return shown
        address = [self.memo.organisation.slug, self.memo.be_year, self.memo.pk]
        memo = ShownPaper(
            KIND_NAMES[MEMO],
            reverse("reports:memo-paper", args=address),
            reverse("reports:memo-pdf", args=address),
        )
        return [memo, *shown[1:]]

    def _shown(self, sent: SentRound) -> list[ShownPaper]:
        address = [self.memo.organisation.slug, self.memo.be_year, self.memo.pk, sent.number]
        return [
            ShownPaper(
                KIND_NAMES[paper.kind],
                reverse("reports:sent-paper", args=[*address, paper.kind]),
                reverse("reports:sent-pdf", args=[*address, paper.kind]),
            )
            for paper in memo_first(sent)
        ]

    @property
    def weak(self) -> list[Weak]:
        """Weak items without a measure as the papers of the round have them: without a reason first."""
        papers = self.sent.papers.all() if self.sent else []
        found = {
            (entry.code, entry.title): entry
            for paper in papers
            for entry in (
                *(Weak(code, title) for code, title in paper.unanswered),
                *(Weak(e["code"], e["title"], e["reason"]) for e in paper.data.get("excuses", [])),
            )
        }
        return sorted(found.values(), key=lambda entry: bool(entry.reason))

    @property
    def before_round(self) -> SentRound | None:
        """The round before that of the step."""
        return next((sent for sent in self.rounds if sent.number < self.step.round), None)

    @cached_property
    def changes(self) -> list[PaperChanges]:
        """What changed since the round before, paper by paper; empty in the first round."""
        if self.sent is None or self.before_round is None:
            return []
        old = {paper.kind: paper for paper in self.before_round.papers.all()}
        new = memo_first(self.sent)
        found = [self._compared(old.pop(paper.kind, None), paper) for paper in new]
        return found + [PaperChanges(KIND_NAMES[kind], [], is_gone=True) for kind in old]

    def _compared(self, old: SentPaper | None, new: SentPaper) -> PaperChanges:
        if old is None:
            return PaperChanges(KIND_NAMES[new.kind], [], is_new=True)
        # Each sending is signed anew: that is no change of the paper.
        changed = [
            change
            for change in changes(old.body, new.body)
            if not (change.before.startswith(SIGNED) and change.after.startswith(SIGNED))
        ]
        return PaperChanges(KIND_NAMES[new.kind], changed)

    @property
    def earlier(self) -> list[EarlierRound]:
        """The rounds before, the latest first."""
        return [
            EarlierRound(
                sent,
                [step for step in self.steps if step.round == sent.number and step.decision],
                self._shown(sent),
            )
            for sent in self.rounds
            if sent.number < self.step.round
        ]

    @property
    def is_waiting(self) -> bool:
        """Whether the memo has come to this step and waits, for whomever."""
        return self.memo.state == Memo.State.SENT and self.memo.current_step == self.step


def memo_first(sent: SentRound) -> list[SentPaper]:
    """The papers of a round as one reads them."""
    return sorted(sent.papers.all(), key=lambda paper: paper.kind != MEMO)
