"""Fetching grouped numbers from whatever engine holds the records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


def fetch(table: ir.Table) -> list[dict[str, Any]]:
    """Rows of a small grouped table as dicts of plain Python values, in no particular order."""
    backend = table.get_backend()
    if backend.name == "duckdb":
        rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
        return rows
    # A plain SELECT: the Arrow path of other engines opens a cursor on the server.
    frame = backend.execute(table)
    kinds = table.schema()
    columns = [[_plain(value, kinds[name]) for value in frame[name]] for name in frame.columns]
    return [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]


def fetch_one(table: ir.Table) -> dict[str, Any]:
    """The only row of `table`."""
    (row,) = fetch(table)
    return row


def _plain(value: Any, kind: dt.DataType) -> Any:
    if value is None or value != value:
        return None
    if kind.is_timestamp():
        return value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    if kind.is_date():
        return value.date() if hasattr(value, "date") else value
    if kind.is_integer() or kind.is_decimal():
        return int(value)
    return float(value) if kind.is_floating() else value


def whole(value: ir.NumericValue) -> ir.IntegerValue:
    """`value` rounded half up to a whole number, the same on every engine."""
    # round() is half-even on some engines and half-away on others; floor is floor everywhere.
    return (value + 0.5).floor().cast("int64")


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def md5(text: str) -> str:  # type: ignore[empty-body]
    """Hexadecimal digest: every engine has it, and its digits sort the same on all of them."""


def tie_break(visits: ir.Table) -> ir.StringValue:
    """An order among visits at the same instant that is the same on every engine."""
    parts = [
        visits[column].fill_null("") for column in ("appointment", "clinician", "site", "profession", "kind")
    ]
    text = parts[0]
    for part in parts[1:]:
        text = text + "|" + part
    return md5(text)


def flag(condition: ir.BooleanValue) -> ir.IntegerValue:
    """1 where `condition` holds, else 0 (also where it is unknown)."""
    return ibis.ifelse(condition.fill_null(False), 1, 0).cast("int64")


def key(row: dict[str, Any], group: Sequence[str]) -> tuple[str, ...]:
    """Values of the `group` columns of a fetched row."""
    return tuple(row[column] for column in group)
