"""Journeys in the real Chromium of this machine, against the live server of pytest-django."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from ita_portal.organisations.models import User

# Playwright's synchronous interface keeps an event loop running, in which Django would refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZE = {"width": 1280, "height": 900}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
# On every page of a phone: one that scrolls sideways tells so where errors are told.
WIDTH_CHECK = """if (window === top) addEventListener("load", () => {
  const width = document.documentElement.scrollWidth;
  if (width > 390) console.error(`${width} pixels wide`);
});"""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return a Chromium for the whole run; CHROMIUM names another executable."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS
        )
        yield chromium
        chromium.close()


def new_page(browser: Browser, **options: Any) -> Page:
    """Return a page of its own person: a new context, in Thai, without motion."""
    context = browser.new_context(
        **{"viewport": SIZE, "locale": "th-TH", "reduced_motion": "reduce", **options}
    )
    return context.new_page()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Return a page whose scripts may not fail: an error in one fails the test."""
    errors: list[str] = []
    page = new_page(browser)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    page.context.close()
    assert errors == []


def sign_in(page: Page, live_server: Any, user: User) -> None:
    """Sign `user` in on a page, by the session's cookie."""
    client = Client()
    client.force_login(user)
    cookie = client.cookies["sessionid"]
    page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


class Visits:
    """The pages of several people at once, each in a browser of their own, and what went wrong on any of them."""

    def __init__(self, browser: Browser, live_server: Any) -> None:
        self.browser, self.live_server = browser, live_server
        self.pages: list[Page] = []
        self.faults: list[str] = []

    def open(self, path: str, user: User | None = None, *, phone: bool = False, **options: Any) -> Page:
        """Return a new page at `path`, signed in as `user`; phone: 390 pixels wide, with touch."""
        page = new_page(self.browser, **{**(PHONE if phone else {}), **options})
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", self._listen)
        if phone:
            page.add_init_script(WIDTH_CHECK)
        self.pages.append(page)
        if user:
            sign_in(page, self.live_server, user)
        page.goto(f"{self.live_server.url}{path}")
        return page

    def _listen(self, message: ConsoleMessage) -> None:
        """Keep errors, but for those by which a browser tells of answers that refuse on purpose."""
        refused = re.search(r"responded with a status of (403|409|410|422) ", message.text)
        if message.type == "error" and not refused:
            self.faults.append(f"{message.location.get('url')}: {message.text}")

    def close(self) -> None:
        """Close all of it; fail for whatever went wrong on a page."""
        for page in self.pages:
            page.context.close()
        assert self.faults == []


@pytest.fixture
def visits(browser: Browser, live_server: Any) -> Iterator[Visits]:
    """Return visits whose scripts and styles may not fail, and which on a phone never scroll sideways."""
    made = Visits(browser, live_server)
    yield made
    made.close()
