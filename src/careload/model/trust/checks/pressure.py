"""Is treatment ended because others wait?

    P(discharge at visit k) = P(need group, site, k) exp(slope * pressure + b * doublings)

pressure: people overdue at the site, or days beyond the plan of those seen there, mean of the four weeks of
the visit, in standard deviations of the site; doublings: of gaps beyond the plan so far, which cost progress.
Where discharge waits for treatment to be done the slope is 0, or below where overdue means tired clinicians.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.courses import EVERYBODY, doublings
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.overdue import PERIOD, overdue_of, period_of, some_patients, start_of
from careload.model.trust.checks.slopes import NOTHING_TOLD, Slope, places_of, slope_of

Numbers = NDArray[np.float64]
Column = NDArray[Any]

NEEDS = ("episodes.closed_on", "episodes.reason", "appointments.prescribed_interval_days")
MATTERS = 1.1
"""Assumed to matter: discharge so many times as likely for one standard deviation more of people overdue."""
MOST_VISITS, MOST_DOUBLINGS = 30, 8
DOUBLINGS = (0, 1, 3)
"""Above which visits are counted together, with the mean of their doublings."""
LEAST_PERIODS = 3
FIRST_PERIODS = 2
"""Periods at the beginning that are left out: waits that began before are not known."""


@dataclass(frozen=True)
class UnderPressure:
    """How discharge goes with people overdue.

    by_list  slope of the logarithm of the chance of discharge, for one standard deviation more people overdue
    by_wait  the same, for one standard deviation more days beyond the plan
    overdue  (sites, periods) people overdue
    wait     (sites, periods) days beyond the plan
    sites    names
    ratio    (sites, periods) discharges over those expected if only visits counted; nan without visits
    """

    by_list: Slope
    by_wait: Slope
    overdue: Numbers
    wait: Numbers
    sites: tuple[str, ...]
    ratio: Numbers

    @property
    def speaks(self) -> bool:
        """Whether discharge rises with one of them beyond chance, and enough to matter."""
        return self.by_list.rises(MATTERS) or self.by_wait.rises(MATTERS)


def under_pressure(evidence: Evidence) -> UnderPressure | None:
    """The numbers; None where the records do not tell them, or are shorter than five times four weeks."""
    if not all(evidence.has(need) for need in NEEDS):
        return None
    overdue = evidence.once(overdue_of)
    on_list, found = overdue.by_period(), _at_risk(evidence)
    if not len(found["need"]) or on_list.shape[1] < FIRST_PERIODS + LEAST_PERIODS:
        return None
    wait = _waits(evidence, overdue.sites, on_list.shape[1])
    found["stratum"] = places_of([found[name] for name in ("need", "site", "visit")])
    where = _where(found, overdue.sites, on_list.shape[1])
    by_list, by_wait = (_slope(found, where, _standard(each)) for each in (on_list, wait))
    ratio = _ratios(found, where, on_list.shape)
    return UnderPressure(by_list, by_wait, on_list, wait, overdue.sites, ratio)


def _slope(found: dict[str, Column], where: NDArray[np.int64], periods: Numbers) -> Slope:
    """How discharge goes with a number of each site and period; rows without one tell nothing."""
    pressure = np.append(periods.ravel(), np.nan)[where]
    known = ~np.isnan(pressure)
    if not known.any():
        return NOTHING_TOLD
    own = {name: column[known] for name, column in found.items()}
    return slope_of(
        [own["stratum"]], own["discharged"], own["visits"], pressure[known], own["doublings"])


def _waits(evidence: Evidence, sites: tuple[str, ...], number: int) -> Numbers:
    """Mean days beyond the plan of those seen, (sites, periods); 0 without any."""
    rows = evidence.courses.visits
    rows = rows.filter(rows.gap_days.notnull() & rows.plan_before.notnull())
    late = ibis.greatest(rows.gap_days - rows.plan_before, 0)
    table = rows.group_by(site=rows.site.fill_null(EVERYBODY), period=period_of(rows.day, evidence)).agg(
        days=late.mean())
    found, waits = columns_of(table), np.zeros((len(sites), number))
    for site, period, days in zip(found["site"], found["period"], found["days"], strict=True):
        if site in sites and 0 <= period < number:
            waits[sites.index(site), int(period)] = days
    return waits


def _at_risk(evidence: Evidence) -> dict[str, Column]:
    """Visits of episodes that began within the records, and at which treatment was completed."""
    rows = evidence.courses.visits
    rows = some_patients(rows.filter(rows.whole & (rows.number < MOST_VISITS)), evidence)
    rows = rows.mutate(beyond=doublings(rows))
    so_far = rows.beyond.sum().over(ibis.cumulative_window(
        group_by=[rows.patient, rows.episode], order_by=[rows.number]))
    rows = rows.mutate(
        so_far=ibis.least(so_far, MOST_DOUBLINGS), done=_completed(rows),
        period=period_of(rows.day, evidence), site=rows.site.fill_null(EVERYBODY),
    )
    many = sum((ibis.ifelse(rows.so_far > each, 1, 0) for each in DOUBLINGS), ibis.literal(0))
    table = rows.group_by("need", "site", "period", visit=rows.number, many=many.cast("int64")).agg(
        visits=rows.day.count(), discharged=rows.done.sum(), doublings=rows.so_far.mean(),
    )
    return columns_of(table.order_by("need", "site", "period", "visit", "many"))


def _completed(rows: ir.Table) -> ir.BooleanValue:
    return ((rows.reason == "completed") & (rows.closed_on == rows.day)).fill_null(False)


def _standard(periods: Numbers) -> Numbers:
    """In standard deviations of the site; nan where nothing varies, and in the first periods."""
    later = periods[:, FIRST_PERIODS:]
    spread = later.std(axis=1, keepdims=True)
    away = later - later.mean(axis=1, keepdims=True)
    known = np.where(spread > 0, away / np.where(spread > 0, spread, 1), np.nan)
    return np.hstack([np.full((len(periods), FIRST_PERIODS), np.nan), known])


def _where(found: dict[str, Column], sites: tuple[str, ...], number: int) -> NDArray[np.int64]:
    """The place of each row's site and period in a table of them, one beyond its end where there is none."""
    names, own = np.unique(found["site"].astype(str), return_inverse=True)
    site = np.array([sites.index(name) if name in sites else -1 for name in names.tolist()])[own]
    period = found["period"].astype(np.int64)
    known = (site >= 0) & (period >= 0) & (period < number)
    return np.asarray(np.where(known, site * number + period, len(sites) * number))


def _ratios(found: dict[str, Column], where: NDArray[np.int64], shape: tuple[int, ...]) -> Numbers:
    """Discharges over those expected of need group, site and visit number, (sites, periods)."""
    key = found["stratum"]
    visits, discharged = found["visits"].astype(float), found["discharged"].astype(float)
    chance = (np.bincount(key, discharged) / np.bincount(key, visits))[key]
    cells = int(np.prod(shape))
    seen, expected = (
        np.bincount(where, weights, cells + 1)[:cells].reshape(shape)
        for weights in (discharged, chance * visits))
    return np.asarray(np.divide(seen, expected, out=np.full(shape, np.nan), where=expected > 0))


def check(evidence: Evidence) -> Iterator[Finding]:
    """Whether discharge becomes likelier when more people are overdue."""
    found = under_pressure(evidence)
    if found is None or not found.speaks:
        return
    slope, words, by_period = (
        (found.by_list, "people overdue", found.overdue) if found.by_list.away > found.by_wait.away
        else (found.by_wait, "days beyond the plan", found.wait)
    )
    place, period = np.unravel_index(int(by_period.argmax()), by_period.shape)
    yield Finding(
        "discharge-by-pressure", "warning", "episodes", slope.events,
        f"At the same visit of treatment discharge is {slope.ratio:.2f} times as likely for one standard "
        f"deviation more {words} at the site (most: {found.sites[place]}, four weeks from "
        f"{start_of(int(period), evidence, PERIOD)}).",
        "discharge that follows treatment, whoever waits",
        "Ask how discharge is decided when lists are long. Visits to discharge come out too few, and a "
        "scenario with shorter waits will need more visits than this fit says.",
    )
