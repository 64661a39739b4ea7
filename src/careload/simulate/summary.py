"""What is kept of one run: counts by week and over the days counted, no person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import (
    CASELOAD,
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
    spans          (2, 2, 4, group, DAYS_SHOWN): spans of waiting, as in `Tally`
    beyond         (2): days beyond the last place of `monthly`, summed
    monthly        (2, four weeks, DAYS_SHOWN): days waited until a visit, of the whole service, by four weeks
    first          week from which is counted
    """

    replication: int
    weeks: int
    cells: Numbers
    teams: Numbers
    weekly_cells: Counts
    weekly_teams: Numbers
    spans: NDArray[np.int32]
    beyond: Counts
    monthly: NDArray[np.int32]
    first: int


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
        tally.teams[:whole].sum(axis=1), tally.spans, tally.sums["beyond"].copy(), tally.monthly, first,
    )
