"""Step 4 of the day: those present offer the slots of their templates; whoever stands first is seen."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.care import attend, is_missed, leave_place, miss, take_on
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.lines import call_up, first_of, is_empty, stands_before
from careload.simulate.kernel.people import load_of, open_slots, takes_new
from careload.simulate.kernel.records import (
    CRISIS,
    FIRST_ROUTINE,
    FIRST_URGENT,
    GROUP,
    LINES_OF_A_CELL,
    LOG_CRISIS_VISIT,
    LOG_FIRST,
    LOG_GROUP,
    LOG_RETURN,
    NOBODY,
    POOL,
    SEATS,
)

WORKDAYS = 5


@compiled
def slots(plan, world, tally, luck, day):
    """4. Everybody present offers slots, and whoever stands first in line is seen."""
    workday = day // 7 * WORKDAYS + day % 7
    for site in range(len(plan.sites)):
        first, posts = plan.sites[site].first_post, plan.sites[site].posts
        for place in range(first, first + posts):
            open_slots(plan, world, tally, luck, day, place, workday)
            line = len(plan.cells) * LINES_OF_A_CELL + place
            call_up(world, world.lines[line], world.posts[place].return_slots)
        call_up_pool(plan, world, site)
        see_crises(plan, world, tally, luck, day, site)
        for turn in range(posts):
            # Somebody else begins each day, so that nobody is always given what comes first.
            see_groups(plan, world, tally, luck, day, first + (day + turn) % posts)
        order_by_room(plan, world, site)
        for turn in range(posts):
            see_first(plan, world, tally, luck, day, world.order[first + turn])
        for turn in range(posts):
            see_returns(plan, world, tally, luck, day, first + (day + turn) % posts)


@compiled
def call_up_pool(plan, world, site):
    """Fetch the records of those whose visits belong to no clinician and who will be seen today."""
    number, first = 0, plan.sites[site].first_post
    for place in range(first, first + plan.sites[site].posts):
        number += world.posts[place].return_slots
    for cell in range(len(plan.cells)):
        if plan.cells[cell].site == site:
            call_up(world, world.lines[cell * LINES_OF_A_CELL + POOL], number)


@compiled
def see_crises(plan, world, tally, luck, day, site):
    """4a. Crisis slots first; then, one each in turn, return slots of those who may treat."""
    first, posts = plan.sites[site].first_post, plan.sites[site].posts
    for turn in range(posts):
        place = first + (day + turn) % posts
        post = world.posts[place]
        for _ in range(post.crisis_slots):
            line = earliest(plan, world, post.team, CRISIS)
            if line == NOBODY:
                break
            see(plan, world, tally, luck, day, place, line, LOG_CRISIS_VISIT)
    seen = True
    while seen:
        seen = False
        for turn in range(posts):
            place = first + (day + turn) % posts
            post = world.posts[place]
            if post.return_slots > 0:
                line = earliest(plan, world, post.team, CRISIS)
                if line != NOBODY:
                    post.return_slots -= 1
                    see(plan, world, tally, luck, day, place, line, LOG_CRISIS_VISIT)
                    seen = True


@inlined
def see_groups(plan, world, tally, luck, day, place):
    """4b. A session is held when somebody waits for it."""
    post = world.posts[place]
    tally.teams[day // 7, post.team, SEATS] += post.sessions * plan.teams[post.team].seats
    for _ in range(post.sessions):
        for seat in range(plan.teams[post.team].seats):
            line = earliest(plan, world, post.team, GROUP)
            if line == NOBODY:
                break
            if seat == 0:
                post.held += 1
            post.seated += 1
            visit(plan, world, tally, luck, day, place, first_of(world, world.lines[line]), LOG_GROUP)


@compiled
def order_by_room(plan, world, site):
    """Order the posts of a site by patients per weekly slot, fewest first; day by day they hardly change."""
    first = plan.sites[site].first_post
    for end in range(first + 1, first + plan.sites[site].posts):
        place = world.order[end]
        load, turn = load_of(plan, world.posts[place]), end
        while turn > first and load_of(plan, world.posts[world.order[turn - 1]]) > load:
            world.order[turn] = world.order[turn - 1]
            turn -= 1
        world.order[turn] = place


@inlined
def see_first(plan, world, tally, luck, day, place):
    """4c. Intake slots; what is free of the unprotected ones goes to return visits."""
    post = world.posts[place]
    for slot in range(post.intake_slots + post.open_slots):
        line = first_line(plan, world, day, post)
        if line == NOBODY:
            post.return_slots += min(post.open_slots, post.intake_slots + post.open_slots - slot)
            break
        see(plan, world, tally, luck, day, place, line, LOG_RETURN)


@inlined
def see_returns(plan, world, tally, luck, day, place):
    """4d. Return slots; where the template has no intake slots, first visits take their turn in them."""
    post = world.posts[place]
    for _ in range(post.return_slots):
        line = return_line(plan, world, post.team, place)
        if plan.teams[post.team].shares_slots:
            line = whoever_is_first(plan, world, line, first_line(plan, world, day, post))
        if line == NOBODY:
            break
        see(plan, world, tally, luck, day, place, line, LOG_RETURN)


@inlined
def first_line(plan, world, day, post):
    """The line of first visits a clinician sees from next: urgent, else routine; -1 for none."""
    if not takes_new(plan, day, post):
        return NOBODY
    line = earliest(plan, world, post.team, FIRST_URGENT)
    return line if line != NOBODY else earliest(plan, world, post.team, FIRST_ROUTINE)


@inlined
def return_line(plan, world, team, place):
    """The line of return visits a clinician sees from next; -1 when nobody waits."""
    if not plan.rules.own_clinician:
        return earliest(plan, world, team, POOL)
    line = np.int32(len(plan.cells) * LINES_OF_A_CELL + place)
    return NOBODY if is_empty(world.lines[line]) else line


@inlined
def earliest(plan, world, team, kind):
    """Of the lines of one kind that a team may treat, the one whose head is seen first; -1 for none."""
    best = NOBODY
    for place in range(1, plan.treats[team, 0] + 1):
        line = np.int32(plan.treats[team, place] * LINES_OF_A_CELL + kind)
        if not is_empty(world.lines[line]):
            best = whoever_is_first(plan, world, best, line)
    return best


@inlined
def whoever_is_first(plan, world, one, other):
    """Of two lines the one whose head is seen first: urgent first visits, else by day due and booked."""
    if one == NOBODY or other == NOBODY:
        return one if other == NOBODY else other
    here = world.patients[first_of(world, world.lines[one])]
    there = world.patients[first_of(world, world.lines[other])]
    if there.visits == 0 and there.urgent and not (here.visits == 0 and here.urgent):
        return other
    return other if stands_before(there, here) else one


@inlined
def see(plan, world, tally, luck, day, place, line, how):
    """The first of a line is seen in one slot of a post."""
    post = world.posts[place]
    person = first_of(world, world.lines[line])
    post.used += 1
    first = world.patients[person].visits == 0
    if visit(plan, world, tally, luck, day, place, person, LOG_FIRST if first and how == LOG_RETURN else how):
        if first:
            post.intakes += 1
        else:
            post.returns += 1


@inlined
def visit(plan, world, tally, luck, day, place, person, how):
    """A visit is missed or held; whether it was held."""
    patient, post = world.patients[person], world.posts[place]
    leave_place(world, person)
    if is_missed(plan, luck, day, patient):
        post.missed += 1
        miss(plan, world, tally, luck, day, person, place, how)
        return False
    post.attended += 1
    if patient.post == NOBODY and plan.rules.own_clinician:
        take_on(world, person, place)
    attend(plan, world, tally, luck, day, person, place, how)
    return True
