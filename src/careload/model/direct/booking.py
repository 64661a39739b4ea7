"""Rules of booking.

    rebook_days = days from a no-show to the next visit that one in ten is below
    own_clinician: at least half of the return visits are with the clinician of the visit before
"""

from __future__ import annotations

from collections.abc import Iterator

from careload.history import fetch
from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence
from careload.model.family import Family

HALF = 0.5


def find(evidence: Evidence, so_far: Beliefs) -> Iterator[Found]:
    """The rules that the records show."""
    rows = evidence.view.due
    (missed,) = fetch(rows.agg(number=(rows.status == "no_show").sum()))
    if missed["number"]:
        yield Found("policy.rebook_days", evidence.rebook_days,
                    "days from a no-show to the next visit that one in ten is below",
                    {"no-shows": int(missed["number"])})
    if evidence.has("appointments.clinician"):
        yield from _continuity(evidence)


def _continuity(evidence: Evidence) -> Iterator[Found]:
    spans = evidence.view.spans
    known = spans.filter((spans.event == "seen") & spans.clinician.notnull() & spans.next_clinician.notnull())
    same = (known.clinician == known.next_clinician).sum()
    (row,) = fetch(known.agg(again=known.clinician.count(), same=same))
    if row["again"]:
        counts = {"with the same clinician": int(row["same"]), "return visits": int(row["again"])}
        yield Found("policy.own_clinician", bool(row["same"] / row["again"] >= HALF),
                    "at least half of the return visits with the clinician of the visit before", counts)


FAMILY = Family("rules of booking", (), find)
