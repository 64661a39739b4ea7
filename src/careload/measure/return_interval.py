"""The return interval, told in three views beside the naive figure.

Per interval: every span counts once, so a weekly patient counts often. Per patient:
every patient weighs the same. In care today: days since the last visit of everyone
still waiting. Without recorded ends of episodes nobody can tell who has finished:
then two bounds are given, ``open=all`` and ``open=planned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import ibis.expr.types as ir

from careload.clinic import Estimate
from careload.measure.census import census
from careload.measure.definition import Definition
from careload.measure.engine import fetch
from careload.measure.rows import waits
from careload.measure.timing import durations, told
from careload.measure.view import View

NAIVE = (0.5,)


def estimates(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    """All views of the return interval, for every group of every margin of `by`."""
    if view.records.has("episodes.closed_on"):
        yield from _views(definition, rows, view, by, {})
    else:
        yield from _views(definition, rows, view, by, {"open": "all"})
        if knows_plans(view):
            yield from _views(definition, waits.planned_only(rows, view), view, by, {"open": "planned"})
    yield from _naive(definition, rows, view, by)


def knows_plans(view: View) -> bool:
    """Whether the records tell who has something ahead: bookings after the day, or prescribed intervals."""
    ahead = fetch(view.booked_ahead.select("day").limit(1))
    return bool(ahead) or view.records.has("appointments.prescribed_interval_days")


def _views(
    definition: Definition, rows: ir.Table, view: View, by: Sequence[str], bound: dict[str, str]
) -> Iterator[Estimate]:
    for each in durations(definition, rows, view, by):
        yield from _bound(told(definition, view, each), bound)
    for each in durations(definition, rows, view, by, weighted=True):
        yield from _bound(told(definition, view, each, "per_patient_"), bound)
    in_care_today = replace(definition, counted="patients", statistic="median p90")
    in_care = rows.filter(rows.event == "waiting")
    yield from _bound(
        census(in_care_today, in_care.mutate(value=in_care.days), view, by, prefix="in_care_"),
        bound,
    )


def _naive(definition: Definition, rows: ir.Table, view: View, by: Sequence[str]) -> Iterator[Estimate]:
    finished = rows.filter(rows.event == "seen")
    only_median = replace(definition, quantiles=NAIVE, days=())
    for each in durations(only_median, finished, view, by):
        for estimate in told(only_median, view, each, "naive_"):
            yield replace(estimate, note="leaves out everyone still waiting: too short")


def _bound(found: Iterator[Estimate], bound: dict[str, str]) -> Iterator[Estimate]:
    for estimate in found:
        yield replace(estimate, by={**estimate.by, **bound}) if bound else estimate
