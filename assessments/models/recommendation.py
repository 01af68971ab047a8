"""What สำนักงาน ป.ป.ช. recommended with a result: texts by tool, part and question."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Max, Q

from assessments.labels import cell_label
from assessments.recommendation_reading import Found, cited_codes, normalised
from assessments.scoring import Kind
from ita_portal.organisations.models import User

from .assessment import Assessment
from .instrument import Item


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def with_items(self) -> RecommendationQuerySet:
        """Recommendations with all that they name, in three queries."""
        return self.select_related("tool").prefetch_related("items", "cited")

    def about(self, codes: Collection[str]) -> RecommendationQuerySet:
        """Recommendations on any of these questions, or that cite any of these disclosure items."""
        return self.filter(Q(items__code__in=codes) | Q(cited__code__in=codes)).distinct()


class Recommendation(models.Model):
    """One official recommendation: on questions of a tool, on the tool, or (tool "total") on the whole result.

    It may be entered and mended at any time: it came from outside and changes no score. The disclosure items
    that the text cites are kept beside it as links.
    """

    class NoText(Exception):
        """A recommendation cannot be saved without its text."""

    class WrongPlace(Exception):
        """The tool has no such part, or a question belongs to another tool; `names` says which."""

        def __init__(self, names: Collection[str]) -> None:
            super().__init__(names)
            self.names = list(names)

    class Conflict(Exception):
        """Somebody else changed it first; `standing` is what stands now, None where it was deleted."""

        def __init__(self, standing: Recommendation | None) -> None:
            super().__init__(standing)
            self.standing = standing

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="recommendations")
    tool = models.ForeignKey(Item, models.PROTECT, verbose_name="เครื่องมือ", related_name="+")
    part = models.PositiveSmallIntegerField("ส่วน", default=0)
    items = models.ManyToManyField(Item, verbose_name="ข้อ", related_name="recommendations", blank=True)
    text = models.TextField("ข้อเสนอแนะ")
    cited = models.ManyToManyField(
        Item, verbose_name="อ้างอิงจาก", related_name="citing_recommendations", blank=True
    )
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    edited_at = models.DateTimeField()
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        # By tool and part, and in each as the text came.
        ordering = ["tool__position", "part", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(part__lte=2), name="recommendation_part_possible"),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="recommendation_has_text",
                violation_error_message="ข้อเสนอแนะต้องมีข้อความ",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> str:
        """Where it belongs, in Thai: "IIT", "EIT ส่วนที่ 1", or ภาพรวม for the whole result."""
        if self.tool.kind == Item.Kind.TOTAL:
            return "ภาพรวม"
        return cell_label(self.tool.kind, (self.tool.code, self.part))

    @property
    def codes(self) -> list[str]:
        """Codes of its questions, in their order."""
        return [item.code for item in self.items.all()]

    @property
    def said(self) -> str:
        """The text as pages and papers show it: cited items spelt alike, Arabic digits."""
        return normalised(self.text)

    @classmethod
    def add(
        cls,
        *,
        assessment: Assessment,
        tool: str,
        part: int = 0,
        codes: Collection[str] = (),
        text: str,
        by: User | None,
        at: datetime,
    ) -> Recommendation:
        """Add a recommendation at the end of its tool and part.

        tool: code of a tool, or "total"; codes: its questions. Raises NoText, WrongPlace.
        """
        with transaction.atomic():
            # One after another, so that no two get the same position.
            Assessment.objects.select_for_update().get(pk=assessment.pk)
            last = assessment.recommendations.aggregate(last=Max("position"))["last"] or 0
            made = cls(assessment=assessment, position=last + 1, edited_at=at, edited_by=by)
            return made._write(tool=tool, part=part, codes=codes, text=text)

    @classmethod
    def take_over(
        cls,
        found: Iterable[Found],
        *,
        assessment: Assessment,
        replaces: bool,
        by: User | None,
        at: datetime,
    ) -> list[Recommendation]:
        """Add what was read from a text, all or nothing, in place of all that stood where `replaces`.

        Raises NoText, WrongPlace.
        """
        with transaction.atomic():
            if replaces:
                assessment.recommendations.all().delete()
            return [
                cls.add(
                    assessment=assessment,
                    tool=one.tool,
                    part=one.part,
                    codes=one.codes,
                    text=one.text,
                    by=by,
                    at=at,
                )
                for one in found
            ]

    def save_edit(
        self,
        *,
        version: int,
        tool: str,
        part: int = 0,
        codes: Collection[str] = (),
        text: str,
        by: User | None,
        at: datetime,
    ) -> None:
        """Save an edit; `version` is the one that the person saw. Raises NoText, WrongPlace, Conflict."""
        with transaction.atomic():
            self._take_turn(version)
            self.edited_at, self.edited_by = at, by
            self._write(tool=tool, part=part, codes=codes, text=text)

    def remove(self, *, version: int) -> None:
        """Delete it for good; `version` is the one that the person saw. Raises Conflict."""
        with transaction.atomic():
            self._take_turn(version)
            self.delete()

    def _take_turn(self, version: int) -> None:
        mine = Recommendation.objects.filter(pk=self.pk, version=version)
        if not mine.update(version=F("version") + 1):
            raise Recommendation.Conflict(Recommendation.objects.with_items().filter(pk=self.pk).first())
        self.version = version + 1

    def _write(self, *, tool: str, part: int, codes: Collection[str], text: str) -> Recommendation:
        text = text.strip()
        if not text:
            raise Recommendation.NoText
        instrument = self.assessment.instrument
        places = {(node.code, 0): node for node in (instrument.tree, *instrument.tree.children)}
        places |= {(node.code, p): node for node in instrument.tree.children for p in node.parts}
        if (tool, part) not in places:
            raise Recommendation.WrongPlace([f"{tool} ส่วนที่ {part}" if part else tool])
        inside = {node.code for node in places[tool, part].walk() if node.kind is Kind.QUESTION}
        if outside := [code for code in codes if code not in inside]:
            raise Recommendation.WrongPlace(outside)
        cited = cited_codes(text)
        items = {item.code: item for item in instrument.items.filter(code__in={tool, *codes, *cited})}
        self.tool, self.part, self.text = items[tool], part, text
        self.save()
        self.items.set(items[code] for code in codes)
        self.cited.set(items[code] for code in cited if code in items)
        return self

    for _verb in (save_edit, remove):
        _verb.alters_data = True  # type: ignore[union-attr]
    del _verb
