"""Journeys in the real Chromium of this machine, against the live server of pytest-django."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

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
