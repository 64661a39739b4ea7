"""How long patients wait: spans on one clock."""

from __future__ import annotations

from dataclasses import replace

import ibis
import ibis.expr.types as ir

from careload.measure.asked import until_day
from careload.measure.counted import Counted
from careload.measure.following import first_after
from careload.measure.view import View


def return_interval(view: View) -> Counted:
    """Spans from each attended visit; reached = seen again, closed = discharged, lost = dropped out."""
    spans = view.spans
    outcome = ibis.cases(
        (spans.event == "seen", "reached"),
        (spans.event == "discharged", "closed"),
        (spans.event == "dropped", "lost"),
        else_="open",
    )
    return Counted(spans, None, {"outcome": outcome})


def return_offer(view: View) -> ir.Table:
    """Spans from each attended visit to the first later date offered, at the latest the one attended."""
    rows = view.appointments
    offers = rows.filter(rows.first_offered_at.notnull()).select(
        "patient", offered_on=ibis._.first_offered_at.date()
    )
    # An offer for the day of the visit is the visit itself: dated a day back it does not follow.
    eve = (offers.offered_on - ibis.interval(days=1)).cast("date")
    spans = return_interval(view.everyone).rows
    rows = first_after(spans, offers.mutate(day=eve), ("offered_on",))
    offered_days = rows.offered_on.delta(rows.day, unit="day").cast("int64")
    sooner = offered_days.notnull() & (offered_days <= rows.days)
    rows = rows.mutate(
        days=ibis.ifelse(sooner, offered_days, rows.days),
        outcome=ibis.ifelse(sooner, "reached", rows.outcome),
    )
    return view.counting(rows, (rows.event == "waiting") & (rows.outcome == "open"))


def return_beyond_prescribed(view: View) -> Counted:
    """Spans with a prescribed interval that has run out; y_raw = longer than prescribed.

    y_not_approved = longer, and no clinician recorded that longer is fine.
    """
    spans = view.spans
    planned = spans.prescribed_interval_days
    beyond = spans.days > planned
    # Recent spans that ended early tell nothing while those beside them that have not run out are left out.
    decided = (spans.window_days > planned) & ~((spans.event != "seen") & (spans.days <= planned))
    approved = spans.longer_interval_approved_by_clinician.fill_null(False)
    columns = {"y_raw": beyond, "y_not_approved": beyond & ~approved}
    return Counted(spans, planned.notnull() & decided, columns)


def second_visit_wait(view: View) -> Counted:
    """Spans from an intake to the next visit: the hidden wait behind a first visit on time."""
    return return_interval(view).only(view.spans.kind == "intake")


def intake_wait(view: View) -> Counted:
    """Requests; reached = first visit attended, closed = rejected, lost = gave up or unreachable.

    Death, or a closing nobody gave a reason for, cuts the wait off.
    """
    return until(view, "attended_at")


def offered_wait(view: View) -> Counted:
    """Requests; reached = the day first offered, at the latest the day attended."""
    return until(view, "offered_at")


def booked_wait(view: View) -> Counted:
    """Requests; reached = the day first booked for."""
    return until(view, "booked_for")


def until(view: View, stop: str) -> Counted:
    """Spans from each request to the time `stop` (kept as `stopped_at`), or to the end of the wait."""
    asked, as_of = view.requests, ibis.literal(view.as_of)
    stopped_at = _stop(view, asked, stop)
    reached = stopped_at.notnull()
    end = ibis.cases((reached, stopped_at.date()), (asked.over_on.notnull(), asked.over_on), else_=as_of)
    outcome = ibis.cases(
        (reached, "reached"),
        (asked.outcome == "rejected", "closed"),
        (asked.outcome.isin(["gave_up", "unreachable"]), "lost"),
        else_="open",
    )
    columns = {
        "stopped_at": stopped_at,
        "days": ibis.greatest(end.delta(asked.day, unit="day").cast("int64"), 0),
        "window_days": as_of.delta(asked.day, unit="day").cast("int64"),
        "outcome": outcome,
    }
    return Counted(asked, None, columns)


def _stop(view: View, asked: ir.Table, stop: str) -> ir.TimestampValue:
    """The time `stop`, null while it is still ahead; a visit attended was offered, whoever wrote it down."""
    found = asked[stop]
    if stop == "offered_at":
        attended_first = found.isnull() | (asked.attended_at < found).fill_null(False)
        found = ibis.ifelse(attended_first, asked.attended_at, found)
    return until_day(found, ibis.literal(view.as_of))


def clocks_to_first_visit(view: View) -> ir.Table:
    """First visits attended, each on four clocks: `clock` tells where it starts.

    request: when care was asked for; preferred_date: the day the patient would have liked;
    booking: when the appointment was put in the book; offer: the first day offered.
    """
    asked = view.requests
    seen = asked.filter(asked.attended_at.notnull())
    bookings = _bookings(view)
    same_visit = [seen.patient == bookings.whose_, seen.attended_at == bookings.held_at]
    booked = seen.left_join(bookings, same_visit).drop("whose_", "held_at")
    starts = {
        "request": booked.day,
        "preferred_date": booked.preferred_on,
        "booking": booked.booked_on,
        "offer": booked.offered_at.date(),
    }
    clocks = [_clock(booked, name, start) for name, start in starts.items()]
    return ibis.union(*clocks)


def _bookings(view: View) -> ir.Table:
    """When each visit attended was first put in the book: patient `whose_`, `held_at`, `booked_on`."""
    rows = view.visits
    if view.records.has("appointments.kind"):
        rows = rows.filter(rows.kind == "intake")
    return rows.group_by(whose_=rows.patient, held_at=rows.starts_at).agg(booked_on=rows.booked_on.min())


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


def prescribed_interval(view: View) -> Counted:
    """Intervals written down by clinicians at attended visits, with the visit's month."""
    written = view.due.prescribed_interval_days
    return view.attended.only(written.notnull(), days=written, outcome=ibis.literal("reached"))


def longer_interval_approved(view: View) -> Counted:
    """Attended visits; y = the clinician recorded that a longer interval is fine."""
    visits = view.attended
    return replace(visits, columns={"y": visits["longer_interval_approved_by_clinician"]})


def follow_up_after_ed(view: View) -> ir.Table:
    """Emergency visits; reached = next attended visit, open = none yet, or died before."""
    stays = _stays(view, "ed")
    return _follow_up(view, stays.mutate(at=ibis.coalesce(stays.ends_at, stays.starts_at)))


def follow_up_after_discharge(view: View) -> ir.Table:
    """Inpatient stays that ended; reached = next attended visit after discharge, open = none yet, or died."""
    return _follow_up(view, _stays(view, "inpatient").mutate(at=ibis._.ends_at))


def _stays(view: View, kind: str) -> ir.Table:
    return view.table("encounters").filter(ibis._.kind == kind).select("patient", "starts_at", "ends_at")


def _follow_up(view: View, stays: ir.Table) -> ir.Table:
    """From the time `at` of each stay to the next visit attended; one earlier that day comes before it."""
    stays = view.with_deaths(stays.filter(stays.at.date() <= view.as_of))
    stays = stays.select("patient", "died_on", day=stays.at.cast("timestamp"))
    visits = view.visits.semi_join(stays, "patient")
    visits = visits.select("patient", day=visits.starts_at.cast("timestamp"), seen_on=visits.day)
    rows = first_after(stays, visits, ("seen_on",))
    rows = rows.mutate(day=rows.day.date())
    as_of = ibis.literal(view.as_of)
    end = ibis.coalesce(rows.seen_on, rows.died_on, as_of)
    return rows.mutate(
        days=ibis.greatest(end.delta(rows.day, unit="day").cast("int64"), 0),
        window_days=as_of.delta(rows.day, unit="day").cast("int64"),
        outcome=ibis.ifelse(rows.seen_on.notnull(), "reached", "open"),
    )
