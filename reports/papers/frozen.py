"""A paper as it stood when it was sent: what the approvers read is, letter for letter, what is issued.

Kept are the title, the class and the content of ``<body>``; the frame around them is `print/base.html`, as for
every paper. An issued paper has a `Foot` on every page, which leads to its verification.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import segno
from django.conf import settings
from django.template.loader import render_to_string

from ita_portal.thai import Digits, in_digits
from reports.pdf.typography import tidy

from .paper import Paper

#: A print HTML around what is kept of it. Texts of people are escaped: no other <body> can stand in it.
_PAGE = re.compile(r'.*?<body class="(?P<body_class>[^"]*)">\n(?P<body>.*)\n</body>\n</html>\n?', re.DOTALL)

#: Codes and hashes, which are compared letter by letter and keep their digits even where they have no letter.
_CODE = re.compile(r"\b([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2}|[0-9a-f]{12,})\b")


@dataclass(frozen=True)
class Foot:
    """The foot of every page of an issued paper.

    url: the absolute address of its verification, for the QR code; code: ``7K3M-9QWD-X2ZP``; lines: at most three
    short lines in Thai, with Arabic digits, of some 70 characters each (the foot must stay within the margin).
    """

    url: str
    code: str
    lines: tuple[str, ...]

    @property
    def qr(self) -> str:
        """The QR code of the address as an SVG element; the sheet gives its size, the page its white border."""
        code = segno.make(self.url, micro=False, error="m")
        return code.svg_inline(border=0, omitsize=True, svgclass="foot-qr", lineclass=None)

    def printed_lines(self, digits: Digits) -> list[str]:
        """The lines in the digits of the paper, the codes in them as they are."""
        return [tidy(_in_digits_but_codes(line, digits)) for line in self.lines]


def _in_digits_but_codes(line: str, digits: Digits) -> str:
    pieces = _CODE.split(line)
    return "".join(piece if at % 2 else in_digits(piece, digits) for at, piece in enumerate(pieces))


@dataclass(frozen=True)
class FrozenPaper:
    """The print HTML of a paper, to be kept: its title, the class of its ``<body>``, and all that is inside."""

    title: str
    body_class: str
    body: str

    @classmethod
    def of(cls, paper: Paper) -> FrozenPaper:
        """Return what `paper` prints now, without the stamp of a draft.

        A paper made with draft=True may also show where texts are missing: make it with draft=False.
        """
        page = _PAGE.fullmatch(paper.html())
        if page is None:
            raise ValueError(f"{paper.template} is not made from print/base.html")
        words = [word for word in page["body_class"].split() if word != "draft"]
        return cls(title=paper.title, body_class=" ".join(words), body=page["body"])

    def html(self, *, preview: bool = False, draft: bool = False, foot: Foot | None = None) -> str:
        """Return the HTML of the whole paper as `Paper.html` does; draft: stamped ร่าง; foot: as an issued one."""
        words = self.body_class.split()
        arabic = "arabic" in words
        return render_to_string(
            "print/frozen.html",
            {
                "title": self.title,
                "arabic_digits": arabic,
                "own_class": " ".join(word for word in words if word != "arabic"),
                "body": self.body,
                "preview": preview,
                "draft": draft,
                "foot": foot,
                "foot_lines": foot.printed_lines("arabic" if arabic else "thai") if foot else [],
            },
        )


# --- what an issued paper was made with -----------------------------------------------------------------------


def template_version() -> str:
    """Return 12 hex digits that change with any print template and with the print style sheet."""
    base = Path(settings.BASE_DIR)
    paths = [*sorted((base / "templates" / "print").rglob("*.html")), base / "static" / "css" / "print.css"]
    return _digest_of(tuple((path, path.stat().st_mtime_ns) for path in paths))


@lru_cache(maxsize=1)
def _digest_of(files: tuple[tuple[Path, int], ...]) -> str:
    """The digest of the names and contents of files; when they were changed is only what the cache asks for."""
    digest = hashlib.sha256()
    for path, _changed_at in files:
        digest.update(f"{path.name} {path.stat().st_size}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def font_version() -> str:
    """Return the name and the release of the fonts that papers are set in, such as “Sarabun 5.3.0”."""
    package = Path(settings.BASE_DIR) / "node_modules" / "@fontsource" / "sarabun" / "package.json"
    return f"Sarabun {json.loads(package.read_text(encoding='utf-8'))['version']}"
