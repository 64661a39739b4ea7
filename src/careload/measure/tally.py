"""Counts in a ledger: one per group, with the sums that make totals of parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from careload.clinic import Estimate
from careload.measure.cells import Cell, Cube, Ledger

Numbers = dict[Cell, tuple[float, ...]]

MARGIN = 100.0
"""How much dearer it is to hide a total than one of its parts."""


def merged(groups: Sequence[Cube], numbers: Callable[[Cube], Numbers]) -> list[list[Cube]]:
    """Cubes in sets that have the same `numbers` wherever both have a group."""
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


def numbers_of(
    estimates: Sequence[Estimate], cube: Cube, of: Callable[[Estimate], tuple[float | None, ...]]
) -> Numbers:
    """Group to the numbers `of` the first estimate in it."""
    return {cell: tuple(x or 0 for x in of(estimates[at[0]])) for cell, at in cube.at.items()}


def told_in(
    estimates: Sequence[Estimate], cubes: Sequence[Cube]
) -> tuple[dict[Cell, set[int]], dict[Cell, Estimate]]:
    """The estimates of each group of `cubes`, and the first of them."""
    told: dict[Cell, set[int]] = {}
    for cube in cubes:
        for cell, numbers in cube.at.items():
            told.setdefault(cell, set()).update(numbers)
    return told, {cell: estimates[min(numbers)] for cell, numbers in told.items()}


def written(
    book: Ledger, value: Mapping[Cell, float], told: Mapping[Cell, set[int]], hides: Mapping[Cell, set[int]],
    top: Mapping[Cell, float], dear: float = 1.0,
) -> dict[Cell, int]:
    """Counts of each group in the ledger, totals as sums of their parts; arguments as of `Ledger.add`."""
    deepest = max(len(cell) for cell in value)
    counts = {
        cell: book.add(
            value[cell], told[cell], hides[cell], top[cell],
            dear * (1 + value[cell]) * len(hides[cell]) * MARGIN ** (deepest - len(cell)),
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


def at_most(book: Ledger, small: Mapping[Cell, int], large: Mapping[Cell, int]) -> None:
    """In every group the first count is no more than the second."""
    for cell, count in small.items():
        if cell in large:
            book.below(count, large[cell])
