"""Whom the operator lets audit which organisations: one, a pasted list, or a whole province."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q

from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_thai
from reports.models import AuditorGrant

MOST_LINES = 1000
LINE_RULE = "เขียนบรรทัดละหนึ่งหน่วยงาน เป็นชื่อเต็ม ชื่อย่อ หรือชื่อในที่อยู่เว็บ เช่น abt-tuayang"


def plain_name(text: str) -> str:
    """Return a name as it is compared: single blanks, small letters."""
    return " ".join(text.split()).lower()


def organisations_named(lines: list[tuple[int, str]]) -> tuple[list[Organisation], list[str]]:
    """Return the organisations that lines name, each once, and a sentence about each line that names none or several.

    A line is a slug, a name or a short name; after a tab it may have the province, as spreadsheets paste it.
    One query.
    """
    typed = [(number, line.partition("\t")) for number, line in lines]
    words = {" ".join(name.split()) for _, (name, _, _) in typed}
    named: dict[str, dict[int, Organisation]] = defaultdict(dict)
    slugs = {word.lower() for word in words}
    found = Organisation.objects.filter(Q(slug__in=slugs) | Q(name__in=words) | Q(short_name__in=words))
    for each in found.order_by("pk"):
        for key in {each.slug, plain_name(each.name), plain_name(each.short_name)} - {""}:
            named[key][each.pk] = each
    chosen: dict[int, Organisation] = {}
    refusals = []
    for number, (name, _, province) in typed:
        line = f"บรรทัดที่ {to_thai(str(number))} “{name.strip()}”"
        place = plain_name(province).removeprefix("จังหวัด")
        matches = [
            each for each in named[plain_name(name)].values() if place in ("", plain_name(each.province))
        ]
        if len(matches) == 1:
            chosen[matches[0].pk] = matches[0]
        elif matches:
            slugs_there = " ".join(each.slug for each in matches[:3])
            refusals.append(
                f"{line} ตรงกับ {to_thai(str(len(matches)))} หน่วยงาน ให้ใช้ชื่อในที่อยู่เว็บแทน เช่น {slugs_there}"
            )
        else:
            where = f" ในจังหวัด{province.strip()}" if province.strip() else ""
            refusals.append(f"{line} ไม่พบหน่วยงานนี้{where} {LINE_RULE}")
    return list(chosen.values()), refusals


class GrantForm(forms.Form):
    """An auditor by user name or e-mail, and what they get: organisations, or a province. All or nothing."""

    person = forms.CharField(
        label="ชื่อผู้ใช้หรืออีเมลของผู้ตรวจสอบ",
        max_length=254,
        help_text="บัญชีต้องมีในระบบแล้ว เช่น weera.t หรือ weera@example.go.th",
        error_messages={"required": "โปรดกรอกชื่อผู้ใช้หรืออีเมลของผู้ตรวจสอบ เช่น weera.t"},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    organisations = forms.CharField(
        label="หน่วยงาน",
        required=False,
        max_length=200_000,
        help_text=f"{LINE_RULE} วางจากตารางสองคอลัมน์ (ชื่อ และจังหวัด) ได้",
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    province = forms.ChoiceField(
        label="หรือทุกหน่วยงานในจังหวัด",
        required=False,
        error_messages={"invalid_choice": "ไม่มีหน่วยงานของจังหวัดนี้ในระบบ ให้เลือกจากรายการ"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = Organisation.objects.order_by("province").values_list("province", flat=True).distinct()
        self.fields["province"].choices = [  # type: ignore[attr-defined]
            ("", "ไม่เลือก"),
            *((province, province) for province in provinces),
        ]

    def clean_person(self) -> User:
        """Find the person; a user name comes before an e-mail that reads the same."""
        typed = self.cleaned_data["person"].strip()
        people = User.objects.filter(is_active=True)
        found = people.filter(username=typed).first() or people.filter(email__iexact=typed).first()
        if found is None:
            raise ValidationError(
                f"ไม่พบผู้ใช้ “{typed}” ในระบบ ตรวจตัวสะกด หรือให้ผู้ตรวจสอบสร้างบัญชีจากลิงก์คำเชิญก่อน เช่น weera.t หรือ weera@example.go.th"
            )
        return found

    def clean_organisations(self) -> list[Organisation]:
        """Read the lines. Every line that names no organisation, or more than one, is refused by its number."""
        text = self.cleaned_data["organisations"]
        lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(
                to_thai(
                    f"วางได้ครั้งละไม่เกิน {MOST_LINES:,} บรรทัด ที่วางมามี {len(lines):,} บรรทัด โปรดแบ่งเป็นหลายครั้ง"
                )
            )
        chosen, refusals = organisations_named(lines)
        if refusals:
            raise ValidationError(refusals)
        return chosen

    def clean(self) -> dict[str, Any]:
        """Refuse neither and both, and what the person has already."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        organisations, province = cleaned["organisations"], cleaned["province"]
        if bool(organisations) == bool(province):
            raise ValidationError("ให้กรอกหน่วยงานอย่างน้อยหนึ่งบรรทัด หรือเลือกจังหวัดอย่างใดอย่างหนึ่ง")
        standing = AuditorGrant.objects.filter(user=cleaned["person"], revoked_at=None)
        if province and standing.filter(province=province).exists():
            self.add_error("province", f"{cleaned['person']} ได้รับสิทธิทุกหน่วยงานในจังหวัด{province}อยู่แล้ว")
        taken = set(standing.filter(organisation__in=organisations).values_list("organisation", flat=True))
        for each in organisations:
            if each.pk in taken:
                self.add_error(
                    "organisations", f"{cleaned['person']} ได้รับสิทธิของ{each} ({each.slug}) อยู่แล้ว ให้นำบรรทัดนี้ออก"
                )
        return cleaned
