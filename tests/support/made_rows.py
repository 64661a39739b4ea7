"""A small service by dice: canonical rows of every table, with what makes engines disagree.

Visits at the same instant, text that languages sort in another order than bytes, empty cells,
episodes that overlap, bookings ahead, people seen once only.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]

FIRST = date(2023, 1, 2)
DAYS = 420
SITES = ("North", "north", "a-b", "ab", "Äst")
PROFESSIONS = ("psychologist", "social worker", None)
STATUS = ("completed", "completed", "completed", "no_show", "cancelled_by_patient", "cancelled_by_clinic")
KINDS = ("intake", "return", "return", "return", "group", "crisis", "other")
REASONS = (
    "completed", "dropped", "referred_out", "admitted", "died", "lost_coverage", "administrative", None,
)


def made_rows(seed: int, patients: int = 120, clinicians: int = 14) -> dict[str, list[Row]]:
    """Rows of every canonical table; the same seed gives the same rows."""
    dice = Random(seed)
    staff = [_clinician(dice, number) for number in range(clinicians)]
    rows: dict[str, list[Row]] = {
        "appointments": [], "episodes": [], "referrals": [], "encounters": [], "patients": [], "outcomes": [],
        "clinicians": staff, "leaves": [], "posts": [], "slots": [], "hours": [], "surveys": [],
    }
    for number in range(patients):
        _add_patient(rows, dice, f"{'Pp'[number % 2]}-{number * 7919 % 1000:03d}", staff)
    for person in staff:
        _add_work(rows, dice, person)
    for number in range(20):
        start = _day(dice)
        rows["posts"].append({
            "post": f"post{number}", "site": dice.choice(SITES), "profession": dice.choice(PROFESSIONS),
            "fte": dice.choice((0.5, 1.0)), "vacant_from": start,
            "filled_on": start + timedelta(dice.randrange(200)) if dice.random() < 0.6 else None,
        })
    for site in SITES:
        asked = dice.randrange(10, 40)
        answered = dice.randrange(5, asked)
        rows["surveys"].append({
            "asked_on": FIRST + timedelta(200), "site": site, "profession": dice.choice(PROFESSIONS),
            "asked": asked,
            "answered": answered, "burned_out": answered // 2, "intend_to_leave": answered // 3,
        })
    return rows


def _day(dice: Random, days: int = DAYS) -> date:
    return FIRST + timedelta(dice.randrange(days))


def _at(day: date, dice: Random) -> datetime:
    return datetime(day.year, day.month, day.day, dice.randrange(0, 24), dice.choice((0, 15, 30, 59)))


def _clinician(dice: Random, number: int) -> Row:
    hired = FIRST + timedelta(dice.randrange(-900, 200))
    return {
        "clinician": f"c{number}", "profession": dice.choice(PROFESSIONS), "site": dice.choice(SITES),
        "fte": dice.choice((0.5, 0.8, 1.0)), "hired_on": hired,
        "left_on": hired + timedelta(dice.randrange(100, 1200)) if dice.random() < 0.4 else None,
    }


def _add_patient(rows: dict[str, list[Row]], dice: Random, patient: str, staff: list[Row]) -> None:
    rows["patients"].append({
        "patient": patient, "need_group": dice.choice(("mood", "Mood", None)),
        "language": dice.choice(("English", "Spanish", "español")), "coverage": dice.choice(("A", "B", None)),
        "birth_year": dice.choice((1950, 1987, 2005, None)), "area": dice.choice(("x", "y")),
        "died_on": _day(dice) if dice.random() < 0.03 else None,
    })
    own, opened = dice.choice(staff), _day(dice)
    rows["referrals"].append({
        "referral": f"r{patient}", "patient": patient, "site": own["site"], "profession": own["profession"],
        "requested_at": _at(opened, dice), "urgency": dice.choice(("routine", "urgent", None)),
        "closed_on": None, "outcome": dice.choice(("seen", "gave_up", None)),
    })
    for spell in range(dice.randrange(0, 3)):
        start = opened + timedelta(dice.randrange(-5, 60))
        closed = start + timedelta(dice.randrange(0, 200)) if dice.random() < 0.6 else None
        rows["episodes"].append({
            "episode": f"e{patient}{spell}", "patient": patient, "opened_on": start, "closed_on": closed,
            "reason": dice.choice(REASONS) if closed else None,
        })
    for spell in range(dice.randrange(0, 2)):
        start_at = _at(_day(dice), dice)
        rows["encounters"].append({
            "encounter": f"x{patient}{spell}", "patient": patient,
            "kind": dice.choice(("ed", "inpatient", "crisis")), "starts_at": start_at,
            "ends_at": start_at + timedelta(hours=dice.randrange(1, 90)),
        })
    rows["outcomes"].append({
        "patient": patient, "instrument": "PHQ-9", "score": float(dice.randrange(28)), "risk_item": 1.0,
        "measured_on": _day(dice),
    })
    _add_visits(rows, dice, patient, own, staff, opened)


def _add_visits(
    rows: dict[str, list[Row]], dice: Random, patient: str, own: Row, staff: list[Row], opened: date
) -> None:
    day = opened + timedelta(dice.randrange(0, 30))
    for visit in range(dice.randrange(0, 12)):
        seen_by = own if dice.random() < 0.8 else dice.choice(staff)
        starts = _at(day, dice)
        booked = starts - timedelta(days=dice.randrange(0, 40), hours=3)
        status = dice.choice(STATUS) if (day - FIRST).days < DAYS else "booked"
        row: Row = {
            "appointment": f"{'aAb'[visit % 3]}-{patient}-{visit}", "patient": patient,
            "clinician": seen_by["clinician"] if dice.random() < 0.95 else None,
            "profession": seen_by["profession"], "site": seen_by["site"],
            "kind": "intake" if visit == 0 else dice.choice(KINDS), "modality": dice.choice(("video", None)),
            "requested_at": booked - timedelta(days=2), "booked_at": booked if dice.random() < 0.95 else None,
            "starts_at": starts, "minutes": dice.choice((25.0, 50.0, None)), "status": status,
            "cancelled_at": starts - timedelta(hours=2) if status.startswith("cancelled") else None,
            "first_offered_at": booked + timedelta(days=3),
            "offer_declined": dice.choice((True, False, None)),
            "prescribed_interval_days": dice.choice((7, 14, 28, None)),
            "longer_interval_approved_by_clinician": dice.choice((True, False, None)),
            "group_id": dice.choice(("g1", None)),
        }
        rows["appointments"].append(row)
        if dice.random() < 0.06:  # a second visit at the same instant, elsewhere
            other = dice.choice(staff)
            rows["appointments"].append({
                **row, "appointment": f"B-{patient}-{visit}", "clinician": other["clinician"],
                "site": other["site"], "profession": other["profession"], "status": "completed",
            })
        day += timedelta(dice.choice((0, 6, 7, 8, 14, 30, 55)))


def _add_work(rows: dict[str, list[Row]], dice: Random, person: Row) -> None:
    who = {"clinician": person["clinician"], "profession": person["profession"], "site": person["site"]}
    rows["leaves"].append({
        "clinician": person["clinician"], "starts_on": FIRST + timedelta(30),
        "ends_on": FIRST + timedelta(44), "reason": "parental",
    })
    for week in range(0, DAYS // 7, 3):
        paid = 40 * person["fte"]
        rows["hours"].append({
            **who, "week_start": FIRST + timedelta(7 * week), "worked": paid * dice.uniform(0.9, 1.4),
            "paid": paid, "contact": paid * 0.55, "non_contact": paid * dice.uniform(0.3, 0.6),
            "after_hours": dice.choice((0.0, 2.5, None)),
        })
        rows["slots"].append({
            **who, "slot": f"s-{person['clinician']}-{week}", "kind": dice.choice(KINDS),
            "starts_at": _at(FIRST + timedelta(7 * week), dice), "minutes": 50.0,
            "status": dice.choice(("busy", "free", "blocked", None)), "capacity": 1,
        })
