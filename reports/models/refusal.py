"""Deeds that cannot be done now."""

from __future__ import annotations


class Refusal(Exception):
    """A deed that cannot be done now. Its text is a Thai sentence for the person: what stands, and what to do.

    Every subclass has a sentence of its own; where it names a person or a day it is given when raised.
    """

    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)
