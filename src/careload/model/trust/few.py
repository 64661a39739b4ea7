"""What may not be shown of numbers by week or by site, as few people stand behind them.

    small: more than nobody and fewer than `SMALLEST_GROUP` behind a number, or between it and the whole
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.trust.periods import WEEKS
from careload.model.trust.weeks_seen import MEASURES, Counted

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def few(number: Numbers) -> Flags:
    """Whether so few are behind each number that it may not be shown."""
    return np.asarray((number > 0) & (number < SMALLEST_GROUP))


def few_by_site(found: Counted) -> Flags:
    """(1 + sites, weeks) whether the whole, and each site, may not be shown in a week.

    Where one site is small no site is shown: the others and the whole would tell it. Of a count another week
    of the same four is hidden too, as the hold-out tells their sum. Of what adds up from week to week, such
    as leavers, only the last week is shown: from one week to the next it would tell of one person.
    """
    numbers = found.number.sum(axis=0)
    whole = hidden_in(numbers, _fours(len(numbers))) if MEASURES[found.measure].is_count else few(numbers)
    sites = np.asarray(few(found.number).any(axis=0))
    if MEASURES[found.measure].adds_up:
        whole[:-1], sites[:-1] = True, True
    return np.vstack([whole, np.tile(whole | sites, (len(found.number), 1))])


def _fours(weeks: int) -> list[NDArray[np.int64]]:
    """Places of weeks by four, counted back from the last, as periods held out are."""
    return [np.arange(max(0, end - WEEKS), end) for end in range(weeks, 0, -WEEKS)]


def hidden_in(numbers: Numbers, sums: Sequence[NDArray[np.int64]]) -> Flags:
    """Numbers that may not be shown: small ones, and as many more as keep sums from telling them.

    numbers  all that is shown together
    sums     places of numbers that add up: any one of them follows from the others

    Of each sum at least two numbers are hidden, and together enough people, or none.
    """
    hidden, before = few(numbers), -1
    while before < hidden.sum():
        before = int(hidden.sum())
        for own in sums:
            some, rest = own[hidden[own]], own[~hidden[own] & (numbers[own] > 0)]
            told = len(some) == 1 or numbers[some].sum() < SMALLEST_GROUP
            if len(some) and told and len(rest):
                hidden[rest[numbers[rest].argmin()]] = True
    return hidden
