"""How a paper prints its texts: digits by the paper's choice, and nothing apart that belongs together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ita_portal.thai import in_digits
from reports.pdf.typography import keep_names, keep_together, tidy

register = template.Library()


@register.filter
def typeset(value: Any, digits: str) -> str:
    """Print a text with the paper's digits ("thai" or "arabic") and its no-break spaces; still to be escaped."""
    return "" if value is None else tidy(in_digits(str(value), "arabic" if digits == "arabic" else "thai"))


@register.filter
def name(value: Any, digits: str) -> SafeString:
    """Print a name of people, places or organisations, inside which no line breaks; escaped."""
    return keep_together(in_digits(str(value), "arabic" if digits == "arabic" else "thai"))


@register.filter
def with_names(value: str, names: Iterable[str]) -> SafeString:
    """Print a typeset text in which each of `names` stays in one piece; escaped."""
    return keep_names(value, names)
