"""Does a run go where the records have never been?

    seen = lowest and highest of the means of four weeks in the records
    beyond: a run reaches more than `FARTHEST` times the highest, or less than the lowest divided by it; of
        people overdue more than twice the highest, and by a quarter of the caseload

Of several runs the median of what each reaches counts. What a service does with a caseload twice any seen no
record tells: hazards, no-shows and leaving were fitted where it was, and are taken along a curve to where it
was not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import ibis
import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.evidence import Evidence, columns_of
from careload.model.trust.checks.overdue import overdue_of, period_of
from careload.model.trust.periods import WEEKS, periods_of
from careload.simulate import Weekly

Numbers = NDArray[np.float64]

FARTHEST = 1.5
"""Assumed: half as much again as any four weeks in the records is still told by them."""
FIRST_PERIODS = 3
"""Periods at the beginning whose intervals are left out, where there are more: long ones began before."""
NAMES = {
    "caseload": "patients in care for each clinician",
    "overdue": "patients overdue for each clinician",
    "return_interval": "mean days between visits",
    "overload": "hours of work due for each hour paid",
}
TWICE, OF_CASELOAD = 2.0, 0.25
"""Few are overdue where care is in time, and twice as few is no other world: a quarter of the caseload is."""
LOW_TOO = ("caseload", "return_interval", "overload")
"""A service without anybody overdue is one that every record tells of."""


@dataclass(frozen=True)
class Range:
    """The lowest and the highest mean of four weeks."""

    low: float
    high: float


@dataclass(frozen=True)
class Ranges:
    """Name (a key of `NAMES`) to the range seen; without those that the records do not tell."""

    seen: Mapping[str, Range]

    @staticmethod
    def from_records(evidence: Evidence) -> Ranges:
        """The ranges of the means of four weeks in the records."""
        number = evidence.days // (7 * WEEKS)
        if not number:
            return Ranges({})
        periods = periods_of(evidence.view, evidence.first).values
        staff = _clinicians(evidence, number)
        overdue = evidence.once(overdue_of).by_period().sum(axis=0)[:number]
        intervals = periods["return_interval"]
        found = {
            "caseload": periods["caseload"][:number] / staff, "overdue": overdue / staff[: len(overdue)],
            "return_interval": intervals[FIRST_PERIODS:] if number >= 2 * FIRST_PERIODS else intervals,
            "overload": _overload(evidence, number),
        }
        return Ranges({name: own for name, each in found.items() if (own := range_of(each))})


def range_of(values: Numbers) -> Range | None:
    """The range of those that are known; None where none is."""
    known = values[np.isfinite(values)]
    return Range(float(known.min()), float(known.max())) if len(known) else None


def _clinicians(evidence: Evidence, number: int) -> Numbers:
    """Clinicians who had a patient, by four weeks; nan without any."""
    rows = evidence.view.due
    rows = rows.filter(rows.status.isin(["completed", "no_show"]) & rows.clinician.notnull())
    each = rows.select("clinician", period=period_of(rows.day, evidence)).distinct()
    return _by_period(columns_of(each.group_by("period").agg(value=each.clinician.count())), number)


def _overload(evidence: Evidence, number: int) -> Numbers:
    if not evidence.has("hours.paid"):
        return np.full(number, np.nan)
    rows = evidence.view.table("hours")
    rows = rows.filter((rows.paid > 0) & (rows.week_start <= evidence.as_of))
    due = ibis.coalesce(rows.worked, rows.contact + rows.non_contact) + rows.after_hours.fill_null(0.0)
    rows = rows.mutate(due=due).filter(due.notnull())
    table = rows.group_by(period=period_of(rows.week_start, evidence)).agg(
        value=rows.due.sum() / rows.paid.sum())
    return _by_period(columns_of(table), number)


def _by_period(found: dict[str, NDArray[np.object_]], number: int) -> Numbers:
    values = np.full(number, np.nan)
    for period, value in zip(found["period"], found["value"], strict=True):
        if period is not None and 0 <= period < number and value:
            values[int(period)] = value
    return values


def shown_by(run: Weekly) -> Mapping[str, Numbers]:
    """The same of a run: name to the means of its four weeks, one after the other."""
    staff = _means(run.clinicians["filled"].sum(axis=1))
    due, paid = (_means(run.clinicians[name].sum(axis=1)) for name in ("due_hours", "paid_hours"))
    in_care = _means(run.patients["in_care"] - run.patients["not_yet_seen"])
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "caseload": in_care / staff, "overdue": _means(run.patients["overdue"]) / staff,
            "return_interval": run.return_interval, "overload": due / paid,
        }


def _means(weeks: Numbers) -> Numbers:
    """Means of four weeks."""
    whole = len(weeks) // WEEKS * WEEKS
    return np.asarray(weeks[:whole].reshape(-1, WEEKS).mean(axis=1))


def beyond(seen: Ranges, simulated: Sequence[Weekly], about: str = "") -> Iterator[Finding]:
    """A warning for each figure that runs take beyond anything the records showed.

    seen       what the records showed
    simulated  runs of one service, `weekly`
    about      what the finding is about, where there are several services
    """
    runs = [shown_by(run) for run in simulated]
    for name, own in seen.seen.items():
        paths = [run[name] for run in runs if np.isfinite(run[name]).any()]
        if paths:
            yield from _told(name, own, np.array(paths), seen, about)


def _highest(name: str, own: Range, seen: Ranges) -> float:
    """What a run may reach at most."""
    if name != "overdue":
        return FARTHEST * own.high
    return max(TWICE * own.high, own.high + OF_CASELOAD * seen.seen.get("caseload", own).high)


def _told(name: str, own: Range, paths: Numbers, seen: Ranges, about: str) -> Iterator[Finding]:
    """The finding of one figure.

    paths  (runs, four weeks)
    """
    low, high = (float(np.median(end(paths, axis=1))) for end in (np.nanmin, np.nanmax))
    above = high > _highest(name, own, seen) > 0
    if above or (name in LOW_TOO and low < own.low / FARTHEST):
        value, end = (high, own.high) if above else (low, own.low)
        yield Finding(
            "beyond-the-seen", "warning", about, 0,
            f"Goes where the records have never been: {value:.3g} {NAMES[name]}, {_times(value, end)} "
            f"{'most' if above else 'least'} they showed ({own.low:.3g} to {own.high:.3g})"
            f"{_since(paths, _highest(name, own, seen) if above else own.low / FARTHEST, above=above)}.",
            _expected(name),
            "Take the direction for likelier than the size. Records of a time or a service that was there "
            "would tell.",
        )


def _expected(name: str) -> str:
    if name not in LOW_TOO:
        return f"at most {TWICE:g} times the most of any four weeks, or {OF_CASELOAD:.0%} of the caseload"
    return (f"at most {FARTHEST:g} times the highest, and no less than the lowest divided by that, of any "
            "four weeks")


def _times(value: float, end: float) -> str:
    return f"{value / end:.2g} times the" if end > 0 else "against the"


def _since(paths: Numbers, limit: float, *, above: bool) -> str:
    """From which week on, in the median of the runs; "" where that never is."""
    known = np.isfinite(paths).any(axis=0)
    middle = np.full(paths.shape[1], np.nan)
    middle[known] = np.nanmedian(paths[:, known], axis=0)
    reached = np.flatnonzero(middle > limit if above else middle < limit)
    return f", from week {WEEKS * int(reached[0]) + 1}" if len(reached) else ""
