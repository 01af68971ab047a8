"""What an administrator types about memos of the organisation: their head, and who acts for whom."""

from __future__ import annotations

from copy import copy
from datetime import date
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from ita_portal.organisations.models import Organisation
from ita_portal.thai import BadDate, long_date, parse_date, to_arabic, to_thai
from reports.models import Delegation, Letterhead, usual_chain
from reports.uploads import EMBLEM_LIMIT, SCAN_LIMIT, BadUpload, emblem_png

from .chain import plain_title, signer_choices, signers_of

# The calendar years (B.E.) in which a register can stand; a year of the common era is below.
REGISTER_YEARS = (2500, 2699)


def plain(text: str) -> str:
    """Return a line as it is kept: with Arabic digits, which papers turn, and single blanks."""
    return " ".join(to_arabic(text).split())


class LetterheadForm(forms.ModelForm):
    """What memos of the organisation have in common, with an emblem to put on or take off."""

    emblem_file = forms.FileField(
        label="ตรา",
        required=False,
        help_text=f"ภาพ PNG, JPEG หรือ SVG ไม่เกิน {to_thai(str(EMBLEM_LIMIT // 1_048_576))} เมกะไบต์ พิมพ์สูง ๑.๕ เซนติเมตร เช่น ตราครุฑสีดำบนพื้นขาวหรือพื้นโปร่งใส",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/svg+xml"}),
    )

    class Meta:
        model = Letterhead
        fields = [
            *("department", "phone", "number_prefix", "first_number", "first_number_year"),
            "allows_own_approval",
        ]
        widgets = {
            "phone": forms.TextInput(attrs={"inputmode": "tel"}),
            "first_number": forms.TextInput(attrs={"inputmode": "numeric"}),
            "first_number_year": forms.TextInput(attrs={"inputmode": "numeric"}),
        }
        error_messages = {
            "first_number": {
                "required": "ยังไม่ได้กรอกเลขทะเบียนเริ่มต้น ให้กรอกจำนวนเต็ม ๑ ถึง ๙๙,๙๙๙ เช่น ๑",
                "invalid": "เลขทะเบียนเริ่มต้นต้องเป็นจำนวนเต็ม ๑ ถึง ๙๙,๙๙๙ เช่น ๒๐๔",
            },
            "first_number_year": {"invalid": "ปีของเลขทะเบียนเริ่มต้นต้องเป็นปี พ.ศ. สี่หลัก เช่น ๒๕๖๗"},
        }

    field_order = ["department", "phone", "emblem_file"]

    def __init__(
        self,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile] | None = None,
        *,
        letterhead: Letterhead,
    ) -> None:
        typed = ("department", "phone", "number_prefix", "first_number", "first_number_year")
        shown = {name: to_thai(str(value)) for name in typed if (value := getattr(letterhead, name))}
        # A form fills its object while it checks: a copy, so that the preview shows what is kept.
        super().__init__(data, files, instance=copy(letterhead), initial=shown)
        for field in self.fields.values():
            field.help_text = to_thai(str(field.help_text))
        self.fields["department"].help_text += f" หากเว้นว่างจะใช้ “{letterhead.organisation.name}”"
        if phone := letterhead.organisation.phone:
            self.fields["phone"].help_text += f" หากเว้นว่างจะใช้ “{to_thai(phone)}”"

    def clean_department(self) -> str:
        """Keep single blanks."""
        return plain(self.cleaned_data["department"])

    def clean_phone(self) -> str:
        """Drop the word that papers print before the number themselves."""
        return plain(self.cleaned_data["phone"]).removeprefix("โทร.").strip()

    def clean_number_prefix(self) -> str:
        """Drop the stroke that is put between prefix and number."""
        return plain(self.cleaned_data["number_prefix"]).removeprefix("ที่ ").rstrip("/").strip()

    def clean_first_number(self) -> int:
        """Raise ValidationError for a number that no register has."""
        number: int = self.cleaned_data["first_number"]
        if not 1 <= number <= 99_999:
            raise forms.ValidationError(
                to_thai(f"เลขทะเบียนเริ่มต้น {number} เป็นไปไม่ได้ ต้องเป็น 1 ถึง 99,999 เช่น 204")
            )
        return number

    def clean_first_number_year(self) -> int | None:
        """Raise ValidationError for a year that is not of the Buddhist era."""
        year: int | None = self.cleaned_data["first_number_year"]
        first, last = REGISTER_YEARS
        if year is not None and not first <= year <= last:
            raise forms.ValidationError(
                to_thai(f"ปี {year} เป็นไปไม่ได้ ต้องเป็นปี พ.ศ. {first} ถึง {last} เช่น 2567")
            )
        return year

    def clean_emblem_file(self) -> bytes | None:
        """Return the emblem as a fresh PNG. Raises ValidationError with what is wrong with the file."""
        upload = self.cleaned_data["emblem_file"]
        if upload is None:
            return None
        try:
            # Read no further than the largest upload of the portal: what is longer is refused in any case.
            return emblem_png(upload.read(SCAN_LIMIT), upload.name)
        except BadUpload as fault:
            raise forms.ValidationError(to_thai(str(fault))) from fault

    def clean(self) -> dict[str, Any]:
        """Refuse a first number that belongs to no year: it would count in none."""
        cleaned = super().clean() or self.cleaned_data
        number, year = cleaned.get("first_number"), cleaned.get("first_number_year")
        if number and number > 1 and year is None and "first_number_year" not in self.errors:
            self.add_error(
                "first_number_year",
                to_thai(f"ยังไม่ได้กรอกปีของเลขทะเบียนเริ่มต้น {number} ให้กรอกปี พ.ศ. ของทะเบียน เช่น 2567"),
            )
        return cleaned

    @property
    def is_kept_changed(self) -> bool:
        """Whether a field of the letterhead itself, and not only the emblem, differs from what is kept."""
        kept = Letterhead.of(self.instance.organisation)
        return any(getattr(kept, name) != getattr(self.instance, name) for name in self._meta.fields or ())


class DelegationForm(forms.ModelForm):
    """Who acts for a position, by which order, from when to when."""

    title = forms.CharField(
        label="ตำแหน่งที่แทน",
        max_length=200,
        help_text="ต้องตรงกับตำแหน่งในลำดับการลงนามของบันทึกข้อความ เลือกจากรายการที่ขึ้นเมื่อพิมพ์",
        error_messages={"required": "ยังไม่ได้กรอกตำแหน่งที่แทน เช่น ปลัดองค์การบริหารส่วนตำบล"},
        widget=forms.TextInput(attrs={"list": "delegation-titles", "autocomplete": "off"}),
    )
    acting = forms.ChoiceField(
        label="ผู้แทน",
        help_text="สมาชิกที่ลงนามได้ของหน่วยงาน",
        error_messages={
            "required": "ยังไม่ได้เลือกผู้แทน ให้เลือกสมาชิกหนึ่งคน",
            "invalid_choice": "ผู้ที่เลือกไม่ได้เป็นสมาชิกที่ลงนามได้ของหน่วยงาน ให้เลือกจากรายชื่อ",
        },
    )
    kind = forms.ChoiceField(
        label="ลักษณะ",
        choices=[
            (Delegation.Kind.ON_BEHALF, "ปฏิบัติราชการแทน (ผู้ดำรงตำแหน่งมอบอำนาจ และยังลงนามเองได้)"),
            (Delegation.Kind.IN_CHARGE, "รักษาราชการแทน (ผู้ดำรงตำแหน่งไม่อยู่ หรือตำแหน่งว่าง)"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "ยังไม่ได้เลือกลักษณะ ให้เลือกหนึ่งข้อ เช่น รักษาราชการแทน"},
    )
    order_number = forms.CharField(
        label="คำสั่งที่",
        max_length=100,
        help_text="เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖",
        error_messages={"required": "ยังไม่ได้กรอกเลขที่คำสั่ง เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖"},
    )
    starts_on = forms.CharField(
        label="ตั้งแต่วันที่",
        max_length=60,
        help_text="เช่น ๑ ตุลาคม ๒๕๖๖ หรือ ๑/๑๐/๒๕๖๖",
        error_messages={"required": "ยังไม่ได้กรอกวันเริ่มต้น ให้กรอกวัน เดือน ปี พ.ศ. เช่น ๑ ตุลาคม ๒๕๖๖"},
    )
    ends_on = forms.CharField(
        label="ถึงวันที่",
        max_length=60,
        help_text="เช่น ๓๐ กันยายน ๒๕๖๗ หรือ ๓๐/๙/๒๕๖๗",
        error_messages={"required": "ยังไม่ได้กรอกวันสิ้นสุด ให้กรอกวัน เดือน ปี พ.ศ. เช่น ๓๐ กันยายน ๒๕๖๗"},
    )

    class Meta:
        model = Delegation
        fields = ["title", "acting", "kind", "order_number", "starts_on", "ends_on"]

    def __init__(self, data: QueryDict | None = None, *, organisation: Organisation) -> None:
        super().__init__(data, instance=Delegation(organisation=organisation))
        signers = signers_of(organisation)
        self.people = {str(one.user_id): one.user for one in signers}
        cast(forms.ChoiceField, self.fields["acting"]).choices = signer_choices(signers, "เลือกผู้แทน")
        self.chain_titles = [entry.title for entry in usual_chain(organisation)]

    def clean_title(self) -> str:
        """Return the position as chains keep it."""
        return plain_title(self.cleaned_data["title"])

    def clean_acting(self) -> Any:
        """Return the person."""
        return self.people[self.cleaned_data["acting"]]

    def clean_order_number(self) -> str:
        """Drop the words that stand before the number anyway."""
        return plain(self.cleaned_data["order_number"]).removeprefix("คำสั่งที่").strip()

    def clean_starts_on(self) -> date:
        """Return the day. Raises ValidationError with the value, the rule and an example."""
        return self._day("starts_on")

    def clean_ends_on(self) -> date:
        """Return the day. Raises ValidationError with the value, the rule and an example."""
        return self._day("ends_on")

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts, and one in which the person acts for the position already."""
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first is None or last is None:
            return cleaned
        if last < first:
            self.add_error("ends_on", self._ends_early(first, last))
            return cleaned
        title, acting = cleaned.get("title"), cleaned.get("acting")
        same = Delegation.objects.of(self.instance.organisation).filter(
            title=title, acting=acting, revoked_at=None, starts_on__lte=last, ends_on__gte=first
        )
        if title and acting and (found := same.first()):
            self.add_error("starts_on", self._overlaps(found))
        return cleaned

    def _day(self, name: str) -> date:
        try:
            return parse_date(self.cleaned_data[name])
        except BadDate as error:
            raise forms.ValidationError(to_thai(str(error))) from error

    def _ends_early(self, first: date, last: date) -> str:
        return to_thai(
            f"วันสิ้นสุด {long_date(last)} มาก่อนวันเริ่มต้น {long_date(first)} วันสิ้นสุดต้องไม่มาก่อนวันเริ่มต้น "
            "เช่น 1 ตุลาคม 2566 ถึง 30 กันยายน 2567"
        )

    def _overlaps(self, found: Delegation) -> str:
        return to_thai(
            f"{found} อยู่แล้ว ตั้งแต่ {long_date(found.starts_on)} ถึง {long_date(found.ends_on)} "
            f"ตามคำสั่งที่ {found.order_number} ช่วงวันต้องไม่ซ้อนกัน ให้กรอกช่วงอื่น หรือยกเลิกคำสั่งเดิมก่อน"
        )
