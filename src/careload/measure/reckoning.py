"""What a reader could reckon with: the counts behind an output and how they add up.

Behind every estimate stand counts nobody needs to be told twice: n, the events of a
share (value times n), those cut off (``censored``). A reader knows each count that one shown
estimate gives, that totals are the sums of their parts, that events are no more than
n, and that the same n stands behind many statistics. `ledger` writes that down, for
`careload.measure.narrow` to ask what it gives away.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf, isclose

from careload.clinic import Estimate
from careload.measure.beside import CountsOf, those_cut_off, two_bounds
from careload.measure.cells import Cell, Cube, Ledger, cut_off
from careload.measure.return_interval import NAIVE, TODAY
from careload.measure.small import Rule
from careload.measure.tally import at_most, merged, numbers_of, told_in, written

BY_DAY = re.compile(r"(.+_by)_(\d+)$")

WHOLE = (("n", "cancellation_by_patient"), ("n", "cancellation_by_clinic"))
PARTS = (("n", "no_show"), ("y", "cancellation_by_patient"), ("y", "cancellation_by_clinic"))
"""Every appointment whose fate is known was kept or missed, or cancelled by one side."""

LEAVERS, TENURE = "leaver_rate", "tenure"
"""The measure of those who left in the year, and that of all ever hired: those cut off are still employed."""


def ledger(
    estimates: Sequence[Estimate],
    groups: Sequence[Cube],
    rule: Rule,
    few_people: Collection[int],
    few_events: Collection[int] | None = None,
    few_cut_off: Collection[int] = (),
) -> Ledger:
    """Everything that can be reckoned from `groups`, cubes with the same numbers sharing them.

    rule         which numbers are too small to show
    few_people   estimates whose n must not be narrowed
    few_events   estimates whose events must not be narrowed; None for all that get hidden
    few_cut_off  estimates of which it must not be narrowed how many were cut off
    """
    book = Ledger()
    counts: dict[tuple[str, str], dict[Cell, int]] = {}
    n_of: CountsOf = {}
    y_of: CountsOf = {}
    same_cell = _same_cell(groups)
    for family in _families(estimates, groups):
        n = _counts(book, estimates, family, same_cell, rule)
        if all(cube.statistic.startswith(NAIVE) for cube in family):
            _aim_alone(book, groups, family, n)
        else:
            book.people.update(n.values())
        n_of.update({id(cube): n for cube in family})
        events: dict[str, dict[Cell, int]] = {}
        for alike in _alike(estimates, [cube for cube in family if _tells_events(estimates, cube)]):
            y = _events(book, estimates, alike, rule, few_events)
            at_most(book, y, n)
            for cube in alike:
                events[f"{cube.measure} {cube.statistic}"] = y
                counts["y", cube.measure] = y
                y_of[id(cube)] = y
        _nested(book, events)
        for cube in family:
            counts["n", cube.measure] = n
            book.secret.update(n[cell] for cell, numbers in cube.at.items() if set(numbers) & set(few_people))
    _whole_and_parts(book, counts)
    cut_off_of = those_cut_off(book, estimates, groups, n_of, y_of, rule, few_cut_off)
    two_bounds(book, groups, n_of, y_of, cut_off_of)
    _leavers_left(book, groups, n_of, cut_off_of)
    return book


def _families(estimates: Sequence[Estimate], groups: Sequence[Cube]) -> list[list[Cube]]:
    """Cubes that count the same people and things wherever both have a group."""
    return merged(groups, lambda cube: numbers_of(estimates, cube, lambda e: (e.n, e.at_risk, e.censored)))


def _alike(estimates: Sequence[Estimate], groups: Sequence[Cube]) -> list[list[Cube]]:
    """Cubes that count the same events wherever both have a group."""
    return merged(groups, lambda cube: numbers_of(estimates, cube, lambda e: (_event_count(e),)))


def _same_cell(groups: Sequence[Cube]) -> dict[tuple[str, Cell, Cell], set[int]]:
    """Measure, label and group to every estimate of it, whatever its statistic."""
    found: dict[tuple[str, Cell, Cell], set[int]] = {}
    for cube in groups:
        for cell, numbers in cube.at.items():
            found.setdefault((cube.measure, cube.label, cell), set()).update(numbers)
    return found


def _counts(
    book: Ledger, estimates: Sequence[Estimate], family: Sequence[Cube],
    same_cell: Mapping[tuple[str, Cell, Cell], set[int]], rule: Rule,
) -> dict[Cell, int]:
    """n of a family, by group, with their sums."""
    told, first = told_in(estimates, family)
    hides: dict[Cell, set[int]] = {}
    for cube in family:
        for cell, own in cube.at.items():
            # Figures that stand beside the main ones can go alone.
            alone = cube.statistic.startswith((NAIVE, TODAY))
            gone = own if alone else same_cell[cube.measure, cube.label, cell]
            hides.setdefault(cell, set()).update(_whole(gone))
    value = {cell: float(e.n or 0) for cell, e in first.items()}
    # Of a rate n counts events; those at risk stand apart.
    most = max(value.values()) if any(e.at_risk not in (None, e.n) for e in first.values()) else inf
    return written(
        book, value, told, hides, {cell: _top(rule, e.measure, most) for cell, e in first.items()}
    )


def _whole(numbers: Iterable[int]) -> set[int]:
    """Estimates with their counts of those cut off: hidden whole."""
    return {each for number in numbers for each in (number, cut_off(number))}


def _events(
    book: Ledger, estimates: Sequence[Estimate], alike: Sequence[Cube], rule: Rule,
    few_events: Collection[int] | None,
) -> dict[Cell, int]:
    told, first = told_in(estimates, alike)
    whole = {cell: _whole(numbers) for cell, numbers in told.items()}
    most = max(_event_count(e) for e in first.values())
    y = written(
        book, {cell: _event_count(e) for cell, e in first.items()}, told, whole,
        {cell: _top(rule, e.measure, most) for cell, e in first.items()},
    )
    for cube in alike:
        _aim(book, cube, y, few_events)
    return y


def _nested(book: Ledger, events: Mapping[str, Mapping[Cell, int]]) -> None:
    """Seen by day 7 is seen by day 14."""
    by_day: dict[str, list[tuple[int, Mapping[Cell, int]]]] = {}
    for name, counts in events.items():
        if match := BY_DAY.match(name):
            by_day.setdefault(match[1], []).append((int(match[2]), counts))
    for same in by_day.values():
        for (_, earlier), (_, later) in pairwise(sorted(same, key=lambda each: each[0])):
            if earlier is not later:
                at_most(book, earlier, later)


def _top(rule: Rule, measure: str, most: float) -> float:
    """Largest number of events too small to show; of staff no more than all there are, which are shown."""
    return rule.top(measure) if rule.of_patients(measure) else min(rule.top(measure), most)


def _aim(book: Ledger, cube: Cube, counts: Mapping[Cell, int], only: Collection[int] | None) -> None:
    for cell, numbers in cube.at.items():
        for number in numbers:
            if only is None or number in only:
                book.targets.setdefault(number, set()).add(counts[cell])


def _aim_alone(book: Ledger, groups: Sequence[Cube], family: Sequence[Cube], n: Mapping[Cell, int]) -> None:
    """In a table by itself n of those who waited is secret; beside n it is known to be little less."""
    if len(groups) == 1:
        _aim(book, family[0], n, None)


def _whole_and_parts(book: Ledger, counts: Mapping[tuple[str, str], Mapping[Cell, int]]) -> None:
    whole = next((counts[name] for name in WHOLE if name in counts), None)
    if whole is None or not all(name in counts for name in PARTS):
        return
    for cell in whole:
        if all(cell in counts[name] for name in PARTS):
            book.line(whole[cell], [counts[name][cell] for name in PARTS])


def _leavers_left(book: Ledger, groups: Sequence[Cube], n_of: CountsOf, cut_off_of: CountsOf) -> None:
    """Whoever left in the year (n of a leaver rate) is one of those ever hired who are no longer employed."""
    leavers = [n_of[id(cube)] for cube in groups if cube.measure == LEAVERS]
    for cube in groups:
        if cube.measure == TENURE and id(cube) in cut_off_of:
            hired, here = n_of[id(cube)], cut_off_of[id(cube)]
            for left in leavers:
                for cell in left.keys() & hired.keys() & here.keys():
                    book.tie((1.0, left[cell]), (1.0, here[cell]), (-1.0, hired[cell]))


def _tells_events(estimates: Sequence[Estimate], cube: Cube) -> bool:
    """Whether value (times n) is the number of events: shares, counts, and means of counts."""
    firsts = [estimates[numbers[0]] for numbers in cube.at.values()]
    known = [each for each in firsts if each.value is not None and each.n]
    return any(
        each.unit == "share"
        or cube.statistic.endswith("count")
        or (bool(each.events) and isclose((each.value or 0) * (each.n or 0), each.events or 0, rel_tol=1e-9))
        for each in known
    )


def _event_count(estimate: Estimate) -> float:
    """Events, or what value times n gives where they are not counted."""
    if estimate.events or not estimate.value:
        return float(estimate.events or 0)
    return round((estimate.value or 0) * (estimate.n or 0))
