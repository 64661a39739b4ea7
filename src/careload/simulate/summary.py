"""What is kept of one run: counts by week and over the days counted, no person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import (
    CASELOAD,
    EXHAUSTION,
    FILLED,
    IN_CARE,
    NOT_SEEN,
    ON_STRIKE,
    OVERDUE,
    VACANT,
    Numbers,
)
from careload.simulate.run import Run

STOCKS = (IN_CARE, OVERDUE, NOT_SEEN)
"""Cell counts that stand at the end of a week, and are averaged where others are summed."""
TEAM_STOCKS = (EXHAUSTION, FILLED, VACANT, CASELOAD, ON_STRIKE)

Counts = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Kept:
    """Counts most of which are 0, kept without those: a tenth of the memory.

    places  where in the flat array the others stand
    counts  they themselves
    shape   of the whole
    """

    places: NDArray[np.int32]
    counts: NDArray[np.int32]
    shape: tuple[int, ...]

    @staticmethod
    def of(whole: Counts) -> Kept:
        """`whole` kept without its zeros."""
        flat = whole.reshape(-1)
        places = np.flatnonzero(flat != 0).astype(np.int32)  # of truths found four times as fast as of counts
        return Kept(places, flat[places].astype(np.int32), whole.shape)

    def whole(self) -> NDArray[np.int32]:
        """The array as it was."""
        found = np.zeros(int(np.prod(self.shape)), dtype=np.int32)
        found[self.places] = self.counts
        return found.reshape(self.shape)


@dataclass(frozen=True)
class Totals:
    """What was counted over the weeks counted.

    weeks  their number
    cells  (cell, CELL_COUNTS): sums, of stocks the mean
    teams  (team, TEAM_COUNTS): likewise
    spans  (3, 2, 4, group, DAYS_SHOWN): spans of waiting, as in `Tally`
    """

    weeks: int
    cells: Numbers
    teams: Numbers
    spans: Counts


@dataclass(frozen=True)
class Weeks:
    """Counts of every week, from the first day.

    cells  (week, cell, CELL_COUNTS)
    teams  (week, team, TEAM_COUNTS)
    """

    cells: NDArray[np.int32]
    teams: NDArray[np.float32]


@dataclass(frozen=True)
class Summary:
    """One run in numbers.

    replication    which
    weeks          weeks counted
    first          week from which is counted
    figures        (group, figure): the figures of every group, in the order of `groups` and `FIGURES`
    weekly_cells   (week, CELL_COUNTS): the whole service, from the first week
    weekly_teams   (week, TEAM_COUNTS): likewise
    kept_spans     (3, 2, 4, group, DAYS_SHOWN): spans of waiting, as in `Tally`
    kept_monthly   (2, four weeks, DAYS_SHOWN): days waited until a visit, of the whole service
    by_week        counts of every week, cell and team; None when nobody asked for them
    """

    replication: int
    weeks: int
    first: int
    figures: Numbers
    weekly_cells: NDArray[np.int64]
    weekly_teams: Numbers
    kept_spans: Kept
    kept_monthly: Kept
    by_week: Weeks | None

    @property
    def spans(self) -> NDArray[np.int32]:
        """(3, 2, 4, group, DAYS_SHOWN): spans of waiting, as in `Tally`."""
        return self.kept_spans.whole()

    @property
    def monthly(self) -> NDArray[np.int32]:
        """(2, four weeks, DAYS_SHOWN): days waited until a visit, by the four weeks of the visit."""
        return self.kept_monthly.whole()


def totals(run: Run) -> Totals:
    """What a run counted over the weeks counted."""
    first, last = counted(run)
    weeks = max(1, last - first)
    cells = run.tally.cells[first:last].sum(axis=0).astype(np.float64)
    teams = run.tally.teams[first:last].sum(axis=0)
    cells[:, STOCKS] /= weeks
    teams[:, TEAM_STOCKS] /= weeks
    return Totals(weeks, cells, teams, run.tally.spans)


def counted(run: Run) -> tuple[int, int]:
    """The weeks counted: the first, and the one after the last. A week begun and not ended has no stocks."""
    return -(-int(run.plan.rules["counted_from"]) // 7), run.days // 7


def summarise(run: Run, replication: int, figures: Numbers, by_week: bool = False) -> Summary:
    """The numbers of a run that are kept."""
    tally, (first, last) = run.tally, counted(run)
    cells, teams = tally.cells[:last], tally.teams[:last]
    return Summary(
        replication, max(1, last - first), first, figures,
        cells.sum(axis=1, dtype=np.int64), teams.sum(axis=1), Kept.of(tally.spans), Kept.of(tally.monthly),
        Weeks(cells, teams.astype(np.float32)) if by_week else None,
    )
