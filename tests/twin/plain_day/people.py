"""What happens to a clinician: slots of a day, work of a week, leaving, handing over, being replaced."""

from __future__ import annotations

import math

from tests.twin.plain_day.books import count_team, log
from tests.twin.plain_day.care import handed_over, leave_care
from tests.twin.plain_day.chance import draw, geometric, unit
from tests.twin.plain_day.who import KINDS_OF_SLOTS, Patient, Post, Service, Site

WORKING_DAYS, DAYS_A_YEAR = 5, 365.25
JUST_UNDER_A_SLOT = 1e-9


def post_changes(service: Service, day: int, post: Post) -> None:
    """The holder's last day was yesterday, or a new one begins today."""
    if post.leaves == day:
        leaves(service, day, post)
    if post.filled == day:
        post.filled, post.leaves, post.hired = None, None, day
        post.holder += 1
        post.exhaustion = service.rules.exhaustion_start
        post.undone = post.displaced = post.put_off = 0.0
        count_team(service, day, post.team.number, "hired", 1)
        log(service, day, "hired", post.key, post, post.holder)


def leaves(service: Service, day: int, post: Post) -> None:
    count_team(service, day, post.team.number, "left", 1)
    log(service, day, "left", post.key, post, len(post.own))
    post.leaves = None
    if service.rules.replaced_at_once:
        post.filled = day
        return
    days = geometric(draw(post.key, service.luck.hiring, post.holder), post.team.filling)
    post.filled = day + days
    for patient in list(post.own):
        hand_over(service, day, post, patient)


def hand_over(service: Service, day: int, leaver: Post, patient: Patient) -> None:
    """A leaver's patient drops out, goes to the colleague with most room, or waits for whoever comes."""
    if draw(patient.key, service.luck.hand_over, day) < service.rules.hand_over_loss:
        leave_care(service, day, patient, "dropped_hand_over")
        return
    colleagues = [
        post for post in service.site(patient).posts
        if post is not leaver and post.held and post.leaves is None and patient.cell in post.team.treats
    ]
    if colleagues:
        handed_over(service, day, patient, leaver, min(colleagues, key=lambda post: post.load))


def opens_slots(service: Service, day: int, post: Post) -> None:
    """Offer the slots of the template, or none when away; fractions of a slot are kept for later."""
    post.slots = dict.fromkeys(KINDS_OF_SLOTS, 0)
    if not post.held:
        return
    away = absence(service, day, post)
    if away is not None:
        log(service, day, away, post.key, post, 0)
        if away == "on_strike":
            count_team(service, day, post.team.number, "on_strike", 1 / WORKING_DAYS)
        return
    post.week["present"] += 1
    speed = speed_of(service, day, post)
    for kind in KINDS_OF_SLOTS:
        rate = getattr(post.team, f"{kind}_rate") * speed
        if kind == "return":
            rate = max(0.0, rate - post.displaced / WORKING_DAYS)
        post.credit[kind] += rate
        post.slots[kind] = math.floor(post.credit[kind] + JUST_UNDER_A_SLOT)
        post.credit[kind] -= post.slots[kind]
    post.week["offered"] += sum(post.slots[kind] for kind in KINDS_OF_SLOTS if kind != "session")
    log(service, day, "crisis_slots", post.key, post, post.slots["crisis"])
    log(service, day, "intake_slots", post.key, post, post.slots["intake"] + post.slots["open"])
    log(service, day, "return_slots", post.key, post, post.slots["return"])
    log(service, day, "sessions", post.key, post, post.slots["session"])


def absence(service: Service, day: int, post: Post) -> str | None:
    rules, luck = service.rules, service.luck
    if rules.strike_from <= day <= rules.strike_to and draw(post.key, luck.strike, 0) < rules.strike:
        return "on_strike"
    if draw(post.key, luck.sickness, day) < rules.sick:
        return "sick"
    # Leave comes evenly: a day whenever the working days so far, times the rate, pass a whole number.
    worked = day // 7 * WORKING_DAYS + day % 7 + 1000 * unit(post.key)
    return "on_leave" if int((worked + 1) * rules.leave_rate) > int(worked * rules.leave_rate) else None


def speed_of(service: Service, day: int, post: Post) -> float:
    """Share of the template given: less in the first weeks after being hired."""
    rules, been = service.rules, day - post.hired
    return 1.0 if been >= rules.ramp_days else (
        rules.ramp_from + (1.0 - rules.ramp_from) * been / rules.ramp_days
    )


def takes_new(post: Post) -> bool:
    return post.leaves is None and len(post.own) < post.team.ceiling


def week_ends(service: Service, day: int, site: Site) -> None:
    """Every post closes its week; those not held are vacant."""
    pooled = patients_of_nobody(service, site)
    for post in site.posts:
        if post.held:
            overload(service, day, post, pooled)
            tires(service, post)
            for what, number in (
                ("exhaustion", post.exhaustion), ("filled", 1), ("caseload", len(post.own) + pooled),
            ):
                count_team(service, day, post.team.number, what, number)
            gives_notice(service, day, post)
        elif day >= post.team.opens:
            count_team(service, day, post.team.number, "vacant", 1)
        for what in ("offered", "used", "seated", "attended"):
            count_team(service, day, post.team.number, what, post.week[what])
        post.week.clear()


def patients_of_nobody(service: Service, site: Site) -> float:
    """Patients after their first visit who are on nobody's caseload, for each post held."""
    held = sum(post.held for post in site.posts)
    if service.rules.own_clinician or not held:
        return 0.0
    seen = [patient for patient in service.in_care if patient.visits and service.site(patient) is site]
    return len(seen) / held


def overload(service: Service, day: int, post: Post, pooled: float) -> None:
    """Hours due against hours paid; the excess displaces visits, is done unpaid, or is left undone.

    Of a week of absence nothing is told. What displaces visits is due again next week; where there are not
    so many return visits to displace, the rest is done unpaid.
    """
    team, week = post.team, post.week
    if not week["present"]:
        post.unpaid = 0.0
        for what in ("contact", "non_contact", "paid", "unpaid"):
            log(service, day, what, post.key, post, 0)
        return
    there = week["present"] / WORKING_DAYS
    contact = (
        week["returns"] * team.visit_hours + week["intakes"] * team.intake_hours
        + week["held"] * team.group_hours
    )
    other = (
        week["attended"] * team.note_hours + week["missed"] * team.missed_hours
        + (len(post.own) + pooled) * team.patient_hours + team.fixed_hours * team.fte * there
    )
    other = post.put_off + other
    paid, due = team.paid_hours * team.fte * there, contact + other
    excess = max(0.0, due - paid)
    hours_of_a_visit = team.visit_hours + team.note_hours
    post.put_off = min(excess * team.displaced, WORKING_DAYS * team.return_rate * hours_of_a_visit)
    unpaid, undone = excess * (team.displaced + team.unpaid) - post.put_off, excess * team.undone
    post.displaced = post.put_off / hours_of_a_visit if hours_of_a_visit else 0.0
    post.undone = undone / due if due else 0.0
    post.unpaid = unpaid / paid if paid else 0.0
    hours = {
        "contact": contact, "non_contact": other, "due": due, "paid": paid, "unpaid": unpaid,
        "displaced": post.put_off, "undone": undone,
    }
    for what, number in hours.items():
        count_team(service, day, team.number, f"{what}_hours", number)
    count_team(service, day, team.number, "working", 1)
    for what in ("contact", "non_contact", "paid", "unpaid"):
        log(service, day, what, post.key, post, int(100.0 * hours[what] + 0.5))


def tires(service: Service, post: Post) -> None:
    """Some of the exhaustion stays; unpaid overload adds to it."""
    rules = service.rules
    post.exhaustion = min(1.0, post.exhaustion * rules.exhaustion_kept + rules.exhaustion_rise * post.unpaid)


def gives_notice(service: Service, day: int, post: Post) -> None:
    if post.leaves is not None or post.team.leaving <= 0:
        return
    hazard = post.team.leaving * math.exp(service.rules.log_exhausted * post.exhaustion)
    if day - post.hired < DAYS_A_YEAR:
        hazard *= service.rules.if_new
    if unit(draw(post.key, service.luck.leaving, day // 7)) < 1 - math.exp(-hazard):
        post.leaves = day + 1 + service.rules.notice
