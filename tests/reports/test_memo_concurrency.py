"""Two people at once on a memo, in real threads with a connection each, on the database in use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from assessments.models import Assessment, Instrument
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from reports.issuing import decide, render
from reports.models import (
    ApprovalStep,
    ChainEntry,
    ChainStep,
    Delegation,
    IssuedPaper,
    Letterhead,
    Memo,
    Refusal,
    StoredFile,
)

from .memos import SENT_AT, member

pytestmark = pytest.mark.django_db(transaction=True)

HEAD = "นายกองค์การบริหารส่วนตำบลตัวอย่าง"


def at_once(deeds: Sequence[Callable[[], object]]) -> Counter[str]:
    """Run every deed in a thread of its own, all at the same moment; count what they came to."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            start.wait()
            deed()
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(run, deeds))


@pytest.fixture
def head(organisation: Organisation) -> User:
    return member(organisation, "head", HEAD)


@pytest.fixture
def drafts(organisation: Organisation, staff: User, head: User) -> Callable[[int], list[Memo]]:
    """Return a function that gives so many drafts, each about a plan of its own and with one step, the head's."""

    def made(count: int) -> list[Memo]:
        Letterhead.objects.create(organisation=organisation, number_prefix="ตย 77501")
        years = Instrument.objects.bulk_create(Instrument(be_year=2600 + number) for number in range(count))
        assessments = Assessment.objects.bulk_create(
            Assessment(organisation=organisation, instrument=year) for year in years
        )
        plans = MeasurePlan.objects.bulk_create(MeasurePlan(assessment=each) for each in assessments)
        common = {
            "organisation": organisation,
            "papers": ["plan"],
            "department": "สำนักปลัด",
            "number_prefix": "ตย 77501",
            "subject": "ขออนุมัติ",
            "addressee": HEAD,
            "created_at": SENT_AT,
            "created_by": staff,
        }
        memos = Memo.objects.bulk_create(Memo(plan=plan, **common) for plan in plans)
        ApprovalStep.objects.bulk_create(
            ApprovalStep(memo=memo, round=1, position=1, title=HEAD, holder=head) for memo in memos
        )
        return memos

    return made


@pytest.fixture
def sent(drafts: Callable[[int], list[Memo]], staff: User) -> Memo:
    """Return a memo at its only step."""
    (memo,) = drafts(1)
    memo.submit(by=staff, at=SENT_AT)
    return memo


def deciding(memo: Memo, by: User, decision: str = "approve") -> Callable[[], None]:
    """Return the deed of somebody who opened the step before anybody decided."""
    step = memo.steps.get(round=1)
    return lambda: decide(step, decision, words="ตามที่เห็น", by=by, at=SENT_AT)


def recalling(memo: Memo, by: User) -> Callable[[], None]:
    mine = Memo.objects.get(pk=memo.pk)
    return lambda: mine.recall(reason="พบคำผิด", by=by, at=SENT_AT)


def revising(memo: Memo, by: User) -> Callable[[], Memo]:
    mine = Memo.objects.get(pk=memo.pk)
    return lambda: mine.revise(reason="แก้ไขตาราง", by=by, at=SENT_AT)


def test_50_memos_sent_at_once_get_50_numbers_without_a_gap(
    drafts: Callable[[int], list[Memo]], staff: User
) -> None:
    def sending(memo: Memo) -> Callable[[], None]:
        return lambda: memo.submit(by=staff, at=SENT_AT)

    assert at_once([sending(memo) for memo in drafts(50)]) == {"done": 50}
    numbers = Memo.objects.order_by("number").values_list("number", "number_year", "state")
    assert list(numbers) == [(number, 2567, "sent") for number in range(1, 51)]
    events = Event.objects.filter(verb="memo-sent").order_by("sequence")
    assert [event.sequence for event in events] == list(range(1, 51))


def test_one_memo_sent_twice_at_once_goes_once(drafts: Callable[[int], list[Memo]], staff: User) -> None:
    (memo,) = drafts(1)
    copies = [Memo.objects.get(pk=memo.pk) for _ in range(6)]

    def sending(mine: Memo) -> Callable[[], None]:
        return lambda: mine.submit(by=staff, at=SENT_AT)

    assert at_once([sending(mine) for mine in copies]) == {"done": 1, "NotEditable": 5}
    assert (memo.rounds.count(), Memo.objects.get().number) == (1, 1)


def test_two_memos_of_one_plan_sent_at_once_go_one_at_a_time(
    drafts: Callable[[int], list[Memo]], staff: User
) -> None:
    (memo,) = drafts(1)
    memos = [memo, *(Memo.objects.get(pk=memo.pk) for _ in range(3))]
    for other in memos[1:]:
        other.pk = None
        other.save()
        other.set_chain([ChainEntry(HEAD, None, True)])

    def sending(mine: Memo) -> Callable[[], None]:
        return lambda: mine.submit(by=staff, at=SENT_AT)

    assert at_once([sending(mine) for mine in memos]) == {"done": 1, "AnotherUnderWay": 3}
    assert list(Memo.objects.exclude(number=None).values_list("number", flat=True)) == [1]


@pytest.mark.parametrize("decision", ["approve", "return"])
def test_of_many_clicks_of_one_person_one_counts(sent: Memo, head: User, decision: str) -> None:
    came_to = at_once([deciding(sent, head, decision) for _ in range(6)])
    assert came_to == {"done": 1, "AlreadyDecided": 5}
    assert Event.objects.filter(verb__in=["memo-approved", "memo-returned"]).count() == 1
    assert IssuedPaper.objects.count() == (1 if decision == "approve" else 0)
    assert Memo.objects.get().round == (1 if decision == "approve" else 2)


def test_of_the_holder_and_who_acts_at_once_one_decides(
    sent: Memo, organisation: Organisation, head: User
) -> None:
    deputy = member(organisation, "deputy", "รองนายก")
    Delegation.objects.create(
        organisation=organisation,
        title=HEAD,
        acting=deputy,
        kind=Delegation.Kind.ON_BEHALF,
        order_number="1/2567",
        starts_on=date(2024, 1, 1),
        ends_on=date(2024, 12, 31),
    )
    deeds = [deciding(sent, head), deciding(sent, deputy, "return")] * 3
    assert at_once(deeds) == {"done": 1, "AlreadyDecided": 5}
    step = sent.steps.get(round=1)
    state = {"approve": "approved", "return": "returned"}[step.decision]
    assert (Memo.objects.get().state, step.signer_name) == (state, step.decided_by.full_name)
    assert step.decided_by == (head if step.decision == "approve" else deputy)


def test_of_a_recall_and_an_approval_at_once_one_wins(sent: Memo, staff: User, head: User) -> None:
    came_to = at_once([recalling(sent, staff), deciding(sent, head)] * 3)
    memo = Memo.objects.get()
    assert came_to["done"] == 1
    assert (
        came_to
        == {
            "approved": {"done": 1, "NotSent": 3, "AlreadyDecided": 2},
            "returned": {"done": 1, "NotSent": 2, "RoundOver": 3},
        }[memo.state]
    )
    assert MeasurePlan.objects.get().is_locked == (memo.state == "approved")
    assert IssuedPaper.objects.exists() == (memo.state == "approved")


def test_of_two_corrections_begun_at_once_one_is_left(sent: Memo, staff: User, head: User) -> None:
    deciding(sent, head)()
    assert at_once([revising(sent, staff) for _ in range(6)]) == {"done": 1, "AlreadyRevised": 5}
    assert sent.revisions.count() == 1
    assert MeasurePlan.objects.get().is_locked is False


def test_two_printings_at_once_leave_one_file(sent: Memo, head: User) -> None:
    deciding(sent, head)()
    paper = IssuedPaper.objects.get()
    copies = [IssuedPaper.objects.get() for _ in range(3)]

    def rendering(mine: IssuedPaper) -> Callable[[], IssuedPaper]:
        return lambda: render(mine, at=SENT_AT)

    assert at_once([rendering(mine) for mine in copies]) == {"done": 3}
    kept = StoredFile.objects.get()
    assert {(mine.file_id, mine.sha256, mine.size) for mine in copies} == {(kept.pk, kept.sha256, kept.size)}
    paper.refresh_from_db()
    assert (paper.file, Event.objects.filter(verb="paper-issued").count()) == (kept, 1)


def test_verbs_of_one_organisation_wait_for_each_other_and_never_in_a_circle(
    drafts: Callable[[int], list[Memo]], organisation: Organisation, staff: User, head: User
) -> None:
    memos = drafts(12)
    for memo in memos[:8]:
        memo.submit(by=staff, at=SENT_AT)
    for memo in memos[:4]:
        deciding(memo, head)()
    old = [memo.issued.get() for memo in memos[:4]]
    revisions = [memo.revise(reason="แก้ไข", by=staff, at=SENT_AT) for memo in memos[:4]]
    for paper, revision in zip(old, revisions, strict=True):
        paper.attach(b"%PDF", pages=1, template_version="", font_version="", at=SENT_AT)
        revision.submit(by=staff, at=SENT_AT)
    people = [member(organisation, f"person{number}", "นิติกร") for number in range(4)]

    def deeds(number: int) -> list[Callable[[], object]]:
        person = Membership.objects.get(user=people[number])
        return [
            lambda: old[number].publish(by=staff, at=SENT_AT),
            deciding(revisions[number], head),
            deciding(memos[4 + number], head, "return"),
            lambda: memos[8 + number].submit(by=staff, at=SENT_AT),
            lambda: person.change(role=Role.STAFF, position_title="นิติกรชำนาญการ", by=staff, at=SENT_AT),
            lambda: ChainStep.replace(organisation, [ChainEntry(HEAD, head)], by=staff, at=SENT_AT),
        ]

    assert at_once([deed for number in range(4) for deed in deeds(number)]) == {"done": 24}
    sequences = Event.objects.of(organisation).order_by("sequence").values_list("sequence", flat=True)
    assert list(sequences) == list(range(1, len(sequences) + 1))
