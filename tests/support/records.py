"""Small records for tests: dict rows in, `Records` on an in-memory DuckDB out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from careload.clinic import TABLES
from careload.history import Records, RowCounts

Rows = Sequence[Mapping[str, Any]]

ARROW = {
    "id": pa.string(), "text": pa.string(), "choice": pa.string(),
    "timestamp": pa.timestamp("us"), "date": pa.date32(),
    "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(),
}


def arrow_table(name: str, rows: Rows) -> pa.Table:
    """Canonical Arrow table of `rows`; columns that are not given are null."""
    table = TABLES[name]
    unknown = {column for row in rows for column in row} - set(table.names)
    assert not unknown, f"{name} has no columns {unknown}"
    arrays = {
        column.name: pa.array([row.get(column.name) for row in rows], type=ARROW[column.kind])
        for column in table.columns
    }
    return pa.table(arrays)


def records(**tables: Rows) -> Records:
    """`records(appointments=[{...}], episodes=[...])` as accepted canonical records."""
    backend = ibis.duckdb.connect()
    made = {name: backend.create_table(name, arrow_table(name, rows)) for name, rows in tables.items()}
    supplied = {
        name: frozenset(column for row in rows for column in row) for name, rows in tables.items()
    }
    counts = {name: RowCounts(len(rows), len(rows)) for name, rows in tables.items()}
    return Records("test", made, supplied, counts, (), backend)
