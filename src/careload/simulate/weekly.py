"""One run week by week, by the names of what was counted: for rooms that set it beside records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.entries import (
    LOG_ASKED,
    LOG_ASKED_URGENTLY,
    LOG_CRISIS_VISIT,
    LOG_FIRST,
    LOG_GROUP,
    LOG_RETURN,
)
from careload.simulate.kernel.records import (
    CELL_COUNTS,
    DAYS_SHOWN,
    INTERVALS,
    TEAM_COUNTS,
    WAITS,
    Numbers,
    Records,
)
from careload.simulate.run import Run
from careload.simulate.summary import Summary

ASKED = (LOG_ASKED, LOG_ASKED_URGENTLY)
VISITS = (LOG_FIRST, LOG_RETURN, LOG_CRISIS_VISIT, LOG_GROUP)


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


def weekly(ran: Run, recorded_days: int | None = None) -> Weekly:
    """A run as whole weeks.

    recorded_days  before the run: of intervals those are told that records of these days and the run would
                   show, whose first visit lies within; default: all
    """
    weeks = ran.days // 7
    cells, teams = ran.tally.cells[:weeks].sum(axis=1), ran.tally.teams[:weeks]
    days = ran.tally.monthly[:, : ran.days // 28]
    return Weekly(
        {name: cells[:, place].astype(float) for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, :, place] for place, name in enumerate(TEAM_COUNTS)},
        _mean(days[INTERVALS] if recorded_days is None else _within(days[INTERVALS], recorded_days)),
        _mean(days[WAITS]),
    )


def _within(histograms: np.ndarray, recorded_days: int) -> np.ndarray:
    """Those of four weeks no longer than from the first recorded day to the middle of these."""
    longest = recorded_days + 28 * np.arange(len(histograms)) + 14
    return np.where(np.arange(DAYS_SHOWN) <= longest[:, None], histograms, 0)


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
    waits       first visits, and days since they were asked for, summed: likewise
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
    visits, first = _visits(ran.tally.log)
    # A second visit on one day ends no interval.
    again = visits[~first & (visits["value"] > 0)]
    return BySite(
        {name: cells[:, :, place] for place, name in enumerate(CELL_COUNTS)},
        {name: teams[:, :, place] for place, name in enumerate(TEAM_COUNTS)},
        _waited(ran, again, weeks, sites), _waited(ran, visits[first], weeks, sites),
    )


def _sums(counts: Numbers, sites: np.ndarray, number: int) -> Numbers:
    """(weeks, cells or teams, counts) summed to (sites, weeks, counts)."""
    return np.stack([counts[:, sites == site].sum(axis=1) for site in range(number)])


def _visits(log: Records) -> tuple[Records, NDArray[np.bool_]]:
    """The visits of a log, and which of them are the first since the patient asked, a crisis or not."""
    told = log[np.isin(log["kind"], (*ASKED, *VISITS))]
    told = told[np.argsort(told["key"], kind="stable")]
    asked = np.isin(told["kind"], ASKED)
    after = np.append(False, asked[:-1] & (told["key"][1:] == told["key"][:-1]))
    visits = ~asked
    return told[visits], (after | (told["kind"] == LOG_FIRST))[visits]


def _waited(ran: Run, log: Records, weeks: int, sites: int) -> tuple[Numbers, Numbers]:
    """How many visits of a log, and the days waited for them, by site and week."""
    log = log[log["day"] < 7 * weeks]
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
