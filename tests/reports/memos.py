"""Memos at every stage of their way, for tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.memo_texts import MemoDraft
from reports.models import ApprovalStep, ChainEntry, Letterhead, Memo
from reports.sending import send

SENT_AT = datetime(2024, 3, 25, 3, 0, tzinfo=UTC)  # 25 March 2567, 10:00 in Bangkok
DRAFT = MemoDraft(
    subject="ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567",
    addressee="นายกองค์การบริหารส่วนตำบลตัวอย่าง",
    background="ตามที่ได้รับแจ้งผลการประเมินแล้ว นั้น",
    facts="ได้จัดทำมาตรการเรียบร้อยแล้ว",
    rules="แบบวัดการเปิดเผยข้อมูลสาธารณะ ข้อ o34",
    proposal="เห็นควรพิจารณาอนุมัติ",
    closing="จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ",
)
TITLES = ("หัวหน้าสำนักปลัด", "ปลัดองค์การบริหารส่วนตำบล", "นายกองค์การบริหารส่วนตำบลตัวอย่าง")


def member(organisation: Organisation, username: str, title: str, role: str = Role.APPROVER) -> User:
    """Return a new member with a name and a position."""
    user = User.objects.create_user(
        username=username, first_name=f"ชื่อ{username}", last_name="ตัวอย่าง", prefix="นาย"
    )
    user.email = f"{username}@example.go.th"
    user.save(update_fields=["email"])
    Membership.objects.create(organisation=organisation, user=user, role=role, position_title=title)
    return user


def chain_of(organisation: Organisation, titles: tuple[str, ...] = TITLES) -> list[ChainEntry]:
    """Return a chain of new approvers ("head1", "head2", …) with these titles, the organisation's head last."""
    return [
        ChainEntry(title, member(organisation, f"head{number}", title))
        for number, title in enumerate(titles, start=1)
    ]


def draft_memo(
    plan: MeasurePlan, *, by: User, chain: list[ChainEntry] | None = None, papers: tuple[str, ...] = ("plan",)
) -> Memo:
    """Return a memo that is ready to be sent: with a prefix and a chain of three new approvers, or `chain`."""
    organisation = plan.assessment.organisation
    Letterhead.objects.get_or_create(organisation=organisation, defaults={"number_prefix": "ตย 77501"})
    memo = Memo.start(plan=plan, papers=papers, draft=DRAFT, by=by, at=SENT_AT)
    memo.set_chain(chain_of(organisation) if chain is None else chain)
    return memo


def sent_memo(
    plan: MeasurePlan, *, by: User, chain: list[ChainEntry] | None = None, papers: tuple[str, ...] = ("plan",)
) -> Memo:
    """Return a memo on its way, at its first step."""
    memo = draft_memo(plan, by=by, chain=chain, papers=papers)
    send(memo, by=by, at=SENT_AT)
    return memo


def pass_on(memo: Memo, *, hours: int = 1) -> ApprovalStep:
    """Let the holder of the step in turn pass it on, or approve at the last step; return the step."""
    (step,) = ApprovalStep.objects.in_turn().filter(memo=memo)
    decide(step, step.choices[0], words="", by=step.holder, at=SENT_AT + timedelta(hours=hours))
    memo.refresh_from_db()
    return step


def approved_memo(
    plan: MeasurePlan, *, by: User, chain: list[ChainEntry] | None = None, papers: tuple[str, ...] = ("plan",)
) -> Memo:
    """Return an approved memo; its papers are frozen, their PDF is not made yet."""
    memo = sent_memo(plan, by=by, chain=chain, papers=papers)
    for number in range(1, len(memo.chain) + 1):
        pass_on(memo, hours=number)
    return memo
