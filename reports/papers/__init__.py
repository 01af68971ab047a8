"""The papers: one function each, from what is kept to a `Paper` that prints as HTML.

All that a paper says beyond the person's own texts is worked out here, from the same result that the web pages
show: sentences, counts and orders are generated, never typed. Texts carry Arabic digits and plain blanks until
the templates print them through the filters of `reports.templatetags.paper`.
"""

from .paper import Paper
from .plan import plan_paper

__all__ = ["Paper", "plan_paper"]
