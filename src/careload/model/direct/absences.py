"""Days away in a year: sickness and planned leave.

    sick days a year  = days sick / open days employed, not on strike x working days a year
    leave days a year = days of leave / those of them not sick x working days a year

A strike is neither: its days are left out above and below the line. Clinicians differ: the doubt is as wide
as days away fall unevenly on them, and those of one spell come together.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.clusters import uneven_rate
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.given import within_range

WORKING_DAYS_A_YEAR = 365.25 / 7 * 5
FORMULA = {
    "sick": "days sick / open days employed, without strikes x 260.9",
    "leave": "days of leave / open days employed, without strikes and sickness x 260.9",
}
WORDS = {"sick": "days sick", "leave": "days of leave"}


@within_range
def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Days of sickness and of leave in a year."""
    staffing = evidence.staffing
    people = staffing.people
    first = ibis.literal(evidence.first)
    spans = people.select(
        "clinician", first=ibis.greatest(people.hired_on.fill_null(evidence.first), first),
        last=people.left_on.fill_null(evidence.as_of),
    )
    presence = staffing.presence(spans.filter(spans["last"] >= spans["first"]))
    found = columns_of(presence.order_by("clinician", "first"))
    days, sick, leave, strike = (found[name].astype(float) for name in ("days", "sick", "leave", "strike"))
    working, together = np.maximum(days - strike, 0), days_together(evidence)
    for word, events, exposure in (("sick", sick, working), ("leave", leave, np.maximum(working - sick, 0))):
        if exposure.sum() <= 0:
            continue
        counts = {WORDS[word]: int(events.sum()), "open days employed": int(exposure.sum()),
                  "clinicians": int((exposure > 0).sum())}
        yield Found(
            f"workforce.{word}_days_per_year", float(events.sum() / exposure.sum() * WORKING_DAYS_A_YEAR),
            FORMULA[word], counts,
            uneven_rate(events, exposure, evidence.generator(word), together[word]) * WORKING_DAYS_A_YEAR,
        )


def days_together(evidence: Evidence) -> dict[str, float]:
    """By reason, the length of the spell that a day away lies in, mean; at least 1."""
    staffing, first = evidence.staffing, ibis.literal(evidence.first)
    rows = staffing.away.filter(staffing.away.ends_on >= first)
    days = staffing.open_days(ibis.greatest(rows.starts_on, first), rows.ends_on)
    rows = rows.mutate(days=days)
    table = rows.group_by("why").agg(days=rows.days.sum(), squares=(rows.days * rows.days).sum())
    found = columns_of(table.filter(table.days > 0))
    each = zip(*(found[name].tolist() for name in ("why", "squares", "days")), strict=True)
    return {"sick": 1.0, "leave": 1.0} | {why: max(1.0, squares / days) for why, squares, days in each}


FAMILY = Family("days away", ("leaves.starts_on",), find)
