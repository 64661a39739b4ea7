"""What a reader could reckon with: the counts behind an output and how they add up.

Behind every estimate stand counts nobody needs to be told twice: n, the events of a
share (value times n), those still waiting. A reader knows each count that one shown
estimate gives, that totals are the sums of their parts, that events are no more than
n, and that the same n stands behind many statistics. `ledger` writes that down, for
`careload.measure.narrow` to ask what it gives away.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from math import isclose

from careload.clinic import Estimate
from careload.measure.cells import Cell, Cube, Ledger

Numbers = dict[Cell, tuple[float, ...]]

BY_DAY = re.compile(r"(.+_by)_(\d+)$")

WHOLE = (("n", "cancellation_by_patient"), ("n", "cancellation_by_clinic"))
PARTS = (("n", "no_show"), ("y", "cancellation_by_patient"), ("y", "cancellation_by_clinic"))
"""Every appointment whose fate is known was kept or missed, or cancelled by one side."""

MARGIN = 100.0
"""How much dearer it is to hide a total than one of its parts."""


def ledger(
    estimates: Sequence[Estimate],
    groups: Sequence[Cube],
    top: Callable[[str], float],
    few_people: Collection[int],
    few_events: Collection[int] | None = None,
) -> Ledger:
    """Everything that can be reckoned from `groups`, cubes with the same numbers sharing them.

    top         measure to the largest number that is too small to show
    few_people  estimates whose n must not be narrowed
    few_events  estimates whose events must not be narrowed; None for all that get hidden
    """
    book = Ledger()
    counts: dict[tuple[str, str], dict[Cell, int]] = {}
    same_cell = _same_cell(groups)
    for family in _families(estimates, groups):
        n = _counts(book, estimates, family, 0, same_cell, top)
        book.people.update(n.values())
        waiting = _counts(book, estimates, family, 1, same_cell, top)
        _at_most(book, waiting, n)
        events: dict[str, dict[Cell, int]] = {}
        for alike in _alike(estimates, [cube for cube in family if _tells_events(estimates, cube)]):
            y = _events(book, estimates, alike, top, few_events)
            _at_most(book, y, n)
            for cube in alike:
                events[f"{cube.measure} {cube.statistic}"] = y
                counts["y", cube.measure] = y
        _nested(book, events)
        for cube in family:
            counts["n", cube.measure] = n
            book.secret.update(n[cell] for cell, numbers in cube.at.items() if set(numbers) & set(few_people))
    _whole_and_parts(book, counts)
    return book


def _families(estimates: Sequence[Estimate], groups: Sequence[Cube]) -> list[list[Cube]]:
    """Cubes that count the same people and things wherever both have a group."""
    return _merged(groups, lambda cube: _numbers(estimates, cube, lambda e: (e.n, e.at_risk, e.censored)))


def _alike(estimates: Sequence[Estimate], groups: Sequence[Cube]) -> list[list[Cube]]:
    """Cubes that count the same events wherever both have a group."""
    return _merged(groups, lambda cube: _numbers(estimates, cube, lambda e: (_event_count(e),)))


def _merged(groups: Sequence[Cube], numbers: Callable[[Cube], Numbers]) -> list[list[Cube]]:
    found: list[tuple[Numbers, list[Cube]]] = []
    for cube in groups:
        own = numbers(cube)
        for known, members in found:
            shared = known.keys() & own.keys()
            if shared and all(known[cell] == own[cell] for cell in shared):
                known.update(own)
                members.append(cube)
                break
        else:
            found.append((own, [cube]))
    return [members for _, members in found]


def _numbers(
    estimates: Sequence[Estimate], cube: Cube, of: Callable[[Estimate], tuple[float | None, ...]]
) -> Numbers:
    return {cell: tuple(x or 0 for x in of(estimates[at[0]])) for cell, at in cube.at.items()}


def _same_cell(groups: Sequence[Cube]) -> dict[tuple[str, Cell, Cell], set[int]]:
    """Measure, label and group to every estimate of it, whatever its statistic."""
    found: dict[tuple[str, Cell, Cell], set[int]] = {}
    for cube in groups:
        for cell, numbers in cube.at.items():
            found.setdefault((cube.measure, cube.label, cell), set()).update(numbers)
    return found


def _counts(
    book: Ledger, estimates: Sequence[Estimate], family: Sequence[Cube], which: int,
    same_cell: Mapping[tuple[str, Cell, Cell], set[int]], top: Callable[[str], float],
) -> dict[Cell, int]:
    """n (which = 0) or those still waiting (1) of a family, by group, with their sums."""
    told: dict[Cell, set[int]] = {}
    hides: dict[Cell, set[int]] = {}
    for cube in family:
        for cell, numbers in cube.at.items():
            told.setdefault(cell, set()).update(numbers)
            hides.setdefault(cell, set()).update(same_cell[cube.measure, cube.label, cell])
    first = {cell: estimates[min(numbers)] for cell, numbers in told.items()}
    value = {cell: float((e.n, e.censored)[which] or 0) for cell, e in first.items()}
    if which == 1 and not any(value.values()):
        return {}
    return _written(book, value, told, hides, {cell: top(e.measure) for cell, e in first.items()})


def _events(
    book: Ledger, estimates: Sequence[Estimate], alike: Sequence[Cube], top: Callable[[str], float],
    few_events: Collection[int] | None,
) -> dict[Cell, int]:
    told: dict[Cell, set[int]] = {}
    for cube in alike:
        for cell, numbers in cube.at.items():
            told.setdefault(cell, set()).update(numbers)
    first = {cell: estimates[min(numbers)] for cell, numbers in told.items()}
    y = _written(
        book, {cell: _event_count(e) for cell, e in first.items()}, told, told,
        {cell: top(e.measure) for cell, e in first.items()},
    )
    for cube in alike:
        _aim(book, cube, y, few_events)
    return y


def _written(
    book: Ledger, value: Mapping[Cell, float], told: Mapping[Cell, set[int]], hides: Mapping[Cell, set[int]],
    top: Mapping[Cell, float],
) -> dict[Cell, int]:
    deepest, largest = max(len(cell) for cell in value), max(value.values())
    counts = {
        cell: book.add(
            # Where all there is comes to less than a small cell (3 leavers of 36 staff), that is the range.
            value[cell], told[cell], hides[cell], min(top[cell], largest),
            (1 + value[cell]) * len(hides[cell]) * MARGIN ** (deepest - len(cell)),
        )
        for cell in sorted(value, key=sorted)
    }
    for total, parts in _sums(counts):
        book.line(counts[total], [counts[part] for part in parts])
    return counts


def _sums(cells: Iterable[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each group with the next finer groups that make it up."""
    by_columns: dict[frozenset[str], list[Cell]] = {}
    for cell in cells:
        by_columns.setdefault(frozenset(column for column, _ in cell), []).append(cell)
    ordered = sorted(by_columns, key=lambda columns: (len(columns), sorted(columns)))
    for coarse, fine in combinations(ordered, 2):
        if coarse < fine and not any(coarse < between < fine for between in ordered):
            for total in by_columns[coarse]:
                parts = [part for part in by_columns[fine] if total < part]
                if parts:
                    yield total, parts


def _at_most(book: Ledger, small: Mapping[Cell, int], large: Mapping[Cell, int]) -> None:
    for cell, count in small.items():
        if cell in large:
            book.below(count, large[cell])


def _nested(book: Ledger, events: Mapping[str, Mapping[Cell, int]]) -> None:
    """Seen by day 7 is seen by day 14."""
    by_day: dict[str, list[tuple[int, Mapping[Cell, int]]]] = {}
    for name, counts in events.items():
        if match := BY_DAY.match(name):
            by_day.setdefault(match[1], []).append((int(match[2]), counts))
    for same in by_day.values():
        for (_, earlier), (_, later) in pairwise(sorted(same, key=lambda each: each[0])):
            if earlier is not later:
                _at_most(book, earlier, later)


def _aim(book: Ledger, cube: Cube, counts: Mapping[Cell, int], only: Collection[int] | None) -> None:
    for cell, numbers in cube.at.items():
        for number in numbers:
            if only is None or number in only:
                book.targets.setdefault(number, set()).add(counts[cell])


def _whole_and_parts(book: Ledger, counts: Mapping[tuple[str, str], Mapping[Cell, int]]) -> None:
    whole = next((counts[name] for name in WHOLE if name in counts), None)
    if whole is None or not all(name in counts for name in PARTS):
        return
    for cell in whole:
        if all(cell in counts[name] for name in PARTS):
            book.line(whole[cell], [counts[name][cell] for name in PARTS])


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
