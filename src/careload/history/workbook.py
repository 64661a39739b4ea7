"""Workbooks: each sheet a table, with Excel's own types where a column keeps to one."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from careload.clinic import UnreadableRecords
from careload.history.text import unique_names


class Sheet(NamedTuple):
    """One sheet: its title, its rows with `_row`, and how many column names stood there twice."""

    title: str
    table: pa.Table
    repeated: int


def sheets_of(path: Path, origin: str) -> Iterator[Sheet]:
    """The sheets of a workbook that hold anything; the first line that is not empty names the columns.

    Raises `UnreadableRecords` when the workbook is damaged.
    """
    import openpyxl

    try:
        with warnings.catch_warnings(action="ignore"):  # a warning may quote a cell, and names a path
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            contents = {sheet.title: _rows(sheet) for sheet in book.worksheets}
            book.close()
    except Exception:  # openpyxl raises a dozen kinds for a damaged workbook, and may quote a cell
        raise UnreadableRecords(
            f"{origin} cannot be opened as a workbook: it is damaged, locked or was only half written.",
            "an .xlsx file without a password", "Open it in a spreadsheet program and save it again.",
        ) from None
    for title, rows in contents.items():
        if rows:
            names, repeated = unique_names([_text(cell) or "" for cell in rows[0]])
            yield Sheet(title, _table(names, rows[1:]), repeated)


def _rows(sheet: Any) -> list[tuple[Any, ...]]:
    rows = [row for row in sheet.iter_rows(values_only=True) if any(cell is not None for cell in row)]
    named = [place for row in rows[:1] for place, cell in enumerate(row, 1) if cell is not None]
    width = max(named, default=0)
    return [(*row[:width], *(None,) * (width - len(row))) for row in rows]


def _table(names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [_column(column) for column in columns]
    number = pa.array(range(1, len(rows) + 1), type=pa.int64())
    return pa.table([*arrays, number], names=[*names, "_row"])


def _column(cells: Sequence[Any]) -> pa.Array:
    """Times, whole numbers, numbers or truth values when every cell is one; text otherwise."""
    kinds = {type(cell) for cell in cells if cell is not None}
    if kinds and kinds <= {dt.datetime, dt.date}:
        return pa.array([_midnight(cell) for cell in cells], type=pa.timestamp("us"))
    if kinds == {bool}:
        return pa.array(cells, type=pa.bool_())
    if kinds and kinds <= {int, float} and all(abs(cell) < 2**53 for cell in cells if cell is not None):
        # Excel keeps ids such as 10045 as 10045.0
        whole = all(cell == int(cell) for cell in cells if cell is not None)
        return pa.array([None if cell is None else int(cell) if whole else float(cell) for cell in cells],
                        type=pa.int64() if whole else pa.float64())
    return pa.array([_text(cell) for cell in cells], type=pa.string())


def _midnight(cell: dt.date | None) -> dt.datetime | None:
    return cell if cell is None or isinstance(cell, dt.datetime) else dt.datetime.combine(cell, dt.time())


def _text(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell)) if abs(cell) < 2**53 else re.sub(r"\.0(?=e|$)", "", repr(cell))
    if isinstance(cell, dt.datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
