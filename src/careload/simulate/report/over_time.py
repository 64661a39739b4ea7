"""Figures over time, by blocks of four weeks: over the runs, the median and the bands around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import CELL_COUNTS, INTERVALS, TEAM_COUNTS, WAITS
from careload.simulate.many import Simulated
from careload.simulate.needs import DAYS_A_YEAR
from careload.simulate.series import SHARES, medians, quantiles
from careload.simulate.summary import Summary

Numbers = NDArray[np.float64]
BLOCK_WEEKS = 4
BLOCKS_A_YEAR = 13


@dataclass(frozen=True)
class Fan:
    """A figure over time.

    years   (block,): middle of each block, in years since counting began
    levels  (5, block): quantiles over the runs at SHARES of series.py; nan where no run has the figure
    """

    years: Numbers
    levels: Numbers

    @property
    def top(self) -> float:
        """Its highest value; 0 where there is none."""
        known = self.levels[np.isfinite(self.levels)]
        return float(known.max()) if len(known) else 0.0

    @property
    def last(self) -> Numbers:
        """The quantiles of the last block in which there are any."""
        known = np.flatnonzero(np.isfinite(self.levels[2]))
        return self.levels[:, known[-1]] if len(known) else np.full(len(SHARES), np.nan)


@dataclass(frozen=True)
class OverTime:
    """A figure that is followed over time.

    key      address on the page, and name of its picture
    title    in words
    unit     of the axis
    side     ``patients`` or ``clinicians``
    how      how a block is counted
    of       from a run to its value by block, of the whole run
    blocks   blocks that a value takes in, itself and those before
    """

    key: str
    title: str
    unit: str
    side: str
    how: str
    of: Callable[[Summary], Numbers]
    blocks: int = 1


def fan(found: Simulated, figure: OverTime) -> Fan:
    """The figure over time, of the blocks that lie wholly in the weeks counted."""
    first = -(-found.warm_up // BLOCK_WEEKS) + figure.blocks - 1
    by_run = np.array([figure.of(summary)[first:] for summary in found.summaries])
    blocks = np.arange(first, first + by_run.shape[1])
    weeks = (blocks + 0.5) * BLOCK_WEEKS - found.warm_up
    return Fan(weeks * 7 / DAYS_A_YEAR, quantiles(by_run))


def _blocks(weekly: NDArray[np.number]) -> Numbers:
    """Weekly numbers as (block, 4)."""
    whole = len(weekly) // BLOCK_WEEKS
    return np.asarray(weekly[: whole * BLOCK_WEEKS], dtype=np.float64).reshape(whole, BLOCK_WEEKS)


def _median(which: int) -> Callable[[Summary], Numbers]:
    return lambda summary: np.array(medians(summary, which)[: len(summary.weekly_cells) // BLOCK_WEEKS])


def _people(name: str) -> Callable[[Summary], Numbers]:
    place = CELL_COUNTS.index(name)
    return lambda summary: _blocks(summary.weekly_cells[:, place]).mean(axis=1)


def _posts(name: str) -> Callable[[Summary], Numbers]:
    place = TEAM_COUNTS.index(name)
    return lambda summary: _blocks(summary.weekly_teams[:, place]).mean(axis=1)


def _ratio(top: str, bottom: str) -> Callable[[Summary], Numbers]:
    above, below = TEAM_COUNTS.index(top), TEAM_COUNTS.index(bottom)

    def of(summary: Summary) -> Numbers:
        sums = [_blocks(summary.weekly_teams[:, place]).sum(axis=1) for place in (above, below)]
        found = np.full(len(sums[0]), np.nan)
        np.divide(sums[0], sums[1], out=found, where=sums[1] > 0)
        return found

    return of


def _of_a_year(name: str) -> Callable[[Summary], Numbers]:
    """Events of the block and the twelve before it; nan where there are fewer."""
    place = TEAM_COUNTS.index(name)

    def of(summary: Summary) -> Numbers:
        events = _blocks(summary.weekly_teams[:, place]).sum(axis=1).cumsum()
        year: Numbers = events - np.concatenate([np.zeros(BLOCKS_A_YEAR), events])[: len(events)]
        year[: BLOCKS_A_YEAR - 1] = np.nan
        return year

    return of


FINISHED = "median of the visits held in the four weeks, which leaves out those who still wait"
OVER_TIME: tuple[OverTime, ...] = (
    OverTime(
        "return_interval",
        "Return interval over time",
        "days since the visit before",
        "patients",
        FINISHED,
        _median(int(INTERVALS)),
    ),
    OverTime(
        "intake_wait",
        "Wait for the first visit over time",
        "days since the request",
        "patients",
        FINISHED,
        _median(int(WAITS)),
    ),
    OverTime("overdue", "People overdue", "people", "patients", "mean of the four weeks", _people("overdue")),
    OverTime("in_care", "People in care", "people", "patients", "mean of the four weeks", _people("in_care")),
    OverTime(
        "overload",
        "Work due for every hour paid",
        "hours due per hour paid",
        "clinicians",
        "hours of the four weeks",
        _ratio("due_hours", "paid_hours"),
    ),
    OverTime(
        "exhaustion",
        "Exhaustion",
        "mean of those employed, 0 to 1",
        "clinicians",
        "mean of the four weeks",
        _ratio("exhaustion", "filled"),
    ),
    OverTime("posts_held", "Posts held", "posts", "clinicians", "mean of the four weeks", _posts("filled")),
    OverTime(
        "leavers",
        "Leavers in the year before",
        "clinicians who left in 52 weeks",
        "clinicians",
        "the last 52 weeks, each time",
        _of_a_year("left"),
        blocks=BLOCKS_A_YEAR,
    ),
)
"""What is followed over time, in the order in which it is told."""


def followed(key: str) -> OverTime:
    """The figure of that key."""
    return next(each for each in OVER_TIME if each.key == key)
