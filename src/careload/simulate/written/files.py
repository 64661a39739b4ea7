"""Records as files: one CSV a table, each written whole, never over somebody's own."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from careload.clinic import TABLES, UsageError, made_folder, whole_file, write_whole
from careload.simulate.written.columns import cells_of
from careload.simulate.written.truth import Truth

TRUTH = "_truth.json"
"""What was counted; the underscore tells readers that it is not records. It marks the folder as ours."""

ROWS_AT_ONCE = 20_000


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """The folder, if records may be written into it: new, empty, or with records written here before.

    Raises UsageError when it holds records of somebody's own, CannotWrite when it can be no folder.
    """
    target = Path(folder)
    theirs = [name for name in TABLES if (target / f"{name}.csv").exists()]
    if theirs and not (target / TRUTH).exists():
        raise UsageError(
            f"{target.name} holds {theirs[0]}.csv, which is not of an example.",
            "a new or empty folder, or one with an earlier example",
            "Name another folder; nothing has been written.",
        )
    return made_folder(target)


def write_folder(folder: Path, tables: Mapping[str, pa.Table], truth: Truth) -> None:
    """What was counted, then one CSV a table: canonical columns, ISO stamps, empty cells for null."""
    for name in set(TABLES) - set(tables):  # of an earlier example that had more
        (folder / f"{name}.csv").unlink(missing_ok=True)
    # First, so that a folder half filled by an interrupted run can be written again.
    write_whole(folder / TRUTH, (json.dumps(asdict(truth), indent=1) + "\n").encode())
    for name, table in tables.items():
        _write_table(folder / f"{name}.csv", table)


def _write_table(path: Path, table: pa.Table) -> None:
    with whole_file(path) as file:
        file.write(_lines([table.column_names]))
        for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE):
            columns = [cells_of(column) for column in batch.columns]
            file.write(_lines(zip(*columns, strict=True)))


def _lines(rows: object) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)  # type: ignore[arg-type]
    return text.getvalue().encode()
