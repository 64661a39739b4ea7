"""A calendar of weeks: one row a month, one cell a week, darker where more people are overdue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from careload.page import WIDE_FROM, drawing, element, rect, text

SHADES = 5
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROW, NAME, GAP, KEY = 25.0, 68.0, 20.0, 58.0
MOST_MONTHS = 24
"""Months drawn; the table beside the picture has every week."""


@dataclass(frozen=True)
class Week:
    """One week: its Monday, people whose next visit was due in it, those overdue; None when hidden."""

    monday: date
    due: int | None
    overdue: int | None


def draw_calendar(weeks: Sequence[Week], width: float, says: str) -> Markup:
    """Calendar of the last two years of `weeks` (in order), a year beside a year where there is room."""
    months = list(dict.fromkeys((week.monday.year, week.monday.month) for week in weeks))[-MOST_MONTHS:]
    across = 2 if width >= WIDE_FROM and len(months) > 6 else 1
    size = math.ceil(len(months) / across)
    block = (width - GAP * (across - 1)) / across
    top = max((week.overdue or 0 for week in weeks), default=0)
    parts: list[Markup] = []
    for i in range(across):
        for row, month in enumerate(months[size * i : size * (i + 1)]):
            mine = [week for week in weeks if (week.monday.year, week.monday.month) == month]
            parts += _month(mine, top, (block + GAP) * i, ROW * row, block, with_year=row == 0)
    return drawing(width, ROW * size + KEY, says, *parts, *_key(ROW * size + 12, width, top))


def edges(top: int) -> list[int]:
    """Lower ends of the shades: five steps of a round number that reach `top`."""
    rough = max(top / SHADES, 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(math.ceil(power * m) for m in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10) if power * m >= rough)
    return [step * k for k in range(SHADES)]


def shade(number: int, top: int) -> int:
    """Which of the five shades a number has where the highest is `top`."""
    return sum(number >= edge for edge in edges(top)) - 1


def _month(
    weeks: Sequence[Week], most: int, left: float, top: float, width: float, *, with_year: bool
) -> list[Markup]:
    cell = (width - NAME) / 5
    first = weeks[0].monday
    year = f" {first.year}" if with_year or first.month == 1 else ""
    name = text(left, top + 16, f"{MONTHS[first.month - 1]}{year}", "heading" if year else "tick")
    return [name, *(_cell(w, most, left + NAME + cell * ((w.monday.day - 1) // 7), top, cell) for w in weeks)]


def _cell(week: Week, most: int, x: float, y: float, width: float) -> Markup:
    middle = (x + width / 2 - 1, y + 15.5)
    when = f"Week of {week.monday.day} {MONTHS[week.monday.month - 1]} {week.monday.year}: "
    if week.overdue is None or week.due is None:
        says = element("title", f"{when}hidden")
        empty = rect(x, y, width - 2, ROW - 3, "cell none", rx=3)
        return element("g", says, empty, text(*middle, "hidden", "cell-hidden", "middle"))
    level = shade(week.overdue, most)
    says = element("title", f"{when}{week.due:,} people due, {week.overdue:,} of them still waiting")
    return element(
        "g", says, rect(x, y, width - 2, ROW - 3, f"cell q{level}", rx=3),
        text(*middle, f"{week.overdue:,}", f"cell-text t{level}", "middle"),
    )


def _key(top: float, width: float, most: int) -> list[Markup]:
    steps = edges(most)
    parts = [text(0, top + 13, "People still waiting, by the week they were due", "note")]
    size = min(width / SHADES, 96.0)
    for level, edge in enumerate(steps):
        words = f"{edge:,} to {steps[level + 1] - 1:,}" if level + 1 < SHADES else f"{edge:,} and over"
        words = words if width >= WIDE_FROM or level + 1 < SHADES else f"{edge:,} +"
        parts.append(rect(size * level, top + 22, size - 3, 20, f"cell q{level}", rx=3))
        parts.append(text(size * level + (size - 3) / 2, top + 36, words, f"key-text t{level}", "middle"))
    return parts
