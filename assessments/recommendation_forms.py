"""Forms of official recommendations: one by one, and as a pasted text."""

from __future__ import annotations

from typing import Any

from django import forms

from assessments.labels import cell_label
from ita_portal.thai import parse_codes, to_thai

from .models import Instrument, Recommendation
from .recommendation_reading import TOOL_OF_LETTER, Reading, read_recommendations
from .scoring import Kind

EXAMPLE = "เช่น i8, i9"


def places(instrument: Instrument) -> list[tuple[str, str]]:
    """Where a recommendation may belong: ("total/0", "ภาพรวม"), ("IIT/0", "IIT"), ("EIT/1", "EIT ส่วนที่ 1")…"""
    found = [(f"{instrument.tree.code}/0", "ภาพรวม")]
    for tool in instrument.tree.children:
        for part in (0, *tool.parts):
            found.append((f"{tool.code}/{part}", to_thai(cell_label(Kind.TOOL, (tool.code, part)))))
    return found


def question_codes(instrument: Instrument) -> list[str]:
    """Codes of an instrument's questions, in their order."""
    return [node.code for node in instrument.tree.walk() if node.kind is Kind.QUESTION]


class RecommendationForm(forms.Form):
    """One recommendation as a person types it; `codes` are cleaned into a list of question codes."""

    place = forms.ChoiceField(label="เครื่องมือ")
    codes = forms.CharField(
        label="ข้อ",
        required=False,
        max_length=200,
        help_text=to_thai("เว้นว่างได้หากเป็นข้อเสนอแนะทั้งเครื่องมือ เช่น i8, i9"),
    )
    text = forms.CharField(
        label="ข้อเสนอแนะ",
        max_length=10_000,
        error_messages={
            "required": "ยังไม่มีข้อความข้อเสนอแนะ ให้พิมพ์ตามที่ได้รับ เช่น หน่วยงานควรเผยแพร่แผนการใช้จ่ายงบประมาณ",
            "max_length": "ข้อเสนอแนะยาวเกิน ๑๐,๐๐๐ ตัวอักษร ให้แยกเป็นหลายข้อ",
        },
        help_text=to_thai("“(อ้างอิงจาก o11)” จะเชื่อมโยงกับข้อ OIT ให้เอง"),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        self.fields["place"].choices = places(instrument)  # type: ignore[attr-defined]

    @classmethod
    def of(
        cls, recommendation: Recommendation, *, instrument: Instrument, data: Any = None
    ) -> RecommendationForm:
        """Return the form of a recommendation that stands, or of what was typed into it."""
        initial = {
            "place": f"{recommendation.tool.code}/{recommendation.part}",
            "codes": to_thai(", ".join(recommendation.codes)),
            "text": recommendation.text,
            "version": recommendation.version,
        }
        return cls(data, initial=initial, instrument=instrument, prefix=f"r{recommendation.pk}")

    def clean_codes(self) -> list[str]:
        """Read the codes, and refuse what the instrument does not have."""
        typed = self.cleaned_data["codes"].strip()
        tool = "OIT" if self.data.get(self.add_prefix("place"), "").startswith("OIT") else None
        codes = parse_codes(typed, tool=tool)
        if typed and not codes:
            raise forms.ValidationError(to_thai(f"อ่านข้อ “{typed}” ไม่ได้ ให้พิมพ์รหัสข้อ {EXAMPLE}"))
        known = question_codes(self.instrument)
        if unknown := [code for code in codes if code not in known]:
            names = ", ".join(unknown)
            year = self.instrument.be_year
            raise forms.ValidationError(
                to_thai(f"แบบประเมินปี {year} ไม่มีข้อ {names} ให้ตรวจรหัสและปีงบประมาณ {EXAMPLE}")
            )
        return codes

    def clean(self) -> dict[str, Any]:
        """Let every question belong to the chosen tool."""
        data = super().clean() or {}
        tool, _, part = data.get("place", "").partition("/")
        foreign = [code for code in data.get("codes", []) if TOOL_OF_LETTER[code[0]] != tool]
        if tool and foreign:
            names = ", ".join(foreign)
            self.add_error(
                "codes", to_thai(f"{names} ไม่ใช่ข้อของเครื่องมือที่เลือก ให้เลือกเครื่องมือให้ตรงกับข้อ เช่น i8 เป็นข้อของ IIT")
            )
        data["tool"], data["part"] = tool, int(part or 0)
        return data

    @property
    def values(self) -> dict[str, Any]:
        """What the model's verbs take."""
        return {name: self.cleaned_data[name] for name in ("tool", "part", "codes", "text")}


class RecommendationPasteForm(forms.Form):
    """A pasted text; `reading` holds what was understood once the form is valid."""

    text = forms.CharField(
        label="ข้อความข้อเสนอแนะที่คัดลอกมา",
        strip=False,
        max_length=200_000,
        error_messages={
            "required": "ยังไม่มีข้อความ ให้วางข้อเสนอแนะที่คัดลอกมา เช่น ข้อ i๗ หน่วยงานควรเผยแพร่แผนการใช้จ่าย",
            "max_length": "ข้อความยาวเกิน ๒๐๐,๐๐๐ ตัวอักษร ให้คัดลอกเฉพาะส่วนข้อเสนอแนะของสำนักงาน ป.ป.ช.",
        },
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
    )
    replaces = forms.TypedChoiceField(
        label="ข้อเสนอแนะที่มีอยู่แล้ว",
        choices=[("no", "คงไว้ แล้วเพิ่มจากข้อความนี้"), ("yes", "ลบทั้งหมด แล้วใช้จากข้อความนี้แทน")],
        coerce=lambda value: value == "yes",
        initial="no",
        required=False,
        widget=forms.RadioSelect,
    )

    reading: Reading

    def __init__(self, *args: Any, instrument: Instrument, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument

    def clean_text(self) -> str:
        """Read the text."""
        text = self.cleaned_data["text"]
        parts = {part for tool in self.instrument.tree.children for part in tool.parts}
        self.reading = read_recommendations(text, question_codes(self.instrument), parts=parts)
        return text
