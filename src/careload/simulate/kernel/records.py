"""What the simulator keeps: the plan of a service, who is where, what is counted.

A `Plan` is a service as numbers and never changes in a run; a `World` is one day of it; a `Tally` is what
has been counted. All are named tuples of arrays; `desk.py` says how compiled functions reach into them.

A *cell* is a need group at a site (cell = site * needs + need); a *line* is a row of waiting patients in the
order in which they are seen; a *post* is a place of work with its holder; -1 is nobody, no day, no place.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

# Constants are 32-bit numbers: of a plain Python number Numba would compile every function anew.
NOBODY = NOT_YET = np.int32(-1)
DAYS_SHOWN = 512
"""Places for an interval, lead time or wait: one for each number of days up to 510, the last for more."""

MOST_STAGES, MOST_VISITS = 8, 512
assert MOST_VISITS == DAYS_SHOWN, "counting.place_for finds a place in tables of either"

BLOCK = 64
"""Midnights of waiting for which a first draw speaks."""

FREE, PLANNED, WAITING, IN_CRISIS, CALLED = np.arange(5, dtype=np.int32)
"""Where a patient is: a free record; due later; due or overdue; waiting after a crisis; being seen."""

FIRST_URGENT, FIRST_ROUTINE, GROUP, CRISIS, POOL = np.arange(5, dtype=np.int32)
LINES_OF_A_CELL = 5
"""Lines of each cell, by what is waited for; after them one line for each post: its own patients."""

PATIENT = np.dtype(
    [
        ("key", "u8"),  # who: the place of this patient in every stream of chance
        ("due", "i4"), ("booked", "i4"), ("arrived", "i4"), ("last", "i4"),  # days
        ("post", "i4"), ("own_after", "i4"), ("own_before", "i4"),  # own clinician, neighbours there; of a
        # free record `own_after` is the next free one
        ("line", "i4"), ("place", "i4"),  # where one stands: line, place on its sheets
        ("to_go", "i2"), ("visits", "i2"), ("tries", "i2"), ("cell", "i2"), ("need", "i2"), ("team", "i2"),
        ("state", "i1"), ("urgent", "i1"), ("group", "i1"), ("missed", "i1"),
        ("drawn", "i1"),  # 1 when the wait has been drawn to its end, 0 for its first midnights only
    ],
    align=True,
)
LINE = np.dtype([("head", "i4"), ("tail", "i4"), ("mark", "i4"), ("mark_due", "i4")], align=True)
EVENT = np.dtype([("key", "u8"), ("patient", "i4"), ("due", "i4")], align=True)
"""Of a wait that ends: who waits, since which due day. Its kind stands in `due` where that is none:"""
LIFE_ENDS, COMES_BACK = np.int32(-(2**31)), np.int32(-(2**31) + 1)
SPARE = np.dtype(
    [(name, "i4") for name in ("patient", "sheet", "events", "new_patient", "new_sheet", "new_events")]
)
"""The first of what has been given back; the first never used."""

POST = np.dtype(
    [
        ("key", "u8"), ("holder", "i4"), ("team", "i4"),
        ("hired", "i4"), ("leaves", "i4"), ("filled", "i4"),  # days; `filled` of a vacant post, else -1
        ("first_hired", "i4"),  # the day on which the holder of the first day was hired
        ("first_patients", "i4"), ("first_late", "f8"),  # in care on the first day; share overdue
        ("caseload", "i4"), ("first_own", "i4"),
        ("crisis_slots", "i4"), ("intake_slots", "i4"), ("open_slots", "i4"), ("return_slots", "i4"),
        ("sessions", "i4"),  # of today, not yet used
        ("returns", "i4"), ("intakes", "i4"), ("held", "i4"), ("attended", "i4"), ("missed", "i4"),
        ("present", "i4"), ("offered", "i4"), ("used", "i4"), ("seated", "i4"),  # of this week
        ("crisis_credit", "f8"), ("intake_credit", "f8"), ("open_credit", "f8"), ("return_credit", "f8"),
        ("session_credit", "f8"),
        ("exhaustion", "f8"), ("unpaid", "f8"), ("undone", "f8"), ("displaced", "f8"),
        ("put_off", "f8"),  # hours of the last week that fall due in the next
        ("load", "f8"),  # patients for each weekly slot, when last asked
    ],
    align=True,
)

MOST_QUANTILES = 41
"""Numbers by which a law of the first day is told at most: its least and most, and between at even steps."""

TEAM = np.dtype(
    [
        ("key", "u8"),  # which team: the place of its posts in every stream of chance
        ("site", "i4"), ("profession", "i4"), ("first_post", "i4"), ("posts", "i4"), ("shares_slots", "i4"),
        ("seats", "i4"), ("fte", "f8"),
        ("crisis_rate", "f8"), ("intake_rate", "f8"), ("open_rate", "f8"), ("return_rate", "f8"),
        ("session_rate", "f8"),  # slots per working day
        ("weekly_slots", "f8"), ("ceiling", "f8"),
        ("visit_hours", "f8"), ("intake_hours", "f8"), ("group_hours", "f8"), ("note_hours", "f8"),
        ("missed_hours", "f8"), ("patient_hours", "f8"), ("fixed_hours", "f8"), ("paid_hours", "f8"),
        ("displaced", "f8"), ("unpaid", "f8"), ("undone", "f8"),
        ("leaving", "f8"), ("filling", "f8"),  # per week; logarithm of staying vacant a day
        ("opens", "i4"), ("vacant", "i4"), ("start_overdue", "i4"),  # day; posts at first; days
        ("start_patients", "f8"), ("start_before", "f8"),  # per post held; at the teams before it at the site
        ("start_due_steps", "i4"), ("start_due", "f8", (MOST_QUANTILES,)),  # day due, before start_overdue
        ("start_missed", "f8", (MOST_QUANTILES,)),  # share who missed one visit or more, two or more, ...
        ("start_put_off", "f8"),  # days by which each of these has put the next visit off
        ("start_put_off_hours", "f8"),  # of work, from the week before the first day
        ("start_late", "f8"),  # share of the law that is overdue; 0 where none was told
        ("start_due_soon", "f8"),  # share due before a visit is booked again after a no-show
        ("start_longest", "f8"),  # longest cadence of those in care
        ("start_late_days", "f8"),  # mean days by which a visit is held after it was due
    ],
    align=True,
)
NEED = np.dtype(
    [
        ("urgent", "u8"), ("waiting_urgent", "u8"), ("group", "u8"), ("quits", "u8"),  # limits of draws
        ("wait_ends", "u8", (BLOCK + 1,)), ("wait_slope", "f8"),  # limit by midnight; midnights per logarithm
        ("log_wait", "f8"),  # survival of a midnight
        ("drop_part", "f8"), ("remit_part", "f8"),  # of the ends of a wait, cumulated; the rest are crises
        ("log_crisis_wait", "f8"), ("admitted", "f8"), ("emergency", "f8"),
        ("log_life", "f8"), ("died_part", "f8"),
        ("reentry", "u8"), ("relapse", "u8"), ("log_away", "f8"),
        ("mean_need", "f8"), ("per_week_waited", "f8"),
        ("start_waited_steps", "i4"), ("start_waited_shares", "f8", (MOST_QUANTILES,)),  # of start_waited
        ("start_not_due", "f8"),  # share not due yet
        ("waiting_missed", "f8", (MOST_QUANTILES,)),  # share who missed one first visit or more, two, ...
        ("start_visits_steps", "i4"), ("start_visits", "f8", (MOST_QUANTILES,)), ("start_progress", "f8"),
        ("start_by_stage", "f8", (MOST_STAGES,)),  # share in this stage or an earlier one
        ("stage_cadence", "f8", (MOST_STAGES,)),  # cadence
        ("cadence", "i4", (MOST_VISITS,)),  # days until the next visit, by visits attended
        ("stage", "i4", (MOST_VISITS,)),  # likewise
        ("progress", "f4", (MOST_STAGES, DAYS_SHOWN)),  # visits' worth by stage and gap
        ("needed", "f8", (MOST_VISITS,)),  # distribution function of the visits needed
        ("needed_more", "f8", (MOST_VISITS,)),  # chance that more are needed
    ],
    align=True,
)
RULES = np.dtype(
    [
        ("own_clinician", "i4"), ("rebook", "i4"), ("most_missed", "i4"), ("outside_after", "i4"),
        ("exhaustion_start", "f8"), ("exhaustion_rise", "f8"), ("exhaustion_kept", "f8"),
        ("log_exhausted", "f8"), ("if_new", "f8"), ("hand_over_loss", "u8"), ("notice", "i4"),
        ("replaced_at_once", "i4"), ("ramp_days", "f8"), ("ramp_from", "f8"),
        ("sick", "u8"), ("leave_rate", "f8"), ("strike", "u8"), ("strike_from", "i4"), ("strike_to", "i4"),
        ("counted_from", "i4"),
        ("new_share", "f8"), ("new_days_steps", "i4"), ("new_days", "f8", (MOST_QUANTILES,)),  # first day
        ("new_caseload_days", "f8"), ("new_overdue", "f8"), ("first_exhaustion", "f8"),  # likewise
        ("under_notice", "f8"),  # likewise, against what is usual
        ("no_show", "u8", (2, DAYS_SHOWN)),  # limit of missing, by lead time: first visits, return visits
    ],
    align=True,
)

CELL = np.dtype(
    [
        ("site", "i4"), ("need", "i4"), ("first", "i4"),  # line of routine first visits
        ("start_waiting", "i4"), ("start_waited", "i4"),  # for a first visit; days
        ("waiting_put_off", "f8"),  # days by which each first visit missed has put off the next
        ("start_away", "i4"),  # gone, and will ask again
    ],
    align=True,
)
SITE = np.dtype([("first_post", "i4"), ("posts", "i4"), ("outside", "f8")], align=True)
STOCK = np.dtype([("started", "i4"), ("in_care", "i4"), ("due", "i4"), ("not_seen", "i4")], align=True)
LATELY = np.dtype(
    [
        ("seen", "f8", (4,)), ("waited", "f8", (4,)),  # first visits of the last four weeks
        ("long_wait", "f8"),  # weeks by which their mean exceeds two
        ("outside_credit", "f8"),
    ],
    align=True,
)

Numbers = NDArray[np.float64]
Whole = NDArray[np.int32]
Records = NDArray[np.void]


class Plan(NamedTuple):
    """A service as numbers.

    rules     RULES, one record
    teams     TEAM by team; teams of a site stand together
    needs     NEED by need group
    cells     CELL by cell
    sites     SITE by site
    treats    (team, needs + 1): number of cells the team may treat, then those cells
    mix       the same shape: of the patients in care on the first day, all, then those of each cell; a ratio
    arrivals  (day, cell): mean number of referrals
    open      by day: whether the service is open
    business  by day: business days up to and including it
    """

    rules: np.void
    teams: Records
    needs: Records
    cells: Records
    sites: Records
    treats: Whole
    mix: Numbers
    arrivals: Numbers
    open: NDArray[np.bool_]
    business: Whole


class World(NamedTuple):
    """Everyone on one day.

    patients  PATIENT, those in care and free records; 64 bytes each, a cache line
    sheets    places on which lines and days of the calendar are written, sixteen to a sheet
    lines     LINE by line
    calendar  LINE by day: patients due that day
    posts     POST by post
    order     posts, those of a site by patients per weekly slot
    events    EVENT, those to come, sixteen to a sheet
    diary     LINE by day: events of that day
    spare     SPARE, one record
    stock     STOCK by cell: in care on the first day; now; of these due or overdue; not yet seen
    lately    LATELY by site
    """

    patients: Records
    sheets: Whole
    lines: Records
    calendar: Records
    posts: Records
    order: Whole
    events: Records
    diary: Records
    spare: np.void
    stock: Records
    lately: Records


CELL_COUNTS = (
    "referred", "came_back", "first_visits", "attended", "missed", "crises", "ed_visits", "admitted",
    "dropped_waiting", "dropped_after_visit", "dropped_no_shows", "dropped_hand_over", "remitted",
    "discharged", "died", "moved", "outside", "in_care", "overdue", "not_yet_seen",
)
"""What is counted by week and cell; the last three stand at the end of the week."""
REFERRED = np.int32(CELL_COUNTS.index("referred"))
CAME_BACK = np.int32(CELL_COUNTS.index("came_back"))
ATTENDED = np.int32(CELL_COUNTS.index("attended"))
ADMITTED = np.int32(CELL_COUNTS.index("admitted"))
DROPPED_WAITING = np.int32(CELL_COUNTS.index("dropped_waiting"))
DROPPED_AFTER_VISIT = np.int32(CELL_COUNTS.index("dropped_after_visit"))
DROPPED_NO_SHOWS = np.int32(CELL_COUNTS.index("dropped_no_shows"))
DROPPED_HAND_OVER = np.int32(CELL_COUNTS.index("dropped_hand_over"))
REMITTED = np.int32(CELL_COUNTS.index("remitted"))
DISCHARGED = np.int32(CELL_COUNTS.index("discharged"))
DIED = np.int32(CELL_COUNTS.index("died"))
MOVED = np.int32(CELL_COUNTS.index("moved"))
OUTSIDE = np.int32(CELL_COUNTS.index("outside"))
IN_CARE = np.int32(CELL_COUNTS.index("in_care"))
OVERDUE = np.int32(CELL_COUNTS.index("overdue"))
NOT_SEEN = np.int32(CELL_COUNTS.index("not_yet_seen"))
CELL_COUNTED = np.dtype([(name, "i4") for name in CELL_COUNTS])

TEAM_COUNTS = (
    "offered", "used", "seats", "seated", "attended", "contact_hours", "non_contact_hours", "due_hours",
    "paid_hours", "unpaid_hours", "displaced_hours", "undone_hours", "exhaustion", "filled", "vacant", "left",
    "hired", "handed_over", "caseload", "working", "on_strike",
)
"""What is counted by week and team. Exhaustion is summed over the posts filled at the end of the week;
`working` are posts at which somebody was present, `on_strike` posts on strike, a fifth for each such day."""
OFFERED = np.int32(TEAM_COUNTS.index("offered"))
USED = np.int32(TEAM_COUNTS.index("used"))
DUE_HOURS = np.int32(TEAM_COUNTS.index("due_hours"))
PAID_HOURS = np.int32(TEAM_COUNTS.index("paid_hours"))
UNPAID_HOURS = np.int32(TEAM_COUNTS.index("unpaid_hours"))
EXHAUSTION = np.int32(TEAM_COUNTS.index("exhaustion"))
FILLED = np.int32(TEAM_COUNTS.index("filled"))
VACANT = np.int32(TEAM_COUNTS.index("vacant"))
HIRED = np.int32(TEAM_COUNTS.index("hired"))
CASELOAD = np.int32(TEAM_COUNTS.index("caseload"))
ON_STRIKE = np.int32(TEAM_COUNTS.index("on_strike"))
TEAM_COUNTED = np.dtype([(name, "f8") for name in TEAM_COUNTS])

SUMS = np.dtype([("written", "i8"), ("ran_out", "i8"), ("beyond", "i8", (2,))], align=True)
INTERVALS, WAITS, SECOND_WAITS = np.arange(3, dtype=np.int32)
"""What is waited for: the next visit after a visit, the first visit after asking, the second after the first
(which is an interval too)."""
CALENDAR_DAYS, BUSINESS_DAYS = np.arange(2, dtype=np.int32)
SEEN, CLOSED, LOST, CUT_OFF = np.arange(4, dtype=np.int32)
"""How a span of waiting ended: by the visit; by discharge, without waiting; by dropping out or getting well
untreated; by another end of care or the end of the run, which say nothing of the wait."""


class Tally(NamedTuple):
    """What has been counted.

    cells    (week, cell, CELL_COUNTS)
    teams    (week, team, TEAM_COUNTS)
    spans    (3, 2, 4, group, DAYS_SHOWN): histograms of the spans of waiting that opened on a counted day, by
             what is waited for, calendar or business days, how they ended. The group of an INTERVAL, and of a
             SECOND_WAIT, is team * needs + need, the team of the visit it opened with; of a WAIT the cell
    monthly  (2, four weeks, DAYS_SHOWN): histograms of those that ended with the visit, of the whole
             service, from the first day, by the four weeks in which they ended
    log      LOG, events in order; empty when nobody asked for them
    sums     SUMS, one record: events that belong in the log, also those for which there was no room; whether
             records ran out; days beyond the last place of `monthly`, of counted days, summed
    """

    cells: Whole
    teams: Numbers
    spans: Whole
    monthly: Whole
    log: Records
    sums: np.void
