"""Template filters over ita_portal.thai; built into every template."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import template

from ita_portal import thai

register = template.Library()
NO_BREAK = str.maketrans(" ", "\N{NO-BREAK SPACE}")  # a date is read as one word


@register.filter
def num(value: Any) -> str:
    """Print a text or number with Thai digits: for the screen, where Thai digits are always used."""
    return "" if value is None else thai.to_thai(str(value))


@register.filter
def digits(value: Any, kind: str) -> str:
    """Print a text with the digits of a document: "thai" or "arabic"."""
    return "" if value is None else thai.in_digits(str(value), "arabic" if kind == "arabic" else "thai")


@register.filter
def score(value: Decimal | None) -> str:
    """Print a score with two places (100 as 100), with Arabic digits; nothing for None."""
    return "" if value is None else thai.format_score(value)


@register.filter
def points(value: Decimal | None) -> str:
    """Print a bound without idle zeros (85, 87.5), with Arabic digits; nothing for None."""
    return "" if value is None else f"{value.normalize():f}"


@register.filter
def change(value: Decimal | None) -> str:
    """Print a signed change with two places; nothing for None."""
    return "" if value is None else thai.format_change(value)


@register.filter
def long_date(value: date | None) -> str:
    """Print a date such as 29 มีนาคม 2567, with Arabic digits, never broken over lines; nothing for None."""
    return "" if value is None else thai.long_date(value).translate(NO_BREAK)


@register.filter
def short_date(value: date | None) -> str:
    """Print a date such as 29 มี.ค. 67, with Arabic digits, never broken over lines; nothing for None."""
    return "" if value is None else thai.short_date(value).translate(NO_BREAK)
