"""The book of appointments: which slots were offered, at what time, and who was put into which.

The simulator fills the slots of a day in order and knows no time of day. Here the slots of a post stand one
after the other from the morning on: return slots, intake slots, crisis slots, group sessions. Where they
would not end by the evening they begin closer together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from careload.clinic import BusinessCalendar
from careload.simulate.kernel.entries import (
    LOG_ASKED,
    LOG_ASKED_URGENTLY,
    LOG_CRISIS,
    LOG_CRISIS_SLOTS,
    LOG_CRISIS_VISIT,
    LOG_FIRST,
    LOG_GROUP,
    LOG_INTAKE_SLOTS,
    LOG_RETURN,
    LOG_RETURN_SLOTS,
    LOG_SESSIONS,
)
from careload.simulate.kernel.records import PLANNED
from careload.simulate.written.columns import ids, masked, moment_of, table
from careload.simulate.written.staff import Holders, places_of
from careload.simulate.written.story import Flags, Places, Story, was_discharged

MORNING, EVENING = 8 * 60, 18 * 60
BEFORE_OPENING, AFTER_CLOSING, NOON = 7 * 60 + 30, 20 * 60, 12 * 60
MINUTES_TO_BOOK_A_REQUEST = 20
REQUESTS_FROM, REQUESTS_MINUTES = 8 * 60, 540

RETURN, INTAKE, CRISIS, SESSION = range(4)
KINDS = np.array(["return", "intake", "crisis", "group"], dtype=object)
OFFERED = (LOG_RETURN_SLOTS, LOG_INTAKE_SLOTS, LOG_CRISIS_SLOTS, LOG_SESSIONS)


@dataclass(frozen=True)
class Slots:
    """Slots offered, by post, day, kind and number.

    post, day, kind  of each
    start            minutes after midnight
    minutes          length
    first            (post, day, 4): the first slot of each kind of a post's day
    number           (post, day, 4): how many of them
    """

    post: Places
    day: Places
    kind: Places
    start: Places
    minutes: Places
    first: Places
    number: Places


def slots_of(story: Story) -> Slots:
    """Every slot the log tells of, with a time of day."""
    posts, days = len(story.run.world.posts), story.run.days
    number = np.zeros((posts, days, len(OFFERED)), dtype=np.int64)
    for which, told in enumerate(OFFERED):
        offered = story.entries(told)
        number[offered["post"], offered["day"], which] = offered["value"]
    count = number.ravel()
    first = (np.cumsum(count) - count).reshape(number.shape)
    place = np.repeat(np.arange(number.size), count)
    post, day, kind = (axis.astype(np.int64) for axis in np.unravel_index(place, number.shape))
    minutes = lengths(story)[post, kind]
    start = times_of_day(post * days + day, minutes)
    return Slots(post, day, kind, start, minutes, first, number)


def lengths(story: Story) -> Places:
    """(post, 4): minutes of a slot of each kind, by the profession's contact hours."""
    team = story.run.plan.teams[story.run.world.posts["team"]]
    hours = np.stack([team[f"{kind}_hours"] for kind in ("visit", "intake", "visit", "group")], axis=1)
    return np.asarray(np.maximum(1, np.rint(60 * hours)), dtype=np.int64)


def times_of_day(whose: Places, minutes: Places) -> Places:
    """When each begins, one after the other from the morning on; `whose` tells days of posts, in order."""
    before = np.cumsum(minutes) - minutes
    first = np.flatnonzero(np.append(True, whose[1:] != whose[:-1])) if len(whose) else np.zeros(0, int)
    number = np.diff(np.append(first, len(whose)))
    since_morning = before - np.repeat(before[first], number)
    whole = np.repeat(np.add.reduceat(minutes, first), number) if len(first) else minutes
    closer = np.minimum(1.0, (EVENING - MORNING) / np.maximum(whole, 1))
    return np.asarray(MORNING + np.floor(since_morning * closer), dtype=np.int64)


def slot_of_visit(story: Story, slots: Slots) -> Places:
    """Which slot each visit took, as the simulator hands slots out.

    Crises take crisis slots, then return slots; first visits take intake slots, or return slots where they
    share them; return visits take what is left of the return slots, then open intake slots.
    """
    visits = story.visits
    offered, ranks = slots.number[visits.post, visits.day], _ranks(story)
    seats = story.run.plan.teams["seats"][story.run.world.posts["team"][visits.post]]
    rank, crises, firsts = ranks["own"], ranks["crises"], ranks["firsts"]
    beyond = np.maximum(crises - offered[:, CRISIS], 0)
    shared = np.maximum(firsts - offered[:, INTAKE], 0)
    kind, number = np.full(len(rank), RETURN), beyond + shared + rank
    full = number >= offered[:, RETURN]
    kind[full] = INTAKE
    number = np.where(full, firsts + number - offered[:, RETURN], number)
    for how, own, rest in (
        (LOG_CRISIS_VISIT, CRISIS, rank - offered[:, CRISIS]),
        (LOG_FIRST, INTAKE, beyond + rank - offered[:, INTAKE]),
    ):
        mine = visits.how == how
        fits = rank < offered[:, own]
        kind = np.where(mine, np.where(fits, own, RETURN), kind)
        number = np.where(mine, np.where(fits, rank, rest), number)
    in_group = visits.how == LOG_GROUP
    kind, number = np.where(in_group, SESSION, kind), np.where(in_group, rank // np.maximum(seats, 1), number)
    return np.asarray(slots.first[visits.post, visits.day, kind] + number)


def _ranks(story: Story) -> dict[str, Places]:
    """Of each visit: its number among those of its kind that day at its post; how many crises and firsts."""
    visits, days = story.visits, story.run.days
    whose = visits.post * days + visits.day
    own = np.zeros(len(whose), dtype=np.int64)
    counts = {}
    for how in (LOG_RETURN, LOG_FIRST, LOG_CRISIS_VISIT, LOG_GROUP):
        mine = np.flatnonzero(visits.how == how)
        order = mine[np.argsort(whose[mine], kind="stable")]
        new = np.append(True, np.diff(whose[order]) != 0) if len(order) else np.zeros(0, dtype=bool)
        own[order] = np.arange(len(order)) - np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
        counts[int(how)] = np.bincount(whose[mine], minlength=len(story.run.world.posts) * days)[whose]
    return {"own": own, "crises": counts[int(LOG_CRISIS_VISIT)], "firsts": counts[int(LOG_FIRST)]}


def slot_rows(story: Story, slots: Slots, taken: Flags, staff: Holders) -> pa.Table:
    """Every slot offered: busy where somebody was put in, else free."""
    shown = slots.day >= story.first
    post, day, kind = slots.post[shown], slots.day[shown], slots.kind[shown]
    seats = story.run.plan.teams["seats"][story.run.world.posts["team"][post]]
    return table(
        "slots", slot=ids("s", np.arange(len(post)), 7), clinician=staff.ids(staff.at(post, day)),
        **places_of(story, post), kind=KINDS[kind], minutes=slots.minutes[shown].astype(float),
        starts_at=moment_of(story.origin, day, slots.start[shown]),
        status=np.where(taken[shown], "busy", "free").astype(object),
        capacity=np.where(kind == SESSION, seats, 1),
    )


def asked_minute(key: np.ndarray) -> Places:
    """Minute of the day at which somebody asks: the simulator knows the day, the key makes the minute."""
    return REQUESTS_FROM + ((key >> np.uint64(11)) % np.uint64(REQUESTS_MINUTES)).astype(np.int64)


def appointments(story: Story, slots: Slots, slot: Places, staff: Holders) -> pa.Table:
    """Visits held and missed, then those in the book for after the last day."""
    held = _held_and_missed(story, slots, slot, staff)
    return pa.concat_tables([held, in_the_book(story, staff, len(held))])


def _held_and_missed(story: Story, slots: Slots, slot: Places, staff: Holders) -> pa.Table:
    visits, stays = story.visits, story.stays
    shown = visits.day >= story.first
    first = visits.number == 0
    # A first assessment is one wherever room for it was found: also in a slot kept for crises.
    kind = np.where(first, "intake", KINDS[slots.kind[slot]])
    kind = np.where(~first & (visits.how == LOG_RETURN), "return", kind)
    kind = np.where(~first & (visits.how == LOG_CRISIS_VISIT), "crisis", kind)
    booked = moment_of(story.origin, visits.booked, _booked_minute(story, slots, slot))
    asked = moment_of(story.origin, stays.asked, asked_minute(stays.key))[visits.stay]
    planned = story.planned_days(visits.number + 1, stays.cell[visits.stay])
    in_group = visits.how == LOG_GROUP
    whole = {
        "patient": ids("p", stays.patient[visits.stay], 6),
        "clinician": staff.ids(staff.at(visits.post, visits.day)),
        **places_of(story, visits.post), "kind": kind.astype(object),
        "requested_at": np.where(first, asked, booked), "booked_at": booked,
        "starts_at": moment_of(story.origin, visits.day, slots.start[slot]),
        "minutes": slots.minutes[slot].astype(float),
        "status": np.where(visits.held, "completed", "no_show").astype(object),
        "prescribed_interval_days": masked(planned, visits.held & ~was_discharged(story, visits)),
        "group_id": ids("g", np.where(in_group, slot, -1), 7),
    }
    number = np.cumsum(shown) - 1
    return table(
        "appointments", appointment=ids("a", number[shown], 7),
        **{name: values[shown] for name, values in whole.items()},
    )


def _booked_minute(story: Story, slots: Slots, slot: Places) -> Places:
    """Minute of the day at which each visit was booked.

    After a visit at its end, after a no-show or on the day of asking later that day, in a crisis at once.
    """
    visits, stays = story.visits, story.stays
    minute = np.full(len(slot), NOON)
    asked = np.isin(visits.after, (LOG_ASKED, LOG_ASKED_URGENTLY))
    minute = np.where(asked, asked_minute(stays.key)[visits.stay] + MINUTES_TO_BOOK_A_REQUEST, minute)
    minute = np.where(visits.after == LOG_CRISIS, BEFORE_OPENING, minute)
    before = slot[visits.booked_by]
    end = np.where(visits.held[visits.booked_by], slots.start[before] + slots.minutes[before], AFTER_CLOSING)
    return np.where(visits.booked_by >= 0, end, minute)


def in_the_book(story: Story, staff: Holders, after: int) -> pa.Table:
    """Return visits in the calendar for after the last day, each on its due day or the next open one.

    Nobody knows whether there will be a slot that day: it is what the calendar says on the last evening.
    Whoever is due already waits in line with nothing booked, and so does whoever waits for a first visit.
    """
    patients = story.run.world.patients
    planned = (patients["state"] == PLANNED) & (patients["due"] > story.last)
    ahead = patients[planned & (patients["visits"] > 0)]
    due = next_open(story, ahead["due"].astype(np.int64))
    order = np.lexsort((ahead["key"], due, ahead["post"]))
    ahead, due = ahead[order], due[order]
    post, stay = ahead["post"].astype(np.int64), story.stays.place_of(ahead["key"])
    of_posts = lengths(story)[:, RETURN]
    minutes = np.append(of_posts, of_posts.max())[post]
    start = times_of_day(post * (due.max(initial=0) + 1) + due, minutes)
    who = staff.at(post, np.full(len(post), story.last))
    booked = moment_of(story.origin, ahead["booked"].astype(np.int64), np.full(len(post), AFTER_CLOSING))
    place = places_of(story, post)
    place["site"] = story.sites[story.run.plan.cells["site"][ahead["cell"]]]
    return table(
        "appointments", appointment=ids("a", after + np.arange(len(post)), 7),
        patient=ids("p", story.stays.patient[stay], 6), clinician=staff.ids(who), **place,
        kind=np.full(len(post), "return", dtype=object), requested_at=booked, booked_at=booked,
        starts_at=moment_of(story.origin, due, start), minutes=minutes.astype(float),
        status=np.full(len(post), "booked", dtype=object),
    )


def next_open(story: Story, day: Places) -> Places:
    """The first day on which the service is open, from each day on."""
    place, closed = story.service["calendar"], story.service["calendar"]["closed"]
    calendar = BusinessCalendar(place["country"], place["subdivision"])
    origin: date = story.service["start"]["date"]
    found = {}
    for each in np.unique(day).tolist():
        found[each] = each
        while not calendar.is_business_day(on := origin + timedelta(days=found[each])) or on in closed:
            found[each] += 1
    return np.array([found[each] for each in day.tolist()], dtype=np.int64)
