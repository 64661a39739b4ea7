"""A figure over time: the median of the runs, the band of half of them, the band of nine in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from careload.page import WIDE_FROM, Scale, drawing, element, rect, ticks
from careload.simulate.plan import WEEKS_A_YEAR
from careload.simulate.report.charts.frame import (
    BELOW,
    LEFT,
    PLOT,
    Limit,
    axis_name,
    bands,
    key,
    letters,
    level,
    level_limit,
    right_of,
    top_of,
    upright,
)
from careload.simulate.report.over_time import BLOCK_WEEKS, Fan

FLAT = 0.1
"""A figure whose values lie within this share of the highest has an axis from 0: it hardly moves."""
EVERY = 3
"""Blocks that one reading under the mouse stands for."""


@dataclass(frozen=True)
class Axes:
    """What is counted upward, and from where: zero, or None for near the lowest value."""

    unit: str
    start: float | None = 0.0


def draw_fans(
    fans: Sequence[Fan],
    axes: Axes,
    limits: Sequence[Limit],
    width: float,
    says: str,
    names: Sequence[str] = (),
) -> Markup:
    """One or two fans.

    limits  level lines to compare with
    names   of two services; none for one
    """
    top = top_of(0, names)
    x = Scale(
        0,
        max(float(f.years[-1]) for f in fans) + BLOCK_WEEKS / WEEKS_A_YEAR,
        LEFT,
        width - right_of(names, width),
    )
    y = _upward(fans, axes, limits, top)
    ends = [y.clip(float(f.last[2])) for f in fans]
    return drawing(
        width,
        y.start + BELOW,
        says,
        *key(names, width),
        axis_name(axes.unit, top),
        *upright(y, x),
        *level(x, y, ticks(0, x.high, 6), "years since counting began"),
        *(part for i, f in enumerate(fans) for part in bands(f.levels, [float(t) for t in f.years], x, y, i)),
        *(
            p
            for i, limit in enumerate(limits)
            if y.low < limit.at < y.high
            for p in level_limit(limit, x, y, i)
        ),
        *letters(names, ends, x, y),
        *(_readings(fans, x, y, names) if width >= WIDE_FROM else ()),
    )


def _upward(fans: Sequence[Fan], axes: Axes, limits: Sequence[Limit], top: float) -> Scale:
    high = max([f.top for f in fans] + [limit.at for limit in limits])
    low = axes.start
    if low is None:
        known = [float(value) for f in fans for value in f.levels.ravel() if value == value]
        low = min([*known, *(limit.at for limit in limits)])
        low = 0.0 if high - low < FLAT * high else max(0.0, low - 0.15 * (high - low))
    room = (high - low) or 1.0
    return Scale(low, high + 0.08 * room, top + PLOT, top)


def _readings(fans: Sequence[Fan], x: Scale, y: Scale, names: Sequence[str]) -> list[Markup]:
    """Invisible strips that tell their figures under the mouse."""
    strips = []
    for place in range(0, len(fans[0].years), EVERY):
        said = []
        for i, each in enumerate(fans):
            if place < len(each.years) and each.levels[2, place] == each.levels[2, place]:
                low, middle, high = (each.levels[k, place] for k in (0, 2, 4))
                letter = f"{'AB'[i]} " if names else ""
                said.append(f"{letter}{middle:,.3g} (nine runs in ten: {low:,.3g} to {high:,.3g})")
        if said:
            at = x(float(fans[0].years[place]))
            end = min(x(float(fans[0].years[min(place + EVERY, len(fans[0].years) - 1)])), x.end)
            words = f"Year {fans[0].years[place]:.1f}: {'; '.join(said)}"
            strips.append(
                rect(at, y.end, max(end - at, 1), y.start - y.end, "strip", element("title", words))
            )
    return strips
