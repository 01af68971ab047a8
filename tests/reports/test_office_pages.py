"""The administrator's pages of letterhead, usual chain and delegations."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from ita_portal.organisations.models import Organisation, User
from reports.models import ChainEntry, ChainStep, Delegation, Letterhead, usual_chain

from .memos import member
from .pictures import png

AT = datetime(2024, 3, 1, tzinfo=UTC)
LETTERHEAD = {
    "department": "",
    "phone": "",
    "number_prefix": "",
    "first_number": "1",
    "first_number_year": "",
}


@pytest.fixture
def page(client: Client, administrator: User) -> Client:
    """Return a browser in which the administrator is signed in."""
    client.force_login(administrator)
    return client


def sentences(organisation: Organisation) -> list[str]:
    """Return what the events say, the oldest first."""
    return list(organisation.events.order_by("sequence").values_list("sentence", flat=True))


# --- letterhead -----------------------------------------------------------------------------------------------------


def test_letterhead_is_kept_in_arabic_digits_and_shown_in_thai(
    page: Client, organisation: Organisation
) -> None:
    typed = {
        "department": " สำนักปลัด  องค์การบริหารส่วนตำบลตัวอย่าง",
        "phone": "โทร. ๐ ๐๐๐๐ ๑๒๓๔",
        "number_prefix": "ที่ ตย ๗๗๕๐๑/",
        "first_number": "๒๐๔",
        "first_number_year": "๒๕๖๗",
        "allows_own_approval": "on",
    }
    response = page.post("/abt-tuayang/letterhead/", typed, follow=True)
    kept = Letterhead.objects.values(*typed).get(organisation=organisation)
    assert kept == {
        "department": "สำนักปลัด องค์การบริหารส่วนตำบลตัวอย่าง",
        "phone": "0 0000 1234",
        "number_prefix": "ตย 77501",
        "first_number": 204,
        "first_number_year": 2567,
        "allows_own_approval": True,
    }
    assert response.context["form"]["number_prefix"].value() == "ตย ๗๗๕๐๑"
    assert response.context["prefix_warning"] == ""
    assert sentences(organisation) == ["แก้ไขรูปแบบบันทึกข้อความ"]


def test_letterhead_that_stays_as_it_is_leaves_no_event(page: Client, organisation: Organisation) -> None:
    assert page.post("/abt-tuayang/letterhead/", LETTERHEAD).status_code == 302
    assert (Letterhead.objects.count(), sentences(organisation)) == (0, [])


def test_an_odd_prefix_is_kept_and_pointed_out(page: Client, organisation: Organisation) -> None:
    page.post("/abt-tuayang/letterhead/", {**LETTERHEAD, "number_prefix": "กส.001"})
    assert Letterhead.of(organisation).number_prefix == "กส.001"
    warning = page.get("/abt-tuayang/letterhead/").context["prefix_warning"]
    assert warning.startswith("ที่ “กส.001/1” ไม่อยู่ในรูปแบบที่ใช้ทั่วไป")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("first_number", "0", "เลขทะเบียนเริ่มต้น ๐ เป็นไปไม่ได้ ต้องเป็น ๑ ถึง ๙๙,๙๙๙ เช่น ๒๐๔"),
        ("first_number", "๑๐๐๐๐๐", "เลขทะเบียนเริ่มต้น ๑๐๐๐๐๐ เป็นไปไม่ได้ ต้องเป็น ๑ ถึง ๙๙,๙๙๙ เช่น ๒๐๔"),
        ("first_number", "สอง", "เลขทะเบียนเริ่มต้นต้องเป็นจำนวนเต็ม ๑ ถึง ๙๙,๙๙๙ เช่น ๒๐๔"),
        ("first_number", "", "ยังไม่ได้กรอกเลขทะเบียนเริ่มต้น ให้กรอกจำนวนเต็ม ๑ ถึง ๙๙,๙๙๙ เช่น ๑"),
        ("first_number_year", "2024", "ปี ๒๐๒๔ เป็นไปไม่ได้ ต้องเป็นปี พ.ศ. ๒๕๐๐ ถึง ๒๖๙๙ เช่น ๒๕๖๗"),
        ("first_number_year", "ปีนี้", "ปีของเลขทะเบียนเริ่มต้นต้องเป็นปี พ.ศ. สี่หลัก เช่น ๒๕๖๗"),
    ],
)
def test_bad_numbers_are_refused_at_their_field(
    page: Client, organisation: Organisation, field: str, typed: str, sentence: str
) -> None:
    response = page.post("/abt-tuayang/letterhead/", {**LETTERHEAD, "department": "กองคลัง", field: typed})
    form = response.context["form"]
    assert (response.status_code, form.errors) == (422, {field: [sentence]})
    assert form["department"].value() == "กองคลัง"
    assert Letterhead.objects.count() == 0


def test_a_first_number_belongs_to_a_year(page: Client, organisation: Organisation) -> None:
    response = page.post("/abt-tuayang/letterhead/", {**LETTERHEAD, "first_number": "204"})
    assert response.context["form"].errors == {
        "first_number_year": ["ยังไม่ได้กรอกปีของเลขทะเบียนเริ่มต้น ๒๐๔ ให้กรอกปี พ.ศ. ของทะเบียน เช่น ๒๕๖๗"]
    }


def test_an_emblem_is_drawn_anew_served_and_taken_off(page: Client, organisation: Organisation) -> None:
    upload = SimpleUploadedFile("ตรา.png", png())
    page.post("/abt-tuayang/letterhead/", {**LETTERHEAD, "emblem_file": upload})
    emblem = Letterhead.of(organisation).emblem
    response = page.get("/abt-tuayang/letterhead/emblem.png")
    assert response.content == emblem.data
    assert {name: response[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control")} == {
        "Content-Type": "image/png",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=86400",
    }
    html = page.get("/abt-tuayang/letterhead/").content.decode()
    assert html.count(f'src="/abt-tuayang/letterhead/emblem.png?v={emblem.sha256[:12]}"') == 2
    page.post("/abt-tuayang/letterhead/", {**LETTERHEAD, "remove": "emblem"})
    assert Letterhead.of(organisation).emblem is None
    assert page.get("/abt-tuayang/letterhead/emblem.png").status_code == 404
    assert sentences(organisation) == ["เปลี่ยนตราในบันทึกข้อความ", "นำตราออกจากบันทึกข้อความ"]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("ตรา.png", b"GIF89a", "แฟ้ม “ตรา.png” เป็นภาพ GIF ตราต้องเป็นภาพ PNG, JPEG หรือ SVG เช่น ตรา.png"),
        (
            "ตรา.png",
            b"\x89PNG\r\n\x1a\n" + b"0" * 2_097_152,
            "แฟ้ม “ตรา.png” มีขนาด ๒.๐๑ เมกะไบต์ ต้องไม่เกิน ๑ เมกะไบต์ เช่น ภาพ PNG สูง ๖๐๐ จุด",
        ),
    ],
)
def test_a_bad_emblem_is_refused_at_its_field_and_nothing_is_kept(
    page: Client, organisation: Organisation, name: str, content: bytes, sentence: str
) -> None:
    upload = SimpleUploadedFile(name, content)
    response = page.post(
        "/abt-tuayang/letterhead/", {**LETTERHEAD, "department": "กองคลัง", "emblem_file": upload}
    )
    assert (response.status_code, response.context["form"].errors) == (422, {"emblem_file": [sentence]})
    assert response.context["form"]["department"].value() == "กองคลัง"
    assert (Letterhead.objects.count(), sentences(organisation)) == (0, [])


# --- the usual chain ------------------------------------------------------------------------------------------------


def rows(*titles: str) -> dict[str, Any]:
    """Return rows of titles alone, as a browser sends them."""
    data: dict[str, Any] = {"chain-TOTAL_FORMS": len(titles), "chain-INITIAL_FORMS": 0}
    return data | {f"chain-{number}-title": title for number, title in enumerate(titles)}


def test_the_usual_titles_are_offered_until_a_chain_is_kept(page: Client, organisation: Organisation) -> None:
    response = page.get("/abt-tuayang/chain/")
    assert [row["title"].value() for row in response.context["formset"]] == [
        "หัวหน้าสำนักปลัด",
        "ปลัดองค์การบริหารส่วนตำบล",
        "นายกองค์การบริหารส่วนตำบล",
    ]
    assert "ยังไม่ได้กำหนดลำดับการลงนาม" in response.content.decode()
    response = page.post("/abt-tuayang/chain/", rows("ปลัด ๑", "นายก"), follow=True)
    assert usual_chain(organisation) == [ChainEntry("ปลัด 1"), ChainEntry("นายก")]
    assert [row["title"].value() for row in response.context["formset"]] == ["ปลัด ๑", "นายก"]
    assert "ยังไม่ได้กำหนดลำดับการลงนาม" not in response.content.decode()
    assert sentences(organisation) == ["แก้ไขลำดับการลงนาม: เจ้าหน้าที่ผู้เสนอ → ปลัด 1 → นายก"]


def test_a_bad_chain_is_shown_again_and_nothing_changes(page: Client, organisation: Organisation) -> None:
    response = page.post("/abt-tuayang/chain/", {**rows("ปลัด", ""), "chain-1-on_paper": "on"})
    html = response.content.decode()
    assert response.status_code == 422
    assert '<a href="#id_chain-1-title">ลำดับที่ ๓</a>: ยังไม่ได้กรอกตำแหน่ง' in html
    assert (organisation.chain.count(), sentences(organisation)) == (0, [])


def test_a_row_is_moved_without_javascript_and_nothing_is_saved(
    page: Client, organisation: Organisation
) -> None:
    response = page.post("/abt-tuayang/chain/", {**rows("ปลัด", "นายก"), "arrange": "up-1"})
    assert response.status_code == 200
    assert re.findall(r'name="chain-\d-title" value="([^"]+)"', response.content.decode()) == ["นายก", "ปลัด"]
    assert organisation.chain.count() == 0


def test_the_page_of_a_long_chain_asks_no_more(
    page: Client, organisation: Organisation, administrator: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 9):
        entries = [ChainEntry(f"ตำแหน่ง {n}", member(organisation, f"m{count}{n}", "")) for n in range(count)]
        ChainStep.replace(organisation, entries, by=administrator, at=AT)
        with django_assert_num_queries(PAGE_QUERIES + 3):
            page.get("/abt-tuayang/chain/")


# The session, the user, the membership, the person's organisations and the count at the bell.
PAGE_QUERIES = 5


# --- delegations ----------------------------------------------------------------------------------------------------


@pytest.fixture
def deputy(organisation: Organisation) -> User:
    return member(organisation, "deputy", "รองปลัดองค์การบริหารส่วนตำบล")


def typed(deputy: User, **other: str) -> dict[str, str]:
    """Return an order of fiscal year 2567, as it is typed."""
    return {
        "title": "ปลัดองค์การบริหารส่วนตำบล",
        "acting": str(deputy.pk),
        "kind": "in-charge",
        "order_number": "คำสั่งที่ ๑๒๓/๒๕๖๖",
        "starts_on": "๑ ต.ค. ๒๕๖๖",
        "ends_on": "30/9/2567",
        **other,
    }


def test_a_delegation_is_read_kept_and_revoked(
    page: Client, organisation: Organisation, administrator: User, deputy: User
) -> None:
    page.post("/abt-tuayang/delegations/", typed(deputy))
    found = Delegation.objects.get(organisation=organisation)
    assert (found.title, found.acting, found.kind, found.order_number, found.starts_on, found.ends_on) == (
        "ปลัดองค์การบริหารส่วนตำบล",
        deputy,
        "in-charge",
        "123/2566",
        date(2023, 10, 1),
        date(2024, 9, 30),
    )
    said = "นายชื่อdeputy ตัวอย่าง รักษาราชการแทน ปลัดองค์การบริหารส่วนตำบล"
    period = "ตั้งแต่ ๑ ตุลาคม ๒๕๖๖ ถึง ๓๐ กันยายน ๒๕๖๗ ตามคำสั่งที่ ๑๒๓/๒๕๖๖"
    revoke = f"/abt-tuayang/delegations/{found.pk}/revoke/"
    first, second = (page.post(revoke, follow=True) for _ in range(2))
    found.refresh_from_db()
    assert found.revoked_by == administrator
    assert [[str(m) for m in r.context["messages"]] for r in (first, second)][1] == [
        f"{said} ถูกยกเลิกไปก่อนแล้ว"
    ]
    assert sentences(organisation) == [f"ให้{said} {period}", f"ยกเลิกการให้{said} {period}"]


@pytest.mark.parametrize(
    ("other", "field", "sentence"),
    [
        ({"title": "  "}, "title", "ยังไม่ได้กรอกตำแหน่งที่แทน เช่น ปลัดองค์การบริหารส่วนตำบล"),
        ({"acting": ""}, "acting", "ยังไม่ได้เลือกผู้แทน ให้เลือกสมาชิกหนึ่งคน"),
        ({"kind": ""}, "kind", "ยังไม่ได้เลือกลักษณะ ให้เลือกหนึ่งข้อ เช่น รักษาราชการแทน"),
        ({"order_number": ""}, "order_number", "ยังไม่ได้กรอกเลขที่คำสั่ง เช่น ๑๒๓/๒๕๖๗ ลงวันที่ ๑ ตุลาคม ๒๕๖๖"),
        (
            {"starts_on": ""},
            "starts_on",
            "ยังไม่ได้กรอกวันเริ่มต้น ให้กรอกวัน เดือน ปี พ.ศ. เช่น ๑ ตุลาคม ๒๕๖๖",
        ),
        (
            {"ends_on": "31/2/2567"},
            "ends_on",
            "วันที่ “๓๑/๒/๒๕๖๗” ไม่มีจริง: เดือนกุมภาพันธ์ ๒๕๖๗ มีวันที่ ๑ ถึง ๒๙ เช่น ๒๙ กุมภาพันธ์ ๒๕๖๗",
        ),
        (
            {"ends_on": "1 กันยายน 2566"},
            "ends_on",
            "วันสิ้นสุด ๑ กันยายน ๒๕๖๖ มาก่อนวันเริ่มต้น ๑ ตุลาคม ๒๕๖๖ วันสิ้นสุดต้องไม่มาก่อนวันเริ่มต้น "
            "เช่น ๑ ตุลาคม ๒๕๖๖ ถึง ๓๐ กันยายน ๒๕๖๗",
        ),
    ],
)
def test_a_bad_order_is_refused_at_its_field(
    page: Client, deputy: User, other: dict[str, str], field: str, sentence: str
) -> None:
    response = page.post("/abt-tuayang/delegations/", typed(deputy, **other))
    form = response.context["form"]
    assert (response.status_code, form.errors) == (422, {field: [sentence]})
    assert form["starts_on"].value() == other.get("starts_on", "๑ ต.ค. ๒๕๖๖")
    assert Delegation.objects.count() == 0


def test_nobody_from_outside_acts(page: Client, stranger: User, auditor: User) -> None:
    for user in (stranger, auditor):
        response = page.post("/abt-tuayang/delegations/", typed(user))
        assert response.context["form"].errors == {
            "acting": ["ผู้ที่เลือกไม่ได้เป็นสมาชิกที่ลงนามได้ของหน่วยงาน ให้เลือกจากรายชื่อ"]
        }


def test_one_person_acts_once_for_a_position_at_a_time(
    page: Client, organisation: Organisation, administrator: User, deputy: User
) -> None:
    page.post("/abt-tuayang/delegations/", typed(deputy))
    again = {"kind": "on-behalf", "starts_on": "30 กันยายน 2567", "ends_on": "31 ธันวาคม 2567"}
    response = page.post("/abt-tuayang/delegations/", typed(deputy, **again))
    assert response.context["form"].errors == {
        "starts_on": [
            "นายชื่อdeputy ตัวอย่าง รักษาราชการแทน ปลัดองค์การบริหารส่วนตำบล อยู่แล้ว ตั้งแต่ ๑ ตุลาคม ๒๕๖๖ ถึง ๓๐ กันยายน ๒๕๖๗ "
            "ตามคำสั่งที่ ๑๒๓/๒๕๖๖ ช่วงวันต้องไม่ซ้อนกัน ให้กรอกช่วงอื่น หรือยกเลิกคำสั่งเดิมก่อน"
        ]
    }
    taken = [
        again | {"starts_on": "1 ตุลาคม 2567"},
        {"title": "นายก"},
        {"acting": str(administrator.pk)},
    ]
    for other in taken:
        assert page.post("/abt-tuayang/delegations/", typed(deputy, **other)).status_code == 302
    organisation.delegations.get(starts_on=date(2024, 10, 1)).revoke(by=administrator, at=AT)
    assert page.post("/abt-tuayang/delegations/", typed(deputy, **taken[0])).status_code == 302


def test_a_position_that_no_chain_has_is_pointed_out(page: Client, deputy: User) -> None:
    response = page.post("/abt-tuayang/delegations/", typed(deputy, title="ผู้อำนวยการกอง"), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success", "warning"]
    response = page.post("/abt-tuayang/delegations/", typed(deputy), follow=True)
    assert [message.level_tag for message in response.context["messages"]] == ["success"]


def test_delegations_stand_under_their_time_with_constant_queries(
    page: Client,
    organisation: Organisation,
    administrator: User,
    deputy: User,
    django_assert_num_queries: Any,
) -> None:
    today = timezone.localdate()
    for count in (1, 30):
        organisation.delegations.all().delete()
        for number in range(count):
            for title, first, last in (("ก", -1, 1), ("ข", 1, 2), ("ค", -2, -1), ("ง", -1, 1)):
                made = organisation.delegations.create(
                    title=f"{title}{number}",
                    acting=deputy,
                    kind="in-charge",
                    order_number="1",
                    starts_on=today + timedelta(days=first),
                    ends_on=today + timedelta(days=last),
                )
                if title == "ง":
                    made.revoke(by=administrator, at=AT)
        with django_assert_num_queries(PAGE_QUERIES + 3):
            response = page.get("/abt-tuayang/delegations/")
        found = {
            heading: sorted({one.title[0] for one in there}) for heading, there in response.context["lists"]
        }
        assert found == {"มีผลวันนี้": ["ก"], "จะมีผล": ["ข"], "สิ้นสุดหรือยกเลิกแล้ว": ["ค", "ง"]}
        assert response.content.decode().count("ยืนยันยกเลิก") == 2 * count


def test_a_delegation_of_another_organisation_cannot_be_revoked(
    page: Client, stranger_organisation: Organisation, stranger: User
) -> None:
    made = stranger_organisation.delegations.create(
        title="ปลัด", acting=stranger, kind="in-charge", order_number="1", starts_on=AT, ends_on=AT
    )
    assert page.post(f"/abt-tuayang/delegations/{made.pk}/revoke/").status_code == 404
    made.refresh_from_db()
    assert made.revoked_at is None
