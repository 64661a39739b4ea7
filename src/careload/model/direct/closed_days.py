"""On which weekdays the service is closed: the public holidays of the country whose calendar fits.

    fit of a calendar = days closed that are its holidays / (days closed + its holidays - these)     (Jaccard)

over weekdays on which nobody was seen, nobody had slots and nobody was recorded as away. The first of `FIRST`
that fits by at least `LEAST_FIT` is taken, else of all countries the one that fits best, if by as much.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import ibis.expr.types as ir

from careload.clinic import BusinessCalendar, countries
from careload.history import fetch
from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence
from careload.model.family import Family

LEAST_FIT, LEAST_DAYS = 0.7, 4
"""Assumed: an office of the country is closed on most of its holidays, and open on most other days."""
FIRST = ("US", "GB")
SATURDAY, ISO = 5, 2


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """The country, if one fits."""
    closed = closed_weekdays(evidence)
    chosen = _chosen(closed, evidence) if len(closed) >= LEAST_DAYS else None
    if chosen is None:
        return
    both = closed & _holidays(chosen, evidence)
    yield Found(
        "calendar.country", chosen, "the calendar whose holidays are the weekdays closed",
        {"weekdays closed": len(closed), "of them its holidays": len(both)},
        note="Other countries may have the same holidays, and a state others of its own.",
    )


def _chosen(closed: set[date], evidence: Evidence) -> str | None:
    others = sorted(country for country in countries() if len(country) == ISO and country not in FIRST)
    for some in (FIRST, others):
        fits = {country: _fit(closed, _holidays(country, evidence)) for country in some}
        best = max(fits, key=fits.__getitem__)
        if fits[best] >= LEAST_FIT:
            return best
    return None


def closed_weekdays(evidence: Evidence) -> set[date]:
    """Weekdays within the records on which nothing took place and nobody was away."""
    view = evidence.view
    open_days = _days(view.due.filter(view.due.status.isin(["completed", "no_show"])).select(day="day"))
    if evidence.has("slots"):
        slots = view.table("slots")
        open_days |= _days(slots.select(day=slots.starts_at.date()))
    if evidence.has("leaves"):
        open_days |= _days(view.table("leaves").select(day="starts_on"))
    every = (evidence.first + timedelta(days=day) for day in range(evidence.days))
    return {day for day in every if day.weekday() < SATURDAY} - open_days


def _days(rows: ir.Table) -> set[date]:
    return {row["day"] for row in fetch(rows.distinct())}


def _holidays(country: str, evidence: Evidence) -> set[date]:
    calendar = BusinessCalendar(country, "")
    every = (evidence.first + timedelta(days=day) for day in range(evidence.days))
    return {day for day in every if day.weekday() < SATURDAY and not calendar.is_business_day(day)}


def _fit(closed: set[date], holidays: set[date]) -> float:
    return len(closed & holidays) / max(1, len(closed | holidays))


FAMILY = Family("closed days", ("appointments",), find)
