"""Numbers with their doubt: means, shares, ratios and rank correlations over runs that are independent."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate
from careload.simulate.student import half_width, possible, quantile_of_t

Numbers = NDArray[np.float64]
Z = 1.959963984540054
"""97.5 % point of the standard normal distribution."""
SIGNED = ("distance_of_starts", "change_in_last_third", "echo_peak", "push_that_tips", "decides")
"""Differences, changes and correlations: they may be negative, and a push more than everything."""


class Doubt(NamedTuple):
    """A value with its 95 % interval; an end that is not finite is not known."""

    value: float
    low: float
    high: float

    def within(self, margin: float) -> bool:
        """Whether the whole interval lies between -margin and margin."""
        return -margin < self.low and self.high < margin

    def __str__(self) -> str:
        return f"{self.value:,.1f} ({self.low:,.1f} to {self.high:,.1f})"


def mean_of(values: Numbers) -> Doubt:
    """Mean over runs: m ± t sd / sqrt(R), t with R - 1 degrees of freedom; no ends from a single run.

    values  one of each run, shape (R,)
    """
    mean, half = float(values.mean()), half_width(values)
    half = math.inf if half is None else half
    return Doubt(mean, mean - half, mean + half)


def share_of(events: int, of: int) -> Doubt:
    """A share with Wilson's interval: centre ± z sqrt(p(1-p)/n + z²/4n²), both shrunk by 1 + z²/n."""
    if of == 0:
        return Doubt(math.nan, 0.0, 1.0)
    p, shrink = events / of, 1 + Z * Z / of
    centre = (p + Z * Z / (2 * of)) / shrink
    half = Z * math.sqrt(p * (1 - p) / of + Z * Z / (4 * of * of)) / shrink
    low = max(0.0, centre - half) if events else 0.0
    return Doubt(p, low, min(1.0, centre + half) if events < of else 1.0)


def ratio_of(top: Numbers, bottom: Numbers) -> Doubt:
    """A ratio of two means over the same runs, by Fieller: all q with mean(top - q bottom) like 0.

    With means a, b and variances of means A, B and covariance C, the ends are the roots of
    (b² - t²B) q² - 2 (ab - t²C) q + (a² - t²A) = 0; without an end when b cannot be told from 0.
    Source: Fieller 1954, JRSS B 16:175 (from memory; checked by simulation in the tests).
    """
    runs = len(top)
    a, b = float(top.mean()), float(bottom.mean())
    if runs < 2 or b == 0:
        return Doubt(a / b if b else math.nan, -math.inf, math.inf)
    covariance = np.cov(np.stack([top, bottom])) / runs * quantile_of_t(runs - 1) ** 2
    square, middle = b * b - covariance[1, 1], a * b - covariance[0, 1]
    inside = middle**2 - square * (a * a - covariance[0, 0])
    if square <= 0 or inside < 0:
        return Doubt(a / b, -math.inf, math.inf)
    return Doubt(a / b, (middle - math.sqrt(inside)) / square, (middle + math.sqrt(inside)) / square)


def rank_correlation(values: Numbers, answers: Numbers) -> Doubt:
    """Spearman's correlation of ranks with Fisher's interval: tanh(atanh r ± z 1.03 / sqrt(n - 3)).

    Source: the factor 1.03 is that of Fieller, Hartley & Pearson 1957 (1.06 under the root; from memory).
    """
    from scipy.stats import rankdata

    ranks, of_answers = rankdata(values), rankdata(answers)
    if len(values) < 5 or np.ptp(ranks) == 0 or np.ptp(of_answers) == 0:
        return Doubt(math.nan, -1.0, 1.0)
    r = float(np.corrcoef(ranks, of_answers)[0, 1])
    if abs(r) > 1 - 1e-12:
        return Doubt(r, r, r)
    half = Z * math.sqrt(1.06 / (len(values) - 3))
    return Doubt(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))


def told(measure: str, doubt: Doubt, unit: str, n: int, interval: str, **more: Any) -> Estimate:
    """The value as an estimate; what is not finite is not known, and a figure is no less than it can be."""
    ends = doubt[1:] if measure in SIGNED else possible(*doubt[1:], unit)
    value, low, high = (end if math.isfinite(end) else None for end in (doubt.value, *ends))
    statistic = more.pop("statistic", "mean")
    counted = more.pop("counted", "runs")
    return Estimate(measure, statistic, value, low, high, unit, n, interval=interval, counted=counted, **more)
