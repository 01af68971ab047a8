"""Approved papers: frozen with the last approval, printed once, and the same ever after."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

from assessments.models import Score
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Membership, User
from ita_portal.thai import to_thai
from measures.models import MeasurePlan, MeasureStep
from reports.issuing import foot_of, render
from reports.models import IssuedPaper, Letterhead, Memo, SentPaper, StoredFile
from reports.papers import KINDS
from reports.papers.frozen import FrozenPaper, font_version, template_version
from reports.sending import send

from .memos import SENT_AT, TITLES, approved_memo, draft_memo, pass_on

pytestmark = pytest.mark.django_db

LATER = SENT_AT + timedelta(days=1)


def read_back(pdf: bytes) -> tuple[str, str]:
    """Return the text of a PDF without blanks, as poppler and as PDFium read it."""
    poppler = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    document = pypdfium2.PdfDocument(pdf)
    pdfium = "".join(page.get_textpage().get_text_range() for page in document)
    return re.sub(r"\s", "", poppler.stdout.decode()), re.sub(r"\s", "", pdfium)


def change_everything(memo: Memo, by: User) -> None:
    """Change all that the papers of a memo were made from."""
    plan = MeasurePlan.objects.get(pk=memo.plan_id)
    plan.unlock()
    plan.save_text(key="opening", text="ข้อความใหม่", version=0, by=by, at=LATER)
    plan.measures.update(title="ชื่อใหม่")
    MeasureStep.objects.update(text="ขั้นตอนใหม่")
    Score.objects.update(value=Decimal("12.34"))
    memo.organisation.units.update(name=Concat(Value("ใหม่ "), "name"))
    memo.organisation.name = "เทศบาลตำบลใหม่"
    memo.organisation.save(update_fields=["name"])
    User.objects.update(first_name="คนใหม่")
    Membership.objects.update(position_title="ตำแหน่งใหม่")
    Letterhead.objects.update(department="ส่วนราชการใหม่")


def frozen(memo: Memo) -> list[dict[str, object]]:
    """Return every column of a memo's approved papers, and the bytes of their files."""
    return [
        {**row, "bytes": StoredFile.objects.get(pk=row["file_id"]).data if row["file_id"] else None}
        for row in IssuedPaper.objects.filter(memo=memo).order_by("pk").values()
    ]


def test_the_last_approval_freezes_what_the_approvers_read(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff, papers=("plan", "analysis"))
    text, plan, analysis = memo.issued.order_by("pk")
    assert [(paper.kind, paper.be_year, paper.named_year) for paper in (text, plan, analysis)] == [
        ("memo", 2567, 2567),
        ("plan", 2567, 2567),
        ("analysis", 2567, 2566),
    ]
    for paper in (plan, analysis):
        sent = SentPaper.objects.get(kind=paper.kind)
        assert (paper.title, paper.body, paper.data) == (sent.title, sent.body, sent.data)
    assert text.body != SentPaper.objects.get(kind="memo").body  # signed meanwhile
    assert text.body.count("ลงนามทางอิเล็กทรอนิกส์") == 4
    approval = Event.objects.of(memo.organisation).first()
    assert approval.verb == "memo-approved"
    for paper in (text, plan, analysis):
        assert (paper.event_sequence, paper.event_hash) == (approval.sequence, approval.hash)
        assert (paper.approved_at, paper.file, paper.pages) == (memo.approved_at, None, None)
        assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){2}", paper.code)
    assert (
        plan.signers
        == text.signers
        == [
            {
                "name": "สมหญิง staff",
                "title": "",
                "acting": "",
                "decision": "เสนอ",
                "signed_on": "2024-03-25",
                "on_paper": False,
            },
            *(
                {
                    "name": f"นายชื่อhead{number} ตัวอย่าง",
                    "title": title,
                    "acting": "",
                    "decision": decision,
                    "signed_on": "2024-03-25",
                    "on_paper": False,
                }
                for number, title, decision in zip(
                    (1, 2, 3), TITLES, ("เห็นชอบ", "เห็นชอบ", "อนุมัติ"), strict=True
                )
            ),
        ]
    )


def test_papers_are_printed_once_and_stay_as_they_are(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff, papers=("plan", "analysis"))
    unprinted = memo.issued.get(kind="analysis")
    for paper in memo.issued.exclude(kind="analysis"):
        made = render(paper, at=LATER)
        assert (made.size, made.sha256) == (len(made.file.data), sha256(made.file.data).hexdigest())
        assert made.pages == len(pypdfium2.PdfDocument(made.file.data))
        assert (made.rendered_at, made.template_version) == (LATER, template_version())
        assert made.font_version == font_version()
    told = Event.objects.filter(verb="paper-issued").order_by("sequence")
    assert {event.facts["sha256"] for event in told} == set(
        StoredFile.objects.values_list("sha256", flat=True)
    )
    before = frozen(memo)
    change_everything(memo, staff)
    for paper in IssuedPaper.objects.rendered():
        assert render(paper, at=LATER + timedelta(days=1)).rendered_at == LATER
        with pytest.raises(IssuedPaper.AlreadyRendered):
            paper.attach(b"%PDF", pages=1, template_version="", font_version="", at=LATER)
    assert frozen(memo) == before
    # Also what is printed only now says what was approved.
    assert IssuedPaper.objects.waiting().get() == unprinted
    for text in read_back(render(unprinted, at=LATER).file.data):
        assert "องค์การบริหารส่วนตำบลตัวอย่าง" in text
        assert "เทศบาลตำบลใหม่" not in text
    assert "เทศบาลตำบลใหม่" in KINDS["plan"].make(small_plan_of(memo), draft=False).html()


def small_plan_of(memo: Memo) -> MeasurePlan:
    return MeasurePlan.objects.of(Memo.objects.get(pk=memo.pk).organisation).get(pk=memo.plan_id)


def test_an_approved_paper_read_back_by_two_readers(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    for paper in memo.issued.all():
        pdf = render(paper, at=LATER).file.data
        pages = len(pypdfium2.PdfDocument(pdf))
        for text in read_back(pdf):
            assert "ร่าง" not in text
            for printed in (
                paper.code,
                paper.event_hash[:16],
                to_thai(f"บันทึกเหตุการณ์ลำดับที่{paper.event_sequence}รหัส"),
                "อนุมัติแล้วฉบับแรก",
            ):
                assert text.count(printed) == pages, (paper.kind, printed)
            assert "แทนฉบับรหัส" not in text


def test_the_draft_of_the_same_paper_is_stamped(small_plan: MeasurePlan, staff: User) -> None:
    paper = approved_memo(small_plan, by=staff).issued.get(kind="plan")
    kept = FrozenPaper(paper.title, paper.body_class, paper.body)
    assert 'class="draft' in kept.html(draft=True)
    assert 'class="draft' not in kept.html(foot=foot_of(paper))


def test_the_printed_head_is_found_by_verify_audit(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    pdf = render(memo.issued.get(kind="plan"), at=LATER).file.data
    (printed,) = set(re.findall(r"รหัส([0-9a-f]{16})", read_back(pdf)[0]))
    call_command("verify_audit", "--head", printed, "--organisation", memo.organisation.slug, verbosity=0)
    with pytest.raises(CommandError, match="ไม่พบรหัสตรวจสอบ"):
        call_command("verify_audit", "--head", printed[::-1], verbosity=0)


def test_a_correction_names_the_paper_that_it_replaces(small_plan: MeasurePlan, staff: User) -> None:
    memo = approved_memo(small_plan, by=staff)
    old = render(memo.issued.get(kind="plan"), at=LATER)
    before = frozen(memo)
    revision = memo.revise(reason="แก้ไขตาราง", by=staff, at=LATER)
    send(revision, by=staff, at=LATER)
    for number in range(3):
        pass_on(revision, hours=25 + number)
    new = render(revision.issued.get(kind="plan"), at=LATER)
    for text in read_back(new.file.data):
        assert "อนุมัติแล้วฉบับแก้ไขครั้งที่๑" in text
        assert f"แทนฉบับรหัส{old.code}" in text
        assert new.code in text
    assert frozen(memo) == before
    assert (new.filename, old.filename) == (
        "มาตรการส่งเสริมคุณธรรมและความโปร่งใส 2567 อบต.ตัวอย่าง แก้ไขครั้งที่ 1.pdf",
        "มาตรการส่งเสริมคุณธรรมและความโปร่งใส 2567 อบต.ตัวอย่าง.pdf",
    )


def test_the_longest_subject_and_name_have_room_everywhere(small_plan: MeasurePlan, staff: User) -> None:
    User.objects.update(prefix="ก" * 40, first_name="ข" * 150, last_name="ค" * 150)
    staff.refresh_from_db()
    memo = draft_memo(small_plan, by=staff)
    memo.edit(version=memo.version, fields={"subject": "ง" * 500})
    send(memo, by=staff, at=SENT_AT)
    while memo.current_step:
        pass_on(memo)
    sent = memo.rounds.get()
    # SQLite keeps what is too long, PostgreSQL refuses it: the models say what fits.
    for kept in (memo, sent, *sent.papers.all(), *memo.steps.all(), *memo.issued.all()):
        texts = [field for field in kept._meta.concrete_fields if isinstance(field, models.CharField)]
        assert [
            field.name for field in texts if len(getattr(kept, field.name)) > (field.max_length or 0)
        ] == []
