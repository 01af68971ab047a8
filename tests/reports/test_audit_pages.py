"""What auditors see and take with them: approved papers and how they came to be approved, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client

from assessments.models import Assessment, Instrument
from ita_portal.audit.chain import Link, fingerprint
from ita_portal.audit.export import HEADINGS
from ita_portal.audit.models import Event
from ita_portal.cells import unguarded
from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.issuing import decide
from reports.models import AuditorGrant, Inspection, IssuedPaper, Memo, Notice, StoredFile

from .audited import SCAN, approved_letter, paper_signed_on_paper, papers_of, sign_last_on_paper
from .letters import letter, post
from .memos import DRAFT, SENT_AT, pass_on

HOME = "/audits/abt-tuayang/"


@pytest.fixture
def plan(instruments: None, organisation: Organisation) -> MeasurePlan:
    """Return a plan without measures: the papers of these tests have words of their own."""
    assessment = Assessment.open_for(organisation, Instrument.objects.get(be_year=2566))
    return MeasurePlan.objects.create(assessment=assessment)


@pytest.fixture
def paper(plan: MeasurePlan, staff: User) -> IssuedPaper:
    """Return an approved plan whose memo was signed by hand at its last step."""
    return paper_signed_on_paper(plan, by=staff)


@pytest.fixture
def audit(client: Client, auditor: User) -> Client:
    """Return a client in which the organisation's own auditor is signed in."""
    client.force_login(auditor)
    return client


def read(client: Client, address: str, **query: str) -> str:
    """Return the text of a page."""
    return client.get(address, query).content.decode()


def downloaded(client: Client, address: str) -> bytes:
    """Return a file."""
    response = client.get(address)
    assert response.status_code == 200
    return b"".join(response)


def returned_once(plan: MeasurePlan, *, by: User) -> Memo:
    """Return an approved memo that came back in its first round after one approval."""
    memo = letter(plan, by=by)
    pass_on(memo)
    step = memo.current_step
    decide(step, "return", words="ขอให้แก้ระยะเวลา", by=step.holder, at=SENT_AT + timedelta(hours=2))
    memo.refresh_from_db()
    post(memo, by=by, at=SENT_AT + timedelta(hours=3), body="<p>ฉบับที่สอง</p>")
    for hours in (4, 5, 6):
        pass_on(memo, hours=hours)
    return memo


# --- the list of organisations ---


def test_organisations_are_listed_with_their_approved_papers_alone(
    audit: Client, auditor: User, operator: User, paper: IssuedPaper, stranger_organisation: Organisation
) -> None:
    assert [each.paper_count for each in audit.get("/audits/").context["page"]] == [2]
    assert "เทศบาลตำบลอื่น" not in read(audit, "/audits/")
    AuditorGrant.give(user=auditor, province="อื่น", by=operator, at=SENT_AT)
    counts = {each.slug: each.paper_count for each in audit.get("/audits/").context["page"]}
    assert counts == {"tessaban-uen": 0, "abt-tuayang": 2}
    for query, slugs in (
        ({"q": "อบต.ตัวอย่าง"}, ["abt-tuayang"]),
        ({"province": "อื่น"}, ["tessaban-uen"]),
        ({"q": "ตัวอย่าง", "province": "อื่น"}, []),
        ({"province": "ไม่มี"}, ["abt-tuayang", "tessaban-uen"]),
    ):
        assert sorted(each.slug for each in audit.get("/audits/", query).context["page"]) == slugs


def test_the_list_asks_a_constant_number_of_times(
    client: Client, stranger: User, operator: User, django_assert_num_queries: Any
) -> None:
    AuditorGrant.give(user=stranger, province="มาก", by=operator, at=SENT_AT)
    client.force_login(stranger)
    for count in (1, 30):
        while (made := Organisation.objects.filter(province="มาก").count()) < count:
            Organisation.objects.create(slug=f"o-{made}", kind="other", name=f"ที่ {made}", province="มาก")
        with django_assert_num_queries(6):  # session, person, provinces, count, organisations, bell
            assert len(client.get("/audits/").context["page"].object_list) == count


def test_without_grants_there_is_no_such_page(client: Client, stranger: User, operator: User) -> None:
    for user in (stranger, operator):
        client.force_login(user)
        assert client.get("/audits/").status_code == 404


# --- one organisation ---


def test_nothing_on_its_way_is_told(audit: Client, plan: MeasurePlan, staff: User) -> None:
    memo = letter(plan, by=staff)
    text = read(audit, HOME)
    assert "ยังไม่มีเอกสารที่อนุมัติแล้ว" in text
    assert memo.reference not in text and memo.subject not in text
    assert audit.get(f"{HOME}2567/bundle.zip").status_code == 404
    for address in (f"/abt-tuayang/2567/memos/{memo.pk}/", "/abt-tuayang/2567/publish/"):
        assert audit.get(address).status_code == 403


def test_papers_of_all_years_and_revisions_with_their_marks(
    audit: Client, auditor: User, staff: User, paper: IssuedPaper
) -> None:
    revision = paper.memo.revise(reason="แก้ตาราง", by=staff, at=SENT_AT + timedelta(days=1))
    post(revision, by=staff, at=SENT_AT + timedelta(days=1))
    for hours in (25, 26):
        pass_on(revision, hours=hours)
    sign_last_on_paper(revision, b"%PDF-1.4 another", at=SENT_AT + timedelta(hours=27))
    newer = papers_of(revision)["plan"]
    Inspection.give(paper=newer, remark="ระบุผู้รับผิดชอบ", by=auditor, at=SENT_AT + timedelta(days=2))
    text = read(audit, HOME)
    assert [p.code for p in audit.get(HOME).context["papers"] if p.kind == "plan"] == [paper.code, newer.code]
    assert "ถูกแทนแล้ว" in text and "ฉบับแก้ไขครั้งที่ ๑" in text and "✓ ท่าน" in text
    assert f'title="{newer.sha256}"' in text
    names = zipfile.ZipFile(io.BytesIO(downloaded(audit, f"{HOME}2567/bundle.zip"))).namelist()
    assert [name for name in names if name.endswith("plan-0.pdf") or name.endswith("plan-1.pdf")] == [
        f"papers/{paper.code}-plan-0.pdf",
        f"papers/{newer.code}-plan-1.pdf",
    ]


def test_the_page_of_an_organisation_asks_a_constant_number_of_times(
    audit: Client, auditor: User, staff: User, paper: IssuedPaper, django_assert_num_queries: Any
) -> None:
    shown = {"session", "person", "organisation", "papers", "marks", "bell"}
    with django_assert_num_queries(len(shown)):
        audit.get(HOME)
    kept = ("organisation", "plan", "be_year", "approved_at", "event_sequence", "event_hash", "title")
    same = {name: getattr(paper, name) for name in kept}
    for number in range(30):
        memo = Memo.start(plan=paper.plan, papers=["plan"], draft=DRAFT, by=staff, at=SENT_AT)
        made = IssuedPaper.objects.create(**same, kind="memo", code=f"C-{number}", memo=memo)
        Inspection.give(paper=made, remark="", by=auditor, at=SENT_AT)
    with django_assert_num_queries(len(shown)):
        assert len(audit.get(HOME).context["papers"]) == 32


# --- one paper ---


def test_the_way_to_approval_with_acting_and_paper(audit: Client, paper: IssuedPaper) -> None:
    text = read(audit, f"{HOME}papers/{paper.code}/")
    for words in (
        "นายสมชาย ใจดี รองนายก ปฏิบัติราชการแทนนายกองค์การบริหารส่วนตำบลตัวอย่าง ตามคำสั่งที่ ๑๒/๒๕๖๗",
        "ลงนามในกระดาษ",
        paper.sha256,
        paper.event_hash,
        f"/verify/{paper.code}/",
        f"{HOME}scans/{sha256(SCAN).hexdigest()}/",
    ):
        assert words in " ".join(text.split())


def test_returned_rounds_are_told_without_their_papers(audit: Client, plan: MeasurePlan, staff: User) -> None:
    memo = returned_once(plan, by=staff)
    paper = papers_of(memo)["plan"]
    text = read(audit, f"{HOME}papers/{paper.code}/")
    assert "ขอให้แก้ระยะเวลา" in text and "การพิจารณารอบที่ ๑" in text and "เป็นโมฆะเมื่อ" in text
    assert "จัดประชุมทุกไตรมาส" not in text  # the words of the first round
    assert "/rounds/" not in text


def test_scans_of_rounds_that_came_to_nothing_stay_closed(
    audit: Client, plan: MeasurePlan, staff: User
) -> None:
    memo = letter(plan, by=staff)
    sign_last_on_paper(memo, b"%PDF-1.4 kept")
    first = memo.chain[-1]
    digest = first.scan.sha256
    assert downloaded(audit, f"{HOME}scans/{digest}/") == b"%PDF-1.4 kept"
    type(first).objects.filter(pk=first.pk).update(round=9)
    assert audit.get(f"{HOME}scans/{digest}/").status_code == 404


def test_a_download_is_recorded_with_its_hash(audit: Client, auditor: User, paper: IssuedPaper) -> None:
    assert downloaded(audit, f"{HOME}papers/{paper.code}.pdf") == f"%PDF-1.4 plan {paper.code}".encode()
    event = Event.objects.of(paper.organisation).first()
    assert (event.verb, event.actor) == (Event.Verb.PAPER_DOWNLOADED, auditor)
    assert (event.facts["code"], event.facts["sha256"]) == (paper.code, paper.sha256)


def test_changed_bytes_never_leave_and_are_not_recorded(audit: Client, paper: IssuedPaper) -> None:
    StoredFile.objects.filter(issued=paper).update(content=b"%PDF-1.4 changed")
    for address in (f"{HOME}papers/{paper.code}.pdf", f"{HOME}2567/bundle.zip"):
        response = audit.get(address, follow=True)
        assert "ไม่ตรงกับรหัส SHA-256 ที่บันทึกไว้" in response.content.decode()
    StoredFile.objects.filter(sha256=sha256(SCAN).hexdigest()).update(content=b"%PDF-1.4 changed")
    response = audit.get(f"{HOME}scans/{sha256(SCAN).hexdigest()}/", follow=True)
    assert "ไม่ตรงกับรหัส SHA-256 ที่บันทึกไว้" in response.content.decode()
    assert not Event.objects.filter(verb=Event.Verb.PAPER_DOWNLOADED).exists()


# --- marks ---


def test_a_mark_is_given_told_and_taken_back(
    audit: Client, auditor: User, staff: User, paper: IssuedPaper
) -> None:
    where = f"{HOME}papers/{paper.code}/"
    text = audit.post(f"{where}inspect/", {"remark": "ดี <b>มาก</b>"}, follow=True).content.decode()
    assert "หน่วยงานเห็นเครื่องหมายและข้อสังเกตของท่าน" in text and "ดี &lt;b&gt;มาก&lt;/b&gt;" in text
    assert "ดี <b>มาก</b>" in Notice.objects.get(user=staff).sentence
    again = audit.post(f"{where}inspect/", {"remark": "อีกครั้ง"}, follow=True).content.decode()
    assert "ท่านทำเครื่องหมายตรวจแล้วในเอกสารนี้อยู่แล้ว" in again
    assert Inspection.objects.get().remark == "ดี <b>มาก</b>"
    audit.post(f"{where}inspect/", {"withdraw": "1"})
    twice = audit.post(f"{where}inspect/", {"withdraw": "1"}, follow=True).content.decode()
    assert "ท่านยังไม่ได้ทำเครื่องหมายตรวจแล้วในเอกสารนี้" in twice
    assert Inspection.objects.get().withdrawn_at is not None
    assert "ยังไม่มีผู้ตรวจสอบทำเครื่องหมาย" in read(audit, where)


def test_the_organisation_reads_marks_and_remarks_beside_its_papers(
    client: Client, auditor: User, staff: User, paper: IssuedPaper
) -> None:
    Inspection.give(paper=paper, remark="ระบุ <ผู้รับผิดชอบ>", by=auditor, at=SENT_AT)
    client.force_login(staff)
    where = "/abt-tuayang/2567/publish/"
    assert "ข้อสังเกต: ระบุ &lt;ผู้รับผิดชอบ&gt;" in read(client, where)
    Inspection.take_back(paper=paper, by=auditor, at=SENT_AT)
    assert "ข้อสังเกต: ระบุ" not in read(client, where)


def test_a_remark_too_long_is_refused_and_kept_in_its_box(audit: Client, paper: IssuedPaper) -> None:
    typed = "ก" * 2001
    response = audit.post(f"{HOME}papers/{paper.code}/inspect/", {"remark": typed})
    assert response.status_code == 422
    text = response.content.decode()
    assert "ข้อสังเกตยาวเกิน ๒,๐๐๐ ตัวอักษร" in text and typed in text
    assert not Inspection.objects.exists()


def test_a_paper_of_another_organisation_is_not_found_under_this_one(
    audit: Client, auditor: User, operator: User, paper: IssuedPaper, stranger_organisation: Organisation
) -> None:
    AuditorGrant.give(user=auditor, organisation=stranger_organisation, by=operator, at=SENT_AT)
    for rest in (f"papers/{paper.code}/", f"papers/{paper.code}.pdf", f"scans/{sha256(SCAN).hexdigest()}/"):
        assert audit.get(f"{HOME}{rest}").status_code == 200
        assert audit.get(f"/audits/tessaban-uen/{rest}").status_code == 404


# --- the bundle ---


def test_the_bundle_can_be_checked_from_itself(audit: Client, auditor: User, paper: IssuedPaper) -> None:
    archive = zipfile.ZipFile(io.BytesIO(downloaded(audit, f"{HOME}2567/bundle.zip")))
    assert archive.testzip() is None
    rows = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig"))))
    assert sorted(row["แฟ้ม"].split("/")[0] for row in rows) == ["papers", "papers", "scans"]
    for row in rows:
        content = archive.read(row["แฟ้ม"])
        assert (sha256(content).hexdigest(), len(content)) == (row["SHA-256"], int(row["ขนาด (ไบต์)"]))
    mine = next(row for row in rows if row["รหัสตรวจสอบ"] == paper.code)
    assert mine["SHA-256"] == paper.sha256
    assert mine["อนุมัติโดย"].endswith("นายสมชาย ใจดี ปฏิบัติราชการแทนนายกองค์การบริหารส่วนตำบลตัวอย่าง")
    facts = json.loads(archive.read("manifest.json"))
    assert [file["sha256"] for file in facts["files"]] == [row["SHA-256"] for row in rows]
    sums = archive.read("SHA256SUMS.txt").decode().splitlines()
    assert sums == [f"{row['SHA-256']}  {row['แฟ้ม']}" for row in rows]
    assert "sha256sum --check SHA256SUMS.txt" in archive.read("README.txt").decode()
    events = Event.objects.filter(verb=Event.Verb.PAPER_DOWNLOADED)
    assert [event.facts["sha256"] for event in events] == [[row["SHA-256"] for row in rows]]
    assert archive.read("events.csv").decode().count(events.get().hash) == 1


def test_the_same_papers_stand_in_the_same_order_with_the_same_bytes(
    audit: Client, paper: IssuedPaper
) -> None:
    one, two = (zipfile.ZipFile(io.BytesIO(downloaded(audit, f"{HOME}2567/bundle.zip"))) for _ in range(2))
    assert one.namelist() == two.namelist()
    for name in ("manifest.csv", "SHA256SUMS.txt", *(n for n in one.namelist() if "/" in n)):
        assert (one.read(name), one.getinfo(name).date_time) == (two.read(name), two.getinfo(name).date_time)


def test_the_events_of_the_bundle_prove_the_chain(audit: Client, auditor: User, paper: IssuedPaper) -> None:
    Event.record(
        Event.Verb.SCORES_CLOSED,
        '=HYPERLINK("http://x")',
        by=auditor,
        at=datetime(2024, 5, 1, tzinfo=UTC),
        organisation=paper.organisation,
        note="a,b\n“ค”",
    )
    text = downloaded(audit, f"{HOME}events.csv").decode()
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text[1:])))
    assert tuple(rows[0]) == HEADINGS
    assert any(row[5] == '\'=HYPERLINK("http://x")' for row in rows)
    previous = "0" * 64
    for number, row in enumerate(rows[1:], start=1):
        link = Link(
            organisation=int(row[8]),
            sequence=int(row[0]),
            previous_hash=row[10],
            actor=int(row[7]) if row[7] else None,
            verb=row[3],
            sentence=unguarded(row[5]),
            facts=json.loads(row[9]),
            at=datetime.fromisoformat(row[2]),
        )
        assert (int(row[0]), row[10], row[11]) == (number, previous, fingerprint(link))
        previous = row[11]
    assert previous == Event.objects.of(paper.organisation).head()[1]
    assert paper.event_hash in text


def test_events_are_sent_while_they_are_read(
    audit: Client, paper: IssuedPaper, django_assert_num_queries: Any
) -> None:
    for number in range(30):
        Event.record(
            Event.Verb.SCORES_CLOSED, f"ที่ {number}", by=None, at=SENT_AT, organisation=paper.organisation
        )
    count = Event.objects.of(paper.organisation).count()
    with django_assert_num_queries(4):  # session, person, organisation, events
        assert downloaded(audit, f"{HOME}events.csv").count(b"\r\n") == count + 1


def test_a_paper_whose_file_is_not_made_yet_is_made_for_the_auditor(
    audit: Client, plan: MeasurePlan, staff: User
) -> None:
    memo = approved_letter(plan, by=staff)
    code = memo.issued.get(kind="plan").code
    assert "จัดทำเมื่อดาวน์โหลด" in read(audit, HOME)
    content = downloaded(audit, f"{HOME}papers/{code}.pdf")
    assert IssuedPaper.objects.get(code=code).sha256 == sha256(content).hexdigest()
