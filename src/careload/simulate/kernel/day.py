"""The day of a service.

1. midnight   waits end without a visit: patients drop out, get well untreated, fall into crisis; some die or
              move; some who had left ask again
2. people     clinicians whose notice has run out leave and hand their patients over; vacant posts are filled
3. due        patients due today stand in line: for their own clinician, for whoever is free, for a group, for
              a first visit
4. slots      on open days those present offer the slots of their template
   a. crises  crisis slots, then anybody's return slots
   b. groups  seats, to the longest due
   c. first   intake slots, of those with most room first: urgent before routine, then by day due
   d. return  return slots, to the longest due of the clinician's own patients
              A visit is missed or held; held, it brings progress, and the next is planned or care ends.
5. referrals  new patients ask; the outside network takes some of those who have waited long
6. week       on Sundays work due is set against time paid; clinicians tire or recover, some give notice
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.care import (
    ask,
    becomes_due,
    count_span,
    happens,
    leave_care,
    waits_on,
)
from careload.simulate.kernel.chance import draw, mix, poisson
from careload.simulate.kernel.compiled import compiled
from careload.simulate.kernel.lines import (
    BLOCK,
    EVENTS,
    LAST_OF_SHEET,
    call_up_events,
    call_up_sheet,
    first_of,
    following,
    give_back,
    give_back_sheet,
    is_empty,
)
from careload.simulate.kernel.people import post_changes, week_ends
from careload.simulate.kernel.records import (
    CUT_OFF,
    FIRST_ROUTINE,
    FREE,
    IN_CARE,
    LINES_OF_A_CELL,
    NOBODY,
    NOT_SEEN,
    NOT_YET,
    OUTSIDE,
    OVERDUE,
    REFERRED,
)
from careload.simulate.kernel.slots import slots, whoever_is_first

SUNDAY = 6
MOST_REFERRALS_A_DAY = 1 << 20


@compiled
def run_days(plan, world, tally, luck, first, last):
    """Run the days from `first` up to, not including, `last`."""
    for day in range(first, last):
        midnight(plan, world, tally, luck, day)  # 1
        people(plan, world, tally, luck, day)  # 2
        due(plan, world, tally, luck, day)  # 3
        if plan.open[day]:
            slots(plan, world, tally, luck, day)  # 4
        referrals(plan, world, tally, luck, day)  # 5
        if day % 7 == SUNDAY:
            week(plan, world, tally, luck, day)  # 6
    still_waiting(plan, world, tally, last - 1)


@compiled
def still_waiting(plan, world, tally, day):
    """On the last evening: spans of those still in care are cut off."""
    for person in range(len(world.patients)):
        if world.patients[person].state != FREE:
            count_span(plan, tally, day, world.patients[person], CUT_OFF)


@compiled
def midnight(plan, world, tally, luck, day):
    """1. Waits drawn for their first midnights only are drawn on; what the diary holds for today happens."""
    for place in range(len(world.lines)):
        line = world.lines[place]
        while line.mark != line.tail and line.mark_due + BLOCK < day:
            person = world.sheets[line.mark]
            if person != NOBODY:
                line.mark_due = world.patients[person].due
                if line.mark_due + BLOCK >= day:
                    break
                waits_on(plan, world, tally, luck, person)
            line.mark = following(world, line.mark)
    call_up_events(world, day)
    place = world.diary[day].head
    while place != NOBODY:
        happens(plan, world, tally, luck, day, world.events[place])
        after = world.events[place].after
        give_back(world.events, world.spare, EVENTS, place)
        place = after


@compiled
def people(plan, world, tally, luck, day):
    """2. Leavers go, new colleagues begin."""
    for place in range(len(world.posts)):
        post = world.posts[place]
        if post.leaves == day or post.filled == day:
            post_changes(plan, world, tally, luck, day, place)


@compiled
def due(plan, world, tally, luck, day):
    """3. Patients due today stand in line, in the order in which they were booked."""
    page = world.calendar[day]
    place = page.head
    while place != page.tail:
        if place & LAST_OF_SHEET == 0:
            call_up_sheet(world, world.sheets[place + LAST_OF_SHEET])
        if world.sheets[place] != NOBODY:
            becomes_due(plan, world, tally, luck, world.sheets[place])
        after = following(world, place)
        if after != place + 1:
            give_back_sheet(world, place)
        place = after
    give_back_sheet(world, place)
    page.head = page.tail = NOBODY


@compiled
def referrals(plan, world, tally, luck, day):
    """5. Referrals of the day; the outside network takes patients who have waited long for a first visit."""
    for cell in range(len(plan.cells)):
        mean = plan.arrivals[day, cell]
        if mean > 0.0:
            site, need = plan.cells[cell].site, plan.cells[cell].need
            mean *= max(0.0, 1.0 + plan.needs[need].per_week_waited * world.lately[site].long_wait)
            place = mix(np.uint64(cell + 1))
            for number in range(poisson(mean, place, luck.referral, day)):
                key = draw(place, place, day * MOST_REFERRALS_A_DAY + number)
                ask(plan, world, tally, luck, day, np.int32(cell), key, REFERRED)
    for site in range(len(plan.sites)):
        if plan.open[day] and plan.sites[site].outside > 0.0:
            outside(plan, world, tally, luck, day, site)


@compiled
def outside(plan, world, tally, luck, day, site):
    """The outside network takes those who have waited longest for a first visit, as far as it has room."""
    world.lately[site].outside_credit += plan.sites[site].outside
    while world.lately[site].outside_credit >= 1.0:
        person = longest_waiting(plan, world, site)
        if person == NOBODY or day - world.patients[person].arrived < plan.rules.outside_after:
            world.lately[site].outside_credit = min(world.lately[site].outside_credit, 1.0)
            return
        world.lately[site].outside_credit -= 1.0
        leave_care(plan, world, tally, luck, day, person, OUTSIDE)


@compiled
def longest_waiting(plan, world, site):
    """Who at a site stands first in line for a routine first visit; -1 for nobody."""
    best = NOBODY
    for cell in range(len(plan.cells)):
        if plan.cells[cell].site == site:
            line = np.int32(cell * LINES_OF_A_CELL + FIRST_ROUTINE)
            if not is_empty(world.lines[line]):
                best = whoever_is_first(plan, world, best, line)
    return NOBODY if best == NOBODY else first_of(world, world.lines[best])


@compiled
def week(plan, world, tally, luck, day):
    """6. The week is closed: clinicians' work, stocks of patients, how long first visits were waited for."""
    for site in range(len(plan.sites)):
        pooled = patients_of_nobody(plan, world, site)
        first, posts = plan.sites[site].first_post, plan.sites[site].posts
        for place in range(first, first + posts):
            week_ends(plan, world, tally, luck, day, place, pooled)
        long_wait(world, day, site)
    for cell in range(len(plan.cells)):
        counts = tally.cells[day // 7, cell]
        counts[IN_CARE] = world.stock[cell].in_care
        counts[OVERDUE] = world.stock[cell].due
        counts[NOT_SEEN] = world.stock[cell].not_seen


@compiled
def long_wait(world, day, site):
    """By how many weeks the mean first wait of the last four weeks exceeds two."""
    lately, seen, waited = world.lately[site], 0.0, 0.0
    for week in range(4):
        seen += lately.seen[week]
        waited += lately.waited[week]
    if seen > 0.0:
        lately.long_wait = max(0.0, waited / seen / 7.0 - 2.0)
    lately.seen[(day // 7 + 1) % 4] = lately.waited[(day // 7 + 1) % 4] = 0.0


@compiled
def patients_of_nobody(plan, world, site):
    """Patients of a site who are on no clinician's caseload, for each post that is held."""
    if plan.rules.own_clinician:
        return 0.0
    patients, held = 0.0, 0
    for cell in range(len(plan.cells)):
        if plan.cells[cell].site == site:
            patients += world.stock[cell].in_care - world.stock[cell].not_seen
    for place in range(plan.sites[site].first_post, plan.sites[site].first_post + plan.sites[site].posts):
        held += world.posts[place].filled == NOT_YET
    return patients / held if held else 0.0
