"""Which groups wait longest? Means over a few periods, each leaning on what all groups have in common.

    seen(group) = mean over periods of log(1 + value)
    variance    = (common variance + sum of squares of the group) / (1 + periods - 1)
    error^2     = variance / periods, or variance where periods overlap (rolling averages: one period's worth)
    behind it   ~ partial pooling of seen and error over groups (`pooling`)

A group with one value, or with values that jump, is drawn to the middle of all; one that stands still keeps
its own. The raw mean puts such groups at both ends of a list, where next month others stand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.clinic import UsageError
from careload.model.pooling import pooled_draws

Numbers = NDArray[np.float64]

BEFORE = 1.0
"""Degrees of freedom that the common variance counts as, beside a group's own (assumed)."""


def pooled_means(values: Numbers, chance: np.random.Generator, overlapping: bool = False) -> Numbers:
    """Draws of the level of each group, (groups, draws), in the unit of the values.

    values       (groups, periods), 0 or more; nan where unknown
    chance       of the draws
    overlapping  whether the value of a period is an average over earlier ones too

    nan for a group without any value. Raises UsageError for values below zero, or where fewer than two groups
    or no group with two values are known. Source: formula above; Gelman et al., Bayesian Data Analysis.
    """
    known = ~np.isnan(values)
    number = known.sum(axis=1)
    _checked(values, number)
    own = number > 0
    seen = np.log1p(np.where(known, values, 0.0))[own]
    middle = seen.sum(axis=1) / number[own]
    squares = (np.square(seen - middle[:, None]) * known[own]).sum(axis=1)
    common = squares.sum() / (number[own] - 1).sum()
    variance = (BEFORE * common + squares) / (BEFORE + number[own] - 1)
    error = np.sqrt(variance / (1 if overlapping else number[own]))
    draws = pooled_draws(middle, error, chance)
    found = np.full((len(values), draws.shape[1]), np.nan)
    found[own] = np.maximum(np.expm1(draws), 0.0)
    return found


def among_highest(draws: Numbers, share: float = 0.1) -> Numbers:
    """The chance of each group to be among the highest share of groups, (groups,); nan without any value.

    draws  (groups, draws) as `pooled_means` gives them
    share  above 0 and below 1; at least one group is among them

    Source: ranks of the draws, counted.
    """
    own = ~np.isnan(draws).any(axis=1)
    number = max(1, round(share * int(own.sum())))
    ranks = np.argsort(np.argsort(-draws[own], axis=0), axis=0)
    found = np.full(len(draws), np.nan)
    found[own] = (ranks < number).mean(axis=1)
    return found


def _checked(values: Numbers, number: NDArray[np.int64]) -> None:
    if (values < 0).any():
        raise UsageError("A value is below zero.", "waits and counts of 0 or more", "Leave it out.")
    if (number > 0).sum() < 2 or not (number > 1).any() or not np.nanstd(np.log1p(values)) > 0:
        raise UsageError(
            f"{(number > 0).sum()} groups with values, {(number > 1).sum()} of them with two or more.",
            "two groups or more, values that differ, and one group with two values",
            "Rank nothing, or wait for more periods.",
        )
