"""The starter library of measures is complete, well formed and readable Thai."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = json.loads((ROOT / "measures/library/2566.json").read_text(encoding="utf-8"))
CATALOGUE = json.loads((ROOT / "assessments/catalogue/2566.json").read_text(encoding="utf-8"))
ENTRIES = LIBRARY["entries"]

FIELDS = {"key", "codes", "topic", "title", "recommendation", "steps", "unit", "follow_up"}
UNITS = {
    "สำนักปลัด",
    "กองคลัง",
    "กองช่าง",
    "กองการศึกษา",
    "กองสวัสดิการสังคม",
    "หน่วยตรวจสอบภายใน",
    "ทุกสำนัก/กอง",
}
# Words that sound like a measure and commit nobody to anything.
EMPTY_PHRASES = (
    "พัฒนาให้ดีขึ้น",
    "ปรับปรุงให้ดีขึ้น",
    "ดียิ่งขึ้น",
    "เท่าที่ควร",
    "ตามความเหมาะสม",
    "อย่างเหมาะสม",
    "อย่างเคร่งครัด",
    "ต่อไปในอนาคต",
    "ให้มีประสิทธิภาพมากขึ้น",
    "ดำเนินการตามที่เกี่ยวข้อง",
    "รายงานผลการดำเนินงานต่อไป",
)
# Who-and-when words: every measure names at least one point in time or rhythm.
TIME = re.compile(r"ภายใน|เดือน|ไตรมาส|ทุกวัน|ทุกสัปดาห์|สัปดาห์ละ|ทุกครั้ง|ปีละ|ก่อน|หลัง|วันทำการ|รอบ \d+|ปีงบประมาณ")


def topics_of(code: str) -> set[int]:
    return {
        topic["number"]
        for topic in CATALOGUE["topics"]
        if code in topic["perception"] or code in topic["disclosure"]
    }


def catalogue_codes() -> set[str]:
    return {
        question["code"]
        for tool in CATALOGUE["tools"]
        for indicator in tool["indicators"]
        for question in indicator["questions"]
    }


def texts_of(entry: dict) -> list[str]:
    return [entry["title"], entry["recommendation"], *entry["steps"], entry["follow_up"]]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "entry" in metafunc.fixturenames:
        metafunc.parametrize("entry", ENTRIES, ids=[entry["key"] for entry in ENTRIES])


def test_the_library_belongs_to_the_catalogue_of_the_same_year() -> None:
    assert LIBRARY["be_year"] == CATALOGUE["be_year"] == 2566


def test_keys_are_unique() -> None:
    assert [key for key, n in Counter(entry["key"] for entry in ENTRIES).items() if n > 1] == []


def test_every_question_and_item_has_its_measures() -> None:
    found = Counter(code for entry in ENTRIES for code in entry["codes"])
    wanted = {code: 1 if code.startswith("o") else 2 for code in catalogue_codes()}
    assert {code: found[code] for code, least in wanted.items() if found[code] < least} == {}
    assert set(found) <= set(wanted)


def test_every_topic_has_a_general_measure() -> None:
    general = {entry["topic"] for entry in ENTRIES if not entry["codes"]}
    assert general == {topic["number"] for topic in CATALOGUE["topics"]} == set(range(1, 8))


def test_no_two_measures_share_a_title_a_recommendation_or_a_step() -> None:
    for name in ("title", "recommendation"):
        repeated = [text for text, n in Counter(entry[name] for entry in ENTRIES).items() if n > 1]
        assert repeated == [], name
    steps = Counter(step for entry in ENTRIES for step in entry["steps"])
    assert [step for step, n in steps.items() if n > 1] == []


def test_an_entry_has_exactly_the_known_fields(entry: dict) -> None:
    assert set(entry) == FIELDS
    assert entry["unit"] in UNITS
    subject = entry["codes"][0] if entry["codes"] else f"topic-{entry['topic']}"
    assert re.fullmatch(re.escape(subject) + r"-[1-9]", entry["key"])


def test_the_topic_lists_every_code_of_the_entry(entry: dict) -> None:
    assert [code for code in entry["codes"] if entry["topic"] not in topics_of(code)] == []


def test_texts_keep_to_their_lengths(entry: dict) -> None:
    assert 15 <= len(entry["title"]) <= 90
    assert 80 <= len(entry["recommendation"]) <= 350
    assert 2 <= len(entry["steps"]) <= 5
    assert [step for step in entry["steps"] if not 30 <= len(step) <= 220] == []
    assert 20 <= len(entry["follow_up"]) <= 160


def test_texts_are_typed_cleanly(entry: dict) -> None:
    for text in texts_of(entry):
        assert text == text.strip()
        assert "  " not in text
        assert not re.search("[๐-๙]", text), "the print converts digits, the file keeps Arabic ones"
        assert not re.search(r"(?<! )ๆ|ๆ(?=[^ ])", text), "ๆ stands between spaces"
        assert not re.search("เเ|ํา|\u200b|\u00a0", text), "a letter typed as two look-alikes or an unseen one"
        assert not re.search("[\u0e48-\u0e4b]{2}|[\u0e31\u0e34-\u0e39]{2}", text), "a doubled mark or vowel"
        assert not text.endswith("."), "Thai sentences end without a full stop"
        assert not re.search(r"([ก-๎]{5,})\1", text), "a word typed twice in a row"


def test_texts_hold_nothing_that_ages_with_the_year(entry: dict) -> None:
    for text in texts_of(entry):
        assert not re.search(r"(?i)(?<![a-z])[oie]\d", text), "item numbers change every year"
        assert not re.search(r"25\d\d|20\d\d|พ\.ศ\.", text)


def test_texts_promise_something(entry: dict) -> None:
    for text in texts_of(entry):
        assert [phrase for phrase in EMPTY_PHRASES if phrase in text] == []
    timed = [step for step in entry["steps"] if TIME.search(step)]
    assert len(timed) >= 2, "at least two steps say when or how often"


def test_steps_are_stored_without_their_numbers(entry: dict) -> None:
    assert [step for step in entry["steps"] if re.match(r"[\d(]", step)] == []


def test_the_file_is_written_the_one_way_that_keeps_diffs_small() -> None:
    raw = (ROOT / "measures/library/2566.json").read_text(encoding="utf-8")
    assert raw == json.dumps(LIBRARY, ensure_ascii=False, indent=1) + "\n"
