"""From the values of runs to an estimate: their mean, with Student's interval for it.

Of m runs with mean x and standard deviation s, with 95 % certainty the mean of endless runs lies within
x - h and x + h, h = t(0.975, m - 1) s / sqrt(m) (Student 1908).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate

ONE_RUN = "one-run"


def half_width(values: NDArray[np.float64]) -> float | None:
    """h, half the width of the 95 % interval of the mean; None of fewer than two values."""
    number = len(values)
    if number < 2:
        return None
    return _quantile_of_t(number - 1) * float(values.std(ddof=1)) / sqrt(number)


@lru_cache(maxsize=64)
def _quantile_of_t(freedom: int) -> float:
    from scipy.special import stdtrit  # a tenth of the time that scipy.stats takes to import

    return float(stdtrit(freedom, 0.975))


def estimate_of(
    values: NDArray[np.float64], measure: str, statistic: str, unit: str, by: Mapping[str, str],
    as_of: date | None, method: str, counted: str = "runs",
) -> Estimate:
    """The mean of a figure over runs with its interval; no interval from a single run.

    values  one for each run; nan where it has none, infinite where a quantile was not reached

    Where a quantile was not reached in some runs, their mean cannot be given: the value is None, with a note.
    """
    known = values[~np.isnan(values)]
    number, beyond = len(known), int(np.isinf(known).sum())
    if beyond or not number:
        note = f"not reached in {beyond:,} of {number:,} {counted}" if beyond else "in no run"
        return Estimate(measure, statistic, None, None, None, unit, number, dict(by), as_of=as_of,
                        interval=method, counted=counted, note=note)
    mean, half = float(known.mean()), half_width(known)
    low, high = (None, None) if half is None else (mean - half, mean + half)
    return Estimate(measure, statistic, mean, low, high, unit, number, dict(by), as_of=as_of,
                    interval=ONE_RUN if half is None else method, counted=counted)
