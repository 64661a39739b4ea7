"""Who has asked for care and has not been seen, on the first day.

    waiting        = patients who asked and have not been seen
    waiting_ratio  = days since their first visit was due which one in ten exceeds, of a site against all
    waiting_weeks  = 2 x mean weeks since it was due, over waiting_ratio
    waiting_shares = quantiles of these weeks over waiting_weeks; below 0 for who is not due yet
    waiting_missed = who wait and have missed 1, 2, ... first visits or more / who wait
    waiting_put_off_days = days by which these have put off when the next is due / first visits missed, over
                           waiting_ratio
    waiting_urgent = urgent of those who wait / those who wait, against urgent_share

A first visit is due the day after asking; of who missed one, when it would be booked again: they stand in
line with those who asked then, though they have waited longer. For few who wait, or few of whom missed one,
stands what is usual in these records:

    waited after a visit missed = days waited after first visits missed / days waited for first visits
    two or more, of those       = first visits missed / first visits missed or held
    put off                     = mean days from due to the first visit, held or missed + days to the next
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.courses import ADVANCE_DAYS
from careload.model.evidence import Evidence, columns_of
from careload.model.quantiles import BY_QUANTILES, LEAST_SHARE, MOST_SHARES, shares_or_more, together, told

Numbers = NDArray[np.float64]
Names = NDArray[np.str_]
_ = ibis._

DAYS_A_WEEK, MIDDLE_OF_FEW, FRONT = 7, 5, 0.9
LAW_OF_RATIO = "days since due which one in ten exceeds, of the site / of all"


@dataclass(frozen=True)
class Usual:
    """First visits missed, of all who waited within the records.

    missed   share of the days waited that lay after one
    again    share of first visits that were missed
    put_off  days by which one puts off when the next is due
    """

    missed: float
    again: float
    put_off: float

    def shares(self, most: float) -> tuple[float, ...]:
        """Who have missed one or more, two or more, ...; the first so much at most."""
        found = min(self.missed, most) * self.again ** np.arange(MOST_SHARES)
        return tuple(round(float(each), 4) for each in found if each >= LEAST_SHARE)


def find_not_seen(
    evidence: Evidence, now: ir.Table, sites: set[str], lead: int, so_far: Beliefs
) -> Iterator[Found]:
    """Those who wait, by need group and site.

    now    `who_is_there`
    sites  those that have a team
    lead   days from the last of the records to the first of the service
    """
    waiting = _at_sites(now.filter(~now.in_care & now.asked.notnull()), sites)
    yield from _of_waiting(waiting, lead, usual(evidence))
    yield from _urgent(waiting, so_far)


def usual(evidence: Evidence) -> Usual:
    """First visits missed over the whole of the records; none where nobody has waited."""
    spells = evidence.courses.spells
    spells = spells.filter(~spells.in_care & spells.asked & spells.opened.isin(["asked", "missed"])
                           & (spells.day >= evidence.first))
    tried = spells.end == "seen"
    rows = columns_of(spells.group_by("opened").agg(
        days=_.open_days.sum(), tried=tried.sum(), waited=ibis.ifelse(tried, spells.open_days, 0).sum(),
        number=_.open_days.count(),
    ))
    own = {name: rows["opened"] == name for name in ("asked", "missed")}
    days, number = ({name: float(rows[column][place].sum()) for name, place in own.items()}
                    for column in ("days", "number"))
    first, all_tried = float(rows["tried"][own["asked"]].sum()), float(rows["tried"].sum())
    waited = float(rows["waited"][own["asked"]].sum())
    return Usual(
        days["missed"] / max(sum(days.values()), 1.0), min(number["missed"] / max(all_tried, 1.0), 1.0),
        max(waited / max(first, 1.0) - ADVANCE_DAYS, 0.0) + evidence.courses.rebook_days,
    )


def _at_sites(rows: ir.Table, sites: set[str]) -> ir.Table:
    """Those at sites that have a team; where there is but one, all."""
    if len(sites) == 1:
        return rows.mutate(site=ibis.literal(next(iter(sites))))
    return rows.filter(rows.site.isin(sorted(sites)))


def _of_waiting(rows: ir.Table, lead: int, usually: Usual) -> Iterator[Found]:
    """Who asked, or missed the first visit, and has not been seen; since when the next is due."""
    rows = rows.mutate(late=-rows.days, earlier=ibis.greatest(rows.asked - ADVANCE_DAYS + rows.days, 0.0))
    by = ("need", "site", "late", "missed")
    rows = rows.group_by(*by).agg(people=_.patient.count(), earlier=_.earlier.sum())
    table = columns_of(rows.order_by(*by))
    needs, sites, people = table["need"], table["site"], table["people"].astype(float)
    days = table["late"].astype(float) + lead
    scale = np.ones(len(days))
    for need, site, ratio in _against_all(needs, sites, days, people):
        own = (needs == need) & (sites == site)
        scale[own] = ratio
        yield Found(f"need.{need}.waiting_ratio.{site}", ratio, LAW_OF_RATIO,
                    {"patients waiting": int(people[own].sum())})
    missed = table["missed"].astype(int)
    each = put_off_by_each(missed, people, table["earlier"].astype(float) / scale, usually)
    for need in dict.fromkeys(needs.tolist()):
        own = needs == need
        for site in dict.fromkeys(sites[own].tolist()):
            number = int(people[own & (sites == site)].sum())
            yield Found(f"need.{need}.waiting.{site}", number, "asked and not seen by the last day",
                        {"patients waiting": number})
        yield from _since_due(need, np.rint(days[own] / scale[own]), people[own])
        yield from _first_misses(need, missed[own], people[own], each, usually)


def put_off_by_each(missed: Numbers, people: Numbers, earlier: Numbers, usually: Usual) -> float:
    """Days by which a first visit missed puts off when the next is due, of all need groups.

    missed, people  (kinds,) visits missed, and how many people did
    earlier         (kinds,) days put off, summed over these people
    usually         what stands for fewer than may be shown
    """
    if people[missed > 0].sum() >= SMALLEST_GROUP:
        return float(earlier[missed > 0].sum() / (missed @ people))
    return usually.put_off


def _first_misses(
    need: str, missed: Numbers, people: Numbers, each: float, usually: Usual
) -> Iterator[Found]:
    """First visits that those who wait have missed.

    missed, people  (kinds,) visits, and how many people
    each            days by which each has put off when the next is due
    usually         what stands for few
    """
    some, whole = float(people[missed > 0].sum()), float(people.sum())
    counts = {"patients waiting": int(whole)}
    if whole >= SMALLEST_GROUP and (some == 0 or some >= SMALLEST_GROUP):
        shares = shares_or_more(np.bincount(missed, people), usually.again)
    else:
        shares = usually.shares(min(1.0, (SMALLEST_GROUP - 1) / whole))
    if not shares:
        return
    yield Found(f"need.{need}.waiting_missed", shares,
                "who wait and have missed 1, 2, ... first visits or more / who wait", counts)
    yield Found(f"need.{need}.waiting_put_off_days", each,
                "days by which they put off when the next is due / first visits missed, of all need groups",
                counts)


def _against_all(
    needs: Names, sites: Names, days: Numbers, people: Numbers
) -> Iterator[tuple[str, str, float]]:
    """Need group, site, and how long the line there is against that of the need group at all sites.

    By who is near its front, as these are seen next. Nothing of lines of few.
    """
    for need in dict.fromkeys(needs.tolist()):
        own = needs == need
        whole = _near_the_front(days[own], people[own])
        for site in dict.fromkeys(sites[own].tolist()):
            here = own & (sites == site)
            if SMALLEST_GROUP <= people[here].sum() < people[own].sum():
                yield need, site, round(_near_the_front(days[here], people[here]) / whole, 4)


def _near_the_front(days: Numbers, people: Numbers) -> float:
    """Days since due that one in ten exceeds; at least a week."""
    order = np.argsort(days)
    reached = np.cumsum(people[order]) / people.sum()
    return max(float(days[order][np.searchsorted(reached, FRONT)]), DAYS_A_WEEK)


def _urgent(rows: ir.Table, so_far: Beliefs) -> Iterator[Found]:
    """How many of those who wait asked urgently, against how many do; one to ten of them stand for five."""
    rows = rows.filter(rows.urgent.notnull())
    table = columns_of(rows.group_by("need").agg(urgent=_.urgent.sum(), people=_.patient.count())
                       .order_by("need"))
    for need, urgent, people in zip(*(table[name].tolist() for name in ("need", "urgent", "people")),
                                    strict=True):
        usual = so_far.get(f"need.{need}.urgent_share")
        if usual is not None and usual.value and people >= SMALLEST_GROUP:
            told_urgent = MIDDLE_OF_FEW if 0 < urgent < SMALLEST_GROUP else urgent
            yield Found(f"need.{need}.waiting_urgent", round(told_urgent / people / float(usual.value), 4),
                        "urgent of those who wait / those who wait, against urgent_share",
                        {"patients waiting": int(people)})


def _since_due(need: str, days: Numbers, people: Numbers) -> Iterator[Found]:
    """Weeks over which the first visits of those who wait were due, and how these are spread."""
    counts = {"patients waiting": int(people.sum())}
    mean = float(np.average(np.maximum(days, 0), weights=people))
    yield Found(f"need.{need}.waiting_weeks", 2 * mean / DAYS_A_WEEK, "2 x mean weeks since they were due",
                counts)
    if people.sum() >= SMALLEST_GROUP:
        most = max(1, round(2 * mean))
        shares = tuple(round(each / most, 4) for each in told(*together(days, people)))
        yield Found(f"need.{need}.waiting_shares", shares, BY_QUANTILES, counts)
