"""A file to be compared with approved papers: hashed as it comes, and not kept."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from math import ceil
from typing import Any

from django import forms

from ita_portal.thai import to_thai
from reports.uploads import SCAN_LIMIT

RULE = "แฟ้มต้องไม่เกิน 20 เมกะไบต์ เช่น แฟ้ม PDF ที่ดาวน์โหลดจากหน้าเผยแพร่"


def digest_of(chunks: Iterable[bytes]) -> str:
    """Return the SHA-256 of a file that comes in pieces, as 64 hex digits."""
    digest = sha256()
    for chunk in chunks:
        digest.update(chunk)
    return digest.hexdigest()


class ComparedFileForm(forms.Form):
    """Takes any file; what is left of it is its SHA-256, in `cleaned_data["digest"]`."""

    file = forms.FileField(
        label="แฟ้มที่จะตรวจ",
        help_text=to_thai("ไม่เกิน 20 เมกะไบต์ ระบบเทียบแล้วไม่เก็บแฟ้มไว้"),
        error_messages={
            "required": "ยังไม่ได้เลือกแฟ้ม เลือกแฟ้มที่ต้องการตรวจ เช่น มาตรการ 2567.pdf",
            "empty": "แฟ้มนี้ว่างเปล่า โปรดเลือกแฟ้มที่มีเนื้อหา เช่น มาตรการ 2567.pdf",
            "max_length": "ชื่อแฟ้มยาวเกินไป โปรดตั้งชื่อให้สั้นลง เช่น มาตรการ 2567.pdf",
            "missing": "ยังไม่ได้เลือกแฟ้ม เลือกแฟ้มที่ต้องการตรวจ เช่น มาตรการ 2567.pdf",
            "invalid": "แฟ้มไม่ได้ถูกส่งมา โปรดเลือกแฟ้มแล้วส่งอีกครั้ง เช่น มาตรการ 2567.pdf",
        },
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf", "class": "form-control"}),
    )

    def clean(self) -> dict[str, Any]:
        """Hash the file, unless it is too large."""
        cleaned = super().clean() or {}
        if file := cleaned.get("file"):
            if file.size > SCAN_LIMIT:
                size = ceil(file.size / 1_048_576 * 100) / 100  # a byte too much shows
                self.add_error("file", f"แฟ้มนี้มีขนาด {size:.2f} เมกะไบต์ {RULE}")
            else:
                cleaned["digest"] = digest_of(file.chunks())
        return cleaned
