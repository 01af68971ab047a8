"""The officer's page of publication: what the public sees, publish and withdraw, and the step of the year."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from assessments.models import Instrument
from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.checklist import Checklist, State, bar_states
from reports.models import IssuedPaper, Publication

from .issued_papers import APPROVED_AT, issue
from .memos import approved_memo

PAGE = reverse("reports:publication", args=["abt-tuayang", 2567])
REASON = "พบข้อผิดพลาดในตาราง จะเผยแพร่ฉบับแก้ไขแทน"


def deed(client: Client, paper: IssuedPaper, name: str, **data: str) -> str:
    """Press a button of the page; return what the page then says."""
    url = reverse(f"reports:{name}", args=["abt-tuayang", 2567, paper.code])
    answer = client.post(url, data, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    return answer.content.decode()


def buttons(text: str, paper: IssuedPaper) -> list[str]:
    """Which deeds the page offers for a paper."""
    return [
        name
        for name in ("paper-publish", "paper-withdraw")
        if f'action="{reverse(f"reports:{name}", args=["abt-tuayang", 2567, paper.code])}"' in text
    ]


@pytest.fixture
def paper(plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return an approved plan with its PDF."""
    return issue(plan_000, by=staff)


@pytest.fixture
def officer(client: Client, staff: User) -> Client:
    """Return the browser of an officer who is signed in."""
    client.force_login(staff)
    return client


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_gives_the_address_for_the_item_that_asks(officer: Client, paper: IssuedPaper) -> None:
    text = officer.get(PAGE).content.decode()
    assert Instrument.objects.get(be_year=2567).plan_item == "o34"
    assert "ใช้เป็นคำตอบข้อ o๓๔ ในการเปิดเผยข้อมูลสาธารณะ (OIT) ปีงบประมาณ ๒๕๖๗" in text
    assert 'value="http://localhost:8000/p/abt-tuayang/2567/" readonly' in text
    assert "กำหนดเผยแพร่ภายใน ๓๐\u00a0เมษายน\u00a0๒๕๖๗" in text
    assert "ยังไม่ได้เผยแพร่ ผู้ที่เปิดที่อยู่นี้จะพบข้อความว่า “ไม่พบเอกสารที่เผยแพร่”" in text


def test_a_year_without_its_instrument_names_no_item(officer: Client, paper: IssuedPaper) -> None:
    Instrument.objects.filter(be_year=2567).update(plan_item="")
    assert "ใช้เป็นคำตอบของข้อที่ถามถึงมาตรการ" in officer.get(PAGE).content.decode()


def test_a_year_without_a_plan_leads_to_the_measures(officer: Client) -> None:
    for be_year in (2567, 1):
        answer = officer.get(reverse("reports:publication", args=["abt-tuayang", be_year]))
        assert answer["Location"] == reverse("measures:plan", args=["abt-tuayang", be_year])


def test_before_any_approval_the_page_says_what_will_come(officer: Client, plan_000: MeasurePlan) -> None:
    assert "ยังไม่มีเอกสารที่อนุมัติของปีนี้" in officer.get(PAGE).content.decode()


def test_an_officer_may_act_and_an_approver_only_reads(
    officer: Client, paper: IssuedPaper, approver: User
) -> None:
    assert buttons(officer.get(PAGE).content.decode(), paper) == ["paper-publish"]
    reader = Client()
    reader.force_login(approver)
    text = reader.get(PAGE).content.decode()
    assert paper.code in text and buttons(text, paper) == []


def test_the_number_of_queries_is_constant(
    officer: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User, django_assert_num_queries: Any
) -> None:
    paper.publish(by=staff, at=APPROVED_AT)
    with django_assert_num_queries(13):
        officer.get(PAGE)
    newest = paper
    for _ in range(29):
        newest = issue(plan_000, by=staff, replaces=newest, pdf=b"%PDF")
        newest.publish(by=staff, at=APPROVED_AT)
    with django_assert_num_queries(13):
        officer.get(PAGE)


# --- publish and withdraw -------------------------------------------------------------------------------------


def test_publishing_opens_the_public_page_and_is_told(
    officer: Client, paper: IssuedPaper, staff: User
) -> None:
    text = deed(officer, paper, "paper-publish")
    assert "ต่อไป: คัดลอกที่อยู่เว็บไปกรอกในแบบประเมิน" in text
    assert "✓ เผยแพร่แล้ว" in text and "ประชาชนเปิดอ่านได้แล้ว" in text
    assert buttons(text, paper) == ["paper-withdraw"]
    assert paper.publications.get().published_by == staff
    assert Event.objects.of(paper.organisation)[0].verb == Event.Verb.PAPER_PUBLISHED
    assert paper.code in Client().get("/p/abt-tuayang/2567/").content.decode()


def test_a_paper_without_its_pdf_gets_it_before_it_is_published(
    officer: Client, plan_000: MeasurePlan, staff: User
) -> None:
    waiting = issue(plan_000, by=staff, pdf=b"")
    deed(officer, waiting, "paper-publish")
    assert waiting.publications.filter(withdrawn_at=None).count() == 1
    assert IssuedPaper.objects.get(pk=waiting.pk).content().startswith(b"%PDF")


def test_withdrawing_shows_its_reason(officer: Client, paper: IssuedPaper, staff: User) -> None:
    paper.publish(by=staff, at=APPROVED_AT)
    text = deed(officer, paper, "paper-withdraw", reason=REASON)
    assert f"เหตุผล: {REASON}" in text
    assert buttons(text, paper) == ["paper-publish"]
    assert "ผู้ที่เปิดที่อยู่นี้จะเห็นเพียงวันที่และเหตุผลที่ถอน" in text
    assert "เอกสารนี้ไม่ได้เผยแพร่อยู่" in deed(officer, paper, "paper-withdraw", reason=REASON)
    deed(officer, paper, "paper-publish")
    assert "เอกสารนี้เผยแพร่อยู่แล้ว" in deed(officer, paper, "paper-publish")
    assert Publication.objects.filter(paper=paper).count() == 2


def test_a_replaced_paper_stays_listed_until_it_is_withdrawn(
    officer: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User
) -> None:
    paper.publish(by=staff, at=APPROVED_AT)
    newer = issue(plan_000, by=staff, replaces=paper)
    text = deed(officer, newer, "paper-publish")
    assert text.index(newer.code) < text.index(paper.code)
    assert "มีฉบับแก้ไขครั้งที่ ๑ แทนแล้ว" in text and "ยังแสดงอยู่ในฐานะฉบับที่ถูกแทน" in text
    assert buttons(text, paper) == ["paper-withdraw"]


def test_a_code_of_another_year_is_not_found(officer: Client, paper: IssuedPaper) -> None:
    url = reverse("reports:paper-publish", args=["abt-tuayang", 2568, paper.code])
    assert officer.post(url).status_code == 404
    assert paper.publications.count() == 0


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("", "โปรดเขียนเหตุผลที่ถอนการเผยแพร่ เช่น พบข้อผิดพลาดในตาราง"),
        ("\n <ก>" + "ก" * 1000, "ต้องไม่เกิน ๑,๐๐๐ ตัวอักษร"),
    ],
)
def test_a_reason_that_is_missing_or_too_long_stays_in_its_box_with_what_is_wrong(
    officer: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User, reason: str, sentence: str
) -> None:
    newer = issue(plan_000, by=staff, replaces=paper)
    for one in (paper, newer):
        one.publish(by=staff, at=APPROVED_AT)
    answer = officer.post(
        reverse("reports:paper-withdraw", args=["abt-tuayang", 2567, paper.code]), {"reason": reason}
    )
    text = answer.content.decode()
    assert (answer.status_code, text.count("<details open>"), text.count("<details>")) == (422, 1, 1)
    row = text[text.index(f'<article class="publish-row" id="{paper.code}">') :].split("</article>")[0]
    assert "<details open>" in row
    assert f'aria-invalid="true" aria-describedby="reason-help-{paper.code} reason-error-{paper.code}"' in row
    assert sentence in row[row.index(f'id="reason-error-{paper.code}"') :].split("</p>")[0]
    (typed,) = re.findall(r"<textarea[^>]*>\n(.*)</textarea>", row, re.DOTALL)
    assert unescape(typed) == reason
    assert paper.publications.get().withdrawn_at is None


def test_a_paper_that_is_not_published_is_told_so_whatever_the_reason(
    officer: Client, paper: IssuedPaper
) -> None:
    assert "เอกสารนี้ไม่ได้เผยแพร่อยู่" in deed(officer, paper, "paper-withdraw", reason="")


# --- the step of the year -------------------------------------------------------------------------------------


def step(paper: IssuedPaper) -> tuple[State, str]:
    found = next(step for step in Checklist(paper.organisation, 2567).steps if step.key == "publish")
    assert found.url == PAGE
    return found.state, found.sentence


def test_the_step_is_done_while_the_current_plan_is_published(small_plan: MeasurePlan, staff: User) -> None:
    paper = approved_memo(small_plan, by=staff).issued.get(kind="plan")
    organisation = paper.organisation
    assert step(paper)[1] == "อนุมัติแล้ว ยังไม่ได้เผยแพร่"
    assert "publish" not in bar_states(organisation, 2567)
    assert bar_states(organisation, 2567)["check"] is State.DONE
    paper.attach(b"%PDF", pages=1, template_version="t", font_version="f", at=APPROVED_AT)
    paper.publish(by=staff, at=APPROVED_AT)
    assert step(paper) == (State.DONE, "เผยแพร่ฉบับที่อนุมัติแล้ว")
    assert bar_states(organisation, 2567)["publish"] is State.DONE
    newer = issue(small_plan, by=staff, replaces=paper)
    assert step(paper)[1] == "มีฉบับแก้ไขครั้งที่ 1 ที่อนุมัติแล้ว ยังไม่ได้เผยแพร่"
    assert "publish" not in bar_states(organisation, 2567)
    newer.publish(by=staff, at=APPROVED_AT)
    assert step(paper)[0] is State.DONE
    newer.withdraw(reason=REASON, by=staff, at=APPROVED_AT + timedelta(days=1))
    assert step(paper)[1] == "ถอนการเผยแพร่แล้ว ยังไม่ได้เผยแพร่อีกครั้ง"


def test_before_any_approval_the_step_waits(plan_000: MeasurePlan) -> None:
    organisation = plan_000.assessment.organisation
    found = next(step for step in Checklist(organisation, 2567).steps if step.key == "publish")
    assert (found.state, found.sentence) == (State.LATER, "เผยแพร่ได้เมื่อมาตรการได้รับอนุมัติแล้ว")
