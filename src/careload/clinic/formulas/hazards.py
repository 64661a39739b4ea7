"""Chances over time: hazards and their conversion, two hazards at once, exhaustion that decays.

    hazard h per unit of time       S(t) = exp(-h t)            still unaffected after t (exponential)
    chance p per unit of time       S(n) = (1 - p)^n            after n units (geometric)
    the same thing when             p = 1 - exp(-h)
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from careload.clinic.errors import UsageError, nearest
from careload.clinic.formulas.inputs import not_negative, part, positive, share, whole

DAYS = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Mean days of each unit of time."""


def hazard(chance: float, over: float = 1.0) -> float:
    """The hazard behind a chance: h = -ln(1 - p) / t.

    chance  p, probability that it happens within `over`, at least 0 and below 1
    over    t, units of time, above 0

    Gives a rate per unit of time. Raises UsageError for numbers outside these ranges.
    Source: definition (C): 20 % a year is .2231 a year.
    """
    return -math.log1p(-part("chance", chance)) / positive("over", over, "units of time")


def chance(hazard: float, over: float = 1.0) -> float:
    """The chance that a hazard makes: p = 1 - exp(-h t).

    hazard  h, rate per unit of time, 0 or more
    over    t, units of time, 0 or more

    Gives a probability. Raises UsageError for negative numbers.
    Source: definition (C).
    """
    not_negative("hazard", hazard, "events per unit of time")
    return -math.expm1(-hazard * not_negative("over", over, "units of time"))


def convert(chance: float, per: str, to: str) -> float:
    """A chance per day, week, month or year as a chance per another: 1 - (1 - p)^(to / per).

    chance   p, probability within one `per`, at least 0 and below 1
    per, to  "day", "week", "month" or "year"; a month is a twelfth of a year of 365.25 days

    Gives a probability within one `to`. Raises UsageError for a number outside the range or another unit.
    Source: definition (C): 20 % a year is 1.84 % a month, not 1.67 %.
    """
    unknown = {per, to} - set(DAYS)
    if unknown:
        raise UsageError(f"{min(unknown)!r} is no unit of time.", "one that is", nearest(min(unknown), DAYS))
    return -math.expm1(math.log1p(-part("chance", chance)) * DAYS[to] / DAYS[per])


def hazards_between(times: Sequence[float], shares: Sequence[float]) -> tuple[float, ...]:
    """The hazard in each stretch between the times at which shares affected are known.

        h_i = ln((1 - F_{i-1}) / (1 - F_i)) / (t_i - t_{i-1}),   F_0 = 0 at t_0 = 0

    times   increasing, above 0, shape (k,)
    shares  share affected by each time, not falling, at least 0 and below 1, shape (k,)

    Gives rates per unit of time, shape (k,); `share_by` puts them together again.
    Raises UsageError when they are no such course.
    Source: definition (C).
    """
    points = [(0.0, 0.0), *zip(times, shares, strict=False)]
    rises = all(t0 < t1 and f0 <= f1 < 1 for (t0, f0), (t1, f1) in pairwise(points))
    if not times or len(times) != len(shares) or not rises:
        raise UsageError(
            f"{len(times)} times and {len(shares)} shares are no course over time.",
            "as many shares as times, times increasing above 0, shares not falling and below 1",
            "Give the share affected by each time.",
        )
    return tuple((math.log1p(-f0) - math.log1p(-f1)) / (t1 - t0) for (t0, f0), (t1, f1) in pairwise(points))


def share_by(time: float, until: Sequence[float], hazards: Sequence[float]) -> float:
    """The share affected by a time, when the hazard changes in steps: 1 - exp(-sum h_i dt_i).

    time     units of time, 0 or more; after the last of `until` the last hazard goes on
    until    end of each stretch, increasing, above 0, shape (k,)
    hazards  rate in each stretch, 0 or more, shape (k,)

    Gives a share. Raises UsageError when lengths differ, until does not increase or a number is negative.
    Source: definition (C).
    """
    not_negative("time", time, "units of time")
    starts = (0.0, *until)
    if not until or len(until) != len(hazards) or any(a >= b for a, b in pairwise(starts)):
        raise UsageError(
            f"{len(until)} ends and {len(hazards)} hazards are no stretches of time.",
            "one hazard for each end, the ends increasing above 0",
            "Give the end and the hazard of each stretch.",
        )
    ends = (*until[:-1], math.inf)
    spent = (
        max(0.0, min(time, end) - start) * not_negative("hazards", rate, "events per unit of time")
        for start, end, rate in zip(starts, ends, hazards, strict=False)
    )
    return -math.expm1(-math.fsum(spent))


@dataclass(frozen=True)
class Race:
    """Two things that may happen first, day by day.

    first      probability that the first comes first
    second     probability that the second comes first
    neither    probability that neither has come by the horizon; 0 without one
    mean_days  mean days until one of the two, without regard to the horizon; infinite if neither can
    """

    first: float
    second: float
    neither: float
    mean_days: float


def race(p_first: float, p_second: float, days: int | None = None) -> Race:
    """Which of two geometric hazards comes first, and when; a day of both is the first's.

        h = p + q - p q,   P(first) = p / h,   P(second) = (1 - p) q / h
        by day n both times 1 - (1 - h)^n, and neither (1 - h)^n;   mean days 1 / h

    p_first   p, chance per day of the first (of dropping out, say), 0 to 1
    p_second  q, chance per day of the second (of a crisis, say), 0 to 1
    days      n, horizon in days, 0 or more; None for no horizon

    The second is drawn on a day only if the first did not come. Gives a `Race`. Raises UsageError for numbers
    outside these ranges, and when neither can happen and there is no horizon.
    Source: sum of a geometric series (C).
    """
    either = share("p_first", p_first) + (1 - p_first) * share("p_second", p_second)
    if days is not None:
        whole("days", days, "days")
    if either == 0:
        if days is None:
            raise UsageError("Neither can happen.", "one chance above 0, or a horizon", "Give days.")
        return Race(0.0, 0.0, 1.0, math.inf)
    happened = 1.0 if days is None else _happened(either, days)
    return Race(
        first=happened * (p_first / either),
        second=happened * ((1 - p_first) * p_second / either),
        neither=1 - happened,
        mean_days=1 / either,
    )


def exhaustion_after(weeks: int, start: float, recovery: float, push: float = 0.0) -> float:
    """Exhaustion after weeks of the same overload: it decays to where push and recovery are equal.

        E_{t+1} = min(1, (1 - rho) E_t + u)
        E_n     = min(1, u/rho + (E_0 - u/rho) (1 - rho)^n)

    weeks     n, 0 or more
    start     E_0, 0 to 1
    recovery  rho, share of exhaustion that a week takes away, 0 to 1
    push      u, exhaustion that a week adds: rise x overload above 1 that is worked unpaid; 0 or more

    Gives exhaustion, 0 to 1. Raises UsageError for numbers outside these ranges.
    Source: first-order decay, our assumption about exhaustion; its solution C.
    """
    whole("weeks", weeks, "weeks")
    share("start", start)
    not_negative("push", push, "exhaustion per week")
    gone = _happened(share("recovery", recovery), weeks)
    added = push * (gone / recovery if recovery else weeks)
    # It moves one way only, so that capping each week is capping the last.
    return min(1.0, start * (1 - gone) + added)


def half_life(recovery: float) -> float:
    """Weeks in which half of what exceeds the resting level is gone: ln 2 / -ln(1 - rho).

    recovery  rho, share of exhaustion that a week takes away, above 0 and below 1

    Gives weeks. Raises UsageError outside the range.
    Source: as `exhaustion_after` (C).
    """
    positive("recovery", part("recovery", recovery), "as a part of 1")
    return math.log(2) / -math.log1p(-recovery)


def _happened(chance: float, times: int) -> float:
    """1 - (1 - p)^n, exact also where p is tiny."""
    if chance == 1:
        return 1.0 if times else 0.0
    return -math.expm1(times * math.log1p(-chance))
