"""What auditors download: one paper, a scan, a year's bundle, and the events. Bytes are checked before they leave."""

from __future__ import annotations

import logging
from io import BytesIO
from tempfile import SpooledTemporaryFile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from ita_portal.audit.export import csv_download
from ita_portal.audit.models import Event
from reports.audit_bundle import SUFFIXES, Altered, approved_scans, paper_bytes, scan_bytes, write_bundle
from reports.auditing import AuditRequest, auditors_only, paper_of
from reports.issuing import render
from reports.models import IssuedPaper

logger = logging.getLogger(__name__)

# A bundle larger than this is written to disk while it is made.
MOST_IN_MEMORY = 8 * 1024 * 1024


def refuse(request: AuditRequest, altered: Altered) -> HttpResponse:
    """Say that a file is not what was approved, in place of giving it."""
    logger.error("A kept file of %s is not what was recorded: %s", request.audited.slug, altered)
    messages.error(request, str(altered))
    return redirect("reports:audit-organisation", request.audited.slug)


@auditors_only
@require_GET
def audit_pdf(request: AuditRequest, code: str) -> HttpResponseBase:
    """The approved paper as it was frozen; the download is an event of the organisation."""
    now = timezone.now()
    paper = render(paper_of(request, code), at=now)
    try:
        data = paper_bytes(paper)
    except Altered as altered:
        return refuse(request, altered)
    sentence = f"ดาวน์โหลด{paper.title} ({paper.revision_label})"
    paper.tell(Event.Verb.PAPER_DOWNLOADED, sentence, by=request.user, at=now, sha256=paper.sha256)
    return FileResponse(
        BytesIO(data), as_attachment=True, filename=paper.filename, content_type="application/pdf"
    )


@auditors_only
@require_GET
def audit_scan(request: AuditRequest, sha256: str) -> HttpResponseBase:
    """The scan of a page signed on paper in the approving round of an approved memo."""
    step = approved_scans(request.audited).filter(scan__sha256=sha256).first()
    if step is None:
        raise Http404
    try:
        kind, data = scan_bytes(step)
    except Altered as altered:
        return refuse(request, altered)
    name = f"{step.memo} {step}.{SUFFIXES[kind]}".replace("/", "-")
    return FileResponse(BytesIO(data), as_attachment=True, filename=name, content_type=kind)


@auditors_only
@require_GET
def audit_bundle(request: AuditRequest, be_year: int) -> HttpResponseBase:
    """All approved papers of a fiscal year in one ZIP, with what is needed to check them elsewhere."""
    now = timezone.now()
    found = IssuedPaper.objects.of(request.audited).filter(be_year=be_year)
    for waiting in found.waiting():
        render(waiting, at=now)
    papers = list(found)
    if not papers:
        raise Http404
    out = SpooledTemporaryFile(max_size=MOST_IN_MEMORY)  # noqa: SIM115 (the response closes it)
    try:
        write_bundle(out, request.audited, be_year, papers, by=request.user, at=now)
    except Altered as altered:
        out.close()
        return refuse(request, altered)
    out.seek(0)
    name = f"เอกสารที่อนุมัติ {be_year} {request.audited.display_name}.zip".replace("/", "-")
    return FileResponse(out, as_attachment=True, filename=name, content_type="application/zip")


@auditors_only
@require_GET
def audit_events(request: AuditRequest) -> StreamingHttpResponse:
    """The whole chain of the organisation's events as CSV."""
    name = f"บันทึกเหตุการณ์ {request.audited.display_name}"
    return csv_download(Event.objects.of(request.audited), name)
