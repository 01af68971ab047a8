"""Who changed what on the paper, and when: rows that are only ever added."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

if TYPE_CHECKING:
    from ita_portal.organisations.models import User

    from .plan import MeasurePlan


# Texts are saved while a person types: what is typed within this time of the last save is one change.
SITTING = timedelta(minutes=10)


class Change(models.Model):
    """One change of something that the paper says: a text, a measure, a reason, a setting.

    subject: what was changed, the same in all changes of one thing ("text:topic-1", "measure:12", "settings");
    label: what happened in Thai words that stay true when the thing is gone; before and after: the old and the
    new value as people read them; former: what `before` was in full, where a text alone cannot bring it back.
    Rows are only added (but for what one person types in one sitting): undoing is a change of its own.
    """

    class NotUndoable(Exception):
        """What the change replaced cannot be brought back by itself."""

    plan = models.ForeignKey("measures.MeasurePlan", models.CASCADE, related_name="changes")
    subject = models.CharField(max_length=80)
    label = models.CharField("การเปลี่ยนแปลง", max_length=300)
    before = models.TextField("เดิม", blank=True)
    after = models.TextField("ใหม่", blank=True)
    former = models.JSONField(null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["plan", "subject"], name="change_of_subject")]
        constraints = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="change_changes_something")
        ]

    def __str__(self) -> str:
        return self.label

    @classmethod
    def record(
        cls,
        *,
        plan: MeasurePlan,
        subject: str,
        label: str,
        before: str,
        after: str,
        by: User,
        at: datetime,
        former: Mapping[str, Any] | None = None,
        typed: bool = False,
    ) -> Change | None:
        """Write down a change; nothing is written, and None returned, where before and after are the same.

        typed: the value was saved while a person types: it continues their last change of the same thing, if
        that ended in `before` not longer than `SITTING` ago.
        """
        if before == after:
            return None
        if typed:
            last = cls.objects.filter(plan=plan, subject=subject).select_for_update().first()
            if last and last._goes_on(label=label, before=before, by=by, at=at):
                last.after, last.at = after, at
                if last.before == after:
                    last.delete()
                    return None
                last.save(update_fields=["after", "at"])
                return last
        return cls.objects.create(
            plan=plan,
            subject=subject,
            label=label[:300],
            before=before,
            after=after,
            former=former,
            by=by,
            at=at,
        )

    def _goes_on(self, *, label: str, before: str, by: User, at: datetime) -> bool:
        # The deed stands before the name, which may be what is being typed.
        deed = label.partition(" “")[0]
        same = self.label.partition(" “")[0] == deed and self.by_id == by.pk and self.after == before
        return same and timedelta(0) <= at - self.at <= SITTING

    @property
    def about(self) -> str:
        """The kind of thing that was changed: "text", "measure", "excuse", "settings"."""
        return self.subject.partition(":")[0]

    @property
    def undoable(self) -> bool:
        """Whether `undo` can bring back what stood before."""
        return self.about in ("measure", "excuse", "text")

    def undo(self, *, by: User, at: datetime) -> None:
        """Bring back what stood before this change, as a new change.

        Raises NotUndoable; MeasurePlan.Locked; MeasurePlan.UnknownGroup for a group that the table has no more;
        MeasurePlan.UnknownText; MeasurePlan.Conflict where somebody changes the same text meanwhile.
        """
        name = self.subject.partition(":")[2]
        if not self.undoable:
            raise Change.NotUndoable
        if self.about == "measure":
            self.plan.measures.get(pk=name).return_to(former=self.former, by=by, at=at)
            return
        if self.about == "text":
            version = self.plan.texts.filter(key=name).values_list("version", flat=True).first() or 0
            self.plan.save_text(key=name, text=self.before, version=version, by=by, at=at)
            return
        item = self.plan.assessment.instrument.items.get(code=name)
        if self.before:
            self.plan.excuse(item=item, reason=self.before, by=by, at=at)
        else:
            self.plan.unexcuse(item=item, by=by, at=at)

    for _verb in (record, undo):
        getattr(_verb, "__func__", _verb).alters_data = True  # type: ignore[union-attr]
    del _verb
