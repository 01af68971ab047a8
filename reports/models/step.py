"""One step of a round: who decides, in whose place, and what they decided."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Role, User
from ita_portal.thai import clock, long_date

from .memo import Memo
from .office import ChainEntry, Delegation, Letterhead
from .refusal import Refusal
from .stored_file import StoredFile

if TYPE_CHECKING:
    from reports.uploads import Scan


class ApprovalStepQuerySet(models.QuerySet["ApprovalStep"]):
    def in_turn(self) -> ApprovalStepQuerySet:
        """The steps whose turn it is, of all memos on their way."""
        before = ApprovalStep.objects.filter(
            memo=OuterRef("memo"), round=OuterRef("round"), position__lt=OuterRef("position"), decision=""
        )
        return self.filter(memo__state=Memo.State.SENT, round=F("memo__round"), decision="").filter(
            ~Exists(before)
        )

    def waiting_for(self, user: User, *, day: date) -> ApprovalStepQuerySet:
        """The steps in turn that `user` may decide on a day, as holder or in the holder's place, in all their
        organisations; without those of memos that they sent themselves, unless the organisation allows it."""
        mine = Membership.objects.active().filter(organisation=OuterRef("memo__organisation"), user=user)
        member = mine.exclude(role=Role.AUDITOR)
        acting = Delegation.objects.on(day).filter(
            organisation=OuterRef("memo__organisation"), title=OuterRef("title"), acting=user
        )
        allowed = Letterhead.objects.filter(
            organisation=OuterRef("memo__organisation"), allows_own_approval=True
        )
        return (
            self.in_turn()
            .filter(Exists(member), Q(holder=user) | Exists(acting))
            .filter(~Q(memo__sent_by=user) | Exists(allowed))
            .select_related("memo__organisation", "memo__plan__assessment__instrument", "memo__officer")
        )

    def with_arrival(self) -> ApprovalStepQuerySet:
        """With `arrived_at`, when each step got the memo, and `passed_on_by`, who signed before ("" for none);
        the longest waiting first."""
        before = ApprovalStep.objects.filter(
            memo=OuterRef("memo"), round=OuterRef("round"), position__lt=OuterRef("position")
        ).order_by("-position")
        return self.annotate(
            arrived_at=Coalesce(Subquery(before.values("decided_at")[:1]), F("memo__sent_at")),
            passed_on_by=Coalesce(Subquery(before.values("signer_name")[:1]), Value("")),
        ).order_by("arrived_at", "pk")


class ApprovalStep(models.Model):
    """One step of one round of a memo, decided in its turn by its holder or by who acts for the holder, or on paper.

    `decided_by` is who decided, or for a paper who recorded it; `signer_*` and `acting_*` are what papers print.
    """

    class Decision(models.TextChoices):
        FORWARD = "forward", "เห็นชอบ"
        ACKNOWLEDGE = "acknowledge", "ทราบ"
        APPROVE = "approve", "อนุมัติ"
        RETURN = "return", "ส่งคืนแก้ไข"

    class WrongTurn(Refusal):
        pass

    class WrongPerson(Refusal):
        pass

    class DelegationExpired(Refusal):
        pass

    class OwnDraft(Refusal):
        sentence = "ท่านเป็นผู้เสนอเรื่องนี้ จึงลงนามในลำดับถัดไปไม่ได้ เว้นแต่ผู้ดูแลหน่วยงานจะอนุญาตไว้ในรูปแบบบันทึกข้อความ"

    class AlreadyDecided(Refusal):
        pass

    class RoundOver(Refusal):
        pass

    class WrongDecision(Refusal):
        pass

    class NoReason(Refusal):
        sentence = "โปรดเขียนเหตุผลที่ส่งคืน เพื่อให้เจ้าหน้าที่แก้ไขได้ เช่น ขอให้ปรับระยะเวลาของมาตรการที่ 3"

    class NoSigner(Refusal):
        sentence = "โปรดกรอกชื่อและตำแหน่งของผู้ลงนามในกระดาษ เช่น นายปิติ รักงาน ปลัดองค์การบริหารส่วนตำบล"

    class BadDay(Refusal):
        pass

    memo = models.ForeignKey(Memo, models.CASCADE, related_name="steps")
    round = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    title = models.CharField("ตำแหน่ง", max_length=200)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="ผู้ดำรงตำแหน่ง",
    )
    on_paper = models.BooleanField("ลงนามในกระดาษ", default=False)

    decision = models.CharField("ผลการพิจารณา", max_length=12, choices=Decision.choices, blank=True)
    words = models.TextField("ความเห็น", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_on = models.DateField("ลงวันที่", null=True)
    signer_name = models.CharField("ชื่อผู้ลงนาม", max_length=400, blank=True)
    signer_title = models.CharField("ตำแหน่งของผู้ลงนาม", max_length=200, blank=True)
    acting_kind = models.CharField("ลักษณะการแทน", max_length=12, choices=Delegation.Kind.choices, blank=True)
    order_number = models.CharField("คำสั่งที่", max_length=100, blank=True)
    scan = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ApprovalStepQuerySet.as_manager()

    class Meta:
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["memo", "round", "position"], name="step_position_unique"),
            models.CheckConstraint(
                condition=Q(
                    decision="", decided_at=None, decided_by=None, signed_on=None, signer_name="", scan=None
                )
                | ~Q(decision="")
                & ~Q(signer_name="")
                & Q(decided_at__isnull=False, decided_by__isnull=False, signed_on__isnull=False),
                name="step_decided_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(decision="")
                | Q(on_paper=True, scan__isnull=False)
                | Q(on_paper=False, scan=None),
                name="step_on_paper_has_scan",
            ),
            models.CheckConstraint(
                condition=~Q(decision="return") | ~Q(words=""),
                name="step_return_has_reason",
                violation_error_message="โปรดเขียนเหตุผลที่ส่งคืน",
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None)
                | Q(voided_at__isnull=False, voided_by__isnull=False) & ~Q(decision=""),
                name="step_voided_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return f"ลำดับที่ {self.place} {self.title}"

    @property
    def place(self) -> int:
        """Its number on the way, on which the officer who sends is the first."""
        return self.position + 1

    @property
    def entry(self) -> ChainEntry:
        """The step as the next round copies it."""
        return ChainEntry(self.title, self.holder, self.on_paper)

    @property
    def is_last(self) -> bool:
        """Whether this step ends the chain."""
        later = self.memo.steps.filter(round=self.round, position__gt=self.position)
        return not later.exists()

    @property
    def choices(self) -> tuple[Decision, ...]:
        """What may be decided here, the way on first: the last step approves, those before pass on."""
        decision = self.Decision
        if self.is_last:
            return (decision.APPROVE, decision.RETURN)
        return (decision.FORWARD, decision.ACKNOWLEDGE, decision.RETURN)

    def require_decider(self, user: User, *, day: date) -> Delegation | None:
        """Return by which delegation `user` decides on a day, None for the holder.

        Raises WrongPerson, DelegationExpired, OwnDraft.
        """
        member = Membership.objects.active().filter(organisation=self.memo.organisation_id, user=user).first()
        if member is None:
            raise self.WrongPerson(f"ท่านไม่ได้เป็นสมาชิกที่ใช้งานอยู่ของ{self.memo.organisation} จึงลงนามไม่ได้")
        if member.role == Role.AUDITOR:
            raise self.WrongPerson(
                f"ท่านเป็น{member.get_role_display()} อ่านได้เฉพาะเอกสารที่อนุมัติแล้ว จึงลงนามไม่ได้ โปรดแจ้งผู้ดูแลหน่วยงานให้เปลี่ยนบทบาท"
            )
        delegation = None
        if self.holder_id != user.pk:
            mine = Delegation.objects.filter(
                organisation=self.memo.organisation_id, title=self.title, acting=user
            )
            delegation = mine.on(day).first()
            if delegation is None:
                self._refuse_stranger(mine.first())
        if self.memo.sent_by_id == user.pk and not Letterhead.of(self.memo.organisation).allows_own_approval:
            raise self.OwnDraft
        return delegation

    def _refuse_stranger(self, lapsed: Delegation | None) -> None:
        if lapsed is None:
            holder = f" ({self.holder})" if self.holder else ""
            raise self.WrongPerson(f"ลำดับนี้เป็นของ{self.title}{holder} ท่านไม่ใช่ผู้ดำรงตำแหน่งหรือผู้แทน จึงลงนามไม่ได้")
        if lapsed.revoked_at:
            ended = f"ถูกยกเลิกแล้วเมื่อ {long_date(timezone.localdate(lapsed.revoked_at))}"
        else:
            ended = f"มีผลตั้งแต่ {long_date(lapsed.starts_on)} ถึง {long_date(lapsed.ends_on)}"
        raise self.DelegationExpired(
            f"คำสั่งให้ท่าน{lapsed.get_kind_display()}{self.title} {ended} วันนี้จึงลงนามแทนไม่ได้ โปรดแจ้งผู้ดูแลหน่วยงานหากมีคำสั่งใหม่"
        )

    # --- verbs ------------------------------------------------------------------------------------------------

    def forward(self, *, words: str, by: User, at: datetime) -> None:
        """Agree and pass on to the next step. Raises what `require_in_turn` and `require_decider` raise."""
        self._decide(self.Decision.FORWARD, words, by=by, at=at)

    def acknowledge(self, *, words: str, by: User, at: datetime) -> None:
        """Take note and pass on to the next step. Raises as `forward`."""
        self._decide(self.Decision.ACKNOWLEDGE, words, by=by, at=at)

    def approve(self, *, words: str, by: User, at: datetime) -> None:
        """Approve, at the last step: the memo is settled. Raises as `forward`."""
        self._decide(self.Decision.APPROVE, words, by=by, at=at)

    def return_for_edits(self, *, words: str, by: User, at: datetime) -> None:
        """Give the memo back with a reason: earlier approvals are void. Raises as `forward`, and NoReason."""
        self._decide(self.Decision.RETURN, words, by=by, at=at)

    def decide(self, decision: str, *, words: str, by: User, at: datetime) -> None:
        """Do what a form names. Raises WrongDecision, and as `forward`."""
        verbs = {
            self.Decision.FORWARD: self.forward,
            self.Decision.ACKNOWLEDGE: self.acknowledge,
            self.Decision.APPROVE: self.approve,
            self.Decision.RETURN: self.return_for_edits,
        }
        if decision not in verbs:
            raise self.WrongDecision("โปรดเลือกผลการพิจารณา เช่น เห็นชอบ หรือ ส่งคืนแก้ไข")
        verbs[self.Decision(decision)](words=words, by=by, at=at)

    def _decide(self, decision: Decision, words: str, *, by: User, at: datetime) -> None:
        with transaction.atomic():
            self.require_in_turn()
            delegation = self.require_decider(by, day=timezone.localdate(at))
            membership = Membership.objects.get(organisation=self.memo.organisation_id, user=by)
            self._settle(
                decision,
                words,
                by=by,
                at=at,
                on_paper=False,
                signed_on=timezone.localdate(at),
                signer_name=by.full_name,
                signer_title=membership.position_title if delegation else self.title,
                acting_kind=delegation.kind if delegation else "",
                order_number=delegation.order_number if delegation else "",
            )

    def sign_on_paper(
        self,
        decision: str,
        *,
        words: str,
        signed_on: date,
        signer_name: str,
        signer_title: str,
        scan: Scan,
        acting_kind: str = "",
        order_number: str = "",
        by: User,
        at: datetime,
    ) -> None:
        """Record what was signed on paper, with its scan; the chain goes on. `by` is who records it.

        signer_title: the signer's own position; with acting_kind, they act for the step's. The day must not come
        before the memo's or the step's before, nor after today. Raises WrongTurn, AlreadyDecided, RoundOver,
        WrongDecision, NoReason, NoSigner, BadDay.
        """
        with transaction.atomic():
            self.require_in_turn()
            self._require_day(signed_on, today=timezone.localdate(at))
            name, title = signer_name.strip(), signer_title.strip()
            if not name or not title:
                raise self.NoSigner
            if decision not in self.Decision.values:
                raise self.WrongDecision("โปรดเลือกผลการพิจารณาตามที่ลงนามในกระดาษ เช่น เห็นชอบ")
            self._settle(
                self.Decision(decision),
                words,
                by=by,
                at=at,
                on_paper=True,
                signed_on=signed_on,
                signer_name=name,
                signer_title=title,
                acting_kind=acting_kind,
                order_number=order_number.strip() if acting_kind else "",
                scan=StoredFile.keep(scan.data, scan.content_type),
            )

    for _verb in (forward, acknowledge, approve, return_for_edits, decide, sign_on_paper):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb

    def require_in_turn(self) -> None:
        """Lock the memo until the transaction ends. Raises RoundOver, AlreadyDecided, WrongTurn."""
        memo = Memo.objects.locked().get(pk=self.memo_id)
        self.refresh_from_db()
        self.memo = memo
        self.check_turn()

    def check_turn(self) -> None:
        """Tell whether the step may be decided now, without the lock. Raises as `require_in_turn`."""
        memo = self.memo
        if self.decision:
            who, day = self.signer_name, long_date(timezone.localdate(self.decided_at))
            void = " และเป็นโมฆะแล้วเพราะเรื่องถูกส่งกลับไปแก้ไข" if self.voided_at else ""
            raise self.AlreadyDecided(
                f"ลำดับนี้ {who} ลงความเห็น “{self.get_decision_display()}” แล้วเมื่อ {day} เวลา {clock(timezone.localtime(self.decided_at))} น.{void} ไม่มีการบันทึกซ้ำ"
            )
        if memo.state != Memo.State.SENT or memo.round != self.round:
            raise self.RoundOver(
                "เรื่องนี้ถูกดึงกลับหรือส่งคืนไปแก้ไขแล้ว ความเห็นชอบในรอบนั้นเป็นโมฆะ โปรดพิจารณาฉบับใหม่เมื่อเสนอมาอีกครั้ง"
                if memo.round != self.round
                else "เรื่องนี้ไม่ได้อยู่ระหว่างเสนอ จึงยังลงนามไม่ได้"
            )
        current = memo.current_step
        if current is not None and current.pk != self.pk:
            raise self.WrongTurn(f"ยังไม่ถึงลำดับของ{self.title} ขณะนี้เรื่องอยู่ที่{current.title}")

    def _require_day(self, signed_on: date, *, today: date) -> None:
        before = (
            self.memo.steps.filter(round=self.round, position__lt=self.position).order_by("-position").first()
        )
        earliest = (before.signed_on if before else None) or self.memo.dated_on
        if earliest and signed_on < earliest:
            raise self.BadDay(
                f"วันที่ลงนาม {long_date(signed_on)} มาก่อนวันที่ของลำดับก่อนหน้า ({long_date(earliest)}) โปรดตรวจวันที่ในกระดาษ"
            )
        if signed_on > today:
            raise self.BadDay(f"วันที่ลงนาม {long_date(signed_on)} ยังมาไม่ถึง วันนี้คือ {long_date(today)}")

    def _settle(self, decision: Decision, words: str, *, by: User, at: datetime, **signed: Any) -> None:
        words = words.strip()
        if decision not in self.choices:
            allowed = " ".join(f"“{choice.label}”" for choice in self.choices)
            raise self.WrongDecision(f"ลำดับของ{self.title}เลือก “{decision.label}” ไม่ได้ เลือกได้คือ {allowed}")
        if decision == self.Decision.RETURN and not words:
            raise self.NoReason
        self.decision, self.words, self.decided_at, self.decided_by = decision, words, at, by
        for name, value in signed.items():
            setattr(self, name, value)
        self.save(update_fields=["decision", "words", "decided_at", "decided_by", *signed])
        voided = []
        if decision == self.Decision.RETURN:
            voided = self.memo.open_again(outcome="returned", reason=words, by=by, at=at)
        elif decision == self.Decision.APPROVE:
            self.memo.settle(by=by, at=at)
        self._tell(decision, voided=voided, by=by, at=at)

    def _tell(self, decision: Decision, *, voided: list[int], by: User, at: datetime) -> None:
        verbs = {
            self.Decision.FORWARD: Event.Verb.STEP_FORWARDED,
            self.Decision.ACKNOWLEDGE: Event.Verb.STEP_ACKNOWLEDGED,
            self.Decision.APPROVE: Event.Verb.MEMO_APPROVED,
            self.Decision.RETURN: Event.Verb.MEMO_RETURNED,
        }
        where = " (ลงนามในกระดาษ)" if self.on_paper else ""
        acting = f" {self.get_acting_kind_display()}{self.title}" if self.acting_kind else ""
        self.memo.tell(
            verbs[decision],
            f"{self.signer_name} {self.signer_title}{acting} {decision.label} {self.memo}{where}",
            by=by,
            at=at,
            step=self.position,
            decided_round=self.round,
            signer=self.signer_name,
            order=self.order_number,
            signed_on=self.signed_on.isoformat() if self.signed_on else "",
            scan=self.scan.sha256 if self.scan else "",
            voided=voided,
        )
