"""A patient's way: asking, being due, waiting, being seen, the end.

Every function here is one thing that happens to one patient on one day.
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.chance import draw, geometric, mix, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.lines import BLOCK, PATIENTS, give_back, join, log, new_record, note, step_out
from careload.simulate.kernel.records import (
    ADMITTED,
    ATTENDED,
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    CALLED,
    CAME_BACK,
    CLOSED,
    COMES_BACK,
    CRISES,
    CRISIS,
    CRISIS_WAIT_ENDS,
    CUT_OFF,
    DAYS_SHOWN,
    DIED,
    DISCHARGED,
    DROPPED_AFTER_VISIT,
    DROPPED_HAND_OVER,
    DROPPED_NO_SHOWS,
    DROPPED_WAITING,
    ED_VISITS,
    FIRST_URGENT,
    FIRST_VISITS,
    FREE,
    GROUP,
    IN_CRISIS,
    INTERVALS,
    LIFE_ENDS,
    LINES_OF_A_CELL,
    LOG_ASKED,
    LOG_ASKED_URGENTLY,
    LOG_CRISIS,
    LOG_ED,
    LOG_ENDED,
    LOG_MISSED,
    LOST,
    MISSED,
    MOST_VISITS,
    MOVED,
    NOBODY,
    NOT_YET,
    OUTSIDE,
    PLANNED,
    POOL,
    REMITTED,
    SEEN,
    WAIT_ENDS,
    WAITING,
    WAITS,
)

NEVER_BACK = np.uint64(0)


@compiled
def ask(plan, world, tally, luck, day, cell, key, way):
    """A new patient asks for care: the first visit is due tomorrow."""
    person = new_record(world.patients, world.spare, PATIENTS)
    if person == NOBODY:
        tally.sums.ran_out = 1
        return NOBODY
    kind = plan.needs[plan.cells[cell].need]
    patient = world.patients[person]
    patient.key, patient.cell = key, cell
    patient.arrived, patient.last = day, NOT_YET
    patient.post = patient.own_after = patient.own_before = NOBODY
    patient.visits = patient.tries = patient.missed = 0
    patient.to_go = visits_needed(kind, unit(draw(key, luck.need, 0)))
    patient.urgent = draw(key, luck.urgency, 0) < kind.urgent
    patient.group = draw(key, luck.group, 0) < kind.group
    world.stock[cell].in_care += 1
    world.stock[cell].not_seen += 1
    tally.cells[day // 7, cell, way] += 1
    log(tally, day, LOG_ASKED_URGENTLY if patient.urgent else LOG_ASKED, key, NOBODY, cell)
    draw_life(plan, world, tally, luck, day, person)
    plan_visit(world, tally, person, day, day + 1)
    return person


@compiled
def visits_needed(kind, level):
    """The smallest number of visits whose distribution function exceeds `level`."""
    number = 0
    while number < MOST_VISITS - 1 and level >= kind.needed[number]:
        number += 1
    return number


@compiled
def draw_life(plan, world, tally, luck, day, person):
    """Draw on which day this patient would die or move away."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    if kind.log_life < 0.0:
        end = day + geometric(draw(patient.key, luck.life, 0), kind.log_life)
        note(world, tally, end, LIFE_ENDS, patient.key, person, NOT_YET)


@inlined
def plan_visit(world, tally, person, day, due):
    """Put the next visit into the calendar: due on `due`, booked on `day`."""
    patient = world.patients[person]
    patient.booked, patient.due, patient.state = day, due, PLANNED
    if due < len(world.calendar):
        join(world, tally, world.calendar[due], person)


@inlined
def becomes_due(plan, world, tally, luck, person):
    """The day has come: stand in line, and draw whether the wait ends otherwise than by a visit."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    line = line_of(plan, patient)
    patient.line, patient.state, patient.drawn = line, WAITING, False
    world.stock[patient.cell].due += 1
    join(world, tally, world.lines[line], person)
    bits = draw(patient.key, luck.waiting, 2 * patient.tries)
    if bits < kind.wait_ends:
        midnight = patient.due + geometric(bits, kind.log_wait)
        note(world, tally, midnight, WAIT_ENDS, patient.key, person, patient.due)


@compiled
def waits_on(plan, world, tally, luck, person):
    """Nothing has ended the wait in its first `BLOCK` midnights: draw all that follow."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    patient.drawn = True
    if kind.log_wait < 0.0:
        bits = draw(patient.key, luck.waiting, 2 * patient.tries + 1)
        midnight = patient.due + BLOCK + geometric(bits, kind.log_wait)
        note(world, tally, midnight, WAIT_ENDS, patient.key, person, patient.due)


@inlined
def line_of(plan, patient):
    """The line in which a patient waits."""
    first_of_cell = patient.cell * LINES_OF_A_CELL
    if patient.visits == 0:
        return first_of_cell + FIRST_URGENT if patient.urgent else plan.cells[patient.cell].first
    if patient.group:
        return first_of_cell + GROUP
    if patient.post != NOBODY:
        return len(plan.cells) * LINES_OF_A_CELL + patient.post
    return first_of_cell + POOL


@compiled
def happens(plan, world, tally, luck, day, event):
    """An event of the diary, unless the patient it is about has meanwhile been seen or has gone."""
    if event.kind == COMES_BACK:
        ask(plan, world, tally, luck, day, event.patient, event.key, CAME_BACK)
        return
    patient = world.patients[event.patient]
    if patient.state == FREE or patient.key != event.key:
        return
    if event.kind == LIFE_ENDS:
        died = unit(draw(event.key, luck.life_end, 0)) < plan.needs[plan.cells[patient.cell].need].died_part
        leave_care(plan, world, tally, luck, day, event.patient, DIED if died else MOVED)
    elif event.kind == WAIT_ENDS and patient.state == WAITING and patient.due == event.due:
        wait_ends(plan, world, tally, luck, day, event.patient)
    elif event.kind == CRISIS_WAIT_ENDS and patient.state == IN_CRISIS and patient.due == event.due:
        leave_care(plan, world, tally, luck, day, event.patient, DROPPED_WAITING)


@compiled
def wait_ends(plan, world, tally, luck, day, person):
    """Waiting ends otherwise than by a visit: dropped out, got well untreated, or fell into crisis."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    way = unit(draw(patient.key, luck.waiting_end, patient.tries))
    if way < kind.drop_part:
        leave_care(plan, world, tally, luck, day, person, DROPPED_WAITING)
    elif way < kind.remit_part:
        leave_care(plan, world, tally, luck, day, person, REMITTED)
    else:
        crisis(plan, world, tally, luck, day, person)


@compiled
def crisis(plan, world, tally, luck, day, person):
    """A crisis: an emergency visit, an admission, or neither; who is not admitted is seen first of all."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    tally.cells[day // 7, patient.cell, CRISES] += 1
    log(tally, day, LOG_CRISIS, patient.key, patient.post, day - patient.due)
    way = unit(draw(patient.key, luck.crisis, patient.tries))
    if way < kind.admitted:
        leave_care(plan, world, tally, luck, day, person, ADMITTED)
        return
    if way < kind.admitted + kind.emergency:
        tally.cells[day // 7, patient.cell, ED_VISITS] += 1
        log(tally, day, LOG_ED, patient.key, patient.post, 0)
    step_out(world, world.lines[patient.line], person)
    patient.line, patient.state, patient.booked = patient.cell * LINES_OF_A_CELL + CRISIS, IN_CRISIS, day
    join(world, tally, world.lines[patient.line], person)
    end = geometric(draw(patient.key, luck.crisis_wait, patient.tries), kind.log_crisis_wait)
    note(world, tally, day + end, CRISIS_WAIT_ENDS, patient.key, person, patient.due)


@inlined
def is_missed(plan, luck, day, patient):
    """Whether a patient misses the visit of today, by the days it was booked ahead."""
    lead = min(day - patient.booked, DAYS_SHOWN - 1)
    return draw(patient.key, luck.no_show, patient.tries) < plan.rules.no_show[min(patient.visits, 1), lead]


@inlined
def miss(plan, world, tally, luck, day, person, place, how):
    """A no-show: the visit is booked again, or care ends after too many in a row."""
    patient = world.patients[person]
    patient.tries += 1
    patient.missed += 1
    tally.cells[day // 7, patient.cell, MISSED] += 1
    log(tally, day, LOG_MISSED, patient.key, place, how)
    if patient.missed >= plan.rules.most_missed:
        leave_care(plan, world, tally, luck, day, person, DROPPED_NO_SHOWS)
    else:
        plan_visit(world, tally, person, day, day + plan.rules.rebook)


@inlined
def attend(plan, world, tally, luck, day, person, place, how):
    """A visit held: the wait or interval is counted, progress made, the next visit planned or care ended."""
    patient = world.patients[person]
    kind = plan.needs[plan.cells[patient.cell].need]
    stage = kind.stage[min(patient.visits, MOST_VISITS - 1)]
    post = world.posts[place]
    gap = count_gap(plan, world, tally, day, patient, place, how, kind.cadence[stage])
    patient.team = post.team
    tries = patient.tries
    patient.tries += 1
    patient.visits += 1
    patient.missed = 0
    patient.last = day
    progress = kind.progress[stage, min(gap, DAYS_SHOWN - 1)] * (1.0 - post.undone)
    if progress >= 1.0 or unit(draw(patient.key, luck.progress, tries)) < progress:
        patient.to_go -= 1
    if patient.to_go <= 0:
        leave_care(plan, world, tally, luck, day, person, DISCHARGED)
    elif kind.quits > 0 and draw(patient.key, luck.staying, tries) < kind.quits:
        leave_care(plan, world, tally, luck, day, person, DROPPED_AFTER_VISIT)
    else:
        stage = kind.stage[min(patient.visits, MOST_VISITS - 1)]
        plan_visit(world, tally, person, day, day + kind.cadence[stage])


@inlined
def count_gap(plan, world, tally, day, patient, place, how, cadence):
    """Count the visit and what was waited for it; the gap since the last, or the cadence at the first."""
    counts = tally.cells[day // 7, patient.cell]
    counts[ATTENDED] += 1
    if patient.visits == 0:
        counts[FIRST_VISITS] += 1
        world.stock[patient.cell].not_seen -= 1
        lately = world.lately[plan.cells[patient.cell].site]
        lately.seen[day // 7 % 4] += 1.0
        lately.waited[day // 7 % 4] += day - patient.arrived
        log(tally, day, how, patient.key, place, day - patient.arrived)
        count_days(plan, tally, WAITS, day, day - patient.arrived)
        count_span(plan, tally, day, patient, SEEN)
        return cadence
    gap = day - patient.last
    log(tally, day, how, patient.key, place, gap)
    count_days(plan, tally, INTERVALS, day, gap)
    count_span(plan, tally, day, patient, SEEN)
    return gap


@inlined
def count_days(plan, tally, which, day, days):
    """Put a number of days waited until a visit into the histogram of its four weeks."""
    tally.monthly[which, day // 28, min(days, DAYS_SHOWN - 1)] += 1
    if days >= DAYS_SHOWN and day >= plan.rules.counted_from:
        tally.sums.beyond[which] += days - (DAYS_SHOWN - 1)


@inlined
def count_span(plan, tally, day, patient, fate):
    """Count a span of waiting, since asking or the last visit, that ends today, if it opened when counted."""
    need = plan.cells[patient.cell].need
    if patient.visits == 0:
        which, group, opened = WAITS, np.int32(patient.cell), patient.arrived
    else:
        which, group, opened = INTERVALS, np.int32(patient.team * len(plan.needs) + need), patient.last
    if opened >= plan.rules.counted_from:
        days, business = day - opened, plan.business[day] - plan.business[opened]
        tally.spans[which, CALENDAR_DAYS, fate, group, min(days, DAYS_SHOWN - 1)] += 1
        tally.spans[which, BUSINESS_DAYS, fate, group, min(business, DAYS_SHOWN - 1)] += 1


@inlined
def fate_of(way):
    """What an end of care means for the wait of whoever leaves."""
    if way == DISCHARGED:
        return CLOSED
    return CUT_OFF if way in (ADMITTED, DIED, MOVED, OUTSIDE) else LOST


@compiled
def leave_care(plan, world, tally, luck, day, person, way):
    """Care ends; those who dropped out or were discharged may ask again one day."""
    patient = world.patients[person]
    tally.cells[day // 7, patient.cell, way] += 1
    log(tally, day, LOG_ENDED, patient.key, patient.post, way)
    count_span(plan, tally, day, patient, fate_of(way))
    leave_place(world, person)
    leave_caseload(world, person)
    come_back(plan, world, tally, luck, day, patient, way)
    if patient.visits == 0:
        world.stock[patient.cell].not_seen -= 1
    world.stock[patient.cell].in_care -= 1
    patient.state = FREE
    give_back(world.patients, world.spare, PATIENTS, person)


@inlined
def leave_place(world, person):
    """Leave the line or the day of the calendar where one stands."""
    patient = world.patients[person]
    if patient.state == WAITING or patient.state == IN_CRISIS:
        world.stock[patient.cell].due -= 1
        step_out(world, world.lines[patient.line], person)
    elif patient.state == PLANNED and patient.due < len(world.calendar):
        step_out(world, world.calendar[patient.due], person)
    patient.state = CALLED


@compiled
def come_back(plan, world, tally, luck, day, patient, way):
    """Draw whether, and when, someone who has left asks for care again."""
    kind = plan.needs[plan.cells[patient.cell].need]
    dropped = way in (DROPPED_WAITING, DROPPED_AFTER_VISIT, DROPPED_NO_SHOWS)
    share = NEVER_BACK
    if dropped or way == DROPPED_HAND_OVER:
        share = kind.reentry
    elif way == DISCHARGED:
        share = kind.relapse
    if draw(patient.key, luck.coming_back, 0) < share:
        again = day + geometric(draw(patient.key, luck.away, 0), kind.log_away)
        note(world, tally, again, COMES_BACK, mix(patient.key), np.int32(patient.cell), NOT_YET)


@compiled
def take_on(world, person, post):
    """A patient joins the caseload of a clinician."""
    record = world.patients[person]
    first = world.posts[post].first_own
    record.post, record.own_before, record.own_after = post, NOBODY, first
    if first != NOBODY:
        world.patients[first].own_before = person
    world.posts[post].first_own = person
    world.posts[post].caseload += 1


@compiled
def leave_caseload(world, person):
    """A patient leaves the caseload they are on, if they are on one."""
    record = world.patients[person]
    if record.post == NOBODY:
        return
    before, after = record.own_before, record.own_after
    if before == NOBODY:
        world.posts[record.post].first_own = after
    else:
        world.patients[before].own_after = after
    if after != NOBODY:
        world.patients[after].own_before = before
    world.posts[record.post].caseload -= 1
    record.post = record.own_before = record.own_after = NOBODY
