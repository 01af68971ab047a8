"""A chain of approval as rows of a form: the organisation's usual one, or that of a memo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.http import QueryDict

from ita_portal.organisations.models import Membership, Organisation, User
from ita_portal.thai import to_arabic, to_thai
from reports.models import ChainEntry
from reports.models.office import USUAL_TITLES, signatories_of

MOST_STEPS = 9
# More rows may be sent than steps may be kept: blank ones are dropped before they are counted.
MOST_ROWS = 30
PREFIX = "chain"
NOBODY = "ไม่มีผู้ใช้ในระบบ"
INCOMPLETE = "ข้อมูลของแบบฟอร์มมาไม่ครบ จึงยังไม่ได้บันทึก โปรดเปิดหน้านี้ใหม่แล้วกรอกอีกครั้ง เช่น กดปุ่มเปิดหน้าใหม่ของเบราว์เซอร์"
TITLE_RULE = "ให้กรอกตำแหน่งผู้ลงนาม เช่น ปลัดองค์การบริหารส่วนตำบล"


def signers_of(organisation: Organisation) -> list[Membership]:
    """Return the members who may sign or act for a signer, by name."""
    members = signatories_of(organisation).select_related("user")
    return list(members.order_by("user__first_name", "user__last_name", "pk"))


def signer_choices(signers: Sequence[Membership], nobody: str) -> list[tuple[str, str]]:
    """Return signers as choices, the empty one first; the position tells two people of one name apart."""
    named = [
        (str(one.user_id), f"{one.user.full_name} ({one.position_title})".replace(" ()", ""))
        for one in signers
    ]
    return [("", nobody), *named]


def plain_title(typed: str) -> str:
    """Return a position as it is kept: delegations count for steps of exactly the same title."""
    return " ".join(to_arabic(typed).split())


class ChainRow(forms.Form):
    """One step of a chain. A row with nothing in it is no step."""

    title = forms.CharField(
        label="ตำแหน่ง",
        required=False,
        max_length=200,
        error_messages={"max_length": f"ตำแหน่งยาวเกิน ๒๐๐ ตัวอักษร {TITLE_RULE}"},
        widget=forms.TextInput(
            attrs={"list": "chain-titles", "autocomplete": "off", "class": "form-control"}
        ),
    )
    holder = forms.ChoiceField(
        label="ผู้ดำรงตำแหน่ง",
        required=False,
        error_messages={
            "invalid_choice": f"ผู้ที่เลือกไม่ได้เป็นสมาชิกที่ลงนามได้ของหน่วยงานแล้ว ให้เลือกจากรายชื่อ หรือเลือก “{NOBODY}”"
        },
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    on_paper = forms.BooleanField(
        label="ลงนามในกระดาษ",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )

    def __init__(
        self,
        *args: Any,
        choices: list[tuple[str, str]],
        gone: list[tuple[str, str]],
        holders: Mapping[str, User],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.holders = holders
        field = cast(forms.ChoiceField, self.fields["holder"])
        field.choices = choices
        # Shown, so that nobody vanishes unseen, but no answer that is taken.
        field.widget.choices = [*choices, *gone]

    def clean(self) -> dict[str, Any]:
        """Keep the step as `entry`, None for a blank row. Raises ValidationError for a row without a title."""
        cleaned = self.cleaned_data
        title, holder = plain_title(cleaned.get("title", "")), cleaned.get("holder", "")
        is_blank = not (title or holder or cleaned.get("on_paper") or self.errors)
        if not title and not is_blank and "title" not in self.errors:
            self.add_error("title", f"ยังไม่ได้กรอกตำแหน่ง {TITLE_RULE}")
        entry = ChainEntry(title, self.holders.get(holder), bool(cleaned.get("on_paper")))
        return {**cleaned, "entry": None if is_blank else entry}


if TYPE_CHECKING:
    RowSet = forms.BaseFormSet[ChainRow]
else:
    RowSet = forms.BaseFormSet


class BaseChainFormSet(RowSet):
    """The steps above the officer, in their order: one to nine, no two alike."""

    DOUBLED = "“{}” ของผู้ดำรงตำแหน่งคนเดียวกันมีอยู่แล้วในลำดับที่ {} แต่ละลำดับต้องต่างตำแหน่งหรือต่างคน ให้แก้ไขหรือลบลำดับนี้"
    TOO_MANY = "มีผู้ลงนามต่อจากเจ้าหน้าที่ผู้เสนอ {} ลำดับ ต้องไม่เกิน {} ลำดับ ให้ลบลำดับที่ไม่จำเป็น"

    title_suggestions: Sequence[str] = ()

    @property
    def is_full(self) -> bool:
        """Whether no further row may be added."""
        return len(self.forms) >= MOST_STEPS

    def clean(self) -> None:
        """Count the steps and refuse one that stands twice, at its row."""
        if any(self.errors) or not self.management_form.is_valid():
            return
        places: dict[tuple[str, User | None], int] = {}
        # The officer, who sends, is the first to sign.
        for place, row in enumerate(self.forms, start=2):
            entry: ChainEntry | None = row.cleaned_data.get("entry")
            if entry is None:
                continue
            first = places.setdefault((entry.title, entry.holder), place)
            if first != place:
                row.add_error("title", to_thai(self.DOUBLED.format(entry.title, first)))
        steps = len(self.entries())
        if not steps:
            raise forms.ValidationError(f"ยังไม่มีผู้ลงนาม ต้องมีอย่างน้อย ๑ ลำดับต่อจากเจ้าหน้าที่ผู้เสนอ {TITLE_RULE}")
        if steps > MOST_STEPS:
            raise forms.ValidationError(to_thai(self.TOO_MANY.format(steps, MOST_STEPS)))

    def entries(self) -> list[ChainEntry]:
        """Return the steps of a valid formset, in their order."""
        found = (row.cleaned_data.get("entry") for row in self.forms)
        return [entry for entry in found if entry is not None]


row_set = partial(
    forms.formset_factory, ChainRow, BaseChainFormSet, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def chain_formset(
    organisation: Organisation, data: QueryDict | None = None, initial: Sequence[ChainEntry] = ()
) -> BaseChainFormSet:
    """Return the rows of a chain: `initial`, or as they were sent in `data`.

    A press on a button that adds, moves or takes away a row only draws the rows anew: what is returned then is not
    bound, so never valid, and has all that is typed. Whoever holds a step in `initial` and is no member any more
    stays visible in its list, but is refused.
    """
    signers = signers_of(organisation)
    choices = signer_choices(signers, NOBODY)
    known = {value for value, _ in choices}
    holders = {str(e.holder.pk): e.holder.full_name for e in initial if e.holder}
    rows = [
        {"title": to_thai(e.title), "holder": e.holder.pk if e.holder else "", "on_paper": e.on_paper}
        for e in initial
    ]
    if data is not None and (press := data.get("arrange")):
        rows, data = arranged(typed_rows(data), press), None
    made = cast(type[BaseChainFormSet], row_set(extra=0 if rows else 1))(
        data,
        prefix=PREFIX,
        initial=rows if data is None else None,
        form_kwargs={
            "choices": choices,
            "gone": [(pk, f"{name} (ลงนามในระบบไม่ได้แล้ว)") for pk, name in holders.items() if pk not in known],
            "holders": {str(one.user_id): one.user for one in signers},
        },
        error_messages={"missing_management_form": INCOMPLETE, "too_many_forms": INCOMPLETE},
    )
    positions = [one.position_title for one in signers if one.position_title]
    usual = [*USUAL_TITLES[organisation.kind], organisation.head]
    made.title_suggestions = list(dict.fromkeys(to_thai(title) for title in [*usual, *positions]))
    return made


def typed_rows(data: QueryDict) -> list[dict[str, Any]]:
    """Return the rows of a form as they were sent, checked by nobody."""
    count = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    total = min(int(count), MOST_ROWS) if count.isascii() and count.isdecimal() and len(count) <= 4 else 0
    return [
        {
            "title": data.get(f"{PREFIX}-{n}-title", ""),
            "holder": data.get(f"{PREFIX}-{n}-holder", ""),
            "on_paper": f"{PREFIX}-{n}-on_paper" in data,
        }
        for n in range(total)
    ]


def arranged(rows: list[dict[str, Any]], press: str) -> list[dict[str, Any]]:
    """Return the rows after a press on “add”, “up-2”, “down-2” or “remove-2”; what cannot be done changes nothing."""
    way, _, number = press.partition("-")
    place = int(number) if number.isascii() and number.isdecimal() and len(number) <= 4 else -1
    rows = list(rows)
    if way == "add":
        return [*rows, {}] if len(rows) < MOST_STEPS else rows
    if not 0 <= place < len(rows):
        return rows
    if way == "remove":
        del rows[place]
    other = place + (1 if way == "down" else -1)
    if way in ("up", "down") and 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows
