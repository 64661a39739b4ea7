"""What must be known beside every figure because of the day the records are read at."""

from __future__ import annotations

from datetime import date

from careload.clinic import Finding
from careload.history import Records, finding, query_errors
from careload.measure.day import last_known_day


def noticed(records: Records, as_of: date | None) -> tuple[Finding, ...]:
    """What was noticed in `records`, and whether `as_of` lies after everything they tell.

    as_of  the day the records are read at; None for the day of the last completed or missed visit
    """
    with query_errors(records.source):
        last = None if as_of is None else last_known_day(records)
    if as_of is None or last is None or as_of <= last:
        return records.findings
    return (*records.findings, finding("after-the-records", "appointments", as_of=as_of, last=last))
