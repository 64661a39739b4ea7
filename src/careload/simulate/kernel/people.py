"""A clinician's way: a day's slots, leaving, handing over, being replaced.

Every function here is one thing that happens at one post.
"""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.care import leave_care, line_of
from careload.simulate.kernel.chance import draw, geometric, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.counting import log
from careload.simulate.kernel.desk import (
    cell_at,
    line_at,
    luck_of,
    own_line,
    patient_at,
    post_at,
    rules_of,
    site_at,
    team_at,
    team_counts,
    treated,
)
from careload.simulate.kernel.entries import (
    LOG_CRISIS_SLOTS,
    LOG_HANDED_OVER,
    LOG_HIRED,
    LOG_INTAKE_SLOTS,
    LOG_LEFT,
    LOG_ON_LEAVE,
    LOG_ON_STRIKE,
    LOG_RETURN_SLOTS,
    LOG_SESSIONS,
    LOG_SICK,
)
from careload.simulate.kernel.lines import join_in_order, leave_caseload, step_out, take_on
from careload.simulate.kernel.records import DROPPED_HAND_OVER, NOBODY, NOT_YET, WAITING

WORKING_DAYS, ROUNDING = 5.0, 1e-9


@inlined
def open_slots(desk, day, place, workday):
    """The slots a post offers today: those of its template, as far as its holder is there and up to speed.

    Fractions of a slot are carried to the next day. Overwork of last week takes return slots of this week.
    """
    post = post_at(desk, place)
    team = team_at(desk, post.team)
    post.crisis_slots = post.intake_slots = post.open_slots = post.return_slots = post.sessions = 0
    away = absence(desk, day, post, workday)
    if away != NOBODY:
        if post.filled == NOT_YET:
            log(desk, day, away, post.key, place, 0)
        if away == LOG_ON_STRIKE:
            team_counts(desk, post.team).on_strike += 1.0 / WORKING_DAYS
        return
    post.present += 1
    speed = speed_of(rules_of(desk), day, post.hired)
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
    team_counts(desk, post.team).seats += post.sessions * team.seats
    log_slots(desk, day, place, post)


@inlined
def log_slots(desk, day, place, post):
    """Write into the log what a post offers today."""
    log(desk, day, LOG_CRISIS_SLOTS, post.key, place, post.crisis_slots)
    log(desk, day, LOG_INTAKE_SLOTS, post.key, place, post.intake_slots + post.open_slots)
    log(desk, day, LOG_RETURN_SLOTS, post.key, place, post.return_slots)
    log(desk, day, LOG_SESSIONS, post.key, place, post.sessions)


@inlined
def absence(desk, day, post, workday):
    """Why nobody works at a post today: strike, sickness, leave, 0 if it is vacant; -1 when somebody does."""
    rules, luck = rules_of(desk), luck_of(desk)
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
def takes_new(desk, post):
    """Whether a clinician takes new patients: not under notice, caseload below the ceiling."""
    return post.leaves == NOT_YET and post.caseload < team_at(desk, post.team).ceiling


@compiled
def post_changes(desk, day, place):
    """The holder's last day was yesterday, or a new one begins today."""
    post = post_at(desk, place)
    if post.leaves == day:
        leaves(desk, day, place)
    if post.filled == day:
        post.filled = post.leaves = NOT_YET
        post.holder += 1
        post.hired = day
        post.exhaustion = rules_of(desk).exhaustion_start
        post.undone = post.displaced = post.put_off = 0.0
        team_counts(desk, post.team).hired += 1.0
        log(desk, day, LOG_HIRED, post.key, place, post.holder)


@compiled
def leaves(desk, day, place):
    """A clinician leaves: the post is vacant until filled, the patients are handed over."""
    post = post_at(desk, place)
    team_counts(desk, post.team).left += 1.0
    log(desk, day, LOG_LEFT, post.key, place, post.caseload)
    post.leaves, post.filled = NOT_YET, day
    if rules_of(desk).replaced_at_once:
        return
    bits = draw(post.key, luck_of(desk).hiring, post.holder)
    post.filled = day + geometric(bits, team_at(desk, post.team).filling)
    count_loads(desk, site_at(desk, team_at(desk, post.team).site))
    person = post.first_own
    while person != NOBODY:
        following = patient_at(desk, person).own_after
        hand_over(desk, day, person, place)
        person = following


@compiled
def hand_over(desk, day, person, place):
    """A leaver's patient drops out, or goes to the colleague of the site with most room for one.

    Where no colleague may treat the patient, the patient waits for whoever fills the post.
    """
    patient = patient_at(desk, person)
    if draw(patient.key, luck_of(desk).hand_over, day) < rules_of(desk).hand_over_loss:
        leave_care(desk, day, person, DROPPED_HAND_OVER)
        return
    colleague = most_room(desk, patient.cell, place)
    if colleague == NOBODY:
        return
    team_counts(desk, post_at(desk, place).team).handed_over += 1.0
    log(desk, day, LOG_HANDED_OVER, patient.key, colleague, place)
    in_line = patient.state == WAITING and patient.line == own_line(desk, patient.post)
    if in_line:
        step_out(desk, line_at(desk, patient.line), person)
    leave_caseload(desk, person)
    take_on(desk, person, colleague)
    post_at(desk, colleague).load = load_of(desk, post_at(desk, colleague))
    if in_line:
        patient.line = line_of(desk, patient)
        join_in_order(desk, line_at(desk, patient.line), person)


@compiled
def most_room(desk, cell, leaver):
    """The post of the site with fewest patients per weekly slot among those who may treat the cell."""
    site = site_at(desk, cell_at(desk, cell).site)
    best, fewest = np.int32(NOBODY), math.inf
    for place in range(site.first_post, site.first_post + site.posts):
        post = post_at(desk, place)
        available = place != leaver and post.filled == NOT_YET and post.leaves == NOT_YET
        if available and post.load < fewest and may_treat(desk, post.team, cell):
            best, fewest = np.int32(place), post.load
    return best


@inlined
def count_loads(desk, site):
    """Write down, of each post of a site, its patients per weekly slot."""
    for place in range(site.first_post, site.first_post + site.posts):
        post_at(desk, place).load = load_of(desk, post_at(desk, place))


@inlined
def load_of(desk, post):
    """Patients on a caseload for each weekly slot of its template."""
    return post.caseload / team_at(desk, post.team).weekly_slots


@inlined
def may_treat(desk, team, cell):
    """Whether clinicians of a team may treat the patients of a cell."""
    for place in range(1, treated(desk, team, 0) + 1):  # noqa: SIM110
        if treated(desk, team, place) == cell:
            return True
    return False
