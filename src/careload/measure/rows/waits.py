"""How long patients wait: spans on one clock."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from careload.measure.engine import flag
from careload.measure.rows.following import first_after
from careload.measure.view import View

GRACE_DAYS = 90
"""Days beyond an unexpired prescribed interval within which a patient still counts as planned."""


def return_interval(view: View) -> ir.Table:
    """Spans from each attended visit; reached = seen again, closed = discharged, lost = dropped out."""
    spans = view.spans
    outcome = ibis.cases(
        (spans.event == "seen", "reached"),
        (spans.event == "discharged", "closed"),
        (spans.event == "dropped", "lost"),
        else_="open",
    )
    return spans.mutate(outcome=outcome)


def return_offer(view: View) -> ir.Table:
    """Spans from each attended visit to the first later date offered, at the latest the one attended."""
    rows = view.appointments
    offers = rows.filter(rows.first_offered_at.notnull()).select(
        "patient", offered_on=ibis._.first_offered_at.date()
    )
    # An offer for the day of the visit is the visit itself: dated a day back it does not follow.
    eve = (offers.offered_on - ibis.interval(days=1)).cast("date")
    spans = return_interval(view)
    rows = first_after(spans, offers.mutate(day=eve), ("offered_on",))
    offered_days = rows.offered_on.delta(rows.day, unit="day").cast("int64")
    sooner = offered_days.notnull() & (offered_days <= rows.days)
    return rows.mutate(
        days=ibis.ifelse(sooner, offered_days, rows.days),
        outcome=ibis.ifelse(sooner, "reached", rows.outcome),
    )


def planned_only(rows: ir.Table, view: View) -> ir.Table:
    """`rows` without those waiting who have nothing booked and no plan: the lower bound ``open=planned``."""
    booked = view.booked_ahead.select("patient").distinct()
    planned = rows.prescribed_interval_days.notnull() & (
        rows.window_days <= rows.prescribed_interval_days + GRACE_DAYS
    )
    surely = rows.filter((rows.event != "waiting") | planned.fill_null(False))
    perhaps = rows.filter((rows.event == "waiting") & ~planned.fill_null(False))
    return surely.union(perhaps.semi_join(booked, "patient"))


def return_beyond_prescribed(view: View) -> ir.Table:
    """Spans with a prescribed interval that has run out or ended; y_raw = longer than prescribed.

    y_not_approved = longer, and no clinician recorded that longer is fine.
    """
    spans = view.spans
    planned = spans.prescribed_interval_days
    beyond = (spans.days > planned) & (spans.event != "discharged")
    decided = (spans.window_days > planned) & ~((spans.event != "seen") & (spans.days <= planned))
    rows = spans.filter(planned.notnull() & (decided | (spans.event == "seen")))
    approved = rows.longer_interval_approved_by_clinician.fill_null(False)
    return rows.mutate(y_raw=flag(beyond), y_not_approved=flag(beyond & ~approved))


def second_visit_wait(view: View) -> ir.Table:
    """Spans from an intake to the next visit: the hidden wait behind a first visit on time."""
    rows = return_interval(view)
    return rows.filter(rows.kind == "intake")


def requests(view: View) -> ir.Table:
    """Referrals made by the day: what was asked, and when it was first offered, booked, attended.

    `day` of the request; `offered_at`, `booked_for`, `attended_at`, `preferred_on` (or null);
    `closed_on` and `outcome` of the referral itself.
    """
    asked = view.table("referrals").mutate(day=ibis._.requested_at.date())
    asked = asked.filter(asked.day <= view.as_of)
    closed = ibis.ifelse(asked.closed_on <= view.as_of, asked.closed_on, ibis.null("date"))
    asked = asked.select(
        "patient",
        "site",
        "profession",
        "urgency",
        "day",
        "requested_at",
        closed_on=closed,
        outcome=ibis.ifelse(closed.notnull(), asked.outcome, ibis.null("string")),
        preferred_on=asked.preferred_date,
    )
    found = first_after(asked, _first_appointments(view), ("offered_at", "booked_for", "attended_at"))
    return view.keep("requests", found)


def _first_appointments(view: View) -> ir.Table:
    """Appointments that may answer a request: intakes where kinds are recorded, else all."""
    rows = view.appointments
    if view.records.has("appointments.kind"):
        rows = rows.filter(rows.kind == "intake")
    attended = (rows.status == "completed") & (rows.day <= view.as_of)
    return rows.select(
        "patient",
        "day",
        offered_at=rows.first_offered_at,
        booked_for=rows.starts_at,
        attended_at=ibis.ifelse(attended, rows.starts_at, ibis.null("timestamp")),
    )


def intake_wait(view: View) -> ir.Table:
    """Requests; reached = first visit attended, closed = rejected, lost = gave up or unreachable."""
    return until(view, requests(view), "attended_at")


def offered_wait(view: View) -> ir.Table:
    """Requests; reached = the day first offered."""
    return until(view, requests(view), "offered_at")


def booked_wait(view: View) -> ir.Table:
    """Requests; reached = the day first booked for."""
    return until(view, requests(view), "booked_for")


def until(view: View, asked: ir.Table, stop: str) -> ir.Table:
    """Spans from the request to the time `stop`, or to the end of the referral without it."""
    as_of = ibis.literal(view.as_of)
    reached = asked[stop].notnull()
    ended = asked.closed_on.notnull() & (asked.outcome != "seen").fill_null(False)
    end = ibis.cases((reached, asked[stop].date()), (ended, asked.closed_on), else_=as_of)
    outcome = ibis.cases(
        (reached, "reached"),
        (ended & (asked.outcome == "rejected"), "closed"),
        (ended, "lost"),
        else_="open",
    )
    return asked.mutate(
        days=ibis.greatest(end.delta(asked.day, unit="day").cast("int64"), 0),
        window_days=as_of.delta(asked.day, unit="day").cast("int64"),
        outcome=outcome,
    )


def clocks_to_first_visit(view: View) -> ir.Table:
    """First visits attended, each on four clocks: `clock` tells where it starts.

    request: when care was asked for; preferred_date: the day the patient would have liked;
    booking: when the appointment was put in the book; offer: the first day offered.
    """
    asked = requests(view)
    seen = asked.filter(asked.attended_at.notnull())
    booked = first_after(seen, _bookings(view), ("booked_on",))
    starts = {
        "request": booked.day,
        "preferred_date": booked.preferred_on,
        "booking": booked.booked_on,
        "offer": booked.offered_at.date(),
    }
    clocks = [_clock(booked, name, start) for name, start in starts.items()]
    return ibis.union(*clocks)


def _bookings(view: View) -> ir.Table:
    rows = view.visits
    if view.records.has("appointments.kind"):
        rows = rows.filter(rows.kind == "intake")
    return rows.select("patient", "day", "booked_on")


def _clock(rows: ir.Table, name: str, start: ir.DateValue) -> ir.Table:
    rows = rows.mutate(start=start).filter(start.notnull())
    days = rows.attended_at.date().delta(rows.start, unit="day").cast("int64")
    return rows.select(
        "patient",
        "site",
        "profession",
        "day",
        clock=ibis.literal(name),
        days=ibis.greatest(days, 0),
        outcome=ibis.literal("reached"),
    )


def prescribed_interval(view: View) -> ir.Table:
    """Intervals written down by clinicians at attended visits, with the visit's month."""
    rows = view.visits
    rows = rows.filter(rows.prescribed_interval_days.notnull())
    return rows.mutate(days=rows.prescribed_interval_days, outcome=ibis.literal("reached"))


def longer_interval_approved(view: View) -> ir.Table:
    """Attended visits; y = the clinician recorded that a longer interval is fine."""
    rows = view.visits
    return rows.mutate(y=flag(rows.longer_interval_approved_by_clinician))


def follow_up_after_ed(view: View) -> ir.Table:
    """Emergency visits; reached = next attended visit, open = none yet."""
    return _follow_up(view, "ed")


def follow_up_after_discharge(view: View) -> ir.Table:
    """Inpatient stays; reached = next attended visit after discharge, open = none yet."""
    return _follow_up(view, "inpatient")


def _follow_up(view: View, kind: str) -> ir.Table:
    stays = view.table("encounters").filter(ibis._.kind == kind)
    stays = stays.select("patient", day=ibis.coalesce(stays.ends_at, stays.starts_at).date())
    stays = stays.filter(stays.day <= view.as_of)
    visits = view.visits.select("patient", "day", seen_on=view.visits.day)
    rows = first_after(stays, visits, ("seen_on",))
    as_of = ibis.literal(view.as_of)
    return rows.mutate(
        days=ibis.coalesce(rows.seen_on, as_of).delta(rows.day, unit="day").cast("int64"),
        window_days=as_of.delta(rows.day, unit="day").cast("int64"),
        outcome=ibis.ifelse(rows.seen_on.notnull(), "reached", "open"),
    )
