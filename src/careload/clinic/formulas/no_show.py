"""How no-shows grow with the wait: by backlog, and by weeks from booking."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from careload.clinic.errors import UsageError
from careload.clinic.formulas.inputs import not_negative, positive, share, whole

NoShow = Callable[[int], float] | float
"""A probability of no-show: one for all, or a function of the number of people in the backlog."""


@dataclass(frozen=True)
class NoShowCurve:
    """The probability of a no-show as a function of the backlog, k people ahead; it rises and levels off.

        gamma(k) = late - (late - soon) exp(-floor(k / slots per day) / scale)

    soon           probability on the day itself, 0 to 1
    late           probability far ahead, 0 to 1
    scale_days     working days ahead after which 63 % of the difference is reached, above 0
    slots_per_day  slots offered per day, 1 or more

    Call it with k to have gamma(k). Raises UsageError for numbers outside these ranges.
    Source: Green & Savin 2008, Oper. Res., doi 10.1287/opre.1080.0575: form M.
    """

    soon: float
    late: float
    scale_days: float
    slots_per_day: int

    def __post_init__(self) -> None:
        share("soon", self.soon)
        share("late", self.late)
        positive("scale_days", self.scale_days, "working days")
        whole("slots_per_day", self.slots_per_day, "slots per day", 1)

    def __call__(self, backlog: int) -> float:
        days_ahead = backlog // self.slots_per_day
        return self.late - (self.late - self.soon) * math.exp(-days_ahead / self.scale_days)


def attendance(start: float, odds_ratio_per_week: float, weeks: float) -> float:
    """The probability of attending a visit booked so many weeks ahead, when each week multiplies the odds.

        odds = start / (1 - start) * ratio^weeks,   p = odds / (1 + odds)

    start                probability of attending at once, 0 to 1
    odds_ratio_per_week  factor of the odds for each week, above 0
    weeks                weeks from booking to visit, 0 or more

    Gives a probability. Raises UsageError for numbers outside these ranges.
    Source: definition of the odds ratio; 0.95 per week in 1,587 behavioural-health referrals, Psychol Serv
    2023;20:983 (R).
    """
    share("start", start)
    positive("odds_ratio_per_week", odds_ratio_per_week, "odds per odds")
    factor = math.pow(odds_ratio_per_week, not_negative("weeks", weeks, "weeks"))
    return start * factor / (1 - start + start * factor)


def chances(no_show: NoShow, most: int) -> list[float]:
    """The probability of a no-show at each backlog 0, 1, …, `most`; UsageError when one is no share."""
    if callable(no_show):
        found = [float(no_show(backlog)) for backlog in range(most + 1)]
    else:
        found = [float(no_show)] * (most + 1)
    for backlog, chance in enumerate(found):
        if not 0 <= chance <= 1:
            raise UsageError(
                f"no_show is {chance:g} at a backlog of {backlog}.", "a share from 0 to 1 at every backlog",
                "Give a probability, or a function of the backlog that stays between 0 and 1.",
            )
    return found
