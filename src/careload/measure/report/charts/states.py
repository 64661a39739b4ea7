"""Where everyone is after their last visit: still waiting, seen again, discharged, dropped out, by day."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from careload.measure.report.words import Limit
from careload.page import (
    WIDE_FROM,
    Point,
    Scale,
    drawing,
    element,
    line,
    path,
    rect,
    spread,
    stairs,
    text,
)

STATES = (
    ("waiting", "still waiting"), ("seen", "seen again"),
    ("discharged", "discharged"), ("dropped", "dropped out"),
)
"""Stacked in this order, from the bottom."""
PLOT, LIMIT_ROWS = 310.0, 40.0
FINE = 5.0
"""Pixels of a step below which stairs look like beads."""


@dataclass(frozen=True)
class StateDay:
    """Shares (0-1, summing to 1) on one day after the visit, and the interval of the share waiting."""

    day: float
    seen: float
    discharged: float
    dropped: float
    waiting: float
    low: float | None
    high: float | None

    def top(self, state: str) -> float:
        """Upper edge of `state` when the states are stacked from waiting upwards."""
        names = [name for name, _ in STATES]
        if state == names[-1]:
            return 1.0
        return min(sum(float(getattr(self, name)) for name in names[: names.index(state) + 1]), 1.0)


def draw_states(days: Sequence[StateDay], limits: Sequence[Limit], width: float, says: str) -> Markup:
    """The survival curve of the return interval with the legal limits drawn in.

    days    at least two, in order of day; where the first are hidden a broken line leads to the first shown
    limits  drawn as labelled upright lines
    """
    wide = width >= WIDE_FROM
    left, right = 44.0, (92.0 if wide else 10.0)
    top = (8.0 if wide else 50.0) + LIMIT_ROWS * len(limits)
    height = top + PLOT
    last = _last_day(days, limits)
    shown = [day for day in days if day.day <= last]
    x = Scale(0, last, left, width - right)
    y = Scale(0, 1, height - 46, top)
    parts: list[str] = [
        *_areas(shown, x, y),
        *_axes(x, y, wide),
        _band(shown, x, y),
        path([(x(0), y(1)), (x(shown[0].day), y(shown[0].waiting))], "gap"),
        path(_edge([(x(d.day), y(d.waiting)) for d in shown]), "edge"),
        *(part for i, limit in enumerate(limits) for part in _limit(limit, i, shown, x, y)),
        *(_names_beside(shown, y, width - right + 8) if wide else _legend(shown, left)),
        *_readings(shown, x, y),
    ]
    return drawing(width, height, says, *parts)


def waiting_on(days: Sequence[StateDay], day: float) -> StateDay | None:
    """The last day that is not after `day`."""
    before = [state for state in days if state.day <= day]
    return before[-1] if before else None


def _last_day(days: Sequence[StateDay], limits: Sequence[Limit]) -> float:
    quiet = next((d.day for d in days if d.waiting <= 0.03), days[-1].day)
    wanted = max([28.0, quiet, *(limit.days * 1.5 for limit in limits)])
    return max(min(wanted, days[-1].day), 1.0)


def _areas(days: Sequence[StateDay], x: Scale, y: Scale) -> list[Markup]:
    areas = []
    floor: list[Point] = [(x(days[0].day), y(0)), (x(days[-1].day), y(0))]
    for name, _ in STATES:
        edge = _edge([(x(d.day), y(d.top(name))) for d in days])
        areas.append(path([*edge, *reversed(floor)], f"area {name}", closed=True))
        floor = edge
    return areas


def _band(days: Sequence[StateDay], x: Scale, y: Scale) -> Markup:
    known = [d for d in days if d.low is not None and d.high is not None]
    upper = _edge([(x(d.day), y(d.high or 0.0)) for d in known])
    lower = _edge([(x(d.day), y(d.low or 0.0)) for d in known])
    return path([*upper, *reversed(lower)], "band", closed=True) if known else Markup("")


def _edge(points: list[Point]) -> list[Point]:
    """The step function through `points`; steps too small to be seen are drawn as a line."""
    small = len(points) > 1 and (points[-1][0] - points[0][0]) / (len(points) - 1) < FINE
    return points if small else stairs(points)


def _axes(x: Scale, y: Scale, wide: bool) -> list[Markup]:
    parts = []
    for share in (0, 0.25, 0.5, 0.75, 1.0):
        parts.append(line(x.start, y(share), x.end, y(share), "grid"))
        parts.append(text(x.start - 8, y(share) + 4, f"{100 * share:.0f}\N{NO-BREAK SPACE}%", "tick", "end"))
    weeks = math.ceil(x.high / 7 / (9 if wide else 6))
    step = 7 * next(n for n in (1, 2, 4, 8, 13, 26, 52, 104, 520) if n >= weeks)
    for day in range(0, int(x.high) + 1, step):
        parts.append(line(x(day), y(0), x(day), y(0) + 5, "axis"))
        parts.append(text(x(day), y(0) + 19, str(day), "tick", "middle"))
    parts.append(line(x.start, y(0), x.end, y(0), "axis"))
    parts.append(text(x.start, y(0) + 38, "days since the last visit that took place", "note"))
    return parts


def _limit(limit: Limit, row: int, days: Sequence[StateDay], x: Scale, y: Scale) -> list[Markup]:
    """The line, above the picture its name and who still waits then, and a dot where it meets the curve."""
    if limit.days > x.high:
        return []
    at, above = x(limit.days), y(1) - 10 - LIMIT_ROWS * row
    side, anchor = (-7, "end") if at > (x.start + x.end) / 2 else (7, "start")
    parts = [
        line(at, y(0), at, above - 26, "limit"),
        text(at + side, above - 16, limit.words, "limit-label", anchor),
    ]
    if state := waiting_on(days, limit.days):
        words = f"{100 * state.waiting:.0f}\N{NO-BREAK SPACE}% are still waiting then"
        parts.append(text(at + side, above, words, "callout", anchor))
        parts.append(element("circle", cx=at, cy=y(state.waiting), r=4.5, class_="limit-dot"))
    return parts


def _names_beside(days: Sequence[StateDay], y: Scale, at: float) -> list[Markup]:
    end = days[-1]
    middles, below = [], 0.0
    for name, words in STATES:
        above = end.top(name)
        middles.append((y((below + above) / 2), name, words))
        below = above
    middles = sorted(middle for middle in middles if middle[1] in _present(days))
    places = spread([place for place, _, _ in middles], 16, y(1) + 8, y(0) - 2)
    return [
        text(at, place + 4, words, f"label of-{name}")
        for place, (_, name, words) in zip(places, middles, strict=True)
    ]


def _present(days: Sequence[StateDay]) -> set[str]:
    """States that anybody is in; records without ends of episodes know of no discharge."""
    return {name for name, _ in STATES if any(getattr(day, name) > 0 for day in days)}


def _legend(days: Sequence[StateDay], left: float) -> list[Markup]:
    parts: list[Markup] = []
    present = [state for state in reversed(STATES) if state[0] in _present(days)]
    for i, (name, words) in enumerate(present):
        at, row = left + 140 * (i % 2), 6 + 20 * (i // 2)
        parts += [rect(at, row, 12, 12, f"area {name}", rx=2), text(at + 18, row + 10.5, words)]
    return parts


def _readings(days: Sequence[StateDay], x: Scale, y: Scale) -> list[Markup]:
    """Invisible strips, one a week, that tell their figures under the mouse."""
    strips = []
    for first in range(0, int(x.high), 7):
        state = waiting_on(days, first)
        if state is None:
            continue
        shares = [f"{100 * getattr(state, name):.0f} % {words}" for name, words in STATES]
        if state.low is not None and state.high is not None:
            shares[0] += f" ({100 * state.low:.0f} to {100 * state.high:.0f})"
        says = f"Day {state.day:g}: {', '.join(shares)}"
        end = min(first + 7, x.high)
        strips.append(rect(x(first), y(1), x(end) - x(first), y(0) - y(1), "strip", element("title", says)))
    return strips
