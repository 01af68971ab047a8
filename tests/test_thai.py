"""Digits, dates, scores and item codes as people write them."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_portal import thai

LETTERS = "กขงจดตนบปพมยรลวสหอะาิีุู่้ "
DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2156, 12, 31))
SCORES = st.decimals(min_value=0, max_value=100, places=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ปีงบประมาณ พ.ศ. 2567", "ปีงบประมาณ พ.ศ. ๒๕๖๗"),
        ("93.66 (89.52)", "๙๓.๖๖ (๘๙.๕๒)"),
        ("เพิ่มขึ้น +1.33 ลดลง -3.29", "เพิ่มขึ้น +๑.๓๓ ลดลง -๓.๒๙"),
        ("i7 e15 o42", "i๗ e๑๕ o๔๒"),
        ("I7, O14", "I๗, O๑๔"),
        ("(i1-i3) e11–e12 o31-33", "(i๑-i๓) e๑๑–e๑๒ o๓๑-๓๓"),
        ("i8,i9 และ o42/o43", "i๘,i๙ และ o๔๒/o๔๓"),
        ("e9/2", "e๙/๒"),
        ("ITA 2566", "ITA ๒๕๖๖"),
        ("ITA2566 ITAS 2", "ITA๒๕๖๖ ITAS ๒"),
        ("IIT 93.17", "IIT ๙๓.๑๗"),
        ("EIT ส่วนที่ 2", "EIT ส่วนที่ ๒"),
        ("OIT 100", "OIT ๑๐๐"),
        ("ตัวชี้วัดย่อย (9.1)", "ตัวชี้วัดย่อย (๙.๑)"),
        ("1/10/2566 เวลา 14:32", "๑/๑๐/๒๕๖๖ เวลา ๑๔:๓๒"),
        ("1. เปิดเผย 2.Facebook 3.Line", "๑. เปิดเผย ๒.Facebook ๓.Line"),
        ("Facebook 2 ช่องทาง", "Facebook ๒ ช่องทาง"),
        ("PDF 3 ไฟล์", "PDF ๓ ไฟล์"),
        ("PDPA 2562", "PDPA ๒๕๖๒"),
        ("โทร. 0-7500-0000", "โทร. ๐-๗๕๐๐-๐๐๐๐"),
        ("", ""),
    ],
)
def test_the_numbers_of_thai_text_turn(text: str, expected: str) -> None:
    assert thai.to_thai(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://www.example.go.th/2567/o42?id=7",
        "www.example.go.th/ita2567",
        "example2.go.th",
        "2567.example.go.th/7",
        "ita2567@example.go.th",
        "plan_2567.pdf",
        "ISO 9001",
        "ISO 9001:2015",
        "ISO/IEC 27001",
        "HTTP 404",
        "COVID-19",
        "COVID 19",
        "A4",
        "5G",
        "UTF-8",
        "H1N1",
    ],
)
def test_addresses_and_latin_codes_keep_their_digits(text: str) -> None:
    assert thai.to_thai(text) == text
    assert thai.to_thai(f"ข้อ 5 {text} ปี 2566") == f"ข้อ ๕ {text} ปี ๒๕๖๖"


@given(st.text(alphabet="019ABIiEeOoT ./:-@&+,_()" + LETTERS, max_size=40))
def test_turning_twice_is_turning_once(text: str) -> None:
    once = thai.to_thai(text)
    assert thai.to_thai(once) == once
    assert thai.to_arabic(once) == text


@given(st.integers(min_value=0))
def test_numbers_come_back(number: int) -> None:
    assert thai.to_arabic(thai.to_thai(str(number))) == str(number)
    assert not set(thai.to_thai(str(number))) & set(thai.ARABIC_DIGITS)


def test_a_document_chooses_its_digits() -> None:
    assert thai.in_digits("ปี ๒๕66", "thai") == "ปี ๒๕๖๖"
    assert thai.in_digits("ปี ๒๕66", "arabic") == "ปี 2566"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [("90.045", 2, "90.05"), ("90.044", 2, "90.04"), ("-0.005", 2, "-0.01"), ("84.5", 0, "85")],
)
def test_halves_round_up(value: str, places: int, expected: str) -> None:
    assert str(thai.round_half_up(Decimal(value), places)) == expected


@pytest.mark.parametrize(
    ("value", "short", "full"),
    [
        ("93.66", "93.66", "93.66"),
        ("90.045", "90.05", "90.05"),
        ("85", "85.00", "85.00"),
        ("100", "100", "100.00"),
        ("100.00", "100", "100.00"),
        ("99.999", "100.00", "100.00"),
        ("0", "0.00", "0.00"),
    ],
)
def test_scores_print(value: str, short: str, full: str) -> None:
    assert thai.format_score(Decimal(value)) == short
    assert thai.format_score(Decimal(value), whole_hundred=False) == full


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1.33", "+1.33"),
        ("-3.29", "-3.29"),
        ("0", "0.00"),
        ("-0.004", "0.00"),
        ("0.005", "+0.01"),
        ("12", "+12.00"),
    ],
)
def test_changes_print_with_their_sign(value: str, expected: str) -> None:
    assert thai.format_change(Decimal(value)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("93.66", "93.66"),
        ("๙๓.๖๖", "93.66"),
        ("๙3.6๖", "93.66"),
        (" 93.66\u00a0\n", "93.66"),
        ("100", "100"),
        ("๑๐๐", "100"),
        ("100.00", "100"),
        ("0", "0"),
        ("0.5", "0.5"),
        ("85.0", "85"),
    ],
)
def test_scores_are_read(text: str, expected: str) -> None:
    assert thai.parse_score(text) == Decimal(expected)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("abc", "ไม่ใช่ตัวเลข"),
        ("93.66%", "ไม่ใช่ตัวเลข"),
        ("1e2", "ไม่ใช่ตัวเลข"),
        ("+5", "ไม่ใช่ตัวเลข"),
        ("93 66", "ไม่ใช่ตัวเลข"),
        ("๙๐.๕.๕", "มากกว่าหนึ่งจุด"),
        ("..", "มากกว่าหนึ่งจุด"),
        ("93,66", "จุลภาค"),
        ("๙๓,๖๖", "จุลภาค"),
        ("93.666", "ทศนิยมไม่เกิน 2 ตำแหน่ง"),
        ("-1", "ต่ำกว่า 0"),
        ("\u22121", "ต่ำกว่า 0"),
        ("100.01", "มากกว่า 100"),
        ("๑๐๑", "มากกว่า 100"),
        ("9" * 400, "มากกว่า 100"),
        (".5", "หน้าและหลังจุดทศนิยม"),
        ("93.", "หน้าและหลังจุดทศนิยม"),
        ("093.66", "ศูนย์นำหน้า"),
    ],
)
def test_a_bad_score_is_refused_with_value_rule_and_example(text: str, rule: str) -> None:
    with pytest.raises(thai.BadScore) as refusal:
        thai.parse_score(text)
    sentence = str(refusal.value)
    assert rule in sentence
    assert f"“{text[:20]}" in sentence
    assert "เช่น" in sentence
    assert len(sentence) < 200


def test_an_empty_score_is_asked_for() -> None:
    with pytest.raises(thai.BadScore, match="ยังไม่ได้กรอกคะแนน"):
        thai.parse_score(" \u00a0")


@given(SCORES, st.booleans())
def test_printed_scores_are_read_back(value: Decimal, whole_hundred: bool) -> None:
    printed = thai.format_score(value, whole_hundred=whole_hundred)
    assert thai.parse_score(printed) == value
    assert thai.parse_score(thai.to_thai(printed)) == value


@pytest.mark.parametrize(
    ("day", "be_year", "fiscal_year"),
    [
        (date(2023, 9, 30), 2566, 2566),
        (date(2023, 10, 1), 2566, 2567),
        (date(2024, 1, 1), 2567, 2567),
        (date(2024, 9, 30), 2567, 2567),
    ],
)
def test_a_fiscal_year_starts_in_october(day: date, be_year: int, fiscal_year: int) -> None:
    assert thai.be_year_of(day) == be_year
    assert thai.fiscal_year_of(day) == fiscal_year
    assert thai.fiscal_year_start(fiscal_year) <= day <= thai.fiscal_year_end(fiscal_year)


def test_the_bounds_of_a_fiscal_year() -> None:
    assert thai.fiscal_year_start(2567) == date(2023, 10, 1)
    assert thai.fiscal_year_end(2567) == date(2024, 9, 30)


def test_dates_print() -> None:
    day = date(2024, 3, 29)
    assert thai.long_date(day) == "29 มีนาคม 2567"
    assert thai.short_date(day) == "29 มี.ค. 67"
    assert thai.long_month(day) == "มีนาคม 2567"
    assert thai.short_month(day) == "มี.ค. 67"
    assert thai.clock(time(9, 5)) == "09:05"
    assert thai.clock(datetime(2024, 3, 29, 14, 32, 59)) == "14:32"


@pytest.mark.parametrize(
    ("start", "end", "long", "short"),
    [
        (date(2023, 10, 1), date(2024, 9, 30), "ตุลาคม 2566 – กันยายน 2567", "ต.ค. 66 – ก.ย. 67"),
        (date(2024, 2, 1), date(2024, 2, 29), "กุมภาพันธ์ 2567", "ก.พ. 67"),
        (date(2024, 2, 1), date(2024, 2, 28), "1 กุมภาพันธ์ 2567 – 28 กุมภาพันธ์ 2567", "1 ก.พ. 67 – 28 ก.พ. 67"),
        (date(2023, 10, 2), date(2024, 9, 30), "2 ตุลาคม 2566 – 30 กันยายน 2567", "2 ต.ค. 66 – 30 ก.ย. 67"),
        (date(2024, 3, 29), date(2024, 3, 29), "29 มีนาคม 2567", "29 มี.ค. 67"),
    ],
)
def test_whole_months_print_by_month(start: date, end: date, long: str, short: str) -> None:
    assert thai.period(start, end) == long
    assert thai.period(start, end, short=True) == short


def test_a_period_cannot_end_before_it_starts() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        thai.period(date(2024, 2, 2), date(2024, 2, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 ต.ค. 2566", date(2023, 10, 1)),
        ("๑ ตุลาคม ๒๕๖๖", date(2023, 10, 1)),
        ("วันที่ 1 ตุลาคม พ.ศ. 2566", date(2023, 10, 1)),
        ("1ต.ค.66", date(2023, 10, 1)),
        ("1 ตค 66", date(2023, 10, 1)),
        ("1/10/2566", date(2023, 10, 1)),
        ("๐๑/๑๐/๖๖", date(2023, 10, 1)),
        ("1-10-2566", date(2023, 10, 1)),
        ("1.10.2566", date(2023, 10, 1)),
        ("1/10/2023", date(2023, 10, 1)),
        ("2023-10-01", date(2023, 10, 1)),
        ("2566-10-01", date(2023, 10, 1)),
        (" 29 ก.พ. 2567 ", date(2024, 2, 29)),
    ],
)
def test_dates_are_read(text: str, expected: date) -> None:
    assert thai.parse_date(text) == expected


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("33 มีนาคม 2567", "1 ถึง 31"),
        ("29 ก.พ. 2566", "1 ถึง 28"),
        ("31/4/2567", "1 ถึง 30"),
        ("0/4/2567", "1 ถึง 30"),
        ("1/13/2567", "เดือนต้องเป็น 1 ถึง 12"),
        ("1/10/256", "2 หรือ 4 หลัก"),
        ("1/10/9999", "พ.ศ. 2443 ถึง 2699"),
        ("1/10/0001", "พ.ศ. 2443 ถึง 2699"),
        ("1 ตลาคม 2566", "วัน เดือน ปี"),
        ("พรุ่งนี้", "วัน เดือน ปี"),
        ("1/10-2566", "วัน เดือน ปี"),
    ],
)
def test_a_bad_date_is_refused_with_value_rule_and_example(text: str, rule: str) -> None:
    with pytest.raises(thai.BadDate) as refusal:
        thai.parse_date(text)
    sentence = str(refusal.value)
    assert f"“{text}”" in sentence
    assert rule in sentence
    assert "เช่น" in sentence


def test_an_empty_date_is_asked_for() -> None:
    with pytest.raises(thai.BadDate, match="ยังไม่ได้กรอกวันที่"):
        thai.parse_date("  ")


@given(DAYS)
def test_printed_dates_are_read_back(day: date) -> None:
    assert thai.parse_date(thai.long_date(day)) == day
    assert thai.parse_date(thai.to_thai(thai.long_date(day))) == day
    assert thai.parse_date(day.isoformat()) == day


@given(st.dates(min_value=date(1957, 1, 1), max_value=date(2056, 12, 31)))
def test_short_dates_are_read_back(day: date) -> None:
    assert thai.parse_date(thai.short_date(day)) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("i7", "i7"),
        ("I7", "i7"),
        ("i๗", "i7"),
        ("ข้อ i๗", "i7"),
        ("ข้อ e๙", "e9"),
        ("e๑๕.", "e15"),
        ("o11", "o11"),
        ("O๑๔", "o14"),
        ("๐๑๑", "o11"),
        ("011", "o11"),
        ("๐๘", "o8"),
        ("๐๙", "o9"),
        ("๐๑๐", "o10"),
        (" i07 ", "i7"),
    ],
)
def test_a_code_is_read_as_people_write_it(text: str, code: str) -> None:
    assert thai.parse_code(text) == code
    assert thai.parse_code(text, tool="OIT") == code


@pytest.mark.parametrize(
    "text", ["", "ข้อ", "1๑๕", "๑๑๕", "i", "i0", "i100", "๐", "x7", "i7 i8", "e9/2", "9.1", "-7"]
)
@pytest.mark.parametrize("tool", [None, "OIT"])
def test_anything_else_is_no_code(text: str, tool: str | None) -> None:
    assert thai.parse_code(text, tool=tool) is None


@pytest.mark.parametrize("text", ["ข้อ ๓๕", "ข้อที่ 35", "๓๕", "35"])
def test_a_bare_number_is_an_item_only_among_disclosure_items(text: str) -> None:
    assert thai.parse_code(text, tool="OIT") == "o35"
    assert thai.parse_codes(text, tool="OIT") == ["o35"]
    for tool in (None, "IIT", "EIT"):
        assert thai.parse_code(text, tool=tool) is None
        assert thai.parse_codes(text, tool=tool) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("i๘ , i๙", "i8 i9"),
        ("e๑๑,e๑๒", "e11 e12"),
        ("o11-o12", "o11 o12"),
        ("e๑๑-e๑๓", "e11 e12 e13"),
        ("o31-33", "o31 o32 o33"),
        ("e๑๑–e๑๒", "e11 e12"),
        ("i1 – i3", "i1 i2 i3"),
        ("i1 ถึง i3", "i1 i2 i3"),
        ("o12-o11", "o12 o11"),
        ("i30-e2", "i30 e2"),
        ("๐๑-๐๓", "o1 o2 o3"),
        ("๐๑๑,๐๑๒", "o11 o12"),
        ("มิติ (i๑-i๒) ซึ่งคู่กับ (e๑) และ E-Service (๐๑๘) ผลประเมิน ๑๐๐ คะแนน", "i1 i2 e1 o18"),
        ("ข้อ e๙ ได้ 90.50 ข้อ e๙ อีกครั้ง", "e9"),
        ("e9/2", "e9"),
        ("i7-86.82", "i7"),
        ("ข้อ ๓๕", ""),
        ("โทร 081-234-5678 หรือ 02-123-4567", ""),
        ("08.30 น. 09:00 วันที่ 01/10/2566 หรือ 2023-10-01 จำนวน 1,011 บาท", ""),
        ("video7 wifi5", ""),
    ],
)
def test_codes_are_found_in_free_text(text: str, codes: str) -> None:
    assert thai.parse_codes(text) == codes.split()


def test_lists_of_bare_numbers_among_disclosure_items() -> None:
    assert thai.parse_codes("๓๑-๓๓, ๓๕", tool="OIT") == ["o31", "o32", "o33", "o35"]
    assert thai.parse_codes("ข้อ ๓๑-๓๒ และข้อ o34", tool="OIT") == ["o31", "o32", "o34"]


@given(st.sampled_from("ieo"), st.integers(1, 99))
def test_shown_codes_are_read_back(letter: str, number: int) -> None:
    code = f"{letter}{number}"
    assert thai.parse_code(thai.to_thai(code)) == code
    assert thai.parse_codes(f"ข้อ {thai.to_thai(code)} ผล 100") == [code]


def test_codes_sort_by_tool_and_number() -> None:
    codes = ["o2", "total", "e10", "i30", "e9", "i4", "o11"]
    assert sorted(codes, key=thai.code_key) == ["i4", "i30", "e9", "e10", "o2", "o11", "total"]
