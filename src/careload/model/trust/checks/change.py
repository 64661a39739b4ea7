"""Did the system that keeps the records change, and when?

    weeks around a week w = level + slope * week + step at w + noise that goes on from week to week (AR(1))
    sought: the week whose step is farthest from none, of all series and weeks

Series are shares on log-odds and ratios on logarithms, by site: visits for each clinician and day at work (so
that holidays, leave and leavers do not count), appointments missed, cancelled by patient and by clinic, rows
in which a column is filled, visits of patients never seen before, and requests for each open day. `AROUND`
weeks on either side of w with a slope of their own take the season and the trend along. After a change each
side is searched again.

False alarms: a step counts only beyond what the largest of all steps of all series reaches in 1 of 50 records
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

FALSE_ALARMS = 0.02
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
RATIO_MATTERS, ODDS_MATTER, SHARE_MATTERS = 0.18, 0.7, 0.05
"""Assumed to matter: a ratio that changes by a fifth, odds that double, a share that changes by 5 points."""


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
    return np.asarray(_contrasts(errors, going_on) @ values)


def _contrasts(errors: Numbers, going_on: float) -> Numbers:
    """What each week's value adds to the step at each week, (weeks, weeks).

    Generalised least squares on level, slope and step in the weeks around, whitened; the step over its
    standard error is linear in the values, so it is worked out once, whatever the series.
    """
    weeks = len(errors)
    whole = np.zeros((weeks, weeks))
    place = np.arange(LEAST, weeks - LEAST + 1)[:, None]
    near = place + np.arange(-AROUND, AROUND)
    inside = (near >= 0) & (near < weeks)
    near = near.clip(0, weeks - 1)
    scale = inside / errors[near]
    design = np.stack([np.ones(near.shape), (near - place) / AROUND, near >= place], axis=-1)
    white = _whitened(design * scale[..., None], inside, going_on)
    step = _unwhitened(_step_of(white), inside, going_on) * scale
    whole[np.broadcast_to(place, near.shape)[inside], near[inside]] = step[inside]
    return whole


def _step_of(design: Numbers) -> Numbers:
    """The row of least squares that gives the step over its error, (places, weeks around).

    design  (places, weeks around, 3): level, slope and step
    """
    inverse = np.linalg.inv(design.swapaxes(1, 2) @ design)
    row = (design @ inverse[:, :, 2:])[..., 0]
    return np.asarray(row / np.sqrt(inverse[:, 2, 2])[:, None])


def _whitened(scaled: Numbers, inside: NDArray[np.bool_], going_on: float) -> Numbers:
    """Less what goes on from the week before; the first week inside stands as it is.

    scaled  (places, weeks around, columns), 0 outside
    """
    before = np.concatenate([np.zeros_like(scaled[:, :1]), scaled[:, :-1]], axis=1)
    rest = (scaled - going_on * before) / np.sqrt(1 - going_on**2)
    return np.where(_first(inside)[..., None], scaled, rest) * inside[..., None]


def _unwhitened(row: Numbers, inside: NDArray[np.bool_], going_on: float) -> Numbers:
    """A row that stands before whitened values, as one that stands before those not yet whitened."""
    first = _first(inside)
    own = np.where(first, row, row / np.sqrt(1 - going_on**2)) * inside
    on = np.where(first, 0.0, row * going_on / np.sqrt(1 - going_on**2)) * inside
    return np.asarray(own - np.concatenate([on[:, 1:], np.zeros_like(on[:, :1])], axis=1))


def _first(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The first week inside, of each place."""
    return np.asarray(inside & (inside.cumsum(axis=1) == 1))


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
    for each in evidence.once(changes).changes:
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
