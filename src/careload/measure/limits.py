"""Limits of standards as expressions that run where the records are.

A limit in business days depends on the day the clock starts only through its
weekday and the holidays that follow, so it becomes a CASE over weekdays with
the dates near holidays named one by one: no calendar table, no temporary table.
"""

from __future__ import annotations

from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from careload.clinic import BusinessCalendar, clock_changes
from careload.measure.standards import Standard

A_MONDAY = date(2001, 1, 1)
DAY = timedelta(days=1)


def limit_days(standard: Standard, first: date, last: date) -> dict[int, tuple[date, ...]]:
    """The limit in calendar days for a clock starting on each day from `first` to `last`.

    Returns days allowed to the start dates that have them, in order.
    """
    found: dict[int, list[date]] = {}
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        found.setdefault((standard.deadline(day) - day).days, []).append(day)
    return {days: tuple(starts) for days, starts in sorted(found.items())}


def limit_in_days(start: ir.DateValue, standard: Standard, first: date, last: date) -> ir.IntegerValue:
    """The limit in calendar days for a clock that starts on `start`; null where `start` is.

    start        date the clock starts
    first, last  earliest and latest start in the records; dates outside are counted
                 without public holidays

    Runs on DuckDB, PostgreSQL and Spark.
    """
    if standard.unit != "business_days":
        days = (standard.deadline(A_MONDAY) - A_MONDAY).days
        return ibis.ifelse(start.notnull(), ibis.literal(days, "int64"), ibis.null("int64"))
    usual = _usual(standard.limit)
    branches = [
        (start.isin([ibis.literal(day) for day in unusual]), ibis.literal(days, "int64"))
        for days, starts in limit_days(standard, first, last).items()
        if (unusual := [day for day in starts if usual[day.weekday()] != days])
    ]
    weekday = start.day_of_week.index()
    branches += [(weekday == day, ibis.literal(days, "int64")) for day, days in enumerate(usual)]
    return ibis.cases(*branches)


def _usual(limit: int) -> tuple[int, ...]:
    """Calendar days that `limit` business days take from each weekday when there is no holiday."""
    plain = BusinessCalendar()
    week = [A_MONDAY + timedelta(days=offset) for offset in range(7)]
    return tuple((plain.add(day, limit) - day).days for day in week)


def hours_between(
    start: ir.TimestampValue, end: ir.TimestampValue, time_zone: str, first: date, last: date
) -> ir.FloatingValue:
    """Hours that really passed between two wall-clock times, the change of the clocks included.

    start, end   wall-clock times without a zone; a time that comes twice is read as the first
    time_zone    IANA name of the zone they are in
    first, last  earliest and latest day in the records
    """
    seconds = end.delta(start, unit="second").cast("float64")
    for change in clock_changes(time_zone, first - DAY, last + DAY):
        # The first wall-clock time that is surely after the change.
        moment = ibis.literal(change.at + max(change.before, change.after))
        forward = (change.after - change.before).total_seconds()
        seconds = seconds - ibis.ifelse((start < moment) & (end >= moment), forward, 0.0)
    return seconds / 3600.0
