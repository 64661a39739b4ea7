"""Tipping: how likely a service leaves the state it is in, and what it takes to push it out.

Where there are two states, a run *has left* when its mean of the last year lies on the other side of the
level halfway between them than the service stands today. The share of runs that have left within H years has
Wilson's interval. Then the smallest push of half a year after which half of the runs have left is found by
bisection, always with the same luck. A larger push makes no fewer runs leave, but for chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

from careload.clinic import Service
from careload.simulate.pool import Progress
from careload.simulate.settles.doubt import Doubt, Numbers, share_of
from careload.simulate.settles.paths import WATCHED, WEEKS, Course, Kind, Push, follow, yearly

HALF_A_YEAR = WEEKS // 2
STEPS = 6
MOST_REFERRALS, MOST_POSTS, NO_REFERRALS = 4.0, 1.0, -1.0


@dataclass(frozen=True)
class Tried:
    """A push that was tried, and how many runs had left at the end."""

    size: float
    left: int
    of: int


@dataclass(frozen=True)
class Needed:
    """What it takes to push a service out of its state in half of the runs.

    kind   ``referrals`` or ``posts``, as `Push`
    weeks  the push lasts
    size   smallest that does it, and the sizes at which fewer, and more, than half leave beyond doubt; value
           not a number when not even the largest does
    tried  every push that was tried, by size
    """

    kind: Kind
    weeks: int
    size: Doubt
    tried: tuple[Tried, ...]


@dataclass(frozen=True)
class Tipping:
    """Leaving the state a service is in.

    home    the state it is in: ``short`` or ``long`` list
    level   patients overdue between the two states
    left    share of runs that have left it within the horizon
    of      number of runs
    pushes  what makes half of them leave
    """

    home: Literal["short", "long"]
    level: float
    left: Doubt
    of: int
    pushes: tuple[Needed, ...]


def tipping_of(
    service: Service, own: Numbers, level: float, seed: int, executor: Executor | None,
    progress: Progress | None,
) -> Tipping:
    """How a service that has two states leaves the one it is in.

    own    paths of the service as it is, shape (replication, week, WATCHED)
    level  between the two states
    """
    home: Literal["short", "long"] = "short" if at_first(own) < level else "long"
    runs, years = len(own), own.shape[1] // WEEKS
    left = number_left(own, level, home)

    def left_with(push: Push) -> int:
        (paths,) = follow([Course(service, push)], years, seed, runs, executor, progress, "pushes")
        return number_left(paths, level, home)

    pushes = [] if 2 * left >= runs else [
        _search(kind, most, runs, left, left_with) for kind, most in _pushes(service, home)
    ]
    return Tipping(home, level, share_of(left, runs), runs, tuple(pushes))


def at_first(paths: Numbers) -> float:
    """Mean number overdue in the first half year."""
    return float(paths[:, :HALF_A_YEAR, WATCHED.index("overdue")].mean())


def number_left(paths: Numbers, level: float, home: str) -> int:
    """How many runs are on the other side of the level in their last year."""
    last = yearly(paths)[:, -1]
    return int((last > level).sum() if home == "short" else (last < level).sum())


def _pushes(service: Service, home: str) -> list[tuple[Kind, float]]:
    """What may push, and how far at most: out of the long list only fewer referrals."""
    if home == "long":
        return [("referrals", NO_REFERRALS)]
    if service["calendar"]["strike_from"] is not None:  # a second strike has no place in the calendar
        return [("referrals", MOST_REFERRALS)]
    return [("referrals", MOST_REFERRALS), ("posts", MOST_POSTS)]


def _search(
    kind: Kind, most: float, runs: int, left: int, left_with: Callable[[Push], int]
) -> Needed:
    """Bisect the size of a push between none and the most."""
    tried = [Tried(0.0, left, runs)]
    low, high, size = 0.0, math.nan, most
    for _ in range(STEPS + 1):
        tried.append(Tried(size, left_with(Push(kind, size, HALF_A_YEAR, HALF_A_YEAR)), runs))
        if 2 * tried[-1].left >= runs:
            high = size
        elif size == most:
            break
        else:
            low = size
        size = (low + high) / 2
    tried.sort(key=lambda each: abs(each.size))
    return Needed(kind, HALF_A_YEAR, _with_doubt(high, tried), tuple(tried))


def _with_doubt(size: float, tried: list[Tried]) -> Doubt:
    """From the largest push that too few leave for beyond doubt to the smallest that enough do."""
    fewer = [each.size for each in tried if share_of(each.left, each.of).high < 0.5]
    more = [each.size for each in tried if share_of(each.left, each.of).low > 0.5]
    return Doubt(size, max(fewer, key=abs, default=0.0), min(more, key=abs, default=math.inf))
