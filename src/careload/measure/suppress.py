"""Small cells: no figure about a small group, and none from which one could be worked out.

Patients: both the people at risk and the events are at least 11, or zero. Staff: at
least 11 at risk whatever the events. Posts, hours and vacancies: as many as the group
agreed, from 5. A figure that keeps the rule is hidden too where totals and other
tables of the same output would otherwise give a hidden one away (`careload.measure.narrow`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from careload.clinic import SMALLEST_GROUP, Estimate
from careload.measure.cells import Cell, Cube, Ledger, cubes
from careload.measure.loose import Links, holds
from careload.measure.narrow import protect
from careload.measure.reckoning import ledger


@dataclass(frozen=True)
class Rule:
    """How many people or events a figure needs.

    staff, posts    names of the measures protected as staff's or as posts'
    smallest_posts  smallest group shown for posts; for all else it is `SMALLEST_GROUP`
    """

    staff: frozenset[str] = frozenset()
    posts: frozenset[str] = frozenset()
    smallest_posts: int = SMALLEST_GROUP

    def smallest(self, measure: str) -> int:
        """Smallest number of people shown for `measure`."""
        return self.smallest_posts if measure in self.posts else SMALLEST_GROUP

    def is_few(self, estimate: Estimate) -> bool:
        """Whether too few people are behind `estimate`."""
        at_risk = estimate.n if estimate.at_risk is None else estimate.at_risk
        return at_risk is not None and 0 < at_risk < self.smallest(estimate.measure)

    def is_small(self, estimate: Estimate) -> bool:
        """Whether `estimate` must be hidden for its own numbers: few people, or few events of patients."""
        of_patients = estimate.measure not in self.staff | self.posts
        few_events = of_patients and 0 < (estimate.events or 0) < SMALLEST_GROUP
        return few_events or self.is_few(estimate)


def hide_small_cells(
    estimates: Sequence[Estimate],
    *,
    staff_measures: Iterable[str] = (),
    posts_measures: Iterable[str] = (),
    smallest_posts: int = SMALLEST_GROUP,
) -> tuple[Estimate, ...]:
    """The estimates of one output, in order, with small cells hidden.

    estimates         everything the output shows: they are protected together
    staff_measures    measures about staff: the number at risk counts, events do not
    posts_measures    measures of posts, hours and vacancies
    smallest_posts    smallest group shown for posts_measures (5 to 11)

    A hidden estimate has value, low, high, n and censored None and no note.
    """
    staff, posts = frozenset(staff_measures), frozenset(posts_measures)
    rule = Rule(staff, posts, smallest_posts)
    small = frozenset(number for number, each in enumerate(estimates) if rule.is_small(each))
    hidden = _derivable(estimates, small, rule) if small else small
    return tuple(hide(each) if number in hidden else each for number, each in enumerate(estimates))


def _derivable(estimates: Sequence[Estimate], small: frozenset[int], rule: Rule) -> frozenset[int]:
    """`small` and all that would give one of them away, alone in its table or from all tables together."""
    tables = cubes(estimates)

    def top(measure: str) -> float:
        return rule.smallest(measure) - 1

    of_staff = rule.staff | rule.posts
    few_people = {number for number in small if rule.is_few(estimates[number])}
    few_events = {number for number in small if estimates[number].measure not in of_staff}
    together = ledger(estimates, tables, top, few_people, few_events)

    @cache
    def alone(place: int) -> Ledger:
        events = () if tables[place].measure in of_staff else None
        return ledger(estimates, [tables[place]], top, few_people, events)

    before, hidden, books = frozenset[int](), small, [together]
    while before != hidden:
        before = hidden
        touched = [place for place, table in enumerate(tables) if not hidden.isdisjoint(table.numbers)]
        books = [together, *map(alone, touched)]
        for book in books:
            hidden = protect(book, hidden)
    return _give_back(tables, books, small, hidden)


def _give_back(
    tables: Sequence[Cube], books: Sequence[Ledger], small: frozenset[int], hidden: frozenset[int]
) -> frozenset[int]:
    """`hidden` without those totals that turn out not to be needed: one figure at a time hides too many."""
    links = [Links.of(book) for book in books]
    for again in _totals(tables):
        spare = (again & hidden) - small
        if spare and all(holds(each, hidden - spare, spare) for each in links):
            hidden -= spare
    return hidden


def _totals(tables: Sequence[Cube]) -> Iterator[frozenset[int]]:
    """Estimates of groups that are split further: all by the same columns, then each group, then each figure.

    Widest groups first. Totals by site tell one another: some can only be shown all together.
    """
    layers: dict[tuple[int, str, str, str], dict[Cell, set[int]]] = {}
    for table in tables:
        deepest = max(len(cell) for cell in table.at)
        for cell, numbers in table.at.items():
            if len(cell) < deepest:
                columns = sorted(column for column, _ in cell)
                key = (len(cell), table.measure, str(sorted(table.label)), str(columns))
                layers.setdefault(key, {}).setdefault(cell, set()).update(numbers)
    for _, layer in sorted(layers.items()):
        yield frozenset(number for numbers in layer.values() for number in numbers)
        for cell in sorted(layer, key=sorted):
            yield frozenset(layer[cell])
            yield from (frozenset({number}) for number in sorted(layer[cell]))


def hide(estimate: Estimate) -> Estimate:
    """`estimate` without anything that tells a number."""
    return replace(
        estimate, value=None, low=None, high=None, n=None, censored=None, hidden=True, note="",
        at_risk=None, events=None,
    )
