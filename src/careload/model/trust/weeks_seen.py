"""What the records show by week and site: visits, no-shows, referrals, caseload, waits, leavers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.measure import View
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.staffing import spans_since
from careload.model.trust.checks.flows import balance
from careload.model.trust.checks.overdue import WEEK
from careload.model.trust.periods import held, intervals, leavers, waits

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Kind:
    """How a measure is told: its unit; whether it is a number of people, or a mean; whether it adds up."""

    unit: str
    is_count: bool = True
    adds_up: bool = False


MEASURES: Mapping[str, Kind] = {
    "visits": Kind("visits per week"), "no_shows": Kind("no-shows per week"),
    "referrals": Kind("referrals per week"), "caseload": Kind("patients in care"),
    "return_interval": Kind("days", False), "intake_wait": Kind("days", False),
    "leavers": Kind("leavers so far", True, True),
}


@dataclass(frozen=True)
class Counted:
    """One measure as the records show it.

    measure  a key of `MEASURES`
    sums     (sites, weeks) numbers, or days summed; of leavers, all so far
    number   (sites, weeks) how many people or waits are behind them
    """

    measure: str
    sums: Numbers
    number: Numbers

    def at(self, place: int) -> Numbers:
        """(weeks,) of the whole for 0, of the site of that number from 1; nan where a mean has nobody."""
        both = (self.sums, self.number)
        sums, number = (each[place - 1] if place else each.sum(axis=0) for each in both)
        if MEASURES[self.measure].is_count:
            return np.asarray(sums)
        return np.asarray(sums / np.where(number > 0, number, np.nan))


def seen_by_week(view: View, first: date, weeks: int, sites: Sequence[str]) -> dict[str, Counted]:
    """What the records show in whole weeks from a Monday; without what they do not tell.

    sites  those of the service; what happened elsewhere is left out
    """
    asked = view.table("referrals") if view.records.has("referrals.requested_at") else None
    tables = {
        "visits": held(view, "completed"), "no_shows": held(view, "no_show"),
        "referrals": None if asked is None else asked.select("site", day=asked.requested_at.date()),
        "return_interval": intervals(view), "intake_wait": waits(view), "leavers": leavers(view),
    }
    found = {name: _counted(name, rows, first, weeks, sites) for name, rows in tables.items()
             if rows is not None}
    found |= _caseload(view, first, weeks, sites)
    return {name: found[name] for name in MEASURES if name in found}


def _counted(name: str, rows: ir.Table, first: date, weeks: int, sites: Sequence[str]) -> Counted:
    days = rows.days.sum() if "days" in rows.columns else rows.day.count()
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY), week=spans_since(rows.day, first, WEEK))
    rows = rows.filter((rows.week >= 0) & (rows.week < weeks))
    table = columns_of(rows.group_by("site", "week").agg(n=rows.day.count(), sum=days))
    sums, number = (_placed(table, column, weeks, sites) for column in ("sum", "n"))
    if MEASURES[name].adds_up:
        sums, number = sums.cumsum(axis=1), number.cumsum(axis=1)
    return Counted(name, sums, number)


def _placed(
    table: Mapping[str, NDArray[np.object_]], name: str, weeks: int, sites: Sequence[str]
) -> Numbers:
    found = np.zeros((len(sites), weeks))
    for site, week, value in zip(table["site"], table["week"], table[name], strict=True):
        if site in sites:
            found[sites.index(site), int(week)] = float(value)
    return found


def _caseload(view: View, first: date, weeks: int, sites: Sequence[str]) -> dict[str, Counted]:
    """Patients in care at the ends of weeks, by the site of their first visit in the records."""
    found = balance(Evidence(view), WEEK, first)
    if found is None:
        return {}
    own = np.zeros((len(sites), weeks))
    for place, site in enumerate(sites):
        if site in found.sites:
            own[place] = found.ended[found.sites.index(site), :weeks]
    return {"caseload": Counted("caseload", own, own)}
