"""A calendar of weeks: one row a month, one cell a week, darker where a larger share is overdue."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from careload.measure.report.charts.svg import drawing, element, rect, text

STEPS = (0.1, 0.25, 0.4, 0.6)
"""Upper ends of the shades; the last shade is open."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROW, NAME, GAP, KEY = 25.0, 68.0, 20.0, 72.0
MOST_MONTHS = 24
"""Months drawn; the table beside the picture has every week."""
WIDE_FROM = 480


@dataclass(frozen=True)
class Week:
    """One week: its Monday, people due and people overdue; None when hidden."""

    monday: date
    due: int | None
    overdue: int | None

    @property
    def share(self) -> float | None:
        """Overdue among due; None when hidden or nobody was due."""
        return self.overdue / self.due if self.overdue is not None and self.due else None


def draw_calendar(weeks: Sequence[Week], width: float, says: str) -> Markup:
    """Calendar of the last two years of `weeks` (in order), a year beside a year where there is room."""
    months = list(dict.fromkeys((week.monday.year, week.monday.month) for week in weeks))[-MOST_MONTHS:]
    across = 2 if width >= WIDE_FROM and len(months) > 6 else 1
    size = math.ceil(len(months) / across)
    block = (width - GAP * (across - 1)) / across
    parts: list[Markup] = []
    for i in range(across):
        for row, month in enumerate(months[size * i : size * (i + 1)]):
            mine = [week for week in weeks if (week.monday.year, week.monday.month) == month]
            parts += _month(mine, (block + GAP) * i, ROW * row, block, with_year=row == 0)
    return drawing(width, ROW * size + KEY, says, *parts, *_key(ROW * size + 12, width))


def shade(share: float) -> int:
    """Which of the five shades a share has."""
    return sum(share >= step for step in STEPS)


def _month(weeks: Sequence[Week], left: float, top: float, width: float, *, with_year: bool) -> list[Markup]:
    cell = (width - NAME) / 5
    first = weeks[0].monday
    year = f" {first.year}" if with_year or first.month == 1 else ""
    name = text(left, top + 16, f"{MONTHS[first.month - 1]}{year}", "heading" if year else "tick")
    return [name, *(_cell(w, left + NAME + cell * ((w.monday.day - 1) // 7), top, cell) for w in weeks)]


def _cell(week: Week, x: float, y: float, width: float) -> Markup:
    middle = (x + width / 2 - 1, y + 15.5)
    when = f"Week of {week.monday.day} {MONTHS[week.monday.month - 1]} {week.monday.year}: "
    if week.overdue is None or week.due is None:
        says = element("title", f"{when}hidden")
        empty = rect(x, y, width - 2, ROW - 3, "cell none", rx=3)
        return element("g", says, empty, text(*middle, "hidden", "cell-hidden", "middle"))
    level = shade(week.share or 0.0)
    says = element("title", f"{when}{week.overdue:,} of {week.due:,} people due were overdue")
    return element(
        "g", says, rect(x, y, width - 2, ROW - 3, f"cell q{level}", rx=3),
        text(*middle, f"{week.overdue:,}", f"cell-text t{level}", "middle"),
    )


def _key(top: float, width: float) -> list[Markup]:
    edges = [0.0, *STEPS]
    parts = [
        text(0, top + 13, "Number: people overdue in that week.", "note"),
        text(0, top + 29, "Shade: share of the people who were due.", "note"),
    ]
    size = min(width / 5, 96.0)
    for level, edge in enumerate(edges):
        last = level == len(STEPS)
        words = f"over {100 * edge:.0f} %" if last else f"{100 * edge:.0f} to {100 * edges[level + 1]:.0f} %"
        parts.append(rect(size * level, top + 38, size - 3, 20, f"cell q{level}", rx=3))
        parts.append(text(size * level + (size - 3) / 2, top + 52, words, f"key-text t{level}", "middle"))
    return parts
