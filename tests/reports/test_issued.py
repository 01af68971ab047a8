"""Frozen papers as they are given away, and the commands that make and check them."""

from __future__ import annotations

import io
import logging
from hashlib import sha256
from urllib.parse import quote

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from measures.models import MeasurePlan
from reports.models import IssuedPaper, Publication, StoredFile

from .issued_papers import issue
from .memos import approved_memo


def address(paper: IssuedPaper) -> str:
    return reverse("reports:issued-pdf", args=[paper.organisation.slug, paper.be_year, paper.code])


def spoil(paper: IssuedPaper) -> None:
    """Change one bit of the kept bytes, past the models."""
    data = bytearray(paper.file.data)
    data[len(data) // 2] ^= 1
    StoredFile.objects.filter(pk=paper.file_id).update(content=bytes(data))


def run(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


@pytest.fixture
def paper(plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return an approved plan with its PDF, as it was sent."""
    return sent_and_issued(plan_000, by=staff)


def sent_and_issued(plan: MeasurePlan, *, by: User, kind: str = "plan") -> IssuedPaper:
    """Return an approved paper whose words are on record as they were sent."""
    made = issue(plan, by=by, kind=kind)
    sent = {kind: sha256(made.body.encode()).hexdigest()}
    made.memo.tell(Event.Verb.MEMO_SENT, "เสนอ", by=by, at=made.approved_at, papers=sent)
    return made


# --- given away -----------------------------------------------------------------------------------------------


def test_a_paper_is_made_once_and_given_as_it_was_frozen(
    client: Client, small_plan: MeasurePlan, staff: User
) -> None:
    memo = approved_memo(small_plan, by=staff)
    waiting = memo.issued.get(kind="plan")
    assert waiting.file_id is None
    events = Event.objects.of(memo.organisation).count()
    client.force_login(staff)
    answer = client.get(address(waiting))
    paper = memo.issued.get(kind="plan")
    assert len(pypdfium2.PdfDocument(answer.content)) == paper.pages
    assert sha256(answer.content).hexdigest() == paper.sha256
    assert len(answer.content) == paper.size
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f"attachment; filename*=utf-8''{quote(paper.filename)}"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["ETag"] == f'"{paper.sha256}"'
    assert answer["Cache-Control"].startswith("private")
    assert client.get(address(waiting)).content == answer.content
    added = Event.objects.of(memo.organisation)[: Event.objects.of(memo.organisation).count() - events]
    assert [event.verb for event in added] == [Event.Verb.PAPER_ISSUED]
    assert StoredFile.objects.count() == 1


def test_who_has_it_already_is_told_so_without_the_bytes(
    client: Client, paper: IssuedPaper, staff: User
) -> None:
    client.force_login(staff)
    answer = client.get(address(paper), headers={"If-None-Match": f'"{paper.sha256}"'})
    assert (answer.status_code, answer.content) == (304, b"")


def test_changed_bytes_never_leave(
    client: Client, paper: IssuedPaper, staff: User, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(paper)
    with pytest.raises(IssuedPaper.Tampered):
        IssuedPaper.objects.get(pk=paper.pk).content()
    client.force_login(staff)
    with caplog.at_level(logging.ERROR):
        answer = client.get(address(paper))
    assert answer.status_code == 500
    assert "แฟ้มที่เก็บไว้ไม่ตรงกับฉบับที่อนุมัติ" in answer.content.decode()
    assert b"%PDF" not in answer.content
    assert f"The stored PDF of paper {paper.code} is not the one that was issued" in caplog.messages


def test_bytes_changed_together_with_their_own_hash_never_leave(paper: IssuedPaper) -> None:
    other = paper.file.data + b"\n"
    StoredFile.objects.filter(pk=paper.file_id).update(
        content=other, sha256=sha256(other).hexdigest(), size=len(other)
    )
    with pytest.raises(IssuedPaper.Tampered):
        IssuedPaper.objects.get(pk=paper.pk).content()


def test_a_paper_without_a_pdf_has_no_content(plan_000: MeasurePlan, staff: User) -> None:
    with pytest.raises(Publication.NotRendered):
        issue(plan_000, by=staff, pdf=b"").content()


def test_a_paper_is_found_under_its_own_year_alone(client: Client, paper: IssuedPaper, staff: User) -> None:
    client.force_login(staff)
    url = reverse("reports:issued-pdf", args=[paper.organisation.slug, paper.be_year + 1, paper.code])
    assert client.get(url).status_code == 404


# --- issue_papers ---------------------------------------------------------------------------------------------


def test_waiting_papers_are_made_and_named(plan_000: MeasurePlan, staff: User) -> None:
    made, waiting = issue(plan_000, by=staff), issue(plan_000, by=staff, kind="analysis", pdf=b"")
    kept = made.sha256
    lines = run("issue_papers").splitlines()
    waiting.refresh_from_db()
    assert lines == [
        f"abt-tuayang  {waiting.code}  {waiting.title}  {waiting.sha256}",
        "จัดทำแล้ว 1 ฉบับ",
    ]
    assert waiting.content().startswith(b"%PDF")
    made.refresh_from_db()
    assert made.sha256 == kept
    assert run("issue_papers") == "ไม่มีเอกสารที่รอจัดทำ\n"


# --- verify_papers --------------------------------------------------------------------------------------------


def faults() -> list[str]:
    with pytest.raises(CommandError) as refused:
        run("verify_papers")
    assert refused.value.returncode == 1
    return str(refused.value).splitlines()


def test_whole_papers_are_counted(paper: IssuedPaper) -> None:
    assert run("verify_papers") == "ถูกต้องครบถ้วน: เอกสารที่อนุมัติ 1 ฉบับ แฟ้มทั้งหมด 1 แฟ้ม\n"


def test_changed_bytes_are_named(plan_000: MeasurePlan, staff: User) -> None:
    sent_and_issued(plan_000, by=staff, kind="analysis")
    paper = sent_and_issued(plan_000, by=staff)
    spoil(paper)
    assert faults() == [f"abt-tuayang {paper.code} {paper.title}: เนื้อแฟ้มไม่ตรงกับรหัส SHA-256 ที่เก็บไว้"]


def test_bytes_and_hashes_changed_together_are_found_by_the_events(paper: IssuedPaper) -> None:
    other = paper.file.data + b"\n"
    digest = sha256(other).hexdigest()
    StoredFile.objects.filter(pk=paper.file_id).update(content=other, sha256=digest, size=len(other))
    assert faults() == [f"abt-tuayang {paper.code} {paper.title}: รหัส SHA-256 ของเอกสารไม่ตรงกับแฟ้มที่เก็บไว้"]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE reports_issuedpaper SET sha256 = %s", [digest])
    assert faults() == [
        f"abt-tuayang {paper.code} {paper.title}: รหัส SHA-256 ของเอกสารไม่ตรงกับบันทึกเหตุการณ์เมื่อออกเอกสาร"
    ]


def test_words_that_are_not_those_that_were_sent_are_named(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff, papers=("plan", "analysis"))
    assert run("verify_papers") == "ถูกต้องครบถ้วน: เอกสารที่อนุมัติ 0 ฉบับ แฟ้มทั้งหมด 0 แฟ้ม\n"
    paper = memo.issued.get(kind="plan")
    IssuedPaper.objects.filter(pk=paper.pk).update(body=paper.body.replace("จัดประชุม", "ไม่จัดประชุม"))
    assert faults() == [f"abt-tuayang {paper.code} {paper.title}: เนื้อความที่อนุมัติไม่ตรงกับบันทึกเหตุการณ์เมื่อเสนอ"]


def test_a_changed_scan_is_named_by_its_memo_and_step(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    scan = StoredFile.keep(b"scan", "application/pdf")
    memo.steps.filter(position=1).update(scan=scan, on_paper=True)
    StoredFile.objects.filter(pk=scan.pk).update(content=b"scam")
    (fault,) = faults()
    step = memo.steps.get(scan=scan)
    assert fault == (
        f"abt-tuayang สำเนาที่ลงนามของบันทึกข้อความเลขทะเบียน {memo.number}/{memo.number_year} ลำดับ{step.title}: "
        "เนื้อแฟ้มไม่ตรงกับรหัส SHA-256 ที่เก็บไว้"
    )
