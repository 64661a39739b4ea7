"""Records that live in a database: measured where they are, never changed.

`open_database` opens a URL, `fetch` brings a small result back, `query_errors` turns whatever a
driver raises into our own words. Of somebody's database only SELECT is ever asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from careload.clinic import UsageError, nearest
from careload.history.database.closed import closed
from careload.history.database.errors import query_errors
from careload.history.database.fetch import fetch
from careload.history.database.files import file_of
from careload.history.source import OpenSource

__all__ = ["closed", "fetch", "file_of", "is_database", "open_database", "query_errors"]

def is_database(source: str) -> bool:
    """Whether `source` is written as a URL (and so is no file or folder)."""
    return "://" in source


def open_database(url: str) -> OpenSource:
    """Open the tables at `url` for reading.

    url  ``duckdb:///file.db``, ``postgresql://user:password@host:port/database`` or ``pyspark://``

    The tables of the result are looked up one at a time, when asked for by name: ``raws["appointments"]``
    or ``raws["schema.appointments"]``.

    Raises `UsageError` for another scheme; `SourceUnreachable` when the database is not there, refuses, or
    needs an extra that is not installed; `UnreadableRecords` for a damaged DuckDB file.
    """
    openers: Mapping[str, Callable[[str], OpenSource]] = {
        "duckdb": _duckdb, "postgresql": _postgresql, "postgres": _postgresql, "pyspark": _spark,
    }
    scheme = urlsplit(url).scheme
    if scheme not in openers:
        raise UsageError(
            f"Records cannot be read from a {scheme}:// address.",
            "duckdb:///file.db, postgresql://host/database or pyspark://",
            nearest(scheme, openers),
        )
    return openers[scheme](url)


# Each module is imported when its database is asked for: PostgreSQL and Spark are extras.


def _duckdb(url: str) -> OpenSource:
    from careload.history.database.duckdb_file import open_duckdb

    return open_duckdb(url)


def _postgresql(url: str) -> OpenSource:
    from careload.history.database.postgresql import open_postgresql

    return open_postgresql(url)


def _spark(url: str) -> OpenSource:
    from careload.history.database.spark import open_spark

    return open_spark(url)
