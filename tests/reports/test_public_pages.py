"""Published papers for everybody: what the page, its data and its files say, and how caches may keep them."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from ita_portal.organisations.models import Organisation, User
from measures.models import MeasurePlan
from reports.models import IssuedPaper, StoredFile
from reports.papers.data import data_of
from reports.published import TABLES_OF
from reports.table_files import TABLES
from reports.templatetags.files import file_size

from .conftest import add_measures
from .issued_papers import APPROVED_AT, SIGNERS, issue

YEARS, YEAR = "/p/abt-tuayang/", "/p/abt-tuayang/2567/"
PUBLISHED_AT = datetime(2024, 4, 1, 3, 0, tzinfo=UTC)
REASON = "พบข้อผิดพลาดในตาราง <b>"


def page(client: Client) -> str:
    return client.get(YEAR).content.decode()


def files_of(client: Client) -> list[str]:
    """Return the addresses of all files that the page offers."""
    return re.findall(r'href="(/p/[^"]+\.(?:pdf|xlsx|csv))"', page(client))


@pytest.fixture
def paper(plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return a published plan with a measure, its PDF and its tables."""
    add_measures(plan_000, 1)
    made = issue(plan_000, by=staff, data=data_of(plan_000, "plan"))
    made.publish(by=staff, at=PUBLISHED_AT)
    return made


@pytest.fixture
def newer(paper: IssuedPaper, plan_000: MeasurePlan, staff: User) -> IssuedPaper:
    """Return a published revision of `paper`."""
    made = issue(plan_000, by=staff, replaces=paper, data=paper.data)
    made.publish(by=staff, at=PUBLISHED_AT + timedelta(days=7))
    return made


# --- the page -------------------------------------------------------------------------------------------------


def test_the_page_tells_what_the_assessment_looks_for(client: Client, paper: IssuedPaper) -> None:
    text = page(client)
    for told in (
        "<title>มาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ ๒๕๖๗ องค์การบริหารส่วนตำบลตัวอย่าง</title>",
        '<meta name="description" content="เอกสารมาตรการส่งเสริมคุณธรรมและความโปร่งใส ปีงบประมาณ ๒๕๖๗ ของ',
        '<link rel="canonical" href="http://localhost:8000/p/abt-tuayang/2567/">',
        '<meta name="robots" content="index, follow">',
        "อำเภอเมืองตัวอย่าง จังหวัดตัวอย่าง",
        "ฉบับแรก",
        "๒๘\u00a0มีนาคม\u00a0๒๕๖๗",
        "๑\u00a0เมษายน\u00a0๒๕๖๗",
        "๓ หน้า",
        paper.code,
        reverse("reports:verify-code", args=[paper.code]),
        *(signer["name"] for signer in SIGNERS),
        "ปฏิบัติราชการแทนนายกองค์การบริหารส่วนตำบลตัวอย่าง",
    ):
        assert told in text
    assert files_of(client) == [
        f"{YEAR}plan-0.pdf",
        f"{YEAR}plan-0.xlsx",
        f"{YEAR}plan-0-measures.csv",
        f"{YEAR}plan-0-indicators.csv",
        f"{YEAR}plan-0-questions.csv",
        f"{YEAR}plan-0-excuses.csv",
    ]


def test_only_what_is_published_is_told(
    client: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User
) -> None:
    hidden = issue(plan_000, by=staff, kind="memo")
    assert hidden.code not in page(client)
    assert client.get(f"{YEAR}{hidden.code}.pdf").status_code == 404
    hidden.publish(by=staff, at=PUBLISHED_AT)
    assert f"{YEAR}{hidden.code}.pdf" in files_of(client)
    assert client.get(f"{YEAR}{hidden.code}.pdf").content == hidden.content()
    assert client.get(f"{YEAR}memo.pdf").status_code == 404


def test_a_replaced_paper_stays_and_says_so(client: Client, paper: IssuedPaper, newer: IssuedPaper) -> None:
    text = page(client)
    assert text.index(newer.code) < text.index(paper.code)
    assert text.count("ฉบับปัจจุบัน") == text.count("มีฉบับแก้ไขแทนแล้ว") == 1
    assert "แก้ไขระยะเวลาดำเนินการของมาตรการที่ ๓" in text
    assert client.get(f"{YEAR}plan-0.pdf").content == paper.content()
    assert client.get(f"{YEAR}plan-1.pdf").content == newer.content()
    assert client.get(f"{YEAR}plan.pdf").content == newer.content()


def test_a_withdrawn_paper_leaves_its_day_and_reason_and_no_file(
    client: Client, paper: IssuedPaper, staff: User
) -> None:
    offered = files_of(client)
    paper.withdraw(reason=REASON, by=staff, at=PUBLISHED_AT + timedelta(days=2))
    text = page(client)
    assert "ถอนเมื่อวันที่ ๓\u00a0เมษายน\u00a0๒๕๖๗ เหตุผล: พบข้อผิดพลาดในตาราง &lt;b&gt;" in text
    assert files_of(client) == []
    assert [signer["title"] for signer in SIGNERS if signer["title"] not in text] == []
    assert [signer["name"] for signer in SIGNERS if signer["name"] in text] == []
    for url in [*offered, f"{YEAR}plan.pdf", f"{YEAR}plan.xlsx", f"{YEAR}{paper.code}.pdf"]:
        answer = client.get(url)
        assert (answer.status_code, answer["Cache-Control"]) == (410, "public, max-age=60"), url
        assert "ถูกถอนเมื่อวันที่ ๓ เมษายน ๒๕๖๗ เหตุผล: พบข้อผิดพลาดในตาราง &lt;b&gt;" in answer.content.decode()
    paper.publish(by=staff, at=PUBLISHED_AT + timedelta(days=3))
    assert files_of(client) == offered


def test_the_address_of_a_kind_leads_to_the_newest_published_one(
    client: Client, paper: IssuedPaper, newer: IssuedPaper, staff: User
) -> None:
    newer.withdraw(reason=REASON, by=staff, at=PUBLISHED_AT + timedelta(days=8))
    assert client.get(f"{YEAR}plan.pdf").content == paper.content()
    assert client.get(f"{YEAR}plan-1.pdf").status_code == 410


def test_the_page_of_an_organisation_lists_its_years(client: Client, paper: IssuedPaper) -> None:
    text = client.get(YEARS).content.decode()
    assert f'<a href="{YEAR}">ปีงบประมาณ ๒๕๖๗</a>' in text
    assert '<meta name="robots" content="index, follow">' in text
    assert '<link rel="canonical" href="http://localhost:8000/p/abt-tuayang/">' in text


@pytest.mark.parametrize(
    "url",
    [
        "/p/nobody/",
        "/p/nobody/2567/",
        "/p/tessaban-uen/",
        "/p/abt-tuayang/2568/",
        "/p/abt-tuayang/99999999999999999999/",
        "/p/abt-tuayang/2568/data.json",
        f"{YEAR}analysis.pdf",
        f"{YEAR}plan-1.pdf",
        f"{YEAR}plan-measures.pdf",
        f"{YEAR}0000-0000-0000.pdf",
        f"{YEAR}plan-ranking.csv",
        f"{YEAR}plan.csv",
        f"{YEAR}measures.csv",
        f"{YEAR}memo.xlsx",
    ],
)
def test_what_is_not_published_is_not_there_in_one_and_the_same_words(
    client: Client, paper: IssuedPaper, stranger_organisation: Organisation, url: str
) -> None:
    answer = client.get(url)
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "ไม่พบเอกสารที่เผยแพร่" in text and '<meta name="robots" content="noindex">' in text


def test_changed_bytes_never_leave(client: Client, paper: IssuedPaper) -> None:
    StoredFile.objects.filter(pk=paper.file_id).update(content=b"%PDF other")
    answer = client.get(f"{YEAR}plan.pdf")
    assert answer.status_code == 500
    assert "แฟ้มที่เก็บไว้ไม่ตรงกับฉบับที่อนุมัติ" in answer.content.decode()
    assert (answer["Cache-Control"], answer.has_header("ETag")) == ("no-store", False)


# --- files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TABLES_OF)
def test_the_tables_offered_are_those_that_the_data_hold(plan_000: MeasurePlan, kind: str) -> None:
    data = data_of(plan_000, kind)
    assert sorted(TABLES_OF[kind]) == sorted(key for key in TABLES if key in data)


def test_pdf_is_shown_in_the_browser_under_its_name(client: Client, paper: IssuedPaper) -> None:
    answer = client.get(f"{YEAR}plan.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline; filename*=utf-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_tables_are_given_as_csv_and_xlsx(client: Client, paper: IssuedPaper) -> None:
    answer = client.get(f"{YEAR}plan-measures.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == [column.heading for column in TABLES["measures"].columns]
    assert rows[1][2] == paper.data["measures"][0]["measure"]
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    book = load_workbook(io.BytesIO(client.get(f"{YEAR}plan-0.xlsx").content))
    assert [table.sheet for table in (TABLES[key] for key in TABLES_OF["plan"])] == sorted(
        book.sheetnames[1:], key=[TABLES[key].sheet for key in TABLES_OF["plan"]].index
    )


def test_the_data_say_what_the_page_says(
    client: Client, paper: IssuedPaper, newer: IssuedPaper, staff: User
) -> None:
    paper.withdraw(reason=REASON, by=staff, at=PUBLISHED_AT + timedelta(days=9))
    answer = client.get(f"{YEAR}data.json")
    data = json.loads(answer.content)
    base = "http://localhost:8000"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert data["organisation"] == {
        "name": "องค์การบริหารส่วนตำบลตัวอย่าง",
        "short_name": "อบต.ตัวอย่าง",
        "district": "เมืองตัวอย่าง",
        "province": "ตัวอย่าง",
    }
    assert (data["be_year"], data["url"]) == (2567, base + YEAR)
    current, old = data["papers"]
    assert current == {
        "code": newer.code,
        "kind": "plan",
        "kind_name": "มาตรการส่งเสริมคุณธรรมและความโปร่งใส",
        "title": newer.title,
        "named_year": 2567,
        "revision": 1,
        "revision_reason": "แก้ไขระยะเวลาดำเนินการของมาตรการที่ 3",
        "replaced_by": None,
        "approved_on": "2024-03-28",
        "signers": SIGNERS,
        "published_at": "2024-04-08T03:00:00+00:00",
        "withdrawn_at": None,
        "withdraw_reason": "",
        "verify": f"{base}/verify/{newer.code}/",
        "pages": 3,
        "size": newer.size,
        "sha256": newer.sha256,
        "pdf": f"{base}{YEAR}plan-1.pdf",
        "xlsx": f"{base}{YEAR}plan-1.xlsx",
        "csv": {key: f"{base}{YEAR}plan-1-{key}.csv" for key in TABLES_OF["plan"]},
    }
    assert (old["code"], old["replaced_by"], old["withdraw_reason"]) == (paper.code, newer.code, REASON)
    assert old["withdrawn_at"] == "2024-04-10T03:00:00+00:00"
    assert {"pdf", "xlsx", "csv", "sha256"} & set(old) == set()
    assert [signer["name"] for signer in old["signers"]] == [None, None]


def test_an_analysis_names_the_measured_year(
    client: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User
) -> None:
    issue(plan_000, by=staff, kind="analysis").publish(by=staff, at=PUBLISHED_AT)
    papers = client.get(f"{YEAR}data.json").json()["papers"]
    assert [(one["kind"], one["named_year"]) for one in papers] == [("plan", 2567), ("analysis", 2566)]


# --- caches ---------------------------------------------------------------------------------------------------


PAGES = [YEARS, YEAR, f"{YEAR}data.json", f"{YEAR}plan.pdf", f"{YEAR}plan-0.xlsx", f"{YEAR}plan-measures.csv"]


@pytest.mark.parametrize("url", PAGES)
def test_who_has_it_already_is_told_so(client: Client, paper: IssuedPaper, url: str) -> None:
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (again["ETag"], again["Cache-Control"]) == (first["ETag"], first["Cache-Control"])
    assert client.get(url, headers={"If-None-Match": '"other"'}).content == first.content


@pytest.mark.parametrize("url", PAGES)
def test_the_head_alone_may_be_asked_for(client: Client, paper: IssuedPaper, url: str) -> None:
    whole, head = client.get(url), client.head(url)
    assert (head.status_code, head.content) == (200, b"")
    assert head["ETag"] == whole["ETag"]


@pytest.mark.parametrize("url", [*PAGES, "/robots.txt", f"{YEAR}unknown.pdf"])
def test_answers_are_the_same_for_everybody(
    client: Client, paper: IssuedPaper, staff: User, url: str
) -> None:
    answer = client.get(url)
    assert not answer.has_header("Vary") and not answer.cookies
    client.force_login(staff)
    assert client.get(url).content == answer.content


def test_pages_are_kept_for_minutes_and_revisions_for_a_day(client: Client, paper: IssuedPaper) -> None:
    short, long = "public, max-age=300", "public, max-age=86400, immutable"
    kept = {
        url: client.get(url)["Cache-Control"]
        for url in [*PAGES, f"{YEAR}plan-0.pdf", f"{YEAR}{paper.code}.pdf"]
    }
    assert kept == {
        YEARS: short,
        YEAR: short,
        f"{YEAR}data.json": short,
        f"{YEAR}plan.pdf": short,
        f"{YEAR}plan-measures.csv": short,
        f"{YEAR}plan-0.xlsx": long,
        f"{YEAR}plan-0.pdf": long,
        f"{YEAR}{paper.code}.pdf": long,
    }


def test_every_change_of_what_the_page_tells_gives_another_tag(
    client: Client, paper: IssuedPaper, plan_000: MeasurePlan, staff: User
) -> None:
    seen: list[tuple[str, str]] = []

    def look() -> None:
        answers = client.get(YEAR), client.get(f"{YEAR}data.json")
        seen.append((answers[0]["ETag"], answers[1]["ETag"]))

    look()
    look()
    assert seen.pop() == seen[0]
    newer = issue(plan_000, by=staff, replaces=paper)
    look()
    newer.publish(by=staff, at=PUBLISHED_AT + timedelta(days=2))
    look()
    assert client.get(YEAR)["Last-Modified"] == "Wed, 03 Apr 2024 03:00:00 GMT"
    paper.withdraw(reason=REASON, by=staff, at=PUBLISHED_AT + timedelta(days=3))
    look()
    assert client.get(YEAR)["Last-Modified"] == "Thu, 04 Apr 2024 03:00:00 GMT"
    paper.publish(by=staff, at=PUBLISHED_AT + timedelta(days=4))
    look()
    Organisation.objects.update(district="อื่น")
    look()
    assert len({tag for tags in seen for tag in tags}) == 12


@pytest.mark.parametrize(
    ("url", "queries"), [(YEAR, 3), (f"{YEAR}data.json", 3), (f"{YEAR}plan.pdf", 4), (YEARS, 2)]
)
def test_the_number_of_queries_does_not_grow_with_the_papers(
    client: Client,
    paper: IssuedPaper,
    plan_000: MeasurePlan,
    staff: User,
    django_assert_num_queries: Any,
    url: str,
    queries: int,
) -> None:
    with django_assert_num_queries(queries):
        client.get(url)
    newest = paper
    for _ in range(29):
        newest = issue(plan_000, by=staff, replaces=newest)
        newest.publish(by=staff, at=APPROVED_AT)
    with django_assert_num_queries(queries):
        client.get(url)


def test_no_list_reads_the_papers_themselves(
    client: Client, paper: IssuedPaper, newer: IssuedPaper, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3) as asked:
        client.get(YEAR)
    sql = " ".join(query["sql"] for query in asked.captured_queries)
    assert re.findall(r'"(?:body|data|content)"', sql) == []


# --- robots ---------------------------------------------------------------------------------------------------


def test_robots_may_read_what_is_public_and_nothing_else(client: Client) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.content.decode().splitlines() == [
        "User-agent: *",
        "Allow: /p/",
        "Allow: /verify/",
        "Allow: /static/",
        "Disallow: /",
    ]


@pytest.mark.parametrize(
    ("size", "printed"),
    [
        (None, ""),
        (1023, "1023 ไบต์"),
        (1024, "1 กิโลไบต์"),
        (147_375, "144 กิโลไบต์"),
        (1_048_576, "1.0 เมกะไบต์"),
        (20_971_520, "20.0 เมกะไบต์"),
    ],
)
def test_sizes_of_files_are_told_in_words(size: int | None, printed: str) -> None:
    assert file_size(size) == printed
