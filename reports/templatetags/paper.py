"""How a paper prints its texts: digits by the paper's choice, and nothing apart that belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from ita_portal.thai import Digits, in_digits
from measures.profile import PaperFormat
from reports.pdf.typography import keep_names, keep_together, tidy

register = template.Library()
_ENTITY = re.compile(r"(&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+);)")


@register.filter
def typeset(value: Any, digits: str) -> str:
    """Print a text with the paper's digits ("thai" or "arabic") and its no-break spaces; still to be escaped.

    What was escaped before (the inside of {% filter %}) keeps its entities: the digits of &#x27; are not the text's.
    """
    chosen: Digits = "arabic" if digits == "arabic" else "thai"
    if value is None:
        return ""
    if not isinstance(value, SafeString):
        return tidy(in_digits(str(value), chosen))
    pieces = _ENTITY.split(value)
    return "".join(piece if n % 2 else tidy(in_digits(piece, chosen)) for n, piece in enumerate(pieces))


@register.filter
def scored(value: Decimal | None, style: PaperFormat) -> str:
    """Print a score with two places, 100 as the paper chose, with Arabic digits; nothing for None."""
    return "" if value is None else style.plain_score(value)


@register.filter
def name(value: Any, digits: str) -> SafeString:
    """Print a name of people, places or organisations, inside which no line breaks; escaped."""
    return keep_together(in_digits(str(value), "arabic" if digits == "arabic" else "thai"))


@register.filter
def with_names(value: str, names: Iterable[str]) -> SafeString:
    """Print a typeset text in which each of `names` stays in one piece; escaped."""
    return keep_names(value, names)


_OWN_NUMBER = re.compile(r"[0-9๐-๙]{1,2}[.)](?![0-9๐-๙])\s*")


@register.filter
def unnumbered(lines: Sequence[str]) -> Sequence[str]:
    """The lines without numbers of their own, where all were typed with one: the paper numbers them itself."""
    if all(_OWN_NUMBER.match(line) for line in lines):
        return [_OWN_NUMBER.sub("", line, count=1) for line in lines]
    return lines
