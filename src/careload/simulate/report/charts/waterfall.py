"""From what it is to what it becomes: how much of the way each change makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from careload.page import WIDE_FROM, Scale, drawing, element, line, rect, shorten, text, ticks

LETTER, ROW, LINE = 7.0, 50.0, 17.0


@dataclass(frozen=True)
class Step:
    """One row.

    label       what it is
    start, end  in the unit of the axis; a whole bar starts at the axis
    low, high   ends of the interval of where it ends; None where there is none
    figure      its figure in words
    whole       the first or the last row, a value and no change
    """

    label: str
    start: float
    end: float
    low: float | None
    high: float | None
    figure: str
    whole: bool = False


def draw_waterfall(steps: Sequence[Step], unit: str, width: float, says: str) -> Markup:
    """Rows under one another, each beginning where the one above ends."""
    wide = width >= WIDE_FROM
    x = _scale(steps, 2.0, width - 4.0)
    parts, top = [], 6.0
    tops = [top + ROW * i for i in range(len(steps))]
    bottom = top + ROW * len(steps)
    for value in ticks(x.low, x.high, 6 if wide else 4):
        parts.append(line(x(value), top, x(value), bottom, "grid"))
        parts.append(text(x(value), bottom + 17, f"{value:,g}", "tick", "middle"))
    for step, after, at in zip(steps, [*steps[1:], None], tops, strict=True):
        parts += _row(step, at, x, width)
        if after is not None:  # a thread to the next row
            parts.append(line(x(step.end), at + 36, x(step.end), at + ROW + 22, "thread"))
    parts.append(text(0, bottom + 36, unit, "note"))
    return drawing(width, bottom + 44, says, *parts)


def _scale(steps: Sequence[Step], start: float, end: float) -> Scale:
    known = [v for s in steps for v in (s.start if not s.whole else s.end, s.end, s.low, s.high) if v is not None]
    low, high = min(known), max(known)
    room = (high - low) or abs(high) or 1.0
    from_zero = low >= 0 and low < 1.5 * room
    return Scale(0.0 if from_zero else low - 0.15 * room, high + 0.06 * room, start, end)


def _row(step: Step, at: float, x: Scale, width: float) -> list[Markup]:
    room = width - LETTER * len(step.figure) - 16
    start = x.start if step.whole else x(step.start)
    left, right = sorted((start, x(step.end)))
    kind = "whole" if step.whole else "rise" if step.end >= step.start else "fall"
    parts = [
        text(0, at + 14, shorten(step.label, room, LETTER), "on-line heading" if step.whole else "on-line"),
        text(width, at + 14, step.figure, "on-line figure", "end"),
        rect(left, at + 22, max(right - left, 1.0), 14, f"bar {kind}", element("title", f"{step.label}: {step.figure}")),
    ]
    if step.low is not None and step.high is not None:
        ends = x(step.low), x(step.high)
        parts.append(line(ends[0], at + 29, ends[1], at + 29, "bar-whisker"))
        parts += [line(end, at + 25, end, at + 33, "bar-whisker") for end in ends]
    return parts
