"""A law told by a few of its quantiles, as a service file holds how those of the first day differ.

    q(0), q(0.1), ..., q(1);  between two of them people are spread evenly

The ends are not the least and the most, which a single patient decides, but such that the lowest and the
highest tenth have their own means: q(0) = 2 mean of the lowest tenth - q(0.1), but not below the least.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

STEPS = 10
BY_QUANTILES = "quantiles at even steps, each tenth with its own mean at the ends"
GRID = 200
"""Levels in each tenth at which its mean is taken."""
DIGITS = 3


def told(values: Numbers, people: Numbers) -> tuple[float, ...]:
    """Eleven quantiles of a law of whole numbers, each spread evenly up to the next number.

    values  (kinds,) whole numbers, rising
    people  (kinds,) how many have each
    """
    levels = (np.arange(STEPS * GRID) + 0.5) / (STEPS * GRID)
    means = _at(levels, values, people).reshape(STEPS, GRID).mean(axis=1)
    inner = _at(np.arange(1, STEPS) / STEPS, values, people)
    ends = np.clip((2 * means[0] - inner[0], 2 * means[-1] - inner[-1]), values[0], values[-1] + 1)
    return tuple(round(float(each), DIGITS) for each in (ends[0], *inner, ends[1]))


def _at(levels: Numbers, values: Numbers, people: Numbers) -> Numbers:
    reached = np.cumsum(people) / people.sum()
    place = np.minimum(np.searchsorted(reached, levels), len(values) - 1)
    before = np.where(place > 0, reached[place - 1], 0.0)
    within = np.clip((levels - before) / np.maximum(reached[place] - before, 1e-12), 0, 1)
    return np.asarray(values[place] + within)
