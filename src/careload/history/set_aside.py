"""Where each row stands that was set aside, and why; never what is in it."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

from careload.clinic import whole_file
from careload.history.checks import SET_ASIDE
from careload.history.database import query_errors
from careload.history.records import Records

BATCH_ROWS = 50_000


def write_set_aside(records: Records, path: str | os.PathLike[str]) -> Path:
    """Write a CSV file with table, origin, row, code, column of each row that was set aside.

    row is the 1-based number of the data row in its file, empty where the source has no order; code is
    explained in docs/findings.md. Nothing of the row itself is written.

    Returns the path. Raises `CannotWrite` when there is no room or right; nothing half-written is left.
    """
    with whole_file(path) as file, query_errors(records.source):
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        lines = csv.writer(text, lineterminator="\n")
        lines.writerow(SET_ASIDE)
        for name in sorted(records.set_aside):
            rows = records.set_aside[name].order_by("row", "code")
            for batch in rows.to_pyarrow_batches(chunk_size=BATCH_ROWS):
                lines.writerows(row.values() for row in batch.to_pylist())
        text.flush()
        text.detach()
    return Path(path)
