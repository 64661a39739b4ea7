"""One state, two, or none: what a short and a long list at the start have become after H years.

Y[r, y] is the mean number of patients overdue in year y of run r, from a start with an empty list (short) and
from a start with a long one; run r has the same luck from both. With L the last third of the years (two at
least), m[r] the mean of Y over L and s[r] its least-squares slope over L, times the length of L:

    distance   D = mean over r of m_long[r] - m_short[r], with Student's interval over runs
    change     S = mean over r of s[r], likewise: what the last third has brought
    margin     M = tolerance x mean of all m, one patient at least: less than that counts as the same

Runs are independent, so the intervals need no assumption about how a year depends on the year before.

    trend            the interval of S excludes 0, and S is beyond ±M
    drift            a trend the same way from both starts, no less than 0.8 times as steep as in the third
                     before, while the starts do not approach each other
    one state        the interval of D lies within ±M, and there is no trend: where one began is forgotten
    two states       the interval of D lies beyond M; the runs that stay on their side of the level halfway,
                     from both starts, have no trend, and none that could have closed half of D
    two, one open    as two, but from the long list it drifts: beyond the tipping point there is no rest
    cannot be said   all else: still approaching, still on the way, or too few runs

Two states are two *within H years*: near a tipping point a service may need decades from one to the other.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from careload.simulate.settles.doubt import Doubt, Numbers, mean_of

Which = NDArray[np.bool_]
Verdict = Literal["one", "two", "drift", "cannot be said"]
FEWEST_STAYERS = 3
LASTING = 0.8
"""A slope that has not fallen below this part of what it was in the third before counts as lasting."""


@dataclass(frozen=True)
class Reading:
    """What two starts say.

    verdict   ``one``, ``two``, ``drift``, ``cannot be said``
    because   why, with the figures it rests on
    remedy    what would settle it; "" when it is settled
    margin    patients overdue that count as the same
    distance  between the two starts in the last third, patients
    change    over the last third, from the short list and from the long
    level     between the two states, where there are two
    open      beyond the tipping point there is no rest
    """

    verdict: Verdict
    because: str
    remedy: str
    margin: float
    distance: Doubt
    change: tuple[Doubt, Doubt]
    level: float | None = None
    open: bool = False


def last_third(years: int) -> int:
    """How many years the last third has."""
    return max(2, -(-years // 3))


def slope(yearly: Numbers) -> Numbers:
    """Least-squares slope of each run over all its years, times their number; shape (replication,)."""
    years = np.arange(yearly.shape[1]) - (yearly.shape[1] - 1) / 2
    return np.asarray(yearly @ years / (years @ years) * yearly.shape[1])


def read_states(short: Numbers, long: Numbers, tolerance: float) -> Reading:
    """The verdict of this module.

    short, long  Y from the two starts, shape (replication, year), of the same replications
    tolerance    share of the mean level that counts as the same
    """
    if short[:, -1].mean() > long[:, -1].mean():
        short, long = long, short
    third = last_third(short.shape[1])
    ends = short[:, -third:], long[:, -third:]
    margin = max(1.0, tolerance * float(np.mean(ends)))
    distance = mean_of((ends[1] - ends[0]).mean(axis=1))
    change = mean_of(slope(ends[0])), mean_of(slope(ends[1]))
    if _both_drift(short, long, third, margin) and not approaches(short, long, third, margin):
        return _drift(third, margin, distance, change)
    if distance.within(margin) and not any(has_trend(each, margin) for each in change):
        return _one(short.shape[1] - third, margin, distance, change)
    found = _two(short, long, third, margin, distance) if distance.low > margin else None
    return found or _cannot(short, long, third, margin, distance, change)


def has_trend(change: Doubt, margin: float) -> bool:
    """Whether a change is one beyond doubt, and more than counts as the same."""
    return abs(change.value) > margin and not change.low <= 0 <= change.high


def approaches(short: Numbers, long: Numbers, third: int, margin: float) -> bool:
    """Whether the distance between the starts shrinks in the last third, beyond doubt and by more than M."""
    approach = mean_of(slope(long[:, -third:] - short[:, -third:]))
    return approach.high < 0 and approach.value < -margin


def _one(before: int, margin: float, distance: Doubt, change: tuple[Doubt, Doubt]) -> Reading:
    because = (
        f"after {before} years it is forgotten whether the list at the start was empty or long: "
        f"{distance} patients overdue apart, within the {margin:,.1f} that count as the same"
    )
    return Reading("one", because, "", margin, distance, change)


def _both_drift(short: Numbers, long: Numbers, third: int, margin: float) -> bool:
    return any(all(_drifts(side * each, third, margin) for each in (short, long)) for side in (1, -1))


def _drifts(rows: Numbers, third: int, margin: float) -> bool:
    """Whether these paths rise: beyond doubt, by more than the margin, and not slower and slower."""
    now, before = mean_of(slope(rows[:, -third:])), rows[:, -2 * third: -third]
    if before.shape[1] < third:
        return False
    return has_trend(now, margin) and now.value > max(0.0, LASTING * float(slope(before).mean()))


def _drift(third: int, margin: float, distance: Doubt, change: tuple[Doubt, Doubt]) -> Reading:
    because = (
        f"in the last {third} years the number overdue has changed by {change[0]} from an empty list and by "
        f"{change[1]} from a long one, no slower than in the years before"
    )
    return Reading("drift", because, "", margin, distance, change)


def _two(short: Numbers, long: Numbers, third: int, margin: float, distance: Doubt) -> Reading | None:
    """Two states, if the runs that stay on their side of the level halfway have come to rest."""
    level = float(np.mean([short[:, -third:].mean(), long[:, -third:].mean()]))
    low, high = stayers(short, long, third, level)
    if min(low.sum(), high.sum()) < FEWEST_STAYERS:
        return None
    change = mean_of(slope(short[low, -third:])), mean_of(slope(long[high, -third:]))
    runaway = _drifts(long[high], third, margin)
    quiet = [not has_trend(each, margin) and each.within(distance.value / 2) for each in change]
    if not quiet[0] or not (quiet[1] or runaway):
        return None
    because = (
        f"an empty and a long list at the start are still {distance} patients overdue apart after "
        f"{short.shape[1] - third} years, more than the {margin:,.1f} that count as the same; "
        + (f"beyond {level:,.0f} it drifts ({change[1]} in the last {third} years)" if runaway
           else f"both are at rest ({change[0]} and {change[1]} in the last {third} years)")
    )
    return Reading("two", because, "", margin, distance, change, level, runaway)


def stayers(short: Numbers, long: Numbers, third: int, level: float) -> tuple[Which, Which]:
    """Which runs stay below the level from the short list, and above it from the long, in the last third."""
    return short[:, -third:].max(axis=1) < level, long[:, -third:].min(axis=1) > level


def _cannot(
    short: Numbers, long: Numbers, third: int, margin: float, distance: Doubt, change: tuple[Doubt, Doubt]
) -> Reading:
    years, runs = short.shape[1], len(short)
    left = _left_of_the_distance(short, long, third)
    if approaches(short, long, third, margin) and 0 < left < 1:
        because = (
            f"the two starts still approach each other: {distance} patients overdue apart, and of what lay "
            f"between them {100 * left:.0f} % is left from one third of the years to the next"
        )
        horizon = _horizon(years, third, distance.value / margin, left)
        remedy = f"A horizon of about {horizon} years may settle it."
    elif any(has_trend(each, margin) for each in change):
        because = (
            f"it is still on its way: in the last {third} years the number overdue has changed by "
            f"{change[0]} from an empty list and by {change[1]} from a long one"
        )
        remedy = f"A horizon of {2 * years} years may settle it."
    else:
        because = (
            f"the doubt is too wide: {distance} patients overdue apart, {margin:,.1f} count as the same, and "
            f"in the last {third} years it has changed by {change[0]} and {change[1]}"
        )
        remedy = _more_runs(runs, (distance.high - distance.value) / margin)
    return Reading("cannot be said", because, remedy, margin, distance, change)


def _left_of_the_distance(short: Numbers, long: Numbers, third: int) -> float:
    """Distance between the starts in the last third, as a part of that in the third before."""
    apart = (long - short).mean(axis=0)
    before = float(apart[-2 * third: -third].mean())
    return float(apart[-third:].mean()) / before if before > 0 else math.nan


def _horizon(years: int, third: int, margins: float, left: float) -> int:
    """Years after which, at this pace, half of the margin is left between the starts in the last third."""
    today = years - third / 2
    there = today + third * math.log(2 * margins) / -math.log(left)
    return max(years + 1, math.ceil(1.5 * there))


def _more_runs(runs: int, times: float) -> str:
    """Doubt falls with the root of the number of runs."""
    if not math.isfinite(times):
        return "At least two replications would be needed, better twenty."
    return f"About {max(2 * runs, math.ceil(runs * times**2))} replications may settle it."
