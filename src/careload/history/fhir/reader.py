"""FHIR R4 files to raw canonical tables."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from careload.clinic import TABLES, Finding
from careload.history.fhir import canonical
from careload.history.fhir.flatten import Census, census, flatten
from careload.history.fhir.gather import gather
from careload.history.fhir.lookups import look_up
from careload.history.fhir.path import literal, quoted
from careload.history.source import OpenSource, Raw


def open_fhir(paths: list[Path], backend: Any) -> OpenSource:
    """Read FHIR R4 files into raw tables that have the names and columns of the canonical ones.

    paths    bulk NDJSON (plain or gzip), single resources, arrays and Bundles
    backend  an Ibis connection to a DuckDB of our own

    Returns the tables that have a row, as text, with `_row` (number of the resource among those
    of its table); columns without any value are left out. Every rule is in docs/fhir.md.
    """
    con = backend.con
    with tempfile.TemporaryDirectory() as folder:  # readable by this account only
        gathered = gather(paths, Path(folder))
        found = census(con, gathered)
        flatten(con, found)
    look_up(con)
    tables = _canonical(con, found)
    origin = "FHIR"
    raws = {name: Raw(name, _table(backend, name, columns), origin) for name, columns in tables.items()}
    label = paths[0].name if len(paths) == 1 else "FHIR"
    return OpenSource(label, backend, raws, (), dict(found.resources))


def _canonical(con: Any, found: Census) -> Mapping[str, list[str]]:
    """Make each canonical table; name to the columns that hold a value."""
    for statement in (canonical.MACROS, canonical.DECLINED, canonical.FULFILLED, canonical.ASKED):
        con.execute(statement)
    used: dict[str, list[str]] = {}
    for name, query in canonical.QUERIES.items():
        con.execute(f"CREATE OR REPLACE TABLE fhir.{name} AS {query}")
        columns = [column for column in TABLES[name].names]
        counts = con.execute(f"SELECT count(*), {', '.join(f'count({quoted(c)})' for c in columns)} FROM fhir.{name}").fetchone()
        if counts[0]:
            used[name] = [c for c, n in zip(columns, counts[1:], strict=True) if n or c in TABLES[name].required]
    return used


def _table(backend: Any, name: str, columns: list[str]) -> Any:
    return backend.table(name, database="fhir").select("_row", *columns)
