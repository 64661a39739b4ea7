"""Files to tables of our own engine: delimited text, Parquet, workbooks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq

from careload.clinic import Finding, UnreadableRecords
from careload.history.engine import Engine, engine_errors
from careload.history.find import File
from careload.history.findings import finding
from careload.history.source import Raw
from careload.history.sql import literal
from careload.history.text import USUAL_DELIMITERS, Header, encoding_of, header_of, is_text, to_utf8
from careload.history.tolerant import Line, rows_of
from careload.history.workbook import sheets_of

BATCH_ROWS = 50_000
MALFORMED = pa.schema([("_row", pa.int64()), ("code", pa.string())])


@dataclass(frozen=True)
class Opened:
    """The tables of one file.

    raws       one for a text or Parquet file, one per sheet of a workbook
    findings   what was noticed on the way
    malformed  origin to the rows (_row, code) that could not be cut into cells
    """

    raws: tuple[Raw, ...]
    findings: tuple[Finding, ...] = ()
    malformed: Mapping[str, ir.Table] = field(default_factory=dict)


def open_file(file: File, engine: Engine) -> Opened:
    """Make the tables of `file` visible in `engine`: text and workbooks are loaded, Parquet stays in place.

    Raises `UnreadableRecords` when the file is damaged, half written, empty, or no table.
    """
    openers = {"csv": _open_text, "parquet": _open_parquet, "xlsx": _open_workbook}
    with engine_errors(file.origin):
        return openers[file.kind](file, engine)


# Delimited text: by DuckDB when it is well-formed, else line by line.


def _open_text(file: File, engine: Engine) -> Opened:
    path, encoding = _plain_utf8(file, engine)
    if not is_text(path):
        raise UnreadableRecords(
            f"{file.origin} is not text: it holds control characters.",
            "CSV, Parquet, XLSX or FHIR", "Name the file of the export, or export it again as CSV.",
        )
    header = header_of(path)
    if header is None:
        raise UnreadableRecords(
            f"{file.origin} is empty.", "a line of column names and at least one row",
            "Export it again, or leave it out of the folder.",
        )
    if header.is_data:
        raise UnreadableRecords(
            f"{file.origin} seems to have no line of column names: its first line holds numbers or dates.",
            "column names in the first line",
            "Export it again with a header, or write one into the first line.",
        )
    table = _free_name(engine, "text")
    malformed = None
    try:
        _load_well_formed(path, header, table, engine)
        number = ", rowid + 1 AS _row"
    except duckdb.InvalidInputException:  # its text quotes the line: it goes no further
        malformed = _load_tolerantly(path, header, table, engine)
        number = ""
    view = _free_name(engine, "raw")
    engine.backend.raw_sql(f"CREATE VIEW {view} AS SELECT *{number} FROM {table}")
    raw = Raw(file.name, engine.backend.table(view), file.origin)
    return Opened((raw,), tuple(_about_text(file, header, encoding)),
                  {} if malformed is None else {file.origin: malformed})


def _plain_utf8(file: File, engine: Engine) -> tuple[Path, str]:
    """A UTF-8 file under a name without characters that DuckDB takes for a pattern, and its encoding."""
    source = file.parts[0]
    encoding = encoding_of(source)
    copy = engine.folder / f"{abs(hash(source))}.utf8"
    if copy.exists():
        return copy, encoding
    path = to_utf8(source, encoding, copy)
    if path == source and re.search(r"[*?\[\]{}']", str(source)):
        copy.symlink_to(source.absolute())
        path = copy
    return path, encoding


def _about_text(file: File, header: Header, encoding: str) -> Iterator[Finding]:
    if encoding == "cp1252":
        yield finding("guessed-encoding", file.name, origin=file.origin)
    if header.delimiter not in USUAL_DELIMITERS:
        yield finding("unusual-delimiter", file.name, origin=file.origin, delimiter=repr(header.delimiter))
    if header.repeated:
        yield finding("repeated-column", file.name, origin=file.origin, columns=header.repeated)


def _load_well_formed(path: Path, header: Header, table: str, engine: Engine) -> None:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header.columns)
    engine.backend.raw_sql(
        f"CREATE TABLE {table} AS SELECT * FROM read_csv({literal(str(path))}, auto_detect = false, "
        f"header = true, delim = {literal(header.delimiter)}, quote = '\"', escape = '\"', "
        f"columns = {{{columns}}}, compression = 'none')"
    )


def _load_tolerantly(path: Path, header: Header, table: str, engine: Engine) -> ir.Table:
    """Load the rows that can be cut into cells; give (row, code) of those that cannot."""
    schema = pa.schema([*((name, pa.string()) for name in header.columns), ("_row", pa.int64())])
    faults = _free_name(engine, "malformed")
    engine.backend.create_table(table, schema=_ibis_schema(schema))
    engine.backend.create_table(faults, schema=_ibis_schema(MALFORMED))
    for batch in _batches(rows_of(path, header.delimiter, len(header.columns))):
        whole = [line for line in batch if line.cells is not None]
        good = [[*(cell or None for cell in line.cells or ()), line.row] for line in whole]
        bad = [(line.row, line.fault) for line in batch if line.cells is None]
        _append(engine, table, schema, good)
        _append(engine, faults, MALFORMED, bad)
    return engine.backend.table(faults)


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while batch := list(islice(lines, BATCH_ROWS)):
        yield batch


def _append(engine: Engine, table: str, schema: pa.Schema, rows: Iterable[Iterable[Any]]) -> None:
    columns = list(zip(*rows, strict=True))
    if columns:
        arrays = [pa.array(column, type=kind) for column, kind in zip(columns, schema.types, strict=True)]
        engine.backend.con.register("_batch", pa.table(arrays, schema=schema))
        engine.backend.raw_sql(f"INSERT INTO {table} SELECT * FROM _batch")
        engine.backend.con.unregister("_batch")


def _ibis_schema(schema: pa.Schema) -> Any:
    import ibis

    return ibis.schema({name: "int64" if kind == pa.int64() else "string"
                        for name, kind in zip(schema.names, schema.types, strict=True)})


# Parquet: a view over the file, so that 26 million rows are not copied.


def _open_parquet(file: File, engine: Engine) -> Opened:
    view = _free_name(engine, "raw")
    parts, before = [], 0
    for part in file.parts:
        number = f"file_row_number + {before + 1} AS _row"
        parts.append(f"SELECT * EXCLUDE (file_row_number), {number} FROM {_parquet(part)}")
        before += pq.read_metadata(part).num_rows if len(file.parts) > 1 else 0
    engine.backend.raw_sql(f"CREATE VIEW {view} AS {' UNION ALL BY NAME '.join(parts)}")
    return Opened((Raw(file.name, engine.backend.table(view), file.origin, fixed=True),))


def _parquet(path: Path) -> str:
    # Square brackets keep DuckDB from taking the characters of a name for a pattern.
    name = re.sub(r"[*?\[]", r"[\g<0>]", str(path))
    return f"read_parquet({literal(name)}, file_row_number = true)"


# Workbooks


def _open_workbook(file: File, engine: Engine) -> Opened:
    raws, found = [], []
    sheets = list(sheets_of(file.parts[0], file.origin))
    for sheet in sheets:
        table = _free_name(engine, "sheet")
        engine.backend.create_table(table, sheet.table)
        alone = len(sheets) == 1
        origin = file.origin if alone else f"{file.origin} [{sheet.title}]"
        name = file.name if alone else sheet.title.strip().lower()
        raws.append(Raw(name, engine.backend.table(table), origin))
        if sheet.repeated:
            found.append(finding("repeated-column", name, origin=origin, columns=sheet.repeated))
    return Opened(tuple(raws), tuple(found))


def _free_name(engine: Engine, stem: str) -> str:
    taken = set(engine.backend.list_tables())
    return next(name for number in range(len(taken) + 1) if (name := f"{stem}_{number}") not in taken)
