"""Whether hidden counts may still be anything up to their top when some figures are shown again.

Shown counts do not move, so the hidden ones fall apart into small sets that nothing ties to
one another, and only the sets beside what is shown again can have become narrower. A move
that frees a count frees it for as long as nothing that moves in it is shown; where there is
none, a linear programme looks for another, as short as can be: short ones last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from careload.measure.cells import SIDES, Ledger, Side, Sum, up_and_down

Array = npt.NDArray[np.float64]

SHORT = 0.1
"""What it costs to move any count by one, where one of those asked about brought nearer by one is worth 1."""

NEAR = 1e-6
"""Counts are whole numbers: less than this apart they are the same."""


@dataclass(frozen=True)
class Line:
    """A sum of moves that is zero (`slack` None), or at most `slack`."""

    terms: Sum
    slack: float | None


@dataclass(frozen=True)
class Links:
    """What stands beside what in a ledger.

    lines       all sums of the ledger
    lines_of    count to the numbers of its lines
    counts_of   estimate to the counts it tells when shown
    target_of   count to the estimates for whose sake it must not be narrowed when they are hidden
    moves       count and side (least: 0, most: its top) to all counts of a move that brings it there:
                it is free on that side for as long as none of them is shown; found when first needed
    """

    book: Ledger
    lines: Sequence[Line]
    lines_of: Sequence[Sequence[int]]
    counts_of: dict[int, list[int]]
    target_of: dict[int, list[int]]
    moves: dict[tuple[int, Side], frozenset[int]] = field(default_factory=dict)

    @staticmethod
    def of(book: Ledger) -> Links:
        """The links of a ledger."""
        equal = (Line(terms, None) for sums in book.equal.values() for terms in sums)
        at_most = (Line(terms, _slack(terms, book)) for sums in book.at_most.values() for terms in sums)
        lines = [*equal, *at_most]
        lines_of: list[list[int]] = [[] for _ in book.value]
        for number, line in enumerate(lines):
            for count in line.terms:
                lines_of[count].append(number)
        counts_of: dict[int, list[int]] = {}
        for count, estimates in enumerate(book.told_by):
            for estimate in estimates:
                counts_of.setdefault(estimate, []).append(count)
        target_of: dict[int, list[int]] = {}
        for estimate, counts in book.targets.items():
            for count in counts:
                target_of.setdefault(count, []).append(estimate)
        return Links(book, lines, lines_of, counts_of, target_of)

    def secret(self, count: int, hidden: frozenset[int]) -> bool:
        """Whether an unknown `count` must not be narrowed."""
        return count in self.book.secret or not hidden.isdisjoint(self.target_of.get(count, ()))


def _slack(terms: Sum, book: Ledger) -> float:
    return max(0.0, -sum(factor * book.value[count] for count, factor in terms.items()))


def holds(links: Links, hidden: frozenset[int], shown_again: frozenset[int]) -> bool:
    """Whether nothing is narrowed by `hidden` although `shown_again` is no longer in it."""
    touched = sorted({count for each in shown_again for count in links.counts_of.get(each, ())})
    near = list(dict.fromkeys(count for each in touched for count in _neighbours(links, each, hidden)))
    if any(_one_sum_narrows(links, count, hidden) for count in near if links.secret(count, hidden)):
        return False  # what a reader sees at once needs no programme
    return all(_is_free(links, counts, hidden, near) for counts in _sets(links, near, hidden))


def _one_sum_narrows(links: Links, count: int, hidden: frozenset[int]) -> bool:
    """Whether one line alone narrows `count`: those beside it can fall to 0 and no further."""
    value, top = links.book.value, links.book.top
    for line in (links.lines[number] for number in links.lines_of[count]):
        terms = {each: by for each, by in line.terms.items() if links.book.unknown(each, hidden)}
        for sign in (1.0,) if line.slack is not None else (1.0, -1.0):
            own, *others = sign * terms[count], *((sign * by, at) for at, by in terms.items() if at != count)
            if any(by < 0 for by, _ in others):
                continue  # what can grow without end leaves room without end
            furthest = ((line.slack or 0.0) + sum(by * value[at] for by, at in others)) / own
            if furthest < top[count] - value[count] - NEAR if own > 0 else furthest > NEAR - value[count]:
                return True
    return False


def _sets(links: Links, near: Sequence[int], hidden: frozenset[int]) -> Iterator[set[int]]:
    """The unknown counts tied to those of `near`, in sets that no unknown count joins."""
    found: set[int] = set()
    for count in near:
        if count not in found:
            together = _tied_to(links, count, lambda other: links.book.unknown(other, hidden))
            found |= together
            yield together


def _neighbours(links: Links, count: int, hidden: frozenset[int]) -> list[int]:
    beside = (other for number in links.lines_of[count] for other in links.lines[number].terms)
    return [other for other in beside if links.book.unknown(other, hidden)]


def _tied_to(links: Links, count: int, among: Callable[[int], bool]) -> set[int]:
    found, edge = {count}, [count]
    while edge:
        for number in links.lines_of[edge.pop()]:
            for other in links.lines[number].terms:
                if other not in found and among(other):
                    found.add(other)
                    edge.append(other)
    return found


def _is_free(links: Links, own: set[int], hidden: frozenset[int], near: Sequence[int]) -> bool:
    """Whether every secret of a set of unknown counts may be anything from 0 to its top."""
    # Those beside what is shown again are the likeliest to be narrowed: a "no" comes soon.
    orders = [[count for count in near if count in own], sorted(own.difference(near))]
    secrets = [[count for count in counts if links.secret(count, hidden)] for counts in orders]
    asked = [
        (side, [count for count in counts if not _known_to_move(links, count, side, own)])
        for counts in secrets for side in SIDES
    ]
    if not any(counts for _, counts in asked):
        return True
    programme = _Programme.of(links, sorted(own))
    return all(_all_reach(links, programme, counts, side, own) for side, counts in asked)


def _known_to_move(links: Links, count: int, side: Side, unknown: set[int]) -> bool:
    found = links.moves.get((count, side))
    return found is not None and found <= unknown


def _all_reach(
    links: Links, programme: _Programme, asked: Sequence[int], side: Side, own: set[int]
) -> bool:
    """Whether each of `asked` can reach that side; adds what moves to `links`."""
    place = {count: at for at, count in enumerate(programme.counts)}
    wanted = programme.wanted(side)
    todo = list(asked)
    while todo := [count for count in todo if not _known_to_move(links, count, side, own)]:
        move = programme.move([place[count] for count in todo], side)
        if move is None:
            return False
        reached = move >= wanted - NEAR if side == "most" else move <= wanted + NEAR
        reached[place[todo[0]]] = True
        moving = {count for count, by in zip(programme.counts, move, strict=True) if abs(by) > NEAR}
        for together in _parts(links, moving):
            links.moves.update({(count, side): together for count in together if reached[place[count]]})
        still = {count for count in todo if reached[place[count]]} - moving
        links.moves.update({(count, side): frozenset() for count in still})
    return True


def _parts(links: Links, moving: set[int]) -> Iterator[frozenset[int]]:
    """A move taken apart into moves that have no sum in common: each is possible alone."""
    left = set(moving)
    while left:
        together = _tied_to(links, min(left), left.__contains__)
        left -= together
        yield frozenset(together)


@dataclass(frozen=True)
class _Programme:
    """The moves of a set of counts that a reader cannot rule out.

    counts      shape (k,), numbers of the counts
    value, top  shape (k,)
    rules       constraints on moves up and down as `scipy.optimize.linprog` takes them
    """

    counts: Sequence[int]
    value: Array
    top: Array
    rules: dict[str, Any]

    @staticmethod
    def of(links: Links, counts: Sequence[int]) -> _Programme:
        place = {count: at for at, count in enumerate(counts)}
        numbers = {number for count in counts for number in links.lines_of[count]}
        lines = [links.lines[number] for number in sorted(numbers)]
        equal = [line for line in lines if line.slack is None]
        at_most = [line for line in lines if line.slack is not None]
        value, top = (np.array([of[count] for count in counts]) for of in (links.book.value, links.book.top))
        return _Programme(counts, value, top, {
            "A_eq": up_and_down([line.terms for line in equal], place), "b_eq": np.zeros(len(equal)),
            "A_ub": up_and_down([line.terms for line in at_most], place),
            "b_ub": np.array([line.slack for line in at_most]),
        })

    def wanted(self, side: Side) -> Array:
        """How far each count is to move."""
        return np.maximum(0.0, self.top - self.value) if side == "most" else -self.value

    def move(self, todo: Sequence[int], side: Side) -> Array | None:
        """A move that brings the first of `todo` where it is wanted, and the others as near as can be."""
        from scipy.optimize import linprog

        size, wanted, first = len(self.counts), self.wanted(side), todo[0]
        gain = np.zeros(size)
        gain[todo] = 1.0 if side == "most" else -1.0
        bounds = np.zeros((2 * size, 2))
        bounds[:size, 1], bounds[size:, 1] = self.value.sum() + self.top.max(), self.value
        if side == "most":  # beyond what is wanted there is nothing to gain
            bounds[todo, 1] = wanted[todo]
        bounds[first], bounds[size + first] = max(0.0, wanted[first]), max(0.0, -wanted[first])
        # Without a look for what could be left out beforehand: it takes longer than it saves here.
        programme: dict[str, Any] = {**self.rules, "bounds": bounds, "options": {"presolve": False}}
        answer: Any = linprog(np.concatenate([SHORT - gain, SHORT + gain]), method="highs-ds", **programme)
        return None if answer.x is None else np.asarray(answer.x[:size] - answer.x[size:])
