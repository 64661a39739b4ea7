"""Days away in a year: sickness and planned leave.

    sick days a year  = days sick / open days employed, not on strike x working days a year
    leave days a year = days of leave / those of them not sick x working days a year

A strike is neither: its days are left out above and below the line. Clinicians differ: the doubt is as wide as days
away fall unevenly on them.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.clusters import uneven_rate
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family

WORKING_DAYS_A_YEAR = 365.25 / 7 * 5
FORMULA = {
    "sick": "days sick / open days employed, without strikes x 260.9",
    "leave": "days of leave / open days employed, without strikes and sickness x 260.9",
}
WORDS = {"sick": "days sick", "leave": "days of leave"}


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Days of sickness and of leave in a year."""
    staffing = evidence.staffing
    people = staffing.people
    first, as_of = ibis.literal(evidence.first), ibis.literal(evidence.as_of)
    spans = people.select(
        "clinician", first=ibis.greatest(people.hired_on.fill_null(evidence.first), first),
        last=ibis.least(people.left_on.fill_null(evidence.as_of), as_of),
    )
    found = columns_of(staffing.presence(spans.filter(spans["last"] >= spans["first"])))
    days, sick, leave, strike = (found[name].astype(float) for name in ("days", "sick", "leave", "strike"))
    working = np.maximum(days - strike, 0)
    for word, events, exposure in (("sick", sick, working), ("leave", leave, np.maximum(working - sick, 0))):
        if exposure.sum() <= 0:
            continue
        counts = {WORDS[word]: int(events.sum()), "open days employed": int(exposure.sum()),
                  "clinicians": int((exposure > 0).sum())}
        yield Found(
            f"workforce.{word}_days_per_year", float(events.sum() / exposure.sum() * WORKING_DAYS_A_YEAR),
            FORMULA[word], counts,
            uneven_rate(events, exposure, evidence.generator(word)) * WORKING_DAYS_A_YEAR,
        )


FAMILY = Family("days away", ("leaves.starts_on",), find)
