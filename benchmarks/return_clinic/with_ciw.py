"""`return-clinic` in Ciw: a network of two nodes, the clinic with its slots and home with room for everybody.

Where the model had to be bent, never in what comes out:

- Ciw knows no due date. A stay at home ends on the midnight that begins the due day; the state of a
  patient (visits needed, last visit) is in a class of individuals of our own, which the service times
  read and change.
- Customers of one class queue by arrival at the node, and Ciw settles at random between arrivals at one
  moment. So new patients come due a minute after midnight: after who returns on that day, as the text
  has it.
- Ciw 3.2 takes whoever waits at time 0 for served. So the patients of day 0 come due half a minute after
  midnight.
- Of two events of one moment a class change (crisis) comes before reneging (dropout); the text has
  dropout first. So patients drop out half an hour before midnight, when there are no slots, and it
  counts for that midnight.
- There is no state to start from: the first arrival, at time 0, is a batch of the patients of day 0.
- Records do not say when a class changed, nor whether a slot was attended. The nodes and distributions
  count.

The clock counts hours. Ciw looks at every individual of a node after every event, so the time of a run
grows with the square of the clinic's size: a run at size M would take an hour or more.
"""

from __future__ import annotations

import math
import random
from typing import Any

import ciw
from benchmarks.return_clinic.text import Outputs, ReturnClinic, Tallies, outputs

HOURS_A_DAY = 24
OPENING = 9
SLOT_HOURS = 1
HALF_AN_HOUR = 1 / 2
A_MINUTE = 1 / 60
HOME, CLINIC = 1, 2
"""Numbers of the nodes."""


class Patient(ciw.Individual):
    """A patient in care: what the text says of one, beside what Ciw says of an individual."""

    due: int | None = None
    last: int | None = None
    no_show = False

    def start(self, clinic: ReturnClinic, now: float) -> None:
        """Draw what the patient needs; those who arrive at time 0 were in care already."""
        self.arrived = day_of(now)
        if now == 0:
            self.visits_needed = 1 + random.randrange(clinic.start_visits)
        else:
            self.visits_needed = 1 + int(ciw.rng.poisson(clinic.further_visits))


class Home(ciw.dists.Distribution):
    """The time at home, until the day on which the patient is due."""

    def __init__(self, clinic: ReturnClinic) -> None:
        """Home to the patients of `clinic`."""
        self.clinic = clinic

    def sample(self, t: float | None = None, ind: Patient | None = None) -> float:
        """Hours from now until the patient is due."""
        delay = 0.0
        if ind.due is not None:
            ind.due = day_of(t) + self.clinic.gap
        else:
            ind.start(self.clinic, t)
            ind.due = random.randrange(self.clinic.start_due_days) if t == 0 else day_of(t) + 1
            delay = A_MINUTE if t > 0 else A_MINUTE / 2
        return ind.due * HOURS_A_DAY + delay - t


class Slot(ciw.dists.Distribution):
    """The time in a slot; whether its patient shows is drawn when it begins."""

    def __init__(self, tallies: Tallies) -> None:
        """Slots that are counted in `tallies`."""
        self.tallies = tallies

    def __deepcopy__(self, memo: dict[int, Any]) -> Slot:
        """Itself: Ciw copies distributions, and the copy would count into tallies that nobody reads."""
        return self

    def sample(self, t: float | None = None, ind: Patient | None = None) -> float:
        """An hour, attended or not."""
        day = day_of(t)
        self.tallies.slot(day)
        if random.random() >= self.tallies.clinic.no_show:
            self.tallies.visit(day, ind.last, ind.arrived)
            ind.last = day
            ind.visits_needed -= 1
        return SLOT_HOURS


class Arrivals(ciw.dists.Distribution):
    """Times between arrivals: none before the first, which is the batch of day 0, then exponential."""

    def __init__(self, clinic: ReturnClinic) -> None:
        """Arrivals to `clinic`."""
        self.clinic = clinic
        self.started = False

    def sample(self, t: float | None = None, ind: Patient | None = None) -> float:
        """Hours until the next arrival."""
        if not self.started:
            self.started = True
            return 0.0
        return HOURS_A_DAY * random.expovariate(self.clinic.arrivals)


class Batch(ciw.dists.Distribution):
    """Who arrives at once: all patients of day 0, then one by one."""

    def __init__(self, clinic: ReturnClinic) -> None:
        """Batches of patients of `clinic`."""
        self.clinic = clinic

    def sample(self, t: float | None = None, ind: Patient | None = None) -> int:
        """A number of patients."""
        return self.clinic.start_patients if t == 0 else 1


class Midnights(ciw.dists.Distribution):
    """Hours from the due midnight until something of a probability per midnight happens."""

    def __init__(self, probability: float, before: float = 0.0) -> None:
        """Of this probability, so many hours before that midnight."""
        self.scale = 1 / math.log1p(-probability)
        self.before = before

    def sample(self, t: float | None = None, ind: Patient | None = None) -> float:
        """A geometric number of days, in hours."""
        return HOURS_A_DAY * (1 + int(math.log(1 - random.random()) * self.scale)) - self.before


class ClinicNode(ciw.Node):
    """The clinic, which counts the crises."""

    tallies: Tallies
    next_class_change_ind = None  # Ciw 3.2 reads it before the first arrival has set it

    def change_customer_class_while_waiting(self) -> None:
        """A crisis begins."""
        super().change_customer_class_while_waiting()
        self.tallies.falls_into_crisis(day_of(self.now), to_ed=random.random() < self.tallies.clinic.ed)

    def renege(self) -> None:
        """A dropout; Ciw 3.2 would keep the crisis of who is gone as the next to come."""
        super().renege()
        self.find_next_class_change()


class AfterSlot(ciw.routing.NodeRouting):
    """Home until the next visit, or out of care."""

    def __init__(self, tallies: Tallies) -> None:
        """Dropouts are counted in `tallies`."""
        self.tallies = tallies

    def next_node(self, ind: Patient) -> ciw.Node:
        """After a slot: home, while visits are needed."""
        return self.simulation.nodes[HOME if ind.visits_needed else -1]

    def next_node_for_jockeying(self, ind: Patient) -> ciw.Node:
        """After a dropout: out. It counts for the midnight that is half an hour away."""
        self.tallies.drops_out(day_of(self.node.now + HALF_AN_HOUR))
        return self.simulation.nodes[-1]


def day_of(hours: float) -> int:
    """The day of a moment; a tolerance because sums of hours may fall a hair short of midnight."""
    return int((hours + 1e-6) // HOURS_A_DAY)


def week_of_slots(clinic: ReturnClinic) -> ciw.Slotted:
    """The slots of a week, at whole hours; the week ends with none."""
    hours = [
        day * HOURS_A_DAY + OPENING + slot * SLOT_HOURS
        for day in filter(clinic.is_open, range(clinic.week))
        for slot in range(clinic.slots_per_clinician)
    ]
    sizes = [clinic.clinicians] * len(hours)
    return ciw.Slotted(slots=[*hours, clinic.week * HOURS_A_DAY], slot_sizes=[*sizes, 0])


def network(tallies: Tallies) -> ciw.Network:
    """Home and clinic, with two classes of patients of which the first has priority."""
    clinic = tallies.clinic
    classes = ("Crisis", "Routine")
    services, waits = [Home(clinic), Slot(tallies)], [None, Midnights(clinic.dropout, before=HALF_AN_HOUR)]
    routing = ciw.routing.NetworkRouting([ciw.routing.Direct(CLINIC), AfterSlot(tallies)])
    stays, heals = ({name: {other: float(other == to(name)) for other in classes} for name in classes}
                    for to in (lambda name: name, lambda name: "Routine"))
    return ciw.create_network(
        arrival_distributions={"Crisis": [None, None], "Routine": [Arrivals(clinic), None]},
        batching_distributions={name: [Batch(clinic), None] for name in classes},
        service_distributions=dict.fromkeys(classes, services),
        number_of_servers=[math.inf, week_of_slots(clinic)],
        priority_classes={name: rank for rank, name in enumerate(classes)},
        reneging_time_distributions=dict.fromkeys(classes, waits),
        class_change_time_distributions={"Routine": {"Crisis": Midnights(clinic.crisis)}},
        class_change_matrices=[stays, heals],
        routing=dict.fromkeys(classes, routing),
    )


def run(clinic: ReturnClinic, seed: int) -> Outputs:
    """One replication of `clinic` with the luck of `seed`: the ten outputs."""
    ciw.seed(seed)
    tallies = Tallies(clinic)
    node = type("CountingNode", (ClinicNode,), {"tallies": tallies})
    simulation = ciw.Simulation(network(tallies), node_class=[ciw.Node, node], individual_class=Patient)
    simulation.simulate_until_max_time(clinic.days * HOURS_A_DAY)
    return outputs(tallies)
