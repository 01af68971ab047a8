"""What the public may read of an organisation's year, and under which stable addresses.

The page, its data and its files all come from one reading of the database that leaves the papers themselves there.
Addresses below ``p/<organisation>/<year>/``: ``plan.pdf`` is the newest published revision, ``plan-0.pdf`` the first
issue and ``plan-1.pdf`` its first revision for good, ``plan.xlsx`` and ``plan-measures.csv`` their tables, and
``<code>.pdf`` any paper by its code. Memos, of which a year may have several, go by their codes alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from ita_portal.organisations.models import Organisation
from reports.issuing import verify_url
from reports.models import KIND_NAMES, MEMO, IssuedPaper, Publication
from reports.table_files import TABLES, to_xlsx

#: The tables that the data of each kind of paper hold.
TABLES_OF = {
    "plan": ("measures", "indicators", "questions", "excuses"),
    "analysis": ("measures", "indicators", "questions", "ranking"),
}


@dataclass(frozen=True)
class PublicFile:
    """A file of a published paper: what to call it, and its address on this portal."""

    key: str
    label: str
    url: str


@dataclass(frozen=True)
class PublicPaper:
    """An approved paper that is published, or was until it was withdrawn, with its newest publication."""

    paper: IssuedPaper
    publication: Publication

    @property
    def is_withdrawn(self) -> bool:
        """Whether the public may no longer read it."""
        return self.publication.withdrawn_at is not None

    @property
    def names_signers(self) -> bool:
        """Whether persons are named beside their positions: only while their paper, which names them, is public."""
        return not self.is_withdrawn

    @property
    def successor(self) -> IssuedPaper | None:
        """The approved revision that replaces it."""
        return None if self.paper.is_current else self.paper.replaced_by

    @property
    def name(self) -> str:
        """Its name in addresses that stay with this very revision."""
        return self.paper.code if self.paper.kind == MEMO else f"{self.paper.kind}-{self.paper.revision}"

    @property
    def pdf(self) -> str:
        """The address of its PDF."""
        return self._address("pdf", self.name)

    @property
    def tables(self) -> list[PublicFile]:
        """Its tables, each as CSV."""
        return [
            PublicFile(key, TABLES[key].sheet, self._address("csv", f"{self.name}-{key}"))
            for key in TABLES_OF.get(self.paper.kind, ())
        ]

    @property
    def xlsx(self) -> str:
        """The address of the workbook of its tables; "" where it has none."""
        return self._address("xlsx", self.name) if self.paper.kind in TABLES_OF else ""

    @property
    def changed_at(self) -> datetime:
        """When the last thing happened that the public page tells of it."""
        moments = [self.publication.published_at, self.publication.withdrawn_at]
        if self.successor:
            moments.append(self.successor.approved_at)
        return max(moment for moment in moments if moment)

    def _address(self, suffix: str, name: str) -> str:
        organisation, be_year = self.paper.organisation, self.paper.be_year
        return reverse(f"reports:public-{suffix}", args=[organisation.slug, be_year, name])


def public_papers(organisation: Organisation, be_year: int) -> list[PublicPaper]:
    """Return the papers filed under a fiscal year: plan, analysis, memos, the newest revision of each first.

    Two queries, however many papers there are.
    """
    kinds = [kind for kind in KIND_NAMES if kind != MEMO] + [MEMO]
    found = IssuedPaper.objects.of(organisation).filter(be_year=be_year).ever_published()
    papers = [PublicPaper(paper, next(iter(paper.publications.all()))) for paper in found]
    return sorted(papers, key=lambda one: (kinds.index(one.paper.kind), -one.paper.revision, one.paper.pk))


def public_years(organisation: Organisation) -> dict[int, datetime]:
    """Return the fiscal years in which there is something to read, or was, the newest first, and when it last grew."""
    papers = IssuedPaper.objects.filter(organisation=organisation, publications__isnull=False)
    years = papers.order_by("-be_year").values("be_year")
    return dict(years.annotate(newest=Max("publications__published_at")).values_list("be_year", "newest"))


def find(papers: Sequence[PublicPaper], name: str) -> PublicPaper | None:
    """Return the paper of a name in an address: of a revision or a code that very one, of a kind the newest published.

    Where all of a kind are withdrawn, the newest of them; None where there never was one.
    """
    for one in papers:
        if name in (one.name, one.paper.code):
            return one
    of_kind = [one for one in papers if one.paper.kind == name != MEMO]
    return next((one for one in of_kind if not one.is_withdrawn), next(iter(of_kind), None))


@lru_cache(maxsize=32)
def workbook(code: str) -> bytes:
    """Return the tables of an approved paper as XLSX: frozen data, so the work is done once by each process."""
    return to_xlsx(IssuedPaper.objects.values_list("data", flat=True).get(code=code))


def tag_of(organisation: Organisation, told: Iterable[object]) -> str:
    """Return 32 hex digits that change with all that a public page says: the organisation, and what is `told` of it."""
    said = [page_version(), settings.PORTAL_URL, organisation.name, organisation.short_name]
    said += [organisation.kind, organisation.district, organisation.province, *map(str, told)]
    return sha256("\n".join(said).encode()).hexdigest()[:32]


def state_of(one: PublicPaper) -> str:
    """What may change of a paper that stays itself: its publication, and what replaces it."""
    replaced_by = one.successor.code if one.successor else ""
    return f"{one.paper.code} {one.publication.pk} {one.is_withdrawn} {replaced_by}"


@lru_cache(maxsize=1)
def page_version() -> str:
    """Return 12 hex digits that change with the templates and the code of the public pages: with a release."""
    base = Path(settings.BASE_DIR)
    sources = [
        *sorted((base / "templates" / "public").glob("*.html")),
        base / "templates" / "reports" / "_signers.html",
        *sorted((base / "static" / "css").glob("*.css")),
        base / "reports" / "published.py",
        base / "reports" / "table_files.py",
    ]
    return sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]


# --- the same facts as data -----------------------------------------------------------------------------------


def data_of_year(organisation: Organisation, be_year: int, papers: Sequence[PublicPaper]) -> dict[str, Any]:
    """Return what the page of a year says, ready for JSON: texts in Arabic digits, days and moments as ISO 8601."""
    return {
        "organisation": {
            "name": organisation.name,
            "short_name": organisation.short_name,
            "district": organisation.district,
            "province": organisation.province,
        },
        "be_year": be_year,
        "url": absolute(reverse("reports:public-year", args=[organisation.slug, be_year])),
        "papers": [_paper_data(one) for one in papers],
    }


def _paper_data(one: PublicPaper) -> dict[str, Any]:
    paper, publication = one.paper, one.publication
    data = {
        "code": paper.code,
        "kind": paper.kind,
        "kind_name": paper.kind_name,
        "title": paper.title,
        "named_year": paper.named_year,
        "revision": paper.revision,
        "revision_reason": paper.memo.revision_reason,
        "replaced_by": one.successor.code if one.successor else None,
        "approved_on": timezone.localdate(paper.approved_at).isoformat(),
        "signers": paper.signers,
        "published_at": publication.published_at.isoformat(),
        "withdrawn_at": publication.withdrawn_at.isoformat() if publication.withdrawn_at else None,
        "withdraw_reason": publication.withdraw_reason,
        "verify": verify_url(paper.code),
    }
    if not one.names_signers:
        return data | {"signers": [{**signer, "name": None} for signer in paper.signers]}
    return data | {
        "pages": paper.pages,
        "size": paper.size,
        "sha256": paper.sha256,
        "pdf": absolute(one.pdf),
        "xlsx": absolute(one.xlsx) if one.xlsx else None,
        "csv": {file.key: absolute(file.url) for file in one.tables},
    }


def absolute(path: str) -> str:
    """Return the whole address of a path on this portal."""
    return f"{settings.PORTAL_URL}{path}"
