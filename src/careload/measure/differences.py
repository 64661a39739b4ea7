"""Differences between groups, with their intervals, from what is published alone.

With two independent estimates a and b and their intervals, the interval of d = a - b is

    low  = d - sqrt((a - low_a)^2 + (high_b - b)^2)
    high = d + sqrt((high_a - a)^2 + (b - low_b)^2)

which keeps the skew of each interval. Nothing is said that a reader could not reckon:
where either figure is hidden there is no difference either.

Source: the square-and-add method (Newcombe 1998 for shares; Zou & Donner 2008, MOVER).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import sqrt

from careload.clinic import Estimate

TOLD = ("share", "median", "mean", "ratio", "rate", "raw", "not_approved", "share_with_exceptions")
"""Statistics for which groups are compared."""

NEVER = "month"
"""Months are a course of time, not groups."""


def differences(published: Sequence[Estimate], by: Sequence[str]) -> Iterator[Estimate]:
    """For each column of `by`: every group against the largest, ``versus`` it, per measure and statistic.

    published  estimates with small cells already hidden
    """
    families: dict[tuple[str, str, str, tuple[tuple[str, str], ...]], list[Estimate]] = {}
    for estimate in published:
        columns = [column for column in estimate.by if column in by and column != NEVER]
        if len(columns) == 1 and estimate.statistic in TOLD:
            others = tuple(item for item in estimate.by.items() if item[0] != columns[0])
            families.setdefault((estimate.measure, estimate.statistic, columns[0], others), []).append(
                estimate
            )
    for (_, _, column, _), members in families.items():
        yield from _against_the_largest(members, column)


def _against_the_largest(members: Sequence[Estimate], column: str) -> Iterator[Estimate]:
    shown = [each for each in members if each.value is not None and each.n]
    if len(shown) < 2:
        return
    largest = max(shown, key=lambda each: (each.n or 0, each.by[column]))
    for each in shown:
        if each is not largest:
            yield difference(each, largest, column)


def difference(a: Estimate, b: Estimate, column: str) -> Estimate:
    """a - b as an estimate, `by` naming both groups; bounds None where either is open."""
    assert a.value is not None
    assert b.value is not None
    d = a.value - b.value
    census = a.interval == b.interval == "census"
    return replace(
        a,
        statistic=f"{a.statistic}_difference",
        by={**a.by, "versus": b.by[column]},
        value=d,
        low=d if census else _apart(d, a.value, a.low, b.high, b.value, -1),
        high=d if census else _apart(d, a.high, a.value, b.value, b.low, 1),
        n=(a.n or 0) + (b.n or 0),
        censored=None if a.censored is None or b.censored is None else a.censored + b.censored,
        interval="census" if census else "square-and-add",
        note="",
    )


def _apart(
    d: float, a: float | None, a_to: float | None, b: float | None, b_to: float | None, side: int
) -> float | None:
    """d moved to one `side` by the two half-widths, squared and added; None where one is not known."""
    if a is None or a_to is None or b is None or b_to is None:
        return None
    return d + side * sqrt((a - a_to) ** 2 + (b - b_to) ** 2)
