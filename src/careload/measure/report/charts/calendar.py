"""A calendar of weeks: one row a month, one cell a week, darker where a larger share is overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from careload.measure.report.charts.svg import drawing, element, rect, text

STEPS = (0.1, 0.25, 0.4, 0.6)
"""Upper ends of the shades; the last shade is open."""
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ROW, NAME, HEAD = 25.0, 34.0, 26.0
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
    """Calendar of `weeks` (in order): years side by side, under one another where it is narrow."""
    years = sorted({week.monday.year for week in weeks})
    across = 2 if width >= WIDE_FROM and len(years) > 1 else 1
    gap = 22.0
    block = (width - gap * (across - 1)) / across
    parts: list[Markup] = []
    at_y = 0.0
    for first in range(0, len(years), across):
        drawn = [
            _year([w for w in weeks if w.monday.year == year], (block + gap) * i, at_y, block)
            for i, year in enumerate(years[first : first + across])
        ]
        parts += [part for cells, _ in drawn for part in cells]
        at_y = max(bottom for _, bottom in drawn) + 16
    parts += _key(at_y, width)
    return drawing(width, at_y + 46, says, *parts)


def shade(share: float) -> int:
    """Which of the five shades a share has."""
    return sum(share >= step for step in STEPS)


def _year(weeks: Sequence[Week], left: float, top: float, width: float) -> tuple[list[Markup], float]:
    cell = (width - NAME) / 5
    months = sorted({week.monday.month for week in weeks})
    parts = [text(left, top + 14, str(weeks[0].monday.year), "heading")]
    for row, month in enumerate(months):
        y = top + HEAD + ROW * row
        parts.append(text(left, y + 16, MONTHS[month - 1], "tick"))
        for week in weeks:
            if week.monday.month == month:
                column = (week.monday.day - 1) // 7
                parts.append(_cell(week, left + NAME + cell * column, y, cell))
    return parts, top + HEAD + ROW * len(months)


def _cell(week: Week, x: float, y: float, width: float) -> Markup:
    middle = (x + width / 2 - 1, y + 15.5)
    when = f"Week of {week.monday.day} {MONTHS[week.monday.month - 1]} {week.monday.year}: "
    if week.overdue is None or week.due is None:
        says = element("title", f"{when}hidden")
        return element(
            "g", says, rect(x, y, width - 2, ROW - 3, "cell none", rx=3), text(*middle, "hidden", "cell-hidden", "middle")
        )
    level = shade(week.share or 0.0)
    says = element("title", f"{when}{week.overdue:,} of {week.due:,} people due were overdue")
    return element(
        "g", says, rect(x, y, width - 2, ROW - 3, f"cell q{level}", rx=3),
        text(*middle, f"{week.overdue:,}", f"cell-text t{level}", "middle"),
    )


def _key(top: float, width: float) -> list[Markup]:
    edges = [0.0, *STEPS]
    parts = [text(0, top + 14, "Number in the cell: people overdue. Shade: share of those due.", "note")]
    size = min(width / 5, 96.0)
    for level, edge in enumerate(edges):
        last = level == len(STEPS)
        words = f"{100 * edge:.0f} % and over" if last else f"{100 * edge:.0f} to {100 * edges[level + 1]:.0f} %"
        words = words if width >= WIDE_FROM or not last else f"{100 * edge:.0f} % +"
        parts.append(rect(size * level, top + 24, size - 3, 20, f"cell q{level}", rx=3))
        parts.append(text(size * level + size / 2, top + 38, words, f"key-text t{level}", "middle"))
    return parts
