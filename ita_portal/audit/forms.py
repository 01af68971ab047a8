"""Which events of a chain a page shows: of one kind, from one day to another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ita_portal.thai import BadDate, parse_date, to_thai

from .models import Event, EventQuerySet


class DayField(forms.CharField):
    """A day as people write it: 29 มีนาคม 2567, 29/3/67, Thai digits too."""

    def clean(self, value: Any) -> date | None:
        """Return the day, None where none is typed. Raises ValidationError."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_date(typed)
        except BadDate as error:
            raise ValidationError(to_thai(str(error))) from error


class EventFilter(forms.Form):
    """A kind of event among those that the chain holds, and the first and the last day."""

    verb = forms.ChoiceField(label="เรื่อง", required=False)
    since = DayField(label="ตั้งแต่วันที่", required=False, max_length=40, help_text="เช่น ๑ ต.ค. ๒๕๖๖")
    until = DayField(label="ถึงวันที่", required=False, max_length=40, help_text="เช่น ๓๐ ก.ย. ๒๕๖๗")

    def __init__(self, *args: Any, events: EventQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events = events
        held = set(events.order_by().values_list("verb", flat=True).distinct())
        choices = [(value, label) for value, label in Event.Verb.choices if value in held]
        self.fields["verb"].choices = [("", "ทุกเรื่อง"), *choices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse a last day before the first."""
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "วันสุดท้ายต้องไม่มาก่อนวันแรก เช่น ๑ ต.ค. ๒๕๖๖ ถึง ๓๐ ก.ย. ๒๕๖๗")
        return cleaned

    def found(self) -> EventQuerySet:
        """The events asked for; what was refused narrows nothing."""
        self.is_valid()
        found, asked = self.events, self.cleaned_data
        if asked.get("verb"):
            found = found.filter(verb=asked["verb"])
        if asked.get("since"):
            found = found.filter(at__gte=_midnight(asked["since"]))
        if asked.get("until"):
            found = found.filter(at__lt=_midnight(asked["until"] + timedelta(days=1)))
        return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
