"""What happened, by four weeks: visits, no-shows, caseload, waits, return intervals, leavers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.history import fetch
from careload.measure import View
from careload.model.staffing import spans_since

Numbers = NDArray[np.float64]

DAYS = 28
WEEKS = 4
UNITS = {
    "visits": "visits per week", "no_shows": "no-shows per week", "caseload": "patients in care",
    "return_interval": "days", "intake_wait": "days", "leavers": "leavers in four weeks",
}
"""What is forecast, and in what unit."""


@dataclass(frozen=True)
class Periods:
    """What happened in periods of four weeks, one after the other.

    first   first day of the first period
    values  measure to (periods,) numbers; nan where there was none
    """

    first: date
    values: dict[str, Numbers]

    @property
    def number(self) -> int:
        """How many periods."""
        return len(self.values["visits"])

    def between(self, first: int, last: int) -> Periods:
        """The periods from `first` up to, not including, `last`."""
        values = {name: own[first:last] for name, own in self.values.items()}
        return Periods(self.first + timedelta(days=first * DAYS), values)


def periods_of(view: View, first: date) -> Periods:
    """Whole periods from `first` to the day the records are read at.

    view   records as they stood on one day
    first  a Monday
    """
    number = max(0, ((view.as_of - first).days + 1) // DAYS)
    asked = {
        "visits": _by_number(held(view, "completed"), first, 1 / WEEKS),
        "no_shows": _by_number(held(view, "no_show"), first, 1 / WEEKS),
        "return_interval": _by_mean(intervals(view), first), "intake_wait": _by_mean(waits(view), first),
        "leavers": _by_number(leavers(view), first, 1),
    }
    values = {name: _by_period(rows, number, name) for name, rows in asked.items()}
    return Periods(first, values | {"caseload": _caseload(view, first, number)})


def held(view: View, status: str) -> ir.Table:
    """Appointments of a status whose day has come: day, site."""
    rows = view.due.filter(view.due.status == status)
    return rows.select("day", "site")


def intervals(view: View) -> ir.Table:
    """Intervals between visits that ended with a visit: its day, the site, how many days."""
    rows = view.spans.filter((view.spans.event == "seen") & (view.spans.days > 0))
    return rows.select("site", "days", day=(rows.day + rows.days.as_interval("D")).cast("date"))


def waits(view: View) -> ir.Table | None:
    """Waits for a first visit that ended with one: its day, the site of the request, days since it."""
    if not view.records.has("referrals"):
        return None
    asked = view.table("referrals").select("patient", "site", asked=ibis._.requested_at.date())
    asked = asked.mutate(following=asked.asked.lead().over(
        ibis.window(group_by=asked.patient, order_by=[asked.asked])))
    visits = view.visits.select(whose="patient", seen="day")
    within = [asked.patient == visits.whose, visits.seen >= asked.asked]
    pairs = asked.join(visits, within)
    pairs = pairs.filter(pairs.following.isnull() | (pairs.seen < pairs.following))
    seen = pairs.group_by("patient", "asked").agg(seen=pairs.seen.min(), site=pairs.site.min())
    return seen.select("site", day="seen", days=seen.seen.delta(seen.asked, unit="day").cast("float64"))


def leavers(view: View) -> ir.Table | None:
    """Clinicians who left: their last day, their site."""
    if not view.records.has("clinicians.left_on"):
        return None
    rows = view.table("clinicians")
    rows = rows.filter(rows.left_on.notnull() & (rows.left_on <= view.as_of))
    return rows.select("site", day="left_on")


def _by_number(rows: ir.Table | None, first: date, times: float) -> ir.Table | None:
    """How many in each period, times a factor."""
    if rows is None:
        return None
    rows = rows.filter(rows.day >= first)
    return rows.group_by(period=spans_since(rows.day, first, DAYS)).agg(value=rows.day.count() * times)


def _by_mean(rows: ir.Table | None, first: date) -> ir.Table | None:
    """Mean days of those that ended in each period."""
    if rows is None:
        return None
    rows = rows.filter(rows.day >= first)
    return rows.group_by(period=spans_since(rows.day, first, DAYS)).agg(value=rows.days.mean())


def _caseload(view: View, first: date, number: int) -> Numbers:
    """Patients in care, the mean of the ends of the weeks of each period."""
    if not view.records.has("episodes.opened_on") or not number:
        return np.full(number, np.nan)
    rows = view.table("episodes").select("opened_on", "closed_on")
    end = ibis.ifelse(rows.closed_on <= view.as_of, rows.closed_on, ibis.null("date"))
    opened = fetch(rows.group_by(day=rows.opened_on).agg(n=rows.opened_on.count()))
    closed = fetch(rows.filter(end.notnull()).group_by(day=end).agg(n=rows.opened_on.count()))
    ends = [first + timedelta(days=7 * week + 6) for week in range(WEEKS * number)]
    stock = _until(opened, ends) - _until(closed, ends)
    return np.asarray(stock.reshape(number, WEEKS).mean(axis=1))


def _until(rows: list[dict[str, Any]], ends: list[date]) -> Numbers:
    """How many until each day, that day included."""
    some = sorted((row["day"], row["n"]) for row in rows if row["day"] is not None)
    whole = np.concatenate([[0], np.cumsum([number for _, number in some])])
    days = np.array([day for day, _ in some], dtype="datetime64[D]")
    places = np.searchsorted(days, np.array(ends, dtype="datetime64[D]"), side="right")
    return np.asarray(whole[places], dtype=float)


COUNTS = ("visits", "no_shows", "leavers")


def _by_period(rows: ir.Table | None, number: int, name: str) -> Numbers:
    """One value for each period; none counted is 0 for counts, and no value for means."""
    found = np.full(number, 0.0 if rows is not None and name in COUNTS else np.nan)
    for row in fetch(rows) if rows is not None else []:
        if row["period"] is not None and 0 <= row["period"] < number and row["value"] is not None:
            found[int(row["period"])] = float(row["value"])
    return found
