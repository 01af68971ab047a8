"""Approved papers for the people of their organisation."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from ita_portal.organisations.access import READERS, MemberRequest, members_only
from reports.issuing import render
from reports.models import IssuedPaper

from .answers import frozen_pdf


@members_only(READERS)
@require_safe
def issued_pdf(request: MemberRequest, be_year: int, code: str) -> HttpResponseBase:
    """Give an approved paper to keep; its PDF is made here where the server stopped before it was."""
    papers = IssuedPaper.objects.of(request.organisation).filter(be_year=be_year)
    paper = render(get_object_or_404(papers, code=code), at=timezone.now())
    return frozen_pdf(request, paper, as_attachment=True, cache_control="private, max-age=0, must-revalidate")
