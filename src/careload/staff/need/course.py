"""One patient's way through care when every visit is offered on the day it is due.

Visit by visit, n = 1 the intake. A visit is due d days after the one before: 1 day after asking for the
intake, else the cadence of the stage. A visit missed is due again b days later (`rebook_days`).

    p, p'      chance that the first try, a later try is missed, by the days booked ahead (d, b)
    l          chance to be still there a day later: (1 - died) (1 - moved), each by day
    held j     = l^(d + j b) x (1 - p) for j = 0,  l^(d + j b) x p p'^(j-1) (1 - p')  for j = 1 … K - 1 misses
    held       = sum over j of held j
    too many   = l^(d + (K-1) b) x p p'^(K-1)           care ends after K misses in a row
    missed     = sum over j of l^(d + j b) x p p'^j                    j = 0 … K - 1
    progress j = min(2, chance x exp(-loss x log2((d + j b) / d)))     visits' worth; the intake: chance

    planned n    = share of patients for whom visit n is planned;  planned 1 = 1
    completed n  = planned n x held x P(progress so far is all they need | it was not before)
    dropped n    = planned n x too many + (planned n x held - completed n) x dropout_per_visit
    planned n+1  = (planned n x held - completed n) x (1 - dropout_per_visit)
    left n       = the rest: died or moved

    visits = sum over n of planned n x held;   completed + dropped + left = 1

Where every visit is like every other (one cadence, nobody dies or moves, no-shows rebooked without end, no
loss), with c = dropout_per_visit and P = progress_chance this is, in closed form,

    visits = (1 - E[z^N]) / c,   z = P (1 - c) / (1 - (1 - P) (1 - c))
    E[z^N] = z exp(-(visits_needed - 1) (1 - z))

as visits needed are N = 1 + Poisson(visits_needed - 1); and as c -> 0, visits = visits_needed / P.

What it assumes: nobody is overdue, so that nobody drops out, gets well untreated or falls into crisis for
waiting (the registry counts these by the day overdue: in time they are nothing); a gap is longer than the
cadence only by misses; every day is open; no clinician leaves in mid-treatment (some patients of a leaver are
lost: leaving that out asks for slightly more visits, not for fewer).

Source: the equations of the simulated day (docs/simulator.md) at a wait of zero (C); the numbers are those of
the service file.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service

Numbers = NDArray[np.float64]

DAYS_A_YEAR, DAYS_A_WEEK, DAYS_TO_INTAKE = 365.25, 7, 1
MOST_PROGRESS = 2
NEGLIGIBLE = 1e-13


@dataclass(frozen=True)
class Course:
    """What one person who asks brings, on average.

    intakes         first visits held
    intakes_missed  first visits missed
    returns         return visits held
    returns_missed  return visits missed
    weeks_to_intake  weeks from asking to the end of waiting for the first visit
    weeks           weeks in care after the first visit
    completed       share who complete their care
    dropped         share who drop out
    left            share who die or move away
    """

    intakes: float
    intakes_missed: float
    returns: float
    returns_missed: float
    weeks_to_intake: float
    weeks: float
    completed: float
    dropped: float
    left: float

    @property
    def visits(self) -> float:
        """Visits held."""
        return self.intakes + self.returns

    @property
    def missed(self) -> float:
        """Visits missed."""
        return self.intakes_missed + self.returns_missed


@dataclass(frozen=True)
class Try:
    """What becomes of one planned visit.

    missed    mean number of misses
    days      mean evenings until it is held or care ends
    too_many  chance that care ends for misses
    steps     (3,) chance that it is held and brings 0, 1, 2 visits' worth of progress
    """

    missed: float
    days: float
    too_many: float
    steps: Numbers

    @property
    def held(self) -> float:
        """Chance that it is held."""
        return float(self.steps.sum())


def course_of(service: Service, need: str) -> Course:
    """The way of a patient of a need group through care, all visits in time.

    service  whose cadence, no-shows and chances count
    need     name of the need group

    Gives a `Course`: numbers for one person who asks.
    """
    own = service["need"][need]
    quits = own["dropout_per_visit"] if service["mechanisms"]["hazards"] else 0.0
    more = more_needed(own["visits_needed"])
    tries = {days: _try(service, own, days, first=False) for days in set(own["cadence_days"])}
    intake = _try(service, own, DAYS_TO_INTAKE, first=True)
    sums = np.zeros(5)  # held, missed, evenings, completed, dropped
    first = np.zeros(5)
    # Share in care by progress made, were need no matter: what is needed is independent of what is made.
    made, visits, planned = np.array([1.0]), 0, 1.0
    while planned > NEGLIGIBLE:
        one = intake if visits == 0 else tries[_cadence(own, visits)]
        after = np.convolve(made, one.steps)[: len(more)]
        going_on = float(after @ more[: len(after)])
        completed = planned * one.held - going_on
        sums += planned * np.array([one.held, one.missed, one.days, 0.0, one.too_many])
        sums += np.array([0.0, 0.0, 0.0, completed, going_on * quits])
        if visits == 0:
            first = sums.copy()
        made, planned, visits = after * (1 - quits), going_on * (1 - quits), visits + 1
    return _course(first, sums)


def _course(first: Numbers, sums: Numbers) -> Course:
    held, missed, evenings = (sums - first)[:3]
    completed, dropped = float(sums[3]), float(sums[4])
    return Course(
        intakes=float(first[0]), intakes_missed=float(first[1]),
        returns=float(held), returns_missed=float(missed),
        weeks_to_intake=float(first[2]) / DAYS_A_WEEK, weeks=float(evenings) / DAYS_A_WEEK,
        completed=completed, dropped=dropped, left=max(0.0, 1 - completed - dropped),
    )


def more_needed(mean: float) -> Numbers:
    """Chance that more than 0, 1, 2, … visits' worth are needed: 1 + Poisson(mean - 1)."""
    others, most = mean - 1, int(mean + 12 * math.sqrt(mean) + 40)
    chances = np.cumprod([1.0, *(others / np.arange(1, most))]) * math.exp(-others)
    # Summed from the top, so that small chances hold; the first is 1: everybody needs more than none.
    return np.asarray(np.cumsum(chances[::-1])[::-1])


def missed_chance(service: Service, kind: str, lead_days: float) -> float:
    """Chance that a visit booked so many days ahead is missed: soon + (late - soon) (1 - exp(-lead / scale)).

    kind  ``intake`` or ``return``
    """
    told = service["no_show"]
    soon, late = float(told[f"{kind}_soon"]), float(told[f"{kind}_late"])
    lead = lead_days if service["mechanisms"]["lead_time"] else 0.0
    return soon - (late - soon) * math.expm1(-lead / told["scale_days"])


def _cadence(need: Mapping[str, Any], visits: int) -> float:
    """Days planned from a visit to the next when so many have been held."""
    return float(need["cadence_days"][bisect_right(need["stage_from_visit"], visits) - 1])


def _try(service: Service, need: Mapping[str, Any], days: float, first: bool) -> Try:
    kind, again, stays = "intake" if first else "return", service["policy"]["rebook_days"], _stays(need)
    miss, miss_again = (missed_chance(service, kind, lead) for lead in (days, again))
    most = int(service["policy"]["drop_after_no_shows"])
    reached, gap, missed, evenings, steps = stays**days, days, 0.0, _evenings(stays, days), np.zeros(3)
    for misses in range(most):
        chance = miss if misses == 0 else miss_again
        doubled = 0.0 if first else math.log2(gap / days)
        steps += reached * (1 - chance) * _steps(service, need, doubled)
        missed += reached * chance
        reached *= chance
        if misses < most - 1:
            evenings += reached * _evenings(stays, again)
            reached *= stays**again
        gap += again
    return Try(missed, evenings, reached, steps)


def _steps(service: Service, need: Mapping[str, Any], doubled: float) -> Numbers:
    """(3,) chance of 0, 1, 2 visits' worth: the whole part is sure, the rest is a chance."""
    loss = need["progress_lost_per_doubling"] if service["mechanisms"]["progress_by_gap"] else 0.0
    progress = min(float(MOST_PROGRESS), need["progress_chance"] * math.exp(-loss * max(0.0, doubled)))
    whole = min(int(progress), MOST_PROGRESS - 1)
    found = np.zeros(3)
    found[whole], found[whole + 1] = 1 - (progress - whole), progress - whole
    return found


def _stays(need: Mapping[str, Any]) -> float:
    """Chance to be alive and not to have moved a day later."""
    years = (1 - need["died_per_year"]) * (1 - need["moved_per_year"])
    return float(years ** (1 / DAYS_A_YEAR))


def _evenings(stays: float, days: float) -> float:
    """Evenings spent waiting for a day so far ahead, by somebody who may be gone before."""
    return days if stays >= 1 else (1 - stays**days) / (1 - stays)
