"""What can be wrong with a cell of a canonical table, as conditions that the engine counts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import ibis
import ibis.expr.types as ir

from careload.clinic import TABLES, Column
from careload.history.source import Shaped

FIRST_YEAR, LAST_YEAR = 1900, 2100

# Table to pairs (start, end) of which the end cannot lie on an earlier day than the start.
SPELLS = {
    "appointments": (("booked_at", "cancelled_at"),),
    "episodes": (("opened_on", "closed_on"),),
    "referrals": (("requested_at", "closed_on"),),
    "clinicians": (("hired_on", "left_on"),),
    "leaves": (("starts_on", "ends_on"),),
    "posts": (("vacant_from", "filled_on"),),
    "encounters": (("starts_at", "ends_at"),),
}
# What cannot lie on a later day than the appointment.
BEFORE_THE_VISIT = ("booked_at", "requested_at")

KINDS = {
    "id": "an id", "text": "text",
    "timestamp": "a date and time such as 2024-03-31 14:30", "date": "a date such as 2024-03-31",
    "int": "a whole number", "float": "a number", "bool": "yes or no, true or false, 1 or 0",
}


@dataclass(frozen=True)
class Fault:
    """A way in which the cells of one column fail.

    code       of the finding when the cell is optional
    required   of the finding when the row cannot do without the cell
    column     canonical column, read as empty where the fault is
    condition  true where the fault is
    words      for the finding
    keeps      the cell is kept as it is, and only told
    """

    code: str
    required: str
    column: str
    condition: ir.BooleanValue
    words: dict[str, str] = field(default_factory=dict)
    keeps: bool = False


def faults(shaped: Shaped, today: date) -> Iterator[Fault]:
    """Every fault that a cell of the table can have, in the order in which they are looked for.

    today  the day after which nothing can have been held yet
    """
    for column in TABLES[shaped.name].columns:
        if column.name in shaped.supplied:
            yield from _faults_of_column(shaped.table, column)
    yield from _faults_of_order(shaped)
    if shaped.name == "appointments":
        yield _held_in_the_future(shaped.table, today)


def _faults_of_column(table: ir.Table, column: Column) -> Iterator[Fault]:
    name, cell = column.name, table[column.name]
    if f"_bad_{name}" in table.columns:
        kind = f"one of {', '.join(column.choices)}" if column.choices else KINDS[column.kind]
        yield Fault("unreadable-cell", "unreadable-required", name, table[f"_bad_{name}"], {"kind": kind})
    if column.is_stamp:
        far = (cell < _first(cell)) | (cell >= _last(cell))
        yield Fault("far-date", "impossible-required", name, far)
    if column.kind == "id":
        yield Fault("e-notation", "", name, _in_e_notation(cell), keeps=True)
    outside = _outside(cell, column)
    if outside is not None:
        yield Fault("out-of-range", "range-required", name, outside, {"range": _range(column)})


def _faults_of_order(shaped: Shaped) -> Iterator[Fault]:
    table, supplied = shaped.table, shaped.supplied
    if shaped.name == "appointments":
        for name in BEFORE_THE_VISIT:
            if name in supplied:
                both = _plausible(table[name]) & _plausible(table.starts_at)
                yield Fault("negative-lead", "", name, both & (day(table[name]) > day(table.starts_at)))
    for start, end in SPELLS.get(shaped.name, ()):
        if {start, end} <= supplied:
            exact = shaped.name == "encounters"  # a stay in the emergency department lasts hours, not days
            before = table[end] < table[start] if exact else day(table[end]) < day(table[start])
            both = _plausible(table[start]) & _plausible(table[end])
            yield Fault("ends-before-start", "", end, before & both, {"start": start})


def _in_e_notation(identifier: ir.StringValue) -> ir.BooleanValue:
    # The plain search first: it is ten times faster than the pattern, and mostly settles it.
    may_be = identifier.contains("E") | identifier.contains("e")
    return may_be & identifier.re_search("^[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]+$")


def _held_in_the_future(table: ir.Table, today: date) -> Fault:
    tomorrow = _midnight(table.starts_at, today + timedelta(days=1))
    held = table.status.isin(["completed", "no_show"]) & _plausible(table.starts_at)
    return Fault("future-completed", "", "starts_at", held & (table.starts_at >= tomorrow), keeps=True)


def day(stamp: ir.Value) -> ir.DateValue:
    """The calendar day of a date or timestamp."""
    return stamp.date() if stamp.type().is_timestamp() else stamp


def _plausible(cell: ir.Value) -> ir.BooleanValue:
    return (cell >= _first(cell)) & (cell < _last(cell))


def _first(cell: ir.Value) -> ir.Value:
    return _midnight(cell, date(FIRST_YEAR, 1, 1))


def _last(cell: ir.Value) -> ir.Value:
    return _midnight(cell, date(LAST_YEAR + 1, 1, 1))


def _midnight(cell: ir.Value, when: date) -> ir.Value:
    return ibis.timestamp(f"{when} 00:00:00") if cell.type().is_timestamp() else ibis.date(str(when))


def _outside(cell: ir.NumericValue, column: Column) -> ir.BooleanValue | None:
    low, high = column.lowest, column.highest
    if low is None and high is None:
        return None
    if low is None or high is None:
        return cell < low if high is None else cell > high
    return (cell < low) | (cell > high)


def _range(column: Column) -> str:
    low, high, unit = column.lowest, column.highest, f" {column.unit}" if column.unit else ""
    if low is None or high is None:
        return f"at least {low:g}{unit}" if high is None else f"at most {high:g}{unit}"
    return f"{low:g} to {high:g}{unit}"
