"""Small results back from whatever engine holds the records, as plain Python values."""

from __future__ import annotations

from typing import Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from careload.history.database.closed import closed

JOIN_WHOLE_TABLES = "SELECT set_config('enable_nestloop', 'off', true)"
"""For the transaction alone. The planner cannot know how many rows a long question has half-way; where it
guesses one, it goes through the other side row by row, and the time grows with the square of the records."""


def fetch(table: ir.Table) -> list[dict[str, Any]]:
    """Rows of a small grouped `table`, as dicts, in no particular order.

    Whole numbers come as int, others as float, dates as date; the same on every engine.
    Raises whatever the driver raises: ask inside `query_errors`, which knows the source's name.
    """
    backend = table.get_backend()
    if backend.name != "postgres":
        question = closed(table) if backend.name == "pyspark" else table
        rows: list[dict[str, Any]] = question.to_pyarrow().to_pylist()
        return _counts_are_numbers(rows, table) if backend.name == "pyspark" else rows
    # Ibis would open a server-side cursor, which the planner expects to be read only in part.
    # A plain SELECT is planned for all rows.
    with backend.con.transaction():
        backend.con.execute(JOIN_WHOLE_TABLES)
        found = backend.con.execute(backend.compile(table)).fetchall()
    schema = table.schema()
    return [_plain(row, schema.names, schema.types) for row in found]


def _counts_are_numbers(rows: list[dict[str, Any]], table: ir.Table) -> list[dict[str, Any]]:
    """Ibis counts on Spark by a sum, which is empty where the condition never holds or nothing is there."""
    question = table.op()
    if not isinstance(question, ops.Aggregate):
        return rows
    counts = [name for name, each in question.metrics.items() if isinstance(each, (ops.Count, ops.CountStar))]
    return [{**row, **{name: row[name] or 0 for name in counts}} for row in rows]


def _plain(row: tuple[Any, ...], names: tuple[str, ...], types: tuple[dt.DataType, ...]) -> dict[str, Any]:
    return {name: _value(value, kind) for name, value, kind in zip(names, row, types, strict=True)}


def _value(value: Any, kind: dt.DataType) -> Any:
    """PostgreSQL sums whole numbers to `numeric`: give back what the expression says it is."""
    if value is None:
        return None
    if kind.is_integer():
        return int(value)
    return float(value) if kind.is_floating() or kind.is_decimal() else value
