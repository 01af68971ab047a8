"""What was measured: the instrument of each fiscal year, and the scores of an organisation on it."""

from .assessment import Assessment, Score
from .instrument import Instrument, Item, targets_of
from .recommendation import Recommendation

__all__ = [
    "Assessment",
    "Instrument",
    "Item",
    "Recommendation",
    "Score",
    "targets_of",
]
