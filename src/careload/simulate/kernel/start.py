"""The first day: posts held and vacant, patients in care, each with a next visit, others still waiting."""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.care import draw_life, line_of, plan_visit, visits_needed
from careload.simulate.kernel.chance import draw, geometric, key_of_cell, mix, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    cell_at,
    diary_at,
    line_at,
    luck_of,
    need_of_cell,
    page_at,
    part_of_mix,
    patient_at,
    post_at,
    rules_of,
    site_at,
    spare_of,
    stock_at,
    team_at,
    treated,
)
from careload.simulate.kernel.lines import join, new_events, new_patient, new_sheet, note, take_on
from careload.simulate.kernel.records import COMES_BACK, MOST_VISITS, NOBODY, NOT_YET, WAITING

LONG_AGO, ROUNDING = -3650, 1e-9
FIRST_OF_START, FIRST_OF_AWAY = np.uint64(1 << 62), np.uint64(1 << 61)


@compiled
def open_books(desk):
    """Nothing has been used yet; every line has an empty sheet."""
    spare = spare_of(desk)
    spare.patient = spare.sheet = spare.events = NOBODY
    spare.new_patient = spare.new_sheet = spare.new_events = 0
    for number in range(desk.n_lines):
        line = line_at(desk, number)
        line.head = line.tail = line.mark = new_sheet(desk)


@compiled
def begin(desk, site):
    """Fill a site for its first day."""
    spare_of(desk).patient = NOBODY  # those given back lie among patients of other sites
    for day in range(desk.n_calendar):
        page, events = page_at(desk, day), diary_at(desk, day)
        page.head = page.tail = page.mark = new_sheet(desk)
        events.head = events.tail = new_events(desk)
    first = site_at(desk, site).first_post
    posts = range(first, first + site_at(desk, site).posts)
    for place in posts:
        open_post(desk, place)
    # By day due, so that the lines of those long due are in order.
    for due in range(earliest_due(desk, site), latest_due(desk, site) + 1):
        for place in posts:
            team = team_at(desk, post_at(desk, place).team)
            turn = place - team.first_post
            for number in range(in_care_before(team, turn + 1) - in_care_before(team, turn)):
                key = draw(post_at(desk, place).key, FIRST_OF_START, number)
                if day_due(team, unit(draw(key, luck_of(desk).start, 0))) == due:
                    in_care(desk, np.int32(place), key, np.int32(due))
        for need in range(desk.n_needs):
            wait_for_a_first_visit(desk, site, need, due)
    for need in range(desk.n_needs):
        will_ask_again(desk, site, need)


@inlined
def at_level(numbers, steps, level):
    """The quantile at a level from 0 to 1, of a law told by its quantiles at `steps` even steps."""
    place = level * steps
    below = np.uint64(min(int(place), steps - 1))
    return numbers[below] + (place - below) * (numbers[below + np.uint64(1)] - numbers[below])


@inlined
def day_due(team, level):
    """The day on which a patient in care on the first day is due, at a level of the law of their team."""
    return math.floor(at_level(team.start_due, team.start_due_steps, level)) - team.start_overdue


@compiled
def earliest_due(desk, site):
    """The earliest day on which a patient of a site can have been due."""
    longest, first = np.int32(0), site_at(desk, site).first_post
    for place in range(first, first + site_at(desk, site).posts):
        longest = max(longest, -day_due(team_at(desk, post_at(desk, place).team), 0.0))
    for cell in range(site * desk.n_needs, (site + 1) * desk.n_needs):
        if cell_at(desk, cell).start_waiting > 0:
            longest = max(longest, days_waited(need_of_cell(desk, cell), 1.0))
    return -longest


@inlined
def days_waited(kind, level):
    """Days since somebody not seen yet was due, at a level of the law of their need group."""
    share = at_level(kind.start_waited_shares, kind.start_waited_steps, level)
    return np.int32(kind.start_waited * share)


@compiled
def latest_due(desk, site):
    """The latest day on which a patient of a site can be due."""
    latest, first = np.int32(0), site_at(desk, site).first_post
    for place in range(first, first + site_at(desk, site).posts):
        latest = max(latest, day_due(team_at(desk, post_at(desk, place).team), 1.0))
    return latest


@inlined
def in_care_before(team, posts):
    """Patients in care on the first day at the first so many posts of a team, and at the teams before it."""
    held = min(posts, team.posts - team.vacant)
    return int(team.start_before + team.start_patients * held + ROUNDING)


@compiled
def wait_for_a_first_visit(desk, site, need, due):
    """Those who asked the day before one day and have not been seen, of a need group at a site."""
    cell = np.int32(site * desk.n_needs + need)
    kind = need_of_cell(desk, cell)
    for number in range(cell_at(desk, cell).start_waiting):
        key = draw(key_of_cell(site, need), FIRST_OF_START, number)
        if -days_waited(kind, unit(draw(key, luck_of(desk).start, 0))) == due:
            asked_before(desk, cell, key, np.int32(due))


@compiled
def will_ask_again(desk, site, need):
    """Those of a need group at a site who left before the first day, and will ask for care again one day."""
    cell = np.int32(site * desk.n_needs + need)
    for number in range(cell_at(desk, cell).start_away):
        key = draw(key_of_cell(site, need), FIRST_OF_AWAY, number)
        again = geometric(draw(key, luck_of(desk).away, 0), need_of_cell(desk, cell).log_away)
        note(desk, again, mix(key), cell, COMES_BACK)


@compiled
def asked_before(desk, cell, key, due):
    """A patient who asked before the first day, on the day before one was due."""
    person = new_patient(desk)
    if person == NOBODY:
        return
    patient, luck, kind = patient_at(desk, person), luck_of(desk), need_of_cell(desk, cell)
    patient.key, patient.cell, patient.need = key, cell, cell_at(desk, cell).need
    patient.arrived, patient.last = due - 1, NOT_YET
    patient.post = patient.own_after = patient.own_before = NOBODY
    patient.visits = patient.tries = patient.missed = 0
    patient.to_go = visits_needed(kind, unit(draw(key, luck.need, 0)))
    patient.urgent = draw(key, luck.urgency, 0) < kind.urgent
    patient.group = draw(key, luck.group, 0) < kind.group
    stock = stock_at(desk, cell)
    stock.in_care += 1
    stock.not_seen += 1
    stock.started += 1
    draw_life(desk, 0, person)
    if due >= 0:
        plan_visit(desk, person, patient.arrived, due)
    else:
        long_due(desk, person, patient.arrived, due)


@compiled
def open_post(desk, place):
    """A post held by somebody who has been there for long; fractions of slots begin spread over the posts."""
    post = post_at(desk, place)
    team = team_at(desk, post.team)
    post.key = draw(team.key, FIRST_OF_START, place - team.first_post)
    post.hired, post.leaves, post.filled = LONG_AGO, NOT_YET, NOT_YET
    post.first_own = NOBODY
    turn = (place - team.first_post + 0.5) / team.posts
    post.crisis_credit = post.intake_credit = post.open_credit = turn
    post.return_credit = post.session_credit = turn
    post.exhaustion = rules_of(desk).exhaustion_start
    if place - team.first_post >= team.posts - team.vacant:
        post.filled = geometric(draw(post.key, luck_of(desk).hiring, post.holder), team.filling)


@compiled
def in_care(desk, place, key, due):
    """A patient amid treatment at a post: a need group of its team, some of the visits still to go."""
    person = new_patient(desk)
    if person == NOBODY:
        return
    patient, luck = patient_at(desk, person), luck_of(desk)
    cell = cell_of(desk, post_at(desk, place).team, unit(draw(key, luck.start, 1)))
    kind = need_of_cell(desk, cell)
    mean = max(1, int(kind.mean_need + 0.5))
    patient.key, patient.cell, patient.need = key, cell, cell_at(desk, cell).need
    share = at_level(kind.start_to_go, kind.start_to_go_steps, unit(draw(key, luck.start, 2)))
    patient.to_go = 1 + int(mean * share)
    patient.visits, patient.tries, patient.urgent = max(1, mean - patient.to_go), 0, 0
    patient.missed = visits_missed(desk, place, unit(draw(key, luck.start, 3)))
    patient.group = draw(key, luck.group, 0) < kind.group
    patient.post = patient.own_after = patient.own_before = NOBODY
    planned = put_off(desk, place, due, patient.missed)
    patient.last = last_seen(desk, place, planned, kind.cadence[min(patient.visits, MOST_VISITS - 1)])
    patient.arrived = patient.last
    stock_at(desk, cell).in_care += 1
    stock_at(desk, cell).started += 1
    if rules_of(desk).own_clinician:
        take_on(desk, person, place)
    draw_life(desk, 0, person)
    booked = patient.last if patient.missed == 0 else min(due - rules_of(desk).rebook, np.int32(-1))
    if due >= 0:
        plan_visit(desk, person, booked, due)
    else:
        long_due(desk, person, booked, due)


@inlined
def visits_missed(desk, place, level):
    """Visits missed in a row by a patient in care, fewer than end care, at a level of the team's law."""
    team = team_at(desk, post_at(desk, place).team)
    missed = np.int32(at_level(team.start_missed, team.start_missed_steps, level))
    return min(missed, rules_of(desk).most_missed - np.int32(1))


@inlined
def put_off(desk, place, due, missed):
    """The day on which a patient was due before the visits that were missed."""
    return np.int32(due - team_at(desk, post_at(desk, place).team).start_put_off * missed)


@inlined
def last_seen(desk, place, due, cadence):
    """When a patient in care was last seen; a cadence ago where nothing is told of who is not due yet."""
    if team_at(desk, post_at(desk, place).team).start_due_steps > 1:
        return min(due - cadence, np.int32(-1))
    return min(due, np.int32(0)) - cadence


@compiled
def long_due(desk, person, booked, due):
    """A patient who is overdue on the first day: what ends the wait is drawn from that day on."""
    patient = patient_at(desk, person)
    patient.booked, patient.due = booked, due
    line = line_of(desk, patient)
    patient.line, patient.state, patient.drawn = line, WAITING, True
    stock_at(desk, patient.cell).due += 1
    join(desk, line_at(desk, line), person)
    kind = need_of_cell(desk, patient.cell)
    if kind.log_wait < 0.0:
        midnight = geometric(draw(patient.key, luck_of(desk).waiting, 0), kind.log_wait)
        note(desk, midnight, patient.key, person, due)


@compiled
def cell_of(desk, team, level):
    """A cell the team treats, in proportion to its patients on the first day."""
    whole, reached = part_of_mix(desk, team, 0), 0.0
    for place in range(1, treated(desk, team, 0) + 1):
        reached += part_of_mix(desk, team, place)
        if level * whole < reached:
            return treated(desk, team, place)
    return treated(desk, team, 1)
