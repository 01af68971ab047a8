"""The papers: one function each, from what is kept to a `Paper` that prints as HTML.

All that a paper says beyond the person's own texts is worked out here, from the same result that the web pages
show: sentences, counts and orders are generated, never typed. Texts carry Arabic digits and plain blanks until
the templates print them through the filters of `reports.templatetags.paper`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from measures.models import MeasurePlan

from .analysis import analysis_paper
from .paper import Paper
from .plan import plan_paper

__all__ = ["KINDS", "Paper", "PaperKind", "analysis_paper", "plan_paper"]


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper that a plan prints.

    key: its name in commands and addresses; name: its title in Thai; short: the same where there is little room;
    names_measured_year: whether it speaks of the measured year N−1, not of the plan's year N.
    """

    key: str
    name: str
    short: str
    make: Callable[..., Paper]
    names_measured_year: bool = False

    def year_of(self, plan: MeasurePlan) -> int:
        """The fiscal year, B.E., that the paper names."""
        return plan.assessment.be_year if self.names_measured_year else plan.be_year


KINDS = {
    kind.key: kind
    for kind in (
        PaperKind("plan", "มาตรการส่งเสริมคุณธรรมและความโปร่งใส", "มาตรการ", plan_paper),
        PaperKind(
            "analysis",
            "รายงานการวิเคราะห์ผลการประเมินคุณธรรมและความโปร่งใส",
            "รายงานการวิเคราะห์",
            analysis_paper,
            names_measured_year=True,
        ),
    )
}
