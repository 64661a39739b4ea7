"""A day in the example clinic.

1. staff      leavers go, new colleagues start, unplanned leave begins
2. calendar   on Mondays the week fourteen weeks ahead opens
3. referrals  come in and are offered a protected intake slot
4. telephone  patients and the clinic cancel and rebook; the recall list is called
5. visits     are held or missed; the next one is prescribed and booked in the
              clinician's next free return slot
6. nights     crises, emergency visits, dropout, other ends of care
7. week       on Fridays hours are written down, exhaustion moves, some give notice
"""

from __future__ import annotations

import math

from careload.history.example.book import (
    Clinic,
    book,
    book_intake,
    book_return,
    cancel,
    close_referral,
    end_care,
    least_full,
    new_patient,
    rebook,
)
from careload.history.example.people import (
    DAY,
    GAP_AT_START_DAYS,
    GROUP_NEEDS,
    HORIZON_WEEKS,
    IN_CARE_AT_START,
    LAST,
    OPEN,
    POSTS_BY_SITE,
    PROFESSIONS,
    REFERRALS_PER_WEEK,
    Appointment,
    Dice,
    Patient,
    Referral,
)
from careload.history.example.team import calendar, hire, open_week, staff, week


def run(seed: int) -> Clinic:
    """The clinic after its whole story, some months beyond the day of the extract."""
    clinic = opening(Dice(seed))
    for clinic.day in range(LAST + 1):
        staff(clinic)
        calendar(clinic)
        if OPEN[clinic.day]:
            referrals(clinic)
            telephone(clinic)
            visits(clinic)
        nights(clinic)
        week(clinic)
    return clinic


def opening(dice: Dice) -> Clinic:
    """The clinic on its first day: staff in post, patients in care, calendars filled for weeks."""
    clinic = Clinic(dice)
    for site, posts in POSTS_BY_SITE.items():
        for profession, number in zip(PROFESSIONS, posts, strict=True):
            for _ in range(number):
                hire(clinic, f"post{len(clinic.clinicians) + 1:02d}", profession, site, -dice.wait(1500) - 30)
    for week_ahead in range(HORIZON_WEEKS):
        open_week(clinic, week_ahead)
    lasts = sorted(-dice.between(1, GAP_AT_START_DAYS) for _ in range(IN_CARE_AT_START))
    for last in lasts:
        patient = new_patient(clinic)
        patient.episode_opened = last - dice.wait(330)
        patient.visits, patient.last_visit = 1 + (last - patient.episode_opened) // 40, last
        patient.score = 7 + 12 * dice.uniform()
        patient.clinician = least_full(clinic, patient)
        patient.clinician.caseload += 1
        clinic.in_care.append(patient)
        book_return(clinic, patient, max(0, last + 14), now=last * DAY + 10 * 60)
    return clinic


def referrals(clinic: Clinic) -> None:
    """Referrals of the day (more on Mondays, more in autumn), each offered an intake slot."""
    weekday, season = clinic.day % 7, 1 + 0.15 * math.cos(2 * math.pi * (clinic.day - 10) / 365)
    mean = REFERRALS_PER_WEEK * season * (0.26, 0.21, 0.19, 0.18, 0.16)[weekday]
    for _ in range(clinic.dice.count(mean)):
        refer(clinic, clinic.day * DAY + clinic.dice.between(8 * 60, 15 * 60))


def refer(clinic: Clinic, now: int) -> None:
    """One request for care: rejected, not reached, or offered the first suitable intake slot."""
    dice, patient = clinic.dice, new_patient(clinic)
    urgency = dice.pick(("routine", "urgent", "emergency"), (0.86, 0.13, 0.01))
    preferred = clinic.day + dice.between(7, 35) if dice.chance(0.15) else None
    referral = Referral(f"r{len(clinic.referrals) + 1:05d}", patient, now, urgency, preferred)
    clinic.referrals.append(referral)
    patient.referral = referral
    outcome = dice.pick(("", "rejected", "unreachable"), (0.92, 0.045, 0.035))
    if outcome:
        referral.outcome, referral.closed = outcome, clinic.day + dice.between(1, 9)
    else:
        book_intake(clinic, patient, now, now + 20)


def telephone(clinic: Clinic) -> None:
    """Cancellations meant for today, each perhaps with a new booking; then the recall list."""
    for appointment, status in clinic.diary.pop(clinic.day, []):
        if appointment.status != "booked":
            continue
        now = min(clinic.day * DAY + clinic.dice.between(8 * 60, 8 * 60 + 50), appointment.slot.start - 15)
        cancel(clinic, appointment, status, max(now, appointment.booked + 5))
        rebook(clinic, appointment, now + 10)
    for patient in clinic.recall.pop(clinic.day, []):
        if patient.in_care and not patient.live:
            now = clinic.day * DAY + clinic.dice.between(9 * 60, 17 * 60)
            book_return(clinic, patient, clinic.day + 1, now)


def visits(clinic: Clinic) -> None:
    """Every appointment of the day is held or missed."""
    sessions: set[str] = set()
    for appointment in sorted(clinic.agenda.pop(clinic.day, []), key=lambda a: (a.slot.start, a.id)):
        if appointment.status != "booked":
            continue
        patient, who, kind = appointment.patient, appointment.slot.clinician, appointment.slot.kind
        probability = p_no_show(appointment)
        patient.live.remove(appointment)
        missed = clinic.dice.chance(probability)
        clinic.tally.due(appointment, probability, missed)
        if missed:
            appointment.status = "no_show"
            who.missed += kind != "group"
            after_no_show(clinic, appointment)
            continue
        appointment.status = "completed"
        if appointment.group not in sessions:
            who.contact += appointment.slot.minutes / 60
        if appointment.group:
            sessions.add(appointment.group)
        who.held += 1
        attended(clinic, appointment)


def p_no_show(appointment: Appointment) -> float:
    """Probability of not coming: grows with days from booking to visit, then levels off."""
    lead = (appointment.slot.start - appointment.booked) / DAY
    medicaid = 0.03 if appointment.patient.coverage == "Medicaid" else 0.0
    if appointment.slot.kind == "intake":
        return 0.04 + medicaid + 0.10 * (1 - math.exp(-lead / 7))
    if appointment.slot.kind == "return":
        return 0.05 + medicaid + 0.10 * (1 - math.exp(-lead / 14))
    return 0.08 + medicaid


def after_no_show(clinic: Clinic, appointment: Appointment) -> None:
    """Most come back into the queue; some give up or drop out, some are never called."""
    patient, dice, now = appointment.patient, clinic.dice, clinic.day * DAY + 17 * 60 + 30
    if appointment.slot.kind == "intake":
        if dice.chance(0.35):
            close_referral(clinic, patient, "gave_up")
        else:
            book_intake(clinic, patient, appointment.requested, now)
    elif appointment.slot.kind == "return" and patient.in_care:
        if dice.chance(0.05):
            end_care(clinic, patient, "dropped")
        elif dice.chance(0.2):
            clinic.recall[clinic.day + 14 + dice.wait(45)].append(patient)
        else:
            book_return(clinic, patient, clinic.day + 3, now)


def attended(clinic: Clinic, appointment: Appointment) -> None:
    """A visit: episode opens at intake; progress; discharge or the next visit prescribed and booked."""
    patient, dice, who = appointment.patient, clinic.dice, appointment.slot.clinician
    if appointment.slot.kind == "intake":
        patient.episode_opened = clinic.day
        patient.clinician = who if who.left is None else least_full(clinic, patient)
        patient.clinician.caseload += 1
        clinic.in_care.append(patient)
        close_referral(clinic, patient, "seen")
    clinic.tally.attended(patient, appointment, clinic.day)
    gap = clinic.day - patient.last_visit if patient.last_visit is not None else 14
    patient.visits, patient.last_visit = patient.visits + 1, clinic.day
    # Progress at each visit is smaller after a long gap.
    progress = 2.2 * dice.uniform() * math.exp(-max(0, gap - 14) / 60)
    patient.score = max(0.0, patient.score - progress + 0.5 * dice.uniform())
    if patient.visits % 3 == 1:
        measure_outcome(clinic, patient)
    if appointment.slot.kind == "group":
        patient.group_visits_left -= 1
        return
    if patient.visits >= 5 and dice.chance(0.026 if patient.score > 8 else 0.055):
        end_care(clinic, patient, dice.pick(("completed", "referred_out"), (0.9, 0.1)))
        return
    prescribe(clinic, appointment)
    if patient.visits == 3 and patient.need in GROUP_NEEDS and dice.chance(0.25):
        patient.group_visits_left = 8
    if any(a.slot.kind == "return" for a in patient.live):
        return
    now = clinic.day * DAY + appointment.slot.start % DAY + appointment.slot.minutes
    if dice.chance(0.05):
        clinic.recall[clinic.day + 21 + dice.wait(60)].append(patient)
    else:
        book_return(clinic, patient, clinic.day + int(0.9 * patient.prescribed), now)


def prescribe(clinic: Clinic, appointment: Appointment) -> None:
    """Write the interval until the next visit; over two years it follows the calendar more and more."""
    patient, dice = appointment.patient, clinic.dice
    assert patient.clinician is not None
    cadence = 14 if patient.visits <= 4 else dice.pick((14, 21, 28), (0.3, 0.4, 0.3))
    free = patient.clinician.free["return"]
    calendar_wait = free[min(5, len(free) - 1)].day - clinic.day if free else 7 * HORIZON_WEEKS
    drift = 0.25 + 0.5 * clinic.day / LAST
    patient.prescribed = max(cadence, 7 * round(((1 - drift) * cadence + drift * calendar_wait) / 7))
    appointment.prescribed = patient.prescribed
    appointment.approved = patient.prescribed > 14 and dice.chance(0.03 if patient.site == "North" else 0.09)
    clinic.tally.prescribed(patient.prescribed, appointment.approved, clinic.day)


def measure_outcome(clinic: Clinic, patient: Patient) -> None:
    """A questionnaire: PHQ-9 for depression and others, GAD-7 for anxiety."""
    instrument, top = ("GAD-7", 21) if patient.need == "anxiety" else ("PHQ-9", 27)
    score = min(top, max(0, round(patient.score + 3 * (clinic.dice.uniform() - 0.5))))
    item = clinic.dice.pick((0.0, 1.0, 2.0, 3.0), (0.8, 0.13, 0.05, 0.02)) if instrument == "PHQ-9" else None
    clinic.outcomes.append((patient, instrument, float(score), item, clinic.day))


def nights(clinic: Clinic) -> None:
    """Hazards of a day for everyone in care; drawn thinly: a low ceiling first, then the exact hazard."""
    dice, ceiling = clinic.dice, 0.006
    chosen = [clinic.in_care[place] for place in dice.below(ceiling, len(clinic.in_care))]
    for patient in chosen:
        if not patient.in_care:
            continue
        draw, since = dice.uniform() * ceiling, clinic.day - (patient.last_visit or clinic.day)
        emergency = 0.00012 + 0.000008 * max(0, since - 14)
        dropout = 0.0001 + 0.000008 * max(0, since - 14)
        if draw < emergency:
            emergency_visit(clinic, patient)
        elif draw < emergency + dropout:
            end_care(clinic, patient, "dropped")
        elif draw < emergency + dropout + 0.00012:
            reason = dice.pick(("lost_coverage", "administrative", "died"), (0.6, 0.3, 0.1))
            patient.died = clinic.day if reason == "died" else None
            end_care(clinic, patient, reason)
    clinic.tally.person_days(clinic.day, len(clinic.in_care))
    clinic.in_care = [patient for patient in clinic.in_care if patient.in_care]


def emergency_visit(clinic: Clinic, patient: Patient) -> None:
    """An emergency visit; some are admitted, most of the others get a crisis slot if there is one."""
    dice, start = clinic.dice, clinic.day * DAY + clinic.dice.between(18 * 60, 23 * 60)
    clinic.encounters.append((patient, "ed", start, start + dice.between(120, 900)))
    clinic.tally.emergency(clinic.day)
    if dice.chance(0.15):
        days = 2 + dice.wait(6)
        clinic.encounters.append((patient, "inpatient", start + 900, start + 900 + days * DAY))
        if dice.chance(0.3):
            end_care(clinic, patient, "admitted")
    elif dice.chance(0.75):
        taken = {a.slot.day for a in patient.live}
        here = [c for c in clinic.clinicians if c.site == patient.site]
        soon = [s for c in here for s in c.free["crisis"] if 1 <= s.day - clinic.day <= 14]
        free = [s for s in soon if s.day not in taken]
        if free:
            # Not the first free one: somebody has to ring first.
            slot = sorted(free, key=lambda s: (s.start, s.id))[min(len(free) - 1, dice.between(3, 14))]
            book(clinic, patient, slot, start + 60, (clinic.day + 1) * DAY + 7 * 60 + 30)
