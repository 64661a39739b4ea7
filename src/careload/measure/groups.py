"""Breaking rows down by columns: where the columns come from, and every margin of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import ibis.expr.types as ir

from careload.clinic import UsageError, nearest
from careload.measure.view import View

OF_THE_PATIENT = ("need_group", "language", "coverage", "area")
OF_THE_ROW = ("site", "profession", "clinician", "kind", "modality", "month")
OF_THE_MEASURE = ("lead_days", "clock", "urgency")
"""Columns a measure makes itself and is always broken down by; nobody asks for them."""

ALONE = "clinician"
"""Figures about one clinician are for that clinician alone: see `careload.measure.own`."""

GROUPS = (*(column for column in OF_THE_ROW if column != ALONE), *OF_THE_PATIENT)

NOT_RECORDED = "not recorded"

Group = tuple[tuple[str, str], ...]
"""Column and value, column and value … of one group; () for the total."""


def checked(by: Sequence[str]) -> tuple[str, ...]:
    """`by` once each is known; UsageError with the nearest name otherwise."""
    for column in by:
        if column == ALONE:
            raise UsageError(
                "Shared output is never broken down by clinician.",
                f"one of {', '.join(GROUPS)}",
                "Your own figures are given by `careload own` with your own id.",
            )
        if column not in GROUPS:
            raise UsageError(
                f"Records cannot be broken down by {column!r}.",
                f"one of {', '.join(GROUPS)}",
                nearest(column, GROUPS),
            )
    return tuple(dict.fromkeys(by))


def margins(by: Sequence[str]) -> list[tuple[str, ...]]:
    """Every subset of `by`, the total first: () , (site,), (profession,), (site, profession)."""
    return [subset for size in range(len(by) + 1) for subset in combinations(by, size)]


def margins_of(usable: Sequence[str], always: Sequence[str]) -> list[tuple[str, ...]]:
    """The margins of `usable` that have all of `always`, the finest last; none where one of these lacks."""
    return [margin for margin in margins(usable) if set(always) <= set(margin)]


def in_natural_order(group: Group) -> list[list[str | int]]:
    """Key that sorts groups with the numbers in their values as numbers: "8-14" before "15-28"."""
    return [
        [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", value))]
        for _, value in group
    ]


def with_groups(
    rows: ir.Table, view: View, table: str, by: Sequence[str], **values: ir.Value
) -> tuple[ir.Table, tuple[str, ...]]:
    """`values` of `rows` beside those columns of `by` it can be broken down by, and their names.

    rows    rows counted, drawn from the canonical `table`
    by      a patient's columns are joined from `patients`; ``month`` is that of the column `day`
    values  what is to be counted, by name
    """
    theirs = [column for column in by if column in OF_THE_PATIENT and view.records.has(f"patients.{column}")]
    if "patient" not in rows.columns:
        theirs = []
    groups = {column: _group(rows, column) for column in by if _has(rows, view, table, column)}
    link = {"patient_": rows.patient} if theirs else {}
    found = rows.select(**values, **groups, **link)
    if theirs:
        found = _with_patient(found, view, theirs)
    return found, tuple(column for column in by if column in groups or column in theirs)


def _has(rows: ir.Table, view: View, table: str, column: str) -> bool:
    if column == "month":
        return "day" in rows.columns
    known = column in OF_THE_MEASURE or (column in OF_THE_ROW and view.supplies(table, column))
    return known and column in rows.columns


def _group(rows: ir.Table, column: str) -> ir.Value:
    if column == "month":
        return _month(rows.day)
    return rows[column].cast("string").fill_null(NOT_RECORDED)


def _with_patient(rows: ir.Table, view: View, columns: Sequence[str]) -> ir.Table:
    people = view.table("patients")
    named = {column: people[column].cast("string") for column in columns}
    people = people.select(whose_=people.patient, **named)
    joined = rows.left_join(people, rows.patient_ == people.whose_).drop("patient_", "whose_")
    return joined.mutate(**{column: joined[column].fill_null(NOT_RECORDED) for column in columns})


def _month(day: ir.DateValue) -> ir.IntegerValue:
    """A number for the month: grouping by text would make it anew for every row."""
    return (day.year() * 100 + day.month()).cast("int64").fill_null(0)


def group_of(row: Mapping[str, Any], columns: Sequence[str]) -> Group:
    """The group of a fetched row, by `columns`."""
    return tuple((column, _label(column, row[column])) for column in columns)


def _label(column: str, value: Any) -> str:
    if column != "month":
        return str(value)
    return f"{value // 100:04}-{value % 100:02}" if value else NOT_RECORDED


def roll_up(
    rows: Iterable[Mapping[str, Any]], wanted: Sequence[tuple[str, ...]]
) -> Iterator[tuple[Group, Mapping[str, Any]]]:
    """Every fetched row once for each margin, with its group there; margin after margin."""
    rows = list(rows)
    for margin in wanted:
        for row in rows:
            yield group_of(row, margin), row
