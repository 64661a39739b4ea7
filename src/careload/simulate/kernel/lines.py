"""Lines of people, the calendar of due days, the diary of events to come.

A line holds those who wait in the order in which they are seen: smaller due day first, then earlier booked.
Nobody is sorted: on each day those due join the ends of their lines. Lines and calendar days are written on
sheets of fifteen places, chained by the sixteenth; whoever leaves from the middle leaves an empty place.

The mark of a line stands at the first whose wait has been drawn only for its first `BLOCK` midnights.
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.prefetch import prefetch
from careload.simulate.kernel.records import NOBODY

BLOCK = 64
"""Midnights of waiting for which a first draw speaks."""

PATIENTS, EVENTS, SHEETS = np.arange(3, dtype=np.int32)
LAST_OF_SHEET = np.int32(15)


@inlined
def is_empty(line):
    """Whether nobody stands in a line."""
    return line.head == line.tail


@inlined
def first_of(world, line):
    """Whoever stands first; -1 when nobody does."""
    return NOBODY if line.head == line.tail else world.sheets[line.head]


@inlined
def following(world, place):
    """The place after a place: the next on the sheet, or the first of the next sheet."""
    place += 1
    return world.sheets[place] if place & LAST_OF_SHEET == LAST_OF_SHEET else place


@inlined
def join(world, tally, line, person):
    """Put a person at the end of a line."""
    place = line.tail
    record = world.patients[person]
    if line.mark == place:
        line.mark_due = record.due
    world.sheets[place] = person
    record.place = place
    place += 1
    if place & LAST_OF_SHEET == LAST_OF_SHEET:
        sheet = new_sheet(world, tally)
        world.sheets[place] = sheet
        place = sheet
    line.tail = place


@inlined
def step_out(world, line, person):
    """Take a person out of a line, wherever they stand."""
    place = world.patients[person].place
    world.sheets[place] = NOBODY
    if place == line.head:
        close_up(world, line)


@inlined
def close_up(world, line):
    """Move the head of a line to the first who still stands there."""
    place = line.head
    while place != line.tail and world.sheets[place] == NOBODY:
        after = following(world, place)
        if line.mark == place:
            line.mark = after  # mark_due stays: whoever comes after is not due earlier
        if after != place + 1:
            give_back_sheet(world, place)
        place = after
    line.head = place


@inlined
def call_up(world, line, number):
    """Fetch the records of the first of a line from memory, all at once rather than one after the other."""
    place = line.head
    for _ in range(number):
        if place == line.tail:
            break
        prefetch(world.patients, max(world.sheets[place], np.int32(0)))
        place = following(world, place)


@inlined
def call_up_sheet(world, sheet):
    """Fetch the records of everybody on a sheet from memory, while those of the sheet before are at hand."""
    if 0 <= sheet <= len(world.sheets) - LAST_OF_SHEET - 1:
        for place in range(sheet, sheet + LAST_OF_SHEET):
            prefetch(world.patients, max(world.sheets[place], np.int32(0)))


@inlined
def call_up_events(world, day):
    """Fetch the records of those of whom the diary of a day speaks."""
    place = world.diary[day].head
    while place != NOBODY:
        prefetch(world.patients, world.events[place].patient)
        place = world.events[place].after


@compiled
def join_in_order(world, tally, line, person):
    """Put a person who has waited elsewhere where they would stand had they always waited here.

    The line is written anew, with the person in front of the first who is seen later.
    """
    record = world.patients[person]
    place, end = line.head, line.tail
    line.head = line.tail = line.mark = new_sheet(world, tally)
    written = False
    while place != end:
        other = world.sheets[place]
        if other != NOBODY:
            if not written and stands_before(record, world.patients[other]):
                join(world, tally, line, person)
                written = True
            join(world, tally, line, other)
        after = following(world, place)
        if after != place + 1:
            give_back_sheet(world, place)
        place = after
    give_back_sheet(world, place)
    if not written:
        join(world, tally, line, person)


@inlined
def stands_before(one, other):
    """Whether one person is seen before another: due earlier, or booked earlier for the same day."""
    return one.due < other.due or (one.due == other.due and one.booked < other.booked)


@inlined
def new_sheet(world, tally):
    """The first place of an empty sheet."""
    sheet = world.spare[SHEETS]
    if sheet == NOBODY:
        tally.sums.ran_out = 1
        return np.int32(0)  # the run is thrown away and begun anew with more of them
    world.spare[SHEETS] = world.sheets[sheet + LAST_OF_SHEET]
    return sheet


@inlined
def give_back_sheet(world, place):
    """Make the sheet on which a place lies empty again."""
    sheet = place & ~LAST_OF_SHEET
    world.sheets[sheet + LAST_OF_SHEET] = world.spare[SHEETS]
    world.spare[SHEETS] = sheet


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
