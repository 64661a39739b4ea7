"""The first day of the service: the Monday after the records, and who is in care then.

    patients      = patients in care / posts
    overdue_weeks = (mean days by which they are overdue + 3) / 7, at least 0

In a run the due days of those in care are spread over the week that ended `overdue_weeks` ago, so on the
first day they are overdue by 7 overdue_weeks - 3 days on average; who is not due yet counts with fewer than
none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from careload.history import fetch
from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence
from careload.model.family import Family

MIDDLE, DAYS_A_WEEK = 3, 7


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """Day, patients and how long they have been due."""
    monday = evidence.as_of + timedelta(days=DAYS_A_WEEK - evidence.as_of.weekday())
    yield Found("start.date", monday, "the Monday after the last day of the records")
    posts = sum(belief.value for place, belief in so_far.items()
                if place.startswith("team.") and place.endswith(".posts"))
    spans = evidence.view.spans
    waiting = spans.filter(spans.event == "waiting")
    late = (waiting.days - waiting.prescribed_interval_days).cast("float64")
    (row,) = fetch(waiting.agg(people=waiting.patient.count(), late=late.mean()))
    if posts and row["people"]:
        yield Found("start.patients", row["people"] / posts, "patients in care / posts",
                    {"patients in care": int(row["people"]), "posts": int(posts)})
    if row["late"] is not None:
        weeks = max(0.0, (row["late"] + MIDDLE) / DAYS_A_WEEK)
        yield Found("start.overdue_weeks", weeks, "(mean days overdue + 3) / 7",
                    {"patients in care": int(row["people"])})


FAMILY = Family("the first day", (), find)
