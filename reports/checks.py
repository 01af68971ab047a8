"""System checks of the papers, seen by the operator at start and in ``manage.py check``."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from .pdf import missing_fonts


@register()
def fonts_are_installed(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Return an error that names the Sarabun files that are missing: without them Thai prints as boxes."""
    missing = missing_fonts()
    if not missing:
        return []
    return [
        Error(
            f"ไม่พบไฟล์แบบอักษร Sarabun {len(missing)} ไฟล์ เอกสาร PDF จะพิมพ์ภาษาไทยเป็นกล่องสี่เหลี่ยม "
            f"({len(missing)} Sarabun font files are missing, the first is {missing[0]}).",
            hint="ติดตั้งแพ็กเกจด้วยคำสั่ง npm ci ในโฟลเดอร์หลักของระบบ (run npm ci in the project folder).",
            id="reports.E001",
        )
    ]
