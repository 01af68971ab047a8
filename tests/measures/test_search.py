"""What a person types to find a ready measure."""

from __future__ import annotations

import pytest

from measures.search import read_query


@pytest.mark.parametrize(
    ("typed", "codes", "words"),
    [
        ("ข้อ i๗", ["i7"], []),
        ("๐๑๑", ["o11"], []),
        ("e๑๑-e๑๒", ["e11", "e12"], []),
        ("e๑๑ - e๑๒", ["e11", "e12"], []),
        ("i1 ถึง i3", ["i1", "i2", "i3"], []),
        ("i๘ , i๙ งบประมาณ", ["i8", "i9"], ["งบประมาณ"]),
        ("ข้อi๗ แผนi8 ประชุม", ["i7", "i8"], ["แผน", "ประชุม"]),
        ("O 14", ["o14"], []),
        ("ประชุม  ไตรมาส", [], ["ประชุม", "ไตรมาส"]),
        ("ข้อ ๓๕", [], ["ข้อ", "๓๕"]),
        ("ถึง และ", [], ["ถึง", "และ"]),
        ("งบ 2567 i7", ["i7"], ["งบ", "2567"]),
        ("", [], []),
    ],
)
def test_codes_in_any_notation_and_words(typed: str, codes: list[str], words: list[str]) -> None:
    query = read_query(typed)
    assert (list(query.codes), list(query.words)) == (codes, words)


def test_a_bare_number_is_an_item_of_oit_alone() -> None:
    assert read_query("ข้อ ๓๕", tool="OIT").codes == ("o35",)
    assert read_query("ข้อ ๓๕", tool="OIT").words == ()
    assert read_query("ข้อ ๓๕", tool="IIT").codes == ()


def test_a_whole_page_is_no_search() -> None:
    assert len(read_query("คำ " * 1000).words) == 10
