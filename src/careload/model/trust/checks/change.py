"""Did the system that keeps the records change, and when?

    weeks around a week w = level + slope * week + step at w + noise that goes on from week to week (AR(1))
    sought: the week whose step is farthest from none, of all series and weeks

Series are shares on log-odds and ratios on logarithms, by site: visits for each clinician and day at work (so
that holidays, leave and leavers do not count), appointments missed, cancelled by patient and by clinic, rows
in which a column is filled, visits of patients never seen before, and requests for each open day. `AROUND`
weeks on either side of w with a slope of their own take the season and the trend along. After a change each
side is searched again.

False alarms: a step counts only beyond what the largest of all steps of all series reaches in 1 of 20 records
without a change, simulated with as many weeks and noise that goes on as it does (parametric bootstrap; beyond
the highest hundredth the tail is taken for exponential, which is cautious), and only if it is large enough to
matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from careload.clinic import Finding
from careload.model.evidence import Evidence
from careload.model.prior import generator
from careload.model.trust.checks.overdue import WEEK
from careload.model.trust.checks.weeks import MOST_GOING_ON, Series, calmed, going_on_of, series_of

Numbers = NDArray[np.float64]

FALSE_ALARMS = 0.05
"""Share of records without a change in which one is found."""
AROUND, LEAST = 20, 5
"""Weeks on either side of a step that are looked at, at most and at least."""
FIRST_WEEKS = 3
"""Left out at the beginning: records begin in mid-week, and nobody has been seen before."""
SIMULATED, RECORDS = 4000, 1000
"""Series, and records made of them, without a change."""
GOING_ON_STEP = 0.2
TAIL = 0.01
MOST_CHANGES = 4
RATIO_MATTERS, ODDS_MATTER, SHARE_MATTERS = 0.18, 0.7, 0.03
"""Assumed to matter: a ratio that changes by a fifth, odds that double, a share that changes by 3 points."""


@dataclass(frozen=True)
class Change:
    """A change found.

    what    the series in words
    site    where; "" for the whole
    week    the first day of the first week after it
    before, after  mean of the series in the weeks on either side, in the unit of the series
    away    the step in standard errors
    chance  of a step so far away somewhere in records without a change
    """

    what: str
    site: str
    week: date
    before: float
    after: float
    away: float
    chance: float


@dataclass(frozen=True)
class Changes:
    """What was looked at, and the changes found, the surest first.

    series   by site and week
    beyond   standard errors that a step had to reach
    changes  found
    """

    series: tuple[Series, ...]
    beyond: float
    changes: tuple[Change, ...]


def changes(evidence: Evidence) -> Changes:
    """Changes in the weekly series of the records."""
    return changes_in(series_of(evidence), evidence.first, evidence.generator("changes of system"))


def changes_in(series: Iterable[Series], first_day: date, chance: np.random.Generator) -> Changes:
    """Changes in weekly series.

    first_day  of week 0
    chance     of the records without a change that say how far steps reach by chance
    """
    series = tuple(each.since(FIRST_WEEKS) for each in series if len(each.cases) >= FIRST_WEEKS + 2 * LEAST)
    if not series:
        return Changes((), float("inf"), ())
    largest = _largest_by_chance(series, chance)
    beyond = float(np.quantile(largest, 1 - FALSE_ALARMS))
    found = [each for own in series for each in _found(own, beyond, largest, first_day)]
    return Changes(series, beyond, tuple(sorted(found, key=lambda each: -abs(each.away))))


def _found(series: Series, beyond: float, largest: Numbers, first_day: date) -> Iterator[Change]:
    """Changes of one series: the farthest step, then those on either side of it."""
    parts, number = [(0, len(series.values))], 0
    while parts and number < MOST_CHANGES:
        first, last = parts.pop()
        if last - first < 2 * LEAST:
            continue
        own = series.between(first, last)
        # New numbers come in a burst, which calming would take for a holiday.
        values = own.values if series.only_rises else calmed(own.values, own.errors)
        away = steps(values, own.errors, going_on_of(own))
        away = np.maximum(away, 0) if series.only_rises else away
        place = int(np.abs(away).argmax())
        if abs(away[place]) <= beyond or not _matters(own, place, float(np.sign(away[place]))):
            continue
        number += 1
        before, after = (own.shown(*ends) for ends in _sides(len(away), place))
        chance = float((largest >= abs(away[place])).mean())
        week = first_day + timedelta(days=WEEK * (series.first_week + first + place))
        yield Change(series.what, series.site, week, before, after, float(away[place]), chance)
        parts += [(first, first + place), (first + place, last)]


def _sides(number: int, place: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (max(0, place - AROUND), place), (place, min(number, place + AROUND))


def _matters(series: Series, place: int, way: float) -> bool:
    """Whether levels on either side differ that way, and by enough."""
    before, after = _sides(len(series.values), place)
    weights = series.errors**-2
    levels = [float(np.average(series.values[a:b], weights=weights[a:b])) for a, b in (before, after)]
    step = way * (levels[1] - levels[0])
    if not series.is_share:
        return step >= RATIO_MATTERS
    return step >= ODDS_MATTER and way * (series.shown(*after) - series.shown(*before)) >= SHARE_MATTERS


def steps(values: Numbers, errors: Numbers, going_on: float) -> Numbers:
    """The step at each week in standard errors, 0 where too few weeks lie before or after.

    values    (weeks,) of one series, or (weeks, series)
    errors    (weeks,) their standard errors
    going_on  correlation of a week's noise with that of the week before
    """
    weeks = len(values)
    whole = np.zeros(values.shape)
    for place in range(LEAST, weeks - LEAST + 1):
        first, last = max(0, place - AROUND), min(weeks, place + AROUND)
        whole[place] = _step(values[first:last], errors[first:last], place - first, going_on)
    return whole


def _step(values: Numbers, errors: Numbers, place: int, going_on: float) -> Numbers:
    """The step of generalised least squares on level, slope and step, in standard errors."""
    week = np.arange(len(values)) - (len(values) - 1) / 2
    after = (np.arange(len(week)) >= place).astype(float)
    design = np.column_stack([np.ones(len(week)), week / len(week), after])
    white, y = (_whitened(each, errors, going_on) for each in (design, values))
    inverse = np.linalg.inv(white.T @ white)
    return np.asarray((inverse @ white.T @ y)[2] / np.sqrt(inverse[2, 2]))


def _whitened(values: Numbers, errors: Numbers, going_on: float) -> Numbers:
    """Values divided by their errors, less what goes on from the week before."""
    scaled = values / (errors if values.ndim == 1 else errors[:, None])
    rest = (scaled[1:] - going_on * scaled[:-1]) / np.sqrt(1 - going_on**2)
    return np.concatenate([scaled[:1], rest])


def _largest_by_chance(series: tuple[Series, ...], chance: np.random.Generator) -> Numbers:
    """The farthest step of any series in each of `RECORDS` records without a change."""
    kinds: dict[tuple[int, float], int] = {}
    for own in series:
        kind = len(own.values), float(np.ceil(going_on_of(own) / GOING_ON_STEP) * GOING_ON_STEP)
        kinds[kind] = kinds.get(kind, 0) + 1
    largest = np.zeros(RECORDS)
    for (weeks, going_on), number in kinds.items():
        farthest = _farthest(weeks, min(going_on, MOST_GOING_ON))
        largest = np.maximum(largest, _resampled(farthest, (number, RECORDS), chance).max(axis=0))
    return largest


@lru_cache(maxsize=64)
def _farthest(weeks: int, going_on: float) -> Numbers:
    """The farthest step of each of `SIMULATED` series without one; the same whatever the records."""
    chance = generator(f"{weeks} weeks that go on with {going_on:.1f}", 1)
    noise = chance.standard_normal((weeks, SIMULATED))
    for week in range(1, weeks):
        noise[week] = going_on * noise[week - 1] + np.sqrt(1 - going_on**2) * noise[week]
    return np.asarray(np.abs(steps(noise, np.ones(weeks), going_on)).max(axis=0))


def _resampled(values: Numbers, shape: tuple[int, int], chance: np.random.Generator) -> Numbers:
    """Drawn from values; from their highest hundredth on, an exponential of the same mean."""
    high = float(np.quantile(values, 1 - TAIL))
    drawn = chance.choice(values, shape)
    beyond = drawn > high
    drawn[beyond] = high + chance.exponential((values[values > high] - high).mean(), int(beyond.sum()))
    return np.asarray(drawn)


def check(evidence: Evidence) -> Iterator[Finding]:
    """Weeks in which the system that keeps the records seems to have changed."""
    by_week: dict[date, list[Change]] = {}
    for each in changes(evidence).changes:
        near = next((week for week in by_week if abs((week - each.week).days) <= 14), each.week)
        by_week.setdefault(near, []).append(each)
    for week, own in sorted(by_week.items()):
        yield Finding(
            "change-of-system", "warning", "appointments", 0,
            f"In the week from {week} the records change: {'; '.join(_words(each) for each in own[:4])}"
            f"{f'; and {len(own) - 4} more' if len(own) > 4 else ''}.",
            "one way of working and of writing down throughout (season, holidays and trend allowed)",
            f"Ask what changed then. If it was the record system, fit what came after (--from {week}) or "
            "before (--as-of) alone; nothing has been left out.",
        )


def _words(change: Change) -> str:
    at = f" at {change.site}" if change.site else ""
    return f"{change.what}{at} from {change.before:.3g} to {change.after:.3g}"
