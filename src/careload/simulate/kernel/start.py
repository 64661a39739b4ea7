"""The first day: posts held, patients in care, each with a next visit."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.care import draw_life, line_of, plan_visit, take_on
from careload.simulate.kernel.chance import draw, geometric, mix, unit
from careload.simulate.kernel.compiled import compiled
from careload.simulate.kernel.lines import (
    EVENTS,
    LAST_OF_SHEET,
    PATIENTS,
    SHEETS,
    join,
    new_record,
    new_sheet,
    note,
)
from careload.simulate.kernel.records import FREE, MOST_VISITS, NOBODY, NOT_YET, WAIT_ENDS, WAITING

LONG_AGO = -3650
FIRST_OF_START = 1 << 62
SHEET = 16


@compiled
def begin(plan, world, tally, luck):
    """Fill the service for its first day."""
    free_everything(world, tally)
    for team in range(len(plan.teams)):
        for place in range(plan.teams[team].first_post, plan.teams[team].first_post + plan.teams[team].posts):
            open_post(plan, world, team, place)
    # By day due, so that the lines of those long due are in order.
    earliest = -plan.rules.start_overdue
    for due in range(earliest, earliest + 7):
        number = 0
        patients = 0.0
        for place in range(len(world.posts)):
            patients += plan.rules.start_patients
            while number < int(patients + 1e-9):
                key = mix(np.uint64(FIRST_OF_START) + np.uint64(number))
                if earliest + int(7.0 * unit(draw(key, luck.start, 0))) == due:
                    in_care(plan, world, tally, luck, place, key, due)
                number += 1


@compiled
def free_everything(world, tally):
    """All records of patients and events are free, all lines empty."""
    patients, events = world.patients, world.events
    for place in range(len(patients)):
        patients[place].state = FREE
        patients[place].after = place + 1
    patients[len(patients) - 1].after = NOBODY
    for place in range(len(events)):
        events[place].after = place + 1
    events[len(events) - 1].after = NOBODY
    for sheet in range(0, len(world.sheets), SHEET):
        world.sheets[sheet + LAST_OF_SHEET] = sheet + SHEET
    world.sheets[len(world.sheets) - 1] = NOBODY
    world.spare[PATIENTS] = world.spare[EVENTS] = world.spare[SHEETS] = 0
    for place in range(len(world.diary)):
        world.diary[place].head = world.diary[place].tail = NOBODY
    for lines in (world.lines, world.calendar):
        for place in range(len(lines)):
            lines[place].head = lines[place].tail = lines[place].mark = new_sheet(world, tally)


@compiled
def open_post(plan, world, team, place):
    """A post held by somebody who has been there for long; fractions of slots begin spread over the posts."""
    post = world.posts[place]
    post.key = mix(np.uint64(place) + np.uint64(1))
    post.team, post.hired, post.leaves, post.filled, post.first_own = team, LONG_AGO, NOT_YET, NOT_YET, NOBODY
    turn = (place - plan.teams[team].first_post + 0.5) / plan.teams[team].posts
    post.crisis_credit = post.intake_credit = post.open_credit = turn
    post.return_credit = post.session_credit = turn
    post.exhaustion = plan.rules.exhaustion_start


@compiled
def in_care(plan, world, tally, luck, place, key, due):
    """A patient amid treatment at a post: a need group of its team, some of the visits still to go."""
    person = new_record(world.patients, world.spare, PATIENTS)
    if person == NOBODY:
        tally.sums.ran_out = 1
        return
    patient = world.patients[person]
    cell = cell_of(plan, world.posts[place].team, unit(draw(key, luck.start, 1)))
    kind = plan.needs[plan.cells[cell].need]
    mean = max(1, int(kind.mean_need + 0.5))
    patient.key, patient.cell = key, cell
    patient.to_go = 1 + int(mean * unit(draw(key, luck.start, 2)))
    patient.visits, patient.tries, patient.missed, patient.urgent = max(1, mean - patient.to_go), 0, 0, 0
    patient.group = draw(key, luck.group, 0) < kind.group
    patient.post = patient.own_after = patient.own_before = NOBODY
    stage = kind.stage[min(patient.visits, MOST_VISITS - 1)]
    patient.last = patient.arrived = min(due, 0) - kind.cadence[stage]
    world.stock[cell].in_care += 1
    if plan.rules.own_clinician:
        take_on(world, person, place)
    draw_life(plan, world, tally, luck, np.int64(0), person)
    if due >= 0:
        plan_visit(world, tally, person, patient.last, due)
    else:
        long_due(plan, world, tally, luck, person, np.int32(due))


@compiled
def long_due(plan, world, tally, luck, person, due):
    """A patient who is overdue on the first day: what ends the wait is drawn from that day on."""
    patient = world.patients[person]
    patient.booked, patient.due = patient.last, due
    line = line_of(plan, patient)
    patient.line, patient.state, patient.drawn = line, WAITING, True
    world.stock[patient.cell].due += 1
    join(world, tally, world.lines[line], person)
    kind = plan.needs[plan.cells[patient.cell].need]
    if kind.log_wait < 0.0:
        midnight = geometric(draw(patient.key, luck.waiting, 0), kind.log_wait)
        note(world, tally, midnight, WAIT_ENDS, patient.key, person, np.int32(due))


@compiled
def cell_of(plan, team, level):
    """A cell the team treats, in proportion to the visits its referrals need."""
    whole = 0.0
    for place in range(1, plan.treats[team, 0] + 1):
        whole += visits_asked(plan, plan.treats[team, place])
    reached = 0.0
    for place in range(1, plan.treats[team, 0] + 1):
        reached += visits_asked(plan, plan.treats[team, place])
        if level * whole < reached:
            return plan.treats[team, place]
    return plan.treats[team, 1]


@compiled
def visits_asked(plan, cell):
    """Visits needed by the referrals of the first week."""
    return week_of_referrals(plan, cell) * plan.needs[plan.cells[cell].need].mean_need


@compiled
def week_of_referrals(plan, cell):
    """Mean number of referrals of the first week."""
    whole = 0.0
    for day in range(7):
        whole += plan.arrivals[day, cell]
    return whole
