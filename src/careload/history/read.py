"""Records from wherever they are, in one shape, with every row accounted for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Map
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path

import ibis.expr.types as ir

from careload.clinic import TABLES, Finding, UnreadableRecords
from careload.history.assemble import lacking
from careload.history.checks import Checked, check_rows
from careload.history.database import closed, is_database, open_database, query_errors
from careload.history.database.catalogue import Catalogue
from careload.history.doubts import doubts
from careload.history.engine import Engine, own_engine, stored
from careload.history.find import File, find_files
from careload.history.findings import finding
from careload.history.folder import FileTables
from careload.history.identity import load_key
from careload.history.mapping import load_mapping
from careload.history.recipe import Mapping, close_names
from careload.history.records import Records
from careload.history.shape import shape
from careload.history.source import OpenSource, Raw, Shaped
from careload.history.spelling import about_spelling
from careload.history.unused import unused_columns, unused_files

Source = str | os.PathLike[str]
MOST_NAMES = 50  # of a database with thousands of tables


def read(
    source: Source, mapping: Mapping | Source | None = None, *, key_file: Source | None = None
) -> Records:
    """Read a service's records.

    source    a file, a folder, or a database (``duckdb:///file.db``, ``postgresql://…``, ``pyspark://``).
              Files: CSV of any delimiter and encoding, Parquet, XLSX, FHIR R4 (NDJSON, JSON), zip and gz of
              these. Files of a folder are named after the tables: ``appointments.csv``, ``episodes.parquet``.
    mapping   a mapping file (TOML), needed where columns, words or files have other names
    key_file  secret under which ids are hashed where they leave; else the environment variable CARELOAD_KEY,
              else a fresh one

    Returns `Records`: each row in is accepted, set aside or a duplicate, and everything noticed is in
    `findings`. A database is only asked, and its rows stay there; nothing in any source is changed.

    Raises `UnreadableRecords` when nothing can be read or no appointment is acceptable, `SettingsError` for
    a mapping or key that does not hold, `SourceUnreachable` for a database that is not there, `CannotWrite`
    when there is no room for temporary files.
    """
    records = check(source, mapping, key_file=key_file)
    require_acceptable(records, hint=" `careload check` tells everything that was found.")
    return records


def check(
    source: Source, mapping: Mapping | Source | None = None, *, key_file: Source | None = None
) -> Records:
    """The same as `read`, but no error when appointments were read and not one of them is acceptable."""
    plan = load_mapping(mapping) if isinstance(mapping, str | os.PathLike) else mapping
    key, about_key = load_key(key_file)
    opened = open_source(source, plan)
    with query_errors(opened.label):
        shaped = shape(opened.raws, plan)
        if "appointments" not in shaped:
            raise _no_appointments(opened)
        shaped = {name: _named(table, opened) for name, table in shaped.items()}
        opened = _with_what_was_opened(opened)
        checked = [_checked(table, opened) for table in shaped.values()]
        tables = {table.name: _stored(table, opened) for table in checked}
        supplied = {table.name: table.supplied for table in checked}
        found = chain(
            [about_key] if about_key else [],
            opened.findings,
            _about_names(opened, plan, shaped),
            *(_about_table(table, shaped[table.name], plan) for table in checked),
            doubts({table.name: tables[table.name] for table in checked if table.counts.accepted}, supplied),
        )
        findings = tuple(found)
    return Records(
        source=opened.label,
        tables=tables,
        supplied=supplied,
        counts={table.name: table.counts for table in checked},
        findings=findings,
        backend=opened.backend,
        resources=opened.resources,
        can_store=opened.can_store,
        set_aside={table.name: table.set_aside for table in checked if table.set_aside is not None},
        key=key,
    )


def open_source(source: Source, mapping: Mapping | None) -> OpenSource:
    """The tables at `source`, each looked up when its name is asked for.

    mapping  files of a folder that it does not name are passed over; without one none is
    """
    if is_database(str(source)):
        return open_database(str(source))
    engine = own_engine()
    path = Path(source)
    files = find_files(path, engine.folder)
    if any(file.kind == "fhir" for file in files):
        from careload.history.fhir import open_fhir

        return open_fhir([part for file in files for part in file.parts], engine.backend)
    return _open_files(path.absolute().name, files, engine, mapping)


def _open_files(label: str, files: Sequence[File], engine: Engine, mapping: Mapping | None) -> OpenSource:
    """The files that may hold a table; none is opened before its name is looked up."""
    empty = [file for file in files if file.is_empty]
    if len(empty) == len(files):
        raise UnreadableRecords(
            f"{empty[0].origin if len(files) == 1 else label} is empty.",
            "a line of column names and at least one row", "Export it again.",
        )
    wanted = [file for file in files if file not in empty and _may_be_wanted(file, mapping)]
    names = [file.origin for file in files if file not in empty and file not in wanted]
    found = [finding("empty-file", file.name, origin=file.origin) for file in empty]
    found += unused_files(names) if mapping is None else ()
    others = [file.origin for file in files if file.kind != "other" and file not in empty + wanted]
    return OpenSource(label, engine.backend, FileTables(wanted, engine, others), tuple(found))


def _may_be_wanted(file: File, mapping: Mapping | None) -> bool:
    if file.kind == "other":
        return False
    named = mapping is None or not mapping.tables or mapping.names(file.name)
    return named or file.kind == "xlsx" or file.name in TABLES


def _named(shaped: Shaped, opened: OpenSource) -> Shaped:
    """The same under names of our own engine: every question is translated whole, and long ones slowly."""
    if not opened.can_store:
        return shaped
    view, written = opened.backend.create_view, shaped.written
    return replace(
        shaped,
        table=view(f"shaped_{shaped.name}", shaped.table, overwrite=True),
        written=written if written is None else view(f"written_{shaped.name}", written, overwrite=True),
    )


def _checked(shaped: Shaped, opened: OpenSource) -> Checked:
    lines = [opened.malformed.get(origin) for origin in shaped.origin.split(" + ")]
    broken = [table for table in lines if table is not None]
    return check_rows(shaped, malformed=broken, own_engine=opened.can_store)


def _with_what_was_opened(opened: OpenSource) -> OpenSource:
    """Files are opened while they are shaped: only then is known what was noticed in them."""
    raws = opened.raws
    if not isinstance(raws, FileTables):
        return opened
    return replace(opened, findings=(*opened.findings, *raws.findings), malformed=raws.malformed)


def _stored(checked: Checked, opened: OpenSource) -> ir.Table:
    """Accepted rows as a table of our own engine, unless they lie in a database or, in order, in Parquet.

    26 million rows of Parquet take a minute to copy and are no faster to ask afterwards.
    """
    raws = opened.raws
    if not opened.can_store:
        return closed(checked.accepted)
    if isinstance(raws, Catalogue) or (
        isinstance(raws, FileTables) and raws.stays(checked.origin) and not checked.counts.duplicates
    ):
        # Each question is translated whole, so long ones are slow to ask: a name makes them short.
        return opened.backend.create_view(checked.name, checked.accepted)
    return stored(opened.backend, checked.name, checked.accepted)


def _about_table(checked: Checked, shaped: Shaped, mapping: Mapping | None) -> Iterator[Finding]:
    yield from shaped.findings
    if not checked.counts.rows:
        yield finding("no-rows", shaped.name, origin=shaped.origin)
    yield from checked.findings
    yield from about_spelling(shaped, checked.unreadable, mapping)


def _about_names(opened: OpenSource, mapping: Mapping | None, shaped: Map[str, Shaped]) -> Iterator[Finding]:
    """Columns and tables that are not read; what a mapping names is as its author wants it."""
    raws = opened.raws
    if mapping is not None and mapping.tables:
        left = [name for name in TABLES if name in raws and name not in shaped and not mapping.names(name)]
        yield from (_lacking(raws[name], name) for name in left)
        return
    lone = [] if "appointments" in raws else list(raws.values())
    for raw in lone:
        yield finding("table-by-headers", "appointments", origin=raw.origin)
        yield from unused_columns(raw, "appointments")
    for name in TABLES:
        if name in raws:
            yield from unused_columns(raws[name], name) if name in shaped else [_lacking(raws[name], name)]
    if isinstance(raws, FileTables) and not lone:
        yield from unused_files([name for name in raws if name not in TABLES])


def _lacking(raw: Raw, name: str) -> Finding:
    missing = lacking(TABLES[name], raw.table.columns)
    return finding("lacks-columns", name, origin=raw.origin, which=", ".join(missing),
                   nearest=close_names(missing[0], [name for name in raw.table.columns if name != "_row"]))


def _no_appointments(opened: OpenSource) -> UnreadableRecords:
    names = list(islice(opened.raws, MOST_NAMES))
    near = close_names("appointments", names) if names else ""
    return UnreadableRecords(
        f"{opened.label} has no table of appointments.",
        "a file appointments.csv (or .parquet, .xlsx) with at least patient, starts_at and status",
        f"{near} Where files or columns have other names, draft a mapping with `careload map FILE` "
        "and give it with --mapping.".strip(),
    )


def require_acceptable(records: Records, *, hint: str = "") -> None:
    """Raise `UnreadableRecords` when no appointment is acceptable; `hint` ends what is said to do."""
    rows, accepted = records.counts["appointments"].rows, records.counts["appointments"].accepted
    if not rows:
        raise UnreadableRecords(
            f"{records.source}: the table of appointments has column names and no row.", "at least one row",
            "Export it again, and check the filter of the export.",
        )
    if not accepted:
        errors = [found for found in records.findings if found.severity == "error"]
        about = [found for found in errors if found.table == "appointments"]
        worst = max(about, key=lambda found: found.rows, default=None)
        said = f" {worst.found}" if worst else ""
        raise UnreadableRecords(
            f"{records.source}: none of {rows:,} appointments is acceptable.{said}",
            worst.expected if worst else "patient, starts_at and status in every row",
            f"{worst.remedy if worst else 'Correct the rows.'}{hint}",
        )
