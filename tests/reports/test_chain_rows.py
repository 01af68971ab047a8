"""Rows of a chain of approval: read, refused at their place, and arranged without JavaScript."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.utils.http import urlencode

from ita_portal.organisations.models import Organisation, Role, User
from reports.forms.chain import BaseChainFormSet, chain_formset
from reports.models import ChainEntry

from .memos import member

AT = datetime(2024, 3, 1, tzinfo=UTC)
Typed = tuple[str, object, bool]


def sent(*rows: Typed, **more: Any) -> QueryDict:
    """Return rows of (title, pk of the holder or "", on paper) as a browser sends them."""
    data: dict[str, Any] = {"chain-TOTAL_FORMS": len(rows), "chain-INITIAL_FORMS": 0, **more}
    for number, (title, holder, on_paper) in enumerate(rows):
        data |= {f"chain-{number}-title": title, f"chain-{number}-holder": holder}
        data |= {f"chain-{number}-on_paper": "on"} if on_paper else {}
    return QueryDict(urlencode(data))


def shown(formset: BaseChainFormSet) -> list[Typed]:
    """Return what stands in the rows."""
    return [
        (row["title"].value() or "", row["holder"].value() or "", bool(row["on_paper"].value()))
        for row in formset
    ]


@pytest.fixture
def clerk(organisation: Organisation) -> User:
    return member(organisation, "clerk", "ปลัดองค์การบริหารส่วนตำบล")


def test_rows_become_entries_in_their_order_without_the_blank_ones(
    organisation: Organisation, clerk: User
) -> None:
    rows = sent((" หัวหน้า  สำนักปลัด ๑", "", True), ("", "", False), ("ปลัดองค์การบริหารส่วนตำบล", clerk.pk, False))
    formset = chain_formset(organisation, rows)
    assert formset.is_valid(), formset.errors
    assert formset.entries() == [
        ChainEntry("หัวหน้า สำนักปลัด 1", None, True),
        ChainEntry("ปลัดองค์การบริหารส่วนตำบล", clerk, False),
    ]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        (
            [("", "", True)],
            [{"title": ["ยังไม่ได้กรอกตำแหน่ง ให้กรอกตำแหน่งผู้ลงนาม เช่น ปลัดองค์การบริหารส่วนตำบล"]}],
        ),
        (
            [("ปลัด", "", False), ("", "", False), ("ปลัด", "", True)],
            [
                {},
                {},
                {
                    "title": [
                        "“ปลัด” ของผู้ดำรงตำแหน่งคนเดียวกันมีอยู่แล้วในลำดับที่ ๒ "
                        "แต่ละลำดับต้องต่างตำแหน่งหรือต่างคน ให้แก้ไขหรือลบลำดับนี้"
                    ]
                },
            ],
        ),
        (
            [("ก" * 201, "", False)],
            [{"title": ["ตำแหน่งยาวเกิน ๒๐๐ ตัวอักษร ให้กรอกตำแหน่งผู้ลงนาม เช่น ปลัดองค์การบริหารส่วนตำบล"]}],
        ),
    ],
)
def test_a_bad_row_is_refused_at_its_place(
    organisation: Organisation, rows: list[Typed], faults: list[dict[str, list[str]]]
) -> None:
    formset = chain_formset(organisation, sent(*rows))
    assert not formset.is_valid()
    assert formset.errors == faults


def test_one_to_nine_steps(organisation: Organisation) -> None:
    nine = [(f"ตำแหน่ง {number}", "", False) for number in range(9)]
    assert len(chain_formset_entries(organisation, nine)) == 9
    none, ten = (
        chain_formset(organisation, sent(*rows))
        for rows in ([("", "", False)], [*nine, ("อีกตำแหน่ง", "", False)])
    )
    assert none.non_form_errors() == [
        "ยังไม่มีผู้ลงนาม ต้องมีอย่างน้อย ๑ ลำดับต่อจากเจ้าหน้าที่ผู้เสนอ ให้กรอกตำแหน่งผู้ลงนาม เช่น ปลัดองค์การบริหารส่วนตำบล"
    ]
    assert ten.non_form_errors() == ["มีผู้ลงนามต่อจากเจ้าหน้าที่ผู้เสนอ ๑๐ ลำดับ ต้องไม่เกิน ๙ ลำดับ ให้ลบลำดับที่ไม่จำเป็น"]


def chain_formset_entries(organisation: Organisation, rows: list[Typed]) -> list[ChainEntry]:
    """Return the entries of rows that are taken."""
    formset = chain_formset(organisation, sent(*rows))
    assert formset.is_valid(), formset.errors
    return formset.entries()


def test_one_person_may_hold_two_positions_and_two_people_one_title(
    organisation: Organisation, clerk: User
) -> None:
    deputy = member(organisation, "deputy", "รองปลัด")
    rows = [("รองนายก", clerk.pk, False), ("รองนายก", deputy.pk, False), ("นายก", clerk.pk, False)]
    assert [entry.holder for entry in chain_formset_entries(organisation, rows)] == [clerk, deputy, clerk]


def test_only_active_members_who_may_sign_can_hold_a_step(
    organisation: Organisation, clerk: User, stranger: User
) -> None:
    auditor = member(organisation, "reader", "", Role.AUDITOR)
    left = member(organisation, "left", "ปลัด")
    organisation.memberships.filter(user=left).update(deactivated_at=AT)
    choices = chain_formset(organisation).forms[0].fields["holder"].choices
    assert choices == [("", "ไม่มีผู้ใช้ในระบบ"), (str(clerk.pk), f"{clerk.full_name} (ปลัดองค์การบริหารส่วนตำบล)")]
    for user in (stranger, auditor, left):
        formset = chain_formset(organisation, sent(("นายก", user.pk, False)))
        assert formset.errors == [
            {"holder": ["ผู้ที่เลือกไม่ได้เป็นสมาชิกที่ลงนามได้ของหน่วยงานแล้ว ให้เลือกจากรายชื่อ หรือเลือก “ไม่มีผู้ใช้ในระบบ”"]}
        ]


def test_a_holder_who_left_stays_in_sight(organisation: Organisation, clerk: User) -> None:
    organisation.memberships.filter(user=clerk).update(deactivated_at=AT)
    entries = [ChainEntry("ปลัด", clerk)]
    html = str(chain_formset(organisation, initial=entries).forms[0]["holder"])
    assert f'<option value="{clerk.pk}" selected>{clerk.full_name} (ลงนามในระบบไม่ได้แล้ว)</option>' in html
    assert not chain_formset(organisation, sent(("ปลัด", clerk.pk, False)), entries).is_valid()


@pytest.mark.parametrize(
    ("press", "titles"),
    [
        ("up-1", ["ข", "ก", "ค"]),
        ("down-1", ["ก", "ค", "ข"]),
        ("remove-1", ["ก", "ค"]),
        ("add", ["ก", "ข", "ค", ""]),
        ("up-0", ["ก", "ข", "ค"]),
        ("down-2", ["ก", "ข", "ค"]),
        ("remove-99", ["ก", "ข", "ค"]),
        ("up-", ["ก", "ข", "ค"]),
        ("down-" + "9" * 5000, ["ก", "ข", "ค"]),
    ],
)
def test_rows_are_arranged_without_being_saved(
    organisation: Organisation, press: str, titles: list[str]
) -> None:
    rows = [("ก", "", True), ("ข", "", False), ("ค", "", False)]
    formset = chain_formset(organisation, sent(*rows, arrange=press))
    assert (formset.is_valid(), formset.is_bound) == (False, False)
    assert [title for title, _, _ in shown(formset)] == titles
    assert [on_paper for title, _, on_paper in shown(formset) if title == "ก"] == [True]


def test_arranging_keeps_all_that_is_typed(organisation: Organisation, clerk: User) -> None:
    rows = [("", str(clerk.pk), True), ("ก" * 300, "", False)]
    assert shown(chain_formset(organisation, sent(*rows, arrange="up-1"))) == rows[::-1]


def test_nine_rows_take_no_tenth(organisation: Organisation) -> None:
    rows = [(str(number), "", False) for number in range(9)]
    formset = chain_formset(organisation, sent(*rows, arrange="add"))
    assert (len(formset.forms), formset.is_full) == (9, True)


@pytest.mark.parametrize("count", ["", "x", "31", "9" * 5000])
def test_a_form_that_came_in_pieces_is_refused_in_words(organisation: Organisation, count: str) -> None:
    formset = chain_formset(organisation, sent(("ปลัด", "", False), **{"chain-TOTAL_FORMS": count}))
    assert not formset.is_valid()
    assert formset.non_form_errors() == [
        "ข้อมูลของแบบฟอร์มมาไม่ครบ จึงยังไม่ได้บันทึก โปรดเปิดหน้านี้ใหม่แล้วกรอกอีกครั้ง เช่น กดปุ่มเปิดหน้าใหม่ของเบราว์เซอร์"
    ]


def test_the_titles_usual_for_the_kind_are_suggested(organisation: Organisation, clerk: User) -> None:
    assert chain_formset(organisation).title_suggestions == [
        "หัวหน้าสำนักปลัด",
        "ปลัดองค์การบริหารส่วนตำบล",
        "นายกองค์การบริหารส่วนตำบล",
    ]
