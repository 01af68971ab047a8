"""Repair of the text that readers find, copy and hear in a Thai PDF.

WeasyPrint 70 writes, for each glyph, the text of the first cluster in which it met that glyph. Thai shaping
splits ำ into two glyphs, stacks tone marks and shares glyphs between clusters, so ``ดำเนินงาน`` reads back as
``ดาเนินงาน`` (Kozea/WeasyPrint #2841). Two repairs, which serve different readers:

* every drawn line carries its source text as ``/ActualText`` (poppler, PDFium and so Chrome, Acrobat);
* every Thai glyph keeps the character that the font itself gives it (pdf.js, pypdf: right up to ``ํา`` for ``ำ``).

Both reach into private parts of WeasyPrint. They are therefore kept here alone, live only inside the ``with``
block of `repaired`, and refuse a WeasyPrint whose parts look different.
"""

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from inspect import signature
from typing import Any

import weasyprint
from fontTools.ttLib import TTFont
from weasyprint.draw import text as drawing
from weasyprint.pdf import stream as streams

KNOWN_SIGNATURES: tuple[tuple[Callable[..., Any], str], ...] = (
    (drawing.draw_first_line, "(stream, textbox, text_overflow, block_ellipsis, matrix)"),
    (streams.Font.__init__, "(self, pango_font, description, font_size)"),
)
for _part, _known in KNOWN_SIGNATURES:
    if str(signature(_part)) != _known:
        raise ImportError(
            f"reports.pdf.text_layer repairs WeasyPrint 70; in {weasyprint.__version__} "
            f"{_part.__qualname__} is {signature(_part)} instead of {_known}. "
            "Pin weasyprint>=70,<71, or mend text_layer.py and run tests/reports/test_text_layer.py."
        )

#: Line-breaking helpers that are no part of the text: soft hyphen, zero-width space, word joiner, BOM.
INVISIBLE = dict.fromkeys((0x00AD, 0x200B, 0x2060, 0xFEFF))
#: A no-break space is read as a plain space: that is what people type when they search.
SPOKEN = INVISIBLE | {0x00A0: " ", 0x202F: " "}


def spoken(text: str) -> str:
    """Return `text` as the text layer holds it: no joiners, plain spaces, digits as printed."""
    return text.translate(SPOKEN)


@contextmanager
def repaired() -> Iterator[None]:
    """Render inside this block with both repairs in place; they are taken out at its end.

    The parts replaced are global to WeasyPrint: the caller must hold a lock.
    """
    original_line, original_font = drawing.draw_first_line, streams.Font
    drawing.draw_first_line, streams.Font = _draw_line_with_text, _FontWithOwnText
    try:
        yield
    finally:
        drawing.draw_first_line, streams.Font = original_line, original_font


# --- the text of a line -------------------------------------------------------------------------------------

_draw_first_line = drawing.draw_first_line


def _draw_line_with_text(
    stream: Any, textbox: Any, text_overflow: Any, block_ellipsis: Any, matrix: Any
) -> list[Any]:
    """Draw one line as WeasyPrint does, inside a span that carries what it says."""
    start = len(stream.stream)
    emojis = _draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)
    # Read after drawing: an ellipsis may have replaced the end of the text.
    text = spoken(textbox.pango_layout.text)
    if len(stream.stream) > start and not text.isascii():
        encoded = text.encode("utf-16-be").hex()
        stream.stream.insert(start, f"/Span <</ActualText <feff{encoded}>>> BDC".encode())
        stream.stream.append(b"EMC")
    return emojis


# --- the text of a glyph ------------------------------------------------------------------------------------


class _OwnText(dict[int, str]):
    """WeasyPrint's glyph-to-text map, in which what the font says of a glyph wins over what WeasyPrint says."""

    def __init__(self, own: dict[int, str]) -> None:
        super().__init__()
        self.own = own

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, self.own.get(glyph) or spoken(text))


class _FontWithOwnText(streams.Font):
    def __init__(self, pango_font: Any, description: Any, font_size: float) -> None:
        super().__init__(pango_font, description, font_size)
        self.to_unicode = _OwnText(thai_glyph_texts(self.file_content))


@lru_cache(maxsize=32)
def thai_glyph_texts(font_file: bytes) -> dict[int, str]:
    """Return the text of each Thai glyph of the font in `font_file` (TrueType bytes), by glyph number.

    Sources, the surest first: the font's character map, glyph names such as ``uni0E4D0E49.narrow``, and single
    substitutions (``yoYingthai.less`` stands for ญ).
    """
    font = TTFont(io.BytesIO(font_file), lazy=True)
    texts = {glyph: chr(code) for code, glyph in font.getBestCmap().items() if _is_thai(chr(code))}
    if not texts:
        return {}
    for glyph in font.getGlyphOrder():
        if named := re.fullmatch(r"uni((?:[0-9A-F]{4})+)(?:\..+)?", glyph):
            text = bytes.fromhex(named[1]).decode("utf-16-be")
            if all(map(_is_thai, text)):
                texts.setdefault(glyph, text)
    for glyph, substitute in _single_substitutions(font):
        if glyph in texts:
            texts.setdefault(substitute, texts[glyph])
    return {font.getGlyphID(glyph): text for glyph, text in texts.items()}


def _is_thai(character: str) -> bool:
    return "\u0e00" <= character <= "\u0e7f"


def _single_substitutions(font: TTFont) -> Iterator[tuple[str, str]]:
    """Yield (glyph, substitute) of every single substitution of the font."""
    if "GSUB" not in font:
        return
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for subtable in lookup.SubTable:
            subtable = getattr(subtable, "ExtSubTable", subtable)
            if subtable.LookupType == 1:
                yield from subtable.mapping.items()
