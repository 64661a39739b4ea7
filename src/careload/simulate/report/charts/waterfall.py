"""From what it is to what it becomes: how much of the way each change makes."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from careload.page import WIDE_FROM, Scale, drawing, element, line, rect, text, ticks

LETTER, ROW, LINE = 7.0, 50.0, 17.0
BAR = 28.0
"""From the top of a bar to the next row."""


@dataclass(frozen=True)
class Step:
    """One row.

    label       what it is
    start, end  in the unit of the axis
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
    x = _scale(steps, 8.0, width - 8.0)
    parts: list[Markup] = []
    labels = [_label(step, width, wide) for step in steps]
    tops, bottom = _places(steps, labels, wide)
    top = tops[0]
    for value in ticks(x.low, x.high, 6 if wide else 4):
        parts.append(line(x(value), top, x(value), bottom, "grid"))
        parts.append(text(x(value), bottom + 17, f"{value:,g}", "tick", "middle"))
    bars = [end - BAR for end in [*tops[1:], bottom]]
    for i, step in enumerate(steps):
        parts += [*_words(step, labels[i], tops[i], bars[i], width, wide), *_mark(step, bars[i], x)]
        if i + 1 < len(steps):  # a thread to the next row
            parts.append(line(x(step.end), bars[i] + 14, x(step.end), bars[i + 1], "thread"))
    parts.append(text(0, bottom + 36, unit, "note"))
    return drawing(width, bottom + 44, says, *parts)


def _scale(steps: Sequence[Step], start: float, end: float) -> Scale:
    known = [v for s in steps for v in (s.start, s.end, s.low, s.high) if v is not None]
    low, high = min(known), max(known)
    room = (high - low) or abs(high) or 1.0
    from_zero = low >= 0 and low < 1.5 * room
    return Scale(0.0 if from_zero else low - 0.15 * room, high + 0.06 * room, start, end)


def _label(step: Step, width: float, wide: bool) -> list[str]:
    """The label in as many lines as it needs."""
    room = width - LETTER * len(step.figure) - 16 if wide else width
    return textwrap.wrap(step.label, max(int(room / LETTER), 12)) or [""]


def _places(steps: Sequence[Step], labels: Sequence[Sequence[str]], wide: bool) -> tuple[list[float], float]:
    """Where each row begins, and where the last ends."""
    tops, at = [], 6.0
    for step, label in zip(steps, labels, strict=True):
        tops.append(at)
        at += ROW + LINE * (len(label) - 1 + (0 if wide or step.whole else 1))
    return tops, at


def _words(
    step: Step, label: Sequence[str], at: float, bar: float, width: float, wide: bool
) -> list[Markup]:
    """Label and figure on one line; where there is little room, the figure below, next to its bar."""
    style = "on-line heading" if step.whole else "on-line"
    figure = at + 14 if wide or step.whole else bar - 8
    return [
        *(text(0, at + 14 + LINE * i, words, style) for i, words in enumerate(label)),
        text(width, figure, step.figure, "on-line figure", "end"),
    ]


def _mark(step: Step, at: float, x: Scale) -> list[Markup]:
    says = element("title", f"{step.label}: {step.figure}")
    if step.whole:
        return [element("circle", says, cx=x(step.end), cy=at + 7, r=6, class_="dot series-0")]
    left, right = sorted((x(step.start), x(step.end)))
    kind = "rise" if step.end >= step.start else "fall"
    parts = [rect(left, at, max(right - left, 1.0), 14, f"bar {kind}", says)]
    if step.low is not None and step.high is not None:
        ends = x(step.low), x(step.high)
        parts.append(line(ends[0], at + 7, ends[1], at + 7, "bar-whisker"))
        parts += [line(end, at + 3, end, at + 11, "bar-whisker") for end in ends]
    return parts
