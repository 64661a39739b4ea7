"""Which further figures to hide, so that no hidden one can be worked out or narrowed.

For every count behind a hidden figure a reader can ask: how small, how large can it be,
given everything shown? Both answers are linear programmes. Here the same programme is
asked from the other side (Kelly, Golden & Assad 1992, cell suppression by network flow):
at what least cost can the count be 0, or as large as a small cell gets, if shown figures
may give way? Those that must give way are hidden. What a later figure gives up never
takes back what an earlier one gained, so each count is asked once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from careload.measure.cells import Ledger

Array = npt.NDArray[np.float64]
Side = Literal["least", "most"]

TOUCHED = 1e-6
"""A shown count that must move by more than this share of itself has to be hidden."""

EMPTY = 100.0
"""How much dearer it is to hide that there was nobody: often everybody knows it anyway."""

NUDGE = 1e-3
"""Weight with which one programme also moves other hidden counts, so that fewer programmes are needed."""


def protect(book: Ledger, hidden: frozenset[int]) -> frozenset[int]:
    """`hidden` with the estimates that must be hidden beside them.

    Returns a set in which every count behind a hidden estimate, that no shown one tells,
    may be anything from 0 to its top for all a reader knows.
    """
    found = set(hidden)
    for part in _parts(book):
        _protect(book, part, found)
    return frozenset(found)


@dataclass(frozen=True)
class Part:
    """Counts tied to one another, and to no others, by sums and bounds; moves are up and down.

    count    shape (k,), numbers of the counts
    value    shape (k,), the true counts
    equal    sparse (rows, 2k), zero for every move a reader cannot rule out
    at_most  sparse (rows, 2k), at most `slack`
    """

    count: npt.NDArray[np.int64]
    value: Array
    equal: Any
    at_most: Any
    slack: Array


def _parts(book: Ledger) -> Iterator[Part]:
    from scipy.sparse import csr_array, vstack
    from scipy.sparse.csgraph import connected_components

    size = len(book.value)
    if not size:
        return
    equal, at_most = _matrix(book.equal, size), _matrix(book.at_most, size)
    tied = abs(vstack([equal, at_most]))
    number, label = connected_components(csr_array(tied.T @ tied), directed=False)
    value = np.array(book.value)
    for part in range(number):
        count = np.flatnonzero(label == part)
        if len(count) == 1:
            continue
        own_equal, own_at_most = _rows_of(equal, count), _rows_of(at_most, count)
        slack = -(own_at_most @ value[count])
        yield Part(count, value[count], _moves(own_equal), _moves(own_at_most), slack)


def _matrix(rows: list[dict[int, float]], size: int) -> Any:
    from scipy.sparse import csr_array

    place = [(row, count, factor) for row, terms in enumerate(rows) for count, factor in terms.items()]
    if not place:
        return csr_array((len(rows), size))
    row, count, factor = zip(*place, strict=True)
    return csr_array((factor, (row, count)), shape=(len(rows), size))


def _rows_of(matrix: Any, count: npt.NDArray[np.int64]) -> Any:
    own = matrix[:, count]
    return own[np.flatnonzero(np.diff(own.tocsr().indptr))]


def _moves(matrix: Any) -> Any:
    from scipy.sparse import hstack

    return hstack([matrix, -matrix]).tocsr()


def _protect(book: Ledger, part: Part, hidden: set[int]) -> None:
    """Add to `hidden` until nothing in `part` is narrowed."""
    place = {int(count): at for at, count in enumerate(part.count)}
    done: dict[Side, set[int]] = {"least": set(), "most": set()}
    while True:
        aims = sorted(
            place[count]
            for estimate in hidden & book.targets.keys()
            for count in book.targets[estimate]
            if count in place and not _told(book, count, hidden)
        )
        todo = [(at, side) for side, reached in done.items() for at in aims if at not in reached]
        if not todo:
            return
        at, side = todo[0]
        open_ = {each for each, of in todo if of == side}
        moved = _cheapest(book, part, hidden, at, side, open_)
        found = part.value + moved
        for each in np.flatnonzero(np.abs(moved) > TOUCHED * np.maximum(1.0, part.value)):
            count = int(part.count[each])
            if _told(book, count, hidden):
                hidden.update(book.hides[count])
        tops = np.array([book.top[int(count)] for count in part.count])
        done["least"] |= {int(each) for each in np.flatnonzero(found <= TOUCHED)}
        done["most"] |= {int(each) for each in np.flatnonzero(found >= tops - TOUCHED)}
        done[side].add(at)


def _told(book: Ledger, count: int, hidden: set[int]) -> bool:
    return any(estimate not in hidden for estimate in book.told_by[count])


def _cheapest(
    book: Ledger, part: Part, hidden: set[int], at: int, side: Side, others: set[int]
) -> Array:
    """The move of all counts that brings the one at `at` to its bound at the least cost to shown figures."""
    from scipy.optimize import linprog

    size = len(part.count)
    told = np.array([_told(book, int(count), hidden) for count in part.count])
    top = np.array([book.top[int(count)] for count in part.count])
    weight = np.array([book.weight[int(count)] for count in part.count])
    wanted = part.value[at] if side == "least" else max(0.0, top[at] - part.value[at])
    # A figure too small to give all that is wanted needs helpers: dearer by as many.
    up = np.where(told, np.where(part.value == 0, EMPTY * weight, weight), 0.0)
    down = np.where(told, weight * np.maximum(1.0, wanted / np.maximum(part.value, 1.0)), 0.0)
    nudge = np.zeros(size)
    nudge[sorted(others)] = NUDGE / len(others)
    up, down = (up + nudge, down - nudge) if side == "least" else (up - nudge, down + nudge)
    bounds = np.zeros((2 * size, 2))
    bounds[:size, 1], bounds[size:, 1] = float(part.value.sum()) + top.max(), part.value
    if side == "least":
        bounds[at], bounds[size + at] = 0.0, wanted
    else:
        bounds[at, 0], bounds[size + at] = wanted, 0.0
    programme: dict[str, Any] = {
        "A_eq": part.equal, "b_eq": np.zeros(part.equal.shape[0]),
        "A_ub": part.at_most, "b_ub": np.maximum(part.slack, 0.0), "bounds": bounds,
    }
    answer: Any = linprog(np.concatenate([up, down]), method="highs-ds", **programme)
    if answer.x is None:
        raise RuntimeError(f"the figures to hide could not be found: {answer.message}")
    return np.asarray(answer.x[:size] - answer.x[size:])
