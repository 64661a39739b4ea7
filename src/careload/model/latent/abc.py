"""Approximate Bayesian computation by sequential Monte Carlo, with a regression at the end.

1. Draw parameters from the prior, spread by a Latin hypercube; run each; write down its moments.
2. Regress the parameters on the moments: the fitted values are the summaries in which runs are compared, one
   for each parameter (Fearnhead & Prangle 2012).
3. Keep those nearest to the records; move each a little; run again; weight all runs by the prior over the
   mixture they were proposed from (Beaumont, Cornuet, Marin & Robert 2009; mixture: Owen & Zhou 2000).
4. Of all runs the nearest are kept, weighted by an Epanechnikov kernel of their distance, and moved along the
   regression to where the records are (Beaumont, Zhang & Balding 2002).

How much the moments can tell of a parameter at all is known from the runs of the prior alone, whatever was
seen: adjusted R^2 of the regression of step 2. Its noise is that of a few hundred runs, where that of the
width of what is kept is that of a few dozen.

Parameters stand on the scale on which their prior is a standard normal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

from careload.model.belief import NUMBER_OF_DRAWS

Numbers = NDArray[np.float64]
Runs = Callable[[Numbers, int], Numbers]
"""From (runs, parameters) and the number of runs made before to (runs, moments)."""

KEPT, MOVED = 0.25, 0.3
"""Share of runs kept at each step, and at the end."""
RIDGE = 1e-2


@dataclass(frozen=True)
class Posterior:
    """What is believed after the records.

    draws    (draws, parameters), as likely as each other
    ran      how many runs were made
    reached  how near the farthest run kept is to the records, in standard deviations of the summaries
    told     (parameters,) share of the spread of each that the moments explain in runs of the prior
    """

    draws: Numbers
    ran: int
    reached: float
    told: Numbers


def abc(
    run: Runs, seen: Numbers, parameters: int, chance: np.random.Generator, runs: int = 400, steps: int = 2
) -> Posterior:
    """Draws of parameters given what was seen.

    run         makes the runs
    seen        (moments,) of the records
    parameters  their number
    runs        in each step
    steps       1 for the prior alone, more to come nearer
    """
    theta, proposals = hypercube(runs, parameters, chance), [_prior]
    shown, weight = run(theta, 0), np.ones(runs)
    told = explained(theta, shown)
    for _ in range(1, steps):
        distance = _distances(theta, shown, seen)
        near = distance <= np.quantile(distance, KEPT)
        around = Around(theta[near], weight[near] / weight[near].sum())
        moved = around.draw(runs, chance)
        proposals.append(around.density)
        shown = np.concatenate([shown, run(moved, len(theta))])
        theta = np.concatenate([theta, moved])
        weight = _prior(theta) / np.mean([density(theta) for density in proposals], axis=0)
    return replace(_adjusted(theta, weight, shown, seen, chance), told=told)


def explained(theta: Numbers, shown: Numbers) -> Numbers:
    """(parameters,) adjusted R^2 = 1 - (1 - R^2) (n - 1) / (n - moments - 1), at least 0."""
    runs, number = shown.shape
    left = np.var(theta - theta.mean(axis=0) - summaries(theta, shown)(shown), axis=0) / np.var(theta, axis=0)
    return np.asarray(np.clip(1 - left * (runs - 1) / max(runs - number - 1, 1), 0.0, 1.0))


def hypercube(runs: int, parameters: int, chance: np.random.Generator) -> Numbers:
    """Standard normal draws of which every parameter has one in each of `runs` equal parts."""
    parts = np.stack([chance.permutation(runs) for _ in range(parameters)], axis=1)
    return np.asarray(norm.ppf((parts + chance.random((runs, parameters))) / runs))


def summaries(theta: Numbers, shown: Numbers) -> Callable[[Numbers], Numbers]:
    """From moments to the parameters that a linear regression expects of them."""
    middle, spread = shown.mean(axis=0), shown.std(axis=0) + 1e-12
    x = (shown - middle) / spread
    square = x.T @ x + RIDGE * len(x) * np.eye(x.shape[1])
    slopes = np.linalg.solve(square, x.T @ (theta - theta.mean(axis=0)))
    return lambda found: np.asarray(((found - middle) / spread) @ slopes)


def _distances(theta: Numbers, shown: Numbers, seen: Numbers) -> Numbers:
    expected = summaries(theta, shown)
    own, there = expected(shown), expected(seen)
    spread = own.std(axis=0) + 1e-12
    return np.asarray(np.sqrt((((own - there) / spread) ** 2).sum(axis=1)))


@dataclass(frozen=True)
class Around:
    """Draws of those kept, each moved by a normal step of twice their covariance.

    kept  (kept, parameters)
    odds  (kept,) weights that sum to one
    """

    kept: Numbers
    odds: Numbers

    @property
    def step(self) -> Numbers:
        """Covariance of a step."""
        covariance = np.atleast_2d(np.cov(self.kept.T, aweights=self.odds))
        return np.asarray(2 * covariance + 1e-9 * np.eye(len(covariance)))

    def draw(self, runs: int, chance: np.random.Generator) -> Numbers:
        """Parameters for so many runs."""
        chosen = self.kept[chance.choice(len(self.kept), runs, p=self.odds)]
        return np.asarray(chosen + chance.multivariate_normal(np.zeros(chosen.shape[1]), self.step, runs))

    def density(self, theta: Numbers) -> Numbers:
        """How likely parameters are to be drawn, up to the same factor as `_prior`."""
        inverse, size = np.linalg.inv(self.step), np.linalg.slogdet(self.step)[1]
        away = theta[:, None, :] - self.kept
        log_kernel = -0.5 * np.einsum("ijk,kl,ijl->ij", away, inverse, away) - 0.5 * size
        return np.asarray(np.exp(log_kernel) @ self.odds)


def _prior(theta: Numbers) -> Numbers:
    return np.asarray(np.exp(-0.5 * (theta**2).sum(axis=1)))


def _adjusted(
    theta: Numbers, weight: Numbers, shown: Numbers, seen: Numbers, chance: np.random.Generator
) -> Posterior:
    distance = _distances(theta, shown, seen)
    reach = float(np.quantile(distance, MOVED))
    near = distance <= reach
    kernel = weight[near] * np.maximum(1 - (distance[near] / max(reach, 1e-12)) ** 2, 1e-3)
    expected = summaries(theta, shown)
    x = expected(shown[near]) - expected(seen)
    moved = theta[near] - x @ _slopes(x, theta[near], kernel)
    odds = kernel / kernel.sum()
    return Posterior(moved[chance.choice(len(moved), NUMBER_OF_DRAWS, p=odds)], len(theta), reach,
                     np.zeros(theta.shape[1]))


def _slopes(x: Numbers, y: Numbers, weight: Numbers) -> Numbers:
    """Weighted least squares of y on x beside a constant, (summaries, parameters)."""
    odds = weight / weight.sum()
    dx, dy = x - odds @ x, y - odds @ y
    square = (dx * odds[:, None]).T @ dx + RIDGE * np.eye(x.shape[1]) * np.var(x)
    return np.asarray(np.linalg.solve(square, (dx * odds[:, None]).T @ dy))
