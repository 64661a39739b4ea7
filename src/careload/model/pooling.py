"""Partial pooling: groups with few events lean on what all groups have in common.

    log rate of a group      ~ Normal(mu, tau^2)
    what is seen of it       ~ Normal(its log rate, s^2)
    pooled, given mu and tau = (seen / s^2 + mu / tau^2) / (1 / s^2 + 1 / tau^2)

mu may be anything, tau anything up to `MOST_APART` (both even), and the doubt about both is in every draw:
the hierarchical normal model of Gelman et al., Bayesian Data Analysis. Where groups differ no more than by
chance all have nearly the same rate; where they differ much, each keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, expit, polygamma

from careload.model.belief import NUMBER_OF_DRAWS
from careload.model.chances import JEFFREYS, rate_draws, share_draws

Numbers = NDArray[np.float64]

MOST_APART = 2.0
"""Largest standard deviation between groups: one in three would be more than seven times higher or lower."""
STEPS = 200


def pooled_draws(seen: Numbers, error: Numbers, chance: np.random.Generator) -> Numbers:
    """Draws of what lies behind what was seen of each group, (groups, draws).

    seen   (groups,) of each
    error  (groups,) its standard error
    """
    spread = np.linspace(0, MOST_APART, STEPS)
    weights = 1 / (error**2 + spread[:, None] ** 2)
    middle = (weights * seen).sum(axis=1) / weights.sum(axis=1)
    doubt = 1 / weights.sum(axis=1)
    away = (weights * (seen - middle[:, None]) ** 2).sum(axis=1)
    log_chance = 0.5 * (np.log(weights).sum(axis=1) + np.log(doubt) - away)
    odds = np.exp(log_chance - log_chance.max())
    place = chance.choice(STEPS, NUMBER_OF_DRAWS, p=odds / odds.sum())
    common = middle[place] + np.sqrt(doubt[place]) * chance.standard_normal(NUMBER_OF_DRAWS)
    own = spread[place] ** 2 / (spread[place] ** 2 + error[:, None] ** 2)
    noise = chance.standard_normal((len(seen), NUMBER_OF_DRAWS))
    return np.asarray(own * seen[:, None] + (1 - own) * common + np.sqrt(own) * error[:, None] * noise)


def pooled_rates(events: NDArray[Any], exposure: NDArray[Any], chance: np.random.Generator) -> Numbers:
    """Draws of the rates of groups, (groups, draws).

    events    (groups,) counted in each
    exposure  (groups,) time or cases in which they could have happened, more than 0
    """
    events, exposure = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    if len(events) == 1:
        return rate_draws(chance, events[0], exposure[0])[None, :]
    # The logarithm of Gamma(events + 1/2) has mean digamma and variance trigamma.
    seen = digamma(events + JEFFREYS) - np.log(exposure)
    return _back(np.exp, seen, polygamma(1, events + JEFFREYS), chance)


def pooled_shares(yes: NDArray[Any], of: NDArray[Any], chance: np.random.Generator) -> Numbers:
    """Draws of the shares of groups, on log-odds, (groups, draws).

    yes  (groups,) cases in which it was so
    of   (groups,) all cases, one or more
    """
    yes, of = np.asarray(yes, dtype=float), np.asarray(of, dtype=float)
    if len(yes) == 1:
        return share_draws(chance, yes[0], of[0])[None, :]
    a, b = yes + JEFFREYS, of - yes + JEFFREYS
    return _back(expit, digamma(a) - digamma(b), polygamma(1, a) + polygamma(1, b), chance)


def _back(
    back: Callable[[Numbers], Numbers], seen: Numbers, variance: Numbers, chance: np.random.Generator
) -> Numbers:
    if not len(seen):
        return np.zeros((0, NUMBER_OF_DRAWS))
    return np.asarray(back(pooled_draws(seen, np.sqrt(variance), chance)))
