"""Scores as people paste and upload them: table rows, result pages, old documents, CSV files.

Pure: text or bytes and the targets of one instrument in, readings and refusals out. Nothing is guessed: what can be read
in two ways is refused with a Thai sentence that names the line, the value, the rule and an example.

Codes: questions "i7", "e9", "o11"; indicators "indicator-1"; sub-indicators "9.1"; tools "IIT", "EIT", "OIT"; "total".
Part 0 is a single value; a question that is surveyed in two parts has parts 1 and 2 only, its tool has 0, 1 and 2.
"""

from .asked import MAX_BYTES, TOTAL, BadFile, Found, Reading, Refused, Target, spoken
from .paste import read_text
from .score_file import read_csv

__all__ = [
    "MAX_BYTES",
    "TOTAL",
    "BadFile",
    "Found",
    "Reading",
    "Refused",
    "Target",
    "read_csv",
    "read_text",
    "spoken",
]
