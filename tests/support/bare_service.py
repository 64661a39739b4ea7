"""A service with everything switched off but the line: what textbooks calculate with.

One site, one team, one need group; the tests switch on what they are about and say what they change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service, parse_service
from careload.simulate import plan_of, run
from careload.simulate.kernel.entries import LOG_KINDS
from careload.simulate.kernel.records import CELL_COUNTS, Plan
from careload.simulate.run import Run

TEXT = """
name = "bare"
[site.here]
[profession.any]
treats = ["all"]
fixed_hours = 0
patient_hours = 0
[need.all]
arrivals_per_week = 7
weekday_weights = [1, 1, 1, 1, 1, 1, 1]
urgent_share = 0
visits_needed = 1
cadence_days = [7]
stage_from_visit = [0]
dropout_per_visit = 0
[team.all]
site = "here"
profession = "any"
posts = 1
return_slots = 5
[no_show]
intake_soon = 0
intake_late = 0
return_soon = 0
return_late = 0
[policy]
own_clinician = false
rebook_days = 1
[workforce]
sick_days_per_year = 0
leave_days_per_year = 0
[mechanisms]
progress_by_gap = false
hazards = false
lead_time = false
overload = false
exhaustion = false
leaving = false
hiring = false
demand = false
groups = false
[start]
patients = 0
"""


def bare_service(changes: Mapping[str, Any]) -> Service:
    """The bare service with other values, by dotted place."""
    return parse_service(TEXT).changed(changes)


def bare_plan(changes: Mapping[str, Any], days: int, every_day: bool = False) -> Plan:
    """Its plan; `every_day` opens it on Saturdays and Sundays too."""
    plan = plan_of(bare_service(changes), days)
    if every_day:
        plan.open[:] = True
    return plan


def runs(plan: Plan, replications: int, logged: bool = False) -> list[Run]:
    """So many replications with the luck of seed 1."""
    return [run(plan, 1, replication, logged) for replication in range(replications)]


def entries(done: Run, *kinds: str) -> NDArray[np.void]:
    """What the log holds of some kinds, in order."""
    wanted = [LOG_KINDS.index(kind) for kind in kinds]
    return done.tally.log[np.isin(done.tally.log["kind"], wanted)]


def a_day(entries: NDArray[np.void], days: int) -> NDArray[np.int64]:
    """How many on each day."""
    return np.bincount(entries["day"], minlength=days)


def weekly(done: Run, name: str) -> NDArray[np.int64]:
    """A count of the whole service by week."""
    return done.tally.cells[:, :, CELL_COUNTS.index(name)].sum(axis=1, dtype=np.int64)


def backlog(done: Run) -> NDArray[np.int64]:
    """People in care as the slots of each day begin, where one visit is all they need."""
    asked, ended = entries(done, "asked", "asked_urgently"), entries(done, "ended")
    evening = (a_day(asked, done.days) - a_day(ended, done.days)).cumsum()
    return np.concatenate([[0], evening[:-1]])
