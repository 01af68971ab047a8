"""Published papers, open to everybody: pages, data and files at addresses that do not change.

Nothing here asks who is signed in, or the answers could not be kept by caches: the pages are drawn without the
request, and what is not there is answered here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from ita_portal.organisations.models import Organisation
from ita_portal.thai import long_date, to_thai
from reports.published import (
    TABLES_OF,
    PublicPaper,
    absolute,
    data_of_year,
    find,
    page_version,
    public_papers,
    public_years,
    state_of,
    tag_of,
    workbook,
)
from reports.table_files import to_csv

from .answers import cached, frozen_pdf, refused

P = ParamSpec("P")

#: Pages and the newest revision: a new publication or a withdrawal shows within five minutes.
FRESH = "public, max-age=300"
#: A revision never changes, but it may be withdrawn: no cache gives it away for longer than a day.
FOR_GOOD = "public, max-age=86400, immutable"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NOT_FOUND = "ที่อยู่อาจพิมพ์ผิด หรือหน่วยงานยังไม่ได้เผยแพร่เอกสารนี้ โปรดสอบถามหน่วยงานเจ้าของเอกสาร"
ROBOTS = "User-agent: *\nAllow: /p/\nAllow: /verify/\nAllow: /static/\nDisallow: /\n"


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let search engines into what is public, and nowhere else."""
    return HttpResponse(ROBOTS, content_type="text/plain; charset=utf-8", headers={"Cache-Control": FRESH})


def public(
    view: Callable[Concatenate[HttpRequest, Organisation, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Give the view the organisation of the address; what is not there says so in the same words, whatever it is."""

    @require_safe
    @wraps(view)
    def answered(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, get_object_or_404(Organisation, slug=slug), *args, **kwargs)
        except Http404:
            return refused(404, "ไม่พบเอกสารที่เผยแพร่", NOT_FOUND)

    return answered


@public
def years(request: HttpRequest, organisation: Organisation) -> HttpResponseBase:
    """List the years in which the organisation has published."""
    found = public_years(organisation)
    if not found:
        raise Http404
    context = {
        "organisation": organisation,
        "years": found,
        "url": absolute(reverse("reports:public-years", args=[organisation.slug])),
    }
    return cached(
        request,
        tag=tag_of(organisation, found.items()),
        changed_at=max(found.values()),
        cache_control=FRESH,
        make=lambda: HttpResponse(render_to_string("public/years.html", context)),
    )


@public
def year(request: HttpRequest, organisation: Organisation, be_year: int) -> HttpResponseBase:
    """Show the published papers of a year: the address that the assessment is given."""
    papers = _papers(organisation, be_year)
    context = {
        "organisation": organisation,
        "be_year": be_year,
        "papers": papers,
        "url": absolute(reverse("reports:public-year", args=[organisation.slug, be_year])),
    }
    return cached(
        request,
        tag=tag_of(organisation, map(state_of, papers)),
        changed_at=max(one.changed_at for one in papers),
        cache_control=FRESH,
        make=lambda: HttpResponse(render_to_string("public/year.html", context)),
    )


@public
def year_data(request: HttpRequest, organisation: Organisation, be_year: int) -> HttpResponseBase:
    """Give what the page of a year says as JSON, to any site's scripts too."""
    papers = _papers(organisation, be_year)
    answer = cached(
        request,
        tag=f"{tag_of(organisation, map(state_of, papers))}-json",
        changed_at=max(one.changed_at for one in papers),
        cache_control=FRESH,
        make=lambda: JsonResponse(
            data_of_year(organisation, be_year, papers),
            json_dumps_params={"ensure_ascii": False, "indent": 2},
        ),
    )
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


@public
def paper_pdf(request: HttpRequest, organisation: Organisation, be_year: int, name: str) -> HttpResponseBase:
    """Give a published paper for reading."""
    one = _paper(organisation, be_year, name)
    if one.is_withdrawn:
        return _gone(one)
    return frozen_pdf(request, one.paper, as_attachment=False, cache_control=_for_how_long(one, name))


@public
def paper_xlsx(request: HttpRequest, organisation: Organisation, be_year: int, name: str) -> HttpResponseBase:
    """Give the tables of a published paper as a workbook."""
    one = _paper(organisation, be_year, name)
    if not one.xlsx:
        raise Http404
    return _table_file(request, one, name, "xlsx", XLSX, lambda: workbook(one.paper.code))


@public
def paper_csv(request: HttpRequest, organisation: Organisation, be_year: int, name: str) -> HttpResponseBase:
    """Give one table of a published paper; name: that of the paper, a hyphen, and the table's key."""
    of_paper, _, table = name.rpartition("-")
    one = _paper(organisation, be_year, of_paper)
    if table not in TABLES_OF.get(one.paper.kind, ()):
        raise Http404
    content_type = "text/csv; charset=utf-8"
    return _table_file(
        request, one, of_paper, f"{table}.csv", content_type, lambda: to_csv(one.paper.data, table)
    )


def _papers(organisation: Organisation, be_year: int) -> list[PublicPaper]:
    """All of a year. Raises Http404 where nothing ever was published."""
    if found := public_papers(organisation, be_year):
        return found
    raise Http404


def _paper(organisation: Organisation, be_year: int, name: str) -> PublicPaper:
    """The one of a name in an address. Raises Http404."""
    if found := find(public_papers(organisation, be_year), name):
        return found
    raise Http404


def _for_how_long(one: PublicPaper, name: str) -> str:
    return FOR_GOOD if name in (one.name, one.paper.code) else FRESH


def _table_file(
    request: HttpRequest,
    one: PublicPaper,
    name: str,
    suffix: str,
    content_type: str,
    write: Callable[[], bytes],
) -> HttpResponseBase:
    """Answer with a file of tables, named as the paper is."""
    if one.is_withdrawn:
        return _gone(one)
    filename = f"{one.paper.filename.removesuffix('.pdf')}.{suffix}"
    disposition = content_disposition_header(True, filename)
    return cached(
        request,
        tag=f"{one.paper.code}-{suffix}-{page_version()}",
        changed_at=one.paper.approved_at,
        cache_control=_for_how_long(one, name),
        make=lambda: HttpResponse(
            write(), content_type=content_type, headers={"Content-Disposition": disposition}
        ),
    )


def _gone(one: PublicPaper) -> HttpResponse:
    """Say that a paper was withdrawn, when and why."""
    paper, publication = one.paper, one.publication
    day = long_date(timezone.localdate(publication.withdrawn_at))
    return refused(
        410,
        "เอกสารนี้ถูกถอนการเผยแพร่แล้ว",
        to_thai(
            f"{paper.title} ({paper.revision_label}) ถูกถอนเมื่อวันที่ {day} เหตุผล: {publication.withdraw_reason}"
        ),
        onward=reverse("reports:public-year", args=[paper.organisation.slug, paper.be_year]),
    )
