"""What every picture with two axes has: grid, scales, the two kinds of band and line, the key to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup
from numpy.typing import NDArray

from careload.page import WIDE_FROM, Scale, line, path, rect, spread, text, ticks

Numbers = NDArray[np.float64]
LEFT, BELOW, PLOT = 52.0, 46.0, 220.0
KEY_LINE = 19.0
LETTER = 7.0
"""Width of a letter of 13 px, on the safe side."""


@dataclass(frozen=True)
class Limit:
    """A line to compare with: where it stands, and what it is."""

    at: float
    words: str


def top_of(limits: int, names: Sequence[str]) -> float:
    """Room above a plot for names of limits and for the key."""
    return 24.0 + KEY_LINE * limits + (KEY_LINE * len(names) + 4.0 if names else 0.0)


def right_of(names: Sequence[str], width: float) -> float:
    """Room at the right for the letters of two services."""
    return 26.0 if names else 12.0 if width >= WIDE_FROM else 10.0


def per_cent(value: float) -> str:
    """A share at an axis."""
    return f"{100 * value:g}\N{NO-BREAK SPACE}%"


def upright(y: Scale, x: Scale, shares: bool = False) -> list[Markup]:
    """Grid lines and the numbers at the upright axis."""
    parts: list[Markup] = []
    for value in ticks(y.low, y.high, 5):
        parts.append(line(x.start, y(value), x.end, y(value), "grid"))
        parts.append(
            text(x.start - 8, y(value) + 4, per_cent(value) if shares else f"{value:,g}", "tick", "end")
        )
    return parts


def level(x: Scale, y: Scale, places: Sequence[float], words: str) -> list[Markup]:
    """The axis below: ticks at places, and what is counted along it."""
    parts = [line(x.start, y.start, x.end, y.start, "axis")]
    for place in places:
        parts.append(line(x(place), y.start, x(place), y.start + 5, "axis"))
        parts.append(text(x(place), y.start + 19, f"{place:,g}", "tick", "middle"))
    return [*parts, text(x.start, y.start + 38, words, "note")]


def bands(levels: Numbers, places: Sequence[float], x: Scale, y: Scale, which: int) -> list[Markup]:
    """Bands and median of the first or second service: filled with a full line, or outlined and broken.

    levels  (5, place): quantiles; places without any are left out
    """
    known = [i for i in range(len(places)) if np.isfinite(levels[:, i]).all()]
    rows = [[(x(places[i]), y.clip(float(row[i]))) for i in known] for row in levels]
    if not known:
        return []
    wide = [*rows[0], *reversed(rows[4])]
    middle = path(rows[2], f"median of-{which}")
    if which:
        return [path(wide, "ninety of-1", closed=True), middle]
    half = [*rows[1], *reversed(rows[3])]
    return [path(wide, "ninety of-0", closed=True), path(half, "fifty of-0", closed=True), middle]


def letters(names: Sequence[str], ends: Sequence[float], x: Scale, y: Scale) -> list[Markup]:
    """A and B at the right ends of two lines, kept apart."""
    if not names:
        return []
    order = sorted(range(len(ends)), key=lambda i: ends[i])
    places = spread([ends[i] for i in order], 16.0, y.end + 4, y.start - 4)
    return [
        text(x.end + 6, place + 5, "AB"[i], f"letter of-{i}") for i, place in zip(order, places, strict=True)
    ]


def key(names: Sequence[str], width: float) -> list[Markup]:
    """Which line is whose, a line of text for each service."""
    parts: list[Markup] = []
    room = int((width - 48) / LETTER)
    for i, name in enumerate(names):
        at = 8.0 + KEY_LINE * i
        whole = f"{'AB'[i]}: {name}"
        whole = whole if len(whole) <= room else whole[: room - 1].rstrip() + "…"
        parts.append(rect(0, at - 5, 30, 10, f"ninety of-{i}"))
        parts.append(line(0, at, 30, at, f"median of-{i}"))
        parts.append(text(38, at + 4.5, whole))
    return parts


def axis_name(words: str, top: float) -> Markup:
    """What is counted along the upright axis, above it."""
    return text(0, top - 10, words, "note")


def upright_limit(limit: Limit, x: Scale, y: Scale, above: float) -> list[Markup]:
    """A limit as an upright line with its name."""
    at = x(limit.at)
    side, anchor = (-7, "end") if at > (x.start + x.end) / 2 else (7, "start")
    return [
        line(at, y.start, at, above - 12, "limit"),
        text(at + side, above - 2, limit.words, "limit-label", anchor),
    ]


def level_limit(limit: Limit, x: Scale, y: Scale, place: int) -> list[Markup]:
    """A limit as a level line with its name below its right end, or its left end where it is the second."""
    at, side, anchor = y(limit.at), x.start + 4 if place else x.end, "start" if place else "end"
    return [
        line(x.start, at, x.end, at, "even"),
        text(side, at + 14, limit.words, "even-label on-line", anchor),
    ]
