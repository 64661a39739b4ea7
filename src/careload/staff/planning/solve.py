"""The cheapest plan by months, by HiGHS: whole posts, the rest as it flows.

The plan sees no chance, no exhaustion and no severity that grows with waiting: it is where a search by the
simulator begins, not where one ends.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_matrix

from careload.staff.goals import Limits
from careload.staff.planning.constraints import CONSTRAINTS, Constraint, Problem, Row
from careload.staff.planning.numbers import Asked, Months, Teams
from careload.staff.planning.objective import cost
from careload.staff.planning.variables import variables

Numbers = NDArray[np.float64]

SECONDS, GAP = 60.0, 1e-2
TIGHT = 1e-6
LIMIT_OF_TIME, INFEASIBLE = 1, 2
"""How HiGHS says that it has run out of time, and that there is no plan."""


class Status(Enum):
    """What was found: a plan proved cheapest, none there can be, or nothing proved in the time there was."""

    CHEAPEST = "the cheapest plan of its kind"
    NONE = "there is none within these limits"
    NOT_PROVED = "not proved in the time there was"


@dataclass(frozen=True)
class Told:
    """A constraint as it came out.

    name, sentence  of it
    lines, tight    how many there are, and how many leave no room
    """

    name: str
    sentence: str
    lines: int
    tight: int


@dataclass(frozen=True)
class Path:
    """A plan by months.

    status        what was found
    teams         their names
    opened, held  (teams, months): posts opened, and posts held
    seen          (teams, cells, months): visits a week
    in_care       (cells, months): people in care or waiting at the end of each month
    overdue       (cells, months): those whom no visit has covered until now
    cost          currency over all months; infinite where there is no plan
    constraints   as they came out
    """

    status: Status
    teams: tuple[str, ...]
    opened: Numbers
    held: Numbers
    seen: Numbers
    in_care: Numbers
    overdue: Numbers
    cost: float
    constraints: tuple[Told, ...]


def cheapest(
    months: Months, teams: Teams, asked: Asked, limits: Limits, *, without: Collection[str] = (),
    seconds: float = SECONDS,
) -> Path:
    """The cheapest plan.

    months, teams, asked  `numbers_of`
    limits                of the goals
    without               names of constraints that are let go
    seconds               after which the search ends, proved or not
    """
    at = variables(len(teams.names), months.number, ~np.isnan(asked.hours))
    problem = Problem(months, teams, asked, limits, at)
    all_of = [make(problem) for make in CONSTRAINTS]
    kept = [each for each in all_of if each.name not in without]
    matrix, low, high = _together([row for each in kept for row in each.rows], at.number)
    whole = np.zeros(at.number, dtype=np.int64)
    whole[at.opened] = 1
    found = milp(
        cost(problem), constraints=LinearConstraint(matrix, low, high), integrality=whole,
        bounds=Bounds(0, np.inf), options={"time_limit": seconds, "mip_rel_gap": GAP},
    )
    if found.x is None:
        status = Status.NONE if found.status == INFEASIBLE else Status.NOT_PROVED
        nothing, nobody = np.zeros(at.opened.shape), np.zeros(at.in_care.shape)
        return Path(status, teams.names, nothing, nothing, np.zeros(at.seen.shape), nobody, nobody,
                    np.inf, tuple(Told(each.name, each.sentence, len(each.rows), 0) for each in kept))
    status = Status.NOT_PROVED if found.status == LIMIT_OF_TIME else Status.CHEAPEST
    seen = np.where(at.seen >= 0, found.x[np.maximum(at.seen, 0)], 0.0)
    in_care = found.x[at.in_care]
    return Path(
        status, teams.names, np.round(found.x[at.opened]), found.x[at.held], seen, in_care,
        in_care - asked.weeks[:, None] * seen.sum(axis=0),
        float(teams.cost @ found.x[at.held].sum(axis=1)), tuple(_told(each, found.x) for each in kept),
    )


def _together(rows: Sequence[Row], number: int) -> tuple[csr_matrix, Numbers, Numbers]:
    """All lines as one matrix."""
    lengths = [len(row.places) for row in rows]
    ends = np.concatenate([[0], np.cumsum(lengths)])
    factors, places = (np.concatenate([getattr(row, name) for row in rows]) for name in ("factors", "places"))
    matrix = csr_matrix((factors, places, ends), shape=(len(rows), number))
    return matrix, np.array([row.low for row in rows]), np.array([row.high for row in rows])


def _told(constraint: Constraint, values: Numbers) -> Told:
    tight = 0
    for row in constraint.rows:
        amount = float(row.factors @ values[row.places])
        room = min(amount - row.low, row.high - amount)
        tight += room <= TIGHT * max(1.0, abs(amount))
    return Told(constraint.name, constraint.sentence, len(constraint.rows), tight)
