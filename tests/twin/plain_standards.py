"""Waits against a limit again, in slow and obvious Python; deadlines are counted day by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from careload.clinic import BusinessCalendar
from tests.twin import plain_spans as plain
from tests.twin.plain_spans import Row, Tables
from tests.twin.plain_told import share, spanned
from tests.twin.plain_waits import end_of_request, followed_up, requests


@dataclass(frozen=True)
class Limit:
    """So many days, of the calendar or of business."""

    days: int
    calendar: BusinessCalendar | None = None

    def last_day(self, start: date) -> date:
        day, left = start, self.days
        while left:
            day += timedelta(1)
            if self.calendar is None or self.calendar.is_business_day(day):
                left -= 1
        return day


Share = tuple[float | None, int]


def in_time(waits: list[tuple[date, int, str, Row]], limit: Limit, as_of: date) -> list[tuple[bool, Row]]:
    """(in time, row) of (start, days, outcome, row) whose limit has passed and that did not end within it."""
    found = []
    for start, days, outcome, row in waits:
        last = limit.last_day(start)
        end = start + timedelta(days)
        if last > as_of:
            continue
        if outcome == "closed" and end <= last:
            continue
        if outcome == "open" and end < last:
            continue
        found.append((outcome == "reached" and end <= last, row))
    return found


def intake_within(tables: Tables, as_of: date, limit: Limit, urgency: str, column: str) -> Share:
    waits = []
    for row in requests(tables, as_of):
        if urgency == "any" or (row.get("urgency") or "routine") == urgency:
            days, outcome = end_of_request(row, tables, as_of, column)
            waits.append((row["requested_at"].date(), days, outcome, row))
    found = in_time(waits, limit, as_of)
    return share([{"hit": hit} for hit, _ in found], lambda row: row["hit"])


def return_within(tables: Tables, as_of: date, limit: Limit, *, offered: bool, excepted: bool) -> Share:
    waits = []
    for row in spanned(tables, as_of):
        days, outcome = row["days"], row["outcome"]
        offer = first_offer(tables, as_of, row) if offered else None
        if offer is not None and (offer - row["day"]).days <= days:
            days, outcome = (offer - row["day"]).days, "reached"
        waits.append((row["day"], days, outcome, row))
    found = in_time(waits, limit, as_of)
    rows = [
        {"hit": hit or (excepted and bool(row.get("longer_interval_approved_by_clinician")))}
        for hit, row in found
    ]
    return share(rows, lambda row: row["hit"])


def first_offer(tables: Tables, as_of: date, span: Row) -> date | None:
    offers = [
        row["first_offered_at"].date()
        for row in plain.appointments(tables, as_of)
        if row["patient"] == span["patient"] and row.get("first_offered_at") is not None
    ]
    return min((day for day in offers if day > span["day"]), default=None)


def follow_up_within(tables: Tables, as_of: date, limit: Limit, kind: str) -> Share:
    waits = [(*stay, {}) for stay in followed_up(kind, tables, as_of)]
    return share([{"hit": hit} for hit, _ in in_time(waits, limit, as_of)], lambda row: row["hit"])


def cancelled_before_limit(tables: Tables, as_of: date, limit: Limit, urgency: str) -> Share:
    found = []
    for row in requests(tables, as_of):
        asked = row["requested_at"].date()
        last = limit.last_day(asked)
        if last > as_of or (urgency != "any" and (row.get("urgency") or "routine") != urgency):
            continue
        found.append(
            {
                "hit": any(
                    other["patient"] == row["patient"]
                    and other["status"] == "cancelled_by_clinic"
                    and timedelta(0) <= last - other["day"] < timedelta(3)
                    for other in plain.due(tables, as_of)
                )
            }
        )
    return share(found, lambda row: row["hit"])


def fast_intake_slow_second(tables: Tables, as_of: date, first: Limit, second: Limit) -> Share:
    on_time = set()
    for row in requests(tables, as_of):
        if (row.get("urgency") or "routine") != "routine":
            continue
        asked = row["requested_at"].date()
        days, outcome = end_of_request(row, tables, as_of, "attended")
        last = first.last_day(asked)
        if outcome == "reached" and last <= as_of and asked + timedelta(days) <= last:
            on_time.add((row["patient"], asked + timedelta(days)))
    spans = [
        row
        for row in spanned(tables, as_of)
        if row.get("kind") == "intake" and (row["patient"], row["day"]) in on_time
    ]
    waits = [(row["day"], row["days"], row["outcome"], row) for row in spans]
    return share([{"hit": not hit} for hit, _ in in_time(waits, second, as_of)], lambda row: row["hit"])


Measure = Callable[[Tables, date], Share]
