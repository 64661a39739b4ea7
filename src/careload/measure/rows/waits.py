"""How long patients wait: spans on one clock."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

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


def planned_only(rows: ir.Table, view: View) -> ir.Table:
    """`rows` without those waiting who have nothing booked and no plan: the lower bound ``open=planned``."""
    booked = view.booked_ahead.select("patient").distinct()
    planned = rows.prescribed_interval_days.notnull() & (
        rows.window_days <= rows.prescribed_interval_days + GRACE_DAYS
    )
    surely = rows.filter((rows.event != "waiting") | planned.fill_null(False))
    perhaps = rows.filter((rows.event == "waiting") & ~planned.fill_null(False))
    return surely.union(perhaps.semi_join(booked, "patient"))
