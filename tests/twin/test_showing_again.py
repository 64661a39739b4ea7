"""Showing figures again: what is remembered of moves answers as asking everything anew does."""

from __future__ import annotations

import random

import numpy as np
import pytest
from scipy.optimize import linprog

from careload.measure.cells import Ledger
from careload.measure.loose import Links, holds

TOP = 10.0


def table(dice: random.Random, rows: int, columns: int) -> Ledger:
    """A table with its margins, each count told by one estimate, and counts that are no more than another."""
    book = Ledger()
    inner = [[book.add(dice.choice((0, 3, 7, 12, 40)), [], [], TOP, 1.0) for _ in range(columns)]
             for _ in range(rows)]
    across = [_total(book, row) for row in inner]
    down = [_total(book, [row[column] for row in inner]) for column in range(columns)]
    book.line(_total(book, across), down)
    for count in range(len(book.value)):
        book.told_by[count] = (count,)
    for row in inner:
        small, large = sorted(dice.sample(row, 2), key=lambda count: book.value[count])
        book.below(small, large)
    book.secret.update(count for row in inner for count in row if 0 < book.value[count] < 11)
    return book


def _total(book: Ledger, parts: list[int]) -> int:
    total = book.add(sum(book.value[part] for part in parts), [], [], TOP, 1.0)
    book.line(total, parts)
    return total


def free(book: Ledger, hidden: frozenset[int]) -> bool:
    """Whether every hidden secret can be 0 and can be 10: two programmes for each, all over again."""
    size = len(book.value)
    limits = [(0.0, None) if count in hidden else (book.value[count],) * 2 for count in range(size)]

    def rows(sums: dict[int, list[dict[int, float]]]) -> np.ndarray:
        terms = [each for own in sums.values() for each in own]
        dense = np.zeros((len(terms), size))
        for row, own in enumerate(terms):
            for count, factor in own.items():
                dense[row, count] = factor
        return dense

    equal, at_most = rows(book.equal), rows(book.at_most)

    def reach(count: int, sign: float) -> float:
        cost = np.zeros(size)
        cost[count] = sign
        answer = linprog(
            cost, A_eq=equal, b_eq=np.zeros(len(equal)), A_ub=at_most, b_ub=np.zeros(len(at_most)),
            bounds=limits, method="highs",
        )
        return sign * answer.fun if answer.status == 0 else np.inf

    secrets = book.secret & hidden
    return all(reach(count, 1.0) < 1e-6 and reach(count, -1.0) > TOP - 1e-6 for count in secrets)


@pytest.mark.parametrize("seed", range(25))
def test_figures_are_shown_again_exactly_where_nothing_gets_narrower(seed: int) -> None:
    dice = random.Random(seed)
    book = table(dice, dice.randint(2, 4), dice.randint(2, 5))
    links = Links.of(book)
    hidden = frozenset(range(len(book.value)))
    answers = []
    for _ in range(4 * len(book.value)):
        spare = frozenset(dice.sample(sorted(hidden), k=min(len(hidden), dice.randint(1, 2)))) - book.secret
        if spare:
            left = hidden - spare
            answers.append(holds(links, left, spare))
            assert answers[-1] == free(book, left), (sorted(hidden), sorted(spare))
            hidden = left if answers[-1] else hidden
    assert True in answers
    assert False in answers or not book.secret
