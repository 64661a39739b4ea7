"""A law told by a few of its quantiles, as a service file holds how those of the first day differ.

    q(0), q(0.025), ..., q(1);  between two of them people are spread evenly

Of fewer than 440 people there are fewer steps, so that each tells of at least 11. The ends are not the least
and the most, which a single patient decides, but such that the lowest and the highest step have their own
means: q(0) = 2 mean of the lowest step - q(0.025), but not below the least. The ends of a single step keep
its mean and standard deviation. Also shares of people who have one or more, two or more, ... of something.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP

Numbers = NDArray[np.float64]

STEPS = 40
BY_QUANTILES = "quantiles at even steps, the first and last step with their own means"
GRID = 200
"""Levels in each step at which its mean is taken."""
DIGITS, MOST_SHARES, LEAST_SHARE = 3, 11, 0.001
MIDDLE_OF_FEW = 5
"""What one to ten people stand for."""


def told(values: Numbers, people: Numbers) -> tuple[float, ...]:
    """Quantiles of a law of whole numbers, each spread evenly up to the next number: 41, or fewer of few.

    values  (kinds,) whole numbers, rising
    people  (kinds,) how many have each
    """
    steps = int(np.clip(people.sum() // SMALLEST_GROUP, 1, STEPS))
    spread = _at((np.arange(steps * GRID) + 0.5) / (steps * GRID), values, people)
    means = spread.reshape(steps, GRID).mean(axis=1)
    inner = _at(np.arange(1, steps) / steps, values, people)
    middle, half = float(spread.mean()), float(np.sqrt(3) * spread.std())
    alone = middle - half, middle + half
    ends = (2 * means[0] - inner[0], 2 * means[-1] - inner[-1]) if steps > 1 else alone
    low, high = np.clip(ends, values[0], values[-1] + 1)
    return tuple(round(float(each), DIGITS) for each in (low, *inner, high))


def shares_or_more(
    people: NDArray[np.floating | np.integer], again: float | None = None
) -> tuple[float, ...]:
    """Shares of people with 1, 2, ... or more; none where few have one.

        share of few with one more = share before x again,  the first of them of 10 people at most

    people  (times,) how many have 0, 1, ...
    again   part of each share that has one more; default: as between the last two told
    """
    whole = before = float(people.sum())
    or_more = np.cumsum(people[::-1])[::-1][1:].astype(float)
    shares: list[float] = []
    for number in or_more:
        # Who has as many and no more must not be few either.
        number = before - MIDDLE_OF_FEW if 0 < before - number < SMALLEST_GROUP else number
        if number < SMALLEST_GROUP:
            break
        shares.append(number / whole)
        before = number
    if shares and or_more[len(shares):].any():
        earlier, last = [1.0, *shares][-2:]
        ratio = min(last / earlier if again is None else again, (SMALLEST_GROUP - 1) / (whole * last))
        shares += falling(last * ratio, ratio)
    return rounded(shares[:MOST_SHARES])


def falling(first: float, ratio: float) -> list[float]:
    """first, first ratio, first ratio^2, ...: at most eleven, none below 0.001."""
    shares = first * ratio ** np.arange(MOST_SHARES)
    return [float(each) for each in shares if each >= LEAST_SHARE]


def rounded(shares: Iterable[float]) -> tuple[float, ...]:
    """Shares to four digits, as a service file holds them."""
    return tuple(round(float(each), 4) for each in shares)


def few_as_five(number: float) -> float:
    """A number of people as it may be told: one to ten stand for five."""
    return MIDDLE_OF_FEW if 0 < number < SMALLEST_GROUP else number


def together(days: Numbers, people: Numbers) -> tuple[Numbers, Numbers]:
    """Values that several kinds of people share, once each and rising, and how many people have each."""
    values = np.unique(days)
    return values.astype(float), np.array([people[days == value].sum() for value in values], dtype=float)


def _at(levels: Numbers, values: Numbers, people: Numbers) -> Numbers:
    reached = np.cumsum(people) / people.sum()
    place = np.minimum(np.searchsorted(reached, levels), len(values) - 1)
    before = np.where(place > 0, reached[place - 1], 0.0)
    within = np.clip((levels - before) / np.maximum(reached[place] - before, 1e-12), 0, 1)
    return np.asarray(values[place] + within)
