"""Running numbers: reserved when a memo is sent, kept for good, one register a calendar year and organisation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from reports.models import ChainEntry, Letterhead, Memo
from reports.sending import NotReady, send

from .conftest import plan_of_000
from .memos import SENT_AT, approved_memo, draft_memo, sent_memo

pytestmark = pytest.mark.django_db

NEW_YEARS_EVE = datetime(2023, 12, 31, 16, 59, 59, tzinfo=UTC)  # 31 December 2566, 23:59:59 in Bangkok
ON_PAPER = [ChainEntry("นายกองค์การบริหารส่วนตำบล", None, True)]  # a chain that needs nobody in the portal


def give_up(memo: Memo, *, by: User, at: datetime = SENT_AT) -> None:
    """Recall and cancel a memo on its way."""
    memo.recall(reason="แก้ไข", by=by, at=at)
    memo.cancel(reason="ไม่ใช้แล้ว", by=by, at=at)


def next_number(plan: MeasurePlan, *, by: User, at: datetime = SENT_AT) -> tuple[int | None, int | None]:
    """Return number and year of the plan's next memo, which is given up, so that another can follow."""
    memo = draft_memo(plan, by=by, chain=ON_PAPER)
    memo.submit(by=by, at=at)
    give_up(memo, by=by, at=at)
    return memo.number, memo.number_year


def test_a_draft_has_no_number_and_prints_the_prefix_alone(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    assert (memo.number, memo.number_year, memo.reference) == (None, None, "ตย 77501")
    assert str(memo).startswith("บันทึกข้อความ เรื่อง ขออนุมัติ")


def test_a_number_is_kept_over_rounds_and_into_the_next_year(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff)
    send(memo, by=staff, at=NEW_YEARS_EVE)
    for number_of_days in (1, 2):
        at = NEW_YEARS_EVE + timedelta(days=number_of_days)
        memo.recall(reason="แก้ไข", by=staff, at=at)
        assert (memo.number, memo.number_year) == (1, 2566)
        send(memo, by=staff, at=at)
    memo.refresh_from_db()
    assert (memo.round, memo.number, memo.number_year, memo.dated_on.year) == (3, 1, 2566, 2024)


def test_numbers_of_cancelled_memos_stay_taken(small_plan: MeasurePlan, staff: User) -> None:
    assert [next_number(small_plan, by=staff) for _ in range(3)] == [(1, 2567), (2, 2567), (3, 2567)]
    assert list(Memo.objects.order_by("number").values_list("number", "state")) == [
        (1, "cancelled"),
        (2, "cancelled"),
        (3, "cancelled"),
    ]


def test_discarded_drafts_and_refused_sendings_take_no_number(small_plan: MeasurePlan, staff: User) -> None:
    draft_memo(small_plan, by=staff, chain=ON_PAPER).discard(by=staff, at=SENT_AT)
    refused = draft_memo(small_plan, by=staff, chain=ON_PAPER)
    small_plan.save_text(key="opening", text="ยังไม่เสร็จ ....", version=0, by=staff, at=SENT_AT)
    with pytest.raises(NotReady):
        send(refused, by=staff, at=SENT_AT)
    assert next_number(small_plan, by=staff) == (1, 2567)


def test_a_revision_gets_a_number_of_its_own(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    revision = memo.revise(reason="แก้ไขตาราง", by=staff, at=SENT_AT)
    assert (revision.reference, revision.number) == ("ตย 77501", None)
    send(revision, by=staff, at=SENT_AT)
    assert (revision.reference, memo.reference) == ("ตย 77501/2", "ตย 77501/1")


def test_the_register_begins_anew_at_midnight_in_bangkok(small_plan: MeasurePlan, staff: User) -> None:
    moments = [NEW_YEARS_EVE, NEW_YEARS_EVE, NEW_YEARS_EVE + timedelta(seconds=1), SENT_AT, NEW_YEARS_EVE]
    assert [next_number(small_plan, by=staff, at=at) for at in moments] == [
        (1, 2566),
        (2, 2566),
        (1, 2567),
        (2, 2567),
        (3, 2566),
    ]


def test_the_first_number_counts_in_its_year_alone(small_plan: MeasurePlan, staff: User) -> None:
    organisation = small_plan.assessment.organisation
    Letterhead.objects.create(
        organisation=organisation, number_prefix="ตย 77501", first_number=204, first_number_year=2567
    )
    moments = [NEW_YEARS_EVE, SENT_AT, SENT_AT, SENT_AT + timedelta(days=365)]
    numbers = [next_number(small_plan, by=staff, at=at) for at in moments]
    assert numbers == [(1, 2566), (204, 2567), (205, 2567), (1, 2568)]
    # Raised later, it leaves out what was used on paper meanwhile; lowered, it gives no number twice.
    assert Letterhead.objects.update(first_number=300) == 1
    assert next_number(small_plan, by=staff) == (300, 2567)
    assert Letterhead.objects.update(first_number=10) == 1
    assert next_number(small_plan, by=staff) == (301, 2567)


def test_every_organisation_has_its_own_register(
    small_plan: MeasurePlan, staff: User, stranger_organisation: Organisation
) -> None:
    sent_memo(small_plan, by=staff)
    Membership.objects.create(organisation=stranger_organisation, user=staff, role=Role.STAFF)
    assert next_number(plan_of_000(stranger_organisation), by=staff) == (1, 2567)


def test_the_number_that_is_expected_is_the_one_that_is_given(small_plan: MeasurePlan, staff: User) -> None:
    next_number(small_plan, by=staff)
    memo = draft_memo(small_plan, by=staff, chain=ON_PAPER)
    assert (memo.expected_number(2567), memo.expected_number(2568)) == (2, 1)
    send(memo, by=staff, at=SENT_AT)
    assert memo.number == 2


def test_a_memo_without_a_prefix_gets_no_number(small_plan: MeasurePlan, staff: User) -> None:
    memo = draft_memo(small_plan, by=staff, chain=ON_PAPER)
    memo.edit(version=0, fields={"number_prefix": "  "})
    with pytest.raises(Memo.NoPrefix) as refused:
        send(memo, by=staff, at=SENT_AT)
    assert str(refused.value) == ("ยังไม่ได้กรอกเลขที่หนังสือ (ส่วนหน้า) เช่น ตย 77501 ระบบจะเติมเลขทะเบียนให้เมื่อเสนอ")
    assert Memo.objects.get().number is None
