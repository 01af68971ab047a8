"""The operator's pages of instruments: what each year asks, and its question list as a table."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, ProtectedError, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from assessments import instrument_table as table
from assessments.models import Instrument
from assessments.question_import import import_questions, scored_codes
from assessments.scoring import Kind
from ita_portal.organisations.access import operators_only
from ita_portal.thai import to_thai

WRITERS = {
    "csv": (table.to_csv, "text/csv; charset=utf-8"),
    "xlsx": (table.to_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class QuestionTableForm(forms.Form):
    """A question list as a file; when confirmed, as the text that the preview was read from."""

    file = forms.FileField(
        label="แฟ้มตาราง",
        required=False,
        allow_empty_file=True,
        help_text="ตาราง .csv หรือ .xlsx ที่มีหัวตาราง เครื่องมือ ตัวชี้วัด ตัวชี้วัดย่อย รหัส ข้อคำถาม",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
    )
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    complete = forms.BooleanField(required=False, label="รายการคำถามครบ")

    rows: list[table.Row]

    def clean(self) -> dict[str, Any]:
        """Read the table from the file, or from the confirmed text."""
        data = super().clean() or {}
        upload, text = data.get("file"), data.get("text")
        try:
            if upload:
                self.rows = table.read_table(upload.read(table.MAX_BYTES + 1), upload.name)
            elif text:
                self.rows = table.read_table(text.encode(), "ตารางที่ตรวจแล้ว")
            else:
                self.add_error("file", "ยังไม่ได้เลือกแฟ้ม โปรดเลือกแฟ้ม .csv หรือ .xlsx ที่ส่งออกจากหน้านี้")
        except table.BadTable as error:
            self.add_error("file", str(error))
        return data


@require_safe
@operators_only
def instrument_list(request: Any) -> HttpResponse:
    """List the instruments with what is known of each."""
    kinds = {f"{kind.name.lower()}_count": Count("items", filter=Q(items__kind=kind)) for kind in Kind}
    instruments = Instrument.objects.annotate(**kinds).order_by("-be_year")
    return render(request, "assessments/instruments.html", {"instruments": instruments})


@require_http_methods(["GET", "HEAD", "POST"])
@operators_only
def instrument_questions(request: Any, be_year: int) -> HttpResponse:
    """Show a year's questions; read a table of them, show what it would change, and import it on confirmation."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    form = QuestionTableForm(request.POST, request.FILES) if request.method == "POST" else QuestionTableForm()
    context = {"instrument": instrument, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "assessments/instrument_questions.html", context, status=status)
    plan = table.check(form.rows, instrument.tree, scored_codes(instrument))
    seen = digest(plan)
    if not plan.refusals and form.cleaned_data["seen"] == seen:
        return _import(request, instrument, plan, complete=form.cleaned_data["complete"])
    if form.cleaned_data["seen"]:
        messages.warning(request, "รายการคำถามเปลี่ยนไปหลังจากที่แสดงตัวอย่าง โปรดตรวจอีกครั้งก่อนยืนยัน")
    text = table.to_csv(form.rows).decode("utf-8-sig")
    context |= {"plan": plan, "text": text, "seen": seen}
    status = 422 if plan.refusals else 200
    return render(request, "assessments/instrument_preview.html", context, status=status)


def _import(request: Any, instrument: Instrument, plan: table.Plan, *, complete: bool) -> HttpResponse:
    try:
        import_questions(instrument, plan, complete=complete, by=request.user, at=timezone.now())
    except ProtectedError:
        messages.error(request, "นำเข้าไม่ได้ เพราะข้อที่จะลบถูกใช้ในมาตรการหรือคะแนนแล้ว ไม่มีสิ่งใดถูกเปลี่ยน")
    else:
        counts = f"เพิ่ม {len(plan.added)} เปลี่ยน {len(plan.changed)} ลบ {len(plan.removed)} ข้อ"
        messages.success(request, to_thai(f"นำเข้ารายการคำถามปีงบประมาณ {instrument.be_year} แล้ว: {counts}"))
    return redirect("assessments:instrument-questions", instrument.be_year)


@require_safe
@operators_only
def instrument_export(request: Any, be_year: int, kind: str) -> HttpResponse:
    """Download a year's questions as a table; kind: "csv" or "xlsx"."""
    instrument = get_object_or_404(Instrument, be_year=be_year)
    write, content_type = WRITERS[kind]
    return HttpResponse(
        write(table.rows_of(instrument.tree)),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="ita-questions-{be_year}.{kind}"'},
    )


def digest(plan: table.Plan) -> str:
    """Return a fingerprint of what a preview showed: what would stand, and what stood before."""
    shown = (plan.questions, plan.sub_indicators, plan.added, plan.changed, plan.removed)
    return hashlib.sha256(repr(shown).encode()).hexdigest()
