"""`return-clinic` in SimPy, as quick as we could make it while every patient still comes due by an event.

What was done, from the most to the least gain:

- The waiting line is our own: a list in the order of due dates, for which no sorting is needed, as SimPy
  fires events of the same moment in the order in which they were scheduled, that is booked. A day's
  patients are cut from its head; the few in crisis have a list of their own.
- No timers for dropout and crisis, so none is left behind in the event list: at midnight a geometric
  draw skips along the line to the next patient to whom it happens.
- A patient is an event, scheduled anew for each due date; its one callback is the line's own `append`.
  So there are no generators to resume, and nothing is allocated per slot but the entry in the event
  list.
- One process wakes once a day, at opening. Nothing happens between midnight and then but patients coming
  due, who stand at the end of the line, so midnight's hazards can be drawn at opening for those before
  them.
- Counting is in local names, in the loop; bound methods are looked up once a day.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator

import numpy as np
import simpy
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs
from simpy.events import NORMAL

OPENING = 0.375
"""09:00, in days."""


class Patient(simpy.Event):
    """A patient in care: the event of coming due, which is scheduled again after every slot."""

    def __init__(self, env: simpy.Environment, arrived: int, visits_needed: int) -> None:
        """A patient who arrived on a day and needs a number of attended visits."""
        self.env = env
        self.arrived = arrived
        self.visits_needed = visits_needed
        self.last: int | None = None
        self._ok, self._value = True, None  # as SimPy's own Timeout does: it cannot fail


class Clinic:
    """One replication: the clock, the waiting line, chance and what is counted."""

    def __init__(self, clinic: ReturnClinic, seed: int) -> None:
        """An empty clinic whose chance is set by `seed`."""
        self.clinic = clinic
        self.env = simpy.Environment()
        self.line: list[Patient] = []
        self.in_crisis: list[Patient] = []
        self.joins = [self.line.append]
        self.tallies = Tallies(clinic)
        self.not_counted = Tallies(clinic)
        self.chance = random.Random(seed).random
        self.poisson = np.random.default_rng(seed).poisson
        self.to_dropout = self.skips(clinic.dropout)
        self.to_crisis = self.skips(clinic.crisis)

    def run(self) -> Outputs:
        """Go through all days; the ten outputs."""
        for _ in range(self.clinic.start_patients):
            visits_needed = 1 + int(self.chance() * self.clinic.start_visits)
            due = int(self.chance() * self.clinic.start_due_days)
            self.come_due(Patient(self.env, 0, visits_needed), due)
        self.env.process(self.go_through_days())
        self.env.run(until=self.clinic.days)
        self.tallies.slots_served = self.tallies.slots_used + self.not_counted.slots_used
        return outputs(self.tallies)

    def go_through_days(self) -> Iterator[simpy.Event]:
        """Every day at opening: midnight's hazards, the slots, the arrivals."""
        yield self.env.timeout(OPENING)
        waited_at_midnight = 0
        for day in range(self.clinic.days):
            tallies = self.tallies if day >= self.clinic.warm_up else self.not_counted
            self.midnight(waited_at_midnight, tallies)
            if self.clinic.is_open(day):
                self.give_slots(day, tallies)
            waited_at_midnight = len(self.line)
            self.new_patients(day)
            yield self.env.timeout(1)

    def come_due(self, patient: Patient, delay: float) -> None:
        """Schedule when the patient joins the line, so many days from now."""
        patient.callbacks = self.joins
        self.env.schedule(patient, NORMAL, delay)

    def midnight(self, waiting: int, tallies: Tallies) -> None:
        """Dropout and then crisis, among the first `waiting` of the line; dropout from those in crisis."""
        line, chance = self.line, self.chance
        dropping = self.hits(waiting, self.to_dropout)
        for place in dropping:
            del line[place]
        staying = [patient for patient in self.in_crisis if chance() >= self.clinic.dropout]
        tallies.drop += len(dropping) + len(self.in_crisis) - len(staying)
        falling = self.hits(waiting - len(dropping), self.to_crisis)
        tallies.crises += len(falling)
        tallies.ed += sum(chance() < self.clinic.ed for _ in falling)
        self.in_crisis = staying + [line.pop(place) for place in falling]

    def give_slots(self, day: int, tallies: Tallies) -> None:
        """As many as there are slots: those in crisis, then from the head of the line."""
        line, slots = self.line, self.clinic.slots
        served, self.in_crisis = self.in_crisis[:slots], self.in_crisis[slots:]
        left = slots - len(served)
        served += line[:left]
        del line[:left]
        tallies.slots_used += len(served)
        self.serve(served, day, tallies)

    def serve(self, served: list[Patient], day: int, tallies: Tallies) -> None:
        """No-show or attended visit, and the next due date, for each patient served on a day."""
        chance, schedule, joins = self.chance, self.env.schedule, self.joins
        no_show, intervals, delay = self.clinic.no_show, tallies.intervals, self.clinic.gap - OPENING
        for patient in served:
            if chance() >= no_show:
                tallies.visits += 1
                if patient.last is None:
                    tallies.intakes += 1
                    tallies.intake_days += day - patient.arrived
                else:
                    intervals[day - patient.last] += 1
                patient.last = day
                patient.visits_needed -= 1
                if not patient.visits_needed:
                    continue
            patient.callbacks = joins
            schedule(patient, NORMAL, delay)

    def new_patients(self, day: int) -> None:
        """A Poisson number of new patients, due tomorrow."""
        arriving = self.poisson(self.clinic.arrivals)
        for further_visits in self.poisson(self.clinic.further_visits, arriving).tolist():
            self.come_due(Patient(self.env, day, 1 + further_visits), 1 - OPENING)

    def skips(self, probability: float) -> Callable[[], int]:
        """Draws of how many patients are passed before the next to whom it happens, of this probability."""
        chance, log, scale = self.chance, math.log, 1 / math.log1p(-probability)
        return lambda: int(log(1 - chance()) * scale)

    def hits(self, waiting: int, skip: Callable[[], int]) -> list[int]:
        """The places, among the first `waiting` of the line, where it happens, from the last to the first."""
        found = []
        place = skip()
        while place < waiting:
            found.append(place)
            place += 1 + skip()
        return found[::-1]


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    return Clinic(clinic, seed).run()
