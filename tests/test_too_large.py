"""Requests that bring more than the portal takes: refused before anything of them is read."""

from __future__ import annotations

import io

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from ita_portal.too_large import MOST_BYTES, refuse_too_large
from reports.uploads import SCAN_LIMIT

answer = refuse_too_large(lambda request: HttpResponse("passed"))


class Unread(io.RawIOBase):
    """A body that must not be read."""

    def read(self, size: int = -1) -> bytes:
        raise AssertionError("the body was read")


def request_of(length: str) -> HttpRequest:
    environ = RequestFactory()._base_environ(REQUEST_METHOD="POST", CONTENT_LENGTH=length)
    return WSGIRequest(environ | {"wsgi.input": Unread()})


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "9" * 40])
def test_too_much_is_refused_in_words_and_unread(length: str) -> None:
    refused = answer(request_of(length))
    assert refused.status_code == 413
    assert "แฟ้มต้องไม่เกิน ๒๐ เมกะไบต์" in refused.content.decode()


@pytest.mark.parametrize("length", [str(MOST_BYTES), str(SCAN_LIMIT + 1), "0", "", "many"])
def test_the_rest_goes_on(length: str) -> None:
    assert answer(request_of(length)).content == b"passed"


def test_every_page_is_behind_it() -> None:
    names = settings.MIDDLEWARE
    # The first that looks into what was sent.
    reads = names.index("django.middleware.csrf.CsrfViewMiddleware")
    assert names.index("ita_portal.too_large.refuse_too_large") < reads
