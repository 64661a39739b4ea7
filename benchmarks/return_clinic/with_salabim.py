"""`return-clinic` in salabim: a component per patient, a resource whose capacity is the clinicians on duty.

Where the model had to be bent, never in what comes out:

- A request's priority is one number: class, due day and day booked are packed into it.
- A request in the queue keeps its priority, so a patient who falls into crisis lets the request fail and
  asks again, as in SimPy.
- Capacity is changed at once, also under those who are being served: it is set to zero half a slot
  before the end of the day, when nobody comes free and so nobody loses a slot.

Generators are used rather than greenlets (`yieldless=False`) and monitoring is off, both for speed. The
clock counts hours.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

import numpy as np
import salabim
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs

HOURS_A_DAY = 24
OPENING = 9
SLOT_HOURS = 1
BEFORE_CLOSING = SLOT_HOURS / 2

Process = Iterator[None]


class Replication(salabim.Environment):
    """One replication: the clock, the clinicians, chance and what is counted."""

    def setup(self, clinic: ReturnClinic, seed: int) -> None:
        """A clinic with its patients of day 0, whose chance is set by `seed`."""
        self.clinic = clinic
        self.tallies = Tallies(clinic)
        self.chance = random.Random(seed)
        self.poisson = np.random.default_rng(seed).poisson
        self.clinicians = salabim.Resource(capacity=0, monitor=False, env=self)
        Roster(env=self)
        for _ in range(clinic.start_patients):
            due = self.chance.randrange(clinic.start_due_days)
            visits_needed = 1 + self.chance.randrange(clinic.start_visits)
            Patient(env=self, arrived=0, due=due, visits_needed=visits_needed)
        Source(env=self)

    @property
    def today(self) -> int:
        """The day it is; a tolerance because sums of hours may fall a hair short of midnight."""
        return int((self.now() + 1e-6) // HOURS_A_DAY)

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.chance.random() < probability

    def geometric(self, probability: float) -> int:
        """The first midnight, from 1 on, at which something of this probability happens."""
        return 1 + int(math.log(1 - self.chance.random()) / math.log1p(-probability))


class Roster(salabim.Component):
    """Opens the clinic on working days and closes it."""

    env: Replication

    def process(self) -> Process:
        """Capacity through the days."""
        clinic = self.env.clinic
        slots_end = OPENING + clinic.slots_per_clinician * SLOT_HOURS
        for day in filter(clinic.is_open, range(clinic.days)):
            yield self.hold(till=day * HOURS_A_DAY + OPENING)
            self.env.clinicians.set_capacity(clinic.clinicians)
            yield self.hold(till=day * HOURS_A_DAY + slots_end - BEFORE_CLOSING)
            self.env.clinicians.set_capacity(0)


class Source(salabim.Component):
    """New patients, with exponential times between them, due the day after they arrive."""

    env: Replication

    def process(self) -> Process:
        """One arrival after another."""
        env = self.env
        while True:
            yield self.hold(HOURS_A_DAY * env.chance.expovariate(env.clinic.arrivals))
            visits_needed = 1 + int(env.poisson(env.clinic.further_visits))
            Patient(env=env, arrived=env.today, due=env.today + 1, visits_needed=visits_needed)


class Patient(salabim.Component):
    """A patient in care."""

    env: Replication

    def setup(self, arrived: int, due: int, visits_needed: int) -> None:
        """A patient not yet seen."""
        self.arrived, self.due, self.visits_needed = arrived, due, visits_needed
        self.booked = arrived
        self.last: int | None = None

    def process(self) -> Process:
        """From visit to visit, until no more is needed or the patient drops out."""
        while self.visits_needed:
            yield self.hold(till=self.due * HOURS_A_DAY)
            yield from self.wait_for_slot()
            if self.failed():
                return
            self.slot()
            yield self.hold(SLOT_HOURS)
            self.release()
            self.booked, self.due = self.env.today, self.env.today + self.env.clinic.gap

    def wait_for_slot(self) -> Process:
        """Until a clinician is free; the request has failed after a dropout."""
        env = self.env
        dropout = self.due + env.geometric(env.clinic.dropout)
        crisis = self.due + env.geometric(env.clinic.crisis)
        yield self.ask(in_crisis=False, until=min(dropout, crisis))
        if self.failed() and crisis < dropout:
            env.tallies.falls_into_crisis(crisis, to_ed=env.happens(env.clinic.ed))
            yield self.ask(in_crisis=True, until=dropout)
        if self.failed():
            env.tallies.drops_out(dropout)

    def ask(self, in_crisis: bool, until: int) -> None:
        """Request a clinician, not beyond the midnight of a day."""
        place = self.env.clinic.place(self.due, self.booked, in_crisis)
        return self.request((self.env.clinicians, 1, place), fail_at=until * HOURS_A_DAY)

    def slot(self) -> None:
        """One slot: a no-show or an attended visit."""
        tallies, day = self.env.tallies, self.env.today
        tallies.slot(day)
        if not self.env.happens(self.env.clinic.no_show):
            tallies.visit(day, self.last, self.arrived)
            self.last = day
            self.visits_needed -= 1


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    replication = Replication(trace=False, yieldless=False, clinic=clinic, seed=seed)
    replication.run(till=clinic.days * HOURS_A_DAY)
    return outputs(replication.tallies)
