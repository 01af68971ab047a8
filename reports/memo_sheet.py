"""From a kept memo to the sheet that prints: what has been signed, and what is still to be signed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from ita_portal.organisations.models import User
from ita_portal.thai import Digits, clock, short_date
from reports.models import ApprovalStep, Delegation, Letterhead, Memo
from reports.models.office import signatories_of
from reports.papers import KINDS
from reports.papers.memo import MemoSheet, SignatureBlock
from reports.papers.paper import lines_of, names_of

SECTIONS = (
    ("background", "เรื่องเดิม"),
    ("facts", "ข้อเท็จจริง"),
    ("rules", "ระเบียบ/ข้อกฎหมาย"),
    ("proposal", "ข้อพิจารณา/ข้อเสนอแนะ"),
)
ON_PAPER = "ลงนามในเอกสารกระดาษ"


def sheet_of(memo: Memo, *, today: date) -> MemoSheet:
    """Return the memo as it prints now: signed steps as signed, the others with room to sign.

    today: gives month and year below a signature that is still to come, and who acts for whom.
    """
    sent = memo.rounds.filter(number=memo.round).select_related("emblem").first()
    emblem = sent.emblem if sent else Letterhead.of(memo.organisation).emblem
    digits: Digits = "arabic" if memo.digits == "arabic" else "thai"
    return MemoSheet(
        department=memo.department,
        phone=memo.phone,
        reference=memo.reference,
        dated_on=memo.dated_on if memo.state in (Memo.State.SENT, Memo.State.APPROVED) else None,
        subject=memo.subject,
        addressee=memo.addressee,
        attachments=tuple(attachments_of(memo)),
        sections=tuple(sections_of(memo)),
        closing=memo.closing,
        officer=officer_of(memo),
        opinions=tuple(opinions_of(memo, memo.chain, today=today)),
        catchword=memo.catchword,
        emblem=emblem.data if emblem else None,
        names=names_of(memo.organisation, digits),
        digits=digits,
    )


def attachments_of(memo: Memo) -> list[str]:
    """The papers that it carries, each with the fiscal year that it names."""
    papers = [KINDS[kind] for kind in memo.papers]
    return [f"{paper.name} ประจำปีงบประมาณ พ.ศ. {paper.year_of(memo.plan)}" for paper in papers]


def sections_of(memo: Memo) -> list[tuple[str, tuple[str, ...]]]:
    """The sections that are switched on and hold a text, each with its heading (and number) where wanted."""
    shown = [
        (heading, lines_of(getattr(memo, field)))
        for field, heading in SECTIONS
        if getattr(memo, f"shows_{field}") and getattr(memo, field).strip()
    ]
    found = []
    for number, (heading, paragraphs) in enumerate(shown, start=1):
        label = f"{number}. {heading}" if memo.numbered else heading
        found.append((label if memo.shows_headings else "", tuple(paragraphs)))
    return found


def officer_of(memo: Memo) -> SignatureBlock:
    """The officer's block: signed at the sending, with room to sign before."""
    sent = memo.state in (Memo.State.SENT, Memo.State.APPROVED)
    if sent:
        mark = electronically(memo.sent_at)
        return SignatureBlock(name=memo.officer_name, position=memo.officer_title, mark=mark)
    officer = memo.officer or memo.created_by
    return SignatureBlock(name=officer.full_name, position=position_of(officer, memo))


def opinions_of(memo: Memo, steps: Sequence[ApprovalStep], *, today: date) -> list[SignatureBlock]:
    """One block a step, in order."""
    members = signatories_of(memo.organisation).values("user")
    in_force = Delegation.objects.of(memo.organisation).on(today).filter(acting__in=members)
    acting = {delegation.title: delegation for delegation in in_force.order_by("pk")}
    return [signed(step) if step.decision else to_sign(step, acting.get(step.title), today) for step in steps]


def signed(step: ApprovalStep) -> SignatureBlock:
    """A step as it was decided."""
    label = step.get_decision_display()
    words = step.words if step.words.startswith(label) else f"{label} {step.words}".strip()
    return SignatureBlock(
        heading=f"ความเห็นของ{step.title}",
        words=words,
        name=step.signer_name,
        position=step.signer_title,
        acting_kind=step.get_acting_kind_display() if step.acting_kind else "",
        acting_for=step.title if step.acting_kind else "",
        signed_on=step.signed_on,
        mark=ON_PAPER if step.on_paper else electronically(step.decided_at),
    )


def to_sign(step: ApprovalStep, delegation: Delegation | None, today: date) -> SignatureBlock:
    """A step still to be signed: by who acts for the holder now, else by the holder, else by whoever it will be."""
    if delegation is None:
        name = step.holder.full_name if step.holder else ""
        return SignatureBlock(heading=f"ความเห็นของ{step.title}", name=name, position=step.title, month=today)
    return SignatureBlock(
        heading=f"ความเห็นของ{step.title}",
        name=delegation.acting.full_name,
        position=position_of(delegation.acting, step.memo),
        acting_kind=delegation.get_kind_display(),
        acting_for=step.title,
        month=today,
    )


def position_of(person: User, memo: Memo) -> str:
    """The title of a person's own position in the organisation; empty where none is kept."""
    membership = person.memberships.filter(organisation=memo.organisation_id).first()
    return membership.position_title if membership else ""


def electronically(moment: datetime | None) -> str:
    """What stands in the place of a hand-written signature."""
    local = timezone.localtime(moment)
    return f"ลงนามทางอิเล็กทรอนิกส์ {short_date(local.date())} {clock(local)} น."
