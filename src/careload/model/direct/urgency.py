"""Urgent referrals.

    urgent_share = referrals triaged as urgent or as an emergency / referrals with an urgency, all made
                   within the records
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_shares


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """The share of every need group; those with few referrals lean on the others."""
    rows = evidence.view.table("referrals")
    # Of those who asked before the records began only who still waited then is there: few of them urgent.
    within = rows.requested_at.date().between(evidence.first, evidence.as_of)
    rows = rows.filter(rows.urgency.notnull() & within)
    rows = rows.left_join(evidence.courses.needs, "patient").drop("patient_right")
    rows = rows.mutate(need=rows.need.fill_null(EVERYBODY))
    table = rows.group_by("need").agg(asked=rows.urgency.count(), urgent=(rows.urgency != "routine").sum())
    found = columns_of(table.order_by("need"))
    draws = pooled_shares(found["urgent"], found["asked"], evidence.generator("urgent_share"))
    for place, need in enumerate(found["need"]):
        counts = {"urgent": int(found["urgent"][place]), "referrals": int(found["asked"][place])}
        yield Found(f"need.{need}.urgent_share", float(np.median(draws[place])), "urgent / referrals", counts,
                    draws[place], none_seen=not found["urgent"][place])


FAMILY = Family("urgency", ("referrals.urgency",), find)
