"""What is kept of one run: counts by week and over the days counted, no person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.simulate.records import (
    CASELOAD,
    DAYS_SHOWN,
    EXHAUSTION,
    FILLED,
    IN_CARE,
    NOT_SEEN,
    OVERDUE,
    VACANT,
    Numbers,
)
from careload.simulate.run import Run

STOCKS = (IN_CARE, OVERDUE, NOT_SEEN)
"""Cell counts that stand at the end of a week, and are averaged where others are summed."""
TEAM_STOCKS = (EXHAUSTION, FILLED, VACANT, CASELOAD)

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Summary:
    """One run in numbers.

    replication    which
    weeks          weeks counted
    cells          (cell, CELL_COUNTS): over the weeks counted, stocks as their mean
    teams          (team, TEAM_COUNTS): likewise
    weekly_cells   (week, CELL_COUNTS): the whole service, from the first week
    weekly_teams   (week, TEAM_COUNTS): likewise
    days           (2, team * needs + need, DAYS_SHOWN): histograms of return intervals and first waits
    beyond         (2): days beyond the last place of the histograms, summed
    monthly        (2, four weeks, DAYS_SHOWN): histograms of the whole service, from the first day
    """

    replication: int
    weeks: int
    cells: Numbers
    teams: Numbers
    weekly_cells: Counts
    weekly_teams: Numbers
    days: NDArray[np.int32]
    beyond: Counts
    monthly: NDArray[np.int32]


def summarise(run: Run, replication: int) -> Summary:
    """The numbers of a run that are kept."""
    first = -(-int(run.plan.rules["counted_from"]) // 7)
    tally = run.tally
    whole = run.days // 7  # a week begun and not ended has no stocks
    weeks = max(1, whole - first)
    cells = tally.cells[first:whole].sum(axis=0).astype(np.float64)
    teams = tally.teams[first:whole].sum(axis=0)
    cells[:, STOCKS] /= weeks
    teams[:, TEAM_STOCKS] /= weeks
    return Summary(
        replication, weeks, cells, teams, tally.cells[:whole].sum(axis=1, dtype=np.int64),
        tally.teams[:whole].sum(axis=1), tally.days, tally.sums["beyond"].copy(), tally.monthly,
    )


def quantile(histogram: NDArray[np.int32], share: float) -> float:
    """The lower empirical quantile of a histogram: the fewest days that reach `share`; nan if empty."""
    whole = histogram.sum()
    return float(np.searchsorted(histogram.cumsum(), share * whole)) if whole else float("nan")


def mean_days(histogram: NDArray[np.int32], beyond: float = 0.0) -> float:
    """Mean of a histogram of whole days; `beyond` are days above its last place, summed. nan if empty."""
    whole = histogram.sum()
    return float((histogram @ np.arange(DAYS_SHOWN) + beyond) / whole) if whole else float("nan")


def share_within(histogram: NDArray[np.int32], days: int) -> float:
    """Share of a histogram that is at most so many days; nan if empty."""
    whole = histogram.sum()
    return float(histogram[: days + 1].sum() / whole) if whole else float("nan")
