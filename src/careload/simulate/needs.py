"""A need group as the numbers the compiled day runs on: hazards, cadence, progress, visits needed."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from careload.clinic import Service, registry
from careload.simulate.kernel.chance import limit
from careload.simulate.kernel.records import (
    BLOCK,
    DAYS_SHOWN,
    MOST_QUANTILES,
    MOST_STAGES,
    MOST_VISITS,
    Numbers,
    Whole,
)

DAYS_A_YEAR, DAYS_A_MONTH = 365.25, 365.25 / 12
MOST_PROGRESS = 2.0
"""A visit after a long gap brings at most what two bring at the planned cadence."""

assert registry()["need"].parameters["cadence_days"].most == MOST_STAGES


def if_on(service: Service, mechanism: str, value: float, otherwise: float = 0.0) -> float:
    """`value` where a mechanism is on, else the value at which it does nothing."""
    return value if service["mechanisms"][mechanism] else otherwise


def log_survival(probability: float) -> float:
    """Logarithm of the chance that something of this probability does not happen; 0 for never."""
    return math.log1p(-min(probability, 1 - 1e-15))


def need_numbers(service: Service, need: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of NEED, by name."""
    drop, crisis = (if_on(service, "hazards", need[f"{way}_per_day"]) for way in ("dropout", "crisis"))
    remit = if_on(service, "hazards", 1 - (1 - need["remission_per_month"]) ** (1 / DAYS_A_MONTH))
    stays = (1 - drop) * (1 - remit) * (1 - crisis)
    any_end = 1 - stays
    died, moved = (1 - (1 - need[f"{way}_per_year"]) ** (1 / DAYS_A_YEAR) for way in ("died", "moved"))
    lives = (1 - died) * (1 - moved)
    return {
        "urgent": limit(need["urgent_share"]),
        "waiting_urgent": limit(min(1.0, need["urgent_share"] * need["waiting_urgent"])),
        "group": limit(if_on(service, "groups", need["group_share"])),
        "quits": limit(if_on(service, "hazards", need["dropout_per_visit"])),
        "wait_ends": [limit(-math.expm1(k * log_survival(any_end))) for k in range(BLOCK + 1)],
        "wait_slope": -1 / min(log_survival(any_end), -1e-300), "log_wait": log_survival(any_end),
        "drop_part": drop / any_end if any_end else 0.0,
        "remit_part": (drop + (1 - drop) * remit) / any_end if any_end else 0.0,
        "log_crisis_wait": log_survival(drop),
        "admitted": need["admission_share"], "emergency": need["ed_share"],
        "log_life": log_survival(1 - lives), "died_part": died / (1 - lives) if lives < 1 else 0.0,
        "reentry": limit(if_on(service, "demand", need["reentry_share"])),
        "relapse": limit(if_on(service, "demand", need["relapse_share"])),
        "log_away": log_survival(1 / need["return_after_days"]),
        "waiting_missed": shares_of(need["waiting_missed"]),
        **quantiles("start_waited_shares", need["waiting_shares"], "start_waited_steps"),
        "start_not_due": part_below(need["waiting_shares"], 0.0),
        **quantiles("start_visits", need["start_visits"]), "start_progress": need["start_progress"],
        "start_by_stage": _by_stage_at_start(need), "stage_cadence": _by_stage(need),
        "mean_need": need["visits_needed"], "needed": visits_needed_law(need["visits_needed"]),
        "needed_more": _more_needed(need["visits_needed"]),
        "per_week_waited": if_on(service, "demand", need["referrals_per_wait"]),
        "cadence": _by_stage(need)[_stages(need)], "stage": _stages(need),
        "progress": _progress(service, need),
    }


def quantiles(name: str, numbers: Sequence[float], steps: str = "") -> dict[str, Any]:
    """A law told by its quantiles at even steps, as records hold it; a number alone is all there is."""
    many = list(numbers) if len(numbers) > 1 else [*numbers, *numbers]
    return {name: many + many[-1:] * (MOST_QUANTILES - len(many)), steps or f"{name}_steps": len(many) - 1}


def shares_of(numbers: Sequence[float]) -> list[float]:
    """Shares that have one or more, two or more, ..., as records hold them."""
    return [*numbers, *[0.0] * (MOST_QUANTILES - len(numbers))]


def part_below(numbers: Sequence[float], number: float) -> float:
    """Share of a law, told by its quantiles at even steps, that lies below a number."""
    if len(numbers) == 1:
        return float(numbers[0] < number)
    lows, highs = np.array(numbers[:-1]), np.array(numbers[1:])
    flat = highs <= lows
    within = np.clip((number - lows) / np.where(flat, 1.0, highs - lows), 0, 1)
    return float(np.where(flat, lows < number, within).mean())


def _by_stage_at_start(need: Mapping[str, Any]) -> list[float]:
    """Share of those in care on the first day in each stage or an earlier one.

    Where nobody has counted visits, those to go are even from 1 to the mean needed, those had are the rest.
    """
    starts = [float(each) for each in need["stage_from_visit"][1:]]
    if max(need["start_visits"]) >= 1:
        found = [part_below(need["start_visits"], each) if each > 1 else 0.0 for each in starts]
    else:
        mean = max(1, int(need["visits_needed"] + 0.5))
        had = np.maximum(mean - np.arange(1, mean + 1), 1)
        found = [float((had < each).mean()) for each in starts]
    return found + [1.0] * (MOST_STAGES - len(found))


def _progress(service: Service, need: Mapping[str, Any]) -> Numbers:
    """Visits' worth of progress by stage and gap: p exp(-loss log2(gap / cadence)) beyond, at most 2."""
    gap, loss = np.maximum(np.arange(DAYS_SHOWN), 1), need["progress_lost_per_doubling"]
    doublings = np.maximum(0.0, np.log2(gap / _by_stage(need)[:, None]))
    kept = np.exp(-if_on(service, "progress_by_gap", loss) * doublings)
    return np.asarray(np.minimum(MOST_PROGRESS, need["progress_chance"] * kept))


def _by_stage(need: Mapping[str, Any]) -> Whole:
    """Days between visits by stage, the last stage repeated."""
    days = [round(day) for day in need["cadence_days"]]
    return np.array(days + days[-1:] * (MOST_STAGES - len(days)), dtype=np.int32)


def _stages(need: Mapping[str, Any]) -> Whole:
    """Stage of treatment by visits attended."""
    starts = np.array(need["stage_from_visit"])
    return (np.searchsorted(starts, np.arange(MOST_VISITS), side="right") - 1).astype(np.int32)


def _more_needed(mean: float) -> Numbers:
    """Chance that more than 0, 1, ... visits are needed: summed from the top, so that small ones hold."""
    return np.append(np.cumsum(_visits_chances(mean)[::-1])[::-1], 0.0)


def visits_needed_law(mean: float) -> Numbers:
    """Distribution function of 1 + Poisson(mean - 1) visits."""
    return np.asarray(np.minimum(1.0, np.cumsum([0.0, *_visits_chances(mean)])))


def _visits_chances(mean: float) -> Numbers:
    """How likely 1, 2, ... visits are needed: Poisson(mean - 1) others."""
    others = np.cumprod([1.0, *((mean - 1) / np.arange(1, MOST_VISITS - 1))])
    return np.asarray(math.exp(1 - mean) * others)
