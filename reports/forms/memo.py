"""What the officer writes into a memo, and the reasons that deeds on it ask for."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from ita_portal.thai import in_digits, to_arabic, to_thai
from measures.models import Digits
from reports.memo_texts import MemoDraft, reference_warning
from reports.models import Memo
from reports.papers import KINDS, PaperKind

# Texts that a ready text fills anew.
READY = ("subject", "addressee", "background", "facts", "rules", "proposal", "closing")
TEXTS = ("department", "phone", "number_prefix", *READY)
# Sections of the memo in order: the text, and the switch that prints it.
SECTIONS = tuple((name, f"shows_{name}") for name in ("background", "facts", "rules", "proposal"))
LAYOUT = ("shows_headings", "numbered", "catchword", "digits")
HELP = {
    "department": "ชื่อสำนัก/กอง และหน่วยงานเจ้าของเรื่อง เช่น สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง",
    "phone": "พิมพ์ต่อจากส่วนราชการ เช่น ๐ ๒๑๒๓ ๔๕๖๗ ต่อ ๑๑ เว้นว่างได้",
    "number_prefix": "รหัสหนังสือของหน่วยงาน เช่น ตย ๗๗๕๐๑ ระบบเติมเครื่องหมาย / และเลขทะเบียนให้เมื่อเสนอ",
    "subject": "ใจความสั้นที่สุดที่ครอบคลุมเนื้อหา ขึ้นต้นด้วยสิ่งที่ขอ เช่น ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส",
    "addressee": "ตำแหน่งของผู้มีอำนาจอนุมัติ ไม่ต้องมีคำว่า “เรียน” เช่น นายกองค์การบริหารส่วนตำบลตัวอย่าง",
    "background": "เรื่องนี้มีที่มาอย่างไร หนึ่งย่อหน้าต่อหนึ่งบรรทัด",
    "facts": "ได้ทำอะไรไปแล้ว ได้ผลอย่างไร หนึ่งย่อหน้าต่อหนึ่งบรรทัด",
    "rules": "กฎหมาย ระเบียบ หรือหนังสือสั่งการที่ให้ทำเรื่องนี้ หนึ่งข้อต่อหนึ่งบรรทัด",
    "proposal": "ขอให้ผู้บริหารพิจารณาหรือสั่งการอะไร หนึ่งข้อต่อหนึ่งบรรทัด",
    "closing": "พิมพ์ก่อนลายมือชื่อของเจ้าหน้าที่ เช่น จึงเรียนมาเพื่อโปรดพิจารณาอนุมัติ",
    "shows_headings": "เอาเครื่องหมายออกหากต้องการให้เนื้อความต่อกันโดยไม่มีหัวข้อ",
    "numbered": "เช่น ๑. เรื่องเดิม ๒. ข้อเท็จจริง ใช้เมื่อพิมพ์หัวข้อ",
    "catchword": "พิมพ์คำแรกของหน้าถัดไปที่มุมล่างขวา เมื่อบันทึกข้อความยาวเกินหนึ่งหน้า",
}
ROWS = {"subject": 2, "background": 4, "facts": 5, "rules": 4, "proposal": 7}
REQUIRED = {
    "department": "ยังไม่ได้กรอกส่วนราชการ เช่น สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง",
    "subject": "ยังไม่ได้กรอกเรื่อง เช่น ขออนุมัติมาตรการส่งเสริมคุณธรรมและความโปร่งใส",
    "addressee": "ยังไม่ได้กรอกผู้รับ เช่น นายกองค์การบริหารส่วนตำบลตัวอย่าง",
}
INCOMPLETE = "ข้อมูลของแบบฟอร์มมาไม่ครบ จึงยังไม่ได้บันทึก โปรดคัดลอกข้อความไว้ แล้วเปิดหน้านี้ใหม่"


class PapersField(forms.MultipleChoiceField):
    """Which papers a memo carries, as ticks; kept in the order in which papers are listed."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, kinds: Iterable[PaperKind] = ()) -> None:
        self.keys = [kind.key for kind in kinds]
        super().__init__(
            label="เอกสารแนบ",
            choices=[(key, KINDS[key].name) for key in self.keys],
            error_messages={
                "required": to_thai(Memo.NoPaper.sentence),
                "invalid_choice": "เอกสารที่เลือกแนบไม่ได้แล้ว เพราะอยู่ในบันทึกข้อความฉบับอื่น ให้เลือกใหม่จากรายการ",
            },
        )

    def clean(self, value: Any) -> list[str]:
        """Return the keys of the papers that are ticked."""
        chosen = super().clean(value)
        return [key for key in self.keys if key in chosen]


class StartForm(forms.Form):
    """Which papers a new memo carries."""

    papers = PapersField()

    def __init__(self, data: QueryDict | None = None, *, kinds: Iterable[PaperKind]) -> None:
        kinds = list(kinds)
        super().__init__(data, initial={"papers": [kind.key for kind in kinds]})
        self.fields["papers"] = PapersField(kinds)


class ReasonForm(forms.Form):
    """Why somebody takes a memo back, gives it up or corrects it."""

    reason = forms.CharField(
        label="เหตุผล",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "เหตุผลยาวเกิน ๒,๐๐๐ ตัวอักษร ให้เขียนเฉพาะใจความ"},
    )

    def __init__(self, data: QueryDict | None = None, *, example: str) -> None:
        """example: a reason that fits the deed, shown under the label and where none was written."""
        super().__init__(data)
        self.fields["reason"].help_text = f"เช่น {example}"
        self.fields["reason"].error_messages["required"] = f"โปรดเขียนเหตุผล เช่น {example}"


class MemoForm(forms.ModelForm):
    """All that the officer writes. Texts show the digits that the memo prints, and are kept as typed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    papers = PapersField()
    digits = forms.ChoiceField(
        label="ตัวเลขในบันทึกข้อความ",
        choices=[(Digits.THAI.value, "เลขไทย เช่น ๒๕๖๗"), (Digits.ARABIC.value, "เลขอารบิก เช่น 2567")],
        widget=forms.RadioSelect,
        error_messages={"required": "ยังไม่ได้เลือกตัวเลข ให้เลือกเลขไทยหรือเลขอารบิก"},
    )

    class Meta:
        model = Memo
        fields = [*TEXTS, *(switch for _, switch in SECTIONS), *LAYOUT, "papers"]
        help_texts = HELP
        error_messages = {name: {"required": sentence} for name, sentence in REQUIRED.items()}
        widgets = {name: forms.Textarea(attrs={"rows": rows}) for name, rows in ROWS.items()}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        memo: Memo,
        kinds: Iterable[PaperKind],
        typed: QueryDict | None = None,
        ready: MemoDraft | None = None,
    ) -> None:
        """typed: what a form held that is only drawn anew, with the texts of `ready` in place of its own."""
        self.memo = memo
        shown: dict[str, Any] = {name: in_digits(getattr(memo, name), _digits_of(memo)) for name in TEXTS}
        shown["version"] = memo.version
        if typed is not None:
            shown |= self._typed(typed)
        if ready is not None:
            shown |= {name: in_digits(getattr(ready, name), _digits_of(memo)) for name in READY}
        # A form fills its object while it checks: a copy, so that the memo stays as it is kept.
        super().__init__(data, instance=copy(memo), initial=shown)
        self.fields["papers"] = PapersField(kinds)
        self.fields["number_prefix"].label = "ที่"
        for name in TEXTS:
            limit = getattr(self.fields[name], "max_length", None)
            if limit:
                label = self.fields[name].label
                sentence = to_thai(f"{label}ยาวเกิน {limit} ตัวอักษร ให้ตัดให้สั้นลง")
                self.fields[name].error_messages["max_length"] = sentence
        self.fields["version"].error_messages |= {"required": INCOMPLETE, "invalid": INCOMPLETE}
        for name, field in self.fields.items():
            is_text = name in TEXTS
            field.widget.attrs["class"] = "form-control" if is_text else "form-check-input"
        self.is_rewritten = ready is not None
        self.standing: dict[str, str] = {}

    @staticmethod
    def _typed(data: QueryDict) -> dict[str, Any]:
        switches = [switch for _, switch in SECTIONS] + [name for name in LAYOUT if name != "digits"]
        return {
            **{name: data.get(name, "") for name in (*TEXTS, "digits", "version")},
            **{name: name in data for name in switches},
            "papers": data.getlist("papers"),
        }

    def clean_number_prefix(self) -> str:
        """Return the prefix without the stroke that the portal puts after it."""
        return " ".join(to_arabic(self.cleaned_data["number_prefix"]).split()).rstrip("/ ")

    def show_beside(self, texts: dict[str, str]) -> None:
        """Show under each box the text that stands in `texts` where it is another than that in the box."""
        for name, text in texts.items():
            now = str(self[name].value() or "")
            if to_arabic(now).split() != to_arabic(text).split():
                self.standing[name] = text or "(ว่าง)"

    def other_choices(self, standing: Memo) -> list[str]:
        """Return the labels of the switches and choices that stand otherwise in `standing` than in the form."""
        names = [*(switch for _, switch in SECTIONS), *LAYOUT, "papers"]
        return [str(self[name].label) for name in names if self[name].value() != getattr(standing, name)]

    @property
    def fields_to_save(self) -> dict[str, Any]:
        """What `Memo.edit` takes, once the form is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    # --- how the page groups it ------------------------------------------------------------------------------

    def _boxes(self, *names: str) -> list[tuple[BoundField, str]]:
        return [(self[name], self.standing.get(name, "")) for name in names]

    @property
    def head(self) -> list[tuple[BoundField, str]]:
        """The head of the memo: each box, with the text beside it."""
        return self._boxes("department", "phone", "number_prefix", "subject", "addressee")

    @property
    def sections(self) -> list[tuple[BoundField, BoundField, str]]:
        """Each section: its switch, its box, and the text beside it."""
        return [(self[switch], self[name], self.standing.get(name, "")) for name, switch in SECTIONS]

    @property
    def foot(self) -> list[tuple[BoundField, str]]:
        """What stands after the sections."""
        return self._boxes("closing")

    @property
    def switches(self) -> list[BoundField]:
        """How it is printed, but for the digits."""
        return [self[name] for name in LAYOUT if name != "digits"]

    @property
    def prefix_warning(self) -> str:
        """What is unusual about the prefix; "" where nothing is, or where there is none yet."""
        typed = str(self["number_prefix"].value() or "").strip().rstrip("/ ")
        return reference_warning(f"{typed}/1") if typed else ""


def texts_of(memo: Memo) -> dict[str, str]:
    """The texts of a memo as its form shows them."""
    return {name: in_digits(getattr(memo, name), _digits_of(memo)) for name in TEXTS}


def _digits_of(memo: Memo) -> Any:
    return "arabic" if memo.digits == Digits.ARABIC else "thai"
