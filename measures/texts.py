"""The paragraphs of a plan's papers as they now read: edited by a person, or drafted from the scores."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from . import drafting
from .drafting import Facts, Piece, Subject
from .drafting.facts import full_hundreds

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


def paper_of(key: str) -> str:
    """Return the kind of paper at whose threshold and level scale a text is drafted: "plan" or "analysis"."""
    in_plan = key in ("level", "opening", "limitations", "suggestions") or key.startswith("topic-")
    return "plan" if in_plan else "analysis"


class Texts:
    """All paragraphs of one plan, by key: one query for what people edited, whatever their number.

    A text holds live fields in braces (`measures.drafting`); `resolved` fills them with the values of now, in
    Arabic digits. kind: the paper that prints them ("plan", "analysis"); None where no paper is meant, and each
    text follows the settings of its own.
    """

    def __init__(self, plan: MeasurePlan, kind: str | None = None) -> None:
        self.plan = plan
        self.kind = kind
        self._subjects: dict[str, Subject] = {}
        self._drafts: dict[str, str] = {}

    @property
    def subject(self) -> Subject:
        """What the texts of the paper speak of; of the plan (D1) where no paper is meant."""
        return self._subject(self.kind or "plan")

    @property
    def facts(self) -> Facts:
        """The values of all live fields in the paper; in the plan (D1) where no paper is meant."""
        return self.subject.facts

    def subject_of(self, key: str) -> Subject:
        """Return what one text speaks of."""
        return self._subject(self.kind or paper_of(key))

    def _subject(self, kind: str) -> Subject:
        if kind not in self._subjects:
            settings, others = self.plan.settings(kind), [self.plan.settings(k) for k in self._subjects]
            same = [
                o
                for o in others
                if (o.threshold, o.level_scale) == (settings.threshold, settings.level_scale)
            ]
            self._subjects[kind] = self._subjects[same[0].kind] if same else self._new_subject(kind)
        return self._subjects[kind]

    def _new_subject(self, kind: str) -> Subject:
        assessment, result = self.plan.assessment, self.plan.result(kind)
        return Subject.from_data(
            result,
            organisation=assessment.organisation.name,
            be_year=assessment.be_year,
            topics=assessment.instrument.topic_outline,
            links=assessment.instrument.disclosure_links,
            pairs=assessment.instrument.perception_pairs,
            level=self.plan.settings(kind).level(result),
        )

    @cached_property
    def plan_keys(self) -> list[str]:
        """The keys of the texts of the plan (D1), in its order."""
        return drafting.plan_keys(self.subject_of("opening"))

    @cached_property
    def report_keys(self) -> list[str]:
        """The keys of the texts of the analysis report (D2), in its order."""
        return drafting.report_keys(self.subject_of("preface"))

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
            self._drafts[key] = drafting.draft(key, self.subject_of(key))
        return self._drafts[key]

    def text(self, key: str) -> str:
        """Return a text with its live fields in braces: as edited, else as drafted. Raises KeyError."""
        return self.edited[key].text if key in self.edited else self.draft(key)

    def pieces(self, key: str) -> list[Piece]:
        """Return a text cut into words and values of live fields. Raises KeyError."""
        return drafting.resolve(self.text(key), self.subject_of(key).facts)

    def resolved(self, key: str) -> str:
        """Return a text with the values of its live fields, Arabic digits, 100 as its paper prints it. Raises KeyError."""
        facts = self.subject_of(key).facts
        if not self.plan.settings(self.kind or paper_of(key)).whole_hundred:
            facts = full_hundreds(facts)
        return drafting.resolved(self.text(key), facts)

    def is_edited(self, key: str) -> bool:
        """Whether a person edited the text."""
        return key in self.edited

    def version(self, key: str) -> int:
        """Return the version on which an edit of a text rests; 0 for one that stands as drafted."""
        return self.edited[key].version if key in self.edited else 0

    def changed(self, key: str) -> list[tuple[str, str, str]]:
        """Return (field, old value, new value) of the live fields that moved since an edited text was looked over."""
        if key not in self.edited:
            return []
        return drafting.changed_tokens(self.edited[key].basis, self.subject_of(key).facts)

    @property
    def needs_review(self) -> list[str]:
        """The keys of edited texts of the papers in which a value moved since."""
        return [key for key in self.keys if key in self.edited and self.changed(key)]

    @property
    def unused(self) -> list[str]:
        """The keys of edited texts that no paper prints with the scores of now."""
        return [key for key in self.edited if key not in self.keys]

    def title(self, key: str) -> str:
        """Return how a text is called, Arabic digits: “(1) …” for a topic, “จุดแข็ง: ตัวชี้วัดที่ 7 …”."""
        if key in TITLES:
            return TITLES[key]
        kind, _, rest = key.partition("-")
        if kind == "tool":
            return f"ผลการประเมิน {rest}"
        if kind == "topic":
            topic = self.subject_of(key).topic(int(rest))
            return f"({rest}) {topic.name}" if topic else f"ประเด็นที่ {rest}"
        indicator = self.subject_of(key).indicator(int(rest))
        return f"{KINDS[kind]}: ตัวชี้วัดที่ {rest} {indicator.title if indicator else ''}".rstrip()
