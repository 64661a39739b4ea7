"""Do the plans written down follow what the calendar has to offer?

    mean of log plan of a site and four weeks, less that of its need group and visit number
        = slope * (log mean interval between visits then and the four weeks before, less the site's own mean)

least squares over sites and periods, weighted by plans; the error is that of residuals which go on from
period to period (AR(1)). Where plans follow the patient the slope is 0. A slope of 1: what is called a plan
is the wait.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.overdue import period_of
from careload.model.trust.checks.slopes import FAR_BEYOND_CHANCE, NOTHING_TOLD, Slope, places_of

Numbers = NDArray[np.float64]
Column = NDArray[Any]

NEEDS = ("appointments.prescribed_interval_days",)
MATTERS = 0.1
"""Assumed to matter: plans a tenth as much longer as intervals are."""
MOST_VISITS, LEAST_PERIODS, LEAST_ROWS = 30, 6, 20
"""Visits after which patients count as alike; fewest sites times periods; fewest plans in each."""
MOST_GOING_ON = 0.9


@dataclass(frozen=True)
class Plans:
    """How plans go with intervals.

    slope      of log plan on log interval
    site       (rows,) name
    period     (rows,) four weeks, counted from the first day of the records
    interval   (rows,) mean days between visits that ended then
    plan       (rows,) ratio of plans to what is usual for need group and visit number
    """

    slope: Slope
    site: Column
    period: NDArray[np.int64]
    interval: Numbers
    plan: Numbers


def plans(evidence: Evidence) -> Plans | None:
    """The numbers; None where there are no plans, or too few sites and periods."""
    if not all(evidence.has(need) for need in NEEDS):
        return None
    written, intervals = _written(evidence), _lately(_intervals(evidence))
    if not len(written["n"]):
        return None
    away = written["log"] - _usual(written)
    keys = {(site, period): place for place, (site, period) in enumerate(
        zip(intervals["site"], intervals["period"], strict=True))}
    place = np.array([keys.get(key, -1) for key in zip(written["site"], written["period"], strict=True)])
    plans_of, logs = (
        np.asarray(np.bincount(place[place >= 0], weights[place >= 0], len(keys)), dtype=float)
        for weights in (written["n"].astype(float), written["n"].astype(float) * away)
    )
    enough = (plans_of >= LEAST_ROWS) & (intervals["n"].astype(float) >= LEAST_ROWS)
    if enough.sum() < LEAST_PERIODS:
        return None
    site, period = intervals["site"][enough], intervals["period"][enough].astype(np.int64)
    log_plan, days = (logs / np.maximum(plans_of, 1))[enough], intervals["days"][enough].astype(float)
    slope = slope_over(site, period, np.log(days), log_plan, plans_of[enough])
    return Plans(slope, site, period, days, np.exp(log_plan))


def _written(evidence: Evidence) -> dict[str, Column]:
    """Plans by need group, visit number, site and period: how many, and the mean of their logarithms."""
    rows = evidence.courses.visits
    rows = rows.filter((rows.plan > 0) & (rows.number < MOST_VISITS))
    table = rows.group_by(
        "need", visit=rows.number, site=rows.site.fill_null(EVERYBODY), period=period_of(rows.day, evidence),
    ).agg(n=rows.plan.count(), log=rows.plan.cast("float64").ln().mean())
    return columns_of(table.order_by("need", "visit", "site", "period"))


def _intervals(evidence: Evidence) -> dict[str, Column]:
    """Mean days between visits by site and period in which they ended."""
    rows = evidence.courses.visits
    rows = rows.filter(rows.gap_days > 0)
    table = rows.group_by(site=rows.site.fill_null(EVERYBODY), period=period_of(rows.day, evidence)).agg(
        n=rows.gap_days.count(), days=rows.gap_days.mean())
    return columns_of(table.order_by("site", "period"))


def _lately(intervals: dict[str, Column]) -> dict[str, Column]:
    """The same, the mean of each period and the one before: nobody plans by what is not known yet."""
    site, period = intervals["site"], intervals["period"].astype(np.int64)
    if not len(site):
        return intervals
    days, number = intervals["days"].astype(float), intervals["n"].astype(float)
    follows = np.append(False, (site[1:] == site[:-1]) & (np.diff(period) == 1))
    before, weight = np.roll(days, 1), np.where(follows, np.roll(number, 1), 0.0)
    return {**intervals, "days": (number * days + weight * before) / (number + weight)}


def _usual(written: dict[str, Column]) -> Numbers:
    """The mean of log plan of each row's need group, visit number and site."""
    place = places_of([written[name] for name in ("need", "visit", "site")])
    number = written["n"].astype(float)
    logs = np.bincount(place, number * written["log"].astype(float)) / np.bincount(place, number)
    return np.asarray(logs[place])


def slope_over(site: Column, period: NDArray[np.int64], x: Numbers, y: Numbers, weight: Numbers) -> Slope:
    """The slope of y on x within sites, with the error of residuals that go on from period to period.

    site, period  (rows,) in order
    x, y          (rows,)
    weight        (rows,) cases behind each
    """
    sites = np.unique(site.astype(str), return_inverse=True)[1]
    x, y = (each - (np.bincount(sites, weight * each) / np.bincount(sites, weight))[sites] for each in (x, y))
    spread, left = float(weight @ x**2), len(x) - sites.max() - 2
    if spread <= 0 or left < 2:
        return NOTHING_TOLD
    value = float(weight @ (x * y)) / spread
    rest = y - value * x
    follows = (sites[1:] == sites[:-1]) & (np.diff(period) == 1)
    before, after = rest[:-1][follows], rest[1:][follows]
    going_on = float(before @ after) / max(float(before @ before), 1e-12) if len(before) else 0.0
    going_on = float(np.clip(going_on, 0, MOST_GOING_ON))
    variance = float(weight**2 @ (rest * x) ** 2) / spread**2 * len(x) / left
    error = np.sqrt(max(variance, 1e-12) * (1 + going_on) / (1 - going_on))
    return Slope(value, float(error), int(weight.sum()))


def check(evidence: Evidence) -> Iterator[Finding]:
    """Whether plans become longer where and when intervals do."""
    found = plans(evidence)
    if found is None or found.slope.away <= FAR_BEYOND_CHANCE or found.slope.value < MATTERS:
        return
    yield Finding(
        "plans-follow-waits", "warning", "appointments", found.slope.events,
        "Prescribed intervals follow what was offered: where intervals between visits are 10 % longer, "
        f"plans of the same need group and visit number are {10 * found.slope.value:.1f} % longer (standard "
        f"error {10 * found.slope.error:.1f}).",
        "plans that depend on the patient, whatever the calendar has to offer",
        "Ask clinicians what they would prescribe with slots to spare, and give it as known "
        "(need.NAME.cadence_days). Until then who is overdue, and what waiting costs, come out too low.",
    )
