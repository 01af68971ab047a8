"""Which years of a text move with the fiscal year, and which stay."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ita_portal.thai import to_arabic
from measures.years import shift_day, shift_years, years_around

YEARS = years_around(2567)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ประจำปีงบประมาณ พ.ศ. 2567", "ประจำปีงบประมาณ พ.ศ. 2568"),
        ("ประจำปีงบประมาณ พ.ศ. ๒๕๖๗", "ประจำปีงบประมาณ พ.ศ. ๒๕๖๘"),
        ("ผลการประเมินปี 2566 สูงกว่าปี ๒๕๖๕", "ผลการประเมินปี 2567 สูงกว่าปี ๒๕๖๖"),
        ("ตุลาคม 2566 – กันยายน 2567", "ตุลาคม 2567 – กันยายน 2568"),
        ("ต.ค. 66 – ก.ย. ๖๗", "ต.ค. 67 – ก.ย. ๖๘"),
        ("ภายในวันที่ 30 เม.ย.67", "ภายในวันที่ 30 เม.ย.68"),
        ("30 เม.ย. 2567", "30 เม.ย. 2568"),
        ("30/4/2567", "30/4/2568"),
        ("รายงานไตรมาสที่ 2/2567 และการประชุมครั้งที่ 1/๒๕๖๗", "รายงานไตรมาสที่ 2/2568 และการประชุมครั้งที่ 1/๒๕๖๘"),
        ("ปีงบประมาณ 2566-2567", "ปีงบประมาณ 2567-2568"),
        ("แผนปฏิบัติการประจำปี พ.ศ.2567 และ ITA 2567", "แผนปฏิบัติการประจำปี พ.ศ.2568 และ ITA 2568"),
        ("ปฏิบัติตามระเบียบพัสดุ และรายงานภายในเดือนเมษายน 2567", "ปฏิบัติตามระเบียบพัสดุ และรายงานภายในเดือนเมษายน 2568"),
        (
            "ข้อบัญญัติงบประมาณรายจ่าย ประจำปีงบประมาณ พ.ศ. 2567",
            "ข้อบัญญัติงบประมาณรายจ่าย ประจำปีงบประมาณ พ.ศ. 2568",
        ),
        ("เสนอในปี 2567.", "เสนอในปี 2568."),
        ("ภายในเดือนธันวาคม 2566\nรายงานผลทุกไตรมาส", "ภายในเดือนธันวาคม 2567\nรายงานผลทุกไตรมาส"),
        ("ในปี 2567 หน่วยงานรับ 2566 เรื่อง", "ในปี 2568 หน่วยงานรับ 2566 เรื่อง"),
        ("ปี 2567 คนในชุมชน", "ปี 2568 คนในชุมชน"),
        ("รอบ พ.ศ. 2567 รายงานต่อผู้บริหาร", "รอบ พ.ศ. 2568 รายงานต่อผู้บริหาร"),
        ("ปลายปีถัดไป (2568)", "ปลายปีถัดไป (2569)"),
    ],
)
def test_years_of_the_plan_move(before: str, after: str) -> None:
    assert shift_years(before, years=YEARS) == after


@pytest.mark.parametrize(
    "text",
    [
        "พระราชบัญญัติข้อมูลข่าวสารของราชการ พ.ศ. 2540",
        "พระราชบัญญัติการปฏิบัติราชการทางอิเล็กทรอนิกส์ พ.ศ. 2565",
        "พ.ร.บ.การปฏิบัติราชการ ๒๕๖๕",
        "ระเบียบกระทรวงมหาดไทยว่าด้วยการเบิกจ่าย พ.ศ. ๒๕๖๖",
        "ระเบียบ ก พ.ศ. 2560 และที่แก้ไขเพิ่มเติม (ฉบับที่ 2) พ.ศ. 2566",
        "ประกาศคณะกรรมการว่าด้วยการรับของขวัญ พ.ศ. 2566",
        "แผนพัฒนาท้องถิ่น (พ.ศ. 2566 – 2570)",
        "คำสั่งที่ 123/2567",
        "งบประมาณ 2567 บาท, 2,566 คน, 2566.50",
        "ผู้ตอบ 2567 คน",
        "https://www.example.go.th/ita/2567/plan-2566.pdf",
        "ita2567@example.go.th",
        "แฟ้ม plan-2567.pdf",
        "ISO 9001:2567",
        "โทร 0-2567-2566",
        "{ปีมาตรการ} และ {ข้อ 2567}",
        "พ.ศ. 2562 และ 2570",
        "คะแนน 66 ข้อ i66",
        "ต.ค. 6 และ ก.พ. 50",
        "ม.ค. 66% ของผู้ตอบ",
        "",
    ],
)
def test_all_else_stays(text: str) -> None:
    assert shift_years(text, years=YEARS) == text


def test_a_year_moves_once_and_by_as_much_as_asked() -> None:
    assert shift_years("2565 2566 2567", years=YEARS) == "2566 2567 2568"
    assert shift_years("ธ.ค. 66 ปี 2567", by=2, years=YEARS) == "ธ.ค. 68 ปี 2569"


@given(st.text(alphabet="25678๒๕๖๗ .,/-–ปีพศาต.ค{}\nab", max_size=40))
def test_only_digits_change_and_their_kinds_stay(text: str) -> None:
    moved = shift_years(text, years=YEARS)
    assert len(moved) == len(text)
    assert [c if not c.isdigit() else c.isascii() for c in moved] == [
        c if not c.isdigit() else c.isascii() for c in text
    ]
    assert to_arabic(moved) == shift_years(to_arabic(text), years=YEARS)


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2023, 10, 1), date(2024, 10, 1)),
        (date(2024, 9, 30), date(2025, 9, 30)),
        (date(2024, 2, 29), date(2025, 2, 28)),
        (date(2023, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2025, 2, 28)),
    ],
)
def test_a_day_moves_with_its_month(day: date, later: date) -> None:
    assert shift_day(day) == later
