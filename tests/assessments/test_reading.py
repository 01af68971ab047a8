"""Scores as people paste and upload them."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assessments.reading import MAX_BYTES, BadFile, Reading, Target, read_csv, read_text
from ita_portal.thai import to_thai

ROOT = Path(__file__).parents[2]
CATALOGUE: dict[str, Any] = json.loads((ROOT / "assessments/catalogue/2566.json").read_text())
CASE: dict[str, Any] = json.loads((ROOT / "tests/cases/004-province-2566.json").read_text())


def targets_of(catalogue: dict[str, Any]) -> Iterator[Target]:
    """Everything the instrument asks for."""
    yield Target("total", 0, "")
    for tool in catalogue["tools"]:
        parts = [part["number"] for part in tool["parts"]]
        yield from (Target(tool["code"], part, tool["name"]) for part in [0, *parts])
        for indicator in tool["indicators"]:
            yield Target(f"indicator-{indicator['number']}", 0, indicator["name"])
            yield from (Target(sub["number"], 0, sub["name"]) for sub in indicator["sub_indicators"])
            for item in indicator["questions"]:
                yield from (Target(item["code"], part, item["title"]) for part in parts or [0])


TARGETS = tuple(targets_of(CATALOGUE))
TITLES = {target.code: target.title for target in TARGETS}


def read(text: str) -> Reading:
    return read_text(text, TARGETS)


def values(reading: Reading) -> dict[str, str]:
    """Found scores as {"e9/2": "73.60"}."""
    return {f"{item.code}/{item.part}" if item.part else item.code: str(item.value) for item in reading.found}


def only_reason(text: str) -> str:
    reading = read(text)
    assert reading.found == ()
    (refused,) = reading.refused
    assert refused.reason.startswith(f"บรรทัดที่ {refused.line}: ")
    assert "เช่น" in refused.reason
    assert refused.text in text
    return refused.reason


def document_lines() -> Iterator[str]:
    """The two tables of a province's document, in its notation, with our wording of the questions."""
    scores, previous, announced = CASE["scores"], CASE["previous_year_scores"], CASE["announced"]
    yield "ตัวชี้วัด\tคะแนน รายตัวชี้วัด\tคะแนนรายเครื่องมือ"
    for tool in CATALOGUE["tools"]:
        for place, indicator in enumerate(tool["indicators"]):
            number = indicator["number"]
            beside = announced["tools"][tool["code"]] if place == 0 else ""
            yield f"ตัวชี้วัดที่ {number} {indicator['name']}\t{announced['indicators'][str(number)]}\t{beside}"
    yield ""
    yield "เครื่องมือประเมิน\tหัวข้อการประเมิน\tคะแนนปี 66/65"
    for tool in CATALOGUE["tools"]:
        for indicator in tool["indicators"]:
            number = indicator["number"]
            score = "" if tool["code"] == "OIT" else announced["indicators"][str(number)]
            yield f"แบบวัด ({tool['code']})\t<b>ตัวชี้วัดที่ {number} {indicator['name']} {score}</b>\t"
            for item in indicator["questions"]:
                code, title = item["code"], item["title"]
                if tool["code"] == "IIT":
                    yield f"\t{code} {title}\t{scores[code]} ({previous[code]})"
                elif tool["code"] == "OIT":
                    yield f"\t0{code[1:]} {title}\t{scores[code]}"
                else:
                    shown = "115" if code == "e15" else code
                    yield (
                        f"\t{shown} {title}\tEIT ส่วนที่ 1 = {scores[f'{code}/1']} "
                        f"EIT ส่วนที่ 2 = {scores[f'{code}/2']} ({previous[code]}) (ต่ำสุด)"
                    )


@pytest.mark.parametrize("turn", [str, to_thai], ids=["arabic", "thai"])
def test_a_whole_document_is_read(turn: Any) -> None:
    reading = read("\n".join(turn(line) for line in document_lines()))
    announced = CASE["announced"]
    expected = (
        {code: Decimal(score) for code, score in CASE["scores"].items()}
        | {f"indicator-{number}": Decimal(score) for number, score in announced["indicators"].items()}
        | {tool: Decimal(score) for tool, score in announced["tools"].items()}
    )
    assert reading.refused == ()
    assert {code: Decimal(score) for code, score in values(reading).items()} == expected
    assert len(reading.found) == 103 + 10 + 3
    previous = {item.code: str(item.previous) for item in reading.found if item.previous is not None}
    assert previous == CASE["previous_year_scores"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("i7\t86.82", {"i7": "86.82"}),
        ("i7\t\t\t86.82\t", {"i7": "86.82"}),
        (f"1\ti7\t{TITLES['i7']}\t86.82", {"i7": "86.82"}),
        ("ข้อ i๗\u00a0๘๖.๘๒", {"i7": "86.82"}),
        ("I7 = 86.82", {"i7": "86.82"}),
        ("i7: 86.82 คะแนน", {"i7": "86.82"}),
        ("i7 86.82 (79.55) (ต่ำสุด)", {"i7": "86.82"}),
        ("i7 85", {"i7": "85.00"}),
        ("<tr><td>i7</td><td>86.82</td></tr>", {"i7": "86.82"}),
        ("| i7 | 86.82 |", {"i7": "86.82"}),
        ("e9\t90.50\t73.60", {"e9/1": "90.50", "e9/2": "73.60"}),
        ("e9 90.50 73.60", {"e9/1": "90.50", "e9/2": "73.60"}),
        ("e9/2 73.60", {"e9/2": "73.60"}),
        ("e๙ EIT ส่วนที่ ๑ = ๙๐.๕๐", {"e9/1": "90.50"}),
        (f"๐๑๒ {TITLES['o12']} ๑๐๐", {"o12": "100.00"}),
        (f"o12 {TITLES['o12']}\t0", {"o12": "0.00"}),
        ("๐๘ Q&amp;A ๑๐๐", {"o8": "100.00"}),
        ("i1 93.66 i2 96.14 i3 95.83", {"i1": "93.66", "i2": "96.14", "i3": "95.83"}),
        ("i1\t93.66\ti2\t96.14", {"i1": "93.66", "i2": "96.14"}),
        (f"i1 {TITLES['i1']} 93.66 (89.52) i2 {TITLES['i2']} 96.14", {"i1": "93.66", "i2": "96.14"}),
        ("ตัวชี้วัดที่ ๑ การปฏิบัติหน้าที่ ๙๗.๓๗", {"indicator-1": "97.37"}),
        ("การปฏิบัติหน้าที่\t97.37", {"indicator-1": "97.37"}),
        ("1\tตัวชี้วัดที่ 9 การเปิดเผยข้อมูล\tOIT\t100", {"indicator-9": "100.00"}),
        ("ตัวชี้วัดย่อยที่ ๙.๑ ข้อมูลพื้นฐาน 100", {"9.1": "100.00"}),
        ("9.1\t100", {"9.1": "100.00"}),
        ("รวมคะแนน ๘๕.๒๓", {"total": "85.23"}),
        ("คะแนนรวม\t94.16", {"total": "94.16"}),
        ("ผลคะแนน 94.16 คะแนน อยู่ในระดับผ่าน", {"total": "94.16"}),
        ("IIT 93.17 EIT 87.36 OIT 100", {"IIT": "93.17", "EIT": "87.36", "OIT": "100.00"}),
        ("EIT ส่วนที่ 1 = 90.34 EIT ส่วนที่ 2 = 84.38", {"EIT/1": "90.34", "EIT/2": "84.38"}),
        ("i7\n86.82\ni8\n80.70", {"i7": "86.82", "i8": "80.70"}),
        ("e9\n90.50\n73.60", {"e9/1": "90.50", "e9/2": "73.60"}),
        (f"{TITLES['e15']} EIT ส่วนที่ 1 = 88.54 EIT ส่วนที่ 2 = 73.60", {"e15/1": "88.54", "e15/2": "73.60"}),
        ("i7 86.82\r\ni7 ๘๖.๘๒", {"i7": "86.82"}),
    ],
)
def test_notations(text: str, expected: dict[str, str]) -> None:
    reading = read(text)
    assert values(reading) == expected
    assert reading.refused == ()


def test_a_wording_broken_at_a_number_is_no_score() -> None:
    start, rest = TITLES["e4"].split("1 ปี") if "1 ปี" in TITLES["e4"] else TITLES["e4"].split("๑ ปี")
    reading = read(f"e4 {start}๑\nปี{rest}\nEIT ส่วนที่ ๑ = ๙๖.๔๘\nEIT ส่วนที่ ๒ = ๑๐๐.๐๐ (๙๗.๖๕)")
    assert values(reading) == {"e4/1": "96.48", "e4/2": "100.00"}
    assert {item.previous for item in reading.found} == {Decimal("97.65")}
    assert {item.line for item in reading.found} == {1}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ตัวชี้วัด\tคะแนน\nเครื่องมือประเมิน\tหัวข้อการประเมิน\tคะแนน ปี 66/65",
        "ตัวชี้วัดที่ ๙ การเปิดเผยข้อมูล\n\nจากผลการประเมิน ปี 2566 พบว่าได้ 94.16",
        "จากผลการประเมิน ปี 2566 พบว่าได้ 94.16 คะแนน",
        "มาตรการ (i1-i3) และ (๐๑๘)",
        "ปี\t2566\t2565",
    ],
)
def test_text_without_a_code_and_a_score_is_passed_over(text: str) -> None:
    assert read(text) == Reading((), ())


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("i99 86.00", ["ไม่มีข้อ i99"]),
        ("ตัวชี้วัดที่ 11 98.00", ["ไม่มีตัวชี้วัดที่ 11"]),
        ("i7 86.82\ni8", ["i8 ไม่มีคะแนน"]),
        ("i7 93,66", ["i7", "“93,66”", "จุลภาค"]),
        ("i7 100.01", ["“100.01”", "มากกว่า 100"]),
        ("i7 -1", ["“-1”", "ต่ำกว่า 0"]),
        ("i7\t90.5.5", ["“90.5.5”", "จุดเดียว"]),
        ("i7\tabc", ["“abc”", "ไม่ใช่ตัวเลข"]),
        ("i7\t30\t86.82", ["หลายค่า", "30 และ 86.82"]),
        ("i7 86.82 79.55", ["หลายค่า", "86.82 และ 79.55"]),
        ("EIT\t87.36\t90.34", ["เครื่องมือ EIT มีคะแนนหลายค่า"]),
        ("e9\t90.50", ["e9 มีคะแนนสองส่วน", "e9/1"]),
        ("e9/3 90.50", ["ไม่มีส่วนที่ 3"]),
        ("i7/1 86.82", ["i7 ไม่มีการแบ่งส่วน"]),
        ("i8 , i9 80.70", ["หลายข้อ"]),
        ("ข้อ i๘ , ข้อ i๙ 80.70", ["หลายข้อ"]),
        ("o31-33 100", ["หลายข้อ"]),
        (f"i8 {TITLES['i7']} 80.70", ["รหัสเป็นข้อ i8", "ข้อ i7"]),
        ("o12 แผนงานของหน่วยงาน รอบ ๖\nเดือนแรก ๑๐๐", ["สองอย่าง", "6 หรือ 100"]),
        ("ตัวชี้วัดที่ 8 การปรับปรุงระบบการทำงาน ลดลงจากปีก่อนหน้าเป็นอย่างมาก 3.29", ["ไม่แน่ชัดว่า 3.29"]),
        ("93.66", ["ไม่พบรหัสข้อของคะแนน 93.66"]),
        ("ข้อ 35 100", ["ไม่พบรหัสข้อ"]),
        ("x99 55", ["ไม่พบรหัสข้อของคะแนน 55"]),
        ("115 ข้อความที่ไม่มีในปีนี้\tEIT ส่วนที่ 1 = 88.54 EIT ส่วนที่ 2 = 73.60", ["ไม่พบรหัสข้อ"]),
    ],
)
def test_refusals_name_line_value_rule_and_example(text: str, parts: list[str]) -> None:
    reading = read(text)
    (refused,) = reading.refused
    assert refused.reason.startswith(f"บรรทัดที่ {refused.line}: ")
    assert "เช่น" in refused.reason
    assert refused.text in text
    for part in parts:
        assert part in refused.reason
    assert all(item.line != refused.line for item in reading.found)


def test_the_same_code_with_two_values_names_both_lines() -> None:
    reason = only_reason("i7 86.82\n\ni7 86.83")
    assert "86.82 ในบรรทัดที่ 1" in reason
    assert "86.83 ในบรรทัดที่ 3" in reason


def test_parts_behind_a_question_without_scores_are_not_given_to_the_tool() -> None:
    reading = read("e4 ข้อความอื่น\nอีกข้อความหนึ่งที่ยาวพอ\nEIT ส่วนที่ 1 = 90.10")
    assert reading.found == ()
    assert [refused.line for refused in reading.refused] == [1, 3]
    assert "ข้อ e4 หรือของเครื่องมือ EIT" in reading.refused[1].reason


def test_a_second_column_is_the_tool_only_in_merged_cells() -> None:
    merged = read("ตัวชี้วัดที่ 1\t97.37\t93.17\nตัวชี้วัดที่ 2\t92.16\t93.17")
    assert values(merged) == {"indicator-1": "97.37", "IIT": "93.17", "indicator-2": "92.16"}
    other_year = read("ตัวชี้วัดที่ 1\t97.37\t93.17\nตัวชี้วัดที่ 2\t92.16\t91.00")
    assert other_year.found == ()
    assert [refused.line for refused in other_year.refused] == [1, 2]


@pytest.mark.parametrize(
    "text", ["i7 " * 2000, "i7 " + "*" * 5000 + "ก", "1" * 5000 + "ก", "i1 93.66 " * 1000]
)
def test_a_strange_paste_is_read_in_reasonable_time(text: str) -> None:
    assert len(read(text).found) <= 1


CSV = "code,part,score\ni7,,86.82\ne9,1,90.50\ne9,2,๗๓.๖๐\nindicator-1,0,97.37\n9.1,,100\nIIT,,93.17\ntotal,,94.16\n"
CSV_VALUES = {
    "i7": "86.82",
    "e9/1": "90.50",
    "e9/2": "73.60",
    "indicator-1": "97.37",
    "9.1": "100.00",
    "IIT": "93.17",
    "total": "94.16",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874", "tis-620"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_csv_files_of_every_program(encoding: str, delimiter: str, end: str) -> None:
    data = CSV.replace(",", delimiter).replace("\n", end).encode(encoding)
    reading = read_csv(data, TARGETS)
    assert values(reading) == CSV_VALUES
    assert reading.refused == ()


@pytest.mark.parametrize(
    ("row", "part"),
    [
        ("i99,,86.82", "ไม่มีข้อ i99"),
        ("i7,1,86.82", "ไม่มีการแบ่งส่วน"),
        ("e9,,90.50", "e9 มีคะแนนสองส่วน"),
        ("e9,3,90.50", "ส่วน “3”"),
        ("i7,,abc", "“abc” ไม่ใช่ตัวเลข"),
        ("i7,,", "ยังไม่ได้กรอกคะแนน"),
        ("i7,,93,66", "จุดทศนิยม"),
        ("ข้อไหนก็ไม่รู้,,93.66", "อ่านรหัส"),
    ],
)
def test_bad_csv_rows_are_refused_by_their_line(row: str, part: str) -> None:
    reading = read_csv(f"code,part,score\n\n{row}\ni8,,80.70\n".encode(), TARGETS)
    assert values(reading) == {"i8": "80.70"}
    (refused,) = reading.refused
    assert refused.line == 3
    assert refused.reason.startswith("บรรทัดที่ 3: ")
    assert part in refused.reason
    assert "เช่น" in refused.reason


def test_a_code_twice_in_a_csv_file_names_both_lines() -> None:
    reading = read_csv(b"code,part,score\ni7,,86.82\ni7,,86.83\n", TARGETS)
    assert reading.found == ()
    assert "บรรทัดที่ 2" in reading.refused[0].reason
    assert "บรรทัดที่ 3" in reading.refused[0].reason


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"", "ว่างเปล่า"),
        (b"code,part\ni7,\n", "ขาดคอลัมน์ score"),
        (b"part,score\n1,90\n", "ขาดคอลัมน์ code"),
        (b"%PDF-1.7\n%%EOF", "ไม่ใช่ไฟล์ CSV"),
        (b"PK\x03\x04\x14\x00", "ไม่ใช่ไฟล์ CSV"),
        (CSV.encode("utf-16-le"), "ไม่ใช่ไฟล์ CSV"),
        (b"code,part,score\n\xdb\xdc\xfc\n", "อ่านตัวอักษร"),
        (b"x" * (MAX_BYTES + 1), "1 MB"),
    ],
)
def test_files_that_are_no_scores_are_refused(data: bytes, part: str) -> None:
    with pytest.raises(BadFile) as refusal:
        read_csv(data, TARGETS, name="คะแนน.csv")
    assert part in str(refusal.value)
    assert "คะแนน.csv" in str(refusal.value)
