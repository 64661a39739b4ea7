"""The tables of an output, and a ledger of the counts behind them and what is known of these."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from careload.clinic import Estimate

Cell = frozenset[tuple[str, str]]
Sum = dict[int, float]
Side = Literal["least", "most"]
SIDES: tuple[Side, Side] = ("least", "most")


def cut_off(number: int) -> int:
    """What stands for ``censored`` of estimate `number` among what is hidden: it can be hidden alone."""
    return -1 - number


@dataclass
class Ledger:
    """Counts (by number) and what is known about them.

    value     the true count
    told_by   what tells the count when shown: estimates, or their counts of those cut off (`cut_off`)
    hides     what to hide so that the count is no longer told
    top       the count must stay possible from 0 to this
    weight    how dear it is to hide
    equal     sums (count to factor) that are zero, under the first count in them
    at_most   sums that are zero or less, likewise
    people    counts of people or things (n), which are secret where few people are behind them
    secret    counts that must not be narrowed
    targets   estimate to the counts of events that must not be narrowed when it is hidden
    least     counts found to be possibly 0, and stay so when more is hidden
    most      counts found to be possibly as large as their top, likewise
    tied      counts tied to one another by sums and bounds, set by set; found when first needed
    """

    value: list[float] = field(default_factory=list)
    told_by: list[tuple[int, ...]] = field(default_factory=list)
    hides: list[tuple[int, ...]] = field(default_factory=list)
    top: list[float] = field(default_factory=list)
    weight: list[float] = field(default_factory=list)
    equal: dict[int, list[Sum]] = field(default_factory=dict)
    at_most: dict[int, list[Sum]] = field(default_factory=dict)
    people: set[int] = field(default_factory=set)
    secret: set[int] = field(default_factory=set)
    targets: dict[int, set[int]] = field(default_factory=dict)
    least: set[int] = field(default_factory=set)
    most: set[int] = field(default_factory=set)
    tied: list[set[int]] | None = None

    def add(
        self, value: float, told_by: Collection[int], hides: Collection[int], top: float, weight: float
    ) -> int:
        """A further count; its number."""
        self.value.append(value)
        self.told_by.append(tuple(sorted(told_by)))
        self.hides.append(tuple(sorted(hides)))
        self.top.append(top)
        self.weight.append(weight)
        return len(self.value) - 1

    def unknown(self, count: int, hidden: set[int] | frozenset[int]) -> bool:
        """Whether no shown estimate tells `count`."""
        return hidden.issuperset(self.told_by[count])

    def line(self, total: int, parts: Iterable[int]) -> None:
        """A total and its parts: equal, or as they are where people stand in several parts or in none."""
        self.tie((-1.0, total), *((1.0, part) for part in parts))

    def tie(self, *terms: tuple[float, int]) -> None:
        """A sum of counts, each times its factor: zero, or on the side of zero where it is."""
        found: Sum = {}
        for factor, count in terms:
            found[count] = found.get(count, 0.0) + factor
        found = {count: factor for count, factor in found.items() if factor}
        if not found:
            return
        rest, first = sum(factor * self.value[count] for count, factor in found.items()), next(iter(found))
        if abs(rest) < 0.5:
            self.equal.setdefault(first, []).append(found)
        else:
            sign = 1.0 if rest < 0 else -1.0
            self.at_most.setdefault(first, []).append({count: sign * by for count, by in found.items()})

    def below(self, small: int, large: int) -> None:
        """`small` is never more than `large`."""
        if self.value[small] <= self.value[large]:
            self.at_most.setdefault(small, []).append({small: 1.0, large: -1.0})


@dataclass(frozen=True)
class Cube:
    """One statistic in all its groups; labels that every group carries (a rule, a bound) name the cube.

    measure, statistic, label  what it is
    at                         group to the estimates of it
    """

    measure: str
    statistic: str
    label: Cell
    at: dict[Cell, list[int]]

    @property
    def numbers(self) -> Iterator[int]:
        """Every estimate of it."""
        return (number for numbers in self.at.values() for number in numbers)


def cubes(estimates: Sequence[Estimate]) -> list[Cube]:
    """The estimates by measure and statistic, in order of appearance."""
    together: dict[tuple[str, str], dict[Cell, list[int]]] = {}
    for number, estimate in enumerate(estimates):
        cells = together.setdefault((estimate.measure, estimate.statistic), {})
        cells.setdefault(frozenset(estimate.by.items()), []).append(number)
    found: list[Cube] = []
    for (measure, statistic), cells in together.items():
        always = frozenset.intersection(*[frozenset(column for column, _ in cell) for cell in cells])
        labelled: dict[Cell, dict[Cell, list[int]]] = {}
        for cell, numbers in cells.items():
            label = frozenset(item for item in cell if item[0] in always)
            labelled.setdefault(label, {})[cell - label] = numbers
        found += [Cube(measure, statistic, label, at) for label, at in labelled.items()]
    return found


def up_and_down(sums: Sequence[Sum], place: Mapping[int, int]) -> Any:
    """The sums as a sparse matrix (rows, 2k) over moves up (first k columns) and down of k counts.

    place  count to its column; a count without one does not move
    """
    from scipy.sparse import csr_array

    cells = [
        (row, place[count] + half * len(place), -factor if half else factor)
        for row, terms in enumerate(sums) for count, factor in terms.items() if count in place
        for half in (0, 1)
    ]
    row, column, factor = zip(*cells, strict=True) if cells else ((), (), ())
    return csr_array((factor, (row, column)), shape=(len(sums), 2 * len(place)))
