"""Patients in care on the first day: whom a team has, when each is due, what they have had and still need."""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.care import draw_life, line_of, plan_visit
from careload.simulate.kernel.chance import draw, geometric, quantile, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    cell_at,
    line_at,
    luck_of,
    need_of_cell,
    part_of_mix,
    patient_at,
    post_at,
    rules_of,
    stock_at,
    team_at,
    treated,
)
from careload.simulate.kernel.lines import join, note, take_on
from careload.simulate.kernel.records import MOST_QUANTILES, MOST_STAGES, MOST_VISITS, NOBODY, WAITING

DAYS_A_WEEK, WORKING_DAYS = 7, 5
NO_STAGE = np.int32(-1)
OF_DUE, OF_CELL, OF_VISITS, OF_MISSES, OF_TO_GO, OF_PROGRESS = range(6)
"""What the draws of a patient of the first day are for, by their count."""
HARDLY = 1e-9
"""A chance below which nobody is taken to need more."""


@inlined
def day_due(team, level):
    """The day on which a patient in care on the first day is due, at a level of the law of their team.

    A law that was told is one of visits planned from visits: a week of it stands for its working days.
    """
    due = quantile(team.start_due, team.start_due_steps, level) - team.start_overdue
    if team.start_due_steps == 1:
        return math.floor(due)
    week = math.floor(due / DAYS_A_WEEK)
    return DAYS_A_WEEK * week + int((due - DAYS_A_WEEK * week) * WORKING_DAYS / DAYS_A_WEEK)


@inlined
def level_of_due(desk, place, level):
    """The level of the law of a team at a level of that of a post, where more or fewer are overdue."""
    late, here = team_at(desk, post_at(desk, place).team).start_late, post_at(desk, place).first_late
    if here == late:
        return level
    if level < here:
        return late * level / here
    return late + (1.0 - late) * (level - here) / (1.0 - here)


@compiled
def patient_in_care(desk, person, due):
    """A patient amid treatment at a post: a need group of its team, some of the visits still to go."""
    patient, luck = patient_at(desk, person), luck_of(desk)
    key, place = patient.key, patient.post
    cell, stage = cell_and_stage(desk, post_at(desk, place).team, due, unit(draw(key, luck.start, OF_CELL)))
    kind = need_of_cell(desk, cell)
    patient.cell, patient.need = cell, cell_at(desk, cell).need
    patient.visits, patient.to_go = course_so_far(desk, kind, key, stage)
    patient.tries, patient.urgent = 0, 0
    patient.missed = visits_missed(desk, place, due, unit(draw(key, luck.start, OF_MISSES)))
    patient.group = draw(key, luck.group, 0) < kind.group
    # Until here the post whose patient this is; from here the own clinician, if any.
    patient.post = patient.own_after = patient.own_before = NOBODY
    planned = due_before_misses(desk, place, due, patient.missed)
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
        long_due(desk, person, booked, due, told=team_at(desk, post_at(desk, place).team).start_due_steps > 1)


@inlined
def course_so_far(desk, kind, key, stage):
    """Visits had and still to go; where nobody has counted, these are even from 1 to the mean needed."""
    level = unit(draw(key, luck_of(desk).start, OF_VISITS))
    if kind.start_visits[kind.start_visits_steps] < 1.0:
        mean = max(1, int(kind.mean_need + 0.5))
        to_go = 1 + int(mean * (level if stage == NO_STAGE else 1.0 - level_of_stage(kind, stage, level)))
        return max(1, mean - to_go), to_go
    visits, start = visits_had(kind, stage, level), luck_of(desk).start
    done = done_so_far(kind, visits, unit(draw(key, start, OF_PROGRESS)))
    return visits, still_to_go(kind, done, unit(draw(key, start, OF_TO_GO)))


@inlined
def visits_had(kind, stage, level):
    """Visits that a patient in a stage, or in any, has had, at a level of the law of the need group."""
    within = level if stage == NO_STAGE else level_of_stage(kind, stage, level)
    return max(1, int(quantile(kind.start_visits, kind.start_visits_steps, within)))


@inlined
def level_of_stage(kind, stage, level):
    """The level of the law of visits had, at a level of those in a stage."""
    least = kind.start_by_stage[stage - 1] if stage > 0 else 0.0
    return least + level * (kind.start_by_stage[stage] - least)


@inlined
def still_to_go(kind, done, level):
    """Visits still to go, of who needs more than have been done; one, where hardly anybody does."""
    more = kind.needed_more[np.uint64(done)]
    needed = done + 1
    if more < HARDLY:
        return 1
    while needed < MOST_VISITS - 1 and kind.needed_more[np.uint64(needed)] > more * (1.0 - level):
        needed += 1
    return needed - done


@inlined
def done_so_far(kind, visits, level):
    """Visits' worth of progress of so many visits, of who still needs more.

    The first brings one, each of the others whole + Bernoulli(part), whole + part = mean progress:
    P(k of n brought one more) ~ C(n, k) part^k (1 - part)^(n - k) P(more than 1 + n whole + k are needed)
    """
    others, whole = visits - 1, int(kind.start_progress)
    part = kind.start_progress - whole
    rarer = min(part, 1.0 - part)
    odds, all_of, reached = rarer / (1.0 - rarer), 0.0, 0.0
    for turn in range(2):
        chance = 1.0  # of so many of the rarer kind, against none
        for rare in range(others + 1):
            once_more = rare if part <= 0.5 else others - rare
            done = min(1 + others * whole + once_more, MOST_VISITS - 2)
            weight = chance * kind.needed_more[np.uint64(done)]
            if turn == 0:
                all_of += weight
            else:
                reached += weight
                if reached > level * all_of:
                    return done
            chance *= odds * (others - rare) / (rare + 1)
    return min(int(1.5 + others * kind.start_progress), MOST_VISITS - 2)


@inlined
def visits_missed(desk, place, due, level):
    """Visits missed in a row by a patient in care, fewer than end care, at a level of the team's law.

    A no-show is booked again soon: those who have missed the most are sought among those due soon.
    """
    team = team_at(desk, post_at(desk, place).team)
    if team.start_due_steps > 1:
        level = level_of_misses(level, team.start_due_soon, due < rules_of(desk).rebook)
    return times(team.start_missed, level, rules_of(desk).most_missed - np.int32(1))


@inlined
def level_of_misses(level, soon, is_soon):
    """The level of a law of visits missed, where those who missed the most are the `soon`, a share of all."""
    return 1.0 - soon * (1.0 - level) if is_soon else level * (1.0 - soon)


@inlined
def times(shares, level, most):
    """How often at a level, where shares tell who has one or more, two or more, ...; so many at most."""
    found = np.int32(0)
    while found < min(most, MOST_QUANTILES) and level >= 1.0 - shares[np.uint64(found)]:
        found += np.int32(1)
    return found


@inlined
def due_before_misses(desk, place, due, missed):
    """The day on which a patient was due before the visits that were missed."""
    return np.int32(due - team_at(desk, post_at(desk, place).team).start_put_off * missed)


@inlined
def last_seen(desk, place, due, cadence):
    """When a patient in care was last seen; a cadence ago where nothing is told of who is not due yet."""
    if team_at(desk, post_at(desk, place).team).start_due_steps > 1:
        return min(due - cadence, np.int32(-1))
    return min(due, np.int32(0)) - cadence


@compiled
def long_due(desk, person, booked, due, told):
    """A patient overdue on the first day: what ends the wait is drawn from that day on.

    Where a law was told, it is one of the evening before: so was the midnight before.
    """
    patient = patient_at(desk, person)
    patient.booked, patient.due = booked, due
    line = line_of(desk, patient)
    patient.line, patient.state, patient.drawn = line, WAITING, True
    stock_at(desk, patient.cell).due += 1
    join(desk, line_at(desk, line), person)
    kind = need_of_cell(desk, patient.cell)
    if kind.log_wait < 0.0:
        midnight = geometric(draw(patient.key, luck_of(desk).waiting, 0), kind.log_wait)
        note(desk, midnight - int(told), patient.key, person, due)


@compiled
def cell_and_stage(desk, team, due, level):
    """A cell the team treats, and a stage, of a patient due on a day; no stage where no law was told.

    By renewal: of a stage with a cadence of c days, one patient in c + late days is due on each day within c
    days, and none later. Who is due beyond every cadence is of the longest.
    """
    if team_at(desk, team).start_due_steps == 1:
        return cell_of(desk, team, level), NO_STAGE
    whole, reached = 0.0, 0.0
    due = min(due, int(team_at(desk, team).start_longest) - 1)
    for place in range(1, treated(desk, team, 0) + 1):
        for stage in range(MOST_STAGES):
            whole += part_due(desk, team, place, stage, due)
    for place in range(1, treated(desk, team, 0) + 1):
        for stage in range(MOST_STAGES):
            reached += part_due(desk, team, place, stage, due)
            if level * whole < reached:
                return treated(desk, team, place), np.int32(stage)
    return treated(desk, team, 1), NO_STAGE


@inlined
def part_due(desk, team, place, stage, due):
    """Of the patients of a team due on a day, those of a cell and a stage; only the ratio counts."""
    kind = need_of_cell(desk, treated(desk, team, place))
    share = kind.start_by_stage[stage] - (kind.start_by_stage[stage - 1] if stage > 0 else 0.0)
    days = kind.stage_cadence[stage]
    part = part_of_mix(desk, team, place) * share / (days + team_at(desk, team).start_late_days)
    return part if due < days else 0.0


@compiled
def cell_of(desk, team, level):
    """A cell the team treats, in proportion to its patients on the first day."""
    whole, reached = part_of_mix(desk, team, 0), 0.0
    for place in range(1, treated(desk, team, 0) + 1):
        reached += part_of_mix(desk, team, place)
        if level * whole < reached:
            return treated(desk, team, place)
    return treated(desk, team, 1)
