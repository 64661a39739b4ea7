"""Delimited text that is not well-formed: every line is kept or set aside with its number, none is lost."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

QUOTE = '"'
LONGEST_RECORD = 100  # lines; a quote that is still open after so many was never meant to be closed
LONGEST_FIELD = 1 << 24  # characters

csv.field_size_limit(LONGEST_FIELD)


class Line(NamedTuple):
    """One data row: its 1-based number and its cells, or why it cannot be cut into cells."""

    row: int
    cells: list[str] | None
    fault: str = ""


def rows_of(path: Path, delimiter: str, width: int) -> Iterator[Line]:
    """The data rows of a UTF-8 file whose header has `width` names.

    A row with another number of fields, or with a quote that is never closed, has cells None and a fault:
    ``too-few-fields``, ``too-many-fields`` or ``open-quote``. Empty lines are no rows.
    """
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        records = (record for record in _records(file, delimiter) if not _is_empty(record))
        next(records, None)  # the header
        for row, cells in enumerate(records, start=1):
            yield _line(row, cells, width)


def _is_empty(record: list[str] | None) -> bool:
    return record is not None and (not record or (len(record) == 1 and not record[0].strip()))


def _line(row: int, cells: list[str] | None, width: int) -> Line:
    if cells is None:
        return Line(row, None, "open-quote")
    if len(cells) == width + 1 and not cells[-1].strip():
        return Line(row, cells[:-1])  # a delimiter at the end of the line
    if len(cells) == width:
        return Line(row, cells)
    return Line(row, None, "too-few-fields" if len(cells) < width else "too-many-fields")


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | None]:
    """Cells of each record, lines inside quotes joined; None for a line whose quote is never closed."""
    ahead: deque[str] = deque()
    while (first := ahead.popleft() if ahead else next(lines, None)) is not None:
        if first.count(QUOTE) % 2 == 0:
            yield _cells([first], delimiter, strict=False)
            continue
        while len(ahead) < LONGEST_RECORD and (line := next(lines, None)) is not None:
            ahead.append(line)
        last = next((place for place, line in enumerate(ahead) if line.count(QUOTE) % 2), None)
        whole = None if last is None else _cells([first, *islice(ahead, last + 1)], delimiter, strict=True)
        if whole is not None and last is not None:
            for _ in range(last + 1):
                ahead.popleft()
        yield whole


def _cells(lines: list[str], delimiter: str, *, strict: bool) -> list[str] | None:
    try:
        return next(csv.reader(lines, delimiter=delimiter, strict=strict), [])
    except csv.Error:
        return None
