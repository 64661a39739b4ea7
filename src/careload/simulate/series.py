"""A service over time: for each week, or each four weeks, how a figure spreads over the runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from careload.simulate.kernel.records import CELL_COUNTS, INTERVALS, TEAM_COUNTS, WAITS, Numbers
from careload.simulate.many import Simulated
from careload.simulate.spans import lower_quantile
from careload.simulate.summary import Summary

SHARES = (0.05, 0.25, 0.5, 0.75, 0.95)
"""Quantiles over runs of which a fan is made: nine in ten lie between the outer, half between the inner."""


@dataclass(frozen=True)
class Fan:
    """One figure over time.

    measure, statistic, unit  of the figure
    weeks      (time): the week each point ends with, counted from the first week that is counted, which is 0
    quantiles  (SHARES, time): over runs; nan where no run has a value
    """

    measure: str
    statistic: str
    unit: str
    weeks: Numbers
    quantiles: Numbers


def over_time(simulated: Simulated) -> list[Fan]:
    """Fans of the whole service, by week; of waits until a visit by four weeks. Warm-up weeks are below 0."""
    return list(_fans(simulated)) if simulated.summaries else []


def _fans(simulated: Simulated) -> Iterator[Fan]:
    summaries = simulated.summaries
    first = summaries[0].first
    for measure, which in (("return_interval", int(INTERVALS)), ("intake_wait", int(WAITS))):
        months = np.array([medians(summary, which) for summary in summaries])
        weeks = np.minimum(4.0 * np.arange(1, months.shape[1] + 1) - 1, len(summaries[0].weekly_cells) - 1)
        yield Fan(measure, "median", "days", weeks - first, quantiles(months))
    weeks = np.arange(len(summaries[0].weekly_cells), dtype=np.float64) - first
    for measure, statistic, unit, of in WEEKLY:
        yield Fan(measure, statistic, unit, weeks, quantiles(np.array([of(each) for each in summaries])))


def medians(summary: Summary, which: int) -> list[float]:
    """Lower median of the waits that ended with a visit, by four weeks."""
    return [lower_quantile(days, 0.5) for days in summary.monthly[which]]


def quantiles(values: Numbers) -> Numbers:
    """Quantiles over runs, (SHARES, time), of (run, time); runs without a value are left out of a time."""
    found = np.full((len(SHARES), values.shape[1]), np.nan)
    some = ~np.isnan(values).all(axis=0)
    found[:, some] = np.nanquantile(values[:, some], SHARES, axis=0)
    return found


def _cells(name: str) -> Callable[[Summary], Numbers]:
    return lambda summary: summary.weekly_cells[:, CELL_COUNTS.index(name)].astype(np.float64)


def _teams(name: str, over: str = "") -> Callable[[Summary], Numbers]:
    def of(summary: Summary) -> Numbers:
        top = summary.weekly_teams[:, TEAM_COUNTS.index(name)]
        if not over:
            return top
        bottom = summary.weekly_teams[:, TEAM_COUNTS.index(over)]
        return np.where(bottom > 0, top / np.maximum(bottom, 1e-12), np.nan)

    return of


WEEKLY: tuple[tuple[str, str, str, Callable[[Summary], Numbers]], ...] = (
    ("in_care", "count", "patients", _cells("in_care")),
    ("overdue", "count", "patients", _cells("overdue")),
    ("visits_per_week", "count", "visits per week", _cells("attended")),
    ("crises", "count", "crises per week", _cells("crises")),
    ("overload", "mean", "ratio", _teams("due_hours", "paid_hours")),
    ("unpaid_hours", "mean", "hours per week and clinician", _teams("unpaid_hours", "working")),
    ("exhaustion", "mean", "0 to 1", _teams("exhaustion", "filled")),
    ("posts_held", "count", "posts", _teams("filled")),
    ("leavers", "count", "clinicians per week", _teams("left")),
)
"""Measure, statistic, unit, and how it is found for each week of a run."""
