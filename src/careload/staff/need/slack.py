"""What is kept free so that chance does not make people wait: from a standard to posts.

A visit is in time when it is held at most `late_days` after the day it is due; `share` of visits are to be.
With R the load (posts that would be busy without a pause) and mu the visits a post holds in a day:

    a line for each clinician   P(late) = r exp(-(1 - r) mu late_days) = 1 - share, solved for r = R / s
                                s = R / r,  told as beta = (s - R) / sqrt(R)
    one line for all            P(late) = W(beta) exp(-beta sqrt(R) mu late_days) = 1 - share, solved for beta
                                s = R + beta sqrt(R),   W(beta) = 1 / (1 + beta Phi(beta) / phi(beta))

The first is Erlang R with one clinician, the second its approximation for many: visits that return find the
line as an M/M/s with all visits as arrivals does. Both take visits for irregular in length and slots for
interchangeable; a template is more regular, so they keep rather too much free than too little.

Source: Yom-Tov & Mandelbaum 2014 (R, abstract), Halfin & Whitt 1981 (M), both checked by computation
(`clinic.formulas.erlang_r`, C). `late_days` 7: a limit of ten business days from the visit before
(California, SB 221, R) is two weeks, so one week beyond a weekly cadence (assumed). `share` 0.9: assumed, as
that text names none.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from careload.clinic import formulas
from careload.staff.need.inputs import at_least_zero, between_zero_and_one

HALVINGS, MOST_BETA, LEAST = 80, 30.0, 1e-12


@dataclass(frozen=True)
class InTime:
    """What "in time" means.

    share      of visits that are to be held in time, above 0 and below 1
    late_days  days after the day it is due on which a visit is still in time, 0 or more
    """

    share: float = 0.9
    late_days: float = 7

    def __post_init__(self) -> None:
        between_zero_and_one("share", self.share)
        at_least_zero("late_days", self.late_days, "days")

    def __str__(self) -> str:
        return f"{self.share:.0%} of visits at most {self.late_days:g} days after they are due"


def busy_share(visits_a_day: float, goal: InTime) -> float:
    """How busy a clinician with a line of their own may be: R / s, above 0 and below 1.

    visits_a_day  visits that a post holds on a day (of seven a week), above 0
    """
    def late(busy: float) -> float:
        queue = formulas.erlang_r_queue(busy * visits_a_day, visits_a_day, 0.0, 1)
        return queue.longer_than(goal.late_days)

    return _solved(late, 1 - goal.share, LEAST, 1 - LEAST)


def reserve(load: float, visits_a_day: float, goal: InTime) -> float:
    """beta of square-root staffing where all clinicians share one line.

    load          R, posts that would be busy, above 0
    visits_a_day  visits that a post holds on a day, above 0
    """
    def in_time(beta: float) -> float:
        spare = beta * math.sqrt(load) * visits_a_day * goal.late_days
        return -formulas.chance_of_waiting(beta) * math.exp(-spare)

    return _solved(in_time, goal.share - 1, LEAST, MOST_BETA)


def _solved(rising: Callable[[float], float], value: float, low: float, high: float) -> float:
    """Where a rising function reaches a value, by halving."""
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < value else (low, middle)
    return (low + high) / 2
