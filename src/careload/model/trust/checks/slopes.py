"""How a rate goes with something, within strata in which all else is alike.

    expected of a row = events of its stratum * exposure exp(slope' x) / the same summed over the stratum

the conditional likelihood of Poisson counts given the sum of each stratum (Breslow & Day 1987, chapter 4):
the rate of a stratum itself falls out, however different strata are. Where events are common it is cautious.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

NEWTON_STEPS = 12
LEAST_INFORMATION = 1e-9
FARTHEST = 8.0
"""A logarithm of a ratio beyond this is one of counts of zero."""
LEAST_EVENTS = 50
"""Of fewer events the standard error says too little of how far chance reaches."""
FAR_BEYOND_CHANCE = 3.0
"""Standard errors from which on a check speaks: by chance once in 740 (one-sided)."""


@dataclass(frozen=True)
class Slope:
    """How the logarithm of a rate goes with one thing.

    value   logarithm of the ratio of rates for one unit more; 0 where nothing tells
    error   its standard error; infinite where nothing tells
    events  events of strata that tell of it
    """

    value: float
    error: float
    events: int

    @property
    def ratio(self) -> float:
        """Rate for one unit more against the rate without."""
        return float(np.exp(self.value))

    @property
    def away(self) -> float:
        """Standard errors from none; below 0 for a rate that falls."""
        return self.value / self.error if self.error > 0 else 0.0

    def rises(self, ratio: float) -> bool:
        """Whether the rate rises beyond chance, and by at least so much for one unit."""
        return self.events >= LEAST_EVENTS and self.away > FAR_BEYOND_CHANCE and self.ratio >= ratio

    def falls(self, ratio: float) -> bool:
        """Whether it falls beyond chance, and at least to so much for one unit."""
        return self.events >= LEAST_EVENTS and self.away < -FAR_BEYOND_CHANCE and self.ratio <= ratio


NOTHING_TOLD = Slope(0.0, float("inf"), 0)


def slope_of(strata: Sequence[NDArray[Any]], events: Numbers, exposure: Numbers, *things: Numbers) -> Slope:
    """How the rate goes with the first of `things`, the others held.

    strata    columns which together say what a row's stratum is, (rows,) each
    events    (rows,)
    exposure  (rows,) time or cases in which they could have happened
    things    (rows,) each
    """
    some = exposure > 0
    if not events[some].sum():
        return NOTHING_TOLD
    place = places_of([each[some] for each in strata])
    x = np.column_stack([each[some].astype(float) for each in things])
    events, exposure = events[some].astype(float), exposure[some].astype(float)
    of_stratum = np.bincount(place, events)
    told = _tells(place, x[:, 0], exposure) & (of_stratum > 0)
    slope, information = _most_likely(place, x, events, exposure)
    inverse = np.linalg.pinv(information)
    if information[0, 0] <= LEAST_INFORMATION or inverse[0, 0] <= 0 or abs(slope[0]) > FARTHEST:
        return NOTHING_TOLD
    return Slope(float(slope[0]), float(np.sqrt(inverse[0, 0])), int(of_stratum[told].sum()))


def _most_likely(place: NDArray[np.int64], x: Numbers, events: Numbers, exposure: Numbers
                 ) -> tuple[Numbers, Numbers]:
    """Slopes of the highest likelihood, and the information about them."""
    slope, of_stratum = np.zeros(x.shape[1]), np.bincount(place, events)
    information = np.zeros((x.shape[1], x.shape[1]))
    for _ in range(NEWTON_STEPS):
        weight = exposure * np.exp(np.clip(x @ slope, -FARTHEST, FARTHEST))
        share = weight / np.bincount(place, weight)[place]
        middle = np.column_stack([np.bincount(place, share * each)[place] for each in x.T])
        away, expected = x - middle, of_stratum[place] * share
        information = (away * expected[:, None]).T @ away
        step = np.linalg.pinv(information) @ (away.T @ events)
        slope = slope + np.clip(step, -1, 1)
        if np.abs(step).max(initial=0) < 1e-6:
            break
    return slope, information


def places_of(strata: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """The number of each row's stratum."""
    place = np.zeros(len(strata[0]), dtype=np.int64)
    for column in strata:
        column = column.astype(str) if column.dtype == object else column
        names = np.unique(column, return_inverse=True)[1]
        place = np.unique(place * (names.max(initial=0) + 1) + names, return_inverse=True)[1]
    return place


def _tells(place: NDArray[np.int64], thing: Numbers, exposure: Numbers) -> NDArray[np.bool_]:
    """Whether the thing differs within each stratum."""
    whole = np.bincount(place, exposure)
    middle = np.bincount(place, exposure * thing) / whole
    spread = np.bincount(place, exposure * (thing - middle[place]) ** 2) / whole
    return np.asarray(spread > LEAST_INFORMATION)
