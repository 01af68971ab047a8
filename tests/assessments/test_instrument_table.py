"""Question lists as tables: out, in, what would change, and the two steps of an import."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from assessments import instrument_table as table
from assessments.instrument_table import BadTable, Row
from assessments.models import Assessment, Instrument
from assessments.question_import import import_questions, scored_codes
from assessments.scoring import Kind, Node
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User

NOW = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)


def question(code: str, title: str = "") -> Node:
    """Return a question."""
    return Node(code, Kind.QUESTION, title or f"คำถาม {code}")


TREE = Node(
    "total",
    Kind.TOTAL,
    "คะแนนรวม",
    children=(
        Node(
            "IIT",
            Kind.TOOL,
            "ภายใน",
            Decimal(60),
            children=(
                Node("indicator-1", Kind.INDICATOR, "การปฏิบัติหน้าที่", children=(question("i1"), question("i2"))),
                Node("indicator-2", Kind.INDICATOR, "การใช้งบประมาณ"),
            ),
        ),
        Node(
            "OIT",
            Kind.TOOL,
            "เปิดเผย",
            Decimal(40),
            children=(
                Node(
                    "indicator-9",
                    Kind.INDICATOR,
                    "การเปิดเผยข้อมูล",
                    children=(
                        Node(
                            "9.1",
                            Kind.SUB_INDICATOR,
                            "ข้อมูลพื้นฐาน",
                            children=(question("o1"), question("o2")),
                        ),
                    ),
                ),
            ),
        ),
    ),
)
ROWS = [
    Row("IIT", "1", "", "i1", "คำถาม i1", 2),
    Row("IIT", "1", "", "i2", "คำถาม i2", 3),
    Row("OIT", "9", "9.1", "o1", "คำถาม o1", 4),
    Row("OIT", "9", "9.1 ข้อมูลพื้นฐาน", "o2", "คำถาม o2", 5),
]


def test_rows_say_where_each_question_stands() -> None:
    rows = table.rows_of(TREE)
    assert [row.code for row in rows] == ["i1", "i2", "o1", "o2"]
    assert rows[3] == Row("OIT", "9 การเปิดเผยข้อมูล", "9.1 ข้อมูลพื้นฐาน", "o2", "คำถาม o2")


@pytest.mark.parametrize("write", [table.to_csv, table.to_xlsx])
def test_what_goes_out_comes_in_unchanged(write: Any) -> None:
    rows = [*table.rows_of(TREE)[:3], Row("OIT", "9 การเปิดเผยข้อมูล", "9.1 ข้อมูลพื้นฐาน", "o2", '=1+1, "อ้าง" -')]
    back = table.read_table(write(rows), "out")
    assert [replace(row, line=0) for row in back] == rows
    assert [row.line for row in back] == [2, 3, 4, 5]


@pytest.mark.parametrize("title", ["=HYPERLINK(1)", "+1", "-1", "@x"])
def test_no_cell_is_a_formula(title: str) -> None:
    rows = [Row("IIT", "1", "", "i1", title)]
    assert f",'{title}" in table.to_csv(rows).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(table.to_xlsx(rows))).worksheets[0]
    assert (sheet["E2"].data_type, sheet["E2"].value) == ("s", f"'{title}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp874"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_in_the_encodings_of_thai_offices(encoding: str, delimiter: str) -> None:
    heading = ["รหัส", "ข้อคำถาม", "เครื่องมือ", "ตัวชี้วัด"]
    lines = [heading, ["i๑", "ท่านทราบ  หรือไม่", "iit", "๑"], ["", "", "", ""], ["i2", "สอง", "IIT", "1"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)
    rows = table.read_table(content, "a.csv")
    assert [(r.line, r.code, r.title, r.sub_indicator) for r in rows] == [
        (2, "i๑", "ท่านทราบ หรือไม่", ""),
        (4, "i2", "สอง", ""),
    ]
    assert table.check(rows, TREE).refusals == ()


def bomb() -> bytes:
    """Return a small file that unpacks to 30 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * 30_000_000)
    return file.getvalue()


def empty_workbook() -> bytes:
    """Return a workbook without cells."""
    file = io.BytesIO()
    Workbook().save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "ไม่มีข้อมูล"),
        (b"\n\n,,\n", "ไม่มีข้อมูล"),
        (empty_workbook(), "ไม่มีข้อมูล"),
        ("เครื่องมือ,รหัส\nIIT,i1".encode(), "แถวแรกไม่มีหัวตาราง ตัวชี้วัด, ข้อคำถาม"),
        (b"PK\x03\x04 broken", "เป็น Excel ไม่ได้"),
        (b"\xd0\xcf\x11\xe0old", "Excel รุ่นเก่า"),
        (b"a\0b", "ต้องเป็น .csv"),
        (b"x" * (table.MAX_BYTES + 1), "ไม่เกิน 1 เมกะไบต์"),
        (b"tool,indicator,code,title\n" + b"IIT,1,i1,x\n" * 1000, "ต้องไม่เกิน 1000 แถว"),
        (bomb(), "ใหญ่เกินไปเมื่อคลายแล้ว"),
    ],
    ids=["empty", "blank", "workbook", "heading", "zip", "xls", "binary", "large", "long", "bomb"],
)
def test_files_that_are_no_table_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(BadTable) as refusal:
        table.read_table(content, "แฟ้ม.csv")
    assert sentence in str(refusal.value)


def test_the_same_table_changes_nothing() -> None:
    plan = table.check(ROWS, TREE)
    assert (plan.refusals, plan.changes_nothing, len(plan.questions)) == ((), True, 4)
    assert table.check(table.rows_of(TREE), TREE).changes_nothing


def test_added_changed_and_removed() -> None:
    rows = [
        ROWS[0],
        replace(ROWS[1], indicator="ตัวชี้วัดที่ ๒"),
        Row("IIT", "2", "", "ข้อ i๓", "ใหม่", 6),
        replace(ROWS[2], sub_indicator="9.2 การบริหารงาน"),
    ]
    plan = table.check(rows, TREE)
    assert plan.refusals == ()
    assert [q.code for q in plan.added] == ["i3"]
    assert [(old.indicator, new.indicator, new.sub_indicator) for old, new in plan.changed] == [
        ("indicator-1", "indicator-2", ""),
        ("indicator-9", "indicator-9", "9.2"),
    ]
    assert [q.code for q in plan.removed] == ["o2"]
    assert plan.sub_indicator_changes == (
        "เพิ่มตัวชี้วัดย่อยที่ 9.2 การบริหารงาน",
        "ลบตัวชี้วัดย่อยที่ 9.1 ข้อมูลพื้นฐาน",
    )


@pytest.mark.parametrize(
    ("index", "fields", "parts"),
    [
        (0, {"tool": "XIT"}, ["แถวที่ 2 ช่องเครื่องมือ “XIT”", "IIT OIT", "เช่น IIT"]),
        (0, {"tool": ""}, ["แถวที่ 2 ช่องเครื่องมือ ว่าง"]),
        (0, {"indicator": "9"}, ["ช่องตัวชี้วัด “9”", "เฉพาะข้อ 1, 2", "เช่น 1 การปฏิบัติหน้าที่"]),
        (0, {"indicator": "1 การใช้งบประมาณ"}, ["ชื่อไม่ตรงกับแบบประเมิน", "เช่น 1 การปฏิบัติหน้าที่"]),
        (0, {"indicator": "หนึ่ง"}, ["ช่องตัวชี้วัด “หนึ่ง”"]),
        (0, {"code": "o1"}, ["ช่องรหัส “o1”", "ต้องเป็น i ตามด้วยเลขข้อ", "เช่น i7"]),
        (0, {"code": "ข้อแรก"}, ["ช่องรหัส “ข้อแรก”"]),
        (1, {"code": "i๑"}, ["แถวที่ 3 ช่องรหัส “i๑”", "รหัสซ้ำ"]),
        (0, {"title": ""}, ["ช่องข้อคำถาม ว่าง", "ต้องมีข้อความ"]),
        (0, {"title": "ย" * 2001}, ["ช่องข้อคำถาม", "2000 ตัวอักษร"]),
        (3, {"sub_indicator": "10.1 อื่น"}, ["ช่องตัวชี้วัดย่อย “10.1 อื่น”", "9.1, 9.2", "เช่น 9.1 ข้อมูลพื้นฐาน"]),
        (3, {"sub_indicator": "9.7"}, ["ช่องตัวชี้วัดย่อย “9.7”", "และชื่อ"]),
        (3, {"sub_indicator": "9.1 ชื่ออื่น"}, ["ชื่อไม่ตรงกับแถวก่อนหน้า"]),
        (3, {"sub_indicator": ""}, ["ตัวชี้วัดที่ 9 ต้องระบุตัวชี้วัดย่อยทุกข้อ", "o2"]),
    ],
)
def test_a_bad_row_names_place_value_rule_and_example(
    index: int, fields: dict[str, str], parts: list[str]
) -> None:
    rows = [replace(row, **fields) if n == index else row for n, row in enumerate(ROWS)]
    (sentence,) = table.check(rows, TREE).refusals
    for part in parts:
        assert part in sentence


def test_all_bad_rows_are_told_at_once() -> None:
    rows = [replace(row, tool="?") for row in ROWS]
    assert len(table.check(rows, TREE).refusals) == 4
    assert table.check([], TREE).refusals == ("ตารางไม่มีข้อคำถาม ต้องมีอย่างน้อยหนึ่งแถวใต้หัวตาราง",)


def test_a_wording_that_never_was_known_may_stay_empty() -> None:
    blank = Node("i9", Kind.QUESTION, "")
    first = TREE.children[0]
    tree = replace(
        TREE, children=(replace(first, children=(replace(first.children[1], children=(blank,)),)),)
    )
    assert table.check([Row("IIT", "2", "", "i9", "", 2)], tree).refusals == ()


def test_questions_with_scores_neither_go_nor_change() -> None:
    rows = [replace(ROWS[0], title="ถ้อยคำอื่น"), ROWS[2]]
    plan = table.check(rows, TREE, scored={"i1", "i2"})
    assert plan.refusals == (
        "ลบข้อ i2 ทำไม่ได้เพราะมีหน่วยงานกรอกคะแนนแล้ว โปรดคงแถวเหล่านี้ไว้ในตาราง",
        "เปลี่ยนข้อ i1 ทำไม่ได้เพราะมีหน่วยงานกรอกคะแนนแล้ว โปรดคงข้อความและตัวชี้วัดเดิมไว้",
    )
    assert table.check(rows, TREE, scored={"o1"}).refusals == ()
    gone = table.check([*ROWS[:2], replace(ROWS[2], sub_indicator="9.2 อื่น")], TREE, scored={"9.1"})
    assert gone.refusals == ("ลบตัวชี้วัดย่อยที่ 9.1 ทำไม่ได้เพราะมีหน่วยงานกรอกคะแนนแล้ว โปรดคงไว้อย่างน้อยหนึ่งข้อ",)


# --- With the database ---


@pytest.fixture
def year(instruments: None) -> Instrument:
    """Return an instrument without questions."""
    return Instrument.objects.get(be_year=2567)


def upload(text: str) -> SimpleUploadedFile:
    """Return a CSV file with the usual heading."""
    heading = "เครื่องมือ,ตัวชี้วัด,ตัวชี้วัดย่อย,รหัส,ข้อคำถาม\n"
    return SimpleUploadedFile("คำถาม.csv", (heading + text).encode())


QUESTIONS = "IIT,1,,i1,ข้อแรก\nEIT,6,,e1,ข้อนอก\nOIT,9,9.1 ข้อมูลพื้นฐาน,o1,โครงสร้าง\n"


def test_every_catalogue_goes_out_and_in_unchanged(instruments: None) -> None:
    for instrument in Instrument.objects.all():
        rows = table.read_table(table.to_xlsx(table.rows_of(instrument.tree)), "x")
        if rows:
            plan = table.check(rows, instrument.tree)
            assert (plan.refusals, plan.changes_nothing) == ((), True), instrument


def test_import_writes_the_tree_and_loading_again_keeps_it(year: Instrument, operator: User) -> None:
    plan = table.check(table.read_table(upload(QUESTIONS).read(), "x"), year.tree)
    import_questions(year, plan, complete=True, by=operator, at=NOW)
    call_command("load_instruments", verbosity=0)
    standing = Instrument.objects.get(pk=year.pk)
    assert standing.complete
    found = {q.code: (q.title, q.indicator, q.sub_indicator) for q in table.questions_of(standing.tree)}
    assert found == {
        "i1": ("ข้อแรก", "indicator-1", ""),
        "e1": ("ข้อนอก", "indicator-6", ""),
        "o1": ("โครงสร้าง", "indicator-9", "9.1"),
    }
    assert ("e1", 2) in {key for node in standing.tree.walk() for key in node.cells}  # EIT has two parts
    event = Event.objects.get(verb=Event.Verb.INSTRUMENT_IMPORTED)
    assert (event.actor, event.facts["added"]) == (operator, ["i1", "e1", "o1"])
    assert event.sentence == "นำเข้ารายการคำถามปีงบประมาณ ๒๕๖๗: เพิ่ม ๓ เปลี่ยน ๐ ลบ ๐ ข้อ"


def test_loading_again_neither_rewords_nor_brings_back_what_an_operator_imported(
    instruments: None, operator: User
) -> None:
    year = Instrument.objects.get(be_year=2565)  # its file names questions, without their wording
    rows = [
        replace(row, title=f"ถ้อยคำของ {row.code}") for row in table.rows_of(year.tree) if row.code != "i30"
    ]
    import_questions(year, table.check(rows, year.tree), complete=False, by=operator, at=NOW)
    call_command("load_instruments", verbosity=0)
    codes = dict(year.items.filter(kind=Kind.QUESTION).values_list("code", "title"))
    assert codes["i7"] == "ถ้อยคำของ i7"
    assert "i30" not in codes


def test_import_of_a_refused_plan_is_a_mistake_of_the_caller(year: Instrument, operator: User) -> None:
    plan = table.check([], year.tree)
    with pytest.raises(ValueError, match="refusals"):
        import_questions(year, plan, complete=False, by=operator, at=NOW)


def test_scored_codes_hold_emptied_cells_too(
    year: Instrument, organisation: Organisation, staff: User
) -> None:
    assessment = Assessment.open_for(organisation, year)
    assessment.save_scores({("indicator-1", 0): Decimal(90), ("IIT", 0): Decimal(90)}, by=staff, at=NOW)
    assessment.scores.filter(item__code="IIT").update(value=None)
    assert scored_codes(year) == {"indicator-1", "IIT"}


def test_two_steps_show_and_then_import(client: Client, operator: User, year: Instrument) -> None:
    client.force_login(operator)
    url = reverse("assessments:instrument-questions", args=[2567])
    preview = client.post(url, {"file": upload(QUESTIONS)})
    assert [q.code for q in preview.context["plan"].added] == ["i1", "e1", "o1"]
    assert not year.items.filter(kind=Kind.QUESTION).exists()
    confirmed = {"text": preview.context["text"], "seen": preview.context["seen"]}
    done = client.post(url, confirmed, follow=True)
    assert "เพิ่ม ๓ เปลี่ยน ๐ ลบ ๐ ข้อ" in done.content.decode()
    assert list(year.items.filter(kind=Kind.QUESTION).values_list("code", flat=True)) == ["i1", "e1", "o1"]
    assert not Instrument.objects.get(pk=year.pk).complete
    again = client.post(url, confirmed)  # what was seen is no longer what would be done
    assert "โปรดตรวจอีกครั้งก่อนยืนยัน" in again.content.decode()
    assert Event.objects.count() == 1
    confirmed |= {"seen": again.context["seen"], "complete": "on"}
    client.post(url, confirmed)
    assert Instrument.objects.get(pk=year.pk).complete


def test_a_bad_table_imports_nothing(client: Client, operator: User, year: Instrument) -> None:
    client.force_login(operator)
    url = reverse("assessments:instrument-questions", args=[2567])
    bad = client.post(url, {"file": upload(QUESTIONS + "IIT,1,,o5,ผิดเครื่องมือ\n")})
    assert bad.status_code == 422
    assert "แถวที่ ๕ ช่องรหัส “o๕”" in bad.content.decode()
    forced = {"text": table.to_csv([ROWS[0], ROWS[0]]).decode("utf-8-sig"), "seen": "0" * 64}
    assert client.post(url, forced).status_code == 422
    missing = client.post(url, {})
    assert "ยังไม่ได้เลือกแฟ้ม" in missing.content.decode()
    assert not year.items.filter(kind=Kind.QUESTION).exists()


def test_scores_stand_against_an_import(
    client: Client, operator: User, instruments: None, organisation: Organisation, staff: User
) -> None:
    instrument = Instrument.objects.get(be_year=2566)
    Assessment.open_for(organisation, instrument).save_scores({("i7", 0): Decimal(90)}, by=staff, at=NOW)
    client.force_login(operator)
    kept = [row for row in table.rows_of(instrument.tree) if row.code != "i7"]
    url = reverse("assessments:instrument-questions", args=[2566])
    page = client.post(url, {"file": SimpleUploadedFile("q.csv", table.to_csv(kept))}).content.decode()
    assert "ลบข้อ i๗ ทำไม่ได้เพราะมีหน่วยงานกรอกคะแนนแล้ว" in page
    assert instrument.items.filter(code="i7").exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_download(client: Client, operator: User, instruments: None, kind: str) -> None:
    client.force_login(operator)
    answer = client.get(reverse("assessments:instrument-export", args=[2566, kind]))
    assert answer["Content-Disposition"] == f'attachment; filename="ita-questions-2566.{kind}"'
    rows = table.read_table(answer.content, "x")
    assert len(rows) == 88
    assert (rows[6].code, rows[6].indicator) == ("i7", "2 การใช้งบประมาณ")


def test_list_says_what_is_known_of_each_year(
    client: Client, operator: User, instruments: None, django_assert_num_queries: Any
) -> None:
    client.force_login(operator)
    with django_assert_num_queries(4):
        answer = client.get(reverse("assessments:instrument-list"))
    found = {
        i.be_year: (i.complete, i.indicator_count, i.question_count) for i in answer.context["instruments"]
    }
    assert found[2566] == (True, 10, 88)
    assert found[2567] == (False, 10, 0)
    assert list(found) == sorted(found, reverse=True)
