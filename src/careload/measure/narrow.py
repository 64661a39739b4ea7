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
from typing import Any

import numpy as np
import numpy.typing as npt

from careload.measure.cells import Ledger, Side, up_and_down

Array = npt.NDArray[np.float64]

TOUCHED = 1e-6
"""A shown count that must move by more than this share of itself has to be hidden."""

EMPTY = 100.0
"""How much dearer it is to hide that there was nobody: often everybody knows it anyway."""

NUDGE = 1e-3
"""Weight with which one programme also moves other hidden counts, so that fewer programmes are needed."""


def protect(book: Ledger, hidden: frozenset[int]) -> frozenset[int]:
    """`hidden` with the estimates that must be hidden beside them.

    Returns a set in which every secret count, and every count of events behind a hidden
    estimate, may be anything from 0 to its top for all a reader knows.
    """
    found = set(hidden)
    asked = set(_asked(book, found))
    if not asked:
        return hidden
    for counts in _tied(book):
        if asked & counts:
            _protect(book, _part(book, counts), found)
    return frozenset(found)


def _asked(book: Ledger, hidden: set[int]) -> Iterator[int]:
    """Secret counts, and the events of hidden estimates, not yet known to be free on both sides."""
    for count in _secrets(book, hidden):
        if not (count in book.least and count in book.most):
            yield count


def _secrets(book: Ledger, hidden: set[int]) -> set[int]:
    """Counts that no shown estimate tells and that must not be narrowed."""
    events = {count for estimate in hidden & book.targets.keys() for count in book.targets[estimate]}
    return {count for count in book.secret | events if book.unknown(count, hidden)}


def _tied(book: Ledger) -> list[set[int]]:
    if book.tied is None:
        book.tied = _tied_sets(book)
    return book.tied


def _tied_sets(book: Ledger) -> list[set[int]]:
    group = list(range(len(book.value)))

    def first(count: int) -> int:
        while group[count] != count:
            group[count] = group[group[count]]
            count = group[count]
        return count

    for terms in (terms for sums in (book.equal, book.at_most) for own in sums.values() for terms in own):
        roots = sorted({first(count) for count in terms})
        for root in roots[1:]:
            group[root] = roots[0]
    found: dict[int, set[int]] = {}
    for count in range(len(group)):
        found.setdefault(first(count), set()).add(count)
    return [counts for counts in found.values() if len(counts) > 1]


@dataclass(frozen=True)
class Part:
    """Counts tied to one another, and to no others; moves are up and down.

    count    shape (k,), numbers of the counts
    value    shape (k,), the true counts
    top, weight  shape (k,), see `Ledger`
    equal    sparse (rows, 2k), zero for every move a reader cannot rule out
    at_most  sparse (rows, 2k), at most `slack`
    """

    count: tuple[int, ...]
    value: Array
    top: Array
    weight: Array
    equal: Any
    at_most: Any
    slack: Array


def _part(book: Ledger, counts: set[int]) -> Part:
    count = tuple(sorted(counts))
    value, top, weight = (
        np.array([numbers[each] for each in count]) for numbers in (book.value, book.top, book.weight)
    )
    place = {each: at for at, each in enumerate(count)}
    equal, at_most = (
        up_and_down([terms for each in count for terms in sums.get(each, ())], place)
        for sums in (book.equal, book.at_most)
    )
    slack = np.maximum(0.0, -(at_most[:, : len(count)] @ value))
    return Part(count, value, top, weight, equal, at_most, slack)


def _protect(book: Ledger, part: Part, hidden: set[int]) -> None:
    """Add to `hidden` until nothing in `part` is narrowed."""
    place = {count: at for at, count in enumerate(part.count)}
    while asked := sorted(place[count] for count in _asked(book, hidden) if count in place):
        least = [at for at in asked if part.count[at] not in book.least]
        side: Side = "least" if least else "most"
        todo = least or asked
        moved = _cheapest(book, part, hidden, side, todo)
        moving = np.flatnonzero(np.abs(moved) > TOUCHED * np.maximum(1.0, part.value))
        told = [part.count[at] for at in moving if not book.unknown(part.count[at], hidden)]
        people = [count for count in told if count in book.people]
        shown = [count for count in book.people if not book.unknown(count, hidden)]
        for count in people or told:
            hidden.update(book.hides[count])
        if people:  # figures hidden with them may have an n of their own
            book.secret.update(count for count in shown if book.unknown(count, hidden))
        if not all(book.unknown(count, hidden) for count in told):
            continue  # hiding people has hidden their events too: what else must move is asked again
        found = part.value + moved
        book.least.update(part.count[at] for at in np.flatnonzero(found <= TOUCHED))
        book.most.update(part.count[at] for at in np.flatnonzero(found >= part.top - TOUCHED))
        (book.least if side == "least" else book.most).add(part.count[todo[0]])


def _cheapest(book: Ledger, part: Part, hidden: set[int], side: Side, todo: list[int]) -> Array:
    """The move that brings the first count of `todo` to its bound at the least cost to shown figures."""
    from scipy.optimize import linprog

    size, at = len(part.count), todo[0]
    told = np.array([not book.unknown(count, hidden) for count in part.count])
    wanted = part.value[at] if side == "least" else max(0.0, part.top[at] - part.value[at])
    up = np.where(told, np.where(part.value == 0, EMPTY * part.weight, part.weight), 0.0)
    # A figure too small to give all that is wanted needs helpers: dearer by as many.
    down = np.where(told, part.weight * np.maximum(1.0, wanted / np.maximum(part.value, 1.0)), 0.0)
    nudge = np.zeros(size)
    nudge[todo] = NUDGE / len(todo)
    up, down = (up + nudge, down - nudge) if side == "least" else (up - nudge, down + nudge)
    bounds = np.zeros((2 * size, 2))
    bounds[:size, 1], bounds[size:, 1] = float(part.value.sum()) + part.top.max(), part.value
    if side == "least":
        bounds[at], bounds[size + at] = 0.0, wanted
    else:
        bounds[at, 0], bounds[size + at] = wanted, 0.0
    programme: dict[str, Any] = {
        "A_eq": part.equal, "b_eq": np.zeros(part.equal.shape[0]),
        "A_ub": part.at_most, "b_ub": part.slack, "bounds": bounds,
    }
    answer: Any = linprog(np.concatenate([up, down]), method="highs-ds", **programme)
    if answer.x is None:
        raise RuntimeError("everything that is shown may give way, so a move must exist")
    return np.asarray(answer.x[:size] - answer.x[size:])
