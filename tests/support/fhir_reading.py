"""FHIR in tests: resources as dicts or files in, plain rows out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ibis

from careload.history.checks import Checked, check_rows
from careload.history.fhir import open_fhir
from careload.history.shape import shape
from careload.history.source import OpenSource

Rows = list[dict[str, Any]]


def write_lines(folder: Path, *resources: Mapping[str, Any], name: str = "export.ndjson") -> list[Path]:
    """One NDJSON file of these resources, whatever their types."""
    path = folder / name
    path.write_text("".join(json.dumps(resource) + "\n" for resource in resources), encoding="utf-8")
    return [path]


def opened(paths: Sequence[Path]) -> OpenSource:
    """What the FHIR reader makes of these files, on a DuckDB in memory."""
    return open_fhir(list(paths), ibis.duckdb.connect())


def fhir_files(folder: Path) -> list[Path]:
    """The files of a folder that are handed to the FHIR reader."""
    return sorted(path for path in folder.iterdir() if path.suffix in (".ndjson", ".json", ".gz"))


def rows(source: OpenSource, name: str) -> Rows:
    """The raw rows of a table in order, empty cells left out."""
    if name not in source.raws:
        return []
    table = source.raws[name].table.order_by("_row")
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pyarrow().to_pylist()]


def row(source: OpenSource, name: str, key: str, value: str) -> dict[str, Any]:
    """The one raw row of a table whose `key` is `value`."""
    (found,) = [row for row in rows(source, name) if row.get(key) == value]
    return found


def aside(source: OpenSource, name: str) -> list[tuple[int, str]]:
    """Row and reason of what is no record of the table."""
    if f"FHIR {name}" not in source.malformed:
        return []
    table = source.malformed[f"FHIR {name}"].order_by(["_row", "code"])
    return [(row["_row"], row["code"]) for row in table.to_pyarrow().to_pylist()]


def found(source: OpenSource) -> dict[str, int]:
    """Code of each finding to its rows."""
    return {finding.code: finding.rows for finding in source.findings}


def checked(source: OpenSource) -> dict[str, Checked]:
    """Every table shaped and checked, as `careload.read` does it."""
    return {
        name: check_rows(table, malformed=[lines for origin, lines in source.malformed.items()
                                           if origin == table.origin])
        for name, table in shape(source.raws, None).items()
    }
