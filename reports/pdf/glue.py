"""Line breaks that Thai must not have: no-break spaces and word joiners that hold.

Pango 1.50 lets libthai set a break at the start of every Thai run, also after a no-break space or a word joiner:
``๙๓.๖๖ คะแนน`` and ``ส่วนที่ ๒`` come apart, and so does ``ฯลฯ``. Pango's own attribute "allow breaks: no", put on
these places, mends it. The wrapper lives only inside the ``with`` block of `holding`, as in `text_layer`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from inspect import signature
from typing import Any

import weasyprint
from weasyprint.text import line_break
from weasyprint.text.ffi import ffi, pango

KNOWN_SIGNATURE = "(self, text, justify=False)"
if str(signature(line_break.Layout.set_text)) != KNOWN_SIGNATURE:
    raise ImportError(
        f"reports.pdf.glue knows WeasyPrint 70; in {weasyprint.__version__} Layout.set_text is "
        f"{signature(line_break.Layout.set_text)} instead of {KNOWN_SIGNATURE}. "
        "Pin weasyprint>=70,<71, or mend glue.py and run tests/reports/test_pdf_engine.py."
    )
if not hasattr(pango, "pango_attr_allow_breaks_new"):
    # Not among the functions that WeasyPrint itself declares (Pango has it since 1.44).
    ffi.cdef("PangoAttribute* pango_attr_allow_breaks_new(gboolean allow_breaks);")

#: Words of these papers that libthai takes apart at a place where no reader would. Short ones only.
WORDS = [
    "ฯลฯ",
    "ตัวชี้วัดที่",
    "ตัวชี้วัด",
    "ส่วนที่",
    "ข้อที่",
    "ภาครัฐ",
    "ภาคเอกชน",
    "หน่วยงาน",
    "ผู้บริหาร",
    "ผลประโยชน์",
    "เว็บไซต์",
    "ระยะเวลา",
    "ข้อเสนอแนะ",
    "ข้อจำกัด",
    "สำนักปลัด",
    "กองคลัง",
    "กองช่าง",
    "ผู้อำนวยการ",
    "ดำเนินการ",
    "ดำเนินงาน",
    "ปฏิบัติงาน",
    "รายงานผล",
    "ประเมินผล",
    "ช่องทาง",
    "แบบวัด",
    "ของกำนัล",
    "ประจำปี",
    "ต่ำสุด",
    "สูงสุด",
    "เพิ่มขึ้น",
    "ลดลง",
    "หรือไม่",
    "เพียงใด",
    "ผ่านดีเยี่ยม",
    "ผ่านดี",
    "โดยด่วน",
]
#: What no line may end inside: a no-break character with its neighbours, or one of the words.
HELD = re.compile("(?=([^\\s]?[\u00a0\u2060\u202f]+.?|" + "|".join(WORDS) + "))", re.DOTALL)
#: In a column narrower than this (in ems) everything may break: else words would be cut between any two letters.
NARROW = 6

_set_text = line_break.Layout.set_text


@contextmanager
def holding() -> Iterator[None]:
    """Lay text out inside this block with no-break characters that hold. The caller must hold a lock."""
    line_break.Layout.set_text = _set_text_with_glue
    try:
        yield
    finally:
        line_break.Layout.set_text = _set_text


def held_ranges(text: str) -> list[tuple[int, int]]:
    """Return the stretches of `text`, as (start, end) in UTF-8 bytes, inside which no line may end.

    They may overlap.
    """
    ranges, at, passed = [], 0, 0
    for match in HELD.finditer(text):
        passed += len(text[at : match.start()].encode())
        at = match.start()
        ranges.append((passed, passed + len(match[1].encode())))
    return ranges


def _set_text_with_glue(layout: Any, text: str, justify: bool = False) -> None:
    """Give `layout` its text as WeasyPrint does, then forbid the breaks of `held_ranges`."""
    _set_text(layout, text, justify)
    narrow = layout.max_width is not None and layout.max_width < NARROW * layout.style["font_size"]
    if narrow or not (ranges := held_ranges(layout.text)):
        return
    attributes = pango.pango_layout_get_attributes(layout.layout)
    if attributes == ffi.NULL:
        attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end in ranges:
        attribute = pango.pango_attr_allow_breaks_new(False)
        attribute.start_index, attribute.end_index = start, end
        pango.pango_attr_list_change(attributes, attribute)
    pango.pango_layout_set_attributes(layout.layout, attributes)
