"""Cells: what a spreadsheet could take for a formula is guarded, and comes back as it was."""

from __future__ import annotations

import pytest

from ita_portal.cells import is_formula, safe, unguarded

FORMULAS = [
    "=1+1",
    "+66 75 000 000",
    "-1",
    "@SUM(A1)",
    "\tข้อความ",
    "\rข้อความ",
    "\nข้อความ",
    "  =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff\u3000@x",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "﹦1",
    " ﹣1",
    "=",
]
TEXTS = ["", " ", "มาตรการ", "1 = 1", "ก-ข", "'ก", "– ข้อ", "(=1)", "100", "1. =1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_guarded(text: str) -> None:
    assert is_formula(text)
    assert safe(text) == f"'{text}"
    assert unguarded(safe(text)) == text


@pytest.mark.parametrize("text", TEXTS)
def test_any_other_text_stays(text: str) -> None:
    assert not is_formula(text)
    assert safe(text) == text
    assert unguarded(text) == text
