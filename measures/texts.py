"""The paragraphs of a plan's papers as they now read: edited by a person, or drafted from the scores."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from assessments.scoring import Result

from . import drafting
from .drafting import Facts, Piece, Subject

if TYPE_CHECKING:
    from .models import MeasurePlan, PlanText

# Texts that stand once in a paper, by key.
TITLES = {
    "level": "ระดับผลการประเมิน",
    "opening": "ความนำของการวิเคราะห์",
    "limitations": "ข้อจำกัดของหน่วยงานในการดำเนินการ",
    "suggestions": "ข้อเสนอแนะในการจัดการกับข้อจำกัด",
    "preface": "คำนำ",
    "background": "ความเป็นมา",
    "tools-explained": "เครื่องมือที่ใช้ในการประเมิน",
    "comparison": "การเปรียบเทียบกับปีก่อน",
}
KINDS = {"strength": "จุดแข็ง", "weakness": "จุดที่ควรพัฒนา", "recommend": "ข้อเสนอแนะ"}


class Texts:
    """All paragraphs of one plan, by key: one query for what people edited, whatever their number.

    A text holds live fields in braces (`measures.drafting`); `resolved` fills them with the values of now, in
    Arabic digits. result: the plan's own where None.
    """

    def __init__(self, plan: MeasurePlan, result: Result | None = None) -> None:
        self.plan = plan
        self._result = result
        self._drafts: dict[str, str] = {}

    @cached_property
    def subject(self) -> Subject:
        """What the texts speak of."""
        assessment = self.plan.assessment
        return Subject.from_data(
            self._result or self.plan.result(),
            organisation=assessment.organisation.name,
            be_year=assessment.be_year,
            topics=assessment.instrument.topic_outline,
            links=assessment.instrument.disclosure_links,
        )

    @property
    def facts(self) -> Facts:
        """The values of all live fields."""
        return self.subject.facts

    @cached_property
    def plan_keys(self) -> list[str]:
        """The keys of the texts of the plan (D1), in its order."""
        return drafting.plan_keys(self.subject)

    @cached_property
    def report_keys(self) -> list[str]:
        """The keys of the texts of the analysis report (D2), in its order."""
        return drafting.report_keys(self.subject)

    @cached_property
    def keys(self) -> list[str]:
        """The keys of all texts, each once: those of the plan, then what the report has besides."""
        return list(dict.fromkeys([*self.plan_keys, *self.report_keys]))

    @cached_property
    def edited(self) -> dict[str, PlanText]:
        """The texts that people edited, by key; also those that no paper prints with the scores of now."""
        return {row.key: row for row in self.plan.texts.select_related("edited_by")}

    def draft(self, key: str) -> str:
        """Return a text as it is drafted from the scores of now. Raises KeyError for an unknown key."""
        if key not in self._drafts:
            self._drafts[key] = drafting.draft(key, self.subject)
        return self._drafts[key]

    def text(self, key: str) -> str:
        """Return a text with its live fields in braces: as edited, else as drafted. Raises KeyError."""
        return self.edited[key].text if key in self.edited else self.draft(key)

    def pieces(self, key: str) -> list[Piece]:
        """Return a text cut into words and values of live fields. Raises KeyError."""
        return drafting.resolve(self.text(key), self.facts)

    def resolved(self, key: str) -> str:
        """Return a text with the values of its live fields, Arabic digits. Raises KeyError."""
        return drafting.resolved(self.text(key), self.facts)

    def is_edited(self, key: str) -> bool:
        """Whether a person edited the text."""
        return key in self.edited

    def version(self, key: str) -> int:
        """Return the version on which an edit of a text rests; 0 for one that stands as drafted."""
        return self.edited[key].version if key in self.edited else 0

    def changed(self, key: str) -> list[tuple[str, str, str]]:
        """Return (field, old value, new value) of the live fields that moved since an edited text was looked over."""
        return drafting.changed_tokens(self.edited[key].basis, self.facts) if key in self.edited else []

    @property
    def needs_review(self) -> list[str]:
        """The keys of edited texts of the papers in which a value moved since."""
        return [key for key in self.keys if self.changed(key)]

    def title(self, key: str) -> str:
        """Return how a text is called, Arabic digits: “(1) …” for a topic, “จุดแข็ง: ตัวชี้วัดที่ 7 …”."""
        if key in TITLES:
            return TITLES[key]
        kind, _, rest = key.partition("-")
        if kind == "tool":
            return f"ผลการประเมิน {rest}"
        if kind == "topic":
            topic = self.subject.topic(int(rest))
            return f"({rest}) {topic.name}" if topic else f"ประเด็นที่ {rest}"
        indicator = self.subject.indicator(int(rest))
        return f"{KINDS[kind]}: ตัวชี้วัดที่ {rest} {indicator.title if indicator else ''}".rstrip()
