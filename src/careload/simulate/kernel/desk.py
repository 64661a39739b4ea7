"""The desk: everything a day needs, and where it lies.

Every compiled function is given the desk first. `patient_at(desk, person)` is the record of a person, to read
and to write; so it is with posts, lines and counts. Nothing here decides anything.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from careload.simulate.kernel.chance import LUCK
from careload.simulate.kernel.compiled import inlined
from careload.simulate.kernel.entries import LOG
from careload.simulate.kernel.memory import fixed, prefetch, record_at, record_in
from careload.simulate.kernel.records import (
    BUSINESS_DAYS,
    CALENDAR_DAYS,
    CELL,
    CELL_COUNTED,
    CELL_COUNTS,
    CUT_OFF,
    DAYS_SHOWN,
    EVENT,
    LATELY,
    LINE,
    LINES_OF_A_CELL,
    NEED,
    PATIENT,
    POST,
    RULES,
    SITE,
    SPARE,
    STOCK,
    SUMS,
    TEAM,
    TEAM_COUNTED,
    Plan,
    Tally,
    World,
)

NUMBER = np.dtype([("is_", "i4")])
REAL = np.dtype([("is_", "f8")])
YES = np.dtype([("is_", "u1")])
UNITS, FATES = len((CALENDAR_DAYS, BUSINESS_DAYS)), int(CUT_OFF) + 1
WEEK, FOUR_WEEKS, KINDS_COUNTED = 7, 28, len(CELL_COUNTS)
SIZE_OF_CELL_COUNTS, SIZE_OF_TEAM_COUNTS = CELL_COUNTED.itemsize, TEAM_COUNTED.itemsize
HISTOGRAM = np.uint64(DAYS_SHOWN * NUMBER.itemsize)

ADDRESSES = (
    "rules", "teams", "needs", "cells", "sites", "treats", "mix", "arrivals", "open", "business",
    "patients", "sheets", "lines", "calendar", "posts", "order", "events", "diary", "spare", "stock",
    "lately", "cell_counts", "team_counts", "spans", "monthly", "log", "sums", "luck",
)
LENGTHS = (
    "teams", "needs", "cells", "sites", "lines", "calendar", "patients", "sheets", "events", "log",
)
OF_TODAY = ("cells_this_week", "teams_this_week", "intervals_this_month", "waits_this_month")
DESK = np.dtype(
    [(name, "u8") for name in (*ADDRESSES, *OF_TODAY)]
    + [(f"n_{name}", "i4") for name in (*LENGTHS, "groups", "months")]
    + [("business_days_today", "i4")],
    align=True,
)


def desk_of(plan: Plan, world: World, tally: Tally, luck: np.void) -> np.void:
    """The desk of a run. It only says where things lie: whoever uses it must keep hold of them."""
    things = {**tally._asdict(), "cell_counts": tally.cells, "team_counts": tally.teams, "luck": luck}
    things |= {**plan._asdict(), **world._asdict()}
    addresses = [_array_of(things[name]).ctypes.data for name in ADDRESSES]
    lengths = [len(things[name]) for name in LENGTHS]
    numbers = (*addresses, *[0] * len(OF_TODAY), *lengths, tally.spans.shape[3], tally.monthly.shape[1], 0)
    return cast(np.void, np.array([numbers], dtype=DESK)[0])


def _array_of(thing: NDArray[Any] | np.void) -> NDArray[Any]:
    """The array in which a thing lies. A record alone, as it comes out of another process, lies in none."""
    found = thing.base if isinstance(thing, np.void) else thing
    if not isinstance(found, np.ndarray) or not found.flags.c_contiguous:
        raise ValueError("The desk can only point to what lies in an array, in the order of its places.")
    return found


@inlined
def turn_to(desk, day):
    """Open the books of what is counted at the page of a day."""
    week, month = np.uint64(day // WEEK), np.uint64(day // FOUR_WEEKS)
    desk.cells_this_week = desk.cell_counts + week * np.uint64(fixed(desk, "n_cells") * SIZE_OF_CELL_COUNTS)
    desk.teams_this_week = desk.team_counts + week * np.uint64(fixed(desk, "n_teams") * SIZE_OF_TEAM_COUNTS)
    desk.intervals_this_month = desk.monthly + month * HISTOGRAM
    desk.waits_this_month = desk.monthly + (month + np.uint64(fixed(desk, "n_months"))) * HISTOGRAM
    desk.business_days_today = business_days_until(desk, day)


@inlined
def rules_of(desk):
    """What holds for the whole service."""
    return record_in(desk, "rules", RULES, 0)


@inlined
def luck_of(desk):
    """The streams of chance."""
    return record_in(desk, "luck", LUCK, 0)


@inlined
def team_at(desk, team):
    """Clinicians alike in site, profession and template."""
    return record_in(desk, "teams", TEAM, team)


@inlined
def need_at(desk, need):
    """A need group."""
    return record_in(desk, "needs", NEED, need)


@inlined
def cell_at(desk, cell):
    """A need group at a site."""
    return record_in(desk, "cells", CELL, cell)


@inlined
def need_of_cell(desk, cell):
    """The need group of a cell."""
    return need_at(desk, cell_at(desk, cell).need)


@inlined
def need_of(desk, patient):
    """The need group of a patient."""
    return need_at(desk, patient.need)


@inlined
def site_at(desk, site):
    """A site."""
    return record_in(desk, "sites", SITE, site)


@inlined
def treated(desk, team, place):
    """The cell at a place, from 1, of those a team treats; at 0 their number."""
    return record_in(desk, "treats", NUMBER, team * (fixed(desk, "n_needs") + 1) + place).is_


@inlined
def part_of_mix(desk, team, place):
    """Of the patients of a team on the first day, those of a cell it treats, as `treated`; at 0 all."""
    return record_in(desk, "mix", REAL, team * (fixed(desk, "n_needs") + 1) + place).is_


@inlined
def arrivals_on(desk, day, cell):
    """Mean number of referrals of a day."""
    return record_in(desk, "arrivals", REAL, day * fixed(desk, "n_cells") + cell).is_


@inlined
def is_open(desk, day):
    """Whether the service is open."""
    return record_in(desk, "open", YES, day).is_ != 0


@inlined
def business_days_until(desk, day):
    """Business days from the first day up to and including a day."""
    return record_in(desk, "business", NUMBER, day).is_


@inlined
def patient_at(desk, person):
    """A patient."""
    return record_in(desk, "patients", PATIENT, person)


@inlined
def call_patient(desk, person):
    """Ask memory for the record of a patient, or of nobody."""
    prefetch(desk, "patients", PATIENT, person)


@inlined
def call_sheet(desk, place):
    """Ask memory for the sheet on which a place lies."""
    prefetch(desk, "sheets", NUMBER, place)


@inlined
def sheet_at(desk, place):
    """A place on the sheets: whoever stands there, or the sheet that follows."""
    return record_in(desk, "sheets", NUMBER, place)


@inlined
def line_at(desk, line):
    """A line of people waiting."""
    return record_in(desk, "lines", LINE, line)


@inlined
def page_at(desk, day):
    """The page of the calendar: who is due on a day."""
    return record_in(desk, "calendar", LINE, day)


@inlined
def diary_at(desk, day):
    """The page of the diary: what is to happen at the midnight before a day."""
    return record_in(desk, "diary", LINE, day)


@inlined
def event_at(desk, place):
    """A place in the diary: an event, or the sheet that follows."""
    return record_in(desk, "events", EVENT, place)


@inlined
def post_at(desk, place):
    """A post and its holder."""
    return record_in(desk, "posts", POST, place)


@inlined
def order_at(desk, place):
    """A post in the order in which first visits are given."""
    return record_in(desk, "order", NUMBER, place)


@inlined
def spare_of(desk):
    """What is free: records and sheets."""
    return record_in(desk, "spare", SPARE, 0)


@inlined
def stock_at(desk, cell):
    """How many of a cell are in care, due, not yet seen."""
    return record_in(desk, "stock", STOCK, cell)


@inlined
def lately_at(desk, site):
    """First waits of the last weeks at a site."""
    return record_in(desk, "lately", LATELY, site)


@inlined
def cell_counts(desk, cell):
    """What is counted of a cell this week."""
    return record_at(desk.cells_this_week, CELL_COUNTED, cell)


@inlined
def count_of_way(desk, cell, way):
    """The count of one way into or out of care, this week."""
    return record_at(desk.cells_this_week, NUMBER, cell * KINDS_COUNTED + way)


@inlined
def team_counts(desk, team):
    """What is counted of a team this week."""
    return record_at(desk.teams_this_week, TEAM_COUNTED, team)


@inlined
def spans_at(desk, clock, unit, fate, group, place):
    """Spans of waiting that lasted so long."""
    histogram = np.uint64(((clock * UNITS + unit) * FATES + fate) * fixed(desk, "n_groups") + group)
    return record_in(desk, "spans", NUMBER, histogram * np.uint64(DAYS_SHOWN) + place)


@inlined
def intervals_this_month(desk, place):
    """Return intervals that ended with a visit in these four weeks and lasted so long."""
    return record_at(desk.intervals_this_month, NUMBER, place)


@inlined
def waits_this_month(desk, place):
    """Waits for a first visit that ended with it in these four weeks and lasted so long."""
    return record_at(desk.waits_this_month, NUMBER, place)


@inlined
def sums_of(desk):
    """What is counted over the whole run."""
    return record_in(desk, "sums", SUMS, 0)


@inlined
def own_line(desk, place):
    """The line of a post's own patients."""
    return np.int32(fixed(desk, "n_cells") * LINES_OF_A_CELL + place)


@inlined
def log_at(desk, place):
    """An entry of the log."""
    return record_in(desk, "log", LOG, place)
