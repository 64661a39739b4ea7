"""Rules of booking.

    rebook_days = days from a no-show to the next visit that one in ten is below
    own_clinician: at least half of the return visits are with the clinician of the visit before
    drop_after_no_shows = the fewest no-shows in a row of which `SURELY` ended care on the same day
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir

from careload.history import fetch
from careload.model.belief import Beliefs, Found
from careload.model.evidence import Evidence, rows_of
from careload.model.family import Family

HALF = 0.5
SURELY, LEAST_ENDED = 0.9, 10
"""Fewer ends of care on the day of a no-show are chance, and a rule has few exceptions (assumed)."""


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
    if evidence.has("episodes.closed_on"):
        yield from _after_no_shows(evidence)


def _continuity(evidence: Evidence) -> Iterator[Found]:
    spans = evidence.view.spans
    known = spans.filter((spans.event == "seen") & spans.clinician.notnull() & spans.next_clinician.notnull())
    same = (known.clinician == known.next_clinician).sum()
    (row,) = fetch(known.agg(again=known.clinician.count(), same=same))
    if row["again"]:
        counts = {"with the same clinician": int(row["same"]), "return visits": int(row["again"])}
        yield Found("policy.own_clinician", bool(row["same"] / row["again"] >= HALF),
                    "at least half of the return visits with the clinician of the visit before", counts)


def _after_no_shows(evidence: Evidence) -> Iterator[Found]:
    missed = evidence.courses.spells.filter(ibis._.opened == "missed")
    ended = (missed.end == "dropped") & (missed.open_days == 0)
    (row,) = fetch(missed.agg(ended=ended.sum()))
    if (row["ended"] or 0) < LEAST_ENDED:
        return
    for row in rows_of(_in_a_row(evidence.courses.spells)):
        if row["ended"] >= LEAST_ENDED and row["ended"] / row["missed"] >= SURELY:
            yield Found("policy.drop_after_no_shows", int(row["number"]),
                        "fewest no-shows in a row of which nine in ten ended care on the same day",
                        {"no-shows so many in a row": int(row["missed"]), "care ended": int(row["ended"])})
            return


def _in_a_row(spells: ir.Table) -> ir.Table:
    """number (of no-shows in a row), missed (how many were that), ended (of these, care the same day)."""
    rows = spells.filter(spells.opened.isin(["held", "missed"]))
    until = ibis.window(group_by=rows.patient, order_by=[rows.day, rows.opened], preceding=(None, 0),
                        following=None)
    rows = rows.mutate(held_before=ibis.ifelse(rows.opened == "held", 1, 0).sum().over(until))
    rows = rows.filter(rows.opened == "missed")
    within = ibis.window(group_by=[rows.patient, rows.held_before], order_by=[rows.day])
    rows = rows.mutate(number=ibis.row_number().over(within) + 1)
    ended = ibis.ifelse((rows.end == "dropped") & (rows.open_days == 0), 1, 0)
    return rows.group_by("number").agg(missed=rows.patient.count(), ended=ended.sum()).order_by("number")


FAMILY = Family("rules of booking", (), find)
