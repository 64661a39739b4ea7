"""A clinician's week: work due against time paid, what the excess does, tiring, giving notice."""

from __future__ import annotations

import math

import numpy as np

from careload.simulate.kernel.chance import draw, unit
from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.counting import log
from careload.simulate.kernel.desk import luck_of, post_at, rules_of, team_at, team_counts
from careload.simulate.kernel.entries import LOG_CONTACT, LOG_NON_CONTACT, LOG_PAID, LOG_UNPAID
from careload.simulate.kernel.records import NOT_YET

WORKING_DAYS, DAYS_A_YEAR = 5.0, 365.25


@compiled
def week_ends(desk, day, place, pooled):
    """A post's week: work due against time paid, what the excess does, exhaustion, giving notice.

    `pooled` are patients of no clinician's own, shared evenly by those who hold a post at the site.
    """
    post, counts = post_at(desk, place), team_counts(desk, post_at(desk, place).team)
    if post.filled != NOT_YET:
        counts.vacant += day >= team_at(desk, post.team).opens
    else:
        overload(desk, day, place, pooled)
        post.exhaustion = tires(rules_of(desk), post)
        counts.exhaustion += post.exhaustion
        counts.filled += 1.0
        counts.caseload += post.caseload + pooled
        gives_notice(desk, day, post)
    counts.offered += post.offered
    counts.used += post.used
    counts.seated += post.seated
    counts.attended += post.attended
    post.offered = post.used = post.seated = post.returns = post.intakes = post.held = 0
    post.attended = post.missed = post.present = 0


@compiled
def overload(desk, day, place, pooled):
    """Work due and time paid of the week; the excess displaces visits, is done unpaid, or is left undone.

    What displaces visits is put off: it falls due again in the next week, and takes the time of return slots.
    More than the template has of these cannot be put off, and is done unpaid. In a week in which nobody is
    there nothing falls due.
    """
    post = post_at(desk, place)
    team = team_at(desk, post.team)
    if post.present == 0:
        post.unpaid = 0.0
        log_hours(desk, day, place, 0.0, 0.0, 0.0, 0.0)
        return
    there = post.present / WORKING_DAYS
    contact = (
        post.returns * team.visit_hours + post.intakes * team.intake_hours + post.held * team.group_hours
    )
    other = post.put_off + (
        post.attended * team.note_hours + post.missed * team.missed_hours
        + (post.caseload + pooled) * team.patient_hours + team.fixed_hours * team.fte * there
    )
    paid, due = team.paid_hours * team.fte * there, contact + other
    excess = max(0.0, due - paid)
    put_off(post, team, excess * team.displaced)
    unpaid, undone = excess * (team.displaced + team.unpaid) - post.put_off, excess * team.undone
    post.undone = undone / due if due > 0.0 else 0.0
    post.unpaid = unpaid / paid if paid > 0.0 else 0.0
    counts = team_counts(desk, post.team)
    counts.contact_hours += contact
    counts.non_contact_hours += other
    counts.due_hours += due
    counts.paid_hours += paid
    counts.unpaid_hours += unpaid
    counts.displaced_hours += post.put_off
    counts.undone_hours += undone
    counts.working += 1.0
    log_hours(desk, day, place, contact, other, paid, unpaid)


@inlined
def put_off(post, team, hours):
    """Hours of work that fall due again next week, and take the time of as many visits: no more than all."""
    visit_hours = team.visit_hours + team.note_hours
    post.put_off = min(hours, WORKING_DAYS * team.return_rate * visit_hours)
    post.displaced = post.put_off / visit_hours if visit_hours > 0.0 else 0.0


@inlined
def log_hours(desk, day, place, contact, other, paid, unpaid):
    """Write the hours of a post's week into the log."""
    key = post_at(desk, place).key
    log(desk, day, LOG_CONTACT, key, place, np.int32(100.0 * contact + 0.5))
    log(desk, day, LOG_NON_CONTACT, key, place, np.int32(100.0 * other + 0.5))
    log(desk, day, LOG_PAID, key, place, np.int32(100.0 * paid + 0.5))
    log(desk, day, LOG_UNPAID, key, place, np.int32(100.0 * unpaid + 0.5))


@inlined
def tires(rules, post):
    """Exhaustion after the week: e kept + rise * unpaid overload, at most 1."""
    return min(1.0, post.exhaustion * rules.exhaustion_kept + rules.exhaustion_rise * post.unpaid)


@inlined
def gives_notice(desk, day, post):
    """Draw whether a clinician gives notice: P = 1 - exp(-hazard of the week)."""
    if post.leaves != NOT_YET or team_at(desk, post.team).leaving <= 0.0:
        return
    hazard = hazard_of_leaving(desk, day, post)
    if unit(draw(post.key, luck_of(desk).leaving, day // 7)) < -math.expm1(-hazard):
        post.leaves = day + 1 + rules_of(desk).notice


@inlined
def hazard_of_leaving(desk, day, post):
    """Notices a week: the team's hazard * exp(log ratio * exhaustion) * tenure."""
    rules = rules_of(desk)
    hazard = team_at(desk, post.team).leaving * math.exp(rules.log_exhausted * post.exhaustion)
    return hazard * rules.if_new if day - post.hired < DAYS_A_YEAR else hazard
