"""Check that no kept paper, scan or emblem was changed since it came in, and that approved is what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ita_portal.audit.models import Event
from reports.models import MEMO, ApprovalStep, IssuedPaper, StoredFile

CHANGED = "เนื้อแฟ้มไม่ตรงกับรหัส SHA-256 ที่เก็บไว้"
OTHER_HASH = "รหัส SHA-256 ของเอกสารไม่ตรงกับแฟ้มที่เก็บไว้"
NOT_AS_SENT = "เนื้อความที่อนุมัติไม่ตรงกับบันทึกเหตุการณ์เมื่อเสนอ"
NOT_RECORDED = "รหัส SHA-256 ของเอกสารไม่ตรงกับบันทึกเหตุการณ์เมื่อออกเอกสาร"


class Command(BaseCommand):
    """Hash every stored file anew; compare issued papers with their own SHA-256 and the one in the audit events.

    The frozen words of the papers that a memo carries are compared with the event of its last sending. Whoever changes bytes and hash together is found by the events, whose chain `verify_audit` checks. Every broken
    file is named, and the exit status is 1.
    """

    help = "ตรวจว่าเอกสารที่อนุมัติและสำเนาที่ลงนามทุกแฟ้มไม่ถูกแก้ไข"

    def handle(self, *args: Any, **options: Any) -> None:
        """Walk the files, then the papers; end with status 1 where anything does not hold."""
        names = dict(_names())
        broken = {
            file.pk
            for file in StoredFile.objects.order_by("pk").iterator(chunk_size=1)
            if sha256(file.data).hexdigest() != file.sha256 or len(file.data) != file.size
        }
        faults = [f"{names.get(pk, f'แฟ้ม {pk}')}: {CHANGED}" for pk in sorted(broken)]
        faults += [*_paper_faults(), *_word_faults()]
        if faults:
            raise CommandError("\n".join(faults))
        papers = IssuedPaper.objects.rendered().count()
        self.stdout.write(f"ถูกต้องครบถ้วน: เอกสารที่อนุมัติ {papers} ฉบับ แฟ้มทั้งหมด {StoredFile.objects.count()} แฟ้ม")


def _names() -> Iterator[tuple[int, str]]:
    """What each file is, for people: the paper, or the memo and step that its scan belongs to."""
    papers = IssuedPaper.objects.rendered().values_list("file", "organisation__slug", "code", "title")
    for file, slug, code, title in papers:
        yield file, f"{slug} {code} {title}"
    scans = ApprovalStep.objects.filter(scan__isnull=False).values_list(
        "scan", "memo__organisation__slug", "memo__number", "memo__number_year", "title"
    )
    for file, slug, number, year, title in scans:
        yield file, f"{slug} สำเนาที่ลงนามของบันทึกข้อความเลขทะเบียน {number}/{year} ลำดับ{title}"


def _paper_faults() -> Iterator[str]:
    recorded = {
        facts["paper"]: facts["sha256"]
        for facts in Event.objects.filter(verb=Event.Verb.PAPER_ISSUED).values_list("facts", flat=True)
    }
    papers = IssuedPaper.objects.rendered().values_list(
        "pk", "organisation__slug", "code", "title", "sha256", "file__sha256"
    )
    for pk, slug, code, title, digest, stored in papers:
        if digest != stored:
            yield f"{slug} {code} {title}: {OTHER_HASH}"
        if digest != recorded.get(pk):
            yield f"{slug} {code} {title}: {NOT_RECORDED}"


def _word_faults() -> Iterator[str]:
    events = Event.objects.filter(verb=Event.Verb.MEMO_SENT).order_by("sequence")
    # Of several rounds the last one counts: it is what was approved.
    sent = {facts["memo"]: facts.get("papers", {}) for facts in events.values_list("facts", flat=True)}
    papers = IssuedPaper.objects.exclude(kind=MEMO).values_list(
        "organisation__slug", "code", "title", "memo", "kind", "body"
    )
    for slug, code, title, memo, kind, body in papers.iterator(chunk_size=1):
        if sent.get(memo, {}).get(kind) != sha256(body.encode()).hexdigest():
            yield f"{slug} {code} {title}: {NOT_AS_SENT}"
