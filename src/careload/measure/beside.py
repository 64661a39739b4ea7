"""What figures that stand beside one another tell: those cut off, those who waited, two bounds.

Those cut off are no more than n less those reached; with those who waited they make n, or
less where care ended otherwise; people in care today are some of them. One of two bounds
is a part of the other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from careload.clinic import Estimate
from careload.measure.cells import Cell, Cube, Ledger, cut_off
from careload.measure.return_interval import EVEN, NAIVE, TODAY
from careload.measure.small import Rule
from careload.measure.tally import at_most, merged, numbers_of, told_in, written
from careload.measure.view import BOUNDS

CountsOf = dict[int, dict[Cell, int]]
"""Cube, by its id, to the counts of its groups."""

BESIDE = 0.01
"""How much cheaper it is to hide how many were cut off than the figure beside it."""


def _same_cut_off(estimates: Sequence[Estimate], groups: Sequence[Cube]) -> list[list[Cube]]:
    """Cubes that count the same people cut off wherever both have a group."""
    some = {(e.measure, e.statistic) for e in estimates if e.censored}  # under one bound there may be none
    counted = [cube for cube in groups if (cube.measure, cube.statistic) in some]
    return merged(counted, lambda cube: numbers_of(estimates, cube, lambda e: (e.censored,)))


def those_cut_off(
    book: Ledger, estimates: Sequence[Estimate], groups: Sequence[Cube], n_of: CountsOf, y_of: CountsOf,
    rule: Rule, few: Collection[int],
) -> CountsOf:
    """Those cut off, with their sums, and what ties them to n: of their own figures, and of those beside.

    n_of, y_of  n and events of each cube
    few         estimates of which it must not be narrowed how many were cut off
    """
    found: CountsOf = {}
    for alike in _same_cut_off(estimates, groups):
        told, first = told_in(estimates, alike)
        beside = {cell: {cut_off(number) for number in numbers} for cell, numbers in told.items()}
        counts = written(
            book, {cell: float(e.censored or 0) for cell, e in first.items()}, beside, beside,
            {cell: rule.top(e.measure) for cell, e in first.items()}, BESIDE,
        )
        book.secret.update(counts[cell] for cell, numbers in told.items() if numbers & set(few))
        for n in {id(n_of[id(cube)]): n_of[id(cube)] for cube in alike}.values():
            at_most(book, counts, n)
        _beside_reached(book, counts, [cube for cube in alike if id(cube) in y_of], n_of, y_of)
        for cube in groups:
            _beside(book, counts, [each for each in alike if each.measure == cube.measure], cube, n_of)
        found.update({id(cube): counts for cube in alike})
    return found


def _beside_reached(
    book: Ledger, waiting: Mapping[Cell, int], alike: Sequence[Cube], n_of: CountsOf, y_of: CountsOf
) -> None:
    """Whoever was reached was not cut off; of a patient who weighs as all do, a part is."""
    for cube in alike:
        if not cube.statistic.startswith(EVEN):
            n, y = n_of[id(cube)], y_of[id(cube)]
            for cell in n.keys() & y.keys() & waiting.keys():
                book.line(n[cell], [waiting[cell], y[cell]])


def _beside(
    book: Ledger, waiting: Mapping[Cell, int], alike: Sequence[Cube], cube: Cube, n_of: CountsOf
) -> None:
    """Tie those waiting to the n of `cube`: with those who waited they make n at most; some are in care."""
    own = n_of[id(cube)]
    for each in alike:
        n = n_of[id(each)]
        for cell in own.keys() & waiting.keys() & n.keys():
            if cube.statistic == NAIVE + each.statistic:
                book.line(n[cell], [waiting[cell], own[cell]])
            elif cube.statistic == TODAY + each.statistic and cube.label == each.label:
                book.line(waiting[cell], [own[cell]])


def two_bounds(
    book: Ledger, groups: Sequence[Cube], n_of: CountsOf, y_of: CountsOf, cut_off_of: CountsOf
) -> None:
    """Whoever counts under the narrower bound counts under the wider; of the others no more has than is."""
    all_, planned = BOUNDS
    wide = {(cube.measure, cube.statistic, cube.label): cube for cube in groups if all_ in cube.label}
    for cube in groups:
        if planned in cube.label:
            label = cube.label - {planned} | {all_}
            whole = wide.get((cube.measure, cube.statistic, label))
            if whole is not None:
                _one_in_the_other(book, id(cube), id(whole), n_of, (y_of, cut_off_of))


def _one_in_the_other(
    book: Ledger, part: int, whole: int, n_of: CountsOf, others: Sequence[CountsOf]
) -> None:
    for counts in (n_of, *others):
        own, all_ = counts.get(part, {}), counts.get(whole, {})
        n, all_n = n_of[part], n_of[whole]
        for cell in own.keys() & all_.keys():
            book.tie((1.0, own[cell]), (-1.0, all_[cell]))
            if counts is not n_of:
                book.tie((-1.0, all_n[cell]), (1.0, n[cell]), (1.0, all_[cell]), (-1.0, own[cell]))
