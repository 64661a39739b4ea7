"""Clinicians and their templates: hiring, leave, groups, hours, notice, surveys (steps 1, 2 and 7)."""

from __future__ import annotations

from bisect import bisect_left, insort

from careload.history.example.book import Clinic, book, cancel, end_care, least_full, rebook
from careload.history.example.people import (
    DAY,
    FTES,
    GROUP_POSTS,
    HORIZON_WEEKS,
    INTAKES_PER_FTE,
    LAST,
    OPEN,
    POSTS_BY_SITE,
    PROFESSIONS,
    RETURNS_PER_FTE,
    Clinician,
    Slot,
)


def hire(clinic: Clinic, post: str, profession: str, site: str, day: int) -> Clinician:
    """A new clinician in a post, with holidays planned for the years to come."""
    dice = clinic.dice
    who = Clinician(
        id=f"c{len(clinic.clinicians) + 1:02d}", post=post, profession=profession, site=site,
        fte=FTES[int(post[4:]) % len(FTES)], spanish=int(post[4:]) % 5 == 0, hired=day,
    )
    for year_start in range(0, LAST + 7 * HORIZON_WEEKS, 364):
        for weeks, low, high in ((2, 34, 48), (1, 10, 15), (1, 20, 28)):
            start = year_start + 7 * dice.between(low, high)
            if start > day + 60:
                who.away.append((start, start + 7 * weeks - 3, "holiday"))
    clinic.clinicians.append(who)
    return who


def open_week(clinic: Clinic, week: int, only: Clinician | None = None) -> None:
    """Put every clinician's template of one week into the book."""
    for who in [only] if only else clinic.clinicians:
        for kind, weekday, hour, minutes in template(who, week):
            day = 7 * week + weekday
            if not OPEN[day] or day < who.hired or (who.left is not None and day > who.left):
                continue
            begin = day * DAY + hour * 60
            slot = Slot(f"s{len(clinic.slots) + 1:06d}", who, kind, begin, minutes, clinic.day)
            clinic.slots.append(slot)
            who.slots.append(slot)
            if not who.works(day):
                slot.blocked = clinic.day
            elif kind in who.free:
                insort(who.free[kind], slot, key=lambda s: s.start)


def template(who: Clinician, week: int) -> list[tuple[str, int, int, int]]:
    """A clinician's weekly slots: kind, weekday, hour, minutes. Intake is protected, return slots are few."""
    days = round(5 * who.fte)
    ramp = 0.5 if week < who.hired // 7 + 13 and who.hired > 0 else 1.0
    # Rounded up and down in turn, so that over weeks the share is exact.
    intakes = int((week + 1) * INTAKES_PER_FTE * who.fte) - int(week * INTAKES_PER_FTE * who.fte)
    slots = [("intake", (week + place) % days, 13, 90) for place in range(intakes)]
    slots.append(("crisis", (week + 2) % days, 16, 60))
    if who.post in GROUP_POSTS and week % 2 == 0 and ramp == 1.0:
        slots.append(("group", days - 1, 15, 90))
    cells = [(weekday, hour) for hour in (9, 10, 11, 8) for weekday in range(days)]
    cells += [(weekday, 17) for weekday in range(days)]
    returns = round(ramp * RETURNS_PER_FTE * who.fte)
    return slots + [("return", weekday, hour, 60) for weekday, hour in sorted(cells[:returns])]


def fall_ill(clinic: Clinic, who: Clinician) -> None:
    """Unplanned leave from today: the clinic cancels what falls in it, and rebooks."""
    end = clinic.day + 10 + clinic.dice.wait(25)
    who.away.append((clinic.day, end, clinic.dice.pick(("sick leave", "family leave"))))
    close_slots(clinic, who, clinic.day, end)


def close_slots(clinic: Clinic, who: Clinician, start: int, end: int) -> None:
    """Block a clinician's slots from `start` to `end`; those booked in them are cancelled by the clinic."""
    now = clinic.day * DAY + 8 * 60 + 15
    for slot in who.slots:
        if start <= slot.day <= end and slot.blocked is None:
            slot.blocked = clinic.day
            if slot in who.free.get(slot.kind, ()):
                who.free[slot.kind].remove(slot)
    live = [a for p in clinic.patients for a in p.live if a.slot.clinician is who]
    for appointment in [a for a in live if start <= a.slot.day <= end]:
        when = max(appointment.booked + 5, min(now, appointment.slot.start - 5))
        cancel(clinic, appointment, "cancelled_by_clinic", when)
        rebook(clinic, appointment, now + 60)


def staff(clinic: Clinic) -> None:
    """Leavers' posts fall vacant, new colleagues start, unplanned leave begins."""
    for who in [c for c in clinic.clinicians if c.left == clinic.day]:
        start = clinic.day + 1 + 40 + clinic.dice.wait(110)
        clinic.vacancies.append((who, clinic.day + 1, start))
        clinic.starters[start].append((who.post, who.profession, who.site))
    for post, profession, site in clinic.starters.pop(clinic.day, []):
        who = hire(clinic, post, profession, site, clinic.day)
        for week_ahead in range(3, HORIZON_WEEKS):
            open_week(clinic, clinic.day // 7 + week_ahead, only=who)
    for place in clinic.dice.below(0.12 / 365, len(clinic.clinicians)):
        who = clinic.clinicians[place]
        if who.works(clinic.day):
            fall_ill(clinic, who)


def calendar(clinic: Clinic) -> None:
    """On Mondays the week fourteen weeks ahead opens; group members get their next session."""
    for who in clinic.clinicians:
        for free in who.free.values():
            del free[:bisect_left(free, clinic.day * DAY, key=lambda s: s.start)]
    if clinic.day % 7 == 0:
        open_week(clinic, clinic.day // 7 + HORIZON_WEEKS)
    book_groups(clinic)


def book_groups(clinic: Clinic) -> None:
    """Members of a group are booked two weeks before each session."""
    day, now = clinic.day + 14, clinic.day * DAY + 10 * 60
    for who in clinic.clinicians:
        if who.fte and not any(s.kind == "group" for s in who.slots[-40:]):
            continue
        for slot in who.slots:
            if slot.kind == "group" and slot.day == day and slot.blocked is None:
                members = [p for p in clinic.in_care if p.clinician is who and p.group_visits_left > 0][:8]
                for patient in members:
                    if all(a.slot.day != day for a in patient.live):
                        book(clinic, patient, slot, requested=now, now=now)


def week(clinic: Clinic) -> None:
    """On Fridays: hours of the week, exhaustion, notice given; once a year the staff survey."""
    if clinic.day % 7 != 4:
        return
    monday = clinic.day - 4
    for who in clinic.clinicians:
        days = sum(OPEN[day] and who.works(day) for day in range(monday, monday + 5))
        if days:
            write_hours(clinic, who, monday, paid=8.0 * who.fte * days)
        who.contact, who.held, who.missed = 0.0, 0, 0
        settled = who.employed(clinic.day) and clinic.day - who.hired > 120
        if settled and clinic.dice.chance(0.001 + 0.0035 * who.exhaustion):
            give_notice(clinic, who)
    if clinic.day // 7 in (56, 108):
        survey(clinic)


def write_hours(clinic: Clinic, who: Clinician, monday: int, paid: float) -> None:
    """Work due: contact, notes for each visit, calls for each patient, meetings. Overload = due / paid."""
    dice = clinic.dice
    notes = 0.45 * who.held + 0.2 * who.missed
    non_contact = (notes + 0.065 * who.caseload + 0.15 * paid) * (0.9 + 0.2 * dice.uniform())
    due = round(who.contact + non_contact, 2)
    worked = round(min(due, 1.06 * paid), 2)
    worked = max(worked, who.contact)
    row = (round(paid, 2), round(who.contact, 2), round(worked - who.contact, 2), round(due - worked, 2))
    clinic.hours.append((who, monday, worked, *row))
    clinic.tally.work(monday, due, paid)
    who.exhaustion += 0.06 * (min(1.0, max(0.0, 2.2 * (due / paid - 0.85))) - who.exhaustion)


def give_notice(clinic: Clinic, who: Clinician) -> None:
    """Leave in four weeks; later slots close, patients are handed over, some of them are lost."""
    who.left = clinic.day + 28
    mine = [p for p in clinic.in_care if p.in_care and p.clinician is who]
    clinic.tally.handed_over(clinic.day, len(mine))
    for patient in mine:
        if clinic.dice.chance(0.09):
            end_care(clinic, patient, "dropped")
        else:
            patient.clinician = least_full(clinic, patient)
            patient.clinician.caseload += 1
            who.caseload -= 1
    close_slots(clinic, who, who.left + 1, LAST + 7 * HORIZON_WEEKS)


def survey(clinic: Clinic) -> None:
    """The yearly staff survey, counted by site and profession."""
    dice = clinic.dice
    for site in POSTS_BY_SITE:
        for profession in PROFESSIONS:
            group = [c for c in clinic.clinicians if (c.site, c.profession) == (site, profession)]
            asked = [c for c in group if c.employed(clinic.day)]
            answered = [c for c in asked if dice.chance(0.72)]
            burned = sum(dice.chance(c.exhaustion) for c in answered)
            leaving = sum(dice.chance(0.1 + 0.4 * c.exhaustion) for c in answered)
            clinic.surveys.append((clinic.day, profession, site, len(asked), len(answered), burned, leaving))
