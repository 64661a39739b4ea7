"""Doubt where what is counted comes from few people, each of whom is alike over time and differs from the others.

    ratio of a group = sum of amounts / sum of sizes
    its standard error = sigma ratio sqrt(sum of sizes squared) / sum of sizes
    sigma = relative spread between members of a group, of all groups together

    rate of all = events / exposure, its doubt that of a Poisson law widened by
    phi = (sum (events - expected)^2 / expected + K) / (members - 1 + K)
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Draws
from careload.model.chances import Numbers, rate_draws, share_draws

SPREAD, SPREAD_WEIGHT = 0.03, 2.0
"""Members of a group are believed to differ by so much, with the weight of so many of them (assumed)."""
EVEN_WEIGHT = 4.0
"""That events fall evenly is believed with the weight of so many members (assumed)."""


def group_ratios(
    group: NDArray[np.int64], amount: Numbers, size: Numbers, chance: np.random.Generator, rounding: float = 0.0
) -> tuple[Numbers, Draws]:
    """Ratios of groups of members and draws of them, (groups,) and (groups, draws).

    group     (members,) number of each member's group; every group has a member with a size
    amount    (members,) what is summed above the line
    size      (members,) what is summed below it
    rounding  by how much each amount may be off, standard deviation
    """
    number = int(group.max(initial=-1)) + 1
    whole, sizes = np.bincount(group, size, number), np.bincount(group, size**2, number)
    ratio = np.bincount(group, amount, number) / whole
    spread, degrees = spread_between_members(group, amount, size, ratio)
    members = np.bincount(group, size > 0, number)
    error = np.sqrt(spread**2 * ratio**2 * sizes + rounding**2 * members) / whole
    far = chance.standard_t(degrees, (number, NUMBER_OF_DRAWS))
    return ratio, np.maximum(ratio[:, None] + error[:, None] * far, 0.0)


def spread_between_members(
    group: NDArray[np.int64], amount: Numbers, size: Numbers, ratio: Numbers
) -> tuple[float, float]:
    """Relative spread between members within groups, and its degrees of freedom."""
    counted = (size > 0) & (ratio[group] > 0)
    group, amount, size = group[counted], amount[counted], size[counted]
    if not len(group):
        return SPREAD, SPREAD_WEIGHT
    most = np.zeros(len(ratio))
    np.maximum.at(most, group, size)
    apart = (size / most[group] * (amount / size / ratio[group] - 1) ** 2).sum()
    free = len(group) - len(np.unique(group))
    degrees = SPREAD_WEIGHT + free
    return float(np.sqrt((SPREAD_WEIGHT * SPREAD**2 + apart) / degrees)), degrees


def uneven_rate(events: Numbers, exposure: Numbers, chance: np.random.Generator) -> Draws:
    """Draws of the rate of all members: Gamma, widened by how unevenly events fall on members."""
    return _widened(events, exposure, lambda whole, of: rate_draws(chance, whole, of))


def uneven_share(yes: Numbers, of: Numbers, chance: np.random.Generator) -> Draws:
    """Draws of the share of all members: Beta, widened likewise."""
    return _widened(yes, of, lambda whole, cases: share_draws(chance, whole, cases))


def _widened(events: Numbers, exposure: Numbers, law: Callable[[float, float], Draws]) -> Draws:
    events, exposure = np.asarray(events, dtype=float), np.asarray(exposure, dtype=float)
    wider = unevenness(events, exposure)
    return law(float(events.sum()) / wider, float(exposure.sum()) / wider)


def unevenness(events: Numbers, exposure: Numbers) -> float:
    """How much wider than by chance events scatter over members (phi above)."""
    rate = events.sum() / max(float(exposure.sum()), 1e-9)
    expected = rate * exposure[exposure > 0]
    if rate <= 0 or len(expected) < 2:
        return 1.0
    apart = float(((events[exposure > 0] - expected) ** 2 / expected).sum())
    return (apart + EVEN_WEIGHT) / (len(expected) - 1 + EVEN_WEIGHT)
