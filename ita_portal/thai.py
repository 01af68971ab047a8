"""Thai digits, Buddhist-era dates, scores and item codes as people write them.

Pure functions of their arguments: no Django, no clock, no settings. Everything that a person types or pastes is accepted
in Thai or Arabic digits; everything returned here has Arabic digits, and only print turns them with `to_thai`.
`be_year` is always a year of the Buddhist era (B.E. = C.E. + 543).
"""

import re
from calendar import monthrange
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

Digits = Literal["thai", "arabic"]

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
ARABIC_DIGITS = "0123456789"
_TO_ARABIC = str.maketrans(THAI_DIGITS, ARABIC_DIGITS)
_TO_THAI = str.maketrans(ARABIC_DIGITS, THAI_DIGITS)

BE_OFFSET = 543
LONG_MONTHS = (
    "มกราคม",
    "กุมภาพันธ์",
    "มีนาคม",
    "เมษายน",
    "พฤษภาคม",
    "มิถุนายน",
    "กรกฎาคม",
    "สิงหาคม",
    "กันยายน",
    "ตุลาคม",
    "พฤศจิกายน",
    "ธันวาคม",
)
SHORT_MONTHS = (
    "ม.ค.",
    "ก.พ.",
    "มี.ค.",
    "เม.ย.",
    "พ.ค.",
    "มิ.ย.",
    "ก.ค.",
    "ส.ค.",
    "ก.ย.",
    "ต.ค.",
    "พ.ย.",
    "ธ.ค.",
)


class BadDate(ValueError):
    """A typed date that cannot be read; its text is a Thai sentence for the person who typed it."""


class BadScore(ValueError):
    """A typed score that cannot be read; its text is a Thai sentence for the person who typed it."""


# --- digits ---------------------------------------------------------------------------------------------------------

# Thai administrative abbreviations: they are written in Latin letters, but the numbers beside them are Thai text.
_ADMINISTRATIVE = r"(?:ITAS?|IIT|EIT|OIT)"
# A piece of a token that turns: a number, an item code, or an administrative abbreviation with or without a number.
_TURNS = re.compile(rf"[0-9]+|[ieo][0-9]{{1,2}}|{_ADMINISTRATIVE}[0-9]*", re.IGNORECASE)
_RUN = re.compile(
    r"""
    (?P<url>   (?: [A-Za-z][A-Za-z0-9+.-]*:// | www\. ) [^\s<>"'“”]+ )
  | (?P<mail>  [A-Za-z0-9._%+-]+ @ [A-Za-z0-9-]+ (?: \. [A-Za-z0-9-]+ )+ )
  | (?P<listed> (?<![A-Za-z0-9._/:+&-]) [0-9]{1,2} \. (?=[A-Za-z]{2}) )
  | (?P<domain> (?: [A-Za-z0-9_-]+ \. )* [A-Za-z0-9_-]*[A-Za-z][A-Za-z0-9_-]* \. [A-Za-z]{2,} (?![A-Za-z0-9])
                (?: / [^\s<>"'“”()]* )? )
  | (?P<spaced> (?<![A-Za-z0-9]) (?P<word> [A-Z]{2,} (?: [/-] [A-Z]{2,} )* ) [ \u00a0]+
                (?P<number> [0-9]+ (?: [:-] [0-9]+ )* ) (?! [0-9A-Za-z] | [.,/] [0-9] ) )
  | (?P<token> [A-Za-z0-9]+ (?: [-._/:+&] [A-Za-z0-9]+ )* )
    """,
    re.VERBOSE,
)
_CONNECTOR = re.compile(r"[-._/:+&]")
# Words of standards and diseases that own the number after a blank, whatever the number is.
_CODE_WORD = re.compile(r"(?:ISO|IEC|ISO/IEC|IEEE|COVID)")


def _turn_run(match: re.Match[str]) -> str:
    """Turn the digits of one match of `_RUN`, or leave them, by the rule in `to_thai`."""
    run = match.group()
    if match["url"] or match["mail"] or match["domain"]:
        return run
    if match["spaced"]:
        word, number = match["word"], match["number"]
        if re.fullmatch(_ADMINISTRATIVE, word):
            return run.translate(_TO_THAI)
        if _CODE_WORD.fullmatch(word):
            return run
        is_year_or_score = number == "100" or re.fullmatch(r"2[456][0-9]{2}", number)
        is_code = re.match(r"[0-9]{3}", number) and not is_year_or_score
        return run if is_code else run.translate(_TO_THAI)
    if match["listed"] or all(_TURNS.fullmatch(piece) for piece in _CONNECTOR.split(run)):
        return run.translate(_TO_THAI)
    return run


def to_thai(text: str) -> str:
    """Turn the Arabic digits of a run of Thai text into Thai digits; idempotent.

    Every digit turns, except in
    - URLs (from the scheme or `www.` to the next blank or quotation mark), e-mail addresses, domain and file names;
    - Latin codes joined to their number: `A4`, `5G`, `COVID-19`, `UTF-8`;
    - Latin codes with a blank: `ISO 9001:2015`, `COVID 19`, or any other word of two or more capitals with a number of
      three or more digits that is neither 100 nor a Buddhist year (`HTTP 404` stays; in `PDF 3 ไฟล์` and `PDPA 2562`
      the number is Thai text and turns).

    Item codes (`i7`, `e9/2`, `o31-33`) and ITA, ITAS, IIT, EIT, OIT are no Latin codes: their numbers turn.
    A list number (`1.Facebook`) turns.
    """
    return _RUN.sub(_turn_run, text)


def to_arabic(text: str) -> str:
    """Turn every Thai digit of the text into an Arabic one."""
    return text.translate(_TO_ARABIC)


def decoded(data: bytes) -> str | None:
    """Return the text of a file as Thai programs write it; None where it is in no such encoding.

    UTF-8 with or without its mark, UTF-16 with it (“Unicode text” of a spreadsheet), and Windows-874, of which
    TIS-620 is a part.
    """
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp874"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def in_digits(text: str, digits: Digits) -> str:
    """The text in the kind of digits that a document has chosen."""
    return to_thai(text) if digits == "thai" else to_arabic(text)


# --- scores ---------------------------------------------------------------------------------------------------------

HUNDRED = Decimal(100)
SCORE_RULE = "คะแนนเป็นตัวเลข 0 ถึง 100 ทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 93.66"
_BLANKS = " \t\r\n\u00a0\u200b\ufeff"


def round_half_up(value: Decimal, places: int = 2) -> Decimal:
    """Round for display, halves away from zero (90.045 becomes 90.05), as the published results do."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def format_score(value: Decimal, *, whole_hundred: bool = True) -> str:
    """A score with two decimals; exactly 100 as "100", or as "100.00" when whole_hundred is off."""
    if whole_hundred and value == HUNDRED:
        return "100"
    return str(round_half_up(value))


def format_change(value: Decimal) -> str:
    """A difference of two scores with its sign: "+1.33", "-3.29", and "0.00" without a sign."""
    rounded = round_half_up(value)
    return f"{rounded:+}" if rounded else "0.00"


def _quoted(text: str) -> str:
    """What a person typed, for quotation in a sentence; shortened, because a paste may be a whole page."""
    words = " ".join(text.split())
    return f"“{words if len(words) <= 60 else words[:59] + '…'}”"


def parse_score(text: str) -> Decimal:
    """Read one score of 0 to 100 in Thai or Arabic digits, as a Decimal with two places.

    Raises BadScore with a Thai sentence: value, rule, example. A comma is refused, because `93,66` may be 93.66 or a
    slip for two values.
    """
    typed = text.strip(_BLANKS)
    shown = _quoted(typed)
    number = to_arabic(typed).replace("\u2212", "-")
    if not number:
        raise BadScore(f"ยังไม่ได้กรอกคะแนน: {SCORE_RULE}")
    if re.fullmatch(r"[0-9.]+(,[0-9.]+)+", number):
        raise BadScore(f"คะแนน {shown} มีเครื่องหมายจุลภาค จึงอ่านได้หลายอย่าง: ให้ใช้จุดเป็นจุดทศนิยม เช่น 93.66")
    if re.fullmatch(r"-[0-9]*\.?[0-9]+", number):
        raise BadScore(f"คะแนน {shown} ต่ำกว่า 0: คะแนนต้องอยู่ระหว่าง 0 ถึง 100 เช่น 93.66")
    if re.fullmatch(r"[0-9.]+", number) and number.count(".") > 1:
        raise BadScore(f"คะแนน {shown} มีจุดทศนิยมมากกว่าหนึ่งจุด: ให้มีจุดทศนิยมเพียงจุดเดียว เช่น 93.66")
    if re.fullmatch(r"\.[0-9]+|[0-9]+\.", number):
        raise BadScore(f"คะแนน {shown} ไม่ครบ: ต้องมีตัวเลขทั้งหน้าและหลังจุดทศนิยม เช่น 0.50 หรือ 93.66")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", number):
        raise BadScore(f"คะแนน {shown} ไม่ใช่ตัวเลข: {SCORE_RULE}")
    if re.match(r"0[0-9]", number):
        raise BadScore(f"คะแนน {shown} ขึ้นต้นด้วยศูนย์ที่เกินมา: ให้กรอกโดยไม่มีศูนย์นำหน้า เช่น 93.66")
    if len(number.partition(".")[2]) > 2:
        raise BadScore(f"คะแนน {shown} มีทศนิยมมากกว่า 2 ตำแหน่ง: ให้กรอกทศนิยมไม่เกิน 2 ตำแหน่ง เช่น 93.66")
    if len(number) > len("100.00") or Decimal(number) > HUNDRED:
        raise BadScore(f"คะแนน {shown} มากกว่า 100: คะแนนต้องอยู่ระหว่าง 0 ถึง 100 เช่น 93.66")
    return round_half_up(Decimal(number))


# --- years and dates ------------------------------------------------------------------------------------------------


def be_year_of(day: date) -> int:
    """The Buddhist-era calendar year of a day."""
    return day.year + BE_OFFSET


def fiscal_year_of(day: date) -> int:
    """The Thai fiscal year (B.E.) of a day: year N runs from 1 October N-1 to 30 September N."""
    return be_year_of(day) + (1 if day.month >= 10 else 0)


def fiscal_year_start(be_year: int) -> date:
    """1 October of the year before the given fiscal year (B.E.)."""
    return date(be_year - BE_OFFSET - 1, 10, 1)


def fiscal_year_end(be_year: int) -> date:
    """30 September of the given fiscal year (B.E.)."""
    return date(be_year - BE_OFFSET, 9, 30)


def long_date(day: date) -> str:
    """29 มีนาคม 2567"""
    return f"{day.day} {long_month(day)}"


def short_date(day: date) -> str:
    """29 มี.ค. 67"""
    return f"{day.day} {short_month(day)}"


def long_month(day: date) -> str:
    """ตุลาคม 2566"""
    return f"{LONG_MONTHS[day.month - 1]} {be_year_of(day)}"


def short_month(day: date) -> str:
    """ต.ค. 66"""
    return f"{SHORT_MONTHS[day.month - 1]} {be_year_of(day) % 100:02d}"


def period(start: date, end: date, *, short: bool = False) -> str:
    """A span of time from its first to its last day: "ตุลาคม 2566 – กันยายน 2567", short "ต.ค. 66 – ก.ย. 67".

    Whole months print by month (one month once); any other span prints with full dates. Raises ValueError when the
    end lies before the start.
    """
    if end < start:
        raise ValueError("a period ends before it starts")
    whole_months = start.day == 1 and end.day == monthrange(end.year, end.month)[1]
    by_month, by_day = (short_month, short_date) if short else (long_month, long_date)
    name = by_month if whole_months else by_day
    first, last = name(start), name(end)
    return first if first == last else f"{first} – {last}"


def clock(moment: time | datetime) -> str:
    """The time of day in hours and minutes: "14:32"."""
    return f"{moment:%H:%M}"


_MONTH_NUMBER = {
    name.replace(".", ""): number
    for names in (LONG_MONTHS, SHORT_MONTHS)
    for number, name in enumerate(names, start=1)
}
_DATE_RULE = "ให้กรอกวัน เดือน ปี พ.ศ. เช่น 29 มีนาคม 2567 หรือ 29/3/2567"
_WRITTEN_DATE = re.compile(r"([0-9]{1,2})\s*([ก-๎.]+?)\s*(?:พ\.?ศ\.?)?\s*([0-9]+)")
_NUMBER_DATE = re.compile(r"([0-9]{1,2})\s*([/.-])\s*([0-9]{1,2})\s*\2\s*([0-9]+)")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def parse_date(text: str) -> date:
    """Read a typed day: "1 ต.ค. 2566", "๑ ตุลาคม ๒๕๖๖", "1/10/2566", "2023-10-01", "1 ต.ค. 66".

    A year of two digits is B.E. 25xx; a year of four digits is B.E., or C.E. when it is below 2400. Raises BadDate with
    a Thai sentence when the day cannot be read or does not exist.
    """
    typed = text.strip(_BLANKS)
    shown = _quoted(typed)
    plain = re.sub(r"^วันที่\s*", "", " ".join(to_arabic(typed).split()))
    if not plain:
        raise BadDate(f"ยังไม่ได้กรอกวันที่: {_DATE_RULE}")
    if match := _ISO_DATE.fullmatch(plain):
        year_text, month, day = match[1], int(match[2]), int(match[3])
    elif match := _NUMBER_DATE.fullmatch(plain):
        day, month, year_text = int(match[1]), int(match[3]), match[4]
    elif (match := _WRITTEN_DATE.fullmatch(plain)) and match[2].replace(".", "") in _MONTH_NUMBER:
        day, month, year_text = int(match[1]), _MONTH_NUMBER[match[2].replace(".", "")], match[3]
    else:
        raise BadDate(f"อ่านวันที่ {shown} ไม่ได้: {_DATE_RULE}")
    if len(year_text) not in (2, 4):
        raise BadDate(f"วันที่ {shown} มีปี {year_text} ที่อ่านไม่ได้: ปีต้องมี 2 หรือ 4 หลัก เช่น 29 มีนาคม 2567")
    if not 1 <= month <= 12:
        raise BadDate(f"วันที่ {shown} ไม่มีจริง: เดือนต้องเป็น 1 ถึง 12 เช่น 29/3/2567")
    year = int(year_text)
    if len(year_text) == 2:
        year += 2500
    if year >= 2400:
        year -= BE_OFFSET
    if not 1900 <= year <= 2156:
        raise BadDate(f"วันที่ {shown} มีปีที่เป็นไปไม่ได้: ปีต้องอยู่ระหว่าง พ.ศ. 2443 ถึง 2699 เช่น 29 มีนาคม 2567")
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        in_month = f"{LONG_MONTHS[month - 1]} {year + BE_OFFSET}"
        raise BadDate(f"วันที่ {shown} ไม่มีจริง: เดือน{in_month} มีวันที่ 1 ถึง {days} เช่น {days} {in_month}")
    return date(year, month, day)


# --- item codes -----------------------------------------------------------------------------------------------------

_PREFIX = r"(?:ข้อ(?:ที่)?\s*)"
_WHOLE_CODE = re.compile(rf"{_PREFIX}?(?:([ieo])\s?0*|(0+))([1-9][0-9]?)\.?", re.IGNORECASE)
_WHOLE_NUMBER = re.compile(rf"{_PREFIX}?([1-9][0-9]?)\.?")
_DASH = r"[-\u2013\u2014]"
# A code with its letter ends at any sign but a decimal point; a zero written for the letter o must not be a piece of a
# longer number, date, time or telephone number.
_ZERO_LEFT = r"(?<![A-Za-z0-9])(?<![0-9][-./:])"
_RIGHT = r"(?(letter)(?![A-Za-z0-9]|\.[0-9])|(?![A-Za-z0-9]|[.:/][0-9]|-[0-9]))"
_CODES = re.compile(
    rf"""
    (?: (?<![A-Za-z0-9]) (?P<letter>[ieo]) \s? 0* | {_ZERO_LEFT} (?P<zero>0+) | (?P<item>{_PREFIX}) )
    (?P<number>[1-9][0-9]?)
    (?:
        (?: \s*{_DASH}\s* | \s+ถึง\s+ ) (?: (?P<last_letter>[ieo]) \s? 0* | 0+ ) (?P<last>[1-9][0-9]?) {_RIGHT}
      | {_DASH} (?P<bare_last>[1-9][0-9]?) {_RIGHT} (?!/[0-9])
      | {_RIGHT}
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_THOUSANDS = re.compile(r"(?<![0-9])[1-9][0-9]{0,2},$")
_ONLY_NUMBERS = re.compile(rf"\s*[1-9][0-9]?(?:\s*(?:,|\s|{_DASH}|และ)\s*[1-9][0-9]?)*\s*")


def parse_code(text: str, *, tool: str | None = None) -> str | None:
    """Read one item code as people write it: "ข้อ i๗" gives "i7", "O๑๔" gives "o14", "๐๑๑" (zero for o) gives "o11".

    A bare number or "ข้อ ๓๕" is an item only with tool="OIT". None when the text is anything else.
    """
    plain = to_arabic(text).strip(_BLANKS)
    if match := _WHOLE_CODE.fullmatch(plain):
        return f"{(match[1] or 'o').lower()}{match[3]}"
    if tool == "OIT" and (match := _WHOLE_NUMBER.fullmatch(plain)):
        return f"o{match[1]}"
    return None


def parse_codes(text: str, *, tool: str | None = None) -> list[str]:
    """All item codes in a free text, each once, in the order of their first mention.

    Lists ("i๘ , i๙") and ranges ("o11-o12", "o31-33", "e๑๑–e๑๒", "i1 ถึง i6") are opened. "ข้อ ๓๕", and a text that
    is nothing but numbers, are OIT items only with tool="OIT".
    """
    plain = to_arabic(text)
    if tool == "OIT" and _ONLY_NUMBERS.fullmatch(plain):
        plain = re.sub(
            r"(?<![0-9])(?<!-)(?<!\u2013)([1-9])", r"ข้อ \1", re.sub(rf"\s*({_DASH})\s*", r"\1", plain)
        )
    found: dict[str, None] = {}
    for match in _CODES.finditer(plain):
        if match["item"] and tool != "OIT":
            continue
        if match["zero"] and _THOUSANDS.search(plain, 0, match.start()):
            continue
        letter = (match["letter"] or "o").lower()
        first = int(match["number"])
        last_text = match["last"] or match["bare_last"]
        last_letter = (match["last_letter"] or "o").lower() if match["last"] else letter
        if last_text is None:
            found.setdefault(f"{letter}{first}")
        elif last_letter == letter and int(last_text) >= first:
            found.update((f"{letter}{number}", None) for number in range(first, int(last_text) + 1))
        else:
            found.setdefault(f"{letter}{first}")
            found.setdefault(f"{last_letter}{int(last_text)}")
    return list(found)


def code_key(code: str) -> tuple[int, int, str]:
    """Sort key of canonical codes: i before e before o, each by number, anything else last by its text."""
    if match := re.fullmatch(r"([ieo])([0-9]+)", code):
        return "ieo".index(match[1]), int(match[2]), ""
    return 3, 0, code
