"""How a new clinician grows into the template.

    slots offered in week w after being hired = days present / 5 x (full template x s(w) - what overload took)
    s(w) = from + (1 - from) x days since hired / (7 ramp_weeks), at most 1

The full template of the clinician's team is what those settled in offer (`template`). Slots of a week scatter
around it with a variance of phi times their mean: phi from the residuals, at least what rounding makes. Both
parameters as believed before, so that few hires leave them where the literature has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import ibis
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from careload.model.belief import Beliefs, Found
from careload.model.chances import Numbers, most_likely
from careload.model.direct.hours import clinician_weeks
from careload.model.direct.teams import team_name
from careload.model.direct.template import KINDS, offered_slots
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range
from careload.model.prior import Prior, sure_prior_of
from careload.model.staffing import days_after

WEEKS, MIDDLE_OF_WEEK = 52, 3.0
LEAST_SPREAD = 0.1
"""Slots written as whole ones scatter at least so much of their mean (assumed)."""
PUT_OFF = ("overflow_displaced", "visit_hours", "note_hours")
LEAST_SLOTS = 0.05
LEAST_WEEKS, ROUNDS = 8, 3
FORMULA = "slots of new clinicians by week since hired / those of the settled of their team"
PLACES = ("ramp_from", "ramp_weeks")


@dataclass(frozen=True)
class Hires:
    """Weeks of new clinicians.

    hire   whose
    week   whole weeks since hired
    slots  offered
    full   what the template would offer
    taken  of it, what overload of the week before takes away
    """

    hire: NDArray[Any]
    week: Numbers
    slots: Numbers
    full: Numbers
    taken: Numbers

    def mean(self, x: Numbers) -> Numbers:
        """Slots to be expected; x: log-odds of the first share, logarithm of the weeks."""
        return np.maximum(self.full * speed(x, self.week) - self.taken, LEAST_SLOTS)


NONE = Hires(np.zeros(0, dtype=object), *(np.zeros(0) for _ in range(4)))


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Share of the template at first, and weeks until all of it."""
    hires = counted(evidence, so_far)
    if len(hires.week) < LEAST_WEEKS:
        return
    spread = 1.0
    chance = evidence.generator("ramp_up")
    start = [_prior(name).centre for name in PLACES]
    for _ in range(ROUNDS):
        top, draws = most_likely(partial(_misfit, hires=hires, spread=spread), start, chance)
        spread, start = max(LEAST_SPREAD, unevenness_of(top, hires)), list(top)
    counts = {"hires": len(np.unique(hires.hire)), "their weeks": len(hires.week),
              "slots": int(hires.slots.sum())}
    for place, back in enumerate((expit, np.exp)):
        yield Found(f"workforce.{PLACES[place]}", float(back(top[place])), FORMULA, counts,
                    np.asarray(back(draws[:, place])))


def speed(x: Numbers, week: Numbers) -> Numbers:
    """Share of the template in a week since hired; x: log-odds of the first share, logarithm of the weeks."""
    first = expit(x[0])
    day = 7 * week + MIDDLE_OF_WEEK
    return np.asarray(np.minimum(1.0, first + (1 - first) * day / (7 * np.exp(x[1]))))


def _misfit(x: Numbers, hires: Hires, spread: float) -> float:
    """Minus the logarithm of quasi-likelihood and prior."""
    mean = hires.mean(x)
    fit = (hires.slots * np.log(mean) - mean).sum() / spread
    apart = sum(_prior(name).away(value) ** 2 for value, name in zip(x, PLACES, strict=True))
    return float(-fit + 0.5 * apart)


def unevenness_of(x: Numbers, hires: Hires) -> float:
    """Variance over mean of slots: between weeks, or, where that is more, between hires."""
    mean = hires.mean(x)
    by_week = float(((hires.slots - mean) ** 2 / mean).sum() / max(len(mean) - 2, 1))
    _, whose = np.unique(hires.hire, return_inverse=True)
    slots, means = np.bincount(whose, hires.slots), np.bincount(whose, mean)
    by_hire = float(((slots - means) ** 2 / means).sum() / max(len(means), 1))
    return max(by_week, by_hire)


def counted(evidence: Evidence, so_far: Beliefs) -> Hires:
    """Weeks of those hired since the records began, up to a year each."""
    staffing = evidence.staffing
    first = ibis.literal(evidence.first)
    people = staffing.people.filter(staffing.people.hired_on > first)
    everybody = offered_slots(evidence)
    rows = everybody.rename(whose="clinician")
    rows = people.join(rows, people.clinician == rows.whose)
    week = (rows.day.delta(rows.hired_on, unit="day").cast("int64") // 7).cast("int64")
    rows = rows.mutate(week=week).filter((week >= 0) & (week < WEEKS))
    slots = columns_of(rows.group_by("clinician", "week").agg(slots=rows.slots.sum()))
    offered = dict(zip(zip(slots["clinician"], slots["week"], strict=True), slots["slots"], strict=True))
    last = people.left_on.fill_null(evidence.as_of)
    # Every week of the records has slots of somebody: their numbers serve as weeks since hired.
    number = (everybody.day.delta(first, unit="day").cast("int64") // 7).cast("int64")
    weeks = everybody.mutate(week=number).select("week").distinct().filter(ibis._.week < WEEKS)
    spans = people.mutate(last=last).cross_join(weeks)
    begin = days_after(spans.hired_on, 7 * spans.week)
    spans = spans.mutate(first=begin, last=ibis.least(days_after(begin, 6), spans["last"]))
    spans = spans.select("clinician", "site", "profession", "week", "first", "last")
    there = staffing.presence(spans.filter(spans["last"] >= spans["first"]))
    found = columns_of(there.order_by("clinician", "week"))
    if not len(found["days"]):
        return NONE
    present = np.maximum(found["days"] - found["sick"] - found["leave"] - found["strike"], 0)
    full = np.array([full_template(so_far, site, profession)
                     for site, profession in zip(found["site"], found["profession"], strict=True)])
    expected, weeks = present * full / 5, list(zip(found["clinician"], found["week"], strict=True))
    given = np.array([float(offered.get(key, 0)) for key in weeks])
    lost = put_off_slots(evidence, so_far)
    taken = np.array([lost.get(key, 0.0) for key in weeks])
    kept = expected > 0
    return Hires(found["clinician"][kept], found["week"][kept].astype(float), given[kept], expected[kept],
                 taken[kept] * present[kept] / 5)


def put_off_slots(evidence: Evidence, so_far: Beliefs) -> dict[tuple[str, int], float]:
    """By new clinician and week since hired: return slots a week that overload of the week before takes
    away."""
    if not evidence.has("hours.paid"):
        return {}
    rows = clinician_weeks(evidence)
    middle = days_after(rows.week_start, int(MIDDLE_OF_WEEK))
    week = (middle.delta(rows.hired_on, unit="day").cast("int64") // 7).cast("int64")
    rows = rows.mutate(since=week).filter(rows.hired_on > ibis.literal(evidence.first))
    rows = rows.filter(rows.put_off.notnull() & (rows.since >= 0) & (rows.since < WEEKS))
    found = columns_of(rows.group_by("profession", "clinician", "since").agg(hours=rows.put_off.mean()))
    lost = {}
    for profession, who, since, hours in zip(*(found[name].tolist() for name in found), strict=True):
        places = [f"profession.{profession}.{name}" for name in PUT_OFF]
        if all(place in so_far for place in places):
            share, visit, note = (float(so_far[place].value) for place in places)
            lost[who, since] = share * hours / (visit + note)
    return lost


def full_template(so_far: Beliefs, site: str, profession: str) -> float:
    """Slots a week of a settled clinician of a team; 0 where nobody knows."""
    places = [f"team.{team_name(site, profession)}.{name}" for name in KINDS.values()]
    return float(sum(so_far[place].value for place in places if place in so_far))


def _prior(name: str) -> Prior:
    return sure_prior_of(f"workforce.{name}")


FAMILY = Family("ramp-up", ("clinicians.hired_on", "appointments.clinician"), find)
