"""What the log of a run tells, in the order a records office would need it: who, which stay, which visit.

A *stay* is one time in care, from asking or from the first day to an end; the simulator gives each a key of
its own. Whoever asks again after leaving has the key mix(key before): several stays, one patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Service
from careload.simulate.kernel.chance import mix
from careload.simulate.kernel.entries import (
    LOG_ASKED,
    LOG_ASKED_URGENTLY,
    LOG_CRISIS,
    LOG_CRISIS_VISIT,
    LOG_ENDED,
    LOG_FIRST,
    LOG_GROUP,
    LOG_MISSED,
    LOG_RETURN,
)
from careload.simulate.kernel.records import DISCHARGED, MOST_VISITS
from careload.simulate.run import Run, first_day

Places = NDArray[np.int64]
Days = NDArray[np.int64]
Flags = NDArray[np.bool_]
Entries = NDArray[np.void]

NO_DAY = np.iinfo(np.int64).min
"""No such day; far below the first, where days before the run are negative."""

HELD = (LOG_FIRST, LOG_RETURN, LOG_CRISIS_VISIT, LOG_GROUP)
BOOKS = (LOG_ASKED, LOG_ASKED_URGENTLY, *HELD, LOG_MISSED, LOG_CRISIS)
"""What puts the next visit into the book."""


@dataclass(frozen=True)
class Stays:
    """Times in care, those of the first day before those who asked, these in the order of asking.

    key            u8
    cell           need group at a site
    asked          day of asking; NO_DAY for those seen before the first day
    urgent         asked urgently
    visits_before  visits attended before the first day
    last_before    day of the last of these, or of asking before the first day; NO_DAY for those later
    ended, way     day of the end and its place in CELL_COUNTS; NO_DAY and -1 for those still in care
    patient        whose stay: the place of the patient's first stay
    """

    key: NDArray[np.uint64]
    cell: Places
    asked: Days
    urgent: Flags
    visits_before: Places
    last_before: Days
    ended: Days
    way: Places
    patient: Places

    @cached_property
    def place_of(self) -> Sought:
        """Finds stays by their keys."""
        return Sought(self.key)


class Sought:
    """Where each of some different keys stands."""

    def __init__(self, keys: NDArray[np.uint64]) -> None:
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    def __call__(self, keys: NDArray[np.uint64]) -> Places:
        """The place of each key; -1 for one that is not there."""
        if not len(self._keys):
            return np.full(len(keys), -1)
        place = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        return np.where(self._keys[place] == keys, self._order[place], -1)


@dataclass(frozen=True)
class Visits:
    """Visits held or missed, in the order of the log.

    stay         whose
    day, post    when and where
    how          which slot it was meant for, one of HELD
    held         or missed
    number       visits attended before it in the stay, also before the first day
    booked       day it was booked: of the visit, no-show, request or crisis before it
    booked_by    the visit before it if that is what booked it, else -1
    after        what booked it: a kind of the log; -1 for a visit before the first day
    """

    stay: Places
    day: Days
    post: Places
    how: Places
    held: Flags
    number: Places
    booked: Days
    booked_by: Places
    after: Places


@dataclass(frozen=True)
class Story:
    """One logged run, and what stands in its log.

    first, last  the first and the last day that is told
    """

    run: Run
    service: Service
    first: int
    last: int

    @cached_property
    def origin(self) -> np.datetime64:
        """The date of day 0."""
        return np.datetime64(self.service["start"]["date"], "D")

    def entries(self, *kinds: np.int32) -> Entries:
        """Entries of the log of some kinds, in order."""
        log = self.run.tally.log
        return np.asarray(log[np.isin(log["kind"], kinds)])

    @cached_property
    def stays(self) -> Stays:
        """Everybody's times in care."""
        return stays_of(self)

    @cached_property
    def visits(self) -> Visits:
        """Every visit held or missed."""
        return visits_of(self)

    @cached_property
    def first_visit(self) -> Days:
        """By stay, the day of the first visit attended in it; NO_DAY where none was."""
        found, visits = np.full(len(self.stays.key), NO_DAY), self.visits
        first = visits.held & (visits.number == 0)
        found[visits.stay[first]] = visits.day[first]
        return found

    @property
    def sites(self) -> NDArray[Any]:
        """Names of the sites, as cells and teams number them."""
        return names(self.service, "site")

    @property
    def needs(self) -> NDArray[Any]:
        """Names of the need groups, likewise."""
        return names(self.service, "need")

    @property
    def professions(self) -> NDArray[Any]:
        """Names of the professions, likewise."""
        return names(self.service, "profession")

    def planned_days(self, number: Places, cell: Places) -> Days:
        """Days until the next visit by the stage of treatment, after `number` visits."""
        need = self.run.plan.cells["need"][cell]
        days = self.run.plan.needs["cadence"][need, np.minimum(number, MOST_VISITS - 1)]
        return np.asarray(days, dtype=np.int64)


def names(service: Service, section: str) -> NDArray[Any]:
    """Names of a section's tables, as objects."""
    return np.array(list(service[section]), dtype=object)


def stays_of(story: Story) -> Stays:
    """Times in care, from those in care on the first day and those who asked."""
    asked, before = story.entries(LOG_ASKED, LOG_ASKED_URGENTLY), first_day(story.run)
    unknown, not_seen = np.zeros(len(asked), dtype=np.int64), before["visits"] == 0
    arrived = before["arrived"].astype(np.int64)
    key = np.concatenate([before["key"], asked["key"]])
    place_of, ends = Sought(key), story.entries(LOG_ENDED)
    ended, way = np.full(len(key), NO_DAY), np.full(len(key), -1)
    ended[place_of(ends["key"])], way[place_of(ends["key"])] = ends["day"], ends["value"]
    return Stays(
        key=key,
        cell=np.concatenate([before["cell"], asked["value"]]).astype(np.int64),
        asked=np.concatenate([np.where(not_seen, arrived, NO_DAY), asked["day"]]),
        urgent=np.concatenate([before["urgent"] != 0, asked["kind"] == LOG_ASKED_URGENTLY]),
        visits_before=np.concatenate([before["visits"], unknown]),
        last_before=np.concatenate([
            np.where(not_seen, arrived, before["last"]), np.full(len(asked), NO_DAY),
        ]),
        ended=ended, way=way, patient=whose(key, place_of),
    )


def whose(key: NDArray[np.uint64], place_of: Sought) -> Places:
    """By stay, the first stay of the same patient: that of whose key the key is made, and so on."""
    again = place_of(mixed(key))
    before = np.arange(len(key))
    came = np.flatnonzero(again >= 0)
    before[again[came]] = came
    while (before[before] != before).any():
        before = before[before]
    return before


def mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The kernel's own `mix`, over all keys at once."""
    plain: Any = getattr(mix, "py_func", mix)
    return np.asarray(plain(keys))


def visits_of(story: Story) -> Visits:
    """Visits held or missed, with what booked each."""
    stays, log = story.stays, story.entries(*BOOKS)
    stay = stays.place_of(log["key"])
    order = np.argsort(stay, kind="stable")
    follows = np.zeros(len(log), dtype=bool)
    follows[order[1:]] = stay[order[1:]] == stay[order[:-1]]
    before = np.full(len(log), -1)
    before[order[1:]] = order[:-1]
    before[~follows] = -1
    held, missed = np.isin(log["kind"], HELD), log["kind"] == LOG_MISSED
    number = count_within(held, order, follows) + stays.visits_before[stay]
    is_visit = held | missed
    place = np.cumsum(is_visit) - 1
    chosen = np.flatnonzero(is_visit)
    earlier = before[chosen]
    known = earlier >= 0
    return Visits(
        stay=stay[chosen], day=log["day"][chosen].astype(np.int64), post=log["post"][chosen].astype(np.int64),
        how=np.where(missed, log["value"], log["kind"])[chosen].astype(np.int64), held=held[chosen],
        number=number[chosen],
        booked=np.where(known, log["day"][earlier], stays.last_before[stay[chosen]]),
        booked_by=np.where(known & is_visit[earlier], place[earlier], -1),
        after=np.where(known, log["kind"][earlier], -1).astype(np.int64),
    )


def count_within(flags: Flags, order: Places, follows: Flags) -> Places:
    """How many flags stand before each entry among those of the same stay.

    order    entries sorted by stay
    follows  whether an entry has one before it of the same stay
    """
    sorted_flags = flags[order].astype(np.int64)
    before = np.cumsum(sorted_flags) - sorted_flags
    starts = np.maximum.accumulate(np.where(follows[order], 0, np.arange(len(order))))
    found = np.empty(len(order), dtype=np.int64)
    found[order] = before - before[starts]
    return found


def was_discharged(story: Story, visits: Visits) -> Flags:
    """By visit, whether treatment was completed at it."""
    stays = story.stays
    return np.asarray(
        visits.held & (stays.way[visits.stay] == DISCHARGED) & (stays.ended[visits.stay] == visits.day)
    )
