"""What the simulator counted, in the words of the records; never read back from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.records import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    CELL_COUNTS,
    CLOSED,
    CUT_OFF,
    FREE,
    INTERVALS,
    LOST,
    PLANNED,
    SEEN,
    TEAM_COUNTS,
    WAITS,
)
from careload.simulate.run import Run
from careload.simulate.written.story import Story

LIMIT_BUSINESS_DAYS = 10
FATES = {"seen": SEEN, "closed": CLOSED, "lost": LOST, "cut_off": CUT_OFF}


@dataclass(frozen=True)
class Truth:
    """What the simulator counted in the days that are told.

    as_of                        the last of them
    attended, no_shows           visits held and missed
    first_visits                 of these held, first ones
    referred, came_back          patients who asked for the first time, and again
    crises, ed_visits, admitted  crises; those seen in an emergency department; those admitted
    dropped, remitted, discharged, died, moved, outside    ends of care
    in_care_at_as_of             patients in care on the last evening, also those not seen yet
    not_yet_seen_at_as_of        of these, still waiting for a first visit
    nothing_booked_at_as_of      of these in care, without a return visit in the calendar
    interval_days                how a span after a visit ended (seen, closed, lost, cut_off) -> days -> spans
    wait_days                    the same of spans after asking
    first_visits_within_10_business_days   of those who asked in these days
    hours_due, hours_paid, hours_unpaid, overload    work due, time paid, work beyond it done, in whole weeks;
                                 due / paid
    leavers, hired, patients_handed_over
    """

    as_of: str
    attended: int
    no_shows: int
    first_visits: int
    referred: int
    came_back: int
    crises: int
    ed_visits: int
    admitted: int
    dropped: int
    remitted: int
    discharged: int
    died: int
    moved: int
    outside: int
    in_care_at_as_of: int
    not_yet_seen_at_as_of: int
    nothing_booked_at_as_of: int
    interval_days: dict[str, dict[int, int]]
    wait_days: dict[str, dict[int, int]]
    first_visits_within_10_business_days: int
    hours_due: float
    hours_paid: float
    hours_unpaid: float
    overload: float
    leavers: int
    hired: int
    patients_handed_over: int


def truth_of(story: Story) -> Truth:
    """Everything counted in the days that are told."""
    run, first = story.run, story.first // 7
    cells = run.tally.cells[first:].sum(axis=(0, 1))
    teams = run.tally.teams[first:].sum(axis=(0, 1))
    count = {name: int(cells[place]) for place, name in enumerate(CELL_COUNTS)}
    work = {name: float(teams[place]) for place, name in enumerate(TEAM_COUNTS)}
    soon = run.tally.spans[WAITS, BUSINESS_DAYS, SEEN, :, : LIMIT_BUSINESS_DAYS + 1]
    return Truth(
        as_of=str(story.origin + np.timedelta64(story.last, "D")),
        attended=count["attended"], no_shows=count["missed"], first_visits=count["first_visits"],
        dropped=sum(number for name, number in count.items() if name.startswith("dropped_")),
        **{name: count[name] for name in (
            "referred", "came_back", "crises", "ed_visits", "admitted", "remitted", "discharged", "died",
            "moved", "outside",
        )},
        **_on_the_last_evening(run),
        interval_days=_by_fate(run.tally.spans[INTERVALS, CALENDAR_DAYS]),
        wait_days=_by_fate(run.tally.spans[WAITS, CALENDAR_DAYS]),
        first_visits_within_10_business_days=int(soon.sum()),
        hours_due=round(work["due_hours"], 2), hours_paid=round(work["paid_hours"], 2),
        hours_unpaid=round(work["unpaid_hours"], 2),
        overload=round(work["due_hours"] / work["paid_hours"], 6) if work["paid_hours"] else 0.0,
        leavers=round(work["left"]), hired=round(work["hired"]),
        patients_handed_over=round(work["handed_over"]),
    )


def _on_the_last_evening(run: Run) -> dict[str, int]:
    here = run.world.patients[run.world.patients["state"] != FREE]
    not_seen = here["visits"] == 0
    booked = ~not_seen & (here["state"] == PLANNED)
    return {
        "in_care_at_as_of": len(here), "not_yet_seen_at_as_of": int(not_seen.sum()),
        "nothing_booked_at_as_of": int((~booked).sum()),
    }


def _by_fate(spans: NDArray[np.int32]) -> dict[str, dict[int, int]]:
    """Histograms by how spans ended, without days on which none did."""
    found = {}
    for name, fate in FATES.items():
        whole = spans[fate].sum(axis=0)
        found[name] = {int(days): int(whole[days]) for days in np.flatnonzero(whole)}
    return found
