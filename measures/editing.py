"""A measure as it stands in the boxes of the page: as kept, or as typed and perhaps wrong.

The same object fills the boxes of a kept measure and of a refused one, so that typed text is never lost.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import QueryDict

from ita_portal.organisations.models import Unit
from ita_portal.thai import BadDate, long_date, long_month, parse_date, period, to_arabic, to_thai

from .models import Measure, MeasurePlan, MeasureStep, StepEdit
from .models.library import ALL_UNITS

MONTH_EXAMPLE = "ตุลาคม 2566 หรือ 1 ต.ค. 2566"
_MONTH_ALONE = re.compile(r"(?:เดือน)?\s*([ก-๎.]+\s*(?:พ\.?ศ\.?)?\s*[0-9]+)")
_MONTH_BY_NUMBER = re.compile(r"([0-9]{1,2}/[0-9]{4})")


def typed_number(text: str) -> int:
    """Return a number that the page itself sent; 0, which names nothing, for anything else."""
    return int(text) if re.fullmatch(r"[0-9]{1,12}", text) else 0


def read_limit(text: str, *, last: bool) -> date:
    """Read the first or last day of a period: a whole month (“ต.ค. 2566”, “๑๐/๒๕๖๖”) or a full date.

    A month alone means its first day, or with `last` its last. Raises BadDate with a Thai sentence.
    """
    plain = to_arabic(text).strip()
    if not plain:
        raise BadDate(f"ยังไม่ได้กรอก ให้กรอกเดือนและปี พ.ศ. เช่น {MONTH_EXAMPLE}")
    if match := _MONTH_ALONE.fullmatch(plain) or _MONTH_BY_NUMBER.fullmatch(plain):
        join = "/" if "/" in match[1] else " "
        try:
            first = parse_date(f"1{join}{match[1]}")
        except BadDate:
            raise BadDate(f"อ่าน “{text.strip()}” ไม่ได้ ให้กรอกเดือนและปี พ.ศ. เช่น {MONTH_EXAMPLE}") from None
        return first.replace(day=monthrange(first.year, first.month)[1]) if last else first
    if not re.search(r"[0-9]", plain):
        raise BadDate(f"อ่าน “{text.strip()}” ไม่ได้ ให้กรอกเดือนและปี พ.ศ. เช่น {MONTH_EXAMPLE}")
    return parse_date(text)


def show_limit(day: date, *, last: bool) -> str:
    """Return a limit of a period as it is shown in its box: by month where it is the edge of one."""
    edge = monthrange(day.year, day.month)[1] if last else 1
    return to_thai(long_month(day) if day.day == edge else long_date(day))


@dataclass(frozen=True)
class StepDraft:
    """The boxes of one step row, as texts; `errors` by box, each a Thai sentence."""

    pk: int
    text: str
    all_units: bool
    unit_ids: frozenset[int]
    starts: str
    ends: str
    follow_up: str
    errors: dict[str, str] = field(default_factory=dict, compare=False)
    warning: str = field(default="", compare=False)
    responsible: str = field(default="", compare=False)

    @classmethod
    def of(cls, step: MeasureStep, plan: MeasurePlan) -> StepDraft:
        """Return the boxes of a kept step row."""
        units = step.units.all()
        return cls(
            step.pk,
            step.text,
            step.all_units,
            frozenset(unit.pk for unit in units),
            show_limit(step.starts_on, last=False),
            show_limit(step.ends_on, last=True),
            step.follow_up,
            warning=outside(plan, step.starts_on, step.ends_on),
            responsible=ALL_UNITS if step.all_units else ", ".join(unit.name for unit in units),
        )

    @classmethod
    def typed(cls, step: MeasureStep, post: QueryDict) -> StepDraft:
        """Return the boxes of a step row as they were sent; one that was not sent at all as it is kept."""
        if str(step.pk) not in post.getlist("step"):
            return cls.of(step, step.measure.plan)

        def box(name: str) -> str:
            return post.get(f"{name}-{step.pk}", "").replace("\r\n", "\n")

        chosen = post.getlist(f"units-{step.pk}")
        named = frozenset(typed_number(value) for value in chosen if value != "all")
        return cls(
            step.pk,
            box("text"),
            "all" in chosen,
            named,
            box("starts"),
            box("ends"),
            box("follow_up"),
        )

    def read(self, units: dict[int, Unit]) -> tuple[StepDraft, StepEdit | None]:
        """Return the boxes with their errors, and what to save where there are none."""
        errors: dict[str, str] = {}
        limits: dict[str, date] = {}
        for box, name, text in (("starts", "เริ่ม", self.starts), ("ends", "สิ้นสุด", self.ends)):
            try:
                limits[box] = read_limit(text, last=box == "ends")
            except BadDate as error:
                errors[box] = f"ช่อง “ระยะเวลาดำเนินการ” ({name}): {error}"
        if not errors and limits["ends"] < limits["starts"]:
            errors["ends"] = (
                f"ช่อง “ระยะเวลาดำเนินการ”: สิ้นสุด “{self.ends.strip()}” มาก่อนเริ่ม “{self.starts.strip()}” "
                "ให้สิ้นสุดตรงกับหรือหลังวันเริ่ม เช่น เริ่ม ตุลาคม 2566 สิ้นสุด กันยายน 2567"
            )
        if not self.unit_ids <= units.keys():
            errors["units"] = "ช่อง “ผู้รับผิดชอบ”: ไม่พบสำนัก/กองที่เลือกในหน่วยงานนี้ โปรดเลือกใหม่ เช่น สำนักปลัด"
        chosen = tuple(units[pk] for pk in sorted(self.unit_ids & units.keys()))
        draft = replace(
            self,
            errors=errors,
            responsible=ALL_UNITS if self.all_units else ", ".join(unit.name for unit in chosen),
        )
        if errors:
            return draft, None
        return draft, StepEdit(
            self.text.strip(),
            self.all_units,
            () if self.all_units else chosen,
            limits["starts"],
            limits["ends"],
            self.follow_up.strip(),
        )


@dataclass(frozen=True)
class Draft:
    """The boxes of one measure.

    standing: what somebody else saved meanwhile, shown beside the typed; lost: typed texts of step rows that
    somebody else removed meanwhile, and which have no box any more.
    """

    pk: int
    version: int = field(compare=False)
    title: str
    steps: tuple[StepDraft, ...]
    error: str = field(default="", compare=False)
    standing: Measure | None = field(default=None, compare=False)
    lost: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def of(cls, measure: Measure) -> Draft:
        """Return the boxes of a kept measure."""
        steps = tuple(StepDraft.of(step, measure.plan) for step in measure.steps.all())
        return cls(measure.pk, measure.version, measure.title, steps)

    @classmethod
    def typed(cls, measure: Measure, post: QueryDict) -> Draft:
        """Return the boxes as they were sent."""
        steps = tuple(StepDraft.typed(step, post) for step in measure.steps.all())
        title = post.get("title", "").replace("\r\n", "\n")
        kept = {str(step.pk) for step in steps}
        lost = tuple(
            text
            for pk in post.getlist("step")
            for text in (post.get(f"text-{pk}", ""), post.get(f"follow_up-{pk}", ""))
            if pk not in kept and text.strip()
        )
        return cls(measure.pk, typed_number(post.get("version", "")), title, steps, lost=lost)

    @property
    def errors(self) -> list[str]:
        """All sentences, with the row in words where there are several."""
        found = [self.error] if self.error else []
        for number, step in enumerate(self.steps, start=1):
            place = f"แถวขั้นตอนที่ {number} " if len(self.steps) > 1 else ""
            found += [place + sentence for sentence in step.errors.values()]
        return found

    def read(self, units: dict[int, Unit]) -> tuple[Draft, dict[int, StepEdit]]:
        """Return the boxes with their errors, and the step rows to save (for use where there are none)."""
        pairs = [step.read(units) for step in self.steps]
        error = ""
        if not self.title.strip():
            error = (
                "ช่อง “มาตรการ/แนวทาง”: ยังว่างอยู่ ให้เขียนว่าจะทำอะไร เช่น จัดประชุมชี้แจงแผนการใช้จ่ายงบประมาณทุกไตรมาส"
            )
        draft = replace(self, steps=tuple(step for step, _ in pairs), error=error)
        return draft, {step.pk: edit for step, edit in pairs if edit}


def outside(plan: MeasurePlan, starts_on: date, ends_on: date) -> str:
    """Return a warning where a period leaves the plan's fiscal year, else nothing."""
    if plan.first_day <= starts_on and ends_on <= plan.last_day:
        return ""
    year = period(plan.first_day, plan.last_day)
    return to_thai(f"อยู่นอกปีงบประมาณ {plan.be_year} ({year}) หากตั้งใจก็ใช้ได้")
