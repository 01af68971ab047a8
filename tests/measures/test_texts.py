"""Texts of the papers: drafted from the scores until a person edits them, and what then follows the scores."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from ita_portal.organisations.models import User
from measures.models import Change, MeasurePlan, PlanText
from measures.texts import Texts

NOW = datetime(2024, 1, 15, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def changed_scores(plan: MeasurePlan, by: User, **scores: str) -> MeasurePlan:
    """Close the scores, open them again to change some, and return the plan as it is read anew."""
    assessment = plan.assessment
    assessment.close(by=by, at=NOW)
    assessment.reopen(by=by, at=NOW, reason="ป้อนคะแนนผิดข้อ")
    assessment.save_scores({(c, 0): Decimal(v) for c, v in scores.items()}, by=by, at=LATER)
    assessment.close(by=by, at=LATER)
    return MeasurePlan.objects.of(plan.assessment.organisation).get()


def test_a_text_without_edits_is_its_draft(plan: MeasurePlan) -> None:
    texts = Texts(plan)
    assert texts.keys[0] == "level" and texts.keys.count("level") == 1
    assert {"opening", "topic-1", "topic-7", "preface", "tool-OIT", "strength-1"} <= set(texts.keys)
    assert all(texts.text(key) for key in texts.keys)
    assert texts.version("opening") == 0 and not texts.is_edited("opening")
    assert "{คะแนนรวม}" in texts.text("opening")
    assert "94.16" in texts.resolved("opening")


def test_the_kept_texts_are_read_in_one_query(
    plan: MeasurePlan, staff: User, django_assert_num_queries: object
) -> None:
    for key in ("opening", "topic-1", "preface"):
        plan.save_text(key=key, text=f"{key} {{คะแนนรวม}}", version=0, by=staff, at=NOW)
    texts = Texts(MeasurePlan.objects.of(plan.assessment.organisation).get())
    assert texts.facts
    with django_assert_num_queries(1):  # type: ignore[operator]
        told = [texts.resolved(key) for key in texts.keys]
    assert told[1] == "opening 94.16"


def test_an_edited_text_keeps_its_words_and_its_live_fields(plan: MeasurePlan, staff: User) -> None:
    kept = plan.save_text(key="opening", text=" ได้ {คะแนนรวม} คะแนน ", version=0, by=staff, at=NOW)
    assert kept is not None
    assert (kept.text, kept.basis) == ("ได้ {คะแนนรวม} คะแนน", {"คะแนนรวม": "94.16"})
    assert (kept.edited_by, kept.edited_at, kept.version) == (staff, NOW, 1)
    assert "i8 ได้ 80.70 คะแนน" in Texts(plan).resolved("topic-5")
    plan = changed_scores(plan, staff, i8="90.70")
    texts = Texts(plan)
    assert texts.resolved("opening") == "ได้ 94.26 คะแนน"
    assert texts.changed("opening") == [("คะแนนรวม", "94.16", "94.26")]
    assert texts.needs_review == ["opening"]
    # A text as drafted follows the scores and asks for nothing: i8 is no longer among the weak.
    assert "i8 ได้" not in texts.resolved("topic-5")


def test_looking_a_text_over_takes_the_numbers_of_now(plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="opening", text="ได้ {คะแนนรวม}", version=0, by=staff, at=NOW)
    plan = changed_scores(plan, staff, i8="90.70")
    kept = plan.save_text(key="opening", text="ได้ {คะแนนรวม}", version=1, by=staff, at=LATER)
    assert kept is not None and (kept.version, kept.basis) == (1, {"คะแนนรวม": "94.26"})
    assert Texts(plan).needs_review == []
    assert plan.changes.filter(subject="text:opening").count() == 1


def test_two_texts_never_conflict_and_two_edits_of_one_do(plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="topic-1", text="หนึ่ง", version=0, by=staff, at=NOW)
    plan.save_text(key="topic-2", text="สอง", version=0, by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Conflict) as refused:
        plan.save_text(key="topic-1", text="สาย", version=0, by=staff, at=NOW)
    assert refused.value.standing.text == "หนึ่ง"
    with pytest.raises(MeasurePlan.Conflict):
        plan.restore_text(key="topic-1", version=0, by=staff, at=NOW)
    assert dict(plan.texts.values_list("key", "text")) == {"topic-1": "หนึ่ง", "topic-2": "สอง"}


def test_restoring_brings_the_draft_back_and_no_version_comes_twice(plan: MeasurePlan, staff: User) -> None:
    first = plan.save_text(key="topic-1", text="หนึ่ง", version=0, by=staff, at=NOW)
    assert first is not None
    plan.restore_text(key="topic-1", version=first.version, by=staff, at=NOW)
    assert not PlanText.objects.exists()
    with pytest.raises(MeasurePlan.Conflict) as refused:
        plan.save_text(key="topic-1", text="สาย", version=first.version, by=staff, at=NOW)
    assert refused.value.standing is None
    again = plan.save_text(key="topic-1", text="อีกครั้ง", version=0, by=staff, at=NOW)
    assert again is not None and again.version > first.version
    assert [c.label for c in plan.changes.all()][1].startswith("คืนร่างเดิม (1) ")


def test_a_text_equal_to_its_draft_is_none_of_its_own(plan: MeasurePlan, staff: User) -> None:
    draft = Texts(plan).draft("topic-1")
    assert plan.save_text(key="topic-1", text=draft, version=0, by=staff, at=NOW) is None
    plan.save_text(key="topic-1", text="หนึ่ง", version=0, by=staff, at=NOW)
    assert plan.save_text(key="topic-1", text=f"{draft}\n", version=1, by=staff, at=LATER) is None
    assert not PlanText.objects.exists()


def test_changes_of_texts_are_written_down(plan: MeasurePlan, staff: User) -> None:
    draft = Texts(plan).draft("topic-5")
    plan.save_text(key="topic-5", text="หนึ่ง", version=0, by=staff, at=NOW)
    plan.restore_text(key="topic-5", version=1, by=staff, at=LATER)
    restored, edited = Change.objects.filter(subject="text:topic-5")
    assert (edited.before, edited.after, edited.by, edited.at) == (draft, "หนึ่ง", staff, NOW)
    assert edited.label.startswith("แก้ไขข้อความ (5) ")
    assert (restored.before, restored.after) == ("หนึ่ง", draft)


def test_a_text_that_no_paper_has_is_refused(plan: MeasurePlan, staff: User) -> None:
    for key in ("topic-8", "weakness-99", "ความนำ", ""):
        with pytest.raises(MeasurePlan.UnknownText):
            plan.save_text(key=key, text="x", version=0, by=staff, at=NOW)


def test_a_locked_plan_keeps_its_texts(plan: MeasurePlan, staff: User) -> None:
    plan.save_text(key="opening", text="ก่อน", version=0, by=staff, at=NOW)
    plan.lock(by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Locked):
        plan.save_text(key="opening", text="หลัง", version=1, by=staff, at=NOW)
    with pytest.raises(MeasurePlan.Locked):
        plan.restore_text(key="opening", version=1, by=staff, at=NOW)
    assert plan.texts.get().text == "ก่อน"


def test_a_plan_has_a_text_once(plan: MeasurePlan, staff: User) -> None:
    plan.texts.create(key="opening", text="ก", edited_at=NOW, edited_by=staff)
    with pytest.raises(IntegrityError), transaction.atomic():
        plan.texts.create(key="opening", text="ข", edited_at=NOW, edited_by=staff)


def test_a_text_outlives_a_paragraph_that_the_report_no_longer_has(plan: MeasurePlan, staff: User) -> None:
    key = next(key for key in Texts(plan).keys if key.startswith("weakness-"))
    plan.save_text(key=key, text="เขียนเอง", version=0, by=staff, at=NOW)
    plan.set_up(kind="analysis", threshold=Decimal(10), by=staff, at=NOW)
    texts = Texts(MeasurePlan.objects.get())
    assert key not in texts.keys and texts.text(key) == "เขียนเอง"
    plan.restore_text(key=key, version=1, by=staff, at=NOW)
    assert not plan.texts.exists()
