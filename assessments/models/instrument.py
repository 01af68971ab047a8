"""The instrument of each fiscal year: its tools, indicators and questions, and how they are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils.functional import cached_property

from assessments import question_map, scoring
from assessments.labels import item_label
from assessments.levels import LevelScale
from assessments.question_map import Origin
from assessments.scoring import Key, Node
from ita_portal.audit.models import Event
from ita_portal.organisations.models import User
from ita_portal.thai import to_thai


class Instrument(models.Model):
    """The assessment's form in one fiscal year: its tools, indicators, questions and levels, all as data."""

    be_year = models.PositiveSmallIntegerField("ปีงบประมาณ", unique=True)
    complete = models.BooleanField("รายการคำถามครบ", default=False)
    certainty = models.TextField("ที่มาและความแน่นอน", blank=True)
    threshold = models.DecimalField("เกณฑ์", max_digits=5, decimal_places=2, default=Decimal(85))
    levels = models.JSONField("ระดับผลการประเมิน", default=dict)
    plan_item = models.CharField("ข้อที่ขอมาตรการ", max_length=10, blank=True)
    report_item = models.CharField("ข้อที่ขอรายงานผล", max_length=10, blank=True)
    # Seven topics of the plan, each {number, name, perception: [codes], disclosure: [codes]}.
    topics = models.JSONField("ประเด็นการวิเคราะห์", default=list, blank=True)
    disclosure_links = models.JSONField("ข้อที่เชื่อมโยงกับการเปิดเผยข้อมูล", default=dict, blank=True)
    # [inside code, outside code] of questions that ask the same of two groups.
    perception_pairs = models.JSONField("ข้อที่ถามเรื่องเดียวกันจากสองฝ่าย", default=list, blank=True)
    # This year's question code to last year's, as `question_map` reads it.
    question_map = models.JSONField("คำถามที่ตรงกับปีก่อน", default=dict, blank=True)

    class Meta:
        ordering = ["-be_year"]
        constraints = [
            models.CheckConstraint(
                condition=Q(be_year__range=(2556, 2700)),
                name="instrument_year_possible",
                violation_error_message="ปีงบประมาณต้องเป็นปี พ.ศ. เช่น 2566",
            )
        ]

    def __str__(self) -> str:
        return f"แบบประเมินปีงบประมาณ {self.be_year}"

    @cached_property
    def tree(self) -> Node:
        """The items as a pure tree for scoring (one query, then kept on this object)."""
        below: dict[int | None, list[Item]] = {}
        for item in self.items.all():
            below.setdefault(item.parent_id, []).append(item)

        def node(item: Item, parts: tuple[int, ...]) -> Node:
            parts = tuple(range(1, item.part_count + 1)) or parts
            children = tuple(node(child, parts) for child in below.get(item.pk, []))
            return Node(item.code, scoring.Kind(item.kind), item.title, item.weight, parts, children)

        (root,) = below[None]
        return node(root, ())

    @cached_property
    def scale(self) -> LevelScale:
        """The year's own scale of levels."""
        return LevelScale.from_data(self.levels["levels"])

    @cached_property
    def topic_outline(self) -> list[dict[str, Any]]:
        """The seven topics; for a year without its own, their names from the nearest year that has them."""
        if self.topics:
            return list(self.topics)
        others = Instrument.objects.exclude(topics=[])
        nearest = min(others, key=lambda other: abs(other.be_year - self.be_year), default=None)
        return [
            {"number": t["number"], "name": t["name"], "perception": [], "disclosure": []}
            for t in (nearest.topics if nearest else [])
        ]

    @cached_property
    def origins(self) -> dict[str, Origin]:
        """Where this year's questions come from, by their codes."""
        return question_map.read(self.question_map)

    def question_before(self, code: str) -> str | None:
        """Return last year's code of a question, asked in the same or in other words; None where it is new."""
        origin = self.origins.get(code)
        return origin.code or None if origin else None

    @cached_property
    def year_before(self) -> Instrument | None:
        """The instrument of the fiscal year before."""
        return Instrument.objects.filter(be_year=self.be_year - 1).first()

    def map_questions(self, origins: Mapping[str, Origin], *, by: User, at: datetime) -> None:
        """Save where this year's questions come from; from then on the catalogue's file leaves the map alone.

        Raises BadMap where the map names a question that one of the two years has not, or one twice.
        """
        stored = question_map.stored(origins)
        question_map.read(stored)
        last = self.year_before.question_codes if self.year_before else []
        question_map.check(origins, self.question_codes, last)
        with transaction.atomic():
            self.question_map = stored
            self.save(update_fields=["question_map"])
            self.__dict__.pop("origins", None)
            Event.record(
                Event.Verb.QUESTION_MAP_CHANGED,
                to_thai(f"แก้ไขการเทียบคำถามปีงบประมาณ {self.be_year} กับปีก่อน"),
                by=by,
                at=at,
                be_year=self.be_year,
                question_map=stored,
            )

    map_questions.alters_data = True  # type: ignore[attr-defined]

    @cached_property
    def question_codes(self) -> list[str]:
        """The codes of the questions in their order."""
        return [node.code for node in self.tree.walk() if node.kind is scoring.Kind.QUESTION]

    def topic_numbers_of(self, code: str) -> list[int]:
        """Numbers of the topics that a question feeds, in their order."""
        return [
            topic["number"]
            for topic in self.topic_outline
            if code in topic["perception"] or code in topic["disclosure"]
        ]

    @cached_property
    def has_questions(self) -> bool:
        """Whether the question list is known, so that scores can be entered question by question."""
        return any(node.kind is scoring.Kind.QUESTION for node in self.tree.walk())


class Item(models.Model):
    """One line of an instrument: the total, a tool, an indicator, a sub-indicator or a question.

    Codes: "total"; "IIT"; "indicator-7"; "9.1"; "i7", "e9", "o11".
    """

    class Kind(models.TextChoices):
        TOTAL = scoring.Kind.TOTAL.value, "คะแนนรวม"
        TOOL = scoring.Kind.TOOL.value, "เครื่องมือ"
        INDICATOR = scoring.Kind.INDICATOR.value, "ตัวชี้วัด"
        SUB_INDICATOR = scoring.Kind.SUB_INDICATOR.value, "ตัวชี้วัดย่อย"
        QUESTION = scoring.Kind.QUESTION.value, "ข้อคำถาม"

    instrument = models.ForeignKey(Instrument, models.CASCADE, related_name="items")
    parent = models.ForeignKey("self", models.CASCADE, related_name="children", null=True, blank=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    code = models.CharField(max_length=20)
    title = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()
    weight = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    part_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["instrument", "code"], name="item_code_unique"),
            models.UniqueConstraint(
                fields=["instrument"], condition=Q(parent=None), name="item_single_root_per_instrument"
            ),
            models.CheckConstraint(
                condition=Q(kind="tool", weight__gt=0) | (~Q(kind="tool") & Q(weight=None)),
                name="item_weight_on_tools_only",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How the item is named in Thai, with Arabic digits: ตัวชี้วัดที่ 7, ตัวชี้วัดย่อยที่ 9.1, i7, คะแนนรวม."""
        return item_label(self.kind, self.code)


def targets_of(instrument: Instrument) -> Iterable[tuple[Node, Key]]:
    """Yield every cell of an instrument that can be entered at any depth, with its item."""
    for node in instrument.tree.walk():
        for key in node.cells:
            yield node, key
