"""What auditors type: words to find organisations by, and a remark on a paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet

from ita_portal.organisations.models import Organisation
from ita_portal.thai import to_arabic

MOST_LETTERS = 2000


class AuditSearch(forms.Form):
    """Words of a name, and a province of those that the auditor may open."""

    q = forms.CharField(label="ชื่อหน่วยงาน", required=False, max_length=100)
    province = forms.ChoiceField(label="จังหวัด", required=False)

    def __init__(self, *args: Any, provinces: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["province"].choices = [  # type: ignore[attr-defined]
            ("", "ทุกจังหวัด"),
            *((province, province) for province in provinces),
        ]

    def narrow(self, found: QuerySet[Organisation]) -> QuerySet[Organisation]:
        """Keep those in which every word is found, of the province chosen."""
        self.is_valid()
        for word in to_arabic(self.cleaned_data.get("q", "")).split():
            found = found.filter(Q(name__icontains=word) | Q(short_name__icontains=word))
        province = self.cleaned_data.get("province")
        return found.filter(province=province) if province else found


class RemarkForm(forms.Form):
    """The remark with which an auditor marks a paper as looked over; none is needed."""

    remark = forms.CharField(
        label="ข้อสังเกต (ถ้ามี)",
        required=False,
        max_length=MOST_LETTERS,
        help_text="หน่วยงานเห็นข้อความนี้ เช่น ขอให้ระบุผู้รับผิดชอบของมาตรการที่ ๓ ให้ชัดเจน",
        error_messages={"max_length": "ข้อสังเกตยาวเกิน ๒,๐๐๐ ตัวอักษร โปรดย่อให้สั้นลง เช่น เขียนเฉพาะข้อที่ต้องแก้"},
        widget=forms.Textarea(attrs={"rows": 4}),
    )
