"""Things that happen, per week: the mean of complete weeks, with its week-to-week doubt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

import ibis.expr.types as ir

from careload.clinic import Estimate
from careload.measure.definition import Definition
from careload.measure.engine import fetch, key
from careload.measure.estimators import blank
from careload.measure.groups import margins, with_groups
from careload.measure.ratio import Sums, ratio_interval
from careload.measure.view import View

WEEK = 7
A_MONDAY = date(1970, 1, 5)


def weekly(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """Mean number of rows per complete week (Monday to Sunday) of the records; weeks with none count.

    rows  one row per thing, with its `day`
    """
    first = _monday_from(_first_day(definition, view))
    weeks = (view.as_of + timedelta(days=1) - first).days // WEEK
    if weeks < 1:
        return
    last = first + timedelta(days=weeks * WEEK)
    rows = rows.filter((rows.day >= first) & (rows.day < last))
    week = (rows.day.delta(first, unit="day") / WEEK).floor().cast("int64")
    rows, usable = with_groups(rows, view, definition.table, by, week=week, who=rows.patient)
    people = _people(definition, rows, view, usable)
    counts: dict[tuple[tuple[str, str], ...], dict[int, int]] = {(): {}}
    for row in fetch(rows.group_by([*usable, "week"]).agg(number=rows.count())):
        for subset in margins(usable):
            found = counts.setdefault(tuple(zip(subset, key(row, subset), strict=True)), {})
            found[row["week"]] = found.get(row["week"], 0) + int(row["number"])
    for group, by_week in sorted(counts.items(), key=lambda item: (len(item[0]), item[0])):
        numbers = list(by_week.values())
        yield replace(_mean(definition, view, dict(group), numbers, weeks), at_risk=people.get(group, 0))


def _people(
    definition: Definition, rows: ir.Table, view: View, usable: Sequence[str]
) -> dict[tuple[tuple[str, str], ...], int]:
    """Patients (column `who`) behind every group of every margin of `usable`."""
    finest = view.keep(f"{definition.name}_people", rows.select("who", *usable).distinct())
    found: dict[tuple[tuple[str, str], ...], int] = {}
    for subset in margins(usable):
        grouped = finest.group_by(list(subset)) if subset else finest
        for row in fetch(grouped.agg(people=finest.who.nunique())):
            found[tuple(zip(subset, key(row, subset), strict=True))] = int(row["people"])
    return found


def _mean(
    definition: Definition, view: View, group: dict[str, str], numbers: Sequence[int], weeks: int
) -> Estimate:
    total = sum(numbers)
    sums = Sums(weeks, len(numbers), weeks, total, weeks, sum(x * x for x in numbers), total)
    low, high = ratio_interval(sums) or (None, None)
    return replace(
        blank(definition, view, definition.statistic, group),
        value=total / weeks,
        low=None if low is None else max(0.0, low),
        high=high,
        n=weeks,
        events=total,
        interval="week-to-week",
    )


def _first_day(definition: Definition, view: View) -> date:
    """Day the records of the things counted begin; never before those of appointments."""
    if definition.table != "referrals":
        return view.first_day
    return max(view.first_day, view.first_start("referrals", "requested_at"))


def _monday_from(day: date) -> date:
    """The first Monday on or after `day`."""
    return day + timedelta(days=(A_MONDAY - day).days % WEEK)
