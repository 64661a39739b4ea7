"""Step 4 of the day: those present offer the slots of their templates; whoever stands first is seen."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.care import attend, is_missed, miss
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    line_at,
    order_at,
    own_line,
    patient_at,
    post_at,
    rules_of,
    site_at,
    stock_at,
    team_at,
    treated,
)
from careload.simulate.kernel.entries import LOG_CRISIS_VISIT, LOG_FIRST, LOG_GROUP, LOG_RETURN
from careload.simulate.kernel.lines import call_first, call_up, first_of, is_empty, stands_before, take_on
from careload.simulate.kernel.people import count_loads, open_slots, takes_new
from careload.simulate.kernel.records import (
    CALLED,
    CRISIS,
    FIRST_ROUTINE,
    FIRST_URGENT,
    GROUP,
    LINES_OF_A_CELL,
    NOBODY,
    POOL,
)

WORKDAYS, AT_ONCE = 5, 12


@compiled
def slots(desk, site, day):
    """4. Everybody present offers slots, and whoever stands first in line is seen."""
    open_site(desk, day, site)
    if anyone_waits(desk, site, CRISIS):
        see_crises(desk, day, site)
    if anyone_waits(desk, site, GROUP):
        see_groups(desk, day, site)
    asked = anyone_waits(desk, site, FIRST_URGENT) or anyone_waits(desk, site, FIRST_ROUTINE)
    see_first_visits(desk, day, site, asked)
    see_return_visits(desk, day, site, asked)


@inlined
def anyone_waits(desk, site, kind):
    """Whether anybody stands in the lines of one kind at a site."""
    for cell in range(site * desk.n_needs, (site + 1) * desk.n_needs):
        if not is_empty(line_at(desk, cell * LINES_OF_A_CELL + kind)):
            return True
    return False


@compiled
def open_site(desk, day, number):
    """Everybody present offers the slots of the template; whoever will be seen first is asked of memory."""
    site, workday = site_at(desk, number), day // 7 * WORKDAYS + day % 7
    for place in range(site.first_post, site.first_post + site.posts):
        open_slots(desk, day, place, workday)
    for cell in range(number * desk.n_needs, (number + 1) * desk.n_needs):
        for kind in (FIRST_URGENT, FIRST_ROUTINE, GROUP, CRISIS, POOL):
            call_up(desk, line_at(desk, cell * LINES_OF_A_CELL + kind), AT_ONCE)


@inlined
def first_turn(desk, day, site):
    """The post that begins today: somebody else each day, so that nobody is always given what comes first."""
    return np.int32(site.first_post + day % site.posts) if site.posts > 0 else site.first_post


@inlined
def next_turn(site, place):
    """The post after a post of a site, the first after the last."""
    place = np.int32(place + 1)
    return place if place < site.first_post + site.posts else site.first_post


@compiled
def see_crises(desk, day, number):
    """4a. Crisis slots first; then, one each in turn, return slots of those who may treat."""
    site = site_at(desk, number)
    place = first_turn(desk, day, site)
    for _ in range(site.posts):
        post = post_at(desk, place)
        for _slot in range(post.crisis_slots):
            line = earliest(desk, post.team, CRISIS)
            if line == NOBODY:
                break
            see_early(desk, day, place, line, LOG_CRISIS_VISIT)
            if not anyone_waits(desk, number, CRISIS):
                return
        place = next_turn(site, place)
    seen = True
    while seen:
        seen = False
        for _ in range(site.posts):
            post = post_at(desk, place)
            if post.return_slots > 0:
                line = earliest(desk, post.team, CRISIS)
                if line != NOBODY:
                    post.return_slots -= 1
                    see_early(desk, day, place, line, LOG_CRISIS_VISIT)
                    if not anyone_waits(desk, number, CRISIS):
                        return
                    seen = True
            place = next_turn(site, place)


@compiled
def see_groups(desk, day, number):
    """4b. A session is held when somebody waits for it."""
    site = site_at(desk, number)
    place = first_turn(desk, day, site)
    for _ in range(site.posts):
        post = post_at(desk, place)
        for _session in range(post.sessions):
            for seat in range(team_at(desk, post.team).seats):
                line = earliest(desk, post.team, GROUP)
                if line == NOBODY:
                    break
                if seat == 0:
                    post.held += 1
                post.seated += 1
                visit(desk, day, place, line, first_of(desk, line_at(desk, line)), LOG_GROUP)
        place = next_turn(site, place)


@compiled
def see_first_visits(desk, day, number, asked):
    """4c. Intake slots; what is free of the unprotected ones goes to return visits."""
    site = site_at(desk, number)
    if asked:
        order_by_room(desk, site)
    for turn in range(site.first_post, site.first_post + site.posts):
        place = order_at(desk, turn).is_
        post = post_at(desk, place)
        for slot in range(post.intake_slots + post.open_slots):
            line = first_line(desk, post) if asked else NOBODY
            if line == NOBODY:
                post.return_slots += min(post.open_slots, post.intake_slots + post.open_slots - slot)
                break
            see_early(desk, day, place, line, LOG_RETURN)


@inlined
def order_by_room(desk, site):
    """Order the posts of a site by patients per weekly slot, fewest first; day by day they hardly change."""
    count_loads(desk, site)
    for end in range(site.first_post + 1, site.first_post + site.posts):
        place, turn = order_at(desk, end).is_, end
        while turn > site.first_post and is_fuller(desk, order_at(desk, turn - 1).is_, place):
            order_at(desk, turn).is_ = order_at(desk, turn - 1).is_
            turn -= 1
        order_at(desk, turn).is_ = place


@inlined
def is_fuller(desk, one, other):
    """Whether one post has more patients per weekly slot than another; alike, whether it is the later one."""
    here, there = post_at(desk, one).load, post_at(desk, other).load
    return here > there or (here == there and one > other)


@compiled
def see_return_visits(desk, day, number, asked):
    """4d. Return slots; where the template has no intake slots, first visits take their turn in them."""
    site = site_at(desk, number)
    place = first_turn(desk, day, site)
    for _ in range(site.posts):
        after = next_turn(site, place)
        call_up(desk, line_at(desk, own_line(desk, after)), post_at(desk, after).return_slots)
        post = post_at(desk, place)
        shares = asked and team_at(desk, post.team).shares_slots
        for _slot in range(post.return_slots):
            line = return_line(desk, post.team, place)
            if shares:
                line = whoever_is_first(desk, line, first_line(desk, post))
            if line == NOBODY:
                break
            see(desk, day, place, line, LOG_RETURN)
        place = after


@inlined
def first_line(desk, post):
    """The line of first visits a clinician sees from next: urgent, else routine; -1 for none."""
    if not takes_new(desk, post):
        return NOBODY
    line = earliest(desk, post.team, FIRST_URGENT)
    return line if line != NOBODY else earliest(desk, post.team, FIRST_ROUTINE)


@inlined
def return_line(desk, team, place):
    """The line of return visits a clinician sees from next; -1 when nobody waits."""
    if not rules_of(desk).own_clinician:
        return earliest(desk, team, POOL)
    line = own_line(desk, place)
    return NOBODY if is_empty(line_at(desk, line)) else line


@inlined
def earliest(desk, team, kind):
    """Of the lines of one kind that a team may treat, the one whose head is seen first; -1 for none."""
    best = NOBODY
    for place in range(1, treated(desk, team, 0) + 1):
        line = np.int32(treated(desk, team, place) * LINES_OF_A_CELL + kind)
        if not is_empty(line_at(desk, line)):
            best = whoever_is_first(desk, best, line)
    return best


@inlined
def whoever_is_first(desk, one, other):
    """Of two lines the one whose head is seen first: urgent first visits, else by day due and booked."""
    if one == NOBODY or other == NOBODY:
        return one if other == NOBODY else other
    here = patient_at(desk, first_of(desk, line_at(desk, one)))
    there = patient_at(desk, first_of(desk, line_at(desk, other)))
    if there.visits == 0 and there.urgent and not (here.visits == 0 and here.urgent):
        return other
    return other if stands_before(there, here) else one


@compiled
def see_early(desk, day, place, line, how):
    """The same in a slot that is given before those of return visits: seldom enough to be called apart."""
    see(desk, day, place, line, how)


@inlined
def see(desk, day, place, line, how):
    """The first of a line is seen in one slot of a post."""
    post, person = post_at(desk, place), first_of(desk, line_at(desk, line))
    post.used += 1
    first = patient_at(desk, person).visits == 0
    if visit(desk, day, place, line, person, LOG_FIRST if first and how == LOG_RETURN else how):
        if first:
            post.intakes += 1
        else:
            post.returns += 1


@inlined
def visit(desk, day, place, line, person, how):
    """Whoever is first in a line is called, and misses the visit or is seen; whether it was held."""
    post, patient = post_at(desk, place), patient_at(desk, person)
    call_first(desk, line_at(desk, line))
    patient.state = CALLED
    stock_at(desk, patient.cell).due -= 1
    if is_missed(desk, day, patient):
        post.missed += 1
        miss(desk, day, person, place, how)
        return False
    post.attended += 1
    if patient.post == NOBODY and rules_of(desk).own_clinician:
        take_on(desk, person, place)
    attend(desk, day, person, place, how)
    return True
