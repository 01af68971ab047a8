"""What will be done: the plan of measures for a fiscal year, drafted from the year before's scores."""

from .excuse import Excuse
from .history import Change
from .library import LibraryEntry
from .measure import Measure, MeasureStep, StepEdit
from .plan import MeasurePlan
from .settings import Digits, PaperKind, PaperSettings
from .text import PlanText

__all__ = [
    "Change",
    "Digits",
    "Excuse",
    "LibraryEntry",
    "Measure",
    "MeasurePlan",
    "MeasureStep",
    "PaperKind",
    "PaperSettings",
    "PlanText",
    "StepEdit",
]
