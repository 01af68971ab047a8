"""The inbox and the bell: what waits for a person in all their organisations, and what they were told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assessments.models import Assessment
from ita_portal.organisations.models import Membership, Organisation, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan
from reports.context import count_for
from reports.models import ChainEntry, Delegation, Letterhead, Memo, Notice

from .letters import letter
from .memos import SENT_AT, member, pass_on
from .test_step_pages import read, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def memo(plan_000: MeasurePlan, staff: User) -> Memo:
    """Return a memo at its first step, before head1."""
    return letter(plan_000, by=staff)


@pytest.fixture
def head(memo: Memo, client: Client) -> User:
    """Return the holder of the first step, signed in."""
    holder = User.objects.get(pk=memo.chain[0].holder_id)
    client.force_login(holder)
    return holder


def copies(memo: Memo, count: int) -> None:
    """Have further memos at their first step, before the same holder, each about a plan of its own."""
    step, made = memo.chain[0], []
    for number in range(2, count + 2):
        organisation = Organisation.objects.create(
            slug=f"abt-{number}", kind="subdistrict", name=f"อบต.ที่ {number}"
        )
        Membership.objects.create(organisation=organisation, user=step.holder, role="approver")
        assessment = Assessment.objects.create(
            organisation=organisation, instrument=memo.plan.assessment.instrument
        )
        made.append(
            Memo(
                organisation=organisation,
                plan=MeasurePlan.objects.create(assessment=assessment),
                state=Memo.State.SENT,
                subject=f"เรื่องที่ {number}",
                number=1,
                number_year=2567,
                created_at=SENT_AT,
                created_by=memo.sent_by,
                sent_at=SENT_AT - timedelta(days=number),
                sent_by=memo.sent_by,
            )
        )
    for other in Memo.objects.bulk_create(made):
        other.steps.create(round=1, position=1, title=step.title, holder=step.holder)


def bell(client: Client, address: str = "/inbox/") -> str:
    """Return the words of the bell in the frame of a page."""
    page = client.get(address, follow=True).content.decode()
    (found,) = re.findall(r'<a class="bell".*?</a>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", found).split())


def test_tells_of_each_step_from_whom_it_comes_and_since_when(client: Client, memo: Memo, head: User) -> None:
    text = read(client, "/inbox/")
    assert "อบต.ตัวอย่าง ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. ๒๕๖๗" in text
    assert "จาก สมหญิง staff รอท่านในลำดับของหัวหน้าสำนักปลัด ตั้งแต่ ๒๕ มีนาคม ๒๕๖๗ ๑๐:๐๐ น." in text
    assert f'href="{url(memo.chain[0])}"' in client.get("/inbox/").content.decode()
    pass_on(memo)
    assert "ไม่มีเรื่องที่รอท่านพิจารณา" in read(client, "/inbox/")
    client.force_login(memo.chain[1].holder)
    text = read(client, "/inbox/")
    assert "ผ่าน นายชื่อhead1 ตัวอย่าง รอท่านในลำดับของปลัดองค์การบริหารส่วนตำบล ตั้งแต่ ๒๕ มีนาคม ๒๕๖๗ ๑๑:๐๐ น." in text


def test_a_later_round_is_told(client: Client, memo: Memo, head: User, staff: User) -> None:
    memo.recall(reason="แก้คำผิด", by=staff, at=SENT_AT)
    assert "ไม่มีเรื่องที่รอท่านพิจารณา" in read(client, "/inbox/")
    memo.submit(by=staff, at=SENT_AT)
    assert "เสนอรอบที่ ๒" in read(client, "/inbox/")


def test_the_longest_waiting_of_all_organisations_comes_first(client: Client, memo: Memo, head: User) -> None:
    copies(memo, 2)
    subjects = re.findall(r'letter-subject">([^<]+)<', client.get("/inbox/").content.decode())
    assert subjects[:2] == ["เรื่องที่ ๓", "เรื่องที่ ๒"]
    assert len(subjects) == 3
    Membership.objects.filter(organisation__slug="abt-3").update(deactivated_at=SENT_AT)
    assert "เรื่องที่ ๓" not in read(client, "/inbox/")


@pytest.mark.parametrize("count", [1, 30])
def test_thirty_wait_at_the_cost_of_one(
    client: Client, memo: Memo, head: User, count: int, django_assert_num_queries: Any
) -> None:
    copies(memo, count - 1)
    Notice.objects.bulk_create(
        Notice(user=head, organisation=memo.organisation, sentence="ก", url="/", at=SENT_AT)
        for _ in range(count)
    )
    with django_assert_num_queries(6):
        page = client.get("/inbox/").content.decode()
    assert page.count("letter-subject") == count
    assert page.count('class="is-unread"') == count


def test_who_acts_for_the_holder_has_it_too_while_the_order_lasts(
    client: Client, memo: Memo, staff: User
) -> None:
    deputy = member(memo.organisation, "deputy", "รองปลัด")
    today = timezone.localdate()
    order = Delegation(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=deputy,
        kind="in-charge",
        order_number="1/2567",
        starts_on=today,
        ends_on=today,
    )
    order.begin(by=staff, at=timezone.now())
    assert count_for(deputy) == 1
    order.revoke(by=staff, at=timezone.now())
    assert count_for(deputy) == 0


def test_own_memos_wait_only_where_the_organisation_allows_it(plan_000: MeasurePlan, staff: User) -> None:
    letter(plan_000, by=staff, chain=[ChainEntry("หัวหน้าสำนักปลัด", staff)])
    assert count_for(staff) == 0
    Letterhead.objects.update(allows_own_approval=True)
    assert count_for(staff) == 1


# --- what came back ---------------------------------------------------------------------------------------------

BACK_AT = SENT_AT + timedelta(hours=5)


def give_back(memo: Memo, words: str = "ปรับมาตรการที่ 3 <ด่วน>") -> None:
    """Have the first step give the memo back."""
    step = memo.chain[0]
    step.decide("return", words=words, by=step.holder, at=BACK_AT)


def test_a_memo_that_came_back_waits_for_who_sent_it_with_the_reason(
    client: Client, memo: Memo, staff: User
) -> None:
    client.force_login(staff)
    assert "เรื่องที่รอท่านแก้ไข" not in read(client, "/inbox/")
    give_back(memo)
    text = read(client, "/inbox/")
    assert "เรื่องที่รอท่านแก้ไข อบต.ตัวอย่าง ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส" in text
    assert "นายชื่อhead1 ตัวอย่าง ส่งคืนให้แก้ไข เมื่อ ๒๕ มีนาคม ๒๕๖๗ ๑๕:๐๐ น. เหตุผล: ปรับมาตรการที่ ๓" in text
    page = client.get("/inbox/").content.decode()
    assert f'href="/abt-tuayang/2567/memos/{memo.pk}/"' in page and "&lt;ด่วน&gt;" in page
    assert "ไม่มีเรื่อง" not in page
    assert bell(client) == "แจ้งเตือน ๑"
    memo.refresh_from_db()
    memo.submit(by=staff, at=BACK_AT)
    assert "เรื่องที่รอท่านแก้ไข" not in read(client, "/inbox/")
    assert bell(client) == "แจ้งเตือน"


def test_only_the_round_that_ended_last_is_told(client: Client, memo: Memo, staff: User) -> None:
    give_back(memo, "รอบแรก")
    memo.refresh_from_db()
    memo.submit(by=staff, at=BACK_AT)
    memo.recall(reason="แก้คำผิด", by=staff, at=BACK_AT)
    client.force_login(staff)
    text = read(client, "/inbox/")
    assert "สมหญิง staff ดึงกลับมาแก้ไข เมื่อ" in text and "เหตุผล: แก้คำผิด" in text
    assert "รอบแรก" not in text
    assert count_for(staff) == 1


def test_what_came_back_waits_for_who_sent_it_alone_while_they_may_write(memo: Memo, staff: User) -> None:
    give_back(memo)
    colleague = member(memo.organisation, "colleague", "นักวิเคราะห์", role="staff")
    assert (count_for(staff), count_for(colleague), count_for(memo.chain[0].holder)) == (1, 0, 0)
    mine = Membership.objects.filter(user=staff)
    mine.update(role="approver")
    assert count_for(staff) == 0
    mine.update(role="administrator")
    assert count_for(staff) == 1
    mine.update(deactivated_at=BACK_AT)
    assert count_for(staff) == 0


@pytest.mark.parametrize("count", [1, 30])
def test_thirty_that_came_back_cost_as_much_as_one(
    client: Client, memo: Memo, staff: User, count: int, django_assert_num_queries: Any
) -> None:
    copies(memo, count - 1)
    for number, other in enumerate(Memo.objects.exclude(pk=memo.pk), start=1):
        Membership.objects.create(organisation=other.organisation, user=staff, role="staff")
        other.rounds.create(
            number=1,
            sent_at=SENT_AT,
            sent_by=staff,
            officer_name="ก",
            ended_at=SENT_AT - timedelta(days=number),
            ended_by=staff,
            outcome="recalled",
            reason="แก้",
        )
    give_back(memo)
    Memo.objects.exclude(pk=memo.pk).update(state=Memo.State.RETURNED, round=2)
    client.force_login(staff)
    with django_assert_num_queries(6):
        page = client.get("/inbox/").content.decode()
    subjects = re.findall(r'letter-subject">([^<]+)<', page)
    assert (len(subjects), subjects[-1]) == (count, to_thai(memo.subject))
    with django_assert_num_queries(1):
        assert count_for(staff) == count


# --- the bell ---------------------------------------------------------------------------------------------------


def test_the_bell_counts_what_waits_and_what_is_unread(client: Client, memo: Memo, head: User) -> None:
    assert bell(client) == "แจ้งเตือน ๑"
    copies(memo, 1)
    Notice.objects.create(user=head, organisation=memo.organisation, sentence="ก", url="/", at=SENT_AT)
    assert bell(client) == "แจ้งเตือน ๓"
    assert bell(client, "/") == "แจ้งเตือน ๓"
    assert client.post("/inbox/read/").status_code == 302
    assert bell(client) == "แจ้งเตือน ๒"


def test_an_idle_bell_has_no_number_and_visitors_have_none(client: Client, approver: User) -> None:
    assert 'class="bell"' not in client.get("/").content.decode()
    client.force_login(approver)
    assert bell(client) == "แจ้งเตือน"


def test_the_bell_asks_once(memo: Memo, head: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert count_for(head) == 1


# --- notices ----------------------------------------------------------------------------------------------------


def test_notices_come_newest_first_fifty_at_most(client: Client, memo: Memo, head: User) -> None:
    Notice.objects.bulk_create(
        Notice(
            user=head,
            organisation=memo.organisation,
            sentence=f"<เรื่อง {number}>",
            url="/there/",
            at=SENT_AT + timedelta(minutes=number),
        )
        for number in range(51)
    )
    page = client.get("/inbox/").content.decode()
    told = re.findall(r'<a href="/there/">([^<]+)</a>', page)
    assert (len(told), told[0], told[-1]) == (50, "&lt;เรื่อง 50&gt;", "&lt;เรื่อง 1&gt;")


def test_reading_all_leaves_the_notices_of_others(
    client: Client, memo: Memo, head: User, staff: User
) -> None:
    for person in (head, staff):
        Notice.objects.create(user=person, organisation=memo.organisation, sentence="ก", url="/", at=SENT_AT)
    client.post("/inbox/read/")
    assert [notice.user for notice in Notice.objects.filter(read_at=None)] == [staff]
    assert "อ่านแล้วทั้งหมด</button>" not in client.get("/inbox/").content.decode()


def test_who_left_an_organisation_sees_nothing_of_it(client: Client, memo: Memo, head: User) -> None:
    Notice.objects.create(user=head, organisation=memo.organisation, sentence="ความลับ", url="/", at=SENT_AT)
    Membership.objects.filter(user=head).update(deactivated_at=SENT_AT)
    text = read(client, "/inbox/")
    assert "ความลับ" not in text
    assert "ไม่มีเรื่องที่รอท่านพิจารณา" in text
    assert count_for(head) == 0
