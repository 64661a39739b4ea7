"""One run: a service's days from the first to the last, for one seed and one replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from careload.clinic import UsageError
from careload.simulate.kernel.chance import luck
from careload.simulate.kernel.day import run_days
from careload.simulate.kernel.desk import desk_of
from careload.simulate.kernel.entries import LOG
from careload.simulate.kernel.records import (
    CELL_COUNTS,
    DAYS_SHOWN,
    EVENT,
    FREE,
    LATELY,
    LINE,
    LINES_OF_A_CELL,
    PATIENT,
    POST,
    SPARE,
    STOCK,
    SUMS,
    TEAM_COUNTS,
    Plan,
    Records,
    Tally,
    Whole,
    World,
)

ROOM_FOR_GROWTH = 1.5
LEAST_ROOM, MOST_ROOM = 1024, 100_000_000
CACHE_LINE = 64


@dataclass(frozen=True)
class Run:
    """One run.

    plan     what was run
    days     its length
    started  patients in care on the first day, by cell
    tally    what was counted
    world    everyone on the last evening
    luck     its streams of chance
    """

    plan: Plan
    days: int
    started: Whole
    tally: Tally
    world: World
    luck: np.void


def run(plan: Plan, seed: int = 1, replication: int = 0, logged: bool = False) -> Run:
    """Run a plan over all its days.

    plan         the service as numbers, `plan_of`
    seed         same seed and replication, same run
    replication  which of many runs
    logged       keep everything that happens to everyone in `tally.log`

    Should the records for patients or events run out, the run begins anew with twice as many: the result is
    the same as if there had been enough from the first. Raises `UsageError` where no machine has enough.
    """
    room, entries = room_at_first(plan), int(logged)
    while True:
        found = _run(plan, seed, replication, room, entries)
        written = int(found.tally.sums["written"])
        if found.tally.sums["ran_out"]:
            room = _twice(room)
        elif logged and written > entries:
            entries = written
        else:
            return found


def room_at_first(plan: Plan) -> int:
    """Records of patients at first: those of the first day, 182 days of referrals, and half as much again."""
    patients = float((plan.teams["start_patients"] * plan.teams["posts"]).sum())
    patients += float(plan.cells["start_waiting"].sum() + plan.arrivals[:182].sum())
    return LEAST_ROOM + int(ROOM_FOR_GROWTH * patients)


def _twice(room: int) -> int:
    """Room for twice as many patients. Raises `UsageError` where no machine would have it."""
    if room > MOST_ROOM:
        raise UsageError(
            f"More than {MOST_ROOM:,} patients are in care at once.", "a service that can be held in memory",
            "Look at the arrivals and at how many years are run.",
        )
    return 2 * room


def _run(plan: Plan, seed: int, replication: int, room: int, entries: int) -> Run:
    world, tally, chances = _world(plan, room), _tally(plan, entries), luck(seed, replication)
    rules = in_an_array(plan.rules)
    run_days(desk_of(plan._replace(rules=rules), world, tally, chances), len(plan.open))
    in_order = np.argsort(tally.log["day"], kind="stable")  # sites were run one after the other
    found = tally._replace(log=tally.log[in_order])
    return Run(plan, len(plan.open), world.stock["started"], found, world, chances)


def first_day(run: Run) -> Records:
    """Everyone in care or waiting on the first day of a run, before anything happened; by site and day due.

    The day is filled again by the same luck: nothing of it is kept while a run goes on.
    """
    world, tally = _world(run.plan, len(run.world.patients)), _tally(run.plan, 0)
    rules, luck = in_an_array(run.plan.rules), in_an_array(run.luck)
    run_days(desk_of(run.plan._replace(rules=rules), world, tally, luck), 0)
    people = world.patients[world.patients["state"] != FREE]
    return np.asarray(people[np.lexsort((people["due"], run.plan.cells["site"][people["cell"]]))])


def in_an_array(record: np.void) -> np.void:
    """A record that lies in an array, and so stays in its place: one from another process lies in none."""
    return cast(np.void, np.array([record], dtype=record.dtype)[0])


def _world(plan: Plan, room: int) -> World:
    cells, sites, days = len(plan.cells), len(plan.sites), len(plan.open)
    teams = np.repeat(np.arange(len(plan.teams)), plan.teams["posts"])
    posts = np.zeros(len(teams), dtype=POST)
    posts["team"] = teams
    lines = cells * LINES_OF_A_CELL + len(posts)
    return World(
        patients=_on_cache_lines(room, PATIENT),
        sheets=_on_cache_lines(16 * (room // 8 + lines + days), np.dtype(np.int32)),
        lines=np.zeros(lines, dtype=LINE),
        calendar=np.zeros(days, dtype=LINE),
        posts=posts,
        order=np.arange(len(posts), dtype=np.int32),
        events=_on_cache_lines(16 * (room // 8 + days), EVENT),
        diary=np.zeros(days, dtype=LINE),
        spare=cast(np.void, np.zeros(1, dtype=SPARE)[0]),
        stock=np.zeros(cells, dtype=STOCK),
        lately=np.zeros(sites, dtype=LATELY),
    )


def _on_cache_lines(number: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Zeros that begin where a cache line does, so that none lies across two that need not."""
    memory = np.zeros(number * kind.itemsize + CACHE_LINE, dtype=np.uint8)
    offset = -memory.ctypes.data % CACHE_LINE
    return memory[offset: offset + number * kind.itemsize].view(kind)


def _tally(plan: Plan, entries: int) -> Tally:
    weeks, months = -(-len(plan.open) // 7), -(-len(plan.open) // 28)
    groups = max(len(plan.teams) * len(plan.needs), len(plan.cells))
    return Tally(
        cells=np.zeros((weeks, len(plan.cells), len(CELL_COUNTS)), dtype=np.int32),
        teams=np.zeros((weeks, len(plan.teams), len(TEAM_COUNTS))),
        spans=np.zeros((3, 2, 4, groups, DAYS_SHOWN), dtype=np.int32),
        monthly=np.zeros((2, months, DAYS_SHOWN), dtype=np.int32),
        log=np.zeros(entries, dtype=LOG),
        sums=cast(np.void, np.zeros(1, dtype=SUMS)[0]),
    )
