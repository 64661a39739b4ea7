"""Records from a day on: what lies before a change of system may be left out, if whoever asks says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from careload.clinic import UsageError
from careload.history import Records, fetch

HAPPENED = {
    "appointments": "starts_at", "referrals": "requested_at", "slots": "starts_at", "hours": "week_start",
    "encounters": "starts_at", "surveys": "asked_on", "outcomes": "measured_on",
}
"""Tables of what happened on a day, and the column that says when. Episodes, clinicians and vacancies that
began before are kept whole: they reach into what is read."""


def since(records: Records, first: date) -> Records:
    """The records without what happened before a day.

    Raises `UsageError` where no appointment is left.
    """
    tables = {
        name: rows.filter(rows[HAPPENED[name]].cast("date") >= first) if name in HAPPENED else rows
        for name, rows in records.tables.items()
    }
    if not fetch(tables["appointments"].select("patient").limit(1)):
        raise UsageError(f"There is no appointment from {first} on.", "a day before the last appointment",
                         "Name an earlier day with --from.")
    return replace(records, tables=tables)
