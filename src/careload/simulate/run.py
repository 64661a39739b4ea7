"""One run: a service's days from the first to the last, for one seed and one replication."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from careload.simulate.chance import causes
from careload.simulate.day import run_days
from careload.simulate.records import (
    CELL_COUNTS, DAYS_SHOWN, EVENT, LINE, LINES_OF_A_CELL, LOG, PATIENT, POST, TEAM_COUNTS, Plan, Tally, Whole,
    World,
)
from careload.simulate.start import begin

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
    """

    plan: Plan
    days: int
    started: Whole
    tally: Tally
    world: World


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
        written, ran_out = found.tally.written
        if ran_out:
            room *= 2
        elif logged and written > entries:
            entries = int(written)
        else:
            return found


def room_at_first(plan: Plan) -> int:
    """Records of patients at first: those of the first day, a year of referrals, and half as much again."""
    patients = plan.rules["start_patients"][0] * plan.teams["posts"].sum() + plan.arrivals[:182].sum()
    return LEAST_ROOM + int(ROOM_FOR_GROWTH * patients)


def _run(plan: Plan, seed: int, replication: int, room: int, entries: int) -> Run:
    world, tally, luck = _world(plan, room), _tally(plan, entries), causes(seed, replication)
    begin(plan, world, tally, luck)
    started = world.stock[:, 0].copy()
    days = len(plan.open)
    run_days(plan, world, tally, luck, 0, days)
    return Run(plan, days, started, tally, world)


def _world(plan: Plan, room: int) -> World:
    cells, sites, posts, days = len(plan.cells), len(plan.sites), int(plan.teams["posts"].sum()), len(plan.open)
    return World(
        patients=np.zeros(room, dtype=PATIENT),
        lines=np.zeros(cells * LINES_OF_A_CELL + posts, dtype=LINE),
        calendar=np.zeros(days, dtype=LINE),
        posts=np.zeros(posts, dtype=POST),
        events=np.zeros(room, dtype=EVENT),
        diary=np.zeros(days, dtype=LINE),
        spare=np.zeros(2, dtype=np.int32),
        stock=np.zeros((cells, 3), dtype=np.int32),
        seen_lately=np.zeros((sites, 4, 2)),
        long_wait=np.zeros(sites),
        outside_credit=np.zeros(sites),
    )


def _tally(plan: Plan, entries: int) -> Tally:
    weeks, months = -(-len(plan.open) // 7), -(-len(plan.open) // 28)
    groups = len(plan.teams) * len(plan.needs)
    return Tally(
        cells=np.zeros((weeks, len(plan.cells), len(CELL_COUNTS)), dtype=np.int32),
        teams=np.zeros((weeks, len(plan.teams), len(TEAM_COUNTS))),
        intervals=np.zeros((groups, DAYS_SHOWN), dtype=np.int32),
        waits=np.zeros((groups, DAYS_SHOWN), dtype=np.int32),
        beyond=np.zeros(2, dtype=np.int64),
        monthly=np.zeros((2, months, DAYS_SHOWN), dtype=np.int32),
        log=np.zeros(entries, dtype=LOG),
        written=np.zeros(2, dtype=np.int64),
    )
