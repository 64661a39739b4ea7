"""How many are overdue, by site and week, and how long a rate's time lasted in classes of days overdue.

    overdue at the end of a week = those whose due day lies before it - those of them whose wait has ended
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of

Numbers = NDArray[np.float64]

CLASSES = (0, 7, 28, 91)
"""Days overdue above which each class begins; the last has no end."""
WEEK, PERIOD = 7, 28


@dataclass(frozen=True)
class Overdue:
    """People overdue at the ends of weeks.

    first   first day of the first week
    sites   names
    number  (sites, weeks)
    """

    first: date
    sites: tuple[str, ...]
    number: Numbers

    def by_period(self) -> Numbers:
        """Means of four weeks, (sites, periods)."""
        whole = self.number.shape[1] // 4
        return np.asarray(self.number[:, : 4 * whole].reshape(len(self.sites), whole, 4).mean(axis=2))


def overdue_of(evidence: Evidence) -> Overdue:
    """People overdue by site and week, of waits whose due day and site the records tell."""
    weeks = evidence.days // WEEK
    rows = evidence.courses.spells
    rows = rows.filter(rows.due.notnull() & (rows.late_days > 0) & (rows.opened != "crisis"))
    ends = ibis.ifelse(rows.end == "waiting", ibis.null("date"), rows.end_day)
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY), ended=ends)
    # Who is due on Sunday is overdue from Monday: the week of the day after.
    since = columns_of(rows.group_by("site", week=week_of(rows.due + ibis.interval(days=1), evidence))
                       .agg(n=rows.patient.count()))
    until = columns_of(rows.filter(rows.ended.notnull())
                       .group_by("site", week=week_of(rows.ended, evidence)).agg(n=rows.patient.count()))
    sites = tuple(sorted(set(since["site"].tolist())))
    stock = _until(since, sites, weeks) - _until(until, sites, weeks)
    return Overdue(evidence.first, sites, stock)


def week_of(day: ir.DateValue, evidence: Evidence) -> ir.IntegerValue:
    """The week of a day, counted from the first of the records."""
    return span_of(day, evidence, WEEK)


def period_of(day: ir.DateValue, evidence: Evidence) -> ir.IntegerValue:
    """The four weeks of a day, likewise."""
    return span_of(day, evidence, PERIOD)


def span_of(day: ir.DateValue, evidence: Evidence, days: int) -> ir.IntegerValue:
    """Which span of so many days, counted from the first of the records, a day lies in."""
    return spans_since(day, evidence.first, days)


def spans_since(day: ir.DateValue, first: date, days: int) -> ir.IntegerValue:
    """The same, counted from a day; below 0 before it."""
    since = day.cast("date").delta(ibis.literal(first), unit="day").cast("int64")
    return (since / days).floor().cast("int64")


def start_of(number: int, evidence: Evidence, days: int = WEEK) -> date:
    """The first day of a span."""
    return evidence.first + timedelta(days=days * number)


def _until(found: dict[str, NDArray[np.object_]], sites: tuple[str, ...], weeks: int) -> Numbers:
    """How many up to each week, that week included, (sites, weeks)."""
    counted = np.zeros((len(sites), weeks + 1))
    for site, week, number in zip(found["site"], found["week"], found["n"], strict=True):
        counted[sites.index(site), min(max(int(week), 0), weeks)] += number
    return np.asarray(counted.cumsum(axis=1)[:, :weeks])


def by_class(rows: ir.Table, happened: ir.BooleanValue, *by: str) -> ir.Table:
    """Events and midnights in each class of days overdue, one row for each group and class.

    rows      with late_days
    happened  whether the wait of a row ended with the event
    by        columns that say the group
    """
    late = ibis.greatest(rows.late_days, 0)
    found = None
    for number, begins in enumerate(CLASSES):
        last = CLASSES[number + 1] if number + 1 < len(CLASSES) else None
        inside = ibis.greatest((late if last is None else ibis.least(late, last)) - begins, 0)
        here = (late > begins) & (late <= last if last is not None else ibis.literal(True))
        part = rows.group_by(*by).agg(
            midnights=inside.sum().cast("int64"), events=(happened & here).sum().cast("int64"),
        ).mutate(class_=ibis.literal(number))
        found = part if found is None else found.union(part)
    assert found is not None
    return found.filter(found.midnights > 0)
