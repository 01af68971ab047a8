"""The boxes of an organisation's own library entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from ita_portal.thai import to_thai

from .models import LibraryEntry

TEXTS = ("title", "recommendation", "steps", "unit_name", "follow_up")


def text_box(label: str, *, rows: int, help_text: str = "", empty: str = "") -> forms.CharField:
    """Return a box for a text; `empty` is the sentence where it must not be left empty."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=bool(empty),
        error_messages={"required": empty},
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class EntryForm(forms.Form):
    """Texts and topic of an own entry, with the version that the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    title = text_box(
        "มาตรการ/แนวทาง",
        rows=2,
        empty="ยังไม่ได้เขียนมาตรการ ให้เขียนว่าจะทำอะไร เช่น จัดประชุมชี้แจงแผนการใช้จ่ายงบประมาณทุกไตรมาส",
    )
    recommendation = text_box(
        "ข้อเสนอแนะ", rows=3, help_text="คะแนนต่ำบอกอะไร และเหตุใดมาตรการนี้จึงช่วยได้ เว้นว่างได้"
    )
    steps = text_box(
        "ขั้นตอน",
        rows=6,
        help_text="หนึ่งบรรทัดคือหนึ่งขั้นตอน บอกว่าใครทำอะไร ภายในเมื่อใด",
        empty="ยังไม่ได้เขียนขั้นตอน ให้เขียนอย่างน้อยหนึ่งขั้นตอน เช่น กองคลังสรุปการใช้จ่ายเสนอที่ประชุมทุกไตรมาส",
    )
    unit_name = text_box(
        "ผู้รับผิดชอบ", rows=1, help_text="ชื่อสำนัก/กองตามทะเบียนของหน่วยงาน คั่นด้วยจุลภาค หรือ ทุกสำนัก/กอง"
    )
    follow_up = text_box("การติดตามประเมินผล", rows=2, help_text="ดูจากอะไรว่าทำแล้ว")
    topic = forms.TypedChoiceField(label="ประเด็น", required=False, coerce=int, empty_value=None)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        entry: LibraryEntry,
        topics: Sequence[Mapping[str, Any]],
    ) -> None:
        super().__init__(
            data,
            initial={name: to_thai(getattr(entry, name)) for name in TEXTS}
            | {"topic": entry.topic, "version": entry.version},
        )
        known = {topic["number"]: to_thai(f"({topic['number']}) {topic['name']}") for topic in topics}
        if entry.topic and entry.topic not in known:
            known[entry.topic] = to_thai(f"ประเด็นที่ {entry.topic}")
        field = self.fields["topic"]
        assert isinstance(field, forms.TypedChoiceField)
        field.choices = [("", "ไม่ระบุประเด็น"), *known.items()]
