"""What a plan costs a year, over the days on which its goals have to hold.

    pay        = posts held x FTE x pay                                             (counted in the runs)
    on-costs   = on_costs_share x pay
    hiring     = clinicians hired x what finding and training one costs             (counted)
    elsewhere  = patients seen elsewhere x what each costs                          (counted)
    support    = hours less for each patient and week x patients x weeks x cost of an hour
    others     = cost of a unit x units by which the lever is moved

Leaving costs what it makes: hiring, and pay that is saved while a post is vacant. Nothing is taken off for
emergency visits that do not happen: no good source says how many these are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.simulate import Simulated, figure_named, groups
from careload.staff.goals import Goals, Lever, parts_of, value_at

Numbers = NDArray[np.float64]
WEEKS_A_YEAR = 365.25 / 7
COUNTED = {"pay": "pay_cost", "hiring": "hiring_cost", "elsewhere": "outside_cost"}


@dataclass(frozen=True)
class Cost:
    """Money a year, in the currency of the service.

    parts  pay, on-costs, hiring, elsewhere and the name of each lever with a price, to (runs,) amounts
    """

    parts: Mapping[str, Numbers]

    @property
    def whole(self) -> Numbers:
        """(runs,) all of it."""
        return np.asarray(sum(self.parts.values()))


def cost_of(
    ran: Simulated, worlds: Sequence[Service], goals: Goals, values: Mapping[str, float]
) -> Cost:
    """What a year costs in each run.

    ran     of the plan, over the days of its goals
    worlds  the service as it may be today, one for each run
    goals   limits and levers: on-costs, and what levers cost
    values  dotted places that levers move to what they are given; none for today
    """
    parts = {name: _counted(ran, measure) for name, measure in COUNTED.items()}
    parts["on-costs"] = goals.limits.on_costs_share * parts["pay"]
    for lever in goals.levers:
        moved = {place: np.array([values[place] - value_at(world, place) for world in worlds])
                 for place in lever.places() if place in values}
        if lever.kind.price in ("unit", "hour") and any(each.any() for each in moved.values()):
            parts[lever.kind.name] = _of_lever(ran, lever, moved)
    return Cost(parts)


def _of_lever(ran: Simulated, lever: Lever, moved: Mapping[str, Numbers]) -> Numbers:
    """(runs,) of a lever with a price of its own."""
    if lever.kind.price == "unit":
        return np.asarray(lever.cost * sum(abs(each) for each in moved.values()))
    hours = sum(-each * _patients_of(ran, parts_of(place)[1])
                for place, each in moved.items())
    return np.asarray(lever.cost * WEEKS_A_YEAR * hours)


def _patients_of(ran: Simulated, profession: str) -> Numbers:
    """(runs,) patients on the caseloads of a profession; of all where there is only one."""
    some = list(groups(ran.service))
    own = next((group for group in some if group.by == {"profession": profession}), some[0])
    caseload, held = (np.nan_to_num(ran.values(figure_named(name, "mean"), own))
                      for name in ("caseload", "posts_held"))
    return np.asarray(caseload * held)


def _counted(ran: Simulated, measure: str) -> Numbers:
    return np.nan_to_num(ran.values(figure_named(measure, "rate"), next(groups(ran.service))))
