"""What may not be shown of numbers by week or by site, as few people stand behind them.

    small: more than nobody and fewer than `SMALLEST_GROUP` behind a number, or between it and the whole
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.trust.weeks_seen import MEASURES, Counted

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]


def few(number: Numbers) -> Flags:
    """Whether so few are behind each number that it may not be shown."""
    return np.asarray((number > 0) & (number < SMALLEST_GROUP))


def few_by_site(found: Counted) -> Flags:
    """(1 + sites, weeks) whether the whole, and each site, may not be shown in a week.

    Where one site is small no site is shown: the others and the whole would tell it. Of what adds up from
    week to week, such as leavers, only the last week is shown: from one week to the next it would tell of
    one person.
    """
    whole: Flags = few(found.number.sum(axis=0))
    sites = np.asarray(few(found.number).any(axis=0))
    if MEASURES[found.measure].adds_up:
        whole[:-1], sites[:-1] = True, True
    return np.vstack([whole, np.tile(whole | sites, (len(found.number), 1))])


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
