"""What must not come apart at the end of a line of Thai.

Pure functions on plain text. `tidy` gives plain text (escape it afterwards); `keep_together` and `keep_names` give
escaped HTML, because only a box keeps a long name whole and still lets it break at a word where a whole line is too
narrow for it. The no-break spaces hold in the PDF through `reports.pdf.glue`; the text layer reads them as spaces.
"""

import re
from collections.abc import Iterable

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

NBSP = "\u00a0"

_NUMBER = r"[0-9๐-๙]+(?:[.,/:][0-9๐-๙]+)*"
_MONTHS = (
    r"มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
    r"|ม\.ค\.|ก\.พ\.|มี\.ค\.|เม\.ย\.|พ\.ค\.|มิ\.ย\.|ก\.ค\.|ส\.ค\.|ก\.ย\.|ต\.ค\.|พ\.ย\.|ธ\.ค\."
)
#: Words that follow a number and belong to it.
_UNITS = (
    r"คะแนน|คน|ข้อ|ครั้ง|วัน|สัปดาห์|เดือน|ปี|บาท|ราย|แห่ง|หน่วยงาน|มาตรการ|กิจกรรม|โครงการ|ขั้นตอน|ตัวชี้วัด|ประเด็น|ด้าน|ฉบับ"
    r"|เรื่อง|ระดับ|ชั่วโมง|นาที|น\.|ช่องทาง|รอบ|หมู่บ้าน|ครัวเรือน|เปอร์เซ็นต์|%"
)
#: Words that a number follows and belongs to.
_LABELS = (
    r"ข้อที่|ข้อ|พ\.ศ\.|ค\.ศ\.|ส่วนที่|ตัวชี้วัดย่อยที่|ตัวชี้วัดที่|ตัวชี้วัด|ครั้งที่|รอบที่|รอบ|หมวดที่|หมวด|มาตรา|บทที่|หน้า|ลำดับที่|ลำดับ"
    r"|เล่มที่|ฉบับที่|หมู่ที่|เลขที่|วรรค|ร้อยละ|จำนวน|ระดับ|ไตรมาสที่|ไตรมาส|ด้านที่|ขั้นที่|ปีงบประมาณ|ประจำปี|ปี|วันที่|ที่|รวม|คะแนน|เวลา"
)
#: Ranks and titles that stand before a name with a space: พ.ต.อ. สมชาย, ว่าที่ ร.ต. สมชาย, ดร. สมหญิง.
_RANKS = r"(?:พล|พ|ร|จ|ส|ด)\.(?:[ก-ฮ]{1,2}\.){1,2}|ดร\.|ศ\.|รศ\.|ผศ\."

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # ๆ stays with the word that it repeats and stands free of the next: ต่างๆนานา becomes "ต่าง ๆ นานา".
    (re.compile(r"(?<=[\u0e01-\u0e4e])[ \u00a0]*ๆ"), NBSP + "ๆ"),
    (re.compile(r"ๆ(?=[\u0e01-\u0e2e\u0e40-\u0e44])"), "ๆ "),
    (re.compile(r"(?<=[\u0e01-\u0e4e)]) *ฯลฯ"), NBSP + "ฯลฯ"),
    (
        re.compile(
            rf"(?<![0-9๐-๙.,])({_NUMBER}) +(?=(?:{_UNITS}|{_MONTHS})(?!ที่|[\u0e30-\u0e3a\u0e45-\u0e4e]))"
        ),
        rf"\1{NBSP}",
    ),
    (re.compile(rf"({_LABELS}) +(?=[ieoIEO]?[0-9๐-๙])"), rf"\1{NBSP}"),
    (re.compile(rf"(?<![\u0e01-\u0e4e.])({_RANKS}) +(?=[\u0e01-\u0e2e\u0e40-\u0e44])"), rf"\1{NBSP}"),
    (re.compile(r"ว่าที่ +(?=(?:ร\.|ร้อย|พัน))"), "ว่าที่" + NBSP),
)


def tidy(text: str) -> str:
    """Return `text` with what belongs together joined by no-break spaces.

    ``ๆ`` and ``ฯลฯ`` with the word before, a number with its unit (๙๓.๖๖ คะแนน), a label with its number (ข้อ i๗,
    พ.ศ. ๒๕๖๗, ส่วนที่ ๒), a day with its month, a rank with a name. ``ต่างๆ`` becomes ``ต่าง ๆ``. A month and its year stay
    separable, so that dates fit narrow columns. Plain text in, plain text out; doing it twice changes nothing more.
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def keep_together(text: str) -> SafeString:
    """Return `text`, escaped, as HTML that no line breaks inside: names of people, places and organisations.

    Where even a whole line is too narrow for it, it breaks at a word.
    """
    return format_html('<span class="keep">{}</span>', text)


def keep_names(text: str, names: Iterable[str]) -> SafeString:
    """Return `text`, escaped, in which each of `names` is kept together along with the brackets that touch it."""
    found = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    if not found:
        return conditional_escape(text)
    pattern = re.compile(r"([(\[“‘\"]*(?:" + "|".join(map(re.escape, found)) + r")[)\]”’\",.;:]*)")
    pieces = pattern.split(str(text))
    return mark_safe(
        "".join(
            keep_together(piece) if index % 2 else conditional_escape(piece)
            for index, piece in enumerate(pieces)
        )
    )
