"""Tables of the report: what stands beside every picture, and every figure under its definition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from careload.clinic import Estimate
from careload.history import RowCounts
from careload.measure.report import words
from careload.measure.report.words import Definitions
from careload.measure.result import Measurement, Series
from careload.page import Cell, Column, DataTable, figure_cell, figure_cells

MOST_ROWS = 150
"""Rows of one measure that the page prints; the command's --json and --csv give all of them."""


_FIGURES = (Column("Value", True), Column("95 % interval", True), Column("Counted"))


def definition_link(measure: str) -> str:
    """Address of a measure's definition on the page."""
    return f"#def-{measure}"


def statistic_in_words(estimate: Estimate) -> str:
    """The statistic, with the way of counting where there are several."""
    reading = words.reading(estimate.by)
    return words.statistic(estimate.statistic) + (f" ({reading})" if reading else "")


def totals_table(caption: str, estimates: Iterable[Estimate], definitions: Definitions) -> DataTable:
    """One row for each figure about everyone: measure, statistic, value, interval, what was counted."""
    rows, before = [], ""
    for e in estimates:
        name = Cell(
            words.measure_title(e.measure, definitions), definition_link(e.measure), again=e.measure == before
        )
        rows.append((name, Cell(statistic_in_words(e)), *figure_cells(e)))
        before = e.measure
    return DataTable(caption, (Column("Measure"), Column("Statistic"), *_FIGURES), tuple(rows))


def groups_table(caption: str, estimates: Sequence[Estimate], definitions: Definitions) -> DataTable:
    """One row for each group: the group, the measure where there are several, value, interval, counted."""
    several = len({e.measure for e in estimates}) > 1
    rows = [
        (
            Cell(words.group(e.by)),
            Cell(_by(e)),
            Cell(_measure_and_statistic(e, definitions) if several else words.statistic(e.statistic)),
            *figure_cells(e),
        )
        for e in estimates
    ]
    columns = (Column("Group"), Column("By"), Column("Measure" if several else "Statistic"), *_FIGURES)
    return DataTable(caption, columns, tuple(rows))


def _by(estimate: Estimate) -> str:
    columns = [words.group_name(column) for column in estimate.by if column not in words.READINGS]
    return words.sentence(" and ".join(columns)) or "Everyone"


def _measure_and_statistic(estimate: Estimate, definitions: Definitions) -> str:
    return f"{words.measure_title(estimate.measure, definitions)}, {words.statistic(estimate.statistic)}"


def all_figures(measure: str, title: str, measurement: Measurement) -> DataTable | None:
    """Every figure of one measure, in the order of the measurement; None when there is none."""
    mine = [e for e in measurement.estimates if e.measure == measure]
    if not mine:
        return None
    rows = [
        (
            Cell(words.group(e.by)),
            Cell(words.statistic(e.statistic)),
            *figure_cells(e),
        )
        for e in mine[:MOST_ROWS]
    ]
    more = len(mine) - len(rows)
    methods = dict.fromkeys(e.interval for e in mine if e.interval != "census" and not e.hidden)
    note = f"Method of the intervals: {', '.join(methods)}. " if methods else ""
    note += f"{more:,} more rows are in the output of --json and --csv." if more else ""
    columns = (Column("Group"), Column("Statistic"), *_FIGURES)
    return DataTable(f"{title}: all figures", columns, tuple(rows), note)


def states_table(series: Series, every: int = 7) -> DataTable:
    """Shares waiting, seen, discharged and dropped on every seventh day after a visit."""
    names = ("waiting", "low", "high", "seen", "discharged", "dropped")
    days = _every(series, every)
    rows: list[tuple[Cell, ...]] = []
    if days and float(first := days[0]["day"] or 0) > 0:
        hidden_cells = (figure_cell(words.NOT_A_NUMBER, hidden=True) for _ in names)
        rows.append((Cell(f"before {float(first):g}"), *hidden_cells))
    for point in days:
        shares = [point.get(name) for name in names]
        hidden = point.get("waiting") is None
        day = Cell(f"{float(point['day'] or 0):g}")
        rows.append((day, *(_share_cell(share, hidden) for share in shares)))
    columns = (
        Column("Day"), Column("Still waiting", True), Column("95 % from", True), Column("to", True),
        Column("Seen again", True), Column("Discharged", True), Column("Dropped out", True),
    )
    return DataTable("Where everyone is after a visit, by day", columns, tuple(rows))


def weeks_table(series: Series) -> DataTable:
    """People by the week in which their next visit was due, and those of them overdue."""
    rows = []
    for point in series.points:
        hidden = point.get("due") is None or point.get("overdue") is None
        figures = [words.NOT_A_NUMBER if hidden else f"{point[name]:,}" for name in ("due", "overdue")]
        rows.append((Cell(str(point["week"])), *(figure_cell(figure, hidden=hidden) for figure in figures)))
    columns = (Column("Week from"), Column("People due", True), Column("Of them still waiting", True))
    return DataTable("People by the week in which their next visit was due", columns, tuple(rows))


def rows_table(counts: dict[str, RowCounts]) -> DataTable:
    """What became of the rows of each table."""
    rows = [
        (Cell(name), *(Cell(f"{n:,}") for n in (c.rows, c.accepted, c.set_aside, c.duplicates)))
        for name, c in sorted(counts.items())
    ]
    columns = (
        Column("Table"), Column("Read", True), Column("Accepted", True),
        Column("Set aside", True), Column("Duplicates", True),
    )
    return DataTable("Rows read = accepted + set aside + duplicates", columns, tuple(rows))


def _every(series: Series, step: int) -> list[dict[str, float | int | str | None]]:
    days = [dict(point) for point in series.points]
    kept = [point for point in days if float(point["day"] or 0) % step == 0]
    return kept if len(kept) > 1 else days


def _share_cell(share: float | int | str | None, hidden: bool) -> Cell:
    if isinstance(share, int | float):
        return Cell(words.share(share))
    return figure_cell(words.NOT_A_NUMBER if hidden else "not known", hidden=hidden)
