"""How pages tell of files."""

from __future__ import annotations

from django import template

register = template.Library()

KILOBYTE, MEGABYTE = 1_024, 1_048_576


@register.filter
def file_size(size: int | None) -> str:
    """Print the size of a file: "812 ไบต์", "144 กิโลไบต์", "1.2 เมกะไบต์", with Arabic digits; nothing for None."""
    if size is None:
        return ""
    if size < KILOBYTE:
        return f"{size} ไบต์"
    if size < MEGABYTE:
        return f"{round(size / KILOBYTE)} กิโลไบต์"
    return f"{size / MEGABYTE:.1f} เมกะไบต์"


@register.filter
def byte_count(size: int | None) -> str:
    """Print the exact number of bytes: "147,375 ไบต์", with Arabic digits; nothing for None."""
    return "" if size is None else f"{size:,} ไบต์"
