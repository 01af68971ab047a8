"""What an approver says of a memo, and what an officer records of a signature on paper."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from ita_portal.thai import BadDate, long_date, parse_date, to_thai
from reports.memo_texts import PHRASES
from reports.models import ApprovalStep, Delegation, Refusal
from reports.uploads import SCAN_LIMIT, BadUpload, Scan, checked_scan

Decision = ApprovalStep.Decision
LONGEST_WORDS = 1_000
TOO_LONG = to_thai(f"ความเห็นยาวเกิน {LONGEST_WORDS:,} ตัวอักษร โปรดย่อ เช่น เห็นควรดำเนินการตามเสนอ")
MEGABYTE = 1_048_576


class DecisionForm(forms.Form):
    """The words that go with one decision: a ready phrase, own words, or a phrase with own words behind it."""

    phrase = forms.ChoiceField(
        label="ถ้อยคำสำเร็จรูป",
        required=False,
        widget=forms.RadioSelect(attrs={"class": "visually-hidden"}),
        error_messages={"invalid_choice": "ไม่มีถ้อยคำนี้ในรายการ โปรดเลือกจากรายการ หรือพิมพ์เอง"},
    )
    words = forms.CharField(
        label="ความเห็นของท่าน (ไม่บังคับ)",
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": TOO_LONG},
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )

    def __init__(self, decision: str, data: QueryDict | None = None, *, follows: str = "") -> None:
        super().__init__(data, auto_id=f"{decision}-%s")
        self.decision, self.follows = decision, follows
        self.returns = decision == Decision.RETURN
        phrases = [(phrase, phrase) for phrase in PHRASES.get(decision, ())]
        self.fields["phrase"].choices = phrases  # type: ignore[attr-defined]
        if self.returns:
            self.fields["words"].label = "เหตุผลที่ส่งคืน"

    @property
    def label(self) -> str:
        """The decision in words."""
        return Decision(self.decision).label

    @property
    def typed(self) -> str:
        """The own words as they were typed, also where they were not taken."""
        return str(self["words"].value() or "")

    @property
    def opinion(self) -> str:
        """The words to be kept, of a valid form."""
        return " ".join(
            part for part in (self.cleaned_data["phrase"], self.cleaned_data["words"].strip()) if part
        )

    def clean(self) -> dict[str, Any]:
        """Ask for a reason where the memo is given back."""
        data = super().clean() or {}
        if self.returns and not self.errors and not self.opinion:
            self.add_error("words", ApprovalStep.NoReason.sentence)
        return data


class SignatureForm(forms.Form):
    """What was signed on paper, as it stands there, with its scan."""

    # Where a refusal of the step is told; others stand above the form.
    PLACES: dict[type[Refusal], str] = {
        ApprovalStep.WrongDecision: "decision",
        ApprovalStep.NoReason: "words",
        ApprovalStep.NoSigner: "signer_name",
        ApprovalStep.BadDay: "signed_on",
    }

    decision = forms.ChoiceField(
        label="ผลการพิจารณาตามที่ลงนาม",
        widget=forms.RadioSelect,
        error_messages={
            "required": "โปรดเลือกผลการพิจารณาตามที่ลงนามในกระดาษ เช่น เห็นชอบ",
            "invalid_choice": "ลำดับนี้เลือกผลการพิจารณานี้ไม่ได้ โปรดเลือกจากรายการ เช่น ส่งคืนแก้ไข",
        },
    )
    words = forms.CharField(
        label="ความเห็นตามที่เขียน",
        required=False,
        max_length=LONGEST_WORDS,
        error_messages={"max_length": TOO_LONG},
        help_text="พิมพ์ตามที่เขียนในกระดาษ หากส่งคืนแก้ไขต้องมีเหตุผล",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    signer_name = forms.CharField(
        label="ชื่อผู้ลงนาม",
        max_length=200,
        help_text="มีคำนำหน้าหรือยศ เช่น นายปิติ รักงาน",
        error_messages={
            "required": ApprovalStep.NoSigner.sentence,
            "max_length": "ยาวเกิน ๒๐๐ ตัวอักษร โปรดย่อ เช่น นายปิติ รักงาน",
        },
    )
    signer_title = forms.CharField(
        label="ตำแหน่งของผู้ลงนาม",
        max_length=200,
        help_text="ตำแหน่งของผู้ลงนามเอง เช่น รองปลัดองค์การบริหารส่วนตำบล",
        error_messages={
            "required": ApprovalStep.NoSigner.sentence,
            "max_length": "ยาวเกิน ๒๐๐ ตัวอักษร โปรดย่อ เช่น รองปลัดองค์การบริหารส่วนตำบล",
        },
    )
    acting_kind = forms.ChoiceField(
        label="ลงนามแทน",
        required=False,
        choices=[("", "ลงนามในตำแหน่งของตนเอง"), *Delegation.Kind.choices],
        error_messages={"invalid_choice": "โปรดเลือกจากรายการ เช่น รักษาราชการแทน"},
    )
    order_number = forms.CharField(
        label="คำสั่งที่",
        required=False,
        max_length=100,
        help_text="กรอกเมื่อลงนามแทน เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖",
        error_messages={"max_length": "ยาวเกิน ๑๐๐ ตัวอักษร โปรดย่อ เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖"},
    )
    signed_on = forms.CharField(
        label="ลงวันที่",
        help_text="วัน เดือน ปี พ.ศ. ตามที่เขียน เช่น ๒๙ มีนาคม ๒๕๖๗ หรือ ๒๙/๓/๒๕๖๗",
        error_messages={"required": "โปรดกรอกวันที่ที่ลงนามในกระดาษ เช่น ๒๙ มีนาคม ๒๕๖๗"},
    )
    scan = forms.FileField(
        label="แฟ้มสแกน",
        allow_empty_file=True,
        help_text="PDF หรือภาพ JPEG, PNG ไม่เกิน ๒๐ เมกะไบต์ เห็นลายมือชื่อและวันที่ชัดเจน",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": "โปรดเลือกแฟ้มสแกนของบันทึกข้อความที่ลงนามแล้ว เช่น บันทึกลงนาม.pdf",
            "invalid": "ไม่ได้รับแฟ้ม โปรดเลือกแฟ้มอีกครั้ง เช่น บันทึกลงนาม.pdf",
        },
    )

    def __init__(
        self,
        step: ApprovalStep,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
    ) -> None:
        super().__init__(data, files, initial=signer_of(step))
        choices = [(choice.value, choice.label) for choice in step.choices]
        self.fields["decision"].choices = choices  # type: ignore[attr-defined]

    def clean_signed_on(self) -> date:
        """Read the day as people write it."""
        try:
            return parse_date(self.cleaned_data["signed_on"])
        except BadDate as bad:
            raise ValidationError(to_thai(str(bad))) from bad

    def clean_scan(self) -> Scan:
        """Check the scan; a file that is too big is refused before it is read."""
        upload: UploadedFile = self.cleaned_data["scan"]
        name, size = upload.name or "", upload.size or 0
        if size > SCAN_LIMIT:
            # Rounded up, so that one byte too many never reads as the limit itself.
            shown = math.ceil(size / MEGABYTE * 100) / 100
            raise ValidationError(
                to_thai(
                    f"แฟ้ม “{name[:80]}” มีขนาด {shown:.2f} เมกะไบต์ ต้องไม่เกิน {SCAN_LIMIT // MEGABYTE} เมกะไบต์ เช่น สแกนขาวดำที่ 200 จุดต่อนิ้ว"
                )
            )
        try:
            return checked_scan(upload.read(), name)
        except BadUpload as bad:
            raise ValidationError(to_thai(str(bad))) from bad

    def clean(self) -> dict[str, Any]:
        """Ask for the order where somebody signed for another."""
        data = super().clean() or {}
        if data.get("acting_kind") and not data.get("order_number"):
            self.add_error("order_number", "โปรดกรอกเลขที่คำสั่งที่ให้ลงนามแทน เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖")
        return data

    def refuse(self, refusal: Refusal) -> None:
        """Tell a refusal of the step at the box that it is about."""
        self.add_error(self.PLACES.get(type(refusal)), to_thai(str(refusal)))


def signer_of(step: ApprovalStep) -> dict[str, str]:
    """Return who would sign this step today, as the boxes take it: who acts for the position, else its holder."""
    today = timezone.localdate()
    acting = Delegation.objects.of(step.memo.organisation).on(today).filter(title=step.title).first()
    filled = {"signed_on": to_thai(long_date(today))}
    if acting is None:
        return filled | {
            "signer_name": step.holder.full_name if step.holder else "",
            "signer_title": step.title,
        }
    membership = acting.acting.memberships.filter(organisation=step.memo.organisation_id).first()
    return filled | {
        "signer_name": acting.acting.full_name,
        "signer_title": membership.position_title if membership else "",
        "acting_kind": acting.kind,
        "order_number": to_thai(acting.order_number),
    }
