"""`return-clinic` as SimPy's documentation teaches it: a process per patient, a resource with priorities.

The clinicians are one `PriorityResource`, whose units are taken overnight and over the weekend by the
clinicians themselves, so that five one-hour slots are left on each working day. A patient is a process:
a timeout until the next visit is due, then `yield request | timeout`, where the timeout is what the
patient will not wait beyond: the dropout, or the crisis. A request's priority cannot be changed, so a
patient in crisis cancels and asks again. Priorities are class, then due day, then day booked, as the
text has them. The clock counts hours.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np
import simpy
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs

HOURS_A_DAY = 24
OPENING = 9
SLOT_HOURS = 1
BEFORE_CLOSING = SLOT_HOURS / 2
OFF_DUTY = -math.inf
"""A priority before all patients'."""

Process = Iterator[simpy.Event]


class Clinic:
    """One replication: the clock, the clinicians, chance and what is counted."""

    def __init__(self, clinic: ReturnClinic, seed: int) -> None:
        """A clinic with its clinicians and its patients of day 0, whose chance is set by `seed`."""
        self.clinic = clinic
        self.env = simpy.Environment()
        self.clinicians = simpy.PriorityResource(self.env, capacity=clinic.clinicians)
        self.tallies = Tallies(clinic)
        self.chance = random.Random(seed)
        self.poisson = np.random.default_rng(seed).poisson
        for _ in range(clinic.clinicians):
            self.env.process(self.clinician())
        for _ in range(clinic.start_patients):
            due = self.chance.randrange(clinic.start_due_days)
            visits_needed = 1 + self.chance.randrange(clinic.start_visits)
            self.env.process(self.patient(arrived=0, due=due, visits_needed=visits_needed))
        self.env.process(self.source())

    @property
    def today(self) -> int:
        """The day it is."""
        return int(self.env.now // HOURS_A_DAY)

    def until(self, hour: float) -> simpy.Event:
        """The event of the clock reaching an hour since the start."""
        return self.env.timeout(hour - self.env.now)

    def clinician(self) -> Process:
        """Works the slots of each working day; nobody gets in while the clinician is off duty.

        Off duty is asked for within the last slot and comes before every patient: it begins when that ends.
        """
        slots_end = OPENING + self.clinic.slots_per_clinician * SLOT_HOURS
        for day in filter(self.clinic.is_open, range(self.clinic.days)):
            with self.clinicians.request(priority=OFF_DUTY) as off_duty:
                yield off_duty
                yield self.until(day * HOURS_A_DAY + OPENING)
            yield self.until(day * HOURS_A_DAY + slots_end - BEFORE_CLOSING)
        yield self.clinicians.request(priority=OFF_DUTY)

    def source(self) -> Process:
        """New patients, with exponential times between them, due the day after they arrive."""
        while True:
            yield self.env.timeout(HOURS_A_DAY * self.chance.expovariate(self.clinic.arrivals))
            needed = 1 + int(self.poisson(self.clinic.further_visits))
            self.env.process(self.patient(arrived=self.today, due=self.today + 1, visits_needed=needed))

    def patient(self, arrived: int, due: int, visits_needed: int) -> Process:
        """A patient's way from visit to visit, until no more is needed or the patient drops out."""
        last = None
        while visits_needed:
            booked = self.today
            yield self.until(due * HOURS_A_DAY)
            attended = yield from self.visit(due, booked, last, arrived)
            if attended is None:
                return
            if attended:
                last = self.today
                visits_needed -= 1
            due = self.today + self.clinic.gap

    def visit(self, due: int, booked: int, last: int | None, arrived: int) -> Process:
        """Wait for a slot and use it: whether the visit was attended, or None after a dropout."""
        dropout, crisis = due + self.geometric(self.clinic.dropout), due + self.geometric(self.clinic.crisis)
        with self.clinicians.request(priority=self.clinic.place(due, booked, in_crisis=False)) as request:
            yield request | self.until(min(dropout, crisis) * HOURS_A_DAY)
            if request.triggered:
                return (yield from self.slot(last, arrived))
        if crisis < dropout:
            self.tallies.falls_into_crisis(crisis, to_ed=self.happens(self.clinic.ed))
            with self.clinicians.request(priority=self.clinic.place(due, booked, in_crisis=True)) as request:
                yield request | self.until(dropout * HOURS_A_DAY)
                if request.triggered:
                    return (yield from self.slot(last, arrived))
        self.tallies.drops_out(dropout)
        return None

    def slot(self, last: int | None, arrived: int) -> Process:
        """One slot: a no-show or an attended visit; it is over when the hour is."""
        self.tallies.slot(self.today)
        attended = not self.happens(self.clinic.no_show)
        if attended:
            self.tallies.visit(self.today, last, arrived)
        yield self.env.timeout(SLOT_HOURS)
        return attended

    def geometric(self, probability: float) -> int:
        """The first midnight, from 1 on, at which something of this probability happens."""
        return 1 + int(math.log(1 - self.chance.random()) / math.log1p(-probability))

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.chance.random() < probability


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    replication = Clinic(clinic, seed)
    replication.env.run(until=clinic.days * HOURS_A_DAY)
    return outputs(replication.tallies)
