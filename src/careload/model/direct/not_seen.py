"""Who has asked for care and has not been seen, on the first day.

    waiting        = patients who asked and have not been seen
    waiting_ratio  = days since their first visit was due which one in ten exceeds, of a site against all
    waiting_weeks  = 2 x mean weeks since it was due, 0 for who is not due yet, over waiting_ratio
    waiting_shares = quantiles of these weeks over waiting_weeks; below 0 for who is not due yet
    waiting_missed = who wait and have missed 1, 2, ... first visits or more / who wait
    waiting_put_off_days = days by which these have put off when the next is due / first visits missed, over
                           waiting_ratio
    waiting_urgent = urgent of those who wait / those who wait, against urgent_share

A first visit is due the day after asking; of who missed one, when it would be booked again: they stand in
line with those who asked then, though they have waited longer. Lines of few share their people evenly. For
few who wait, or few of whom missed one, stands what is usual in these records:

    waited after a visit missed = days waited after first visits missed / days waited for first visits
    two or more, of those       = first visits missed / first visits missed or held
    put off                     = days from due to a first visit, held or missed, / these visits + rebook_days
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.courses import ADVANCE_DAYS
from careload.model.evidence import Evidence, columns_of
from careload.model.quantiles import (
    BY_QUANTILES,
    MIDDLE_OF_FEW,
    falling,
    few_as_five,
    rounded,
    shares_or_more,
    together,
    told,
)

Numbers = NDArray[np.float64]
Names = NDArray[np.str_]
Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
_ = ibis._

DAYS_A_WEEK, FRONT = 7, 0.9
ASKED = "asked and not seen by the last day; lines of fewer than 11 share theirs evenly"


@dataclass(frozen=True)
class FirstMisses:
    """First visits missed, of all who waited within the records: what stands for few.

    late     days from due to a first visit, held or missed
    missed   share of the days waited that lay after a first visit missed
    again    first visits missed / first visits missed or held
    put_off  days by which each puts off when the next is due
    """

    late: float
    missed: float
    again: float
    put_off: float

    def shares(self, most: float) -> tuple[float, ...]:
        """Shares who have missed one or more, two or more, ...; none above `most`."""
        return rounded(falling(min(self.missed, most), self.again))


def find_not_seen(
    evidence: Evidence, now: ir.Table, sites: set[str], lead: int, so_far: Beliefs
) -> Iterator[Found]:
    """Those who wait, by need group and site.

    now    `who_is_there`
    sites  those that have a team
    lead   days from the last of the records to the first of the service
    """
    waiting = _at_sites(now.filter(~now.in_care & now.asked.notnull()), sites)
    yield from _of_waiting(waiting, lead, first_misses_of_all(evidence))
    yield from _urgent(waiting, so_far)


def first_misses_of_all(evidence: Evidence) -> FirstMisses:
    """First visits missed over the whole of the records."""
    spells = evidence.courses.spells
    spells = spells.filter(~spells.in_care & spells.asked & spells.opened.isin(["asked", "missed"])
                           & (spells.end_day >= evidence.first))
    since = ibis.greatest(spells.day, ibis.literal(evidence.first))
    days = spells.end_day.delta(since, unit="day").cast("int64")
    after, tried = spells.opened == "missed", spells.end == "seen"
    sums = columns_of(spells.agg(
        days=days.sum(), days_after=ibis.ifelse(after, days, 0).sum(), missed=after.sum(), tried=tried.sum(),
        first=(tried & ~after).sum(),
    ))
    n = {name: float(column[0] or 0) for name, column in sums.items()}
    # Days waited / ends, as those who still wait count too.
    late = max((n["days"] - n["days_after"]) / max(n["first"], 1.0) - ADVANCE_DAYS, 0.0)
    return FirstMisses(
        late=late,
        # On any day those who have missed one are in proportion to the days waited after one.
        missed=n["days_after"] / max(n["days"], 1.0), again=min(n["missed"] / max(n["tried"], 1.0), 1.0),
        put_off=late + evidence.courses.rebook_days,
    )


def _at_sites(rows: ir.Table, sites: set[str]) -> ir.Table:
    """Those at sites that have a team; where there is but one, all."""
    if len(sites) == 1:
        return rows.mutate(site=ibis.literal(next(iter(sites))))
    return rows.filter(rows.site.isin(sorted(sites)))


@dataclass(frozen=True)
class Waiting:
    """Who waits, those alike together.

    need, site  (kinds,)
    since       (kinds,) days since the next first visit is due; below 0: until then
    missed      (kinds,) first visits missed
    people      (kinds,) how many
    put_off     (kinds,) days by which these put off when the next is due, summed over people
    """

    need: Names
    site: Names
    since: Numbers
    missed: Counts
    people: Numbers
    put_off: Numbers

    def lines(self) -> dict[tuple[str, str], Flags]:
        """Need group and site, and which kinds stand in that line."""
        pairs = dict.fromkeys(zip(self.need.tolist(), self.site.tolist(), strict=True))
        return {(need, site): (self.need == need) & (self.site == site) for need, site in pairs}


def _of_waiting(rows: ir.Table, lead: int, of_all: FirstMisses) -> Iterator[Found]:
    """Who asked, or missed the first visit, and has not been seen; since when the next is due."""
    waiting = _kinds(rows, lead)
    if not len(waiting.since):
        return
    scale, lines = np.ones(len(waiting.since)), waiting.lines()
    numbers = few_as_one([int(waiting.people[own].sum()) for own in lines.values()])
    for ((need, site), own), number in zip(lines.items(), numbers, strict=True):
        ratio = _against_all(waiting, need, own)
        counts = {"patients waiting": int(waiting.people[own].sum())}
        yield Found(f"need.{need}.waiting.{site}", number, ASKED, counts)
        if ratio is not None:
            scale[own] = ratio
            yield Found(f"need.{need}.waiting_ratio.{site}", ratio,
                        "days since due which one in ten exceeds, of the site / of all", counts)
    mean = float(np.average(scale, weights=waiting.people))
    each = put_off_by_each(waiting.missed, waiting.people, waiting.put_off / scale, of_all.put_off / mean)
    since = np.rint(waiting.since / scale)
    usual_late = _late_of_few(waiting, since, of_all)
    for need in dict.fromkeys(waiting.need.tolist()):
        own = waiting.need == need
        yield from _since_due(need, since[own], waiting.people[own], usual_late)
        yield from _first_misses(need, waiting.missed[own], waiting.people[own], each, of_all)


def _kinds(rows: ir.Table, lead: int) -> Waiting:
    """lead: days from the last of the records to the first of the service."""
    since_asking = rows.asked.cast("int64") - ADVANCE_DAYS
    rows = rows.mutate(late=(-rows.days).coalesce(since_asking))
    rows = rows.mutate(put_off=ibis.greatest(since_asking - rows.late, 0).cast("float64"))
    by = ("need", "site", "late", "missed")
    rows = rows.group_by(*by).agg(people=_.patient.count(), put_off=_.put_off.sum())
    table = columns_of(rows.order_by(*by))
    return Waiting(
        table["need"], table["site"], table["late"].astype(float) + lead, table["missed"].astype(np.int64),
        table["people"].astype(float), table["put_off"].astype(float),
    )


def put_off_by_each(missed: Counts, people: Numbers, put_off: Numbers, of_few: float) -> float:
    """Days by which a first visit missed puts off when the next is due, of all need groups.

    missed, people  (kinds,) visits missed, and how many people did
    put_off         (kinds,) days put off, summed over these people
    of_few          what stands for fewer than may be shown
    """
    if people[missed > 0].sum() >= SMALLEST_GROUP:
        return float(put_off[missed > 0].sum() / (missed @ people))
    return of_few


def _first_misses(
    need: str, missed: Counts, people: Numbers, each: float, of_all: FirstMisses
) -> Iterator[Found]:
    """First visits that those who wait have missed.

    missed, people  (kinds,) visits, and how many people
    each            days by which each has put off when the next is due
    of_all          what stands for few
    """
    some, whole = float(people[missed > 0].sum()), float(people.sum())
    counts = {"patients waiting": int(whole)}
    if whole >= SMALLEST_GROUP and (some == 0 or some >= SMALLEST_GROUP):
        shares = shares_or_more(np.bincount(missed, people), of_all.again)
    else:  # as many as few can be
        shares = of_all.shares(min(1.0, (SMALLEST_GROUP - 1) / whole))
    if not shares:
        return
    yield Found(f"need.{need}.waiting_missed", shares,
                "who wait and have missed 1, 2, ... first visits or more / who wait", counts)
    yield Found(f"need.{need}.waiting_put_off_days", each,
                "days by which they put off when the next is due / first visits missed, of all need groups",
                counts)


def _against_all(waiting: Waiting, need: str, own: Flags) -> float | None:
    """How long a line is against that of its need group at all sites; None of few, or of the only one.

    By who is near its front, as these are seen next.
    """
    of_need = waiting.need == need
    if not SMALLEST_GROUP <= waiting.people[own].sum() < waiting.people[of_need].sum():
        return None
    here, whole = (_near_the_front(waiting.since[each], waiting.people[each]) for each in (own, of_need))
    return round(here / whole, 4)


def _near_the_front(since: Numbers, people: Numbers) -> float:
    """Days since due that one in ten exceeds; at least a week."""
    order = np.argsort(since)
    reached = np.cumsum(people[order]) / people.sum()
    return max(float(since[order][np.searchsorted(reached, FRONT)]), DAYS_A_WEEK)


def _urgent(rows: ir.Table, so_far: Beliefs) -> Iterator[Found]:
    """How many of those who wait asked urgently, against how many do; one to ten of them stand for five."""
    rows = rows.filter(rows.urgent.notnull())
    table = columns_of(rows.group_by("need").agg(urgent=_.urgent.sum(), people=_.patient.count())
                       .order_by("need"))
    for need, urgent, people in zip(*(table[name].tolist() for name in ("need", "urgent", "people")),
                                    strict=True):
        ask_urgently = so_far.get(f"need.{need}.urgent_share")
        if ask_urgently is not None and ask_urgently.value and people >= SMALLEST_GROUP:
            share = few_as_five(urgent) / people
            yield Found(f"need.{need}.waiting_urgent", round(share / float(ask_urgently.value), 4),
                        "urgent of those who wait / those who wait, against urgent_share",
                        {"patients waiting": int(people)})


def few_as_one(numbers: Sequence[int]) -> list[int]:
    """How many stand in each line: lines of few share theirs evenly, and few in all stand for five."""
    few = [place for place, number in enumerate(numbers) if number < SMALLEST_GROUP]
    whole = sum(numbers[place] for place in few)
    whole = whole if whole >= SMALLEST_GROUP else MIDDLE_OF_FEW
    shared = np.diff(np.rint(np.linspace(0, whole, len(few) + 1)))
    found = list(numbers)
    for place, number in zip(few, shared.tolist(), strict=True):
        found[place] = int(number)
    return found


def _late_of_few(waiting: Waiting, since: Numbers, of_all: FirstMisses) -> float:
    """Mean days since due of all need groups in which few wait; of few in all, as usual."""
    _needs, place = np.unique(waiting.need, return_inverse=True)
    of_few = (np.bincount(place, waiting.people) < SMALLEST_GROUP)[place]
    people = waiting.people[of_few]
    if people.sum() < SMALLEST_GROUP:
        return of_all.late
    return float(np.average(np.maximum(since[of_few], 0), weights=people))


def _since_due(need: str, since: Numbers, people: Numbers, of_few: float) -> Iterator[Found]:
    """Weeks over which the first visits of those who wait were due, and how these are spread.

    of_few  mean days since due, for a need group in which fewer wait than may be shown
    """
    counts, enough = {"patients waiting": int(people.sum())}, people.sum() >= SMALLEST_GROUP
    mean = float(np.average(np.maximum(since, 0), weights=people)) if enough else of_few
    yield Found(f"need.{need}.waiting_weeks", 2 * mean / DAYS_A_WEEK, "2 x mean weeks since they were due",
                counts)
    if enough:
        most = max(1, round(2 * mean))
        shares = tuple(round(each / most, 4) for each in told(*together(since, people)))
        yield Found(f"need.{need}.waiting_shares", shares, BY_QUANTILES, counts)
