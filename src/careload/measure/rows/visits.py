"""What became of appointments."""

from __future__ import annotations

import ibis.expr.types as ir

from careload.measure.engine import flag
from careload.measure.view import HELD, View


def no_show(view: View) -> ir.Table:
    """Appointments kept or missed; y = missed."""
    rows = view.due.filter(view.due.status.isin(HELD))
    return rows.mutate(y=flag(rows.status == "no_show"))
