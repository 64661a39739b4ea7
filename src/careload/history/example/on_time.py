"""A small service in which nobody waits: everyone is seen weekly on time and finishes treatment."""

from __future__ import annotations

import os
from datetime import date, datetime, time, timedelta
from pathlib import Path

from careload.history.example.extract import Row, write_tables

CLINICIANS = 4
# A Monday from which twelve weeks pass without a public holiday in the United States.
START = date(2025, 3, 3)


def on_time_service(folder: str | os.PathLike[str], patients: int = 48, visits: int = 8) -> date:
    """Write records in which every patient is seen weekly and discharged at the last visit.

    folder    made if it is not there
    patients  how many; the last of them starts at most four weeks after the first
    visits    weekly visits of each, at most eight
    Returns the last day, on which the last patients finish: nobody is waiting then.
    """
    appointments: list[Row] = []
    episodes: list[Row] = []
    referrals: list[Row] = []
    for number in range(patients):
        first = START + timedelta(days=7 * (number * 4 // patients) + number % 5)
        clinician, patient = f"c{number % CLINICIANS + 1}", f"p{number + 1:03d}"
        asked = datetime.combine(first - timedelta(days=3), time(9))
        for visit in range(visits):
            start = datetime.combine(first + timedelta(days=7 * visit), time(8 + number // 5 % 9))
            kind, booked = ("return", start - timedelta(days=7)) if visit else ("intake", asked)
            appointments.append((
                f"{patient}-{visit + 1}", patient, clinician, "psychologist", "Lake", kind, "in person",
                booked, booked, start, 50, "completed", None, start, False, None,
                None if visit == visits - 1 else 7, False, None,
            ))
        last = first + timedelta(days=7 * (visits - 1))
        episodes.append((f"e-{patient}", patient, first, last, "completed"))
        referrals.append((f"r-{patient}", patient, None, "Lake", asked, "routine", None, first, "seen"))
    weeks = range(visits + 4)
    write_tables(Path(folder), {
        "appointments": appointments,
        "episodes": episodes,
        "referrals": referrals,
        "patients": [(f"p{n + 1:03d}", "anxiety", "English", "commercial", 1990, None, "Shore", None)
                     for n in range(patients)],
        "clinicians": [(f"c{n + 1}", "psychologist", "Lake", 1.0, date(2020, 1, 6), None)
                       for n in range(CLINICIANS)],
        "hours": [(f"c{n + 1}", "psychologist", "Lake", START + timedelta(weeks=week),
                   36.0, 40.0, 20.0, 16.0, 0.0) for week in weeks for n in range(CLINICIANS)],
    })
    return max(row[9] for row in appointments if isinstance(row[9], datetime)).date()
