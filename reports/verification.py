"""What can be said of an approved paper, and of a file that somebody holds against it."""

from __future__ import annotations

from dataclasses import dataclass

from ita_portal.audit.models import Event
from reports.models import IssuedPaper


@dataclass(frozen=True)
class Comparison:
    """A file held against the approved papers.

    paper: the paper that it was held against, None where it was held against all of them; found: the paper whose PDF
    it is, letter for letter, None where it is of none.
    """

    paper: IssuedPaper | None
    found: IssuedPaper | None

    @property
    def is_same(self) -> bool:
        """Whether the file is the paper that it was held against."""
        return self.found is not None and self.paper in (None, self.found)


def compare(digest: str, paper: IssuedPaper | None = None) -> Comparison:
    """Hold the SHA-256 of a file against one paper, and against all others.

    Two queries at most. A paper whose own SHA-256 is not the recorded one proves no file.
    """
    found = IssuedPaper.objects.listed().rendered().filter(sha256=digest).first()
    return Comparison(paper, found if found and is_as_issued(found) else None)


def is_as_issued(paper: IssuedPaper) -> bool:
    """Whether the SHA-256 kept with a paper is the one that the events recorded when its PDF was made."""
    issued = Event.objects.of(paper.organisation).filter(verb=Event.Verb.PAPER_ISSUED)
    return issued.filter(facts__code=paper.code, facts__sha256=paper.sha256).exists()


def is_on_record(paper: IssuedPaper) -> bool:
    """Whether the newest event that was printed on the paper still stands in the organisation's chain."""
    events = Event.objects.of(paper.organisation)
    return events.filter(sequence=paper.event_sequence, hash=paper.event_hash).exists()
