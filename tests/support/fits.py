"""Do counts come from a law, and means from an expectation? With seeds fixed, always the same answer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import chi2

RAREST = 1e-4
"""A correct simulator fails one such test in ten thousand, for an unlucky choice of seeds."""

STANDARD_ERRORS = 4.0
LEAST_EXPECTED = 10.0


def misfit(seen: ArrayLike, law: ArrayLike, least: float = LEAST_EXPECTED) -> float:
    """Chance of counts as far from a law as these (Pearson), cells joined until so many are expected.

    seen   counts by value
    law    probability of each value; what it lacks to 1 stands for all values beyond
    least  people expected in each cell: few cells see a rate that is off, many a shape
    """
    counts, chances = np.asarray(seen, dtype=float), np.asarray(law, dtype=float)
    length = max(len(counts), len(chances))
    counts, chances = (np.pad(each, (0, length + 1 - len(each))) for each in (counts, chances))
    chances[-1] = max(0.0, 1.0 - chances.sum())
    assert counts.sum() > 0
    cells, expected, found = [], 0.0, 0.0
    for count, chance in zip(counts, chances, strict=True):
        expected, found = expected + counts.sum() * chance, found + count
        if expected >= least:
            cells.append((found, expected))
            expected, found = 0.0, 0.0
    assert len(cells) > 1, "too few counts to tell"
    cells[-1] = (cells[-1][0] + found, cells[-1][1] + expected)
    distance = sum((found - expected) ** 2 / expected for found, expected in cells)
    return float(chi2.sf(distance, len(cells) - 1))


def fits(seen: ArrayLike, law: ArrayLike, least: float = LEAST_EXPECTED) -> bool:
    """Whether counts may come from a law."""
    return misfit(seen, law, least) > RAREST


def is_mean(values: Sequence[float], expected: float, within: float = 0.01) -> bool:
    """Whether replications have this mean: within 1 %, and within four of their standard errors."""
    each = np.asarray(values, dtype=float)
    error = each.std(ddof=1) / len(each) ** 0.5
    apart = abs(each.mean() - expected)
    return bool(apart <= within * abs(expected) and apart <= STANDARD_ERRORS * error)
