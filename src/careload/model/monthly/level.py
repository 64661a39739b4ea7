"""A level that drifts and a season in common, for all organisations at once.

    y(t) = log(1 + value(t)) = season(month) + level(t) + e(t)          e ~ Normal(0, noise^2)
    level(t) = usual + stay (level(t-1) - usual) + u(t)                 u ~ Normal(0, step^2)
    usual of an organisation ~ Normal(mean of all, their variance)

stay = 1 is a level that wanders for ever, below 1 one that returns to what is usual. (noise, step, stay) of
each organisation lies on a grid, of which a Kalman filter tells the likelihood; the law of all organisations
over the grid is found from all of them (expectation and maximisation), and each leans on it: partial pooling.
The season is what the months have in common over organisations and years, shrunk by how much it differs from
year to year.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

NOISES = np.geomspace(0.01, 0.6, 8)
STEPS = np.geomspace(0.01, 0.5, 8)
STAYS = np.array([1.0, 0.97, 0.9, 0.75])
"""From a hundredth to about a half on the scale of logarithms; four speeds of return (assumed)."""
GRID = np.array(list(product(NOISES, STEPS, STAYS)))
START = 0.5
"""Standard deviation of the first level around what is usual (assumed)."""
ROUNDS, BEFORE = 10, 5.0
"""Rounds of the law over the grid, and the organisations that its even start counts as (assumed)."""


@dataclass(frozen=True)
class State:
    """What is known of organisations after the last month.

    weights   (organisations, grid) chance of each noise, step and stay
    mean      (organisations, grid, 2) level now, and usual level
    variance  (organisations, grid, 2, 2) of both
    season    (12,) of each calendar month, January first
    """

    weights: Numbers
    mean: Numbers
    variance: Numbers
    season: Numbers


def fitted(values: Numbers, first: int) -> State:
    """The model of series on a common calendar.

    values  (organisations, months), 0 or more; nan where unknown
    first   calendar month of the first, 0 for January
    """
    seen = np.log1p(values)
    season = season_of(seen, first)
    seen = seen - season[(first + np.arange(seen.shape[1])) % 12]
    likelihood, mean, variance = _filter(seen)
    return State(pooled_weights(likelihood), mean, variance, season)


def season_of(seen: Numbers, first: int) -> Numbers:
    """What each calendar month has in common, (12,), summing to zero.

        movement(t) = median over organisations of y(t) - y(t-1)
        of a month  = its mean over years, less that of all months,
                      shrunk by between / (between + within / years)

    seen  (organisations, months) logarithms; nan where unknown
    """
    movement = _common_movement(seen)
    calendar = (first + 1 + np.arange(len(movement))) % 12
    known = ~np.isnan(movement)
    years = np.bincount(calendar[known], minlength=12)
    if (years < 1).any():
        return np.zeros(12)
    mean = np.bincount(calendar[known], movement[known], minlength=12) / years
    within = np.square(movement[known] - mean[calendar[known]]).sum() / max(known.sum() - 12, 1)
    away = mean - mean.mean()
    between = max(0.0, float(away.var() - (within / years).mean())) if known.sum() > 12 else 0.0
    steps = away * between / (between + within / years) if between else np.zeros(12)
    season = np.cumsum(steps - steps.mean())
    return np.asarray(season - season.mean())


def _common_movement(seen: Numbers) -> Numbers:
    moved = np.diff(seen, axis=1)
    known = ~np.isnan(moved).all(axis=0)
    found = np.full(moved.shape[1], np.nan)
    found[known] = np.nanmedian(moved[:, known], axis=0)
    return found


def pooled_weights(likelihood: Numbers) -> Numbers:
    """The chance of each point of the grid for each organisation, leaning on what all have in common.

        law(g) = (before / points + sum over organisations of their chance of g) / (before + organisations)
        chance of g for an organisation = its likelihood x law(g), made to sum to 1

    likelihood  (organisations, grid) logarithm of it
    """
    number, points = likelihood.shape
    scaled = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    law = np.full(points, 1 / points)
    for _ in range(ROUNDS):
        chance = scaled * law
        chance /= chance.sum(axis=1, keepdims=True)
        law = (BEFORE / points + chance.sum(axis=0)) / (BEFORE + number)
    return np.asarray(scaled * law / (scaled * law).sum(axis=1, keepdims=True))


def _filter(seen: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Kalman's filter, organisations by points of the grid: log likelihood, mean, variance."""
    noise, step, stay = GRID.T
    centre, apart = _usual(seen)
    size = (len(seen), len(GRID))
    mean = np.full((*size, 2), centre)
    variance = np.full((*size, 2, 2), apart)
    variance[..., 0, 0] += START**2
    likelihood = np.zeros(size)
    for month in range(seen.shape[1]):
        if month:
            mean, variance = _next(mean, variance, stay, step)
        known = ~np.isnan(seen[:, month, None])
        spread = variance[..., 0, 0] + noise**2
        missed = np.where(known, np.nan_to_num(seen[:, month, None]) - mean[..., 0], 0.0)
        gain = np.where(known[..., None], variance[..., :, 0] / spread[..., None], 0.0)
        likelihood -= np.where(known, 0.5 * (np.log(2 * np.pi * spread) + missed**2 / spread), 0.0)
        mean = mean + gain * missed[..., None]
        variance = variance - gain[..., :, None] * variance[..., 0, None, :]
    return likelihood, mean, variance


def _next(mean: Numbers, variance: Numbers, stay: Numbers, step: Numbers) -> tuple[Numbers, Numbers]:
    """Level and usual a month later: level' = stay level + (1 - stay) usual + u."""
    move = np.zeros((len(stay), 2, 2))
    move[:, 0, 0], move[:, 0, 1], move[:, 1, 1] = stay, 1 - stay, 1.0
    later = move @ variance @ move.transpose(0, 2, 1)
    later[..., 0, 0] += step**2
    return np.einsum("gij,ogj->ogi", move, mean), later


def _usual(seen: Numbers) -> tuple[float, float]:
    """Mean and variance of the usual level over organisations; wide where there are few."""
    known = ~np.isnan(seen)
    number = known.sum(axis=1)
    own = np.where(known, seen, 0.0).sum(axis=1)[number > 0] / number[number > 0]
    return float(own.mean()), float(own.var()) + 1 / len(own)
