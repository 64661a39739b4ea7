"""Ratios of sums over clusters: shares, means and their robust intervals.

A share of visits, hours per week, work due over time paid: all are
R = sum(y_i) / sum(n_i), where i runs over clusters (patients, clinicians) whose
rows are not independent. By linearisation

    var(R) = m/(m-1) * sum((y_i - R n_i)^2) / (sum n_i)^2

which needs only five sums per group, so patient rows stay in the engine. All sums
are whole numbers: the arithmetic is exact and equal on every engine.

Source: the linearised ratio estimator of survey sampling (Taylor series); Wilson's
interval with n divided by the design effect for shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from typing import Any

import ibis.expr.types as ir

CONFIDENCE = 0.95
SUMS = ("clusters", "hit", "n", "y", "nn", "yy", "yn")


@dataclass(frozen=True)
class Sums:
    """Whole-number sums over the m clusters of one group.

    clusters  clusters with anything counted; hit: those with any event
    n, y      sum of what was counted, and of events
    nn, yy, yn  sums over clusters of n_i^2, y_i^2, y_i n_i
    """

    clusters: int
    hit: int
    n: int
    y: int
    nn: int
    yy: int
    yn: int

    def __add__(self, other: Sums) -> Sums:
        """Sums over the clusters of both; none may be in both."""
        return Sums(*(getattr(self, name) + getattr(other, name) for name in SUMS))

    @property
    def independent(self) -> bool:
        """Whether every cluster holds one row, so that rows are independent."""
        return self.nn == self.n == self.clusters


NOTHING = Sums(0, 0, 0, 0, 0, 0, 0)
"""Sums over no cluster."""


def cluster_sums(rows: ir.Table, group: Sequence[str], pairs: Mapping[str, tuple[str, str]]) -> ir.Table:
    """One row per group with the seven sums of every pair, named ``pair_sum``.

    rows   one row per cluster and group, whole numbers
    group  columns of the group
    pairs  name to the columns (n, y)
    """
    sums: dict[str, ir.Value] = {}
    for name, (n, y) in pairs.items():
        counted, events = rows[n].cast("int64"), rows[y].cast("int64")
        sums |= {
            f"{name}_clusters": ((counted > 0) | (events > 0)).sum(),
            f"{name}_hit": (events > 0).sum(),
            f"{name}_n": counted.sum(),
            f"{name}_y": events.sum(),
            f"{name}_nn": (counted * counted).sum(),
            f"{name}_yy": (events * events).sum(),
            f"{name}_yn": (events * counted).sum(),
        }
    sums = {name: value.cast("int64") for name, value in sums.items()}
    return rows.group_by(list(group)).agg(**sums) if group else rows.agg(**sums)


def sums_of(row: Mapping[str, Any], name: str) -> Sums:
    """The sums of pair `name` from a fetched row of `cluster_sums`."""
    return Sums(**{each: int(row[f"{name}_{each}"] or 0) for each in SUMS})


def ratio(sums: Sums) -> float | None:
    """R = sum(y) / sum(n); None when nothing was counted."""
    return sums.y / sums.n if sums.n else None


def variance(sums: Sums) -> float | None:
    """Robust variance of R; None with fewer than two clusters."""
    m, n, y = sums.clusters, sums.n, sums.y
    if m < 2 or not n:
        return None
    residual = sums.yy * n * n - 2 * y * n * sums.yn + y * y * sums.nn
    return float(Fraction(m * residual, (m - 1) * n**4))


def design_effect(sums: Sums) -> float:
    """Robust variance over that of as many independent rows; n per cluster where it has none.

    A share of exactly 0 or 1 tells nothing about clustering, so clusters then count once each.
    """
    if sums.independent:
        return 1.0
    binomial = Fraction(sums.y * (sums.n - sums.y), sums.n**3) if sums.n else Fraction(0)
    robust = variance(sums)
    if not binomial or robust is None:
        return sums.n / sums.clusters if sums.clusters else 1.0
    return robust / float(binomial)


def share_interval(sums: Sums) -> tuple[float, float] | None:
    """95 % Wilson interval of a share, n divided by the design effect (at least 1).

    Source: Wilson (1927) score interval; effective sample size as in survey sampling.
    """
    if not sums.n:
        return None
    effective = sums.n / max(1.0, design_effect(sums))
    return wilson(sums.y / sums.n, effective, _quantile(sums))


def wilson(p: float, n: float, z: float) -> tuple[float, float]:
    """Wilson score interval of a share p of n: centre ± z sqrt(p(1-p)/n + z²/4n²), shrunk by 1 + z²/n."""
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    low = 0.0 if p == 0 else max(0.0, centre - half)
    high = 1.0 if p == 1 else min(1.0, centre + half)
    return low, high


def ratio_interval(sums: Sums) -> tuple[float, float] | None:
    """95 % interval R ± t sqrt(var R), t with m - 1 degrees of freedom; None with one cluster."""
    spread = variance(sums)
    if spread is None:
        return None
    half = _student(sums.clusters - 1) * sqrt(spread)
    value = sums.y / sums.n
    return value - half, value + half


def _quantile(sums: Sums) -> float:
    return NORMAL if sums.independent or sums.clusters < 2 else _student(sums.clusters - 1)


NORMAL = 1.959963984540054
"""97.5 % point of the standard normal distribution."""


def _student(degrees: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + CONFIDENCE / 2))
