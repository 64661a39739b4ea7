"""The books of the service: what happened, how often, after how many days."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.entries import LOG, LOG_KINDS
from careload.simulate.kernel.records import (
    CELL_COUNTS,
    CLOSED,
    CUT_OFF,
    DAYS_SHOWN,
    INTERVALS,
    LOST,
    SECOND_WAITS,
    TEAM_COUNTS,
    WAITS,
    Records,
)
from tests.twin.plain_day.who import Patient, Post, Service

LAST = DAYS_SHOWN - 1
FATES = {"discharged": CLOSED, "admitted": CUT_OFF, "died": CUT_OFF, "moved": CUT_OFF, "outside": CUT_OFF}
"""What an end of care says of the wait; every other end loses the patient."""


def log(service: Service, day: int, kind: str, key: int, post: Post | None, value: float) -> None:
    place = -1 if post is None else post.place
    if kind.startswith("asked"):
        service.where[key] = service.cells[int(value)].site
    site = service.where[key] if post is None else service.site_of_post[post.place]
    service.log.append((day, kind, key, place, int(value), site))


def count(service: Service, day: int, cell: int, what: str) -> None:
    service.cell_counts[day // 7, cell, what] += 1


def count_team(service: Service, day: int, team: int, what: str, number: float) -> None:
    service.team_counts[day // 7, team, what] += number


def count_days_until_visit(service: Service, day: int, which: int, days: int) -> None:
    service.monthly[which, day // 28, min(days, LAST)] += 1
    if day >= service.rules.counted_from:
        service.beyond[which] += max(0, days - LAST)


def count_span(service: Service, day: int, patient: Patient, fate: int) -> None:
    """A span of waiting ends: from asking or the last visit, in calendar and in business days."""
    if patient.visits == 0:
        kinds, group, opened = [WAITS], patient.cell, patient.arrived
    else:
        need = service.cells[patient.cell].need
        kinds = [INTERVALS, SECOND_WAITS] if patient.visits == 1 else [INTERVALS]
        group, opened = patient.team * len(service.needs) + need, patient.last
    if opened < service.rules.counted_from:
        return
    business = int(service.plan.business[day] - service.plan.business[opened])
    for which in kinds:
        for unit, days in enumerate((day - opened, business)):
            service.spans[int(which), unit, int(fate), group, min(days, LAST)] += 1


def fate_of(way: str) -> int:
    return FATES.get(way, LOST)


class Books:
    """What was written, in the shape in which the compiled day gives it."""

    def __init__(self, service: Service, days: int) -> None:
        weeks, months = -(-days // 7), -(-days // 28)
        groups = max(len(service.teams) * len(service.needs), len(service.cells))
        told = sorted(service.log, key=lambda event: (event[0], event[-1]))  # one site after the other
        self.log: Records = np.array(
            [(key, day, LOG_KINDS.index(kind), post, value) for day, kind, key, post, value, _ in told],
            dtype=LOG,
        )
        self.cells = np.zeros((weeks, len(service.cells), len(CELL_COUNTS)), dtype=np.int64)
        for (week, cell, what), number in service.cell_counts.items():
            self.cells[week, cell, CELL_COUNTS.index(what)] = number
        self.teams = np.zeros((weeks, len(service.teams), len(TEAM_COUNTS)))
        for (week, team, what), amount in service.team_counts.items():
            self.teams[week, team, TEAM_COUNTS.index(what)] = amount
        self.spans = np.zeros((3, 2, 4, groups, DAYS_SHOWN), dtype=np.int64)
        for span, number in service.spans.items():
            self.spans[span] = number
        self.monthly = np.zeros((2, months, DAYS_SHOWN), dtype=np.int64)
        for place, number in service.monthly.items():
            self.monthly[place] = number
        self.beyond = np.array(service.beyond)
