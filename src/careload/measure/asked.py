"""Requests for care, and which appointments answered them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir

from careload.measure.following import first_after

if TYPE_CHECKING:
    from careload.measure.view import View

ANSWERS = ("offered_at", "booked_for", "attended_at")
"""What may answer a request, and when."""


def requests_of(view: View) -> ir.Table:
    """Referrals made by the day: what was asked, and when it was first offered, booked, attended.

    `day` of the request; `offered_at`, `booked_for`, `attended_at`, `preferred_on` (or null);
    `over_on`, the day the wait ended without a visit (referral closed, or death), and its `outcome`.
    An appointment after that day answers another request.
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
    asked = _with_end(view.with_deaths(asked))
    found = first_after(asked, _first_appointments(view), ANSWERS)
    found = found.mutate(**{name: until_day(found[name], found.over_on) for name in ANSWERS})
    # Closed as seen and no appointment at all: the visit stands outside these records, nobody waits.
    return found.filter(~(found.closed_as_seen & found.booked_for.isnull()))


def until_day(moment: ir.TimestampValue, last: ir.DateValue) -> ir.TimestampValue:
    """`moment`, null when it lies after the day `last`."""
    return ibis.ifelse((moment.date() > last).fill_null(False), ibis.null("timestamp"), moment)


def _with_end(asked: ir.Table) -> ir.Table:
    """`asked` with `over_on` and `outcome` of waits that ended without a visit, by closing or by death."""
    seen = (asked.closed_on.notnull() & (asked.outcome == "seen")).fill_null(False)
    closed_on = ibis.ifelse(seen, ibis.null("date"), asked.closed_on)
    died_first = (closed_on.isnull() | (asked.died_on < closed_on)) & asked.died_on.notnull()
    died_first = died_first.fill_null(False)
    return asked.mutate(
        closed_as_seen=seen,
        over_on=ibis.ifelse(died_first, asked.died_on, closed_on),
        outcome=ibis.ifelse(died_first | seen, ibis.null("string"), asked.outcome),
    ).drop("closed_on", "died_on")


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
