"""How much of a difference does each change make?

A *game* is the worth of every set of changes: what is counted when those are made and no others. Between
nobody's change and everybody's, the share of change i is the mean of what it adds, over all orders in which
the changes can be made (Shapley 1953):

    share(i) = sum over S without i of |S|! (k - |S| - 1)! / k! (worth(S + i) - worth(S))

The shares sum to worth(all) - worth(none). A set is written as a number: bit i is set when change i is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def shares(worth: Numbers) -> Numbers:
    """Shares of k changes, (k, …), from the worth of every set of them, (2^k, …): the formula above."""
    changes = len(worth).bit_length() - 1
    found = np.zeros((changes, *worth.shape[1:]))
    for change in range(changes):
        for without in range(len(worth)):
            if not without >> change & 1:
                others = without.bit_count()
                weight = factorial(others) * factorial(changes - others - 1) / factorial(changes)
                found[change] += weight * (worth[without | 1 << change] - worth[without])
    return found


def orders(changes: int, seed: int, replication: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """An order of changes drawn at random, and the same backward: of the two, errors partly cancel."""
    drawn = np.random.default_rng([seed, replication]).permutation(changes)
    forward = tuple(int(change) for change in drawn)
    return forward, forward[::-1]


def along(order: Sequence[int]) -> list[int]:
    """The sets of changes that an order passes through, from none to all."""
    sets = [0]
    for change in order:
        sets.append(sets[-1] | 1 << change)
    return sets


def shares_along(several: Sequence[Sequence[int]], worth: Callable[[int], Numbers]) -> Numbers:
    """Shares, (k, …), as their mean over some orders only: right in the mean over random orders.

    worth  from a set of changes to what it is worth, (…)
    """
    steps = [
        {change: worth(after) - worth(before) for change, before, after in _steps(order)}
        for order in several
    ]
    return np.array([sum(step[change] for step in steps) / len(steps) for change in range(len(several[0]))])


def _steps(order: Sequence[int]) -> list[tuple[int, int, int]]:
    sets = along(order)
    return list(zip(order, sets[:-1], sets[1:], strict=True))
