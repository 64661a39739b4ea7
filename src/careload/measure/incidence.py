"""How long until: competing risks from grouped counts, with those still waiting counted.

At each day u with Y(u) at risk and d_k(u) events of kind k (d of any kind):

    S(u)   = S(u-) (1 - d(u)/Y(u))                      still waiting
    F_k(t) = sum over u <= t of S(u-) d_k(u)/Y(u)       Aalen-Johansen

Kinds: ``reached`` (seen), ``closed`` (discharged: ends without waiting), ``lost``
(dropped out). What was to be reached is judged among those not closed,

    R(t) = F_reached(t) / (1 - F_closed(t))             Pepe & Mori's conditional probability

so finishing treatment is not mistaken for waiting and dropping out is not mistaken
for being seen. Without closures and losses R = 1 - Kaplan-Meier.

Variances and covariances are the exact delta-method ones of the product-limit
increments (multinomial at each day); they are tested against the infinitesimal
jackknife. Rows of one patient are not independent: variances are multiplied by the
design effect at t (see `careload.measure.ratio`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from careload.measure.ratio import NORMAL, wilson

Array = npt.NDArray[np.float64]
KINDS = ("reached", "closed", "lost")

EDGE = 1e-12
"""Shares nearer than this to a bound are at the bound."""

SMALLEST = 1e-150
"""Stands for no share left, where one is divided by it; its square is still a number."""

LARGEST = 700.0
"""exp of more than this is no longer a number; the interval is then all of 0-1."""


@dataclass(frozen=True)
class Counts:
    """Durations of one group by day: whole numbers, or weights that sum to people.

    day                     shape (k,), increasing whole days
    reached, closed, lost   shape (k,), events of that kind on that day
    open                    shape (k,), cut off on that day without an event
    """

    day: Array
    reached: Array
    closed: Array
    lost: Array
    open: Array

    @staticmethod
    def of(rows: Mapping[tuple[int, str], float]) -> Counts:
        """Counts from (day, outcome) to number; outcomes reached, closed, lost, open."""
        days = sorted({day for day, _ in rows})
        column = {
            kind: np.array([rows.get((day, kind), 0) for day in days], float) for kind in (*KINDS, "open")
        }
        return Counts(np.array(days, float), **column)

    @property
    def total(self) -> float:
        """Everything counted."""
        return float(self.reached.sum() + self.closed.sum() + self.lost.sum() + self.open.sum())


class Incidence:
    """Aalen-Johansen estimate of one group; everything is an array over `day`."""

    def __init__(self, counts: Counts) -> None:
        self.counts = counts
        self.day = counts.day
        events = counts.reached + counts.closed + counts.lost
        leaving = events + counts.open
        self.at_risk = leaving[::-1].cumsum()[::-1]
        self._events = events
        staying = 1 - events / self.at_risk
        self.waiting = np.cumprod(staying)
        self._before = np.concatenate([[1.0], self.waiting[:-1]])
        self._increments = {kind: self._before * getattr(counts, kind) / self.at_risk for kind in KINDS}
        self.share = {kind: np.cumsum(step) for kind, step in self._increments.items()}

    @cached_property
    def of_those_not_closed(self) -> Array:
        """R(t), the share reached among those not closed by t."""
        return np.asarray(self.share["reached"] / np.maximum(1 - self.share["closed"], SMALLEST))

    def covariance(self, a: str, b: str) -> Array:
        """cov(F_a(t), F_b(t)) for independent rows."""
        risk, all_events = self.at_risk, self._events
        da, db = getattr(self.counts, a), getattr(self.counts, b)
        fa, fb, s = self.share[a], self.share[b], self._before
        left = risk - all_events
        # Where everyone leaves at once nobody is left for the term to act on.
        w = np.where(left > 0, all_events / (risk * np.where(left > 0, left, 1)), 0.0)
        same = s**2 * ((da if a == b else 0.0) / risk**2 - da * db / risk**3)
        ga, gb = s * da / risk**2, s * db / risk**2
        total = (
            fa * fb * np.cumsum(w) - fa * np.cumsum(fb * w) - fb * np.cumsum(fa * w) + np.cumsum(fa * fb * w)
        )
        total = total + np.cumsum(same)
        total = total - (fa * np.cumsum(gb) - np.cumsum(fa * gb)) - (fb * np.cumsum(ga) - np.cumsum(fb * ga))
        return np.asarray(np.maximum(total, 0.0) if a == b else total)

    @cached_property
    def variance(self) -> Array:
        """var(R(t)) for independent rows."""
        r = self.of_those_not_closed
        open_share = np.maximum(1 - self.share["closed"], SMALLEST)
        spread = (
            self.covariance("reached", "reached")
            + r**2 * self.covariance("closed", "closed")
            + 2 * r * self.covariance("reached", "closed")
        )
        return np.asarray(np.maximum(spread, 0.0) / open_share**2)

    @cached_property
    def greenwood(self) -> Array:
        """var(S(t)) for independent rows: S(t)² sum of d/(Y(Y-d)), Greenwood 1926."""
        left = self.at_risk - self._events
        terms = np.where(left > 0, self._events / (self.at_risk * np.where(left > 0, left, 1)), 0.0)
        return np.asarray(self.waiting**2 * np.cumsum(terms))

    @property
    def not_closed(self) -> float:
        """Everything counted that was not closed."""
        return self.counts.total - float(self.counts.closed.sum())

    def at(self, day: float) -> int:
        """Index of the last day <= `day`; -1 before the first."""
        return int(np.searchsorted(self.day, day, side="right")) - 1

    def quantile(self, q: float) -> float | None:
        """First day by which a share q of those not closed was reached; None if never."""
        enough = self.of_those_not_closed >= q - EDGE
        return _first(self.day, enough)

    @property
    def last_day(self) -> float:
        """Last day on which anybody was at risk."""
        return float(self.day[-1])


def log_log_band(p: Array, variance: Array, z: float = NORMAL) -> tuple[Array, Array]:
    """95 % intervals of shares p by the log(-log) transform of 1 - p, which stays inside 0-1."""
    inside = (p > EDGE) & (p < 1 - EDGE)
    survival = np.where(inside, 1 - p, 0.5)
    half = np.minimum(z * np.sqrt(variance) / (survival * np.abs(np.log(survival))), LARGEST)
    low, high = 1 - survival ** np.exp(-half), 1 - survival ** np.exp(half)
    return np.where(inside, low, p), np.where(inside, high, p)


def quantile_interval(
    curve: Incidence, q: float, effect: float, z: float = NORMAL
) -> tuple[float | None, float | None]:
    """Days between which the q quantile lies: where the log-log band of R(t) crosses q.

    The band has no width where all were reached, as if the last of a dozen were the last there could
    be; there the lower bound is Wilson's, which few people leave below 0.9.

    effect  design effect by which variances are multiplied
    """
    shares = curve.of_those_not_closed
    lower, upper = log_log_band(shares, curve.variance * effect, z)
    all_reached = wilson(1.0, max(curve.not_closed / max(1.0, effect), EDGE), z)[0]
    lower = np.where(shares > 1 - EDGE, all_reached, lower)
    return _first(curve.day, upper >= q - EDGE), _first(curve.day, lower >= q - EDGE)


def _first(days: Array, reached: npt.NDArray[np.bool_]) -> float | None:
    found = np.flatnonzero(reached)
    return float(days[found[0]]) if found.size else None
