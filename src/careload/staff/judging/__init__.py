"""Does a plan do what it should, and whom does it harm?

Takes what may be true of a service, a plan's changes and goals. Gives, by simulation, in which share of runs
each goal is met (`judge`), and every hidden side that the plan makes worse (`harms`).
"""

from careload.staff.judging.hidden import MARGIN, SURE, Harm, Side, harms, sides
from careload.staff.judging.judged import Judged, Judgement, judge

__all__ = ["MARGIN", "SURE", "Harm", "Judged", "Judgement", "Side", "harms", "judge", "sides"]
