"""A patient's way: asking, being due, waiting, being seen, the end.

Every function here is one thing that happens to one patient on one day.
"""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.chance import draw, geometric, mix, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.counting import (
    count_first,
    count_last_span,
    count_return,
    fate_of,
    log,
    place_for,
)
from careload.simulate.kernel.desk import (
    cell_at,
    cell_counts,
    count_of_way,
    line_at,
    luck_of,
    need_of,
    need_of_cell,
    own_line,
    page_at,
    patient_at,
    post_at,
    rules_of,
    stock_at,
)
from careload.simulate.kernel.entries import (
    LOG_ASKED,
    LOG_ASKED_URGENTLY,
    LOG_CRISIS,
    LOG_ED,
    LOG_ENDED,
    LOG_MISSED,
)
from careload.simulate.kernel.lines import (
    give_back_patient,
    join,
    leave_caseload,
    new_patient,
    note,
    step_out,
    write,
)
from careload.simulate.kernel.records import (
    ADMITTED,
    BLOCK,
    CALLED,
    CAME_BACK,
    COMES_BACK,
    CRISIS,
    DIED,
    DISCHARGED,
    DROPPED_AFTER_VISIT,
    DROPPED_HAND_OVER,
    DROPPED_NO_SHOWS,
    DROPPED_WAITING,
    FIRST_URGENT,
    FREE,
    GROUP,
    IN_CRISIS,
    LIFE_ENDS,
    LINES_OF_A_CELL,
    MOST_VISITS,
    MOVED,
    NOBODY,
    NOT_YET,
    PLANNED,
    POOL,
    REMITTED,
    WAITING,
)

NEVER_BACK = np.uint64(0)


@compiled
def ask(desk, day, cell, key, way):
    """A new patient asks for care: the first visit is due tomorrow."""
    person = new_patient(desk)
    if person == NOBODY:
        return
    kind, luck, patient = need_of_cell(desk, cell), luck_of(desk), patient_at(desk, person)
    patient.key, patient.cell, patient.need = key, cell, cell_at(desk, cell).need
    patient.arrived, patient.last = day, NOT_YET
    patient.post = patient.own_after = patient.own_before = NOBODY
    patient.visits = patient.tries = patient.missed = 0
    patient.to_go = visits_needed(kind, unit(draw(key, luck.need, 0)))
    patient.urgent = draw(key, luck.urgency, 0) < kind.urgent
    patient.group = draw(key, luck.group, 0) < kind.group
    stock = stock_at(desk, cell)
    stock.in_care += 1
    stock.not_seen += 1
    count_of_way(desk, cell, way).is_ += 1
    log(desk, day, LOG_ASKED_URGENTLY if patient.urgent else LOG_ASKED, key, NOBODY, cell)
    draw_life(desk, day, person)
    plan_visit(desk, person, day, day + 1)


@inlined
def visits_needed(kind, level):
    """The smallest number of visits whose distribution function exceeds `level`, sought from the mean on."""
    number = int(kind.mean_need)
    while number > 0 and level < kind.needed[np.uint64(number - 1)]:
        number -= 1
    while number < MOST_VISITS - 1 and level >= kind.needed[np.uint64(number)]:
        number += 1
    return number


@inlined
def draw_life(desk, day, person):
    """Draw on which day this patient would die or move away."""
    patient = patient_at(desk, person)
    kind = need_of(desk, patient)
    if kind.log_life < 0.0:
        end = day + geometric(draw(patient.key, luck_of(desk).life, 0), kind.log_life)
        note(desk, end, patient.key, person, LIFE_ENDS)


@inlined
def plan_visit(desk, person, day, due):
    """Put the next visit into the calendar: due on `due`, booked on `day`."""
    patient = patient_at(desk, person)
    patient.booked, patient.due, patient.state = day, due, PLANNED
    if due < desk.n_calendar:
        write(desk, page_at(desk, due), person)


@inlined
def becomes_due(desk, person):
    """The day has come: stand in line. Returns whether something else ends the wait in `BLOCK` midnights.

    With `stays` the chance to wait on through a midnight, P(ended by midnight k) = 1 - stays^k: this draw
    speaks for k <= BLOCK, that of `waits_on` for all later ones.
    """
    patient = patient_at(desk, person)
    kind, line = need_of(desk, patient), line_of(desk, patient)
    patient.line, patient.state, patient.drawn = line, WAITING, False
    stock_at(desk, patient.cell).due += 1
    join(desk, line_at(desk, line), person)
    return first_draw(desk, patient) < kind.wait_ends[np.uint64(BLOCK)]


@inlined
def first_draw(desk, patient):
    """The draw that speaks for the first `BLOCK` midnights of a wait."""
    return draw(patient.key, luck_of(desk).waiting, 2 * patient.tries)


@inlined
def note_end_of_wait(desk, person):
    """Write into the diary when a wait ends otherwise than by a visit, within its first `BLOCK` midnights."""
    patient = patient_at(desk, person)
    midnight = midnights(need_of(desk, patient), first_draw(desk, patient))
    note(desk, patient.due + midnight, patient.key, person, patient.due)


@inlined
def midnights(kind, bits):
    """The midnight of the wait, 1 to `BLOCK`, by which it has ended: the first whose limit exceeds the draw.

    `geometric` by a table, with the logarithm -log(1 - u) = u + u^2/2 + u^3/3 + … cut off for a first guess.
    """
    level = unit(bits)
    place = min(BLOCK, 1 + int(level * (1.0 + level * (0.5 + level / 3.0)) * kind.wait_slope))
    while bits >= kind.wait_ends[np.uint64(place)]:
        place += 1
    while bits < kind.wait_ends[np.uint64(place - 1)]:
        place -= 1
    return place


@compiled
def waits_on(desk, person):
    """Nothing has ended the wait in its first `BLOCK` midnights: draw all that follow, unless it was done."""
    patient = patient_at(desk, person)
    if patient.drawn:
        return
    kind = need_of(desk, patient)
    patient.drawn = True
    if kind.log_wait < 0.0:
        bits = draw(patient.key, luck_of(desk).waiting, 2 * patient.tries + 1)
        midnight = patient.due + BLOCK + geometric(bits, kind.log_wait)
        note(desk, midnight, patient.key, person, patient.due)


@inlined
def line_of(desk, patient):
    """The line in which a patient waits."""
    first_of_cell = np.int32(patient.cell * LINES_OF_A_CELL)
    if patient.visits == 0:
        return first_of_cell + FIRST_URGENT if patient.urgent else cell_at(desk, patient.cell).first
    if patient.group:
        return first_of_cell + GROUP
    if patient.post != NOBODY:
        return own_line(desk, patient.post)
    return first_of_cell + POOL


@inlined
def happens(desk, day, event):
    """An event of the diary, unless the patient it is about has meanwhile been seen or has gone."""
    if event.due == COMES_BACK:
        ask(desk, day, event.patient, event.key, CAME_BACK)
        return
    patient = patient_at(desk, event.patient)
    if patient.key != event.key or patient.state == FREE:
        return
    if event.due == LIFE_ENDS:
        way = unit(draw(event.key, luck_of(desk).life_end, 0))
        died = way < need_of(desk, patient).died_part
        leave_care(desk, day, event.patient, DIED if died else MOVED)
    elif patient.due == event.due and patient.state == WAITING:
        wait_ends(desk, day, event.patient)
    elif patient.due == event.due and patient.state == IN_CRISIS:
        leave_care(desk, day, event.patient, DROPPED_WAITING)


@compiled
def wait_ends(desk, day, person):
    """Waiting ends otherwise than by a visit: dropped out, got well untreated, or fell into crisis."""
    patient = patient_at(desk, person)
    kind = need_of(desk, patient)
    way = unit(draw(patient.key, luck_of(desk).waiting_end, patient.tries))
    if way < kind.drop_part:
        leave_care(desk, day, person, DROPPED_WAITING)
    elif way < kind.remit_part:
        leave_care(desk, day, person, REMITTED)
    else:
        crisis(desk, day, person)


@compiled
def crisis(desk, day, person):
    """A crisis: an emergency visit, an admission, or neither; who is not admitted is seen first of all."""
    patient = patient_at(desk, person)
    kind, luck, counts = need_of(desk, patient), luck_of(desk), cell_counts(desk, patient.cell)
    counts.crises += 1
    log(desk, day, LOG_CRISIS, patient.key, patient.post, day - patient.due)
    way = unit(draw(patient.key, luck.crisis, patient.tries))
    if way < kind.admitted:
        leave_care(desk, day, person, ADMITTED)
        return
    if way < kind.admitted + kind.emergency:
        counts.ed_visits += 1
        log(desk, day, LOG_ED, patient.key, patient.post, 0)
    step_out(desk, line_at(desk, patient.line), person)
    patient.line, patient.state, patient.booked = patient.cell * LINES_OF_A_CELL + CRISIS, IN_CRISIS, day
    patient.drawn = True
    join(desk, line_at(desk, patient.line), person)
    end = geometric(draw(patient.key, luck.crisis_wait, patient.tries), kind.log_crisis_wait)
    note(desk, day + end, patient.key, person, patient.due)


@inlined
def is_missed(desk, day, patient):
    """Whether a patient misses the visit of today, by the days it was booked ahead."""
    kind = np.uint64(patient.visits > 0)
    chance = rules_of(desk).no_show[kind, place_for(day - patient.booked)]
    return draw(patient.key, luck_of(desk).no_show, patient.tries) < chance


@inlined
def miss(desk, day, person, place, how):
    """A no-show: the visit is booked again, or care ends after too many in a row."""
    patient, rules = patient_at(desk, person), rules_of(desk)
    patient.tries += 1
    patient.missed += 1
    cell_counts(desk, patient.cell).missed += 1
    log(desk, day, LOG_MISSED, patient.key, place, how)
    if patient.missed >= rules.most_missed:
        leave_care(desk, day, person, DROPPED_NO_SHOWS)
    else:
        plan_visit(desk, person, day, day + rules.rebook)


@inlined
def attend(desk, day, person, place, how):
    """A visit held: the wait or interval is counted, progress made, the next visit planned or care ended."""
    patient, post, luck = patient_at(desk, person), post_at(desk, place), luck_of(desk)
    kind, tries = need_of(desk, patient), patient.tries
    stage = np.uint64(kind.stage[place_for(patient.visits)])
    if patient.visits > 0:
        gap = count_return(desk, day, patient, place, how)
    else:
        gap = np.int64(kind.cadence[0])
        count_first(desk, day, patient, place, how)
    patient.tries += 1
    patient.visits += 1
    patient.missed = 0
    patient.last = day
    patient.team = post.team
    progress = kind.progress[stage, place_for(gap)] * (1.0 - post.undone)
    steps = int(progress)
    if steps < progress:
        steps += unit(draw(patient.key, luck.progress, tries)) < progress - steps
    patient.to_go -= steps
    if patient.to_go <= 0:
        leave_care(desk, day, person, DISCHARGED)
    elif kind.quits > 0 and draw(patient.key, luck.staying, tries) < kind.quits:
        leave_care(desk, day, person, DROPPED_AFTER_VISIT)
    else:
        plan_visit(desk, person, day, day + kind.cadence[place_for(patient.visits)])


@compiled
def leave_care(desk, day, person, way):
    """Care ends; those who dropped out or were discharged may ask again one day."""
    patient = patient_at(desk, person)
    stock = stock_at(desk, patient.cell)
    count_of_way(desk, patient.cell, way).is_ += 1
    log(desk, day, LOG_ENDED, patient.key, patient.post, way)
    count_last_span(desk, day, patient, fate_of(way))
    leave_place(desk, person)
    leave_caseload(desk, person)
    come_back(desk, day, patient, way)
    if patient.visits == 0:
        stock.not_seen -= 1
    stock.in_care -= 1
    patient.state = FREE
    give_back_patient(desk, person)


@inlined
def leave_place(desk, person):
    """Leave the line or the day of the calendar where one stands."""
    patient = patient_at(desk, person)
    if patient.state == WAITING or patient.state == IN_CRISIS:
        stock_at(desk, patient.cell).due -= 1
        step_out(desk, line_at(desk, patient.line), person)
    elif patient.state == PLANNED and patient.due < desk.n_calendar:
        step_out(desk, page_at(desk, patient.due), person)
    patient.state = CALLED


@inlined
def come_back(desk, day, patient, way):
    """Draw whether, and when, someone who has left asks for care again."""
    kind, luck = need_of(desk, patient), luck_of(desk)
    dropped = way in (DROPPED_WAITING, DROPPED_AFTER_VISIT, DROPPED_NO_SHOWS, DROPPED_HAND_OVER)
    share = NEVER_BACK
    if dropped:
        share = kind.reentry
    elif way == DISCHARGED:
        share = kind.relapse
    if draw(patient.key, luck.coming_back, 0) < share:
        again = day + geometric(draw(patient.key, luck.away, 0), kind.log_away)
        note(desk, again, mix(patient.key), np.int32(patient.cell), COMES_BACK)
