"""Doubt where what is counted comes from few people, each of whom is alike over time and differs from the
others.

    ratio of a group = sum of amounts / sum of sizes
    its standard error = sigma ratio sqrt(sum of sizes squared) / sum of sizes, and what rounding adds
    sigma = relative spread between members of a group, of all groups together
    sqrt(sum of sizes squared) / sum of sizes = 1 / sqrt(members) where all are alike; never below
    1 / sqrt(places) where so many are all that differ, as one who comes may take over what another leaves

    rate of all = events / exposure, its doubt that of a Poisson law widened by
    phi = (sum (events - expected)^2 / expected + K together) / (members - 1 + K)
    together = how many events come at a time
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from careload.model.belief import NUMBER_OF_DRAWS, Draws
from careload.model.chances import Numbers, rate_draws, share_draws

SPREAD, SPREAD_WEIGHT = 0.03, 2.0
"""Members of a group are believed to differ by so much, with the weight of so many of them (assumed)."""
EVEN_WEIGHT = 4.0
"""That events fall evenly is believed with the weight of so many members (assumed)."""

NEVER = 0.5
"""Where something has never been seen, how likely it is that it never happens (assumed)."""


def group_ratios(
    group: NDArray[np.int64], amount: Numbers, size: Numbers, chance: np.random.Generator,
    rounding: float = 0.0, within: float = 0.0, places: Numbers | None = None,
) -> tuple[Numbers, Draws]:
    """Ratios of groups of members and draws of them, (groups,) and (groups, draws).

    group     (members,) number of each member's group; every group has a member with a size
    amount    (members,) what is summed above the line
    size      (members,) what is summed below it
    rounding  by how much each amount may be off, standard deviation
    within    relative standard deviation of a single one of what sizes count
    places    (groups,) how many at most differ in each group; default: all members
    """
    number = int(group.max(initial=-1)) + 1
    whole, sizes = np.bincount(group, size, number), np.bincount(group, size**2, number)
    ratio = np.bincount(group, amount, number) / whole
    spread, degrees = spread_between_members(group, amount, size, ratio)
    members = np.bincount(group, size > 0, number)
    single = rounding**2 * members + (within * ratio) ** 2 * whole
    apart = sizes / whole**2 if places is None else np.maximum(sizes / whole**2, 1 / places)
    error = np.sqrt((spread * ratio) ** 2 * apart + single / whole**2)
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


def uneven_rate(
    events: Numbers, exposure: Numbers, chance: np.random.Generator, together: float = 1.0
) -> Draws:
    """Draws of the rate of all members: Gamma, widened by how unevenly events fall on members.

    together  how many events come at a time; where none was seen, half the draws are 0
    """
    wider = unevenness(events, exposure, together)
    draws = rate_draws(chance, float(events.sum()) / wider, float(exposure.sum()) / wider)
    return draws if events.sum() > 0 else draws * (chance.random(NUMBER_OF_DRAWS) < NEVER)


def uneven_share(yes: Numbers, of: Numbers, chance: np.random.Generator) -> Draws:
    """Draws of the share of all members: Beta, widened likewise, never narrowed: each case is one apart."""
    wider = max(1.0, unevenness(yes, of))
    return share_draws(chance, float(yes.sum()) / wider, float(of.sum()) / wider)


def unevenness(events: Numbers, exposure: Numbers, together: float = 1.0) -> float:
    """How much wider than by chance events scatter over members (phi above)."""
    rate = events.sum() / max(float(exposure.sum()), 1e-9)
    expected = rate * exposure[exposure > 0]
    if rate <= 0 or len(expected) < 2:
        return together
    apart = float(((events[exposure > 0] - expected) ** 2 / expected).sum())
    return (apart + EVEN_WEIGHT * together) / (len(expected) - 1 + EVEN_WEIGHT)
