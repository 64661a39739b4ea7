"""Who has asked for care and has not been seen, on the first day.

    waiting        = patients who asked and have not been seen
    waiting_weeks  = 2 x mean weeks since their first visit was due, over start_waiting
    start_waiting  = mean days since then, of a site against all
    waiting_shares = quantiles of these weeks over waiting_weeks
    waiting_missed = who wait and have missed 1, 2, ... first visits or more / who wait
    waiting_put_off_days = days by which these have put off when the next is due / first visits missed, over
                           start_waiting
    waiting_urgent = urgent of those who wait / those who wait, against urgent_share

A first visit is due the day after asking; of who missed one, when it would be booked again: they stand in
line with those who asked then, though they have waited longer.
"""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import SMALLEST_GROUP
from careload.model.belief import Beliefs, Found
from careload.model.courses import ADVANCE_DAYS
from careload.model.evidence import columns_of
from careload.model.quantiles import BY_QUANTILES, shares_or_more, together, told

Numbers = NDArray[np.float64]
_ = ibis._

DAYS_A_WEEK, MIDDLE_OF_FEW = 7, 5


def find_not_seen(now: ir.Table, sites: set[str], so_far: Beliefs) -> Iterator[Found]:
    """Those who wait, by need group and site.

    now    `who_is_there`
    sites  those that have a team
    """
    waiting = _at_sites(now.filter(~now.in_care & now.asked.notnull()), sites)
    yield from _of_waiting(waiting)
    yield from _urgent(waiting, so_far)


def _at_sites(rows: ir.Table, sites: set[str]) -> ir.Table:
    """Those at sites that have a team; where there is but one, all."""
    if len(sites) == 1:
        return rows.mutate(site=ibis.literal(next(iter(sites))))
    return rows.filter(rows.site.isin(sorted(sites)))


def _of_waiting(rows: ir.Table) -> Iterator[Found]:
    """Who asked, or missed the first visit, and has not been seen; since when the next is due."""
    late = ibis.greatest(-rows.days, 0)
    rows = rows.mutate(late=late, earlier=ibis.greatest(rows.asked - ADVANCE_DAYS - late, 0.0))
    by = ("need", "site", "late", "missed")
    rows = rows.group_by(*by).agg(people=_.patient.count(), earlier=_.earlier.sum())
    table = columns_of(rows.order_by(*by))
    needs, sites, people = table["need"], table["site"], table["people"].astype(float)
    days, against = table["late"].astype(float), _waits_against_all(sites, table["late"], people)
    for site, ratio in against.items():
        yield Found(f"site.{site}.start_waiting", ratio, "mean days since due, of the site / of all",
                    {"patients waiting": int(people[sites == site].sum())})
    scale = np.array([against.get(site, 1.0) for site in sites.tolist()])
    each = put_off_by_each(table["missed"].astype(int), people, table["earlier"].astype(float) / scale,
                           days / scale)
    for need in dict.fromkeys(needs.tolist()):
        own = needs == need
        for site in dict.fromkeys(sites[own].tolist()):
            number = int(people[own & (sites == site)].sum())
            yield Found(f"need.{need}.waiting.{site}", number, "asked and not seen by the last day",
                        {"patients waiting": number})
        yield from _since_due(need, np.rint(days[own] / scale[own]), people[own])
        yield from _first_misses(need, table["missed"][own].astype(int), people[own], each)


def put_off_by_each(missed: Numbers, people: Numbers, earlier: Numbers, days: Numbers) -> float:
    """Days by which a first visit missed puts off when the next is due, of all need groups.

    missed, people  (kinds,) visits missed, and how many people did
    earlier         (kinds,) days put off, summed over these people
    days            (kinds,) since they are due

    Of fewer than may be shown: as long as the line, 2 x mean days since due.
    """
    if people[missed > 0].sum() >= SMALLEST_GROUP:
        return float(earlier[missed > 0].sum() / (missed @ people))
    return float(2 * np.average(days, weights=people)) if len(days) else 0.0


def _first_misses(need: str, missed: Numbers, people: Numbers, each: float) -> Iterator[Found]:
    """First visits that those who wait have missed: one to ten who did stand for five.

    missed, people  (kinds,) visits, and how many people
    each            days by which each has put off when the next is due
    """
    some, counts = float(people[missed > 0].sum()), {"patients waiting": int(people.sum())}
    if not some or people.sum() < SMALLEST_GROUP:
        return
    of_few = (round(MIDDLE_OF_FEW / float(people.sum()), 4),)
    yield Found(f"need.{need}.waiting_missed",
                of_few if some < SMALLEST_GROUP else shares_or_more(np.bincount(missed, people)),
                "who wait and have missed 1, 2, ... first visits or more / who wait", counts)
    yield Found(f"need.{need}.waiting_put_off_days", each,
                "days by which they put off when the next is due / first visits missed, of all need groups",
                {"patients waiting": int(people.sum())})


def _waits_against_all(sites: NDArray[np.str_], days: Numbers, people: Numbers) -> dict[str, float]:
    """Site to mean days waited, against the mean of all; nothing of sites where few wait, or of one alone."""
    found, all_of = {}, max(float(np.average(days.astype(float), weights=people)), 1.0) if len(days) else 1.0
    for site in dict.fromkeys(sites.tolist()):
        own = sites == site
        if people[own].sum() >= SMALLEST_GROUP and not own.all():
            mean = float(np.average(days[own].astype(float), weights=people[own]))
            found[site] = round(max(mean, 1.0) / all_of, 4)
    return found


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
    counts, mean = {"patients waiting": int(people.sum())}, float(np.average(days, weights=people))
    yield Found(f"need.{need}.waiting_weeks", 2 * mean / DAYS_A_WEEK, "2 x mean weeks since they were due",
                counts)
    if people.sum() >= SMALLEST_GROUP:
        values, people = together(days, people)
        most = max(1, round(2 * mean))
        shares = tuple(round(max(each, 0.0) / most, 4) for each in told(values, people))
        yield Found(f"need.{need}.waiting_shares", shares, BY_QUANTILES, counts)
