"""The settings of the plan as a document."""

from __future__ import annotations

from typing import Any

from django import forms

from ita_portal.thai import BadScore, format_score, parse_score, to_thai

from .models import PaperSettings


class SettingsForm(forms.ModelForm):
    """Grouping, threshold, digits and the question table of one plan."""

    threshold = forms.CharField(
        label="เกณฑ์คะแนน",
        max_length=20,
        help_text="ข้อที่ได้คะแนนต่ำกว่าเกณฑ์นี้ต้องมีมาตรการหรือเหตุผล ตามปกติใช้ ๘๕",
        error_messages={"required": "ยังไม่ได้กรอกเกณฑ์คะแนน ให้กรอกตัวเลข ๐ ถึง ๑๐๐ เช่น ๘๕"},
    )

    class Meta:
        model = PaperSettings
        fields = ["grouping", "threshold", "digits", "shows_all_questions"]
        widgets = {"grouping": forms.RadioSelect, "digits": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["threshold"] = to_thai(format_score(self.instance.threshold).removesuffix(".00"))

    def clean_threshold(self) -> Any:
        """Return the threshold in points. Raises ValidationError with the rule and an example."""
        try:
            return parse_score(self.cleaned_data["threshold"])
        except BadScore as error:
            raise forms.ValidationError(to_thai(f"เกณฑ์คะแนน: {error}".replace("93.66", "85"))) from error
