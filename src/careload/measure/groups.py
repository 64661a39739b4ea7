"""Breaking rows down by columns: where the columns come from, and every margin of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import ibis.expr.types as ir

from careload.clinic import UsageError, nearest
from careload.measure.view import View

OF_THE_PATIENT = ("need_group", "language", "coverage", "area")
OF_THE_ROW = ("site", "profession", "clinician", "kind", "modality", "month")
OF_THE_MEASURE = ("lead_days", "clock", "urgency")
"""Columns a measure makes itself and is always broken down by; nobody asks for them."""

GROUPS = (*OF_THE_ROW, *OF_THE_PATIENT)

NOT_RECORDED = "not recorded"


def checked(by: Sequence[str]) -> tuple[str, ...]:
    """`by` once each is known; UsageError with the nearest name otherwise."""
    for column in by:
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


def with_groups(
    rows: ir.Table, view: View, table: str, by: Sequence[str]
) -> tuple[ir.Table, tuple[str, ...]]:
    """`rows` with those columns of `by` it can be broken down by, as text, and their names.

    rows   rows counted, drawn from the canonical `table`
    by     a patient's columns are joined from `patients`; ``month`` is that of the column `day`
    """
    theirs = [column for column in by if column in OF_THE_PATIENT and view.records.has(f"patients.{column}")]
    if theirs and "patient" in rows.columns:
        rows = _with_patient(rows, view, theirs)
    if "month" in by and "day" in rows.columns:
        rows = rows.mutate(month=_month(rows.day))
    known = {"month", *OF_THE_MEASURE, *theirs, *(column for column in by if view.supplies(table, column))}
    usable = tuple(column for column in by if column in rows.columns and column in known)
    named = {column: rows[column].cast("string").fill_null(NOT_RECORDED) for column in usable}
    return (rows.mutate(**named) if named else rows), usable


def _with_patient(rows: ir.Table, view: View, columns: Sequence[str]) -> ir.Table:
    people = view.table("patients").select("patient", *columns)
    rows = rows.drop(*(column for column in columns if column in rows.columns))
    return rows.left_join(people, "patient").drop("patient_right")


def _month(day: ir.DateValue) -> ir.StringValue:
    return day.year().cast("string") + "-" + day.month().cast("string").lpad(2, "0")
