"""Work that the last weeks of the records put off into the first week of the service.

    start_put_off_hours = overflow_displaced x hours beyond those paid, mean over a team's clinicians and the
                          last four whole weeks
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import ibis

from careload.model.belief import Beliefs, Found
from careload.model.direct.hours import clinician_weeks
from careload.model.direct.teams import team_name
from careload.model.evidence import Evidence, columns_of

WEEKS = 4
MOST_HOURS = 80.0
_ = ibis._


def find_put_off(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Hours put off, of each team with any."""
    if not evidence.has("hours.paid"):
        return
    since = ibis.literal(evidence.as_of - timedelta(days=7 * WEEKS + 6))
    rows = clinician_weeks(evidence)
    rows = rows.filter(rows.week_start > since)
    table = columns_of(rows.group_by("site", "profession").agg(excess=_.excess.mean(), weeks=_.count())
                       .order_by("site", "profession"))
    for site, profession, excess, weeks in zip(*(table[name].tolist() for name in (
            "site", "profession", "excess", "weeks")), strict=True):
        share = so_far.get(f"profession.{profession}.overflow_displaced")
        if share is not None and excess > 0:
            yield Found(f"team.{team_name(site, profession)}.start_put_off_hours",
                        round(min(float(share.value) * excess, MOST_HOURS), 3),
                        "overflow_displaced x hours beyond those paid in the last weeks",
                        {"clinician-weeks": weeks})
