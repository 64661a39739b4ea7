"""How many are overdue, by site and week, and how long a rate's time lasted in classes of days overdue.

    overdue at the end of a week = those whose due day lies before it - those of them whose wait has ended
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.staffing import spans_since

Numbers = NDArray[np.float64]
Column = NDArray[Any]

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
    since = columns_of(rows.group_by("site", week=week_within(rows.due + ibis.interval(days=1), evidence))
                       .agg(n=rows.patient.count()))
    until = columns_of(rows.filter(rows.ended.notnull())
                       .group_by("site", week=week_within(rows.ended, evidence)).agg(n=rows.patient.count()))
    sites = tuple(sorted(set(since["site"].tolist())))
    stock = _until(since, sites, weeks) - _until(until, sites, weeks)
    return Overdue(evidence.first, sites, stock)


MANY = 2_000_000
"""Visits from which on fewer patients tell as surely what is sought."""
PARTS = 16


def some_patients(rows: ir.Table, evidence: Evidence) -> ir.Table:
    """Rows of all patients; where there are more than `MANY` visits, of about so many visits' patients.

    Whose rows stay hangs on the id alone, so it is the same in every table (another engine takes others).
    """
    visits = int(columns_of(evidence.courses.visits.agg(n=ibis._.count()))["n"][0])
    kept = max(1, round(PARTS * MANY / max(visits, MANY)))
    return rows if kept == PARTS else rows.filter((rows.patient.hash() % PARTS).abs() < kept)


def week_within(day: ir.DateValue, evidence: Evidence) -> ir.IntegerValue:
    """The week of a day, counted from the first of the records."""
    return span_of(day, evidence, WEEK)


def period_of(day: ir.DateValue, evidence: Evidence) -> ir.IntegerValue:
    """The four weeks of a day, likewise."""
    return span_of(day, evidence, PERIOD)


def span_of(day: ir.DateValue, evidence: Evidence, days: int) -> ir.IntegerValue:
    """Which span of so many days, counted from the first of the records, a day lies in."""
    return spans_since(day, evidence.first, days)


def start_of(number: int, evidence: Evidence, days: int = WEEK) -> date:
    """The first day of a span."""
    return evidence.first + timedelta(days=days * number)


def _until(found: dict[str, NDArray[np.object_]], sites: tuple[str, ...], weeks: int) -> Numbers:
    """How many up to each week, that week included, (sites, weeks)."""
    counted = np.zeros((len(sites), weeks + 1))
    for site, week, number in zip(found["site"], found["week"], found["n"], strict=True):
        counted[sites.index(site), min(max(int(week), 0), weeks)] += number
    return np.asarray(counted.cumsum(axis=1)[:, :weeks])


def by_class(rows: ir.Table, events: Mapping[str, ir.BooleanValue], *by: str) -> dict[str, Column]:
    """Events and midnights in each class of days overdue: one row for each group, class and class reached.

    rows    with late_days and open_days
    events  name to whether the wait of a row ended with it
    by      columns that say the group

    Returns `by`, class_ (a place in `CLASSES`), midnights, and how many of each event.
    """
    return in_classes(by_reached(rows, events, *by), *events)


def by_reached(rows: ir.Table, events: Mapping[str, ir.BooleanValue], *by: str) -> dict[str, Column]:
    """Waits by the class of days overdue they reached, counted in one go over all of them.

    Returns `by`, reached (a place in `CLASSES`; -1 of those never overdue), waits, how many of each event,
    late_days and open_days summed over waits (0 for a wait never overdue).
    """
    late = ibis.greatest(rows.late_days, 0)
    reached = sum((ibis.ifelse(late > begins, 1, 0) for begins in CLASSES), ibis.literal(-1))
    table = rows.group_by(*by, reached=reached.cast("int64")).agg(
        waits=rows.count(), late_days=late.sum().cast("int64"), open_days=rows.open_days.sum().cast("int64"),
        **{name: ibis.ifelse(happened, 1, 0).sum().cast("int64") for name, happened in events.items()},
    )
    return columns_of(table)


def in_classes(found: dict[str, Column], *events: str) -> dict[str, Column]:
    """What happened class by class, of waits by the class they reached: time in those before is their width.

    found   as `by_reached` gives it
    events  which columns of it count what happened
    """
    parts = [_in_class(found, number, events) for number in range(len(CLASSES))]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _in_class(found: dict[str, Column], number: int, events: tuple[str, ...]) -> dict[str, Column]:
    own = {name: column[found["reached"] >= number] for name, column in found.items()}
    ended, begins = own["reached"] == number, CLASSES[number]
    width = CLASSES[number + 1] - begins if number + 1 < len(CLASSES) else 0
    midnights = np.where(ended, own["late_days"] - begins * own["waits"], width * own["waits"])
    happened = {name: np.where(ended, own[name], 0) for name in events}
    return {**own, **happened, "class_": np.full(len(ended), number), "midnights": midnights}
