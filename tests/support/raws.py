"""Raw tables for tests: text cells as a CSV file gives them, or typed ones as a database does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ibis
import pyarrow as pa

from careload.history.mapping import parse_mapping
from careload.history.shape import shape
from careload.history.source import Raw, Shaped


def text_raws(**tables: str) -> dict[str, Raw]:
    """`text_raws(visits="Patient, Day\\np1, 2024-03-01")`: the tables of CSV files, every cell text."""
    return {name: raw(name, _rows(text)) for name, text in tables.items()}


def raw(name: str, rows: Sequence[Mapping[str, Any]]) -> Raw:
    """A table of `rows`, with the types of their cells and `_row`, on a DuckDB of its own."""
    numbered = [{**row, "_row": number} for number, row in enumerate(rows, start=1)]
    return Raw(name, ibis.duckdb.connect().create_table(name, pa.Table.from_pylist(numbered)), f"{name}.csv")


def _rows(text: str) -> list[dict[str, str]]:
    header, *lines = [line for line in text.strip().splitlines() if line.strip()]
    names = [name.strip() for name in header.split("|")]
    return [dict(zip(names, (cell.strip() for cell in line.split("|")), strict=True)) for line in lines]


def shaped(toml: str, **tables: str) -> dict[str, Shaped]:
    """The canonical tables that the mapping `toml` makes of text tables."""
    return shape(one_engine(text_raws(**tables)), parse_mapping(toml, "mapping.toml"))


def one_engine(raws: Mapping[str, Raw]) -> dict[str, Raw]:
    """The same tables on one DuckDB, as the files of a folder are."""
    backend = ibis.duckdb.connect()
    return {
        name: Raw(name, backend.create_table(name, one.table.to_pyarrow()), one.origin)
        for name, one in raws.items()
    }


def cells(table: Shaped, column: str) -> list[Any]:
    """One column of a shaped table in the order of its rows; "?" where a cell could not be understood."""
    bad = f"_bad_{column}"
    wanted = [column, bad] if bad in table.table.columns else [column]
    rows = table.table.order_by("_row").select(*wanted).to_pyarrow().to_pylist()
    return ["?" if row.get(bad) else row[column] for row in rows]
