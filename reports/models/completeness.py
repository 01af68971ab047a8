"""What a memo must have before it is sent, and that only the officer can give."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from measures.models import PaperKind

from .office import Delegation, signatories_of

if TYPE_CHECKING:
    from .memo import Memo


def require_complete(memo: Memo, *, day: date) -> None:
    """Check a memo that is to be sent on a day.

    Raises NoPaper, NoPrefix, NoChain, NoHolder, AnotherUnderWay, AlreadyIssued (of Memo).
    """
    if not memo.papers:
        raise memo.NoPaper
    if not memo.number_prefix.strip():
        raise memo.NoPrefix
    _require_chain(memo, day)
    if memo.plan.memos.exclude(pk=memo.pk).filter(state=memo.State.SENT).exists():
        raise memo.AnotherUnderWay
    _require_not_issued(memo)


def _require_chain(memo: Memo, day: date) -> None:
    """Every step needs somebody who can decide it in the portal, now or later, or is signed on paper."""
    steps = memo.chain
    if not steps:
        raise memo.NoChain
    members = set(signatories_of(memo.organisation).values_list("user_id", flat=True))
    delegations = Delegation.objects.of(memo.organisation).filter(revoked_at=None, ends_on__gte=day)
    acted_for = {each.title for each in delegations if each.acting_id in members}
    for step in steps:
        if not step.on_paper and step.holder_id not in members and step.title not in acted_for:
            raise memo.NoHolder(
                f"ลำดับที่ {step.position} {step.title} ยังไม่มีผู้ลงนามในระบบ เลือกผู้ดำรงตำแหน่ง กำหนดผู้แทน หรือเลือกให้ลงนามในกระดาษ"
            )


def _require_not_issued(memo: Memo) -> None:
    """A paper that was issued comes again only as a revision of its memo, with all that this one carried."""
    carried = memo.revises.papers if memo.revises else []
    if missing := [kind for kind in carried if kind not in memo.papers]:
        names = ", ".join(str(PaperKind(kind).label) for kind in missing)
        raise memo.AlreadyIssued(f"ฉบับแก้ไขต้องแนบเอกสารครบเท่าฉบับเดิม ยังขาด {names}")
    if memo.plan.issued.filter(kind__in=memo.papers).exclude(kind__in=carried).exists():
        raise memo.AlreadyIssued(
            "เอกสารแนบบางฉบับอนุมัติแล้วในบันทึกข้อความอื่น หากต้องแก้ไขให้เริ่มฉบับแก้ไขจากบันทึกข้อความที่อนุมัติแล้ว"
        )
