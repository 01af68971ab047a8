"""Every rule of a paper, each broken alone; the page of findings, its ticks, and the command."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from assessments.models import Assessment
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_arabic
from measures.drafting import Facts
from measures.models import Measure, MeasurePlan, MeasureStep
from reports import text_faults
from reports.checklist import Checklist, State
from reports.models import Tick
from reports.paper_checks import Finding, check_plan, review_of

pytestmark = pytest.mark.django_db
AT = datetime(2023, 11, 1, 3, 0, tzinfo=UTC)


@pytest.fixture
def plan(ready_plan: MeasurePlan) -> MeasurePlan:
    """Return a plan in which nothing is left to mend or to confirm."""
    return ready_plan


def again(plan: MeasurePlan) -> MeasurePlan:
    """Return the plan as the next request reads it."""
    return MeasurePlan.objects.of(plan.assessment.organisation).get(pk=plan.pk)


def found(plan: MeasurePlan, kind: str = "plan") -> list[Finding]:
    return check_plan(again(plan), kind)


def codes(plan: MeasurePlan, kind: str = "plan") -> list[tuple[str, str]]:
    return [(finding.code, finding.severity) for finding in found(plan, kind)]


def announce(plan: MeasurePlan, **values: str) -> None:
    """Change entered scores behind the verbs: the scores stay closed. indicator_3="90" is that of indicator-3."""
    for name, value in values.items():
        scores = plan.assessment.scores.filter(item__code=name.replace("_", "-"), part=0)
        assert scores.update(value=Decimal(value)) == 1


def edit(plan: MeasurePlan, staff: User, text: str, key: str = "topic-1") -> None:
    plan.save_text(key=key, text=text, version=0, by=staff, at=AT)


def first_step(plan: MeasurePlan) -> MeasureStep:
    return plan.measures.earliest("pk").steps.get()


@pytest.mark.parametrize("kind", ["plan", "analysis"])
def test_a_clean_document_has_no_findings(plan: MeasurePlan, kind: str) -> None:
    assert found(plan, kind) == []


def test_open_scores(plan: MeasurePlan, staff: User) -> None:
    plan.assessment.reopen(by=staff, at=AT, reason="แก้คะแนน")
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("scores-open", "error")
    assert finding.url == "/abt-tuayang/2566/scores/"
    assert "คะแนนปี 2566 ยังไม่ปิด" in finding.sentence


def test_a_missing_indicator(plan_000: MeasurePlan, staff: User) -> None:
    clean = codes(plan_000)
    plan_000.assessment.scores.filter(item__code="indicator-4").delete()
    (finding,) = [f for f in found(plan_000) if f.code == "indicator-missing"]
    assert finding.severity == "error"
    assert finding.url == "/abt-tuayang/2566/scores/#row-indicator-4"
    assert "ตัวชี้วัดที่ 4" in finding.sentence
    assert "indicator-missing" not in dict(clean)


def test_a_missing_total(plan_000: MeasurePlan) -> None:
    plan_000.assessment.scores.filter(item__code__in=["total", "indicator-4"]).delete()
    assert ("total-missing", "error") in codes(plan_000)


def test_tools_alone_are_a_warning(plan_000: MeasurePlan) -> None:
    plan_000.assessment.scores.exclude(item__code="total").delete()
    Assessment.objects.filter(pk=plan_000.assessment.pk).update(depth="tools")
    assert codes(plan_000).count(("indicators-unknown", "warning")) == 1
    assert "indicator-missing" not in dict(codes(plan_000))


def test_a_total_against_the_weights(plan: MeasurePlan) -> None:
    announce(plan, total="91.00")
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("total-disagrees", "error")
    assert "คะแนนรวม 91.00" in finding.sentence
    assert finding.url.endswith("/scores/#row-total")


def test_an_announced_score_that_the_items_do_not_make(plan: MeasurePlan) -> None:
    announce(plan, indicator_3="90.00")
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("announced-computed", "warning")
    assert "ตัวชี้วัดที่ 3: ประกาศ 90.00" in finding.sentence
    assert finding.url.endswith("#row-indicator-3")


def test_one_hundredth_is_no_difference(plan: MeasurePlan) -> None:
    computed = plan.result()["indicator-3"].computed_rounded
    assert computed is not None
    announce(plan, indicator_3=str(computed + Decimal("0.01")))
    assert found(plan) == []


def test_a_weak_item_without_a_measure(plan: MeasurePlan, staff: User) -> None:
    measure = plan.measures.get(items__code="e14")
    measure.delete_softly(by=staff, at=AT)
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("weak-unanswered", "error")
    assert finding.url == "/abt-tuayang/2567/measures/?item=e14#drawer"
    assert finding.sentence.startswith("e14 ได้ ")
    plan.excuse(item=measure.items.get(), reason="ได้รับยกเว้นการประเมิน", by=staff, at=AT)
    assert found(plan) == []


def test_the_report_asks_for_no_measures(plan: MeasurePlan, staff: User) -> None:
    plan.measures.earliest("pk").delete_softly(by=staff, at=AT)
    assert found(plan, "analysis") == []


def test_a_plan_without_any_measure(plan: MeasurePlan) -> None:
    plan.measures.all().delete()
    assert codes(plan)[0] == ("no-measures", "error")


@pytest.mark.parametrize(
    ("values", "code", "box"),
    [
        ({"text": " \n"}, ("measure-steps", "error"), "text-"),
        ({"follow_up": " "}, ("measure-follow-up", "warning"), "follow_up-"),
    ],
)
def test_an_incomplete_row(
    plan: MeasurePlan, values: dict[str, str], code: tuple[str, str], box: str
) -> None:
    step = first_step(plan)
    MeasureStep.objects.filter(pk=step.pk).update(**values)
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == code
    assert finding.url == f"/abt-tuayang/2567/measures/#{box}{step.pk}"


def test_a_row_without_a_unit(plan: MeasurePlan) -> None:
    step = first_step(plan)
    step.units.clear()
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("measure-unit", "error")
    assert finding.url.endswith(f"#units-{step.pk}")
    step.all_units = True
    step.save()
    assert found(plan) == []


def test_a_measure_without_words(plan: MeasurePlan) -> None:
    measure = plan.measures.earliest("pk")
    Measure.objects.filter(pk=measure.pk).update(title=" ")
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("measure-title", "error")
    assert finding.url.endswith(f"#title-{measure.pk}")


def test_a_measure_without_a_group(plan: MeasurePlan) -> None:
    Measure.objects.filter(pk=plan.measures.earliest("pk").pk).update(topic=None)
    assert codes(plan) == [("measure-ungrouped", "error")]


def test_a_column_that_does_not_print_may_be_empty(plan: MeasurePlan, staff: User) -> None:
    MeasureStep.objects.update(follow_up="")
    columns = [c for c in plan.settings().columns if c["kind"] != "follow_up"]
    columns[0] = {**columns[0], "width": 100 - sum(c["width"] for c in columns[1:])}
    plan.set_up(columns=columns, by=staff, at=AT)
    assert found(plan) == []


def test_two_measures_with_the_same_steps(plan: MeasurePlan) -> None:
    first, second = plan.measures.order_by("pk")[:2]
    # Blanks and the kind of digits make no other steps.
    same = first.steps.get().text.replace(" ", "  ").replace("1", "๑")
    second.steps.update(text=same)
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == ("steps-same", "error")
    assert "เหมือนกับ" in finding.sentence
    pks = {first.steps.get().pk, second.steps.get().pk}
    assert int(finding.url.rpartition("-")[2]) in pks


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "code"),
    [
        (date(2022, 10, 1), date(2023, 9, 30), ("period-outside", "error")),
        (date(2023, 10, 1), date(2024, 12, 31), ("period-beyond", "warning")),
        (date(2023, 9, 30), date(2023, 10, 1), ("period-beyond", "warning")),
    ],
)
def test_a_period_outside_the_fiscal_year(
    plan: MeasurePlan, starts_on: date, ends_on: date, code: tuple[str, str]
) -> None:
    step = first_step(plan)
    MeasureStep.objects.filter(pk=step.pk).update(starts_on=starts_on, ends_on=ends_on)
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == code
    assert finding.url.endswith(f"#starts-{step.pk}")


# --- texts ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("จะจัดประชุมในวันที่ .... ของทุกเดือน", ("unfilled", "error")),
        ("ผู้รับผิดชอบ … ดำเนินการ", ("unfilled", "error")),
        ("ติดต่อคุณ xxx ที่สำนักปลัด", ("unfilled", "error")),
        ("ตามประกาศ ( ) ของหน่วยงาน", ("unfilled", "error")),
        ("คะแนน {i999} ต่ำ", ("field-unknown", "error")),
        ("คะแนน {คะแนนรวมม} ต่ำ", ("braces-odd", "error")),
        ("ในปี ๒๕67 จะดำเนินการ", ("digits-mixed", "error")),
        ("ได้คะแนน 12.34 คะแนน", ("score-typed", "warning")),
        ("เทศบาลตำบลสมมุติจัดกิจกรรม", ("name-other", "warning")),
        ("   ", ("text-empty", "error")),
    ],
)
def test_a_text_that_breaks_one_rule(
    plan: MeasurePlan, staff: User, text: str, code: tuple[str, str]
) -> None:
    edit(plan, staff, text)
    (finding,) = found(plan)
    assert (finding.code, finding.severity) == code
    assert finding.url == "/abt-tuayang/2567/texts/#topic-1"
    assert "(1) กระบวนการปฏิบัติงาน" in to_arabic(finding.sentence)


@pytest.mark.parametrize(
    "text",
    [
        "องค์การบริหารส่วนตำบลตัวอย่างได้คะแนน {คะแนนรวม} ({ระดับ}) ในปี ๒๕๖๗",
        "อบต. ตัวอย่าง จัดประชุม ๓ ครั้ง ใช้งบประมาณ 12,500.00 บาท",
        "นายกองค์การบริหารส่วนตำบลมอบหมายให้ทุกกองรายงาน ดู https://abt.example/2567",
        "องค์การบริหารส่วนตำบลทุกแห่ง และเทศบาลตำบลใกล้เคียง",
    ],
)
def test_a_good_text_is_let_be(plan: MeasurePlan, staff: User, text: str) -> None:
    edit(plan, staff, text)
    assert found(plan) == []


def test_a_score_typed_as_it_is_needs_no_tick(plan: MeasurePlan, staff: User) -> None:
    total = plan.result().total.value
    edit(plan, staff, f"คะแนนรวม {total} คะแนน")
    assert found(plan) == []


def test_words_of_measures_and_reasons_are_read_too(plan: MeasurePlan, staff: User) -> None:
    step = first_step(plan)
    MeasureStep.objects.filter(pk=step.pk).update(text="ประชุมวันที่ ........", follow_up="ปี 25๖๗")
    item = plan.assessment.instrument.items.get(code="e14")
    plan.measures.get(items=item).delete_softly(by=staff, at=AT)
    plan.excuse(item=item, reason="เพราะ ___", by=staff, at=AT)
    by_url = {finding.url.partition("/measures/")[2]: finding.code for finding in found(plan)}
    assert by_url == {
        f"#text-{step.pk}": "unfilled",
        f"#follow_up-{step.pk}": "digits-mixed",
        "?item=e14#drawer": "unfilled",
    }


def test_an_edited_text_whose_numbers_changed(plan: MeasurePlan, staff: User) -> None:
    edit(plan, staff, "ได้คะแนน {i1} คะแนน")
    assert found(plan) == []
    old = plan.result()["i1"].value
    assert old is not None
    plan.assessment.scores.filter(item__code="i1").update(value=old + Decimal("0.01"))
    (finding,) = [f for f in found(plan) if f.code == "text-review"]
    assert finding.severity == "warning"
    assert f"จาก {old} เป็น {old + Decimal('0.01')}" in finding.sentence


def test_texts_that_do_not_print_are_not_checked(plan: MeasurePlan, staff: User) -> None:
    edit(plan, staff, "ข้อจำกัด ....", key="limitations")
    edit(plan, staff, "คำนำ ....", key="preface")
    assert codes(plan) == [("unfilled", "error")]
    assert codes(plan, "analysis") == []
    plan.set_up(shows_limitations=False, by=staff, at=AT)
    assert codes(plan) == []
    plan.set_up(kind="analysis", shows_preface=True, by=staff, at=AT)
    assert codes(plan, "analysis") == [("unfilled", "error")]


def test_other_names_by_the_words_around() -> None:
    own = ["เทศบาลเมืองตัวอย่าง", "ทม.ตัวอย่าง"]
    assert text_faults.other_names("เทศบาลเมืองตัวอย่างและ ทม. ตัวอย่าง", own) == []
    assert text_faults.other_names("ตามที่เทศบาลเมืองใหม่สมมุติแจ้ง", own) == ["เทศบาลเมืองใหม่สมมุติแจ้ง"]
    assert text_faults.other_names("ประชาชนในเทศบาลเมืองได้รับบริการ", own) == []


def test_numbers_that_are_no_scores() -> None:
    assert text_faults.typed_scores("ข้อ 9.1 ครั้งที่ 12 วันที่ 1.10.66 เงิน 1,250.50 บาท 3.141", Facts({})) == []
    assert text_faults.typed_scores("ได้ ๙๓.๖๖ และ 100.00", Facts({})) == ["93.66"]


def test_thirty_measures_need_no_more_queries(
    plan: MeasurePlan, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    queries = 12
    kept = again(plan)
    with django_assert_num_queries(queries):
        review_of(kept)
    for number in range(30):
        measure = plan.add_measure(group=f"topic-{number % 7 + 1}", by=staff, at=AT)
        measure.add_step(version=1, by=staff, at=AT)
    kept = again(plan)
    with django_assert_num_queries(queries):
        review_of(kept)


# --- ticks ---


def warn(plan: MeasurePlan) -> MeasureStep:
    step = first_step(plan)
    MeasureStep.objects.filter(pk=step.pk).update(follow_up="")
    return step


def tick(plan: MeasurePlan, staff: User) -> None:
    ((finding, _),) = review_of(again(plan)).warnings
    Tick.give(plan=plan, code=finding.code, fingerprint=finding.fingerprint, by=staff, at=AT)


def test_a_warning_is_settled_by_a_tick_and_an_error_is_not(plan: MeasurePlan, staff: User) -> None:
    step = warn(plan)
    assert review_of(again(plan)).summary == "ยังมี 1 ข้อต้องยืนยัน"
    tick(plan, staff)
    review = review_of(again(plan))
    assert (review.ready, review.summary) == (True, "พร้อมเสนอ")
    step.units.clear()
    assert review_of(again(plan)).summary == "ยังมี 1 ข้อต้องแก้"


def test_a_tick_falls_when_what_it_rests_on_changes(plan: MeasurePlan, staff: User) -> None:
    step = first_step(plan)
    MeasureStep.objects.filter(pk=step.pk).update(ends_on=date(2024, 10, 31))
    tick(plan, staff)
    assert review_of(again(plan)).ready
    MeasureStep.objects.filter(pk=step.pk).update(ends_on=date(2024, 11, 30))
    assert review_of(again(plan)).unticked == 1


def test_a_locked_plan_takes_ticks_for_the_paper_that_is_still_to_be_sent(
    plan: MeasurePlan, staff: User
) -> None:
    warn(plan)
    plan.lock(by=staff, at=AT)
    tick(plan, staff)
    assert review_of(again(plan)).ready
    plan.ticks.get().withdraw()
    assert review_of(again(plan)).unticked == 1


def test_a_finding_is_ticked_once(plan: MeasurePlan, staff: User, administrator: User) -> None:
    given = [
        Tick.give(plan=plan, code="x", fingerprint="x", by=who, at=AT + timedelta(hours=hours))
        for hours, who in enumerate((staff, administrator))
    ]
    assert [(t.by, t.at) for t in given] == [(staff, AT), (staff, AT)]
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.ticks.create(code="x", fingerprint="x", by=staff, at=AT)


# --- the page ---


def url(name: str = "plan-check") -> str:
    return reverse(f"reports:{name}", args=["abt-tuayang", 2567])


def test_the_page_parts_errors_from_warnings_and_links_to_the_cell(
    client: Client, plan: MeasurePlan, staff: User
) -> None:
    step = warn(plan)
    step.units.clear()
    client.force_login(staff)
    page = client.get(url()).content.decode()
    assert "ยังมี ๑ ข้อต้องแก้ · ๑ ข้อต้องยืนยัน" in page
    errors, warnings = page.index('id="errors"'), page.index('id="warnings"')
    assert errors < page.index(f"#units-{step.pk}") < warnings < page.index(f"#follow_up-{step.pk}")
    measures = client.get(reverse("measures:plan", args=["abt-tuayang", 2567])).content.decode()
    for box in ("units", "text", "starts", "follow_up"):
        assert f'id="{box}-{step.pk}"' in measures
    assert f'id="title-{step.measure_id}"' in measures


def test_a_tick_shows_who_and_when_and_can_be_withdrawn(
    client: Client, plan: MeasurePlan, staff: User, approver: User
) -> None:
    warn(plan)
    client.force_login(staff)
    ((finding, _),) = review_of(again(plan)).warnings
    data = {"paper": "plan", "fingerprint": finding.fingerprint}
    page = client.post(url("finding-tick"), data, follow=True).content.decode()
    assert "ยืนยันโดย สมหญิง staff" in page and "พร้อมเสนอ" in page
    client.force_login(approver)
    assert "ยกเลิกการยืนยัน" not in client.get(url()).content.decode()
    client.force_login(staff)
    client.post(url("finding-tick"), {**data, "withdraw": "1"})
    assert not plan.ticks.exists()


def test_a_finding_that_is_gone_cannot_be_ticked(client: Client, plan: MeasurePlan, staff: User) -> None:
    client.force_login(staff)
    data = {"paper": "plan", "fingerprint": "gone"}
    assert "ข้อนี้เปลี่ยนไปแล้ว" in client.post(url("finding-tick"), data, follow=True).content.decode()
    assert not plan.ticks.exists()


def test_without_a_plan_the_page_leads_to_the_measures(
    client: Client, instruments: None, organisation: Organisation, staff: User
) -> None:
    client.force_login(staff)
    assert client.get(url())["Location"] == "/abt-tuayang/2567/measures/"


def test_the_step_is_done_when_nothing_is_left(plan: MeasurePlan, staff: User) -> None:
    def step() -> tuple[State, str]:
        steps = Checklist(plan.assessment.organisation, 2567).steps
        found = next(step for step in steps if step.key == "check")
        assert found.url == "/abt-tuayang/2567/check/"
        return found.state, found.sentence

    assert step() == (State.DONE, "พร้อมเสนอ ไม่มีข้อต้องแก้หรือยืนยัน")
    warn(plan)
    assert step() == (State.NOW, "ยังมี 1 ข้อต้องยืนยัน")
    tick(plan, staff)
    assert step()[0] is State.DONE


# --- the command ---


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def run(paper: str = "plan", year: str = "2567") -> str:
        call_command("check_paper", paper, organisation="abt-tuayang", year=year)
        return capsys.readouterr().out

    return run


def test_the_command_passes_a_clean_paper(plan: MeasurePlan, check: Callable[..., str]) -> None:
    whose = "ขององค์การบริหารส่วนตำบลตัวอย่าง: พร้อมเสนอ"
    assert check().strip() == f"มาตรการส่งเสริมคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2567 {whose}"
    report = "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส ประจำปีงบประมาณ พ.ศ. 2566"
    assert check("analysis", "๒๕๖๗").strip() == f"{report} {whose}"


def test_the_command_fails_on_errors_alone(
    plan: MeasurePlan, check: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    step = warn(plan)
    assert "ต้องยืนยัน: " in check()
    step.units.clear()
    with pytest.raises(CommandError, match="ยังมี 1 ข้อต้องแก้ · 1 ข้อต้องยืนยัน") as failed:
        check()
    assert failed.value.returncode == 1
    assert f"/abt-tuayang/2567/measures/#units-{step.pk}" in capsys.readouterr().out


def test_the_command_knows_two_papers(plan: MeasurePlan, check: Callable[..., str]) -> None:
    with pytest.raises(CommandError, match="ไม่รู้จักเอกสาร “memo”"):
        check("memo")


# --- what the system writes itself ---

LIBRARY = Path(__file__).parents[2] / "measures" / "library"


def test_ready_measures_break_no_rule_of_texts() -> None:
    own = ["องค์การบริหารส่วนตำบลตัวอย่าง"]
    texts = [
        text
        for path in LIBRARY.glob("*.json")
        for entry in json.loads(path.read_text(encoding="utf-8"))["entries"]
        for text in (entry["title"], *entry["steps"], entry["follow_up"], entry["recommendation"])
    ]
    assert len(texts) > 300
    faults = [
        (text, found)
        for text in texts
        if (
            found := text_faults.unfilled(text)
            + text_faults.mixed_digits(text)
            + text_faults.typed_scores(text, Facts({}))
            + text_faults.other_names(text, own)
        )
    ]
    assert faults == []


def test_drafts_break_no_rule_of_texts_even_with_gaps(plan_000: MeasurePlan, staff: User) -> None:
    """With letters, a threshold of 90, an indicator missing and no year before: only what is missing is told."""
    plan_000.assessment.scores.filter(item__code="indicator-4").delete()
    Assessment.objects.filter(instrument__be_year=2565).delete()
    for kind in ("plan", "analysis"):
        plan_000.set_up(
            kind=kind, level_scale="letters", threshold=Decimal(90), shows_preface=True, by=staff, at=AT
        )
        told = {finding.code for finding in found(plan_000, kind)}
        assert told - {"no-measures", "weak-unanswered"} == {"scores-open", "indicator-missing"}
