"""Who and what the example clinic is made of: dice, people, slots, appointments, its numbers.

Every number is an invention, chosen so that the clinic stands in the trap: intake on
time, return visits at six to eight weeks. None is a finding about any real service.
Time is counted in whole minutes from midnight of `ORIGIN`, a Monday.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

import numpy as np

from careload.clinic import BusinessCalendar

Item = TypeVar("Item")

DAY = 1440
ORIGIN = date(2023, 10, 2)
FIRST = (date(2024, 1, 1) - ORIGIN).days
AS_OF = (date(2025, 12, 31) - ORIGIN).days
LAST = AS_OF + 182
HORIZON_WEEKS = 14

IN_CARE_AT_START = 2020
GAP_AT_START_DAYS = 52
REFERRALS_PER_WEEK = 20.5
RETURNS_PER_FTE, INTAKES_PER_FTE = 24.0, 2.8
FTES = (0.6, 0.3, 0.45, 0.6, 0.45, 0.3, 0.45, 0.3)

PROFESSIONS = (
    "psychologist", "therapist (LMFT)", "social worker (LCSW)", "addiction counsellor", "psychiatrist",
)
POSTS_BY_SITE = {"North": (5, 6, 5, 3, 2), "Harbor": (3, 3, 4, 2, 1)}
NEEDS = ("depression", "anxiety", "trauma", "substance use", "psychosis or bipolar")
NEED_WEIGHTS = (0.36, 0.27, 0.14, 0.14, 0.09)
MAY_TREAT = {
    "depression": PROFESSIONS[:3],
    "anxiety": PROFESSIONS[:3],
    "trauma": PROFESSIONS[:3],
    "substance use": ("addiction counsellor", "social worker (LCSW)"),
    "psychosis or bipolar": ("psychiatrist", "psychologist"),
}
AREAS = {"North": ("Uptown", "Mill Valley", "Orchard"), "Harbor": ("Docks", "Old Town", "Eastside")}
GROUP_NEEDS = ("depression", "anxiety", "substance use")
COVERAGES, COVERAGE_WEIGHTS = ("commercial", "Medicaid", "Medicare"), (0.52, 0.36, 0.12)
GROUP_POSTS = ("post03", "post08", "post12", "post24", "post28")
MODALITIES, MODALITY_WEIGHTS = ("in person", "video", "phone"), (0.58, 0.36, 0.06)

_CALENDAR = BusinessCalendar("US")


def moment(minutes: int) -> datetime:
    """The wall-clock time `minutes` after midnight of the first day."""
    return datetime(ORIGIN.year, ORIGIN.month, ORIGIN.day) + timedelta(minutes=minutes)


def day_of(day: int) -> date:
    """The date of day number `day`."""
    return ORIGIN + timedelta(days=day)


OPEN = tuple(_CALENDAR.is_business_day(day_of(day)) for day in range(LAST + 7 * HORIZON_WEEKS + 60))
BUSINESS_DAY_NUMBER = tuple(int(number) for number in np.cumsum(OPEN))


class Dice:
    """Every draw of the example: uniform numbers of one PCG64 stream, transformed here."""

    def __init__(self, seed: int) -> None:
        self._generator = np.random.Generator(np.random.PCG64(seed))
        self._drawn: list[float] = []

    def uniform(self) -> float:
        """A number in [0, 1)."""
        if not self._drawn:
            self._drawn = self._generator.random(8192).tolist()
        return self._drawn.pop()

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform() < probability

    def between(self, low: int, high: int) -> int:
        """A whole number from low to high, both included."""
        return low + int(self.uniform() * (high - low + 1))

    def wait(self, mean: float) -> int:
        """Whole days of an exponential wait with this mean."""
        return int(-mean * math.log(1.0 - self.uniform()))

    def count(self, mean: float) -> int:
        """A Poisson number (mean below about 50), by multiplying uniforms."""
        limit, product, number = math.exp(-mean), self.uniform(), 0
        while product > limit:
            product, number = product * self.uniform(), number + 1
        return number

    def pick(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """One of the items, evenly or by weight."""
        if weights is None:
            return items[int(self.uniform() * len(items))]
        left = self.uniform() * sum(weights)
        for item, weight in zip(items, weights, strict=True):
            left -= weight
            if left < 0:
                return item
        return items[-1]

    def below(self, ceiling: float, number: int) -> list[int]:
        """Places of those among `number` draws that fall below a small ceiling."""
        return [int(place) for place in np.flatnonzero(self._generator.random(number) < ceiling)]


@dataclass(slots=True, eq=False)
class Slot:
    """One slot of a template; `opened` and `blocked` are day numbers."""

    id: str
    clinician: Clinician
    kind: str
    start: int
    minutes: int
    opened: int
    blocked: int | None = None

    @property
    def day(self) -> int:
        """Day number on which the slot lies."""
        return self.start // DAY


@dataclass(slots=True, eq=False)
class Clinician:
    """A clinician: post, spells away, free slots in order of time, caseload, this week's work."""

    id: str
    post: str
    profession: str
    site: str
    fte: float
    spanish: bool
    hired: int
    left: int | None = None
    away: list[tuple[int, int, str]] = field(default_factory=list)
    free: dict[str, list[Slot]] = field(default_factory=lambda: {"intake": [], "return": [], "crisis": []})
    slots: list[Slot] = field(default_factory=list)
    caseload: int = 0
    exhaustion: float = 0.3
    contact: float = 0.0
    held: int = 0
    missed: int = 0

    def works(self, day: int) -> bool:
        """Whether the clinician is employed and not away on `day`."""
        employed = self.hired <= day and (self.left is None or day <= self.left)
        return employed and not any(start <= day <= end for start, end, _ in self.away)

    def employed(self, day: int) -> bool:
        """Whether the clinician holds a post on `day` and has not given notice."""
        return self.hired <= day and self.left is None

    @property
    def fullness(self) -> float:
        """Patients per weekly return slot: weeks between visits if nothing is lost."""
        return self.caseload / (RETURNS_PER_FTE * self.fte)


@dataclass(slots=True, eq=False)
class Patient:
    """A patient: what is recorded of them, and where they stand in care."""

    id: str
    need: str
    site: str
    spanish: bool
    coverage: str
    birth_year: int
    area: str
    clinician: Clinician | None = None
    episode_opened: int | None = None
    episode_closed: int | None = None
    reason: str = ""
    died: int | None = None
    visits: int = 0
    last_visit: int | None = None
    span_opened: int | None = None
    prescribed: int = 14
    score: float = 15.0
    group_visits_left: int = 0
    live: list[Appointment] = field(default_factory=list)
    referral: Referral | None = None

    @property
    def in_care(self) -> bool:
        """Whether an episode is open."""
        return self.episode_opened is not None and self.episode_closed is None


@dataclass(slots=True, eq=False)
class Referral:
    """A request for care; times in minutes."""

    id: str
    patient: Patient
    requested: int
    urgency: str
    preferred: int | None
    closed: int | None = None
    outcome: str = ""


@dataclass(slots=True, eq=False)
class Appointment:
    """One appointment with its whole history; the extract shows what is known by its day."""

    id: str
    patient: Patient
    slot: Slot
    modality: str
    requested: int
    booked: int
    first_offered: int
    declined: bool
    replaces: str
    status: str = "booked"
    cancelled: int | None = None
    prescribed: int | None = None
    approved: bool | None = None
    group: str = ""
