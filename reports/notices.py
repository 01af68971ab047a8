"""What the bell and the e-mails say when a memo moves: called by the views after the deed has been done."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import User
from ita_portal.thai import to_thai
from reports.models import ApprovalStep, Delegation, IssuedPaper, Memo, Notice, SentRound
from reports.models.office import Letterhead, signatories_of

logger = logging.getLogger(__name__)


def tell_decision(step: ApprovalStep, *, at: datetime) -> None:
    """Tell whoever comes next what was decided at `step`: the next step, or the officer."""
    memo = step.memo
    if step.decision == ApprovalStep.Decision.RETURN:
        tell_returned(memo, step, at=at)
    elif memo.state == Memo.State.APPROVED:
        tell_approved(memo, at=at)
    else:
        tell_turn(memo, at=at)


def tell_turn(memo: Memo, *, at: datetime) -> None:
    """Tell whoever may decide the step in turn that it waits for them; nobody where it is signed on paper alone.

    The bell counts the step itself for as long as it waits, so this notice counts as read from the beginning.
    """
    step = memo.current_step
    if step is None:
        return
    sentence = f"เสนอให้ท่านพิจารณาในลำดับของ{step.title}: {memo} เรื่อง {memo.subject}"
    address = reverse("reports:step", args=[memo.organisation.slug, memo.be_year, memo.pk, step.pk])
    people = deciders_of(step, at=at)
    _tell(memo, people, "เสนอให้ท่านพิจารณา", sentence, address, at=at, read_at=at)


def deciders_of(step: ApprovalStep, *, at: datetime) -> list[User]:
    """The members who may decide a step that day: its holder, and who acts for the holder."""
    memo = step.memo
    acting = Delegation.objects.of(memo.organisation).on(timezone.localdate(at)).filter(title=step.title)
    holder = Q(pk=step.holder_id) if step.holder_id is not None else Q()
    found = User.objects.filter(
        Q(pk__in=acting.values("acting")) | holder, memberships__in=signatories_of(memo.organisation)
    )
    if memo.sent_by_id is not None and not Letterhead.of(memo.organisation).allows_own_approval:
        found = found.exclude(pk=memo.sent_by_id)
    return list(found.distinct())


def tell_returned(memo: Memo, step: ApprovalStep, *, at: datetime) -> None:
    """Tell the officer that the memo came back, and why.

    For whoever mends it the bell counts the memo itself, so to them this notice counts as read from the beginning.
    """
    sentence = f"{step.signer_name} ส่งคืน{memo} ให้แก้ไข: {step.words}"
    for person in _officers(memo):
        mends = SentRound.objects.to_mend_by(person).filter(memo=memo).exists()
        read_at = at if mends else None
        _tell(memo, [person], "ส่งคืนแก้ไข", sentence, _page_of(memo), at=at, read_at=read_at)


def tell_recalled(memo: Memo, told: Iterable[User], *, by: User, at: datetime) -> None:
    """Tell those who had it, or had signed it (`told`), that the officer took the memo back."""
    sentence = f"{by} ดึง{memo} กลับไปแก้ไข ความเห็นชอบในรอบก่อนเป็นโมฆะ จะเสนอมาใหม่อีกครั้ง"
    _tell(memo, told, "ดึงกลับไปแก้ไข", sentence, _page_of(memo), at=at)


def tell_approved(memo: Memo, *, at: datetime) -> None:
    """Tell the officer that the memo was approved, and what comes next."""
    sentence = f"{memo} ได้รับอนุมัติแล้ว ต่อไป: เผยแพร่เอกสาร"
    _tell(memo, _officers(memo), "อนุมัติแล้ว", sentence, _page_of(memo), at=at)


def tell_inspected(paper: IssuedPaper, *, by: User, remark: str, at: datetime) -> None:
    """Tell the officer that an auditor looked over an approved paper."""
    noted = f" ข้อสังเกต: {remark}" if remark else ""
    memo, sentence = paper.memo, f"{by} ตรวจแล้ว {paper.title}{noted}"
    _tell(memo, _officers(memo), "ผู้ตรวจสอบตรวจแล้ว", sentence, _page_of(memo), at=at)


def _officers(memo: Memo) -> list[User]:
    """Who sent the memo, and who began it, as far as they are still members."""
    people = User.objects.filter(
        memberships__organisation=memo.organisation, memberships__deactivated_at=None
    )
    return list(people.filter(pk__in={memo.sent_by_id, memo.created_by_id}))


def _page_of(memo: Memo) -> str:
    return reverse("reports:memo", args=[memo.organisation.slug, memo.be_year, memo.pk])


def _tell(
    memo: Memo,
    people: Iterable[User],
    headline: str,
    sentence: str,
    address: str,
    *,
    at: datetime,
    read_at: datetime | None = None,
) -> None:
    """Tell people a sentence with the address where to look; headline: what e-mails say of it first."""
    people = list(people)
    sentence = to_thai(sentence)
    Notice.objects.bulk_create(
        Notice(
            user=person,
            organisation=memo.organisation,
            sentence=sentence[:500],
            url=address,
            at=at,
            read_at=read_at,
        )
        for person in people
    )
    for person in people:
        if person.email:
            _mail_on_commit(memo, person, headline, sentence, address)


def _mail_on_commit(memo: Memo, person: User, headline: str, sentence: str, address: str) -> None:
    """Mail what the bell tells; a mail server that fails is logged, the bell has it in any case."""
    context = {
        "person": person,
        "memo": memo,
        "sentence": sentence,
        "link": f"{settings.PORTAL_URL}{address}",
    }
    text = render_to_string("reports/mail/notice.txt", context)
    subject = " ".join(to_thai(f"{headline}: {memo} · {memo.organisation.display_name}").split())

    def mail() -> None:
        try:
            send_mail(subject, text, None, [person.email])
        except (SMTPException, OSError):
            logger.exception("The e-mail about memo %s could not be sent", memo.pk)

    transaction.on_commit(mail)
