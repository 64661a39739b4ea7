"""Doubt in closed form, on a grid, and at the top of a likelihood: draws as likely as each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from careload.model.belief import NUMBER_OF_DRAWS, Draws
from careload.model.prior import Prior

Numbers = NDArray[np.float64]
JEFFREYS = 0.5
"""Added to each count: the prior that favours no scale (Jeffreys 1946)."""
CANDIDATES, WIDER = 4000, 1.2
"""Draws about the top of a likelihood that are weighed; how much wider they lie than its curvature says."""
FARTHEST, GRID = 6.0, 1201
"""Standard deviations of a prior within which a parameter is sought, and steps of the grid."""


def rate_draws(chance: np.random.Generator, events: float, exposure: float) -> Draws:
    """A rate whose events are Poisson: rate ~ Gamma(events + 1/2) / exposure."""
    return np.asarray(chance.gamma(events + JEFFREYS, 1.0 / exposure, NUMBER_OF_DRAWS))


def believed_draws(
    prior: Prior, log_likelihood: Callable[[Numbers], Numbers], chance: np.random.Generator
) -> Draws:
    """A parameter as likely as before any record, times its likelihood; worked out on a grid.

    log_likelihood  of values of the parameter, (grid,): for each draw of what else it hangs on, (draws, grid)
    """
    steps = np.linspace(-FARTHEST, FARTHEST, GRID)
    log_odds = log_likelihood(prior.at(steps)) - steps**2 / 2
    reached = np.cumsum(np.exp(log_odds - log_odds.max(axis=1, keepdims=True)), axis=1)
    levels = chance.uniform(size=(len(log_odds), 1)) * reached[:, -1:]
    at = steps[(reached < levels).sum(axis=1)]
    return prior.at(at + (steps[1] - steps[0]) * chance.uniform(-0.5, 0.5, len(at)))


def share_draws(chance: np.random.Generator, yes: float, of: float) -> Draws:
    """A share of independent cases: share ~ Beta(yes + 1/2, of - yes + 1/2)."""
    return np.asarray(chance.beta(yes + JEFFREYS, of - yes + JEFFREYS, NUMBER_OF_DRAWS))


def most_likely(
    minus_log_likelihood: Callable[[Numbers], float], start: Sequence[float], chance: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """The most likely parameters, and draws of them.

    Candidates of Normal(top, WIDER^2 x inverse of the curvature there) are chosen by likelihood over density
    (importance resampling), so that a skewed likelihood has skewed draws.

    minus_log_likelihood  of parameters that may take any value (take logarithms or log-odds first)
    start                 where to begin
    chance                of the draws

    Returns the top, (parameters,), and draws, (draws, parameters).
    """
    top = minimize(minus_log_likelihood, np.asarray(start, dtype=float), method="Nelder-Mead",
                   options={"maxiter": 400 * len(start), "xatol": 1e-5, "fatol": 1e-7}).x
    top = minimize(minus_log_likelihood, top, method="BFGS").x
    spread = _inverse(curvature(minus_log_likelihood, top))
    apart = chance.standard_normal((CANDIDATES, len(top)))
    root = np.linalg.cholesky(spread)
    candidates = top + WIDER * apart @ root.T
    log_odds = (apart**2).sum(axis=1) / 2 - np.array([minus_log_likelihood(each) for each in candidates])
    odds = np.exp(log_odds - log_odds.max())
    chosen = chance.choice(CANDIDATES, NUMBER_OF_DRAWS, p=odds / odds.sum())
    return np.asarray(top), np.asarray(candidates[chosen])


def curvature(function: Callable[[Numbers], float], at: Numbers, step: float = 1e-3) -> Numbers:
    """Second derivatives by differences on both sides, (parameters, parameters)."""
    number = len(at)
    steps = np.eye(number) * step
    found = np.zeros((number, number))
    for i in range(number):
        for j in range(i + 1):
            ends = [function(at + a * steps[i] + b * steps[j]) for a in (1, -1) for b in (1, -1)]
            found[i, j] = found[j, i] = (ends[0] - ends[1] - ends[2] + ends[3]) / (4 * step**2)
    return found


FLATTEST = 1e-2
"""The least curvature believed: a standard deviation of 10, on a scale of logarithms nothing known at all."""


def _inverse(second: Numbers) -> Numbers:
    """The inverse of a curvature; where it is flat or turns the wrong way it is taken for nearly flat."""
    values, vectors = np.linalg.eigh(np.nan_to_num(second))
    return np.asarray((vectors / np.maximum(values, FLATTEST)) @ vectors.T)
