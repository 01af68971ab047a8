"""A memo on the screen and as PDF, and the papers as each round sent them."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ita_portal.organisations.access import READERS, MemberRequest, members_only
from reports.issuing import foot_of
from reports.memo_sheet import sheet_of
from reports.models import KIND_NAMES, MEMO, IssuedPaper, Memo, SentPaper
from reports.papers import KINDS
from reports.papers.frozen import FrozenPaper
from reports.papers.memo import memo_paper
from reports.pdf import html_to_pdf

from .memos import memo_of

Tabs = list[tuple[str, str]]


def issued_paper(memo: Memo, kind: str) -> IssuedPaper | None:
    """What was issued of an approved memo."""
    return memo.issued.select_related("replaces", "organisation").filter(kind=kind).first()


def memo_page(memo: Memo, *, preview: bool) -> str:
    """The print HTML of a memo: as it was frozen once it is approved, else as it stands.

    Stamped ร่าง but while it is on its way, when it is printed to be signed on paper.
    """
    if issued := issued_paper(memo, MEMO):
        frozen = FrozenPaper(issued.title, issued.body_class, issued.body)
        return frozen.html(preview=preview, foot=foot_of(issued))
    draft = memo.state != Memo.State.SENT
    return memo_paper(sheet_of(memo, today=timezone.localdate()), draft=draft).html(preview=preview)


@members_only(READERS)
@require_safe
def memo_preview(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """Show the memo in our frame, with the way to the papers that it carries."""
    memo = memo_of(request, be_year, pk)
    where = [request.organisation.slug, be_year, pk]
    context = {
        "working_year": be_year,
        "step": "sign",
        "memo": memo,
        "title": KIND_NAMES[MEMO],
        "tabs": _tabs(memo, memo.round),
        "paper_url": reverse("reports:memo-paper", args=where),
        "pdf_url": reverse("reports:memo-pdf", args=where),
    }
    return render(request, "reports/memo_preview.html", context)


def _tabs(memo: Memo, number: int) -> Tabs:
    """The memo and its papers, each with its page: as a round sent them, before the first sending as they stand."""
    where = [memo.organisation.slug, memo.be_year, memo.pk]
    shown = [*(kind for kind in KINDS if kind in memo.papers)]
    if number == memo.round:
        own = reverse("reports:memo-preview", args=where)
    else:
        own = reverse("reports:sent-preview", args=[*where, number, MEMO])
    if number == memo.round and memo.state not in (Memo.State.SENT, Memo.State.APPROVED):
        papers = [
            reverse(f"reports:{kind}-preview", args=[where[0], KINDS[kind].year_of(memo.plan)])
            for kind in shown
        ]
    else:
        sent = SentPaper.objects.filter(round__memo=memo, round__number=number).exclude(kind=MEMO)
        shown = list(sent.values_list("kind", flat=True))
        papers = [reverse("reports:sent-preview", args=[*where, number, kind]) for kind in shown]
    return [
        (KIND_NAMES[MEMO], own),
        *((KINDS[kind].short, url) for kind, url in zip(shown, papers, strict=True)),
    ]


@members_only(READERS)
@require_safe
def memo_html(request: MemberRequest, be_year: int, pk: int) -> HttpResponse:
    """The very print HTML of the memo, with its style sheets linked for the browser."""
    return HttpResponse(memo_page(memo_of(request, be_year, pk), preview=True))


@members_only(READERS)
@require_safe
def memo_pdf(request: MemberRequest, be_year: int, pk: int) -> HttpResponseBase:
    """The memo as a PDF: to be read, or while it is on its way to be signed on paper; once approved the issued one."""
    memo = memo_of(request, be_year, pk)
    if issued := issued_paper(memo, MEMO):
        return redirect("reports:issued-pdf", request.organisation.slug, be_year, issued.code)
    label = "" if memo.state == Memo.State.SENT else " (ร่าง)"
    name = f"บันทึกข้อความ {memo.reference or pk}{label}.pdf"
    return _pdf(memo_page(memo, preview=False), title=f"บันทึกข้อความ เรื่อง {memo.subject}", name=name)


def _pdf(html: str, *, title: str, name: str) -> FileResponse:
    return FileResponse(
        BytesIO(html_to_pdf(html, title=title)),
        as_attachment=True,
        filename=name.replace("/", "-"),
        content_type="application/pdf",
    )


def sent_of(memo: Memo, number: int, kind: str) -> SentPaper:
    """A paper as a round sent it. Raises Http404."""
    return get_object_or_404(SentPaper, round__memo=memo, round__number=number, kind=kind)


def _stamped(memo: Memo, number: int) -> bool:
    """Papers of a round are stamped ร่าง unless it is the one that was approved."""
    return not (memo.state == Memo.State.APPROVED and memo.round == number)


@members_only(READERS)
@require_safe
def sent_preview(request: MemberRequest, be_year: int, pk: int, number: int, kind: str) -> HttpResponse:
    """Show a paper of a round in our frame, as it was sent."""
    memo = memo_of(request, be_year, pk)
    sent_of(memo, number, kind)
    where = [request.organisation.slug, be_year, pk, number, kind]
    context = {
        "working_year": be_year,
        "step": "sign",
        "memo": memo,
        "number": number,
        "title": KIND_NAMES[kind],
        "tabs": _tabs(memo, number),
        "paper_url": reverse("reports:sent-paper", args=where),
        "pdf_url": reverse("reports:sent-pdf", args=where),
    }
    return render(request, "reports/memo_preview.html", context)


@members_only(READERS)
@require_safe
def sent_html(request: MemberRequest, be_year: int, pk: int, number: int, kind: str) -> HttpResponse:
    """The print HTML of a paper as a round sent it."""
    memo = memo_of(request, be_year, pk)
    paper = sent_of(memo, number, kind)
    frozen = FrozenPaper(paper.title, paper.body_class, paper.body)
    return HttpResponse(frozen.html(preview=True, draft=_stamped(memo, number)))


@members_only(READERS)
@require_safe
def sent_pdf(request: MemberRequest, be_year: int, pk: int, number: int, kind: str) -> HttpResponseBase:
    """A paper as a round sent it, as a PDF; of the approved round the issued one."""
    memo = memo_of(request, be_year, pk)
    paper = sent_of(memo, number, kind)
    if not _stamped(memo, number) and (issued := issued_paper(memo, kind)):
        return redirect("reports:issued-pdf", request.organisation.slug, be_year, issued.code)
    frozen = FrozenPaper(paper.title, paper.body_class, paper.body)
    name = f"{KIND_NAMES[kind]} {be_year} รอบที่ {number}.pdf"
    return _pdf(frozen.html(draft=_stamped(memo, number)), title=paper.title, name=name)
