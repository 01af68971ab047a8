"""All approved papers of an organisation's year in one ZIP, with what is needed to check them elsewhere."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import IO

from django.conf import settings
from django.db.models import F, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone

from ita_portal.audit.export import BYTE_ORDER_MARK, csv_lines
from ita_portal.audit.models import Event
from ita_portal.cells import safe
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import long_date, to_thai
from reports.models import ApprovalStep, IssuedPaper, Memo, StoredFile

SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


class Altered(Exception):
    """Kept bytes do not have the fingerprint that was recorded with them; named by what they are of."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} ไม่ตรงกับรหัส SHA-256 ที่บันทึกไว้ ระบบจึงไม่ส่งแฟ้มนี้ โปรดแจ้งผู้ดูแลระบบให้ตรวจข้อมูลสำรอง")


def paper_bytes(paper: IssuedPaper) -> bytes:
    """Return the PDF of an approved paper, which keeps none of it in memory. Raises Altered."""
    try:
        return IssuedPaper.objects.defer("body", "data").get(pk=paper.pk).content()
    except IssuedPaper.Tampered as tampered:
        raise Altered(paper.filename) from tampered


def scan_bytes(step: ApprovalStep) -> tuple[str, bytes]:
    """Return the type and the bytes of a step's scan. Raises Altered."""
    file = StoredFile.objects.get(pk=step.scan_id or 0)
    data = file.data
    if sha256(data).hexdigest() != file.sha256:
        raise Altered(f"{step.memo} {step}")
    return file.content_type, data


@dataclass(frozen=True)
class Line:
    """One file of the bundle, as its manifest tells it."""

    file: str
    sha256: str
    size: int
    pages: int | None
    paper: str
    revision: str
    code: str
    approved_by: str
    approved_on: str
    state: str


HEADINGS = {
    "file": "แฟ้ม",
    "sha256": "SHA-256",
    "size": "ขนาด (ไบต์)",
    "pages": "จำนวนหน้า",
    "paper": "เอกสาร",
    "revision": "ฉบับ",
    "code": "รหัสตรวจสอบ",
    "approved_by": "อนุมัติโดย",
    "approved_on": "วันที่อนุมัติ (ค.ศ.)",
    "state": "สถานะ",
}


def approved_scans(organisation: Organisation) -> QuerySet[ApprovalStep]:
    """Steps of the approving rounds of approved memos that were signed on paper: what an auditor may see of scans."""
    return (
        ApprovalStep.objects.filter(
            memo__organisation=organisation,
            memo__state=Memo.State.APPROVED,
            round=F("memo__round"),
            scan__isnull=False,
        )
        .select_related("memo")
        .order_by("memo", "position")
    )


def write_bundle(
    out: IO[bytes],
    organisation: Organisation,
    be_year: int,
    papers: list[IssuedPaper],
    *,
    by: User,
    at: datetime,
) -> None:
    """Write the ZIP: papers one by one, scans, the lists of them, the events, and how to check. Record the download.

    The same papers stand in the same order under the same names. Raises Altered, before anything is recorded.
    """
    scans = approved_scans(organisation).filter(memo__in={paper.memo_id for paper in papers})
    with zipfile.ZipFile(out, "w") as archive:
        lines = [*_put_papers(archive, papers), *_put_scans(archive, scans)]
        _put(archive, "manifest.csv", manifest_csv(lines))
        sequence, head = Event.objects.of(organisation).head()
        facts = {
            "organisation": organisation.name,
            "slug": organisation.slug,
            "be_year": be_year,
            "made_at": at.isoformat(timespec="seconds"),
            "events": {"sequence": sequence, "hash": head},
            "files": [asdict(line) for line in lines],
        }
        _put(archive, "manifest.json", json.dumps(facts, ensure_ascii=False, indent=2).encode())
        _put(archive, "SHA256SUMS.txt", "".join(f"{line.sha256}  {line.file}\n" for line in lines).encode())
        readme = {
            "organisation": organisation,
            "be_year": be_year,
            "day": to_thai(long_date(timezone.localdate(at))),
            "verify_url": f"{settings.PORTAL_URL}/verify/",
        }
        _put(archive, "README.txt", render_to_string("reports/bundle_readme.txt", readme).encode())
        _tell(organisation, be_year, papers, lines, by=by, at=at)
        with archive.open(_entry("events.csv", at), "w", force_zip64=True) as events:
            for line in csv_lines(Event.objects.of(organisation)):
                events.write(line.encode())


def _put_papers(archive: zipfile.ZipFile, papers: list[IssuedPaper]) -> Iterator[Line]:
    """Put in the PDF of each paper, one at a time in memory."""
    for paper in papers:
        name = f"papers/{paper.code}-{paper.kind}-{paper.revision}.pdf"
        archive.writestr(_entry(name, paper.approved_at, zipfile.ZIP_STORED), paper_bytes(paper))
        yield Line(
            file=name,
            sha256=paper.sha256,
            size=paper.size or 0,
            pages=paper.pages,
            paper=paper.title,
            revision=paper.revision_label,
            code=paper.code,
            approved_by=" → ".join(f"{who['name']} {who['acting'] or who['title']}" for who in paper.signers),
            approved_on=f"{timezone.localdate(paper.approved_at):%Y-%m-%d}",
            state="ใช้อยู่" if paper.is_current else f"ถูกแทนด้วย {paper.replaced_by.code}",
        )


def _put_scans(archive: zipfile.ZipFile, steps: QuerySet[ApprovalStep]) -> Iterator[Line]:
    """Put in the scan of each step signed on paper, one at a time in memory."""
    for step in steps:
        kind, data = scan_bytes(step)
        name = f"scans/memo-{step.memo_id}-step-{step.place}.{SUFFIXES[kind]}"
        archive.writestr(_entry(name, step.decided_at, zipfile.ZIP_STORED), data)
        yield Line(
            file=name,
            sha256=sha256(data).hexdigest(),
            size=len(data),
            pages=None,
            paper=f"หน้าที่ลงนามในกระดาษของ{step.memo} {step}",
            revision="",
            code="",
            approved_by=f"{step.signer_name} {step.signer_title}",
            approved_on=step.signed_on.isoformat() if step.signed_on else "",
            state="",
        )


def manifest_csv(lines: list[Line]) -> bytes:
    """The list of files for spreadsheets; no cell is taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    names = [field.name for field in fields(Line)]
    writer.writerow(HEADINGS[name] for name in names)
    for line in lines:
        cells = (getattr(line, name) for name in names)
        writer.writerow("" if cell is None else safe(str(cell)) for cell in cells)
    return (BYTE_ORDER_MARK + out.getvalue()).encode()


def _tell(
    organisation: Organisation,
    be_year: int,
    papers: list[IssuedPaper],
    lines: list[Line],
    *,
    by: User,
    at: datetime,
) -> None:
    Event.record(
        Event.Verb.PAPER_DOWNLOADED,
        to_thai(f"ดาวน์โหลดเอกสารที่อนุมัติของปีงบประมาณ {be_year} ทั้งชุด {len(papers)} ฉบับ"),
        by=by,
        at=at,
        organisation=organisation,
        be_year=be_year,
        codes=[paper.code for paper in papers],
        sha256=[line.sha256 for line in lines],
    )


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    archive.writestr(_entry(name, None), content)


def _entry(name: str, at: datetime | None, how: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    """An entry with the time that it speaks of, in Thailand; none of its own where it speaks of none."""
    moment = timezone.localtime(at).timetuple()[:6] if at else (1980, 1, 1, 0, 0, 0)
    entry = zipfile.ZipInfo(name, moment)
    entry.compress_type = how
    entry.external_attr = 0o644 << 16
    return entry
