"""Weekly series of the records, by site, as they are searched for a change.

    share: log-odds ln((k + 1/2) / (n - k + 1/2)), error of Binomial counts times how far weeks scatter
    ratio: ln((k + 1/2) / n), error of Poisson counts likewise

How far weeks scatter is taken from the differences between a week and the mean of its neighbours, at the
median, so that a step does not hide in the scatter it makes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np
from numpy.typing import NDArray

from careload.clinic import TABLES
from careload.model.courses import EVERYBODY
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.overdue import WEEK, week_within

Numbers = NDArray[np.float64]

FEWEST = 10
"""Mean cases a week below which a series says nothing."""
TABLE = TABLES["appointments"]
COLUMNS = tuple(each.name for each in TABLE.columns if each.name not in TABLE.required)
LEAST_WEEKS, HALF = 5, 4
"""Fewest weeks with a scatter; weeks on either side whose median says what a week is about."""
LEAST_SCATTER = 0.3
"""Visits a day at work are bounded by slots, and so scatter less than counts that nothing bounds."""
CUT, LEAST_SPREAD = 2.5, 1e-9
LEAST_GOING_ON, MOST_GOING_ON = -0.5, 0.8
NORMAL_MEDIAN = 0.6745
"""Median distance of a normal number from its mean, in standard deviations."""


@dataclass(frozen=True)
class Series:
    """One weekly series.

    what        in words
    site        where
    first_week  number of its first week, counted from the first day of the records
    cases, of   (weeks,) numbers behind each value
    is_share    a share, else a ratio
    only_rises  it falls by itself as records go on: who was never seen before becomes rarer
    """

    what: str
    site: str
    first_week: int
    cases: Numbers
    of: Numbers
    is_share: bool
    only_rises: bool = False

    @cached_property
    def values(self) -> Numbers:
        """Log-odds, or logarithm of the ratio."""
        rest = self.of - self.cases + 0.5 if self.is_share else np.maximum(self.of, 0.5)
        return np.asarray(np.log((self.cases + 0.5) / rest))

    @cached_property
    def errors(self) -> Numbers:
        """Standard error of each value."""
        overall = (self.cases.sum() + 0.5) / (self.of.sum() + 1)
        # Half of what weeks around show, so that a share that falls to nothing is not all doubt.
        middle = (overall + _about(self.cases / np.maximum(self.of, 0.5))) / 2
        expected = np.maximum(self.of, 0.5) * middle + 0.5
        rest = 1 / (np.maximum(self.of * (1 - middle), 0) + 0.5) if self.is_share else 0.0
        counted = np.sqrt(1 / expected + rest)
        least = 1.0 if self.is_share else LEAST_SCATTER
        return np.asarray(counted * max(least, _scatter(self.values / counted)))

    def since(self, weeks: int) -> Series:
        """Without its first weeks."""
        return replace(self.between(weeks, len(self.cases)), first_week=self.first_week + weeks)

    def between(self, first: int, last: int) -> Series:
        """Some of its weeks; the number of the first stays."""
        return replace(self, cases=self.cases[first:last], of=self.of[first:last])

    def shown(self, first: int, last: int) -> float:
        """The share or ratio of some of its weeks together."""
        return float(self.cases[first:last].sum() / max(self.of[first:last].sum(), 1e-9))


def _scatter(scaled: Numbers) -> float:
    """Standard deviation of weeks about their level, of noise that goes on as theirs does."""
    if len(scaled) < LEAST_WEEKS:
        return 1.0
    apart = scaled[1:-1] - (scaled[:-2] + scaled[2:]) / 2
    r = _going_on(scaled)
    return float(np.median(np.abs(apart)) / NORMAL_MEDIAN / np.sqrt(1.5 - 2 * r + 0.5 * r**2))


def going_on_of(series: Series) -> float:
    """Correlation of a week's noise with that of the week before, none below 0, at most `MOST_GOING_ON`."""
    return max(0.0, _going_on(series.values / series.errors))


def _going_on(scaled: Numbers) -> float:
    """The same of values in standard errors. Of noise that goes on with r, changes from week to week have
    correlation -(1 - r) / 2; a step, or a holiday, is one change and is cut down to what others are.
    """
    change = np.diff(scaled) - np.median(np.diff(scaled))
    spread = max(float(np.median(np.abs(change))) / NORMAL_MEDIAN, LEAST_SPREAD)
    cut = np.clip(change, -CUT * spread, CUT * spread)
    together = float(cut[1:] @ cut[:-1]) / max(float(cut @ cut), LEAST_SPREAD)
    return float(np.clip(1 + 2 * together, LEAST_GOING_ON, MOST_GOING_ON))


def calmed(values: Numbers, errors: Numbers) -> Numbers:
    """Values cut down to `CUT` errors about the median of the weeks around each: holidays are no change.

    The median keeps a step where it is.
    """
    middle = _about(values)
    return np.clip(values, middle - CUT * errors, middle + CUT * errors)


def _about(values: Numbers) -> Numbers:
    """The median of the weeks around each."""
    around = np.lib.stride_tricks.sliding_window_view(np.pad(values, HALF, mode="reflect"), 2 * HALF + 1)
    return np.asarray(np.median(around, axis=1))


def series_of(evidence: Evidence) -> Iterator[Series]:
    """Every series that has enough cases a week to tell of a change."""
    worked = _worked(evidence)
    for series in (*_of_appointments(evidence, worked), *_of_requests(evidence, worked)):
        if not len(series.of):
            continue
        if series.of.mean() >= FEWEST or (not series.is_share and series.cases.mean() >= FEWEST):
            yield series


def _of_appointments(evidence: Evidence, worked: ir.Table) -> Iterator[Series]:
    weeks = evidence.days // WEEK
    rows = evidence.view.due
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY), week=week_within(rows.day, evidence))
    columns = [name for name in COLUMNS if evidence.records.has(f"appointments.{name}") and name != "site"]
    held, missed = rows.status == "completed", rows.status == "no_show"
    table = rows.group_by("site", "week").agg(
        rows=rows.patient.count(), held=held.sum(), missed=missed.sum(), back=_is_back(rows).sum(),
        by_patient=(rows.status == "cancelled_by_patient").sum(),
        by_clinic=(rows.status == "cancelled_by_clinic").sum(),
        **{f"has_{name}": (rows[name].notnull() & held).sum() for name in columns},
    )
    found, new = columns_of(table.order_by("site", "week")), columns_of(_new(rows, evidence))
    at_work = columns_of(_at_work(worked, evidence))
    for site in sorted(set(found["site"].tolist())):
        own = {name: _weekly(found, site, name, weeks) for name in found if name not in ("site", "week")}
        own["new"] = _weekly(new, site, "new", weeks)
        came = own["held"] + own["missed"]
        for words, some, of in SHARES:
            yield Series(words, site, 0, own[some], came if of == "came" else own[of], True, some == "new")
        for name in columns:
            yield Series(f"share of visits with {name}", site, 0, own[f"has_{name}"], own["held"], True)
        days = _weekly(at_work, site, "days", weeks)
        yield Series("visits held or missed by each clinician a day at work", site, 0, came, days, False)


def _is_back(rows: ir.Table) -> ir.BooleanValue:
    return (rows.status == "completed") & (rows.kind == "return").fill_null(False)


def _new(rows: ir.Table, evidence: Evidence) -> ir.Table:
    """Patients with a return visit on the first day anything is known of them, by its site and week.

    Most visits of new patients are intakes: who is new at a return visit has a new number.
    """
    each = rows.group_by("patient", "site").agg(
        first=rows.day.min(), back=rows.day.min(where=_is_back(rows)))
    ever = each["first"].min().over(ibis.window(group_by=each.patient))
    new = each.mutate(ever=ever)
    new = new.filter(new.back == new.ever)
    return new.group_by("site", week=week_within(new.ever, evidence)).agg(new=new.patient.count())


SHARES = (
    ("share of visits missed", "missed", "came"),
    ("share of appointments cancelled by patients", "by_patient", "rows"),
    ("share of appointments cancelled by the clinic", "by_clinic", "rows"),
    ("share of return visits of patients never seen before", "new", "back"),
)
"""Words, what is counted, and of how many."""


def _at_work(worked: ir.Table, evidence: Evidence) -> ir.Table:
    """Clinicians times days on which they had a patient, by site and week."""
    days = worked.filter(worked.clinician.notnull())
    return days.group_by("site", week=week_within(days.day, evidence)).agg(days=days.day.count())


def _worked(evidence: Evidence) -> ir.Table:
    """site, clinician, day: who had a patient when."""
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]))
    rows = rows.select("clinician", "day", site=rows.site.fill_null(EVERYBODY))
    return evidence.view.keep("model_worked", rows.distinct())


def _of_requests(evidence: Evidence, worked: ir.Table) -> Iterator[Series]:
    if not evidence.has("referrals"):
        return
    weeks = evidence.days // WEEK
    rows = evidence.view.table("referrals")
    day = rows.requested_at.date()
    rows = rows.filter((day >= evidence.first) & (day <= evidence.as_of))
    week = week_within(rows.requested_at.date(), evidence)
    rows = rows.mutate(site=rows.site.fill_null(EVERYBODY), week=week)
    found = columns_of(rows.group_by("site", "week").agg(requests=rows.patient.count()))
    days = worked.select("day").distinct()
    days = days.mutate(site=ibis.literal(""), week=week_within(days.day, evidence))
    found_days = columns_of(days.group_by("site", "week").agg(days=days.day.count()))
    opened = _weekly(found_days, "", "days", weeks)
    for site in sorted(set(found["site"].tolist())):
        asked = _weekly(found, site, "requests", weeks)
        yield Series("requests for each open day", site, 0, asked, opened, False)


def _weekly(found: dict[str, NDArray[Any]], site: str, name: str, weeks: int) -> Numbers:
    """A column of one site by week, 0 where there is none."""
    own = (found["site"] == site) & (found["week"] >= 0) & (found["week"] < weeks)
    number = np.zeros(weeks)
    number[found["week"][own].astype(np.int64)] = found[name][own].astype(float)
    return number
