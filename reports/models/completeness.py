"""What a memo must have before it is sent, and that only the officer can give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from measures.models import PaperKind

from .office import Delegation, signatories_of
from .refusal import Refusal

if TYPE_CHECKING:
    from .memo import Memo


def require_complete(memo: Memo, *, day: date) -> None:
    """Check a memo that is to be sent on a day. Raises the first of `obstacles_of`."""
    for obstacle in obstacles_of(memo, day=day):
        raise obstacle


def obstacles_of(memo: Memo, *, day: date) -> Iterator[Refusal]:
    """All that is missing where a memo is to be sent on a day.

    NoPaper, NoPrefix, NoChain, NoHolder (one a step), AnotherUnderWay, AlreadyIssued (of Memo).
    """
    if not memo.papers:
        yield memo.NoPaper()
    if not memo.number_prefix.strip():
        yield memo.NoPrefix()
    yield from _of_the_chain(memo, day)
    if memo.plan.memos.exclude(pk=memo.pk).filter(state=memo.State.SENT).exists():
        yield memo.AnotherUnderWay()
    yield from _issued_before(memo)


def _of_the_chain(memo: Memo, day: date) -> Iterator[Refusal]:
    """Every step needs somebody who can decide it in the portal, now or later, or is signed on paper."""
    steps = memo.chain
    if not steps:
        yield memo.NoChain()
    members = set(signatories_of(memo.organisation).values_list("user_id", flat=True))
    delegations = Delegation.objects.of(memo.organisation).filter(revoked_at=None, ends_on__gte=day)
    acted_for = {each.title for each in delegations if each.acting_id in members}
    for step in steps:
        if not step.on_paper and step.holder_id not in members and step.title not in acted_for:
            yield memo.NoHolder(f"{step} ยังไม่มีผู้ลงนามในระบบ เลือกผู้ดำรงตำแหน่ง กำหนดผู้แทน หรือเลือกให้ลงนามในกระดาษ")


def _issued_before(memo: Memo) -> Iterator[Refusal]:
    """A paper that was issued comes again only as a revision of its memo, with all that this one carried."""
    carried = memo.revises.papers if memo.revises else []
    if missing := [kind for kind in carried if kind not in memo.papers]:
        names = ", ".join(str(PaperKind(kind).label) for kind in missing)
        yield memo.AlreadyIssued(f"ฉบับแก้ไขต้องแนบเอกสารครบเท่าฉบับเดิม ยังขาด {names}")
    if memo.plan.issued.filter(kind__in=memo.papers).exclude(kind__in=carried).exists():
        yield memo.AlreadyIssued(
            "เอกสารแนบบางฉบับอนุมัติแล้วในบันทึกข้อความอื่น หากต้องแก้ไขให้เริ่มฉบับแก้ไขจากบันทึกข้อความที่อนุมัติแล้ว"
        )
