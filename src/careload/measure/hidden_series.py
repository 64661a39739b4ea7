"""Pictures without small cells: curves that move when eleven more people do, counts without small ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import inf

from careload.clinic import SMALLEST_GROUP, Estimate
from careload.measure.result import Series

Point = Mapping[str, float | int | str | None]

STATES = ("seen", "discharged", "dropped")
COUNTS = ("due", "overdue")
SEEN = "seen_by_"


def hide_series(
    series: Iterable[Series], published: Sequence[Estimate], smallest: int = SMALLEST_GROUP
) -> tuple[Series, ...]:
    """The points behind the pictures, hidden as the estimates of the same groups are.

    published  the estimates of the same output, small cells hidden
    smallest   fewest people a step of a curve or a count may stand for

    A picture of a hidden group is left out. A curve loses the days around a hidden share,
    and each of its states moves only when it has grown by `smallest`. A count from 1 to
    `smallest` - 1 is None, and so is a second one where the total would tell it.
    """
    hidden = (_hidden(each, published, smallest) for each in series)
    return tuple(each for each in hidden if each is not None)


def _hidden(series: Series, published: Sequence[Estimate], smallest: int) -> Series | None:
    if series.name == "return_interval_states":
        return _states(series, published, smallest)
    return replace(series, points=_calendar(series.points, smallest))


def _states(series: Series, published: Sequence[Estimate], smallest: int) -> Series | None:
    own = {each.statistic: each for each in published if _same_group(each, series)}
    median = own.get("median")
    if median is None or median.hidden or median.n is None:
        return None
    gaps = _gaps({statistic: each.hidden for statistic, each in own.items()})
    points = [point for point in series.points if not any(a < float(point["day"] or 0) < b for a, b in gaps)]
    return replace(series, points=_coarse(points, median.n, smallest))


def _same_group(estimate: Estimate, series: Series) -> bool:
    by = dict(estimate.by)
    return estimate.measure == "return_interval" and by.pop("open", "all") == "all" and by == dict(series.by)


def _gaps(hidden: Mapping[str, bool]) -> list[tuple[float, float]]:
    """Open ranges of days that would tell a hidden share: from the shown share before to the one after."""
    by_day = {int(name.rpartition("_")[2]): gone for name, gone in hidden.items() if name.startswith(SEEN)}
    shown = [-inf, *sorted(day for day, is_hidden in by_day.items() if not is_hidden), inf]
    gone = [day for day, is_hidden in by_day.items() if is_hidden]
    return [(a, b) for a, b in pairwise(shown) if any(a < day < b for day in gone)]


def _coarse(points: Iterable[Point], n: int, smallest: int) -> tuple[Point, ...]:
    """Each state at the last level it reached by a step of at least `smallest` of n."""
    level = dict.fromkeys(STATES, 0.0)
    coarse = []
    for point in points:
        for state in STATES:
            if (_number(point[state]) - level[state]) * n > smallest - 0.5:
                level[state] = _number(point[state])
        waiting = max(0.0, 1 - sum(level.values()))
        shift = waiting - _number(point["waiting"])
        band = {side: min(1.0, max(0.0, _number(point[side]) + shift)) for side in ("low", "high")}
        coarse.append({**point, **level, "waiting": waiting, **band})
    return tuple(coarse)


def _calendar(points: Sequence[Point], smallest: int) -> tuple[Point, ...]:
    counts = {column: [_number(point[column]) for point in points] for column in COUNTS}
    hidden = {column: _hidden_counts(numbers, smallest) for column, numbers in counts.items()}
    hidden["overdue"] |= hidden["due"]
    return tuple(
        {key: None if index in hidden.get(key, set()) else value for key, value in point.items()}
        for index, point in enumerate(points)
    )


def _hidden_counts(counts: Sequence[float], smallest: int) -> set[int]:
    """Places of small counts, and of the next larger ones until their sum tells none of them."""
    ranked = sorted((count, place) for place, count in enumerate(counts) if count > 0)
    hidden = {place for count, place in ranked if count < smallest}
    for _, place in ranked:
        if not hidden or (len(hidden) > 1 and sum(counts[each] for each in hidden) >= smallest - 1):
            break
        hidden.add(place)
    return hidden


def _number(value: float | int | str | None) -> float:
    return float(value or 0)
