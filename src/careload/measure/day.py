"""The day the records are read at."""

from __future__ import annotations

from datetime import date

from careload.clinic import UnreadableRecords, UsageError
from careload.history import Records
from careload.measure.engine import fetch_one
from careload.measure.view import HELD, View


def last_known_day(records: Records) -> date | None:
    """Day of the last completed or missed visit: the default `as_of`; None without any."""
    rows = records.tables["appointments"]
    rows = rows.filter(rows.status.isin(HELD))
    latest = fetch_one(rows.agg(latest=rows.starts_at.max()))["latest"]
    return latest.date() if latest is not None else None


def day_of(records: Records, as_of: date | None = None) -> date:
    """`as_of`, else the day of the last completed or missed visit.

    Raises UnreadableRecords when no visit was ever held or missed, UsageError for a day before all of them.
    """
    if as_of is not None:
        if not isinstance(as_of, date):
            raise UsageError(
                f"as_of is {type(as_of).__name__}.", "a datetime.date", "Write date(2024, 6, 30)."
            )
        if View(records, date.max).first_day > as_of:
            raise UsageError(
                f"On {as_of} the records had not begun.",
                "a day on or after the first appointment",
                "Name a later day, or none: the day of the last visit is taken.",
            )
        return as_of
    day = last_known_day(records)
    if day is None:
        raise UnreadableRecords(
            "No appointment was completed or missed.",
            "at least one with status completed or no_show",
            "Check the mapping of status, or name a day with --as-of.",
        )
    return day
