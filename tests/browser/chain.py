"""What the journeys of a memo share: its people, its plan, and what is read off a paper."""

from __future__ import annotations

import re
import subprocess
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from ita_portal.organisations.models import Membership, Organisation, Role, User
from measures.models import MeasurePlan
from reports.models import Letterhead
from tests.reports.conftest import completed

CLOSED_AT = datetime(2023, 11, 1, tzinfo=UTC)


def person(organisation: Organisation, name: str, title: str, role: str = Role.APPROVER) -> User:
    """Return a new member by "prefix first last", with a position and an address."""
    prefix, first, last = name.split()
    username = f"person-{User.objects.count()}"
    user = User.objects.create_user(
        username=username, prefix=prefix, first_name=first, last_name=last, email=f"{username}@example.go.th"
    )
    Membership.objects.create(organisation=organisation, user=user, role=role, position_title=title)
    return user


def ready(plan: MeasurePlan, *, by: User) -> MeasurePlan:
    """Return the plan ready to be sent, in an organisation that has its letterhead."""
    Letterhead.objects.create(
        organisation=plan.assessment.organisation, number_prefix="ตย 77501", phone="0 0000 0000"
    )
    plan.assessment.close(by=by, at=CLOSED_AT)
    return completed(plan, by=by)


def fits(page: Page) -> None:
    """Fail where the page scrolls sideways on a phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, page.url


def decide(page: Page, decision: str, *, phrase: str = "", words: str = "") -> None:
    """Take a decision on the page of a step: unfold it, choose a ready phrase, type own words, confirm."""
    box = page.locator(".decision", has=page.locator("summary", has_text=re.compile(f"^{decision}$")))
    box.locator("summary").click()
    if phrase:
        box.get_by_text(phrase, exact=True).last.click()
    if words:
        box.locator("textarea").press("End")
        box.locator("textarea").press_sequentially(words)
    fits(page)
    box.get_by_role("button", name=f"ยืนยัน{decision}").click()


def download(page: Page, link: Locator, folder: Path) -> Path:
    """Return the file behind a link."""
    with page.expect_download() as waiting:
        link.click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def words_of(path: Path) -> str:
    """Return what poppler reads off a PDF, without blanks."""
    told = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return re.sub(r"\s", "", told.stdout.decode())


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()


def in_order(text: str, *parts: str) -> None:
    """Fail unless `parts` stand in `text`, blanks apart, one after the other."""
    place = 0
    for part in parts:
        found = text.find(re.sub(r"\s", "", part), place)
        assert found >= 0, (part, text[place : place + 200])
        place = found + 1


def follow(page: Page, name: str | re.Pattern[str]) -> None:
    """Follow a link by its name, and wait until the scripts of the page run."""
    with page.expect_navigation():
        page.get_by_role("link", name=name).first.click()


def bell(page: Page) -> Locator:
    """Return the number at the bell."""
    return page.locator(".bell-count")


def expect_notice(page: Page, text: str) -> None:
    """Wait until the page says `text`."""
    expect(page.locator(".notice", has_text=text).first).to_be_visible()
