"""HTML to PDF. The only package that imports WeasyPrint.

`html_to_pdf` takes the HTML of a paper (`templates/print/base.html`) and gives the bytes of its PDF. The print
style sheet `static/css/print.css` and the fonts come from here; the HTML brings neither.
"""

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import weasyprint
from django.conf import settings
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from . import catchwords, glue, text_layer
from .fonts import FAMILIES, assets, draft_mark, font_faces, missing_fonts

__all__ = ["PaperFetcher", "html_to_pdf", "missing_fonts"]

logger = logging.getLogger(__name__)

#: What only the engine knows of the paper's style: the stamp of a draft as a drawing in place of a word.
STAMP = "body.draft::before { content: url(asset:draft.svg) }"

#: Pango's font map and the repaired parts of WeasyPrint are shared by the process: one render at a time.
_one_at_a_time = Lock()


class PaperFetcher(URLFetcher):
    """Give a paper what it may load: ``data:`` addresses and the bundled assets. Nothing else is ever opened."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols={"data"}, allow_redirects=False)
        self._assets = assets()

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Return the response for `url`, or raise ValueError where it may not be loaded."""
        name = url.removeprefix("asset:")
        if name != url:
            # A look-up in a fixed table: a name with ../ in it is simply not there.
            if name == "draft.svg":
                mark = draft_mark(self._assets["sarabun-thai-700-normal.woff2"])
                return URLFetcherResponse(url, mark, {"Content-Type": "image/svg+xml"})
            if name not in self._assets:
                raise ValueError(f"Not a bundled asset: {url}")
            return URLFetcherResponse(url, self._assets[name].read_bytes())
        return super().fetch(url, headers)


@dataclass(frozen=True)
class _Engine:
    """What renders share: registered fonts and parsed style sheets (reading the fonts takes most of a cold start)."""

    fetcher: PaperFetcher
    fonts: FontConfiguration
    sheets: list[weasyprint.CSS]

    def is_whole(self) -> bool:
        """Return whether the unpacked fonts are still there; a cleaner of /tmp may have taken them."""
        folder = self.fonts._folder
        return folder is not None and len(list(folder.glob("*"))) == len(assets())


@lru_cache(maxsize=1)
def _engine(style_sheet: Path, _changed_at: int) -> _Engine:
    fetcher, fonts = PaperFetcher(), FontConfiguration()
    sheets = [
        weasyprint.CSS(string=css, url_fetcher=fetcher, font_config=fonts)
        for css in (font_faces(), style_sheet.read_text(encoding="utf-8"), STAMP)
    ]
    return _Engine(fetcher, fonts, sheets)


def _warm_engine() -> _Engine:
    style_sheet = Path(settings.BASE_DIR) / "static" / "css" / "print.css"
    changed_at = style_sheet.stat().st_mtime_ns
    if not _engine(style_sheet, changed_at).is_whole():
        _engine.cache_clear()
    return _engine(style_sheet, changed_at)


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Hold the cyclic garbage collector: a render makes millions of objects and no garbage worth a tenth of its time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def html_to_pdf(html: str, *, title: str = "") -> bytes:
    """Return the PDF of the paper `html`, a whole HTML document made from ``print/base.html``.

    `title` is the document title that readers show; empty leaves that of the HTML. The language is Thai unless the
    HTML names another. The same input gives the same bytes. Addresses in the HTML are loaded only as
    `PaperFetcher` allows; the rest stays blank.
    """
    with _one_at_a_time, _collector_paused(), glue.holding(), text_layer.repaired():
        engine = _warm_engine()
        source = weasyprint.HTML(string=html, url_fetcher=engine.fetcher)
        source.etree_element.attrib.setdefault("lang", "th")
        document = source.render(font_config=engine.fonts, stylesheets=engine.sheets)
        if catchwords.wanted(source.etree_element) and len(document.pages) > 1:
            words = weasyprint.CSS(string=catchwords.style_sheet(document), url_fetcher=engine.fetcher)
            document = source.render(font_config=engine.fonts, stylesheets=[*engine.sheets, words])
        if title:
            document.metadata.title = title
        pdf: bytes = document.write_pdf(finisher=_show_title)
    strangers = sorted({font.family for font in document.fonts.values()} - set(FAMILIES.values()))
    if strangers:
        logger.warning(
            "Characters that Sarabun lacks were drawn with fonts of this machine: %s", ", ".join(strangers)
        )
    return pdf


def _show_title(document: weasyprint.Document, pdf: Any) -> None:
    """Let readers show the title of the document in place of the file name."""
    pdf.catalog["ViewerPreferences"] = "<</DisplayDocTitle true>>"
