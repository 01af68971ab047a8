"""The paragraphs of the papers as they stand in the boxes of the page: as kept, or as typed and refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha1

from django.http import QueryDict

from assessments.scoring import Figure, Kind
from ita_portal.thai import to_thai

from . import drafting
from .drafting import Facts, Piece, label_of
from .editing import typed_number
from .models import PlanText
from .texts import Texts

HELP = {
    "limitations": "หนึ่งบรรทัดคือหนึ่งข้อ เขียนสิ่งที่ทำให้หน่วยงานแก้ไขได้ยาก เช่น อัตรากำลัง งบประมาณ หรือผู้ตอบแบบวัดจำนวนน้อย",
    "suggestions": "หนึ่งบรรทัดคือหนึ่งข้อ เขียนแนวทางจัดการกับข้อจำกัด ใครควรทำอะไร และต้องการการสนับสนุนจากใคร",
    "topic": "เขียนสาเหตุและสิ่งที่จะทำเพิ่มเติมได้ คะแนนของประเด็นแสดงไว้ข้างช่อง",
}


def plain(text: str) -> str:
    """Return a text as it is kept, from a box."""
    return text.replace("\r\n", "\n").strip()


def fingerprint(text: str) -> str:
    """Return a short mark of a text, by which the box tells later whether somebody typed in it."""
    return sha1(plain(text).encode(), usedforsecurity=False).hexdigest()[:12]


@dataclass(frozen=True)
class Typed:
    """What one box sent: its text and the version that the person saw.

    touched: whether the text is another than the one with which the box was drawn.
    """

    key: str
    text: str
    version: int
    touched: bool


def typed_texts(post: QueryDict) -> dict[str, Typed]:
    """Return what the boxes of the page sent, by the key of the text."""
    boxes = {name.removeprefix("text-"): plain(str(post[name])) for name in post if name.startswith("text-")}
    return {
        key: Typed(
            key,
            text,
            typed_number(post.get(f"version-{key}", "")),
            fingerprint(text) != post.get(f"seen-{key}"),
        )
        for key, text in boxes.items()
    }


@dataclass(frozen=True)
class Paragraph:
    """One paragraph on the page.

    text: in the box, Thai digits; seen: the mark of that text as it was drawn; pieces: as it reads; draft: as it
    would read without edits; moved: (field, old value, new value) since it was looked over; doubts: sentences on
    fields without a value; figures: the scores beside it; unsaved: whether the text is typed and not kept; refused:
    why, where it is for this very text, with standing: what is kept instead.
    """

    key: str
    title: str
    text: str
    version: int
    seen: str
    pieces: list[Piece]
    draft: list[Piece]
    edited: PlanText | None
    moved: list[tuple[str, str, str]]
    doubts: list[str]
    figures: list[Figure]
    unsaved: bool = False
    refused: str = ""
    standing: list[Piece] | None = None

    @property
    def help(self) -> str:
        """What a person may write here."""
        return HELP.get(self.key) or HELP.get(self.key.partition("-")[0], "")

    @property
    def state(self) -> str:
        """ "review" where values moved under edited words, "edited", or "draft"."""
        return "review" if self.moved else "edited" if self.edited else "draft"

    @property
    def is_open(self) -> bool:
        """Whether the box stands open, because something is to be done."""
        return bool(self.moved or self.doubts or self.unsaved or self.refused)


def paragraph_of(texts: Texts, key: str, *, typed: Typed | None = None, refused: str = "") -> Paragraph:
    """Return a paragraph as it is kept.

    typed: what its box sent, where nothing was saved; refused: why, where it was for this very text.
    """
    facts = texts.subject_of(key).facts
    kept = to_thai(texts.text(key))
    unsaved = typed is not None and typed.touched
    text = typed.text if typed and unsaved else kept
    return Paragraph(
        key=key,
        title=texts.title(key),
        text=text,
        version=texts.version(key),
        # What is not saved counts as typed when it is sent again.
        seen="" if unsaved else fingerprint(kept),
        pieces=drafting.resolve(text, facts),
        draft=drafting.resolve(texts.draft(key), facts) if texts.is_edited(key) else [],
        edited=texts.edited.get(key),
        moved=texts.changed(key),
        doubts=list(doubts_of(text, facts)),
        figures=questions_beside(texts, key),
        unsaved=unsaved,
        refused=refused,
        standing=texts.pieces(key) if refused else None,
    )


def groups_of(
    texts: Texts, typed: Mapping[str, Typed] | None = None, refused: Mapping[str, str] | None = None
) -> list[tuple[str, list[Paragraph]]]:
    """Return all paragraphs by the paper to which they belong, in its order."""
    typed, refused = typed or {}, refused or {}
    of_plan = set(texts.plan_keys)

    def drawn(keys: list[str]) -> list[Paragraph]:
        return [paragraph_of(texts, k, typed=typed.get(k), refused=refused.get(k, "")) for k in keys]

    return [
        ("เอกสารมาตรการ", drawn(texts.plan_keys)),
        ("รายงานการวิเคราะห์", drawn([key for key in texts.report_keys if key not in of_plan])),
    ]


def doubts_of(text: str, facts: Facts) -> Iterator[str]:
    """Say which fields of a text have no value, and which braces hold none, Arabic digits."""
    for token in drafting.unknown_tokens(text, facts):
        yield f"“{{{token}}}” ไม่มีค่าในผลการประเมินนี้ ให้ลบออก หรือเลือกค่าอื่นจาก “แทรกค่าจากคะแนน” เช่น {{คะแนนรวม}}"
    for braces in drafting.odd_braces(text):
        yield f"“{braces}” ไม่ใช่ชื่อค่าที่ระบบรู้จัก จะพิมพ์ตามที่เห็น ให้เลือกจาก “แทรกค่าจากคะแนน” เช่น {{คะแนนรวม}}"


def figures_of(texts: Texts, key: str) -> list[Figure]:
    """Return the scores of which a text speaks: of a topic its questions, of an indicator its own and its questions."""
    subject = texts.subject_of(key)
    kind, _, rest = key.partition("-")
    if kind == "topic" and (topic := subject.topic(int(rest))):
        return subject.figures([*topic.perception, *topic.disclosure])
    if kind in ("strength", "weakness", "recommend") and (indicator := subject.indicator(int(rest))):
        return [indicator, *(f for f in indicator.walk() if f.kind is Kind.QUESTION and not f.part)]
    if kind == "tool" and (tool := subject.result.figures.get((rest, 0))):
        return [tool, *tool.parts, *tool.children]
    return [subject.result.total, *subject.result.tools, *subject.result.indicators]


def questions_beside(texts: Texts, key: str) -> list[Figure]:
    """Return the questions whose scores stand beside the box of a topic."""
    return figures_of(texts, key) if key.startswith("topic-") else []


# The fields of a score that a person picks from, in the order of the list.
OFFERED = {
    "": "คะแนน",
    ":ปีก่อน": "ปีก่อน",
    ":เปลี่ยน": "เปลี่ยนแปลง",
    ":ขาด": "ขาด",
    ":อันดับ": "อันดับ",
    ":ชื่อ": "ชื่อ",
}


@dataclass(frozen=True)
class Field:
    """A value that can be put into a text: how it is written in braces, what it is, and its value of now."""

    token: str
    name: str
    value: str

    @property
    def braces(self) -> str:
        """How it is written in a text, Thai digits."""
        return to_thai(f"{{{self.token}}}")


def fields_of(texts: Texts, key: str) -> list[tuple[Figure, list[Field]]]:
    """Return what can be said of the scores of which a text speaks; of a question in parts, part by part."""
    facts = texts.subject_of(key).facts
    found = []
    for figure in (cell for f in figures_of(texts, key) for cell in f.cells):
        label = label_of(figure)
        offered = [(f"{label}{suffix}", name) for suffix, name in OFFERED.items()]
        fields = [Field(token, name, facts[token]) for token, name in offered if token in facts]
        fields = [field for field in fields if field.name != "ขาด" or figure.flagged]
        if fields:
            found.append((figure, fields))
    return found


def words_of(texts: Texts, key: str) -> list[Field]:
    """Return what can be said of the result as a whole, as far as there is a value."""
    facts = texts.subject_of(key).facts
    return [Field(token, name, facts[token]) for token, name in drafting.WORDS.items() if token in facts]
