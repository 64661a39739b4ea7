"""Treatment in groups.

    group_share = patients seen in a group / patients seen again after a first visit

Of those whose episode began `LONG_AGO_DAYS` or more before the end: where groups have room and clinicians
have not, who is in a group is seen again sooner.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import ibis
import numpy as np

from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence, columns_of
from careload.model.family import Family
from careload.model.pooling import pooled_shares

LONG_AGO_DAYS = 120


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """The share of every need group."""
    rows = evidence.courses.visits
    long_ago = rows.episode <= ibis.literal(evidence.as_of - timedelta(days=LONG_AGO_DAYS))
    again = rows.filter((rows.number > 0) & (rows.kind.fill_null("return") != "crisis") & long_ago)
    each = again.group_by("patient", "need").agg(
        group=ibis.ifelse((again.kind == "group").fill_null(False) | again.group, 1, 0).max(),
    )
    table = each.group_by("need").agg(patients=each.patient.count(), grouped=each.group.sum())
    found = columns_of(table.order_by("need"))
    draws = pooled_shares(found["grouped"], found["patients"], evidence.generator("group_share"))
    for place, need in enumerate(found["need"]):
        number = int(found["grouped"][place])
        counts = {"patients seen in a group": number, "patients seen again": int(found["patients"][place])}
        if not found["grouped"].any():
            yield Found(f"need.{need}.group_share", 0.0, "no group is recorded", counts)
        else:
            yield Found(f"need.{need}.group_share", float(np.median(draws[place])),
                        "patients seen in a group / patients seen again", counts, draws[place],
                        none_seen=not number)


FAMILY = Family("groups", ("appointments.kind",), find)
