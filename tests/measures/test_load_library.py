"""The command that loads the starter library, and how it refuses a wrong file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from measures.models import LibraryEntry

ENTRY = {
    "key": "x-1",
    "codes": ["i7", "i8"],
    "topic": 5,
    "title": "ประชุมชี้แจงแผน",
    "recommendation": "",
    "steps": ["จัดประชุม", "สรุปผล"],
    "unit": "กองคลัง",
    "follow_up": "รายงานการประชุม",
}


def load(tmp_path: Path, *entries: Any, be_year: int = 2566) -> None:
    path = tmp_path / "library.json"
    path.write_text(json.dumps({"be_year": be_year, "entries": list(entries)}), encoding="utf-8")
    call_command("load_library", str(path), verbosity=0)


def test_loading_again_renews_by_key(instruments: None, tmp_path: Path) -> None:
    load(tmp_path, ENTRY)
    load(tmp_path, ENTRY | {"title": "ประชุมใหม่", "codes": ["i8"]})
    entry = LibraryEntry.objects.get()
    assert entry.title == "ประชุมใหม่"
    assert entry.step_lines == ["จัดประชุม", "สรุปผล"]
    assert [item.code for item in entry.items.all()] == ["i8"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"codes": ["i99"]}, r"รายการที่ 2 \(x-2\): codes = \['i99'\]"),
        ({"topic": 8}, r"รายการที่ 2 \(x-2\): topic = 8"),
        ({"steps": []}, "steps ต้องเป็นรายการข้อความ"),
        ({"steps": ["หนึ่ง\nสอง"]}, "steps ต้องเป็นรายการข้อความ"),
        ({"key": "x-1"}, "key ซ้ำ"),
        ({"title": " "}, "title ต้องไม่ว่าง"),
        ({"unit": None}, "ต้องเป็นข้อความ"),
        ({"units": "กองคลัง"}, "รายการที่ 2: ต้องมีช่อง"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_is_loaded(
    instruments: None, tmp_path: Path, change: dict, sentence: str
) -> None:
    with pytest.raises(CommandError, match=sentence):
        load(tmp_path, ENTRY, ENTRY | {"key": "x-2"} | change)
    assert not LibraryEntry.objects.exists()


def test_a_file_for_an_unknown_year_or_without_json_is_refused(instruments: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ยังไม่มีแบบประเมินปี 2599"):
        load(tmp_path, ENTRY, be_year=2599)
    path = tmp_path / "broken.json"
    path.write_text("{", encoding="utf-8")
    with pytest.raises(CommandError, match=r"broken\.json: อ่านแฟ้มไม่ได้"):
        call_command("load_library", str(path))
