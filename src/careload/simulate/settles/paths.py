"""Paths: how a service fares week by week, in many runs, as it is or with something that happens to it."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.simulate.kernel.records import (
    ATTENDED,
    EXHAUSTION,
    FILLED,
    IN_CARE,
    OVERDUE,
    Plan,
)
from careload.simulate.plan import plan_of
from careload.simulate.pool import Progress, spread
from careload.simulate.run import run

Numbers = NDArray[np.float64]
Kind = Literal["referrals", "posts"]

WEEKS = 52
"""Weeks in a block called a year: whole weeks, so that no weekday and hardly any season is left over."""

OF_CELLS, OF_TEAMS = (OVERDUE, IN_CARE, ATTENDED), (EXHAUSTION, FILLED)
WATCHED = ("overdue", "in_care", "attended", "exhaustion", "filled")
"""What is kept of each week: patients due and not seen, patients in care, visits; exhaustion summed over the
posts held, and their number. Stocks are those of Sunday evening."""

BATCH = 5
"""Runs made at once by a worker."""


@dataclass(frozen=True)
class Push:
    """Something that happens to a service for some weeks and is over.

    kind   ``referrals``: more of them, or fewer; ``posts``: some of them empty, as in a strike
    size   share of the referrals, -1 or more; share of the posts, 0 to 1
    first  week in which it begins, counted from 0
    weeks  how long it lasts
    """

    kind: Kind
    size: float
    first: int
    weeks: int


@dataclass(frozen=True)
class Course:
    """One thing to be run many times: a service, and what happens to it."""

    service: Service
    push: Push | None = None


def follow(
    courses: Sequence[Course], years: int, seed: int, replications: int, executor: Executor | None = None,
    progress: Progress | None = None, name: str = "runs",
) -> list[Numbers]:
    """The paths of each course, shape (replication, week, WATCHED).

    Replication r of every course has the same luck, so that two courses differ by what happens to them alone.
    """
    every = range(replications)
    batches = [every[first: first + BATCH] for first in range(0, replications, BATCH)]
    tasks = [(course, years, seed, batch) for course in courses for batch in batches]
    found: dict[int, Numbers] = {}
    with closing(spread(paths_of, tasks, executor)) as results:
        for place, paths in results:
            found[place] = paths
            if progress:
                progress(name, len(found), len(tasks))
    return [
        np.concatenate([found[first + each] for each in range(len(batches))])
        for first in range(0, len(tasks), len(batches))
    ]


def paths_of(course: Course, years: int, seed: int, replications: Sequence[int]) -> Numbers:
    """Some replications of a course, one after the other: a task for a worker."""
    plan = pushed(course, WEEKS * years)
    return np.stack([_path(plan, seed, replication) for replication in replications])


def _path(plan: Plan, seed: int, replication: int) -> Numbers:
    tally = run(plan, seed, replication).tally
    cells, teams = tally.cells.sum(axis=1), tally.teams.sum(axis=1)
    return np.concatenate([cells[:, OF_CELLS].astype(np.float64), teams[:, OF_TEAMS]], axis=1)


def pushed(course: Course, weeks: int) -> Plan:
    """The plan of a course, with its push.

    More referrals come beside those who come anyway, who keep their luck; empty posts are those of a strike.
    """
    push = course.push
    if push is None:
        return plan_of(course.service, 7 * weeks)
    if push.kind == "posts":
        return plan_of(_short_of_posts(course.service, push), 7 * weeks)
    plan = plan_of(course.service, 7 * weeks)
    arrivals = plan.arrivals.copy()
    arrivals[7 * push.first: 7 * (push.first + push.weeks)] *= 1 + push.size
    return plan._replace(arrivals=arrivals)


def _short_of_posts(service: Service, push: Push) -> Service:
    first = service["start"]["date"] + timedelta(weeks=push.first)
    return service.changed({
        "calendar.strike_from": first,
        "calendar.strike_to": first + timedelta(weeks=push.weeks, days=-1),
        "calendar.strike_share": push.size,
    }, origin="push")


def yearly(paths: Numbers, what: str = "overdue") -> Numbers:
    """Mean of what is watched in each year, shape (replication, year)."""
    watched = paths[:, :, WATCHED.index(what)]
    return np.asarray(watched.reshape(len(paths), -1, WEEKS).mean(axis=2))
