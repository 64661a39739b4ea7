"""What is counted of a visit, and of a span of waiting that ends; the log of all that happens."""

from __future__ import annotations

import numpy as np

from careload.simulate.kernel.compiled import compiled, inlined
from careload.simulate.kernel.desk import (
    business_days_until,
    cell_at,
    cell_counts,
    intervals_this_month,
    lately_at,
    log_at,
    rules_of,
    spans_at,
    stock_at,
    sums_of,
    waits_this_month,
)
from careload.simulate.kernel.records import (
    ADMITTED,
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    CLOSED,
    CUT_OFF,
    DAYS_SHOWN,
    DIED,
    DISCHARGED,
    INTERVALS,
    LOST,
    MOVED,
    OUTSIDE,
    SECOND_WAITS,
    SEEN,
    WAITS,
)


@inlined
def log(desk, day, kind, key, post, value):
    """Write what happened into the log, if one is kept."""
    if desk.n_log > 0:
        write_down(desk, day, kind, key, post, value)


@compiled
def write_down(desk, day, kind, key, post, value):
    """The next entry of the log; where there is no room for it, only its number is kept."""
    sums = sums_of(desk)
    if sums.written < desk.n_log:
        entry = log_at(desk, sums.written)
        entry.key, entry.day, entry.kind, entry.post, entry.value = key, day, kind, post, value
    sums.written += 1


@inlined
def place_for(number):
    """The place in a table for a number of days or of visits: the last for whatever lies beyond.

    It has no sign, so that the compiled table is not asked whether it is counted from the end.
    """
    return np.uint64(min(np.int64(number), np.int64(DAYS_SHOWN - 1)))


@inlined
def count_return(desk, day, patient, place, how):
    """Count a return visit and the interval since the last visit, which is returned."""
    last = patient.last
    gap = day - last
    cell_counts(desk, patient.cell).attended += 1
    count_interval(desk, day, patient, SEEN)
    intervals_this_month(desk, place_for(gap)).is_ += 1
    if gap >= DAYS_SHOWN:
        count_beyond(desk, day, INTERVALS, gap)
    log(desk, day, how, patient.key, place, gap)
    return gap


@compiled
def count_first(desk, day, patient, place, how):
    """Count a first visit and the wait since asking for it."""
    counts, wait = cell_counts(desk, patient.cell), day - patient.arrived
    counts.attended += 1
    counts.first_visits += 1
    count_span(desk, day, patient, WAITS, patient.arrived, SEEN)
    waits_this_month(desk, place_for(wait)).is_ += 1
    if wait >= DAYS_SHOWN:
        count_beyond(desk, day, WAITS, wait)
    log(desk, day, how, patient.key, place, wait)
    stock_at(desk, patient.cell).not_seen -= 1
    lately = lately_at(desk, cell_at(desk, patient.cell).site)
    lately.seen[day // 7 % 4] += 1.0
    lately.waited[day // 7 % 4] += wait


@compiled
def count_beyond(desk, day, clock, days):
    """Count the days by which a wait exceeds the last place of its histogram."""
    if day >= rules_of(desk).counted_from:
        sums_of(desk).beyond[clock] += days - (DAYS_SHOWN - 1)


@inlined
def count_interval(desk, day, patient, fate):
    """Count the span since the last visit; since the first, also as a wait for the second."""
    count_span(desk, day, patient, INTERVALS, patient.last, fate)
    if patient.visits == 1:
        count_span(desk, day, patient, SECOND_WAITS, patient.last, fate)


@inlined
def count_span(desk, day, patient, clock, opened, fate):
    """Count a span of waiting that opened on a day and ends today, if it opened when counted."""
    if opened >= rules_of(desk).counted_from:
        group = np.int64(patient.cell if clock == WAITS else patient.team * desk.n_needs + patient.need)
        business = np.int64(desk.business_days_today - business_days_until(desk, opened))
        spans_at(desk, clock, CALENDAR_DAYS, fate, group, place_for(day - opened)).is_ += 1
        spans_at(desk, clock, BUSINESS_DAYS, fate, group, place_for(business)).is_ += 1


@compiled
def count_last_span(desk, day, patient, fate):
    """Count the span of waiting in which care, or the run, ends: since the last visit, or since asking."""
    if patient.visits > 0:
        count_interval(desk, day, patient, fate)
    else:
        count_span(desk, day, patient, WAITS, patient.arrived, fate)


@inlined
def fate_of(way):
    """What an end of care means for the wait of whoever leaves."""
    if way == DISCHARGED:
        return CLOSED
    return CUT_OFF if way in (ADMITTED, DIED, MOVED, OUTSIDE) else LOST
