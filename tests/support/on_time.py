"""A small service in which nobody waits: everyone is seen weekly on time and finishes treatment."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

CLINICIANS = 4
# A Monday from which twelve weeks pass without a public holiday in the United States.
START = date(2025, 3, 3)

Row = dict[str, object]


def on_time_service(folder: Path, patients: int = 48, visits: int = 8) -> date:
    """Write records in which every patient is seen weekly and discharged at the last visit.

    patients  how many; the last of them starts at most four weeks after the first
    visits    weekly visits of each, at most eight
    Returns the last day, on which the last patients finish: nobody is waiting then.
    """
    names = ("appointments", "episodes", "referrals", "patients")
    tables: dict[str, list[Row]] = {name: [] for name in names}
    for number in range(patients):
        treat(tables, number, patients, visits)
    place = {"profession": "psychologist", "site": "Lake"}
    staff = [{"clinician": f"c{number + 1}", **place} for number in range(CLINICIANS)]
    write(folder, {
        **tables,
        "clinicians": [{**each, "fte": 1.0, "hired_on": date(2020, 1, 6)} for each in staff],
        "hours": [
            {**each, "week_start": START + timedelta(weeks=week), "worked": 36.0, "paid": 40.0,
             "contact": 20.0, "non_contact": 16.0, "after_hours": 0.0}
            for week in range(visits + 4) for each in staff
        ],
    })
    starts = [row["starts_at"] for row in tables["appointments"]]
    return max(each for each in starts if isinstance(each, datetime)).date()


def treat(tables: dict[str, list[Row]], number: int, patients: int, visits: int) -> None:
    """Write down one patient's treatment, from asking to discharge."""
    first = START + timedelta(days=7 * (number * 4 // patients) + number % 5)
    last = first + timedelta(days=7 * (visits - 1))
    patient = f"p{number + 1:03d}"
    asked = datetime.combine(first - timedelta(days=3), time(9))
    for visit in range(visits):
        start = datetime.combine(first + timedelta(days=7 * visit), time(8 + number // 5 % 9))
        booked = start - timedelta(days=7) if visit else asked
        tables["appointments"].append({
            "appointment": f"{patient}-{visit + 1}", "patient": patient,
            "clinician": f"c{number % CLINICIANS + 1}", "profession": "psychologist", "site": "Lake",
            "kind": "return" if visit else "intake", "requested_at": booked, "booked_at": booked,
            "starts_at": start, "minutes": 50, "status": "completed", "first_offered_at": start,
            "prescribed_interval_days": "" if visit == visits - 1 else 7,
        })
    tables["episodes"].append({
        "episode": f"e-{patient}", "patient": patient, "opened_on": first, "closed_on": last,
        "reason": "completed",
    })
    tables["referrals"].append({
        "referral": f"r-{patient}", "patient": patient, "site": "Lake", "requested_at": asked,
        "urgency": "routine", "closed_on": first, "outcome": "seen",
    })
    tables["patients"].append({"patient": patient, "need_group": "anxiety", "language": "English"})


def write(folder: Path, tables: Mapping[str, Iterable[Row]]) -> None:
    """One CSV a table."""
    for name, rows in tables.items():
        first, *rest = rows
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(first), lineterminator="\n")
            writer.writeheader()
            writer.writerows([first, *rest])
