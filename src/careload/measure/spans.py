"""Spans between visits: from each attended visit to what came next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from careload.history import closed
from careload.measure.engine import fetch, flag, like, tie_break

if TYPE_CHECKING:
    from careload.measure.view import View

OPENS = (
    "patient",
    "appointment",
    "clinician",
    "site",
    "profession",
    "kind",
    "starts_at",
    "prescribed_interval_days",
    "longer_interval_approved_by_clinician",
)
"""Columns a span takes from the visit that opens it."""

ONLY_FOR_ORDER = ("at", "starts_at", "appointment")
"""Columns that put visits in order and are of no more use once spans are made."""

LAST_SECOND = 24 * 60 * 60 - 1
"""Of a day: whoever was seen on the day their care ended was seen first."""


def spans_of(view: View) -> ir.Table:
    """One row per attended visit and day: the time from it to what came next.

    patient, clinician, profession, site, kind, prescribed_interval_days and
    longer_interval_approved_by_clinician of the visit that opens the span, the last of the `day`
    it opens, and what `_whole_day` adds from those before it that day;
    `event`: seen, discharged, dropped, ended, waiting; `days` until then (until `as_of`
    for those waiting); `next_clinician`; `window_days` from `day` to `as_of`; `tied` and `several`:
    another event at the same instant, or visit on the same day, came before.
    """
    if not view.records.can_store:
        return closed(_whole_day(view, closed(_spans(view, break_ties=True))))
    # Sorting by a tie-break costs twice as much as sorting by time, and ties are rare.
    found = view.keep("spans", _spans(view, break_ties=False))
    if _any(found, "tied"):
        found = view.keep("spans", _spans(view, break_ties=True))
    return view.keep("whole_spans", _whole_day(view, found)) if _any(found, "several") else found


def _any(rows: ir.Table, column: str) -> bool:
    return bool(fetch(rows.filter(rows[column]).select(column).limit(1)))


def _whole_day(view: View, spans: ir.Table) -> ir.Table:
    """`spans`, those of days with several visits told of all: an intake, a plan, an approval.

    An intake makes the day one of intake. Where the last visit has no plan, the shortest
    written that day stands.
    """
    many = spans.filter(spans.several).select("patient", "day")
    visits = view.visits.semi_join(many, ["patient", "day"])
    days = visits.group_by(whose_="patient", at_="day").agg(
        intake_=flag(visits.kind == "intake").max(),
        plan_=visits.prescribed_interval_days.min(),
        approved_=flag(visits.longer_interval_approved_by_clinician).max(),
    )
    rows = spans.left_join(days, [spans.patient == days.whose_, spans.day == days.at_])
    approved = rows.longer_interval_approved_by_clinician
    return rows.mutate(
        kind=ibis.ifelse((rows.intake_ == 1).fill_null(False), "intake", rows.kind),
        prescribed_interval_days=ibis.coalesce(rows.prescribed_interval_days, rows.plan_),
        longer_interval_approved_by_clinician=approved | (rows.approved_ == 1).fill_null(False),
    ).drop("whose_", "at_", "intake_", "plan_", "approved_")


def _spans(view: View, *, break_ties: bool) -> ir.Table:
    events = _events(view)
    # Two visits at one instant stand in the same order on every engine: md5 sorts alike, texts do not.
    order = [events.at, tie_break(events)] if break_ties else [events.at]
    window = ibis.window(group_by=events.patient, order_by=order)
    before = events.at.lag().over(window)
    events = events.mutate(
        next_at=events.at.lead().over(window),
        tied=(before == events.at).fill_null(False),
        several=(before.date() == events.day).fill_null(False),
        next_event=events.event.lead().over(window),
        next_clinician=events.clinician.lead().over(window),
    )
    seen_again_that_day = (events.next_event == "seen") & (events.next_at.date() == events.day)
    events = events.filter((events.event == "seen") & ~seen_again_that_day.fill_null(False))
    as_of = ibis.literal(view.as_of)
    return events.mutate(
        event=events.next_event.fill_null("waiting"),
        days=ibis.coalesce(events.next_at.date(), as_of).delta(events.day, unit="day").cast("int64"),
        window_days=as_of.delta(events.day, unit="day").cast("int64"),
    ).drop("next_at", "next_event", *ONLY_FOR_ORDER)


def _events(view: View) -> ir.Table:
    """Attended visits and ends of care, each at its instant `at`; care ends at the end of its day."""
    visits = view.visits.select(
        *OPENS, "day", at=view.visits.starts_at.cast("timestamp"), event=ibis.literal("seen")
    )
    if not view.has_closures:
        return visits
    closures = view.closures
    at = (closures.day.cast("timestamp") + ibis.interval(seconds=LAST_SECOND)).cast("timestamp")
    return visits.union(like(visits, closures.mutate(at=at)))
