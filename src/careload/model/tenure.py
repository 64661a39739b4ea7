"""How long people stay: tenure, some of it still running, some of it begun before the records.

    Kaplan-Meier   S(t) = product over times t_i <= t of (1 - leavers_i / at_risk_i)
                   at risk at t_i: known from before t_i, and not gone before it
    exponential    H(t) = rate t                 rate = leavers / time in sight
    Weibull        H(t) = (t / scale)^shape      the most likely scale and shape
    stepwise       H(t) = sum of h_i dt_i        h_i = leavers in a stretch / time in sight in it

S = exp(-H). Who was there when the records begin is in sight only from the tenure that they had then (left
truncation): counting them from their first day would forget all who began with them and left unseen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import gamma, norm

from careload.clinic import UsageError
from careload.model.belief import ENDS
from careload.model.chances import JEFFREYS

Numbers = NDArray[np.float64]

SHAPES = (1e-3, 1e3)
"""Where the shape of a Weibull law is looked for: every one that people's tenure can have."""


@dataclass(frozen=True)
class Tenures:
    """Tenure of people, in one unit of time.

    until  (people,) tenure at leaving, or when last seen; above 0
    left   (people,) whether they left then
    since  (people,) tenure at which they came into sight; 0 for those seen from their first day
    """

    until: Numbers
    left: NDArray[np.bool_]
    since: Numbers

    @classmethod
    def of(
        cls, until: Sequence[float], left: Sequence[bool], since: Sequence[float] | None = None
    ) -> Tenures:
        """From anything that arrays are made of; UsageError for a tenure that ends before it is seen."""
        ends, gone = np.asarray(until, dtype=float), np.asarray(left, dtype=bool)
        begins = np.zeros(len(ends)) if since is None else np.asarray(since, dtype=float)
        if not len(ends) == len(gone) == len(begins):
            raise UsageError(
                f"{len(ends)} ends, {len(gone)} leavers or not, {len(begins)} beginnings.",
                "one of each for every person", "Take all three from the same rows.",
            )
        wrong = ~((begins >= 0) & (begins < ends))
        if wrong.any():
            raise UsageError(
                f"{wrong.sum()} tenures end before they are seen.", "0 <= since < until",
                "Leave out who came and went on one day, or count the day as a half.",
            )
        return cls(ends, gone, begins)

    def where(self, which: NDArray[np.bool_]) -> Tenures:
        """Those of some people."""
        return Tenures(self.until[which], self.left[which], self.since[which])

    @property
    def leavers(self) -> int:
        """How many left."""
        return int(self.left.sum())

    @property
    def in_sight(self) -> float:
        """Time in sight of all together."""
        return float((self.until - self.since).sum())


@dataclass(frozen=True)
class Curve:
    """Kaplan and Meier's curve.

    time       (times,) at which somebody left
    staying    (times,) share still there after each
    low, high  (times,) 90 % band, on the scale log(-log S)
    at_risk    (times,) in sight just before each
    """

    time: Numbers
    staying: Numbers
    low: Numbers
    high: Numbers
    at_risk: NDArray[np.int64]

    def at(self, times: Numbers) -> Numbers:
        """Share still there at some times: 1 before anybody left."""
        place = np.searchsorted(self.time, times, side="right")
        return np.concatenate([[1.0], self.staying])[place]


@dataclass(frozen=True)
class Rate:
    """A constant hazard, per unit of time, with its 90 % interval (Gamma, Jeffreys' prior)."""

    value: float
    low: float
    high: float
    leavers: int
    in_sight: float

    def staying(self, times: Numbers) -> Numbers:
        """Share still there: exp(-rate t)."""
        return np.asarray(np.exp(-self.value * np.asarray(times)))


@dataclass(frozen=True)
class Weibull:
    """A hazard that falls (shape below 1) or rises with tenure."""

    scale: float
    shape: float

    def staying(self, times: Numbers) -> Numbers:
        """Share still there: exp(-(t / scale)^shape)."""
        return np.asarray(np.exp(-((np.asarray(times) / self.scale) ** self.shape)))


def kaplan_meier(tenures: Tenures) -> Curve:
    """The share still there by tenure, with no law assumed.

        S(t) = product of (1 - d_i / n_i),  Var log S = sum of d_i / (n_i (n_i - d_i))   (Greenwood)

    Gives the curve; empty where nobody left. Source: definition.
    """
    time, leavers = np.unique(tenures.until[tenures.left], return_counts=True)
    at_risk = ((tenures.since[:, None] < time) & (time <= tenures.until[:, None])).sum(axis=0)
    staying = np.cumprod(1 - leavers / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(leavers / (at_risk * (at_risk - leavers)))
        away = norm.ppf(ENDS[1]) * np.sqrt(variance) / np.log(staying)
        low, high = (np.where(staying > 0, staying ** np.exp(sign * away), 0.0) for sign in (-1, 1))
    return Curve(time, staying, low, high, at_risk)


def exponential(tenures: Tenures) -> Rate:
    """The constant hazard: leavers / time in sight.

    Gives it with its 90 % interval. Raises UsageError for nobody in sight. Source: definition.
    """
    _some(tenures)
    number, time = tenures.leavers, tenures.in_sight
    low, high = (float(gamma.ppf(end, number + JEFFREYS)) / time for end in ENDS)
    return Rate(number / time, low, high, number, time)


def weibull(tenures: Tenures) -> Weibull:
    """The most likely Weibull law.

        shape k:  1/k + mean of log t over leavers = sum of (t^k log t - s^k log s) / sum of (t^k - s^k)
        scale  =  (sum of (t^k - s^k) / leavers)^(1/k)

    t the tenure of each person at the end, s when they came into sight. Raises UsageError where fewer than
    two different tenures of leavers are known. Source: the derivatives of the likelihood, set to zero.
    """
    ended = np.unique(tenures.until[tenures.left])
    if len(ended) < 2:
        raise UsageError(
            f"{len(ended)} different tenures of people who left.", "two or more for a shape",
            "Take the constant hazard (exponential).",
        )
    unit = float(tenures.until.max())
    # Within 0 and 1 no power overflows; the scale is put back at the end.
    ends, begins = tenures.until / unit, tenures.since / unit
    mean_log = float(np.log(ends[tenures.left]).mean())

    def slope(shape: float) -> float:
        power, before = ends**shape, begins**shape
        logs = power * np.log(ends) - before * np.log(np.where(begins > 0, begins, 1.0))
        return 1 / shape + mean_log - float(logs.sum() / (power - np.where(begins > 0, before, 0.0)).sum())

    shape = float(brentq(slope, *SHAPES, xtol=1e-13))
    total = (ends**shape - np.where(begins > 0, begins**shape, 0.0)).sum()
    return Weibull(unit * float(total / tenures.leavers) ** (1 / shape), shape)


def stepwise(tenures: Tenures, until: Sequence[float]) -> tuple[Rate, ...]:
    """The hazard in each stretch of tenure: leavers in it / time in sight in it.

    until  end of each stretch, increasing, above 0; what comes after the last is left out

    Gives one rate per stretch: `careload.clinic.formulas.share_by` makes shares of them. Raises UsageError
    for ends that do not increase or a stretch in which nobody is in sight. Source: definition.
    """
    ends = (0.0, *until)
    if not until or any(a >= b for a, b in pairwise(ends)):
        raise UsageError(
            f"{len(until)} ends are no stretches of tenure.", "ends increasing above 0", "Sort them."
        )
    return tuple(exponential(_within(tenures, start, end)) for start, end in pairwise(ends))


def by_group(tenures: Tenures, groups: Sequence[Any]) -> Mapping[Any, Tenures]:
    """Those of each group, the groups in order.

    groups  (people,) of each person
    """
    known = np.asarray(groups)
    return {each: tenures.where(known == each) for each in np.unique(known).tolist()}


def _within(tenures: Tenures, start: float, end: float) -> Tenures:
    """What is seen of tenures between two ends."""
    seen = (tenures.until > start) & (tenures.since < end)
    own = tenures.where(seen)
    return Tenures(np.minimum(own.until, end), own.left & (own.until <= end), np.maximum(own.since, start))


def _some(tenures: Tenures) -> None:
    if not tenures.in_sight > 0:
        raise UsageError("Nobody is in sight.", "some time in sight", "Take longer stretches or more people.")
