"""`return-clinic` in plain Python by the way of the engine: lists by day, no event for whoever only waits.

This shows how much of the engine's speed is its algorithm and how much its language: the algorithm is what
SimPy takes longer than this program, the language what this program takes longer than the engine.

The steps are those of the compiled day (`careload/simulate/kernel`) as far as this model needs them:

- The calendar holds a list of patients for each day; those due today join the end of the line, which is
  thereby in order. Nobody is sorted.
- Whether a wait ends before its 64th midnight is one draw, for most patients the only one; where it does, the
  diary of that day says so. An entry about somebody who has been seen since is passed over. Those who still
  wait after 64 midnights are drawn on, from a mark that moves along the line.
- Whoever leaves from the middle of the line leaves an empty place.

Chance is Python's own generator here; the engine's, a function of patient, cause and count, would be slow.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

import numpy as np
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs

BLOCK = 64
"""Midnights of waiting for which the first draw speaks."""

GONE = -1
LEAST_TO_CUT = 4096


@dataclass(slots=True, eq=False)
class Patient:
    """A patient in care; `place` is where in the line, counted from the first place there ever was."""

    arrived: int
    due: int
    to_go: int
    last: int | None = None
    place: int = 0


class Clinic:
    """One replication: calendar, line and diary, chance and what is counted."""

    def __init__(self, clinic: ReturnClinic, seed: int) -> None:
        """An empty clinic whose chance is set by `seed`."""
        self.clinic = clinic
        self.chance = random.Random(seed).random
        self.poisson = np.random.default_rng(seed).poisson
        days = clinic.days + clinic.gap + 1
        self.calendar: list[list[Patient]] = [[] for _ in range(days)]
        self.diary: list[list[tuple[Patient, int, bool]]] = [[] for _ in range(clinic.days)]
        self.line: list[Patient | None] = []
        self.head = self.mark = self.cut_off = 0
        self.in_crisis: list[Patient] = []
        self.tallies, self.not_counted = Tallies(clinic), Tallies(clinic)
        staying = (1 - clinic.dropout) * (1 - clinic.crisis)
        self.log_staying, self.log_in_crisis = math.log(staying), math.log1p(-clinic.dropout)
        self.ends_early, self.drops = 1 - staying**BLOCK, clinic.dropout / (1 - staying)

    def run(self) -> Outputs:
        """Go through all days; the ten outputs."""
        for _ in range(self.clinic.start_patients):
            due = int(self.chance() * self.clinic.start_due_days)
            to_go = 1 + int(self.chance() * self.clinic.start_visits)
            self.calendar[due].append(Patient(0, due, to_go))
        for day in range(self.clinic.days):
            tallies = self.tallies if day >= self.clinic.warm_up else self.not_counted
            self.midnight(day, tallies)
            self.come_due(day)
            if self.clinic.is_open(day):
                self.give_slots(day, tallies)
            self.new_patients(day)
        self.tallies.slots_served = self.tallies.slots_used + self.not_counted.slots_used
        return outputs(self.tallies)

    def midnight(self, day: int, tallies: Tallies) -> None:
        """Waits drawn for their first midnights are drawn on; what the diary holds for today happens."""
        self.draw_on(day)
        for patient, due, after_crisis in self.diary[day]:
            if patient.due == due:
                self.wait_ends(patient, day, after_crisis, tallies)

    def draw_on(self, day: int) -> None:
        """Those who have waited longer than the first draw speaks of get another, to the end of the wait."""
        self.mark = max(self.mark, self.head)
        while self.mark < len(self.line):
            patient = self.line[self.mark]
            if patient is not None:
                if patient.due + BLOCK >= day:
                    return
                self.note(patient, patient.due + BLOCK, self.log_staying)
            self.mark += 1

    def note(self, patient: Patient, after: int, log_staying: float, after_crisis: bool = False) -> None:
        """Draw at which midnight after a day a wait would end; write it into the diary."""
        midnight = after + 1 + int(math.log(1 - self.chance()) / log_staying)
        if midnight < self.clinic.days:
            self.diary[midnight].append((patient, patient.due, after_crisis))

    def wait_ends(self, patient: Patient, day: int, after_crisis: bool, tallies: Tallies) -> None:
        """A wait ends unseen: by dropout, or by a crisis, which is another wait."""
        if not after_crisis:
            self.line[patient.place - self.cut_off] = None
        if after_crisis or self.chance() < self.drops:
            tallies.drop += 1
            patient.due = GONE
            return
        tallies.crises += 1
        tallies.ed += self.chance() < self.clinic.ed
        self.in_crisis.append(patient)
        self.note(patient, day, self.log_in_crisis, after_crisis=True)

    def come_due(self, day: int) -> None:
        """Those due today join the end of the line; one draw says whose wait would end early."""
        chance, ends_early = self.chance, self.ends_early
        place, today = self.cut_off + len(self.line), self.calendar[day]
        for patient in today:
            patient.place = place
            place += 1
            level = chance()
            if level < ends_early:
                midnight = day + 1 + int(math.log(1 - level) / self.log_staying)
                if midnight < self.clinic.days:
                    self.diary[midnight].append((patient, day, False))
        self.line += today
        self.calendar[day] = []

    def give_slots(self, day: int, tallies: Tallies) -> None:
        """As many as there are slots: those in crisis, then from the head of the line."""
        slots, line = self.clinic.slots, self.line
        waiting = [patient for patient in self.in_crisis if patient.due != GONE]
        served, self.in_crisis = waiting[:slots], waiting[slots:]
        while len(served) < slots and self.head < len(line):
            part = line[self.head : self.head + slots - len(served)]
            self.head += len(part)
            served += [patient for patient in part if patient is not None]
        if self.head > LEAST_TO_CUT and 2 * self.head > len(line):
            self.cut_seen()
        tallies.slots_used += len(served)
        self.serve(served, day, tallies)

    def cut_seen(self) -> None:
        """Throw away the places of the line before its head."""
        del self.line[: self.head]
        self.cut_off += self.head
        self.mark, self.head = max(0, self.mark - self.head), 0

    def serve(self, served: list[Patient], day: int, tallies: Tallies) -> None:
        """No-show or attended visit, and the next due date, for each patient served on a day."""
        chance, no_show, intervals = self.chance, self.clinic.no_show, tallies.intervals
        due = day + self.clinic.gap
        later = self.calendar[due]
        for patient in served:
            patient.due = due
            if chance() >= no_show:
                tallies.visits += 1
                if patient.last is None:
                    tallies.intakes += 1
                    tallies.intake_days += day - patient.arrived
                else:
                    intervals[day - patient.last] += 1
                patient.last = day
                patient.to_go -= 1
                if not patient.to_go:
                    patient.due = GONE
                    continue
            later.append(patient)

    def new_patients(self, day: int) -> None:
        """A Poisson number of new patients, due tomorrow."""
        arriving = self.poisson(self.clinic.arrivals)
        self.calendar[day + 1] += [
            Patient(day, day + 1, 1 + further)
            for further in self.poisson(self.clinic.further_visits, arriving).tolist()
        ]


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    return Clinic(clinic, seed).run()
