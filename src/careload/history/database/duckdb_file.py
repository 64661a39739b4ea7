"""A DuckDB file, attached read-only to an engine of our own: what is stored in between never touches it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import duckdb
import ibis.expr.types as ir

from careload.clinic import CareloadError, SourceUnreachable, UnreadableRecords
from careload.history.database.catalogue import Catalogue, Place, by_name
from careload.history.database.errors import query_errors
from careload.history.database.files import file_of
from careload.history.engine import own_engine
from careload.history.source import OpenSource
from careload.history.sql import literal

ATTACHED = "source"
TABLES_AND_VIEWS = f"""
    SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = '{ATTACHED}'
    ORDER BY table_schema, table_name
"""


def open_duckdb(url: str) -> OpenSource:
    """Open ``duckdb:///file.db`` (seen from the working directory) or ``duckdb:////folder/file.db``.

    Raises `SourceUnreachable` when there is no such file, or another program writes to it;
    `UnreadableRecords` when it is no DuckDB file or damaged.
    """
    path = file_of(url)
    if not path.is_file():
        raise SourceUnreachable(
            f"There is no DuckDB file {path.name}.",
            "duckdb:///file.db, seen from the working directory, or duckdb:////folder/file.db",
            "Check the name and the working directory.",
        )
    backend = own_engine().backend
    _attach(backend, path)
    with query_errors(path.name):
        places = [
            Place(schema, name, bare=schema == "main")
            for schema, name in backend.raw_sql(TABLES_AND_VIEWS).fetchall()
        ]

    def look(place: Place) -> ir.Table:
        with query_errors(path.name):
            return backend.table(place.name, database=(ATTACHED, place.schema))

    return OpenSource(path.name, backend, Catalogue(by_name(places), look, path.name, fixed=True))


def _attach(backend: Any, path: Path) -> None:
    own = backend.current_catalog
    try:
        backend.raw_sql(f"ATTACH {literal(str(path.resolve()))} AS {ATTACHED} (READ_ONLY)")
        # Views in the file name their tables without a schema: let them find these.
        backend.raw_sql(f"SET search_path = '{own}.main,{ATTACHED}.main'")
    except duckdb.Error as error:
        raise _not_attached(str(error), path) from None


def _not_attached(text: str, path: Path) -> CareloadError:
    if "lock" in text:
        return SourceUnreachable(
            f"Another program has {path.name} open for writing.",
            "a DuckDB file that nobody is writing to",
            "Close that program, or read a copy of the file.",
        )
    if not os.access(path, os.R_OK):
        return SourceUnreachable(
            f"This account may not read {path.name}.", "the right to read the file",
            "Ask its owner; reading is enough, it is never written to.",
        )
    return UnreadableRecords(
        f"{path.name} is no complete DuckDB file, or was made by a newer DuckDB.",
        "a DuckDB database that was closed properly",
        "Make it again with DuckDB 1.5 or older, or export its tables as Parquet.",
    )
