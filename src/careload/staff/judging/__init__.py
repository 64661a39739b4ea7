"""Does a plan do what it should, and whom does it harm?

Takes what may be true of a service, a plan's changes and goals. Gives, by simulation, in which share of runs
each goal is met (`judge`), every hidden side that the plan makes worse (`harms`), and what a year of it costs
(`cost_of`).
"""

from careload.staff.judging.cost import Cost, cost_of
from careload.staff.judging.hidden import MARGIN, SURE, Harm, Side, harms, sides
from careload.staff.judging.judged import Judged, Judgement, judge

__all__ = [
    "MARGIN", "SURE", "Cost", "Harm", "Judged", "Judgement", "Side", "cost_of", "harms", "judge", "sides",
]
