"""The share seen again by day after a visit, with the legal limit; and how long the spans of waiting were."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from careload.page import WIDE_FROM, Scale, drawing, element, line, rect, text
from careload.simulate.report.charts.frame import (
    BELOW,
    KEY_LINE,
    LEFT,
    PLOT,
    Limit,
    Numbers,
    axis_name,
    bands,
    key,
    letters,
    level,
    right_of,
    top_of,
    upright,
    upright_limit,
)
from careload.simulate.report.reached import ENDS, WEEK, Lengths, Waits

DAYS = "days since the visit before"
BAR = 150.0
MOST_POINTS = 100
"""Points that a curve is drawn through."""


def draw_seen(
    several: Sequence[Waits],
    last: int,
    limits: Sequence[Limit],
    shares: Sequence[Sequence[str]],
    width: float,
    says: str,
    names: Sequence[str] = (),
) -> Markup:
    """The share seen by day, of one or two services, up to day `last`.

    limits  upright lines, in days
    shares  what is said of each limit, a line for each service
    """
    rows = sum(1 + len(said) for said in shares)
    top = top_of(rows, names) + (KEY_LINE if rows else 0)
    x = Scale(0, last, LEFT, width - right_of(names, width))
    y = Scale(0, 1, top + PLOT, top)
    drawn = range(0, last + 1, 1 + last // MOST_POINTS)
    curves = [each.levels for each in several]
    return drawing(
        width,
        y.start + BELOW,
        says,
        *key(names, width),
        axis_name("share seen again", top - KEY_LINE * (rows + 1) if rows else top),
        *upright(y, x, shares=True),
        *level(x, y, _days(last, width), DAYS),
        *(part for i, curve in enumerate(curves) for part in bands(curve[:, drawn], drawn, x, y, i)),
        *_limits(limits, shares, x, y, top - KEY_LINE * rows - 6),
        *(_dot(curve, limit, x, y) for curve in curves for limit in limits if limit.at <= last),
        *letters(names, [y(float(curve[2, last])) for curve in curves], x, y),
    )


def _days(last: int, width: float) -> list[float]:
    """Weeks at the axis, few enough to be read."""
    most = 9 if width >= WIDE_FROM else 6
    step = WEEK * next(n for n in (1, 2, 4, 8, 13, 26) if last / WEEK / n <= most)
    return [float(day) for day in range(0, last + 1, step)]


def _limits(
    limits: Sequence[Limit], shares: Sequence[Sequence[str]], x: Scale, y: Scale, above: float
) -> list[Markup]:
    parts: list[Markup] = []
    for limit, said in zip(limits, shares, strict=True):
        if limit.at > x.high:
            continue
        parts += upright_limit(limit, x, y, above + KEY_LINE)
        side, anchor = (-7, "end") if x(limit.at) > (x.start + x.end) / 2 else (7, "start")
        for i, words in enumerate(said):
            place = above + KEY_LINE * (2 + i) - 2
            parts.append(text(x(limit.at) + side, place, words, "callout", anchor))
        above += KEY_LINE * (1 + len(said))
    return parts


def _dot(curve: Numbers, limit: Limit, x: Scale, y: Scale) -> Markup:
    share = float(curve[2, int(limit.at)])
    return element("circle", cx=x(limit.at), cy=y(share), r=4.5, class_="limit-dot")


def draw_lengths(
    several: Sequence[Lengths],
    last: int,
    limits: Sequence[Limit],
    width: float,
    says: str,
    names: Sequence[str] = (),
) -> Markup:
    """Spans of 100 by their length in weeks and how they ended; of two services, one above the other."""
    keys = _ends_key(width)
    high = max(float(max(each.weeks.sum(axis=0).max(), each.beyond.sum())) for each in several)
    parts, top = [*keys[0]], keys[1]
    for i, each in enumerate(several):
        heading = f"{'AB'[i]}: {names[i]}" if names else ""
        above = top + 22.0 + (20.0 if heading else 0.0)
        x = Scale(0, last, LEFT, width - _beyond_room(width))
        y = Scale(0, high * 1.06, above + KEY_LINE * len(limits) + BAR, above + KEY_LINE * len(limits))
        parts += [
            text(0, top + 14, heading[: int(width / 7.2)], "heading"),
            axis_name("of 100 spans", y.end),
            *upright(y, x),
            *level(x, y, _days(last, width), DAYS),
            *_bars(each, x, y, width),
            *(
                p
                for k, limit in enumerate(limits)
                for p in upright_limit(limit, x, y, above + KEY_LINE * (k + 1) - 8)
            ),
        ]
        top = y.start + BELOW + (12.0 if names else 0.0)
    return drawing(width, top - (12.0 if names else 0.0), says, *parts)


def _beyond_room(width: float) -> float:
    return 78.0 if width >= WIDE_FROM else 56.0


def _bars(each: Lengths, x: Scale, y: Scale, width: float) -> list[Markup]:
    parts: list[Markup] = []
    for week in range(each.weeks.shape[1]):
        left, right = x(week * WEEK), x((week + 1) * WEEK)
        parts += _bar([float(v) for v in each.weeks[:, week]], left + 0.5, right - left - 1, y)
    left = x.end + 12
    parts += _bar([float(v) for v in each.beyond], left, width - left - 2, y)
    middle = (left + width - 2) / 2
    parts += [
        line(left, y.start, width - 2, y.start, "axis"),
        text(middle, y.start + 19, "longer", "tick", "middle"),
    ]
    return parts


def _bar(shares: Sequence[float], left: float, width: float, y: Scale) -> list[Markup]:
    parts, below = [], 0.0
    for (name, _), share in zip(ENDS, shares, strict=True):
        height = y(below) - y(below + share)
        if height >= 0.05:
            parts.append(rect(left, y(below + share), width, height, f"span {name}"))
        below += share
    return parts


def _ends_key(width: float) -> tuple[list[Markup], float]:
    """What each shade of a bar means, across where there is room, else under one another."""
    parts: list[Markup] = []
    at, row = 0.0, 0
    for name, words in ENDS:
        length = 20 + 7.0 * len(words) + 12
        if at and at + length > width:
            at, row = 0.0, row + 1
        parts += [
            rect(at, 1 + KEY_LINE * row, 12, 12, f"span {name}"),
            text(at + 18, 11.5 + KEY_LINE * row, words),
        ]
        at += length
    return parts, KEY_LINE * (row + 1) + 4
