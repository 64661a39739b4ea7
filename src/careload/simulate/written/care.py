"""Patients in the records: their episodes, referrals, encounters elsewhere."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from careload.simulate.kernel.entries import LOG_CRISIS, LOG_ED, LOG_ENDED
from careload.simulate.kernel.records import (
    ADMITTED,
    CELL_COUNTS,
    DIED,
    DISCHARGED,
    DROPPED_AFTER_VISIT,
    DROPPED_HAND_OVER,
    DROPPED_NO_SHOWS,
    DROPPED_WAITING,
    MOVED,
    OUTSIDE,
    REMITTED,
)
from careload.simulate.written.book import asked_minute
from careload.simulate.written.columns import date_of, ids, moment_of, named, table
from careload.simulate.written.story import NO_DAY, Days, Flags, Places, Story

NIGHT_FROM, NIGHT_MINUTES = 30, 240

GIVEN_UP = (DROPPED_WAITING, DROPPED_AFTER_VISIT, DROPPED_NO_SHOWS, DROPPED_HAND_OVER, REMITTED)
"""A service does not see that somebody got well: they stayed away, like others who dropped out."""

REASON_OF = {
    DISCHARGED: "completed", DIED: "died", MOVED: "lost_coverage", OUTSIDE: "referred_out",
    ADMITTED: "admitted", **dict.fromkeys(GIVEN_UP, "dropped"),
}


def told(story: Story) -> Flags:
    """Stays that reach into the days told."""
    return np.asarray((story.stays.ended == NO_DAY) | (story.stays.ended >= story.first))


def episodes(story: Story) -> pa.Table:
    """Care from the first visit attended to its end."""
    stays, opened = story.stays, opened_on(story)
    shown = np.flatnonzero(told(story) & (opened != NO_DAY))
    shown = shown[np.argsort(opened[shown], kind="stable")]
    reasons: list[str | None] = [REASON_OF.get(np.int32(way)) for way in range(len(CELL_COUNTS))]
    return table(
        "episodes", episode=ids("e", np.arange(len(shown)), 6), patient=ids("p", stays.patient[shown], 6),
        opened_on=date_of(story.origin, opened[shown]), closed_on=date_of(story.origin, stays.ended[shown]),
        reason=named(np.array(reasons, dtype=object), stays.way[shown]),
    )


def opened_on(story: Story) -> Days:
    """Day of the first visit by stay; for those of the first day reckoned back from the last before it.

    The simulator knows how many visits they have had, not when: they are put one planned interval apart.
    """
    stays = story.stays
    apart = story.planned_days(stays.visits_before, stays.cell)
    reckoned = stays.last_before - (stays.visits_before - 1) * apart
    return np.where(stays.asked == NO_DAY, reckoned, story.first_visit)


def referrals(story: Story, waiting_before: bool) -> pa.Table:
    """Requests made in the days told, or before the first day of the run and still unanswered then.

    waiting_before  or made before the days told and unanswered on the first of them

    Closed by the first visit, or when the wait ended without one.
    """
    stays, seen = story.stays, story.first_visit
    waited = told(story) & ((seen == NO_DAY) | (seen >= story.first))
    before = (stays.asked < 0) | waiting_before
    shown = np.flatnonzero((stays.asked != NO_DAY) & ((stays.asked >= story.first) | (before & waited)))
    was_seen, way = seen[shown] != NO_DAY, stays.way[shown]
    closed = np.where(was_seen, seen[shown], stays.ended[shown])
    outcome = np.where(was_seen, "seen", np.where(np.isin(way, GIVEN_UP), "gave_up", "")).astype(object)
    outcome[outcome == ""] = None
    return table(
        "referrals", referral=ids("r", np.arange(len(shown)), 6), patient=ids("p", stays.patient[shown], 6),
        site=story.sites[story.run.plan.cells["site"][stays.cell[shown]]],
        requested_at=moment_of(story.origin, stays.asked[shown], asked_minute(stays.key[shown])),
        urgency=np.where(stays.urgent[shown], "urgent", "routine").astype(object),
        closed_on=date_of(story.origin, closed), outcome=outcome,
    )


def patients(story: Story) -> pa.Table:
    """Everybody the records speak of."""
    stays, who = story.stays, people(story)
    died = np.full(len(stays.key), NO_DAY)
    dead = stays.way == DIED
    died[stays.patient[dead]] = stays.ended[dead]
    return table(
        "patients", patient=ids("p", who, 6),
        need_group=story.needs[story.run.plan.cells["need"][stays.cell[who]]],
        died_on=date_of(story.origin, died[who]),
    )


def people(story: Story) -> Places:
    """Patients the records speak of, by their first stays."""
    return np.unique(story.stays.patient[told(story)])


def encounters(story: Story) -> pa.Table:
    """Crises: in the emergency department, in hospital, or neither; in the night before the day's visits.

    How long they last the simulator does not know.
    """
    happened = story.entries(LOG_CRISIS, LOG_ED, LOG_ENDED)
    admitted = (happened["kind"] == LOG_ENDED) & (happened["value"] == ADMITTED)
    emergency = happened["kind"] == LOG_ED
    kind = np.where(emergency, "ed", np.where(admitted, "inpatient", "crisis")).astype(object)
    # What became of a crisis stands right behind it; a crisis with nothing behind it is one alone.
    elsewhere = np.append((emergency | admitted)[1:], False)
    shown = np.where(happened["kind"] == LOG_CRISIS, ~elsewhere, emergency | admitted)
    shown &= happened["day"] >= story.first
    happened, kind = happened[shown], kind[shown]
    stay = story.stays.place_of(happened["key"])
    minute = NIGHT_FROM + (happened["key"] % np.uint64(NIGHT_MINUTES)).astype(np.int64)
    return table(
        "encounters", encounter=ids("x", np.arange(len(kind)), 6), kind=kind,
        patient=ids("p", story.stays.patient[stay], 6),
        starts_at=moment_of(story.origin, happened["day"].astype(np.int64), minute),
    )
