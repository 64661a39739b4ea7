"""A clinician's way: a day's slots, a week's work, tiring, leaving, handing over, being replaced.

Every function here is one thing that happens at one post.
"""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.care import leave_care, leave_caseload, line_of, take_on
from careload.simulate.kernel.chance import draw, geometric, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.lines import join_in_order, log, step_out
from careload.simulate.kernel.records import (
    CASELOAD,
    CONTACT,
    DISPLACED_HOURS,
    DROPPED_HAND_OVER,
    DUE_HOURS,
    EXHAUSTION,
    FILLED,
    HANDED_OVER,
    HIRED,
    LEFT,
    LINES_OF_A_CELL,
    LOG_CONTACT,
    LOG_CRISIS_SLOTS,
    LOG_HANDED_OVER,
    LOG_HIRED,
    LOG_INTAKE_SLOTS,
    LOG_LEFT,
    LOG_NON_CONTACT,
    LOG_ON_LEAVE,
    LOG_ON_STRIKE,
    LOG_PAID,
    LOG_RETURN_SLOTS,
    LOG_SESSIONS,
    LOG_SICK,
    LOG_UNPAID,
    NOBODY,
    NON_CONTACT,
    NOT_YET,
    OFFERED,
    PAID_HOURS,
    SEATED,
    TEAM_ATTENDED,
    UNDONE_HOURS,
    UNPAID_HOURS,
    USED,
    VACANT,
    WAITING,
    WORKING,
)

WORKING_DAYS, DAYS_A_YEAR, ROUNDING = 5.0, 365.25, 1e-9


@inlined
def open_slots(plan, world, tally, luck, day, place, workday):
    """The slots a post offers today: those of its template, as far as its holder is there and up to speed.

    Fractions of a slot are carried to the next day. Overwork of last week takes return slots of this week.
    """
    post = world.posts[place]
    team = plan.teams[post.team]
    post.crisis_slots = post.intake_slots = post.open_slots = post.return_slots = post.sessions = 0
    away = absence(plan, luck, day, post, workday)
    if away != NOBODY:
        if post.filled == NOT_YET:
            log(tally, day, away, post.key, place, 0)
        return
    post.present += 1
    speed = speed_of(plan.rules, day, post.hired)
    post.crisis_credit += team.crisis_rate * speed
    post.intake_credit += team.intake_rate * speed
    post.open_credit += team.open_rate * speed
    post.return_credit += max(0.0, team.return_rate * speed - post.displaced / WORKING_DAYS)
    post.session_credit += team.session_rate * speed
    post.crisis_slots = int(post.crisis_credit + ROUNDING)
    post.intake_slots = int(post.intake_credit + ROUNDING)
    post.open_slots = int(post.open_credit + ROUNDING)
    post.return_slots = int(post.return_credit + ROUNDING)
    post.sessions = int(post.session_credit + ROUNDING)
    post.crisis_credit -= post.crisis_slots
    post.intake_credit -= post.intake_slots
    post.open_credit -= post.open_slots
    post.return_credit -= post.return_slots
    post.session_credit -= post.sessions
    post.offered += post.crisis_slots + post.intake_slots + post.open_slots + post.return_slots
    log_slots(tally, day, place, post)


@inlined
def log_slots(tally, day, place, post):
    """Write into the log what a post offers today."""
    log(tally, day, LOG_CRISIS_SLOTS, post.key, place, post.crisis_slots)
    log(tally, day, LOG_INTAKE_SLOTS, post.key, place, post.intake_slots + post.open_slots)
    log(tally, day, LOG_RETURN_SLOTS, post.key, place, post.return_slots)
    log(tally, day, LOG_SESSIONS, post.key, place, post.sessions)


@inlined
def absence(plan, luck, day, post, workday):
    """Why nobody works at a post today: strike, sickness, leave, 0 if it is vacant; -1 when somebody does."""
    rules = plan.rules
    if post.filled != NOT_YET:
        return np.int32(0)
    if rules.strike_from <= day <= rules.strike_to and draw(post.key, luck.strike, 0) < rules.strike:
        return LOG_ON_STRIKE
    if rules.sick > 0 and draw(post.key, luck.sickness, day) < rules.sick:
        return LOG_SICK
    # Leave is spread evenly, and not on the same days for everybody.
    turn = workday + unit(post.key) * 1000.0
    if math.floor((turn + 1.0) * rules.leave_rate) > math.floor(turn * rules.leave_rate):
        return LOG_ON_LEAVE
    return NOBODY


@inlined
def speed_of(rules, day, hired):
    """Share of the template a clinician gives: all of it, or less in the weeks after being hired."""
    if day - hired >= rules.ramp_days:
        return 1.0
    return rules.ramp_from + (1.0 - rules.ramp_from) * (day - hired) / rules.ramp_days


@inlined
def takes_new(plan, day, post):
    """Whether a clinician takes new patients: not under notice, caseload below the ceiling."""
    return post.leaves == NOT_YET and post.caseload < plan.teams[post.team].ceiling


@compiled
def post_changes(plan, world, tally, luck, day, place):
    """The holder's last day was yesterday, or a new one begins today."""
    post = world.posts[place]
    if post.leaves == day:
        leaves(plan, world, tally, luck, day, place)
    if post.filled == day:
        post.filled = post.leaves = NOT_YET
        post.holder += 1
        post.hired = day
        post.exhaustion, post.undone, post.displaced = plan.rules.exhaustion_start, 0.0, 0.0
        tally.teams[day // 7, post.team, HIRED] += 1
        log(tally, day, LOG_HIRED, post.key, place, post.holder)


@compiled
def leaves(plan, world, tally, luck, day, place):
    """A clinician leaves: the post is vacant until filled, the patients are handed over."""
    post = world.posts[place]
    team = plan.teams[post.team]
    tally.teams[day // 7, post.team, LEFT] += 1
    log(tally, day, LOG_LEFT, post.key, place, post.caseload)
    post.leaves = NOT_YET
    post.filled = day
    if plan.rules.replaced_at_once:
        return
    post.filled = day + geometric(draw(post.key, luck.hiring, post.holder), team.filling)
    person = post.first_own
    while person != NOBODY:
        following = world.patients[person].own_after
        hand_over(plan, world, tally, luck, day, person, place)
        person = following


@compiled
def hand_over(plan, world, tally, luck, day, person, place):
    """A leaver's patient drops out, or goes to the colleague of the site with most room for one.

    Where no colleague may treat the patient, the patient waits for whoever fills the post.
    """
    patient = world.patients[person]
    if draw(patient.key, luck.hand_over, day) < plan.rules.hand_over_loss:
        leave_care(plan, world, tally, luck, day, person, DROPPED_HAND_OVER)
        return
    colleague = most_room(plan, world, patient.cell, place)
    if colleague == NOBODY:
        return
    tally.teams[day // 7, world.posts[place].team, HANDED_OVER] += 1
    log(tally, day, LOG_HANDED_OVER, patient.key, colleague, place)
    own_line = patient.state == WAITING and patient.line == line_of(plan, patient)
    in_line = own_line and patient.line >= len(plan.cells) * LINES_OF_A_CELL
    if in_line:
        step_out(world, world.lines[patient.line], person)
    leave_caseload(world, person)
    take_on(world, person, colleague)
    if in_line:
        patient.line = line_of(plan, patient)
        join_in_order(world, tally, world.lines[patient.line], person)


@compiled
def most_room(plan, world, cell, leaver):
    """The post of the site with fewest patients per weekly slot among those who may treat the cell."""
    site = plan.cells[cell].site
    best, fewest = np.int32(NOBODY), math.inf
    for place in range(plan.sites[site].first_post, plan.sites[site].first_post + plan.sites[site].posts):
        post = world.posts[place]
        available = place != leaver and post.filled == NOT_YET and post.leaves == NOT_YET
        if available and may_treat(plan, post.team, cell):
            load = load_of(plan, post)
            if load < fewest:
                best, fewest = np.int32(place), load
    return best


@inlined
def load_of(plan, post):
    """Patients on a caseload for each weekly slot of its template."""
    return post.caseload / plan.teams[post.team].weekly_slots


@compiled
def may_treat(plan, team, cell):
    """Whether clinicians of a team may treat the patients of a cell."""
    for place in range(1, plan.treats[team, 0] + 1):  # noqa: SIM110
        if plan.treats[team, place] == cell:
            return True
    return False


@compiled
def week_ends(plan, world, tally, luck, day, place, pooled):
    """A post's week: work due against time paid, what the excess does, exhaustion, giving notice.

    `pooled` are patients of no clinician's own, shared evenly by those who hold a post at the site.
    """
    post = world.posts[place]
    counts = tally.teams[day // 7, post.team]
    if post.filled != NOT_YET:
        counts[VACANT] += 1.0
    else:
        overload(plan, tally, day, place, post, counts, pooled)
        post.exhaustion = tires(plan, post)
        counts[EXHAUSTION] += post.exhaustion
        counts[FILLED] += 1.0
        counts[CASELOAD] += post.caseload + pooled
        gives_notice(plan, luck, day, post)
    counts[OFFERED] += post.offered
    counts[USED] += post.used
    counts[SEATED] += post.seated
    counts[TEAM_ATTENDED] += post.attended
    post.offered = post.used = post.seated = post.returns = post.intakes = post.held = 0
    post.attended = post.missed = post.present = 0


@compiled
def overload(plan, tally, day, place, post, counts, pooled):
    """Work due and time paid of the week; the excess displaces visits, is done unpaid, or is left undone."""
    team = plan.teams[post.team]
    there = post.present / WORKING_DAYS
    contact = (
        post.returns * team.visit_hours + post.intakes * team.intake_hours + post.held * team.group_hours
    )
    other = (
        post.attended * team.note_hours + post.missed * team.missed_hours
        + (post.caseload + pooled) * team.patient_hours + team.fixed_hours * team.fte * there
    )
    paid = team.paid_hours * team.fte * there
    due = contact + other
    excess = max(0.0, due - paid) if there > 0.0 else 0.0
    post.displaced = excess * team.displaced / (team.visit_hours + team.note_hours)
    post.undone = excess * team.undone / due if due > 0.0 else 0.0
    unpaid = excess * team.unpaid
    post.unpaid = unpaid / paid if paid > 0.0 else 0.0
    counts[CONTACT] += contact
    counts[NON_CONTACT] += other
    counts[DUE_HOURS] += due
    counts[PAID_HOURS] += paid
    counts[UNPAID_HOURS] += unpaid
    counts[DISPLACED_HOURS] += excess * team.displaced
    counts[UNDONE_HOURS] += excess * team.undone
    counts[WORKING] += there
    log(tally, day, LOG_CONTACT, post.key, place, np.int32(100.0 * contact + 0.5))
    log(tally, day, LOG_NON_CONTACT, post.key, place, np.int32(100.0 * other + 0.5))
    log(tally, day, LOG_PAID, post.key, place, np.int32(100.0 * paid + 0.5))
    log(tally, day, LOG_UNPAID, post.key, place, np.int32(100.0 * unpaid + 0.5))


@compiled
def tires(plan, post):
    """Exhaustion after the week: e kept + rise * unpaid overload, at most 1."""
    rules = plan.rules
    return min(1.0, post.exhaustion * rules.exhaustion_kept + rules.exhaustion_rise * post.unpaid)


@compiled
def gives_notice(plan, luck, day, post):
    """Draw whether a clinician gives notice: hazard * exp(log ratio * exhaustion) * tenure."""
    rules, team = plan.rules, plan.teams[post.team]
    if post.leaves != NOT_YET or team.leaving <= 0.0:
        return
    hazard = team.leaving * math.exp(rules.log_exhausted * post.exhaustion)
    if day - post.hired < DAYS_A_YEAR:
        hazard *= rules.if_new
    week = day // 7
    if unit(draw(post.key, luck.leaving, week)) < -math.expm1(-hazard):
        post.leaves = day + 1 + rules.notice
