"""The library of ready measures: the starter ones that come with the portal, and each organisation's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Q

from assessments.models import Instrument, Item
from assessments.scoring import Kind
from ita_portal.organisations.models import Organisation, User
from ita_portal.thai import to_arabic

from ..outline import indicator_of

if TYPE_CHECKING:
    from .measure import Measure

# How the library names all units together, and how it joins the names of several.
ALL_UNITS = "ทุกสำนัก/กอง"
JOINT = ", "


class LibraryEntryQuerySet(models.QuerySet["LibraryEntry"]):
    def seen_by(self, organisation: Organisation) -> LibraryEntryQuerySet:
        """The starter entries and the organisation's own; never another's."""
        return self.filter(Q(organisation=None) | Q(organisation=organisation))

    def own_of(self, organisation: Organisation) -> LibraryEntryQuerySet:
        """The organisation's own entries."""
        return self.filter(organisation=organisation)

    def with_uses(self, organisation: Organisation) -> LibraryEntryQuerySet:
        """Count as `uses` the organisation's standing measures that were made from each entry."""
        mine = Q(measures__deleted_at=None, measures__plan__assessment__organisation=organisation)
        return self.annotate(uses=Count("measures", filter=mine))

    def in_order(self) -> LibraryEntryQuerySet:
        """The organisation's own entries first, then the starter ones in the order of their file."""
        return self.order_by(F("organisation").desc(nulls_last=True), "pk")

    def about(self, instrument: Instrument, codes: Iterable[str]) -> LibraryEntryQuerySet:
        """Entries made for any of these questions of an instrument; for a code that it has not, those that
        any year has under that code."""
        known = {node.code for node in instrument.tree.walk()}
        wanted = Q(pk__in=[])
        for code in codes:
            if code in known:
                for be_year, named in questions_like(instrument, code):
                    wanted |= Q(instrument__be_year=be_year, code=named)
            else:
                wanted |= Q(code=code)
        linked = LibraryEntry.items.through.objects.filter(item__in=Item.objects.filter(wanted))
        return self.filter(pk__in=linked.values("libraryentry"))

    def of_tool(self, tool: str) -> LibraryEntryQuerySet:
        """Entries made for questions or indicators of a tool: "IIT"."""
        below = Q(parent__code=tool) | Q(parent__parent__code=tool) | Q(parent__parent__parent__code=tool)
        linked = LibraryEntry.items.through.objects.filter(item__in=Item.objects.filter(below))
        return self.filter(pk__in=linked.values("libraryentry"))

    def saying(self, words: Iterable[str]) -> LibraryEntryQuerySet:
        """Entries whose measure, recommendation or steps hold every word; either kind of digits."""
        found = self
        for word in words:
            plain = to_arabic(word)
            found = found.filter(
                Q(title__icontains=plain) | Q(recommendation__icontains=plain) | Q(steps__icontains=plain)
            )
        return found


class LibraryEntry(models.Model):
    """A ready measure, for certain questions or for a whole topic: a starter one with a key, or an
    organisation's own. Texts are kept with Arabic digits."""

    class NoText(Exception):
        """An entry needs the measure's text and at least one step; `field` names the empty one."""

        def __init__(self, field: str) -> None:
            super().__init__(field)
            self.field = field

    class AlreadyKept(Exception):
        """The organisation's library holds the same measure already."""

    class Conflict(Exception):
        """Somebody else changed the entry first; `standing` is what stands now."""

        def __init__(self, standing: LibraryEntry) -> None:
            super().__init__(standing)
            self.standing = standing

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="library_entries", null=True, blank=True, editable=False
    )
    key = models.CharField(max_length=40, blank=True, editable=False)
    items = models.ManyToManyField(Item, related_name="library_entries", blank=True)
    topic = models.PositiveSmallIntegerField("ประเด็น", null=True, blank=True)
    title = models.TextField("มาตรการ/แนวทาง")
    recommendation = models.TextField("ข้อเสนอแนะ", blank=True)
    steps = models.TextField("ขั้นตอน", help_text="หนึ่งบรรทัดคือหนึ่งขั้นตอน")
    unit_name = models.TextField("หน่วยงานที่มักรับผิดชอบ", blank=True)
    follow_up = models.TextField("การติดตามประเมินผล", blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    kept_at = models.DateTimeField(null=True, blank=True, editable=False)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = LibraryEntryQuerySet.as_manager()

    class Meta:
        ordering = ["key", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="entry_key_unique"),
            models.CheckConstraint(
                condition=(Q(organisation=None, kept_at=None, kept_by=None) & ~Q(key=""))
                | Q(organisation__isnull=False, kept_at__isnull=False, kept_by__isnull=False, key=""),
                name="entry_starter_or_own",
            ),
            models.CheckConstraint(
                condition=Q(topic=None) | Q(topic__range=(1, 20)), name="entry_topic_possible"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def step_lines(self) -> list[str]:
        """The steps, one an entry."""
        return self.steps.splitlines()

    @property
    def is_own(self) -> bool:
        """Whether an organisation made it."""
        return self.organisation_id is not None

    @classmethod
    def keep(cls, *, measure: Measure, by: User, at: datetime) -> LibraryEntry:
        """Put a measure into its organisation's own library: text, steps and units of all its rows, follow-up,
        topic and the items that it answers; the measure then counts as a use of it.

        Raises NoText where the measure or all its steps are empty; AlreadyKept.
        """
        plan = measure.plan
        rows = list(measure.steps.prefetch_related("units"))
        units = [ALL_UNITS for row in rows if row.all_units]
        units = units or [unit.name for row in rows for unit in row.units.all()]
        items = list(measure.items.all())
        topics = [measure.topic] if measure.topic else [n for i in items for n in plan.topics_of(i.code)]
        texts = {
            "title": measure.title,
            "steps": "\n".join(line for row in rows for line in row.lines),
            "unit_name": JOINT.join(dict.fromkeys(units)),
            "follow_up": "\n".join(dict.fromkeys(row.follow_up.strip() for row in rows if row.follow_up)),
        }
        tidied = cls._tidied(texts)
        organisation = plan.assessment.organisation
        with transaction.atomic():
            # The organisation's row keeps two people from putting in the same measure at once.
            Organisation.objects.select_for_update().get(pk=organisation.pk)
            if cls.objects.own_of(organisation).filter(**tidied).exists():
                raise cls.AlreadyKept
            kept = cls.objects.create(
                organisation=organisation, topic=next(iter(topics), None), kept_at=at, kept_by=by, **tidied
            )
            kept.items.set(items)
            measure.entry = kept
            measure.save(update_fields=["entry"])
        return kept

    def revise(self, *, version: int, topic: int | None, by: User, at: datetime, **texts: str) -> None:
        """Change an own entry; `version` is the one that the person saw. Raises NoText, Conflict."""
        tidied = self._tidied(texts)
        mine = LibraryEntry.objects.filter(pk=self.pk, version=version).exclude(organisation=None)
        if not mine.update(version=F("version") + 1, topic=topic, kept_at=at, kept_by=by, **tidied):
            raise LibraryEntry.Conflict(LibraryEntry.objects.get(pk=self.pk))
        self.refresh_from_db()

    @staticmethod
    def _tidied(texts: Mapping[str, str]) -> dict[str, str]:
        """Return texts as the library keeps them. Raises NoText."""
        tidied = {
            name: "\n".join(line.strip() for line in to_arabic(text).splitlines() if line.strip())
            for name, text in texts.items()
        }
        for name in ("title", "steps"):
            if not tidied[name]:
                raise LibraryEntry.NoText(name)
        return tidied

    for _verb in (keep, revise):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb


def questions_like(instrument: Instrument, code: str) -> set[tuple[int, str]]:
    """Return the question with those of other years that ask the same: (B.E. year, code)."""
    found = {(instrument.be_year, code)}
    if before := instrument.question_before(code):
        found.add((instrument.be_year - 1, before))
    return found


def items_here(instrument: Instrument, items: Iterable[Item]) -> list[str]:
    """Return the codes that items of any year have in an instrument, each once: its own and those of the year
    before that ask the same; indicators by their numbers, by which years may be compared."""
    known = {node.code for node in instrument.tree.walk()}
    later = {origin.code: code for code, origin in instrument.origins.items() if origin.code}
    found: dict[str, None] = {}
    for item in items:
        code: str | None = None
        if item.instrument_id == instrument.pk or item.kind == Kind.INDICATOR:
            code = item.code
        elif item.instrument.be_year == instrument.be_year - 1:
            code = later.get(item.code)
        if code in known:
            found.setdefault(code)
    return list(found)


class Suggestions:
    """The library beside one instrument: which ready measures answer a weak item.

    The organisation's own entries come before the starter ones. Question numbers do not mean the same question
    in two years: a question finds its own entries in its own year (or one year back through the instrument's
    question map), else those of its indicator, by which years may be compared. An indicator finds the entries
    of all its questions.
    """

    def __init__(self, instrument: Instrument, organisation: Organisation) -> None:
        self._instrument = instrument
        self._entries = list(
            LibraryEntry.objects.seen_by(organisation)
            .in_order()
            .prefetch_related(
                models.Prefetch("items", Item.objects.select_related("instrument", "parent__parent"))
            )
        )

    def own(self, code: str) -> list[LibraryEntry]:
        """Return the entries made for an item; also those of its indicator where it has no starter of its own."""
        indicator = indicator_of(self._instrument.tree, code)
        if indicator is None:
            return []
        wanted = questions_like(self._instrument, code)
        exact = self._having(lambda item: (item.instrument.be_year, item.code) in wanted)
        if any(not entry.is_own for entry in exact):
            return exact
        near = self._having(lambda item: _indicator_code(item) == indicator.code)
        return list(dict.fromkeys([*exact, *near]))

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
