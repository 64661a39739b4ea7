"""What binds a plan by months: each constraint a function, with one plain sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.staff.goals import Limits
from careload.staff.planning.numbers import MONTHS_A_YEAR, WEEKS_A_MONTH, Asked, Months, Teams
from careload.staff.planning.variables import Variables

Numbers = NDArray[np.float64]
NO_LIMIT = np.inf


@dataclass(frozen=True)
class Row:
    """One line: low <= sum of factors x variables <= high."""

    places: NDArray[np.int64]
    factors: Numbers
    low: float
    high: float


@dataclass(frozen=True)
class Constraint:
    """Lines that say one thing.

    name      of the limit
    sentence  what it says
    rows      its lines
    """

    name: str
    sentence: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Problem:
    """All a constraint needs to know."""

    months: Months
    teams: Teams
    asked: Asked
    limits: Limits
    at: Variables


def _row(places: object, factors: object, low: float, high: float) -> Row:
    return Row(np.array(places, dtype=np.int64), np.array(factors, dtype=float), low, high)


def _said(constraint: Callable[[Problem], Constraint]) -> str:
    """The sentence of a constraint."""
    return " ".join((constraint.__doc__ or "").split())


def posts_are_filled(problem: Problem) -> Constraint:
    """Vacant posts are filled as hiring goes, holders leave as they do when nobody is overloaded."""
    at, teams = problem.at, problem.teams

    def lines() -> Iterator[Row]:
        for team in range(len(teams.names)):
            leave, fill = teams.leave[team], teams.fill[team]
            held, vacant, opened = at.held[team], at.vacant[team], at.opened[team]
            yield _row([held[0]], [1], teams.held[team], teams.held[team])
            yield _row([vacant[0], opened[0]], [1, -1], teams.vacant[team], teams.vacant[team])
            for month in range(1, problem.months.number):
                yield _row([held[month], held[month - 1], vacant[month - 1]], [1, leave - 1, -fill], 0, 0)
                yield _row([vacant[month], vacant[month - 1], held[month - 1], opened[month]],
                           [1, fill - 1, -leave, -1], 0, 0)

    return Constraint("posts are filled in time of their own", _said(posts_are_filled), tuple(lines()))


def slots_are_enough(problem: Problem) -> Constraint:
    """Visits held and missed take no more slots than templates of those who are there may have."""
    at, teams, asked = problem.at, problem.teams, problem.asked

    def lines() -> Iterator[Row]:
        for team in range(len(teams.names)):
            treated = np.flatnonzero(at.seen[team, :, 0] >= 0)
            for month in range(problem.months.number):
                yield _row([*at.seen[team, treated, month], at.held[team, month]],
                           [*asked.slots[treated], -teams.slots[team]], -NO_LIMIT, 0)

    return Constraint("slots of the templates", _said(slots_are_enough), tuple(lines()))


def hours_are_enough(problem: Problem) -> Constraint:
    """Visits, notes and work between visits take no more hours than are paid, with what is kept free for
    chance."""
    at, teams, asked = problem.at, problem.teams, problem.asked

    def lines() -> Iterator[Row]:
        for team in range(len(teams.names)):
            treated = np.flatnonzero(at.seen[team, :, 0] >= 0)
            for month in range(problem.months.number):
                yield _row([*at.seen[team, treated, month], at.held[team, month]],
                           [*asked.hours[team, treated], -teams.hours[team]], -NO_LIMIT, 0)

    return Constraint("hours paid", _said(hours_are_enough), tuple(lines()))


def people_come_and_go(problem: Problem) -> Constraint:
    """Whoever asks is in care until care is completed; of those overdue some leave as they do today."""
    at, asked = problem.at, problem.asked

    def lines() -> Iterator[Row]:
        for cell, going in enumerate(asked.going):
            treat = np.flatnonzero(at.seen[:, cell, 0] >= 0)
            # Of visits seen: care completed, and people covered until their next visit, who do not leave.
            done = WEEKS_A_MONTH / asked.visits[cell] - going * asked.weeks[cell]
            came = WEEKS_A_MONTH * asked.asking[cell]
            for month in range(problem.months.number):
                before = [at.in_care[cell, month - 1]] if month else []
                stay = came + (0.0 if month else (1 - going) * asked.in_care[cell])
                yield _row([at.in_care[cell, month], *at.seen[treat, cell, month], *before],
                           [1, *[done] * len(treat), *[going - 1] * len(before)], stay, stay)

    return Constraint("people come and go", _said(people_come_and_go), tuple(lines()))


def nobody_is_seen_before_due(problem: Problem) -> Constraint:
    """Visits are of people who are due: no more are held than people in care come to."""
    rows = tuple(_overdue(problem, cell, month, 0.0, NO_LIMIT)
                 for cell in range(len(problem.asked.names)) for month in range(problem.months.number))
    return Constraint("nobody is seen before due", _said(nobody_is_seen_before_due), rows)


def nobody_waits_to_be_rid_of(problem: Problem) -> Constraint:
    """At no time are more people of a need group overdue than are in care or wait on the first day."""
    rows = tuple(
        _overdue(problem, cell, month, -NO_LIMIT, people)
        for cell, people in enumerate(problem.asked.in_care) for month in range(problem.months.number)
    )
    return Constraint("nobody waits to be rid of", _said(nobody_waits_to_be_rid_of), rows)


def everybody_is_in_time(problem: Problem) -> Constraint:
    """From the first day of the goals on, no more people are overdue than are seen in one week."""
    at = problem.at

    def lines() -> Iterator[Row]:
        for cell in range(len(problem.asked.names)):
            treat = np.flatnonzero(at.seen[:, cell, 0] >= 0)
            for month in range(problem.months.in_time_from, problem.months.number):
                covered = problem.asked.weeks[cell] + 1.0
                yield _row([at.in_care[cell, month], *at.seen[treat, cell, month]],
                           [1, *[-covered] * len(treat)], -NO_LIMIT, 0)

    return Constraint("everybody is seen in time", _said(everybody_is_in_time), tuple(lines()))


def _overdue(problem: Problem, cell: int, month: int, low: float, high: float) -> Row:
    """People overdue: in care, less those whom visits have covered until the next is due."""
    at = problem.at
    treat = np.flatnonzero(at.seen[:, cell, 0] >= 0)
    return _row([at.in_care[cell, month], *at.seen[treat, cell, month]],
                [1, *[-problem.asked.weeks[cell]] * len(treat)], low, high)


def posts_are_so_many(problem: Problem) -> Constraint:
    """No team is given more posts than its lever allows."""
    rows = tuple(_row(problem.at.opened[team], np.ones(problem.months.number), 0, most)
                 for team, most in enumerate(problem.teams.most))
    return Constraint("posts that may be opened", _said(posts_are_so_many), rows)


def hires_are_so_many(problem: Problem) -> Constraint:
    """No more posts of a profession are opened in a month than clinicians can be had."""
    at, limits = problem.at, problem.limits.hires_per_month
    professions = np.array(problem.teams.professions)
    rows = tuple(
        _row(at.opened[professions == name, month], np.ones(int((professions == name).sum())), 0, most)
        for name, most in limits.items() if (professions == name).any()
        for month in range(problem.months.number)
    )
    return Constraint("clinicians that can be had", _said(hires_are_so_many), rows)


def money_is_enough(problem: Problem) -> Constraint:
    """Pay and on-costs of the last twelve months are no more than a year's budget."""
    budget = problem.limits.budget_per_year
    if budget is None:
        return Constraint("budget", _said(money_is_enough), ())
    last = problem.at.held[:, -MONTHS_A_YEAR:]
    a_year = MONTHS_A_YEAR / last.shape[1]
    factors = np.repeat(a_year * problem.teams.cost, last.shape[1])
    row = _row(last.ravel(), factors, -NO_LIMIT, budget)
    return Constraint("budget", _said(money_is_enough), (row,))


CONSTRAINTS: tuple[Callable[[Problem], Constraint], ...] = (
    posts_are_filled, slots_are_enough, hours_are_enough, people_come_and_go, nobody_is_seen_before_due,
    nobody_waits_to_be_rid_of, everybody_is_in_time, posts_are_so_many, hires_are_so_many, money_is_enough,
)
"""All there are, in the order in which they are told."""
