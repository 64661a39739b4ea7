"""What clinicians' weeks are made of."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from careload.measure.counted import Counted
from careload.measure.engine import whole
from careload.measure.view import View

MINUTES = 60


def weeks(view: View) -> ir.Table:
    """Clinician-weeks begun by the day, with `day` the Monday."""
    rows = view.table("hours").mutate(day=ibis._.week_start)
    return rows.filter(rows.day <= view.as_of)


def overload(view: View) -> ir.Table:
    """Clinician-weeks; y = minutes of work due, n = minutes paid."""
    rows = weeks(view)
    work = ibis.coalesce(rows.worked, rows.contact + rows.non_contact)
    due = work + rows.after_hours.fill_null(0.0)
    rows = rows.filter(work.notnull() & (rows.paid > 0))
    return rows.mutate(n=whole(rows.paid * MINUTES), y=whole(due * MINUTES))


def contact_hours(view: View) -> ir.Table:
    """Clinician-weeks with paid hours; y = minutes with patients."""
    return _minutes(weeks(view), "contact")


def non_contact_hours(view: View) -> ir.Table:
    """Clinician-weeks with paid hours; y = minutes of notes, calls, coordination in paid time."""
    return _minutes(weeks(view), "non_contact")


def after_hours(view: View) -> ir.Table:
    """Clinician-weeks with paid hours; y = minutes in the record system outside paid time."""
    return _minutes(weeks(view), "after_hours")


def _minutes(rows: ir.Table, column: str) -> ir.Table:
    rows = rows.filter(rows[column].notnull() & (rows.paid.isnull() | (rows.paid > 0)))
    return rows.mutate(n=ibis.literal(1, type="int64"), y=whole(rows[column] * MINUTES))


def new_to_return_ratio(view: View) -> Counted:
    """Attended intakes (y) and return visits (n)."""
    rows = view.due
    return view.attended.only(rows.clinician.notnull(), y=rows.kind == "intake", n=rows.kind == "return")
