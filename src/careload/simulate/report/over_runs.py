"""From runs to estimates: what the page counts itself, and everyone's spans of waiting."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate
from careload.simulate.many import Simulated

Numbers = NDArray[np.float64]
METHOD = "t-over-runs"


def over_runs(values: Numbers, measure: str, statistic: str, unit: str) -> Estimate:
    """The mean over runs with its 95 % interval: x ± t(0.975, m - 1) s / √m; none from a single run.

    values  one for each run, all of them numbers

    Student (1908).
    """
    number, mean = len(values), float(values.mean())
    low, high = mean, mean
    if number == 1:
        return Estimate(measure, statistic, mean, None, None, unit, 1, interval="one-run", counted="runs")
    if np.ptp(values) > 0:
        from scipy.special import stdtrit  # imported here: a cold start must not pay for it

        half = float(stdtrit(number - 1, 0.975) * values.std(ddof=1) / number**0.5)
        low, high = mean - half, mean + half
    return Estimate(measure, statistic, mean, low, high, unit, number, interval=METHOD, counted="runs")


def everyones_spans(found: Simulated, which: int) -> NDArray[np.int64]:
    """Spans of waiting of everybody: (run, calendar or business days, how they ended, days).

    which  INTERVALS or WAITS
    """
    return np.array([s.spans[which].sum(axis=2, dtype=np.int64) for s in found.summaries])
