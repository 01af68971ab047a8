"""The codes under which issued papers are verified: short, hard to guess, and hard to mistype."""

from __future__ import annotations

import re
import secrets

from ita_portal.thai import to_arabic

#: Crockford's 32 letters and digits: I, L, O and U are left out, which people mistake for 1, 0 and V.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 12, 4

_MISTAKEN = str.maketrans("OIL", "011")
#: Blanks, the invisible ones too, and everything that word processors and telephones make of a hyphen.
_BETWEEN = re.compile("[\\s\u00ad\u200b-\u200d\u2060\ufeff_\u2010-\u2015\u2212-]+")


def new_code() -> str:
    """Return a new code such as ``7K3M-9QWD-X2ZP``: 60 bits from the system's source of chance."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def clean_code(typed: str) -> str:
    """Return the code that a person has typed as it is printed, or "" where it can be none.

    Taken as well: small letters, blanks, other or no hyphens, Thai digits, O for 0, I and L for 1.
    """
    letters = _BETWEEN.sub("", to_arabic(typed)).upper().translate(_MISTAKEN)
    if len(letters) != LENGTH or not set(letters) <= set(ALPHABET):
        return ""
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))
