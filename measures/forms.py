"""The settings of a paper, as people fill them in."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.http import QueryDict

from ita_portal.thai import BadScore, format_score, parse_score, to_arabic, to_thai

from .models import PaperKind, PaperSettings
from .profile import KINDS, LEAST_WIDTH, MOST_WIDTH, BadColumns, Column, check_columns

GROUPINGS = {
    PaperSettings.Grouping.TOPICS: "ตามประเด็นทั้งเจ็ด เช่น (๑) กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ",
    PaperSettings.Grouping.INDICATORS: "ตามเครื่องมือและตัวชี้วัด เช่น ตัวชี้วัดที่ ๒ การใช้งบประมาณ",
}
NUMBERINGS = {
    PaperSettings.Numbering.RESTART: "เริ่มใหม่ทุกกลุ่ม เช่น กลุ่ม (๑) มี ๑. ๒. กลุ่ม (๒) มี ๑. ๒.",
    PaperSettings.Numbering.CONTINUOUS: "เรียงต่อกันทั้งตาราง เช่น กลุ่ม (๑) มี ๑. ๒. กลุ่ม (๒) มี ๓. ๔.",
    PaperSettings.Numbering.SUB: "เลขย่อยตามเลขกลุ่ม เช่น กลุ่ม (๑) มี ๑.๑ ๑.๒ กลุ่ม (๒) มี ๒.๑ ๒.๒",
}
LEVELS = {
    PaperSettings.LevelScale.OWN: "ตามเกณฑ์ของปีที่ประเมิน",
    PaperSettings.LevelScale.LETTERS: "ตัวอักษร เช่น A",
    PaperSettings.LevelScale.PASS: "ระดับผ่าน เช่น ผ่านดี",
}
# Sections that a paper cannot have.
LACKING = {
    PaperKind.PLAN: ("shows_preface",),
    PaperKind.ANALYSIS: ("shows_all_questions", "shows_recommendations", "shows_limitations"),
}


def _yes_or_no(label: str, no: str, yes: str, *, is_usual: bool) -> forms.TypedChoiceField:
    """A choice between two ways of writing, each named by an example, the usual one first."""
    return forms.TypedChoiceField(
        label=label,
        choices=[("True", yes), ("False", no)] if is_usual else [("False", no), ("True", yes)],
        coerce=lambda value: value == "True",
        widget=forms.RadioSelect,
    )


class SettingsForm(forms.ModelForm):
    """All settings of one paper but for its columns, which have boxes of their own (`ColumnBox`)."""

    grouping = forms.ChoiceField(
        label="การจัดกลุ่มตารางมาตรการ", choices=GROUPINGS.items(), widget=forms.RadioSelect
    )
    numbering = forms.ChoiceField(
        label="เลขลำดับมาตรการ", choices=NUMBERINGS.items(), widget=forms.RadioSelect
    )
    digits = forms.ChoiceField(
        label="ตัวเลขในเอกสาร",
        choices=[("thai", "เลขไทย เช่น ๙๔.๑๖"), ("arabic", "เลขอารบิก เช่น 94.16")],
        widget=forms.RadioSelect,
        help_text="ที่อยู่เว็บ อีเมล และรหัสภาษาอังกฤษ เช่น ISO 9001 คงเดิมเสมอ",
    )
    short_dates = _yes_or_no(
        "วันที่และระยะเวลา", "แบบยาว เช่น ตุลาคม ๒๕๖๖ – กันยายน ๒๕๖๗", "แบบย่อ เช่น ต.ค. ๖๖ – ก.ย. ๖๗", is_usual=False
    )
    whole_hundred = _yes_or_no("คะแนนเต็ม", "๑๐๐.๐๐", "๑๐๐", is_usual=True)
    threshold = forms.CharField(
        label="เกณฑ์คะแนน",
        max_length=20,
        help_text="ข้อที่ได้คะแนนต่ำกว่าเกณฑ์นี้ต้องมีมาตรการหรือเหตุผล คะแนนเท่าเกณฑ์ถือว่าผ่าน ตามปกติใช้ ๘๕ บางหน่วยงานใช้ ๙๐",
        error_messages={
            "required": "ยังไม่ได้กรอกเกณฑ์คะแนน ให้กรอกตัวเลข ๐ ถึง ๑๐๐ เช่น ๘๕",
            "max_length": "เกณฑ์คะแนนยาวเกินไป ให้กรอกตัวเลข ๐ ถึง ๑๐๐ เช่น ๘๕",
        },
    )
    level_scale = forms.ChoiceField(
        label="ระดับผลการประเมิน",
        choices=LEVELS.items(),
        widget=forms.RadioSelect,
        help_text="ปี ๒๕๖๒ ถึง ๒๕๖๕ ประกาศเป็นตัวอักษร ตั้งแต่ปี ๒๕๖๖ ประกาศเป็นระดับผ่าน",
    )

    class Meta:
        model = PaperSettings
        fields = [
            "grouping",
            "numbering",
            "digits",
            "short_dates",
            "whole_hundred",
            "threshold",
            "level_scale",
            "shows_cover",
            "shows_preface",
            "shows_all_questions",
            "shows_recommendations",
            "shows_limitations",
        ]

    def __init__(
        self, data: QueryDict | None = None, *, instance: PaperSettings, initial: dict[str, Any] | None = None
    ) -> None:
        shown = {
            "threshold": to_thai(format_score(instance.threshold).removesuffix(".00")),
            **(initial or {}),
        }
        # A form fills its object while it checks: a copy, so that the row stays as it is kept.
        super().__init__(data, instance=copy(instance), initial=shown)
        for name in LACKING[PaperKind(instance.kind)]:
            del self.fields[name]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                example = f"ให้เลือกหนึ่งข้อ เช่น {next(label for _, label in field.choices)}"  # type: ignore[misc, union-attr]
                field.error_messages["required"] = f"{field.label}: ยังไม่ได้เลือก {example}"
                field.error_messages["invalid_choice"] = f"{field.label}: ไม่มีตัวเลือก “%(value)s” {example}"

    def clean_threshold(self) -> Any:
        """Return the threshold in points. Raises ValidationError with the rule and an example."""
        try:
            return parse_score(self.cleaned_data["threshold"])
        except BadScore as error:
            raise forms.ValidationError(to_thai(f"เกณฑ์คะแนน: {error}".replace("93.66", "85"))) from error

    @property
    def parts(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the parts of the page, each with its heading."""
        parts = {
            "ตารางมาตรการ": ["grouping", "numbering"],
            "เกณฑ์และระดับ": ["threshold", "level_scale"],
            "ตัวเลขและวันที่": ["digits", "short_dates", "whole_hundred"],
            "ส่วนที่พิมพ์": [name for name in self.fields if name.startswith("shows_")],
        }
        return [(heading, [self[name] for name in names]) for heading, names in parts.items()]


@dataclass(frozen=True)
class ColumnBox:
    """One row of the table of columns, as texts: kept, or as typed and perhaps wrong."""

    kind: str
    prints: bool
    heading: str
    width: str

    @property
    def name(self) -> str:
        """What the column holds, in words."""
        return KINDS[self.kind]

    @property
    def readable_width(self) -> int | None:
        """The width in per cent; None where it is no whole number."""
        plain = to_arabic(self.width).strip().removesuffix("%").strip()
        return int(plain) if plain.isascii() and plain.isdecimal() and len(plain) <= 4 else None

    @property
    def is_bad(self) -> bool:
        """Whether the width of a column that prints is impossible by itself."""
        width = self.readable_width
        return self.prints and (width is None or not LEAST_WIDTH <= width <= MOST_WIDTH)


def column_boxes(columns: Iterable[Column]) -> list[ColumnBox]:
    """Return a row for every kind of column: those that print in their order, then the others."""
    shown = [ColumnBox(c.kind, True, c.heading, to_thai(str(c.width))) for c in columns]
    kinds = {box.kind for box in shown}
    return shown + [ColumnBox(kind, False, name, "๑๕") for kind, name in KINDS.items() if kind not in kinds]


def typed_boxes(post: QueryDict) -> list[ColumnBox]:
    """Return the rows as they were sent; a kind that was not sent stands last."""
    kinds = [kind for kind in dict.fromkeys(post.getlist("column")) if kind in KINDS]
    return [
        ColumnBox(
            kind,
            kind in post.getlist("prints"),
            post.get(f"heading-{kind}", KINDS[kind]),
            post.get(f"width-{kind}", "๑๕"),
        )
        for kind in [*kinds, *(kind for kind in KINDS if kind not in kinds)]
    ]


def moved(boxes: list[ColumnBox], move: str) -> list[ColumnBox]:
    """Return the rows after a press on “up-steps” or “down-steps”; at the edge nothing moves."""
    way, _, kind = move.partition("-")
    place = next((n for n, box in enumerate(boxes) if box.kind == kind), None)
    other = None if place is None else place + (1 if way == "down" else -1)
    boxes = list(boxes)
    if place is not None and other is not None and 0 <= other < len(boxes):
        boxes[place], boxes[other] = boxes[other], boxes[place]
    return boxes


def read_boxes(boxes: Iterable[ColumnBox]) -> list[Column]:
    """Return the columns that print. Raises BadColumns with all that is wrong."""
    boxes = [replace(box, heading=" ".join(box.heading.split())) for box in boxes if box.prints]
    unreadable = [
        f"คอลัมน์ “{box.name}”: ความกว้าง “{box.width.strip()}” "
        + ("ยังว่างอยู่" if not box.width.strip() else "ไม่ใช่จำนวนเต็ม")
        + f" ให้กรอกจำนวนเต็ม {LEAST_WIDTH} ถึง {MOST_WIDTH} เช่น 20"
        for box in boxes
        if box.readable_width is None
    ]
    if unreadable:
        raise BadColumns(*unreadable)
    columns = [Column(box.kind, box.heading, box.readable_width or 0) for box in boxes]
    check_columns(columns)
    return columns
