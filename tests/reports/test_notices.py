"""Who is told what when a memo moves: by the bell at once, by e-mail once the deed is kept."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.test import override_settings

from ita_portal.organisations.models import Membership, Role, User
from measures.models import MeasurePlan
from reports.context import count_for
from reports.models import ChainEntry, Delegation, Memo, Notice
from reports.notices import (
    deciders_of,
    tell_approved,
    tell_decision,
    tell_inspected,
    tell_recalled,
    tell_turn,
)

from .issued_papers import issue
from .letters import letter
from .memos import SENT_AT, member, pass_on
from .test_step_pages import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def memo(plan_000: MeasurePlan, staff: User) -> Memo:
    """Return a memo at its first step, before head1; its officer has an e-mail address."""
    staff.email = "officer@example.go.th"
    staff.save(update_fields=["email"])
    return letter(plan_000, by=staff)


def acting(memo: Memo, username: str, *, days: int = 0) -> User:
    """Return somebody who acts for the first step on the day of sending, or from `days` later."""
    deputy = member(memo.organisation, username, "รองปลัด")
    day = SENT_AT.date() + timedelta(days=days)
    Delegation(
        organisation=memo.organisation,
        title=memo.chain[0].title,
        acting=deputy,
        kind="in-charge",
        order_number="1/2567",
        starts_on=day,
        ends_on=day,
    ).begin(by=memo.sent_by, at=SENT_AT)
    return deputy


@override_settings(PORTAL_URL="https://ita.example.go.th")
def test_a_turn_is_told_to_its_holder_with_a_link_to_the_very_step(
    memo: Memo, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        tell_turn(memo, at=SENT_AT)
        assert mail.outbox == []
    (letter_sent,) = mail.outbox
    assert letter_sent.to == ["head1@example.go.th"]
    assert f"\nhttps://ita.example.go.th{url(memo.chain[0])}\n" in letter_sent.body
    assert "เสนอให้ท่านพิจารณาในลำดับของหัวหน้าสำนักปลัด" in letter_sent.body
    assert letter_sent.subject == "เสนอให้ท่านพิจารณา: บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ · อบต.ตัวอย่าง"


def test_a_turn_counts_once_not_as_a_notice_too(memo: Memo) -> None:
    tell_turn(memo, at=SENT_AT)
    told = Notice.objects.get()
    assert (told.user, told.url, told.read_at) == (memo.chain[0].holder, url(memo.chain[0]), SENT_AT)


def test_who_acts_that_day_is_told_too_and_nobody_else(memo: Memo, approver: User) -> None:
    deputy = acting(memo, "deputy")
    acting(memo, "tomorrow", days=1)
    assert set(deciders_of(memo.chain[0], at=SENT_AT)) == {memo.chain[0].holder, deputy}
    Membership.objects.filter(user=deputy).update(role=Role.AUDITOR)
    assert deciders_of(memo.chain[0], at=SENT_AT) == [memo.chain[0].holder]


def test_who_sent_it_is_not_asked_unless_allowed(plan_000: MeasurePlan, staff: User) -> None:
    memo = letter(plan_000, by=staff, chain=[ChainEntry("หัวหน้าสำนักปลัด", staff)])
    assert deciders_of(memo.chain[0], at=SENT_AT) == []
    memo.organisation.letterhead.allows_own_approval = True
    memo.organisation.letterhead.save()
    assert deciders_of(memo.chain[0], at=SENT_AT) == [staff]


def test_a_step_on_paper_alone_asks_nobody(plan_000: MeasurePlan, staff: User) -> None:
    memo = letter(plan_000, by=staff, chain=[ChainEntry("หัวหน้าสำนักปลัด", None, True)])
    tell_turn(memo, at=SENT_AT)
    assert Notice.objects.count() == 0


def test_each_decision_is_told_to_who_comes_next(memo: Memo, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for hours in (1, 2, 3):
            tell_decision(pass_on(memo, hours=hours), at=SENT_AT)
    assert [letter_sent.to for letter_sent in mail.outbox] == [
        ["head2@example.go.th"],
        ["head3@example.go.th"],
        ["officer@example.go.th"],
    ]
    page = f"/abt-tuayang/2567/memos/{memo.pk}/"
    assert [notice.url for notice in Notice.objects.order_by("pk")] == [
        url(memo.chain[1]),
        url(memo.chain[2]),
        page,
    ]
    assert f"http://localhost:8000{page}" in mail.outbox[2].body


def test_a_return_is_told_to_the_officer_with_the_reason(memo: Memo) -> None:
    step = memo.chain[0]
    step.decide("return", words="แก้ข้อ 3", by=step.holder, at=SENT_AT)
    tell_decision(step, at=SENT_AT)
    told = Notice.objects.get()
    assert (told.user, told.url) == (memo.sent_by, f"/abt-tuayang/2567/memos/{memo.pk}/")
    assert told.sentence == "นายชื่อhead1 ตัวอย่าง ส่งคืนบันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ ให้แก้ไข: แก้ข้อ ๓"


@pytest.mark.parametrize(("role", "read_at"), [(Role.STAFF, SENT_AT), (Role.APPROVER, None)])
def test_a_return_counts_once_for_who_mends_it_and_stays_unread_for_who_cannot(
    memo: Memo, role: str, read_at: Any
) -> None:
    step = memo.chain[0]
    step.decide("return", words="แก้ข้อ 3", by=step.holder, at=SENT_AT)
    Membership.objects.filter(user=memo.sent_by).update(role=role)
    tell_decision(step, at=SENT_AT)
    assert (Notice.objects.get().read_at, count_for(memo.sent_by)) == (read_at, 1)


def test_an_officer_who_left_is_not_told(memo: Memo) -> None:
    Membership.objects.filter(user=memo.sent_by).update(deactivated_at=SENT_AT)
    step = memo.chain[0]
    step.decide("return", words="แก้ข้อ 3", by=step.holder, at=SENT_AT)
    tell_decision(step, at=SENT_AT)
    assert Notice.objects.count() == 0


def test_a_recall_is_told_to_those_who_had_it(memo: Memo) -> None:
    people = User.objects.filter(username__in=["head1", "head2"])
    tell_recalled(memo, people, by=memo.sent_by, at=SENT_AT)
    assert {notice.user for notice in Notice.objects.all()} == set(people)
    assert {notice.url for notice in Notice.objects.all()} == {f"/abt-tuayang/2567/memos/{memo.pk}/"}


def test_the_subject_of_an_e_mail_is_one_line(memo: Memo, django_capture_on_commit_callbacks: Any) -> None:
    memo.organisation.short_name = "อบต.ตัวอย่าง\r\nBcc: other@example.com"
    with django_capture_on_commit_callbacks(execute=True):
        tell_turn(memo, at=SENT_AT)
    (sent,) = mail.outbox
    assert sent.subject == ("เสนอให้ท่านพิจารณา: บันทึกข้อความ ที่ ตย ๗๗๕๐๑/๑ · อบต.ตัวอย่าง Bcc: other@example.com")


def test_the_subject_of_an_e_mail_says_first_what_happened(
    memo: Memo, plan_000: MeasurePlan, approver: User, django_capture_on_commit_callbacks: Any
) -> None:
    paper = issue(plan_000, by=memo.sent_by)
    step = memo.chain[0]
    step.decide("return", words="แก้ข้อ 3", by=step.holder, at=SENT_AT)
    with django_capture_on_commit_callbacks(execute=True):
        tell_decision(step, at=SENT_AT)
        tell_recalled(memo, deciders_of(step, at=SENT_AT), by=memo.sent_by, at=SENT_AT)
        tell_approved(memo, at=SENT_AT)
        tell_inspected(paper, by=approver, remark="ดี", at=SENT_AT)
    assert [sent.subject.split(": ")[0] for sent in mail.outbox] == [
        "ส่งคืนแก้ไข",
        "ดึงกลับไปแก้ไข",
        "อนุมัติแล้ว",
        "ผู้ตรวจสอบตรวจแล้ว",
    ]


def test_nothing_is_mailed_of_a_deed_that_was_undone(
    memo: Memo, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(RuntimeError), transaction.atomic():
        tell_turn(memo, at=SENT_AT)
        raise RuntimeError
    assert (mail.outbox, Notice.objects.count()) == ([], 0)


def test_a_mail_server_that_fails_is_logged_and_the_bell_has_it(
    memo: Memo,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    django_capture_on_commit_callbacks: Any,
) -> None:
    def refuses(*args: Any, **kwargs: Any) -> int:
        raise SMTPException("no such host")

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuses)
    with django_capture_on_commit_callbacks(execute=True):
        tell_turn(memo, at=SENT_AT)
    assert caplog.text.count("could not be sent") == 1
    assert Notice.objects.count() == 1


def test_who_has_no_address_is_told_by_the_bell_alone(
    memo: Memo, django_capture_on_commit_callbacks: Any
) -> None:
    User.objects.update(email="")
    with django_capture_on_commit_callbacks(execute=True):
        tell_turn(memo, at=SENT_AT)
    assert (mail.outbox, Notice.objects.count()) == ([], 1)
