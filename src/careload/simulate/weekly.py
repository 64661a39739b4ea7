"""One run week by week, by the names of what was counted: for rooms that set it beside records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from careload.simulate.kernel.records import (
    CELL_COUNTS,
    DAYS_SHOWN,
    INTERVALS,
    LOG_CRISIS_VISIT,
    LOG_FIRST,
    LOG_GROUP,
    LOG_RETURN,
    TEAM_COUNTS,
    WAITS,
    Numbers,
)
from careload.simulate.run import Run
from careload.simulate.summary import Summary

RETURNS = (LOG_RETURN, LOG_CRISIS_VISIT, LOG_GROUP)


@dataclass(frozen=True)
class Weekly:
    """One run of the whole service, from its first day.

    patients         count of patients (``attended``, ``in_care``, …) to (weeks,)
    clinicians       count of clinicians and their hours (``left``, ``due_hours``, …) to (weeks, teams), teams
                     as `teams_by_site` has them
    return_interval  (four weeks,) mean days between visits that ended with a visit then; nan without any
    intake_wait      (four weeks,) mean days from asking of those seen for a first time then; likewise
    """

    patients: Mapping[str, Numbers]
    clinicians: Mapping[str, Numbers]
    return_interval: Numbers
    intake_wait: Numbers


def weekly(ran: Run) -> Weekly:
    """A run as whole weeks."""
    weeks = ran.days // 7
    cells, teams = ran.tally.cells[:weeks].sum(axis=1), ran.tally.teams[:weeks]
    days = ran.tally.monthly[:, : ran.days // 28]
    return Weekly(
        {name: cells[:, place].astype(float) for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, :, place] for place, name in enumerate(TEAM_COUNTS)},
        _mean(days[INTERVALS]), _mean(days[WAITS]),
    )


def weekly_of(summary: Summary) -> Weekly:
    """The same of what was kept of a run, whose teams stand in it as one."""
    cells, teams = summary.weekly_cells, summary.weekly_teams
    days = summary.monthly[:, : len(cells) // 4]
    return Weekly(
        {name: cells[:, place].astype(float) for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, place : place + 1] for place, name in enumerate(TEAM_COUNTS)},
        _mean(days[INTERVALS]), _mean(days[WAITS]),
    )


@dataclass(frozen=True)
class BySite:
    """One run by site and week, from its first day; sites as the service file has them.

    patients    count of patients to (sites, weeks)
    clinicians  count of clinicians and their hours to (sites, weeks)
    intervals   visits that ended an interval between visits, and their days, summed: (sites, weeks) each
    waits       first visits, and days since they were asked for, summed: likewise; those of no day left out
    """

    patients: Mapping[str, Numbers]
    clinicians: Mapping[str, Numbers]
    intervals: tuple[Numbers, Numbers]
    waits: tuple[Numbers, Numbers]


def by_site(ran: Run) -> BySite:
    """A run by site, in whole weeks. It must have been run with `logged`: days waited stand in the log."""
    weeks, sites = ran.days // 7, len(ran.plan.sites)
    cells = _sums(ran.tally.cells[:weeks].astype(float), ran.plan.cells["site"], sites)
    teams = _sums(ran.tally.teams[:weeks], ran.plan.teams["site"], sites)
    return BySite(
        {name: cells[:, :, place] for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, :, place] for place, name in enumerate(TEAM_COUNTS)},
        _waited(ran, RETURNS, weeks, sites), _waited(ran, (LOG_FIRST,), weeks, sites),
    )


def _sums(counts: Numbers, sites: np.ndarray, number: int) -> Numbers:
    """(weeks, cells or teams, counts) summed to (sites, weeks, counts)."""
    return np.stack([counts[:, sites == site].sum(axis=1) for site in range(number)])


def _waited(ran: Run, kinds: tuple[np.int32, ...], weeks: int, sites: int) -> tuple[Numbers, Numbers]:
    """How many visits of some kinds, and the days waited for them, by site and week."""
    log = ran.tally.log
    log = log[np.isin(log["kind"], kinds) & (log["day"] < 7 * weeks) & (log["value"] > 0)]
    site = ran.plan.teams["site"][ran.world.posts["team"][log["post"]]]
    place = site * weeks + log["day"] // 7
    number, days = (
        np.bincount(place, of, sites * weeks).astype(float).reshape(sites, weeks)
        for of in (None, log["value"])
    )
    return number, days


def _mean(histograms: np.ndarray) -> Numbers:
    number = histograms.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray((histograms @ np.arange(DAYS_SHOWN)) / np.where(number > 0, number, np.nan))
