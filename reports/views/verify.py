"""Verification of approved papers, open to everybody: by code, or by the file itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.forms.verify import ComparedFileForm
from reports.models import IssuedPaper
from reports.papers.codes import clean_code
from reports.verification import compare, is_as_issued, is_on_record

NO_CODE = "อ่านรหัสนี้ไม่ได้ รหัสมีตัวอักษรอังกฤษและตัวเลขรวม ๑๒ ตัว เช่น"
UNKNOWN = "ไม่พบเอกสารที่มีรหัสนี้ โปรดเทียบกับรหัสที่ท้ายหน้าเอกสารทีละตัว หากตรงกันแล้วยังไม่พบ เอกสารนั้นไม่ได้ออกจากระบบนี้"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Ask for a code (`code` in the address) or a file; hold the file against every approved paper."""
    if request.method == "POST":
        return _compared(request, None)
    typed = request.GET.get("code", "").strip()
    if code := clean_code(typed):
        return redirect("reports:verify-code", code)
    return _form(request, typed, NO_CODE if typed else "", status=422 if typed else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_code(request: HttpRequest, code: str) -> HttpResponse:
    """Tell what the paper of a code is, and hold a file against it."""
    clean = clean_code(code)
    if clean and clean != code:
        return redirect("reports:verify-code", clean)
    paper = IssuedPaper.objects.listed().filter(code=clean).first() if clean else None
    if paper is None:
        return _form(request, code, UNKNOWN if clean else NO_CODE, status=404)
    if request.method == "POST":
        return _compared(request, paper)
    return _told(request, paper, ComparedFileForm())


def _form(request: HttpRequest, typed: str, refusal: str, *, status: int) -> HttpResponse:
    context = {"form": ComparedFileForm(), "typed": typed, "refusal": refusal, "example": "7K3M-9QWD-X2ZP"}
    return render(request, "reports/verify.html", context, status=status)


def _told(
    request: HttpRequest, paper: IssuedPaper, form: ComparedFileForm, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        "paper": paper,
        "form": form,
        # Its newest publication, once it is over.
        "withdrawn": None if paper.is_published else paper.publications.first(),
        "on_record": is_on_record(paper),
        "as_issued": is_as_issued(paper),
    }
    return render(request, "reports/verify_paper.html", context | more, status=status)


def _compared(request: HttpRequest, paper: IssuedPaper | None) -> HttpResponse:
    """Answer to an upload; nothing of the file is kept."""
    form = ComparedFileForm(request.POST, request.FILES)
    status = 200 if form.is_valid() else 422
    comparison = compare(form.cleaned_data["digest"], paper) if form.is_valid() else None
    if paper:
        return _told(request, paper, form, status, comparison=comparison)
    context = {"form": form, "comparison": comparison, "example": "7K3M-9QWD-X2ZP"}
    return render(request, "reports/verify.html", context, status=status)
