"""Groups under one another: a dot for each value, a line for its 95 % interval, a figure at the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from careload.page.svg import (
    WIDE_FROM,
    Scale,
    drawing,
    element,
    line,
    rect,
    shorten,
    text,
    ticks,
)

HEADING, ROW_WIDE, ROW_NARROW, AGAIN = 32.0, 25.0, 38.0, 20.0
NO_DOT = 14.0
"""What a narrow row saves that has no dot below its words."""
LETTER = 7.2
"""Width of a letter of 13 px, on the safe side."""
HALF_PER_CENT = 13.0
"""Half the width of a share at the axis, which may not stand out of a narrow picture."""
LINE = 18.0
"""Height of a line that explains the kinds of dot."""


@dataclass(frozen=True)
class Row:
    """One row of the picture.

    label   the group, or a heading when `heading`
    value, low, high  in the unit of the axis; None where not reached or hidden
    figure  value and interval in words
    series  0 or 1: which of two kinds of dot
    hidden  a small cell: no dot, the word instead
    again   the row above has the same label, which is not written again
    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    figure: str = ""
    series: int = 0
    heading: bool = False
    hidden: bool = False
    again: bool = False


@dataclass(frozen=True)
class Reference:
    """An upright line to compare with."""

    at: float
    words: str
    class_: str = "limit"


@dataclass(frozen=True)
class Axis:
    """The axis below: its name in words, where it starts (None: near the lowest), shares as per cent."""

    words: str
    start: float | None = 0.0
    per_cent: bool = False


def draw_dots(
    rows: Sequence[Row], axis: Axis, references: Sequence[Reference], width: float, says: str,
    series: Sequence[str] = (),
) -> Markup:
    """Dot-and-interval picture of `rows`; `series` names the kinds of dot when there are two."""
    wide = width >= WIDE_FROM
    left, right = _margins(rows, width) if wide else (HALF_PER_CENT if axis.per_cent else 8.0, 10.0)
    keys = _keys(series, width)
    top = (LINE * (1 + keys[-1][1]) + 8.0 if keys else 4.0) + 18.0 * len(references)
    places, bottom = _places(rows, top, wide)
    x = _scale(rows, references, axis, left, width - right)
    parts = [
        *_grid(x, axis, top, bottom, wide),
        *_series(series, keys),
        *(p for i, r in enumerate(references) for p in _reference(r, x, top - 18.0 * i, bottom)),
        *(p for row, place in zip(rows, places, strict=True) for p in _row(row, place, x, width, wide)),
    ]
    return drawing(width, bottom + 44, says, *parts)


def _margins(rows: Sequence[Row], width: float) -> tuple[float, float]:
    longest = max((len(row.label) for row in rows if not row.heading), default=0)
    figures = max((len(row.figure) for row in rows), default=0)
    return min(max(LETTER * longest + 14, 90.0), width * 0.34), min(LETTER * figures + 18, width * 0.4)


def _places(rows: Sequence[Row], top: float, wide: bool) -> tuple[list[float], float]:
    places, at = [], top + 4
    for row in rows:
        size = HEADING if row.heading else (ROW_WIDE if wide else ROW_NARROW)
        size = AGAIN if row.again and wide else size
        places.append(at + size / 2 if wide or row.heading else at + size - 11)
        at += size - (NO_DOT if row.hidden and not wide else 0)
    return places, at + 4


def _scale(
    rows: Sequence[Row], references: Sequence[Reference], axis: Axis, start: float, end: float
) -> Scale:
    known = [v for r in rows for v in (r.value, r.low, r.high) if v is not None and math.isfinite(v)]
    known += [reference.at for reference in references]
    high = max(known, default=1.0)
    low = axis.start if axis.start is not None else min(known, default=0.0)
    room = (high - low) or abs(high) or 1.0
    low -= 0.0 if axis.start is not None else 0.08 * room
    high += 0.06 * room
    return Scale(low, min(high, 1.0) if axis.per_cent and low < 1.0 else high, start, end)


def _grid(x: Scale, axis: Axis, top: float, bottom: float, wide: bool) -> list[Markup]:
    parts = []
    for value in ticks(x.low, x.high, 5 if wide else 4):
        words = f"{100 * value:g}\N{NO-BREAK SPACE}%" if axis.per_cent else f"{value:,g}"
        parts.append(line(x(value), top, x(value), bottom, "grid"))
        # Where the picture ends with the axis, words in the middle of the last line would be cut off.
        at = x(value) if wide else min(x(value), x.end + 10 - LETTER * len(words) / 2)
        parts.append(text(at, bottom + 17, words, "tick", "middle"))
    parts.append(text(x.start, bottom + 36, axis.words, "note"))
    return parts


def _keys(names: Sequence[str], width: float) -> list[tuple[float, int]]:
    """Where each kind of dot is explained: across, and on which line; a new line where one is full."""
    places: list[tuple[float, int]] = []
    at, row = 5.0, 0
    for name in names:
        length = 24 + LETTER * len(name)
        if places and at + length > width:
            at, row = 5.0, row + 1
        places.append((at, row))
        at += length
    return places


def _series(names: Sequence[str], places: Sequence[tuple[float, int]]) -> list[Markup]:
    parts: list[Markup] = []
    for i, (words, (at, row)) in enumerate(zip(names, places, strict=True)):
        y = 9 + LINE * row
        parts += [element("circle", cx=at, cy=y, r=5, class_=f"dot series-{i}"), text(at + 12, y + 4, words)]
    return parts


def _reference(reference: Reference, x: Scale, top: float, bottom: float) -> list[Markup]:
    at = x(reference.at)
    right_half = at > (x.start + x.end) / 2
    return [
        line(at, top - 14, at, bottom, reference.class_),
        text(at + (-6 if right_half else 6), top - 4, reference.words, f"{reference.class_}-label",
             "end" if right_half else "start"),
    ]


def _row(row: Row, at: float, x: Scale, width: float, wide: bool) -> list[Markup]:
    if row.heading:
        return [text(0 if wide else x.start, at + 8, row.label, "on-line heading")]
    label_at = (0.0, at + 4) if wide else (x.start, at - 12)
    # The narrow picture has label and figure on one line above the dot, the wide one left and right of it.
    room = (x.start - 10) if wide else (width - 20 - LETTER * len(row.figure))
    style = "on-line hidden" if row.hidden else "on-line figure"
    parts = [
        text(*label_at, "" if row.again else shorten(row.label, room), "on-line"),
        text(width if wide else x.end, label_at[1], row.figure, style, "end"),
    ]
    return parts if row.hidden else [*parts, *_mark(row, at, x)]


def _mark(row: Row, at: float, x: Scale) -> list[Markup]:
    parts: list[Markup] = []
    if row.low is not None:
        open_end = row.high is None
        end = x.end if row.high is None else x.clip(row.high)
        parts.append(line(x.clip(row.low), at, end, at, f"whisker series-{row.series}"))
        if open_end:  # not reached: the line goes on beyond the picture
            parts.append(element("path", d=f"M{end - 6:.0f},{at - 4:.0f} l6,4 l-6,4", class_="arrow"))
    if row.value is not None:
        dot = f"dot series-{row.series}"
        parts.append(element("circle", cx=x.clip(row.value), cy=at, r=5, class_=dot))
    says = element("title", f"{row.label}: {row.figure}")
    return [*parts, rect(x.start, at - 11, x.end - x.start, 22, "strip", says)]
