"""Texts in the cells of files that spreadsheets open: none of them is ever taken for a formula. Pure."""

from __future__ import annotations

import re

# A tab or a line break at once, or a sign (plain, full-width or small) behind blanks and signs without width.
_FORMULA = re.compile(
    "[\t\r\n]|[\\s\u00ad\u180e\u200b-\u200f\u2060\ufeff]*[-=+@\uff0d\uff1d\uff0b\uff20\ufe63\ufe66\ufe62\ufe6b]"
)
_GUARD = "'"


def is_formula(text: str) -> bool:
    """Whether a spreadsheet could take a cell's text for a formula.

    It begins with = + - @, also after blanks and in full-width or small forms, or with a tab or a line break.
    """
    return _FORMULA.match(text) is not None


def safe(text: str) -> str:
    """Return a cell's text so that no spreadsheet takes it for a formula: with an apostrophe before it."""
    return f"{_GUARD}{text}" if is_formula(text) else text


def unguarded(text: str) -> str:
    """Return a cell's text without the apostrophe that `safe` put before it."""
    return text[1:] if text.startswith(_GUARD) and is_formula(text[1:]) else text
