"""Forms of assessments."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from ita_portal.thai import BadScore, decoded, to_thai

from .reading import MAX_BYTES, BadFile, Reading, Refused, Target, read_csv, read_text
from .sheet import check_value


class PasteForm(forms.Form):
    """Scores as a pasted text or a CSV file; `reading` holds what was understood once the form is valid.

    A file's text comes back in `text` and is read as a file again (`is_file`), so that the preview that is
    confirmed was read from what stands on the page.
    """

    text = forms.CharField(
        label="ข้อความที่คัดลอกมา",
        required=False,
        strip=False,
        max_length=200_000,
        error_messages={"max_length": "ข้อความยาวเกิน 200,000 ตัวอักษร: ให้คัดลอกเฉพาะแถวคะแนน เช่น i7 86.82"},
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label="หรือไฟล์ CSV",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )
    is_file = forms.BooleanField(required=False, widget=forms.HiddenInput)

    reading: Reading

    def __init__(self, *args: Any, targets: Collection[Target], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.targets = targets

    def clean(self) -> dict[str, Any]:
        """Read the file, or the text; the error of a file stands at the file."""
        data = super().clean() or {}
        upload, text = data.get("file"), data.get("text") or ""
        try:
            if upload is not None:
                content = upload.read(MAX_BYTES + 1)
                self.reading = checked(read_csv(content, self.targets, name=upload.name))
                data["text"], data["is_file"] = decoded(content) or "", True
            elif data.get("is_file"):
                self.reading = checked(read_csv(text.encode(), self.targets))
            elif text.strip():
                self.reading = checked(read_text(text, self.targets))
            elif not self.errors:
                self.add_error("text", "ยังไม่มีข้อความ: ให้วางแถวคะแนนที่คัดลอกมา เช่น i7 86.82 หรือเลือกไฟล์ CSV")
        except BadFile as error:
            self.add_error("file" if upload is not None else "text", to_thai(str(error)))
        return data


def checked(reading: Reading) -> Reading:
    """Move what a disclosure item cannot have (anything but 0 and 100) to what is refused."""
    found, refused = [], list(reading.refused)
    for item in reading.found:
        try:
            check_value((item.code, item.part), item.value)
        except BadScore as error:
            reason = f"บรรทัดที่ {item.line}: ข้อ {item.code}: {error}"
            refused.append(Refused(item.line, item.text, reason))
        else:
            found.append(item)
    return Reading(tuple(found), tuple(sorted(refused, key=lambda refusal: refusal.line)))
