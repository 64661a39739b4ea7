"""Clinicians in the records: who held which post when, absences, vacancies, weeks, surveys."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from careload.simulate.kernel.entries import (
    LOG_CONTACT,
    LOG_HIRED,
    LOG_LEFT,
    LOG_NON_CONTACT,
    LOG_ON_LEAVE,
    LOG_ON_STRIKE,
    LOG_PAID,
    LOG_SICK,
    LOG_UNPAID,
)
from careload.simulate.kernel.records import EXHAUSTION, FILLED
from careload.simulate.written.columns import date_of, ids, masked, named, table
from careload.simulate.written.story import NO_DAY, Days, Places, Story

DAYS_A_WEEK, FRIDAY, WEEKS_BETWEEN_SURVEYS = 7, 4, 52
HUNDREDTHS = 100
REASONS = {int(LOG_ON_STRIKE): "strike", int(LOG_SICK): "sickness", int(LOG_ON_LEAVE): "leave"}
DAY_BITS = 32


@dataclass(frozen=True)
class Holders:
    """Those who held posts, in the order in which they were hired; of one day, by post.

    post    which post
    hired   first day
    left    first day no longer there; NO_DAY for those still there
    """

    post: Places
    hired: Days
    left: Days

    def at(self, post: Places, day: Days) -> Places:
        """Who holds a post on a day: the last hired until then who has not left; -1 for nobody."""
        order = np.lexsort((self.hired, self.post))
        begins = _in_order(self.post, self.hired)[order]
        place = np.searchsorted(begins, _in_order(post, day), side="right") - 1
        found = order[np.maximum(place, 0)]
        gone = (self.left[found] != NO_DAY) & (self.left[found] <= day)
        return np.where((post < 0) | (place < 0) | (self.post[found] != post) | gone, -1, found)

    def ids(self, who: Places) -> np.ndarray:
        """Ids of clinicians."""
        return ids("c", who, 3)


def _in_order(post: Places, day: Days) -> Places:
    """Numbers in the order of posts, and of days within each."""
    return (np.asarray(post, dtype=np.int64) << DAY_BITS) + np.asarray(day, dtype=np.int64)


def holders_of(story: Story) -> Holders:
    """Everybody who held a post: those of the first day, then those hired."""
    hires, leavers = story.entries(LOG_HIRED), story.entries(LOG_LEFT)
    posts = np.arange(len(story.run.world.posts))
    post = np.concatenate([posts, hires["post"]]).astype(np.int64)
    hired = np.concatenate([story.run.world.posts["first_hired"], hires["day"]]).astype(np.int64)
    staff = Holders(post, hired, np.full(len(post), NO_DAY))
    who = staff.at(leavers["post"].astype(np.int64), leavers["day"].astype(np.int64) - 1)
    staff.left[who] = leavers["day"]
    return staff


def places_of(story: Story, post: Places) -> dict[str, np.ndarray]:
    """Profession and site of posts, None at -1."""
    teams = story.run.plan.teams
    team = np.append(story.run.world.posts["team"], -1)[post]
    professions, sites = (np.append(teams[column], -1)[team] for column in ("profession", "site"))
    return {"profession": named(story.professions, professions), "site": named(story.sites, sites)}


def clinicians(story: Story, staff: Holders) -> pa.Table:
    """One row per holder of a post there since the first day told; the last day is that before leaving."""
    shown = np.flatnonzero((staff.left == NO_DAY) | (staff.left >= story.first))
    post, left = staff.post[shown], staff.left[shown]
    return table(
        "clinicians", clinician=staff.ids(shown), **places_of(story, post), fte=_fte(story, post),
        hired_on=date_of(story.origin, staff.hired[shown]),
        left_on=date_of(story.origin, np.where(left == NO_DAY, NO_DAY, left - 1)),
    )


def _fte(story: Story, post: Places) -> np.ndarray:
    return np.asarray(story.run.plan.teams["fte"][story.run.world.posts["team"][post]])


def posts(story: Story, staff: Holders) -> pa.Table:
    """Vacancies, from the first day without a holder to the first of the next."""
    left = np.flatnonzero(staff.left != NO_DAY)
    filled = np.array([_next_hired(staff, who) for who in left.tolist()], dtype=np.int64)
    empty = (filled == NO_DAY) | ((filled > staff.left[left]) & (filled >= story.first))
    left, filled = left[empty], filled[empty]
    post = staff.post[left]
    return table(
        "posts", post=ids("post", post, 3), **places_of(story, post), fte=_fte(story, post),
        vacant_from=date_of(story.origin, staff.left[left]), filled_on=date_of(story.origin, filled),
    )


def _next_hired(staff: Holders, who: int) -> int:
    later = staff.hired[(staff.post == staff.post[who]) & (staff.hired >= staff.left[who])]
    return int(later.min()) if len(later) else int(NO_DAY)


def leaves(story: Story, staff: Holders) -> pa.Table:
    """Spells away: open days in a row, for one reason, of one clinician."""
    away = story.entries(LOG_ON_STRIKE, LOG_SICK, LOG_ON_LEAVE)
    away = away[away["day"] >= story.first]
    away = away[np.lexsort((away["day"], away["post"]))]
    post, day = away["post"].astype(np.int64), away["day"].astype(np.int64)
    who, open_days = staff.at(post, day), np.cumsum(story.run.plan.open)[day]
    goes_on = np.zeros(len(away), dtype=bool)
    goes_on[1:] = (who[1:] == who[:-1]) & (np.diff(open_days) == 1) & (np.diff(away["kind"]) == 0)
    first = np.flatnonzero(~goes_on)
    last = np.append(first[1:], len(away))[: len(first)] - 1
    return table(
        "leaves", clinician=staff.ids(who[first]), starts_on=date_of(story.origin, day[first]),
        ends_on=date_of(story.origin, day[last]),
        reason=np.array([REASONS[kind] for kind in away["kind"][first].tolist()], dtype=object),
    )


def hours(story: Story, staff: Holders) -> pa.Table:
    """Weeks of those who were there on one of its days: `worked` in paid time, `after_hours` unpaid.

    worked = contact + non_contact = work due - unpaid

    Work that was put off or left undone stands in `non_contact` as if it had been done, so that work due over
    time paid is what the simulator counts; a real time sheet would leave it out.
    """
    contact, other, paid, unpaid = (
        story.entries(kind) for kind in (LOG_CONTACT, LOG_NON_CONTACT, LOG_PAID, LOG_UNPAID)
    )
    there = (paid["value"] > 0) & (paid["day"] - (DAYS_A_WEEK - 1) >= story.first)
    whole = [each["value"][there].astype(np.int64) for each in (contact, other, paid, unpaid)]
    with_patients, without, of_paid, beyond = whole
    worked = with_patients + without - beyond
    in_contact = np.minimum(with_patients, worked)
    post, sunday = paid["post"][there].astype(np.int64), paid["day"][there].astype(np.int64)
    numbers = {"worked": worked, "paid": of_paid, "contact": in_contact, "non_contact": worked - in_contact,
               "after_hours": beyond}
    return table(
        "hours", clinician=staff.ids(staff.at(post, sunday)), **places_of(story, post),
        week_start=date_of(story.origin, sunday - (DAYS_A_WEEK - 1)),
        **{name: values / HUNDREDTHS for name, values in numbers.items()},
    )


def surveys(story: Story, weeks_between: int) -> pa.Table:
    """A staff survey each so many weeks, the last in the last whole week: everybody answers.

    Assumed: of the people of a profession at a site as many say they are burned out as their exhaustion (0 to
    1), summed, makes whole people. What they intend the simulator does not know.
    """
    last, before = (story.last + 1) // DAYS_A_WEEK - 1, -(-story.first // DAYS_A_WEEK) - 1
    weeks = np.arange(last, before, -weeks_between)[::-1]
    teams = story.run.plan.teams[["site", "profession"]]
    groups = np.array(list(dict.fromkeys(teams.tolist())), dtype=teams.dtype)
    belongs = (teams[:, None] == groups).astype(float)
    held, tired = ((story.run.tally.teams[weeks][:, :, which] @ belongs).ravel()
                   for which in (FILLED, EXHAUSTION))
    of_group = np.tile(groups, len(weeks))
    day = np.repeat(weeks * DAYS_A_WEEK + FRIDAY, len(groups))
    asked = held > 0
    people = np.rint(held).astype(np.int64)
    return table(
        "surveys", asked_on=date_of(story.origin, day)[asked],
        profession=named(story.professions, of_group["profession"])[asked],
        site=named(story.sites, of_group["site"])[asked],
        asked=people[asked], answered=people[asked], burned_out=np.rint(tired).astype(np.int64)[asked],
        intend_to_leave=masked(people, np.zeros(len(people), dtype=bool))[asked],
    )
