"""manage.py import_scores and show_result."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assessments.models import Assessment, Instrument
from ita_portal.audit.models import Event
from ita_portal.organisations.models import Organisation, User
from tests.conftest import case_scores, read_case

AT = datetime(2023, 9, 1, 2, 0, tzinfo=UTC)


def run(name: str, *args: Any, slug: str = "abt-tuayang", year: int = 2566) -> str:
    out = StringIO()
    call_command(name, "--organisation", slug, "--year", str(year), *map(str, args), stdout=out)
    return out.getvalue()


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    rows = [f"{code},{part or ''},{value}" for (code, part), value in case_scores(read_case("004")).items()]
    path = tmp_path / "scores.csv"
    path.write_text("code,part,score\n" + "\n".join(rows), encoding="utf-8-sig")
    return path


# --- import_scores --------------------------------------------------------------------------------------------------


def test_a_whole_year_is_imported_and_recorded(
    instruments: None, organisation: Organisation, csv_file: Path
) -> None:
    assert run("import_scores", csv_file) == "นำเข้าคะแนน 103 ค่า เปลี่ยน 103 ค่า\n"
    assert Assessment.objects.get().entered() == case_scores(read_case("004"))
    event = Event.objects.get()
    assert (event.verb, event.actor, event.facts) == (
        "scores-imported",
        None,
        {"be_year": 2566, "changed": 103},
    )
    assert run("import_scores", csv_file) == "นำเข้าคะแนน 103 ค่า เปลี่ยน 0 ค่า\n"


def test_every_bad_row_is_named_and_nothing_is_saved(
    instruments: None, organisation: Organisation, tmp_path: Path
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("code,part,score\ni7,,86.82\ni8,,100.01\ni99,,80\no7,,50\n", encoding="utf-8")
    with pytest.raises(CommandError) as refusal:
        run("import_scores", path)
    lines = str(refusal.value).splitlines()
    assert refusal.value.returncode == 1
    assert [line.partition(":")[0] for line in lines] == [
        "บรรทัดที่ 3",
        "บรรทัดที่ 4",
        "บรรทัดที่ 5",
        "ยังไม่ได้บันทึกคะแนนใดเลย",
    ]
    assert "100.01" in lines[0] and "i99" in lines[1] and "0 หรือ 100 เท่านั้น" in lines[2]
    assert not Assessment.objects.exists()


def test_closed_scores_are_not_imported_over(
    instruments: None, organisation: Organisation, staff: User, csv_file: Path
) -> None:
    Assessment.objects.create(
        organisation=organisation,
        instrument=Instrument.objects.get(be_year=2566),
        closed_at=AT,
        closed_by=staff,
    )
    with pytest.raises(CommandError, match="ปิดแล้ว: ต้องเปิดคะแนนอีกครั้ง"):
        run("import_scores", csv_file)
    assert Assessment.objects.get().entered() == {}


@pytest.mark.parametrize("command", ["import_scores", "show_result"])
def test_an_unknown_organisation_or_year_is_refused(
    instruments: None, organisation: Organisation, csv_file: Path, command: str
) -> None:
    args = [csv_file] if command == "import_scores" else []
    with pytest.raises(CommandError, match="ไม่พบหน่วยงาน “abt-mai-mi”"):
        run(command, *args, slug="abt-mai-mi")
    with pytest.raises(CommandError, match=r"ไม่มีแบบประเมินปีงบประมาณ 2563: ปีที่มีคือ 2569, 2568, 2567, 2566"):
        run(command, *args, year=2563)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "เปิดไฟล์ .* ไม่ได้"), (b"%PDF-1.7", "ไม่ใช่ไฟล์ CSV"), (b"x" * 10_000_000, "มีขนาดเกิน 1 MB")],
)
def test_a_file_that_is_no_csv_is_refused(
    instruments: None, organisation: Organisation, tmp_path: Path, content: bytes | None, reason: str
) -> None:
    path = tmp_path / "scores.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CommandError, match=reason):
        run("import_scores", path)


# --- show_result ----------------------------------------------------------------------------------------------------


def test_the_result_as_data(instruments: None, organisation: Organisation, csv_file: Path) -> None:
    run("import_scores", csv_file)
    assessment = Assessment.objects.get()
    assessment.save_scores({("total", 0): Decimal("94.20")}, by=None, at=AT)
    data = json.loads(run("show_result", "--json"))
    assert data["figures"]["total"] == {
        "announced": "94.20",
        "computed": "94.16",
        "value": "94.20",
        "difference": "0.04",
        "previous": None,
        "change": None,
        "implied": None,
        "flagged": False,
    }
    computed = {name: figure["computed"] for name, figure in data["figures"].items()}
    case = read_case("004")["expected"]
    assert {n: computed[f"indicator-{n}"] for n in case["indicators"]} == case["indicators"]
    assert {t: computed[t.replace("EIT1", "EIT/1").replace("EIT2", "EIT/2")] for t in case["tools"]} == case[
        "tools"
    ]
    assert (data["level"]["name"], data["level"]["determined"]) == ("ผ่าน", True)
    assert "84.38" in data["level"]["reason"]
    assert data["letter"]["name"] == "A"
    assert data["warnings"] == ["total"]
    questions = {f["name"] for f in data["flagged"]} & {f"{c}/{p}" for c, p in case_scores(read_case("004"))}
    assert questions == {name for name in case["below_85"] if "/" in name}
    assert {"name": "i8", "value": "80.70", "gap": "4.30"} in data["flagged"]


def test_the_result_of_no_scores_is_all_null(instruments: None, organisation: Organisation) -> None:
    data = json.loads(run("show_result", "--json"))
    assert data["level"] is None and data["flagged"] == []
    assert {figure["value"] for figure in data["figures"].values()} == {None}
    assert not Assessment.objects.exists()


def test_the_result_as_a_table(instruments: None, organisation: Organisation, csv_file: Path) -> None:
    run("import_scores", csv_file)
    lines = run("show_result").splitlines()
    assert lines[0] == "ผลคะแนน ITA ปีงบประมาณ 2566 องค์การบริหารส่วนตำบลตัวอย่าง"
    assert any(line.split() == ["–", "94.16", "–", "–", "คะแนนรวม"] for line in lines)
    assert any(line.split()[1] == "84.03" and line.endswith("ตัวชี้วัดที่ 8  ● ขาด 0.97") for line in lines)
    assert "ระดับ: ผ่าน (ผ่าน เพราะ EIT ส่วนที่ 2 = 84.38)" in lines
    assert "i8 80.70" in lines[-1]
