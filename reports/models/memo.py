"""The officer's memo (บันทึกข้อความ) that carries papers up to the head, and its way through the rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Max, Q
from django.utils import timezone

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, User
from ita_portal.thai import be_year_of, to_thai
from measures.models import MeasurePlan

from .completeness import require_complete
from .correction import corrected
from .memo_text import EDITABLE, MemoText
from .office import ChainEntry, Letterhead, usual_chain
from .plan_lock import lock_or_open
from .refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from reports.memo_texts import MemoDraft

    from .issued import IssuedPaper
    from .sent import SentRound
    from .step import ApprovalStep


class MemoQuerySet(models.QuerySet["Memo"]):
    def of(self, organisation: Organisation) -> MemoQuerySet:
        """Memos of one organisation with all that their pages name, newest first."""
        return self.filter(organisation=organisation).select_related(
            "organisation", "officer", "plan__assessment__instrument", "plan__assessment__organisation"
        )

    def for_year(self, be_year: int) -> MemoQuerySet:
        """Memos about the plan of fiscal year `be_year`."""
        return self.filter(plan__assessment__instrument__be_year=be_year - 1)

    def locked(self) -> MemoQuerySet:
        """Memos locked with their plans until the transaction ends.

        Locks are taken in one order: memo, plan, organisation, and the chain of events last. They let rows in that
        refer to what is locked (no_key): an event refers to the organisation, and its writer holds the chain.
        """
        return self.select_for_update(of=("self", "plan"), no_key=True).select_related("organisation", "plan")


class Memo(MemoText):
    """A memo with the papers that it carries.

    Written (draft), sent up step by step (sent), given back to be mended (returned) and sent again in a new round,
    until the last step approves it (approved) or the officer gives it up (cancelled). The steps of the round in
    work stand beside it from the beginning; those of earlier rounds stay as they were decided.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "กำลังจัดทำ"
        SENT = "sent", "อยู่ระหว่างเสนอ"
        RETURNED = "returned", "ส่งคืนแก้ไข"
        APPROVED = "approved", "อนุมัติแล้ว"
        CANCELLED = "cancelled", "ยกเลิก"

    class NotEditable(Refusal):
        sentence = "แก้ไขไม่ได้ เพราะบันทึกข้อความนี้ไม่ได้อยู่ระหว่างจัดทำ หากเสนอไปแล้วให้ดึงกลับมาแก้ไขก่อน"

    class NotSent(Refusal):
        sentence = "ทำไม่ได้ เพราะบันทึกข้อความนี้ไม่ได้อยู่ระหว่างเสนอ โปรดดูสถานะล่าสุด"

    class NotApproved(Refusal):
        sentence = "ทำได้เมื่อบันทึกข้อความได้รับอนุมัติแล้วเท่านั้น"

    class NoPaper(Refusal):
        sentence = "ยังไม่ได้เลือกเอกสารแนบ เลือกอย่างน้อย 1 ฉบับ เช่น มาตรการส่งเสริมคุณธรรมและความโปร่งใส"

    class NoChain(Refusal):
        sentence = "ยังไม่มีผู้ลงนาม กำหนดลำดับการลงนามอย่างน้อย 1 ลำดับก่อนเสนอ"

    class NoHolder(Refusal):
        pass

    class NoPrefix(Refusal):
        sentence = "ยังไม่ได้กรอกเลขที่หนังสือ (ส่วนหน้า) เช่น ตย 77501 ระบบจะเติมเลขทะเบียนให้เมื่อเสนอ"

    class AnotherUnderWay(Refusal):
        sentence = "เสนอไม่ได้ เพราะมีบันทึกข้อความอีกฉบับของมาตรการปีนี้อยู่ระหว่างเสนอ รอให้เสร็จ หรือดึงฉบับนั้นกลับก่อน"

    class AlreadyIssued(Refusal):
        pass

    class ChainChanged(Refusal):
        sentence = (
            "มีผู้แก้ลำดับการลงนามก่อนท่าน จึงยังไม่บันทึก สิ่งที่ท่านแก้ยังอยู่ข้างล่าง เทียบกับลำดับที่บันทึกไว้แล้วกดบันทึกอีกครั้งหากยืนยัน"
        )

    class NoReason(Refusal):
        sentence = "โปรดเขียนเหตุผล เช่น แก้ไขระยะเวลาดำเนินการของมาตรการที่ 3"

    class NoNumber(Refusal):
        sentence = "ยกเลิกไม่ได้ เพราะบันทึกข้อความนี้ยังไม่มีเลขทะเบียน หากไม่ใช้แล้วให้ลบร่างแทน"

    class HasNumber(Refusal):
        sentence = "ลบไม่ได้ เพราะบันทึกข้อความนี้มีเลขทะเบียนแล้ว ให้ยกเลิกพร้อมเหตุผลแทน เลขทะเบียนจะไม่ถูกใช้ซ้ำ"

    class AlreadyRevised(Refusal):
        sentence = "มีฉบับแก้ไขของบันทึกข้อความนี้แล้ว ให้ทำต่อในฉบับนั้น"

    class Conflict(Exception):
        """Somebody else saved the memo first; `standing` is what stands now."""

        def __init__(self, standing: Memo) -> None:
            super().__init__(standing)
            self.standing = standing

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memos")
    plan = models.ForeignKey(MeasurePlan, models.PROTECT, related_name="memos")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT, editable=False)
    round = models.PositiveSmallIntegerField(default=1, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+")
    # The officer of the last sending, and their name and position as papers print them.
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    officer_name = models.CharField(max_length=400, blank=True, editable=False)
    officer_title = models.CharField(max_length=200, blank=True, editable=False)
    dated_on = models.DateField("วันที่", null=True, editable=False)
    # The running number in the register of the calendar year (B.E.): reserved at the first sending, kept for good.
    number = models.PositiveIntegerField(null=True, editable=False)
    number_year = models.PositiveSmallIntegerField(null=True, editable=False)
    # Whether the last sending locked the plan (it was not locked by a memo approved before).
    locks_plan = models.BooleanField(default=False, editable=False)
    sent_at = models.DateTimeField(null=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    cancel_reason = models.TextField(blank=True, editable=False)
    revises = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="revisions")
    revision_reason = models.TextField("เหตุผลของการแก้ไข", blank=True, editable=False)

    steps: RelatedManager[ApprovalStep]
    rounds: RelatedManager[SentRound]
    issued: RelatedManager[IssuedPaper]
    objects = MemoQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "returned", "approved", "cancelled"]),
                name="memo_state_known",
            ),
            models.UniqueConstraint(
                fields=["organisation", "number_year", "number"], name="memo_number_unique"
            ),
            models.UniqueConstraint(fields=["plan"], condition=Q(state="sent"), name="memo_one_sent_a_plan"),
            models.CheckConstraint(
                condition=Q(number=None, number_year=None)
                | Q(number__isnull=False, number_year__isnull=False),
                name="memo_number_and_year",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None) | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="memo_sent_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="memo_approved_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancel_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancel_reason=""),
                name="memo_cancelled_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", sent_at=None)
                | Q(state__in=["sent", "returned", "approved"], sent_at__isnull=False, number__isnull=False)
                | Q(state="cancelled", number__isnull=False),
                name="memo_state_sent",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", approved_at__isnull=False)
                | ~Q(state="approved") & Q(approved_at=None),
                name="memo_state_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | ~Q(state="cancelled") & Q(cancelled_at=None),
                name="memo_state_cancelled",
            ),
            models.UniqueConstraint(
                fields=["revises"], condition=~Q(state="cancelled"), name="memo_one_revision"
            ),
            models.CheckConstraint(
                condition=Q(revises=None, revision_reason="")
                | Q(revises__isnull=False) & ~Q(revision_reason=""),
                name="memo_revises_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"บันทึกข้อความ ที่ {self.reference}" if self.number else f"บันทึกข้อความ เรื่อง {self.subject}"

    @property
    def be_year(self) -> int:
        """The fiscal year, B.E., of the plan."""
        return self.plan.be_year

    @property
    def reference(self) -> str:
        """What stands after ที่: prefix and running number; the prefix alone before it is sent."""
        return f"{self.number_prefix}/{self.number}" if self.number else self.number_prefix

    @property
    def is_editable(self) -> bool:
        """Whether the officer may write in it."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    @property
    def chain(self) -> list[ApprovalStep]:
        """The steps of the round in work, in order."""
        return list(self.steps.filter(round=self.round).select_related("holder", "decided_by"))

    @property
    def chain_mark(self) -> str:
        """The same as long as the steps to come are the same."""
        steps = [(step.title, step.holder_id, step.on_paper) for step in self.chain]
        return sha256(repr(steps).encode()).hexdigest()[:16]

    @property
    def current_step(self) -> ApprovalStep | None:
        """The step whose turn it is; None where the memo is not on its way."""
        if self.state != self.State.SENT:
            return None
        return next((step for step in self.chain if not step.decision), None)

    # --- verbs ------------------------------------------------------------------------------------------------

    @classmethod
    def start(
        cls, *, plan: MeasurePlan, papers: Sequence[str], draft: MemoDraft, by: User, at: datetime
    ) -> Memo:
        """Begin a memo about papers of a plan, with ready texts, the letterhead and the usual chain."""
        organisation = plan.assessment.organisation
        letterhead = Letterhead.of(organisation)
        with transaction.atomic():
            memo = cls.objects.create(
                organisation=organisation,
                plan=plan,
                papers=list(papers),
                department=letterhead.department_line,
                phone=letterhead.phone_line,
                number_prefix=letterhead.number_prefix,
                subject=draft.subject,
                addressee=draft.addressee,
                background=draft.background,
                facts=draft.facts,
                rules=draft.rules,
                proposal=draft.proposal,
                closing=draft.closing,
                created_at=at,
                created_by=by,
            )
            memo._put_chain(usual_chain(organisation))
        return memo

    def edit(self, *, version: int, fields: Mapping[str, Any]) -> None:
        """Save what the officer wrote (`EDITABLE` fields, checked by a form). Raises NotEditable, Conflict."""
        with transaction.atomic():
            standing = self._lock()
            standing._require_editable()
            if standing.version != version:
                raise Memo.Conflict(standing)
            for name, value in fields.items():
                if name not in EDITABLE:
                    raise ValueError(f"{name} is not written by the officer")
                setattr(self, name, value)
            self.version = version + 1
            self.save(update_fields=[*fields, "version"])

    def set_chain(self, entries: Sequence[ChainEntry], *, seen: str | None = None) -> None:
        """Make `entries` the steps of the round to come, in their order. Raises NotEditable.

        seen: the `chain_mark` that the person saw; raises ChainChanged where the chain is another one by now.
        """
        with transaction.atomic():
            standing = self._lock()
            standing._require_editable()
            if seen is not None and seen != standing.chain_mark:
                raise Memo.ChainChanged
            self._put_chain(entries)

    def submit(self, *, by: User, at: datetime, **facts: Any) -> None:
        """Send the memo to its first step, signed by the officer `by`; its number is reserved for good.

        The plan is locked where it is open. `facts` go into the event. Raises NotEditable, NoPaper, NoChain,
        NoHolder, NoPrefix, AlreadyIssued, AnotherUnderWay.
        """
        with transaction.atomic():
            standing = self._lock()
            standing._require_editable()
            require_complete(standing, day=timezone.localdate(at))
            self.refresh_from_db(fields=["version", "state", "round", "number", "number_year", *EDITABLE])
            membership = Membership.objects.active().get(organisation=self.organisation_id, user=by)
            self.dated_on = timezone.localdate(at)
            if self.number is None:
                self.number_year = be_year_of(self.dated_on)
                self.number = self._next_number(self.number_year)
            self.officer, self.officer_name, self.officer_title = by, by.full_name, membership.position_title
            self.sent_at, self.sent_by, self.state = at, by, self.State.SENT
            self.locks_plan = not standing.plan.is_locked
            self.save(
                update_fields=[
                    *("dated_on", "number", "number_year", "officer", "officer_name", "officer_title"),
                    *("sent_at", "sent_by", "state", "locks_plan"),
                ]
            )
            self.rounds.create(
                number=self.round,
                sent_at=at,
                sent_by=by,
                emblem=Letterhead.of(self.organisation).emblem,
                officer_name=self.officer_name,
                officer_title=self.officer_title,
            )
            lock_or_open(self.plan, by=by, at=at)
            again = f" รอบที่ {self.round}" if self.round > 1 else ""
            self.tell(Event.Verb.MEMO_SENT, f"เสนอ{self}{again}", by=by, at=at, **facts)

    def recall(self, *, reason: str, by: User, at: datetime) -> None:
        """Take a sent memo back to mend it: approvals given in this round are void. Raises NotSent, NoReason."""
        with transaction.atomic():
            if self._lock().state != Memo.State.SENT:
                raise Memo.NotSent
            self.refresh_from_db()
            ended = self.round
            voided = self.open_again(outcome="recalled", reason=reason, by=by, at=at)
            self.tell(
                Event.Verb.MEMO_RECALLED,
                f"ดึง{self} กลับมาแก้ไข",
                by=by,
                at=at,
                reason=reason.strip(),
                decided_round=ended,
                voided=voided,
            )

    def open_again(self, *, outcome: str, reason: str, by: User, at: datetime) -> list[int]:
        """End the round without approval, within the verb that decides so; the next round has the same chain.

        Return the positions whose approval is void. The plan opens again unless an approved memo keeps it locked.
        Raises NoReason.
        """
        reason = reason.strip()
        if not reason:
            raise Memo.NoReason
        entries = [step.entry for step in self.chain]
        approvals = self.steps.filter(round=self.round).exclude(decision__in=["", "return"])
        voided = list(approvals.values_list("position", flat=True))
        approvals.update(voided_at=at, voided_by=by)
        self.rounds.filter(number=self.round).update(ended_at=at, ended_by=by, outcome=outcome, reason=reason)
        self.state, self.round = self.State.RETURNED, self.round + 1
        self.version += 1
        self.save(update_fields=["state", "round", "version"])
        self._put_chain(entries)
        lock_or_open(self.plan, by=by, at=at)
        return voided

    def settle(self, *, by: User, at: datetime) -> None:
        """Make the memo approved, within the decision of its last step."""
        self.state, self.approved_at, self.approved_by = self.State.APPROVED, at, by
        self.save(update_fields=["state", "approved_at", "approved_by"])
        self.rounds.filter(number=self.round).update(ended_at=at, ended_by=by, outcome="approved")
        lock_or_open(self.plan, by=by, at=at)

    def cancel(self, *, reason: str, by: User, at: datetime) -> None:
        """Give up a memo that has a number; the number stays taken. Raises NotEditable, NoNumber, NoReason."""
        reason = reason.strip()
        if not reason:
            raise Memo.NoReason
        with transaction.atomic():
            standing = self._lock()
            standing._require_editable()
            if standing.number is None:
                raise Memo.NoNumber
            self.refresh_from_db()
            self.state, self.cancel_reason = self.State.CANCELLED, reason
            self.cancelled_at, self.cancelled_by = at, by
            self.save(update_fields=["state", "cancel_reason", "cancelled_at", "cancelled_by"])
            lock_or_open(self.plan, by=by, at=at)
            self.tell(Event.Verb.MEMO_CANCELLED, f"ยกเลิก{self}", by=by, at=at, reason=reason)

    def discard(self, *, by: User, at: datetime) -> None:
        """Delete a memo that was never sent. Raises NotEditable, HasNumber."""
        with transaction.atomic():
            standing = self._lock()
            standing._require_editable()
            if standing.number is not None:
                raise Memo.HasNumber
            self.steps.all().delete()
            self.delete()
            lock_or_open(self.plan, by=by, at=at)

    def revise(self, *, reason: str, by: User, at: datetime) -> Memo:
        """Begin a new memo that corrects this approved one; the plan opens, what was issued stays.

        Raises NotApproved, NoReason, AlreadyRevised, AnotherUnderWay.
        """
        reason = reason.strip()
        if not reason:
            raise Memo.NoReason
        with transaction.atomic():
            standing = self._lock()
            if standing.state != Memo.State.APPROVED:
                raise Memo.NotApproved
            if Memo.objects.filter(revises=self).exclude(state=Memo.State.CANCELLED).exists():
                raise Memo.AlreadyRevised
            if self.plan.memos.filter(state=Memo.State.SENT).exists():
                raise Memo.AnotherUnderWay
            memo = Memo.objects.create(
                **corrected(standing, reason),
                organisation=standing.organisation,
                plan=standing.plan,
                created_at=at,
                created_by=by,
                revises=self,
                revision_reason=reason,
            )
            memo._put_chain([step.entry for step in standing.chain])
            lock_or_open(self.plan, by=by, at=at)
            self.tell(
                Event.Verb.MEMO_REVISED, f"เริ่มฉบับแก้ไขของ{self}", by=by, at=at, reason=reason, revision=memo.pk
            )
        return memo

    for _verb in (start, edit, set_chain, submit, recall, open_again, settle, cancel, discard, revise):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb

    def _lock(self) -> Memo:
        """Lock the memo and its plan until the transaction ends; return it as it stands."""
        return Memo.objects.locked().get(pk=self.pk)

    def _require_editable(self) -> None:
        if not self.is_editable:
            raise Memo.NotEditable

    def _next_number(self, be_year: int) -> int:
        """As `expected_number`; the organisation is locked until the transaction ends."""
        Organisation.objects.select_for_update(no_key=True).get(pk=self.organisation_id)
        return self.expected_number(be_year)

    def expected_number(self, be_year: int) -> int:
        """The running number that the organisation's next memo of a calendar year (B.E.) gets."""
        taken = Memo.objects.filter(organisation=self.organisation_id, number_year=be_year)
        last = taken.aggregate(last=Max("number"))["last"] or 0
        return max(last + 1, Letterhead.of(self.organisation).first_number_of(be_year))

    def _put_chain(self, entries: Sequence[ChainEntry]) -> None:
        self.steps.filter(round=self.round).delete()
        for position, entry in enumerate(entries, start=1):
            self.steps.create(
                round=self.round,
                position=position,
                title=entry.title,
                holder=entry.holder,
                on_paper=entry.on_paper,
            )

    def tell(
        self,
        verb: Event.Verb,
        sentence: str,
        *,
        by: User,
        at: datetime,
        voided: Sequence[int] = (),
        **facts: Any,
    ) -> Event:
        """Record an event about this memo; voided: positions of the steps whose approval it made void."""
        void = f" ความเห็นชอบก่อนหน้า {len(voided)} ลำดับเป็นโมฆะ" if voided else ""
        return Event.record(
            verb,
            to_thai(f"{sentence}{void}"),
            by=by,
            at=at,
            organisation=self.organisation,
            memo=self.pk,
            number=self.reference,
            round=self.round,
            voided=list(voided),
            **facts,
        )
