"""Who worked where and when, as a fit reads it: clinicians, the days the service was open, the days they were
away.

Days are counted without a calendar: `so many weekdays lie before a day` is arithmetic, and the few weekdays
on which the service was closed are taken off. So nothing is made for each clinician and day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, reduce
from operator import or_

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.history import fetch
from careload.measure import View
from careload.model.courses import EVERYBODY

MONDAY = date(1900, 1, 1)
"""From which weeks are numbered."""
GONE_AFTER_DAYS = 56
"""Where nobody wrote down who left: who has seen nobody for so long has left (assumed)."""
LEARNING_DAYS, LEARNING_DAYS_AT_LEAST = 364, 182
"""After which a new clinician gives the whole template, whatever the ramp; after which nearly (assumed)."""
TELLING_DAYS = 28
"""Fewer days of those who are settled do not tell what a team offers (assumed)."""
HARDLY_ANY = 0.1
"""A weekday with a smaller share of what is usual is one on which the service was closed (assumed)."""
TELLING = 3
"""Where no leave is recorded and fewer work here, a day without slots may be anybody's day off."""

HERE_FOR_LONG = date(1900, 1, 1)
"""Who is on the list without a first day has been here for long, as far as anybody knows."""

SICKNESS = ("sick", "illness", "injur", "covid", "quarantine")
STRIKE = ("strike", "walkout", "industrial action")
LEAST_WORDS = ("sick", "leave", "strike")


@dataclass(frozen=True)
class Staffing:
    """Clinicians of the records of a day.

    view  the records as they stood on one day
    """

    view: View

    @cached_property
    def people(self) -> ir.Table:
        """One row per clinician: clinician, site, profession, fte, hired_on (null: nobody knows), left_on
        (the last day; null: still here when the day the records are read at is over), listed.

        Those on no list of clinicians stand where most of their visits were; nobody wrote down when they
        came.
        """
        return self.view.keep("model_clinicians", _people(self.view))

    @cached_property
    def settled_from(self) -> ir.Table:
        """clinician, settled_from: the day from which they give the whole template.

        Surely; in a team that nobody has been in for so long, nearly.
        """
        first, last = ibis.literal(self.view.first_day), ibis.literal(self.view.as_of)
        people = self.people.mutate(went=self.people.left_on.fill_null(last))
        people = people.mutate(**{
            name: ibis.greatest(days_after(people.hired_on, days).fill_null(first), first)
            for name, days in (("surely", LEARNING_DAYS), ("nearly", LEARNING_DAYS_AT_LEAST))
        })
        long = people.group_by("site", "profession").agg(
            long=(days_after(people.surely, TELLING_DAYS) <= people.went).any()
        ).rename(where="site", what="profession")
        people = people.join(long, [people.site == long.where, people.profession == long.what])
        return people.select("clinician", settled_from=ibis.ifelse(people.long, people.surely, people.nearly))

    @cached_property
    def has_leaves(self) -> bool:
        """Whether anybody wrote down days away."""
        return self.view.records.has("leaves.starts_on")

    @cached_property
    def closed(self) -> tuple[date, ...]:
        """Weekdays on which the service was closed."""
        return _closed(self)

    @cached_property
    def away(self) -> ir.Table:
        """One row per spell away: clinician, starts_on, ends_on, why (`LEAST_WORDS`); empty where none is
        recorded."""
        return self.view.keep("model_away", _away(self.view))

    def theirs(self, rows: ir.Table) -> ir.Table:
        """Rows of a clinician with the clinician's own site, profession, fte, hired_on and left_on."""
        if not self.names_anybody:
            rows = rows.mutate(clinician=ibis.literal(EVERYBODY))
        people = self.people.rename(whose="clinician")
        others = [name for name in people.columns if name in rows.columns]
        return rows.drop(*others).join(people, rows.clinician == people.whose).drop("whose")

    @cached_property
    def names_anybody(self) -> bool:
        """Whether the records say of any visit who held it; else all are one clinician's, called
        everybody."""
        return self.view.records.has("appointments.clinician") or self.view.records.has("clinicians")

    def open_days(self, first: ir.DateValue, last: ir.DateValue) -> ir.IntegerValue:
        """Days from first to last, both counted, on which the service was open; 0 where last is before
        first."""
        whole = _weekdays_before(number_of(last) + 1) - _weekdays_before(number_of(first))
        shut = [ibis.ifelse((first <= each) & (last >= each), 1, 0) for each in self.closed]
        return ibis.greatest(whole - _sum_of(shut), 0) if shut else ibis.greatest(whole, 0)

    def presence(self, spans: ir.Table) -> ir.Table:
        """Open days of spans of time of clinicians, and what became of them.

        spans  clinician, first, last (days, both counted) and what else tells them apart

        Returns spans with days (open), sick, leave, strike: days away of each kind.
        """
        spans = spans.mutate(days=self.open_days(spans["first"], spans["last"]))
        away = self.away
        away = away.select(whose="clinician", gone="starts_on", back="ends_on", why="why")
        within = [spans.clinician == away.whose, spans["first"] <= away.back, spans["last"] >= away.gone]
        both = spans.join(away, within)
        days = self.open_days(ibis.greatest(both["first"], both.gone), ibis.least(both["last"], both.back))
        both = both.mutate(gone_days=days)
        sums = both.group_by("clinician", "first").agg(**{
            word: ibis.ifelse(both.why == word, both.gone_days, 0).sum() for word in LEAST_WORDS
        })
        sums = sums.rename(whose="clinician", since="first")
        spans = spans.left_join(sums, [spans.clinician == sums.whose, spans["first"] == sums.since])
        return spans.drop("whose", "since").mutate(**{
            word: spans[word].fill_null(0).cast("int64") for word in LEAST_WORDS
        })


def number_of(day: ir.DateValue) -> ir.IntegerValue:
    """Days since a Monday long ago."""
    return day.delta(ibis.literal(MONDAY), unit="day").cast("int64")


def days_after(day: ir.DateValue, number: int | ir.IntegerValue) -> ir.DateValue:
    """The day so many days later. By way of a time: some engines make a time of a day and an interval
    anyway."""
    later = ibis.interval(days=number) if isinstance(number, int) else number.as_interval("D")
    return (day.cast("timestamp") + later).date()


def week_of(day: ir.DateValue) -> ir.IntegerValue:
    """Number of the week of a day, from Monday to Sunday."""
    return (number_of(day) // 7).cast("int64")


def spans_since(day: ir.DateValue, first: date, days: int) -> ir.IntegerValue:
    """Which span of so many days, counted from a day, another lies in; below 0 before it."""
    since = day.cast("date").delta(ibis.literal(first), unit="day").cast("int64")
    return (since / days).floor().cast("int64")


def _weekdays_before(number: ir.IntegerValue) -> ir.IntegerValue:
    weeks = (number // 7).cast("int64")
    return weeks * 5 + ibis.least(number - weeks * 7, 5)


def _sum_of(terms: Sequence[ir.IntegerValue]) -> ir.IntegerValue:
    """Added in pairs: a long chain would nest deeper than an engine reads."""
    if len(terms) == 1:
        return terms[0]
    half = len(terms) // 2
    return _sum_of(terms[:half]) + _sum_of(terms[half:])


def _people(view: View) -> ir.Table:
    seen = _seen(view)
    if not view.records.has("clinicians"):
        return seen
    rows = view.table("clinicians")
    as_of = ibis.literal(view.as_of)
    listed = rows.filter(rows.clinician.notnull()).select(
        clinician=rows.clinician, site=rows.site.fill_null(EVERYBODY),
        profession=rows.profession.fill_null(EVERYBODY), fte=rows.fte.fill_null(1.0), hired_on=rows.hired_on,
        left_on=ibis.ifelse(rows.left_on <= as_of, rows.left_on, ibis.null("date")),
        listed=ibis.literal(True),
    )
    listed = listed.filter(listed.hired_on.isnull() | (listed.hired_on <= as_of))
    # An empty left_on says "here" only where somebody fills it in.
    if not view.records.has("clinicians.left_on"):
        last = seen.select(whose="clinician", last="left_on")
        listed = listed.left_join(last, listed.clinician == last.whose).mutate(left_on=last["last"])
        listed = listed.drop("whose", "last")
    return listed.union(seen.anti_join(rows, "clinician"))


def _seen(view: View) -> ir.Table:
    """Clinicians of visits held or missed, each where most of them were."""
    rows = view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]))
    named = view.records.has("appointments.clinician") or view.records.has("clinicians")
    rows = rows.filter(rows.clinician.notnull()) if named else rows.mutate(clinician=ibis.literal(EVERYBODY))
    places = rows.group_by("clinician", "site", "profession").agg(visits=rows.count(), last=rows.day.max())
    order = [places.visits.desc(), places.site, places.profession]
    places = places.mutate(
        place=ibis.row_number().over(ibis.window(group_by=places.clinician, order_by=order)),
        until=places["last"].max().over(ibis.window(group_by=places.clinician)),
    )
    places = places.filter(places.place == 0)
    gone = places.until < ibis.literal(view.as_of - timedelta(days=GONE_AFTER_DAYS))
    gone = gone & (places.clinician != EVERYBODY)
    return places.select(
        clinician=places.clinician, site=places.site.fill_null(EVERYBODY),
        profession=places.profession.fill_null(EVERYBODY), fte=ibis.literal(1.0, type="float64"),
        hired_on=ibis.null("date"), left_on=ibis.ifelse(gone, places.until, ibis.null("date")),
        listed=ibis.literal(False),
    )


def _away(view: View) -> ir.Table:
    if not view.records.has("leaves.starts_on"):
        none = _seen(view).filter(ibis.literal(False))
        day = ibis.literal(view.as_of)
        return none.select(clinician=none.clinician, starts_on=day, ends_on=day, why=ibis.literal("leave"))
    rows, as_of = view.records.tables["leaves"], ibis.literal(view.as_of)
    rows = rows.filter(rows.starts_on <= as_of)
    reason = rows.reason.fill_null("").lower()
    why = ibis.cases((_holds(reason, STRIKE), "strike"), (_holds(reason, SICKNESS), "sick"), else_="leave")
    return rows.select(
        clinician=rows.clinician, starts_on=rows.starts_on, why=why,
        ends_on=ibis.least(rows.ends_on.fill_null(view.as_of), as_of),
    )


def _holds(text: ir.StringValue, words: Sequence[str]) -> ir.BooleanValue:
    return reduce(or_, [text.contains(word) for word in words])


def _closed(staffing: Staffing) -> tuple[date, ...]:
    view = staffing.view
    first, number = view.first_day, (view.as_of - view.first_day).days + 1
    rows = view.due.filter(view.due.status.isin(["completed", "no_show"]))
    work = _by_day(first, number, rows.group_by("day").agg(n=rows.count()))
    if view.records.has("slots.starts_at"):
        slots = view.table("slots").mutate(day=ibis._.starts_at.date())
        work = work + _by_day(first, number, slots.group_by("day").agg(n=slots.count()))
    people, away = staffing.people, staffing.away
    here = _running(first, number, people.hired_on.fill_null(first), people.left_on, people)
    gone = _running(first, number, away.starts_on, away.ends_on, away) if staffing.has_leaves else 0 * here
    weekday = (np.arange(number) + first.weekday()) % 7 < 5
    some = weekday & (work > 0)
    usual = float(np.median(work[some])) if some.any() else 0.0
    expected = usual * np.clip(1 - gone / np.maximum(here, 1), 0, 1)
    shut = weekday & (work <= HARDLY_ANY * expected) & ~((work == 0) & (gone >= here) & (gone > 0))
    told = staffing.has_leaves | (here >= TELLING)
    return tuple(first + timedelta(days=int(day)) for day in np.flatnonzero(shut & told))


def _by_day(first: date, number: int, counts: ir.Table) -> NDArray[np.float64]:
    found = np.zeros(number)
    for row in fetch(counts.filter(counts.day.between(first, first + timedelta(days=number - 1)))):
        found[(row["day"] - first).days] += row["n"]
    return found


def _running(
    first: date, number: int, begin: ir.DateValue, end: ir.DateValue, rows: ir.Table
) -> NDArray[np.float64]:
    """By day, how many spells from begin to end (both counted; null: goes on) run on it."""
    change = np.zeros(number + 1)
    begins = rows.select(day=ibis.greatest(begin, ibis.literal(first)))
    ends = rows.select(day=end).filter(ibis._.day.notnull())
    for row in fetch(begins.group_by("day").agg(n=begins.count())):
        change[min((row["day"] - first).days, number)] += row["n"]
    for row in fetch(ends.group_by("day").agg(n=ends.count())):
        change[min(max((row["day"] - first).days + 1, 0), number)] -= row["n"]
    return np.cumsum(change)[:number]
