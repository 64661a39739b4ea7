"""Lines of people, the calendar of due days, the diary of events to come.

A line is chained through the records of those who stand in it, in the order in which they are seen: smaller due
day first, then earlier booked. Nobody is sorted: on each day those due join the ends of their lines. The mark of a
line is the first of those whose wait has been drawn only for its first `BLOCK` midnights (`care.waits_on`).
"""

from __future__ import annotations

import numpy as np

from careload.simulate.compiled import compiled, inlined
from careload.simulate.records import NOBODY

PATIENTS, EVENTS = np.arange(2, dtype=np.int32)
BLOCK = 64
"""Midnights of waiting for which a first draw speaks."""


@inlined
def join(patients, line, person):
    """Put a person at the end of a line."""
    last = line.tail
    patients[person].before = last
    patients[person].after = NOBODY
    if last == NOBODY:
        line.head = person
    else:
        patients[last].after = person
    line.tail = person
    if line.mark == NOBODY and not patients[person].drawn:
        line.mark, line.mark_due = person, patients[person].due


@inlined
def step_out(patients, line, person):
    """Take a person out of a line, wherever they stand."""
    record = patients[person]
    before, after = record.before, record.after
    if before == NOBODY:
        line.head = after
    else:
        patients[before].after = after
    if after == NOBODY:
        line.tail = before
    else:
        patients[after].before = before
    if line.mark == person:
        line.mark = after  # mark_due stays: whoever comes after is not due earlier


@compiled
def join_in_order(patients, line, person):
    """Put a person who has waited elsewhere where they would stand had they always waited here."""
    record = patients[person]
    before = line.tail
    while before != NOBODY and stands_before(record, patients[before]):
        before = patients[before].before
    if before == line.tail:
        join(patients, line, person)
        return
    after = line.head if before == NOBODY else patients[before].after
    record.before, record.after = before, after
    patients[after].before = person
    if before == NOBODY:
        line.head = person
    else:
        patients[before].after = person
    if line.mark == after and not record.drawn:
        line.mark, line.mark_due = person, record.due


@inlined
def stands_before(one, other):
    """Whether one person is seen before another: due earlier, or booked earlier for the same day."""
    return one.due < other.due or (one.due == other.due and one.booked < other.booked)


@inlined
def new_record(records, spare, kind):
    """A free record of `spare[kind]`, -1 when none is left."""
    found = spare[kind]
    if found != NOBODY:
        spare[kind] = records[found].after
    return found


@inlined
def give_back(records, spare, kind, record):
    """Make a record free again."""
    records[record].after = spare[kind]
    spare[kind] = record


@inlined
def note(world, tally, day, kind, key, patient, due):
    """Write an event into the diary of `day`; what lies beyond the run is not written."""
    if day >= len(world.diary):
        return
    place = new_record(world.events, world.spare, EVENTS)
    if place == NOBODY:
        tally.sums.ran_out = 1
        return
    event = world.events[place]
    event.key, event.patient, event.due, event.kind, event.after = key, patient, due, kind, NOBODY
    page = world.diary[day]
    if page.head == NOBODY:
        page.head = place
    else:
        world.events[page.tail].after = place
    page.tail = place


@inlined
def log(tally, day, kind, key, post, value):
    """Write what happened into the log, if there is one."""
    place = tally.sums.written
    tally.sums.written = place + 1
    if place < len(tally.log):
        entry = tally.log[place]
        entry.key, entry.day, entry.kind, entry.post, entry.value = key, day, kind, post, value
