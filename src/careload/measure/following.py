"""What came next: for each start, the first of some later events of the same patient."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir


def first_after(starts: ir.Table, events: ir.Table, firsts: Sequence[str]) -> ir.Table:
    """`starts` with the earliest value of each column of `firsts` among later events.

    starts  `patient`, `day` and whatever is to be kept; several starts of one patient may follow
    events  `patient`, `day` and the dates or times `firsts`; events on the day of the start count
    firsts  names, none of them a column of `starts`; null where nothing followed
    """
    schema, theirs = starts.schema(), events.schema()
    marked = starts.mutate(is_start=True, **{name: ibis.null(theirs[name]) for name in firsts})
    blanks = {name: ibis.null(kind) for name, kind in schema.items() if name not in ("patient", "day")}
    later = events.select("patient", "day", *firsts).mutate(is_start=False, **blanks)
    both = marked.union(later.select(*marked.columns))
    # Starts stand before the events of their own day, so that those are still ahead of them.
    order = [both.day, both.is_start.desc()]
    ahead = ibis.window(group_by=both.patient, order_by=order, preceding=0, following=None)
    both = both.mutate(**{name: both[name].min().over(ahead) for name in firsts})
    return both.filter(both.is_start).drop("is_start")
