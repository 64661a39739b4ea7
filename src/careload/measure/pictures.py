"""The points behind the report's pictures: what estimates alone do not draw."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from careload.measure.engine import fetch, flag
from careload.measure.incidence import Incidence, log_log_band
from careload.measure.result import Series
from careload.measure.rows import care
from careload.measure.timing import Durations
from careload.measure.view import View

CURVE_DAYS = (*range(29), *range(30, 92, 2), *range(98, 183, 7), *range(196, 365, 14))
CALENDAR_WEEKS = 26
WEEK = 7


def pictures(view: View, spans: Sequence[Durations]) -> Iterator[Series]:
    """States of the return interval by day (for every group of `spans`), and the calendar of overdue."""
    for each in spans:
        yield Series("return_interval_states", each.by, tuple(_states(each)))
    if view.records.has("appointments.prescribed_interval_days"):
        yield Series("overdue_calendar", {}, tuple(_calendar(view)))


def _states(each: Durations) -> Iterator[dict[str, float | int | str | None]]:
    curve = each.curve
    for day in CURVE_DAYS:
        if day > curve.last_day:
            return
        index = curve.at(day)
        low, high = _waiting_band(each, index, day)
        yield {
            "day": day,
            "seen": _share(curve, "reached", index),
            "discharged": _share(curve, "closed", index),
            "dropped": _share(curve, "lost", index),
            "waiting": 1.0 if index < 0 else float(curve.waiting[index]),
            "low": low,
            "high": high,
            "people": each.people,
        }


def _share(curve: Incidence, kind: str, index: int) -> float:
    return 0.0 if index < 0 else float(curve.share[kind][index])


def _waiting_band(each: Durations, index: int, day: int) -> tuple[float, float]:
    """95 % band of the share still waiting: Greenwood's variance times the design effect."""
    curve = each.curve
    if index < 0:
        return 1.0, 1.0
    gone = 1 - curve.waiting[index : index + 1]
    low, high = log_log_band(gone, curve.greenwood[index : index + 1] * each.effect(day))
    return float(1 - high[0]), float(1 - low[0])


def _calendar(view: View) -> Iterator[dict[str, float | int | str | None]]:
    """Patients by the week in which their next visit was due, over the past half year."""
    rows = care.overdue(view)
    monday = view.as_of - timedelta(days=view.as_of.weekday())
    since_due = rows.value + (WEEK - 1 - view.as_of.weekday())
    rows = rows.mutate(weeks_ago=(since_due / WEEK).floor().cast("int64"))
    rows = rows.filter((rows.weeks_ago >= 0) & (rows.weeks_ago < CALENDAR_WEEKS))
    counted = rows.group_by("weeks_ago").agg(due=rows.count(), overdue=flag(rows.y == 1).sum())
    found = {int(row["weeks_ago"]): row for row in fetch(counted)}
    for ago in reversed(range(CALENDAR_WEEKS)):
        row = found.get(ago, {"due": 0, "overdue": 0})
        yield {
            "week": (monday - timedelta(weeks=ago)).isoformat(),
            "due": int(row["due"]),
            "overdue": int(row["overdue"]),
        }
