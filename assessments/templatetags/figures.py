"""How templates name a figure."""

from __future__ import annotations

from django import template

from assessments.labels import cell_label
from assessments.scoring import Figure

register = template.Library()


@register.filter
def figure_label(figure: Figure) -> str:
    """Name a figure in Thai with Arabic digits: e14 ส่วนที่ 2, ตัวชี้วัดที่ 7, คะแนนรวม."""
    return cell_label(figure.kind, figure.key)
