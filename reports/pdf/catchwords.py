"""Catchwords: at the foot of a page that continues, the first words of the next page, “/ความเห็น...”.

CSS cannot say what the next page begins with, so a paper whose body has the class ``catchword`` is laid out twice:
once to see where its pages break, and once more with the words in the margins, which moves nothing of the text.
"""

import re
from collections.abc import Iterator
from typing import Any

import weasyprint
from weasyprint.formatting_structure import boxes
from weasyprint.text.line_break import get_log_attrs

from .glue import HELD
from .text_layer import spoken

#: A catchword is the shortest run of whole words with so many letters and marks, “ความเห็น”, or the whole first line.
ENOUGH = 6


def wanted(root: Any) -> bool:
    """Return whether the HTML document with this root element asks for catchwords."""
    body = root.find("body")
    return body is not None and "catchword" in body.get("class", "").split()


def style_sheet(document: weasyprint.Document) -> str:
    """Return the CSS that prints, on each page of `document` but the last, what the next one begins with."""
    return "\n".join(
        f"@page :nth({number}) {{ @bottom-right {{ content: {_css_string(f'/{first_words(line)}...')} }} }}"
        for number, page in enumerate(document.pages[1:], start=1)
        if (line := first_line(page))
    )


def first_line(page: weasyprint.Page) -> str:
    """Return the text of the first line of a page, without what stands in its margins; empty for a page of none."""
    return next((text for line in _lines_of(page) if (text := _text_of(line).strip())), "")


def first_words(line: str) -> str:
    """Return the first words of `line`: whole ones by libthai, as few as have `ENOUGH` letters, no mark at the end."""
    held = {at for match in HELD.finditer(line) for at in range(match.start() + 1, match.end(1))}
    breaks = get_log_attrs(line, "th")
    for at in range(1, len(line)):
        if (
            breaks[at].is_line_break
            and at not in held
            and len(re.findall(r"[^\W\d_]|[ัิ-ฺ็-๎]", line[:at])) >= ENOUGH
        ):
            line = line[:at]
            break
    return spoken(line).rstrip(' ,;:/(“‘"')


def _lines_of(page: weasyprint.Page) -> Iterator[Any]:
    for child in page._page_box.children:
        if not isinstance(child, boxes.MarginBox):
            yield from (box for box in child.descendants() if isinstance(box, boxes.LineBox))


def _text_of(line: Any) -> str:
    return "".join(box.text for box in line.descendants() if isinstance(box, boxes.TextBox))


def _css_string(text: str) -> str:
    """Return `text` as a CSS string, every character by its number: people wrote it, and it must end nothing."""
    return '"' + "".join(f"\\{ord(character):x} " for character in text) + '"'
