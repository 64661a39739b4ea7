"""`return-clinic` in SimPy, written for reading: the oracle against which the simulator is tested.

The clock counts hours. Within a day the four steps of the text stand at four hours, so that their order
is that of the clock; any hours in this order give the same model, since a patient's right to a slot
changes only at midnight. Two kinds of process: the clinic, which goes through its days, and one for each
gap between visits, which sleeps until the patient is due. The waiting line is a plain list, and chance
is drawn where the text says that it falls: a dropout and a crisis for every patient at every midnight of
waiting.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

import numpy as np
import simpy
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs

HOURS_A_DAY = 24
MIDNIGHT, DUE, OPENING, ARRIVALS = 0, 1, 9, 17
"""The hours of the four steps."""

Process = Iterator[simpy.Event]


@dataclass(slots=True)
class Patient:
    """A patient in care, with the five variables of the text and the day the next visit was booked."""

    arrived: int
    booked: int
    due: int
    visits_needed: int
    last: int | None = None
    routine: bool = True


IN_ORDER = attrgetter("routine", "due", "booked")
"""Who comes first: crisis before routine (false sorts before true), then smaller due, then earlier booked."""


class Clinic:
    """One replication: the clock, the waiting line, chance and what is counted."""

    def __init__(self, clinic: ReturnClinic, seed: int) -> None:
        """An empty clinic whose chance is set by `seed`."""
        self.clinic = clinic
        self.env = simpy.Environment()
        self.waiting: list[Patient] = []
        self.tallies = Tallies(clinic)
        self.chance = random.Random(seed)
        self.poisson = np.random.default_rng(seed).poisson  # Python's own generator has none
        self.arrived = self.left = self.at_home = 0

    def run(self) -> Outputs:
        """Go through all days; the ten outputs."""
        self.start()
        self.env.process(self.go_through_days())
        self.env.run(until=self.clinic.days * HOURS_A_DAY)
        return outputs(self.tallies)

    def start(self) -> None:
        """Near equilibrium: patients already in care, due within the week and not seen yet."""
        for _ in range(self.clinic.start_patients):
            due = self.chance.randrange(self.clinic.start_due_days)
            visits_needed = 1 + self.chance.randrange(self.clinic.start_visits)
            self.enter(Patient(arrived=0, booked=0, due=due, visits_needed=visits_needed))

    def go_through_days(self) -> Process:
        """The steps of every day, in order; the second is each patient's own (see `comes_due`)."""
        for day in range(self.clinic.days):
            yield from self.until(day, MIDNIGHT)
            self.midnight(day)
            yield from self.until(day, OPENING)
            if self.clinic.is_open(day):
                self.give_slots(day)
            yield from self.until(day, ARRIVALS)
            self.new_patients(day)

    def until(self, day: int, hour: int) -> Process:
        """Sleep until an hour of a day."""
        yield self.env.timeout(day * HOURS_A_DAY + hour - self.env.now)

    def midnight(self, day: int) -> None:
        """Step 1: dropout, and only for who stays in the routine class, crisis."""
        staying = []
        for patient in self.waiting:
            if self.happens(self.clinic.dropout):
                self.tallies.drops_out(day)
                self.left += 1
                continue
            staying.append(patient)
            if patient.routine and self.happens(self.clinic.crisis):
                patient.routine = False
                self.tallies.falls_into_crisis(day, to_ed=self.happens(self.clinic.ed))
        self.waiting = staying

    def comes_due(self, patient: Patient) -> Process:
        """Step 2: on the day the patient is due, and after its midnight, the wait starts."""
        self.at_home += 1
        yield from self.until(patient.due, DUE)
        self.at_home -= 1
        self.waiting.append(patient)

    def give_slots(self, day: int) -> None:
        """Step 3: as many as there are slots are served, in order; slots that nobody takes are lost."""
        self.waiting.sort(key=IN_ORDER)
        served, self.waiting = self.waiting[: self.clinic.slots], self.waiting[self.clinic.slots :]
        for patient in served:
            self.serve(patient, day)

    def serve(self, patient: Patient, day: int) -> None:
        """One slot: a no-show or an attended visit, and when the patient is due again."""
        self.tallies.slot(day)
        if not self.happens(self.clinic.no_show):
            self.tallies.visit(day, patient.last, patient.arrived)
            patient.last = day
            patient.visits_needed -= 1
        if patient.visits_needed == 0:
            self.left += 1
        else:
            self.book(patient, day, due=day + self.clinic.gap)

    def new_patients(self, day: int) -> None:
        """Step 4: a Poisson number of new patients, due tomorrow."""
        for _ in range(self.poisson(self.clinic.arrivals)):
            visits_needed = 1 + int(self.poisson(self.clinic.further_visits))
            self.enter(Patient(arrived=day, booked=day, due=day + 1, visits_needed=visits_needed))

    def enter(self, patient: Patient) -> None:
        """A patient comes into care."""
        self.arrived += 1
        self.env.process(self.comes_due(patient))

    def book(self, patient: Patient, day: int, due: int) -> None:
        """On `day` the patient is told when to come back; the class is routine again."""
        patient.booked, patient.due, patient.routine = day, due, True
        self.env.process(self.comes_due(patient))

    def happens(self, probability: float) -> bool:
        """Whether something of this probability happens."""
        return self.chance.random() < probability


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    return Clinic(clinic, seed).run()
