"""The first day: posts, who is new there or about to leave; patients in care, others still waiting."""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.care import draw_life, plan_visit, visits_needed
from careload.simulate.kernel.chance import draw, geometric, key_of_cell, mix, quantile, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    cell_at,
    diary_at,
    line_at,
    luck_of,
    need_of_cell,
    page_at,
    patient_at,
    post_at,
    rules_of,
    site_at,
    spare_of,
    stock_at,
    team_at,
)
from careload.simulate.kernel.in_care import (
    OF_DUE,
    day_due,
    level_of_due,
    level_of_misses,
    long_due,
    patient_in_care,
    times,
)
from careload.simulate.kernel.lines import new_events, new_patient, new_sheet, note
from careload.simulate.kernel.records import (
    COMES_BACK,
    NOBODY,
    NOT_YET,
)
from careload.simulate.kernel.week import hazard_of_leaving, put_off

LONG_AGO, ROUNDING = np.int32(-3650), 1e-9
OF_DAYS, OF_FIRST_MISSES = range(2)
"""What the draws of somebody not seen yet are for, by their count."""
GOLDEN_RATIO = (math.sqrt(5.0) - 1.0) / 2.0
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
    share_patients(desk, posts)
    enter_patients(desk, site, posts)
    for need in range(desk.n_needs):
        will_ask_again(desk, site, need)


@compiled
def enter_patients(desk, site, posts):
    """Everyone in care or waiting, by day due, so that the lines of those long due are in order."""
    first = spare_of(desk).new_patient
    for place in posts:
        whose_patients(desk, np.int32(place))
    for need in range(desk.n_needs):
        who_waits(desk, site, need)
    last, earliest, latest = spare_of(desk).new_patient, np.int32(0), np.int32(0)
    for person in range(first, last):
        earliest = min(earliest, patient_at(desk, person).due)
        latest = max(latest, patient_at(desk, person).due)
    for due in range(earliest, latest + 1):
        for person in range(first, last):
            patient = patient_at(desk, person)
            if patient.due == due:
                if patient.post != NOBODY:
                    patient_in_care(desk, np.int32(person), np.int32(due))
                else:
                    asked_before(desk, np.int32(person), np.int32(due))


@compiled
def whose_patients(desk, place):
    """Patients at a post, with no more yet than key, post and day due."""
    team = team_at(desk, post_at(desk, place).team)
    for number in range(post_at(desk, place).first_patients):
        person = new_patient(desk)
        if person == NOBODY:
            return
        patient = patient_at(desk, person)
        patient.key, patient.post = draw(post_at(desk, place).key, FIRST_OF_START, number), place
        level = unit(draw(patient.key, luck_of(desk).start, OF_DUE))
        patient.due = day_due(team, level_of_due(desk, place, level))


@compiled
def who_waits(desk, site, need):
    """Those of a need group who wait at a site, with no more yet than key, cell and day due."""
    cell = np.int32(site * desk.n_needs + need)
    for number in range(cell_at(desk, cell).start_waiting):
        person = new_patient(desk)
        if person == NOBODY:
            return
        patient = patient_at(desk, person)
        patient.key = draw(key_of_cell(site, need), FIRST_OF_START, number)
        patient.post, patient.cell = NOBODY, cell
        patient.due = -days_waited(desk, cell, unit(draw(patient.key, luck_of(desk).start, OF_DAYS)))


@inlined
def days_waited(desk, cell, level):
    """Days since somebody not seen yet was due, at a level of the law of their need group; below 0: until."""
    kind = need_of_cell(desk, cell)
    share = quantile(kind.start_waited_shares, kind.start_waited_steps, level)
    return np.int32(math.floor(cell_at(desk, cell).start_waited * share))


@inlined
def share_patients(desk, posts):
    """Patients in care on the first day among the posts of each team, by how full the caseload of each is.

    Of those of who is new fewer or more are overdue: so many more or fewer of the others'.
    """
    whole = reached = full = 0.0
    ratio = rules_of(desk).new_overdue
    for place in posts:
        post, team = post_at(desk, place), team_at(desk, post_at(desk, place).team)
        part = filled_caseload(desk, place)
        if place == team.first_post:
            whole, full, reached = filled_caseloads(desk, team, 0.0), filled_caseloads(desk, team, 1.0), 0.0
        before, reached = reached, reached + part
        post.first_patients = in_care_before(team, reached, whole) - in_care_before(team, before, whole)
        post.first_late = team.start_late
        if 0.0 < full < whole and team.start_late > 0.0:
            late = team.start_late * whole / (full + ratio * (whole - full))
            post.first_late = min(1.0, late if part == 1.0 else ratio * late)


@inlined
def filled_caseloads(desk, team, least):
    """How many full caseloads those of a team make that are at least so full."""
    found = 0.0
    for place in range(team.first_post, team.first_post + team.posts):
        part = filled_caseload(desk, place)
        found += part if part >= least else 0.0
    return found


@inlined
def filled_caseload(desk, place):
    """How full the caseload at a post is on the first day, 0 to 1: of who is new by the days since hired."""
    post, days = post_at(desk, place), rules_of(desk).new_caseload_days
    if post.filled != NOT_YET:
        return 0.0
    return min(1.0, -post.hired / days) if days > 0.0 else 1.0


@inlined
def in_care_before(team, caseloads, whole):
    """Patients in care on the first day at the first posts of a team, and at the teams before it.

    caseloads, whole  full caseloads of these posts, and of all
    """
    if whole == 0.0:
        return int(team.start_before + ROUNDING)
    held = (team.posts - team.vacant) * caseloads / whole
    return int(team.start_before + team.start_patients * held + ROUNDING)


@compiled
def will_ask_again(desk, site, need):
    """Those of a need group at a site who left before the first day, and will ask for care again one day."""
    cell = np.int32(site * desk.n_needs + need)
    for number in range(cell_at(desk, cell).start_away):
        key = draw(key_of_cell(site, need), FIRST_OF_AWAY, number)
        midnight = geometric(draw(key, luck_of(desk).away, 0), need_of_cell(desk, cell).log_away)
        note(desk, midnight - 1, mix(key), cell, COMES_BACK)


@compiled
def asked_before(desk, person, due):
    """A patient not seen yet, due since the day after asking, or after missing a first visit."""
    patient, luck = patient_at(desk, person), luck_of(desk)
    key, cell, kind = patient.key, patient.cell, need_of_cell(desk, patient.cell)
    patient.need = cell_at(desk, cell).need
    patient.missed = first_visits_missed(desk, kind, due, unit(draw(key, luck.start, OF_FIRST_MISSES)))
    put_off = np.int32(cell_at(desk, cell).waiting_put_off * patient.missed)
    patient.arrived = min(due - np.int32(1) - put_off, np.int32(-1))
    patient.last = NOT_YET
    patient.post = patient.own_after = patient.own_before = NOBODY
    patient.visits = patient.tries = 0
    patient.to_go = visits_needed(kind, unit(draw(key, luck.need, 0)))
    patient.urgent = draw(key, luck.urgency, 0) < kind.waiting_urgent
    patient.group = draw(key, luck.group, 0) < kind.group
    stock = stock_at(desk, cell)
    stock.in_care += 1
    stock.not_seen += 1
    stock.started += 1
    draw_life(desk, 0, person)
    booked = patient.arrived if patient.missed == 0 else min(due - rules_of(desk).rebook, np.int32(-1))
    if due >= 0:
        plan_visit(desk, person, booked, due)
    else:
        long_due(desk, person, booked, due, told=kind.start_waited_steps > 1)


@inlined
def first_visits_missed(desk, kind, due, level):
    """First visits missed, fewer than end the wait.

    A first visit is due the day after asking: who is not due by the first day has missed one, and those who
    missed the most are sought among them.
    """
    level = level_of_misses(level, kind.start_not_due, due > 0)
    missed = times(kind.waiting_missed, level, rules_of(desk).most_missed - np.int32(1))
    return max(missed, np.int32(1)) if due > 0 else missed


@compiled
def open_post(desk, place):
    """A post and who holds it, or when it is filled; fractions of slots begin spread over the posts."""
    post = post_at(desk, place)
    team = team_at(desk, post.team)
    post.key = draw(team.key, FIRST_OF_START, place - team.first_post)
    post.hired = post.first_hired = day_hired(desk, team, place - team.first_post)
    post.leaves = post.filled = NOT_YET
    post.first_own = NOBODY
    turn = (place - team.first_post + 0.5) / team.posts
    post.crisis_credit = post.intake_credit = post.open_credit = turn
    post.return_credit = post.session_credit = turn
    post.exhaustion = rules_of(desk).first_exhaustion
    if place - team.first_post >= team.posts - team.vacant:
        post.filled = team.opens
        if not rules_of(desk).replaced_at_once:
            post.filled += geometric(draw(post.key, luck_of(desk).hiring, post.holder), team.filling)
    else:
        post.leaves = day_of_leaving(desk, post)
        put_off(post, team, team.start_put_off_hours)


@inlined
def day_hired(desk, team, turn):
    """The day on which the holder of a team's post was hired, in the year before the first day or long ago.

    Levels in steps of the golden ratio, from one that is drawn: of every team the right share is new.
    """
    rules = rules_of(desk)
    level = (unit(draw(team.key, luck_of(desk).start, 0)) + turn * GOLDEN_RATIO) % 1.0
    if level >= rules.new_share:
        return LONG_AGO
    days = quantile(rules.new_days, rules.new_days_steps, level / rules.new_share)
    return -max(np.int32(1), np.int32(days))


@inlined
def day_of_leaving(desk, post):
    """The day on which a holder leaves who gave notice before the first day; -1 for who gave none.

    Weeks since the last notice ~ exponential, at the hazard of the first day; none was given before being
    hired, and those that have run out are gone.
    """
    hazard = rules_of(desk).under_notice * hazard_of_leaving(desk, np.int32(0), post)
    if hazard <= 0.0:
        return NOT_YET
    weeks = -math.log1p(-unit(draw(post.key, luck_of(desk).start, 1))) / hazard
    if 7.0 * weeks >= min(rules_of(desk).notice, -post.hired):
        return NOT_YET
    return rules_of(desk).notice - 7 * np.int32(weeks)
