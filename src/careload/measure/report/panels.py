"""The pictures of each half, each with its sentence and its tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from careload.clinic import Estimate
from careload.measure.report import words
from careload.measure.report.charts.calendar import Week, draw_calendar
from careload.measure.report.charts.states import StateDay, draw_states, waiting_on
from careload.measure.report.headline import (
    MAIN_STATISTICS,
    about_everyone,
    main_figures,
    return_verdicts,
)
from careload.measure.report.tables import groups_table, states_table, totals_table, weeks_table
from careload.measure.report.words import Definitions, Limit
from careload.measure.result import Measurement, Series
from careload.page import Axis, DataTable, Reference, Row, draw_dots

Draw = Callable[[float], Markup]
MOST_GROUPS = 40
"""Groups that one picture shows; the table beside it has all of them."""


@dataclass(frozen=True)
class Panel:
    """One picture: address, title, what it says, measures it shows, how to draw it at a width, its tables."""

    key: str
    title: str
    says: str
    measures: tuple[str, ...]
    draw: Draw
    tables: tuple[DataTable, ...]


NOTABLE = 0.01
"""Share discharged or dropped out from which the picture and the median differ visibly."""
NOT_AMONG_THEM = (
    "Whoever was discharged or dropped out is not among them. So half is reached sooner here than by the "
    "median, which counts those who dropped out as never seen again."
)
EVERYONE = (
    "The records do not say whose care has ended: here everyone not seen again counts as waiting, "
    "and nobody as discharged or dropped out."
)


def legal_limits(measurement: Measurement) -> list[Limit]:
    """The limits on the return interval, one for each length."""
    limits: dict[float, Limit] = {}
    for verdict in return_verdicts(measurement.verdicts):
        days = words.limit_in_days(verdict)
        if days is not None:
            limits.setdefault(days, Limit(days, f"legal limit: {verdict.limit}"))
    return [limits[days] for days in sorted(limits)]


def state_days(series: Series) -> list[StateDay]:
    """The points of ``return_interval_states`` up to the first that is hidden."""
    days = []
    for point in series.points:
        if point.get("waiting") is None:
            break
        values: dict[str, Any] = {name: float(point.get(name) or 0) for name in StateDay.__dataclass_fields__}
        for name in ("low", "high"):
            values[name] = point.get(name)
        days.append(StateDay(**values))
    return days


def find_series(measurement: Measurement, name: str) -> Series | None:
    """The series called `name` about everyone; the widest reading when there are several."""
    found = [s for s in measurement.series if s.name == name and set(s.by) <= {"open"}]
    return min(found, key=lambda s: (len(s.by), sorted(s.by.items()))) if found else None


def patient_panels(measurement: Measurement, definitions: Definitions) -> list[Panel]:
    """Waiting, the calendar of overdue, waits by group, missed visits: those that can be drawn."""
    limits = [Reference(limit.days, limit.words) for limit in legal_limits(measurement)[:1]]
    panels = [
        _waiting(measurement, definitions),
        _overdue(measurement),
        _groups(measurement, definitions, ("return_interval",), "waits", "Who waits longest", limits),
        _groups(measurement, definitions, ("intake_wait",), "intake", "Waits for a first visit", []),
        _groups(measurement, definitions, ("no_show",), "no-shows", "Missed visits", []),
    ]
    return [panel for panel in panels if panel]


def clinician_panels(measurement: Measurement, definitions: Definitions) -> list[Panel]:
    """Overload, hours, caseload, leaving: those that can be drawn."""
    even = [Reference(1.0, "1.0: as much work as paid time", "even")]
    hours = ("contact_hours", "non_contact_hours")
    panels = [
        _groups(measurement, definitions, ("overload",), "load", "Work due for every hour paid", even, None),
        _groups(measurement, definitions, hours, "hours", "Where the week goes, after-hours work apart", []),
        _groups(measurement, definitions, ("caseload",), "caseload", "Patients in one clinician's care", []),
        _groups(measurement, definitions, ("leaver_rate",), "leaving", "Who leaves", []),
    ]
    return [panel for panel in panels if panel]


def _waiting(measurement: Measurement, definitions: Definitions) -> Panel | None:
    series = find_series(measurement, "return_interval_states")
    days = state_days(series) if series else []
    if series is None or len(days) < 2:
        return None
    limits = legal_limits(measurement)
    says = _waiting_in_words(days, limits) + _who_waits(measurement, "return_interval")
    totals = [e for e in measurement.estimates if e.measure == "return_interval" and about_everyone(e)]
    return Panel(
        "waiting", "After a visit, how long until the next", says, ("return_interval",),
        lambda width: draw_states(days, limits, width, f"Shares of people by day after a visit. {says}"),
        (totals_table("Return interval, everyone", totals, definitions), states_table(series)),
    )


def _who_waits(measurement: Measurement, measure: str) -> str:
    """Said of a picture of the wider of two bounds."""
    bounded = any("open" in e.by for e in measurement.estimates if e.measure == measure)
    return f" {EVERYONE}" if bounded else ""


def _waiting_in_words(days: Sequence[StateDay], limits: Sequence[Limit]) -> str:
    parts = []
    for limit in limits[:1]:
        if state := waiting_on(days, limit.days):
            limit_words = limit.words.replace(": ", " of ")
            parts.append(f"When the {limit_words} is reached, {100 * state.waiting:.0f} % are still waiting.")
    # Not every day is among the points, so the median is not read off here: it stands above, measured.
    later = next((d for d in days if d.waiting <= 0.5), days[-1])
    parts.append(f"On day {later.day:g}, {100 * later.waiting:.0f} % are still waiting.")
    if later.discharged + later.dropped >= NOTABLE:
        parts.append(NOT_AMONG_THEM)
    return " ".join(parts)


def _overdue(measurement: Measurement) -> Panel | None:
    series = find_series(measurement, "overdue_calendar")
    if series is None or not series.points:
        return None
    weeks = [
        Week(date.fromisoformat(str(p["week"])), _whole(p.get("due")), _whole(p.get("overdue")))
        for p in series.points
    ]
    known = [week.overdue for week in weeks if week.overdue is not None]
    says = "Each cell is the week in which people's next visit was due by their clinician's plan."
    if known:
        says += f" {sum(known):,} people due in the weeks whose number is shown are still waiting."
        if len(known) < len(weeks):
            says += " Weeks whose number is hidden are left out of it."
    says += _who_waits(measurement, "overdue")
    return Panel(
        "overdue", "Overdue: since which week", says, ("overdue",),
        lambda width: draw_calendar(weeks, width, f"Calendar of weeks. {says}"), (weeks_table(series),),
    )


def _whole(value: float | int | str | None) -> int | None:
    return None if value is None else int(value)


def _groups(
    measurement: Measurement, definitions: Definitions, measures: Sequence[str], key: str, title: str,
    references: list[Reference], start: float | None = 0.0,
) -> Panel | None:
    chosen = [e for measure in measures for e in by_group(measurement, measure)]
    if all(e.hidden for e in chosen):  # also when there are none
        return None
    totals = [e for measure in measures for e in main_figures(measurement, measure)]
    shown = [measure for measure in measures if any(e.measure == measure for e in chosen)]
    kinds = list(dict.fromkeys(_kind(e) for e in [*totals, *chosen]))
    rows = _rows(chosen, totals, kinds)
    axis = Axis(_axis_words(chosen[0]), start, chosen[0].unit == "share")
    says = _extremes([e for e in chosen if _kind(e) == kinds[0]])
    if len(kinds) > 1:
        says = f"{_kind_in_words(kinds[0], definitions)}: {says[:1].lower()}{says[1:]}"
        bound = any("open" in e.by for e in chosen)
        says = words.sentence(f"if {says}" if bound and len(shown) == 1 else says)
    names = " and ".join(words.measure_title(m, definitions) for m in shown)
    series = [_kind_in_words(kind, definitions) for kind in kinds] if len(kinds) > 1 else []
    return Panel(
        key, title, says, tuple(shown),
        lambda width: draw_dots(rows, axis, references, width, f"{names} by group. {says}", series),
        (groups_table(f"{names}, by group", [*totals, *chosen], definitions),),
    )


def _axis_words(estimate: Estimate) -> str:
    if estimate.unit == "share":
        return "per cent"
    named = estimate.statistic in ("median", "mean", "p90")
    return f"{estimate.unit}, {words.statistic(estimate.statistic)}" if named else estimate.unit


def by_group(measurement: Measurement, measure: str) -> list[Estimate]:
    """The main statistic by each single column; crossings of columns are in the table of all figures."""
    mine = [e for e in measurement.estimates if e.measure == measure and len(_columns(e)) == 1]
    for statistic in MAIN_STATISTICS:
        if found := [e for e in mine if e.statistic == statistic]:
            return found
    return []


def _rows(chosen: Sequence[Estimate], totals: Sequence[Estimate], kinds: Sequence[str]) -> list[Row]:
    rows = _pair(totals, "everyone", kinds)
    for column in dict.fromkeys(_columns(e) for e in chosen):
        mine = [e for e in chosen if _columns(e) == column][:MOST_GROUPS]
        rows.append(Row(f"by {_heading(column)}", heading=True))
        # Both dots of one group stand together.
        for label in dict.fromkeys(_label(e) for e in mine):
            rows += _pair([e for e in mine if _label(e) == label], label, kinds)
    return rows


def _pair(estimates: Sequence[Estimate], label: str, kinds: Sequence[str]) -> list[Row]:
    """Rows of one group; only the first is named."""
    return [_row(e, label, kinds, again=i > 0) for i, e in enumerate(estimates)]


def _columns(estimate: Estimate) -> tuple[str, ...]:
    return tuple(column for column in estimate.by if column not in words.READINGS)


def _label(estimate: Estimate) -> str:
    return words.group({column: estimate.by[column] for column in _columns(estimate)})


def _kind(estimate: Estimate) -> str:
    """What tells two dots of one group apart: the measure, and the way of counting."""
    return f"{estimate.measure}, {words.reading(estimate.by)}"


def _row(estimate: Estimate, label: str, kinds: Sequence[str], *, again: bool) -> Row:
    figure = words.figure(estimate)
    if not estimate.hidden and estimate.interval != "census" and estimate.value is not None:
        bare = figure if estimate.unit == "share" else figure.partition(words.NBSP)[0]
        figure = f"{bare} ({words.interval(estimate)})"
    return Row(
        label, estimate.value, estimate.low, estimate.high, figure,
        series=min(kinds.index(_kind(estimate)), 1), hidden=estimate.hidden, again=again,
    )


def _kind_in_words(kind: str, definitions: Definitions) -> str:
    measure, _, reading = kind.partition(", ")
    return reading or words.measure_title(measure, definitions)


def _extremes(estimates: Sequence[Estimate]) -> str:
    """Highest and lowest group of each column with two to compare, and whether they differ by chance."""
    known = [e for e in estimates if e.value is not None]
    says = []
    for column in dict.fromkeys(_columns(e) for e in known):
        groups = sorted((e for e in known if _columns(e) == column), key=lambda e: e.value or 0.0)
        if len(groups) > 1:
            says.append(f"By {_heading(column)}, {_compared(groups[-1], groups[0])}")
    return " ".join(says) or "Too few groups can be shown to compare them."


def _heading(column: Sequence[str]) -> str:
    return " and ".join(words.group_name(name) for name in column)


def _compared(top: Estimate, bottom: Estimate) -> str:
    if top.value == bottom.value:
        return f"every group shown has the same figure: {words.figure(top)}."
    highest, lowest = (f"{_label(each)} ({words.figure(each)})" for each in (top, bottom))
    ends = f"highest of those shown: {highest}; lowest: {lowest}"
    if top.interval == "census":
        return f"{ends}."
    apart = top.low is not None and bottom.high is not None and top.low > bottom.high
    return f"{ends}; their intervals {'do not overlap' if apart else 'overlap'}."
