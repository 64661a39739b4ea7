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
        "visits": _counted(view, "completed", first), "no_shows": _counted(view, "no_show", first),
        "return_interval": _intervals(view, first), "intake_wait": _waits(view, first),
        "leavers": _leavers(view, first),
    }
    values = {name: _by_period(rows, number, name) for name, rows in asked.items()}
    return Periods(first, values | {"caseload": _caseload(view, first, number)})


def _period(day: ir.DateValue, first: date) -> ir.IntegerValue:
    return (day.delta(ibis.literal(first), unit="day").cast("int64") / DAYS).floor().cast("int64")


def _counted(view: View, status: str, first: date) -> ir.Table:
    rows = view.due.filter((view.due.status == status) & (view.due.day >= first))
    return rows.group_by(period=_period(rows.day, first)).agg(value=rows.status.count() / WEEKS)


def _intervals(view: View, first: date) -> ir.Table:
    """Mean days between visits, of those that ended with a visit in the period."""
    rows = view.spans.filter(view.spans.event == "seen")
    rows = rows.mutate(ended=(rows.day + rows.days.as_interval("D")).cast("date"))
    rows = rows.filter((rows.ended >= first) & (rows.days > 0))
    return rows.group_by(period=_period(rows.ended, first)).agg(value=rows.days.mean())


def _waits(view: View, first: date) -> ir.Table | None:
    """Mean days from asking to a first visit, of those seen for the first time in the period."""
    if not view.records.has("referrals"):
        return None
    asked = view.table("referrals").select("patient", asked=ibis._.requested_at.date())
    asked = asked.mutate(following=asked.asked.lead().over(
        ibis.window(group_by=asked.patient, order_by=[asked.asked])))
    visits = view.visits.select(whose="patient", seen="day")
    within = [asked.patient == visits.whose, visits.seen >= asked.asked]
    pairs = asked.join(visits, within)
    pairs = pairs.filter(pairs.following.isnull() | (pairs.seen < pairs.following))
    seen = pairs.group_by("patient", "asked").agg(seen=pairs.seen.min())
    seen = seen.filter(seen.seen >= first)
    days = seen.seen.delta(seen.asked, unit="day").cast("float64")
    return seen.mutate(days=days).group_by(period=_period(seen.seen, first)).agg(value=ibis._.days.mean())


def _leavers(view: View, first: date) -> ir.Table | None:
    if not view.records.has("clinicians.left_on"):
        return None
    rows = view.table("clinicians")
    rows = rows.filter(rows.left_on.notnull() & (rows.left_on <= view.as_of) & (rows.left_on >= first))
    return rows.group_by(period=_period(rows.left_on, first)).agg(value=rows.clinician.count())


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
