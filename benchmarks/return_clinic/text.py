"""The reference model `return-clinic` in numbers: its parameters, what is counted, its ten outputs.

Patients come back visit after visit at a target gap, but only when a slot is free. One day `t`, in
order:

1. Midnight. Every waiting patient with `due < t` drops out with probability `dropout`; whoever does not,
   and is of the routine class, falls into crisis with probability `crisis` (an ED visit with probability
   `ed`).
2. Patients with `due = t` start to wait, in the routine class.
3. Slots, on working days: crisis before routine, then smaller `due`, then earlier booked. With
   probability `no_show` the slot passes unused by its patient; otherwise the visit is attended and one
   visit less is needed. Whoever still needs a visit is due `gap` days later, in the routine class.
4. Arrivals: a Poisson number of new patients, due the next day.

Day 0 is a Monday. Only days from `warm_up` on are counted; the state is not reset.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SIZES = {"S": 20, "M": 200, "L": 2000}
"""Clinicians of the three sizes."""

OUTPUTS = ("mean", "median", "p90", "pct14", "ed", "crises", "drop", "util", "visits", "intake")
"""The ten outputs, in the order of the text."""

STANDARD_DAYS = 14
MEDIAN, NINE_TENTHS = 50, 90


@dataclass(frozen=True)
class ReturnClinic:
    """The parameters: days are whole and count from 0, probabilities are per slot or per midnight of waiting.

    `clinicians` is the size. Arrivals, patients at the start and slots are per clinician; a patient needs
    1 + Poisson(`further_visits`) attended visits. Patients at the start are due on one of the first
    `start_due_days` days and need 1 to `start_visits` visits, uniformly.
    """

    clinicians: int = 20
    days: int = 1820
    warm_up: int = 364
    week: int = 7
    working_days: int = 5
    slots_per_clinician: int = 5
    arrivals_per_clinician: float = 0.275
    start_per_clinician: int = 50
    start_due_days: int = 7
    start_visits: int = 12
    further_visits: float = 11.0
    gap: int = 7
    no_show: float = 0.12
    dropout: float = 0.001
    crisis: float = 0.002
    ed: float = 0.3

    @property
    def slots(self) -> int:
        """Slots of a working day."""
        return self.slots_per_clinician * self.clinicians

    @property
    def arrivals(self) -> float:
        """New patients expected per calendar day."""
        return self.arrivals_per_clinician * self.clinicians

    @property
    def start_patients(self) -> int:
        """Patients in care on day 0, none of them seen yet."""
        return self.start_per_clinician * self.clinicians

    def is_open(self, day: int) -> bool:
        """Whether `day` is a working day."""
        return day % self.week < self.working_days

    def place(self, due: int, booked: int, in_crisis: bool) -> int:
        """The place in the line as one number, the smallest served first, where a library asks for that.

        Crisis before routine, then smaller due, then earlier booked.
        """
        longest = max(self.gap, self.start_due_days)
        routine = due * (longest + 1) + longest - (due - booked)
        return routine - in_crisis * (self.days + longest) * (longest + 1)

    def slots_offered(self) -> int:
        """Slots offered on the days that are counted."""
        return self.slots * sum(self.is_open(day) for day in range(self.warm_up, self.days))


@dataclass(frozen=True)
class Outputs:
    """What one replication gives.

    The ten outputs, over the counted days: `mean`, `median`, `p90` of the return interval (days), `pct14`
    the share of intervals of at most 14 days, `ed` ED visits, `crises`, `drop` dropouts, `util` slots used
    by slots offered, `visits` attended, `intake` the mean wait for the first visit (days). Beside them
    `slots_served`, attended or not, over all days, and `histogram`, the return intervals counted by days.
    """

    mean: float
    median: int
    p90: int
    pct14: float
    ed: int
    crises: int
    drop: int
    util: float
    visits: int
    intake: float
    slots_served: int
    histogram: tuple[int, ...]


@dataclass
class Tallies:
    """What is counted while a replication runs; the rule of the counted days is written here alone."""

    clinic: ReturnClinic
    intervals: list[int] = field(default_factory=list)
    slots_served: int = 0
    slots_used: int = 0
    visits: int = 0
    intakes: int = 0
    intake_days: int = 0
    crises: int = 0
    ed: int = 0
    drop: int = 0

    def __post_init__(self) -> None:
        """Room for the longest interval there can be."""
        self.intervals = self.intervals or [0] * (self.clinic.days + 1)

    def counts(self, day: int) -> bool:
        """Whether what happens on `day` is counted."""
        return day >= self.clinic.warm_up

    def slot(self, day: int) -> None:
        """A slot of `day` is taken by a patient, who may or may not show."""
        self.slots_served += 1
        self.slots_used += self.counts(day)

    def visit(self, day: int, last: int | None, arrived: int) -> None:
        """An attended visit on `day`, after one on day `last` or (None) as the first since day `arrived`."""
        if not self.counts(day):
            return
        self.visits += 1
        if last is None:
            self.intakes += 1
            self.intake_days += day - arrived
        else:
            self.intervals[day - last] += 1

    def falls_into_crisis(self, day: int, to_ed: bool) -> None:
        """A crisis at the midnight of `day`, with an ED visit or without."""
        if self.counts(day):
            self.crises += 1
            self.ed += to_ed

    def drops_out(self, day: int) -> None:
        """A dropout at the midnight of `day`."""
        self.drop += self.counts(day)


def outputs(tallies: Tallies) -> Outputs:
    """The ten outputs of a replication, worked out from what was counted."""
    histogram = without_trailing_zeros(tallies.intervals)
    intervals = sum(histogram)
    if not intervals or not tallies.intakes:
        raise ValueError("no interval or no intake after the warm-up: simulate more days or clinicians")
    return Outputs(
        mean=sum(days * count for days, count in enumerate(histogram)) / intervals,
        median=lower_quantile(histogram, MEDIAN),
        p90=lower_quantile(histogram, NINE_TENTHS),
        pct14=sum(histogram[: STANDARD_DAYS + 1]) / intervals,
        ed=tallies.ed,
        crises=tallies.crises,
        drop=tallies.drop,
        util=tallies.slots_used / tallies.clinic.slots_offered(),
        visits=tallies.visits,
        intake=tallies.intake_days / tallies.intakes,
        slots_served=tallies.slots_served,
        histogram=histogram,
    )


def without_trailing_zeros(counts: list[int]) -> tuple[int, ...]:
    """The counts up to the last that is not zero."""
    length = max((index + 1 for index, count in enumerate(counts) if count), default=0)
    return tuple(counts[:length])


def lower_quantile(histogram: tuple[int, ...], percent: int) -> int:
    """The smallest whole number of days that at least `percent` of a hundred intervals do not exceed.

    In whole numbers throughout: 0.9 times a count may come out a hair above the whole number it should be.
    """
    total = sum(histogram)
    reached = 0
    for days, count in enumerate(histogram):
        reached += count
        if 100 * reached >= percent * total:
            return days
    raise ValueError("no intervals were counted: a quantile needs at least one")
