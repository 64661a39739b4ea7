"""A forecast against what happened: the middle and the 90 % interval, and what happened.

Of few spans of time each has a bar and a dot; of many the band is one area, what happened a line, and only
what lies outside the band has a mark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from careload.page import (
    WIDE_FROM,
    Point,
    Scale,
    digits,
    drawing,
    element,
    line,
    path,
    rect,
    text,
    ticks,
)

Numbers = NDArray[np.float64]

LEFT, RIGHT, BELOW, PLOT = 52.0, 12.0, 46.0, 170.0
KEY_LINE, LETTER = 19.0, 7.4
FLAT = 0.1
"""A figure that moves by less than this share of its highest value is shown from 0: it hardly moves."""
DOT, SMALL_DOT = 4.5, 3.0
MANY = 30
"""Spans of time from which there is no room for a dot for each."""
Keys = Mapping[str, str]
FORECAST: Keys = {"band": "forecast: nine times in ten", "middle": "its middle", "inside": "what happened",
                  "outside": "outside the band"}


@dataclass(frozen=True)
class Band:
    """A forecast and what happened.

    days      (periods,) first day of each period, such as four weeks
    happened  (periods,) nan where there is none, or it may not be shown
    middle, low, high  (periods,) of the forecast
    unit      of all of them
    period    in words, before the first of its days
    keys      what is what
    """

    days: Sequence[date]
    happened: Numbers
    middle: Numbers
    low: Numbers
    high: Numbers
    unit: str
    period: str = "four weeks from"
    keys: Keys = field(default_factory=lambda: FORECAST)

    @property
    def many(self) -> bool:
        """Whether there are too many periods for a bar and a dot each."""
        return len(self.days) >= MANY

    @property
    def inside(self) -> NDArray[np.bool_]:
        """(periods,) whether the interval holds what happened."""
        return np.asarray((self.low <= self.happened) & (self.happened <= self.high))


def draw_band(band: Band, width: float, says: str) -> Markup:
    """The picture at a width."""
    keys, below_keys = _keys(band, width)
    top = below_keys + 26.0
    y = upward(np.concatenate([band.happened, band.low, band.high]), top)
    x = Scale(-0.5, len(band.days) - 0.5, LEFT, width - RIGHT)
    parts = [*_area(band, x, y), *_line(band, x, y)] if band.many else [
        *_forecast(band, x, y), *_dots(band, x, y)]
    return drawing(
        width, y.start + BELOW, says,
        *keys, text(0, top - 10, band.unit, "note"), *grid(x, y),
        *days_below(band.days, band.period, x, y, width), *parts,
    )


def upward(every: Numbers, top: float) -> Scale:
    """The upright scale for all values of a picture, from 0 where they hardly move or reach down to it."""
    known = every[np.isfinite(every)]
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    low = 0.0 if high - low < FLAT * high or low < 0.5 * (high - low) else low - 0.15 * (high - low)
    return Scale(low, high + 0.08 * ((high - low) or 1.0), top + PLOT, top)


def grid(x: Scale, y: Scale) -> list[Markup]:
    """Level lines, with their values at the left."""
    parts: list[Markup] = []
    for value in ticks(y.low, y.high, 4):
        parts.append(line(x.start, y(value), x.end, y(value), "grid"))
        parts.append(text(x.start - 8, y(value) + 4, f"{value:,g}", "tick", "end"))
    return parts


def days_below(days: Sequence[date], period: str, x: Scale, y: Scale, width: float) -> list[Markup]:
    """The axis below, with the first day of as many periods as there is room for."""
    every = -(-len(days) // (6 if width >= WIDE_FROM else 4))
    parts = [line(x.start, y.start, x.end, y.start, "axis")]
    for place in range(0, len(days), every):
        at = x(place)
        parts.append(line(at, y.start, at, y.start + 5, "axis"))
        parts.append(text(at, y.start + 19, f"{days[place].day} {days[place]:%b}", "tick", "middle"))
    return [*parts, text(x.start, y.start + 38, f"{period}, {_years(days)}", "note")]


def _years(days: Sequence[date]) -> str:
    first, last = days[0].year, days[-1].year
    return f"{first}" if first == last else f"{first} to {last}"


def _forecast(band: Band, x: Scale, y: Scale) -> list[Markup]:
    """Band and middle, level over each period: steps, as what is forecast is a mean or a sum of it."""
    parts: list[Markup] = []
    for place, (low, middle, high) in enumerate(zip(band.low, band.middle, band.high, strict=True)):
        if np.isfinite([low, middle, high]).all():
            left, right = x(place - 0.5) + 1, x(place + 0.5) - 1
            parts.append(rect(left, y(high), right - left, max(y(low) - y(high), 1.5), "forecast"))
            parts.append(path([(left, y(middle)), (right, y(middle))], "middle"))
    return parts


def _area(band: Band, x: Scale, y: Scale) -> list[Markup]:
    """Band and middle through the middles of periods, apart where there is none between."""
    parts: list[Markup] = []
    for places in runs_of_known(band.low):
        low, high, middle = ([(x(place), y(float(own[place]))) for place in places]
                             for own in (band.low, band.high, band.middle))
        parts += [path([*low, *reversed(high)], "forecast", closed=True), path(middle, "middle")]
    return parts


def _line(band: Band, x: Scale, y: Scale) -> list[Markup]:
    """What happened, as a line where it is known, with a mark at what lies outside the band."""
    parts = line_through(band.happened, x, y)
    for place in np.flatnonzero(np.isfinite(band.happened)):
        at = (x(int(place)), y(float(band.happened[place])))
        if not band.inside[place]:
            parts.append(_dot(at, "outside", _reading(band, int(place)), size=SMALL_DOT))
        elif np.isfinite(band.happened).sum() == 1:
            parts.append(_dot(at, "inside", _reading(band, int(place))))
    return parts


def line_through(values: Numbers, x: Scale, y: Scale) -> list[Markup]:
    """A line through values, broken where there is none."""
    return [path([(x(place), y(float(values[place]))) for place in places], "weekly")
            for places in runs_of_known(values)]


def runs_of_known(values: Numbers) -> list[list[int]]:
    """Places of values that are known, one list for each run of them."""
    known = np.flatnonzero(np.isfinite(values))
    return [own.tolist() for own in np.split(known, np.flatnonzero(np.diff(known) > 1) + 1) if len(own)]


def _dots(band: Band, x: Scale, y: Scale) -> list[Markup]:
    seen = [place for place in range(len(band.days)) if np.isfinite(band.happened[place])]
    points: list[Point] = [(x(place), y(float(band.happened[place]))) for place in seen]
    dots = [_dot(point, "inside" if band.inside[place] else "outside", _reading(band, place))
            for place, point in zip(seen, points, strict=True)]
    return [path(points, "happened"), *dots] if len(points) > 1 else dots


def _dot(point: Point, kind: str, *said: Markup, size: float = DOT) -> Markup:
    """Round inside the band; a diamond outside it, so that it needs no colour to be told."""
    if kind == "inside":
        return element("circle", *said, cx=point[0], cy=point[1], r=size, class_="dot inside")
    across = size + 1.5
    corners = ((0, -across), (across, 0), (0, across), (-across, 0))
    around = " ".join(f"{digits(point[0] + dx)},{digits(point[1] + dy)}" for dx, dy in corners)
    return element("polygon", *said, points=around, class_="dot outside")


def _reading(band: Band, place: int) -> Markup:
    low, high, happened = (float(each[place]) for each in (band.low, band.high, band.happened))
    return element("title", f"{band.days[place]}: {happened:,.3g}, the band {low:,.3g} to {high:,.3g}")


def _keys(band: Band, width: float) -> tuple[list[Markup], float]:
    """What is what, across and under one another; and where that ends."""
    known = np.isfinite(band.happened)
    missed, as_line = bool((known & ~band.inside).any()), band.many and int(known.sum()) > 1
    parts: list[Markup] = []
    at, row = 0.0, 0
    for kind, words in band.keys.items():
        if kind == "outside" and not missed:
            continue
        length = 36 + LETTER * len(words)
        if at and at + length > width:
            at, row = 0.0, row + 1
        sign = _sign(kind, at, 8.0 + KEY_LINE * row, as_line=as_line)
        parts += [sign, text(at + 24, 12.5 + KEY_LINE * row, words)]
        at += length
    return parts, KEY_LINE * (row + 1)


def _sign(kind: str, left: float, at: float, *, as_line: bool) -> Markup:
    if kind == "band":
        return rect(left, at - 6, 18, 12, "forecast")
    if kind == "middle":
        return path([(left, at), (left + 18, at)], "middle")
    if kind == "inside" and as_line:
        return path([(left, at), (left + 18, at)], "weekly")
    return _dot((left + 9, at), kind)
