"""Partial pooling: groups with few events lean on what all groups have in common.

    log rate of a group ~ Normal(mu, tau^2);  what is seen of it ~ Normal(its log rate, s^2)
    pooled = (seen / s^2 + mu / tau^2) / (1 / s^2 + 1 / tau^2)

mu and tau by the method of Paule and Mandel (1982): tau is where the weighted squares of the groups around mu sum to
their number less one. Where groups differ no more than chance, tau is 0 and all have the rate of everybody; where they
differ much, each keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import digamma, expit, polygamma

from careload.model.belief import NUMBER_OF_DRAWS, Draws
from careload.model.chances import JEFFREYS

Numbers = NDArray[np.float64]


def pooled(seen: Numbers, error: Numbers) -> tuple[Numbers, Numbers]:
    """Means and standard errors of groups that lean on each other.

    seen   (groups,) what was seen of each
    error  (groups,) its standard error

    Returns pooled means and standard errors, the doubt about the mean of all included.
    """
    if len(seen) == 1:
        return seen, error
    between = spread_between(seen, error)
    weights = 1 / (error**2 + between)
    middle, doubt = float((weights * seen).sum() / weights.sum()), float(1 / weights.sum())
    own = between / (between + error**2)
    return own * seen + (1 - own) * middle, np.sqrt(own * error**2 + (1 - own) ** 2 * doubt)


def spread_between(seen: Numbers, error: Numbers) -> float:
    """Variance between groups beyond chance (Paule & Mandel 1982); 0 where there is none."""
    def excess(between: float) -> float:
        weights = 1 / (error**2 + between)
        middle = (weights * seen).sum() / weights.sum()
        return float((weights * (seen - middle) ** 2).sum() - (len(seen) - 1))

    if excess(0.0) <= 0:
        return 0.0
    most = float(np.var(seen)) * len(seen) + 1e-12
    while excess(most) > 0:
        most *= 4
    return float(brentq(excess, 0.0, most))


def pooled_rates(
    events: NDArray[np.int64], exposure: Numbers, chance: np.random.Generator
) -> tuple[Numbers, NDArray[np.float64]]:
    """Rates of groups and draws of them, (groups,) and (groups, draws).

    events    (groups,) counted in each
    exposure  (groups,) time or cases in which they could have happened
    """
    events, exposure = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    # Of log Gamma(events + 1/2): its mean is digamma, its variance trigamma.
    seen = digamma(events + JEFFREYS) - np.log(np.maximum(exposure, 1e-9))
    return _leaning(seen, np.sqrt(polygamma(1, events + JEFFREYS)), chance, np.exp)


def pooled_shares(
    yes: NDArray[np.int64], of: NDArray[np.int64], chance: np.random.Generator
) -> tuple[Numbers, NDArray[np.float64]]:
    """Shares of groups and draws of them, (groups,) and (groups, draws), on log-odds.

    yes  (groups,) cases in which it was so
    of   (groups,) all cases
    """
    a, b = np.asarray(yes, dtype=float) + JEFFREYS, np.asarray(of, dtype=float) - yes + JEFFREYS
    return _leaning(digamma(a) - digamma(b), np.sqrt(polygamma(1, a) + polygamma(1, b)), chance, expit)


def _leaning(
    seen: Numbers, error: Numbers, chance: np.random.Generator, back: Callable[[Numbers], Numbers]
) -> tuple[Numbers, Draws]:
    mean, doubt = pooled(seen, error)
    draws = mean[:, None] + doubt[:, None] * chance.standard_normal((len(seen), NUMBER_OF_DRAWS))
    return np.asarray(back(mean)), np.asarray(back(draws))
