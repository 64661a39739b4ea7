"""The list of overdue patients, for the clinician who treats them: the only path that writes ids."""

from __future__ import annotations

import csv
import io
import os
from datetime import date, timedelta
from typing import Any

from careload.clinic import UsageError, write_whole
from careload.history import Records, query_errors
from careload.measure.day import day_of
from careload.measure.engine import fetch
from careload.measure.rows import care
from careload.measure.view import View, known_clinician

COLUMNS = ("patient", "last_visit", "prescribed_interval_days", "due", "days_overdue", "next_booking")


def write_overdue(
    records: Records, clinician: str, to: str | os.PathLike[str], *, as_of: date | None = None
) -> int:
    """Write the patients last seen by `clinician` whose next visit is overdue, longest first, as CSV.

    clinician  id as in the records
    to         file; only this account may read it (mode 0600)
    as_of      day the records are read at; default: day of the last completed or missed visit

    Returns how many there are. Raises UsageError when the records do not know the clinician or
    hold no prescribed intervals, CannotWrite when the file cannot be written.
    """
    if not records.has("appointments.prescribed_interval_days"):
        raise UsageError(
            "The records hold no prescribed intervals.",
            "appointments.prescribed_interval_days",
            "Map the column that says when the next visit should be.",
        )
    with query_errors(records.source):
        view = View(records, day_of(records, as_of))
        known_clinician(view, clinician)
        found = [_line(row) for row in _overdue(view, clinician)]
    found.sort(key=lambda line: (-line["days_overdue"], line["patient"]))
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found)
    write_whole(to, text.getvalue().encode("utf-8"), private=True)
    return len(found)


def _overdue(view: View, clinician: str) -> list[dict[str, Any]]:
    rows = care.overdue(view)
    rows = rows.filter((rows.clinician == clinician) & (rows.y == 1))
    ahead = view.booked_ahead
    booked = ahead.group_by("patient").agg(next_booking=ahead.day.min())
    return fetch(
        rows.left_join(booked, "patient").select(
            "patient", "day", "prescribed_interval_days", "value", "next_booking"
        )
    )


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "patient": row["patient"],
        "last_visit": row["day"],
        "prescribed_interval_days": row["prescribed_interval_days"],
        "due": row["day"] + timedelta(days=row["prescribed_interval_days"]),
        "days_overdue": row["value"],
        "next_booking": row["next_booking"] or "",
    }
