"""From the values of runs to an estimate: their mean, with Student's interval for it.

Of m runs with mean x and standard deviation s, with 95 % certainty the mean of endless runs lies within
x - h and x + h, h = t(0.975, m - 1) s / sqrt(m) (Student 1908). From few runs that may
reach beyond what a figure can be, so its interval is cut at 0, and that of a share at 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate

ONE_RUN = "one-run"
RUNS = "runs"
SHARES = ("share", "0 to 1")
"""Units of what is at most 1."""


def half_width(values: NDArray[np.float64]) -> float | None:
    """h, half the width of the 95 % interval of the mean; None of fewer than two values."""
    number = len(values)
    if number < 2:
        return None
    return quantile_of_t(number - 1) * float(values.std(ddof=1)) / sqrt(number)


@lru_cache(maxsize=64)
def quantile_of_t(freedom: int) -> float:
    """t(0.975, freedom), by halving; a tenth of the time it takes to import SciPy."""
    low, high = 1.9, 13.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if within(middle, freedom) < 0.95 else (low, middle)
    return (low + high) / 2


def within(t: float, freedom: int) -> float:
    """The chance that Student's t lies within -t and t (Abramowitz & Stegun 1964, 26.7.3 and 26.7.4).

    With a = atan(t / sqrt(n)) it is sin a (1 + 1/2 cos^2 a + 1 3/(2 4) cos^4 a + … to cos^(n-2) a) of even
    n, and 2/pi (a + sin a (cos a + 2/3 cos^3 a + … to cos^(n-2) a)) of odd n.
    """
    angle, odd = atan(t / sqrt(freedom)), freedom % 2
    powers = np.arange(1 + odd, freedom - 1, 2) + 1.0  # of cos^2, each term from the one before
    first = [cos(angle)] if odd else [1.0]
    terms = np.cumprod([*first, *((powers - 1) / powers * cos(angle) ** 2)]) if freedom > 1 else np.zeros(1)
    return float(2 / pi * (angle + sin(angle) * terms.sum()) if odd else sin(angle) * terms.sum())


def possible(low: float, high: float, unit: str) -> tuple[float, float]:
    """The part of an interval in which a figure can lie: 0 or more, and a share at most 1."""
    return max(0.0, low), min(1.0, high) if unit in SHARES else high


def estimate_of(
    values: NDArray[np.float64], measure: str, statistic: str, unit: str, by: Mapping[str, str],
    as_of: date | None, method: str, counted: str = RUNS,
) -> Estimate:
    """The mean of a figure over runs with its interval; no interval from a single run.

    values   one for each run; nan where it has none, infinite where a quantile was not reached
    counted  ``runs`` of a figure, which is never negative; of pairs of runs it is a difference, which may be

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
    if low is not None and high is not None and counted == RUNS:
        low, high = possible(low, high, unit)
    return Estimate(measure, statistic, mean, low, high, unit, number, dict(by), as_of=as_of,
                    interval=ONE_RUN if half is None else method, counted=counted)
