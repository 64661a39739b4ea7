"""The tables of the arithmetic: each column with its heading and its formula, in the order of reckoning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from careload.staff.need.loads import Demand
from careload.staff.need.staffing import Staffing


@dataclass(frozen=True)
class Column:
    """One column.

    key      name in rows
    heading  in words
    formula  how it comes about, from columns before it and numbers of the service file; "" for names
    of       its value in a row
    places   decimal places in text
    sum      whether a sum over rows says something
    """

    key: str
    heading: str
    formula: str
    of: Callable[[Any], Any]
    places: int = 1
    sum: bool = False


def _demand(key: str, heading: str, formula: str, of: Callable[[Demand], Any], **more: Any) -> Column:
    return Column(key, heading, formula, of, **more)


def _staffing(key: str, heading: str, formula: str, of: Callable[[Staffing], Any], **more: Any) -> Column:
    return Column(key, heading, formula, of, **more)


DEMAND = (
    _demand("site", "site", "", lambda row: row.site),
    _demand("need", "need group", "", lambda row: row.need),
    _demand("referrals", "referrals", "arrivals_per_week", lambda row: row.referrals, places=2, sum=True),
    _demand("asking", "asking", "referrals + dropped x reentry_share + completed x relapse_share",
            lambda row: row.asking, places=2, sum=True),
    _demand("visits_each", "visits each", "visits of one who asks, visit by visit",
            lambda row: row.course.visits, places=2),
    _demand("visits", "visits", "asking x visits each", lambda row: row.visits, sum=True),
    _demand("missed", "missed", "asking x misses of one who asks, each visit missed is booked again",
            lambda row: row.missed, sum=True),
    _demand("weeks", "weeks", "mean weeks in care of one who asks, after the first visit",
            lambda row: row.course.weeks),
    _demand("in_care", "in care", "asking x weeks", lambda row: row.in_care, places=0, sum=True),
    _demand("completed", "completed", "asking x share who complete their care", lambda row: row.completed,
            places=2, sum=True),
    _demand("dropped", "dropped", "asking x share who drop out", lambda row: row.dropped, places=2, sum=True),
)

WHO = (
    _staffing("site", "site", "", lambda row: row.site),
    _staffing("profession", "profession", "", lambda row: row.profession),
)
HOURS = (
    _staffing("visits", "visits", "of those whom the split gives to the profession", lambda row: row.visits,
              sum=True),
    _staffing("in_care", "in care", "likewise", lambda row: row.in_care, places=0, sum=True),
    _staffing("contact", "contact", "intakes x intake_hours + returns x visit_hours + sessions x group_hours",
              lambda row: row.hours.contact, sum=True),
    _staffing("notes", "notes", "visits x note_hours", lambda row: row.hours.notes, sum=True),
    _staffing("missed", "missed", "visits missed x missed_hours", lambda row: row.hours.missed, sum=True),
    _staffing("patients", "patients", "in care x patient_hours", lambda row: row.hours.patients, sum=True),
    _staffing("due", "due", "contact + notes + missed + patients", lambda row: row.hours.due, sum=True),
)
PRESENCE = (
    _staffing("open", "open", "weekdays that are no holiday and not closed / weekdays",
              lambda row: row.crew.presence.open, places=3),
    _staffing("sick", "sick", "sick_days_per_year / weekdays of a year", lambda row: row.crew.presence.sick,
              places=3),
    _staffing("on_leave", "on leave", "leave_days_per_year / weekdays of a year",
              lambda row: row.crew.presence.on_leave, places=3),
    _staffing("present", "present", "open x (1 - sick) x (1 - on leave)",
              lambda row: row.crew.presence.present, places=3),
    _staffing("leavers", "leavers", "per post and year: 1 / (years it is held + years until it is filled)",
              lambda row: row.crew.presence.leavers, places=3),
    _staffing("vacant", "vacant", "leavers x years until a post is filled",
              lambda row: row.crew.presence.vacant, places=3),
    _staffing("ramp_up", "ramp-up", "leavers x years of a template that somebody new does not give yet",
              lambda row: row.crew.presence.ramp_up, places=3),
    _staffing("staffed", "staffed", "1 - vacant - ramp-up", lambda row: row.crew.presence.staffed, places=3),
)
POSTS = (
    _staffing("for_patients", "per FTE", "hours: (paid_hours - fixed_hours) x present",
              lambda row: row.crew.for_patients, places=2),
    _staffing("load", "load", "due / per FTE, in FTE", lambda row: row.load, places=2, sum=True),
    _staffing("busy", "busy", "how busy they may be: load / (load + what is kept free)",
              lambda row: row.busy, places=3),
    _staffing("fte_needed", "FTE", "load / busy / staffed; more where the caseload ceiling asks for it",
              lambda row: row.fte_needed, places=2, sum=True),
    _staffing("fte", "of a post", "FTE of a post", lambda row: row.crew.fte, places=2),
    _staffing("posts_now", "now", "posts, held or vacant", lambda row: row.crew.posts, places=0, sum=True),
    _staffing("posts_needed", "needed", "FTE / of a post, rounded up", lambda row: row.posts_needed, places=0,
              sum=True),
    _staffing("difference", "differ", "needed - now; below 0 there is room", lambda row: row.difference,
              places=0, sum=True),
)
STAFFING = WHO + HOURS + PRESENCE + POSTS


def as_rows(columns: Sequence[Column], rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Each row as names and numbers."""
    return [{column.key: column.of(row) for column in columns} for row in rows]


def plain_table(title: str, columns: Sequence[Column], rows: Sequence[Any]) -> str:
    """A table as text, with the sums below."""
    lines = [[column.heading for column in columns]]
    lines += [[_told(column, column.of(row)) for column in columns] for row in rows]
    if any(column.sum for column in columns):
        lines.append(["all", *[
            _told(column, sum(column.of(row) for row in rows)) if column.sum else "" for column in columns[1:]
        ]])
    widths = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    return "\n".join([title, *[_line(columns, line, widths) for line in lines]])


def formulas_of(*tables: Sequence[Column]) -> str:
    """Each column with its formula."""
    told = [f"  {column.heading}: {column.formula}" for table in tables for column in table if column.formula]
    return "\n".join(["How each column comes about:", *told])


def _line(columns: Sequence[Column], line: Sequence[str], widths: Sequence[int]) -> str:
    cells = [
        cell.rjust(width) if column.formula else cell.ljust(width)
        for column, cell, width in zip(columns, line, widths, strict=True)
    ]
    return "  ".join(cells).rstrip()


def _told(column: Column, value: Any) -> str:
    return value if isinstance(value, str) else f"{value:,.{column.places}f}"
