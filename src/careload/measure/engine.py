"""Fetching grouped numbers from whatever engine holds the records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import ibis.expr.types as ir


def fetch(table: ir.Table) -> list[dict[str, Any]]:
    """Rows of a small grouped table, as dicts."""
    rows: list[dict[str, Any]] = table.to_pyarrow().to_pylist()
    return rows


def whole(value: ir.NumericValue) -> ir.IntegerValue:
    """`value` rounded half up to a whole number, the same on every engine."""
    # round() is half-even on some engines and half-away on others; floor is floor everywhere.
    return (value + 0.5).floor().cast("int64")


def flag(condition: ir.BooleanValue) -> ir.IntegerValue:
    """1 where `condition` holds, else 0 (also where it is unknown)."""
    return ibis.ifelse(condition.fill_null(False), 1, 0).cast("int64")


def key(row: dict[str, Any], group: Sequence[str]) -> tuple[str, ...]:
    """Values of the `group` columns of a fetched row."""
    return tuple(row[column] for column in group)
