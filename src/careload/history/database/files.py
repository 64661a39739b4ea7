"""Databases that are files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

DUCKDB = "duckdb://"


def file_of(source: str) -> Path:
    """The file that `source` names, itself or by a ``duckdb://`` URL; else `source` as a path.

    Three slashes are read from the working directory, then from the root.
    """
    if not source.startswith(DUCKDB):
        return Path(source)
    written = unquote(source.removeprefix(DUCKDB).partition("?")[0])
    here = Path(written.removeprefix("/"))
    return here if here.is_file() else Path(written)
