"""What clinicians' weeks are made of."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

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
    work = ibis.coalesce(rows.worked, rows.contact + rows.non_contact.fill_null(0.0))
    due = work + rows.after_hours.fill_null(0.0)
    rows = rows.filter(work.notnull() & (rows.paid > 0))
    return rows.mutate(n=whole(rows.paid * MINUTES), y=whole(due * MINUTES))
