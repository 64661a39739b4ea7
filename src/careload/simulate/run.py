"""One run: a service's days from the first to the last, for one seed and one replication."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import numpy as np

from careload.simulate.kernel.chance import luck
from careload.simulate.kernel.day import run_days
from careload.simulate.kernel.records import (
    CELL_COUNTS,
    DAYS_SHOWN,
    EVENT,
    FREE,
    LATELY,
    LINE,
    LINES_OF_A_CELL,
    LOG,
    PATIENT,
    POST,
    STOCK,
    SUMS,
    TEAM_COUNTS,
    Plan,
    Records,
    Tally,
    Whole,
    World,
)
from careload.simulate.kernel.start import begin

ROOM_FOR_GROWTH = 1.5
LEAST_ROOM = 1024


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
    the same as if there had been enough from the first.
    """
    room, entries = room_at_first(plan), 0
    while True:
        found = _run(plan, seed, replication, room, entries)
        written = int(found.tally.sums["written"])
        if found.tally.sums["ran_out"]:
            room *= 2
        elif logged and written > entries:
            entries = written
        else:
            return found


def room_at_first(plan: Plan) -> int:
    """Records of patients at first: those of the first day, a year of referrals, and half as much again."""
    patients = float(plan.rules["start_patients"]) * plan.teams["posts"].sum() + plan.arrivals[:182].sum()
    return LEAST_ROOM + int(ROOM_FOR_GROWTH * patients)


def _run(plan: Plan, seed: int, replication: int, room: int, entries: int) -> Run:
    world, tally, chances = _world(plan, room), _tally(plan, entries), luck(seed, replication)
    begin(plan, world, tally, chances)
    started = world.stock["in_care"].copy()
    days = len(plan.open)
    run_days(plan, world, tally, chances, 0, days)
    return Run(plan, days, started, tally, world, chances)


def first_day(run: Run) -> Records:
    """Everyone in care on the first day of a run, as they were before anything happened.

    The day is filled again by the same luck: nothing of it is kept while a run goes on.
    """
    world = _world(run.plan, len(run.world.patients))
    begin(run.plan, world, _tally(run.plan, 0), run.luck)
    return np.asarray(world.patients[world.patients["state"] != FREE])


def _world(plan: Plan, room: int) -> World:
    cells, sites, days = len(plan.cells), len(plan.sites), len(plan.open)
    posts = int(plan.teams["posts"].sum())
    lines = cells * LINES_OF_A_CELL + posts
    return World(
        patients=_on_cache_lines(room),
        sheets=np.zeros(16 * (room // 8 + lines + days), dtype=np.int32),
        lines=np.zeros(lines, dtype=LINE),
        calendar=np.zeros(days, dtype=LINE),
        posts=np.zeros(posts, dtype=POST),
        order=np.arange(posts, dtype=np.int32),
        events=np.zeros(room, dtype=EVENT),
        diary=np.zeros(days, dtype=LINE),
        spare=np.zeros(3, dtype=np.int32),
        stock=np.zeros(cells, dtype=STOCK),
        lately=np.zeros(sites, dtype=LATELY),
    )


def _on_cache_lines(room: int) -> Records:
    """Records of patients, none of which lies across two cache lines."""
    size = PATIENT.itemsize
    memory = np.zeros((room + 1) * size, dtype=np.uint8)
    offset = -memory.ctypes.data % size
    return memory[offset: offset + room * size].view(PATIENT)


def _tally(plan: Plan, entries: int) -> Tally:
    weeks, months = -(-len(plan.open) // 7), -(-len(plan.open) // 28)
    groups = max(len(plan.teams) * len(plan.needs), len(plan.cells))
    return Tally(
        cells=np.zeros((weeks, len(plan.cells), len(CELL_COUNTS)), dtype=np.int32),
        teams=np.zeros((weeks, len(plan.teams), len(TEAM_COUNTS))),
        spans=np.zeros((2, 2, 4, groups, DAYS_SHOWN), dtype=np.int32),
        monthly=np.zeros((2, months, DAYS_SHOWN), dtype=np.int32),
        log=np.zeros(entries, dtype=LOG),
        sums=cast(np.void, np.zeros(1, dtype=SUMS)[0]),
    )
