"""Small cells: no figure about a small group, and none from which one could be worked out.

Patients: both the people at risk and the events are at least 11, or zero. Staff: at
least 11 at risk whatever the events. Posts, hours and vacancies: as many as the group
agreed, from 5. Of patients cut off (``censored``), at least 11 or none: fewer are
hidden alone, beside a figure that is shown. A figure that keeps the rule is hidden too where totals and other
tables of the same output would otherwise give a hidden one away (`careload.measure.narrow`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache

from careload.clinic import SMALLEST_GROUP, Estimate
from careload.measure.cells import Cell, Cube, Ledger, cubes, cut_off
from careload.measure.loose import Links, holds
from careload.measure.narrow import protect
from careload.measure.reckoning import ledger
from careload.measure.small import Rule

ONE_COLUMN = 1
"""Columns by which a total may be split for each of its figures to be tried alone."""


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

    A hidden estimate has value, low, high, n and censored None and no note. Where only the
    number of those cut off is hidden, ``censored`` alone is None.
    """
    staff, posts = frozenset(staff_measures), frozenset(posts_measures)
    rule = Rule(staff, posts, smallest_posts)
    small = frozenset(_small(estimates, rule))
    hidden = _derivable(estimates, small, rule) if small else small
    return tuple(_shown(each, number, hidden) for number, each in enumerate(estimates))


def _small(estimates: Sequence[Estimate], rule: Rule) -> Iterator[int]:
    for number, estimate in enumerate(estimates):
        if rule.is_small(estimate):
            yield number
        if rule.is_small(estimate) or rule.cuts_off_few(estimate):
            yield cut_off(number)


def _shown(estimate: Estimate, number: int, hidden: frozenset[int]) -> Estimate:
    if number in hidden:
        return hide(estimate)
    return replace(estimate, censored=None) if cut_off(number) in hidden else estimate


def _derivable(estimates: Sequence[Estimate], small: frozenset[int], rule: Rule) -> frozenset[int]:
    """`small` and all that would give one of them away, alone in its table or from all tables together.

    Both name estimates by number, and how many were cut off by `cut_off`.
    """
    tables = cubes(estimates)

    of_staff = rule.staff | rule.posts
    few = [number for number in sorted(small) if number >= 0]
    few_people = {number for number in few if rule.is_few(estimates[number])}
    few_events = {number for number in few if rule.of_patients(estimates[number].measure)}
    few_cut_off = {number for number, each in enumerate(estimates) if rule.cuts_off_few(each)}
    together = ledger(estimates, tables, rule, few_people, few_events, few_cut_off)

    @cache
    def alone(place: int) -> Ledger:
        events = () if tables[place].measure in of_staff else None
        return ledger(estimates, [tables[place]], rule, few_people, events)

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

    Each time whole first, then without how many were cut off; widest groups first. Totals by
    site tell one another: some can only be shown all together. Figure by figure only up to totals
    by one column: by two there are too many to try each.
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
        yield from _whole_or_part(number for numbers in layer.values() for number in numbers)
        for cell in sorted(layer, key=sorted):
            yield from _whole_or_part(layer[cell])
            for number in sorted(layer[cell]) if len(cell) <= ONE_COLUMN else ():
                yield from _whole_or_part([number])


def _whole_or_part(numbers: Iterable[int]) -> Iterator[frozenset[int]]:
    figures = frozenset(numbers)
    yield figures | {cut_off(number) for number in figures}
    yield figures


def hide(estimate: Estimate) -> Estimate:
    """`estimate` without anything that tells a number."""
    return replace(
        estimate, value=None, low=None, high=None, n=None, censored=None, hidden=True, note="",
        at_risk=None, events=None,
    )
