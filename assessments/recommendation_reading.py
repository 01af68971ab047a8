"""Official recommendations (ข้อเสนอแนะ of สำนักงาน ป.ป.ช.) as agencies receive and paste them.

Pure: a text and the codes of one instrument in, recommendations and refusals out. A heading names the tool
("ข้อเสนอแนะสำหรับการประเมินตามแบบวัด… (… : IIT)"), another the part of the outside survey ("ส่วนที่ ๑ … (EIT Public)").
A paragraph that begins with codes ("ข้อ i๘ , ข้อ i๙ …") is about those questions and goes on until the next
heading or the next codes, over page breaks too; any other paragraph is about the tool, and before the first
heading about the whole result. "(อ้างอิงจาก ๐๑๑)" points to disclosure items. What can be read in two ways is
refused with a Thai sentence.

Codes: "i7", "e9", "o11"; tools "IIT", "EIT", "OIT", and "total"; part 0 is the whole tool.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from ita_portal.thai import parse_codes, to_arabic

from .reading import TOTAL, Refused

TOOL_OF_LETTER = {"i": "IIT", "e": "EIT", "o": "OIT"}
MAX_HEADING = 250  # characters; a longer line is a sentence that begins like a heading
MAX_HEADING_LINES = 4


@dataclass(frozen=True)
class Found:
    """One recommendation: its lines (from 1), tool, part, questions, text, and the disclosure items it cites.

    `unknown` are cited codes that the instrument does not have: they stay in the text and link to nothing.
    """

    line: int
    last_line: int
    tool: str
    part: int
    codes: tuple[str, ...]
    text: str
    cited: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """What was read and what was refused, both in the order of the lines."""

    found: tuple[Found, ...]
    refused: tuple[Refused, ...]


# --- what a text cites and asks for ----------------------------------------------------------------------------------

# A bare number is an item only where nothing else follows it in its list: “อ้างอิงจาก 3 แหล่ง” cites none.
_CITED_CODE = r"(?:(?:[oO]\s?0*|0+)[1-9][0-9]?(?![0-9])|[1-9][0-9]?(?![0-9])(?=\s*(?:[),\-–—]|และ|ถึง)))"
_ITEM = r"(?:ข้อ(?:ที่)?\s*)"
_LINK = r"\s*(?:,|และ|หรือ|ถึง|[-–—])\s*"
_CITED = rf"{_ITEM}?{_CITED_CODE}(?:{_LINK}{_ITEM}?{_CITED_CODE})*"
_CITING = r"อ้างอิง(?:จาก|ตาม|ถึง)?\s*"
_CITATION = re.compile(rf"(?P<words>{_CITING})(?P<codes>{_CITED})")
_BRACKETED_CITATION = re.compile(rf"\s*\(\s*{_CITING}{_CITED}\s*\)")


def cited_codes(text: str) -> tuple[str, ...]:
    """The disclosure items that a text cites, "(อ้างอิงจาก ๐๑๔ และ ๐๑๕)" giving o14 and o15, each once."""
    found: dict[str, None] = {}
    for match in _CITATION.finditer(to_arabic(text)):
        found.update(dict.fromkeys(parse_codes(_spelt(match["codes"]), tool="OIT")))
    return tuple(found)


def normalised(text: str) -> str:
    """The text with its cited codes spelt alike, “(อ้างอิงจาก o11)”, in Arabic digits; other words stay."""
    plain = re.sub(r"(?<=\S)\(อ้างอิง", " (อ้างอิง", to_arabic(text))
    return _CITATION.sub(lambda match: match["words"].rstrip() + " " + _spelt(match["codes"]), plain)


def advice(text: str) -> str:
    """What is to be done, for a measure: the text from “ดังนั้น” on where it has one, without its citations."""
    asked = to_arabic(text).partition("ดังนั้น")[2] or to_arabic(text)
    return " ".join(_BRACKETED_CITATION.sub("", asked).split())


def _spelt(codes: str) -> str:
    return re.sub(rf"{_ITEM}?(?:[oO]\s?0*|0+)?([1-9][0-9]?)(?![0-9])", r"o\1", codes)


# --- reading --------------------------------------------------------------------------------------------------------

_CODE = r"(?:[ieo]\s?0*|0+)[1-9][0-9]?(?:/[12])?(?![0-9])"
_BULLET = r"(?:[-–•*·]\s*|[0-9]{1,2}[.)]\s+)?"
_LEAD = re.compile(
    rf"{_BULLET}(?P<codes>(?P<said>{_ITEM})?{_CODE}(?:(?:{_LINK}|\s+(?=ข้อ)){_ITEM}?{_CODE})*)(?P<after>\s*[:.]?\s*)",
    re.IGNORECASE,
)
_DISCLOSURE_LEAD = re.compile(
    rf"{_BULLET}(?P<codes>(?P<said>{_ITEM})[1-9][0-9]?(?![0-9])(?:{_LINK}{_ITEM}?[1-9][0-9]?(?![0-9]))*)"
    r"(?P<after>\s*[:.]?\s+)"
)
_NUMBERED = r"(?:[-–•*·]\s*|\(?[0-9]{1,2}(?:\.[0-9]{1,2})*[.)]?\s*)?"
_HEADING = re.compile(rf"{_NUMBERED}ข้อเสนอแนะ\S*?\s*(?:การประเมิน|แบบวัด|เครื่องมือ|[IEO]IT)")
_TOOL_NAME = re.compile(
    r"\([^()]*(?P<bracketed>[IEO]IT)\s*\)|(?P<plain>[IEO]IT)|(?P<inside>ภายใน)|(?P<outside>ภายนอก)|(?P<open>เปิดเผยข้อมูล(?:สาธารณะ)?)"
)
_BARE_TOOL = re.compile(
    rf"{_NUMBERED}(?:เครื่องมือ|แบบวัด[^0-9]*)?\s*\(?\s*(?P<tool>[IEO]IT)\s*\)?\s*:?\s*(?P<part>ส่วนที่.*)?"
)
_PART = re.compile(rf"{_NUMBERED}(?P<tool>\(?EIT\)?\s*)?ส่วนที่\s*(?P<part>[0-9]+)\s*(?P<rest>.*)")
_PART_NAME = re.compile(r"EIT|Public|Survey|ผู้รับบริการ|ผู้มาติดต่อ|ผู้ประเมิน|จัดเก็บ|ด้วยตนเอง", re.IGNORECASE)
_ONLY_A_LINK = re.compile(r"\s*(?:,|และ)\s*")
_NEXT_SECTION = re.compile(r"[0-9]{1,2}[.)]\s*(?:การวิเคราะห์|มาตรการ|ข้อจำกัด|แนวทาง|การกำหนด)")
_INTRODUCTION = re.compile(
    r"ป\.ป\.ช\..*ข้อเสนอแนะ.*(?:ดังนี้|ดังต่อไปนี้)\s*:?$|^ข้อเสนอแนะ\S*\s*(?:สำนักงาน\s*)?ป\.ป\.ช\.\s*:?$"
)


def read_recommendations(text: str, codes: Collection[str], *, parts: Collection[int] = ()) -> Reading:
    """Read a pasted text into recommendations.

    codes: the questions of the instrument; parts: the parts of its outside survey, empty where it has none.
    """
    reader = _Reader(codes, parts)
    for number, line in enumerate(text.splitlines(), start=1):
        if not reader.take(number, line.replace("\t", " ").strip("\ufeff\u200b")):
            break
    return reader.reading()


def joined(left: str, right: str) -> str:
    """Two pieces of a wrapped text as one: Thai words without a blank, unless one stood at the end of the line."""
    left_end, right = left.rstrip(), right.lstrip()
    thai = re.search(r"[ก-ฮะ-ฺเ-ๅ็-๎]$", left_end) and re.match(r"[ก-ฮะ-ฺเ-ๅ็-๎]", right)
    return left_end + ("" if thai and left == left_end else " ") + right


@dataclass
class _Paragraph:
    """A paragraph while it is read; `reason` is set where it cannot be taken."""

    line: int
    last_line: int
    tool: str
    part: int
    codes: tuple[str, ...]
    text: str
    reason: str = ""


@dataclass
class _Heading:
    """A heading while it is read: it may go on over several lines."""

    line: int
    text: str
    lines: int = 1


@dataclass
class _Reader:
    codes: Collection[str]
    parts: Collection[int]
    tool: str = ""
    part: int = 0
    after_blank: bool = False
    heading: _Heading | None = None
    open: _Paragraph | None = None
    found: list[Found] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)

    def take(self, number: int, line: str) -> bool:
        """Take the next line; False where the recommendations have ended before it."""
        plain = to_arabic(line).strip()
        if not plain:
            self.after_blank = True
            return True
        after_blank, self.after_blank = self.after_blank, False
        if self.heading is not None:
            self.heading = replace(
                self.heading, text=joined(self.heading.text, plain), lines=self.heading.lines + 1
            )
            self._try_heading()
        elif self.open and _is_unclosed(self.open.text):
            self._continue(number, line)
        elif self._begins_heading(plain):
            self._close()
            self.heading = _Heading(number, plain)
            self._try_heading()
        elif self.tool and _NEXT_SECTION.match(plain):
            self._refuse(number, line, "หัวข้อถัดไปของเอกสาร ไม่ใช่ข้อเสนอแนะ จึงหยุดอ่านตั้งแต่บรรทัดนี้")
            return False
        elif lead := self._lead(plain):
            if self.open and self.open.codes and _ONLY_A_LINK.fullmatch(self.open.text):
                self._go_on_listing(number, line.lstrip(), lead)
            else:
                self._close()
                self._begin(number, line.lstrip(), lead)
        elif self.open and (self.open.codes or not (after_blank or plain.startswith("ทั้งนี้"))):
            self._continue(number, line)
        else:
            self._close()
            self.open = _Paragraph(number, number, self.tool or TOTAL, self.part, (), line.lstrip())
        return True

    def reading(self) -> Reading:
        """Everything that was read; what stands before the introduction is not part of it."""
        if self.heading is not None:
            self._finish_heading()
        self._close()
        beginning = [f for f in self.found if f.tool == TOTAL and not f.codes]
        introductions = [f for f in beginning if _INTRODUCTION.search(to_arabic(f.text))]
        if introductions:
            before = [f for f in beginning if f.line < introductions[-1].line and f not in introductions]
            if before:
                reason = "ข้อความก่อนข้อเสนอแนะของสำนักงาน ป.ป.ช. ไม่ใช่ข้อเสนอแนะ จึงไม่อ่าน"
                self._refuse(before[0].line, before[0].text, reason)
            self.found = [f for f in self.found if f not in before and f not in introductions]
        return Reading(tuple(self.found), tuple(sorted(self.refused, key=lambda refusal: refusal.line)))

    # Headings

    def _begins_heading(self, plain: str) -> bool:
        if len(plain) > MAX_HEADING:
            return False
        if _HEADING.match(plain) or _BARE_TOOL.fullmatch(plain):
            return True
        match = _PART.fullmatch(plain)
        if match is None or "ควร" in plain:
            return False
        names_it = _PART_NAME.search(match["rest"]) is not None
        if self.tool in ("", "EIT"):
            return bool(match["tool"]) or names_it or (self.tool == "EIT" and not match["rest"])
        return bool(match["tool"]) or "EIT" in match["rest"]

    def _try_heading(self) -> None:
        """Take the heading if it is whole: its brackets closed and its tool named."""
        heading = self.heading
        assert heading is not None
        whole = not _is_unclosed(heading.text) and (
            _TOOL_NAME.search(heading.text) or _PART.match(heading.text)
        )
        if whole or heading.lines >= MAX_HEADING_LINES:
            self._finish_heading()

    def _finish_heading(self) -> None:
        heading, self.heading = self.heading, None
        assert heading is not None
        rest = heading.text
        if not (_PART.match(rest) and not _HEADING.match(rest)):
            match = _TOOL_NAME.search(rest)
            if match is None:
                reason = "หัวข้อนี้ไม่บอกเครื่องมือ: ให้เขียนชื่อเครื่องมือ เช่น ข้อเสนอแนะสำหรับแบบวัด IIT"
                self._refuse(heading.line, heading.text, reason)
                return
            self.tool = match["bracketed"] or match["plain"] or _tool_in_words(match)
            self.part = 0
            # “ภายใน (Internal …: IIT)” names the tool twice.
            rest = re.sub(r"^\s*\([^()]*\)", "", rest[match.end() :]).lstrip(" :)")
        if match := _PART.match(rest):
            self.tool, rest = "EIT", ""
            if int(match["part"]) in self.parts:
                self.part = int(match["part"])
            else:
                self.part = 0
                reason = f"แบบประเมินของปีนี้ไม่มี EIT ส่วนที่ {match['part']}: {self._parts_rule()}"
                self._refuse(heading.line, heading.text, reason)
        if rest:
            self.open = _Paragraph(heading.line, heading.line, self.tool, self.part, (), rest)

    def _parts_rule(self) -> str:
        if not self.parts:
            return "EIT ของปีนี้ไม่แบ่งส่วน ข้อเสนอแนะใต้หัวข้อนี้จึงอ่านเป็นของ EIT ทั้งหมด"
        return f"มีเพียงส่วนที่ {' และ '.join(str(part) for part in sorted(self.parts))} เช่น ส่วนที่ 1 (EIT Public)"

    # Paragraphs

    def _lead(self, plain: str) -> re.Match[str] | None:
        """The codes with which a line begins, where they are its subject and not a piece of a sentence."""
        match = _LEAD.match(plain)
        if match is None and self.tool == "OIT":
            match = _DISCLOSURE_LEAD.match(plain)
        if match is None:
            return None
        if not match["said"]:
            is_zero = match["codes"].startswith("0")
            if (is_zero and self.tool != "OIT") or not (match["after"] or match.end() == len(plain)):
                return None
        return match

    def _begin(self, number: int, line: str, lead: re.Match[str]) -> None:
        codes = tuple(parse_codes(lead["codes"], tool="OIT" if self.tool == "OIT" else None))
        named = {int(part) for part in re.findall(r"/([12])", lead["codes"])}
        self._open(number, line[lead.end() :], codes, named)

    def _go_on_listing(self, number: int, line: str, lead: re.Match[str]) -> None:
        """Go on with a list of codes that a line's end broke."""
        assert self.open is not None
        first, before = self.open.line, self.open.codes
        self._begin(first, line, lead)
        named = {self.open.part} - {0}
        self._open(first, self.open.text, tuple(dict.fromkeys((*before, *self.open.codes))), named)
        self.open.last_line = number

    def _open(self, number: int, text: str, codes: tuple[str, ...], named: set[int]) -> None:
        tools = {TOOL_OF_LETTER[code[0]] for code in codes}
        tool = tools.pop() if len(tools) == 1 else self.tool or TOTAL
        part = named.pop() if len(named) == 1 else self.part if tool == "EIT" and not named else 0
        self.open = _Paragraph(number, number, tool, part, codes, text)
        self.open.reason = self._refusal(codes, tool, part, mixed=bool(tools))

    def _refusal(self, codes: Iterable[str], tool: str, part: int, *, mixed: bool) -> str:
        """Why a paragraph that begins with these codes cannot be taken; empty where it can."""
        names = ", ".join(codes)
        if mixed:
            return f"{names} เป็นข้อของต่างเครื่องมือ: ให้แยกข้อเสนอแนะเป็นเครื่องมือละย่อหน้า เช่น ข้อ i8, ข้อ i9"
        if unknown := [code for code in codes if code not in self.codes]:
            return f"แบบประเมินของปีนี้ไม่มีข้อ {', '.join(unknown)}: ให้ตรวจรหัสและปีงบประมาณ เช่น i7, e9 หรือ o11"
        if self.tool and tool != self.tool:
            return f"ข้อ {names} เป็นข้อของ {tool} แต่อยู่ใต้หัวข้อ {self.tool}: ให้ย้ายไปใต้หัวข้อของ {tool} หรือแก้รหัส"
        if part and part not in self.parts:
            return f"แบบประเมินของปีนี้ไม่มี EIT ส่วนที่ {part}: {self._parts_rule()}"
        if part and self.part and part != self.part:
            return f"ข้อ {names} ระบุส่วนที่ {part} แต่อยู่ใต้หัวข้อส่วนที่ {self.part}: ให้แก้รหัสหรือย้ายข้อเสนอแนะ"
        return ""

    def _continue(self, number: int, line: str) -> None:
        assert self.open is not None
        self.open.text = joined(self.open.text, line) if self.open.text else line
        self.open.last_line = number

    def _close(self) -> None:
        paragraph, self.open = self.open, None
        if paragraph is None:
            return
        text = " ".join(paragraph.text.split())
        if not paragraph.reason and not text:
            paragraph.reason = f"{', '.join(paragraph.codes)} ไม่มีข้อความข้อเสนอแนะ: ให้เขียนข้อความต่อจากรหัส"
        if paragraph.reason:
            self._refuse(paragraph.line, " ".join((*paragraph.codes, text)), paragraph.reason)
            return
        cited = cited_codes(text)
        self.found.append(
            Found(
                paragraph.line,
                paragraph.last_line,
                paragraph.tool,
                paragraph.part,
                paragraph.codes,
                text,
                tuple(code for code in cited if code in self.codes),
                tuple(code for code in cited if code not in self.codes),
            )
        )

    def _refuse(self, line: int, text: str, reason: str) -> None:
        self.refused.append(Refused(line, " ".join(text.split()), f"บรรทัดที่ {line}: {reason}"))


def _is_unclosed(text: str) -> bool:
    """Whether the text ends inside a bracket that was opened not long before."""
    end = text[-200:]
    return end.rfind("(") > end.rfind(")")


def _tool_in_words(match: re.Match[str]) -> str:
    if match["inside"]:
        return "IIT"
    return "EIT" if match["outside"] else "OIT"
