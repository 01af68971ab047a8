"""The starter library: ready measures that a plan can begin from."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import models

from assessments.models import Instrument, Item
from assessments.scoring import Kind

from ..outline import indicator_of


class LibraryEntry(models.Model):
    """A ready measure of the starter library, for certain questions or for a whole topic."""

    key = models.CharField(max_length=40, unique=True)
    items = models.ManyToManyField(Item, related_name="library_entries", blank=True)
    topic = models.PositiveSmallIntegerField()
    title = models.TextField("มาตรการ/แนวทาง")
    recommendation = models.TextField("ข้อเสนอแนะ", blank=True)
    steps = models.TextField("ขั้นตอน", help_text="หนึ่งบรรทัดคือหนึ่งขั้นตอน")
    unit_name = models.CharField("หน่วยงานที่มักรับผิดชอบ", max_length=120, blank=True)
    follow_up = models.TextField("การติดตามประเมินผล", blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.title

    @property
    def step_lines(self) -> list[str]:
        """The steps, one an entry."""
        return self.steps.splitlines()


class Suggestions:
    """The library beside one instrument: which ready measures answer a weak item.

    Question numbers do not mean the same question in two years: a question finds its own entries in its own
    year (or one year back through the instrument's question map), else those of its indicator, by which years
    may be compared. An indicator finds the entries of all its questions.
    """

    def __init__(self, instrument: Instrument) -> None:
        self._instrument = instrument
        self._entries = list(
            LibraryEntry.objects.prefetch_related(
                models.Prefetch("items", Item.objects.select_related("instrument", "parent__parent"))
            )
        )

    def own(self, code: str) -> list[LibraryEntry]:
        """Return the entries made for an item, or for its indicator where it has none of its own."""
        indicator = indicator_of(self._instrument.tree, code)
        if indicator is None:
            return []
        wanted = {
            (self._instrument.be_year, code),
            (self._instrument.be_year - 1, self._instrument.question_before(code)),
        }
        exact = self._having(lambda item: (item.instrument.be_year, item.code) in wanted)
        return exact or self._having(lambda item: _indicator_code(item) == indicator.code)

    def general(self, topics: Iterable[int]) -> list[LibraryEntry]:
        """Return the entries made for whole topics, by their numbers."""
        wanted = set(topics)
        return [entry for entry in self._entries if entry.topic in wanted and not entry.items.all()]

    def _having(self, fits: Callable[[Item], bool]) -> list[LibraryEntry]:
        return [entry for entry in self._entries if any(fits(item) for item in entry.items.all())]


def _indicator_code(item: Item) -> str:
    above: Item | None = item
    while above is not None and above.kind != Kind.INDICATOR:
        above = above.parent
    return above.code if above else ""
