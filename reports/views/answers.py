"""Answers that several pages give: a frozen PDF with its proof, and a refusal that needs nobody signed in."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, http_date

from reports.models import IssuedPaper

logger = logging.getLogger(__name__)

TAMPERED = "ระบบไม่ส่งแฟ้มนี้ให้ เพราะแฟ้มที่เก็บไว้ไม่ตรงกับฉบับที่อนุมัติ อาจถูกแก้ไขหรือเสียหาย โปรดแจ้งผู้ดูแลระบบพร้อมรหัสเอกสาร"


def refused(status: int, heading: str, sentence: str, **shown: object) -> HttpResponse:
    """A page that says why there is nothing to read here; shown: more that the page may name.

    It is the same for everybody, so it is drawn without the request; it may be otherwise in a minute.
    """
    context = {"heading": heading, "sentence": sentence, **shown}
    kept = "no-store" if status >= 500 else "public, max-age=60"
    page = render_to_string("public/refused.html", context)
    return HttpResponse(page, status=status, headers={"Cache-Control": kept})


def frozen_pdf(
    request: HttpRequest, paper: IssuedPaper, *, as_attachment: bool, cache_control: str
) -> HttpResponseBase:
    """Answer with the frozen PDF, or 304 to who has it already.

    Bytes that are not those that were issued never leave: they are reported, and the answer is 500.
    """
    etag = f'"{paper.sha256}"'
    answer = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            content = paper.content()
        except IssuedPaper.Tampered:
            logger.error("The stored PDF of paper %s is not the one that was issued", paper.code)
            return refused(500, "แฟ้มไม่ตรงกับฉบับที่อนุมัติ", TAMPERED, code=paper.code)
        disposition = content_disposition_header(as_attachment, paper.filename)
        answer = HttpResponse(
            content, content_type="application/pdf", headers={"Content-Disposition": disposition}
        )
    answer["ETag"], answer["Cache-Control"] = etag, cache_control
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def cached(
    request: HttpRequest,
    *,
    tag: str,
    changed_at: datetime,
    cache_control: str,
    make: Callable[[], HttpResponse],
) -> HttpResponseBase:
    """Answer with what `make` makes, or 304 to who has it already.

    tag: changes with the content; changed_at: when that last happened.
    """
    etag, moment = f'"{tag}"', int(changed_at.timestamp())
    answer = get_conditional_response(request, etag=etag, last_modified=moment) or make()
    answer["ETag"], answer["Last-Modified"] = etag, http_date(moment)
    answer["Cache-Control"] = cache_control
    return answer
