"""The day of a service.

Before the first day of a site (start.py) posts are held and patients are in care, each with a next visit.
Then, on each day,

1. midnight   (care.py) waits end without a visit: patients drop out, get well untreated, fall into crisis;
              some die or move; some who had left ask again
2. people     (people.py) clinicians whose notice has run out leave and hand their patients over; vacant posts
              are filled
3. due        (care.py) patients due today stand in line: for their own clinician, for whoever is free, for a
              group, for a first visit
4. slots      (slots.py; at a visit: care.py) on open days those present offer the slots of their template
   a. crises  crisis slots, then anybody's return slots
   b. groups  seats, to the longest due
   c. first   intake slots, of those with most room first: urgent before routine, then by day due
   d. return  return slots, to the longest due of the clinician's own patients
              A visit is missed or held; held, it brings progress, and the next is planned or care ends.
5. referrals  (here; who asks: care.py) new patients ask; the outside network takes some who have waited long
6. week       (week.py) on Sundays work due is set against time paid; clinicians tire or recover, some give
              notice

On the last evening the spans of waiting of all who are still in care are cut off (counting.py).
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.care import (
    ask,
    becomes_due,
    happens,
    leave_care,
    note_end_of_wait,
    waits_on,
)
from careload.simulate.kernel.chance import draw, key_of_cell, poisson
from careload.simulate.kernel.compiled import compiled, inlined, kept
from careload.simulate.kernel.counting import count_last_span
from careload.simulate.kernel.desk import (
    arrivals_on,
    cell_at,
    cell_counts,
    diary_at,
    event_at,
    is_open,
    lately_at,
    line_at,
    luck_of,
    need_of_cell,
    own_line,
    page_at,
    patient_at,
    post_at,
    rules_of,
    sheet_at,
    site_at,
    stock_at,
    turn_to,
)
from careload.simulate.kernel.lines import (
    LAST_OF_SHEET,
    call_up_events,
    call_up_sheet,
    end_on_sheet,
    first_of,
    following,
    give_back_events,
    give_back_sheet,
    is_empty,
    next_event,
)
from careload.simulate.kernel.people import post_changes
from careload.simulate.kernel.records import (
    BLOCK,
    CUT_OFF,
    FIRST_ROUTINE,
    FREE,
    LINES_OF_A_CELL,
    NOBODY,
    NOT_YET,
    OUTSIDE,
    REFERRED,
)
from careload.simulate.kernel.slots import slots, whoever_is_first
from careload.simulate.kernel.start import begin, open_books
from careload.simulate.kernel.week import week_ends

SUNDAY = 6
MOST_REFERRALS_A_DAY = 1 << 20


@kept
def run_days(desk, last):
    """Run every site from its first day up to, not including, `last`.

    Nothing passes between sites within a day, so one site's days are run through before the next site's: what
    is needed stays close at hand.
    """
    open_books(desk)
    for site in range(desk.n_sites):
        begin(desk, site)
        for day in range(last):
            run_day(desk, site, day)
    if last > 0:
        still_waiting(desk, last - 1)


@compiled
def run_day(desk, site, day):
    """One day of a site."""
    turn_to(desk, day)
    midnight(desk, site, day)  # 1
    people(desk, site, day)  # 2
    due(desk, day)  # 3
    if is_open(desk, day):
        slots(desk, site, day)  # 4
    referrals(desk, site, day)  # 5
    if day % 7 == SUNDAY:
        week(desk, site, day)  # 6


@compiled
def still_waiting(desk, day):
    """On the last evening: spans of those still in care are cut off."""
    turn_to(desk, day)
    for person in range(desk.n_patients):
        patient = patient_at(desk, person)
        if patient.state != FREE:
            count_last_span(desk, day, patient, CUT_OFF)


@compiled
def midnight(desk, site, day):
    """1. Waits drawn for their first midnights only are drawn on; what the diary holds for today happens."""
    first = site * desk.n_needs * LINES_OF_A_CELL
    for number in range(first, first + desk.n_needs * LINES_OF_A_CELL):
        draw_waits_on(desk, day, line_at(desk, number))
    first = site_at(desk, site).first_post
    for place in range(first, first + site_at(desk, site).posts):
        draw_waits_on(desk, day, line_at(desk, own_line(desk, place)))
    read_diary(desk, day)


@inlined
def draw_waits_on(desk, day, line):
    """Draw on for those of a line who have waited through the midnights that were drawn."""
    while line.mark != line.tail and line.mark_due + BLOCK < day:
        person = sheet_at(desk, line.mark).is_
        if person != NOBODY:
            line.mark_due = patient_at(desk, person).due
            if line.mark_due + BLOCK >= day:
                break
            waits_on(desk, person)
        line.mark = following(desk, line.mark)


@inlined
def read_diary(desk, day):
    """What the diary holds for a day happens."""
    page = diary_at(desk, day)
    place = page.head
    while place != page.tail:
        if place & LAST_OF_SHEET == 0:
            call_up_events(desk, place)
        happens(desk, day, event_at(desk, place))
        after = next_event(desk, place)
        if after != place + 1:
            give_back_events(desk, place)
        place = after
    give_back_events(desk, place)


@compiled
def people(desk, site, day):
    """2. Leavers go, new colleagues begin."""
    first = site_at(desk, site).first_post
    for place in range(first, first + site_at(desk, site).posts):
        post = post_at(desk, place)
        if post.leaves == day or post.filled == day:
            post_changes(desk, day, place)


@compiled
def due(desk, day):
    """3. Patients due today stand in line, in the order in which they were booked.

    On a sheet that has been read, those are written together whose wait will end otherwise than by a visit:
    no processor guesses whom chance picks, so asking at each of them would cost more than writing them all.
    """
    page = page_at(desk, day)
    place, tail = page.head, page.tail
    call_up_sheet(desk, place)
    while place != NOBODY:
        end = end_on_sheet(place, tail)
        after = NOBODY if end == tail else sheet_at(desk, end).is_
        call_up_sheet(desk, after)
        ending = place
        for each in range(place, end):
            person = sheet_at(desk, each).is_
            if person != NOBODY:
                sheet_at(desk, ending).is_ = person
                ending += becomes_due(desk, person)
        for each in range(place, ending):
            note_end_of_wait(desk, sheet_at(desk, each).is_)
        give_back_sheet(desk, place)
        place = after
    page.head = page.tail = NOBODY


@compiled
def referrals(desk, site, day):
    """5. Referrals of the day; the outside network takes patients who have waited long for a first visit."""
    luck = luck_of(desk)
    for cell in range(site * desk.n_needs, (site + 1) * desk.n_needs):
        mean = arrivals_on(desk, day, cell)
        if mean > 0.0:
            answer = need_of_cell(desk, cell).per_week_waited
            mean *= max(0.0, 1.0 + answer * lately_at(desk, cell_at(desk, cell).site).long_wait)
            whose = key_of_cell(site, cell - site * desk.n_needs)
            for number in range(poisson(mean, whose, luck.referral, day)):
                key = draw(whose, whose, day * MOST_REFERRALS_A_DAY + number)
                ask(desk, day, np.int32(cell), key, REFERRED)
    if is_open(desk, day) and site_at(desk, site).outside > 0.0:
        outside(desk, site, day)


@compiled
def outside(desk, site, day):
    """The outside network takes those who have waited longest for a first visit, as far as it has room."""
    lately = lately_at(desk, site)
    lately.outside_credit += site_at(desk, site).outside
    while lately.outside_credit >= 1.0:
        person = longest_waiting(desk, site)
        if person == NOBODY or day - patient_at(desk, person).arrived < rules_of(desk).outside_after:
            lately.outside_credit = min(lately.outside_credit, 1.0)
            return
        lately.outside_credit -= 1.0
        leave_care(desk, day, person, OUTSIDE)


@compiled
def longest_waiting(desk, site):
    """Who at a site stands first in line for a routine first visit; -1 for nobody."""
    best = NOBODY
    for cell in range(site * desk.n_needs, (site + 1) * desk.n_needs):
        line = np.int32(cell * LINES_OF_A_CELL + FIRST_ROUTINE)
        if not is_empty(line_at(desk, line)):
            best = whoever_is_first(desk, best, line)
    return NOBODY if best == NOBODY else first_of(desk, line_at(desk, best))


@compiled
def week(desk, number, day):
    """6. The week is closed: clinicians' work, stocks of patients, how long first visits were waited for."""
    pooled, site = patients_of_nobody(desk, number), site_at(desk, number)
    for place in range(site.first_post, site.first_post + site.posts):
        week_ends(desk, day, place, pooled)
    long_wait(desk, day, number)
    for cell in range(number * desk.n_needs, (number + 1) * desk.n_needs):
        counts, stock = cell_counts(desk, cell), stock_at(desk, cell)
        counts.in_care, counts.overdue, counts.not_yet_seen = stock.in_care, stock.due, stock.not_seen


@compiled
def long_wait(desk, day, site):
    """By how many weeks the mean first wait of the last four weeks exceeds two.

    Where nobody was seen for a first time, the wait so far of whoever stands first; none where nobody does.
    """
    lately, seen, waited = lately_at(desk, site), 0.0, 0.0
    for week in range(4):
        seen += lately.seen[week]
        waited += lately.waited[week]
    if seen == 0.0:
        person = longest_waiting(desk, site)
        seen, waited = 1.0, 0.0 if person == NOBODY else float(day - patient_at(desk, person).arrived)
    lately.long_wait = max(0.0, waited / seen / 7.0 - 2.0)
    lately.seen[(day // 7 + 1) % 4] = lately.waited[(day // 7 + 1) % 4] = 0.0


@compiled
def patients_of_nobody(desk, number):
    """Patients of a site who are on no clinician's caseload, for each post that is held."""
    if rules_of(desk).own_clinician:
        return 0.0
    site, patients, held = site_at(desk, number), 0.0, 0
    for cell in range(number * desk.n_needs, (number + 1) * desk.n_needs):
        patients += stock_at(desk, cell).in_care - stock_at(desk, cell).not_seen
    for place in range(site.first_post, site.first_post + site.posts):
        held += post_at(desk, place).filled == NOT_YET
    return patients / held if held else 0.0
