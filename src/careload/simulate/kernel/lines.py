"""Lines of people, the calendar of due days, caseloads, the diary of what is to come.

A line holds those who wait in the order in which they are seen: smaller due day first, then earlier booked.
Nobody is sorted: on each day those due join the ends of their lines. Lines and calendar days are written on
sheets of fifteen places, chained by the sixteenth; whoever leaves from the middle leaves an empty place. So
is the diary, where nobody leaves: an event that no longer holds is passed over.

The mark of a line stands at the first whose wait has been drawn only for its first `BLOCK` midnights.
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    call_patient,
    call_sheet,
    diary_at,
    event_at,
    patient_at,
    post_at,
    sheet_at,
    spare_of,
    sums_of,
)
from careload.simulate.kernel.records import NOBODY

SHEET, LAST_OF_SHEET = np.int32(16), np.int32(15)


@inlined
def is_empty(line):
    """Whether nobody stands in a line."""
    return line.head == line.tail


@inlined
def first_of(desk, line):
    """Whoever stands first; -1 when nobody does."""
    return NOBODY if line.head == line.tail else sheet_at(desk, line.head).is_


@inlined
def following(desk, place):
    """The place after a place: the next on the sheet, or the first of the next sheet."""
    place = np.int32(place + 1)
    return sheet_at(desk, place).is_ if place & LAST_OF_SHEET == LAST_OF_SHEET else place


@inlined
def end_on_sheet(place, tail):
    """Where reading from a place on ends for now: at the tail of the line, or at the end of the sheet."""
    end = place | LAST_OF_SHEET
    return tail if tail | LAST_OF_SHEET == end else end


@inlined
def write(desk, page, person):
    """Put a person at the end of a line or of a page of the calendar."""
    place = page.tail
    sheet_at(desk, place).is_ = person
    patient_at(desk, person).place = place
    place = np.int32(place + 1)
    if place & LAST_OF_SHEET == LAST_OF_SHEET:
        sheet = new_sheet(desk)
        sheet_at(desk, place).is_ = sheet
        place = sheet
    page.tail = place


@inlined
def join(desk, line, person):
    """Stand at the end of a line."""
    if line.mark == line.tail:
        line.mark_due = patient_at(desk, person).due
    write(desk, line, person)


@inlined
def step_out(desk, line, person):
    """Leave a line or a page of the calendar, wherever one stands on it."""
    place = patient_at(desk, person).place
    if place == line.head:
        call_first(desk, line)
    else:
        sheet_at(desk, place).is_ = NOBODY


@inlined
def call_first(desk, line):
    """Whoever stands first in a line leaves it: the head moves to the next who still stands there."""
    place, tail, waiting = line.head, line.tail, False
    while not waiting:
        after = following(desk, place)
        if line.mark == place:
            line.mark = after  # mark_due stays: whoever comes after is not due earlier
        if after != place + 1:
            give_back_sheet(desk, place)
        place = after
        waiting = place == tail or sheet_at(desk, place).is_ != NOBODY
    line.head = place


@inlined
def call_up(desk, line, number):
    """Fetch the records of the first of a line from memory, all at once rather than one after the other."""
    place = line.head
    for each in range(place, min(place + number, end_on_sheet(place, line.tail))):
        call_patient(desk, sheet_at(desk, each).is_)


@inlined
def call_up_sheet(desk, sheet):
    """Fetch from memory the records of everybody on a sheet, and the sheet that follows it."""
    if 0 <= sheet <= desk.n_sheets - SHEET:
        for place in range(sheet, sheet + LAST_OF_SHEET):
            call_patient(desk, sheet_at(desk, place).is_)
        call_sheet(desk, sheet_at(desk, sheet + LAST_OF_SHEET).is_)


@compiled
def join_in_order(desk, line, person):
    """Put a person who has waited elsewhere where they would stand had they always waited here.

    That is in front of the first who is seen later; who stands there moves back by one, and so on up to a
    place that somebody has left empty.
    """
    place = place_in_order(desk, line, patient_at(desk, person))
    while person != NOBODY and place != line.tail:
        other = sheet_at(desk, place).is_
        sheet_at(desk, place).is_ = person
        patient_at(desk, person).place = place
        person, place = other, following(desk, place)
    if person != NOBODY:
        write(desk, line, person)
    line.mark, line.mark_due = line.head, patient_at(desk, first_of(desk, line)).due


@inlined
def place_in_order(desk, line, patient):
    """The place of the first in a line who is seen later than a patient; behind the last when nobody is."""
    place = line.head
    while place != line.tail:
        other = sheet_at(desk, place).is_
        if other != NOBODY and stands_before(patient, patient_at(desk, other)):
            break
        place = following(desk, place)
    return place


@inlined
def stands_before(one, other):
    """Whether one person is seen before another: due earlier, or booked earlier for the same day."""
    return one.due < other.due or (one.due == other.due and one.booked < other.booked)


@compiled
def new_sheet(desk):
    """The first place of an empty sheet: one given back, or one never used."""
    spare = spare_of(desk)
    sheet = spare.sheet
    if sheet != NOBODY:
        spare.sheet = sheet_at(desk, sheet + LAST_OF_SHEET).is_
        return sheet
    sheet = spare.new_sheet
    if sheet + SHEET > desk.n_sheets:
        sums_of(desk).ran_out = 1
        return np.int32(0)  # the run is thrown away and begun anew with more of them
    spare.new_sheet = sheet + SHEET
    return sheet


@inlined
def give_back_sheet(desk, place):
    """Make the sheet on which a place lies empty again."""
    sheet, spare = place & ~LAST_OF_SHEET, spare_of(desk)
    sheet_at(desk, sheet + LAST_OF_SHEET).is_ = spare.sheet
    spare.sheet = sheet


@inlined
def new_patient(desk):
    """A free record: one given back, or one never used; -1 when none is left."""
    spare = spare_of(desk)
    found = spare.patient
    if found != NOBODY:
        spare.patient = patient_at(desk, found).own_after
    elif spare.new_patient < desk.n_patients:
        found = spare.new_patient
        spare.new_patient += 1
    else:
        sums_of(desk).ran_out = 1
    return found


@inlined
def give_back_patient(desk, person):
    """Make a record free again."""
    patient_at(desk, person).own_after = spare_of(desk).patient
    spare_of(desk).patient = person


@inlined
def take_on(desk, person, place):
    """A patient joins the caseload of a clinician."""
    record, post = patient_at(desk, person), post_at(desk, place)
    record.post, record.own_before, record.own_after = place, NOBODY, post.first_own
    if post.first_own != NOBODY:
        patient_at(desk, post.first_own).own_before = person
    post.first_own = person
    post.caseload += 1


@inlined
def leave_caseload(desk, person):
    """A patient leaves the caseload they are on, if they are on one."""
    record = patient_at(desk, person)
    if record.post == NOBODY:
        return
    before, after, post = record.own_before, record.own_after, post_at(desk, record.post)
    if before == NOBODY:
        post.first_own = after
    else:
        patient_at(desk, before).own_after = after
    if after != NOBODY:
        patient_at(desk, after).own_before = before
    post.caseload -= 1
    record.post = record.own_before = record.own_after = NOBODY


@inlined
def note(desk, day, key, patient, due):
    """Write an event into the diary of `day`; what lies beyond the run is not written."""
    if day < desk.n_calendar:
        page = diary_at(desk, day)
        place = page.tail
        event = event_at(desk, place)
        event.key, event.patient, event.due = key, patient, due
        page.tail = np.int32(place + 1)
        if page.tail & LAST_OF_SHEET == LAST_OF_SHEET:
            sheet = new_events(desk)
            event_at(desk, page.tail).patient = sheet
            page.tail = sheet


@compiled
def new_events(desk):
    """The first place of an empty sheet of the diary."""
    spare = spare_of(desk)
    sheet = spare.events
    if sheet != NOBODY:
        spare.events = event_at(desk, sheet + LAST_OF_SHEET).patient
        return sheet
    sheet = spare.new_events
    if sheet + SHEET > desk.n_events:
        sums_of(desk).ran_out = 1
        return np.int32(0)
    spare.new_events = sheet + SHEET
    return sheet


@inlined
def give_back_events(desk, place):
    """Make a sheet of the diary empty again."""
    sheet, spare = place & ~LAST_OF_SHEET, spare_of(desk)
    event_at(desk, sheet + LAST_OF_SHEET).patient = spare.events
    spare.events = sheet


@inlined
def next_event(desk, place):
    """The place in the diary after a place."""
    place = np.int32(place + 1)
    return event_at(desk, place).patient if place & LAST_OF_SHEET == LAST_OF_SHEET else place


@inlined
def call_up_events(desk, place):
    """Fetch the records of those of whom one sheet of the diary speaks."""
    for each in range(place, place | LAST_OF_SHEET):
        call_patient(desk, event_at(desk, each).patient)
