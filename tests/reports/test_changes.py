"""What changed since the round before: on small papers, on any paper, and on the real ones."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from itertools import pairwise

import pytest
from django.template.loader import render_to_string
from hypothesis import example, given
from hypothesis import strategies as st

from ita_portal.organisations.models import User
from ita_portal.thai import to_arabic
from measures.models import Measure, MeasurePlan
from reports.changes import Changed, blocks_of, changes
from reports.papers import Paper, analysis_paper, plan_paper
from reports.papers.frozen import FrozenPaper
from reports.pieces import pieces_of, shortened

from .conftest import AT, add_measures, save_scores, write


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{escape(text)}</p>\n" for text in texts)


def table(*rows: tuple[str, ...], head: tuple[str, ...] = ("มาตรการ", "ขั้นตอน", "ผู้รับผิดชอบ")) -> str:
    """Return a table of measures; a row of one cell heads a group, a cell "^" continues the one above."""
    lines = [
        f'<table class="measures"><thead><tr>{"".join(f"<th>{h}</th>" for h in head)}</tr></thead><tbody>'
    ]
    for row in rows:
        if len(row) == 1:
            lines.append(f'<tr class="group"><th colspan="{len(head)}">{row[0]}</th></tr>')
            continue
        cells = "".join('<td class="continued"></td>' if cell == "^" else f"<td>{cell}</td>" for cell in row)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</tbody></table>"])


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    return [(changed.place, changed.before, changed.after) for changed in changes(before, after)]


# --- blocks ---------------------------------------------------------------------------------------------------


def test_blocks_stand_in_reading_order_with_the_headings_above_them() -> None:
    body = (
        '<section class="cover"><h1><span>มาตร\u2060การ</span><br>ปี ๒๕๖๗</h1><p>ของ</p></section>'
        "<h2>๑. ผล</h2><p>ได้ ๙๐\u00a0คะแนน\n  แล้ว <strong>ดี</strong></p><h3>รายการ</h3><ul><li>หนึ่ง</li><li> </li></ul>"
        "<h2>๒. อื่น</h2><dl><div><dt>เรื่อง</dt><dd>เสนอแผน</dd></div></dl><p>จบ</p>"
    )
    blocks = blocks_of(body)
    assert [(block.kind, block.text, block.parent) for block in blocks] == [
        ("heading", "มาตรการ ปี ๒๕๖๗", -1),
        ("text", "ของ", 0),
        ("heading", "๑. ผล", -1),
        ("text", "ได้ ๙๐ คะแนน แล้ว ดี", 2),
        ("heading", "รายการ", 2),
        ("text", "หนึ่ง", 4),
        ("heading", "๒. อื่น", -1),
        ("heading", "เรื่อง", 6),
        ("text", "เสนอแผน", 7),
        ("text", "จบ", 6),
    ]


def test_cells_that_span_rows_stand_in_each_of_them() -> None:
    body = (
        "<table><thead><tr><th>ตัวชี้วัด</th><th>คะแนน</th><th>เครื่องมือ</th></tr></thead><tbody>"
        '<tr><td>ก</td><td>๑</td><td rowspan="2">IIT</td></tr><tr><td>ข</td><td>๒</td></tr>'
        '<tr><td colspan="2">รวม</td><td>๓</td></tr></tbody></table>'
        + table(("๑. ทำ", "<div>๑. หนึ่ง</div><div>๒. สอง</div>", "ก"), ("^", "สาม", "ข"))
    )
    rows = [[(c.column, c.text, c.spans) for c in b.cells] for b in blocks_of(body) if b.kind == "row"]
    assert rows == [
        [("ตัวชี้วัด", "ก", False), ("คะแนน", "๑", False), ("เครื่องมือ", "IIT", False)],
        [("ตัวชี้วัด", "ข", False), ("คะแนน", "๒", False), ("เครื่องมือ", "IIT", True)],
        [("ตัวชี้วัด", "รวม", False), ("เครื่องมือ", "๓", False)],
        [("มาตรการ", "๑. ทำ", False), ("ขั้นตอน", "๑. หนึ่ง\n๒. สอง", False), ("ผู้รับผิดชอบ", "ก", False)],
        [("มาตรการ", "๑. ทำ", True), ("ขั้นตอน", "สาม", False), ("ผู้รับผิดชอบ", "ข", False)],
    ]


# --- pieces ---------------------------------------------------------------------------------------------------

MARKS_AND_VOWELS = "".join(map(chr, [*range(0x0E30, 0x0E3B), 0x0E45, *range(0x0E47, 0x0E4F)]))


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "ใหม่", (("new", "ใหม่"),)),
        ("เดิม", "", (("old", "เดิม"),)),
        (
            "ประชุมชี้แจงปีละ ๒ ครั้ง",
            "ประชุมชี้แจงปีละ ๑๒ ครั้ง",
            (("same", "ประชุมชี้แจงปีละ "), ("old", "๒"), ("new", "๑๒"), ("same", " ครั้ง")),
        ),
        (
            "ได้ ๙๐.๕๐ คะแนน",
            "ได้ ๙๐.๐๕ คะแนน",
            (("same", "ได้ "), ("old", "๙๐.๕๐"), ("new", "๙๐.๐๕"), ("same", " คะแนน")),
        ),
        # The tone mark stays on its consonant, and the blank and the few letters in common are no news.
        ("น้ำ", "นำ้ใจ", (("old", "น้ำ"), ("new", "นำ้ใจ"))),
        ("ทุกสำนัก/กอง", "กองช่าง", (("old", "ทุกสำนัก/กอง"), ("new", "กองช่าง"))),
    ],
)
def test_pieces_are_readable(before: str, after: str, pieces: tuple[tuple[str, str], ...]) -> None:
    assert pieces_of(before, after) == pieces


def test_a_long_paragraph_keeps_what_stayed() -> None:
    before = "จัดทำคู่มือการปฏิบัติงาน เผยแพร่บนเว็บไซต์ และรายงานผู้บริหารทุกไตรมาส " * 20
    after = before.replace("ทุกไตรมาส", "ทุกเดือน", 1)
    assert pieces_of(before, after) == (
        ("same", "จัดทำคู่มือการปฏิบัติงาน เผยแพร่บนเว็บไซต์ และรายงานผู้บริหารทุก"),
        ("old", "ไตรมาส"),
        ("new", "เดือน"),
        ("same", before.partition("ทุกไตรมาส")[2]),
    )


def test_a_short_name_ends_between_clusters() -> None:
    assert shortened("สั้น", 10) == "สั้น"
    assert shortened("กำหนดผู้รับผิดชอบที่ชัดเจน", 8) == "กำหนด…"


THAI = st.text(st.sampled_from("กขนมรเแไะาำิีุู่้ๆฯ ๑๒9a.-"), max_size=40)


@given(THAI, THAI)
@example("ก" * 600, "ข" * 600)
def test_pieces_are_both_texts_and_cut_no_cluster(before: str, after: str) -> None:
    pieces = pieces_of(before, after)
    assert "".join(text for mark, text in pieces if mark != "new") == before
    assert "".join(text for mark, text in pieces if mark != "old") == after
    assert all(text for _, text in pieces)
    marks = [mark for mark, _ in pieces]
    assert not any(a == b for a, b in pairwise(marks))
    for side in ("old", "new"):
        texts = [text for mark, text in pieces if mark in ("same", side)]
        for left, right in pairwise(texts):
            cut_off = right[0] in MARKS_AND_VOWELS and re.search(rf"[ก-ฮ][{MARKS_AND_VOWELS}]*$", left)
            assert not cut_off
            assert not (left[-1] in "เแไ" and re.match("[ก-ฮ]", right))


# --- small papers ---------------------------------------------------------------------------------------------

GROUP = ("(๑) การให้บริการ",)
FIRST = ("๑. จัดทำคู่มือการปฏิบัติงานและเผยแพร่", "ร่างคู่มือและเสนอผู้บริหาร", "สำนักปลัด")
SECOND = ("๒. อบรมเจ้าหน้าที่เรื่องการรับเงิน", "เชิญวิทยากรมาบรรยายปีละครั้ง", "กองคลัง")
THIRD = ("๓. ตั้งตู้รับเรื่องร้องเรียนหน้าสำนักงาน", "ตรวจตู้ทุกสัปดาห์แล้วรายงาน", "กองช่าง")


def with_number(row: tuple[str, ...], number: str) -> tuple[str, ...]:
    return (re.sub(r"^[๐-๙]+\.", number, row[0]), *row[1:])


def test_blanks_joiners_and_tags_are_no_change() -> None:
    assert told("<p>ปี ๒๕๖๗\u2060 นี้</p>", "<div>ปี\u00a0๒๕๖๗\n  <b>นี้</b></div>") == []


def test_a_text_is_told_below_its_heading() -> None:
    heading = "<h2>๒. วิเคราะห์</h2><h3>(๑) บริการ</h3>"
    assert told(heading + paragraphs("เดิมทั้งหมด"), heading + paragraphs("อีกอย่างหนึ่ง")) == [
        ("๒. วิเคราะห์ › (๑) บริการ", "เดิมทั้งหมด", "อีกอย่างหนึ่ง")
    ]
    assert told(paragraphs("ก"), paragraphs("ข")) == [("นอกหัวข้อ", "ก", "ข")]


def test_other_paragraphs_in_place_of_some_are_one_change() -> None:
    heading = "<h2>๑. ผล</h2>"
    before, after = heading + paragraphs("กกกก", "ขขขข", "จบ"), heading + paragraphs("คคคค", "จบ")
    assert told(before, after) == [("๑. ผล", "กกกก\nขขขข", "คคคค")]


def test_a_heading_that_went_takes_its_texts_along() -> None:
    before = "<h2>๑. ผล</h2><p>ดี</p><h2>๒. ข้อจำกัด</h2><p>งบน้อย</p><p>คนน้อย</p><h2>๓. จบ</h2>"
    after = "<h2>๑. ผล</h2><p>ดี</p><h2>๒. จบ</h2>"
    assert told(before, after) == [("หัวข้อ", "๒. ข้อจำกัด\nงบน้อย\nคนน้อย", "")]
    assert told(after, before) == [("หัวข้อ", "", "๒. ข้อจำกัด\nงบน้อย\nคนน้อย")]


def test_a_measure_in_front_moves_numbers_and_is_the_only_news() -> None:
    new = ("๑. แต่งตั้งคณะทำงานติดตามงบประมาณ", "ออกคำสั่ง", "กองการศึกษา")
    before = table(GROUP, FIRST, SECOND)
    after = table(GROUP, new, with_number(FIRST, "๒."), with_number(SECOND, "๓."))
    assert told(before, after) == [("(๑) การให้บริการ", "", "\n".join(new))]
    assert told(after, before) == [("(๑) การให้บริการ", "\n".join(new), "")]


def test_a_number_is_told_where_nothing_explains_it() -> None:
    assert told(table(GROUP, FIRST), table(GROUP, with_number(FIRST, "๗."))) == [
        ("(๑) การให้บริการ › มาตรการ", FIRST[0], with_number(FIRST, "๗.")[0])
    ]


def test_a_number_is_no_news_of_an_edited_row() -> None:
    edited = (*with_number(FIRST, "๗.")[:2], "กองช่าง")
    assert told(table(GROUP, FIRST), table(GROUP, edited)) == [
        (f"(๑) การให้บริการ › {edited[0]} › ผู้รับผิดชอบ", "สำนักปลัด", "กองช่าง")
    ]


def test_another_order_is_told_once() -> None:
    after = table(GROUP, with_number(THIRD, "๑."), with_number(FIRST, "๒."), with_number(SECOND, "๓."))
    assert told(table(GROUP, FIRST, SECOND, THIRD), after) == [
        ("(๑) การให้บริการ › มาตรการ", THIRD[0], with_number(THIRD, "๑.")[0])
    ]
    texts = ["ย่อหน้าแรกกล่าวถึงคะแนน", "ย่อหน้าต่อมากล่าวถึงงบประมาณ", "ย่อหน้าสุดท้ายกล่าวถึงบุคลากร"]
    assert told(paragraphs(*texts), paragraphs(texts[2], *texts[:2])) == [
        ("นอกหัวข้อ", texts[2], ""),
        ("นอกหัวข้อ", "", texts[2]),
    ]


def test_a_measure_in_another_group_is_told_as_moved() -> None:
    other = ("(๒) การใช้งบประมาณ",)
    before = table(GROUP, FIRST, SECOND, other, with_number(THIRD, "๑."))
    after = table(GROUP, with_number(SECOND, "๑."), other, FIRST, with_number(THIRD, "๒."))
    assert told(before, after) == [(f"{FIRST[0]} › อยู่ใต้หัวข้อ", GROUP[0], other[0])]


def test_steps_are_told_by_lines_in_their_cell() -> None:
    def row(*lines: str) -> str:
        steps = "".join(f"<div>{number}. {line}</div>" for number, line in enumerate(lines, start=1))
        return table((FIRST[0], steps, FIRST[2]))

    place = f"{FIRST[0]} › ขั้นตอน"
    before = row("สำรวจความต้องการของประชาชน", "จัดทำคู่มือ", "รายงานผล")
    assert told(before, row("แต่งตั้งคณะทำงาน", "สำรวจความต้องการของประชาชน", "จัดทำคู่มือ", "รายงานผล")) == [
        (place, "", "1. แต่งตั้งคณะทำงาน")
    ]
    assert told(before, row("สำรวจความต้องการของผู้สูงอายุ", "จัดทำคู่มือ", "รายงานผล")) == [
        (place, "1. สำรวจความต้องการของประชาชน", "1. สำรวจความต้องการของผู้สูงอายุ")
    ]


def test_a_measure_of_several_rows_is_told_as_one() -> None:
    rows = (SECOND, ("^", "ประเมินผลหลังการอบรม", "สำนักปลัด"))
    before, after = table(GROUP, FIRST), table(GROUP, FIRST, *rows)
    assert told(before, after) == [(GROUP[0], "", "\n".join([*SECOND, "ประเมินผลหลังการอบรม", "สำนักปลัด"]))]
    renamed = ("๒. ฝึกอบรมเจ้าหน้าที่เรื่องการรับเงิน", *SECOND[1:])
    assert told(after, table(GROUP, FIRST, renamed, rows[1])) == [
        (f"{GROUP[0]} › มาตรการ", SECOND[0], renamed[0])
    ]
    assert told(after, table(GROUP, FIRST, SECOND)) == [
        (f"{GROUP[0]} › {SECOND[0]}", "ประเมินผลหลังการอบรม\nสำนักปลัด", "")
    ]


def test_a_column_by_another_name_is_told_in_the_head_alone() -> None:
    after = table(GROUP, FIRST, SECOND, head=("มาตรการ", "ขั้นตอน", "หน่วยงาน"))
    assert told(table(GROUP, FIRST, SECOND), after) == [("หัวตาราง", "ผู้รับผิดชอบ", "หน่วยงาน")]


def test_ranks_follow_from_the_score_that_changed() -> None:
    head = ("อันดับ", "ตัวชี้วัด", "คะแนน")
    rows = [("การปฏิบัติหน้าที่", "๙๐.๐๐"), ("การใช้งบประมาณ", "๘๐.๐๐"), ("การใช้อำนาจ", "๗๐.๐๐")]
    moved = [("การใช้อำนาจ", "๙๕.๐๐"), *rows[:2]]
    before, after = (
        table(*((str(rank), *row) for rank, row in enumerate(side, start=1)), head=head)
        for side in (rows, moved)
    )
    assert told(before, after) == [("การใช้อำนาจ › คะแนน", "๗๐.๐๐", "๙๕.๐๐")]


def test_scores_at_the_front_are_no_numbers() -> None:
    assert told(paragraphs("๙๐.๕๐ คะแนน"), paragraphs("๙๑.๕๐ คะแนน")) == [
        ("นอกหัวข้อ", "๙๐.๕๐ คะแนน", "๙๑.๕๐ คะแนน")
    ]
    assert told(paragraphs("๑๐๐ คะแนน"), paragraphs("๙๕ คะแนน")) == [("นอกหัวข้อ", "๑๐๐ คะแนน", "๙๕ คะแนน")]


def test_other_digits_throughout_are_told_once() -> None:
    body = "<h2>๑. ผล</h2>" + paragraphs("ปี ๒๕๖๗", "ได้ ๙๐.๐๐ คะแนน") + table(GROUP, FIRST, SECOND)
    assert told(body, to_arabic(body)) == [("ทั้งเอกสาร", "ตัวเลขไทย", "ตัวเลขอารบิก")]
    assert told(to_arabic(body), body) == [("ทั้งเอกสาร", "ตัวเลขอารบิก", "ตัวเลขไทย")]


# --- any paper ------------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["คู่มือ", "อบรม", "รายงานผล", "งบประมาณ", "๙๐.๕๐", "๑.", "(๒)", "ไม่มี", "<b>", "a&b"])
TEXTS = st.lists(WORDS, min_size=1, max_size=5).map(" ".join)
ROWS = st.lists(st.one_of(st.tuples(TEXTS), st.tuples(TEXTS, TEXTS, TEXTS)), max_size=4)


@st.composite
def bodies(draw: st.DrawFn) -> str:
    """Draw a paper of headings, paragraphs and tables."""
    parts = []
    for kind in draw(st.lists(st.sampled_from(["h2", "h3", "p", "li", "table"]), max_size=8)):
        if kind == "table":
            parts.append(table(*(tuple(map(escape, row)) for row in draw(ROWS))))
        else:
            parts.append(f"<{kind}>{escape(draw(TEXTS))}</{kind}>")
    return "\n".join(parts)


@given(bodies())
def test_a_paper_says_nothing_new_against_itself(body: str) -> None:
    assert changes(body, body) == []


@given(bodies(), bodies())
def test_pieces_make_up_before_and_after(before: str, after: str) -> None:
    for changed in changes(before, after):
        assert "".join(text for mark, text in changed.pieces if mark != "new") == changed.before
        assert "".join(text for mark, text in changed.pieces if mark != "old") == changed.after
        assert changed.before != changed.after
        assert changed.place


@given(st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=8))
def test_every_text_that_came_or_went_is_told(olds: list[str], news: list[str]) -> None:
    """Texts that are told apart by more than the number in front."""

    def bare(text: str) -> str:
        return re.sub(r"^(?:[0-9]+\.|\([0-9]+\))(?:\s+|$)", "", to_arabic(text), count=1)

    found = changes(paragraphs(*olds), paragraphs(*news))
    before = "\n".join(changed.before for changed in found).split("\n")
    after = "\n".join(changed.after for changed in found).split("\n")
    assert [t for t in olds if bare(t) not in map(bare, news) and t not in before] == []
    assert [t for t in news if bare(t) not in map(bare, olds) and t not in after] == []


# --- real papers ----------------------------------------------------------------------------------------------

MEASURES = "๓. มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปี…"
TOPIC_1 = f"{MEASURES} › (๑) กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิ…"


@pytest.fixture
def measures(plan_000: MeasurePlan) -> list[Measure]:
    """Return the nine measures of a plan, two of them in the first topic."""
    return add_measures(plan_000, 9)


def body_of(plan: MeasurePlan, make: Callable[..., Paper] = plan_paper) -> str:
    return FrozenPaper.of(make(MeasurePlan.objects.get(pk=plan.pk), draft=False)).body


def count_told(before: str, after: str) -> tuple[str, str, str]:
    """Return what the introduction of the measures says of another count."""
    sentence = (
        "จากผลการวิเคราะห์ข้างต้น องค์การบริหารส่วนตำบลตัวอย่าง กำหนดมาตรการส่งเสริมคุณธรรมและความโปร่งใส "
        "ประจำปีงบประมาณ พ.ศ. ๒๕๖๗ จำนวน {} มาตรการ ดังนี้"
    )
    return MEASURES, sentence.format(before), sentence.format(after)


def test_real_papers_say_nothing_new_against_themselves(
    plan_000: MeasurePlan, measures: list[Measure]
) -> None:
    for make in (plan_paper, analysis_paper):
        assert changes(body_of(plan_000, make), body_of(plan_000, make)) == []


def test_a_text_written_anew(plan_000: MeasurePlan) -> None:
    write(plan_000, topic_2="ให้บริการตามคิว\nแจ้งผลทางโทรศัพท์")
    before = body_of(plan_000)
    plan_000.texts.filter(key="topic-2").update(text="ให้บริการตามคิว\nแจ้งผลทางไลน์ภายใน 3 วัน")
    (changed,) = changes(before, body_of(plan_000))
    assert changed == Changed(
        "๒. การวิเคราะห์ผลการประเมิน › (๒) การให้บริการและระบบ E-Service",
        "แจ้งผลทางโทรศัพท์",
        "แจ้งผลทางไลน์ภายใน ๓ วัน",
        (("same", "แจ้งผลทาง"), ("old", "โทรศัพท์"), ("new", "ไลน์ภายใน ๓ วัน")),
    )


def test_a_step_of_a_measure(plan_000: MeasurePlan, measures: list[Measure]) -> None:
    before = body_of(plan_000)
    step = measures[1].steps.get()
    first, *rest = step.lines
    step.text = "\n".join([f"{first}โดยด่วน", *rest])
    step.save(update_fields=["text"])
    place = f"{TOPIC_1} › ๒. จัดทำคู่มือการปฏิบัติงานภารกิจหลักของทุกสำนั… › ขั้นตอน/วิธีดำเนินการ"
    (changed,) = changes(before, body_of(plan_000))
    assert (changed.place, changed.pieces[-1]) == (place, ("new", "โดยด่วน"))
    assert changed.after == f"{changed.before}โดยด่วน"
    assert changed.before.startswith("๑. ทุกสำนัก/กองเลือกภารกิจหลัก")


def test_a_measure_that_went(plan_000: MeasurePlan, measures: list[Measure]) -> None:
    before = body_of(plan_000)
    measures[0].delete()
    count, gone = told(before, body_of(plan_000))
    assert count == count_told("๙", "๘")
    assert (gone[0], gone[2]) == (TOPIC_1, "")
    lines = gone[1].split("\n")
    assert lines[0] == "๑. จัดทำและติดป้ายขั้นตอนและระยะเวลาให้บริการทุกงานบริการ"
    assert lines.count("ตุลาคม ๒๕๖๖ – กันยายน ๒๕๖๗") == 2  # both of its rows


def test_a_measure_put_in_front(plan_000: MeasurePlan, measures: list[Measure], staff: User) -> None:
    before = body_of(plan_000)
    new = plan_000.measures.create(title="เปิดสายด่วน", topic=1, indicator=measures[0].indicator, position=99)
    new.steps.create(
        text="ขอเลขหมาย",
        all_units=True,
        starts_on=plan_000.first_day,
        ends_on=plan_000.last_day,
        follow_up="สถิติ",
    )
    new.place(group="topic-1", before=measures[0], by=staff, at=AT)
    text = "๑. เปิดสายด่วน\nขอเลขหมาย\nทุกสำนัก/กอง\nตุลาคม ๒๕๖๖ – กันยายน ๒๕๖๗\nสถิติ"
    assert told(before, body_of(plan_000)) == [count_told("๙", "๑๐"), (TOPIC_1, "", text)]


def test_a_measure_in_another_topic(plan_000: MeasurePlan, measures: list[Measure], staff: User) -> None:
    before = body_of(plan_000)
    measures[7].place(group="topic-1", before=measures[0], by=staff, at=AT)
    assert told(before, body_of(plan_000)) == [
        (
            "๑. จัดวันเปิดบ้านให้ประชาชนตรวจดูงบประมาณและการ… › อยู่ใต้หัวข้อ",
            "(๗) กลไกและมาตรการในการแก้ไขและป้องกันการทุจริตภายในหน่วยงาน",
            "(๑) กระบวนการปฏิบัติงานที่โปร่งใสและมีประสิทธิภาพ",
        )
    ]


def test_a_score(plan_000: MeasurePlan, measures: list[Measure]) -> None:
    """Every place that prints the score, and no rank or number that only follows from it."""
    numbers = range(1, 8)
    keys = {f"topic_{number}": "เขียนเอง" for number in numbers}
    write(plan_000, opening="เขียนเอง", level="เขียนเอง", **keys)
    before = body_of(plan_000)
    save_scores(plan_000.assessment.organisation, 2566, {("indicator-7", 0): "70.01"})
    result, weak = "๑. ผลการประเมิน ITA ประจำปีงบประมาณ พ.ศ. ๒๕๖๖", "รายการที่ต้องปรับปรุง"
    name = "ตัวชี้วัดที่ ๗ ประสิทธิภาพการสื่อสาร"
    assert told(before, body_of(plan_000)) == [
        (f"{result} › ตัวชี้วัดที่ ๖ คุณภาพการดำเนินงาน › คะแนนรายเครื่องมือ", "EIT = ๖๙.๐๘*", "EIT = ๗๐.๗๔*"),
        (f"{result} › {name} › คะแนนรายตัวชี้วัด", "๖๕.๐๑*", "๗๐.๐๑*"),
        (f"{result} › {weak} › EIT › คะแนน", "๖๙.๐๘", "๗๐.๗๔"),
        (f"{result} › {weak} › EIT › ต่ำกว่าเกณฑ์", "๑๕.๙๒", "๑๔.๒๖"),
        (f"{result} › {weak} › {name} › คะแนน", "๖๕.๐๑", "๗๐.๐๑"),
        (f"{result} › {weak} › {name} › ต่ำกว่าเกณฑ์", "๑๙.๙๙", "๑๔.๙๙"),
    ]


# --- the page -------------------------------------------------------------------------------------------------


def page_of(*changed: Changed) -> str:
    return " ".join(render_to_string("reports/_changed.html", {"changed": changed}).split())


def test_the_page_shows_the_old_above_the_new() -> None:
    pieces = (("same", "ปีละ "), ("old", "๒"), ("new", "<๔>"), ("same", " ครั้ง"))
    page = page_of(Changed("๓. มาตรการ › ขั้นตอน", "ปีละ ๒ ครั้ง", "ปีละ <๔> ครั้ง", pieces))
    assert '<p class="changed-place">๓. มาตรการ › ขั้นตอน</p>' in page
    old = '<del class="changed-text"><span class="visually-hidden">เดิม </span>ปีละ <span class="changed-piece">๒</span> ครั้ง</del>'
    new = '<ins class="changed-text"><span class="visually-hidden">ใหม่ </span>ปีละ <span class="changed-piece">&lt;๔&gt;</span> ครั้ง</ins>'
    assert f"{old} {new}" in page


def test_the_page_says_what_came_and_what_went() -> None:
    came = page_of(Changed("ก", "", "ข", (("new", "ข"),)))
    went = page_of(Changed("ก", "ข", "", (("old", "ข"),)))
    assert ("เพิ่มใหม่" in came, "<del" in came, "ตัดออก" in came) == (True, False, False)
    assert ("ตัดออก" in went, "<ins" in went, "เพิ่มใหม่" in went) == (True, False, False)


def test_the_page_says_that_nothing_changed() -> None:
    assert page_of() == '<p class="quiet">ไม่มีข้อความใดเปลี่ยนจากรอบก่อน</p>'
