"""The return interval in full: the share seen by day, and how long the spans of waiting were."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Estimate
from careload.simulate.kernel.records import BUSINESS_DAYS, CALENDAR_DAYS, CUT_OFF, INTERVALS, LOST, SEEN
from careload.simulate.many import OVER_RUNS, Simulated
from careload.simulate.series import quantiles
from careload.simulate.spans import seen_by
from careload.simulate.student import estimate_of

Numbers = NDArray[np.float64]
WEEK = 7
ENDS = (
    ("seen", "the next visit"),
    ("lost", "dropped out, or well untreated"),
    ("cut", "still waiting, or gone"),
)
"""How a span of the histogram ended: key, and in words."""
FLAT = 0.01
"""Share still to be seen at which the curve is drawn to its end."""
LONGEST_SHOWN, SHORTEST_SHOWN = 364, 56


@dataclass(frozen=True)
class Waits:
    """The waits for a next visit of everybody in the runs of one service.

    spans   (run, calendar or business days, how they ended, days)
    levels  (5, day): share seen within so many calendar days of those not discharged, quantiles over the
            runs at SHARES of series.py
    """

    spans: NDArray[np.int64]
    levels: Numbers


def waits(found: Simulated) -> Waits | None:
    """The waits for a next visit; None where nobody was to be seen again."""
    spans = np.array([each.spans[INTERVALS].sum(axis=2, dtype=np.int64) for each in found.summaries])
    known = spans[spans.any(axis=(1, 2, 3))]
    if not len(known):
        return None
    return Waits(known, quantiles(np.array([seen_by(run[CALENDAR_DAYS]) for run in known])))


def seen_within(waits: Waits, days: int, *, business: bool = False) -> Estimate:
    """The share seen within so many days, in calendar days or in business days of the service's calendar."""
    unit = BUSINESS_DAYS if business else CALENDAR_DAYS
    shares = np.array([float(seen_by(run[unit])[days]) for run in waits.spans])
    return estimate_of(shares, "return_interval", f"seen_by_{days}", "share", {}, None, OVER_RUNS)


def last_day(several: Sequence[Waits], least: float) -> int:
    """The day up to which curves are drawn: until they are all but flat, whole weeks, not before `least`."""
    flat = [int(np.argmax(each.levels[2] >= each.levels[2][LONGEST_SHOWN] - FLAT)) for each in several]
    wanted = max([SHORTEST_SHOWN, least, *flat])
    return min(WEEK * int(np.ceil(wanted / WEEK)), LONGEST_SHOWN)


@dataclass(frozen=True)
class Lengths:
    """Spans of waiting by their length, of 100 that were not closed by discharge, all runs together.

    weeks   (3, week): per cent by how they ended and after how many weeks
    beyond  (3): per cent that lasted longer
    """

    weeks: Numbers
    beyond: Numbers


def lengths(waits: Waits, last: int) -> Lengths:
    """Spans by their length in weeks, up to day `last`; longer ones in one."""
    ended = waits.spans.sum(axis=0)[CALENDAR_DAYS][[SEEN, LOST, CUT_OFF]]
    share = 100 * ended / max(int(ended.sum()), 1)
    weeks = share[:, :last].reshape(len(ENDS), last // WEEK, WEEK).sum(axis=2)
    return Lengths(weeks, share[:, last:].sum(axis=1))
