"""Records from wherever they are, in one shape, with every row accounted for."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ibis.expr.types as ir

from careload.clinic import TABLES, Finding, UnreadableRecords, nearest
from careload.history.checks import Checked, check_rows
from careload.history.engine import Engine, engine_errors, own_engine
from careload.history.files import column_names, open_file
from careload.history.find import File, find_files
from careload.history.findings import finding
from careload.history.records import Records
from careload.history.source import OpenSource, Raw, Shaped

if TYPE_CHECKING:
    from careload.history.mapping import Mapping as Map

URL = re.compile(r"[a-z][a-z0-9+.]*://", re.IGNORECASE)


def read(source: str | os.PathLike[str], mapping: Map | str | os.PathLike[str] | None = None) -> Records:
    """Read a service's records.

    source   a file, a folder, or a database URL (``duckdb:///file.db``, ``postgresql://…``, ``pyspark://``).
             Files: CSV of any delimiter and encoding, Parquet, XLSX, FHIR R4 (NDJSON, JSON), zip and gz of these.
             Files of a folder are named after the tables: ``appointments.csv``, ``episodes.parquet`` …
    mapping  a mapping file (TOML), needed where columns, words or files have other names

    Returns `Records`; each row in is accepted, set aside or a duplicate, and all that was noticed is in
    `findings`. A database is only asked; nothing in any source is changed.

    Raises `UnreadableRecords` when nothing can be read or no appointment is acceptable (its `findings` say
    why), `SettingsError` for a mapping that does not hold, `SourceUnreachable` for a database that is not
    there, `CannotWrite` when there is no room for temporary files.
    """
    records = check(source, mapping)
    if not records.counts["appointments"].accepted:
        raise _nothing_acceptable(records)
    return records


def check(source: str | os.PathLike[str], mapping: Map | str | os.PathLike[str] | None = None) -> Records:
    """The same, for looking at the findings: no error when rows were read and not one is acceptable."""
    from careload.history.shape import shape

    plan = _load(mapping)
    opened = _open(source, plan)
    with engine_errors(opened.label):
        shaped = shape(opened.raws, plan)
        if "appointments" not in shaped:
            raise _no_appointments(opened)
        checked = [_checked(table, opened) for table in shaped.values()]
        tables = {table.name: _stored(table, opened) for table in checked}
    return Records(
        opened.label,
        tables,
        {table.name: table.supplied for table in checked},
        {table.name: table.counts for table in checked},
        (*opened.findings, *(found for table in checked for found in table.findings)),
        opened.backend,
        opened.resources,
        opened.can_store,
        {table.name: table.set_aside for table in checked if table.set_aside is not None},
    )


def _load(mapping: Map | str | os.PathLike[str] | None) -> Map | None:
    if not isinstance(mapping, str | os.PathLike):
        return mapping
    from careload.history.mapping import load_mapping

    return load_mapping(mapping)


def _open(source: str | os.PathLike[str], mapping: Map | None) -> OpenSource:
    if URL.match(str(source)):
        from careload.history.database import open_database

        return open_database(str(source))
    engine = own_engine()
    path = Path(source)
    files = find_files(path, engine.folder)
    if any(file.kind == "fhir" for file in files):
        from careload.history.fhir import open_fhir

        return open_fhir([file.parts[0] for file in files if file.kind == "fhir"], engine.backend)
    return _open_files(path.name, files, engine, mapping)


def _open_files(label: str, files: Iterable[File], engine: Engine, mapping: Map | None) -> OpenSource:
    tables = [file for file in files if file.kind != "other"]
    used = tables if mapping else _canonical(tables, engine)
    raws: dict[str, Raw] = {}
    found: list[Finding] = []
    malformed: dict[str, ir.Table] = {}
    for file in used:
        opened = open_file(file, engine)
        raws |= {raw.name: raw for raw in opened.raws}
        found += opened.findings
        malformed |= opened.malformed
    return OpenSource(label, engine.backend, raws, tuple(found), malformed=malformed)


def _canonical(files: Iterable[File], engine: Engine) -> list[File]:
    """The files whose name, or the name of whose sheets, may be that of a canonical table."""
    return [file for file in files if file.name in TABLES or file.kind == "xlsx"]


def _checked(shaped: Shaped, opened: OpenSource) -> Checked:
    return check_rows(shaped, malformed=opened.malformed.get(shaped.origin), own_engine=opened.can_store)


def _stored(checked: Checked, opened: OpenSource) -> ir.Table:
    """Accepted rows as a table of our own engine; on somebody's database they stay a question."""
    if not opened.can_store:
        return checked.accepted
    return opened.backend.create_table(checked.name, checked.accepted)


def _no_appointments(opened: OpenSource) -> UnreadableRecords:
    names = sorted(opened.raws)
    return UnreadableRecords(
        f"{opened.label} holds no table of appointments{' but ' + ', '.join(names) if names else ''}.",
        "a file appointments.csv (or .parquet, .xlsx) with at least patient, starts_at and status",
        f"{_near_table(names)}Where files or columns have other names, draft a mapping with "
        "`careload map FILE` and give it with --mapping.",
    )


def _near_table(names: Iterable[str]) -> str:
    return ""


def _nothing_acceptable(records: Records) -> UnreadableRecords:
    counts = records.counts["appointments"]
    error = UnreadableRecords(
        f"{records.source}: none of {counts.rows:,} appointments is acceptable.",
        "patient, starts_at and status in at least one row",
        "`careload check` shows what is wrong with them; often a mapping is needed.",
    )
    error.findings = records.findings  # type: ignore[attr-defined]
    return error
